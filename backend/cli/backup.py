"""`homie backup` and `homie restore`: also when the server is stopped, and when the accounts' database is broken."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import structlog

from backend.cli.output import json_option, print_json
from backend.sdk.errors import HomieError, InvalidInput

if TYPE_CHECKING:
    from backend.core.backup.keyring import GivenKey
    from backend.core.backup.manifest import BackupEntry
    from backend.core.backup.restore import RestoreReport
    from backend.core.backup.restore_runs import RestoreWish
    from backend.core.backup.service import BackupService, Progress
    from backend.core.settings import HomieSettings

_DIRECTORY = click.Path(file_okay=False, path_type=Path)


class _LogsAside(click.Command):
    """Keep log lines off standard output (it carries the answer, maybe JSON), and only those that matter at all."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command with warnings and errors on standard error."""
        before = structlog.get_config()
        structlog.configure(
            wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
            logger_factory=lambda *args: structlog.PrintLogger(sys.stderr),
        )
        try:
            return super().invoke(ctx)
        finally:
            structlog.configure(**before)


class BackupGroup(_LogsAside, click.Group):
    """Let `homie backup notes` stand beside `homie backup list`: what is no subcommand is something to back up."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Send everything that is not a subcommand to `make`."""
        if not args or (args[0] not in self.commands and args[0] not in ("-h", "--help")):
            args = ["make", *args]
        return super().parse_args(ctx, args)


@click.group(cls=BackupGroup)
def backup() -> None:
    """Make, list and verify backups: `homie backup --all`, `homie backup file_organizer`, `homie backup list`."""


@backup.command("make")
@click.argument("module", required=False)
@click.option("--all", "everything", is_flag=True, help="The accounts and every module.")
@click.option("--encrypt/--plain", default=None, help="Encrypt or not; as the settings say if neither is given.")
@click.option("--to", "directory", type=_DIRECTORY, help="Another backup folder, such as one on a USB drive.")
@click.option("--new-target", is_flag=True, help="Accept an exchanged backup drive.")
@click.option("--no-verify", is_flag=True, help="Do not verify the new backup by a trial restore.")
@json_option
def make(
    module: str | None,
    everything: bool,
    encrypt: bool | None,
    directory: Path | None,
    new_target: bool,
    no_verify: bool,
    as_json: bool,
) -> None:
    """Back up MODULE (`core` is the accounts), or --all, and verify it at once."""
    if (module is None) == (not everything):
        raise click.UsageError("Name one module (or core), or say --all.")
    from backend.cli.context import open_platform
    from backend.core.backup.backups import Backups

    made: list[dict[str, Any]] = []
    with open_platform() as platform, _progress(as_json) as progress:
        backups = Backups(platform)
        place = directory.absolute() if directory else None
        for part in backups.service.parts.ids() if everything else [str(module)]:
            with backups.history.run(part, "backup") as run:
                manifest = backups.service.create(
                    part, encrypt=encrypt, directory=place, adopt_target=new_target, progress=progress
                )
                run.set_id = manifest.set_id
            problems: list[str] = []
            if not no_verify:
                with backups.history.run(part, "verify") as run:
                    run.set_id = manifest.set_id
                    problems = backups.service.verify(manifest.set_id, directory=place, progress=progress).problems
                    run.ok, run.message = not problems, "; ".join(problems)
            made.append(
                {
                    "set_id": manifest.set_id,
                    "part": part,
                    "rows": manifest.rows,
                    "files": manifest.blob_count,
                    "encrypted": manifest.encrypted,
                    "verified": not no_verify and not problems,
                    "problems": problems,
                    "notices": [*manifest.notices, *manifest.drift],
                }
            )
    _show_made(made, as_json)


@backup.command("list")
@click.option("--module", "part", help="Only backups of this module (or core).")
@click.option("--from", "directory", type=_DIRECTORY, help="Another backup folder.")
@json_option
def list_backups(part: str | None, directory: Path | None, as_json: bool) -> None:
    """List the backups, newest first."""
    service, _ = _offline()
    entries = service.entries(part, directory.absolute() if directory else None)
    if as_json:
        print_json([_entry_json(e) for e in entries])
        return
    for e in entries:
        lock = "encrypted" if e.manifest.encrypted else "plain"
        hold = "  data shrank: see `homie backup status`" if e.on_hold else ""
        click.echo(f"{e.set_id}  {e.manifest.rows} rows  {e.manifest.blob_count} files  {lock}  {e.state.check}{hold}")
    for name in service.folder(directory.absolute() if directory else None).unreadable():
        click.secho(f"{name}  cannot be read", fg="red")
    if not entries:
        click.echo("There is no backup yet. Make one: homie backup --all")


@backup.command("verify")
@click.argument("set_id", required=False)
@click.option("--from", "directory", type=_DIRECTORY, help="Another backup folder.")
@click.option("--recovery-key", is_flag=True, help="Ask for the recovery key.")
@click.option("--passphrase", is_flag=True, help="Ask for the passphrase.")
@click.option("--key-file", type=click.Path(dir_okay=False, path_type=Path), help="The key file.")
@json_option
def verify(set_id: str | None, directory: Path | None, as_json: bool, **key: Any) -> None:
    """Restore a backup (all of them without SET_ID) into a scratch place and compare every byte and row."""
    service, _ = _offline()
    place = directory.absolute() if directory else None
    wanted = [set_id] if set_id else [e.set_id for e in service.entries(directory=place)]
    given, found = _given(**key), []
    with _progress(as_json) as progress:
        for one in wanted:
            found.append(service.verify(one, given, directory=place, progress=progress))
    if as_json:
        print_json([{"set_id": v.set_id, "ok": v.ok, "problems": v.problems} for v in found])
    else:
        for v in found:
            click.secho(f"{v.set_id}  {'good' if v.ok else 'DAMAGED'}", fg="green" if v.ok else "red")
            for problem in v.problems:
                click.echo(f"  {problem}")
    if not all(v.ok for v in found):
        raise SystemExit(1)


@backup.command("prune")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@json_option
def prune(dry_run: bool, as_json: bool) -> None:
    """Remove what the retention rules do not keep; never anything without a newer verified backup."""
    service, _ = _offline()
    report = service.prune(dry_run=dry_run)
    if as_json:
        print_json({"deleted": report.deleted, "kept": report.kept, "on_hold": report.on_hold, "dry_run": dry_run})
        return
    for name in report.deleted:
        click.echo(f"{'would remove' if dry_run else 'removed'}  {name}")
    for part, why in report.on_hold.items():
        click.secho(f"{part} is on hold, its data shrank: {'; '.join(why)}", fg="yellow")
    click.echo(f"{len(report.kept)} backups stay.")


@backup.command("accept")
@click.argument("set_id")
@json_option
def accept(set_id: str, as_json: bool) -> None:
    """Accept that the data in SET_ID shrank sharply, so that old backups may be pruned again."""
    service, _ = _offline()
    entry = service.mark(set_id, drift_accepted=True)
    print_json(_entry_json(entry)) if as_json else click.echo(f"accepted  {set_id}")


@backup.command("key")
@click.option("--passphrase", is_flag=True, help="Ask for a passphrase that opens the backups, too.")
@json_option
def key(passphrase: bool, as_json: bool) -> None:
    """Make the key of encrypted backups and show its recovery key, this once."""
    service, _ = _offline()
    chosen = click.prompt("Passphrase", hide_input=True, confirmation_prompt=True) if passphrase else None
    if chosen and service.keys.current() is not None:
        service.keys.set_passphrase(chosen)
        print_json({"changed": "passphrase"}) if as_json else click.echo("New backups open with this passphrase.")
        return
    recovery = service.keys.create(chosen)
    if as_json:
        print_json({"recovery_key": recovery})
        return
    click.echo("Write this down and keep it outside of this machine. It is not shown again.\n")
    click.secho(f"  {recovery}\n", bold=True)


@backup.command("status")
@json_option
def status(as_json: bool) -> None:
    """Say whether everything is backed up, when the next backup runs, and what is wrong."""
    from dataclasses import asdict

    from backend.cli.context import open_platform
    from backend.core.backup.backups import Backups

    with open_platform() as platform:
        found = Backups(platform).status()
    if as_json:
        print_json(asdict(found))
        return
    click.echo(f"Backup folder: {found.directory}{'' if found.reachable else '  (not there)'}")
    click.echo(
        f"Next backup:   {found.next_run.astimezone():%Y-%m-%d %H:%M}" if found.next_run else "Next backup:   off"
    )
    for part in found.parts:
        last = f"{part.last_verified.astimezone():%Y-%m-%d %H:%M}" if part.last_verified else "never"
        click.echo(f"  {part.part}: {part.backups} backups, last verified {last}")
    for problem in found.problems:
        click.secho(problem, fg="red")
    for hint in found.hints:
        click.secho(hint, fg="yellow")


@click.command(cls=_LogsAside)
@click.argument("set_id", metavar="BACKUP")
@click.option("--module", "part", help="With BACKUP `latest`: which module (or core).")
@click.option("--dry-run", is_flag=True, help="Only compare: rows now and rows in the backup.")
@click.option("--from", "directory", type=_DIRECTORY, help="Another backup folder.")
@click.option("--recovery-key", is_flag=True, help="Ask for the recovery key.")
@click.option("--passphrase", is_flag=True, help="Ask for the passphrase.")
@click.option("--key-file", type=click.Path(dir_okay=False, path_type=Path), help="The key file.")
@click.option("--no-safety-backup", is_flag=True, help="Do not back up the present state first.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def restore(
    set_id: str,
    part: str | None,
    dry_run: bool,
    directory: Path | None,
    no_safety_backup: bool,
    yes: bool,
    as_json: bool,
    **key: Any,
) -> None:
    """Bring one part back from BACKUP (a name of `homie backup list`, or `latest` with --module).

    A running server is asked to do it: it stops the module, exchanges the data and starts it again while the others go
    on. The accounts (core) need the server to be stopped. The present state is backed up first.
    """
    from backend.core.backup.restore_runs import RestoreWish

    service, settings = _offline()
    place = directory.absolute() if directory else None
    entry = _chosen(service, set_id, part, place)
    made = entry.manifest
    if not (yes or dry_run or as_json):
        when = f"{made.created_at.astimezone():%Y-%m-%d %H:%M}"
        click.confirm(f"Restore {made.part} as it was on {when} ({made.rows} rows)?", abort=True)
    wish = RestoreWish(made.set_id, part or made.part, _given(**key), dry_run, not no_safety_backup, place)
    with _progress(as_json) as progress:
        report = _restore_by_server(settings, wish, progress) or _restore_here(service, settings, wish, progress)
    _show_restored(report, as_json)


# ---------------------------------------------------------------------- inside


def _offline() -> tuple[BackupService, HomieSettings]:
    """Return the backup service without opening a database."""
    from backend.core.backup.backups import open_offline
    from backend.core.platform import homie_version
    from backend.core.settings import load_settings

    settings = load_settings()
    return open_offline(settings, homie_version()), settings


def _chosen(service: BackupService, set_id: str, part: str | None, place: Path | None) -> BackupEntry:
    if set_id != "latest":
        return service.folder(place).entry(set_id)
    if part is None:
        raise click.UsageError("`latest` needs --module.")
    found = service.entries(part, place)
    if not found:
        from backend.core.backup.errors import BackupNotFound

        raise BackupNotFound(f"There is no backup of {part}.")
    return found[0]


def _restore_by_server(settings: HomieSettings, wish: RestoreWish, progress: Progress) -> dict[str, Any] | None:
    from backend.core.backup.control import ask_server, error_of

    answer = ask_server(settings.run_dir, wish)
    if answer is None:
        return None
    for line in answer:
        if "error" in line:
            raise error_of(line)
        if "report" in line:
            return dict(line["report"])
        progress(line["fraction"], line["note"])
    raise HomieError("The server ended during the restore. It finishes or clears it at its next start.")


def _restore_here(
    service: BackupService, settings: HomieSettings, wish: RestoreWish, progress: Progress
) -> dict[str, Any]:
    from dataclasses import asdict

    from backend.core.backup.restore import Restorer

    report: RestoreReport = Restorer(service).restore(
        wish.set_id,
        part_id=wish.part,
        given=wish.given,
        dry_run=wish.dry_run,
        safety_backup=wish.safety_backup,
        directory=wish.directory,
        progress=progress,
    )
    if wish.part == "core" and not wish.dry_run:
        _note_in_audit(settings, wish.set_id, report)
    return asdict(report)


def _note_in_audit(settings: HomieSettings, set_id: str, report: RestoreReport) -> None:
    """Let the security log go on from the restored state; it would call the older log cut otherwise."""
    from backend.core.platform import Platform

    platform = Platform.open(settings, role="cli")
    try:
        platform.audit.accept_restore({"set_id": set_id})
    except HomieError as problem:
        report.notices.append(f"the security log could not be continued: {problem.message}")
    finally:
        platform.close()


def _given(recovery_key: bool = False, passphrase: bool = False, key_file: Path | None = None) -> GivenKey:
    from backend.core.backup.keyring import GivenKey

    if sum(map(bool, (recovery_key, passphrase, key_file))) > 1:
        raise InvalidInput("Give one of recovery key, passphrase and key file.")
    return GivenKey(
        passphrase=click.prompt("Passphrase", hide_input=True) if passphrase else None,
        recovery_key=click.prompt("Recovery key", hide_input=True) if recovery_key else None,
        key_file=key_file,
    )


@contextmanager
def _progress(as_json: bool) -> Iterator[Progress]:
    """Show a progress bar on a terminal, nothing for programs."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        console=console,
        disable=as_json or not console.is_terminal,
        transient=True,
    ) as bar:
        task = bar.add_task("", total=1.0)

        def show(fraction: float | None, note: str) -> None:
            bar.update(task, completed=fraction, description=note)

        yield show


def _show_made(made: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        print_json(made)
    else:
        for one in made:
            state = "verified" if one["verified"] else "DAMAGED" if one["problems"] else "not verified"
            click.echo(f"{one['set_id']}  {one['rows']} rows  {one['files']} files  {state}")
            for text in (*one["problems"], *one["notices"]):
                click.secho(f"  {text}", fg="yellow")
    if any(one["problems"] for one in made):
        raise SystemExit(1)


def _show_restored(report: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(report)
        return
    word = "would be" if report["dry_run"] else "were"
    for table, (now, then) in report["tables"].items():
        if now != then:
            click.echo(f"  {table}: {'unreadable' if now is None else now} -> {then}")
    click.echo(f"The rows above {word} changed, {report['files']} files {word} restored in {report['part']}.")
    if report["safety_backup"]:
        click.echo(f"What was there before is in {report['safety_backup']}.")
    for notice in report["notices"]:
        click.secho(notice, fg="yellow")


def _entry_json(entry: BackupEntry) -> dict[str, Any]:
    return {
        **entry.manifest.model_dump(mode="json", exclude={"seal", "mac", "files", "key"}),
        "encrypted": entry.manifest.encrypted,
        "state": entry.state.model_dump(mode="json"),
    }
