"""Reports: what each month and each category came to in a year, and what was owned at the end of each month."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import flet as ft

from frontend.api.generated.schemas import MonthSumOut, OwnMonthsOut, WorthPointOut
from frontend.financial_manager.category_names import category_title
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.places import ROOT
from frontend.financial_manager.reports_provider import ALL, MONTHS, ReportsProvider
from frontend.financial_manager.screens.month_bar import month_bar, month_of, months_from
from frontend.financial_manager.screens.news import News
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
    icon_action,
    navigate,
    notice,
    scroll_body,
    section,
    state_of,
    use_viewport,
)
from frontend.kit.theme import TARGET

HEIGHT = 96


@ft.component
def Reports() -> ft.Control:
    """Show one currency, and one month of it, at a time."""
    latest = month_of(today())
    ledger, viewport = use_ledger(), use_viewport()
    month, set_month = ft.use_state(latest)
    last, set_last = ft.use_state(latest)
    first = months_from(last, 1 - MONTHS)
    reports = use_money(ReportsProvider, lambda one: one.show(first, last), [first])
    wanted, set_currency = ft.use_state("")
    way, set_way = ft.use_state("expense")
    own = reports.own_months
    offered = (ALL, *reports.currencies) if own is not None else reports.currencies
    currency = wanted if wanted in offered else next(iter(offered), "")
    unit = own["currency"] if own is not None and currency == ALL else currency

    def go(chosen: str) -> None:
        set_month(chosen)
        set_last(last_of_year_around(chosen, last, latest))

    def content() -> ft.Control:
        sums = reports.sums_in(currency)
        spent = {one: _total(sums, one, ledger, way) for one in (months_from(first, n) for n in range(MONTHS))}
        parts: list[ft.Control] = [month_bar(month, go, latest=latest)]
        if len(offered) > 1:
            parts.append(filter_chips(currency, _currency_names(offered, reports), set_currency))
        if currency == ALL and own is not None:
            parts.append(_rates_used(own))
        parts.append(filter_chips(way, [("expense", tr("Spent")), ("income", tr("Received"))], set_way))
        parts.append(card(_columns(spent, unit, month, go, narrow=viewport.is_phone)))
        parts.append(_month(sums, month, unit, ledger, way))
        if currency != ALL:
            parts.append(News(month, currency, ledger))
        worth = reports.worth_in(currency)
        if worth and last == latest:  # it is known up to today only
            parts.append(section(tr("What you own, all accounts together"), card(_worth(worth))))
        return scroll_body(*parts, spacing=GAP * 1.25)

    nothing = last == latest and not reports.sums and not reports.worth
    return Screen(
        tr("Reports"),
        state_of(reports, content, is_empty=nothing, empty=_nothing),
        back=f"{ROOT}/accounts",
        actions=[icon_action(ft.Icons.COMPARE_ARROWS, tr("Compare"), lambda: navigate(f"{ROOT}/compare"))],
    )


def unit_of_all(reports: ReportsProvider) -> str:
    """Return the household's own currency."""
    return reports.own_months["currency"] if reports.own_months is not None else ""


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


def _columns(
    spent: dict[str, int], currency: str, chosen: str, choose: Callable[[str], None], *, narrow: bool
) -> ft.Control:
    """Show a column per month; a touch chooses it. Where it is `narrow` they scroll sideways, the last ones first."""
    most = max(1, *spent.values())
    columns = [_column(month, minor, most, currency, month == chosen, choose) for month, minor in spent.items()]
    for one in columns:
        one.width, one.expand = (TARGET, None) if narrow else (None, True)
    return ft.Row(
        [*columns],
        spacing=2,
        scroll=ft.ScrollMode.HIDDEN if narrow else None,
        auto_scroll=narrow,
        vertical_alignment=ft.CrossAxisAlignment.END,
    )


def _column(
    month: str, minor: int, most: int, currency: str, chosen: bool, choose: Callable[[str], None]
) -> ft.Container:
    def press() -> None:
        choose(month)

    bar = ft.Container(
        height=max(2, HEIGHT * max(0, minor) / most),
        bgcolor=ft.Colors.PRIMARY if chosen else ft.Colors.PRIMARY_CONTAINER,
        border_radius=4,
    )
    name = ft.Text(
        month_name(month, short=True)[:3],
        theme_style=ft.TextThemeStyle.LABEL_SMALL,
        text_align=ft.TextAlign.CENTER,
        max_lines=1,
        no_wrap=True,
        semantics_label=f"{month_name(month)}: {money(minor, currency)}",
    )
    return ft.Container(
        ft.Column(
            [ft.Container(bar, height=HEIGHT, alignment=ft.Alignment.BOTTOM_CENTER), name],
            spacing=4,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        ink=True,
        on_click=press,
        border_radius=4,
        key=month,
    )


def _month(sums: list[MonthSumOut], month: str, currency: str, ledger: LedgerProvider, way: str) -> ft.Control:
    """Show what the chosen month is made of; each category leads to its transactions."""
    rows = _amounts(sums, month, ledger, way)
    total = money(sum(minor for _, minor in rows), currency)
    name = tr("{month}: {amount}", month=month_name(month), amount=total)
    if not rows:
        return section(name, caption(tr("Nothing in this month.")))
    most = max(1, rows[0][1])
    bars = [_bar(one, minor, most, currency, ledger) for one, minor in rows]
    return section(name, card(ft.Column(bars, spacing=0, tight=True), padding=4))


def _bar(one: MonthSumOut, minor: int, most: int, currency: str, ledger: LedgerProvider) -> ft.Control:
    category = ledger.category(one["category_id"])
    name = category_title(category) if category is not None else tr("No category yet")
    place = f"{ROOT}/transactions?month={one['month']}&category={one['category_id'] or 'none'}"
    return spending_bar(name, minor, currency, minor / most, lambda: navigate(place))


def _worth(points: list[WorthPointOut]) -> ft.Control:
    """Show a bar per month's end, with the amount beside."""
    most = max(1, *(abs(one["worth_minor"]) for one in points))
    rows: list[ft.Control] = []
    for at, one in enumerate(reversed(points)):
        name = tr("Today") if at == 0 else month_name(one["day"])
        rows.append(
            spending_bar(
                name, one["worth_minor"], one["currency"], abs(one["worth_minor"]) / most,
                tone="muted" if one["worth_minor"] < 0 else "",
            )
        )  # fmt: skip
    return ft.Column(rows, spacing=0, tight=True)
