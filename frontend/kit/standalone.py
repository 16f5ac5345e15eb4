"""Components in dialogs that code opens: outside of a rendering there is nothing that they could belong to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import flet as ft
from flet.components.component import Renderer


def standalone(component: Callable[..., Any], *args: Any, **options: Any) -> ft.Control:
    """Return `component(*args)` for a dialog. It renders itself; what a screen's context holds must be given to it."""
    return cast("ft.Control", Renderer().render(component, *args, **options))  # type: ignore[no-untyped-call]
