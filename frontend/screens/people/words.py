"""The words and pictures of spaces, shared by the screens of this folder."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import SpaceOut
from frontend.i18n import tr


def space_name(space: SpaceOut) -> str:
    """Return what a space is called; one's own private one has no name of its own."""
    return tr("Only me") if space["kind"] == "private" else space["name"]


def space_icon(space: SpaceOut) -> Any:
    """Return the picture of a space."""
    return ft.Icons.PERSON_OUTLINE if space["kind"] == "private" else ft.Icons.GROUPS_OUTLINED


def role_name(role: str) -> str:
    """Return what a member may do, in a word."""
    return tr("Looks after it") if role == "owner" else tr("Member")
