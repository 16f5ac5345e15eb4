"""`homie history`: what was done, by whom and why; run by run, or step by step with a search, a day, or one file."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from backend.cli.context import acting, open_platform
from backend.cli.output import fail_with, json_option, print_json, user_option
from backend.sdk.errors import FieldProblem, HomieError, InvalidInput

if TYPE_CHECKING:
    from backend.core.platform import Platform
    from backend.file_organizer.organizer import Organizer
    from backend.file_organizer.timeline import Step, Wanted
    from backend.sdk.actor import Actor

KINDS = ("moved", "renamed", "copied", "trashed", "unpacked", "packed", "made", "undone")


@click.command()
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many at most.")
@click.option("--run", help="Show each file of one run.")
@click.option("--search", help="Only steps with these words in their names or folders.")
@click.option("--kind", type=click.Choice(KINDS), help="Only what was done in this way.")
@click.option("--since", metavar="DAY", help="From this day on: 2026-05-17, today or yesterday.")
@click.option("--until", metavar="DAY", help="Up to and with this day.")
@click.option("--who", metavar="NAME", help="Only what this person had done (login name).")
@click.option("--folder", type=click.Path(path_type=str), help="Only what came from or went to this folder.")
@click.option("--file", "file_path", type=click.Path(path_type=str), help="What happened to this file.")
@user_option
@json_option
def history(limit: int, run: str | None, user: str | None, as_json: bool, **asked: str | None) -> None:
    """Show what was done, newest first; with any choice, file by file, with who and why."""
    from backend.cli.organize_view import show_runs

    try:
        with open_platform() as platform:
            actor = acting(platform, user)
            app: Any = platform.module("file_organizer")
            organizer: Organizer = app.organizer
            if run is None and not any(asked.values()):
                show_runs(organizer.history.runs(actor, limit=limit)[:limit], as_json=as_json)
                return
            steps = _steps(platform, organizer, actor, run, limit, asked)
            show_steps(steps, _names(platform), as_json=as_json)
    except HomieError as error:
        fail_with(error, as_json=as_json)


def _steps(
    platform: Platform, organizer: Organizer, actor: Actor, run: str | None, limit: int, asked: Mapping[str, Any]
) -> Sequence[Step]:
    if asked["file_path"] is not None:
        if run is not None or any(value for key, value in asked.items() if key != "file_path"):
            problem = FieldProblem("--file", "The story of a file is told as a whole.", "Leave the other choices out.")
            raise InvalidInput(fields=[problem])
        roots = organizer.roots.for_actor(actor)
        place = roots.resolve(_full(asked["file_path"]), field="--file").volume_path
        return organizer.timeline.chain_at(actor, place)
    if run is not None:
        organizer.history.run(actor, run)
    return organizer.timeline.steps(actor, _wanted(platform, organizer, actor, run, asked), limit=limit)[:limit]


def _wanted(
    platform: Platform, organizer: Organizer, actor: Actor, run: str | None, asked: Mapping[str, Any]
) -> Wanted:
    from backend.file_organizer.timeline import Wanted

    since, until = (_day(asked[key], f"--{key}") for key in ("since", "until"))
    folder = None
    if asked["folder"] is not None:
        roots = organizer.roots.for_actor(actor)
        folder = roots.resolve(_full(asked["folder"]), field="--folder").volume_path
    return Wanted(
        text=asked["search"],
        kinds=(asked["kind"],) if asked["kind"] else (),
        since=since,
        until=until + timedelta(days=1) if until is not None else None,
        user_id=platform.accounts.actor_for(asked["who"]).user_id if asked["who"] else None,
        folder=folder,
        run_id=run,
    )


def _full(path: str) -> str:
    """Return the full path of what was typed; a file may be gone, its folder is followed where it is there."""
    folder, name = os.path.split(os.path.abspath(os.path.expanduser(path)))
    return os.path.join(os.path.realpath(folder), name)


def _day(text: str | None, option: str) -> datetime | None:
    """Return the beginning of a day by this machine's clock."""
    if text is None:
        return None
    today = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    if text in ("today", "yesterday"):
        return today - timedelta(days=text == "yesterday")
    try:
        return datetime.strptime(text, "%Y-%m-%d").astimezone()
    except (ValueError, OverflowError):
        remedy = "Write it like 2026-05-17, or today, or yesterday."
        raise InvalidInput(fields=[FieldProblem(option, f"'{text}' is no day.", remedy)]) from None


def _names(platform: Platform) -> dict[str, str]:
    """Return the login name of every person by id."""
    return {person.id: person.name for person in platform.accounts.people.everybody()}


def show_steps(steps: Sequence[Step], names: Mapping[str, str], *, as_json: bool) -> None:
    """Print single steps with who and why."""
    from backend.cli.organize_view import local_time, plain

    rows = [_row(step, names) for step in steps]
    if as_json:
        print_json({"actions": rows})
        return
    if not rows:
        click.echo("Nothing matches.")
    for step, row in zip(steps, rows, strict=True):
        state = "" if row["state"] == "done" else f"  ({row['state']})"
        word = "undone" if row["undoes"] else row["op"]
        by = {"homie": ", by itself", "watched": ", from a watched folder"}.get(row["by"], "")
        who = f"  {row['who']}{by}" if row["who"] or by else ""
        click.echo(f"{local_time(step.action.created_at)}  {word}{state}{who}")
        for sign, path in (("from", row["from"]), ("to", row["to"])):
            if path:
                click.echo(f"{'':18}{sign:<5}{plain(path)}")
        if row["why"]:
            click.secho(f"{'':18}why  {plain(row['why'])}", dim=True)


def _row(step: Step, names: Mapping[str, str]) -> dict[str, Any]:
    action = step.action
    return {
        "id": action.id,
        "run": action.run_id,
        "op": action.op,
        "state": action.state,
        "from": action.source_path,
        "to": action.target_path,
        "at": action.created_at.isoformat(),
        "who": names.get(step.user_id, ""),
        "by": step.by,
        "why": step.why,
        "suggested_by": step.suggested_by,
        "undoes": action.undoes,
    }
