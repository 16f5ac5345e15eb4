"""The fields of a trade: what happened, in which depot, of which security, how many and for how much."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import AccountOut, SecurityOut, TradeOut
from frontend.financial_manager.depot_words import TRADE_KINDS, trade_name
from frontend.financial_manager.depots_provider import DepotsProvider
from frontend.financial_manager.screens.parts.amounts import amount_error, amount_input
from frontend.financial_manager.screens.parts.day_field import DayChoice, day_error, day_field
from frontend.financial_manager.screens.securities.rate_offer import RateOffer
from frontend.i18n import (
    parse_amount,
    parse_day,
    parse_decimal,
    plain_amount,
    plain_decimal,
    today,
    tr,
    typed_day,
)
from frontend.kit import GAP, Form, TextInput, choice, filter_chips, keyed, label, navigate, quiet_button

WITH_QUANTITY = ("buy", "sell", "opening", "transfer")
WITH_AMOUNT = ("buy", "sell", "dividend", "fee", "opening", "cost_adjustment")
_OPTIONAL = {
    "buy": ("fees",),
    "sell": ("fees", "withheld", "surcharge"),
    "dividend": ("withheld", "surcharge", "foreign_withheld"),
    "cost_adjustment": ("income", "foreign_withheld", "withheld", "surcharge"),
}
"""Amounts that may be left empty."""


def trade_values(depot: AccountOut, security: SecurityOut | None) -> dict[str, str]:
    """Return what the fields begin with."""
    return {
        "kind": "buy", "depot": depot["id"], "security": security["id"] if security is not None else "",
        "currency": depot["currency"], "day": typed_day(today()), "new": "2", "old": "1", "way": "raise",
    }  # fmt: skip


def values_of(trade: TradeOut) -> dict[str, str]:
    """Return what the fields of a trade begin with when it is changed."""
    currency = trade["currency"]
    amounts = {"amount": trade["amount_minor"], "fees": trade["fees_minor"], "withheld": trade["withheld_minor"],
               "surcharge": trade["surcharge_minor"], "foreign_withheld": trade["foreign_withheld_minor"],
               "income": trade["income_minor"]}  # fmt: skip
    numbers = {
        "quantity": trade["quantity"],
        "rate": trade["fx_rate"],
        "new": trade["split_new"],
        "old": trade["split_old"],
    }
    return {
        "kind": trade["kind"], "depot": trade["depot_id"], "security": trade["security_id"] or "", "currency": currency,
        "day": typed_day(trade["date"]), "acquired": typed_day(trade["acquired"]) if trade["acquired"] else "",
        "way": "lower" if trade["sign"] < 0 else "raise", "note": trade["note"],
        **{name: plain_amount(minor, currency) if minor else "" for name, minor in amounts.items()},
        **{name: plain_decimal(number) if number else "" for name, number in numbers.items()},
    }  # fmt: skip


def trade_errors(form: Form, depot: AccountOut | None) -> dict[str, str]:
    """Return what is wrong with what was typed, by field; the hub checks the rest."""
    kind = form["kind"]
    said = {"day": day_error(form["day"])}
    if kind != "fee" and not form["security"]:
        said["security"] = tr("Choose the security.")
    if kind in WITH_QUANTITY and parse_decimal(form["quantity"]) is None:
        said["quantity"] = tr("How many? Write it like 12.5.")
    if kind in WITH_AMOUNT:
        said["amount"] = amount_error(form["amount"], form["currency"])
        if depot is not None and form["currency"] != depot["currency"] and parse_decimal(form["rate"]) is None:
            said["rate"] = tr("Type the rate of that day, or take the one below.")
    for name in _OPTIONAL.get(kind, ()):
        said[name] = amount_error(form[name], form["currency"]) if form[name].strip() else ""
    if kind == "split" and (parse_decimal(form["new"]) is None or parse_decimal(form["old"]) is None):
        said["new"] = tr("Write it like 4 for 1.")
    if kind == "transfer" and form["other"] in ("", form["depot"]):
        said["other"] = tr("Choose the other depot.")
    if kind == "opening":
        said["acquired"] = day_error(form["acquired"], needed=False)
    return {name: text for name, text in said.items() if text}


def trade_body(form: Form, depot: AccountOut) -> dict[str, Any]:
    """Return what is sent; what was typed was found right. A transfer has a body of its own."""
    kind, day = form["kind"], parse_day(form["day"])
    assert day is not None
    found: dict[str, Any] = {
        "security_id": form["security"] or None,
        "date": day.isoformat(),
        "note": form["note"].strip(),
    }
    if kind == "transfer":
        moved = {
            "from_depot_id": depot["id"],
            "to_depot_id": form["other"],
            "quantity": parse_decimal(form["quantity"]),
        }
        return found | moved
    found |= {"kind": kind, "depot_id": depot["id"]}
    if kind == "fee":
        found["security_id"] = None
    if kind in WITH_QUANTITY:
        found["quantity"] = parse_decimal(form["quantity"])
    if kind in WITH_AMOUNT:
        found |= {"amount_minor": parse_amount(form["amount"], form["currency"]), "currency": form["currency"]}
        found["fx_rate"] = parse_decimal(form["rate"]) if form["currency"] != depot["currency"] else None
    for name in _OPTIONAL.get(kind, ()):
        found[f"{name}_minor"] = parse_amount(form[name], form["currency"]) or 0
    if kind == "split":
        found |= {"split_new": parse_decimal(form["new"]), "split_old": parse_decimal(form["old"])}
    if kind == "opening":
        acquired = parse_day(form["acquired"])
        found["acquired"] = acquired.isoformat() if acquired is not None else None
    if kind == "cost_adjustment":
        found["sign"] = -1 if form["way"] == "lower" else 1
    return found


@ft.component
def TradeFields(
    form: Form, accounts: list[AccountOut], depots: DepotsProvider, errors: dict[str, str], fixed: bool = False
) -> ft.Control:
    """Show the fields that the kind of trade has; what is chosen lies in the form. `fixed`: kind and depot stay."""
    drawn, draw = ft.use_state(0)

    def choose(**values: str) -> None:
        form.values.update(values)
        draw(drawn + 1)

    kind = form["kind"]
    rows: list[ft.Control] = [ft.Container(height=0)]  # room for the first field's name
    if not fixed:
        kinds = [(one, trade_name(one)) for one in TRADE_KINDS]
        rows = [
            filter_chips(kind, kinds, lambda one: choose(kind=one)),
            *_where(form, accounts, depots, errors, choose),
        ]
    if kind in WITH_QUANTITY:
        rows.append(_number(form, "quantity", tr("How many shares"), errors))
    if kind == "split":
        new, old = _number(form, "new", tr("New shares"), errors), _number(form, "old", tr("for old ones"), errors)
        rows.append(ft.ResponsiveRow([ft.Container(new, col=6), ft.Container(old, col=6)], spacing=12))
    if kind in WITH_AMOUNT:
        rows.extend(_money(form, accounts, depots, errors, choose))
    rows.append(DayChoice(form, "day", tr("Day"), errors.get("day")))
    if kind == "opening":
        rows.append(day_field(form, "acquired", tr("Bought on (if you know it)"), error=errors.get("acquired")))
    rows.append(TextInput(form, "note", tr("Note"), error=errors.get("note"), max_length=2000, counter=""))
    return ft.Column(rows, spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _where(
    form: Form, accounts: list[AccountOut], depots: DepotsProvider, errors: dict[str, str], choose: Any
) -> list[ft.Control]:
    """Let depot and security be chosen."""
    names = [(one["id"], one["name"]) for one in accounts]
    kind = form["kind"]
    rows: list[ft.Control] = []
    if len(accounts) > 1 or kind == "transfer":
        rows.append(named(tr("From depot") if kind == "transfer" else tr("Depot"), errors.get("depot")))
        rows.append(
            filter_chips(form["depot"], names, lambda one: choose(depot=one, currency=_currency(accounts, one)))
        )
    if kind == "transfer":
        rows.append(named(tr("To depot"), errors.get("other")))
        others = [one for one in names if one[0] != form["depot"]]
        rows.append(filter_chips(form["other"], others, lambda one: choose(other=one)))
    if kind != "fee":
        rows.append(security_choice(depots, form["security"], errors.get("security"), lambda one: choose(security=one)))
    return rows


def security_choice(depots: DepotsProvider, chosen: str, error: str | None, choose: Any) -> ft.Control:
    """Let a security be chosen from a menu, or a new one be added."""
    options = [(one["id"], one["name"]) for one in depots.securities]
    menu = choice(tr("Security"), chosen, options, choose, error_text=error or None, expand=True, enable_filter=False)
    add = quiet_button(tr("Add security"), lambda: navigate("/financial_manager/securities/new"), icon=ft.Icons.ADD)
    parts: list[ft.Control] = [ft.Row([menu])] if options else [named(tr("Security"), error)]
    return ft.Column([*parts, add], spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _money(
    form: Form, accounts: list[AccountOut], depots: DepotsProvider, errors: dict[str, str], choose: Any
) -> list[ft.Control]:
    """Show the amount in its currency, the rate where it is another one than the depot's, and what may be empty."""
    kind, currency = form["kind"], form["currency"]
    own = _currency(accounts, form["depot"])
    security = depots.security(form["security"])
    rows: list[ft.Control] = []
    currencies = list(dict.fromkeys([own, *([security["currency"]] if security is not None else []), currency]))
    if len(currencies) > 1:
        rows.append(filter_chips(currency, [(one, one) for one in currencies], lambda one: choose(currency=one)))
    names = {
        "opening": tr("What they cost altogether"),
        "cost_adjustment": tr("By how much the cost changes"),
        "fee": tr("Amount"),
    }
    if kind == "cost_adjustment":
        ways = [("raise", tr("Cost goes up")), ("lower", tr("Cost goes down"))]
        rows.append(filter_chips(form["way"], ways, lambda one: choose(way=one)))
    rows.append(
        amount_input(
            form, "amount", names.get(kind, tr("Amount, before fees and taxes")), currency, error=errors.get("amount")
        )
    )
    if currency != own:
        rows.append(_number(form, "rate", tr("One {currency} in {own}", currency=currency, own=own), errors))
        rows.append(keyed(RateOffer, f"{currency} {own}", form, currency, own, lambda: choose()))
    rows.extend(_kept(form, currency, errors))
    return rows


def _kept(form: Form, currency: str, errors: dict[str, str]) -> list[ft.Control]:
    """Show the amounts that may be empty; on a sale the bank may have paid tax back: then they have a minus."""
    kind = form["kind"]
    labels = {
        "fees": tr("Fees"),
        "withheld": tr("Tax that the bank kept"),
        "surcharge": tr("Solidarity surcharge kept"),
        "foreign_withheld": tr("Foreign withholding tax"),
        "income": tr("Reported income"),
    }
    if kind == "sell":
        labels["withheld"] = tr("Tax that the bank kept (paid back: with a minus)")
        labels["surcharge"] = tr("Solidarity surcharge kept (paid back: with a minus)")
    return [
        amount_input(
            form,
            name,
            labels[name],
            currency,
            error=errors.get(name) or errors.get(f"{name}_minor"),
            signed=kind == "sell" and name != "fees",
        )
        for name in _OPTIONAL.get(kind, ())
    ]


def _currency(accounts: list[AccountOut], depot_id: str) -> str:
    return next((one["currency"] for one in accounts if one["id"] == depot_id), "EUR")


def _number(form: Form, name: str, text: str, errors: dict[str, str]) -> ft.Control:
    return TextInput(
        form, name, text, error=errors.get(name), keyboard_type=ft.KeyboardType.NUMBER, max_length=26, counter=""
    )


def named(text: str, error: str | None) -> ft.Control:
    """Write the name of a choice, with what is wrong with it."""
    return label(f"{text}: {error}" if error else text, color=ft.Colors.ERROR if error else None)
