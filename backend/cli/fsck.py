"""`homie fsck`: prove that the journal of the File Organizer and the disk agree."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from backend.cli.context import acting, open_platform, space_headings
from backend.cli.output import json_option, print_json
from backend.cli.progress import counted_progress

if TYPE_CHECKING:
    from backend.core.platform import Platform
    from backend.file_organizer.fsck import FsckReport
    from backend.sdk.actor import Actor

_OLDER = (
    "The journal does not hold all {steps} steps of this run: the database is older than the files. "
    "Restore a newer backup of the File Organizer if there is one (`homie backup list`)."
)


@click.command()
@click.option("--deep", is_flag=True, help="Read every file whose content hash is known, and compare.")
@click.option("--user", help="Check the spaces of this person instead of the first owner's.")
@json_option
def fsck(deep: bool, user: str | None, as_json: bool) -> None:
    """Prove that the journal and the disk agree; ends with 1 if something is wrong."""
    with open_platform() as platform, counted_progress(as_json) as tell:
        actor = acting(platform, user)
        reports, headings = _check_spaces(platform, actor, deep, tell), space_headings(platform, actor)
    if as_json:
        clean = all(report.clean for report in reports.values())
        items = [{"space": space, "clean": report.clean, **asdict(report)} for space, report in reports.items()]
        print_json({"clean": clean, "items": items})
    else:
        for space, report in reports.items():
            if space in headings:
                click.secho(headings[space], bold=True)
            _show(report)
    if not all(report.clean for report in reports.values()):
        sys.exit(1)


def _check_spaces(platform: Platform, actor: Actor, deep: bool, tell: Any) -> dict[str, Any]:
    from backend.file_organizer.execution.run_marks import RunMarks
    from backend.file_organizer.fsck import Finding, check

    ctx = platform.module("file_organizer").ctx
    db, marks = ctx.db, RunMarks(ctx.data_dir / "runs")
    reports = {}
    for space in sorted(actor.owners):
        here = actor.only_in(space)
        reports[space] = check(db, here, platform.accounts.roots.for_actor(here), deep=deep, tell=tell)
        for mark in db.read(here, marks.lost):
            reports[space].errors.append(Finding("history_older", _OLDER.format(steps=mark.steps), "", mark.run_id))
    return reports


def _show(report: FsckReport) -> None:
    hashed = f", {report.hashed} read and compared" if report.hashed else ""
    click.echo(f"{report.actions} steps in the journal, {report.checked} places looked at{hashed}.")
    for finding in report.errors:
        click.secho(f"  wrong: {finding.path}: {finding.message}", fg="red")
    for finding in report.notices:
        click.secho(f"  note:  {finding.path}: {finding.message}", fg="yellow")
    for volume in report.away:
        click.echo(f"  away:  the drive {volume} is not connected, so its files were not looked at.")
    if report.clean:
        click.secho("Journal and disk agree.", fg="green")
