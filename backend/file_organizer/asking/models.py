"""What an owner decided about single folders: whether an AI may hear of what lies in them."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.file_organizer.base import Base
from backend.sdk.db import Owned, UtcDateTime


class AiFolderRule(Owned, Base):
    """Say for one folder and all below it what an AI may be told. `path`: text form, "" is the opened folder itself.

    `rule`: "nothing", "names" (never words from documents) or "content".
    """

    __tablename__ = "ai_folder_rules"
    __table_args__ = (sa.UniqueConstraint("owner_id", "volume_id", "path"),)

    volume_id: Mapped[str] = mapped_column(sa.String(64))
    path: Mapped[str] = mapped_column(sa.Text)
    rule: Mapped[str] = mapped_column(sa.String(16))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
