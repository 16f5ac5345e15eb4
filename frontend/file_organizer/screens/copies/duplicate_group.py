"""One group of copies, or of pictures that look alike: side by side, choose what stays, put the others away."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import CopyOut, DuplicateGroupOut
from frontend.file_organizer.duplicate_words import (
    folder_of,
    going,
    group_title,
    group_words,
    is_picture,
    name_of,
    put_away_words,
    reason_text,
)
from frontend.file_organizer.duplicates_provider import DuplicatesProvider
from frontend.file_organizer.history_provider import HistoryProvider
from frontend.file_organizer.links import open_place
from frontend.file_organizer.screens.copies.cleaning_parts import SmallPicture, work_message
from frontend.file_organizer.screens.history.undo_progress import undo_progress
from frontend.i18n import date_and_time, size, tr, tr_server, trn
from frontend.kit import (
    GAP,
    Screen,
    body,
    caption,
    card,
    chip,
    error_state,
    icon_action,
    keyed,
    loading_state,
    navigate,
    notice,
    primary_button,
    quiet_button,
    scroll_body,
    title,
    tonal_button,
    use_action,
    use_mount,
    use_provider,
    use_session,
    use_viewport,
)

BACK = "/file_organizer/duplicates"


@ft.component
def DuplicateGroup() -> ft.Control:
    """Show the group that the address names."""
    session = use_session()
    copies = use_provider(session.of(DuplicatesProvider))
    history = use_provider(session.of(HistoryProvider))
    group_id = ft.use_route_params().get("group_id", "")

    async def read() -> None:
        if not copies.loaded:
            await copies.load()
        await copies.open_group(group_id)

    act = use_action(read, quiet=True)
    use_mount(act, [group_id])
    group = copies.group if copies.group is not None and copies.group["id"] == group_id else None
    if group is None:
        shown = error_state(act.error, act) if act.error is not None else loading_state()
        return Screen(tr("Copies"), shown, back=BACK)
    messages = [*work_message(copies, put_away_words), *undo_progress(history)]
    working = copies.working is not None and copies.working.live
    footer = None if working or group["state"] in ("done", "working") else PutAway(group)
    return Screen(
        group_title(group), scroll_body(*messages, *_head(group), Cards(group)), back=BACK, footer=footer, wide=True
    )


def _head(group: DuplicateGroupOut) -> list[ft.Control]:
    if group["state"] == "done":
        return [notice(tr("The copies of this file are in the trash."), "good", ft.Icons.CHECK)]
    if group["state"] == "left":
        return [notice(tr("You wanted to keep all of these."), "neutral")]
    return [body(group_words(group)), caption(reason_text(group))]


@ft.component
def Cards(group: DuplicateGroupOut) -> ft.Control:
    """Put the files beside each other where there is room."""
    viewport = use_viewport()
    columns = 1 if viewport.is_phone else 2 if viewport.width < 1100 else 3
    cards = [
        ft.Container(keyed(CopyCard, one["id"], group, one), col={"xs": 12 // columns}, key=one["id"])
        for one in group["copies"]
    ]
    parts: list[ft.Control] = [ft.ResponsiveRow(list(cards), spacing=GAP / 2, run_spacing=GAP / 2)]
    if group["files"] > len(group["copies"]):
        more = group["files"] - len(group["copies"])
        parts.append(caption(trn("{n} more is not shown here.", "{n} more are not shown here.", more)))
    return ft.Column(parts, spacing=GAP, tight=True)


@ft.component
def CopyCard(group: DuplicateGroupOut, copy: CopyOut) -> ft.Control:
    """Show one file: its picture, where it lies, how large and how old it is, whether it stays."""
    session = use_session()
    copies = session.of(DuplicatesProvider)
    name = name_of(copy)
    only = use_action(lambda: copies.keep_only(group, copy["id"]))
    switch = use_action(lambda: copies.set_keep(group, copy["id"], not copy["keep"]))
    look = use_action(lambda: open_place(session, copy["place"]))
    facts = [size(copy["size"]), date_and_time(copy["modified"])]
    if copy["width"]:
        facts.insert(0, tr("{width} × {height}", width=copy["width"], height=copy["height"]))
    parts: list[ft.Control] = []
    if is_picture(copy) and copy["state"] != "trashed":
        parts.append(ft.Container(SmallPicture(copy["place"], name, copies, 256), alignment=ft.Alignment.CENTER))
    parts += [
        ft.Row(
            [
                ft.Column(
                    [
                        title(name, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
                        caption(folder_of(copy), max_lines=3),
                    ],
                    spacing=2,
                    tight=True,
                    expand=True,
                ),
                _state_chip(copy),
            ],
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        caption(" · ".join(facts)),
        *_notes(copy),
    ]
    if copy["state"] != "trashed" and group["state"] not in ("working", "done"):
        buttons: list[ft.Control] = [icon_action(ft.Icons.OPEN_IN_NEW, tr("Look at {name}", name=name), look)]
        if copy["movable"]:
            words = tr("Let it go") if copy["keep"] else tr("Keep it too")
            buttons.append(quiet_button(words, switch, about=name, disabled=switch.busy))
        buttons.append(tonal_button(tr("Keep only this"), only, about=name, disabled=only.busy))
        parts.append(ft.Row(buttons, wrap=True, spacing=4, run_spacing=4, alignment=ft.MainAxisAlignment.END))
    return card(*parts, padding=12)


def _state_chip(copy: CopyOut) -> ft.Control:
    if copy["state"] == "trashed":
        return chip(tr("In the trash"), "neutral")
    return chip(tr("Stays"), "good") if copy["keep"] else chip(tr("Goes"), "warn")


def _notes(copy: CopyOut) -> list[ft.Control]:
    notes = []
    if not copy["movable"]:
        notes.append(tr("Homie may only look here"))
    if copy["links"] > 1:
        notes.append(tr("This file has several names; putting one away wins no space."))
    if copy["explanation"]:
        notes.append(tr_server(copy["explanation"]))
    return [caption(one, color=ft.Colors.PRIMARY) for one in notes]


@ft.component
def PutAway(group: DuplicateGroupOut) -> ft.Control:
    """Offer to put away what goes, or to keep all."""
    copies = use_session().of(DuplicatesProvider)
    number = going(group)
    put = use_action(lambda: copies.put_away((group["id"],)))

    async def keep_all() -> None:
        await copies.leave(group, group["state"] != "left")
        if group["state"] != "left":
            navigate(BACK)

    leave = use_action(keep_all)
    if group["state"] == "left":
        return tonal_button(tr("Decide again"), leave)
    words = trn("Put {n} copy into the trash", "Put {n} copies into the trash", number)
    buttons: list[ft.Control] = [quiet_button(tr("Keep all"), leave, about=group_title(group))]
    if number:
        space = sum(one["size"] for one in group["copies"] if not one["keep"])
        buttons.append(primary_button(tr("{what}: {space}", what=words, space=size(space)), put, disabled=put.busy))
    return ft.Row(buttons, alignment=ft.MainAxisAlignment.END, wrap=True, run_spacing=4)
