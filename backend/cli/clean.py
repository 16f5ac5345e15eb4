"""`homie clean scan|list|apply`: what nobody needs and what is called wrongly, from the command line, with undo."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from backend.cli.context import open_platform
from backend.cli.duplicates import full_path, open_organizer, show_outcome
from backend.cli.output import fail_with, json_option, print_json, user_option
from backend.cli.progress import counted_progress
from backend.sdk.errors import HomieError
from backend.sdk.files import encode_path

if TYPE_CHECKING:
    from backend.file_organizer.organizer import Organizer
    from backend.sdk.actor import Actor

KINDS = {
    "litter": "left behind by systems and office programs",
    "empty_file": "empty files",
    "empty_folder": "empty folders",
    "broken_link": "links that lead to nothing",
    "unfinished": "downloads that were never finished",
    "old_installer": "old installers among downloads",
    "disguised": "programs that are called something else",
    "wrong_ending": "files whose ending does not fit their content (renamed)",
    "copy_name": "names of copies whose original is gone (renamed)",
}
_SHOWN = 500


@click.group()
def clean() -> None:
    """Find what nobody needs and what is called wrongly; clean it up with undo."""


@clean.command()
@click.argument("folders", nargs=-1)
@user_option
@json_option
def scan(folders: tuple[str, ...], user: str | None, as_json: bool) -> None:
    """Look through FOLDERS (all that are open, if left out). Changes nothing in them but Homie's own marker."""
    try:
        with open_platform() as platform:
            paths = [full_path(folder) for folder in folders]
            actor, organizer = open_organizer(platform, user, paths)
            search_id = organizer.junk.begin(actor, [encode_path(p) for p in paths], field_name="FOLDERS")
            with counted_progress(as_json) as tell:
                organizer.junk.look(actor, search_id, tell or (lambda *_: None))
            _show(organizer, actor, None, as_json=as_json)
    except HomieError as error:
        fail_with(error, as_json=as_json)


@clean.command("list")
@click.option("--kind", type=click.Choice(list(KINDS)), help="One kind only.")
@user_option
@json_option
def list_items(kind: str | None, user: str | None, as_json: bool) -> None:
    """Show what the last scan found and nobody has decided about."""
    try:
        with open_platform() as platform:
            actor, organizer = open_organizer(platform, user, [])
            _show(organizer, actor, kind, as_json=as_json)
    except HomieError as error:
        fail_with(error, as_json=as_json)


@clean.command()
@click.argument("items", nargs=-1)
@click.option("--kind", "kinds", type=click.Choice(list(KINDS)), multiple=True, help="All of this kind; repeatable.")
@click.option("--yes", is_flag=True, help="Do not ask before.")
@user_option
@json_option
def apply(items: tuple[str, ...], kinds: tuple[str, ...], yes: bool, user: str | None, as_json: bool) -> None:
    """Clean up ITEMS (ids of `list --json`), or all of the kinds that are named. `homie undo` takes it back."""
    from backend.file_organizer.put_away import put_away, title_of

    if not items and not kinds:
        raise click.UsageError("Name what to clean up: ids of `homie clean list --json`, or --kind.")
    try:
        with open_platform() as platform:
            actor, organizer = open_organizer(platform, user, [])
            app: Any = platform.module("file_organizer")
            key = app.ctx.new_id()
            files = organizer.junk.claim(actor, _last(organizer, actor), key, kinds=kinds, item_ids=items)
            if files and not as_json and not yes and sys.stdin.isatty() and not click.confirm(f"Clean up {files}?"):
                organizer.junk.release(actor, key)
                click.echo("Nothing was changed.")
                return
            title = title_of(organizer, actor, "junk", files)
            with counted_progress(as_json) as tell:
                report = put_away(organizer, organizer.junk, actor, key, title=title, progress=tell)
    except HomieError as error:
        fail_with(error, as_json=as_json)
    show_outcome(report, "oddities", as_json=as_json)


def _last(organizer: Organizer, actor: Actor) -> str:
    from backend.file_organizer.cleaning.errors import SearchMissing
    from backend.file_organizer.cleaning.models import SearchKind

    found = organizer.searches.page(actor.only_in(actor.owner_id), SearchKind.JUNK, limit=1)
    if not found:
        raise SearchMissing("Nothing was looked for yet. Begin with: homie clean scan")
    return found[0].id


def _show(organizer: Organizer, actor: Actor, kind: str | None, *, as_json: bool) -> None:
    search_id = _last(organizer, actor)
    found = organizer.junk.page(actor, search_id, kind=kind, states=("open",), limit=_SHOWN, after=None)[:_SHOWN]
    totals = organizer.junk.totals(actor, search_id)
    roots = organizer.roots.for_actor(actor)

    def path(one: Any) -> str:
        root = roots.root(one.volume)
        return f"{encode_path(root.path).rstrip('/')}/{one.path}" if root else str(one.path)

    if as_json:
        items = [
            {"id": o.id, "kind": o.kind, "action": o.action, "path": path(o), "size": o.size, "new_name": o.new_name}
            for o in found
        ]
        kinds = {name: {"items": number, "bytes": size} for name, (number, size) in totals.items()}
        print_json({"search_id": search_id, "kinds": kinds, "items": items})
        return
    for name, words in KINDS.items():
        mine = [one for one in found if one.kind == name]
        if not mine:
            continue
        number, size = totals[name]
        click.secho(f"{number} {words}, {size / 1e6:.1f} MB   --kind {name}", bold=True)
        for one in mine[:10]:
            click.echo(f"  {path(one)}" + (f" -> {one.new_name}" if one.new_name else ""))
        if number > 10:
            click.echo(f"  … and {number - 10} more")
    if not found:
        click.echo("There is nothing to clean up.")
