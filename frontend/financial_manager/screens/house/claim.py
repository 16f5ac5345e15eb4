"""One invoice or release of a house: how its amount comes about, how it is paid, and what was paid for it."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import ClaimOut, ContractOut, PaymentOut
from frontend.financial_manager.house_provider import INVOICE, RELEASE, HouseProvider
from frontend.financial_manager.house_words import (
    claim_about,
    claim_name,
    claim_state,
    invoice_kind,
    place,
    release_kind,
)
from frontend.financial_manager.screens.house.editor import DeleteButton, use_deletion
from frontend.financial_manager.screens.house.figures import claim_ladder
from frontend.financial_manager.screens.house.use_house import house_screen, use_house
from frontend.i18n import calendar_day, money, tr
from frontend.kit import (
    GAP,
    Screen,
    Tile,
    body,
    caption,
    card,
    chip,
    icon_action,
    keyed,
    navigate,
    primary_button,
    scroll_body,
    section,
    tile,
)


@ft.component
def HouseInvoice() -> ft.Control:
    """Show the invoice that the address names."""
    house = use_house()
    row_id = ft.use_route_params()["invoice_id"]
    return house_screen(house, tr("Invoice"), place(house.house_id), lambda: _screen(house, INVOICE, row_id))


@ft.component
def HouseRelease() -> ft.Control:
    """Show the release that the address names."""
    house = use_house()
    row_id = ft.use_route_params()["release_id"]
    return house_screen(house, tr("Release"), place(house.house_id), lambda: _screen(house, RELEASE, row_id))


def _screen(house: HouseProvider, kind: str, row_id: str) -> ft.Control | None:
    row = house.row(kind, row_id)
    contract = house.row("contract", row["contract_id"]) if row is not None else None
    claim = house.claim(row["contract_id"], row_id) if row is not None else None
    if contract is None or claim is None or house.status is None:
        return None
    unit, payments = house.status["currency"], house.payments_of(row_id)
    back = place(house.house_id, "contracts", contract["id"])
    actions: list[ft.Control] = []
    if kind == INVOICE:
        edit = place(house.house_id, "invoices", row_id, "edit")
        actions.append(icon_action(ft.Icons.EDIT_OUTLINED, tr("Change"), lambda: navigate(edit)))
    parts: list[ft.Control] = [
        _head(contract, claim, unit, invoice_kind(row["kind"]) if kind == INVOICE else release_kind(row["kind"])),
        claim_ladder(claim, unit, invoice=kind == INVOICE),
        _payments(house, payments, unit),
    ]
    if kind == INVOICE:
        done = money(row["net_to_date_minor"], unit)
        parts.insert(2, caption(tr("Everything done up to this invoice: {amount} without VAT.", amount=done)))
    elif not payments:
        parts.append(ft.Row([keyed(DeleteButton, row_id, house, RELEASE, row_id, back)]))
    return Screen(
        claim_name(house, row_id),
        scroll_body(*parts, spacing=GAP * 1.25),
        back=back,
        subtitle=contract["vendor"],
        actions=actions,
    )


def _head(contract: ContractOut, claim: ClaimOut, unit: str, kind: str) -> ft.Control:
    said, tone = claim_state(claim, unit)
    left = claim["open_minor"]
    rows: list[ft.Control] = [
        caption(tr("Still to be paid") if left > 0 else tr("Comes back") if left < 0 else kind),
        ft.Row(
            [
                ft.Text(money(abs(left) or claim["due_minor"], unit), theme_style=ft.TextThemeStyle.HEADLINE_MEDIUM),
                chip(said, tone),
            ],
            spacing=12,
            wrap=True,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        caption(
            f"{contract['vendor']} · {kind} · {calendar_day(claim['date'])} · {claim_about(claim, unit)}", max_lines=4
        ),
    ]
    return card(*rows, padding=GAP)


def _payments(house: HouseProvider, payments: list[PaymentOut], unit: str) -> ft.Control:
    rows: list[ft.Control] = [keyed(PaymentLine, one["id"], house, one, unit) for one in payments]
    shown: ft.Control = body(tr("Nothing was paid yet."), muted=True)
    if rows:
        shown = card(ft.Column(rows, spacing=0, tight=True), padding=4)
    return section(tr("Payments"), shown, PayButton())


@ft.component
def PayButton() -> ft.Control:
    """Lead to paying what this page shows."""
    here = (ft.context.page.route or "").split("?")[0].rstrip("/")
    return ft.Row(
        [primary_button(tr("Enter payment"), lambda: navigate(f"{here}/pay"), icon=ft.Icons.PAYMENTS_OUTLINED)]
    )


@ft.component
def PaymentLine(house: HouseProvider, payment: PaymentOut, unit: str) -> ft.Control:
    """Show one payment, the booking behind it, and where the money came from."""
    remove = use_deletion(house, "payment", payment["id"], "")
    source = house.row("source", payment["financing_id"])
    told = [tr("By a booking") if payment["transaction_id"] else tr("Entered by hand")]
    if payment["skonto_minor"]:
        told.append(tr("{amount} Skonto kept", amount=money(payment["skonto_minor"], unit)))
    if source is not None:
        told.append(tr("From {account}", account=source["title"]))
    booking = payment["transaction_id"]
    return tile(
        Tile(
            f"{calendar_day(payment['date'])} · {money(payment['amount_minor'], unit)}",
            " · ".join(told),
            ft.Icons.PAYMENTS_OUTLINED,
            (lambda: navigate(f"/financial_manager/transactions/{booking}")) if booking else None,
            icon_action(ft.Icons.CLOSE, tr("Delete this payment"), remove),
        )
    )
