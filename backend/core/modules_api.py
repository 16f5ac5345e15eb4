"""API of modules: what is installed, how it is, and for admins start, stop, enable, disable and settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from pydantic import Field

from backend.core.app_manager import AppManager
from backend.core.module_records import ModuleStatus
from backend.sdk.actor import Actor
from backend.sdk.http import Group, In, Out, current_actor
from backend.sdk.module import ModuleState


class AuditTrail(Protocol):
    """Record what an admin did (`core/accounts/audit.py`)."""

    def record(self, action: str, *, actor: Actor, target: str = "", detail: Mapping[str, Any] = ...) -> Any:
        """Append one entry."""
        ...


class ModulePath(In):
    """Name a module."""

    module_id: str = Field(min_length=1, max_length=60, pattern=r"^[a-z][a-z0-9_]*$")


class ModuleOut(Out):
    """Show one module."""

    id: str
    title: str
    version: str
    description: str
    icon: str
    state: ModuleState
    reason: str = Field(description="Why it is in this state, in plain words.")
    enabled: bool
    recoverable: bool
    since: datetime
    navigation: list[str]


class HealthOut(Out):
    """Say how a module is."""

    ok: bool
    problems: list[str]
    facts: dict[str, Any]


class ModuleDetailOut(ModuleOut):
    """Show one module with its health."""

    health: HealthOut


class ModuleListOut(Out):
    """List the installed modules."""

    items: list[ModuleOut]


class ModuleSettingsIn(In):
    """Hold new settings of a module; which names exist is told by `schema` of the present ones."""

    values: dict[str, Any] = Field(max_length=100)


class ModuleSettingsOut(Out):
    """Show a module's settings with the JSON schema that they follow."""

    values: dict[str, Any]
    json_schema: dict[str, Any]


def modules_group(apps: AppManager, audit: AuditTrail) -> Group:
    """Return the operations on modules."""
    group = Group("modules", url_prefix="/modules", tag="Modules")

    @group.get("", returns=ModuleListOut)
    def list_modules() -> ModuleListOut:
        """List the installed modules and their state."""
        return ModuleListOut(items=[_shown(status) for status in apps.list()])

    @group.get("/<module_id>", returns=ModuleDetailOut, errors=[404])
    def get_module(path: ModulePath) -> ModuleDetailOut:
        """Show one module and how it is."""
        status, health = apps.status(path.module_id), apps.health(path.module_id)
        shown = HealthOut(ok=health.ok, problems=list(health.problems), facts=dict(health.facts))
        return ModuleDetailOut(**_shown(status).model_dump(), health=shown)

    def change(name: str, about: str, act: Callable[[str], ModuleStatus]) -> None:
        def operation(path: ModulePath) -> ModuleOut:
            status = act(path.module_id)
            audit.record(
                f"modules.{name}", actor=current_actor(), target=path.module_id, detail={"state": status.state}
            )
            return _shown(status)

        operation.__name__, operation.__doc__ = f"{name}_module", about
        group.post(f"/<module_id>/{name}", returns=ModuleOut, status=200, auth="admin", errors=[404, 503])(operation)

    change("start", "Start a module now, also after a failure.", apps.start)
    change("stop", "Stop a module until it is started again.", apps.stop)
    change("enable", "Let the household use a module; it starts on first use.", apps.enable)
    change("disable", "Switch a module off for everybody; its data stays.", apps.disable)

    @group.get("/<module_id>/settings", returns=ModuleSettingsOut, auth="admin", errors=[404])
    def get_settings(path: ModulePath) -> ModuleSettingsOut:
        """Show a module's settings."""
        values, schema = apps.settings(path.module_id)
        return ModuleSettingsOut(values=values, json_schema=schema)

    @group.put("/<module_id>/settings", returns=ModuleSettingsOut, auth="admin", errors=[404])
    def put_settings(path: ModulePath, body: ModuleSettingsIn) -> ModuleSettingsOut:
        """Change a module's settings; a running module restarts to take them up."""
        apps.set_settings(path.module_id, body.values)
        names = sorted(body.values)
        audit.record("modules.settings", actor=current_actor(), target=path.module_id, detail={"names": names})
        values, schema = apps.settings(path.module_id)
        return ModuleSettingsOut(values=values, json_schema=schema)

    return group


def _shown(status: ModuleStatus) -> ModuleOut:
    return ModuleOut.model_validate(status)
