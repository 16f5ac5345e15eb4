"""`homie watch ...`: folders whose new files Homie tends, and tending one right now."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from backend.cli.context import acting, open_platform
from backend.cli.output import common_options, print_json
from backend.sdk.errors import NotFound
from backend.sdk.files import encode_path

if TYPE_CHECKING:
    from backend.core.platform import Platform
    from backend.file_organizer.organizer import Organizer
    from backend.file_organizer.schemas_watching import WatchedOut
    from backend.sdk.actor import Actor
    from backend.sdk.module import ModuleContext

F = TypeVar("F", bound=Callable[..., Any])
_STATES = {
    "starting": "not looked at yet (does Homie run?)",
    "watching": "watched",
    "checking": "looked at once a minute (network drive)",
    "limit": "looked at once a minute (Linux watches no more folders; see homie doctor)",
    "away": "drive not connected",
    "gone": "the folder is not there",
    "paused": "paused",
}


def _choices(function: F) -> F:
    """Add how a folder is watched."""
    for option in (
        click.option("--daily-limit", type=click.IntRange(1, 10_000), help="Files that Homie files a day by itself."),
        click.option(
            "--settle", "settle_seconds", type=click.IntRange(0, 86_400), help="Seconds to leave a file alone."
        ),
        click.option("--sure", "threshold", type=click.FloatRange(0.5, 1.0), help="How sure memory must be to file."),
        click.option("--mode", type=click.Choice(["suggest", "file"]), help="Only suggest, or file by itself."),
    ):
        function = option(function)
    return function


@click.group(invoke_without_command=True)
@common_options
@click.pass_context
def watch(context: click.Context, user: str | None, as_json: bool) -> None:
    """Watch folders: suggest or file what is new in them."""
    if context.invoked_subcommand is None:
        _list(user, as_json)


@watch.command("list")
@common_options
def list_watched(user: str | None, as_json: bool) -> None:
    """Show the watched folders."""
    _list(user, as_json)


@watch.command()
@click.argument("folder")
@_choices
@common_options
def add(folder: str, user: str | None, as_json: bool, **choices: Any) -> None:
    """Begin to watch FOLDER (opened for your space if it is not yet)."""
    from backend.cli.organize_roots import roots_for
    from backend.file_organizer.api_watching import folder_to_watch
    from backend.file_organizer.schemas_watching import WatchedIn

    full = encode_path(os.path.abspath(folder))
    with _opened(user) as (platform, actor, ctx, organizer):
        roots_for(platform, actor, [os.path.abspath(folder)], claim=True)
        asked = WatchedIn(path=full, **{name: value for name, value in choices.items() if value is not None})
        place = folder_to_watch(organizer, actor, full)
        row = organizer.watched.add(actor, place, asked.model_dump(exclude={"path"}))
        _show([_out(ctx, organizer, actor, row.id)], as_json)


@watch.command()
@click.argument("folder")
@click.option("--pause/--resume", "paused", default=None, help="Do nothing for now, or go on.")
@_choices
@common_options
def change(folder: str, user: str | None, as_json: bool, **choices: Any) -> None:
    """Change how FOLDER is watched."""
    with _opened(user) as (_, actor, ctx, organizer):
        known = _known(ctx, organizer, actor, folder)
        wanted = {name: value for name, value in choices.items() if value is not None}
        organizer.watched.change(actor.acting_in(known.owner_id), known.id, wanted)
        _show([_out(ctx, organizer, actor, known.id)], as_json)


@watch.command()
@click.argument("folder")
@common_options
def remove(folder: str, user: str | None, as_json: bool) -> None:
    """Watch FOLDER no more; what was filed stays where it is."""
    with _opened(user) as (_, actor, ctx, organizer):
        known = _known(ctx, organizer, actor, folder)
        organizer.watched.remove(actor.acting_in(known.owner_id), known.id)
    if as_json:
        print_json({"removed": known.path})
    else:
        click.echo(f"{known.path} is not watched any more.")


@watch.command()
@click.argument("folder", required=False)
@common_options
def now(folder: str | None, user: str | None, as_json: bool) -> None:
    """Look for new files in FOLDER (in all watched folders if left out) and tend them, here and at once."""
    from dataclasses import asdict

    from backend.file_organizer.watching.tending import Tender

    results = []
    with _opened(user) as (_, actor, ctx, organizer):
        chosen = [_known(ctx, organizer, actor, folder)] if folder else _all(ctx, organizer, actor)
        tender = Tender(organizer, ctx.db, ctx.clock, ctx.new_id)
        for one in chosen:
            here = actor.only_in(one.owner_id)
            organizer.refresh_index(here)
            report = tender.tend(here, one.id)
            results.append({"path": one.path, **asdict(report)})
    if as_json:
        print_json({"items": results})
        return
    for result in results:
        click.echo(
            f"{result['path']}: new {result['new']}, filed {result['filed']}, waiting {result['waiting']}, "
            f"too young {result['settling']}"
        )
    if not results:
        click.echo("No folder is watched. Begin with: homie watch add FOLDER")


@contextmanager
def _opened(user: str | None) -> Iterator[tuple[Platform, Actor, ModuleContext, Organizer]]:
    from backend.file_organizer.organizer import Organizer

    with open_platform() as platform:
        actor = acting(platform, user)
        ctx = platform.module("file_organizer").ctx
        organizer = Organizer(ctx)
        try:
            yield platform, actor, ctx, organizer
        finally:
            organizer.close()


def _all(ctx: ModuleContext, organizer: Organizer, actor: Actor) -> list[WatchedOut]:
    from backend.file_organizer.api_watching import watched_list

    return watched_list(ctx, organizer, actor).items


def _out(ctx: ModuleContext, organizer: Organizer, actor: Actor, watched_id: str) -> WatchedOut:
    return next(one for one in _all(ctx, organizer, actor) if one.id == watched_id)


def _known(ctx: ModuleContext, organizer: Organizer, actor: Actor, folder: str) -> WatchedOut:
    """Return the watched folder that was named by its path; raises `NotFound`."""
    full = encode_path(os.path.abspath(folder))
    for one in _all(ctx, organizer, actor):
        if full in (one.path, encode_path(os.path.realpath(one.path))):
            return one
    raise NotFound(f"{full} is not watched. See: homie watch list")


def _list(user: str | None, as_json: bool) -> None:
    with _opened(user) as (_, actor, ctx, organizer):
        items = _all(ctx, organizer, actor)
    _show(items, as_json)


def _show(items: list[WatchedOut], as_json: bool) -> None:
    if as_json:
        print_json({"items": [one.model_dump(mode="json") for one in items]})
        return
    if not items:
        click.echo("No folder is watched. Begin with: homie watch add FOLDER")
    for one in items:
        what = "suggests" if one.mode == "suggest" else f"files by itself from {one.threshold:.0%}"
        click.echo(
            f"{one.path}\n    {_STATES[one.state]}; {what}; waiting {one.waiting}, filed today {one.filed_today}, "
            f"too young {one.settling}"
        )
