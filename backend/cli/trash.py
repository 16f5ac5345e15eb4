"""`homie trash ...`: what lies in the trash of each drive, putting it back, and emptying. Works without a server."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from backend.cli.context import acting, open_platform
from backend.cli.output import common_options, fail_with, print_json
from backend.cli.progress import counted_progress
from backend.sdk.errors import FieldProblem, HomieError, InvalidInput
from backend.sdk.files import encode_path

if TYPE_CHECKING:
    from backend.file_organizer.trash.trash_can import TrashItem
    from backend.sdk.actor import Actor
    from backend.sdk.files import OwnerRoots

_PAGE = 1000


@click.group()
def trash() -> None:
    """Show the trash, put things back, or empty it."""


@trash.command(name="list")
@common_options
def list_trash(user: str | None, as_json: bool) -> None:
    """List what lies in the trash, newest first, with the ids that `restore` and `empty` take."""
    try:
        with open_platform() as platform:
            actor, organizer = _opened(platform, user)
            roots = platform.accounts.roots.for_actor(actor)
            shown = [_shown(item, roots) for item in _all(organizer, actor)]
    except HomieError as error:
        fail_with(error, as_json=as_json)
    if as_json:
        print_json({"items": shown})
        return
    for one in shown:
        away = "" if one["online"] else "  (its drive is not connected)"
        click.echo(f"{one['id']}  {one['trashed_at'][:16].replace('T', ' ')}  {one['path']}{away}")
    click.echo("The trash is empty." if not shown else f"{len(shown)} in the trash.")


@trash.command()
@click.argument("ids", nargs=-1, required=True)
@common_options
def restore(ids: tuple[str, ...], user: str | None, as_json: bool) -> None:
    """Put things back to where they were; IDS are those of `homie trash list`. A taken name gets a second one."""

    def work(organizer: Any, actor: Actor, tell: Any) -> Any:
        from backend.file_organizer.organizer import executor_progress

        there = actor.acting_in(organizer.trash.owner_of(actor, ids))
        report = organizer.files.undo_actions(there, ids, keep_both=True, on_progress=executor_progress(tell))
        organizer.settle_undone(there, report)
        return report

    _carry_out(work, "Put back", user, as_json)


@trash.command()
@click.argument("ids", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Everything in the trash of the connected drives.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@common_options
def empty(ids: tuple[str, ...], everything: bool, yes: bool, user: str | None, as_json: bool) -> None:
    """Remove IDS, or with --all everything, for good. This cannot be taken back."""
    if bool(ids) == everything:
        problem = FieldProblem("IDS", "Say what is to be removed.", "Name ids from `homie trash list`, or --all.")
        fail_with(InvalidInput(fields=[problem]), as_json=as_json)
    if not yes:
        if as_json or not sys.stdin.isatty():
            problem = FieldProblem("--yes", "Removing for good is asked about first.", "Add --yes if you are sure.")
            fail_with(InvalidInput(fields=[problem]), as_json=as_json)
        click.confirm("This cannot be taken back. Remove it for good?", abort=True)

    def work(organizer: Any, actor: Actor, tell: Any) -> Any:
        from backend.file_organizer.organizer import executor_progress

        there, chosen = actor, list(ids)
        if ids:
            there = actor.acting_in(organizer.trash.owner_of(actor, ids))
        else:
            full = [one.volume_id for one in organizer.trash.volumes(actor) if one.owner_id == actor.owner_id]
            chosen = organizer.trash.ids(actor, organizer.volumes_here(actor, full)[0])
            if not chosen:
                return None
        key = f"empty-{organizer.new_id()}"
        told = executor_progress(tell, "Removing files for good")
        return organizer.purge(there, key, chosen, on_progress=told)

    _carry_out(work, "Removed for good", user, as_json)


def _opened(platform: Any, user: str | None) -> tuple[Actor, Any]:
    actor = acting(platform, user)
    return actor, platform.module("file_organizer").organizer


def _all(organizer: Any, actor: Actor) -> list[TrashItem]:
    found: list[TrashItem] = []
    before: str | None = None
    while True:
        rows = organizer.trash.items(actor, limit=_PAGE, before=before)
        found += rows[:_PAGE]
        if len(rows) <= _PAGE:
            return found
        before = found[-1].action.id


def _shown(item: TrashItem, roots: OwnerRoots) -> dict[str, Any]:
    action = item.action
    root = roots.root(action.source_volume or "")
    folder = encode_path(root.path).rstrip("/") if root is not None else "?"
    return {
        "id": action.id,
        "path": f"{folder}/{action.source_path}",
        "is_folder": action.folder,
        "size": item.size,
        "files": item.files,
        "trashed_at": action.created_at.isoformat(),
        "run_id": item.run.id,
        "run_title": item.run.title,
        "online": root is not None and root.online,
    }


def _carry_out(work: Callable[[Any, Actor, Any], Any], done: str, user: str | None, as_json: bool) -> None:
    from backend.file_organizer.jobs_common import summary

    try:
        with open_platform() as platform, counted_progress(as_json) as tell:
            actor, organizer = _opened(platform, user)
            report = work(organizer, actor, tell)
    except HomieError as error:
        fail_with(error, as_json=as_json)
    if as_json:
        print_json({"run": summary(report) if report is not None else None})
    elif report is None:
        click.echo("There is nothing in the trash of the connected drives.")
    else:
        click.secho(f"{done}: {report.done} of {report.total}", fg="green" if not report.problems else None)
        for problem in report.problems[:20]:
            click.echo(f"  {problem.source.text if problem.source else ''}: {problem.explanation}", err=True)
    if report is not None and report.problems:
        sys.exit(2)
