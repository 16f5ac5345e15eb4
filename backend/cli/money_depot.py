"""`homie money depot`: what a depot bought, sold and got, its prices, and what it comes to."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import click

from backend.cli.money_import import account_named
from backend.cli.money_ledger import amount_of, with_ledger
from backend.cli.output import common_options, print_json
from backend.sdk.errors import FieldProblem, InvalidInput

if TYPE_CHECKING:
    from backend.financial_manager.depots.models import Security
    from backend.financial_manager.finances import Finances
    from backend.financial_manager.rates.book import Quote
    from backend.sdk.actor import Actor

_day = click.DateTime(["%Y-%m-%d"])
_on = click.option("--on", type=_day, help="The day; today if left out.")
_currency = click.option("--currency", help="Its currency, as USD; the depot's if left out.")
_rate = click.option("--fx-rate", help="What one unit of it was worth in the depot's; the day's ECB rate if left out.")
_note = click.option("--note", default="", help="A note of your own.")
_fees = click.option("--fees", default="0", help="All fees, in the trade's currency.")
_withheld = click.option(
    "--withheld", default="0", help="Tax that the bank kept, without the surcharge; a sale at a loss: with a minus."
)
_surcharge = click.option("--surcharge", default="0", help="Solidarity surcharge that the bank kept on top (Germany).")


@click.group("depot")
def depot() -> None:
    """Securities: what was bought and sold, what it is worth and what it gained; each step can be undone."""


@depot.command("place")
@click.argument("depot_name", metavar="DEPOT")
@click.argument("country", required=False)
@common_options
def place(depot_name: str, country: str | None, user: str | None, as_json: bool) -> None:
    """Say in which COUNTRY (as AT) the bank of DEPOT is: taxes need it where the account has no IBAN.

    Without COUNTRY the household's own (`homie money settings`).
    """

    def work(finances: Finances, actor: Actor) -> dict[str, str]:
        chosen = account_named(finances, actor, depot_name, "DEPOT")
        own = country or finances.settings.get(actor).country
        if own == "XX":
            told = "The household's own country is not known."
            raise InvalidInput(fields=[FieldProblem("COUNTRY", told, "Write the country's two letters, as AT.")])
        row = finances.accounts.change(actor, chosen, {"country": own})
        return {"id": row.id, "name": row.name, "country": row.country}

    told = with_ledger(user, as_json, work)
    print_json(told) if as_json else click.echo(f"{told['name']} is in {told['country']}.")


@depot.command("opening")
@click.argument("depot_name", metavar="DEPOT")
@click.argument("security")
@click.argument("quantity")
@click.argument("cost")
@click.option("--acquired", type=_day, help="When it was bought; decides about holdings from before the tax law.")
@_on
@_currency
@_rate
@_note
@common_options
def opening(
    depot_name: str, security: str, quantity: str, cost: str, acquired: dt.datetime | None, user: str | None,
    as_json: bool, **more: Any,
) -> None:  # fmt: skip
    """Enter what DEPOT held of SECURITY before your records begin, with its whole COST."""
    values = {"quantity": quantity, "acquired": acquired.date() if acquired is not None else None}
    _book("opening", depot_name, security, cost, values, more, user, as_json=as_json)


@depot.command("buy")
@click.argument("depot_name", metavar="DEPOT")
@click.argument("security")
@click.argument("quantity")
@click.argument("amount")
@_fees
@_on
@_currency
@_rate
@_note
@common_options
def buy(
    depot_name: str, security: str, quantity: str, amount: str, user: str | None, as_json: bool, **more: Any
) -> None:
    """Book that DEPOT bought QUANTITY of SECURITY (name, ISIN or symbol) for AMOUNT, before fees."""
    _book("buy", depot_name, security, amount, {"quantity": quantity}, more, user, as_json=as_json)


@depot.command("sell")
@click.argument("depot_name", metavar="DEPOT")
@click.argument("security")
@click.argument("quantity")
@click.argument("amount")
@_fees
@_withheld
@_surcharge
@_on
@_currency
@_rate
@_note
@common_options
def sell(
    depot_name: str, security: str, quantity: str, amount: str, user: str | None, as_json: bool, **more: Any
) -> None:
    """Book that DEPOT sold QUANTITY of SECURITY for AMOUNT, before fees and taxes."""
    _book("sell", depot_name, security, amount, {"quantity": quantity}, more, user, as_json=as_json)


@depot.command("dividend")
@click.argument("depot_name", metavar="DEPOT")
@click.argument("security")
@click.argument("amount")
@click.option("--foreign-withheld", default="0", help="Withholding tax of another country.")
@click.option("--country", default="", help="That country, as US; the security's if left out.")
@_withheld
@_surcharge
@_on
@_currency
@_rate
@_note
@common_options
def dividend(
    depot_name: str, security: str, amount: str, country: str, user: str | None, as_json: bool, **more: Any
) -> None:
    """Book a dividend of SECURITY in DEPOT: AMOUNT before taxes."""
    _book("dividend", depot_name, security, amount, {"country": country.upper()}, more, user, as_json=as_json)


@depot.command("fee")
@click.argument("depot_name", metavar="DEPOT")
@click.argument("amount")
@_on
@_currency
@_rate
@_note
@common_options
def fee(depot_name: str, amount: str, user: str | None, as_json: bool, **more: Any) -> None:
    """Book a fee of DEPOT itself, such as for custody."""
    _book("fee", depot_name, None, amount, {}, more, user, as_json=as_json)


@depot.command("split")
@click.argument("depot_name", metavar="DEPOT")
@click.argument("security")
@click.argument("new")
@click.argument("old", default="1")
@_on
@_note
@common_options
def split(depot_name: str, security: str, new: str, old: str, user: str | None, as_json: bool, **more: Any) -> None:
    """Book a split: NEW shares for every OLD ones (4 is a split 4 for 1; 1 10 a reverse one)."""
    values = {"split_new": new, "split_old": old}
    _book("split", depot_name, security, None, values, more, user, as_json=as_json)


@depot.command("transfer")
@click.argument("from_name", metavar="FROM")
@click.argument("to_name", metavar="TO")
@click.argument("security")
@click.argument("quantity")
@click.option("--arrived", type=_day, help="When it arrived, where that was a later day.")
@_on
@_note
@common_options
def transfer(
    from_name: str,
    to_name: str,
    security: str,
    quantity: str,
    arrived: dt.datetime | None,
    on: dt.datetime | None,
    note: str,
    user: str | None,
    as_json: bool,
) -> None:
    """Move QUANTITY of SECURITY from depot FROM to depot TO, with its cost and its days of purchase.

    Where a split happened on the way, the number that it made of them arrives.
    """
    from backend.financial_manager.views_depots import trade_out

    def work(finances: Finances, actor: Actor) -> list[Any]:
        left = account_named(finances, actor, from_name, "FROM")
        came = account_named(finances, actor, to_name, "TO")
        day = on.date() if on is not None else finances.today()
        rows = finances.depots.transfer(
            actor,
            from_id=left,
            to_id=came,
            security_id=security_named(finances, actor, security).id,
            quantity=number_of(quantity, "QUANTITY"),
            on=day,
            arrived=arrived.date() if arrived is not None else day,
            note=note,
        )
        return [trade_out(one) for one in rows]

    told = with_ledger(user, as_json, work)
    if as_json:
        print_json({"items": [one.model_dump(mode="json") for one in told]})
        return
    left, came = told
    number = "" if came.quantity == left.quantity else f", {came.quantity} arrived after a split"
    click.echo(f"Moved. {left.date} {left.quantity} {security}, {from_name} to {to_name}{number}")


@depot.command("adjust")
@click.argument("depot_name", metavar="DEPOT")
@click.argument("security")
@click.argument("amount")
@click.option("--lower", is_flag=True, help="Lower the cost by AMOUNT; it is raised if left out.")
@click.option("--income", default="0", help="Reported income of an accumulating fund, which counts for tax.")
@click.option("--foreign-withheld", default="0", help="Withholding tax in that income.")
@_withheld
@_surcharge
@_on
@_currency
@_rate
@_note
@common_options
def adjust(
    depot_name: str, security: str, amount: str, lower: bool, user: str | None, as_json: bool, **more: Any
) -> None:
    """Change the cost of SECURITY in DEPOT by AMOUNT, as for the reported income of an accumulating fund."""
    _book("cost_adjustment", depot_name, security, amount, {"sign": -1 if lower else 1}, more, user, as_json=as_json)


@depot.command("delete")
@click.argument("trade_id", metavar="TRADE")
@common_options
def delete_trade(trade_id: str, user: str | None, as_json: bool) -> None:
    """Delete TRADE (its id: `homie money depot trades --json`); `homie money undo` brings it back."""

    def work(finances: Finances, actor: Actor) -> None:
        finances.depots.delete(actor, trade_id)

    with_ledger(user, as_json, work)
    print_json({"id": trade_id, "deleted": True}) if as_json else click.echo("Deleted.")


def security_named(finances: Finances, actor: Actor, name: str, field: str = "SECURITY") -> Security:
    """Return the security of that ISIN, symbol, name or id; raises `InvalidInput`, also where several have it."""
    rows: list[Security] = finances.depots.securities(actor)
    found = [one for one in rows if name == one.id or (one.isin and name.casefold() == one.isin.casefold())]
    found = found or [one for one in rows if name.casefold() in (one.symbol.casefold(), one.name.casefold())]
    if len(found) > 1:
        several = ", ".join(f"{one.name} ({one.label})" for one in found)
        raise InvalidInput(fields=[FieldProblem(field, f"{name} could be {several}.", "Use the ISIN or symbol.")])
    if found:
        return found[0]
    remedy = "See `homie money depot securities list`, or add it there."
    raise InvalidInput(fields=[FieldProblem(field, f"There is no security called {name}.", remedy)])


def _book(
    kind: str,
    depot_name: str,
    security: str | None,
    amount: str | None,
    values: dict[str, Any],
    more: dict[str, Any],
    user: str | None,
    *,
    as_json: bool,
) -> None:
    """Book a trade and say so. `more`: the common options of the command, as they were typed."""
    from backend.financial_manager.views_depots import trade_out

    def work(finances: Finances, actor: Actor) -> tuple[Any, str, str]:
        account = finances.accounts.get(actor, account_named(finances, actor, depot_name, "DEPOT")).account
        chosen = security_named(finances, actor, security) if security is not None else None
        currency, said = more.get("currency") or account.currency, ""
        row: dict[str, Any] = {
            "kind": kind,
            "depot_id": account.id,
            "security_id": chosen.id if chosen is not None else None,
            "date": more["on"].date() if more["on"] is not None else finances.today(),
            "currency": currency,
            "note": more["note"],
            **values,
        }
        if kind == "dividend" and chosen is not None:
            row["country"] = row["country"] or chosen.country
        if amount is not None:
            row["amount_minor"] = amount_of(amount, currency, "AMOUNT")
        for name in ("fees", "withheld", "surcharge", "foreign_withheld", "income"):
            if name in more:
                row[f"{name}_minor"] = amount_of(more[name], currency, f"--{name.replace('_', '-')}")
        if more.get("fx_rate") is not None:
            row["fx_rate"] = number_of(more["fx_rate"], "--fx-rate")
        elif amount is not None and currency != account.currency:
            row["fx_rate"], said = _told_rate(ecb_rate(finances, actor, currency, account.currency, row["date"]))
        for name in ("quantity", "split_new", "split_old"):
            if name in row:
                row[name] = number_of(row[name], name.removeprefix("split_").upper())
        name = chosen.name if chosen is not None else account.name
        return trade_out(finances.depots.book(actor, row)), name, said

    told, name, rate_words = with_ledger(user, as_json, work)
    if as_json:
        print_json(told.model_dump(mode="json"))
        return
    click.echo(f"Booked. {told.date} {kind} {told.quantity or ''} {name}".replace("  ", " "))
    if rate_words:
        click.echo(rate_words)


def _told_rate(rate: Quote) -> tuple[str, str]:
    words = f"    1 {rate.source} = {rate.rate} {rate.target}, the ECB's rate of {rate.as_of}; --fx-rate gives another"
    return rate.rate, words


def ecb_rate(finances: Finances, actor: Actor, source: str, target: str, day: dt.date) -> Quote:
    """Return the ECB's rate of a day; raises `InvalidInput` where there is none, or only one over a week older."""
    found: Quote = finances.rates.change(actor, 0, source, target, day)[1]
    if found.stale:
        told = f"The newest rate of {source} is of {found.as_of.isoformat()}."
        remedy = "Give --fx-rate, or ask for newer ones with `homie money rates --update`."
        raise InvalidInput(fields=[FieldProblem("--fx-rate", told, remedy)])
    return found


def number_of(text: str, field: str) -> str:
    """Return a typed positive number as the API takes it; raises `InvalidInput`."""
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        number = Decimal(0)
    if not number.is_finite() or number <= 0 or abs(number.adjusted()) > 15:
        raise InvalidInput(fields=[FieldProblem(field, f"{text} is no number above zero.", "Write it as 12.5.")])
    return format(number, "f")
