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
