"""The first second: the house, and if the hub is away the word that it is being tried again."""

from __future__ import annotations

import asyncio

import flet as ft

from frontend.i18n import tr
from frontend.kit import GAP, body, headline, tonal_button, use_action, use_provider, use_session
from frontend.screens.entrance.frame import house_mark

RETRY_SECONDS = 3.0


@ft.component
def StartingUp() -> ft.Control:
    """Show the house while the app finds out where the person is; a hub that is away is asked again and again."""
    session = use_session()
    auth = use_provider(session.auth)
    away = auth.stage == "unreachable"
    try_now = use_action(auth.start, quiet=True)

    shown = ft.use_ref(False)

    async def keep_trying() -> None:
        shown.current = away
        while shown.current and auth.stage == "unreachable":
            await asyncio.sleep(RETRY_SECONDS)
            if shown.current:
                await auth.start()

    def stop() -> None:
        # Not by cancelling: the try that succeeds is what ends this component.
        shown.current = False

    ft.use_effect(keep_trying, [away], cleanup=stop)
    return ft.Container(
        ft.Column(
            [house_mark(96), *(_away(try_now) if away else _starting())],
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            alignment=ft.MainAxisAlignment.CENTER,
            spacing=GAP * 1.5,
            tight=True,
        ),
        alignment=ft.Alignment.CENTER,
        padding=GAP * 2,
        expand=True,
    )


def _starting() -> list[ft.Control]:
    return [
        ft.Container(
            ft.ProgressBar(bar_height=4, border_radius=4, semantics_label=tr("Homie is starting")),
            width=160,
        )
    ]


def _away(try_now: object) -> list[ft.Control]:
    words: list[ft.Control] = [
        ft.Column(
            [
                ft.Semantics(
                    live_region=True,
                    content=headline(tr("Homie does not answer"), text_align=ft.TextAlign.CENTER),
                ),
                body(
                    tr("Is your home server on, and are you in its network? Homie keeps trying by itself."),
                    muted=True,
                    text_align=ft.TextAlign.CENTER,
                ),
            ],
            spacing=GAP / 2,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        ft.ProgressRing(width=28, height=28, stroke_width=3, semantics_label=tr("Trying again")),
        tonal_button(tr("Try now"), try_now, icon=ft.Icons.REFRESH),
    ]
    return words
