"""One suggestion closely: from where to where, why, what else would do, and sending it elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import flet as ft

from frontend.api.generated.schemas import AlternativeOut, ItemOut
from frontend.file_organizer.review_provider import ReviewProvider
from frontend.file_organizer.screens.review.hands import Hands, use_hands
from frontend.file_organizer.screens.review.name_entry import ask_name
from frontend.file_organizer.screens.review.second_opinion import ASKABLE, AnotherIdea, AskWhy
from frontend.file_organizer.screens.review.unpacking import Unpack, can_be_unpacked
from frontend.file_organizer.suggestion_words import (
    confidence_words,
    crumbs,
    folder_of,
    kind_icon,
    kind_name,
    name_of,
    readable,
)
from frontend.i18n import day, percent, size, tr, tr_server, trn
from frontend.kit import (
    Screen,
    Tile,
    body,
    caption,
    card,
    chip,
    empty_state,
    error_state,
    icon_badge,
    keyed,
    loading_state,
    meter,
    navigate,
    notice,
    primary_button,
    quiet_button,
    scroll_body,
    section,
    tile_group,
    title,
    tonal_button,
    use_mount,
    use_provider,
    use_session,
)

_OPEN = ("suggested", "asking", "accepted", "rejected")


@ft.component
def SuggestionScreen() -> ft.Control:
    """Show one suggestion on a screen of its own."""
    found = ft.use_route_params()
    plan_id, item_id = found["plan_id"], found["item_id"]
    review = use_provider(use_session().of(ReviewProvider))
    hands = use_hands(review)

    async def load() -> None:
        if review.plan_id != plan_id or review.plan is None:
            await review.open(plan_id)
        review.current = item_id
        await hands.safely(review.show_item(item_id))

    use_mount(load, [item_id])
    back = f"/file_organizer/plans/{plan_id}"
    item = review.find(item_id)
    if item is None:
        shown = error_state(review.error, load) if review.error else loading_state(3)
        return Screen(tr("Suggestion"), shown, back=back)
    return Screen(
        tr("Suggestion"),
        scroll_body(*detail_parts(review, hands, item)),
        subtitle=kind_name(item["category"]),
        back=back,
        footer=decide_bar(review, hands, item, go_back=back),
    )


@ft.component
def DetailPane(review: ReviewProvider, hands: Hands) -> ft.Control:
    """Show the marked suggestion beside the list."""
    use_provider(review)
    item = review.item
    if item is None:
        return empty_state(ft.Icons.TOUCH_APP_OUTLINED, tr("Choose a suggestion to look at it closely"))
    item = review.items.get(item["id"]) or item
    return ft.Column(
        [
            ft.Container(scroll_body(*detail_parts(review, hands, item)), expand=True),
            ft.Container(decide_bar(review, hands, item), padding=ft.Padding.only(top=8)),
        ],
        expand=True,
        spacing=0,
    )


def detail_parts(review: ReviewProvider, hands: Hands, item: ItemOut) -> list[ft.Control]:
    """Return everything that is known about one suggestion."""
    parts: list[ft.Control] = [_what(item)]
    if item["oddity"]:
        parts.append(notice(tr_server(item["oddity"]), "warn", ft.Icons.WARNING_AMBER_OUTLINED))
    if review.is_away(item):
        parts.append(
            notice(
                tr("The drive of this file is not connected. Nothing is lost; connect it and go on."),
                "warn",
                ft.Icons.USB_OFF_OUTLINED,
            )
        )
    parts += [_way(review, item), _why(review, item)]
    if item["state"] in _OPEN:
        parts.append(_elsewhere(review, hands, item))
    if can_be_unpacked(item) and not review.is_away(item):
        parts.append(keyed(Unpack, f"unpack-{item['id']}", item, review.full_path(item["source"])))
    if item["group_key"]:
        parts.append(_together(review, item))
    return parts


def _what(item: ItemOut) -> ft.Control:
    when = datetime.fromtimestamp(item["modified_ns"] / 1e9, UTC)
    facts = [kind_name(item["category"]), *([] if item["is_folder"] else [size(item["size"])]), day(when)]
    return ft.Row(
        [
            icon_badge(kind_icon(item["category"], is_folder=item["is_folder"]), size=48),
            ft.Column(
                [
                    ft.Text(name_of(item["source"]), theme_style=ft.TextThemeStyle.TITLE_MEDIUM),
                    caption(" · ".join(facts)),
                ],
                spacing=2,
                tight=True,
                expand=True,
            ),
        ],
        spacing=12,
    )


def _way(review: ReviewProvider, item: ItemOut) -> ft.Control:
    """Show the whole way: where it is, where it goes."""
    target = name_of(item["target"])
    lines = [
        _stop(ft.Icons.FOLDER_OPEN_OUTLINED, tr("Is in"), review.full_path(folder_of(item["source"]))),
        _stop(
            ft.Icons.SUBDIRECTORY_ARROW_RIGHT, tr("Goes to"), review.full_path(folder_of(item["target"])), strong=True
        ),
    ]
    if target != name_of(item["source"]):
        lines.append(_stop(ft.Icons.DRIVE_FILE_RENAME_OUTLINE, tr("New name"), target, strong=True))
    if item["suggested"] and item["suggested"] != item["target"]:
        before = review.full_path(folder_of(item["suggested"]))
        lines.append(_stop(ft.Icons.LIGHTBULB_OUTLINE, tr("Homie had suggested"), before))
    return card(ft.Column(lines, spacing=12, tight=True))


def _stop(icon: Any, name: str, path: str, *, strong: bool = False) -> ft.Control:
    return ft.Row(
        [
            ft.Icon(icon, size=20, color=ft.Colors.PRIMARY if strong else ft.Colors.ON_SURFACE_VARIANT),
            ft.Column(
                [caption(name), title(readable(path), color=ft.Colors.PRIMARY) if strong else body(readable(path))],
                spacing=0,
                tight=True,
                expand=True,
            ),
        ],
        spacing=12,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _why(review: ReviewProvider, item: ItemOut) -> ft.Control:
    words, tone = confidence_words(item["confidence"])
    sources = {
        "memory": tr("From what you did before"),
        "rules": tr("From the file itself"),
        "ai": tr("Suggested by the AI"),
        "person": tr("Chosen by you"),
        "owner_rule": tr("By a rule of yours"),
    }
    lines: list[ft.Control] = [
        ft.Row([chip(words, tone), caption(sources.get(item["suggested_by"], ""))], spacing=8, wrap=True),
        meter(item["confidence"], tr("How sure Homie is"), tone="warn" if tone == "warn" else "", height=6),
    ]
    lines += [_evidence(one) for one in evidence_of(tr_server(readable(item["reason"])))]
    lines.append(keyed(AskWhy, f"why-{item['id']}", review.plan_id, item))
    return section(tr("Why here?"), card(ft.Column(lines, spacing=10, tight=True)))


def evidence_of(reason: str) -> list[str]:
    """Return the parts of a reason, one per line."""
    parts = [part.strip() for part in reason.replace(". ", ".\n").replace("; ", ";\n").split("\n")]
    return [part.rstrip(";.")[:1].upper() + part.rstrip(";.")[1:] for part in parts if part.strip(" .;")]


def _evidence(text: str) -> ft.Control:
    return ft.Row(
        [ft.Icon(ft.Icons.CHECK_CIRCLE_OUTLINE, size=18, color=ft.Colors.PRIMARY), body(text, expand=True)],
        spacing=8,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _elsewhere(review: ReviewProvider, hands: Hands, item: ItemOut) -> ft.Control:
    """Show the other folders that would do, and ways to any other."""
    tiles = [_alternative(review, hands, item, one) for one in item["alternatives"]]
    picker = f"/file_organizer/plans/{review.plan_id}/items/{item['id']}/folder"

    async def rename() -> None:
        name = await ask_name(tr("New name"), name_of(item["target"]))
        if name is not None and name != name_of(item["target"]):
            await hands.safely(review.send_to(item, name=name))

    tiles.append(Tile(tr("Choose another folder"), "", ft.Icons.FOLDER_SPECIAL_OUTLINED, lambda: navigate(picker)))
    if not item["is_folder"]:
        tiles.append(Tile(tr("Give it another name"), "", ft.Icons.DRIVE_FILE_RENAME_OUTLINE, rename))
    idea = [keyed(AnotherIdea, f"idea-{item['id']}", review, item)] if item["state"] in ASKABLE else []
    return section(tr("Somewhere else?"), tile_group(tiles), *idea)


def _alternative(review: ReviewProvider, hands: Hands, item: ItemOut, one: AlternativeOut) -> Tile:
    async def choose() -> None:
        await hands.safely(review.send_to(item, folder=one["place"]))

    chosen = folder_of(item["target"]) == one["place"]
    reason = tr_server(readable(one["reason"]))
    label = review.labels.get(one["place"]["volume_id"], "")
    return Tile(
        crumbs(one["place"], label if not one["place"]["path"] else ""),
        f"{percent(one['confidence'])} · {reason}" if reason else percent(one["confidence"]),
        ft.Icons.CHECK_CIRCLE if chosen else ft.Icons.FOLDER_OUTLINED,
        choose,
        selected=chosen,
    )


def _together(review: ReviewProvider, item: ItemOut) -> ft.Control:
    others = [one for one in review.items.items if one["group_key"] == item["group_key"] and one["id"] != item["id"]]
    lines: list[ft.Control] = [body(tr("These stay together: they are moved and taken back as one."), muted=True)]
    for one in others:
        icon = kind_icon("", is_folder=one["is_folder"])
        lines.append(ft.Row([ft.Icon(icon, size=18), body(name_of(one["source"]), expand=True)], spacing=8))
    return section(tr("Belongs together"), card(ft.Column(lines, spacing=8, tight=True)))


def decide_bar(review: ReviewProvider, hands: Hands, item: ItemOut, go_back: str = "") -> ft.Control:
    """Show yes and no; on a screen of its own both lead back to the list."""

    async def decide(verdict: Any) -> None:
        step = await hands.safely(review.decide([item["id"]], verdict))
        if step is not None and go_back:
            navigate(go_back)

    async def accept() -> None:
        await decide("accept")

    async def reject() -> None:
        await decide("reject")

    async def kind() -> None:
        await hands.decide_kind("accept", item["category"])
        if go_back:
            navigate(go_back)

    if item["state"] not in _OPEN:
        return ft.Container(height=0)
    name = name_of(item["source"])
    yes = primary_button(
        tr("Accepted") if item["state"] == "accepted" else tr("Accept"),
        accept,
        icon=ft.Icons.CHECK,
        about=name,
        disabled=item["state"] == "accepted",
    )
    no = tonal_button(
        tr("Stays here") if item["state"] == "rejected" else tr("Reject"),
        reject,
        icon=ft.Icons.CLOSE,
        about=name,
        disabled=item["state"] == "rejected",
    )
    rows: list[ft.Control] = [ft.Row([ft.Container(no, expand=1), ft.Container(yes, expand=1)], spacing=8)]
    waiting = _waiting_of(review, item["category"])
    if waiting > 1:
        text = trn("Accept {n} of this kind", "Accept all {n} of this kind", waiting)
        rows.append(ft.Row([quiet_button(text, kind)], alignment=ft.MainAxisAlignment.CENTER))
    return ft.Column(rows, spacing=0, tight=True)


def _waiting_of(review: ReviewProvider, category: str) -> int:
    for one in review.summary["categories"] if review.summary else []:
        if one["category"] == category:
            return one.get("suggested", 0) + one.get("asking", 0)
    return 0
