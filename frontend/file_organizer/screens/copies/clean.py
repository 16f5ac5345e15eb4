"""Oddities by kind: what was found, why it can go, and cleaning it up with undo."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from frontend.api.generated.schemas import JunkKindOut, JunkOut, JunkSearchOut
from frontend.file_organizer.clean_provider import CleanProvider
from frontend.file_organizer.clean_words import (
    action_text,
    cleaned_words,
    item_folder,
    item_name,
    kind_counts,
    kind_icon,
    kind_title,
    kind_why,
)
from frontend.file_organizer.history_provider import HistoryProvider
from frontend.file_organizer.screens.copies.cleaning_parts import BeginLooking, Looking, work_message
from frontend.file_organizer.screens.history.undo_progress import undo_progress
from frontend.i18n import ago, tr, tr_server, trn
from frontend.kit import (
    Screen,
    body,
    caption,
    card,
    empty_state,
    icon_action,
    icon_badge,
    keyed,
    notice,
    quiet_button,
    scroll_body,
    state_of,
    title,
    tonal_button,
    use_action,
    use_mount,
    use_provider,
    use_session,
)


@ft.component
def Clean() -> ft.Control:
    """Show the last look for oddities in whatever state it is."""
    session = use_session()
    clean = use_provider(session.of(CleanProvider))
    history = use_provider(session.of(HistoryProvider))
    asking, set_asking = ft.use_state(False)
    use_mount(clean.load)
    search = clean.search

    async def begin(paths: Sequence[str], spaces: Sequence[str | None]) -> None:
        await clean.look(paths, spaces=spaces)
        set_asking(False)

    def content() -> ft.Control:
        messages = [*work_message(clean, cleaned_words), *undo_progress(history)]
        if search is None or asking:
            return BeginLooking(
                ft.Icons.CLEANING_SERVICES_OUTLINED,
                tr("Find what nobody needs"),
                tr(
                    "Empty folders, unfinished downloads, what computers leave behind, files with wrong endings. "
                    "You decide about each kind; everything can be taken back."
                ),
                tr("Look for oddities"),
                begin,
            )
        if search["state"] == "looking":
            return scroll_body(*messages, Looking(search["job_id"] or "", tr("the look for oddities"), clean))
        return scroll_body(*messages, *_found(search, lambda: set_asking(True)))

    done = search is not None and search["state"] != "looking" and not asking
    actions = [icon_action(ft.Icons.REFRESH, tr("Look again"), lambda: set_asking(True))] if done else []
    return Screen(tr("Clean up"), state_of(clean, content), back="/file_organizer", actions=actions)


def _found(search: JunkSearchOut, again: object) -> list[ft.Control]:
    look = tonal_button(tr("Look again"), again, icon=ft.Icons.REFRESH)
    if search["state"] == "stopped":
        return [
            empty_state(ft.Icons.STOP_CIRCLE_OUTLINED, tr("The look was stopped"), tr("Nothing was changed."), look)
        ]
    if search["state"] == "failed":
        words = tr_server(search["notice"]) or tr("Try it again.")
        return [empty_state(ft.Icons.ERROR_OUTLINE, tr("Homie could not look through the folders"), words, look)]
    seen = trn("Homie looked at {n} file.", "Homie looked at {n} files.", search["files"])
    shown: list[ft.Control] = []
    if search["unreadable"]:
        names = ", ".join(one["path"] for one in search["problems"][:3])
        said = trn(
            "{n} could not be read: {names}", "{n} could not be read: {names}", search["unreadable"], names=names
        )
        shown.append(notice(said, "warn", ft.Icons.VISIBILITY_OFF_OUTLINED))
    if not search["kinds"]:
        return [*shown, empty_state(ft.Icons.CHECK_CIRCLE_OUTLINE, tr("There is nothing to clean up"), seen, look)]
    shown.append(caption(f"{seen} {tr('Looked {when}', when=ago(search['finished_at'] or search['created_at']))}"))
    shown += [keyed(KindCard, one["kind"], one) for one in search["kinds"]]
    return shown


@ft.component
def KindCard(of: JunkKindOut) -> ft.Control:
    """Show one kind: what it is, why it can go, what would be done; opened, each of them."""
    clean = use_provider(use_session().of(CleanProvider))
    name, is_open = kind_title(of["kind"]), clean.kind == of["kind"]
    act = use_action(lambda: clean.clean_up(kinds=(of["kind"],)))
    look = use_action(lambda: clean.show("" if is_open else of["kind"]))
    busy = act.busy or (clean.working is not None and clean.working.live)
    words = tr("Close") if is_open else tr("Show each")
    parts: list[ft.Control] = [
        ft.Row(
            [
                icon_badge(kind_icon(of["kind"])),
                ft.Column(
                    [title(name, max_lines=2), body(kind_counts(of), muted=True), caption(kind_why(of["kind"]))],
                    spacing=2,
                    tight=True,
                    expand=True,
                ),
            ],
            spacing=12,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        ft.Row(
            [
                quiet_button(words, look, about=name),
                tonal_button(action_text(of), act, about=name, disabled=busy),
            ],
            alignment=ft.MainAxisAlignment.END,
            wrap=True,
            spacing=4,
            run_spacing=4,
        ),
    ]
    if is_open:
        parts.append(Items())
    return card(*parts, padding=12)


@ft.component
def Items() -> ft.Control:
    """Show each one of the open kind."""
    items = use_provider(use_session().of(CleanProvider).items)

    def rows() -> ft.Control:
        shown: list[ft.Control] = [keyed(ItemRow, one["id"], one) for one in items.items]
        if items.has_more:
            shown.append(ft.Row([quiet_button(tr("Show more"), items.load_more)]))
        return ft.Column(shown, spacing=4, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)

    return state_of(items, rows)


@ft.component
def ItemRow(item: JunkOut) -> ft.Control:
    """Show one: its name, where it lies, its new name, and both decisions."""
    clean = use_session().of(CleanProvider)
    name = item_name(item)
    leave = use_action(lambda: clean.leave(item))
    act = use_action(lambda: clean.clean_up(item_ids=(item["id"],)))
    texts: list[ft.Control] = [
        body(name, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
        caption(item_folder(item), max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
    ]
    if item["new_name"]:
        texts.append(caption(tr("Becomes {name}", name=item["new_name"]), max_lines=2))
    if item["explanation"]:
        texts.append(caption(tr_server(item["explanation"]), color=ft.Colors.PRIMARY))
    renames = item["action"] == "rename"
    do = icon_action(
        ft.Icons.CHECK if renames else ft.Icons.DELETE_OUTLINE,
        tr("Rename {name}", name=name) if renames else tr("Put {name} into the trash", name=name),
        act,
        disabled=item["state"] == "working",
    )
    return ft.Row(
        [
            ft.Column(texts, spacing=0, tight=True, expand=True),
            icon_action(ft.Icons.CLOSE, tr("Leave {name} as it is", name=name), leave),
            do,
        ],
        spacing=4,
    )
