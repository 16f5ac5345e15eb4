"""API of what the ledger tells: news of a month, sums by payee, person and year, tables."""

from __future__ import annotations

import base64
import datetime as dt

from backend.financial_manager.days import EARLIEST, LATEST
from backend.financial_manager.finances import Finances
from backend.financial_manager.report_tables import report_table
from backend.financial_manager.schemas_insight import (
    NewsOut,
    NewsQuery,
    PartiesOut,
    PartySumOut,
    ReportTableOut,
    SpanQuery,
    TableQuery,
    ToldOut,
    YearsOut,
    YearsQuery,
    YearSumOut,
)
from backend.sdk.concurrency import run_blocking
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.http import Group, current_actor

_LONGEST = dt.timedelta(days=366 * 60)
_YEARS = 3


def insight_group(finances: Finances) -> Group:
    """Return the group of what the ledger tells."""
    group = Group("insight", url_prefix="/insight", tag="Insight")
    _add_news_and_tables(group, finances)
    _add_sums(group, finances)
    return group


def _add_news_and_tables(group: Group, finances: Finances) -> None:
    @group.get("/news", returns=NewsOut)
    def tell_news(query: NewsQuery) -> NewsOut:
        """Tell in words what changed in a month: compared with the usual, new payees, prices, what did not come."""
        month = query.month or finances.today()
        check_days(month, month, "query.month")
        found = run_blocking(finances.insight.news, current_actor(), month)
        items = [ToldOut.model_validate(one) for one in found.told]
        return NewsOut(month=found.month, complete=found.complete, items=items)

    @group.get("/table", returns=ReportTableOut)
    def give_table(query: TableQuery) -> ReportTableOut:
        """Give a report as a table for spreadsheets."""
        today = finances.today()
        last = query.until or today
        first = query.since or last.replace(month=1, day=1)
        check_days(first, last, "query.until")
        table = run_blocking(report_table, finances, current_actor(), query.report, first, last)
        name, content = run_blocking(table.file, query.format, query.language, today)
        return ReportTableOut(file_name=name, content=base64.b64encode(content).decode())


def _add_sums(group: Group, finances: Finances) -> None:
    insight = finances.insight

    @group.get("/payees", returns=PartiesOut)
    def sum_payees(query: SpanQuery) -> PartiesOut:
        """Say what went to and came from each payee; transfers between your accounts are left out."""
        check_days(query.since, query.until, "query.until")
        found = run_blocking(insight.payees, current_actor(), query.since, query.until)
        return PartiesOut(items=[PartySumOut.model_validate(one) for one in found])

    @group.get("/people", returns=PartiesOut)
    def sum_people(query: SpanQuery) -> PartiesOut:
        """Say what each person entered or imported, by how they are shown; `key` is their id."""
        check_days(query.since, query.until, "query.until")
        found = run_blocking(insight.people, current_actor(), query.since, query.until)
        return PartiesOut(items=[PartySumOut.model_validate(one) for one in found])

    @group.get("/years", returns=YearsOut)
    def sum_years(query: YearsQuery) -> YearsOut:
        """Return what each category came to in each year, to compare them."""
        last = query.last or finances.today().year
        first = query.first or last - _YEARS + 1
        if not 0 <= last - first < 60:
            problem = FieldProblem("query.first", "These are not up to 60 years in order.", "Choose other years.")
            raise InvalidInput(fields=[problem])
        found = run_blocking(insight.years, current_actor(), first, last, same_days=query.same_days)
        return YearsOut(items=[YearSumOut.model_validate(one) for one in found])


def check_days(first: dt.date, last: dt.date, field: str) -> None:
    """Refuse days in the wrong order, too many, or of no household's time."""
    if not EARLIEST <= first <= last <= LATEST or last - first > _LONGEST:
        told = "These days are in the wrong order, too many, or too far away."
        raise InvalidInput(fields=[FieldProblem(field, told, "Choose other days.")])
