"""One suggestion in the list: what it is, where it would go, how sure Homie is, and yes or no."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import flet as ft

from frontend.api.generated.schemas import ItemOut
from frontend.file_organizer.screens.parts.thumbnail import Thumbnail
from frontend.file_organizer.suggestion_words import (
    confidence_words,
    crumbs,
    destination,
    folder_of,
    is_renamed,
    kind_icon,
    kind_name,
    name_of,
    readable,
    shortened,
)
from frontend.file_organizer.thumbnails import is_picture
from frontend.i18n import tr, tr_server, trn
from frontend.kit import caption, chip, icon_action, icon_badge, keyed, quiet_button, title, tonal_button
from frontend.kit.theme import RADIUS, TARGET

Entry = Mapping[str, Any]
"""What a row shows. `heading`: a group's beginning with `count`; else `item`, and `more` files that travel with it,
whether it is `marked`, `checked`, `choosing`, `away`, `wide` (one line), to `swipe`; `labels` names opened folders."""

_STATES: Mapping[str, tuple[Callable[[], str], str, Any]] = {
    "accepted": (lambda: tr("Accepted"), "good", ft.Icons.CHECK),
    "rejected": (lambda: tr("Stays where it is"), "neutral", ft.Icons.CLOSE),
}
_STILL_THERE = ("suggested", "asking", "accepted", "rejected")
_RIGHT, _LEFT = ft.DismissDirection.START_TO_END, ft.DismissDirection.END_TO_START


def key_of(entry: Entry) -> str:
    """Return what tells rows apart."""
    return f"group-{entry['heading']}" if "heading" in entry else str(entry["item"]["id"])


@ft.component
def SuggestionEntry(entry: Entry, hands: Callable[..., Any]) -> ft.Control:
    """Show a heading or a suggestion. `hands(what, id)` does what was asked for."""
    if "heading" in entry:
        return _heading(entry, hands)
    item: ItemOut = entry["item"]
    shown = _card(entry, item, hands)
    if not entry["swipe"] or entry["choosing"] or item["state"] not in ("suggested", "asking", "accepted", "rejected"):
        return shown

    async def swiped(event: Any) -> None:
        await event.control.confirm_dismiss(False)  # the row itself says what became of it, or leaves the list
        await hands("accept" if event.direction == _RIGHT else "reject", item["id"])

    return ft.Dismissible(
        shown,
        background=_behind(ft.Icons.CHECK, ft.Colors.GREEN_200, ft.Alignment.CENTER_LEFT),
        secondary_background=_behind(ft.Icons.CLOSE, ft.Colors.SURFACE_CONTAINER_HIGHEST, ft.Alignment.CENTER_RIGHT),
        dismiss_thresholds={_RIGHT: 0.3, _LEFT: 0.3},
        movement_duration=ft.Duration(milliseconds=120),
        on_confirm_dismiss=swiped,
    )


def _behind(icon: Any, colour: Any, side: ft.Alignment) -> ft.Control:
    ink = ft.Colors.BLACK if colour == ft.Colors.GREEN_200 else ft.Colors.ON_SURFACE_VARIANT
    return ft.Container(ft.Icon(icon, color=ink), bgcolor=colour, border_radius=RADIUS, alignment=side, padding=24)


def _heading(entry: Entry, hands: Callable[..., Any]) -> ft.Control:
    name = kind_name(entry["heading"]) if entry["by"] == "category" else entry["name"]
    parts: list[ft.Control] = [
        ft.Icon(kind_icon(entry["heading"], is_folder=True), size=20, color=ft.Colors.PRIMARY),
        ft.Semantics(
            header=True,
            heading_level=3,
            expand=True,
            content=title(_counted(name, entry["count"]), max_lines=1, overflow=ft.TextOverflow.ELLIPSIS),
        ),
    ]
    if entry["count"]:
        parts.append(quiet_button(tr("Accept all"), _handler(hands, "accept_group", entry["heading"]), about=name))
    return ft.Container(
        ft.Row(parts, spacing=8, vertical_alignment=ft.CrossAxisAlignment.CENTER),
        padding=ft.Padding.only(left=4, top=8),
        height=TARGET + 8,
    )


def _counted(name: str, count: int) -> str:
    return f"{name} · {count}" if count else name


def _handler(hands: Callable[..., Any], what: str, id_: str) -> Callable[..., Any]:
    async def act(_: Any = None) -> None:
        await hands(what, id_)

    return act


def _card(entry: Entry, item: ItemOut, hands: Callable[..., Any]) -> ft.Control:
    name = name_of(item["source"])
    what = _choose_box(entry, item, hands) if entry["choosing"] else None
    icon = what or _sign(entry, item)
    texts = ft.Column(_texts(entry, item, name), spacing=3, tight=True, expand=True)
    middle = ft.CrossAxisAlignment.CENTER if entry["wide"] else ft.CrossAxisAlignment.START
    head = ft.Row([icon, texts], spacing=12, vertical_alignment=middle)
    foot = _foot(entry, item, name, hands)
    if entry["wide"]:
        inner: ft.Control = ft.Row(
            [ft.Container(head, expand=True), foot], spacing=12, vertical_alignment=ft.CrossAxisAlignment.CENTER
        )
    else:
        inner = ft.Column([head, foot], spacing=4, tight=True)
    return ft.Container(
        inner,
        bgcolor=ft.Colors.SURFACE_CONTAINER_HIGH if entry["marked"] else ft.Colors.SURFACE_CONTAINER,
        border=ft.Border.all(2, ft.Colors.PRIMARY if entry["marked"] else ft.Colors.TRANSPARENT),
        border_radius=RADIUS,
        padding=ft.Padding.only(left=12, right=10, top=10, bottom=10 if entry["wide"] else 8),
        on_click=_handler(hands, "check" if entry["choosing"] else "open", item["id"]),
        on_long_press=_handler(hands, "choose", item["id"]),
        ink=True,
    )


def _sign(entry: Entry, item: ItemOut) -> ft.Control:
    """Return what the row begins with: a picture shows itself, anything else the sign of its kind."""

    def badge() -> ft.Control:
        return icon_badge(kind_icon(item["category"], is_folder=item["is_folder"]), _badge_tone(item))

    if (
        item["is_folder"]
        or entry["away"]
        or item["state"] not in _STILL_THERE
        or not is_picture(item["source"]["path"])
    ):
        return badge()
    return keyed(Thumbnail, f"picture-{item['id']}", item["source"], badge)


def _badge_tone(item: ItemOut) -> str:
    return {"accepted": "good", "asking": "warn"}.get(item["state"], "accent")


def _choose_box(entry: Entry, item: ItemOut, hands: Callable[..., Any]) -> ft.Control:
    return ft.Container(
        ft.Checkbox(
            value=entry["checked"],
            on_change=_handler(hands, "check", item["id"]),
            semantics_label=tr("Choose {name}", name=name_of(item["source"])),
        ),
        width=40,
        height=40,
        alignment=ft.Alignment.CENTER,
    )


def _texts(entry: Entry, item: ItemOut, name: str) -> list[ft.Control]:
    most = 64 if entry["wide"] else 44
    shown: list[ft.Control] = [title(shortened(name, most), max_lines=2, overflow=ft.TextOverflow.ELLIPSIS)]
    where = destination(item, entry["labels"], most)
    shown.append(
        ft.Row(
            [
                ft.Icon(ft.Icons.ARROW_FORWARD, size=16, color=ft.Colors.PRIMARY),
                title(
                    where,
                    color=ft.Colors.PRIMARY,
                    max_lines=1,
                    overflow=ft.TextOverflow.ELLIPSIS,
                    expand=True,
                    semantics_label=tr("goes to {folder}", folder=where),
                ),
            ],
            spacing=6,
        )
    )
    if is_renamed(item):
        shown.append(caption(tr("New name: {name}", name=shortened(name_of(item["target"]), most)), max_lines=1))
    shown.append(caption(_remark(entry, item), max_lines=2 if item["oddity"] else 1, overflow=ft.TextOverflow.ELLIPSIS))
    return shown


def _remark(entry: Entry, item: ItemOut) -> str:
    if entry["away"]:
        return tr("Its drive is not connected. Connect it to move this file.")
    parts = [tr_server(readable(item["reason"]))] if item["reason"] else []
    if entry["more"]:
        parts.insert(0, trn("With {n} file that belongs to it.", "With {n} files that belong to it.", entry["more"]))
    if not parts:
        parts.append(tr("From {folder}", folder=crumbs(folder_of(item["source"]))))
    return " ".join(parts)


def _foot(entry: Entry, item: ItemOut, name: str, hands: Callable[..., Any]) -> ft.Control:
    parts: list[ft.Control] = []
    if entry["away"]:
        parts.append(chip(tr("Drive away"), "bad", ft.Icons.USB_OFF_OUTLINED))
    elif item["state"] in _STATES:
        words, tone, icon = _STATES[item["state"]]
        parts.append(chip(words(), tone, icon))
    else:
        parts.append(chip(*confidence_words(item["confidence"])))
    if entry["choosing"]:
        return ft.Row(parts, spacing=4, tight=entry["wide"], height=TARGET)
    accepted, rejected = item["state"] == "accepted", item["state"] == "rejected"
    buttons: list[ft.Control] = []
    if not rejected:
        buttons.append(
            icon_action(ft.Icons.CLOSE, tr("Reject {name}", name=name), _handler(hands, "reject", item["id"]))
        )
    if not accepted:
        buttons.append(
            tonal_button(tr("Accept"), _handler(hands, "accept", item["id"]), about=name, icon=ft.Icons.CHECK)
        )
    parts.append(ft.Row(buttons, spacing=4, tight=True, vertical_alignment=ft.CrossAxisAlignment.CENTER))
    if entry["wide"]:
        return ft.Row(parts, spacing=4, tight=True, vertical_alignment=ft.CrossAxisAlignment.CENTER)
    # Beside each other where there is room, below each other on a small phone with large text: nothing is cut.
    return ft.Row(
        parts,
        wrap=True,
        spacing=4,
        run_spacing=0,
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
