"""Tables of goals. Money is integer minor units of the goal's currency."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.financial_manager.base import Base
from backend.sdk.db import Owned, UtcDateTime, owned_fk


class Goal(Owned, Base):
    """Something that is saved for. `account_id`: what that account holds counts; None: the amounts put aside count.

    `until`: None where there is no hurry. `started_on`, `start_minor`: from where the plan counts.
    """

    __tablename__ = "goals"
    __table_args__ = (
        owned_fk("account_id", "user_accounts"),
        sa.Index("ix_goals_owner_id_account_id", "owner_id", "account_id"),
    )

    name: Mapped[str] = mapped_column(sa.String(120))
    account_id: Mapped[str | None] = mapped_column(sa.String(36), default=None)
    currency: Mapped[str] = mapped_column(sa.String(3))
    target_minor: Mapped[int]
    until: Mapped[dt.date | None] = mapped_column(sa.Date(), default=None)
    started_on: Mapped[dt.date] = mapped_column(sa.Date())
    start_minor: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())


class GoalAmount(Owned, Base):
    """An amount put aside for a goal on a day; negative: taken out again."""

    __tablename__ = "goal_amounts"
    __table_args__ = (
        owned_fk("goal_id", "goals"),
        sa.Index("ix_goal_amounts_owner_id_goal_id", "owner_id", "goal_id"),
    )

    goal_id: Mapped[str] = mapped_column(sa.String(36))
    date: Mapped[dt.date] = mapped_column(sa.Date())
    amount_minor: Mapped[int]
    note: Mapped[str] = mapped_column(sa.String(200), default="")
