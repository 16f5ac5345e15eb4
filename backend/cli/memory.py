"""`homie memory ...`: what was learned of where files go; why; forgetting; saving it and bringing it in again.

Works without a server. Nothing here moves a file.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backend.cli.context import open_platform
from backend.cli.organize import _actor
from backend.cli.output import fail_with, json_option, print_json, user_option
from backend.sdk.errors import FieldProblem, HomieError, InvalidInput

if TYPE_CHECKING:
    from backend.core.platform import Platform
    from backend.sdk.actor import Actor

_MODULE = "file_organizer"


@click.group()
def memory() -> None:
    """Show and change what Homie learned of where files go; moves no file."""


def _open(platform: Platform, user: str | None) -> tuple[Any, Actor]:
    """Return the organizer and who asks."""
    app: Any = platform.module(_MODULE)
    return app.organizer, _actor(platform, user)


@memory.command("list")
@click.argument("words", required=False)
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="How many at most.")
@user_option
@json_option
def list_(words: str | None, limit: int, user: str | None, as_json: bool) -> None:
    """List the folders that things go to, newest first; with WORDS, those with them in folder or purpose."""
    try:
        with open_platform() as platform:
            organizer, actor = _open(platform, user)
            rows = organizer.memory.destinations(actor, limit=limit, text=words)[:limit]
            signs = organizer.learned.signs(actor, rows)
            summary = organizer.learned.summary(actor)
            learning = organizer.settings.get(actor).learning
    except HomieError as error:
        fail_with(error, as_json=as_json)
    if as_json:
        items = [_row(row) | {"signs": [asdict(s) for s in signs.get((row.volume_id, row.folder), [])]} for row in rows]
        print_json({"items": items, "learning": learning} | asdict(summary))
        return
    click.echo(f"{summary.files} files in {summary.folders} folders; learning is {'on' if learning else 'paused'}.")
    for row in rows:
        refused = f", refused {row.refused} times" if row.refused else ""
        named = f" ({row.purpose})" if row.purpose else ""
        click.echo(f"{row.id}  {row.folder or '/'}{named}: {row.files} files{refused}, last {row.last_at:%Y-%m-%d}")
        for sign in signs.get((row.volume_id, row.folder), [])[:3]:
            click.echo(f"    {sign.sign}: {sign.files} of {sign.total}")


def _row(row: Any) -> dict[str, Any]:
    names = ("id", "volume_id", "folder", "files", "refused", "colour", "purpose", "last_at")
    return {name: getattr(row, name) for name in names}


@memory.command()
@click.argument("names", nargs=-1, required=True)
@click.option("--from", "source", help="The folder that they lie in, inside its drive.")
@user_option
@json_option
def why(names: tuple[str, ...], source: str | None, user: str | None, as_json: bool) -> None:
    """Say where files called NAMES would go by what was learned, and why."""
    try:
        with open_platform() as platform:
            organizer, actor = _open(platform, user)
            found = organizer.learned.why(actor, [Path(name).name or name for name in names], source)
    except HomieError as error:
        fail_with(error, as_json=as_json)
    if as_json:
        print_json({"items": [_why(one) for one in found]})
        return
    for one in found:
        click.echo(one.name)
        if one.new >= 0.5 or not one.places:
            click.echo("  None of the known folders seems to fit; a new one may be needed.")
        for place in one.places:
            click.echo(f"  {place.confidence:4.0%}  {place.folder or '/'}")
            for _, text in place.reasons:
                click.echo(f"        {text}")


def _why(one: Any) -> dict[str, Any]:
    places = [
        {
            "volume_id": place.volume_id,
            "folder": place.folder,
            "confidence": place.confidence,
            "reasons": [asdict(evidence) | {"text": text} for evidence, text in place.reasons],
        }
        for place in one.places
    ]
    return {"name": one.name, "places": places, "new": one.new, "new_folder": one.new >= 0.5}


@memory.command()
@click.argument("what", required=False)
@click.option("--everything", is_flag=True, help="Forget all of it.")
@click.option("--restore", help="Take forgetting back: the key that it printed.")
@click.option("--yes", is_flag=True, help="Do not ask before everything is forgotten.")
@user_option
@json_option
def forget(what: str | None, everything: bool, restore: str | None, yes: bool, user: str | None, as_json: bool) -> None:
    """Forget one folder or one lesson (WHAT: its id), or everything; for a day it can be taken back."""
    try:
        _check_one(what, everything, restore)
        if everything and not yes and not as_json:
            click.confirm("Forget everything that Homie learned of where your files go?", abort=True)
        with open_platform() as platform:
            organizer, actor = _open(platform, user)
            if restore is not None:
                files, key = organizer.learned.restore(actor, restore), restore
            else:
                gone = _forget(organizer.learned, actor, what)
                files, key = gone.files, gone.key
    except HomieError as error:
        fail_with(error, as_json=as_json)
    if as_json:
        print_json({"key": key, "files": files, "restored": restore is not None})
    elif restore is not None:
        click.echo(f"{files} lessons count again.")
    else:
        click.echo(f"Forgot {files} lessons. To take it back within a day: homie memory forget --restore {key}")


def _check_one(what: str | None, everything: bool, restore: str | None) -> None:
    if (what is not None) + everything + (restore is not None) != 1:
        problem = "Say exactly one of: an id, --everything, --restore KEY."
        raise InvalidInput(fields=[FieldProblem("WHAT", problem, "`homie memory list` shows the ids.")])


def _forget(learned: Any, actor: Actor, what: str | None) -> Any:
    from backend.file_organizer.errors import MappingMissing

    if what is None:
        return learned.forget_everything(actor)
    try:
        return learned.forget_destination(actor, what)
    except MappingMissing:
        return learned.forget_file(actor, what)


@memory.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@user_option
@json_option
def export(file: Path | None, user: str | None, as_json: bool) -> None:
    """Save what was learned to FILE (which must not be there yet), or print it."""
    try:
        with open_platform() as platform:
            organizer, actor = _open(platform, user)
            document = organizer.learned.export(actor)
            document.exported_at = organizer.learned.clock.now()
        text = document.model_dump_json(indent=1)
        if file is not None:
            _save(file, text)
    except HomieError as error:
        fail_with(error, as_json=as_json)
    if file is None:
        sys.stdout.write(text + "\n")
    elif as_json:
        print_json({"file": str(file), "lessons": len(document.lessons)})
    else:
        click.echo(f"Saved {len(document.lessons)} lessons to {file}.")


def _save(file: Path, text: str) -> None:
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(text + "\n")
    except OSError as error:
        remedy = "Give the name of a file that is not there yet, in a folder that you may write to."
        raise InvalidInput(fields=[FieldProblem("FILE", f"It cannot be written: {error.strerror}.", remedy)]) from error


@memory.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@user_option
@json_option
def import_(file: Path, user: str | None, as_json: bool) -> None:
    """Add what was exported to FILE; what is known already is left out."""
    try:
        try:
            text = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            remedy = "Give the file that `homie memory export` wrote."
            raise InvalidInput(fields=[FieldProblem("FILE", "It cannot be read as text.", remedy)]) from error
        with open_platform() as platform:
            organizer, actor = _open(platform, user)
            files = organizer.learned.import_text(actor, text)
    except HomieError as error:
        fail_with(error, as_json=as_json)
    if as_json:
        print_json({"files": files})
    else:
        click.echo(f"{files} lessons were new.")


@memory.command()
@user_option
@json_option
def pause(user: str | None, as_json: bool) -> None:
    """Learn nothing new until `homie memory resume`; what is known stays in use."""
    _set_learning(False, user, as_json)


@memory.command()
@user_option
@json_option
def resume(user: str | None, as_json: bool) -> None:
    """Learn again from what you do."""
    _set_learning(True, user, as_json)


def _set_learning(learning: bool, user: str | None, as_json: bool) -> None:
    try:
        with open_platform() as platform:
            organizer, actor = _open(platform, user)
            organizer.settings.change(actor, {"learning": learning})
    except HomieError as error:
        fail_with(error, as_json=as_json)
    if as_json:
        print_json({"learning": learning})
    else:
        click.echo("Homie learns from what you do." if learning else "Homie learns nothing new for now.")
