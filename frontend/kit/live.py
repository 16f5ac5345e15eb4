"""One small component per live value: progress that ticks renders itself and nothing around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from frontend.kit.context import use_provider


@ft.component
def Live(source: Any, build: Callable[[Any], ft.Control]) -> ft.Control:
    """Show `build(source)` and render it again, alone, whenever the observable `source` changes."""
    return build(use_provider(source))
