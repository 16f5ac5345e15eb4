"""`homie money budget|budgets`: what a category may cost in a month, and how it stands."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from backend.cli.money_ledger import amount_of, category_named, with_ledger
from backend.cli.output import common_options, print_json

if TYPE_CHECKING:
    from backend.financial_manager.finances import Finances
    from backend.sdk.actor import Actor

_month = click.DateTime(["%Y-%m", "%Y-%m-%d"])


@click.command("budget")
@click.argument("category")
@click.argument("amount")
@click.option("--from", "since", type=_month, help="The first month, as 2026-03; this month if left out.")
@click.option("--rollover", is_flag=True, help="What is left, or was overspent, counts in the next month.")
@click.option("--currency", help="Its currency, as EUR; the household's own if left out.")
@common_options
def set_budget(
    category: str,
    amount: str,
    since: dt.datetime | None,
    rollover: bool,
    currency: str | None,
    user: str | None,
    as_json: bool,
) -> None:
    """Say that CATEGORY may cost AMOUNT a month (or "none" to end its budget)."""

    def work(finances: Finances, actor: Actor) -> dict[str, Any]:
        month = since.date() if since is not None else finances.today()
        chosen, unit = category_named(finances, actor, category), currency or finances.settings.get(actor).currency
        if amount == "none":
            finances.budgets.end(actor, chosen, unit, month)
            return {"category_id": chosen, "currency": unit, "amount_minor": None}
        minor = amount_of(amount, unit, "AMOUNT")
        finances.budgets.set(actor, chosen, unit, month, minor, rollover=rollover)
        return {"category_id": chosen, "currency": unit, "amount_minor": minor}

    told = with_ledger(user, as_json, work)
    if as_json:
        print_json(told)
    else:
        has = f"{category}: {amount} {told['currency']}"
        click.echo(f"{category} has no budget." if told["amount_minor"] is None else has)


@click.command("budget-copy")
@click.option("--month", type=_month, help="Into this month, as 2026-03; this month if left out.")
@common_options
def copy_budgets(month: dt.datetime | None, user: str | None, as_json: bool) -> None:
    """Let last month's budgets hold again, also those that were ended or changed since."""

    def work(finances: Finances, actor: Actor) -> int:
        return finances.budgets.copy(actor, month.date() if month is not None else finances.today()).count

    count = with_ledger(user, as_json, work)
    print_json({"count": count}) if as_json else click.echo(f"{count} budgets copied.")


@click.command("budget-proposals")
@click.option("--months", type=click.IntRange(1, 24), default=6, show_default=True, help="Full months to look at.")
@click.option("--accept", is_flag=True, help="Set all of them, as envelopes, from this month on.")
@common_options
def propose_budgets(months: int, accept: bool, user: str | None, as_json: bool) -> None:
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

    rows = with_ledger(user, as_json, work)
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
@common_options
def show_budgets(month: dt.datetime | None, user: str | None, as_json: bool) -> None:
    """Show how each budget stands in a month."""
    from backend.financial_manager.currencies import minor_text

    def work(finances: Finances, actor: Actor) -> list[dict[str, Any]]:
        titles = {one.id: one.title for one in finances.categories.all(actor)}
        found = finances.budgets.status(actor, month.date() if month is not None else finances.today())
        return [
            {
                "category": titles[one.category_id],
                "category_id": one.category_id,
                "currency": one.currency,
                "assigned_minor": one.envelope.assigned_minor,
                "carried_minor": one.envelope.carried_minor,
                "spent_minor": one.envelope.spent_minor,
                "remaining_minor": one.envelope.remaining_minor,
            }
            for one in found
        ]

    rows = with_ledger(user, as_json, work)
    if as_json:
        print_json({"items": rows})
        return
    for row in rows:
        spent, left = (minor_text(row[name], row["currency"]) for name in ("spent_minor", "remaining_minor"))
        click.echo(f"{left:>12} {row['currency']} left  {row['category']} ({spent} spent)")
    if not rows:
        click.echo("No budgets. `homie money budget CATEGORY AMOUNT` sets one.")
