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
@click.option("--currency", default="EUR", show_default=True, help="Its currency, as EUR.")
@common_options
def set_budget(
    category: str,
    amount: str,
    since: dt.datetime | None,
    rollover: bool,
    currency: str,
    user: str | None,
    as_json: bool,
) -> None:
    """Say that CATEGORY may cost AMOUNT a month (or "none" to end its budget)."""

    def work(finances: Finances, actor: Actor) -> dict[str, Any]:
        month = since.date() if since is not None else finances.today()
        chosen = category_named(finances, actor, category)
        if amount == "none":
            finances.budgets.end(actor, chosen, currency, month)
            return {"category_id": chosen, "amount_minor": None}
        minor = amount_of(amount, currency, "AMOUNT")
        finances.budgets.set(actor, chosen, currency, month, minor, rollover=rollover)
        return {"category_id": chosen, "amount_minor": minor}

    told = with_ledger(user, as_json, work)
    if as_json:
        print_json(told)
    else:
        click.echo(f"{category} has no budget." if told["amount_minor"] is None else f"{category}: {amount} {currency}")


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
