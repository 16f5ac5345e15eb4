"""Read what the address of the present place carries behind its question mark."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import flet as ft


def query_value(name: str) -> str:
    """Return a value of the address (`?name=value`), or nothing."""
    found = parse_qs(urlsplit(ft.context.page.route or "").query).get(name)
    return found[0] if found else ""
