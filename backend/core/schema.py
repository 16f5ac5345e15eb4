"""Import every table of core, so that `CoreBase.metadata` is complete for migrations and backups."""

from __future__ import annotations

from backend.core.models import CoreBase

__all__ = ["CoreBase"]
