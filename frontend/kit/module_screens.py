"""What a module brings to the app. The shell finds it by the entry-point group `homie.screens` and names no module."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class AppRoute:
    """One screen: `path` below the module (or from the root for core), with `:name` for parameters."""

    path: str
    component: Callable[..., Any]
    alone: bool = False
    """Shown without the navigation around it: one purpose, and its own way out."""


@dataclass(frozen=True)
class QuickAction:
    """One thing to do from Home: `title` is a function because it is translated when it is shown."""

    title: Callable[[], str]
    icon: Any
    route: str


@dataclass(frozen=True)
class ModuleScreens:
    """Describe a module's part of the app. `module_id` is the hub's; routes lie below `/<module_id>`."""

    module_id: str
    title: Callable[[], str]
    icon: Any
    selected_icon: Any
    routes: Sequence[AppRoute]
    quick_actions: Sequence[QuickAction] = field(default_factory=tuple)
    job_names: Mapping[str, Callable[[], str]] = field(default_factory=dict)
    """What each kind of the module's work is called ("file_organizer.scan_folder"), translated when it is shown."""

    @property
    def root(self) -> str:
        """Return the route of the module's first screen."""
        return f"/{self.module_id}"
