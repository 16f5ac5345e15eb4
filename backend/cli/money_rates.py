"""Exchange rates, the household's settings, and what it owns in its own currency, from the command line."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from backend.cli.money_ledger import with_ledger
from backend.cli.output import common_options, print_json

if TYPE_CHECKING:
    from backend.financial_manager.finances import Finances
    from backend.sdk.actor import Actor

_day = click.DateTime(["%Y-%m-%d"])


@click.command("rates")
@click.argument("currencies", nargs=-1)
@click.option("--of", "source", default="EUR", show_default=True, help="The currency of which one unit is meant.")
@click.option("--on", type=_day, help="The day; today if left out.")
@click.option("--update", is_flag=True, help="First ask the European Central Bank for newer rates.")
@common_options
def rates(
    currencies: tuple[str, ...], source: str, on: dt.datetime | None, update: bool, user: str | None, as_json: bool
) -> None:
    """Show the reference rates of the European Central Bank, all or those of CURRENCIES, each with its day."""
    wanted = tuple(code.upper() for code in currencies)

    def work(finances: Finances, actor: Actor) -> dict[str, Any]:
        days = finances.rates.update(actor) if update else None
        found = finances.rates.of_day(actor, source.upper(), on.date() if on is not None else None, wanted)
        items = [
            {"source": one.source, "target": one.target, "rate": one.rate, "as_of": one.as_of, "stale": one.stale}
            for one in found.quotes
        ]
        return {"items": items, "through": found.through, "missing": found.missing, "days_added": days}

    told = with_ledger(user, as_json, work)
    if as_json:
        print_json(told)
        return
    for one in told["items"]:
        old = "  (old)" if one["stale"] else ""
        click.echo(f"1 {one['source']} = {one['rate']:>14} {one['target']}  as of {one['as_of']}{old}")
    for code in told["missing"]:
        click.echo(f"There is no rate of {code}.")
    click.echo(f"Rates are known up to {told['through']}. `homie money rates --update` asks for newer ones.")


@click.command("settings")
@click.option("--currency", help="The household's own currency, as EUR.")
@click.option("--country", type=click.Choice(("AT", "DE", "XX")), help="Whose taxes are meant; XX: another country.")
@common_options
def money_settings(currency: str | None, country: str | None, user: str | None, as_json: bool) -> None:
    """Show the household's own currency and tax country, or change them."""
    given = {"currency": currency and currency.upper(), "country": country}
    values = {name: value for name, value in given.items() if value is not None}

    def work(finances: Finances, actor: Actor) -> dict[str, Any]:
        store = finances.settings
        return (store.change(actor, values) if values else store.get(actor)).model_dump()

    told = with_ledger(user, as_json, work)
    print_json(told) if as_json else click.echo(f"Currency {told['currency']}, taxes of {told['country']}")


@click.command("worth")
@click.option("--months", type=click.IntRange(1, 600), default=1, show_default=True, help="How many months back.")
@common_options
def worth(months: int, user: str | None, as_json: bool) -> None:
    """Show what all accounts hold together, in the household's own currency, with the rates that were used."""
    from backend.financial_manager.currencies import minor_text
    from backend.financial_manager.months import month_ends
    from backend.financial_manager.schemas_rates import OwnWorthOut

    def work(finances: Finances, actor: Actor) -> dict[str, Any]:
        own = finances.settings.get(actor).currency
        found = finances.own_currency.net_worth(actor, month_ends(finances.today(), months), own)
        return OwnWorthOut.model_validate(found).model_dump(mode="json")

    told = with_ledger(user, as_json, work)
    if as_json:
        print_json(told)
        return
    for one in told["points"]:
        click.echo(f"{one['day']} {minor_text(one['worth_minor'], told['currency']):>14} {told['currency']}")
    for one in told["quotes"]:
        old = ", which is old" if one["stale"] else ""
        click.echo(f"    1 {one['source']} = {one['rate']} {one['target']}, as of {one['as_of']}{old}")
    for code in told["missing"]:
        click.echo(f"    There is no rate of {code}: what is held in it is not counted.")


RATE_COMMANDS: tuple[click.Command, ...] = (rates, money_settings, worth)
