"""Give a component a key: another key makes another component, with state of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import flet as ft


def keyed(component: Callable[..., Any], key: str, *args: Any, **options: Any) -> ft.Control:
    """Return `component(*args)` under `key`. Flet takes the key from the call, which its types do not know."""
    return cast("ft.Control", component(*args, **options, key=key))
