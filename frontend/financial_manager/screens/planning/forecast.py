"""What will be there: the lowest point, a column per week, what is expected, and what it rests on."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import ExpectedOut, ForecastOut, OutlookOut
from frontend.financial_manager.forecast_provider import ForecastProvider
from frontend.financial_manager.insight_words import sentence
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.screens.parts.amounts import balance
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money
from frontend.financial_manager.screens.planning.expected_tile import expected_tile
from frontend.financial_manager.screens.planning.forecast_chart import ForecastChart
from frontend.i18n import calendar_day, money, tr
from frontend.kit import (
    GAP,
    AllOf,
    Screen,
    awaited,
    body,
    caption,
    card,
    empty_state,
    filter_chips,
    keyed,
    navigate,
    notice,
    primary_button,
    quiet_button,
    scroll_body,
    section,
    state_of,
    tile_group,
    toggle,
)

ROOT = "/financial_manager"
FIRST = 12


@ft.component
def Forecast() -> ft.Control:
    """Show the household, or one account, for three, six or twelve months."""
    months, set_months = ft.use_state("3")
    chosen, choose = ft.use_state("")
    everyday, set_everyday = ft.use_state(False)
    every, show_every = ft.use_state(False)
    ledger = use_ledger()
    account_id, _, currency = chosen.partition("/")
    forecast = use_money(
        ForecastProvider,
        lambda one: one.show(int(months), account_id, currency, everyday=everyday),
        [months, chosen, everyday],
    )

    def content() -> ft.Control:
        told = forecast.told
        if told is None or told["shown"] is None:
            return _nothing()
        shown = told["shown"]
        spans = [("3", tr("3 months")), ("6", tr("6 months")), ("12", tr("12 months"))]
        expected = told["expected"] if every else told["expected"][:FIRST]
        parts: list[ft.Control] = [
            filter_chips(months, spans, set_months),
            filter_chips(chosen or _key(told["outlooks"][0]), _outlooks(told), choose),
        ]
        asked = (int(months), account_id, currency, everyday)
        if (waiting := awaited(forecast, forecast.shown == asked)) is not None:
            return scroll_body(*parts, waiting, spacing=GAP * 1.25)
        parts += [
            _head(shown, told, ledger),
            keyed(ForecastChart, f"{months}{chosen}{everyday}", told["days"], shown["currency"]),
            toggle(tr("Count what is usually spent besides"), everyday, set_everyday),
            section(tr("What is expected"), *_expected(expected, ledger)),
        ]
        if len(expected) < len(told["expected"]):
            parts.append(quiet_button(tr("Show all {number}", number=len(told["expected"])), lambda: show_every(True)))
        said = [body(sentence(text, ledger)) for text in told["rests_on"]]
        parts.append(section(tr("What this rests on"), card(*said)))
        return scroll_body(*parts, spacing=GAP * 1.25)

    return Screen(tr("Forecast"), state_of(AllOf(forecast, ledger), content), back=f"{ROOT}/accounts")


def _nothing() -> ft.Control:
    return empty_state(
        ft.Icons.SHOW_CHART,
        tr("Nothing to look ahead from"),
        tr("Add a bank account or a purse; what comes again is found in its statements."),
        primary_button(tr("Add account"), lambda: navigate(f"{ROOT}/accounts/new"), icon=ft.Icons.ADD),
    )


def _key(one: OutlookOut) -> str:
    return f"{one['account_id'] or ''}/{one['currency']}"


def _outlooks(told: ForecastOut) -> list[tuple[str, str]]:
    """Return what can be chosen: the household in each of its currencies, and each account."""
    several = sum(one["account_id"] is None for one in told["outlooks"]) > 1
    household = tr("All accounts")
    return [
        (_key(one), one["name"] or (f"{household} · {one['currency']}" if several else household))
        for one in told["outlooks"]
    ]


def _head(shown: OutlookOut, told: ForecastOut, ledger: LedgerProvider) -> ft.Control:
    start, end = money(shown["start_minor"], shown["currency"]), money(shown["end_minor"], shown["currency"])
    parts: list[ft.Control] = [
        balance(shown["lowest_minor"], shown["currency"], style=ft.TextThemeStyle.HEADLINE_MEDIUM),
        body(tr("is the lowest point, on {day}", day=calendar_day(shown["lowest_on"]))),
        caption(tr("{start} today, {end} on {day}", start=start, end=end, day=calendar_day(told["until"]))),
    ]
    if shown["below_zero_on"]:
        parts.append(notice(sentence(shown["words"][-1], ledger), "warn", ft.Icons.WARNING_AMBER))
    return card(ft.Column(parts, spacing=8, tight=True, horizontal_alignment=ft.CrossAxisAlignment.START))


def _expected(expected: list[ExpectedOut], ledger: LedgerProvider) -> list[ft.Control]:
    if not expected:
        return [body(tr("Nothing is expected in this time."), muted=True)]
    return [tile_group([expected_tile(one, ledger) for one in expected])]
