"""The table of budgets."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.financial_manager.base import Base
from backend.sdk.db import Owned, owned_fk


class Budget(Owned, Base):
    """What a category may cost in each month from `since` on, until the next one of the same `BudgetKey`.

    `person_id`: whose spending it counts, "" where everybody's; `person_name`: how they were shown when it was set, for
    the time after they left. `since`: the first day of a month. `rollover`: what is left of such a month, or was
    overspent, counts in the next, whatever holds there. `ended`: from `since` on there is no budget any more.
    """

    __tablename__ = "budgets"
    __table_args__ = (
        owned_fk("category_id", "categories"),
        sa.UniqueConstraint("owner_id", "category_id", "currency", "person_id", "since"),
    )

    category_id: Mapped[str] = mapped_column(sa.String(36))
    currency: Mapped[str] = mapped_column(sa.String(3))
    person_id: Mapped[str] = mapped_column(sa.String(36), default="", server_default="")
    person_name: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    since: Mapped[dt.date] = mapped_column(sa.Date())
    amount_minor: Mapped[int]
    rollover: Mapped[bool] = mapped_column(default=False)
    ended: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
