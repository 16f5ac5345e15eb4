"""`homie money attach|attachments|detach`: files of the opened folders that belong to transactions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backend.cli.money_ledger import with_ledger
from backend.cli.output import common_options, print_json

if TYPE_CHECKING:
    from backend.financial_manager.finances import Finances
    from backend.sdk.actor import Actor

_STATES = {"changed": "another content is there now", "missing": "the file is gone", "away": "its folder is not there"}


@click.command("attach")
@click.argument("transaction")
@click.argument("file", type=click.Path(path_type=Path))
@common_options
def attach(transaction: str, file: Path, user: str | None, as_json: bool) -> None:
    """Attach FILE of an opened folder to TRANSACTION (its id, as `homie money list --json` shows it)."""
    from backend.financial_manager.api_attachments import attachment_out
    from backend.sdk.files import encode_path

    def work(finances: Finances, actor: Actor) -> dict[str, Any]:
        made = finances.attachments.attach(actor, transaction, encode_path(str(file.absolute())))
        return attachment_out(made).model_dump(mode="json")

    told = with_ledger(user, as_json, work)
    print_json(told) if as_json else click.echo(f"{told['name']} is attached ({told['id']}). It stays where it is.")


@click.command("attachments")
@click.argument("transaction")
@common_options
def show_attachments(transaction: str, user: str | None, as_json: bool) -> None:
    """List the files of TRANSACTION, and whether each is still there."""
    from backend.financial_manager.api_attachments import attachment_out

    def work(finances: Finances, actor: Actor) -> list[dict[str, Any]]:
        found = finances.attachments.of_transaction(actor, transaction)
        return [attachment_out(one).model_dump(mode="json") for one in found]

    rows = with_ledger(user, as_json, work)
    if as_json:
        print_json({"items": rows})
        return
    for row in rows:
        click.echo(f"{row['id']}  {row['full_path'] or row['name']}  {_STATES.get(row['state'], '')}".rstrip())
    if not rows:
        click.echo("No files. `homie money attach` adds one.")


@click.command("detach")
@click.argument("attachment")
@common_options
def detach(attachment: str, user: str | None, as_json: bool) -> None:
    """Take ATTACHMENT (its id) away from its transaction; the file itself stays."""
    count = with_ledger(user, as_json, lambda finances, actor: finances.attachments.detach(actor, attachment).count)
    print_json({"count": count}) if as_json else click.echo("Taken away. The file itself stays.")
