"""Enter, change or delete one row of a house."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import flet as ft

from frontend.financial_manager.changes_provider import ChangesProvider
from frontend.financial_manager.house_provider import HouseProvider
from frontend.financial_manager.screens.house.fields import Field, RowFields, begin_values, form_body, form_errors
from frontend.financial_manager.screens.parts.footer import footer
from frontend.financial_manager.screens.parts.newer_row import NewerRow, keep_typed, use_begun_with
from frontend.i18n import tr
from frontend.kit import (
    Screen,
    confirm,
    danger_button,
    field_errors,
    keyed,
    navigate,
    notice,
    primary_button,
    scroll_body,
    toast,
    use_action,
    use_form,
    use_session,
)


@dataclass(frozen=True, eq=False)
class Editing:
    """Describe what is edited. `row`: None for a new one; `fixed`: what a new one has beside its fields.

    `saved`: the place to go to, of the row's id; `deleted`: the place after deleting, "" where it cannot be.
    """

    title: str
    kind: str
    fields: tuple[Field, ...]
    back: str
    saved: Callable[[str], str]
    currency: str
    row: Any = None
    fixed: Mapping[str, Any] = field(default_factory=dict)
    deleted: str = ""


@ft.component
def RowEditor(house: HouseProvider, of: Editing, above: tuple[ft.Control, ...] = ()) -> ft.Control:
    """Show the form; `above` explains what stands before it."""
    begun = use_begun_with(of.row)
    form = use_form(keep=of.kind, **begin_values(of.fields, begun.row, of.currency))
    nothing: dict[str, str] = {}
    wrong, set_wrong = ft.use_state(nothing)

    async def save() -> None:
        said = form_errors(of.fields, form, of.currency)
        set_wrong(said)
        if said:
            return
        body = form_body(of.fields, form, of.currency)
        if begun.row is None:
            made = await house.enter(of.kind, {**body, **of.fixed})
        else:
            made = begun.row["id"]
            changes = {name: value for name, value in body.items() if value != begun.row[name]}
            if changes and not await begun.saving(lambda: house.change(of.kind, begun.row, **changes)):
                return
        form.sent()
        navigate(of.saved(made))

    async def take_newer() -> None:
        newer = await house.newest(of.kind, begun.row["id"])
        if newer is not None:
            before, after = (begin_values(of.fields, row, of.currency) for row in (begun.row, newer))
            keep_typed(form, before, after)
            begun.take(newer)

    action = use_action(save)
    errors: dict[str, str] = {**field_errors(action), **wrong}
    known = {one.name for one in of.fields}
    rest = [text for name, text in errors.items() if name not in known]
    buttons: list[ft.Control] = [primary_button(tr("Save"), action)]
    if of.row is not None and of.deleted:
        buttons.insert(0, DeleteButton(house, of.kind, of.row["id"], of.deleted))
    return Screen(
        of.title,
        scroll_body(
            *above,
            *[notice(text, "bad") for text in rest],
            NewerRow(begun, take_newer),
            keyed(RowFields, f"fields{begun.round}", form, of.fields, errors, of.currency, fresh=of.row is None),
        ),
        back=of.back,
        footer=footer(*buttons),
    )


@ft.component
def DeleteButton(house: HouseProvider, kind: str, row_id: str, after: str) -> ft.Control:
    """Delete a row, say so, and offer to take it back."""
    return danger_button(tr("Delete"), use_deletion(house, kind, row_id, after))


def use_deletion(house: HouseProvider, kind: str, row_id: str, after: str) -> Callable[..., Awaitable[None]]:
    """Return the action that deletes a row after asking; it offers to take that back."""
    changes = use_session().of(ChangesProvider)

    async def undo() -> None:
        changes.stand_in(house.space)
        if await changes.undo_last(f"building.{kind}.delete", row_id):
            await house.load()
            toast(tr("It is back."))

    put_back = use_action(undo)

    async def delete() -> None:
        text = tr("The list of changes brings it back.")
        if not await confirm(tr("Delete this?"), text, tr("Delete"), danger=True):
            return
        await house.delete(kind, row_id)
        if after:
            navigate(after)
        toast(tr("It is deleted."), action=tr("Undo"), on_action=put_back)

    return use_action(delete)
