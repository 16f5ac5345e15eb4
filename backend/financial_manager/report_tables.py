"""Any report of the ledger as a table, by its name."""

from __future__ import annotations

import datetime as dt

from backend.financial_manager.finances import Finances
from backend.financial_manager.insight.tables import (
    ReportKind,
    Table,
    forecast_table,
    goals_table,
    months_table,
    news_table,
    parties_table,
    recurring_table,
    worth_table,
    years_table,
)
from backend.financial_manager.recurring.cadence import add_months
from backend.sdk.actor import Actor

FORECAST_MONTHS = 12
MOST_MONTHS = 12 * 61
"""More than there are months in the longest span of a question."""


def report_table(finances: Finances, actor: Actor, kind: ReportKind, first: dt.date, last: dt.date) -> Table:
    """Return a report of some days as a table; what looks ahead does so from today."""
    titles = {one.id: one.title for one in finances.categories.all(actor)}
    accounts = {one.account.id: one.account.name for one in finances.accounts.all(actor)}
    match kind:
        case ReportKind.MONTHS:
            return months_table(finances.reports.months(actor, first, last), titles)
        case ReportKind.YEARS:
            return years_table(finances.insight.years_within(actor, first, last), titles)
        case ReportKind.PAYEES:
            return parties_table(kind, finances.insight.payees(actor, first, last))
        case ReportKind.PEOPLE:
            return parties_table(kind, finances.insight.people(actor, first, last))
        case ReportKind.WORTH:
            return worth_table(finances.reports.net_worth(actor, _ends(first, last)))
        case ReportKind.NEWS:
            return news_table(finances.insight.news(actor, last))
        case ReportKind.RECURRING:
            return recurring_table(finances.recurring.all(actor), accounts)
        case ReportKind.FORECAST:
            return forecast_table(finances.forecasts.forecast(actor, FORECAST_MONTHS))
        case ReportKind.GOALS:
            return goals_table(finances.goals.all(actor))


def _ends(first: dt.date, last: dt.date) -> list[dt.date]:
    """Return the ends of the months of some days, the last one at the last day."""
    found: list[dt.date] = []
    month = add_months(first.replace(day=1), 1)
    while month <= last and len(found) < MOST_MONTHS:
        found.append(month - dt.timedelta(days=1))
        month = add_months(month, 1)
    return [*found, last]
