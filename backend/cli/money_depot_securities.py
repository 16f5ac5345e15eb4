"""`homie money depot securities|price|prices`: what can be bought, and what it costs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backend.cli.money_depot import number_of, security_named
from backend.cli.money_import import content_of
from backend.cli.money_ledger import with_ledger
from backend.cli.output import common_options, print_json

if TYPE_CHECKING:
    from backend.financial_manager.finances import Finances
    from backend.sdk.actor import Actor

KINDS = ("stock", "bond", "fund_equity", "fund_mixed", "fund_other", "derivative", "crypto")
_day = click.DateTime(["%Y-%m-%d"])
_on = click.option("--on", type=_day, help="The day; today if left out.")
_rate = click.option("--fx-rate", help="What one unit of that currency was worth in the depot's.")


@click.group("securities")
def securities() -> None:
    """List, add, change and delete securities."""


@securities.command("list")
@common_options
def list_securities(user: str | None, as_json: bool) -> None:
    """List securities by name."""
    from backend.financial_manager.views_depots import security_out

    found = with_ledger(user, as_json, lambda f, actor: [security_out(one) for one in f.depots.securities(actor)])
    if as_json:
        print_json({"items": [one.model_dump(mode="json") for one in found]})
        return
    for one in found:
        click.echo(f"{one.isin or one.symbol or '-':12}  {one.name}  ({one.kind}, {one.currency})")
    if not found:
        click.echo("No securities. `homie money depot securities add NAME` adds one.")


@securities.command("add")
@click.argument("name")
@click.option("--isin", default="", help="Its ISIN, with the right check digit.")
@click.option("--symbol", default="", help="How files of prices call it, where it has no ISIN.")
@click.option("--kind", type=click.Choice(KINDS), default="stock", show_default=True, help="What it is, for taxes.")
@click.option("--currency", help="The currency that it is quoted in; the household's own if left out.")
@click.option("--country", default="", help="Country of its issuer, as US; the ISIN's if left out.")
@common_options
def add_security(
    name: str, isin: str, symbol: str, kind: str, currency: str | None, country: str, user: str | None, as_json: bool
) -> None:
    """Add a security called NAME."""
    from backend.financial_manager.views_depots import security_out

    values = {"name": name, "isin": isin, "symbol": symbol, "kind": kind, "currency": currency, "country": country}
    told = with_ledger(user, as_json, lambda f, actor: security_out(f.depots.add_security(actor, values)))
    print_json(told.model_dump(mode="json")) if as_json else click.echo(f"{told.name} is there.")


@securities.command("change")
@click.argument("security")
@click.option("--name", help="Another name.")
@click.option("--isin", help="Its ISIN; empty takes it away.")
@click.option("--symbol", help="How files of prices call it.")
@click.option("--kind", type=click.Choice(KINDS), help="What it is, for taxes.")
@click.option("--currency", help="The currency that it is quoted in.")
@click.option("--country", help="Country of its issuer, as US.")
@common_options
def change_security(security: str, user: str | None, as_json: bool, **more: str | None) -> None:
    """Change SECURITY (name, ISIN or symbol); its trades are counted anew."""
    from backend.financial_manager.views_depots import security_out

    values = {name: value for name, value in more.items() if value is not None}

    def work(finances: Finances, actor: Actor) -> Any:
        chosen = security_named(finances, actor, security)
        return security_out(finances.depots.change_security(actor, chosen.id, values))

    told = with_ledger(user, as_json, work)
    print_json(told.model_dump(mode="json")) if as_json else click.echo(f"{told.name} is changed.")


@securities.command("delete")
@click.argument("security")
@common_options
def delete_security(security: str, user: str | None, as_json: bool) -> None:
    """Delete SECURITY, on which no trade stands, with its prices; the record of changes brings it back."""

    def work(finances: Finances, actor: Actor) -> str:
        chosen = security_named(finances, actor, security)
        finances.depots.delete_security(actor, chosen.id)
        return chosen.id

    told = with_ledger(user, as_json, work)
    print_json({"id": told, "deleted": True}) if as_json else click.echo("Deleted.")


@click.command("price")
@click.argument("security")
@click.argument("price")
@_on
@click.option("--currency", help="Its currency; the security's if left out.")
@_rate
@click.option("--fx-currency", help="The depot's currency that the rate leads into, where depots have several.")
@common_options
def enter_price(
    security: str,
    price: str,
    on: dt.datetime | None,
    currency: str | None,
    fx_rate: str | None,
    fx_currency: str | None,
    user: str | None,
    as_json: bool,
) -> None:
    """Say what one share of SECURITY costs."""
    from backend.financial_manager.schemas_securities import PriceOut

    def work(finances: Finances, actor: Actor) -> PriceOut:
        chosen = security_named(finances, actor, security)
        day = on.date() if on is not None else finances.today()
        rate = None if fx_rate is None else number_of(fx_rate, "--fx-rate")
        row = finances.prices.enter(
            actor, chosen.id, day, number_of(price, "PRICE"), currency=currency or "", fx_rate=rate,
            fx_currency=fx_currency or "",
        )  # fmt: skip
        return PriceOut.model_validate(row)

    told = with_ledger(user, as_json, work)
    print_json(told.model_dump(mode="json")) if as_json else click.echo(f"{told.date} {told.price} {told.currency}")


@click.group("prices")
def prices() -> None:
    """Take prices from files or from servers that you choose, list and forget them."""


@prices.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--security", help="Whose prices they are, where the file names no security.")
@common_options
def import_prices(file: Path, security: str | None, user: str | None, as_json: bool) -> None:
    """Take the prices of FILE (CSV of any dialect); what is known already is not written again."""
    from backend.financial_manager.views_depots import prices_out

    def work(finances: Finances, actor: Actor) -> Any:
        chosen = security_named(finances, actor, security, "--security").id if security is not None else None
        return prices_out(finances.prices.import_file(actor, content_of(file), file.name, chosen))

    told = with_ledger(user, as_json, work)
    if as_json:
        print_json(told.model_dump(mode="json"))
        return
    click.echo(f"{told.added} new, {told.changed} changed, {told.same} were there already")
    for one in told.skipped:
        click.echo(f"  left out, line {one.line}: {one.reason}")
    if told.unknown:
        click.echo(f"  Not among your securities: {', '.join(told.unknown)}")


@prices.command("list")
@click.argument("security")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="At most so many.")
@common_options
def list_prices(security: str, limit: int, user: str | None, as_json: bool) -> None:
    """List the prices of SECURITY, newest first."""
    from backend.financial_manager.schemas_securities import PriceOut

    def work(finances: Finances, actor: Actor) -> list[PriceOut]:
        chosen = security_named(finances, actor, security)
        return [PriceOut.model_validate(one) for one in finances.prices.page(actor, chosen.id, limit=limit)[:limit]]

    found = with_ledger(user, as_json, work)
    if as_json:
        print_json({"items": [one.model_dump(mode="json") for one in found]})
        return
    for one in found:
        click.echo(f"{one.date} {one.price} {one.currency}  ({one.source}, {one.id})")
    if not found:
        click.echo("Nothing.")


@prices.command("delete")
@click.argument("price_id", metavar="PRICE")
@common_options
def delete_price(price_id: str, user: str | None, as_json: bool) -> None:
    """Forget PRICE (its id: `homie money depot prices list SECURITY`)."""

    def work(finances: Finances, actor: Actor) -> None:
        finances.prices.delete(actor, price_id)

    with_ledger(user, as_json, work)
    print_json({"id": price_id, "deleted": True}) if as_json else click.echo("Deleted.")


DEPOT_SECURITIES: tuple[click.Command, ...] = (securities, enter_price, prices)
