"""`homie money payees|tags`: who money goes to, and the words on transactions; each step can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from backend.cli.money_ledger import with_ledger
from backend.cli.output import common_options, print_json
from backend.sdk.errors import FieldProblem, InvalidInput

if TYPE_CHECKING:
    from backend.financial_manager.finances import Finances
    from backend.sdk.actor import Actor


@click.group("payees")
def payees() -> None:
    """Keep the names that you gave to whom money goes, and how banks write them."""


@payees.command("list")
@common_options
def list_payees(user: str | None, as_json: bool) -> None:
    """List payees by name, with how often each was seen and how banks write it."""
    found = with_ledger(user, as_json, lambda finances, actor: finances.payees.all(actor))
    rows = [
        {
            "id": one.payee.id,
            "name": one.payee.name,
            "transactions": one.transactions,
            "written": [alias.value for alias in one.aliases],
        }
        for one in found
    ]
    if as_json:
        print_json({"items": rows})
        return
    for one in found:
        click.echo(f"{one.transactions:>6}  {one.payee.name}  [{', '.join(alias.value for alias in one.aliases)}]")
    if not found:
        click.echo("No payees. The app names them on a transaction's page.")


@payees.command("rename")
@click.argument("name")
@click.argument("new_name")
@common_options
def rename_payee(name: str, new_name: str, user: str | None, as_json: bool) -> None:
    """Call the payee NAME by NEW_NAME, also in what is booked."""
    with_ledger(user, as_json, lambda f, actor: f.payees.rename(actor, payee_id(f, actor, name), new_name))
    print_json({"name": new_name}) if as_json else click.echo(f"{name} is called {new_name} now.")


@payees.command("merge")
@click.argument("name")
@click.argument("into")
@common_options
def merge_payees(name: str, into: str, user: str | None, as_json: bool) -> None:
    """Make the payee NAME a part of the payee INTO; its bookings and spellings follow."""

    def work(finances: Finances, actor: Actor) -> int:
        target = payee_id(finances, actor, into, "INTO")
        return finances.payees.merge(actor, payee_id(finances, actor, name), target).count

    count = with_ledger(user, as_json, work)
    print_json({"count": count}) if as_json else click.echo(f"{name} is {into} now, in {count} transactions.")


@payees.command("delete")
@click.argument("name")
@common_options
def delete_payee(name: str, user: str | None, as_json: bool) -> None:
    """Delete the payee NAME; its transactions stay, called as their bank wrote them."""
    count = with_ledger(user, as_json, lambda f, actor: f.payees.delete(actor, payee_id(f, actor, name)).count)
    print_json({"count": count}) if as_json else click.echo(f"{name} is deleted; {count} transactions stay.")


@payees.command("forget")
@click.argument("name")
@click.argument("written", nargs=-1, required=True)
@common_options
def forget_spelling(name: str, written: tuple[str, ...], user: str | None, as_json: bool) -> None:
    """Say that the payee NAME is not WRITTEN so (as `homie money payees list` shows it)."""

    def work(finances: Finances, actor: Actor) -> int:
        return finances.payees.forget(actor, payee_id(finances, actor, name), written).count

    count = with_ledger(user, as_json, work)
    print_json({"count": count}) if as_json else click.echo(f"{count} transactions are no longer called {name}.")


@click.group("tags")
def tags() -> None:
    """Keep the tags of transactions."""


@tags.command("list")
@common_options
def list_tags(user: str | None, as_json: bool) -> None:
    """List tags with how many transactions have each."""
    found = with_ledger(user, as_json, lambda finances, actor: finances.tags.all(actor))
    if as_json:
        print_json({"items": [{"name": one.name, "transactions": one.transactions} for one in found]})
        return
    for one in found:
        click.echo(f"{one.transactions:>6}  {one.name}")
    if not found:
        click.echo("No tags. Rules and the app put them on transactions.")


@tags.command("rename")
@click.argument("tag")
@click.argument("name")
@common_options
def rename_tag(tag: str, name: str, user: str | None, as_json: bool) -> None:
    """Call TAG by NAME, on transactions and in rules; a NAME that is a tag already makes one of both."""
    count = with_ledger(user, as_json, lambda finances, actor: finances.tags.rename(actor, tag, name).count)
    print_json({"count": count}) if as_json else click.echo(f"{tag} is called {name} now, in {count} transactions.")


@tags.command("remove")
@click.argument("tag")
@common_options
def remove_tag(tag: str, user: str | None, as_json: bool) -> None:
    """Take TAG away from every transaction and rule."""
    count = with_ledger(user, as_json, lambda finances, actor: finances.tags.remove(actor, tag).count)
    print_json({"count": count}) if as_json else click.echo(f"{tag} is taken away from {count} transactions.")


def payee_id(finances: Finances, actor: Actor, name: str, argument: str = "NAME") -> str:
    """Return the id of the payee of a name (or id); raises `InvalidInput` where there is no such one."""
    for one in finances.payees.all(actor):
        if name in (one.payee.id, one.payee.name):
            return one.payee.id
    problem = FieldProblem(argument, f"There is no payee called {name}.", "See `homie money payees list`.")
    raise InvalidInput(fields=[problem])
