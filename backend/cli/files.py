"""`homie files ...`: change files by hand with Homie's promises: nothing is overwritten, everything can be taken back.

Works without a server. A folder that is not opened yet is opened for your own space, as `homie organize` does.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from backend.cli.context import acting, open_platform
from backend.cli.output import common_options, fail_with, print_json
from backend.cli.progress import counted_progress
from backend.sdk.errors import HomieError
from backend.sdk.files import encode_path

if TYPE_CHECKING:
    from backend.file_organizer.execution.runs import RunReport, StepResult
    from backend.sdk.files import OwnerRoots, VolumePath

F = TypeVar("F", bound=Callable[..., Any])
Asked = list[dict[str, Any]]
"""Requests as the API takes them (`OperationsIn.operations`)."""

_DONE = {
    "mkdir": "Made",
    "move": "Moved",
    "copy": "Copied",
    "rename": "Renamed",
    "trash": "Put into the trash",
    "extract": "Unpacked",
    "compress": "Packed",
}
_ARGUMENTS = {"source": "SOURCE", "target": "TARGET", "path": "FOLDER", "name": "NAME"}


def _conflict(function: F) -> F:
    """Add `--conflict` to what may find its name taken; it arrives as the API calls it."""
    names = {"skip": "skip", "keep-both": "keep_both", "replace": "replace_with_trash"}
    return click.option(
        "--conflict",
        type=click.Choice(list(names)),
        default="skip",
        show_default=True,
        callback=lambda _context, _option, value: names[value],
        help="When the name is taken: leave it, take a second name, or trash what is there first.",
    )(function)


@click.group()
def files() -> None:
    """Make folders, move, copy, rename, trash, unpack, pack; `homie undo` takes it back."""


@files.command()
@click.argument("folders", nargs=-1, required=True)
@common_options
def mkdir(folders: tuple[str, ...], user: str | None, as_json: bool) -> None:
    """Make FOLDERS, and those above them."""
    _carry_out([{"op": "mkdir", "path": _full(folder)} for folder in folders], user, as_json)


@files.command()
@click.argument("sources", nargs=-1, required=True)
@click.argument("target")
@_conflict
@common_options
def move(sources: tuple[str, ...], target: str, conflict: str, user: str | None, as_json: bool) -> None:
    """Move SOURCES to TARGET: a folder that is there, or the new full name of a single one."""
    _carry_out(_to("move", sources, target, conflict), user, as_json)


@files.command()
@click.argument("sources", nargs=-1, required=True)
@click.argument("target")
@_conflict
@common_options
def copy(sources: tuple[str, ...], target: str, conflict: str, user: str | None, as_json: bool) -> None:
    """Copy files to TARGET: a folder that is there, or the full name of a single copy."""
    _carry_out(_to("copy", sources, target, conflict), user, as_json)


@files.command()
@click.argument("source")
@click.argument("name")
@_conflict
@common_options
def rename(source: str, name: str, conflict: str, user: str | None, as_json: bool) -> None:
    """Give SOURCE another NAME in its place."""
    asked = {"op": "rename", "source": _full(source), "name": encode_path(name), "on_conflict": conflict}
    _carry_out([asked], user, as_json)


@files.command()
@click.argument("sources", nargs=-1, required=True)
@common_options
def trash(sources: tuple[str, ...], user: str | None, as_json: bool) -> None:
    """Put SOURCES into the trash of their drive."""
    _carry_out([{"op": "trash", "source": _full(source)} for source in sources], user, as_json)


@files.command()
@click.argument("archive")
@click.argument("folder", required=False)
@click.option("--passes", type=click.IntRange(1, 3), help="2 and 3 unpack the archives inside too; 3 with --sort.")
@click.option("--sort", is_flag=True, help="Then show how what was unpacked would be organised.")
@click.option("--into", type=click.Path(path_type=str), help="With --sort: where to file; FOLDER if left out.")
@_conflict
@common_options
def extract(
    archive: str,
    folder: str | None,
    passes: int | None,
    sort: bool,
    into: str | None,
    conflict: str,
    user: str | None,
    as_json: bool,
) -> None:
    """Unpack ARCHIVE (zip, tar, 7z, rar) into the new FOLDER (beside it, with its name, if left out)."""
    from backend.sdk.files import split_extension

    if as_json and sort:
        raise click.UsageError("--sort shows a plan to people; for programs there is `homie organize --json`.")
    source = _full(archive)
    beside, _, name = source.rpartition("/")
    target = _full(folder) if folder is not None else f"{beside}/{split_extension(name)[0]}"
    asked = {"op": "extract", "source": source, "target": target, "on_conflict": conflict}
    unpacked = _carry_out([asked | {"passes": passes or (3 if sort else 1)}], user, as_json)
    if sort:
        _show_sorting(unpacked, into, user)


def _show_sorting(unpacked: list[str], into: str | None, user: str | None) -> None:
    """Show how the unpacked folders would be organised, and which command does it."""
    from backend.cli.organize import organize

    for path in unpacked:
        more = ["--deep", *(["--into", into] if into is not None else []), *(["--user", user] if user else [])]
        organize.main([path, *more], standalone_mode=False)
        words = " ".join(shlex.quote(word) for word in ("homie", "organize", path, *more, "--apply"))
        click.echo(f"To do it: {words}")


@files.command()
@click.argument("sources", nargs=-1, required=True)
@click.argument("target")
@_conflict
@common_options
def compress(sources: tuple[str, ...], target: str, conflict: str, user: str | None, as_json: bool) -> None:
    """Pack SOURCES of one drive into the new zip file TARGET."""
    packed = [_full(source) for source in sources]
    asked = {"op": "compress", "sources": packed, "target": _full(target), "on_conflict": conflict}
    _carry_out([asked], user, as_json)


def _to(op: str, sources: tuple[str, ...], target: str, conflict: str) -> Asked:
    """Return one request for each source; into a folder if the target is one, as `mv` and `cp` do."""
    place = _full(target)
    into = len(sources) > 1 or target.endswith("/") or os.path.isdir(os.path.expanduser(target))
    asked = []
    for source in map(_full, sources):
        end = f"{place.rstrip('/')}/{source.rpartition('/')[2]}" if into else place
        asked.append({"op": op, "source": source, "target": end, "on_conflict": conflict})
    return asked


def _full(path: str) -> str:
    """Return the full path in its text form; links on the way are followed, one at the end is meant itself."""
    plain = os.path.abspath(os.path.expanduser(path))
    folder, name = os.path.split(plain)
    return encode_path(os.path.join(os.path.realpath(folder), name))


def _carry_out(asked: Asked, user: str | None, as_json: bool) -> list[str]:
    """Carry it out and say so; returns the full paths of what was made. Ends the program if something was not done."""
    try:
        with open_platform() as platform:
            actor = acting(platform, user)
            report, roots = _run(platform, actor, asked, as_json)
            _show(report, roots, asked, as_json)
    except HomieError as error:
        fail_with(error, as_json=as_json)
    if _problems(report):
        sys.exit(2)
    made = [
        _native(roots, step.target) for step in report.results if step.state == "done" and step.op == asked[0]["op"]
    ]
    return [path for path in made if path is not None]


def _native(roots: OwnerRoots, place: VolumePath | None) -> str | None:
    """Return a place as the system names it."""
    root = roots.root(place.volume_id) if place is not None else None
    return os.path.join(root.path, place.relpath) if place is not None and root is not None else None


def _run(platform: Any, actor: Any, asked: Asked, as_json: bool) -> tuple[RunReport, OwnerRoots]:
    from backend.cli.organize_roots import roots_for
    from backend.file_organizer.execution.operations import BY_NAME
    from backend.file_organizer.operation_requests import OperationsIn, operations_of_requests, title_of

    app: Any = platform.module("file_organizer")
    requests = _read(OperationsIn, asked)
    folders = _folders_of(asked, platform.accounts.roots.for_actor(actor))
    roots: OwnerRoots = roots_for(platform, actor, folders, claim=True).for_actor(actor)
    operations = operations_of_requests(requests, roots, _argument)
    with counted_progress(as_json) as tell:
        key = f"{BY_NAME}{app.ctx.new_id()}"
        report = app.organizer.operate(actor, key, operations, title=title_of(operations), progress=tell)
    return report, roots


def _read(model: Any, asked: Asked) -> Any:
    """Return the requests as the API would read them, held to its limits."""
    from pydantic import ValidationError

    from backend.sdk.errors import FieldProblem, InvalidInput

    try:
        return model.model_validate({"operations": asked}).operations
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        problem = FieldProblem("SOURCE", first["msg"], "Name fewer files, or shorter names.")
        raise InvalidInput(fields=[problem]) from None


def _argument(_index: int, field: str) -> str:
    """Return how the command calls a field of a request."""
    return _ARGUMENTS.get(field, "SOURCE")


def _folders_of(asked: Asked, granted: OwnerRoots) -> list[str]:
    """Return the folders to open: they hold what is named elsewhere. The shortest first: it may hold the others."""
    from backend.sdk.files import decode_path

    found = set()
    for request in asked:
        named = [*request.get("sources", ()), *(request[key] for key in ("path", "source", "target") if key in request)]
        for text in named:
            if granted.contains(decode_path(text)):
                continue
            folder = os.path.dirname(decode_path(text))
            while not os.path.isdir(folder):
                folder = os.path.dirname(folder)
            found.add(folder)
    return sorted(found, key=len)


def _show(report: RunReport, roots: OwnerRoots, asked: Asked, as_json: bool) -> None:
    from backend.file_organizer.jobs_common import summary

    op = asked[0]["op"]
    steps = [result for result in report.results if result.op == op]
    if as_json:
        shown = [
            {
                "op": step.op,
                "state": step.state,
                "source": _path(roots, step.source),
                "target": _path(roots, step.target),
                "explanation": step.explanation,
            }
            for step in steps
        ]
        print_json({"run": summary(report), "steps": shown})
        return
    done = [step for step in steps if step.state == "done"]
    if report.done == 1 and (len(done) == 1 or op == "mkdir"):  # a folder may be many steps; one to be made comes last
        step = done[-1]
        ends = [_path(roots, step.source)] if op == "trash" else [_path(roots, step.source), _path(roots, step.target)]
        what = " -> ".join(end for end in ends if end)
    else:
        what = f"{report.done} of {report.total}"
    if report.done:
        click.secho(f"{_DONE[op]}: {what}. Take it back: homie undo {report.run_id}", fg="green")
    elif not _problems(report):
        click.echo("Nothing to do: it is there already.")
    for step in done:
        for path, explanation in step.left_packed[:20]:
            click.echo(f"  {path}: {explanation}", err=True)
    problems = _problems(report)
    for problem in problems[:20]:
        name = _path(roots, problem.source) or _path(roots, problem.target) or ""
        click.echo(f"  {name}: {problem.explanation}", err=True)
    if len(problems) > 20:
        click.echo(f"  … and {len(problems) - 20} more", err=True)


def _problems(report: RunReport) -> list[StepResult]:
    """Return what was not done; that a folder to be made is there already is as it should be."""
    return [step for step in report.problems if (step.op, step.reason) != ("mkdir", "already_there")]


def _path(roots: OwnerRoots, place: VolumePath | None) -> str | None:
    """Return a place as a full path, for people and programs."""
    root = roots.root(place.volume_id) if place is not None else None
    if place is None or root is None:
        return None
    return f"{encode_path(root.path).rstrip('/')}/{place.text}"
