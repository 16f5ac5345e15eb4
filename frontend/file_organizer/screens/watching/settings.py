"""How one folder is watched: suggest or file by itself, how sure, how long files are left alone, how many a day."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import WatchedOut
from frontend.file_organizer.screens.watching.watched import ROUTE
from frontend.file_organizer.watched_provider import WatchedProvider
from frontend.file_organizer.watched_words import LIMITS, SETTLE, mode_words, settle_words, sure_words
from frontend.i18n import count, percent, tr
from frontend.kit import (
    GAP,
    Screen,
    body,
    caption,
    card,
    choice,
    confirm,
    danger_button,
    empty_state,
    heading,
    navigate,
    notice,
    scroll_body,
    section,
    slider,
    state_of,
    toggle,
    tonal_button,
    use_action,
    use_mount,
    use_provider,
    use_session,
)

LOWEST, HIGHEST, STEPS = 0.7, 0.98, 14


@ft.component
def WatchedSettings() -> ft.Control:
    """Show the choices of the folder that the address names; each is kept as soon as it is changed."""
    watched = use_provider(use_session().of(WatchedProvider))
    watched_id = ft.use_route_params().get("watched_id", "")
    use_mount(watched.load, [watched_id])
    folder = watched.one(watched_id)

    def content() -> ft.Control:
        assert folder is not None
        return scroll_body(
            card(heading(folder["name"]), caption(folder["path"])),
            section(tr("New files"), Mode(folder)),
            section(tr("Caution"), Caution(folder)),
            ft.Row([Remove(folder)]),
            spacing=GAP * 1.5,
        )

    return Screen(
        tr("Watched folder"),
        state_of(
            watched,
            content,
            is_empty=folder is None,
            empty=lambda: empty_state(
                ft.Icons.VISIBILITY_OFF_OUTLINED,
                tr("This folder is not watched any more"),
                tr("What was filed stays where it is."),
                tonal_button(tr("All watched folders"), lambda: navigate(ROUTE)),
            ),
        ),
        back=ROUTE,
    )


@ft.component
def Mode(folder: WatchedOut) -> ft.Control:
    """Choose between suggestions and filing by itself, and from which certainty."""
    watched = use_session().of(WatchedProvider)
    keep = use_action(lambda changes: watched.change(folder["id"], **changes))

    async def by_itself(on: bool) -> None:
        await keep(None, {"mode": "file" if on else "suggest"})

    async def sure(value: float) -> None:
        await keep(None, {"threshold": round(value, 2)})

    parts: list[ft.Control] = [
        toggle(
            tr("File by itself"),
            folder["mode"] == "file",
            by_itself,
            about=tr("Only what Homie learned from you and is sure of. Everything can be undone."),
        )
    ]
    if folder["mode"] == "file":
        shown = folder["threshold"]
        parts.append(
            ft.Container(
                ft.Column(
                    [
                        slider(
                            tr("How sure Homie must be"),
                            min(HIGHEST, max(LOWEST, shown)),
                            LOWEST,
                            HIGHEST,
                            STEPS,
                            sure,
                            shown=percent(shown),
                        ),
                        body(sure_words(shown), muted=True),
                    ],
                    spacing=4,
                    tight=True,
                    horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                ),
                padding=ft.Padding.only(left=GAP, right=GAP, bottom=GAP),
            )
        )
    else:
        parts.append(ft.Container(notice(mode_words(folder), "neutral", ft.Icons.LIGHTBULB_OUTLINE), padding=8))
    return card(*parts, padding=4)


@ft.component
def Caution(folder: WatchedOut) -> ft.Control:
    """Choose how long files are left alone, how many a day are filed by itself; pause."""
    watched = use_session().of(WatchedProvider)
    keep = use_action(lambda changes: watched.change(folder["id"], **changes))

    async def settle(value: str) -> None:
        await keep(None, {"settle_seconds": int(value)})

    async def limit(value: str) -> None:
        await keep(None, {"daily_limit": int(value)})

    async def paused(on: bool) -> None:
        await keep(None, {"paused": on})

    seconds = sorted({*SETTLE, folder["settle_seconds"]})
    limits = sorted({*LIMITS, folder["daily_limit"]})
    choices: list[ft.Control] = [
        choice(
            tr("Leave a new file alone for"),
            str(folder["settle_seconds"]),
            [(str(one), settle_words(one)) for one in seconds],
            settle,
            expand=True,
        )
    ]
    if folder["mode"] == "file":
        choices.append(
            choice(
                tr("File at most, in one day"),
                str(folder["daily_limit"]),
                [(str(one), tr("{n} files", n=count(one))) for one in limits],
                limit,
                expand=True,
            )
        )
    return card(
        ft.Container(
            ft.Column(choices, spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
            padding=ft.Padding.only(left=GAP, right=GAP, top=GAP),
        ),
        toggle(
            tr("Paused"),
            folder["paused"],
            paused,
            about=tr("Homie leaves the folder alone. Afterwards it looks at everything that came meanwhile."),
        ),
        padding=4,
    )


@ft.component
def Remove(folder: WatchedOut) -> ft.Control:
    """Stop watching, after asking."""
    watched = use_session().of(WatchedProvider)

    async def ask() -> None:
        sure = await confirm(
            tr("Watch this folder no more?"),
            tr("What was filed stays where it is, and suggestions that wait stay too."),
            tr("Watch no more"),
            danger=True,
        )
        if sure:
            await watched.remove(folder["id"])
            navigate(ROUTE)

    return danger_button(tr("Watch no more"), use_action(ask))
