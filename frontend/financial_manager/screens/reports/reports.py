"""Reports: what each month and each category came to in a year, and what was owned at the end of each month."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import flet as ft

from frontend.api.generated.schemas import MonthSumOut, OwnMonthsOut, WorthPointOut
from frontend.financial_manager.category_names import category_title
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.places import ROOT
from frontend.financial_manager.reports_provider import ALL, MONTHS, ReportsProvider
from frontend.financial_manager.screens.parts.amounts import balance
from frontend.financial_manager.screens.parts.month_bar import month_bar, month_of, months_from
from frontend.financial_manager.screens.parts.spending_bar import spending_bar
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money
from frontend.financial_manager.screens.reports.charts import MonthMoney, Slice, colour_at, month_bars, ring, worth_line
from frontend.financial_manager.screens.reports.news import News
from frontend.i18n import calendar_day, money, month_name, today, tr
from frontend.kit import (
    GAP,
    AllOf,
    Screen,
    awaited,
    caption,
    card,
    empty_state,
    filter_chips,
    icon_action,
    keyed,
    navigate,
    notice,
    primary_button,
    quiet_button,
    scroll_body,
    section,
    state_of,
)


@ft.component
def Reports() -> ft.Control:
    """Show one currency, and one month of it, at a time."""
    latest = month_of(today())
    ledger = use_ledger()
    month, set_month = ft.use_state(latest)
    last, set_last = ft.use_state(latest)
    first = months_from(last, 1 - MONTHS)
    reports = use_money(ReportsProvider, lambda one: one.show(first, last), [first])
    wanted, set_currency = ft.use_state("")
    way, set_way = ft.use_state("expense")
    offered = (ALL, *reports.currencies) if reports.own_months is not None else reports.currencies
    currency = wanted if wanted in offered else next(iter(offered), "")
    unit = unit_of_all(reports) if currency == ALL else currency

    def go(chosen: str) -> None:
        set_month(chosen)
        set_last(last_of_year_around(chosen, last, latest))

    def content() -> ft.Control:
        sums = reports.sums_in(currency)
        parts: list[ft.Control] = [month_bar(month, go, latest=latest)]
        if (waiting := awaited(reports, reports.shown == first)) is not None:
            return scroll_body(*parts, waiting, spacing=GAP * 1.25)
        parts += _which_currency(offered, currency, reports, set_currency)
        parts.append(card(month_bars(_year(sums, first, ledger), unit, month, go)))
        parts.append(filter_chips(way, [("expense", tr("Spent")), ("income", tr("Received"))], set_way))
        parts.append(_month(sums, month, unit, ledger, way))
        if currency != ALL:
            parts.append(News(month, currency, ledger))
        worth = reports.worth_in(currency)
        if worth and last == latest:  # it is known up to today only
            parts.append(section(tr("What you own, all accounts together"), keyed(Worth, currency, worth)))
        return scroll_body(*parts, spacing=GAP * 1.25)

    nothing = last == latest and not reports.sums and not reports.worth
    return Screen(
        tr("Reports"),
        state_of(AllOf(reports, ledger), content, is_empty=nothing, empty=_nothing),
        back=f"{ROOT}/accounts",
        actions=[icon_action(ft.Icons.COMPARE_ARROWS, tr("Compare"), lambda: navigate(f"{ROOT}/compare"))],
    )


def unit_of_all(reports: ReportsProvider) -> str:
    """Return the household's own currency."""
    return reports.own_months["currency"] if reports.own_months is not None else ""


def _which_currency(
    offered: Sequence[str], currency: str, reports: ReportsProvider, choose: Callable[[str], None]
) -> list[ft.Control]:
    """Let the currency be chosen where there are several; say by which rates all of them were counted."""
    parts: list[ft.Control] = []
    if len(offered) > 1:
        parts.append(filter_chips(currency, _currency_names(offered, reports), choose))
    if currency == ALL and reports.own_months is not None:
        parts.append(_rates_used(reports.own_months))
    return parts


def _year(sums: list[MonthSumOut], first: str, ledger: LedgerProvider) -> list[MonthMoney]:
    """Return what came in and went out in each of the months that are shown."""
    shown = [months_from(first, number) for number in range(MONTHS)]
    return [MonthMoney(one, _total(sums, one, ledger, "income"), _total(sums, one, ledger, "expense")) for one in shown]


def _currency_names(offered: Sequence[str], reports: ReportsProvider) -> list[tuple[str, str]]:
    """Return what each currency, and all of them in the household's own, is called."""
    unit = unit_of_all(reports)
    return [(one, tr("All in {currency}", currency=unit) if one == ALL else one) for one in offered]


def _rates_used(own: OwnMonthsOut) -> ft.Control:
    """Say by which rates it was counted, that some are old, and what could not be counted."""
    day = calendar_day(own["through"])
    told = [tr("Each booking by the ECB's rate of its own day; rates are known up to {day}.", day=day)]
    if own["stale"]:
        told.append(tr("Some rates are more than a week older than their booking."))
    if own["missing"]:
        told.append(tr("Not counted, for there is no rate: {currencies}.", currencies=", ".join(own["missing"])))
    if own["stale"] or own["missing"]:
        return notice(" ".join(told), "warn")
    return caption(" ".join(told), max_lines=3)


def _nothing() -> ft.Control:
    return empty_state(
        ft.Icons.BAR_CHART,
        tr("Nothing to count yet"),
        tr("As soon as something is booked, its months are shown here."),
        primary_button(tr("Import statement"), lambda: navigate(f"{ROOT}/import")),
    )


def last_of_year_around(month: str, last: str, latest: str) -> str:
    """Return the last of the twelve months that are shown: the same while `month` is among them, else a year on."""
    while month > last:
        last = min(months_from(last, MONTHS), latest)
    while month < months_from(last, 1 - MONTHS):
        last = months_from(last, -MONTHS)
    return last


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
