"""One contract of a house: what was agreed, what changed, what was invoiced, what is held back."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import ChangeOrderOut, ContractOut
from frontend.financial_manager.house_provider import HouseProvider
from frontend.financial_manager.house_words import asked_for, percent_text, place
from frontend.financial_manager.screens.house.editor import Editing, RowEditor
from frontend.financial_manager.screens.house.figures import amount_rows
from frontend.financial_manager.screens.house.forms import (
    change_fields,
    contract_fields,
    invoice_fields,
    release_fields,
)
from frontend.financial_manager.screens.house.house import claim_tile
from frontend.financial_manager.screens.house.use_house import house_screen, use_house
from frontend.i18n import calendar_day, money, tr
from frontend.kit import (
    GAP,
    Screen,
    Tile,
    body,
    caption,
    card,
    icon_action,
    icon_badge,
    keyed,
    navigate,
    notice,
    quiet_button,
    scroll_body,
    section,
    tile_group,
    title,
)
from frontend.kit.facts import facts


@ft.component
def HouseContract() -> ft.Control:
    """Show the contract that the address names."""
    house = use_house()
    contract_id = ft.use_route_params()["contract_id"]
    return house_screen(
        house, tr("Contract"), place(house.house_id), lambda: _screen(house, house.row("contract", contract_id))
    )


def _screen(house: HouseProvider, contract: ContractOut | None) -> ft.Control | None:
    if contract is None or house.status is None:
        return None
    unit = house.status["currency"]
    edit = place(house.house_id, "contracts", contract["id"], "edit")
    parts = [
        section(tr("What was agreed"), facts(_terms(contract, unit))),
        _invoices(house, contract),
        _changes(house, contract, unit),
        *_held(house, contract, unit),
    ]
    if contract["note"]:
        parts.append(section(tr("Note"), body(contract["note"])))
    return Screen(
        contract["vendor"],
        scroll_body(*parts, spacing=GAP * 1.25),
        back=place(house.house_id, "lines", contract["line_id"]),
        subtitle=contract["title"],
        actions=[icon_action(ft.Icons.EDIT_OUTLINED, tr("Change"), lambda: navigate(edit))],
    )


def _terms(contract: ContractOut, unit: str) -> list[tuple[str, str]]:
    def rate(name: str) -> str:
        bp = contract[name]  # type: ignore[literal-required]
        return tr("{percent} %", percent=percent_text(bp)) if bp else ""

    skonto = rate("skonto_bp")
    if skonto:
        skonto = tr("{percent} within {days} days", percent=skonto, days=contract["skonto_days"])
    liability = rate("liability_bp")
    if liability and contract["liability_until"]:
        liability = tr("{percent} until {day}", percent=liability, day=calendar_day(contract["liability_until"]))
    known = [
        (tr("Without VAT"), money(contract["net_minor"], unit)),
        (tr("VAT"), rate("vat_bp")),
        (tr("Signed on"), calendar_day(contract["signed_on"]) if contract["signed_on"] else ""),
        (tr("To be paid within"), tr("{days} days", days=contract["due_days"])),
        (tr("Skonto"), skonto),
        (tr("Kept from partial invoices"), rate("cover_bp")),
        (tr("Kept from the final invoice"), liability),
    ]
    return [(name, value) for name, value in known if value]


def _invoices(house: HouseProvider, contract: ContractOut) -> ft.Control:
    add = place(house.house_id, "invoices", "new", contract=contract["id"])
    found = house.invoices_of(contract["id"])
    claims = [(one, house.claim(contract["id"], one["id"])) for one in found]
    tiles = [claim_tile(house, contract, claim, named=False) for _, claim in claims if claim is not None]
    rows: list[ft.Control] = [tile_group(tiles)] if tiles else [body(tr("Nothing was invoiced yet."), muted=True)]
    enter = quiet_button(tr("Enter invoice"), lambda: navigate(add), icon=ft.Icons.ADD)
    ended = any(one["kind"] == "final" for one in found)
    return section(tr("Invoices"), *rows, action=None if ended else enter)


def _changes(house: HouseProvider, contract: ContractOut, unit: str) -> ft.Control:
    assert house.site is not None
    add = place(house.house_id, "changes", "new", contract=contract["id"])
    found = [one for one in house.site["change_orders"] if one["contract_id"] == contract["id"]]
    rows: list[ft.Control] = [tile_group([_change(house, one, unit) for one in found])] if found else []
    if not found:
        rows.append(body(tr("What the company changes of its work, dearer or cheaper, stands here."), muted=True))
    enter = quiet_button(tr("Enter change"), lambda: navigate(add), icon=ft.Icons.ADD)
    return section(tr("Changes of the contract"), *rows, action=enter)


def _change(house: HouseProvider, change: ChangeOrderOut, unit: str) -> Tile:
    approved = change["approved_on"]
    said = tr("Approved on {day}", day=calendar_day(approved)) if approved else tr("Asked for, not approved")
    return Tile(
        change["title"],
        said,
        leading=icon_badge(ft.Icons.CHECK if approved else ft.Icons.HOURGLASS_EMPTY, "good" if approved else "warn"),
        on_click=lambda: navigate(place(house.house_id, "changes", change["id"])),
        trailing=title(money(change["net_minor"], unit, signed=True), max_lines=1),
        key=change["id"],
    )


def _held(house: HouseProvider, contract: ContractOut, unit: str) -> list[ft.Control]:
    """Show what is held back, and what of it was released; nothing where nothing ever was."""
    order = house.order(contract["id"])
    if order is None or not order["held_minor"]:
        return []
    add = place(house.house_id, "releases", "new", contract=contract["id"])
    releases = [one for one in order["claims"] if house.row("release", one["id"]) is not None]
    rows = [
        (tr("Held back until now"), money(order["held_minor"], unit)),
        (tr("Came free"), money(order["released_minor"], unit)),
        (tr("Held back now"), money(order["retained_minor"], unit)),
    ]
    parts: list[ft.Control] = [card(amount_rows(rows, strong=(tr("Held back now"),)), padding=GAP)]
    if releases:
        parts.append(tile_group([claim_tile(house, contract, one, named=False) for one in releases]))
    free = quiet_button(tr("Release money"), lambda: navigate(add), icon=ft.Icons.LOCK_OPEN)
    return [section(tr("Held back"), *parts, action=free if order["retained_minor"] > 0 else None)]


@ft.component
def HouseContractNew() -> ft.Control:
    """Ask for a new contract on a line."""
    house = use_house()
    line_id = asked_for(ft.context.page.route, "line")
    back = place(house.house_id, "lines", line_id)

    def make() -> ft.Control | None:
        if house.site is None or house.row("line", line_id) is None:
            return None
        of = Editing(
            tr("Enter contract"), "contract", contract_fields(), back,
            lambda row: place(house.house_id, "contracts", row), house.site["currency"], fixed={"line_id": line_id},
        )  # fmt: skip
        return keyed(RowEditor, f"new{line_id}", house, of)

    return house_screen(house, tr("Enter contract"), back, make)


@ft.component
def HouseContractEdit() -> ft.Control:
    """Show the fields of the contract that the address names."""
    house = use_house()
    contract_id = ft.use_route_params()["contract_id"]
    back = place(house.house_id, "contracts", contract_id)

    def make() -> ft.Control | None:
        row = house.row("contract", contract_id)
        if row is None or house.site is None:
            return None
        order = house.order(contract_id)
        changed = any(one["contract_id"] == contract_id for one in house.site["change_orders"])
        empty = order is not None and not order["claims"] and not changed
        after = place(house.house_id, "lines", row["line_id"]) if empty else ""
        of = Editing(
            tr("Change contract"), "contract", contract_fields(), back, lambda _: back, house.site["currency"], row,
            deleted=after,
        )  # fmt: skip
        return keyed(RowEditor, contract_id, house, of)

    return house_screen(house, tr("Change contract"), back, make)


@ft.component
def HouseChange() -> ft.Control:
    """Enter a change of a contract, or change, approve or delete the one that the address names."""
    house = use_house()
    change_id = ft.use_route_params().get("change_id", "")
    wanted = asked_for(ft.context.page.route, "contract")
    name = tr("Change of the contract") if change_id else tr("Enter change")

    def make() -> ft.Control | None:
        row = house.row("change_order", change_id) if change_id else None
        contract_id = row["contract_id"] if row is not None else wanted
        if house.site is None or house.row("contract", contract_id) is None:
            return None
        back = place(house.house_id, "contracts", contract_id)
        of = Editing(
            name, "change_order", change_fields(), back, lambda _: back, house.site["currency"], row,
            {"contract_id": contract_id}, back,
        )  # fmt: skip
        return keyed(RowEditor, change_id or f"new{contract_id}", house, of)

    return house_screen(house, name, place(house.house_id), make)


@ft.component
def HouseInvoiceEdit() -> ft.Control:
    """Enter an invoice of a contract, or change or delete the one that the address names."""
    house = use_house()
    invoice_id = ft.use_route_params().get("invoice_id", "")
    wanted = asked_for(ft.context.page.route, "contract")
    name = tr("Change invoice") if invoice_id else tr("Enter invoice")

    def make() -> ft.Control | None:
        row = house.row("invoice", invoice_id) if invoice_id else None
        contract_id = row["contract_id"] if row is not None else wanted
        if house.site is None or house.row("contract", contract_id) is None:
            return None
        contract = place(house.house_id, "contracts", contract_id)
        back = place(house.house_id, "invoices", invoice_id) if invoice_id else contract
        after = "" if house.payments_of(invoice_id) else contract
        of = Editing(
            name, "invoice", invoice_fields(), back, lambda made: place(house.house_id, "invoices", made),
            house.site["currency"], row, {"contract_id": contract_id}, after,
        )  # fmt: skip
        return keyed(RowEditor, invoice_id or f"new{contract_id}", house, of, _before(house, contract_id, row))

    return house_screen(house, name, place(house.house_id), make)


def _before(house: HouseProvider, contract_id: str, row: object) -> tuple[ft.Control, ...]:
    """Say how far the last invoice came, so that the next one is entered with everything done so far."""
    last = house.invoices_of(contract_id)
    if row is not None or not last or house.site is None:
        return ()
    amount = money(last[-1]["net_to_date_minor"], house.site["currency"])
    return (notice(tr("The invoice before it came to {amount} without VAT.", amount=amount), "neutral"),)


@ft.component
def HouseReleaseNew() -> ft.Control:
    """Ask how much of what is held back is to be paid out."""
    house = use_house()
    contract_id = asked_for(ft.context.page.route, "contract")
    back = place(house.house_id, "contracts", contract_id)

    def make() -> ft.Control | None:
        order = house.order(contract_id)
        if order is None or house.site is None:
            return None
        unit = house.site["currency"]
        ended = any(one["kind"] == "final" for one in house.invoices_of(contract_id))
        of = Editing(
            tr("Release money"), "release", release_fields(ended=ended), back,
            lambda row: place(house.house_id, "releases", row), unit, fixed={"contract_id": contract_id},
        )  # fmt: skip
        said = caption(tr("{amount} are held back now.", amount=money(order["retained_minor"], unit)))
        return keyed(RowEditor, f"new{contract_id}", house, of, (said,))

    return house_screen(house, tr("Release money"), back, make)
