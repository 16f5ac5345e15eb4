"""The table of rules. What a rule says is kept as the JSON of `definition.RuleBody`, checked whenever it is read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.file_organizer.base import Base
from backend.sdk.db import JsonDict, Owned, UtcDateTime


class Rule(Owned, Base):
    """One rule of a household. The rule with the lowest `position` that fits a file decides.

    `deleted_at`: set when a person deletes it; until it is cleared away it can be brought back. `version` grows with
    each edit.
    """

    __tablename__ = "rules"
    __table_args__ = (sa.Index(None, "owner_id", "position"),)

    name: Mapped[str] = mapped_column(sa.String(120))
    enabled: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)
    body: Mapped[dict[str, Any]] = mapped_column(JsonDict(), default=dict)
    user_id: Mapped[str] = mapped_column(sa.String(36))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime())
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), default=None)
