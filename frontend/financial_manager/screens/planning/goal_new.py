"""Begin to save for something."""

from __future__ import annotations

from typing import Any, cast

import flet as ft

from frontend.financial_manager.goals_provider import GoalsProvider
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.screens.parts.amounts import amount_error, amount_input
from frontend.financial_manager.screens.parts.day_field import day_error, day_field
from frontend.financial_manager.screens.parts.footer import footer
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money, use_own_currency
from frontend.i18n import parse_amount, parse_day, tr
from frontend.kit import (
    GAP,
    AllOf,
    Form,
    Screen,
    TextInput,
    body,
    choice,
    field_errors,
    keyed,
    navigate,
    primary_button,
    scroll_body,
    state_of,
    toast,
    use_action,
    use_form,
)

BACK = "/financial_manager/goals"
_FIELDS = {"target_minor": "target", "account_id": "account"}
"""Fields of the hub by other names here."""


@ft.component
def GoalNew() -> ft.Control:
    """Ask as soon as it is known in which currency the household counts, and which accounts it has."""
    ledger, own = use_ledger(), use_own_currency()
    if ledger.loaded and own.loaded:
        return keyed(_Asked, own.currency, ledger, own.currency)
    return Screen(tr("Add goal"), state_of(AllOf(own, ledger), lambda: ft.Container()), back=BACK)


@ft.component
def _Asked(ledger: LedgerProvider, own: str) -> ft.Control:
    """Ask for a name, an amount, a day, and whether an account says what is saved."""
    goals = use_money(GoalsProvider, lambda one: one.load())
    form = use_form(keep="goal", name="", target="", until="", account="")
    nothing: dict[str, str] = {}
    wrong, set_wrong = ft.use_state(nothing)

    async def save() -> None:
        currency = _currency(ledger, form["account"], own)
        said = {
            "name": "" if form["name"].strip() else tr("Give it a name."),
            "target": amount_error(form["target"], currency),
            "until": day_error(form["until"], needed=False),
        }
        found = {name: text for name, text in said.items() if text}
        set_wrong(found)
        if found:
            return
        day = parse_day(form["until"])
        values = {
            "name": form["name"].strip(),
            "target_minor": abs(parse_amount(form["target"], currency) or 0),
            "until": day.isoformat() if day is not None else None,
            "account_id": form["account"] or None,
            "currency": currency,
        }
        made = await goals.create(cast("Any", values))
        form.sent()
        toast(tr("{name} is noted.", name=form["name"].strip()))
        navigate(f"{BACK}/{made}")

    action = use_action(save)
    errors = {_FIELDS.get(name, name): text for name, text in {**field_errors(action), **wrong}.items()}
    return Screen(
        tr("Add goal"),
        scroll_body(_Fields(form, errors, ledger, own)),
        back=BACK,
        footer=footer(primary_button(tr("Save"), action)),
    )


def _currency(ledger: LedgerProvider, account_id: str, own: str) -> str:
    account = ledger.account(account_id)
    return account["currency"] if account is not None else own


@ft.component
def _Fields(form: Form, errors: dict[str, str], ledger: LedgerProvider, own: str) -> ft.Control:
    chosen, choose = ft.use_state(form["account"])

    def take(value: str) -> None:
        form.values["account"] = value
        choose(value)

    accounts = [("", tr("No account"))]
    accounts += [(one["id"], one["name"]) for one in ledger.open_accounts]
    rows: list[ft.Control] = [
        ft.Container(height=0),  # room for the first field's name
        TextInput(form, "name", tr("What do you save for?"), error=errors.get("name"), max_length=120, counter=""),
        amount_input(form, "target", tr("How much"), _currency(ledger, chosen, own), error=errors.get("target")),
        day_field(form, "until", tr("Until (empty: no hurry)"), error=errors.get("until")),
        choice(tr("Account that holds it"), chosen, accounts, take),
        body(
            tr("Without one, what you put aside counts. Of several goals of one account the most urgent comes first."),
            muted=True,
        ),
    ]
    return ft.Column(rows, spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
