"""The table of small facts: the owner's own choices, by key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.financial_manager.base import Base
from backend.sdk.db import JsonDict, Owned, UtcDateTime


class ModuleData(Owned, Base):
    """The owner's own settings and small facts of the module, by key."""

    __tablename__ = "module_data"
    __table_args__ = (sa.UniqueConstraint("owner_id", "key"),)

    key: Mapped[str] = mapped_column(sa.String(60))
    value: Mapped[dict[str, Any]] = mapped_column(JsonDict(), default=dict)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime())
