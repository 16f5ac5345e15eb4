"""The review of a plan that is ready: filters, the list of suggestions, what was decided last, and the way on."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.file_organizer.review_provider import ReviewProvider
from frontend.file_organizer.screens.review.filters import ReviewFilters
from frontend.file_organizer.screens.review.hands import Hands, use_hands
from frontend.file_organizer.screens.review.key_help import show_key_help
from frontend.file_organizer.screens.review.second_opinion import OtherIdeas
from frontend.file_organizer.screens.review.suggestion_detail import DetailPane
from frontend.file_organizer.screens.review.suggestion_row import Entry, SuggestionEntry, key_of
from frontend.file_organizer.suggestion_words import SURE, crumbs, folder_of
from frontend.i18n import tr, trn
from frontend.kit import (
    PagedList,
    Screen,
    Tile,
    body,
    choose_sheet,
    empty_state,
    icon_action,
    navigate,
    notice,
    primary_button,
    quiet_button,
    state_of,
    tonal_button,
    two_panes,
    use_keys,
    use_mount,
    use_provider,
    use_viewport,
)


@ft.component
def ReviewDesk(review: ReviewProvider) -> ft.Control:
    """Show the suggestions and let them be decided."""
    use_provider(review)
    items = use_provider(review.items)
    viewport = use_viewport()
    hands = use_hands(review)
    hands.wide = viewport.is_wide
    searching, set_searching = ft.use_state(False)
    assert review.plan is not None

    async def close_search() -> None:
        set_searching(False)
        if review.filter.q:
            await hands.safely(review.narrow(words=""))

    def toggle_search() -> Any:
        return close_search() if searching else set_searching(True)

    async def searched(_: Any = None) -> None:
        if (waiting := toggle_search()) is not None:
            await waiting

    use_keys({**hands.keys(), "?": show_key_help, "Shift+?": show_key_help, "F": searched})
    use_mount(lambda: _open_first(review, hands) if viewport.is_wide else None, [viewport.is_wide, items.loaded])

    async def more() -> None:
        await _more_menu(review, hands)

    name = review.plan["title"] or tr("Suggestions")
    listed = state_of(
        items,
        lambda: PagedList(
            entries(review, wide=not viewport.is_phone),
            SuggestionEntry,
            key_of=key_of,
            more=items.load_more,
            has_more=items.has_more,
            arguments=(hands.__call__,),
        ),
        is_empty=not items.items and not items.has_more,
        empty=lambda: _nothing_here(review, hands),
    )
    column = ft.Column(
        [
            ReviewFilters(review, hands, searching),
            *_notices(review),
            ft.Container(listed, expand=True),
        ],
        spacing=8,
        expand=True,
    )
    content = two_panes(column, DetailPane(review, hands) if viewport.is_wide else None, share=7)
    actions = [
        icon_action(ft.Icons.SEARCH, tr("Search in this plan"), searched, selected=searching),
        icon_action(
            ft.Icons.ACCOUNT_TREE_OUTLINED,
            tr("Before and after"),
            lambda: navigate(f"/file_organizer/plans/{review.plan_id}/tree"),
        ),
        icon_action(ft.Icons.MORE_VERT, tr("More"), more),
    ]
    if viewport.is_wide and not review.choosing:
        # What the screen is about comes before the list for the Tab key, which may go through very many rows.
        actions = [*_main_buttons(review, hands), *actions]
    return Screen(
        name,
        content,
        subtitle=_subtitle(review),
        back="/file_organizer",
        actions=actions,
        footer=_footer(review, hands, phone=viewport.is_phone),
        wide=viewport.is_wide,
    )


async def _open_first(review: ReviewProvider, hands: Hands) -> None:
    """Let the right pane show something from the start."""
    if review.items.loaded and review.rows() and not review.current:
        review.move(0)
        await hands.safely(review.show_item(review.current))


def entries(review: ReviewProvider, *, wide: bool) -> list[Entry]:
    """Return the rows: each suggestion with what travels with it, under headings where the order makes groups."""
    more, selected = review.companions(), review.items.selected
    by = review.filter.sort if review.filter.sort in ("category", "folder") else ""
    counts = {one["category"]: one for one in (review.summary["categories"] if review.summary else [])}
    found: list[Entry] = []
    group: Any = None
    for item in review.rows():
        key = item["category"] if by == "category" else folder_of(item["target"])["path"] if by else None
        if by and key != group:
            group = key
            here: Any = counts.get(str(key), {}) if by == "category" else {}
            waits = here.get("suggested", 0) + here.get("asking", 0) if review.view != "accepted" else 0
            found.append({"heading": key, "by": by, "count": waits, "name": crumbs(folder_of(item["target"]), most=32)})
        found.append(
            {
                "item": item,
                "more": more.get(item["group_key"] or "", 0) if item["lead"] else 0,
                "marked": item["id"] == review.current,
                "checked": item["id"] in selected,
                "choosing": review.choosing,
                "away": review.is_away(item),
                "wide": wide,
                "swipe": not wide,
                "labels": review.labels,
            }
        )
    return found


def _subtitle(review: ReviewProvider) -> str:
    if review.summary is None:
        return ""  # the list may be there before its counts
    waiting = review.count("suggested", "asking")
    if waiting:
        return trn("{n} file to decide", "{n} files to decide", waiting)
    return tr("Everything is decided")


def _notices(review: ReviewProvider) -> list[ft.Control]:
    found: list[ft.Control] = []
    if review.away and any(review.is_away(one) for one in review.items.items):
        text = tr("A drive of this plan is not connected. Its files wait; nothing is lost. Connect it and go on.")
        found.append(notice(text, "warn", ft.Icons.USB_OFF_OUTLINED))
    if review.view == "rejected":
        found.append(OtherIdeas(review))
    return found


def _nothing_here(review: ReviewProvider, hands: Hands) -> ft.Control:
    async def show_all() -> None:
        await hands.safely(review.narrow(view="all", category="", words=""))

    accepted = review.count("accepted")
    if review.filter.q or review.filter.category:
        return empty_state(
            ft.Icons.SEARCH_OFF,
            tr("No suggestion fits"),
            tr("Try other words, or look at all of them."),
            tonal_button(tr("Show all"), show_all),
        )
    if review.view in ("undecided", "sure", "asking") and not review.count("suggested", "asking"):
        if not accepted:
            return empty_state(
                ft.Icons.DONE_ALL,
                tr("Everything is decided"),
                tr("You let every file stay where it is. There is nothing to move."),
                tonal_button(tr("Show all"), show_all),
            )
        return empty_state(
            ft.Icons.DONE_ALL,
            tr("Everything is decided"),
            trn("{n} file is ready to be moved.", "{n} files are ready to be moved.", accepted),
            primary_button(
                tr("See what will happen"), lambda: navigate(f"/file_organizer/plans/{review.plan_id}/preview")
            ),
        )
    words = {
        "sure": tr("Homie is not sure of any file that is left."),
        "asking": tr("Homie has no questions left."),
        "accepted": tr("You have not accepted anything yet."),
        "rejected": tr("You have not rejected anything."),
    }
    return empty_state(
        ft.Icons.INBOX_OUTLINED,
        tr("Nothing in this list"),
        words.get(review.view, ""),
        tonal_button(tr("Show all"), show_all),
    )


def _footer(review: ReviewProvider, hands: Hands, *, phone: bool) -> ft.Control:
    if review.choosing:
        return _choosing_bar(review, hands)
    buttons = [] if hands.wide else _main_buttons(review, hands)
    last = _last_step(review, hands)
    if phone:
        row = ft.Row([ft.Container(one, expand=True) for one in buttons], spacing=8)
        return ft.Column([*([last] if last else []), *([row] if buttons else [])], spacing=4, tight=True)
    return ft.Row([ft.Container(last, expand=True), *buttons], spacing=8, height=48)


def _main_buttons(review: ReviewProvider, hands: Hands) -> list[ft.Control]:
    """Return the buttons that the screen is about: accept what is sure, and go on to the moves."""
    accepted, sure = review.count("accepted"), review.undecided_above(SURE)
    buttons: list[ft.Control] = []
    if sure:
        buttons.append(
            tonal_button(trn("Accept {n} sure", "Accept {n} sure", sure), hands.accept_sure, icon=ft.Icons.DONE_ALL)
        )
    if accepted:
        buttons.append(
            primary_button(
                trn("Move {n} file…", "Move {n} files…", accepted),
                lambda: navigate(f"/file_organizer/plans/{review.plan_id}/preview"),
                icon=ft.Icons.ARROW_FORWARD,
            )
        )
    return buttons


def _last_step(review: ReviewProvider, hands: Hands) -> ft.Control | None:
    """Say what was decided last, with the way back."""
    if not review.steps:
        return None
    step = review.steps[-1]
    text = (
        trn("{n} file accepted.", "{n} files accepted.", step.count)
        if step.verdict == "accept"
        else trn("{n} file stays.", "{n} files stay.", step.count)
    )
    said = body(text, muted=True, expand=True, max_lines=1, overflow=ft.TextOverflow.ELLIPSIS)
    return ft.Semantics(
        live_region=True,
        container=True,
        content=ft.Row([said, quiet_button(tr("Undo"), hands.take_back, icon=ft.Icons.UNDO)], spacing=8),
    )


def _choosing_bar(review: ReviewProvider, hands: Hands) -> ft.Control:
    chosen = len(review.items.selected)

    async def accept() -> None:
        await hands.chosen("accept")

    async def reject() -> None:
        await hands.chosen("reject")

    return ft.Row(
        [
            icon_action(ft.Icons.CLOSE, tr("Stop choosing"), hands.stop_choosing),
            body(trn("{n} chosen", "{n} chosen", chosen), expand=True, max_lines=1),
            icon_action(ft.Icons.SELECT_ALL, tr("Choose all that are shown"), review.items.select_all),
            quiet_button(tr("Reject"), reject, disabled=not chosen),
            primary_button(tr("Accept"), accept, disabled=not chosen),
        ],
        spacing=4,
    )


async def _more_menu(review: ReviewProvider, hands: Hands) -> None:
    lines: list[tuple[str, Tile]] = [
        ("above", Tile(tr("Accept all above a confidence"), icon=ft.Icons.TUNE)),
        ("choose", Tile(tr("Choose several"), icon=ft.Icons.CHECKLIST)),
        ("rest", Tile(tr("Leave the rest where it is"), icon=ft.Icons.REMOVE_DONE)),
        ("left", Tile(tr("What Homie leaves alone"), icon=ft.Icons.SHIELD_OUTLINED)),
        ("keys", Tile(tr("Keys of the keyboard"), icon=ft.Icons.KEYBOARD_OUTLINED)),
        ("discard", Tile(tr("Close this plan"), tr("Nothing is moved"), ft.Icons.DELETE_OUTLINE)),
    ]
    key = await choose_sheet(tr("More"), lines)
    if key == "above":
        await hands.accept_above()
    elif key == "choose":
        review.choosing = True
    elif key == "rest":
        await hands.reject_rest()
    elif key == "left":
        navigate(f"/file_organizer/plans/{review.plan_id}/left-alone")
    elif key == "keys":
        await show_key_help()
    elif key == "discard":
        await hands.discard()
