"""`homie money goals`: what is saved for, and how it stands."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from backend.cli.money_import import account_named
from backend.cli.money_ledger import amount_of, with_ledger
from backend.cli.output import common_options, print_json
from backend.sdk.errors import FieldProblem, InvalidInput

if TYPE_CHECKING:
    from backend.financial_manager.finances import Finances
    from backend.financial_manager.goals.goals import GoalStatus
    from backend.financial_manager.schemas_goals import GoalOut
    from backend.sdk.actor import Actor

_day = click.DateTime(["%Y-%m-%d"])


@click.group("goals", invoke_without_command=True)
@common_options
@click.pass_context
def goals(ctx: click.Context, user: str | None, as_json: bool) -> None:
    """List what is saved for, with how it stands."""
    if ctx.invoked_subcommand is not None:
        return
    from backend.financial_manager.views_goals import goal_out

    found = with_ledger(user, as_json, lambda f, actor: [goal_out(one) for one in f.goals.all(actor)])
    if as_json:
        print_json({"items": [one.model_dump(mode="json") for one in found]})
        return
    for one in found:
        click.echo(_line(one))
    if not found:
        click.echo("No goals. `homie money goals add NAME AMOUNT` begins one.")


def _line(one: GoalOut) -> str:
    from backend.financial_manager.currencies import minor_text

    saved, target = (minor_text(n, one.currency) for n in (one.saved_minor, one.target_minor))
    return f"{one.name}: {saved} of {target} {one.currency}. {' '.join(one.words)}"


@goals.command("add")
@click.argument("name")
@click.argument("amount")
@click.option("--until", type=_day, help="When it shall be there, as 2027-06-30.")
@click.option("--account", help="What this account holds counts; what you put aside if left out.")
@click.option("--currency", help="Its currency, as EUR; its account's or the household's own if left out.")
@common_options
def add(
    name: str,
    amount: str,
    until: dt.datetime | None,
    account: str | None,
    currency: str | None,
    user: str | None,
    as_json: bool,
) -> None:
    """Begin to save AMOUNT for NAME."""

    def work(finances: Finances, actor: Actor) -> GoalStatus:
        values: dict[str, Any] = {"name": name, "until": until.date() if until is not None else None}
        if account is None:
            unit = currency or finances.settings.get(actor).currency
            values |= {"currency": unit, "target_minor": amount_of(amount, unit, "AMOUNT")}
        else:
            found = finances.accounts.get(actor, account_named(finances, actor, account)).account
            values |= {"account_id": found.id, "target_minor": amount_of(amount, found.currency, "AMOUNT")}
        if values["target_minor"] <= 0:
            problem = FieldProblem("AMOUNT", "A goal is more than nothing.", "Write it as 5000.")
            raise InvalidInput(fields=[problem])
        return finances.goals.create(actor, values)

    _tell(user, as_json, work)


@goals.command("put", context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.argument("amount")
@click.option("--on", type=_day, help="The day; today if left out.")
@click.option("--note", default="", help="A note of your own.")
@common_options
def put(name: str, amount: str, on: dt.datetime | None, note: str, user: str | None, as_json: bool) -> None:
    """Put AMOUNT aside for the goal NAME (-20 takes 20 out again); no money moves."""

    def work(finances: Finances, actor: Actor) -> GoalStatus:
        goal = _named(finances, actor, name).goal
        minor = amount_of(amount, goal.currency, "AMOUNT")
        return finances.goals.put_aside(actor, goal.id, minor, on.date() if on is not None else None, note)

    _tell(user, as_json, work)


@goals.command("delete")
@click.argument("name")
@common_options
def delete(name: str, user: str | None, as_json: bool) -> None:
    """Delete the goal NAME with what was put aside for it; no money moves."""

    def work(finances: Finances, actor: Actor) -> str:
        goal = _named(finances, actor, name).goal
        finances.goals.delete(actor, goal.id)
        return goal.id

    told = with_ledger(user, as_json, work)
    print_json({"id": told}) if as_json else click.echo(f"{name} is deleted.")


def _tell(user: str | None, as_json: bool, work: Any) -> None:
    from backend.financial_manager.views_goals import goal_out

    told = with_ledger(user, as_json, lambda f, actor: goal_out(work(f, actor)))
    print_json(told.model_dump(mode="json")) if as_json else click.echo(_line(told))


def _named(finances: Finances, actor: Actor, name: str) -> GoalStatus:
    """Return the goal with a name or id; raises `InvalidInput`."""
    found = [
        one for one in finances.goals.all(actor) if name == one.goal.id or name.casefold() == one.goal.name.casefold()
    ]
    if len(found) != 1:
        told = f"Several goals are called {name}." if found else f"There is no goal called {name}."
        raise InvalidInput(fields=[FieldProblem("NAME", told, "See `homie money goals --json` for the ids.")])
    return found[0]
