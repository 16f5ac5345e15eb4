"""Above the list: how far the review is, which suggestions are shown, by what words and in which order."""

from __future__ import annotations

import asyncio
from typing import Any

import flet as ft

from frontend.file_organizer.review_provider import ReviewProvider
from frontend.file_organizer.screens.review.hands import Hands
from frontend.file_organizer.suggestion_words import SURE, kind_icon, kind_name
from frontend.i18n import count, tr
from frontend.kit import (
    TextInput,
    Tile,
    choose_sheet,
    filter_chips,
    icon_action,
    meter,
    use_form,
    use_provider,
)

TYPING_PAUSE = 0.25
"""Seconds without a key after which what was typed is searched for."""


def view_chips(review: ReviewProvider) -> list[tuple[str, str]]:
    """Return the chips: what waits, of that the sure ones and the questions, and what was decided."""
    waiting, asking = review.count("suggested", "asking"), review.count("asking")
    return [
        ("undecided", tr("To decide {n}", n=count(waiting))),
        ("sure", tr("Sure {n}", n=count(review.undecided_above(SURE)))),
        ("asking", tr("Questions {n}", n=count(asking))),
        ("accepted", tr("Accepted {n}", n=count(review.count("accepted")))),
        ("rejected", tr("Rejected {n}", n=count(review.count("rejected")))),
        ("all", tr("All {n}", n=count(review.count("items")))),
    ]


@ft.component
def ReviewFilters(review: ReviewProvider, hands: Hands, searching: bool) -> ft.Control:
    """Show the progress, the chips and the search field."""
    use_provider(review)
    form = use_form()
    typed: Any = ft.use_ref(0)

    async def search(words: str) -> None:
        typed.current += 1
        mine = typed.current
        await asyncio.sleep(TYPING_PAUSE)
        if mine == typed.current:
            await hands.safely(review.narrow(words=words))

    async def view(key: Any) -> None:
        await hands.safely(review.narrow(view=key))

    async def kind() -> None:
        await choose_kind(review, hands)

    async def order() -> None:
        await choose_order(review, hands)

    async def end_kind() -> None:
        await hands.safely(review.narrow(category=""))

    total = max(1, review.count("suggested", "asking", "accepted", "rejected"))
    decided = review.count("accepted", "rejected")
    parts: list[ft.Control] = [meter(decided / total, tr("Decided"), height=4)]
    tools = ft.Row(
        [
            ft.Container(filter_chips(review.view, view_chips(review), view), expand=True),
            icon_action(ft.Icons.CATEGORY_OUTLINED, tr("Only one kind of file"), kind),
            icon_action(ft.Icons.SORT, tr("Order of the list"), order),
        ],
        spacing=0,
    )
    parts.append(tools)
    if review.filter.category:
        one_kind = ft.Chip(
            label=ft.Text(kind_name(review.filter.category)),
            leading=ft.Icon(kind_icon(review.filter.category), size=18),
            on_delete=end_kind,
            delete_icon_tooltip=tr("Show all kinds"),
        )
        parts.append(ft.Row([one_kind]))
    if searching:
        parts.append(
            TextInput(
                form, "words", tr("Search in this plan"), on_change=search, prefix_icon=ft.Icons.SEARCH, autofocus=True
            )
        )
    return ft.Column(parts, spacing=4, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


async def choose_kind(review: ReviewProvider, hands: Hands) -> None:
    """Let one kind of file be chosen, or all of them."""
    kinds = sorted(review.summary["categories"] if review.summary else [], key=lambda one: kind_name(one["category"]))
    chosen = review.filter.category or ""
    choices = [("all", Tile(tr("All kinds"), icon=ft.Icons.CATEGORY_OUTLINED, selected=not chosen))]
    for one in kinds:
        waiting = one.get("suggested", 0) + one.get("asking", 0)
        said = tr("{waiting} to decide, {items} in all", waiting=count(waiting), items=count(one.get("items", 0)))
        key = one["category"]
        choices.append((key, Tile(kind_name(key), said, kind_icon(key), selected=key == chosen)))
    picked = await choose_sheet(tr("Only one kind of file"), choices)
    if picked is not None:
        await hands.safely(review.narrow(category="" if picked == "all" else picked))


async def choose_order(review: ReviewProvider, hands: Hands) -> None:
    """Let the order of the list be chosen."""
    orders: list[tuple[str, str, Any]] = [
        ("category", tr("By kind of file"), ft.Icons.CATEGORY_OUTLINED),
        ("folder", tr("By destination"), ft.Icons.FOLDER_OUTLINED),
        ("-confidence", tr("Surest first"), ft.Icons.TRENDING_DOWN),
        ("confidence", tr("Most unsure first"), ft.Icons.TRENDING_UP),
        ("name", tr("By name"), ft.Icons.SORT_BY_ALPHA),
        ("-size", tr("Largest first"), ft.Icons.SCALE_OUTLINED),
    ]
    choices = [(key, Tile(text, icon=icon, selected=review.filter.sort == key)) for key, text, icon in orders]
    key: Any = await choose_sheet(tr("Order of the list"), choices)
    if key is not None:
        await hands.safely(review.narrow(sort=key))
