"""`homie series list|set|forget`: where each series is kept and how its episodes are named. Works without a server."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from backend.cli.context import acting, open_platform
from backend.cli.output import fail_with, json_option, print_json, user_option
from backend.sdk.errors import FieldProblem, HomieError, NotFound

if TYPE_CHECKING:
    from backend.core.platform import Platform
    from backend.file_organizer.memory.models import SeriesMapping
    from backend.file_organizer.organizer import Organizer
    from backend.sdk.actor import Actor
    from backend.sdk.files import OwnerRoots

_NAMING = {"general": "", "keep": "keep", "pattern": "pattern"}


@click.group()
def series() -> None:
    """Show and say where series are kept, and how their episodes are named."""


@series.command("list")
@click.argument("text", required=False)
@user_option
@json_option
def list_series(text: str | None, user: str | None, as_json: bool) -> None:
    """List the series that Homie knows; TEXT is part of a title."""
    try:
        with open_platform() as platform:
            actor, organizer = _organizer(platform, user)
            roots = platform.accounts.roots.for_actor(actor)
            rows, after = [], None
            while True:
                found = organizer.series.page(actor, limit=500, after=after, text=text)
                rows += [_shown(row, roots) for row in found[:500]]
                if len(found) <= 500:
                    break
                after = found[499].title_key
            if as_json:
                print_json({"items": rows})
                return
            if not rows:
                click.echo(
                    "No series yet. `homie series set TITLE FOLDER` names one; filing episodes teaches the others."
                )
            for row in rows:
                how = {"": "", "keep": " · names stay", "pattern": f" · named {row['pattern']}"}[row["naming"]]
                click.echo(f"{row['title']}\n    {row['path'] or row['folder'] + ' (away)'}{how}")
    except HomieError as error:
        fail_with(error, as_json=as_json)


@series.command("set")
@click.argument("title")
@click.argument("folder", type=click.Path(path_type=str))
@click.option("--naming", type=click.Choice(list(_NAMING)), help="Follow the general choice, keep names, or --pattern.")
@click.option("--pattern", help="How its episodes are named: '{title} - S{season:00}E{episode:00}'.")
@user_option
@json_option
def set_series(
    title: str, folder: str, naming: str | None, pattern: str | None, user: str | None, as_json: bool
) -> None:
    """Keep the series TITLE in FOLDER; new episodes are suggested there. Nothing is moved now."""
    from backend.cli.organize_roots import roots_for

    try:
        with open_platform() as platform:
            actor, organizer = _organizer(platform, user)
            full = os.path.realpath(os.path.expanduser(folder))
            roots = roots_for(platform, actor, [full], claim=True).for_actor(actor)
            place = roots.resolve(full, folder=True, field="FOLDER")
            chosen = _NAMING[naming] if naming is not None else "pattern" if pattern else None
            row = organizer.series.keep(actor, title, place, naming=chosen, pattern=pattern)
            shown = _shown(row, roots)
            if as_json:
                print_json(shown)
            else:
                click.echo(f"{shown['title']} is kept in {shown['path']}.")
    except HomieError as error:
        fail_with(error, as_json=as_json)


@series.command()
@click.argument("title")
@user_option
@json_option
def forget(title: str, user: str | None, as_json: bool) -> None:
    """Forget where the series TITLE is kept. No file is touched."""
    from backend.file_organizer.planning.taxonomy import fold

    try:
        with open_platform() as platform:
            actor, organizer = _organizer(platform, user)
            found = organizer.series.page(actor, limit=500, text=title) if fold(title) else []
            row = next((one for one in found if one.title_key == fold(title)[:200]), None)
            if row is None:
                problem = FieldProblem("TITLE", "No series of that title is known.", "See `homie series list`.")
                raise NotFound(fields=[problem])
            organizer.series.forget(actor, row.id)
            if as_json:
                print_json({"forgotten": row.title})
            else:
                click.echo(f"Forgot where {row.title} is kept.")
    except HomieError as error:
        fail_with(error, as_json=as_json)


def _organizer(platform: Platform, user: str | None) -> tuple[Actor, Organizer]:
    app: Any = platform.module("file_organizer")
    organizer: Organizer = app.organizer
    actor = acting(platform, user)
    return actor, organizer


def _shown(row: SeriesMapping, roots: OwnerRoots) -> dict[str, Any]:
    from backend.sdk.files import VolumePath, encode_path

    try:
        path: str | None = encode_path(roots.locate(VolumePath.from_text(row.volume_id, row.folder)).absolute)
    except HomieError:
        path = None
    names = ("title", "folder", "season_style", "naming", "pattern", "files")
    return {"id": row.id, "path": path} | {name: getattr(row, name) for name in names}
