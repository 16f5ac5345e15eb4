"""Watched folders: what Homie looks after by itself, how each is seen, what waits, and when people are told."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import WatchedListOut, WatchedOut
from frontend.file_organizer.screens.parts.folder_chooser import FolderChooser
from frontend.file_organizer.watched_provider import WatchedProvider
from frontend.file_organizer.watched_words import HOURS, hour_words, mode_words, now_words, state_about, state_words
from frontend.i18n import count, tr
from frontend.kit import (
    GAP,
    Screen,
    body,
    caption,
    card,
    chip,
    choice,
    empty_state,
    heading,
    icon_action,
    keyed,
    navigate,
    notice,
    primary_button,
    quiet_button,
    scroll_body,
    section,
    state_of,
    use_action,
    use_mount,
    use_provider,
    use_session,
)

ROUTE = "/file_organizer/watched"
_NEVER = "never"


@ft.component
def Watched() -> ft.Control:
    """Show the watched folders; what happens in them is seen at once."""
    watched = use_provider(use_session().of(WatchedProvider))
    use_mount(watched.load)

    def content() -> ft.Control:
        assert watched.list is not None
        known = watched.list["indexed_files"]
        more: list[ft.Control] = []
        if known:
            more = [
                caption(tr("Homie knows {n} files of your folders by name. The search finds them.", n=count(known)))
            ]
        return scroll_body(
            *(keyed(WatchedCard, one["id"], one) for one in watched.folders),
            ft.Row([primary_button(tr("Watch a folder"), _new, icon=ft.Icons.ADD)]),
            section(tr("Once a day"), Digest(watched.list)),
            *more,
            spacing=GAP,
        )

    return Screen(
        tr("Watched folders"),
        state_of(
            watched,
            content,
            is_empty=not watched.folders,
            empty=lambda: empty_state(
                ft.Icons.VISIBILITY_OUTLINED,
                tr("No folder is watched yet"),
                tr(
                    "Choose a folder in which new files arrive. Homie suggests a place for each as soon as it is there."
                ),
                primary_button(tr("Watch a folder"), _new),
            ),
        ),
        back="/file_organizer",
    )


def _new() -> None:
    navigate(f"{ROUTE}/new")


@ft.component
def WatchedCard(folder: WatchedOut) -> ft.Control:
    """Show one watched folder."""
    watched = use_session().of(WatchedProvider)
    look = use_action(lambda: watched.look(folder["id"]), done=tr("Homie looks at it now."))
    pause = use_action(lambda: watched.change(folder["id"], paused=not folder["paused"]))
    words, tone = state_words(folder)
    name = folder["name"]
    away = folder["state"] in ("away", "gone")
    parts: list[ft.Control] = [
        ft.Row(
            [
                ft.Icon(
                    ft.Icons.FOLDER_OFF_OUTLINED if away else ft.Icons.FOLDER_OUTLINED,
                    color=ft.Colors.ON_SURFACE_VARIANT if away else ft.Colors.PRIMARY,
                ),
                ft.Column(
                    [
                        heading(name, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
                        caption(folder["path"], max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
                    ],
                    spacing=0,
                    tight=True,
                    expand=True,
                ),
            ],
            spacing=12,
        ),
        ft.Row([chip(words, tone)]),
    ]
    if about := state_about(folder):
        parts.append(body(about, muted=True))
    parts += [body(" · ".join(now_words(folder))), caption(mode_words(folder))]
    if folder["held_back"]:
        text = tr("Homie filed as many files as it may in a day. The others wait for you.")
        parts.append(notice(text, "warn", ft.Icons.FRONT_HAND_OUTLINED))
    buttons: list[ft.Control] = []
    if folder["waiting"] and folder["plan_id"]:
        route = f"/file_organizer/plans/{folder['plan_id']}"
        buttons.append(primary_button(tr("Review"), lambda: navigate(route), about=name))
    buttons.append(quiet_button(tr("Change"), lambda: navigate(f"{ROUTE}/{folder['id']}"), about=name))
    resume = folder["paused"]
    icon = ft.Icons.PLAY_ARROW_OUTLINED if resume else ft.Icons.PAUSE_OUTLINED
    said = tr("Go on watching {folder}", folder=name) if resume else tr("Pause watching {folder}", folder=name)
    buttons.append(icon_action(icon, said, pause))
    if not away and not folder["paused"]:
        buttons.append(icon_action(ft.Icons.REFRESH, tr("Look at {folder} now", folder=name), look))
    parts.append(ft.Row(buttons, wrap=True, spacing=8, run_spacing=8))
    return card(*parts)


@ft.component
def Digest(shown: WatchedListOut) -> ft.Control:
    """Let the hour be chosen at which people are told what was filed."""
    session = use_session()
    watched = session.of(WatchedProvider)
    zone = str(session.preferences.preferences.get("time_zone") or "UTC")
    keep = use_action(lambda hour: watched.tell_at(hour, zone))

    async def chosen(value: str) -> None:
        await keep(None, None if value == _NEVER else int(value))

    now = shown["digest_hour"]
    hours = sorted({*HOURS, *([now] if now is not None else [])})
    options = [(str(hour), hour_words(hour)) for hour in hours]
    return card(
        body(tr("A short message says what Homie filed by itself and what waits for you."), muted=True),
        ft.Container(
            choice(
                tr("Tell me"),
                _NEVER if now is None else str(now),
                [*options, (_NEVER, tr("Never"))],
                chosen,
                expand=True,
            ),
            padding=ft.Padding.only(top=8),
        ),
    )


@ft.component
def WatchNew() -> ft.Control:
    """Choose the folder that is to be watched."""
    session = use_session()
    watched = session.of(WatchedProvider)

    async def take(path: str) -> None:
        made = await watched.add(path)
        navigate(f"{ROUTE}/{made['id']}")

    add = use_action(take)

    async def choose(path: str, _name: str) -> None:
        await add(None, path)

    return Screen(
        tr("Watch a folder"),
        scroll_body(body(tr("In which folder do new files arrive?"), muted=True), FolderChooser(choose)),
        back=ROUTE,
    )
