"""Import every table of core, so that `CoreBase.metadata` is complete for migrations and backups."""

from __future__ import annotations

import backend.core.accounts.models
import backend.core.ai.models
import backend.core.backup.models
import backend.core.notifications.models
import backend.core.runtime_models
import backend.core.transfers.models  # noqa: F401
from backend.core.models import CoreBase

__all__ = ["CoreBase"]
