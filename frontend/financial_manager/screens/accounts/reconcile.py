"""Compare an account with the bank on a day, and lock the time up to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import flet as ft

from frontend.api.errors import ApiError
from frontend.api.generated.schemas import AccountOut
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.screens.parts.amounts import amount_input
from frontend.financial_manager.screens.parts.day_field import day_error, day_field
from frontend.i18n import calendar_day, money, parse_amount, parse_day, today, tr, typed_day
from frontend.kit import (
    Form,
    body,
    caption,
    describe_error,
    dialog,
    keyed,
    notice,
    primary_button,
    toast,
    use_action,
    use_mount,
)
from frontend.kit.standalone import standalone


async def reconcile(ledger: LedgerProvider, account: AccountOut) -> None:
    """Ask for the day and what the bank says, and lock the account up to it."""
    form = Form({"day": typed_day(account["last"] or today())})
    name = tr("Reconcile {account}", account=account["name"])
    day = await dialog(name, lambda close: standalone(Reconcile, form, ledger, account, close))
    if day is not None:
        toast(tr("Everything up to {day} is locked.", day=calendar_day(str(day))))


def reconcile_errors(form: Form, held: int | None, currency: str) -> dict[str, str]:
    """Return what is wrong by field. `held`: what Homie says of the chosen day (minor units)."""
    said = {"day": day_error(form["day"])}
    if form["bank"].strip():
        bank = parse_amount(form["bank"], currency)
        if bank is None:
            said["bank"] = tr("This is no amount. Write it like {example}.", example=money(1234, currency))
        elif held is not None and bank != held:
            apart = money(abs(bank - held), currency)
            said["bank"] = tr(
                "{amount} apart. Look for what is missing or twice; empty locks all the same.", amount=apart
            )
    return {name: text for name, text in said.items() if text}


@ft.component
def Reconcile(form: Form, ledger: LedgerProvider, account: AccountOut, close: Callable[[Any], None]) -> ft.Control:
    """Show what Homie says of the chosen day beside what the bank says; stays until it is right, and locked."""
    currency = account["currency"]
    unknown: tuple[date, int] | None = None
    known, set_known = ft.use_state(unknown)
    well: ApiError | None = None
    failed, set_failed = ft.use_state(well)
    nothing: dict[str, str] = {}
    wrong, set_wrong = ft.use_state(nothing)

    async def look() -> None:
        set_known(None)
        set_failed(None)
        asked = parse_day(form["day"])
        if asked is None:
            return
        found, error = unknown, well
        try:
            found = (asked, await ledger.held_on(account, asked.isoformat()))
        except ApiError as refused:
            error = refused
        if parse_day(form["day"]) == asked:  # if another day was typed meanwhile, its answer counts
            set_known(found)
            set_failed(error)

    async def day_typed(_: str) -> None:
        set_wrong(nothing)
        await look()

    async def lock() -> None:
        day = parse_day(form["day"])
        held = _held_on(day, known)
        said = reconcile_errors(form, held, currency)
        set_wrong(said)
        if said or day is None:
            return
        if held is None:  # nobody saw what the account held on that day: it is asked for, and shown before
            await look()
            return
        await ledger.change_account(account, reconciled_through=day.isoformat())
        close(day.isoformat())

    use_mount(look)
    action = use_action(lock, quiet=True)
    day = parse_day(form["day"])
    rows: list[ft.Control] = [
        keyed(_Held, "held", day, _held_on(day, known), currency),
        day_field(form, "day", tr("Up to the end of this day"), error=wrong.get("day"), on_change=day_typed),
        amount_input(
            form, "bank", tr("What the bank says (if you like)"), currency, error=wrong.get("bank"), signed=True
        ),
        body(tr("Locked time changes no more. You can unlock it whenever you want."), muted=True),
    ]
    if (error := action.error or failed) is not None:
        rows.append(notice(" ".join(describe_error(error)), "bad"))
    rows.append(ft.Row([primary_button(tr("Lock up to this day"), action)], alignment=ft.MainAxisAlignment.END))
    return ft.Column(rows, spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _held_on(day: date | None, known: tuple[date, int] | None) -> int | None:
    """Return what is known of a day, and never what is known of another one."""
    return known[1] if known is not None and known[0] == day else None


@ft.component
def _Held(day: Any, held: int | None, currency: str) -> ft.Control:
    if day is None or held is None:
        return caption(tr("Choose a day to see what the account held then."))
    return body(
        tr("Homie says that it held {amount} at the end of {day}.", amount=money(held, currency), day=calendar_day(day))
    )
