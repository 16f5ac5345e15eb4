"""`homie index`: look for new, moved and vanished files now, and say what can be found by name."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from backend.cli.context import acting, open_platform
from backend.cli.output import json_option, print_json, user_option

if TYPE_CHECKING:
    from backend.file_organizer.organizer import Organizer
    from backend.sdk.actor import Actor


@click.command()
@click.argument("words", nargs=-1)
@click.option("--full", is_flag=True, help="Look at every single file, not only at folders that changed.")
@user_option
@json_option
def index(words: tuple[str, ...], full: bool, user: str | None, as_json: bool) -> None:
    """Bring the list of all files up to date; with WORDS, find files by their names."""
    from backend.file_organizer.api_index import index_state
    from backend.file_organizer.organizer import Organizer

    with open_platform() as platform:
        actor = acting(platform, user)
        organizer = Organizer(platform.module("file_organizer").ctx)
        reports = [organizer.refresh_index(actor.only_in(space), full=full) for space in sorted(actor.owners)]
        state = index_state(organizer, actor).model_dump(mode="json")
        found = _find(organizer, actor, " ".join(words)) if words else []
        organizer.close()
    totals = {name: sum(asdict(report)[name] for report in reports) for name in asdict(reports[0])} if reports else {}
    if as_json:
        print_json({"looked": totals, "index": state, "found": found})
        return
    for hit in found:
        click.echo(f"{hit['folder']}/{hit['name']}")
    if words:
        if not found:
            click.echo("No file has such a name.")
        return
    for item in state["items"]:
        note = "" if item["online"] else "  (drive not connected; its files are remembered)"
        click.echo(f"{item['files']:>12,} files  {item['path']}{note}")
    click.echo(
        f"New: {totals.get('came', 0):,}, gone: {totals.get('gone', 0):,}, changed: {totals.get('changed', 0):,}."
    )


def _find(organizer: Organizer, actor: Actor, query: str) -> list[dict[str, Any]]:
    """Return the files that fit, as the app's search shows them."""
    hits = organizer.finder.search(actor, query, 50)
    return [{"name": hit.title, "folder": hit.subtitle} for hit in hits if hit.kind == "file_organizer.file"]
