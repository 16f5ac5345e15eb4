"""The frame of everything before the app: the house, one purpose per page, the language, nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import flet as ft

from frontend.i18n import LANGUAGES, current_language, tr
from frontend.kit import GAP, Tile, body, caption, choose_sheet, headline, use_session, use_viewport
from frontend.kit.buttons import icon_action
from frontend.kit.texts import title

SEED_LIGHT, SEED_DARK = "#7B89F0", "#4453C4"
"""The two ends of the house mark's surface; its middle is the app's seed."""
FORM_WIDTH = 440


def house_mark(size: float = 72) -> ft.Control:
    """Draw the house that stands for Homie, as on the icon of the app."""
    return ft.Semantics(
        label="Homie",
        image=True,
        exclude_semantics=True,
        container=True,
        content=ft.Container(
            ft.Icon(ft.Icons.HOME_ROUNDED, size=size * 0.66, color=ft.Colors.WHITE),
            width=size,
            height=size,
            border_radius=size / 4,
            alignment=ft.Alignment.CENTER,
            gradient=ft.LinearGradient(
                colors=[SEED_LIGHT, SEED_DARK], begin=ft.Alignment.TOP_LEFT, end=ft.Alignment.BOTTOM_RIGHT
            ),
        ),
    )


@ft.component
def EntranceFrame(
    name: str,
    *content: ft.Control,
    explanation: str = "",
    back: Callable[..., Any] | None = None,
    step: tuple[int, int] | None = None,
    footer: Sequence[ft.Control] = (),
) -> ft.Control:
    """Frame one page: `name` over `explanation` over `content`; `footer` are its buttons, the main one first.

    `step` is (which, of how many) in a flow; without it the house mark stands above.
    """
    viewport = use_viewport()
    ft.context.page.title = f"{name} · Homie"
    shown: list[ft.Control] = []
    if step is None:
        shown.append(ft.Row([house_mark()], alignment=ft.MainAxisAlignment.CENTER))
    else:
        shown.append(_progress(*step))
    centred = ft.TextAlign.CENTER if step is None else ft.TextAlign.START
    head: list[ft.Control] = [headline(name, text_align=centred)]
    if explanation:
        head.append(body(explanation, muted=True, text_align=centred))
    across = ft.CrossAxisAlignment.STRETCH
    shown.append(ft.Column(head, spacing=GAP / 2, tight=True, horizontal_alignment=across))
    shown.append(ft.Column(list(content), spacing=GAP, tight=True, horizontal_alignment=across))
    if footer:
        shown.append(ft.Column(list(footer), spacing=GAP / 2, tight=True, horizontal_alignment=across))
    form = ft.Container(
        ft.Column(shown, spacing=GAP * 1.5, tight=True, horizontal_alignment=across),
        width=FORM_WIDTH if viewport.width > FORM_WIDTH + 4 * GAP else None,
        padding=ft.Padding.symmetric(horizontal=GAP * 1.25, vertical=GAP),
    )
    middle = _middle(form, top=step is not None and viewport.is_phone)
    page = ft.Column([_bar(back), middle], spacing=0, expand=True, horizontal_alignment=across)
    if not viewport.is_wide:
        return ft.SafeArea(page, expand=True)
    return ft.Row([_promise(), ft.Container(page, expand=7)], spacing=0, expand=True, vertical_alignment=across)


def _middle(form: ft.Control, *, top: bool) -> ft.Control:
    """Put the form into the middle, or to the top: on a phone the keyboard covers the lower half."""
    return ft.Container(
        ft.Column(
            [form],
            scroll=ft.ScrollMode.AUTO,
            alignment=ft.MainAxisAlignment.START if top else ft.MainAxisAlignment.CENTER,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        alignment=ft.Alignment.TOP_CENTER if top else ft.Alignment.CENTER,
        expand=True,
    )


def _bar(back: Callable[..., Any] | None) -> ft.Control:
    left: ft.Control = ft.Container(height=48)
    if back is not None:
        left = icon_action(ft.Icons.ARROW_BACK, tr("Back"), back)
    return ft.Container(
        ft.Row([left, ft.Container(expand=True), LanguageButton()]), padding=ft.Padding.symmetric(horizontal=8)
    )


def _progress(at: int, of: int) -> ft.Control:
    share = at / of
    return ft.Column(
        [
            caption(tr("Step {n} of {of}", n=at, of=of)),
            ft.ProgressBar(
                value=share,
                bar_height=6,
                border_radius=6,
                semantics_label=tr("Step {n} of {of}", n=at, of=of),
                bgcolor=ft.Colors.SURFACE_CONTAINER_HIGHEST,
            ),
        ],
        spacing=8,
        tight=True,
    )


def _promise() -> ft.Control:
    """Fill the left side of a wide window with what Homie is."""
    white = ft.Colors.WHITE
    lines = [
        (ft.Icons.LOCK_OUTLINE, tr("Everything stays in your house.")),
        (ft.Icons.FOLDER_COPY_OUTLINED, tr("Files, documents, money and media in one place.")),
        (ft.Icons.UNDO, tr("Nothing is moved without being asked, and every step can be undone.")),
    ]
    rows: list[ft.Control] = [
        ft.Row(
            [
                ft.Icon(icon, color=white, size=22),
                ft.Text(text, color=white, theme_style=ft.TextThemeStyle.BODY_LARGE, expand=True),
            ],
            spacing=GAP,
        )
        for icon, text in lines
    ]
    return ft.Container(
        ft.Column(
            [
                ft.Icon(ft.Icons.HOME_ROUNDED, size=72, color=white),
                ft.Text("Homie", color=white, theme_style=ft.TextThemeStyle.DISPLAY_SMALL),
                ft.Container(height=GAP / 2),
                *rows,
            ],
            spacing=GAP,
            alignment=ft.MainAxisAlignment.CENTER,
        ),
        expand=5,
        padding=GAP * 3,
        gradient=ft.LinearGradient(
            colors=["#3A47A8", "#20264F"], begin=ft.Alignment.TOP_LEFT, end=ft.Alignment.BOTTOM_RIGHT
        ),
    )


@ft.component
def LanguageButton() -> ft.Control:
    """Let the language be chosen before anybody is known."""
    session = use_session()

    async def choose() -> None:
        now = current_language()
        tiles = [(code, Tile(own, selected=code == now)) for code, own in LANGUAGES.items()]
        if (chosen := await choose_sheet(tr("Language"), tiles)) is not None:
            await session.preferences.speak(chosen)

    return ft.TextButton(
        content=ft.Row(
            [ft.Icon(ft.Icons.TRANSLATE, size=18), title(LANGUAGES[current_language()])], spacing=8, tight=True
        ),
        tooltip=tr("Language"),
        on_click=choose,
        height=48,
    )
