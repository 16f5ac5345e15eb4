"""The daily digest: what Homie filed by itself, and what waits, told once a day at the hour that the owner chose."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select

from backend.file_organizer.events import DigestReady
from backend.file_organizer.memory.models import ModuleData
from backend.file_organizer.settings import OwnerSettings
from backend.file_organizer.watching.models import WatchedFolder
from backend.file_organizer.watching.watched_folders import _waiting
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession

_KEY = "digest"


def digest_due(db: Database, actor: Actor, settings: OwnerSettings, now: datetime) -> str | None:
    """Return the day (ISO) whose digest is due and was not sent yet, None if there is none."""
    if settings.digest_hour is None:
        return None
    local = now.astimezone(_zone(settings.time_zone))
    if local.hour < settings.digest_hour:
        return None
    day = local.date().isoformat()
    return day if db.read(actor, _last_day) != day else None


def send_digest(session: OwnedSession, day: str, now: datetime) -> bool:
    """Tell what was filed since the last digest and what waits; once a day, and only if there is something to tell."""
    owner = session.actor.owner_id
    row = _row(session)
    if row is not None and row.value.get("day") == day:
        return False
    last = row.updated_at if row is not None else None
    if row is None:
        row = ModuleData(key=_KEY, value={}, updated_at=now)
        session.add(row)
    row.value, row.updated_at = {"day": day}, now
    folders = [one for one in session.scalars(select(WatchedFolder)) if one.owner_id == owner]
    counts = _waiting(session)
    filed = sum(one.filed_since for one in folders)
    waiting = sum(counts.get(one.id, 0) for one in folders)
    active = any(one.active_at is not None and (last is None or one.active_at > last) for one in folders)
    for one in folders:
        one.filed_since = 0
    if not active or not (filed or waiting):
        return False
    session.emit(DigestReady(owner_id=owner, filed=filed, waiting=waiting, day=day))
    return True


def is_zone(name: str) -> bool:
    """Tell whether a time zone of that name is known here."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _zone(name: str) -> Any:
    return ZoneInfo(name if is_zone(name) else "UTC")


def _row(session: OwnedSession) -> ModuleData | None:
    owner = session.actor.owner_id
    rows = session.scalars(select(ModuleData).where(ModuleData.key == _KEY))
    return next((row for row in rows if row.owner_id == owner), None)


def _last_day(session: OwnedSession) -> str:
    row = _row(session)
    return str(row.value.get("day", "")) if row is not None else ""
