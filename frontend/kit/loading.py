"""How far loading is that one screen does for itself, beside what its providers load."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.kit.context import use_provider
from frontend.providers.base import Loading


def use_loading() -> Loading:
    """Return this component's own state of loading: `await loading.loading(work)`, shown by `state_of`."""
    held: Any = ft.use_ref(None)
    if held.current is None:
        held.current = Loading()
    found: Loading = held.current
    return use_provider(found)
