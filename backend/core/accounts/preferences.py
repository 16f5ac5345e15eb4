"""A person's choices: known keys with known values, stored in their private space."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from backend.core.accounts.access import actor_of_user
from backend.core.accounts.context import AccountsContext, UnscopedSession, user_of
from backend.core.accounts.errors import PreferenceInvalid
from backend.core.accounts.events import PreferencesChanged
from backend.core.accounts.models import UserPreferences
from backend.sdk.actor import Actor
from backend.sdk.db import OwnedSession
from backend.sdk.errors import FieldProblem


class Notifications(BaseModel):
    """What the person wants to be told about."""

    model_config = ConfigDict(extra="forbid")

    job_done: bool = True
    job_failed: bool = True
    new_device: bool = True
    shared_with_me: bool = True
    backup_failed: bool = True
    quiet_from: int | None = Field(None, ge=0, le=23)
    quiet_until: int | None = Field(None, ge=0, le=23)


class Preferences(BaseModel):
    """All preferences with their defaults; what is not listed here is refused."""

    model_config = ConfigDict(extra="forbid")

    language: str = Field("en", pattern=r"^[a-z]{2}(-[A-Z]{2})?$", description="Like en or de-AT.")
    theme: Literal["system", "light", "dark"] = "system"
    text_size: Literal["small", "normal", "large", "huge"] = "normal"
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
        return self._context.db.read(self._home(actor), lambda session: _load(session, actor.user_id))

    def change(self, actor: Actor, changes: dict[str, Any]) -> Preferences:
        """Set some preferences and leave the others; raises `PreferenceInvalid` that names each bad one."""
        home = self._home(actor)

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

    def _home(self, actor: Actor) -> Actor:
        """Return the person acting in their private space only, whatever space they work in now."""

        def work(session: UnscopedSession) -> Actor:
            return actor_of_user(session, user_of(session, actor.user_id))

        person = self._context.read("private space", work)
        return person.only_in(person.owner_id)


def _row(session: OwnedSession, user_id: str) -> UserPreferences | None:
    from sqlalchemy import select

    return session.scalars(select(UserPreferences).where(UserPreferences.id == user_id)).first()


def _load(session: OwnedSession, user_id: str) -> Preferences:
    row = _row(session, user_id)
    if row is None:
        return Preferences()
    # A key that a newer Homie stored, or an older one allowed, must not shut the person out: unknown is dropped.
    known = {key: value for key, value in row.choices.items() if key in Preferences.model_fields}
    try:
        return Preferences.model_validate(known)
    except ValidationError:
        return Preferences()


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
