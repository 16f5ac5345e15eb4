"""`homie verify`: read files again that Homie put where they are, and tell changes from damage."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from backend.cli.context import acting, open_platform, space_headings
from backend.cli.output import fail_with, json_option, print_json
from backend.cli.progress import counted_progress
from backend.sdk.errors import FieldProblem, HomieError, InvalidInput

if TYPE_CHECKING:
    from backend.file_organizer.verification.verifier import VerifyReport
    from backend.sdk.actor import Actor

SAMPLE = 200


@click.command()
@click.option(
    "--sample", type=click.IntRange(1, 1_000_000), help=f"Read this many files, the longest unread first [{SAMPLE}]."
)
@click.option("--all", "everything", is_flag=True, help="Read every file that Homie put where it is.")
@click.option("--user", help="Check the spaces of this person instead of the first owner's.")
@json_option
def verify(sample: int | None, everything: bool, user: str | None, as_json: bool) -> None:
    """Read files again and compare them with what they were; ends with 1 if a drive has damaged any."""
    if sample is not None and everything:
        problem = FieldProblem("--sample", "Both a number and everything were asked for.", "Give --sample or --all.")
        fail_with(InvalidInput(fields=[problem]), as_json=as_json)
    count = None if everything else sample or SAMPLE
    try:
        with open_platform() as platform, counted_progress(as_json) as tell:
            actor = acting(platform, user)
            reports, headings = _verify(platform, actor, count, tell), space_headings(platform, actor)
    except HomieError as error:
        fail_with(error, as_json=as_json)
    whole = all(report.whole for report in reports.values())
    if as_json:
        items = [{"space": space, "whole": report.whole, **asdict(report)} for space, report in reports.items()]
        print_json({"whole": whole, "items": items})
    else:
        for space, report in reports.items():
            if space in headings:
                click.secho(headings[space], bold=True)
            _show(report)
        if whole:
            click.secho("No file was damaged.", fg="green")
    if not whole:
        sys.exit(1)


def _verify(platform: Any, actor: Actor, count: int | None, tell: Any) -> dict[str, VerifyReport]:
    verifier = platform.module("file_organizer").organizer.verifier
    return {space: verifier.verify(actor.only_in(space), sample=count, tell=tell) for space in sorted(actor.owners)}


def _show(report: VerifyReport) -> None:
    known = f"{report.good} as they were, {report.recorded} read for the first time"
    click.echo(f"{report.checked} files read: {known}, {report.changed} changed by somebody, {report.gone} gone.")
    words = {"damaged": ("damaged", "red"), "unreadable": ("cannot be read", "red")}
    for finding in report.findings:
        text, colour = words.get(finding["condition"], (finding["condition"], "yellow"))
        click.secho(f"  {text}: {finding['path']}", fg=colour)
    for label in report.away:
        click.echo(f"  away: the drive of {label} is not connected, so its files were not read.")
