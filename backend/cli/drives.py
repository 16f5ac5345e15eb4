"""`homie drives ...`: what holds your folders, what each drive is for, and which one it is when it is found twice.

Works without a server. How much stays free on a drive is Homie's own rule (`execution/reserve.py`): shown, not set.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from backend.cli.context import acting, open_platform
from backend.cli.output import common_options, fail_with, json_option, print_json
from backend.sdk.errors import Conflict, FieldProblem, HomieError, InvalidInput, NotFound
from backend.sdk.files import decode_path, encode_path

if TYPE_CHECKING:
    from backend.core.platform import Platform
    from backend.file_organizer.memory.models import UserDrive
    from backend.file_organizer.organizer import Organizer
    from backend.sdk.actor import Actor
    from backend.sdk.files import OwnerRoots

_KINDS = {"local": "built-in drive", "usb": "USB drive", "network": "network drive", "cloud": "cloud drive"}
_LONGEST_PURPOSE = 60


@click.group()
def drives() -> None:
    """Show the drives that hold your folders, and say what they are for."""


@drives.command("list")
@common_options
def list_drives(user: str | None, as_json: bool) -> None:
    """List the drives that hold your folders, also those that are away, as they were seen last."""
    _carry_out(lambda organizer, actor: organizer.drives.known_or_found(actor), user, as_json)


@drives.command()
@common_options
def refresh(user: str | None, as_json: bool) -> None:
    """Look at the drives now; one that came back at another place is followed."""
    _carry_out(lambda organizer, actor: organizer.drives.refresh(actor), user, as_json)


@drives.command()
@click.argument("name")
@click.argument("purpose")
@common_options
def purpose(name: str, purpose: str, user: str | None, as_json: bool) -> None:
    """Say what the drive NAME is for: films, photos, music, documents, games, or own words; `none` takes it back.

    NAME is its label, its id, or where it is mounted. Suggestions of that kind go there, as long as they fit.
    """
    said = "" if purpose.strip().casefold() == "none" else " ".join(purpose.split())

    def work(organizer: Organizer, actor: Actor) -> list[UserDrive]:
        if not said and purpose.strip().casefold() != "none":
            problem = FieldProblem("PURPOSE", "Nothing is said.", "Say what it is for, or `none`.")
            raise InvalidInput(fields=[problem])
        if len(said) > _LONGEST_PURPOSE:
            problem = FieldProblem("PURPOSE", "This is too long.", f"At most {_LONGEST_PURPOSE} characters.")
            raise InvalidInput(fields=[problem])
        row = _named(organizer.drives.known_or_found(actor), name)
        return [organizer.drives.set_purpose(actor.acting_in(row.owner_id), row.id, said)]

    _carry_out(work, user, as_json)


@drives.command()
@click.argument("name")
@click.argument("decision", type=click.Choice(["copy", "this"]))
@click.option("--at", "mount_point", help="With `this`: where the right one is; its present place if left out.")
@common_options
def answer(name: str, decision: str, mount_point: str | None, user: str | None, as_json: bool) -> None:
    """Say what the drive NAME is that was found twice, or on another disk.

    `copy`: what was found besides it (or in its place) is only a copy, and gets a mark of its own. `this`: the one at
    --at is the drive from now on.
    """

    def work(organizer: Organizer, actor: Actor) -> list[UserDrive]:
        if decision == "copy" and mount_point is not None:
            problem = FieldProblem("--at", "It belongs to `this` only.", "Leave it out: all that was found is a copy.")
            raise InvalidInput(fields=[problem])
        row = _named(organizer.drives.refresh(actor), name)
        _check_answer(row, mount_point)
        there = actor.acting_in(row.owner_id)
        if decision == "copy":
            return organizer.drive_decisions.only_a_copy(there, row.id)
        return organizer.drive_decisions.this_is_it(there, row.id, mount_point)

    _carry_out(work, user, as_json)


@drives.command()
@json_option
def plugged(as_json: bool) -> None:
    """List what else is plugged into this machine: drives on which no folder is open to anybody.

    Names and sizes only; nothing on them is looked at.
    """
    from dataclasses import asdict

    from backend.file_organizer.api_drives import known_points
    from backend.file_organizer.drives.plugged import plugged_drives

    try:
        with open_platform() as platform:
            ctx = platform.module("file_organizer").ctx
            taken = ctx.db.unscoped("plugged drives: which are known to anybody", known_points)
            found = plugged_drives(taken, str(ctx.data_dir))
    except HomieError as error:
        fail_with(error, as_json=as_json)
    if as_json:
        print_json({"items": [asdict(one) | {"mount_point": encode_path(one.mount_point)} for one in found]})
        return
    for one in found:
        free = f"{amount(one.free)} of {amount(one.size)} free"
        click.echo(f"{one.label}\n    {_KINDS[one.kind]} at {encode_path(one.mount_point)}; {free}")
    if not found:
        click.echo("Nothing else is plugged in.")


def amount(size: int) -> str:
    """Return a number of bytes as people read it."""
    for unit, large in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6)):
        if size >= large:
            return f"{size / large:.1f} {unit}"
    return f"{size / 1000:.1f} kB"


def _carry_out(work: Callable[[Organizer, Actor], Sequence[UserDrive]], user: str | None, as_json: bool) -> None:
    """Do something with the drives, and show those that it gives back."""
    try:
        with open_platform() as platform:
            actor, organizer = _opened(platform, user)
            rows = work(organizer, actor)
            roots = platform.accounts.roots.for_actor(actor)  # read anew: a drive may have been followed
            shown = [_shown(row, roots) for row in rows]
    except HomieError as error:
        fail_with(error, as_json=as_json)
    if as_json:
        print_json({"items": shown})
        return
    for one in shown:
        _tell(one)
    if not shown:
        click.echo("No drive yet: no folder is open. Open one in the app, or with: homie watch add FOLDER")


def _opened(platform: Platform, user: str | None) -> tuple[Actor, Organizer]:
    app: Any = platform.module("file_organizer")
    organizer: Organizer = app.organizer
    actor = acting(platform, user)
    return actor, organizer


def _named(rows: Sequence[UserDrive], name: str) -> UserDrive:
    """Return the drive of this id, label or mount point; one that is here goes before one that is away."""
    wanted = name.casefold()
    exact = [row for row in rows if name in (row.id, row.mount_point, decode_path(row.mount_point))]
    found = exact or [row for row in rows if row.label.casefold() == wanted]
    here = [row for row in found if row.status != "offline"] if not exact else found
    found = here if len(here) == 1 else found
    if not found:
        problem = FieldProblem("NAME", f"No drive is called '{name}'.", "See `homie drives list`.")
        raise NotFound("This drive is not known.", fields=[problem])
    if len(found) > 1:
        ids = ", ".join(row.id for row in found)
        problem = FieldProblem("NAME", f"{len(found)} drives are called '{name}'.", f"Name one by its id: {ids}.")
        raise Conflict("More than one drive has this name.", fields=[problem])
    return found[0]


def _check_answer(row: UserDrive, mount_point: str | None) -> None:
    """Raise where nothing is asked about a drive, or not about this place."""
    from backend.file_organizer.drives.identity import CLONE, question_of
    from backend.file_organizer.errors import DriveNotAsked

    if row.status != CLONE:
        problem = FieldProblem("NAME", "This drive was found only once.", "There is nothing to decide.")
        raise DriveNotAsked(fields=[problem])
    places = [str(one["mount_point"]) for one in question_of(row)] + [row.mount_point]
    if mount_point is not None and encode_path(mount_point) not in places:
        problem = FieldProblem("--at", "It was not found there.", f"It was found at: {', '.join(sorted(set(places)))}.")
        raise DriveNotAsked(fields=[problem])


def _shown(row: UserDrive, roots: OwnerRoots) -> dict[str, Any]:
    """Return what the API shows of a drive, and the paths of the folders on it."""
    from backend.file_organizer.api_drives import drive_out

    shown = drive_out(row).model_dump(mode="json")
    found = [root for volume in shown["volumes"] if (root := roots.root(volume)) is not None]
    return shown | {"folders": [encode_path(root.path) for root in found]}


def _tell(one: dict[str, Any]) -> None:
    """Print one drive for people."""
    click.secho(one["label"] or one["mount_point"], bold=True, nl=False)
    click.echo(f"   {one['id']}")
    kind = f"kept by {one['service']}" if one["service"] else _KINDS[one["kind"]]
    what = f"for {one['purpose']}" if one["purpose"] else "nobody said what it is for"
    click.echo(f"    {kind} at {one['mount_point']}; {_state(one)}; {what}")
    click.echo(
        f"    {amount(one['free'])} of {amount(one['size'])} free, {amount(one['reserve'])} of it are left alone"
    )
    for folder in one["folders"]:
        click.echo(f"    folder {folder}")
    for copy in one["copies"]:
        click.echo(f"    also found at {copy['mount_point']} ({copy['label'] or _KINDS[copy['kind']]})")
    if one["status"] == "clone":
        name = one["label"] or one["id"]
        click.echo(f"    Which one is it? `homie drives answer '{name}' copy`, or `this --at PLACE`.")


def _state(one: dict[str, Any]) -> str:
    if one["held"]:
        return "nothing is changed on it until you say which one it is"
    if one["status"] == "replaced":
        return "another drive is in its place"
    if not one["online"]:
        return f"not connected (seen last {one['last_seen_at'][:16].replace('T', ' ')})"
    return "can only be read" if one["read_only"] else "connected"
