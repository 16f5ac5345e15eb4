"""The categories: search, add, rename, hide, move to another group, delete."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import CategoryIn, CategoryOut
from frontend.financial_manager.category_names import category_title
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.places import ROOT
from frontend.financial_manager.screens.parts.use_money import use_ledger
from frontend.i18n import tr
from frontend.kit import (
    Form,
    Screen,
    TextInput,
    Tile,
    ask_text,
    body,
    chip,
    choose_sheet,
    confirm,
    filter_chips,
    heading,
    icon_action,
    keyed,
    navigate,
    scroll_body,
    state_of,
    tile,
    toast,
    toggle,
    use_action,
    use_form,
)


@ft.component
def Categories() -> ft.Control:
    """Show the tree; hidden ones only where they are asked for."""
    ledger = use_ledger()
    form = use_form()
    query, set_query = ft.use_state("")
    hidden, set_hidden = ft.use_state(False)

    async def typed(text: str) -> None:
        set_query(text.strip())

    def content() -> ft.Control:
        groups = _shown(ledger, query, hidden)
        rows: list[ft.Control] = [
            ft.Container(height=0),
            TextInput(form, "search", tr("Search categories"), on_change=typed, prefix_icon=ft.Icons.SEARCH),
            *(keyed(Group, one["id"], one, inside, ledger) for one, inside in groups),
        ]
        if not groups:
            rows.append(body(tr("No category is called that."), muted=True))
        rows.append(toggle(tr("Show hidden ones too"), hidden, set_hidden))
        return scroll_body(*rows)

    return Screen(
        tr("Categories"),
        state_of(ledger, content),
        back=f"{ROOT}/accounts",
        actions=[icon_action(ft.Icons.ADD, tr("Add category"), use_add(ledger, None))],
    )


def _shown(ledger: LedgerProvider, query: str, hidden: bool) -> list[tuple[CategoryOut, list[CategoryOut]]]:
    """Return the groups with what is shown in each; a group that fits by its own name is shown whole."""
    words = query.casefold().split()
    found = []
    for group in ledger.inside(None):
        if group["hidden"] and not hidden:
            continue
        whole = all(word in category_title(group).casefold() for word in words)
        inside = [
            one
            for one in ledger.inside(group["id"])
            if (hidden or not one["hidden"])
            and (whole or all(word in category_title(one).casefold() for word in words))
        ]
        if inside or whole:
            found.append((group, inside))
    return found


@ft.component
def Group(group: CategoryOut, inside: list[CategoryOut], ledger: LedgerProvider) -> ft.Control:
    """Show a group with the categories in it."""
    name = category_title(group)
    head = ft.Row(
        [
            ft.Container(heading(name), expand=True),
            icon_action(ft.Icons.ADD, tr("Add to {group}", group=name), use_add(ledger, group)),
            icon_action(ft.Icons.MORE_VERT, tr("More for {name}", name=name), use_work(ledger, group)),
        ],
        spacing=0,
    )
    lines: list[ft.Control] = [keyed(Line, one["id"], one, ledger) for one in inside]
    return ft.Column([head, *lines], spacing=0, tight=True)


@ft.component
def Line(category: CategoryOut, ledger: LedgerProvider) -> ft.Control:
    """Show one category."""
    work = use_work(ledger, category)
    mark = chip(tr("Hidden")) if category["hidden"] else ft.Icon(
        ft.Icons.MORE_VERT, color=ft.Colors.ON_SURFACE_VARIANT
    )  # fmt: skip
    return tile(Tile(category_title(category), "", ft.Icons.SELL_OUTLINED, work, mark, key=category["id"]))


def use_add(ledger: LedgerProvider, group: CategoryOut | None) -> Any:
    """Return the action that asks for a new category's name; without a group it is a group of its own."""

    async def add() -> None:
        form = Form({"direction": group["direction"] if group is not None else "expense"})
        name = tr("New category in {group}", group=category_title(group)) if group is not None else tr("New group")
        more = (lambda: (Directions(form),)) if group is None else tuple
        title = await ask_text(name, tr("Name"), yes=tr("Save"), more=more, most=120)
        if title is None:
            return
        values: Any = {"title": title, "direction": form["direction"]}
        if group is not None:
            values["parent_id"] = group["id"]
        made = await ledger.add_category(_as_category(values))
        toast(tr("{category} is there.", category=made["title"]))

    return use_action(add)


def _as_category(values: Any) -> CategoryIn:
    found: CategoryIn = values
    return found


def use_work(ledger: LedgerProvider, category: CategoryOut) -> Any:
    """Return the action that offers what can be done with a category, and does it."""

    async def work() -> None:
        name = category_title(category)
        chosen = await choose_sheet(name, _choices(ledger, category))
        if chosen == "look":
            navigate(f"{ROOT}/transactions?category={category['id']}")
        elif chosen == "rename":
            title = await ask_text(tr("Rename {name}", name=name), tr("Name"), name, yes=tr("Save"), most=120)
            if title is not None and title != name:  # a shipped one keeps its key's name: it is translated
                await ledger.change_category(category, title=title)
        elif chosen == "hide":
            await ledger.change_category(category, hidden=not category["hidden"])
        elif chosen == "move":
            await _move(ledger, category)
        elif chosen == "delete":
            text = tr("Only what no booking stands on can be deleted. The list of changes brings it back.")
            if await confirm(tr("Delete {name}?", name=name), text, tr("Delete"), danger=True):
                await ledger.delete_category(category)

    return use_action(work)


def _choices(ledger: LedgerProvider, category: CategoryOut) -> list[tuple[str, Tile]]:
    hide = Tile(tr("Show again"), "", ft.Icons.VISIBILITY_OUTLINED) if category["hidden"] else Tile(
        tr("Hide"), tr("It is offered no longer; bookings keep it"), ft.Icons.VISIBILITY_OFF_OUTLINED
    )  # fmt: skip
    found = [
        ("look", Tile(tr("Its transactions"), "", ft.Icons.RECEIPT_LONG_OUTLINED)),
        ("rename", Tile(tr("Rename"), "", ft.Icons.EDIT_OUTLINED)),
        ("hide", hide),
    ]
    if not ledger.inside(category["id"]):
        found.append(("move", Tile(tr("Move to another group"), "", ft.Icons.DRIVE_FILE_MOVE_OUTLINED)))
        found.append(("delete", Tile(tr("Delete"), "", ft.Icons.DELETE_OUTLINE)))
    return found


async def _move(ledger: LedgerProvider, category: CategoryOut) -> None:
    groups = [one for one in ledger.inside(None) if one["id"] != category["id"] and not one["hidden"]]
    tiles = [(one["id"], Tile(category_title(one), selected=one["id"] == category["parent_id"])) for one in groups]
    chosen = await choose_sheet(tr("To which group?"), tiles)
    if chosen is not None and chosen != category["parent_id"]:
        await ledger.change_category(category, parent_id=chosen)


@ft.component
def Directions(form: Form) -> ft.Control:
    """Let the direction of a new group be chosen."""
    direction, set_direction = ft.use_state(form["direction"])

    def choose(chosen: str) -> None:
        form.values["direction"] = chosen
        set_direction(chosen)

    return filter_chips(direction, [("expense", tr("Spent")), ("income", tr("Received"))], choose)
