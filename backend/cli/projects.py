"""`homie projects list|set|hide|forget`: which folders are projects, into which files that speak of them are offered.

Works without a server.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from backend.cli.context import acting, open_platform
from backend.cli.output import common_options, fail_with, print_json
from backend.sdk.errors import FieldProblem, HomieError, InvalidInput, NotFound
from backend.sdk.files import VolumePath, encode_path

if TYPE_CHECKING:
    from backend.core.platform import Platform
    from backend.file_organizer.organizer import Organizer
    from backend.file_organizer.projects.store import Said
    from backend.sdk.actor import Actor
    from backend.sdk.files import OwnerRoots, SafePath

_WHY = {"home": "lies among projects", "marker": "has a project's file in it", "person": "you said so"}
_LONGEST = {"--title": 200, "--words": 400}


@click.group()
def projects() -> None:
    """Show projects; name one, or say that a folder is none."""


@projects.command("list")
@common_options
def list_projects(user: str | None, as_json: bool) -> None:
    """List projects: folders below "Projects", folders with a project's file in them, and those you named."""
    from backend.file_organizer.api_projects import project_out

    try:
        with open_platform() as platform:
            actor, organizer = _opened(platform, user)
            roots = platform.accounts.roots.for_actor(actor)
            said = organizer.projects.said(actor)
            found = organizer.projects.known(said, roots)
            shown = [project_out(one, said.ids.get((one.volume_id, one.folder)), roots) for one in found]
            rows = sorted((one for one in shown if one is not None), key=lambda one: (one.title.casefold(), one.path))
            hidden = sorted(path for place in said.hidden if (path := _path(roots, *place)) is not None)
    except HomieError as error:
        fail_with(error, as_json=as_json)
    if as_json:
        print_json({"items": [one.model_dump(mode="json") for one in rows], "hidden": hidden})
        return
    for one in rows:
        words = f"; words: {', '.join(one.words)}" if one.words else ""
        click.echo(f"{one.title}\n    {one.path}   ({_WHY[one.why]}{words})")
    for path in hidden:
        click.echo(f"{path}   (you said that it is none)")
    if not rows:
        click.echo("No projects. `homie projects set FOLDER` names one.")


@projects.command("set")
@click.argument("folder", type=click.Path(path_type=str))
@click.option("--title", help="What it is called; the folder's name if left out.")
@click.option("--words", help="Words that its files carry, as a builder's name; '' for none. Replaces those before.")
@common_options
def set_project(folder: str, title: str | None, words: str | None, user: str | None, as_json: bool) -> None:
    """Call FOLDER a project, or change its title and words; what is left out stays. No file is touched."""
    _check("--title", title)
    _check("--words", words)
    _mark(folder, user, as_json, title=title, words=words)


@projects.command()
@click.argument("folder", type=click.Path(path_type=str))
@common_options
def hide(folder: str, user: str | None, as_json: bool) -> None:
    """Say that FOLDER is no project: nothing is offered for it. No file is touched."""
    _mark(folder, user, as_json, hidden=True)


@projects.command()
@click.argument("folder", type=click.Path(path_type=str))
@common_options
def forget(folder: str, user: str | None, as_json: bool) -> None:
    """Forget what you said about FOLDER (its path, or the id of `list --json`). No file is touched.

    A folder that looks like a project is one again.
    """
    try:
        with open_platform() as platform:
            actor, organizer = _opened(platform, user)
            roots = platform.accounts.roots.for_actor(actor)
            said = organizer.projects.said(actor)
            full = _full(folder)
            paths = {known: _path(roots, *place) for place, known in said.ids.items()}
            chosen = next(
                (known for known, path in paths.items() if folder == known or encode_path(full) == path), None
            )
            if chosen is None:
                problem = FieldProblem("FOLDER", "You said nothing about this folder.", "See `homie projects list`.")
                raise NotFound(fields=[problem])
            _forget(organizer, actor, chosen)
            told = paths[chosen] or folder
    except HomieError as error:
        fail_with(error, as_json=as_json)
    if as_json:
        print_json({"forgotten": told})
    else:
        click.echo(f"Forgot what you said about {told}.")


def _mark(
    folder: str, user: str | None, as_json: bool, *, title: str | None = None, words: str | None = None, **more: bool
) -> None:
    """Store what is said about a folder, which is opened for the person's space if it is not yet."""
    from backend.cli.organize_roots import roots_for

    try:
        with open_platform() as platform:
            actor, organizer = _opened(platform, user)
            full = _full(folder)
            if not os.path.isdir(full):
                problem = FieldProblem("FOLDER", "There is no such folder.", "Check the path, or make it first.")
                raise NotFound(fields=[problem])
            roots = roots_for(platform, actor, [full], claim=True).for_actor(actor)
            place = roots.resolve(full, folder=True, field="FOLDER")
            title, words = _kept(organizer.projects.said(actor), place, title, words)
            made = organizer.projects.mark(actor, place, title=title, words=words, **more)
            path = encode_path(place.absolute)
    except HomieError as error:
        fail_with(error, as_json=as_json)
    if as_json:
        print_json({"id": made, "path": path, "hidden": more.get("hidden", False)})
    elif more.get("hidden"):
        click.echo(f"{path} is no project.")
    else:
        click.echo(f"{path} is a project.")


def _kept(said: Said, place: SafePath, title: str | None, words: str | None) -> tuple[str | None, str]:
    """Return title and words with what was said before in place of what is left out now."""
    here = (place.root.volume_id, place.relpath)
    before = next((one for one in said.projects if (one.volume_id, one.folder) == here), None)
    if before is None:
        return title, words or ""
    return title if title is not None else before.title, words if words is not None else " ".join(before.words)


def _forget(organizer: Organizer, actor: Actor, project_id: str) -> None:
    """Forget it in whichever of the person's spaces it was said."""
    from backend.file_organizer.errors import MappingMissing

    for owner_id in sorted(actor.owners):
        with suppress(MappingMissing):
            organizer.projects.forget(actor.acting_in(owner_id), project_id)
            return
    raise MappingMissing()


def _check(option: str, text: str | None) -> None:
    """Raise where a text is longer than the hub keeps, or a title is empty."""
    if text is None:
        return
    problem = f"It has more than {_LONGEST[option]} characters." if len(text) > _LONGEST[option] else ""
    if option == "--title" and not text.strip():
        problem = "A project has a name."
    if problem:
        raise InvalidInput(fields=[FieldProblem(option, problem, "Say it in fewer words, or leave it out.")])


def _full(folder: str) -> str:
    return os.path.realpath(os.path.expanduser(folder))


def _path(roots: OwnerRoots, volume_id: str, folder: str) -> str | None:
    """Return the path of a place; None while it is not reachable."""
    try:
        return encode_path(roots.locate(VolumePath(volume_id, folder)).absolute)
    except HomieError:
        return None


def _opened(platform: Platform, user: str | None) -> tuple[Actor, Organizer]:
    app: Any = platform.module("file_organizer")
    organizer: Organizer = app.organizer
    actor = acting(platform, user)
    return actor, organizer
