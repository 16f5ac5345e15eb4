"""The declarative base of core's own database (`homie_users.db`): accounts, audit, settings, module states."""

from __future__ import annotations

from backend.sdk.db import make_base

CoreBase = make_base("core")
