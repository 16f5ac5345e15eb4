"""What is known about the installed modules: their declarations, what an admin chose, and their state just now."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

import structlog

from backend.core.runtime_models import ModuleRow
from backend.sdk.clock import Clock
from backend.sdk.db import Database
from backend.sdk.errors import Unavailable
from backend.sdk.module import SDK_VERSION, ModuleSpec, ModuleState

if TYPE_CHECKING:
    from backend.sdk.db import UnscopedSession
    from backend.sdk.module import ModuleApp

ENTRY_POINTS = "homie.modules"

log = structlog.get_logger(__name__)


class ModuleStopped(Unavailable):
    """The module is not running now; `code` says why (module_stopped, module_disabled, module_failed, ...)."""

    code, message = "module_stopped", "This part of Homie is stopped."


@dataclass(frozen=True, slots=True)
class ModuleStatus:
    """Show one module. `reason` is a sentence for people, without details of any exception."""

    id: str
    title: str
    version: str
    description: str
    icon: str
    state: ModuleState
    reason: str
    enabled: bool
    recoverable: bool
    since: datetime
    navigation: tuple[str, ...] = ()


@dataclass(slots=True)
class ModuleRecord:
    """Hold one module of this process; only the app manager changes it, under `lock`."""

    id: str
    spec: ModuleSpec | None
    since: datetime
    state: ModuleState = ModuleState.NOT_LOADED
    reason: str = ""
    enabled: bool = True
    held: bool = False
    """An admin stopped it: it stays stopped until somebody starts it on purpose."""
    misfit: bool = False
    """What is installed does not fit this Homie: only another version of it helps."""
    chosen_at: datetime | None = None
    """When an admin last chose something about it, as far as this process knows (workers and the command line)."""
    kept_still: bool = False
    """Its data is being exchanged: nobody may start it."""
    app: ModuleApp | None = None
    wsgi: Any = None
    db: Database | None = None
    release: Callable[[], None] | None = None
    attempts: int = 0
    retry: threading.Event | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)

    def status(self) -> ModuleStatus:
        """Return what is shown."""
        spec = self.spec
        return ModuleStatus(
            id=self.id,
            title=spec.title if spec else self.id,
            version=spec.version if spec else "",
            description=spec.description if spec else "",
            icon=spec.icon if spec else "extension",
            state=self.state,
            reason=self.reason,
            enabled=self.enabled,
            recoverable=self.state.recoverable,
            since=self.since,
            navigation=spec.navigation if spec else (),
        )


@dataclass(frozen=True, slots=True)
class Discovered:
    """Name one installed module; `spec` is None when even its declaration cannot be loaded."""

    id: str
    spec: ModuleSpec | None
    problem: str = ""


def discover(only: Iterable[str] | None = None) -> list[Discovered]:
    """Return the installed modules (entry points `homie.modules`), limited to `only`; a broken one is reported."""
    wanted = None if only is None else set(only)
    found: dict[str, Discovered] = {}
    for entry in sorted(entry_points(group=ENTRY_POINTS), key=lambda entry: entry.name):
        if entry.name in found or (wanted is not None and entry.name not in wanted):
            continue
        try:
            spec = entry.load()
            found[entry.name] = _checked(entry.name, spec)
        except Exception:
            log.exception("a module's declaration cannot be loaded", module=entry.name)
            found[entry.name] = Discovered(entry.name, None, "Its declaration cannot be loaded. See the log.")
    return list(found.values())


def _checked(name: str, spec: Any) -> Discovered:
    if not isinstance(spec, ModuleSpec) or spec.id != name:
        return Discovered(name, None, "Its entry point does not name a module declaration of the same id.")
    if not in_range(SDK_VERSION, spec.sdk_range):
        return Discovered(name, spec, f"Needs an update: it was made for SDK {spec.sdk_range}, here is {SDK_VERSION}.")
    return Discovered(name, spec)


def in_range(version: str, wanted: str) -> bool:
    """Tell whether a version such as "1.0" fits a range such as ">=1.0,<2"."""
    have = _numbers(version)
    tests = {
        ">=": lambda a, b: a >= b,
        "<=": lambda a, b: a <= b,
        "==": lambda a, b: a == b,
        ">": lambda a, b: a > b,
        "<": lambda a, b: a < b,
    }
    for part in filter(None, (part.strip() for part in wanted.split(","))):
        sign = next((sign for sign in tests if part.startswith(sign)), None)
        if sign is None or not tests[sign](have, _numbers(part[len(sign) :])):
            return False
    return True


def _numbers(version: str) -> tuple[int, int, int]:
    parts = [int(part) if part.isdecimal() else -1 for part in version.strip().split(".")][:3]
    padded = [*parts, 0, 0, 0][:3]
    return (padded[0], padded[1], padded[2])


def load_object(path: str) -> Any:
    """Return what "package.module:name" names."""
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(module), name)


class ModuleStore:
    """Keep what an admin chose for each module."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def enabled(self) -> dict[str, bool]:
        """Return the choices made so far."""

        def look(session: UnscopedSession) -> dict[str, bool]:
            return {row.id: row.enabled for row in session.query(ModuleRow)}

        return self._db.unscoped("which modules are enabled", look)

    def choice(self, module_id: str) -> tuple[bool, datetime | None]:
        """Return whether the household wants a module, and when an admin last chose anything about it."""

        def look(session: UnscopedSession) -> tuple[bool, datetime | None]:
            row = session.get(ModuleRow, module_id)
            return (row.enabled, row.changed_at) if row else (True, None)

        return self._db.unscoped("what an admin chose for a module", look)

    def settings(self, module_id: str) -> dict[str, Any]:
        """Return a module's stored settings."""

        def look(session: UnscopedSession) -> dict[str, Any]:
            row = session.get(ModuleRow, module_id)
            return dict(row.settings) if row else {}

        return self._db.unscoped("settings of a module", look)

    def set_enabled(self, module_id: str, enabled: bool) -> None:
        """Store whether the household wants the module."""
        self._change(module_id, enabled=enabled)

    def set_settings(self, module_id: str, settings: Mapping[str, Any]) -> None:
        """Store a module's settings."""
        self._change(module_id, settings=dict(settings))

    def _change(self, module_id: str, **values: Any) -> None:
        def change(session: UnscopedSession) -> None:
            row = session.get(ModuleRow, module_id)
            if row is None:
                row = ModuleRow(id=module_id, enabled=True, settings={})
                session.add(row)
            row.changed_at = self._clock.now()
            for name, value in values.items():
                setattr(row, name, value)

        self._db.unscoped("an admin's choice about a module", change, write=True)
