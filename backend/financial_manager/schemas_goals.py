"""Wire types of goals. Amounts in minor units."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from backend.financial_manager.schemas import LARGEST, Id, Minor
from backend.sdk.http import In, Out


class GoalIn(In):
    """Begin to save for something."""

    name: str = Field(min_length=1, max_length=120)
    target_minor: Minor = Field(ge=1, le=LARGEST)
    until: dt.date | None = Field(None, description="When it shall be there; unset: there is no hurry.")
    account_id: Id | None = Field(None, description="What this account holds counts; unset: what you put aside.")
    currency: str | None = Field(
        None, pattern="^[A-Z]{3}$", description="Unset: its account's, or the household's own."
    )
    note: str = Field("", max_length=2000)


class GoalPatch(In):
    """Change some of a goal; null for `until`: no hurry."""

    name: str | None = Field(None, min_length=1, max_length=120)
    target_minor: Minor | None = Field(None, ge=1, le=LARGEST)
    until: dt.date | None = None
    note: str | None = Field(None, max_length=2000)
    version: int | None = Field(None, ge=1, description="What you saw; refused if somebody changed it since.")


class GoalAmountIn(In):
    """Put an amount aside; negative: take it out again. No money moves."""

    amount_minor: Minor = Field(ge=-LARGEST, le=LARGEST)
    date: dt.date | None = Field(None, description="Unset: today.")
    note: str = Field("", max_length=200)


class GoalAmountOut(Out):
    """Show an amount that was put aside."""

    id: str
    date: dt.date
    amount_minor: Minor
    note: str


class GoalOut(Out):
    """Show a goal with how it stands. `words`: the same in sentences."""

    id: str
    name: str
    account_id: str | None
    currency: str
    target_minor: Minor
    until: dt.date | None
    started_on: dt.date
    note: str
    version: int
    saved_minor: Minor
    left_minor: Minor
    months_left: int | None
    per_month_minor: Minor | None = Field(description="Needed each month; null where there is no hurry.")
    planned_minor: Minor | None = Field(description="What a steady pace would have by now.")
    on_track: bool | None
    reached: bool
    words: list[str]
    amounts: list[GoalAmountOut]


class GoalsOut(Out):
    """List the goals, the most urgent first."""

    items: list[GoalOut]
