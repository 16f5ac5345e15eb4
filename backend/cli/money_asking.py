"""`homie money ask`: ask the household's AI about the inbox; what it would be told is shown first."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from backend.cli.money_ledger import with_ledger
from backend.cli.output import common_options, print_json

if TYPE_CHECKING:
    from backend.financial_manager.inbox_asking import Question


@click.command("ask")
@click.option("--dry-run", is_flag=True, help="Show what would be sent, and send nothing.")
@click.option("--yes", is_flag=True, help="Ask without a question first (needed with --json).")
@common_options
def ask_ai(dry_run: bool, yes: bool, user: str | None, as_json: bool) -> None:
    """Ask the AI what waiting bookings were for, and file what it is sure of; `homie money undo` takes it back.

    Only where your space agreed to AI for money. Sent are words of a payee's name, a band of the amount, and whether
    the money came or went.
    """
    found = with_ledger(user, as_json, lambda finances, actor: finances.asking.question(actor))
    if as_json and (dry_run or not yes):
        print_json(_question(found))
        return
    if not as_json:
        _show(found)
    if dry_run or not found.payload.items:
        return
    if not yes and found.estimate.would_send and not click.confirm("Send this?"):
        return
    told = with_ledger(user, as_json, lambda finances, actor: finances.asking.ask(actor))
    if as_json:
        print_json({"asked": told.asked, "known": told.known, "filed": told.filed, "notice": told.notice})
        return
    if told.notice:
        click.echo(told.notice)
    click.echo(f"{told.filed} filed, {len(told.unsure)} still wait.")


def _question(found: Question) -> dict[str, Any]:
    """Return what would be sent, for programs."""
    from backend.financial_manager.categories.asking import sent

    payees = [{"text": text, "amount": band, "direction": way} for text, band, way in sent(found.payload)]
    own = {"payees": payees, "bookings": found.bookings, "left": found.left, "body": found.preview.body}
    return asdict(found.estimate) | own


def _show(found: Question) -> None:
    """Print what would be sent, for people."""
    from backend.financial_manager.categories.asking import sent

    if not found.payload.items:
        click.echo("There is nothing to ask about.")
        return
    click.echo(f"{found.estimate.provider} would be told, about {found.bookings} bookings:")
    for text, band, way in sent(found.payload):
        click.echo(f"  {text}, {band}, {way}")
    if found.left:
        click.echo(f"  ({found.left} more payees another time)")
    if not found.estimate.would_send:
        click.echo(found.estimate.reason)
