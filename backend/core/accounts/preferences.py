"""A person's choices: known keys with known values, stored in their private space."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from backend.core.accounts.access import actor_of_user
from backend.core.accounts.context import AccountsContext, UnscopedSession, user_of
from backend.core.accounts.errors import PreferenceInvalid
from backend.core.accounts.events import PreferencesChanged
from backend.core.accounts.models import UserPreferences
from backend.sdk.actor import Actor
from backend.sdk.db import OwnedSession
from backend.sdk.errors import FieldProblem

_Kind = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[a-z0-9_.]+$")]


class Notifications(BaseModel):
    """What the person wants to be told about. `GET /api/v1/notifications/kinds` lists the kinds."""

    model_config = ConfigDict(extra="forbid")

    enabled: bool = Field(True, description="Whether there are notifications at all.")
    off: list[_Kind] = Field(default_factory=list, max_length=200, description="Kinds that are switched off.")
    quiet_from: int | None = Field(None, ge=0, le=23, description="Hour from which news are held back.")
    quiet_until: int | None = Field(None, ge=0, le=23, description="Hour at which they are told.")


class Preferences(BaseModel):
    """All preferences with their defaults; what is not listed here is refused."""

    model_config = ConfigDict(extra="forbid")

    language: Literal["system", "en", "de"] = Field("system", description="`system`: what the device speaks.")
    theme: Literal["dark", "light", "system"] = Field("dark", description="How the app looks.")
    text_size: float = Field(1.0, ge=0.85, le=1.6, description="Size of texts; 1 is normal.")
    reduce_motion: bool = False
    high_contrast: bool = False
    time_zone: str = Field("UTC", min_length=1, max_length=64)
    first_weekday: Literal["monday", "sunday", "saturday"] = "monday"
    default_space: str | None = Field(None, max_length=36, description="Space that new things go to.")
    start_module: str | None = Field(None, max_length=40, pattern=r"^[a-z_]+$")
    notifications: Notifications = Notifications()


class PreferenceStore:
    """Read and change one's own preferences."""

    def __init__(self, context: AccountsContext) -> None:
        self._context = context

    def get(self, actor: Actor) -> Preferences:
        """Return the person's preferences, defaults included."""
        return self._context.db.read(self.home(actor), lambda session: _load(session, actor.user_id))

    def change(self, actor: Actor, changes: dict[str, Any]) -> Preferences:
        """Set some preferences and leave the others; raises `PreferenceInvalid` that names each bad one."""
        home = self.home(actor)

        def work(session: OwnedSession) -> Preferences:
            merged = _merge(_load(session, actor.user_id).model_dump(), changes)
            chosen = _checked(merged)
            if chosen.default_space is not None and chosen.default_space not in actor.owners:
                raise _invalid("default_space", "You are in no such space.", "Choose one of your spaces.")
            row = _row(session, actor.user_id)
            if row is None:
                row = UserPreferences(id=actor.user_id, choices={}, updated_at=self._context.clock.now())
                session.add(row)
            row.choices, row.updated_at = chosen.model_dump(mode="json"), self._context.clock.now()
            session.emit(PreferencesChanged(owner_id=home.owner_id))
            return chosen

        return self._context.db.write(home, work)

    def muted(self, actor: Actor) -> frozenset[str] | None:
        """Return the kinds of notifications that the person switched off; None when they want none at all."""
        chosen = self.get(actor).notifications
        return frozenset(chosen.off) if chosen.enabled else None

    def quiet_since(self, actor: Actor) -> datetime | None:
        """Return when the person's quiet hours began, None while it is not quiet (or they have none)."""
        chosen = self.get(actor)
        hours = chosen.notifications
        if hours.quiet_from is None or hours.quiet_until is None:
            return None
        return quiet_since(hours.quiet_from, hours.quiet_until, chosen.time_zone, self._context.clock.now())

    def home(self, actor: Actor) -> Actor:
        """Return the person acting in their private space only, whatever space they work in now."""

        def work(session: UnscopedSession) -> Actor:
            return actor_of_user(session, user_of(session, actor.user_id))

        person = self._context.read("private space", work)
        return person.only_in(person.owner_id)


def quiet_since(begins: int, ends: int, zone: str, now: datetime) -> datetime | None:
    """Return when the quiet hours that hold `now` began (UTC), None outside of them; they may go over midnight."""
    local = now.astimezone(_zone(zone))
    quiet = begins <= local.hour < ends if begins <= ends else local.hour >= begins or local.hour < ends
    if not quiet:
        return None
    began = local.replace(hour=begins, minute=0, second=0, microsecond=0)
    if local.hour < begins:
        began -= timedelta(days=1)
    return began.astimezone(UTC)


def _zone(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def _row(session: OwnedSession, user_id: str) -> UserPreferences | None:
    from sqlalchemy import select

    return session.scalars(select(UserPreferences).where(UserPreferences.id == user_id)).first()


def _load(session: OwnedSession, user_id: str) -> Preferences:
    row = _row(session, user_id)
    if row is None:
        return Preferences()
    known = {key: value for key, value in row.choices.items() if key in Preferences.model_fields}
    try:
        return Preferences.model_validate(known)
    except ValidationError:
        return _what_still_counts(known)


def _what_still_counts(stored: dict[str, Any]) -> Preferences:
    """Return what is valid of a stored choice: what another version of Homie allowed must not shut anybody out."""
    kept: dict[str, Any] = {}
    for key, value in stored.items():
        try:
            Preferences.model_validate({key: value})
        except ValidationError:
            continue
        kept[key] = value
    return Preferences.model_validate(kept)


def _merge(stored: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    merged = dict(stored)
    for key, value in changes.items():
        if isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = {**merged[key], **value}
        else:
            merged[key] = value
    return merged


def _checked(values: dict[str, Any]) -> Preferences:
    try:
        chosen = Preferences.model_validate(values, strict=True)
    except ValidationError as error:
        problems = [
            FieldProblem(
                "body." + ".".join(str(part) for part in item["loc"]),
                item["msg"],
                "The API description lists what is accepted.",
            )
            for item in error.errors(include_url=False, include_input=False, include_context=False)
        ]
        raise PreferenceInvalid(fields=problems) from None
    _check_zone(chosen.time_zone)
    return chosen


def _check_zone(name: str) -> None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    if name == "UTC":
        return
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise _invalid("time_zone", "No such time zone.", "Use a name such as Europe/Vienna.") from None


def _invalid(name: str, problem: str, remedy: str) -> PreferenceInvalid:
    return PreferenceInvalid(fields=[FieldProblem(f"body.{name}", problem, remedy)])
