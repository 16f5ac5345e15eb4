"""`homie money recurring`: what comes again, with its next day and yearly cost; confirm, dismiss, change, enter."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from backend.cli.money_import import account_named
from backend.cli.money_ledger import amount_of, category_named, with_ledger
from backend.cli.output import common_options, print_json
from backend.sdk.errors import FieldProblem, InvalidInput

if TYPE_CHECKING:
    from backend.financial_manager.finances import Finances
    from backend.financial_manager.recurring.matching import Recurring
    from backend.financial_manager.schemas_recurring import RecurringDetailOut, RecurringOut
    from backend.sdk.actor import Actor

_day = click.DateTime(["%Y-%m-%d"])
CADENCES = ("weekly", "fortnightly", "monthly", "quarterly", "half_yearly", "yearly")


@click.group("recurring", invoke_without_command=True)
@click.option("--dismissed", is_flag=True, help="Show also what was dismissed, and what has ended.")
@common_options
@click.pass_context
def recurring(ctx: click.Context, dismissed: bool, user: str | None, as_json: bool) -> None:
    """List payments that come again, with their next day, and what they come to."""
    if ctx.invoked_subcommand is not None:
        return
    from backend.financial_manager.currencies import minor_text
    from backend.financial_manager.views_recurring import recurring_list_out

    found = with_ledger(user, as_json, lambda f, actor: recurring_list_out(f.recurring.all(actor)))
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    shown = [one for one in found.items if dismissed or (one.state.value != "dismissed" and not one.ended)]
    for one in shown:
        click.echo(_line(one))
    for total in found.sums:
        spent, got = (
            minor_text(n, total.currency) for n in (total.spent_per_month_minor, total.received_per_month_minor)
        )
        yearly = minor_text(total.spent_per_year_minor, total.currency)
        click.echo(f"Each month {spent} {total.currency} go out ({yearly} a year), {got} {total.currency} come in.")
    if not shown:
        click.echo("Nothing that comes again was found. `homie money recurring add` enters it by hand.")


def _line(one: RecurringOut) -> str:
    from backend.financial_manager.currencies import minor_text

    amount = f"{minor_text(one.amount_minor, one.currency):>12} {one.currency}"
    state = "ended" if one.ended else {"found": "?", "confirmed": "", "dismissed": "dismissed"}[one.state.value]
    mark = f"  [{state}]" if state else ""
    return f"{one.next_on or '-'!s:10} {amount}  {one.cadence.value:12} {one.name}{mark}"


@recurring.command("show")
@click.argument("name")
@common_options
def show(name: str, user: str | None, as_json: bool) -> None:
    """Show the one called NAME (or its id): its bookings, its prices, and why it is taken for one."""
    _tell(name, user, as_json, lambda finances, actor, found: found)


@recurring.command("notices")
@click.option("--dismiss", is_flag=True, help="Dismiss all that are listed: they are not told again.")
@common_options
def notices(dismiss: bool, user: str | None, as_json: bool) -> None:
    """List what newly comes again and what became dearer; looks for it first."""
    from backend.financial_manager.schemas_recurring import RecurringNoticeOut

    def work(finances: Finances, actor: Actor) -> list[dict[str, Any]]:
        finances.noticing.look(actor)
        found = finances.noticing.open(actor)
        told = [RecurringNoticeOut.model_validate(one).model_dump(mode="json") for one in found]
        if dismiss and found:
            finances.noticing.dismiss(actor, [one.id for one in found])
        return told

    found = with_ledger(user, as_json, work)
    if as_json:
        print_json({"items": found})
        return
    for one in found:
        click.echo(one["text"])
    if not found:
        click.echo("Nothing new comes again, and nothing became dearer.")


@recurring.command("confirm")
@click.argument("name")
@common_options
def confirm(name: str, user: str | None, as_json: bool) -> None:
    """Say that the one called NAME is right."""
    _tell(name, user, as_json, lambda f, actor, found: _decide(f, actor, found, "confirmed"))


@recurring.command("dismiss")
@click.argument("name")
@common_options
def dismiss(name: str, user: str | None, as_json: bool) -> None:
    """Say that the one called NAME is none: it is never found again."""
    _tell(name, user, as_json, lambda f, actor, found: _decide(f, actor, found, "dismissed"))


@recurring.command("delete")
@click.argument("name")
@common_options
def delete(name: str, user: str | None, as_json: bool) -> None:
    """Delete the one called NAME that you entered, or your decision about one that was found."""

    def work(finances: Finances, actor: Actor) -> dict[str, Any]:
        found = _named(finances, actor, name)
        finances.recurring.delete(actor, found.id)
        return {"id": found.id, "name": found.name}

    told = with_ledger(user, as_json, work)
    print_json(told) if as_json else click.echo(f"{told['name']} is deleted.")


@recurring.command("change", context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.option("--rename", help="Its new name.")
@click.option("--every", type=click.Choice(CADENCES), help="How often it comes.")
@click.option("--amount", help="What it comes to, as -12.34 for what is spent.")
@click.option("--due", type=_day, help="A day on which it is due.")
@click.option("--ends", type=_day, help="The day after which it comes no more.")
@common_options
def change(
    name: str,
    rename: str | None,
    every: str | None,
    amount: str | None,
    due: dt.datetime | None,
    ends: dt.datetime | None,
    user: str | None,
    as_json: bool,
) -> None:
    """Change the one called NAME; what you do not name stays as it was found."""

    def work(finances: Finances, actor: Actor, found: Recurring) -> Recurring:
        values: dict[str, Any] = {"name": rename, "cadence": every}
        values |= {"due_on": due.date() if due else None, "ends_on": ends.date() if ends else None}
        values["amount_minor"] = amount_of(amount, found.currency, "--amount") if amount is not None else None
        given = {key: value for key, value in values.items() if value is not None}
        return finances.recurring.change(actor, found.id, given)

    _tell(name, user, as_json, work)


@recurring.command("add", context_settings={"ignore_unknown_options": True})
@click.argument("account")
@click.argument("amount")
@click.argument("name")
@click.option("--every", type=click.Choice(CADENCES), default="monthly", show_default=True, help="How often it comes.")
@click.option("--due", type=_day, required=True, help="A day on which it is due, as 2026-03-01.")
@click.option("--ends", type=_day, help="The day after which it comes no more.")
@click.option("--payee", default="", help="As the bank writes the payee, where NAME differs.")
@click.option("--category", help="Name of a category, as of `homie money categories`.")
@common_options
def add(
    account: str,
    amount: str,
    name: str,
    every: str,
    due: dt.datetime,
    ends: dt.datetime | None,
    payee: str,
    category: str | None,
    user: str | None,
    as_json: bool,
) -> None:
    """Enter what comes again: AMOUNT (as -800 for what is spent) on ACCOUNT, called NAME."""

    def work(finances: Finances, actor: Actor) -> RecurringDetailOut:
        from backend.financial_manager.views_recurring import recurring_detail_out

        found = finances.accounts.get(actor, account_named(finances, actor, account, "ACCOUNT")).account
        values = {
            "name": name,
            "account_id": found.id,
            "cadence": every,
            "amount_minor": amount_of(amount, found.currency, "AMOUNT"),
            "due_on": due.date(),
            "ends_on": ends.date() if ends is not None else None,
            "counterparty": payee,
            "category_id": category_named(finances, actor, category) if category is not None else None,
        }
        return recurring_detail_out(finances.recurring.enter(actor, values))

    told = with_ledger(user, as_json, work)
    print_json(told.model_dump(mode="json")) if as_json else click.echo(_line(told))


def _decide(finances: Finances, actor: Actor, found: Recurring, state: str) -> Recurring:
    from backend.financial_manager.recurring.models import RecurringState

    return finances.recurring.decide(actor, found.id, RecurringState(state))


def _tell(name: str, user: str | None, as_json: bool, work: Any) -> None:
    """Do `work(finances, actor, found)` with the one called so, and show it."""
    from backend.financial_manager.currencies import minor_text
    from backend.financial_manager.views_recurring import recurring_detail_out

    def done(finances: Finances, actor: Actor) -> RecurringDetailOut:
        return recurring_detail_out(work(finances, actor, _named(finances, actor, name)))

    told = with_ledger(user, as_json, done)
    if as_json:
        print_json(told.model_dump(mode="json"))
        return
    click.echo(_line(told))
    for reason in told.reasons:
        click.echo(f"    {reason}")
    for one in told.paid:
        click.echo(f"    {one.date} {minor_text(one.amount_minor, told.currency):>12} {told.currency}")


def _named(finances: Finances, actor: Actor, name: str) -> Recurring:
    """Return the one with a name or id; raises `InvalidInput`."""
    every = finances.recurring.all(actor)
    found = [one for one in every if one.id == name] or [one for one in every if one.name.casefold() == name.casefold()]
    if len(found) == 1:
        return found[0]
    told = f"Several are called {name}." if found else f"There is none called {name}."
    raise InvalidInput(fields=[FieldProblem("NAME", told, "See `homie money recurring --json` for the ids.")])
