"""Statement inboxes from the command line: folders whose statements are read by themselves."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backend.cli.context import acting, open_platform
from backend.cli.money_import import finances_of
from backend.cli.money_ledger import with_ledger
from backend.cli.output import common_options, fail_with, print_json
from backend.sdk.errors import HomieError

if TYPE_CHECKING:
    from backend.financial_manager.finances import Finances
    from backend.sdk.actor import Actor


@click.group("inbox")
def inbox() -> None:
    """Mark folders whose statements are read by themselves: booked beyond doubt, else they wait for you."""


@inbox.command("add")
@click.argument("folder", type=click.Path(path_type=Path))
@common_options
def add(folder: Path, user: str | None, as_json: bool) -> None:
    """Make FOLDER, which is opened to Homie or lies in one that is, a statement inbox."""
    try:
        with open_platform() as platform:
            actor = acting(platform, user)
            place = platform.accounts.roots.for_actor(actor).resolve(
                str(folder.absolute()), must_exist=True, folder=True
            )
            made = finances_of(platform).inboxes.add(actor, place)
    except HomieError as error:
        fail_with(error, as_json=as_json)
    print_json({"id": made.id, "path": str(folder)}) if as_json else click.echo(f"{folder} is a statement inbox.")


@inbox.command("list")
@common_options
def list_inboxes(user: str | None, as_json: bool) -> None:
    """List the inboxes, and the statements that wait."""
    from backend.financial_manager.importing.models import FileState

    def work(finances: Finances, actor: Actor) -> dict[str, Any]:
        inboxes = [{"id": one.id, "path": one.path} for one in finances.inboxes.all(actor)]
        seen = finances.inboxes.seen(actor, FileState.WAITING)
        waiting = [{"id": one.row.id, "name": one.row.name, "reason": one.row.reason} for one in seen]
        return {"inboxes": inboxes, "waiting": waiting}

    told = with_ledger(user, as_json, work)
    if as_json:
        print_json(told)
        return
    for one in told["inboxes"]:
        click.echo(f"{one['id']}  {one['path'] or '(the opened folder itself)'}")
    for one in told["waiting"]:
        click.echo(f"    waits: {one['name']}: {one['reason']}")
    if not told["inboxes"]:
        click.echo("No folder is a statement inbox. `homie money inbox add FOLDER` makes one.")


@inbox.command("look")
@common_options
def look(user: str | None, as_json: bool) -> None:
    """Look into the inboxes now."""
    told = with_ledger(user, as_json, lambda finances, actor: asdict(finances.looking.look(actor)))
    counts = f"{told['booked']} booked, {told['waiting']} wait for you, {told['known']} held nothing new"
    print_json(told) if as_json else click.echo(counts)


@inbox.command("remove")
@click.argument("inbox_id")
@common_options
def remove(inbox_id: str, user: str | None, as_json: bool) -> None:
    """Look into an inbox no more; INBOX_ID as listed. What was booked stays."""
    with_ledger(user, as_json, lambda finances, actor: finances.inboxes.remove(actor, inbox_id))
    print_json({"removed": inbox_id}) if as_json else click.echo("Removed.")
