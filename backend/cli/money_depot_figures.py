"""What depots come to, on the command line: trades, positions, returns, spread, "what if I sell"."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from backend.cli.money_depot import ecb_rate, number_of, security_named
from backend.cli.money_import import account_named
from backend.cli.money_ledger import amount_of, with_ledger
from backend.cli.output import common_options, print_json

if TYPE_CHECKING:
    from backend.financial_manager.finances import Finances
    from backend.sdk.actor import Actor

_day = click.DateTime(["%Y-%m-%d"])
_depot = click.option("--depot", "depot_name", help="Only of this depot.")
_on = click.option("--on", type=_day, help="The day; today if left out.")


@click.command("trades")
@_depot
@click.option("--security", help="Only of this security.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="At most so many.")
@common_options
def trades(depot_name: str | None, security: str | None, limit: int, user: str | None, as_json: bool) -> None:
    """List trades, newest first."""
    from backend.financial_manager.currencies import minor_text
    from backend.financial_manager.depots.depots import TradesWanted
    from backend.financial_manager.views_depots import trade_out

    def work(finances: Finances, actor: Actor) -> tuple[list[Any], dict[str, str]]:
        chosen = security_named(finances, actor, security, "--security").id if security is not None else None
        wanted = TradesWanted(_depot_id(finances, actor, depot_name), chosen)
        rows = finances.depots.page(actor, wanted, limit=limit)[:limit]
        return [trade_out(one) for one in rows], {one.id: one.name for one in finances.depots.securities(actor)}

    found, names = with_ledger(user, as_json, work)
    if as_json:
        print_json({"items": [one.model_dump(mode="json") for one in found]})
        return
    for one in found:
        amount = f"{minor_text(one.amount_minor, one.currency):>12} {one.currency}"
        words = (one.kind.value.replace("_", " "), one.quantity or "", names.get(one.security_id or "", ""))
        click.echo(f"{one.date} {amount}  {' '.join(word for word in words if word)}")
    if not found:
        click.echo("Nothing.")


@click.command("positions")
@_depot
@_on
@common_options
def positions(depot_name: str | None, on: dt.datetime | None, user: str | None, as_json: bool) -> None:
    """Show what is held, its worth, and what it gained by FIFO and by the moving average."""
    from backend.financial_manager.currencies import minor_text
    from backend.financial_manager.views_depots import position_out

    def work(finances: Finances, actor: Actor) -> list[Any]:
        chosen = _depot_id(finances, actor, depot_name)
        held = finances.valuation.positions(actor, depot_id=chosen, on=on.date() if on is not None else None)
        return [position_out(one) for one in held]

    found = with_ledger(user, as_json, work)
    if as_json:
        print_json({"items": [one.model_dump(mode="json") for one in found]})
        return
    for one in found:
        worth = "no price" if one.value_minor is None else f"{minor_text(one.value_minor, one.currency)} {one.currency}"
        way = " on the way" if one.on_the_way else ""
        click.echo(f"{one.depot}: {one.quantity} {one.security}{way}, {worth}")
        for name, figures in (("FIFO", one.fifo), ("average", one.average)):
            open_gain = figures.unrealised_minor
            still = "?" if open_gain is None else minor_text(open_gain, one.currency)
            cost, realised = (minor_text(n, one.currency) for n in (figures.cost_minor, figures.realised_minor))
            click.echo(f"    {name:8} cost {cost}, realised {realised}, not yet realised {still}")
    if not found:
        click.echo("Nothing.")


@click.command("sales")
@click.argument("depot_name", metavar="DEPOT")
@click.option("--security", help="Only of this security.")
@click.option("--since", type=_day, help="The first day; that of the first sale if left out.")
@click.option("--until", type=_day, help="The last day; today if left out.")
@common_options
def sales(
    depot_name: str,
    security: str | None,
    since: dt.datetime | None,
    until: dt.datetime | None,
    user: str | None,
    as_json: bool,
) -> None:
    """Show every sale of DEPOT with the lots that it used by FIFO, and what it took from the moving average."""
    from backend.financial_manager.views_depots import sale_out

    def work(finances: Finances, actor: Actor) -> list[Any]:
        chosen = security_named(finances, actor, security, "--security").id if security is not None else None
        first, last = (day.date() if day is not None else None for day in (since, until))
        depot_id = account_named(finances, actor, depot_name, "DEPOT")
        found = finances.sales.of(actor, depot_id, security_id=chosen, since=first, until=last)
        return [sale_out(one) for one in found]

    found = with_ledger(user, as_json, work)
    if as_json:
        print_json({"items": [one.model_dump(mode="json") for one in found]})
        return
    for one in found:
        click.echo("\n".join(_sale_lines(one)))
    if not found:
        click.echo("Nothing.")


def _sale_lines(one: Any) -> list[str]:
    """Return a sale for people: both gains, and each lot with its day, quantity, cost and gain."""
    from backend.financial_manager.currencies import minor_text

    def money(amount: int) -> str:
        return minor_text(amount, one.currency)

    lines = [f"{one.date} {one.quantity} {one.security} for {money(one.gross_minor)} {one.currency} ({one.trade_id})"]
    for name, by in (("FIFO", one.fifo), ("average", one.average)):
        lines.append(f"    {name:8} cost {money(by.cost_minor)}, gain {money(by.gain_minor)}")
        lines += [
            f"        {use.quantity} of {use.acquired}, cost {money(use.cost_minor)}, gain {money(use.gain_minor)}"
            f"{', exempt' if use.exempt else ''} ({use.trade_id})"
            for use in by.uses
        ]
    lines += [
        f"    {step.date} average of {step.quantity}: {step.average_price or '-'} {one.currency}"
        for step in one.average_steps
    ]
    return lines


@click.command("performance")
@_depot
@click.option("--since", type=_day, help="The first day; that of the first trade if left out.")
@click.option("--until", type=_day, help="The last day; today if left out.")
@common_options
def performance(
    depot_name: str | None, since: dt.datetime | None, until: dt.datetime | None, user: str | None, as_json: bool
) -> None:
    """Show time-weighted and money-weighted returns, by currency."""
    from backend.financial_manager.currencies import minor_text
    from backend.financial_manager.views_depots import performance_out

    def work(finances: Finances, actor: Actor) -> list[Any]:
        chosen = _depot_id(finances, actor, depot_name)
        first, last = (day.date() if day is not None else None for day in (since, until))
        done = finances.valuation.performance(actor, depot_id=chosen, since=first, until=last)
        return [performance_out(one) for one in done]

    found = with_ledger(user, as_json, work)
    if as_json:
        print_json({"items": [one.model_dump(mode="json") for one in found]})
        return
    for one in found:
        gain = minor_text(one.gain_minor, one.currency)
        click.echo(f"{one.start} to {one.end}: gain {gain} {one.currency}")
        told = (("time-weighted", one.time_weighted), ("a year", one.time_weighted_yearly))
        for name, rate in (*told, ("money-weighted, a year", one.money_weighted)):
            click.echo(f"    {name}: {'unknown' if rate is None else f'{Decimal(rate) * 100:.2f} %'}")
        if one.without_price:
            click.echo(f"    no price of {', '.join(one.without_price)}")
    if not found:
        click.echo("Nothing.")


@click.command("allocation")
@click.option(
    "--by",
    type=click.Choice(("kind", "country", "currency", "security", "depot")),
    default="kind",
    show_default=True,
    help="What is told apart.",
)
@_on
@common_options
def allocation(by: Any, on: dt.datetime | None, user: str | None, as_json: bool) -> None:
    """Show how what is held is spread."""
    from backend.financial_manager.currencies import minor_text
    from backend.financial_manager.views_depots import allocation_out

    def work(finances: Finances, actor: Actor) -> list[Any]:
        found = finances.valuation.spread(actor, by, on=on.date() if on is not None else None)
        return [allocation_out(one) for one in found]

    found = with_ledger(user, as_json, work)
    if as_json:
        print_json({"items": [one.model_dump(mode="json") for one in found]})
        return
    for one in found:
        for part in one.slices:
            amount = f"{minor_text(part.value_minor, one.currency):>14} {one.currency}"
            click.echo(f"{amount} {part.share / 100:6.2f} %  {part.label}")
    if not found:
        click.echo("Nothing.")


def _rules_of(country: str) -> str:
    """Return whose tax rules count in a preview; "" where none do, as for a country that has none here."""
    chosen = country.upper()
    return "" if chosen in ("NONE", "XX") else chosen


@click.command("worth")
@_on
@common_options
def depots_worth(on: dt.datetime | None, user: str | None, as_json: bool) -> None:
    """Show what all depots are worth in the household's own currency, with the rates that were used."""
    from backend.financial_manager.currencies import minor_text
    from backend.financial_manager.views_depots import worth_out

    def work(finances: Finances, actor: Actor) -> Any:
        own = finances.settings.get(actor).currency
        return worth_out(finances.depots_worth.of(actor, own, on=on.date() if on is not None else None))

    told = with_ledger(user, as_json, work)
    if as_json:
        print_json(told.model_dump(mode="json"))
        return
    for one in told.items:
        click.echo(f"{minor_text(one.value_minor, one.currency):>14} {one.currency}  {one.depot}")
    click.echo(f"{minor_text(told.total_minor, told.currency):>14} {told.currency}  altogether on {told.on}")
    for rate in told.quotes:
        old = ", which is old" if rate.stale else ""
        click.echo(f"    1 {rate.source} = {rate.rate} {rate.target}, as of {rate.as_of}{old}")
    for code in told.missing:
        click.echo(f"    There is no rate of {code}: what is held in it is not counted.")
    for name in told.without_price:
        click.echo(f"    No price of {name} is known: it counts for nothing.")


@click.command("what-if")
@click.argument("depot_name", metavar="DEPOT")
@click.argument("security")
@click.argument("quantity")
@click.argument("price")
@_on
@click.option("--currency", help="Currency of the price; the depot's if left out.")
@click.option("--fx-rate", help="What one unit of it is worth in the depot's; if left out, the ECB's rate of the day.")
@click.option("--fees", default="0", help="Fees of the sale.")
@click.option("--country", default="", help="Whose tax rules count, as AT, or none; the household's own if left out.")
@click.option("--joint", is_flag=True, help="Assessed together with your spouse.")
@common_options
def what_if(
    depot_name: str,
    security: str,
    quantity: str,
    price: str,
    on: dt.datetime | None,
    currency: str | None,
    fx_rate: str | None,
    fees: str,
    country: str,
    joint: bool,
    user: str | None,
    as_json: bool,
) -> None:
    """Say what selling QUANTITY of SECURITY at PRICE would bring; books nothing. No tax advice."""
    from backend.financial_manager.currencies import minor_text
    from backend.financial_manager.depots.sale_previews import Idea
    from backend.financial_manager.views_depots import what_if_out

    def work(finances: Finances, actor: Actor) -> Any:
        account = finances.accounts.get(actor, account_named(finances, actor, depot_name, "DEPOT")).account
        unit, rate = currency or account.currency, None
        day = on.date() if on is not None else finances.today()
        if fx_rate is not None:
            rate = Decimal(number_of(fx_rate, "--fx-rate"))
        elif unit != account.currency:
            rate = ecb_rate(finances, actor, unit, account.currency, day).exact
        idea = Idea(
            account.id,
            security_named(finances, actor, security).id,
            Decimal(number_of(quantity, "QUANTITY")),
            Decimal(number_of(price, "PRICE")),
            day,
            unit,
            rate,
            amount_of(fees, unit, "--fees"),
            _rules_of(country or finances.settings.get(actor).country),
            joint,
        )
        return what_if_out(finances.sale_previews.preview(actor, idea))

    told = with_ledger(user, as_json, work)
    if as_json:
        print_json(told.model_dump(mode="json"))
        return
    for name, one in (("FIFO", told.fifo), ("average", told.average)):
        mark = " (counts for tax)" if told.method == ("fifo" if name == "FIFO" else "average") else ""
        gain, tax, left = (minor_text(n, told.currency) for n in (one.gain_minor, one.tax_minor, one.left_minor))
        click.echo(f"{name:8} gain {gain}, tax {tax}, left {left} {told.currency}{mark}")
        for change in one.changes:
            click.echo(f"    {minor_text(change.amount_minor, told.currency):>12}  {change.label.en}")
    if told.disclaimer_en:
        click.echo(f"{told.disclaimer_en} ({told.status})")


def _depot_id(finances: Finances, actor: Actor, name: str | None) -> str | None:
    return None if name is None else account_named(finances, actor, name, "--depot")


DEPOT_FIGURES: tuple[click.Command, ...] = (trades, positions, sales, performance, allocation, depots_worth, what_if)
