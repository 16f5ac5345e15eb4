"""Import every table of core, so that `CoreBase.metadata` is complete for migrations and backups."""

from __future__ import annotations

import backend.core.accounts.audit_guards
import backend.core.accounts.models  # noqa: F401
from backend.core.models import CoreBase

__all__ = ["CoreBase"]
