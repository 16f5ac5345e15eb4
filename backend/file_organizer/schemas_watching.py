"""What the API of watched folders reads and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from backend.sdk.files import VolumePath
from backend.sdk.http import In, Out

Mode = Literal["suggest", "file"]
_MODE = "`suggest`: suggestions wait for a person. `file`: Homie files what memory is sure of by itself."
_THRESHOLD = "How sure memory must be before Homie files by itself, from 0.5 to 1."
_SETTLE = "Seconds that a file must be left alone before it is looked at."
_LIMIT = "How many files Homie may file by itself in one day; more of them wait."


class WatchedIn(In):
    """Begin to watch a folder."""

    path: str = Field(min_length=1, max_length=16384, description="Full path of a folder that is open for you.")
    mode: Mode = Field("suggest", description=_MODE)
    threshold: float = Field(0.9, ge=0.5, le=1.0, description=_THRESHOLD)
    settle_seconds: int = Field(30, ge=0, le=86_400, description=_SETTLE)
    daily_limit: int = Field(100, ge=1, le=10_000, description=_LIMIT)


class WatchedPatch(In):
    """Change how a folder is watched; what is left out stays."""

    mode: Mode | None = Field(None, description=_MODE)
    threshold: float | None = Field(None, ge=0.5, le=1.0, description=_THRESHOLD)
    settle_seconds: int | None = Field(None, ge=0, le=86_400, description=_SETTLE)
    daily_limit: int | None = Field(None, ge=1, le=10_000, description=_LIMIT)
    paused: bool | None = Field(None, description="Watch, but do nothing, until this is false again.")


class WatchedOut(Out):
    """Show a watched folder."""

    id: str
    owner_id: str
    place: VolumePath
    name: str
    path: str = Field(description="Full path, for people; where it was last, if its drive is away.")
    mode: Mode
    threshold: float
    settle_seconds: int
    daily_limit: int
    paused: bool
    state: Literal["starting", "watching", "checking", "limit", "away", "gone", "paused"] = Field(
        description="`checking`: a network drive, looked at once a minute. `limit`: so too, for Linux watches no more."
    )
    settling: int = Field(description="New things that are still too young, or being written.")
    waiting: int = Field(description="Suggestions that wait for a person.")
    plan_id: str | None = Field(description="The plan in which they wait.")
    filed_today: int = Field(description="Files that Homie filed by itself today.")
    held_back: int = Field(description="Files that it was sure about and left, because of the daily limit.")
    tended_at: datetime | None = Field(description="When it was looked through last.")
    active_at: datetime | None = Field(description="When something new was last in it.")


class DigestIn(In):
    """Say when the daily digest is told."""

    hour: int | None = Field(ge=0, le=23, description="Hour of the day; null: never.")
    time_zone: str = Field("UTC", min_length=1, max_length=64, description="Whose hours are meant, like Europe/Vienna.")


class DigestOut(Out):
    """When the daily digest is told."""

    hour: int | None
    time_zone: str


class WatchedListOut(Out):
    """All watched folders, and when the daily digest is told."""

    items: list[WatchedOut]
    digest_hour: int | None
    time_zone: str
    indexed_files: int = Field(description="Files of your folders that can be found by name.")
