"""The categories: search, add, rename, hide, move to another group, delete."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import CategoryIn, CategoryOut
from frontend.financial_manager.category_names import category_title
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.places import ROOT
from frontend.financial_manager.screens.use_money import use_ledger
from frontend.i18n import tr
from frontend.kit import (
    GAP,
    Form,
    Screen,
    TextInput,
    Tile,
    body,
    chip,
    choose_sheet,
    confirm,
    dialog,
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
from frontend.kit.standalone import standalone


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
        if await _ask(name, form, with_direction=group is None):
            values: Any = {"title": form["title"].strip(), "direction": form["direction"]}
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
            form = Form({"title": name})
            if await _ask(tr("Rename {name}", name=name), form):
                await ledger.change_category(category, title=form["title"].strip())
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


async def _ask(name: str, form: Form, *, with_direction: bool = False) -> bool:
    """Ask for a category's name; tell whether one was given."""
    said = await dialog(
        name,
        lambda close: standalone(_NameField, form, with_direction, close),
        actions=[(tr("Save"), "typed")],
    )
    return said == "typed" and bool(form["title"].strip())


@ft.component
def _NameField(form: Form, with_direction: bool, close: Any) -> ft.Control:
    direction, set_direction = ft.use_state(form["direction"])

    def choose(chosen: str) -> None:
        form.values["direction"] = chosen
        set_direction(chosen)

    rows: list[ft.Control] = [
        TextInput(
            form, "title", tr("Name"), max_length=120, counter="", on_submit=lambda: close("typed"), autofocus=True
        )
    ]
    if with_direction:
        ways = [("expense", tr("Spent")), ("income", tr("Received"))]
        rows.append(filter_chips(direction, ways, choose))
    return ft.Column(rows, spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
