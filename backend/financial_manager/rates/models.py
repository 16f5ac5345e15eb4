"""The table of exchange rates that are newer than those shipped with Homie."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.financial_manager.base import Base
from backend.sdk.db import Owned, UtcDateTime


class FxRate(Owned, Base):
    """What one euro was worth on a day, as the ECB published it. `rate`: decimal text, units of `currency`.

    Reference data that the space asked for, not something that a person did: it stands in no record of changes.
    """

    __tablename__ = "fx_rates"
    __table_args__ = (sa.UniqueConstraint("owner_id", "currency", "day"),)

    currency: Mapped[str] = mapped_column(sa.String(3))
    day: Mapped[dt.date] = mapped_column(sa.Date())
    rate: Mapped[str] = mapped_column(sa.String(24))
    fetched_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
