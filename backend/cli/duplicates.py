"""`homie duplicates scan|list|resolve`: copies from the command line, without a server, with undo like everything else.

What a scan found is kept for the space, so that the app shows the same.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from backend.cli.context import acting, open_platform
from backend.cli.output import fail_with, json_option, print_json, user_option
from backend.cli.progress import counted_progress
from backend.sdk.errors import HomieError

if TYPE_CHECKING:
    from backend.core.platform import Platform
    from backend.file_organizer.organizer import Organizer
    from backend.sdk.actor import Actor

KIND = click.Choice(["same", "similar"])
_SHOWN = 100


@click.group()
def duplicates() -> None:
    """Find files that are there more than once, and pictures that look alike; put copies into the trash."""


@duplicates.command()
@click.argument("folders", nargs=-1)
@click.option("--pictures/--no-pictures", default=True, show_default=True, help="Also pictures that look alike.")
@user_option
@json_option
def scan(folders: tuple[str, ...], pictures: bool, user: str | None, as_json: bool) -> None:
    """Look through FOLDERS (all that are open, if left out). Changes nothing in them but Homie's own marker."""
    try:
        with open_platform() as platform:
            actor, organizer = open_organizer(platform, user, [full_path(folder) for folder in folders])
            names = [_text(full_path(folder)) for folder in folders]
            search_id = organizer.duplicates.begin(actor, names, pictures=pictures, field_name="FOLDERS")
            with counted_progress(as_json) as tell:
                organizer.duplicates.look(actor, search_id, tell or _quiet)
            _show(organizer, actor, None, as_json=as_json)
    except HomieError as error:
        fail_with(error, as_json=as_json)


@duplicates.command("list")
@click.option("--kind", type=KIND, help="Equal files, or pictures that look alike; both if left out.")
@user_option
@json_option
def list_groups(kind: str | None, user: str | None, as_json: bool) -> None:
    """Show what the last scan found and nobody has decided about."""
    try:
        with open_platform() as platform:
            actor, organizer = open_organizer(platform, user, [])
            _show(organizer, actor, kind, as_json=as_json)
    except HomieError as error:
        fail_with(error, as_json=as_json)


@duplicates.command()
@click.argument("groups", nargs=-1)
@click.option("--kind", type=KIND, default="same", show_default=True, help="Which groups, where none are named.")
@click.option("--yes", is_flag=True, help="Do not ask before.")
@user_option
@json_option
def resolve(groups: tuple[str, ...], kind: str, yes: bool, user: str | None, as_json: bool) -> None:
    """Put the copies of GROUPS (ids of `list`; all of a kind, if left out) into the trash. One of each stays.

    Right before a copy goes it is compared with the one that stays, byte by byte. `homie undo` takes it back.
    """
    from backend.file_organizer.put_away import put_away, title_of

    try:
        with open_platform() as platform:
            actor, organizer = open_organizer(platform, user, [])
            search_id = _last(organizer, actor)
            key = platform.module("file_organizer").ctx.new_id()
            chosen = None if groups else kind
            files = organizer.duplicates.groups.claim(actor, search_id, key, kind=chosen, group_ids=groups)
            if files and not as_json and not yes and sys.stdin.isatty():
                yes = click.confirm(f"Put {files} copies into the trash?")
                if not yes:
                    organizer.duplicates.release(actor, key)
                    click.echo("Nothing was changed.")
                    return
            with counted_progress(as_json) as tell:
                title = title_of(organizer, actor, "copies", files)
                report = put_away(organizer, organizer.duplicates, actor, key, title=title, progress=tell)
    except HomieError as error:
        fail_with(error, as_json=as_json)
    show_outcome(report, "copies", as_json=as_json)


def show_outcome(report: Any, what: str, *, as_json: bool) -> None:
    """Say what was put away and what was not, and end with 2 if something was not."""
    problems = [] if report is None else report.problems
    if as_json:
        kept = [{"path": p.source.text if p.source else "", "explanation": p.explanation} for p in problems]
        print_json({"run_id": report and report.run_id, "done": report.done if report else 0, "kept": kept})
    elif report is None:
        click.echo("There is nothing to put away.")
    else:
        click.secho(f"Put away {what}: {report.done}. Take it back: homie undo {report.run_id}", fg="green")
        for problem in problems[:20]:
            click.echo(f"  {problem.source.text if problem.source else ''}: {problem.explanation}", err=True)
    if problems:
        sys.exit(2)


def open_organizer(platform: Platform, user: str | None, folders: list[str]) -> tuple[Actor, Organizer]:
    """Return the person and the module's services; folders that are not open yet are opened for their own space."""
    from backend.cli.organize_roots import roots_for
    from backend.file_organizer.organizer import Organizer

    actor = acting(platform, user)
    app: Any = platform.module("file_organizer")
    return actor, Organizer(app.ctx, roots_for(platform, actor, folders, claim=True))


def full_path(path: str) -> str:
    """Return the full path; a link in the last part is not followed."""
    folder, name = os.path.split(os.path.abspath(os.path.expanduser(path)))
    return os.path.join(os.path.realpath(folder), name)


def _text(path: str) -> str:
    from backend.sdk.files import encode_path

    return encode_path(path)


def _quiet(_fraction: float | None, _note: str, _files: int) -> None:
    """Say nothing."""


def _last(organizer: Organizer, actor: Actor) -> str:
    """Return the last search; `SearchMissing` if there was none."""
    from backend.file_organizer.cleaning.errors import SearchMissing
    from backend.file_organizer.cleaning.models import SearchKind

    found = organizer.searches.page(actor.only_in(actor.owner_id), SearchKind.DUPLICATES, limit=1)
    if not found:
        raise SearchMissing("Nothing was looked for yet. Begin with: homie duplicates scan")
    return found[0].id


def _show(organizer: Organizer, actor: Actor, kind: str | None, *, as_json: bool) -> None:
    search = organizer.searches.get(actor, _last(organizer, actor))
    views = organizer.duplicates.groups.page(actor, search.id, kind=kind, states=("open",), limit=_SHOWN)
    roots = organizer.roots.for_actor(actor)

    def path(file: Any) -> str:
        root = roots.root(file.volume)
        return f"{_text(root.path).rstrip('/')}/{file.path}" if root else str(file.path)

    if as_json:
        groups = [
            {
                "id": view.group.id,
                "kind": view.group.kind,
                "size": view.group.size,
                "gain": view.group.gain,
                "reason": view.group.keeper_reason,
                "files": [{"path": path(file), "keep": file.keep} for file in view.files],
            }
            for view in views[:_SHOWN]
        ]
        print_json({"search": {"id": search.id, "state": search.state, **search.counts}, "groups": groups})
        return
    for view in views[:_SHOWN]:
        what = "look alike" if view.group.kind == "similar" else "equal"
        click.secho(f"{view.group.files} {what}, {view.group.gain / 1e6:.1f} MB to win   {view.group.id}", bold=True)
        for file in view.files:
            click.echo(f"  {'stays' if file.keep else 'goes '}  {path(file)}")
    for one in search.problems[:20]:
        click.echo(f"  could not be read: {one['path']}", err=True)
    counts = organizer.duplicates.groups.totals(actor, search.id)
    if not views:
        click.echo("There are no copies." if search.state == "ready" else "The search did not come to its end.")
    for name, words in (("same", "equal files"), ("similar", "pictures that look alike")):
        if name in counts:
            click.echo(f"{counts[name]['groups']} groups of {words}: {counts[name]['gain'] / 1e6:.1f} MB to win.")
