"""What the app manager tells the other processes of this hub."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from backend.sdk.events import Event

HOUSEHOLD = "system"
"""The owner of events about the whole hub: no person's room, only other processes listen."""


@dataclass(frozen=True, kw_only=True)
class ModuleSwitched(Event):
    """An admin enabled or disabled a module in another process (the command line, another server)."""

    name: ClassVar[str] = "modules.switched"
    owner_id: str = HOUSEHOLD
    module_id: str


@dataclass(frozen=True, kw_only=True)
class ModuleStateChanged(Event):
    """A module of this server started, stopped or failed; `failed` when somebody has to look at it."""

    name: ClassVar[str] = "modules.state_changed"
    owner_id: str = HOUSEHOLD
    module_id: str
    title: str
    state: str
    reason: str = ""
    failed: bool = False


@dataclass(frozen=True, kw_only=True)
class ResidentWanted(Event):
    """A module said, in whatever process, whether its resident is to run."""

    name: ClassVar[str] = "modules.resident_wanted"
    owner_id: str = HOUSEHOLD
    module_id: str


@dataclass(frozen=True, kw_only=True)
class ModulesChanged(Event):
    """The same, told to one person's clients."""

    name: ClassVar[str] = "modules.changed"
    module_id: str
    state: str
