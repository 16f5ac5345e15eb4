"""`homie money budget|budgets`: what a category may cost in a month, and how it stands."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from backend.cli.money_ledger import amount_of, category_named, with_ledger
from backend.cli.output import common_options, print_json
from backend.sdk.errors import FieldProblem, InvalidInput

if TYPE_CHECKING:
    from backend.financial_manager.finances import Finances
    from backend.sdk.actor import Actor

_month = click.DateTime(["%Y-%m", "%Y-%m-%d"])
_space = click.option("--space", help="Name or id of a shared space; your own one if left out.")


@click.command("budget")
@click.argument("category")
@click.argument("amount")
@click.option("--from", "since", type=_month, help="The first month, as 2026-03; this month if left out.")
@click.option("--rollover", is_flag=True, help="What is left, or was overspent, counts in the next month.")
@click.option("--currency", help="Its currency, as EUR; the household's own if left out.")
@click.option("--person", help="Name of whose spending it counts; everybody's if left out.")
@_space
@common_options
def set_budget(
    category: str,
    amount: str,
    since: dt.datetime | None,
    rollover: bool,
    currency: str | None,
    person: str | None,
    space: str | None,
    user: str | None,
    as_json: bool,
) -> None:
    """Say that CATEGORY may cost AMOUNT a month (or "none" to end its budget)."""

    from backend.financial_manager.budgets.standing import BudgetKey

    def work(finances: Finances, actor: Actor) -> dict[str, Any]:
        month = since.date() if since is not None else finances.today()
        whose = _person_named(finances, actor, person, month)
        unit = currency or finances.settings.get(actor).currency
        key = BudgetKey(category_named(finances, actor, category), unit, whose)
        told = {"category_id": key.category_id, "currency": unit, "person_id": whose or None}
        if amount == "none":
            finances.budgets.end(actor, key, month)
            return {**told, "amount_minor": None}
        minor = amount_of(amount, unit, "AMOUNT")
        finances.budgets.set(actor, key, month, minor, rollover=rollover)
        return {**told, "amount_minor": minor}

    told = with_ledger(user, as_json, work, space=space)
    name = f"{category} of {person}" if person is not None else category
    if as_json:
        print_json(told)
    else:
        has = f"{name}: {amount} {told['currency']}"
        click.echo(f"{name} has no budget." if told["amount_minor"] is None else has)


def _person_named(finances: Finances, actor: Actor, name: str | None, month: dt.date) -> str:
    """Return the id of who is shown by that name in the space, also of one who left and has a budget; "" for no name.

    Raises `InvalidInput`, also where two are called so: then their id does it.
    """
    if name is None:
        return ""
    told = finances.budgets.month(actor, month)
    people = {one.key.person_id: one.person for one in told.budgets if one.key.person_id} | dict(told.people)
    found = [user_id for user_id, shown in people.items() if name.casefold() in (user_id, shown.casefold())]
    if len(found) != 1:
        remedy = "There are: " + ", ".join(sorted(people.values(), key=str.casefold)) + "."
        problem = FieldProblem("--person", f"Nobody of the shared space, or more than one, is called {name}.", remedy)
        raise InvalidInput(fields=[problem])
    return found[0]


@click.command("budget-copy")
@click.option("--month", type=_month, help="Into this month, as 2026-03; this month if left out.")
@_space
@common_options
def copy_budgets(month: dt.datetime | None, space: str | None, user: str | None, as_json: bool) -> None:
    """Let last month's budgets hold again, also those that were ended or changed since."""

    def work(finances: Finances, actor: Actor) -> int:
        return finances.budgets.copy(actor, month.date() if month is not None else finances.today()).count

    count = with_ledger(user, as_json, work, space=space)
    print_json({"count": count}) if as_json else click.echo(f"{count} budgets copied.")


@click.command("budget-proposals")
@click.option("--months", type=click.IntRange(1, 24), default=6, show_default=True, help="Full months to look at.")
@click.option("--accept", is_flag=True, help="Set all of them, as envelopes, from this month on.")
@_space
@common_options
def propose_budgets(months: int, accept: bool, space: str | None, user: str | None, as_json: bool) -> None:
    """Propose budgets: what each category without one cost in a usual month (the median), rounded up."""
    from backend.financial_manager.budgets.budgets import Amount
    from backend.financial_manager.currencies import minor_text

    def work(finances: Finances, actor: Actor) -> list[dict[str, Any]]:
        titles = {one.id: one.title for one in finances.categories.all(actor)}
        found = finances.budgets.proposals(actor, finances.today(), months, finances.today())
        if accept and found:
            amounts = [Amount(one.category_id, one.currency, one.amount_minor, rollover=True) for one in found]
            finances.budgets.set_several(actor, finances.today(), amounts)
        return [
            {
                "category": titles[one.category_id],
                "category_id": one.category_id,
                "currency": one.currency,
                "amount_minor": one.amount_minor,
                "median_minor": one.median_minor,
                "months": one.months,
            }
            for one in found
        ]

    rows = with_ledger(user, as_json, work, space=space)
    if as_json:
        print_json({"items": rows})
        return
    for row in rows:
        click.echo(f"{minor_text(row['amount_minor'], row['currency']):>12} {row['currency']}  {row['category']}")
    if not rows:
        click.echo("Nothing to propose: no category without a budget cost something in most months.")
    elif accept:
        click.echo("These budgets are set. `homie money undo` takes them back.")


@click.command("budgets")
@click.option("--month", type=_month, help="The month, as 2026-03; this month if left out.")
@_space
@common_options
def show_budgets(month: dt.datetime | None, space: str | None, user: str | None, as_json: bool) -> None:
    """Show how each budget stands in a month."""
    from backend.financial_manager.currencies import minor_text

    def work(finances: Finances, actor: Actor) -> list[dict[str, Any]]:
        titles = {one.id: one.title for one in finances.categories.all(actor)}
        found = finances.budgets.status(actor, month.date() if month is not None else finances.today())
        return [
            {
                "category": titles[one.key.category_id],
                "category_id": one.key.category_id,
                "currency": one.key.currency,
                "person_id": one.key.person_id or None,
                "person": one.person,
                "assigned_minor": one.envelope.assigned_minor,
                "carried_minor": one.envelope.carried_minor,
                "spent_minor": one.envelope.spent_minor,
                "remaining_minor": one.envelope.remaining_minor,
            }
            for one in found
        ]

    rows = with_ledger(user, as_json, work, space=space)
    if as_json:
        print_json({"items": rows})
        return
    for row in rows:
        spent, left = (minor_text(row[name], row["currency"]) for name in ("spent_minor", "remaining_minor"))
        whose = f" of {row['person']}" if row["person"] else ""
        click.echo(f"{left:>12} {row['currency']} left  {row['category']}{whose} ({spent} spent)")
    if not rows:
        click.echo("No budgets. `homie money budget CATEGORY AMOUNT` sets one.")
