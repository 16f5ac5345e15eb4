"""The table of statement inboxes."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.financial_manager.base import Base
from backend.sdk.db import Owned, UtcDateTime


class StatementInbox(Owned, Base):
    """A folder in which statements are looked for, with those below it. `path` is in its text form."""

    __tablename__ = "statement_inboxes"
    __table_args__ = (sa.UniqueConstraint("owner_id", "volume_id", "path"),)

    volume_id: Mapped[str] = mapped_column(sa.String(64))
    path: Mapped[str] = mapped_column(sa.Text)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
