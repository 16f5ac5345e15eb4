"""The tables of the AI service, in core's database.

Settings, keys and what was learned about a provider belong to the household; agreements, cached answers, the
ledger and the payload log belong to a space.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.models import CoreBase
from backend.sdk.db import Owned, owned_fk


class AiSetting(CoreBase):
    """Hold the household's AI settings as one row (`id` is "household")."""

    __tablename__ = "ai_settings"
    __unowned__ = "one row for the whole household, written by admins only"
    __shared__ = True

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    value: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]


class AiKey(CoreBase):
    """Hold one provider's key, sealed with the master key; `hint` is a keyed fingerprint, not part of the key."""

    __tablename__ = "ai_keys"
    __unowned__ = "one key per provider for the whole household, never returned by any operation"

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    sealed: Mapped[str] = mapped_column(sa.Text)
    fingerprint: Mapped[str] = mapped_column(sa.String(32))
    updated_at: Mapped[datetime]


class AiProviderState(CoreBase):
    """Remember what was learned about a provider: its model, its abilities, a key that it refused."""

    __tablename__ = "ai_provider_states"
    __unowned__ = "facts about a provider of the household, no personal content"
    __shared__ = True

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    endpoint: Mapped[str] = mapped_column(sa.String(500), default="")
    model: Mapped[str | None] = mapped_column(sa.String(200))
    plain_json: Mapped[bool] = mapped_column(default=False)
    refused_fingerprint: Mapped[str | None] = mapped_column(sa.String(32))
    updated_at: Mapped[datetime]


class AiOptIn(Owned, CoreBase):
    """Say that a space agreed to let one module ask a provider."""

    __tablename__ = "ai_opt_ins"
    __table_args__ = (sa.UniqueConstraint("owner_id", "module"),)

    module: Mapped[str] = mapped_column(sa.String(64))
    enabled: Mapped[bool]
    changed_by: Mapped[str] = mapped_column(sa.String(36))
    changed_at: Mapped[datetime]


class AiCacheEntry(Owned, CoreBase):
    """Keep a checked answer (aliases instead of ids, redacted) under the hash of everything that was asked."""

    __tablename__ = "ai_cache"
    __table_args__ = (sa.UniqueConstraint("owner_id", "content_hash"),)

    content_hash: Mapped[str] = mapped_column(sa.String(64))
    answer: Mapped[str] = mapped_column(sa.Text)
    model: Mapped[str] = mapped_column(sa.String(200))
    created_at: Mapped[datetime] = mapped_column(index=True)


class AiCall(Owned, CoreBase):
    """Count one call: reserved before it is sent, settled with the provider's own token counts.

    `subject`: what the module asked for, as its own address ("plans/<id>"); "" where it did not say.
    """

    __tablename__ = "ai_calls"
    __table_args__ = (sa.Index("ix_ai_calls_month", "month"),)

    module: Mapped[str] = mapped_column(sa.String(64))
    task: Mapped[str] = mapped_column(sa.String(64))
    subject: Mapped[str] = mapped_column(sa.String(120), default="", server_default="")
    provider: Mapped[str] = mapped_column(sa.String(16))
    model: Mapped[str] = mapped_column(sa.String(200))
    month: Mapped[str] = mapped_column(sa.String(7))
    outcome: Mapped[str] = mapped_column(sa.String(32))
    requests: Mapped[int] = mapped_column(default=0)
    items: Mapped[int] = mapped_column(default=0)
    input_tokens: Mapped[int] = mapped_column(default=0)
    output_tokens: Mapped[int] = mapped_column(default=0)
    cost_micro_usd: Mapped[int] = mapped_column(default=0)
    cost_known: Mapped[bool] = mapped_column(default=True)
    started_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]


class AiPayloadEntry(Owned, CoreBase):
    """Keep the exact text of one request, written before it is sent."""

    __tablename__ = "ai_payloads"
    __table_args__ = (owned_fk("call_id", "ai_calls", ondelete="CASCADE"),)

    call_id: Mapped[str] = mapped_column(sa.String(36), index=True)
    provider: Mapped[str] = mapped_column(sa.String(16))
    url: Mapped[str] = mapped_column(sa.String(500))
    body: Mapped[str] = mapped_column(sa.Text)
    sent_at: Mapped[datetime] = mapped_column(index=True)
