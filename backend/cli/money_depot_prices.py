"""`homie money depot prices feeds|source|sources|fetch`: where prices come from, and asking there."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from backend.cli.money_depot import security_named
from backend.cli.money_ledger import with_ledger
from backend.cli.output import common_options, print_json

if TYPE_CHECKING:
    from backend.financial_manager.finances import Finances
    from backend.sdk.actor import Actor

_DATE_FORMS = ("iso", "dmy", "mdy", "unix", "unix_ms")
_day = click.DateTime(["%Y-%m-%d"])


@click.command("feeds")
@common_options
def feeds(user: str | None, as_json: bool) -> None:
    """List the feeds of prices that come with Homie; none is asked before you choose it for a security."""
    from backend.financial_manager.price_feeds.presets import presets
    from backend.financial_manager.views_prices import feed_out

    def work(finances: Finances, actor: Actor) -> list[Any]:
        return [feed_out(one).model_dump(mode="json") for one in presets().values()]

    found = with_ledger(user, as_json, work)
    if as_json:
        print_json({"items": found})
        return
    for one in found:
        click.echo(f"{one['id']:12} {one['title']}: {one['about']['en']}")
        click.echo(f"    {one['address']}")
        symbol = one["symbol"]["en"] if one["symbol"] else "Needs no symbol"
        click.echo(f"    {symbol}. Described at {one['source']}")


@click.command("source")
@click.argument("security")
@click.option("--preset", default="", help="A feed of `homie money depot prices feeds`.")
@click.option("--symbol", default="", help="What the source calls it; the security's symbol if left out.")
@click.option("--address", default="", help="A feed of your own, with {isin}, {symbol}, {from} and {to}.")
@click.option("--format", "feed_format", type=click.Choice(("json", "csv")), default="json", help="Of its answer.")
@click.option("--date", "date_path", default="", help="Where the day stands: a path in JSON, a column in CSV.")
@click.option("--price", "price_path", default="", help="Where the price stands.")
@click.option("--currency-at", "currency_path", default="", help="Where the currency stands, if it is said.")
@click.option("--date-form", type=click.Choice(_DATE_FORMS), default="iso", help="How a day is written.")
@click.option("--decimal", type=click.Choice((".", ",")), default=".", help="The decimal sign.")
@click.option("--currency", default="", help="The currency, where the answer does not say it.")
@click.option("--remove", is_flag=True, help="Ask for its prices no more; the prices stay.")
@common_options
def source(security: str, remove: bool, user: str | None, as_json: bool, feed_format: str, **values: Any) -> None:
    """Say where the prices of SECURITY come from, or show it; nothing is asked before `prices fetch`."""
    from backend.financial_manager.views_prices import source_out

    def work(finances: Finances, actor: Actor) -> dict[str, Any]:
        chosen = security_named(finances, actor, security)
        if remove:
            finances.price_sources.remove(actor, chosen.id)
            return {"security_id": chosen.id, "deleted": True}
        if not any(values[name] for name in ("preset", "symbol", "address")):
            return source_out(finances.price_sources.of(actor, chosen.id)).model_dump(mode="json")
        given = {**values, "format": feed_format, "currency": values["currency"].upper()}
        return source_out(finances.price_sources.set(actor, chosen.id, given)).model_dump(mode="json")

    told = with_ledger(user, as_json, work)
    if as_json:
        print_json(told)
    elif told.get("deleted"):
        click.echo("Its prices are asked for no more.")
    else:
        _show(told)


@click.command("sources")
@common_options
def sources(user: str | None, as_json: bool) -> None:
    """List where prices come from, with all that would be sent there now."""
    from backend.financial_manager.views_prices import source_out

    def work(finances: Finances, actor: Actor) -> list[dict[str, Any]]:
        return [source_out(one).model_dump(mode="json") for one in finances.price_sources.all(actor)]

    found = with_ledger(user, as_json, work)
    if as_json:
        print_json({"items": found})
        return
    for one in found:
        _show(one)
    if not found:
        click.echo("No security has a source of prices. See `homie money depot prices source --help`.")


@click.command("fetch")
@click.argument("securities", nargs=-1)
@click.option("--since", type=_day, help="From this day; from the last one fetched if left out.")
@common_options
def fetch(securities: tuple[str, ...], since: dt.datetime | None, user: str | None, as_json: bool) -> None:
    """Ask the sources of SECURITIES (of all if none is named) for newer prices, now; `homie money undo` undoes it."""
    from backend.financial_manager.views_prices import fetch_out

    def work(finances: Finances, actor: Actor) -> dict[str, Any]:
        chosen = [security_named(finances, actor, name).id for name in securities] or None
        done = finances.price_sources.fetch(actor, chosen, since.date() if since is not None else None)
        return fetch_out(done).model_dump(mode="json")

    told = with_ledger(user, as_json, work)
    if as_json:
        print_json(told)
        return
    for one in told["items"]:
        what = one["problem"] or f"{one['added']} new, {one['changed']} changed, {one['same']} were there already"
        click.echo(f"{one['security']}: {what}")
        if one["asked"]:
            click.echo(f"    asked {one['asked']}")
        if one["kept"]:
            click.echo(f"    {one['kept']} days keep the price that you gave")
        for row in one["refused"]:
            click.echo(f"    left out {row['text']}: {row['reason']}")
    if not told["items"]:
        click.echo("No security has a source of prices. See `homie money depot prices source --help`.")


def _show(one: dict[str, Any]) -> None:
    click.echo(f"{one['security']}: {one['title']}")
    click.echo(f"    would be asked: {one['asks']}" if one["asks"] else f"    cannot be asked: {one['problem']}")


DEPOT_PRICES: tuple[click.Command, ...] = (feeds, source, sources, fetch)
"""Commands of `homie money depot prices`."""
