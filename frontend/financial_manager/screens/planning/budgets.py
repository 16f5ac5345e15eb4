"""Budgets: a month at a time, envelopes and limits by group and of whom, each with what is left; set in place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

import flet as ft

from frontend.api.generated.schemas import BudgetOut, CategoryOut
from frontend.financial_manager.budget_words import by_group, counted, left_words, of_whom, share_spent, whose_choices
from frontend.financial_manager.budgets_provider import BudgetsProvider
from frontend.financial_manager.category_names import category_title
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.screens.filing.category_picker import pick_category
from frontend.financial_manager.screens.parts.month_bar import month_bar, month_of
from frontend.financial_manager.screens.parts.space_choice import Spaces
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money, use_own_currency
from frontend.financial_manager.screens.parts.use_undo import use_undo_offer
from frontend.financial_manager.screens.planning.budget_editor import BudgetEditor
from frontend.financial_manager.screens.planning.budget_line import BudgetLine
from frontend.financial_manager.screens.planning.budget_proposals import Proposals
from frontend.i18n import money, month_name, today, tr, trn
from frontend.kit import (
    GAP,
    AllOf,
    Screen,
    Tile,
    awaited,
    body,
    caption,
    card,
    empty_state,
    filter_chips,
    heading,
    keyed,
    meter,
    navigate,
    primary_button,
    quiet_button,
    scroll_body,
    state_of,
    tile_group,
    use_action,
)

ROOT = "/financial_manager"


class Whose(NamedTuple):
    """Whose budgets are looked at ("": all), and how to look at others."""

    of: str
    choose: Callable[[str], None]


@ft.component
def Budgets() -> ft.Control:
    """Show one month of one currency."""
    first, set_month = ft.use_state(month_of(today()))
    wanted, set_currency = ft.use_state("")
    of, set_of = ft.use_state("")
    adding, set_adding = ft.use_state("")
    ledger = use_ledger()
    budgets = use_money(BudgetsProvider, lambda one: one.show(first), [first])
    own = use_own_currency()
    currencies = _currencies(budgets, ledger, own.currency)
    currency = wanted if wanted in currencies else currencies[0]

    def choose(chosen: str) -> None:
        set_adding("")
        set_month(chosen)

    def added() -> None:
        set_adding("")
        set_of("")  # so that the new one is seen, whose ever it is

    async def add() -> None:
        if (chosen := await pick_category(ledger, direction="expense")) is not None:
            set_adding(chosen)

    def content() -> ft.Control:
        parts = _above(first, choose, currencies, currency, set_currency)
        if (waiting := awaited(budgets, budgets.shown == first)) is not None:
            return scroll_body(*parts, waiting, spacing=GAP)
        if adding:
            new = ledger.category(adding)
            parts.append(keyed(BudgetEditor, f"new-{adding}", budgets, ledger, new, currency, added, None, of))
        rows = _of_month(budgets, ledger, currency, adder, Whose(of, set_of), adding=bool(adding))
        return scroll_body(*parts, *rows, spacing=GAP)

    adder = use_action(add)
    return Screen(tr("Budgets"), state_of(AllOf(budgets, ledger, own), content), back=f"{ROOT}/accounts")


def _currencies(budgets: BudgetsProvider, ledger: LedgerProvider, own: str) -> list[str]:
    """Return the currencies of budgets and accounts, the most used first; where there are none the household's own."""
    counts = Counter(one["currency"] for one in (*budgets.budgets, *ledger.accounts))
    return [one for one, _ in counts.most_common()] or [own]


def _above(
    first: str, choose: Callable[[str], None], currencies: list[str], currency: str, set_currency: Callable[[str], None]
) -> list[ft.Control]:
    """Let the month be chosen, and the currency where there are several."""
    this_month = month_of(today())
    parts: list[ft.Control] = [Spaces(), month_bar(first, choose)]
    if first != this_month:
        parts.append(ft.Row([quiet_button(tr("This month"), lambda: choose(this_month))]))
    if len(currencies) > 1:
        parts.append(filter_chips(currency, [(one, one) for one in currencies], set_currency))
    return parts


def _of_month(
    budgets: BudgetsProvider, ledger: LedgerProvider, currency: str, add: Any, whose: Whose, *, adding: bool
) -> list[ft.Control]:
    """Show the budgets of the month, what could become one, and what else can be done."""
    rows = [one for one in budgets.budgets if one["currency"] == currency]
    parts: list[ft.Control] = []
    if rows:
        parts += _chosen(rows, whose, budgets, ledger)
    elif not adding:
        parts.append(_none_yet(budgets, date.fromisoformat(budgets.shown), currency, add))
    parts.append(keyed(Proposals, f"{budgets.shown}{currency}", budgets, ledger, currency))
    if rows:
        parts.append(Below(budgets, add))
    return parts


def _none_yet(budgets: BudgetsProvider, month: date, currency: str, add: Any) -> ft.Control:
    offered = any(one["currency"] == currency for one in budgets.proposals)
    text = (
        tr("Below is what your usual months cost. Take what fits, and change it whenever you like.")
        if offered
        else tr("Say what a category may cost in a month. Homie tells you what is left of it.")
    )
    button = quiet_button if offered else primary_button
    return ft.Container(
        empty_state(
            ft.Icons.SAVINGS_OUTLINED,
            tr("No budgets in {month}", month=month_name(month)),
            text,
            button(tr("Add budget"), add, icon=ft.Icons.ADD),
        ),
        height=300,
    )


def _chosen(rows: list[BudgetOut], whose: Whose, budgets: BudgetsProvider, ledger: LedgerProvider) -> list[ft.Control]:
    """Show the budgets of one currency; where persons have some, everybody's or a person's can be looked at apart."""
    choices = dict(whose_choices(rows))
    if not choices:
        return _filled(rows, "", budgets, ledger)
    chosen = whose.of if whose.of in choices else ""
    chips = filter_chips(chosen, list(choices.items()), whose.choose)
    return [chips, *_filled(of_whom(rows, chosen), choices[chosen] if chosen else "", budgets, ledger)]


def _filled(rows: list[BudgetOut], of: str, budgets: BudgetsProvider, ledger: LedgerProvider) -> list[ft.Control]:
    """Show budgets of one currency. `of`: whose only they are, in words; then nothing is said of the rest."""
    currency = rows[0]["currency"]
    parts: list[ft.Control] = [_total(counted(rows, ledger), of, currency)]
    for group, inside in by_group(rows, ledger):
        parts.append(_group(group, inside, budgets, ledger, currency))
    beside = 0 if of else budgets.beside.get(currency, 0)
    if beside > 0:
        place = f"{ROOT}/transactions?month={budgets.shown}"
        tile = Tile(
            tr("Spent without a budget: {amount}", amount=money(beside, currency)),
            tr("See the bookings of this month"),
            ft.Icons.RECEIPT_LONG_OUTLINED,
            lambda: navigate(place),
        )
        parts.append(tile_group([tile]))
    return parts


def _total(rows: list[BudgetOut], of: str, currency: str) -> ft.Control:
    """Show what all budgets together have left."""
    whole = sum(one["carried_minor"] + one["assigned_minor"] for one in rows)
    spent = sum(one["spent_minor"] for one in rows)
    said = left_words(whole - spent, currency)
    over = whole < spent
    return card(
        caption(of or tr("All budgets together")),
        ft.Text(
            said, theme_style=ft.TextThemeStyle.HEADLINE_MEDIUM, color=ft.Colors.ERROR if over else None, max_lines=2
        ),
        meter(share_spent(spent, whole), said, tone="bad" if over else ""),
        body(tr("{spent} of {whole} spent", spent=money(spent, currency), whole=money(whole, currency)), muted=True),
    )


def _group(
    group: CategoryOut | None, rows: list[BudgetOut], budgets: BudgetsProvider, ledger: LedgerProvider, currency: str
) -> ft.Control:
    """Show the budgets of a group under its name, with what they have left together."""
    name = category_title(group) if group is not None else tr("Without a group")
    left = sum(one["remaining_minor"] for one in counted(rows, ledger))
    head = ft.Row(
        [ft.Container(heading(name), expand=True), caption(left_words(left, currency))],
        vertical_alignment=ft.CrossAxisAlignment.END,
    )
    lines: list[ft.Control] = [
        keyed(BudgetLine, f"{one['category_id']}{one['person_id']}{budgets.shown}", one, budgets, ledger)
        for one in rows
    ]
    return ft.Column(
        [head, card(ft.Column(lines, spacing=0, tight=True), padding=4)],
        spacing=GAP / 2,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@ft.component
def Below(budgets: BudgetsProvider, add: Any) -> ft.Control:
    """Offer to add a budget, and to take last month's."""
    offer = use_undo_offer()

    async def copy() -> None:
        done = await budgets.copy()
        if done["count"]:
            offer(
                trn("{n} budget is as last month.", "{n} budgets are as last month.", done["count"]), done["change_id"]
            )
        else:
            offer(tr("Everything is as last month already."), None)

    return ft.Row(
        [
            primary_button(tr("Add budget"), add, icon=ft.Icons.ADD),
            quiet_button(tr("As last month"), use_action(copy), icon=ft.Icons.CONTENT_COPY),
        ],
        wrap=True,
    )
