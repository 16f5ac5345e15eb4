"""`homie money news|report`: what changed this month, in words; sums by payee, person and year as tables."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backend.cli.money_ledger import with_ledger
from backend.cli.output import common_options, fail_with, print_json
from backend.sdk.errors import FieldProblem, InvalidInput

if TYPE_CHECKING:
    from backend.financial_manager.finances import Finances
    from backend.financial_manager.insight.reports import MonthNews
    from backend.sdk.actor import Actor

_month = click.DateTime(["%Y-%m", "%Y-%m-%d"])
_day = click.DateTime(["%Y-%m-%d"])
_REPORTS = ("months", "payees", "people", "years", "net_worth", "news", "recurring", "forecast", "goals")


@click.command("news")
@click.option("--month", type=_month, help="The month, as 2026-03; this month if left out.")
@common_options
def news(month: dt.datetime | None, user: str | None, as_json: bool) -> None:
    """Tell what changed in a month: more or less than usual, new payees, prices, income that did not come."""

    def work(finances: Finances, actor: Actor) -> MonthNews:
        from backend.financial_manager.days import check_day

        day = month.date() if month is not None else finances.today()
        check_day(day, "--month")
        finances.categories.all(actor)
        return finances.insight.news(actor, day)

    found = with_ledger(user, as_json, work)
    if as_json:
        items = [{name: getattr(one, name) for name in one.__dataclass_fields__} for one in found.told]
        print_json({"month": found.month, "complete": found.complete, "items": items})
        return
    for one in found.told:
        click.echo(one.text)
    if not found.told:
        click.echo("Nothing was booked in this month.")


@click.command("report")
@click.argument("report", type=click.Choice(_REPORTS))
@click.option("--since", type=_day, help="Its first day; the first of this year if left out.")
@click.option("--until", type=_day, help="Its last day; today if left out.")
@click.option("--output", type=click.Path(path_type=Path), help="Write it to this file: .csv, .xlsx or .pdf.")
@click.option("--language", type=click.Choice(["en", "de"]), default="en", show_default=True, help="Of the headings.")
@common_options
def report(
    report: str,
    since: dt.datetime | None,
    until: dt.datetime | None,
    output: Path | None,
    language: str,
    user: str | None,
    as_json: bool,
) -> None:
    """Show REPORT as a table, or write it to a file."""
    form = output.suffix.removeprefix(".").lower() if output is not None else "csv"
    if form not in ("csv", "xlsx", "pdf"):
        problem = FieldProblem("--output", "It is none of .csv, .xlsx, .pdf.", "Give the file one of these endings.")
        fail_with(InvalidInput(fields=[problem]), as_json=as_json)

    def work(finances: Finances, actor: Actor) -> tuple[Any, str, bytes]:
        from backend.financial_manager.days import check_day
        from backend.financial_manager.insight.tables import ReportKind
        from backend.financial_manager.report_tables import report_table

        last = until.date() if until is not None else finances.today()
        first = since.date() if since is not None else last.replace(month=1, day=1)
        check_day(first, "--since")
        check_day(last, "--until")
        if first > last:
            problem = FieldProblem("--since", "It lies after the last day.", "Choose an earlier day.")
            raise InvalidInput(fields=[problem])
        table = report_table(finances, actor, ReportKind(report), first, last)
        return table, *table.file(form, language, finances.today())  # type: ignore[arg-type]

    table, _, content = with_ledger(user, as_json, work)
    if output is not None:
        output.write_bytes(content)
    if as_json:
        head = [str(one) for one in table.rows[0]]
        print_json({"items": [dict(zip(head, row, strict=True)) for row in table.rows[1:]]})
    elif output is not None:
        click.echo(f"{output} is written: {len(table.rows) - 1} rows.")
    else:
        click.echo(content.decode("utf-8-sig").replace("\r\n", "\n"), nl=False)
