"""The ledger from the command line: accounts, entries by hand, lists, sums, the record of changes, export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, TypeVar

import click

from backend.cli.context import acting, open_platform
from backend.cli.money_import import account_named, finances_of
from backend.cli.output import common_options, fail_with, print_json
from backend.sdk.errors import FieldProblem, HomieError, InvalidInput, NotFound

if TYPE_CHECKING:
    from backend.core.platform import Platform
    from backend.financial_manager.finances import Finances
    from backend.financial_manager.ledger.drafts import Part
    from backend.financial_manager.ledger.models import Category
    from backend.sdk.actor import Actor

T = TypeVar("T")
_KINDS = ("bank", "card", "cash", "loan", "depot", "asset")
_day = click.DateTime(["%Y-%m-%d"])


def with_ledger(
    user: str | None, as_json: bool, work: Callable[[Finances, Actor], T], *, space: str | None = None
) -> T:
    """Run `work` with the ledger's services; an error becomes words and exit code 1.

    `space`: name or id of one of the person's spaces; their own one if left out.
    """
    try:
        with open_platform() as platform:
            actor = acting(platform, user)
            if space is not None:
                actor = actor.acting_in(_space_named(platform, actor, space))
            return work(finances_of(platform), actor)
    except HomieError as error:
        fail_with(error, as_json=as_json)


def _space_named(platform: Platform, actor: Actor, name: str) -> str:
    """Return the id of the one space of a person's that is called so; raises `NotFound`."""
    own = platform.accounts.spaces.of_person(actor.user_id)
    found = [one.id for one in own if name.casefold() in (one.id, one.name.casefold())]
    if len(found) != 1:
        raise NotFound(f"You are in no (single) space called '{name[:64]}'; `homie users spaces` lists them.")
    return found[0]


@click.command("accounts")
@common_options
def accounts(user: str | None, as_json: bool) -> None:
    """List accounts with what they hold."""
    from backend.financial_manager.currencies import minor_text
    from backend.financial_manager.views import account_out

    found = with_ledger(user, as_json, lambda f, actor: [account_out(one) for one in f.accounts.all(actor)])
    if as_json:
        print_json({"items": [one.model_dump(mode="json") for one in found]})
        return
    for one in found:
        amount = f"{minor_text(one.balance_minor, one.currency):>14} {one.currency}"
        click.echo(f"{amount}  {one.name}  ({one.kind}{', ' + one.iban if one.iban else ''})")
    if not found:
        click.echo("No accounts. `homie money open NAME` opens one.")


@click.command("open")
@click.argument("name")
@click.option("--kind", type=click.Choice(_KINDS), default="bank", show_default=True, help="What it is.")
@click.option("--currency", help="Its currency, as EUR; the household's own if left out.")
@click.option("--iban", default="", help="Its IBAN, by which its statements are known.")
@click.option("--country", default="", help="Of its bank, as AT; taxes need it of a depot without an IBAN.")
@click.option("--opening", help="What it held at the end of the day --on, as 1234.56.")
@click.option("--on", type=_day, help="The opening's day: only what comes after it is imported.")
@common_options
def open_account(
    name: str,
    kind: str,
    currency: str | None,
    iban: str,
    country: str,
    opening: str | None,
    on: dt.datetime | None,
    user: str | None,
    as_json: bool,
) -> None:
    """Open an account called NAME."""
    values: dict[str, Any] = {"name": name, "kind": kind, "currency": currency, "iban": iban, "country": country}
    if (opening is None) != (on is None):
        problem = FieldProblem("--opening", "An opening has an amount and a day.", "Give both, or neither.")
        fail_with(InvalidInput(fields=[problem]), as_json=as_json)

    def work(finances: Finances, actor: Actor) -> dict[str, Any]:
        if opening is not None and on is not None:
            unit = currency or finances.settings.get(actor).currency
            values.update(opening_minor=amount_of(opening, unit, "--opening"), opening_date=on.date())
        made = finances.accounts.create(actor, values)
        return {"id": made.id, "name": made.name, "currency": made.currency}

    told = with_ledger(user, as_json, work)
    print_json(told) if as_json else click.echo(f"{told['name']} is open, in {told['currency']}.")


@click.command("add", context_settings={"ignore_unknown_options": True})
@click.argument("account")
@click.argument("amount")
@click.argument("payee", default="")
@click.option("--category", help="Name of a category, as of `homie money categories`.")
@click.option("--to", "other", help="Another account of yours: a transfer.")
@click.option("--arrives", help="What arrives there, if it has another currency; else counted by the ECB's rate.")
@click.option("--on", type=_day, help="The day; today if left out.")
@click.option("--note", default="", help="A note of your own.")
@click.option("--planned", is_flag=True, help="It is only expected: it counts in no balance.")
@common_options
def add(
    account: str,
    amount: str,
    payee: str,
    category: str | None,
    other: str | None,
    arrives: str | None,
    on: dt.datetime | None,
    note: str,
    planned: bool,
    user: str | None,
    as_json: bool,
) -> None:
    """Enter a transaction: AMOUNT (as -12.34 for what was spent) on ACCOUNT, with PAYEE."""
    from backend.financial_manager.ledger.drafts import Draft, Part
    from backend.financial_manager.views import transaction_out

    def work(finances: Finances, actor: Actor) -> dict[str, Any]:
        found = finances.accounts.get(actor, account_named(finances, actor, account, "ACCOUNT")).account
        minor = amount_of(amount, found.currency, "AMOUNT")
        parts: tuple[Part, ...] = ()
        if category is not None:
            parts = (Part(minor, category_named(finances, actor, category), source="hand", confidence=1.0),)
        if other is not None:
            parts = (_moved(finances, actor, minor, found.currency, other, arrives),)
        day = on.date() if on is not None else finances.today()
        draft = Draft(found.id, day, minor, payee, note=note, planned=planned, parts=parts)
        made = finances.transactions.create(actor, draft)
        return transaction_out(made).model_dump(mode="json")

    told = with_ledger(user, as_json, work)
    print_json(told) if as_json else click.echo(f"Entered. {told['date']} {amount} {payee}".rstrip())


def _moved(finances: Finances, actor: Actor, minor: int, currency: str, other: str, arrives: str | None) -> Part:
    """Return the part that goes to another account; one in another currency gets what arrives, or its rate counts."""
    from backend.financial_manager.ledger.drafts import Part

    there = finances.accounts.get(actor, account_named(finances, actor, other, "--to")).account
    if arrives is not None:
        return Part(minor, account_id=there.id, other_minor=amount_of(arrives, there.currency, "--arrives"))
    return Part(minor, account_id=there.id, by_rate=there.currency != currency)


@click.command("list")
@click.argument("words", nargs=-1)
@click.option("--account", help="Only of this account.")
@click.option("--category", help="Only of this category or group.")
@click.option("--since", type=_day, help="Only from this day on.")
@click.option("--until", type=_day, help="Only up to this day.")
@click.option("--inbox", is_flag=True, help="Only those without a category.")
@click.option("--planned", is_flag=True, help="Only those that are planned.")
@click.option("--tag", help="Only those with this tag.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@common_options
def list_transactions(
    words: tuple[str, ...],
    account: str | None,
    category: str | None,
    since: dt.datetime | None,
    until: dt.datetime | None,
    inbox: bool,
    planned: bool,
    tag: str | None,
    limit: int,
    user: str | None,
    as_json: bool,
) -> None:
    """List transactions with all WORDS, newest first."""
    from backend.financial_manager.currencies import minor_text
    from backend.financial_manager.ledger.listing import Wanted
    from backend.financial_manager.views import transaction_out

    def work(finances: Finances, actor: Actor) -> tuple[list[Any], Mapping[str, str]]:
        wanted = Wanted(
            account_id=account_named(finances, actor, account) if account is not None else None,
            category_id=category_named(finances, actor, category) if category is not None else None,
            since=since.date() if since is not None else None,
            until=until.date() if until is not None else None,
            words=" ".join(words),
            inbox=inbox,
            planned=True if planned else None,
            tag=tag,
        )
        rows = finances.listing.page(actor, wanted, limit=limit)[:limit]
        titles = {one.id: one.title for one in finances.categories.all(actor)}
        return [transaction_out(one) for one in rows], titles

    found, titles = with_ledger(user, as_json, work)
    if as_json:
        print_json({"items": [one.model_dump(mode="json") for one in found]})
        return
    for one in found:
        kinds = ["transfer" if part.account_id else titles.get(part.category_id or "", "?") for part in one.parts]
        name = one.payee or one.counterparty or one.purpose or one.note
        amount = f"{minor_text(one.amount_minor, one.currency):>12} {one.currency}"
        click.echo(f"{one.date} {amount}  {name[:60]}  [{', '.join(kinds)}]")
    if not found:
        click.echo("Nothing.")


@click.command("categories")
@common_options
def categories(user: str | None, as_json: bool) -> None:
    """List categories."""
    found = with_ledger(user, as_json, lambda f, actor: f.categories.all(actor))
    if as_json:
        print_json({"items": [{"id": c.id, "title": c.title, "key": c.key, "parent_id": c.parent_id} for c in found]})
        return
    for one in found:
        click.echo(one.title if one.parent_id is None else f"    {one.title}")


@click.command("months")
@click.option("--since", type=_day, help="Any day of the first month; eleven months ago if left out.")
@common_options
def months(since: dt.datetime | None, user: str | None, as_json: bool) -> None:
    """Show what each category came to in each month, spending with a minus; without transfers between your accounts."""
    from backend.financial_manager.currencies import minor_text

    def work(finances: Finances, actor: Actor) -> tuple[list[Any], Mapping[str, str]]:
        last = finances.today()
        first = since.date() if since is not None else (last.replace(day=1) - dt.timedelta(days=330))
        titles = {one.id: one.title for one in finances.categories.all(actor)}
        return finances.reports.months(actor, first.replace(day=1), last), titles

    found, titles = with_ledger(user, as_json, work)
    rows = [
        {
            "month": one.month.isoformat()[:7],
            "category": titles.get(one.category_id or "", "?"),
            "category_id": one.category_id,
            "currency": one.currency,
            "spent_minor": one.spent_minor,
            "bookings": one.bookings,
        }
        for one in found
    ]
    if as_json:
        print_json({"items": rows})
        return
    for row in rows:
        amount = minor_text(-int(row["spent_minor"]), str(row["currency"]))
        click.echo(f"{row['month']} {amount:>14} {row['currency']}  {row['category']}")


@click.command("changes")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@common_options
def changes(limit: int, user: str | None, as_json: bool) -> None:
    """List the steps that were taken, newest first; `homie money undo ID` takes one back."""
    from backend.financial_manager.views import change_out

    found = with_ledger(
        user, as_json, lambda f, actor: [change_out(one) for one in f.changes.page(actor, limit=limit)[:limit]]
    )
    if as_json:
        print_json({"items": [one.model_dump(mode="json") for one in found]})
        return
    for one in found:
        mark = "  (taken back)" if one.undone else ""
        click.echo(f"{one.id}  {one.at:%Y-%m-%d %H:%M}  {one.kind}: {one.title}{mark}")


@click.command("undo")
@click.argument("change", default="")
@common_options
def undo(change: str, user: str | None, as_json: bool) -> None:
    """Take one step back: CHANGE as listed by `homie money changes`, or the last one."""
    from backend.financial_manager.views import change_out

    def work(finances: Finances, actor: Actor) -> Any:
        chosen = change or next(
            (one.id for one in finances.changes.page(actor, limit=200) if one.undone_by is None and one.undoes is None),
            "",
        )
        return change_out(finances.changes.undo(actor, chosen))

    told = with_ledger(user, as_json, work)
    print_json(told.model_dump(mode="json")) if as_json else click.echo(f"Taken back: {told.title}")


@click.command("export")
@click.option(
    "--format", "kind", type=click.Choice(("hledger", "beancount", "csv")), default="hledger", help="The form."
)
@common_options
def export(kind: str, user: str | None, as_json: bool) -> None:
    """Print the whole ledger: a journal of hledger or beancount, or a table."""
    name, text = with_ledger(user, as_json, lambda f, actor: f.exports.text(actor, kind))
    print_json({"file_name": name, "text": text}) if as_json else click.echo(text, nl=False)


def amount_of(text: str, currency: str, field: str) -> int:
    """Return typed money in minor units; raises `InvalidInput` for what is none, or finer than a coin."""
    from backend.financial_manager.currencies import to_minor

    try:
        minor, rounded = to_minor(Decimal(text.replace(",", ".")), currency)
    except InvalidOperation:
        minor, rounded = 0, True
    if rounded:
        problem = FieldProblem(field, f"{text} is no amount of {currency}.", "Write it as 12.34 or -12.34.")
        raise InvalidInput(fields=[problem])
    return minor


def category_named(finances: Finances, actor: Actor, name: str) -> str:
    """Return the id of a category by its name, key or id; raises `InvalidInput`."""
    found: list[Category] = [
        one
        for one in finances.categories.all(actor)
        if name == one.id or name == one.key or name.casefold() == one.title.casefold()
    ]
    leaves = [one for one in found if one.parent_id is not None] or found
    if len(leaves) != 1:
        remedy = "See `homie money categories`; name it by its key where two have one name."
        raise InvalidInput(fields=[FieldProblem("--category", f"There is no one category called {name}.", remedy)])
    return leaves[0].id


LEDGER_COMMANDS: tuple[click.Command, ...] = (
    accounts, open_account, add, list_transactions, categories, months, changes, undo, export,
)  # fmt: skip
