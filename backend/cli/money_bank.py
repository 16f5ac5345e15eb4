"""Connected banks from the command line: connect, say yes, link, fetch, end. Secrets are typed, never arguments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backend.cli.money_import import account_named, content_of
from backend.cli.money_ledger import with_ledger
from backend.cli.output import common_options, print_json
from backend.sdk.errors import FieldProblem, InvalidInput

if TYPE_CHECKING:
    from backend.financial_manager.finances import Finances
    from backend.sdk.actor import Actor


@click.group("bank")
def bank() -> None:
    """Connect banks that are asked when you want it, and fetch what they have booked."""


@bank.command("list")
@common_options
def list_banks(user: str | None, as_json: bool) -> None:
    """List connected banks with their accounts; nobody is asked on the internet."""
    from backend.financial_manager.api_banks import connection_out

    def work(finances: Finances, actor: Actor) -> list[dict[str, Any]]:
        return [connection_out(finances, actor, one).model_dump(mode="json") for one in finances.connections.all(actor)]

    found = with_ledger(user, as_json, work)
    if as_json:
        print_json({"items": found})
        return
    for one in found:
        told = f" ({one['problem']})" if one["problem"] else ""
        click.echo(f"{one['id']}  {one['title']}  {one['state']}{told}{_clock_words(one)}")
        for account in one["accounts"]:
            linked = "linked" if account["account_id"] else "not linked"
            click.echo(f"    {account['id']}  {account['name'] or account['iban']}  {account['currency']}  {linked}")
        if one["step"]:
            click.echo(f"    ? The bank waits: homie money bank answer {one['id']}")
    if not found:
        click.echo("No bank is connected. `homie money bank simplefin`, `begin` or `fints` connects one.")


@bank.command("simplefin")
@common_options
def connect_simplefin(user: str | None, as_json: bool) -> None:
    """Connect by a setup token of SimpleFIN, which is asked for; it works once."""
    token = click.prompt("Setup token", hide_input=True, err=True)
    _connected(user, as_json, lambda finances, actor: finances.connections.connect_simplefin(actor, token))


@bank.command("key")
@click.argument("application_id")
@click.argument("key_file", type=click.Path(path_type=Path))
@common_options
def put_key(application_id: str, key_file: Path, user: str | None, as_json: bool) -> None:
    """Keep your application of Enable Banking: APPLICATION_ID and KEY_FILE, the .pem file that came with it."""

    def work(finances: Finances, actor: Actor) -> dict[str, Any]:
        pem = content_of(key_file)[:20_000].decode("ascii", "replace")
        found = finances.connections.put_key(actor, application_id, pem)
        return {"application_id": application_id, "name": found.name, "redirects": list(found.redirects)}

    told = with_ledger(user, as_json, work)
    if as_json:
        print_json(told)
        return
    click.echo(f"{told['name']} is known. Banks may lead back to: {', '.join(told['redirects']) or 'nowhere yet'}")


@bank.command("find")
@click.argument("country")
@click.argument("words", nargs=-1)
@common_options
def find_banks(country: str, words: tuple[str, ...], user: str | None, as_json: bool) -> None:
    """List the banks of COUNTRY (as AT) that Enable Banking connects, all or those with all WORDS."""
    wanted = [word.casefold() for word in words]

    def work(finances: Finances, actor: Actor) -> list[dict[str, Any]]:
        found = finances.connections.banks(actor, country.upper())
        some = [one for one in found if all(word in one.name.casefold() for word in wanted)]
        return [{"name": one.name, "country": one.country, "consent_days": one.consent_days} for one in some]

    found = with_ledger(user, as_json, work)
    if as_json:
        print_json({"items": found})
        return
    for one in found:
        click.echo(f"{one['name']}  ({one['consent_days']} days)")


@bank.command("begin")
@click.argument("name")
@click.argument("country")
@click.option("--redirect", required=True, help="An address of your application, to which the bank leads back.")
@click.option("--days", type=click.IntRange(1, 180), default=90, show_default=True, help="How long the consent lasts.")
@common_options
def begin(name: str, country: str, redirect: str, days: int, user: str | None, as_json: bool) -> None:
    """Begin to connect the bank NAME of COUNTRY by Enable Banking; says where to say yes."""
    from backend.financial_manager.banks.enable_banking import Bank

    _consent(user, as_json, lambda f, actor: f.connections.begin(actor, Bank(name, country.upper(), days), redirect))


@bank.command("renew")
@click.argument("connection")
@common_options
def renew(connection: str, user: str | None, as_json: bool) -> None:
    """Begin to give the consent of CONNECTION again; says where to say yes."""
    _consent(user, as_json, lambda finances, actor: finances.connections.renew(actor, connection))


@bank.command("finish")
@click.argument("connection")
@common_options
def finish(connection: str, user: str | None, as_json: bool) -> None:
    """Give the address to which the bank led after your yes to CONNECTION; it is asked for."""
    address = click.prompt("Address", hide_input=True, err=True)
    _connected(user, as_json, lambda finances, actor: finances.connections.finish(actor, connection, address))


@bank.command("link")
@click.argument("bank_account")
@click.option("--account", help="Name of the account of yours into which it is booked.")
@click.option("--open", "opens", is_flag=True, help="Open a new account of yours for it.")
@common_options
def link(bank_account: str, account: str | None, opens: bool, user: str | None, as_json: bool) -> None:
    """Book BANK_ACCOUNT (as listed) into an account of yours; without an option into none."""

    def work(finances: Finances, actor: Actor) -> dict[str, Any]:
        if opens and account is not None:
            problem = FieldProblem("--open", "An account is named too.", "Give --account or --open.")
            raise InvalidInput(fields=[problem])
        if opens:
            row = finances.connections.open_account(actor, bank_account)
        else:
            chosen = account_named(finances, actor, account) if account is not None else None
            row = finances.connections.link(actor, bank_account, chosen)
        return {"id": row.id, "account_id": row.account_id}

    told = with_ledger(user, as_json, work)
    print_json(told) if as_json else click.echo("Linked." if told["account_id"] else "Linked with none.")


@bank.command("fetch")
@click.argument("connection", default="")
@common_options
def fetch(connection: str, user: str | None, as_json: bool) -> None:
    """Ask CONNECTION (the only one, if left out) now, and book what is new."""
    from backend.cli.money_fints import tell_step, waiting_step
    from backend.financial_manager.schemas_banks import AccountFetchedOut

    step: tuple[str, dict[str, Any]] | None = None

    def work(finances: Finances, actor: Actor) -> list[dict[str, Any]]:
        every = finances.connections.all(actor)
        if not connection and len(every) != 1:
            problem = FieldProblem("CONNECTION", "It is not clear which bank is meant.", "See `homie money bank list`.")
            raise InvalidInput(fields=[problem])
        nonlocal step
        chosen = connection or every[0].row.id
        done = finances.fetching.fetch(actor, chosen)
        step = waiting_step(finances, actor, chosen)
        return [AccountFetchedOut.model_validate(one).model_dump(mode="json") for one in done]

    found = with_ledger(user, as_json, work)
    if step is not None and not as_json:
        tell_step(*step)
    elif as_json:
        print_json({"items": found, "step": step[1] if step is not None else None})
    else:
        tell_fetched(found)


def tell_fetched(found: list[dict[str, Any]]) -> None:
    """Say what a fetch did in each account."""
    for one in found:
        told = f"{one['added']} new, {one['known']} known, {one['twins']} perhaps there, {one['left_out']} left out"
        off = "" if not one["difference_minor"] else f"; the bank differs by {one['difference_minor']} (smallest coins)"
        click.echo(f"{told}{off}")
        for doubt in one["doubts"]:
            click.echo(f"    ? {doubt}")


@bank.command("waiting")
@common_options
def list_waiting(user: str | None, as_json: bool) -> None:
    """List lines that a bank sent and that are perhaps there already."""
    from backend.financial_manager.banks.fetching import FORMAT
    from backend.financial_manager.currencies import minor_text

    def work(finances: Finances, actor: Actor) -> list[dict[str, Any]]:
        return [
            {
                "import_id": one.batch.id, "position": one.row.position, "account": one.account.name,
                "date": one.row.date.isoformat() if one.row.date else None, "amount_minor": one.row.amount_minor or 0,
                "currency": one.account.currency, "reason": one.row.reason,
                "counterparty": str(one.row.data.get("counterparty", "")), "twin_id": one.row.transaction_id,
            }
            for one in finances.deciding.waiting(actor, FORMAT)
        ]  # fmt: skip

    found = with_ledger(user, as_json, work)
    if as_json:
        print_json({"items": found})
        return
    for one in found:
        amount = f"{minor_text(one['amount_minor'], one['currency'])} {one['currency']}"
        click.echo(f"{one['import_id']} {one['position']}  {one['date']}  {amount}  {one['counterparty']}")
        click.echo(f"    ? {one['reason']}")
    if not found:
        click.echo("No line waits. What a bank sends and is perhaps there already is listed here.")


@bank.command("decide")
@click.argument("import_id")
@click.argument("position", type=click.IntRange(0))
@click.option("--book/--same", "book", required=True, help="Book it beside what is there, or say that it is the same.")
@common_options
def decide(import_id: str, position: int, book: bool, user: str | None, as_json: bool) -> None:
    """Decide about a line of IMPORT_ID at POSITION (see `homie money bank waiting`)."""

    def work(finances: Finances, actor: Actor) -> str:
        finances.categories.all(actor)
        return finances.deciding.decide(actor, import_id, position, book=book)

    told = with_ledger(user, as_json, work)
    print_json({"transaction_id": told}) if as_json else click.echo("Booked." if book else "It is the same.")


@bank.command("clock")
@click.argument("connection")
@click.option("--on/--off", "on", required=True, help="Whether the bank is asked every morning.")
@common_options
def set_clock(connection: str, on: bool, user: str | None, as_json: bool) -> None:
    """Ask CONNECTION every morning from tomorrow on, or only when you want it; the hub must be running then."""
    from backend.financial_manager.api_banks import connection_out

    def work(finances: Finances, actor: Actor) -> dict[str, Any]:
        found = finances.bank_clock.switch(actor, connection, on=on)
        return connection_out(finances, actor, found).model_dump(mode="json")

    told = with_ledger(user, as_json, work)
    if as_json:
        print_json(told)
        return
    click.echo(f"{told['title']}{_clock_words(told) or '  asked only when you want it'}")


@bank.command("disconnect")
@click.argument("connection")
@common_options
def disconnect(connection: str, user: str | None, as_json: bool) -> None:
    """Forget CONNECTION and its secret; what was booked stays."""
    with_ledger(user, as_json, lambda finances, actor: finances.bank_clock.disconnect(actor, connection))
    print_json({"disconnected": connection}) if as_json else click.echo("Disconnected.")


def _clock_words(one: dict[str, Any]) -> str:
    """Say when the clock asks a bank next; "" where it does not."""
    if not one["clock"]:
        return ""
    if one["next_at"] is None:
        return "  asked every morning once it is connected again"
    return f"  asked by itself next at {dt.datetime.fromisoformat(one['next_at']).astimezone():%Y-%m-%d %H:%M}"


def _connected(user: str | None, as_json: bool, work: Callable[[Finances, Actor], Any]) -> None:
    from backend.financial_manager.api_banks import connection_out

    found = with_ledger(
        user, as_json, lambda f, actor: connection_out(f, actor, work(f, actor)).model_dump(mode="json")
    )
    if as_json:
        print_json(found)
        return
    click.echo(f"{found['title']} is connected, with {len(found['accounts'])} accounts. See `homie money bank list`.")
    if found["problem"]:
        click.echo(f"    ? {found['problem']}")


def _consent(user: str | None, as_json: bool, work: Callable[[Finances, Actor], Any]) -> None:
    from backend.financial_manager.api_banks import connection_out

    def told(finances: Finances, actor: Actor) -> dict[str, Any]:
        found, url = work(finances, actor)
        return {"connection": connection_out(finances, actor, found).model_dump(mode="json"), "url": url}

    begun = with_ledger(user, as_json, told)
    if as_json:
        print_json(begun)
        return
    click.echo(f"Say yes here: {begun['url']}")
    click.echo(f"Then: homie money bank finish {begun['connection']['id']}")
