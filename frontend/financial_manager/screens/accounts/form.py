"""The fields of an account: one form for a new one and for changing one."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import AccountOut
from frontend.financial_manager.money_words import KINDS, kind_name
from frontend.financial_manager.screens.parts.amounts import amount_error, amount_input
from frontend.financial_manager.screens.parts.currency_choice import currency_choices
from frontend.financial_manager.screens.parts.day_field import day_error, day_field
from frontend.i18n import parse_amount, parse_day, plain_amount, tr, typed_day
from frontend.kit import GAP, Form, TextInput, body, choice, filter_chips, section

TEXTS = ("name", "iban", "institution", "note")


def account_values(account: AccountOut | None, own: str = "") -> dict[str, str]:
    """Return what the fields begin with; `own`: the currency of a new account, the household's own."""
    if account is None:
        return {"kind": "bank", "currency": own}
    opening = account["opening_date"]
    return {
        "name": account["name"],
        "kind": account["kind"],
        "currency": account["currency"],
        "iban": account["iban"],
        "institution": account["institution"],
        "note": account["note"],
        "opening": plain_amount(account["opening_minor"], account["currency"]) if opening else "",
        "opening_day": typed_day(opening) if opening else "",
    }


def account_errors(form: Form) -> dict[str, str]:
    """Return what is wrong with what was typed, by field; the hub checks the rest."""
    said: dict[str, str] = {}
    if not form["name"].strip():
        said["name"] = tr("Give it a name.")
    if form["opening"].strip():
        said["opening"] = amount_error(form["opening"], form["currency"])
        if not form["opening_day"].strip():
            said["opening_day"] = tr("On which day was that? Homie counts from the day after.")
    said.setdefault("opening_day", day_error(form["opening_day"], needed=False))
    return {name: text for name, text in said.items() if text}


def account_body(form: Form) -> dict[str, Any]:
    """Return what is sent of a new account."""
    opening = parse_amount(form["opening"], form["currency"]) if form["opening"].strip() else 0
    day = parse_day(form["opening_day"])
    return {
        **{name: form[name].strip() for name in TEXTS},
        "kind": form["kind"],
        "currency": form["currency"],
        "opening_minor": opening or 0,
        "opening_date": day.isoformat() if day is not None else None,
    }


def account_changes(form: Form, of: AccountOut) -> dict[str, Any]:
    """Return what differs from what was loaded, and nothing else."""
    first, whole = account_values(of), account_body(form)
    sent_of = {"opening_minor": "opening", "opening_date": "opening_day"}
    names = [name for name in whole if name != "currency"]
    touched = [name for name in names if form[sent_of.get(name, name)] != first[sent_of.get(name, name)]]
    return {name: whole[name] for name in touched if whole[name] != of[name]}  # type: ignore[literal-required]


@ft.component
def AccountFields(form: Form, errors: dict[str, str], account: AccountOut | None) -> ft.Control:
    """Show the fields; `errors` say what is wrong by field."""
    kind, set_kind = ft.use_state(form["kind"])
    currency, set_currency = ft.use_state(form["currency"])

    def choose_kind(chosen: str) -> None:
        form.values["kind"] = chosen
        set_kind(chosen)

    def choose_currency(chosen: str) -> None:
        form.values["currency"] = chosen
        set_currency(chosen)

    new = account is None
    rows: list[ft.Control] = [
        ft.Container(height=0),  # room for the first field's name
        TextInput(form, "name", tr("Name"), error=errors.get("name"), max_length=120, counter="", autofocus=new),
        filter_chips(kind, [(one, kind_name(one)) for one in KINDS], choose_kind),
    ]
    if new:
        rows.append(choice(tr("Currency"), currency, currency_choices(currency), choose_currency))
    rows += _bank_rows(form, errors, kind)
    rows.append(_beginning(form, errors, currency))
    rows.append(TextInput(form, "note", tr("Note"), error=errors.get("note"), multiline=True, max_lines=4))
    return ft.Column(rows, spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _bank_rows(form: Form, errors: dict[str, str], kind: str) -> list[ft.Control]:
    """Ask for the bank and the IBAN, where the kind of account has them."""
    rows: list[ft.Control] = []
    if kind in ("bank", "loan", "depot", "card"):
        error = errors.get("institution")
        rows.append(TextInput(form, "institution", tr("Bank"), error=error, max_length=120, counter=""))
    if kind in ("bank", "loan", "depot"):
        helper = tr("By it Homie knows which statements belong here")
        error = errors.get("iban")
        rows.append(TextInput(form, "iban", tr("IBAN"), error=error, max_length=50, counter="", helper=helper))
    return rows


def _beginning(form: Form, errors: dict[str, str], currency: str) -> ft.Control:
    """Ask what the account held before the first booking."""
    return section(
        tr("How it began"),
        body(tr("Leave this empty if you import statements: the first one tells what the account held."), muted=True),
        amount_input(form, "opening", tr("Held then"), currency, error=errors.get("opening"), signed=True),
        day_field(form, "opening_day", tr("At the end of this day"), error=errors.get("opening_day")),
    )
