"""Copies and pictures that look alike: look for them, see what could be won, put them away, take it back."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from frontend.api.generated.schemas import DuplicateGroupOut, DuplicateSearchOut
from frontend.file_organizer.duplicate_words import (
    folder_of,
    going,
    group_title,
    group_words,
    is_picture,
    put_away_words,
    reason_text,
)
from frontend.file_organizer.duplicates_provider import DuplicatesProvider
from frontend.file_organizer.history_provider import HistoryProvider
from frontend.file_organizer.screens.copies.cleaning_parts import (
    BeginLooking,
    Looking,
    SmallPicture,
    work_message,
)
from frontend.file_organizer.screens.history.undo_progress import undo_progress
from frontend.i18n import ago, count, size, tr, tr_server, trn
from frontend.kit import (
    PagedList,
    Screen,
    body,
    caption,
    card,
    confirm,
    empty_state,
    filter_chips,
    icon_action,
    keyed,
    navigate,
    notice,
    primary_button,
    quiet_button,
    scroll_body,
    state_of,
    title,
    toggle,
    tonal_button,
    use_action,
    use_mount,
    use_provider,
    use_session,
)

HOME = "/file_organizer/duplicates"


@ft.component
def Duplicates() -> ft.Control:
    """Show the last look for copies in whatever state it is."""
    session = use_session()
    copies = use_provider(session.of(DuplicatesProvider))
    history = use_provider(session.of(HistoryProvider))
    asking, set_asking = ft.use_state(False)
    use_mount(copies.load)
    search = copies.search

    def content() -> ft.Control:
        if search is None or asking:
            return Begin(lambda: set_asking(False))
        if search["state"] == "looking":
            what = tr("the look for copies")
            return scroll_body(*_messages(copies, history), Looking(search["job_id"] or "", what, copies))
        return Found(search, lambda: set_asking(True))

    shown = state_of(copies, content)
    done = search is not None and search["state"] != "looking" and not asking
    actions = [icon_action(ft.Icons.REFRESH, tr("Look again"), lambda: set_asking(True))] if done else []
    footer = PutAll(search) if done and search is not None and not _working(copies) else None
    return Screen(tr("Copies"), shown, back="/file_organizer", actions=actions, footer=footer)


def _working(copies: DuplicatesProvider) -> bool:
    return copies.working is not None and copies.working.live


def _messages(copies: DuplicatesProvider, history: HistoryProvider) -> list[ft.Control]:
    return [*work_message(copies, put_away_words), *undo_progress(history)]


@ft.component
def Begin(began: object) -> ft.Control:
    """Explain, and ask where to look."""
    copies = use_session().of(DuplicatesProvider)
    pictures, set_pictures = ft.use_state(True)

    async def begin(paths: Sequence[str], spaces: Sequence[str | None]) -> None:
        await copies.look(paths, pictures=pictures, spaces=spaces)
        if callable(began):
            began()

    option = toggle(
        tr("Also pictures that look alike"),
        pictures,
        set_pictures,
        about=tr("Smaller versions, bursts, the same picture sent by a messenger. It takes longer."),
    )
    return BeginLooking(
        ft.Icons.FILE_COPY_OUTLINED,
        tr("Find what you have twice"),
        tr(
            "Homie compares the files in your folders and shows which ones are there more than once. You decide what "
            "goes; it goes into the trash and can be taken back."
        ),
        tr("Look for copies"),
        begin,
        [option],
    )


@ft.component
def Found(search: DuplicateSearchOut, again: object) -> ft.Control:
    """Show the groups of one kind, with what was found above them."""
    session = use_session()
    copies = use_provider(session.of(DuplicatesProvider))
    history = use_provider(session.of(HistoryProvider))
    groups = use_provider(copies.groups)
    head = [*_messages(copies, history), *_summary(search), *_unread(search)]
    if search["similar"]["groups"] or copies.kind == "similar":
        kinds = [
            ("same", tr("The same ({n})", n=count(search["same"]["groups"]))),
            ("similar", tr("Look alike ({n})", n=count(search["similar"]["groups"]))),
        ]
        head.append(filter_chips(copies.kind, kinds, copies.show))

    def rows() -> ft.Control:
        return PagedList(
            groups.items,
            GroupCard,
            key_of=lambda one: str(one["id"]),
            more=groups.load_more,
            has_more=groups.has_more,
            before=head,
        )

    def nothing() -> ft.Control:
        return scroll_body(*head, _nothing(search, copies.kind, again))

    return state_of(groups, rows, is_empty=not groups.items, empty=nothing)


def _nothing(search: DuplicateSearchOut, kind: str, again: object) -> ft.Control:
    look = tonal_button(tr("Look again"), again, icon=ft.Icons.REFRESH)
    if search["state"] == "ready":
        text = tr("No pictures look alike") if kind == "similar" else tr("Nothing is there twice")
        explained = trn("Homie compared {n} file.", "Homie compared {n} files.", search["files"])
        return empty_state(ft.Icons.CHECK_CIRCLE_OUTLINE, text, explained, look)
    if search["state"] == "stopped":
        return empty_state(ft.Icons.STOP_CIRCLE_OUTLINED, tr("The look was stopped"), tr("Nothing was changed."), look)
    words = tr_server(search["notice"]) or tr("Try it again.")
    return empty_state(ft.Icons.ERROR_OUTLINE, tr("Homie could not look through the folders"), words, look)


def _summary(search: DuplicateSearchOut) -> list[ft.Control]:
    gain = search["same"]["gain"] + search["similar"]["gain"]
    if search["state"] != "ready" or not gain:
        return []
    groups = trn("{n} file is there more than once", "{n} files are there more than once", search["same"]["groups"])
    when = ago(search["finished_at"] or search["created_at"])
    return [
        card(
            title(tr("{space} to win", space=size(gain))),
            body(groups, muted=True),
            caption(tr("Looked {when}", when=when)),
        )
    ]


def _unread(search: DuplicateSearchOut) -> list[ft.Control]:
    if not search["unreadable"]:
        return []
    names = ", ".join(one["path"] for one in search["problems"][:3])
    said = trn("{n} could not be read: {names}", "{n} could not be read: {names}", search["unreadable"], names=names)
    return [notice(said, "warn", ft.Icons.VISIBILITY_OFF_OUTLINED)]


@ft.component
def GroupCard(group: DuplicateGroupOut) -> ft.Control:
    """Show one group: what stays and why, what goes, and both decisions."""
    copies = use_session().of(DuplicatesProvider)
    name = group_title(group)
    put = use_action(lambda: copies.put_away((group["id"],)))
    leave = use_action(lambda: copies.leave(group))
    stays = next((one for one in group["copies"] if one["keep"]), group["copies"][0])
    others = [one for one in group["copies"] if one is not stays]
    texts: list[ft.Control] = [
        title(name, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
        body(group_words(group), muted=True),
        caption(tr("Stays: {folder}", folder=folder_of(stays)), max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
        *(
            caption(
                tr("Stays too: {folder}", folder=folder_of(one))
                if one["keep"]
                else tr("Goes: {folder}", folder=folder_of(one)),
                max_lines=2,
                overflow=ft.TextOverflow.ELLIPSIS,
            )
            for one in others[:3]
        ),
    ]
    if group["files"] > 4:
        texts.append(caption(tr("and {n} more", n=count(group["files"] - 4))))
    texts.append(caption(reason_text(group), italic=True))
    pictured = [one for one in group["copies"][:2] if is_picture(one)]
    pictures: list[ft.Control] = [
        keyed(SmallPicture, one["id"], one["place"], name, copies)
        for one in (pictured if group["kind"] == "similar" else pictured[:1])
    ]
    row: list[ft.Control] = [ft.Column(texts, spacing=2, tight=True, expand=True)]
    if pictures:
        row.insert(0, ft.Column(pictures, spacing=4, tight=True))
    busy = group["state"] == "working" or put.busy
    number = going(group)
    buttons: list[ft.Control] = [
        quiet_button(tr("Keep all"), leave, about=name, disabled=busy),
        quiet_button(tr("Choose"), lambda: navigate(f"{HOME}/{group['id']}"), about=name),
    ]
    if number:
        words = tr("Please wait…") if busy else tr("Into the trash")
        buttons.append(tonal_button(words, put, about=name, disabled=busy))
    return card(
        ft.Row(row, spacing=12, vertical_alignment=ft.CrossAxisAlignment.START),
        ft.Row(buttons, alignment=ft.MainAxisAlignment.END, wrap=True, spacing=4, run_spacing=4),
        padding=12,
    )


@ft.component
def PutAll(search: DuplicateSearchOut) -> ft.Control:
    """Offer to put all copies of the shown kind away at once."""
    copies = use_provider(use_session().of(DuplicatesProvider))
    waiting = search["similar"] if copies.kind == "similar" else search["same"]

    async def put() -> None:
        number = max(0, waiting["files"] - waiting["groups"])
        text = tr(
            "Of each group one stays. Right before a copy goes, Homie compares it with the one that stays once more. "
            "You can take it back afterwards."
        )
        if copies.kind == "similar":
            text = tr("Of each group one picture stays. You can take it back afterwards.")
        question = trn("Put {n} copy into the trash?", "Put up to {n} copies into the trash?", number)
        if await confirm(question, text, tr("Into the trash")):
            await copies.put_away()

    act = use_action(put)
    if not waiting["gain"]:
        return ft.Container(height=0)
    words = tr("Put all copies into the trash: {space}", space=size(waiting["gain"]))
    return primary_button(words, act, disabled=act.busy)
