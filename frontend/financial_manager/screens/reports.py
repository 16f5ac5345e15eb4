"""Reports: what each month and each category came to in a year, and what was owned at the end of each month."""

from __future__ import annotations

from datetime import date

import flet as ft

from frontend.api.generated.schemas import MonthSumOut, WorthPointOut
from frontend.financial_manager.category_names import category_title
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.reports_provider import MONTHS, ReportsProvider
from frontend.financial_manager.screens.amounts import balance
from frontend.financial_manager.screens.charts import MonthMoney, Slice, colour_at, month_bars, ring, worth_line
from frontend.financial_manager.screens.month_arrows import month_arrows
from frontend.financial_manager.screens.spending_bar import spending_bar
from frontend.financial_manager.screens.use_money import use_ledger, use_money
from frontend.i18n import calendar_day, money, month_name, today, tr
from frontend.kit import (
    GAP,
    Screen,
    caption,
    card,
    empty_state,
    filter_chips,
    keyed,
    navigate,
    quiet_button,
    scroll_body,
    section,
    state_of,
)

ROOT = "/financial_manager"


@ft.component
def Reports() -> ft.Control:
    """Show one currency, and one month of it, at a time."""
    last = today().replace(day=1)
    first = _back(last, MONTHS - 1)
    ledger = use_ledger()
    since, until = first.isoformat(), last.isoformat()
    reports = use_money(ReportsProvider, lambda one: one.show(since, until), [since])
    wanted, set_currency = ft.use_state("")
    month, set_month = ft.use_state(last.isoformat())
    way, set_way = ft.use_state("expense")
    currency = wanted if wanted in reports.currencies else next(iter(reports.currencies), "")

    def choose(chosen: date) -> None:
        set_month(min(max(chosen, first), last).isoformat())

    def content() -> ft.Control:
        sums = [one for one in reports.sums if one["currency"] == currency]
        parts: list[ft.Control] = []
        if len(reports.currencies) > 1:
            parts.append(filter_chips(currency, [(one, one) for one in reports.currencies], set_currency))
        shown = [_back(last, number).isoformat() for number in range(MONTHS - 1, -1, -1)]
        totals = [
            MonthMoney(one, _total(sums, one, ledger, "income"), _total(sums, one, ledger, "expense")) for one in shown
        ]
        parts.append(card(month_bars(totals, currency, month, set_month)))
        parts.append(month_arrows(date.fromisoformat(month), choose))
        ways = [("expense", tr("Spent")), ("income", tr("Received"))]
        parts.append(filter_chips(way, ways, set_way))
        parts.append(_month(sums, month, currency, ledger, way))
        worth = [one for one in reports.worth if one["currency"] == currency]
        if worth:
            parts.append(section(tr("What you own, all accounts together"), keyed(Worth, currency, worth)))
        return scroll_body(*parts, spacing=GAP * 1.25)

    return Screen(
        tr("Reports"),
        state_of(reports, content, is_empty=not reports.sums and not reports.worth, empty=_nothing),
        back=f"{ROOT}/accounts",
    )


def _nothing() -> ft.Control:
    return empty_state(
        ft.Icons.BAR_CHART,
        tr("Nothing to count yet"),
        tr("As soon as something is booked, its months are shown here."),
    )


def _back(month: date, number: int) -> date:
    """Return the first day of the month that lies `number` months before."""
    index = month.year * 12 + month.month - 1 - number
    return date(index // 12, index % 12 + 1, 1)


def _is_income(one: MonthSumOut, ledger: LedgerProvider) -> bool:
    category = ledger.category(one["category_id"])
    return category["direction"] == "income" if category is not None else one["spent_minor"] < 0


def _amounts(sums: list[MonthSumOut], month: str, ledger: LedgerProvider, way: str) -> list[tuple[MonthSumOut, int]]:
    """Return what was spent (or received) for each category in a month, the most first; both positive."""
    sign = -1 if way == "income" else 1
    found = [
        (one, sign * one["spent_minor"])
        for one in sums
        if one["month"] == month and _is_income(one, ledger) == (way == "income")
    ]
    return sorted(found, key=lambda pair: -pair[1])


def _total(sums: list[MonthSumOut], month: str, ledger: LedgerProvider, way: str) -> int:
    return sum(minor for _, minor in _amounts(sums, month, ledger, way))


def _month(sums: list[MonthSumOut], month: str, currency: str, ledger: LedgerProvider, way: str) -> ft.Control:
    """Show what the chosen month is made of; each category leads to its transactions."""
    rows = _amounts(sums, month, ledger, way)
    total = money(sum(minor for _, minor in rows), currency)
    name = tr("{month}: {amount}", month=month_name(month), amount=total)
    if not rows:
        return section(name, caption(tr("Nothing in this month.")))
    most = max(1, rows[0][1])
    slices = [_slice(one, minor, ledger) for one, minor in rows if minor > 0]
    bars = [
        spending_bar(one.name, one.minor, currency, one.minor / most, one.on_click, colour=colour_at(at))
        for at, one in enumerate(slices)
    ]
    back = [_slice(one, minor, ledger) for one, minor in rows if minor <= 0]
    bars += [spending_bar(one.name, one.minor, currency, 0.0, one.on_click) for one in back]
    parts: list[ft.Control] = [ring(slices, currency)] if len(slices) > 1 else []
    parts.append(ft.Column(bars, spacing=0, tight=True))
    return section(name, card(ft.Column(parts, spacing=12, tight=True), padding=8))


def _slice(one: MonthSumOut, minor: int, ledger: LedgerProvider) -> Slice:
    category = ledger.category(one["category_id"])
    name = category_title(category) if category is not None else tr("No category yet")
    place = f"{ROOT}/transactions?month={one['month']}&category={one['category_id'] or 'none'}"
    return Slice(name, minor, lambda: navigate(place))


@ft.component
def Worth(points: list[WorthPointOut]) -> ft.Control:
    """Show a line through the ends of the months, and the amounts as a list where they are wanted."""
    listed, set_listed = ft.use_state(False)
    last = len(points) - 1
    names = [tr("Today") if at == last else calendar_day(one["day"]) for at, one in enumerate(points)]
    currency = points[0]["currency"]
    parts: list[ft.Control] = []
    if last > 0:
        parts.append(worth_line([(one["day"], one["worth_minor"]) for one in points], currency, names))
    shown = list(zip(names, points, strict=True))[::-1]
    for name, one in shown if listed else shown[:1]:
        parts.append(
            ft.Row([ft.Container(caption(name), expand=True), balance(one["worth_minor"], currency)], spacing=12)
        )
    if last > 0:
        text = tr("Hide the amounts") if listed else tr("Show the amounts")
        parts.append(ft.Row([quiet_button(text, lambda: set_listed(not listed))], wrap=True))
    return card(ft.Column(parts, spacing=10, tight=True))
