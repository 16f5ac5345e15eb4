"""The fields of a payment that comes again: one form for a new one and for changing one."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import RecurringDetailOut
from frontend.financial_manager.insight_words import CADENCES, how_often
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.screens.parts.amounts import amount_error, amount_input
from frontend.financial_manager.screens.parts.day_field import day_error, day_field
from frontend.i18n import parse_amount, parse_day, plain_amount, tr, typed_day
from frontend.kit import GAP, Form, TextInput, choice, filter_chips


def recurring_values(one: RecurringDetailOut | None, ledger: LedgerProvider) -> dict[str, str]:
    """Return what the fields begin with."""
    if one is None:
        usual = ledger.usual_account
        return {"way": "out", "cadence": "monthly", "account_id": usual["id"] if usual is not None else ""}
    return {
        "way": "out" if one["amount_minor"] < 0 else "in",
        "cadence": one["cadence"],
        "account_id": one["account_id"],
        "name": one["name"],
        "amount": plain_amount(abs(one["amount_minor"]), one["currency"]),
        "due": typed_day(one["next_on"]) if one["next_on"] else "",
        "ends": typed_day(one["ends_on"]) if one["ends_on"] else "",
        "note": one["note"],
    }


def recurring_errors(form: Form, currency: str, *, new: bool) -> dict[str, str]:
    """Return what is wrong with what was typed, by field; the hub checks the rest."""
    said = {
        "name": "" if form["name"].strip() else tr("Give it a name."),
        "amount": amount_error(form["amount"], currency),
        "due": day_error(form["due"], needed=new),
        "ends": day_error(form["ends"], needed=False),
    }
    return {name: text for name, text in said.items() if text}


def recurring_body(form: Form, currency: str, one: RecurringDetailOut | None) -> dict[str, Any]:
    """Return what is sent: all of a new one, or what was changed of one."""
    minor = abs(parse_amount(form["amount"], currency) or 0)
    due, ends = parse_day(form["due"]), parse_day(form["ends"])
    found: dict[str, Any] = {
        "name": form["name"].strip(),
        "cadence": form["cadence"],
        "amount_minor": -minor if form["way"] == "out" else minor,
        "due_on": due.isoformat() if due is not None else None,
        "ends_on": ends.isoformat() if ends is not None else None,
        "note": form["note"].strip(),
    }
    if one is None:
        return {**found, "account_id": form["account_id"], "counterparty": form["counterparty"].strip()}
    before = {**one, "due_on": one["next_on"]}
    changed = {name: value for name, value in found.items() if value != before[name]}
    if "cadence" in changed and found["due_on"] is not None:
        changed["due_on"] = found["due_on"]
    return changed


@ft.component
def RecurringFields(
    form: Form, errors: dict[str, str], ledger: LedgerProvider, one: RecurringDetailOut | None
) -> ft.Control:
    """Show the fields; `errors` say what is wrong by field."""
    way, set_way = ft.use_state(form["way"])
    cadence, set_cadence = ft.use_state(form["cadence"])
    chosen, set_account = ft.use_state(form["account_id"])
    account = ledger.account(chosen)

    def choose(name: str, show: Any) -> Any:
        def take(value: str) -> None:
            form.values[name] = value
            show(value)

        return take

    rows: list[ft.Control] = [ft.Container(height=0)]  # room for the first field's name
    if one is None:
        rows.append(filter_chips(way, [("out", tr("Goes out")), ("in", tr("Comes in"))], choose("way", set_way)))
    rows.append(TextInput(form, "name", tr("Name"), error=errors.get("name"), max_length=200, counter=""))
    currency = one["currency"] if one is not None else account["currency"] if account is not None else "EUR"
    rows.append(amount_input(form, "amount", tr("Amount"), currency, error=errors.get("amount")))
    options = [(key, how_often(key)) for key in CADENCES]
    rows.append(choice(tr("How often"), cadence, options, choose("cadence", set_cadence)))
    rows.append(day_field(form, "due", tr("Due next on"), error=errors.get("due")))
    if one is None:
        accounts = [(some["id"], some["name"]) for some in ledger.open_accounts]
        rows.append(choice(tr("Account"), chosen, accounts, choose("account_id", set_account)))
        rows.append(
            TextInput(
                form, "counterparty", tr("As the bank writes it"), max_length=200, counter="",
                helper=tr("Leave it empty if it is the name. By it Homie knows that it was paid."),
            )
        )  # fmt: skip
    rows.append(day_field(form, "ends", tr("Ends on (if it ends)"), error=errors.get("ends")))
    rows.append(TextInput(form, "note", tr("Note"), multiline=True, max_lines=4))
    return ft.Column(rows, spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
