"""`homie audit`: show the security log, and prove that it is whole."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from backend.cli.context import open_platform
from backend.cli.output import json_option, print_json


@click.group()
def audit() -> None:
    """Show and verify the security log."""


@audit.command()
@json_option
def verify(as_json: bool) -> None:
    """Check that no entry was changed, removed, swapped or cut off; exit code 1 if one was."""
    with open_platform() as platform:
        report = platform.audit.verify()
    if as_json:
        print_json({"ok": report.ok, **asdict(report)})
    elif report.ok:
        click.echo(f"The security log is whole: {report.entries} entries, head {report.head[:16]}.")
    else:
        click.secho("The security log is NOT whole:", fg="red", err=True)
        for problem in report.problems[:50]:
            click.echo(f"  {problem}", err=True)
        click.echo("  Compare it with a backup (`homie backup list`).", err=True)
    sys.exit(0 if report.ok else 1)


@audit.command("accept-restore")
@click.option("--reason", required=True, help="Which backup was restored, and why; it is written into the log.")
@json_option
def accept_restore(reason: str, as_json: bool) -> None:
    """Log that an older users database was restored on purpose; until then `verify` reports the missing end."""
    with open_platform() as platform:
        platform.audit.accept_restore({"reason": reason[:200]})
        report = platform.audit.verify()
    if as_json:
        print_json({"ok": report.ok, **asdict(report)})
    else:
        click.echo("Noted." if report.ok else "Noted, but the log has other problems: run `homie audit verify`.")


@audit.command("list")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@click.option("--user", help="Only what this person did, or what concerns their spaces.")
@json_option
def list_entries(limit: int, user: str | None, as_json: bool) -> None:
    """Show the newest entries."""
    with open_platform() as platform:
        actor = platform.accounts.actor_for(user) if user else None
        entries = platform.audit.entries(
            actor_id=actor.user_id if actor else None, owner_ids=actor.owners if actor else None, limit=limit
        )
    if as_json:
        print_json([asdict(entry) for entry in entries])
        return
    for entry in entries:
        facts = " ".join(f"{key}={value}" for key, value in (entry.detail or {}).items())
        click.echo(f"{entry.seq:>6}  {entry.at:%Y-%m-%d %H:%M:%S}  {entry.action:<32} {entry.target} {facts}".rstrip())
