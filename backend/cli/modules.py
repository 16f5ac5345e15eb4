"""`homie modules`: what is installed, and what this household uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from backend.cli.context import open_platform
from backend.cli.output import json_option, print_json
from backend.core.module_events import ModuleSwitched

if TYPE_CHECKING:
    from backend.core.module_records import ModuleStatus


def _row(status: ModuleStatus) -> dict[str, Any]:
    return {
        "id": status.id,
        "title": status.title,
        "version": status.version,
        "enabled": status.enabled,
        "state": status.state.value,
        "reason": status.reason or None,
    }


def _show(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        print_json({"items": rows})
        return
    if not rows:
        click.echo("No modules are installed. Run scripts/run once; it installs them.")
    for row in rows:
        use = "in use" if row["enabled"] else "switched off"
        click.echo(f"{row['id']:<20} {row['title']} {row['version']}, {use}")
        if row["reason"]:
            click.echo(f"{'':<20} {row['reason']}")


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def modules(context: click.Context, as_json: bool) -> None:
    """List, enable and disable modules."""
    if context.invoked_subcommand is None:
        with open_platform() as platform:
            _show([_row(status) for status in platform.apps.list()], as_json=as_json)


@modules.command("list")
@json_option
def list_modules(as_json: bool) -> None:
    """List the installed modules."""
    with open_platform() as platform:
        _show([_row(status) for status in platform.apps.list()], as_json=as_json)


@modules.command()
@click.argument("module_id")
@json_option
def enable(module_id: str, as_json: bool) -> None:
    """Let the household use a module; its data was kept."""
    with open_platform() as platform:
        status = platform.apps.enable(module_id)
        platform.audit.record("module.enabled", actor=None, target=module_id, detail={"by": "command line"})
        platform.bus.publish(ModuleSwitched(module_id=module_id))
    _show([_row(status)], as_json=as_json)


@modules.command()
@click.argument("module_id")
@json_option
def disable(module_id: str, as_json: bool) -> None:
    """Switch a module off for everybody; its data stays."""
    with open_platform() as platform:
        status = platform.apps.disable(module_id)
        platform.audit.record("module.disabled", actor=None, target=module_id, detail={"by": "command line"})
        platform.bus.publish(ModuleSwitched(module_id=module_id))
    _show([_row(status)], as_json=as_json)
