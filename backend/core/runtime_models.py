"""What the runtime itself keeps: which modules are on, their settings, and the answers behind idempotency keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.models import CoreBase
from backend.sdk.db import JsonDict, Owned, UtcDateTime


class ModuleRow(CoreBase):
    """Say whether the household wants a module, and how it is set."""

    __tablename__ = "modules"
    __unowned__ = "which modules the whole household runs; an admin decides, nothing about anybody"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    enabled: Mapped[bool] = mapped_column(Boolean, default=True)
    settings: Mapped[dict[str, Any]] = mapped_column(JsonDict, default=dict)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class IdempotencyRow(Owned, CoreBase):
    """Keep one answer for a day. `id` is a hash of person, operation and key; `status` 0 means still at work."""

    __tablename__ = "idempotency_keys"

    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(Integer, default=0)
    body: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    content_type: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_idempotency_keys_age", "owner_id", "created_at"),)
