"""The fields of a transaction: what moved, which way, for what; the same for a new one and for changing one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import flet as ft

from frontend.api.generated.schemas import TransactionOut
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.money_words import part_name
from frontend.financial_manager.screens.filing.category_choice import CategoryChoice
from frontend.financial_manager.screens.parts.amounts import amount, amount_input
from frontend.financial_manager.screens.parts.day_field import DayChoice
from frontend.financial_manager.screens.transactions.arriving import Arrives
from frontend.financial_manager.screens.transactions.draft import EXPENSE, INCOME, TRANSFER, shape_of
from frontend.financial_manager.screens.transactions.parts_editor import PartsEditor
from frontend.financial_manager.screens.transactions.split import Parts, SplitPart
from frontend.i18n import parse_amount, tr
from frontend.kit import GAP, Form, TextInput, body, caption, card, filter_chips, keyed, label, quiet_button

SHOWN_ERRORS = ("amount", "day", "account", "other", "parts", "arrives")
"""Errors that stand at their fields; all others are shown below the form."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What one rendering of the fields needs; `choose` sets values that are chosen and draws again."""

    form: Form
    ledger: LedgerProvider
    errors: dict[str, str]
    parts: Parts
    set_parts: Any
    recent: tuple[TransactionOut, ...]
    of: TransactionOut | None
    choose: Callable[..., None]

    @property
    def direction(self) -> str:
        """Return which way the money goes."""
        return self.form["direction"]

    @property
    def currency(self) -> str:
        """Return the currency of the chosen account."""
        account = self.ledger.account(self.form["account"])
        return account["currency"] if account is not None else "EUR"


@ft.component
def TransactionFields(
    form: Form,
    ledger: LedgerProvider,
    errors: dict[str, str],
    parts: Parts,
    set_parts: Any,
    recent: tuple[TransactionOut, ...],
    of: TransactionOut | None = None,
) -> ft.Control:
    """Show the fields; what is chosen lies in the form, as what is typed does."""
    drawn, draw = ft.use_state(0)
    more, show_more = ft.use_state(of is not None)

    def choose(**values: str) -> None:
        form.values.update(values)
        draw(drawn + 1)

    given = _Drawn(form, ledger, errors, parts, set_parts, recent, of, choose)
    fixed = of is not None and shape_of(of) == "fixed"
    rows = _fixed_rows(of, ledger) if of is not None and fixed else _money_rows(given)
    rows.append(DayChoice(form, "day", tr("Day"), errors.get("day")))
    rows.extend(_text_rows(form, more=more))
    ways: list[ft.Control] = []
    if given.direction != TRANSFER and not parts and not fixed:
        ways.append(quiet_button(tr("Split into parts"), lambda: _split(given), icon=ft.Icons.CALL_SPLIT))
    if not more:
        ways.append(quiet_button(tr("More fields"), lambda: show_more(True), icon=ft.Icons.EXPAND_MORE))
    if ways:
        rows.append(ft.Row(ways, wrap=True))
    return ft.Column(rows, spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _split(given: _Drawn) -> None:
    given.set_parts((SplitPart("part0", given.form["category"] or None), SplitPart("part1")))


def _money_rows(given: _Drawn) -> list[ft.Control]:
    """Let the direction, the amount, the accounts, and what it was for be said."""
    form, errors = given.form, given.errors

    async def typed(_: str) -> None:
        if given.parts:
            given.choose()

    async def direct(event: Any) -> None:
        given.choose(direction=next(iter(event.control.selected), EXPENSE), category="")

    names = ((EXPENSE, tr("Spent")), (INCOME, tr("Received")), (TRANSFER, tr("Transfer")))
    rows: list[ft.Control] = [
        ft.SegmentedButton(
            segments=[ft.Segment(value=key, label=ft.Text(name)) for key, name in names],
            selected=[given.direction],
            show_selected_icon=False,
            on_change=direct,
        ),
        amount_input(
            form, "amount", tr("Amount"), given.currency, error=errors.get("amount"), on_change=typed,
            autofocus=given.of is None, text_size=28,
        ),
        *_account_rows(given),
    ]  # fmt: skip
    if given.direction != TRANSFER and given.parts:
        total = parse_amount(form["amount"], given.currency) or 0
        said = errors.get("parts", "")
        rows.append(PartsEditor(form, given.parts, given.set_parts, given.ledger, total, given.currency, said))
    elif given.direction != TRANSFER:
        rows.append(keyed(CategoryChoice, given.direction, form, given.ledger, given.recent, given.direction))
    return rows


def _fixed_rows(of: TransactionOut, ledger: LedgerProvider) -> list[ft.Control]:
    """Show the money of a transaction whose parts this form cannot change."""
    shown = [one for one in of["parts"] if not _is_conversion(one["category_id"], ledger)]
    lines: list[ft.Control] = [
        ft.Row(
            [ft.Container(body(part_name(one, ledger)), expand=True), amount(one["amount_minor"], one["currency"])],
            spacing=12,
        )
        for one in shown
    ]
    return [
        ft.Row([amount(of["amount_minor"], of["currency"], style=ft.TextThemeStyle.HEADLINE_MEDIUM)]),
        card(ft.Column(lines, spacing=12, tight=True)),
        caption(
            tr("The amount and its parts stay as they are: they are of several accounts, currencies or directions."),
            max_lines=4,
        ),
    ]


def _is_conversion(category_id: str | None, ledger: LedgerProvider) -> bool:
    category = ledger.category(category_id)
    return category is not None and category["key"] == "conversion"


def _text_rows(form: Form, *, more: bool) -> list[ft.Control]:
    incoming = form["direction"] == INCOME
    rows: list[ft.Control] = [
        TextInput(form, "counterparty", tr("From whom") if incoming else tr("To whom"), max_length=200, counter="")
    ]
    if more:
        rows.append(TextInput(form, "purpose", tr("What for"), max_length=4000, counter="", multiline=True))
        rows.append(TextInput(form, "note", tr("Note"), max_length=4000, counter="", multiline=True))
    return rows


def _account_rows(given: _Drawn) -> list[ft.Control]:
    """Let the account be chosen where there are several, and the other one of a transfer."""
    form, errors = given.form, given.errors
    chosen = given.ledger.account(form["account"])
    accounts = [(one["id"], one["name"]) for one in given.ledger.open_accounts]
    for closed in (chosen, given.ledger.account(form["other"])):
        if closed is not None and closed["closed_on"]:
            accounts.insert(0, (closed["id"], closed["name"]))
    if given.direction != TRANSFER:
        return _choose_from(given, "account", tr("Account"), accounts) if len(accounts) > 1 else []
    out, into = tr("From account"), tr("To account")
    if form["sign"] == "1":  # it was seen from the account that the money came to
        out, into = into, out
    rows = _choose_from(given, "account", out, accounts)
    others = [one for one in accounts if one[0] != form["account"]]
    rows += _choose_from(given, "other", into, others)
    if not others:
        rows.append(body(tr("There is no other account yet. Add it first."), muted=True))
    other = given.ledger.account(form["other"])
    if other is not None and chosen is not None and other["currency"] != chosen["currency"]:
        if form["sign"] == "1":
            what = tr("What left there")
            rows.append(amount_input(form, "arrives", what, other["currency"], error=errors.get("arrives")))
        else:
            two = f"{chosen['id']} {other['id']}"
            rows.append(keyed(Arrives, two, form, chosen, other, errors.get("arrives")))
    return rows


def _choose_from(given: _Drawn, name: str, text: str, accounts: list[tuple[str, str]]) -> list[ft.Control]:
    error = given.errors.get(name)
    head = label(f"{text}: {error}" if error else text, color=ft.Colors.ERROR if error else None)
    if not accounts:
        return [head]
    return [head, filter_chips(given.form[name], accounts, lambda one: given.choose(**{name: one}))]
