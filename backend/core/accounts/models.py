"""The tables of people, spaces, devices and keys in `homie_users.db`.

`users`, `user_preferences` and `security_audit` carry the names of the user's own document. Preferences and granted
folders belong to a space and are owned rows like any module's. The rest says who may be let in at all: it is read
before there is an actor, only by this package, through `db.unscoped(...)`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.models import CoreBase
from backend.sdk.db import JsonDict, Owned, UtcDateTime

_ID = String(36)


class Identity(CoreBase):
    """Be the parent of the tables that say who may be let in."""

    __abstract__ = True
    __unowned__ = "who may be let in is decided before there is an actor; only core/accounts reads these tables"


class User(Identity):
    """One person. `name_key` is the name as it is compared (NFKC, case folded); `password` carries its scheme."""

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    name_key: Mapped[str] = mapped_column(String(128), unique=True)
    display_name: Mapped[str] = mapped_column(String(120))
    password: Mapped[str] = mapped_column(String(200))
    password_changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_admin: Mapped[bool] = mapped_column(Boolean, default=False)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    private_space_id: Mapped[str] = mapped_column(_ID, ForeignKey("spaces.id"), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_login_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Space(Identity):
    """One owner of rows: a person's private space, or a household that people were invited to. `id` is the owner id."""

    __tablename__ = "spaces"

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Membership(Identity):
    """One person in one space, as `owner` (may invite and remove) or `member`."""

    __tablename__ = "memberships"

    user_id: Mapped[str] = mapped_column(_ID, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    space_id: Mapped[str] = mapped_column(_ID, ForeignKey("spaces.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(16))
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_memberships_space", "space_id"),)


class LoginSession(Identity):
    """One device that is logged in: also the family of its tokens. `reauthenticated_at` carries sudo mode."""

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    user_id: Mapped[str] = mapped_column(_ID, ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(8))
    user_agent: Mapped[str] = mapped_column(String(300))
    ip: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reauthenticated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_why: Mapped[str | None] = mapped_column(String(40))

    __table_args__ = (Index("ix_sessions_user", "user_id", "revoked_at"),)


class Token(Identity):
    """One access or refresh token, known only by its SHA-256. `spent_at` is set when a refresh token was rotated."""

    __tablename__ = "tokens"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    session_id: Mapped[str] = mapped_column(_ID, ForeignKey("sessions.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(8))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    spent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_tokens_session", "session_id"), Index("ix_tokens_expiry", "expires_at"))


class Invitation(Identity):
    """A one-time code, known only by its SHA-256: to a new account, into a space, or to a new password."""

    __tablename__ = "invitations"

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(16))
    space_id: Mapped[str | None] = mapped_column(_ID, ForeignKey("spaces.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(16))
    user_id: Mapped[str | None] = mapped_column(_ID, ForeignKey("users.id", ondelete="CASCADE"))
    note: Mapped[str] = mapped_column(String(120))
    created_by: Mapped[str | None] = mapped_column(_ID, ForeignKey("users.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SecondFactor(Identity):
    """One person's TOTP secret, sealed with the master key. `last_counter` refuses to accept one code twice."""

    __tablename__ = "second_factors"

    user_id: Mapped[str] = mapped_column(_ID, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str] = mapped_column(String(300))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_counter: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RecoveryCode(Identity):
    """One single-use way in when the phone is lost, known only by its hash."""

    __tablename__ = "recovery_codes"

    user_id: Mapped[str] = mapped_column(_ID, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LoginThrottle(Identity):
    """Failures counted under one key (an account or an address, as a keyed hash) and the moment of the next try."""

    __tablename__ = "login_throttle"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    failures: Mapped[int]
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Installation(Identity):
    """A fact about this installation that can become true only once; its primary key decides every race."""

    __tablename__ = "installation"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class SecurityAudit(Identity):
    """One entry of the security log; see `audit.py` for the chain and for what may be in it.

    `detail` (JSON text) and `salt` may become NULL when the person is erased; nothing else ever changes.
    """

    __tablename__ = "security_audit"
    __unowned__ = "one hash chain runs through the entries of all owners"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[str | None] = mapped_column(_ID)
    owner_id: Mapped[str | None] = mapped_column(_ID)
    action: Mapped[str] = mapped_column(String(80))
    target: Mapped[str] = mapped_column(String(200))
    detail: Mapped[str | None] = mapped_column(Text)
    salt: Mapped[str | None] = mapped_column(String(32))
    detail_hash: Mapped[str] = mapped_column(String(64))
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        Index("ix_security_audit_actor", "actor_id", "seq"),
        Index("ix_security_audit_owner", "owner_id", "seq"),
    )


class SecurityAuditHead(Identity):
    """The end of the chain, signed with a key outside of the database: a log that was cut does not pass for whole."""

    __tablename__ = "security_audit_head"
    __unowned__ = "one hash chain runs through the entries of all owners"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
    mac: Mapped[str] = mapped_column(String(64))


class UserPreferences(Owned, CoreBase):
    """One person's choices, in their private space; `id` is the user's id."""

    __tablename__ = "user_preferences"

    choices: Mapped[dict[str, Any]] = mapped_column(JsonDict)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AllowedRootRow(Owned, CoreBase):
    """A folder that an administrator granted to a space; nothing outside of these folders is ever touched.

    `volume_id` is the id in the folder's marker file, so that an unplugged drive is told from an emptied folder.
    """

    __tablename__ = "allowed_roots"

    path: Mapped[str] = mapped_column(Text)
    volume_id: Mapped[str] = mapped_column(String(64))
    label: Mapped[str] = mapped_column(String(120))
    purpose: Mapped[str] = mapped_column(String(40))
    writable: Mapped[bool] = mapped_column(Boolean, default=True)
    granted_by: Mapped[str | None] = mapped_column(_ID)
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("owner_id", "path"),)
