"""Take one owner's rows out of core, or away: the part of export and erasure that only the accounts know."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy import delete, or_, select

from backend.core.accounts.context import PRIVATE, AccountsContext, UnscopedSession
from backend.core.accounts.devices import Devices
from backend.core.accounts.errors import LastAdmin
from backend.core.accounts.models import (
    AllowedRootRow,
    Installation,
    Invitation,
    LoginSession,
    Membership,
    SecurityAudit,
    Space,
    User,
    UserPreferences,
)
from backend.core.accounts.people import LOCAL_OWNER
from backend.core.notifications.models import NotificationMark
from backend.sdk.errors import NotFound


class Ownership:
    """Export and erase what core itself keeps about one space and, for a private one, about its person."""

    def __init__(self, context: AccountsContext, devices: Devices) -> None:
        self._context = context
        self._devices = devices

    def export(self, owner_id: str, dest: Path) -> None:
        """Write `accounts.json` below `dest`: the space, its people, devices, folders, preferences, log entries.

        No password hash, token, secret or code is in it.
        """
        content = self._context.read("export", self._collect, owner_id)
        dest.mkdir(parents=True, exist_ok=True, mode=0o700)
        text = json.dumps(content, ensure_ascii=False, indent=2, default=str)
        (dest / "accounts.json").write_text(text + "\n", "utf-8")

    def erase(self, owner_id: str, *, by: str | None) -> None:
        """Remove every trace of a space; with a private space its person goes too.

        In the security log entries stay as numbers and actions (their ids lead nowhere then); details are forgotten.
        Raises `NotFound`, or `LastAdmin` while others remain who would be left without an administrator.
        """
        touched: list[str] = []
        ended: list[str] = []

        def work(session: UnscopedSession) -> None:
            space = session.get(Space, owner_id)
            if space is None:
                raise NotFound("This space does not exist.")
            user = session.scalars(select(User).where(User.private_space_id == owner_id)).first()
            touched[:] = session.scalars(select(Membership.user_id).where(Membership.space_id == owner_id))
            if user is not None:
                self._keep_an_admin(session, user)
                ended[:] = self._devices.end_all(session, user.id, "erased", by=by)
            for model in (UserPreferences, AllowedRootRow):
                session.execute(delete(model).where(model.owner_id == owner_id))
            session.execute(
                delete(Invitation).where(
                    or_(
                        Invitation.space_id == owner_id,
                        Invitation.user_id == (user.id if user else ""),
                        Invitation.created_by == (user.id if user else ""),
                    )
                )
            )
            session.execute(delete(Membership).where(Membership.space_id == owner_id))
            user_id = user.id if user else None
            if user is not None:
                # Marks in other spaces are this person's too.
                session.execute(delete(NotificationMark).where(NotificationMark.user_id == user.id))
                session.execute(delete(User).where(User.id == user.id))  # devices, tokens, factors cascade
            session.execute(
                delete(Installation).where(Installation.name == LOCAL_OWNER, Installation.value == owner_id)
            )
            session.execute(delete(Space).where(Space.id == owner_id))
            self._context.audit.forget_details(session, user_id=user_id, owner_id=owner_id)

        self._context.write("erase", work)
        self._context.gate.ended(ended)
        self._context.gate.access_changed(touched)

    def _keep_an_admin(self, session: UnscopedSession, user: User) -> None:
        others = session.scalars(select(User).where(User.id != user.id, User.disabled_at.is_(None))).all()
        if others and user.is_admin and not any(other.is_admin for other in others):
            raise LastAdmin()

    def _collect(self, session: UnscopedSession, owner_id: str) -> dict[str, Any]:
        space = session.get(Space, owner_id)
        if space is None:
            raise NotFound("This space does not exist.")
        members = session.execute(
            select(Membership.role, User.display_name, User.id)
            .join(User, User.id == Membership.user_id)
            .where(Membership.space_id == owner_id)
        )
        content: dict[str, Any] = {
            "space": {"id": space.id, "kind": space.kind, "name": space.name, "created_at": space.created_at},
            "members": [{"id": id_, "name": name, "role": role} for role, name, id_ in members],
            "folders": [
                {"path": row.path, "label": row.label, "writable": row.writable, "granted_at": row.granted_at}
                for row in session.scalars(select(AllowedRootRow).where(AllowedRootRow.owner_id == owner_id))
            ],
            "security_log": [
                {"at": row.at, "action": row.action, "detail": json.loads(row.detail or "{}")}
                for row in session.scalars(
                    select(SecurityAudit).where(SecurityAudit.owner_id == owner_id).order_by(SecurityAudit.seq)
                )
            ],
        }
        if space.kind == PRIVATE:
            content |= self._collect_person(session, owner_id)
        return content

    @staticmethod
    def _collect_person(session: UnscopedSession, owner_id: str) -> dict[str, Any]:
        user = session.scalars(select(User).where(User.private_space_id == owner_id)).first()
        if user is None:
            return {}
        chosen = session.scalars(select(UserPreferences).where(UserPreferences.owner_id == owner_id)).first()
        devices = session.scalars(select(LoginSession).where(LoginSession.user_id == user.id))
        return {
            "person": {
                "id": user.id,
                "name": user.name,
                "display_name": user.display_name,
                "created_at": user.created_at,
                "last_login_at": user.last_login_at,
            },
            "preferences": dict(chosen.choices) if chosen else {},
            "devices": [
                {"name": row.name, "ip": row.ip, "created_at": row.created_at, "last_seen_at": row.last_seen_at}
                for row in devices
            ],
        }
