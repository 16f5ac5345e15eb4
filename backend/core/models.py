"""The declarative base of core's own database (`homie_users.db`): accounts, audit, settings, module states."""

from __future__ import annotations

from backend.sdk.db import ModuleBase


class CoreBase(ModuleBase, module="core"):
    """Be the base of every table of core."""
