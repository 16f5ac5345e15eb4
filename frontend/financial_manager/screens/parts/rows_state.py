"""What stands for the rows of a list that lies below other things, while there are none."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.kit import body, error_state, loading_state
from frontend.providers.paged import Paged


def rows_state(found: Paged[Any], nothing: str) -> list[ft.Control]:
    """Return that the rows are asked for, why they are not there, or `nothing` in words; empty where there are some."""
    if not found.loaded:
        failed = found.error if found.state != "loading" else None
        return [error_state(failed, found.load) if failed is not None else loading_state(2)]
    return [body(nothing, muted=True)] if not found.items else []
