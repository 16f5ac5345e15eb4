"""`homie money forecast`: what accounts will hold in the next months, the lowest point, and what that rests on."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

from backend.cli.money_import import account_named
from backend.cli.money_ledger import with_ledger
from backend.cli.output import common_options, print_json

if TYPE_CHECKING:
    from backend.financial_manager.finances import Finances
    from backend.financial_manager.schemas_forecast import ForecastOut
    from backend.sdk.actor import Actor


@click.command("forecast")
@click.option("--months", type=click.IntRange(1, 12), default=3, show_default=True, help="How far to look.")
@click.option("--account", help="Only of this account; the household if left out.")
@click.option("--currency", help="The household's accounts of this currency, as EUR.")
@click.option("--everyday", is_flag=True, help="With what is usually spent besides recurring payments.")
@click.option("--days", is_flag=True, help="Print each day on which something moves.")
@common_options
def forecast(
    months: int,
    account: str | None,
    currency: str | None,
    everyday: bool,
    days: bool,
    user: str | None,
    as_json: bool,
) -> None:
    """Forecast what is there in the next months: the lowest point, its day, and what it rests on."""

    def work(finances: Finances, actor: Actor) -> ForecastOut:
        from backend.financial_manager.views_forecast import forecast_out

        chosen = account_named(finances, actor, account) if account is not None else None
        found = finances.forecasts.forecast(actor, months, with_everyday=everyday)
        return forecast_out(found, found.one(chosen, currency))

    told = with_ledger(user, as_json, work)
    if as_json:
        print_json(told.model_dump(mode="json"))
    else:
        _print(told, days=days)


def _print(told: ForecastOut, *, days: bool) -> None:
    from backend.financial_manager.currencies import minor_text

    if told.shown is None:
        click.echo("There is no open account to pay from.")
        return
    for one in told.outlooks:
        start, end = (minor_text(n, one.currency) for n in (one.start_minor, one.end_minor))
        click.echo(f"{start:>12} -> {end:>12} {one.currency}  {one.name or 'Household'}")
    for sentence in told.shown.words:
        click.echo(sentence)
    if days:
        at = {one.day: one.balance_minor for one in told.days}
        tomorrow = told.today + dt.timedelta(days=1)  # what is late counts then
        for move in told.expected:
            rest_minor = at[max(move.day, tomorrow)]
            amount, rest = (minor_text(n, move.currency) for n in (move.amount_minor, rest_minor))
            click.echo(f"{move.day} {amount:>12} {rest:>12} {move.currency}  {move.title}")
    click.echo("It rests on:")
    for sentence in told.rests_on:
        click.echo(f"    {sentence}")
