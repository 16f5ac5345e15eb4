"""The security log: who did what that matters, in a chain that shows every later change.

    audit.record("modules.disabled", actor=actor, target="media_manager")
    audit.append(session, "accounts.login", actor_id=user.id, owner_id=..., detail={...})    # inside a transaction
    audit.verify().ok

Entry n holds SHA-256 over its canonical JSON, which includes the hash of entry n-1: changing, removing or swapping
entries breaks the chain from there on. Cutting the end off is seen by two anchors: the head row, signed with a key from
`secrets/`, and the file `secrets/audit.anchor`, which remembers the furthest head that this machine committed.

What an entry holds: ids, and in `detail` a few plain facts (device, address, setting name). Never content, file names
of people, passwords, tokens or codes. `detail` enters the hash as a salted digest, so that erasing a person can forget
it without breaking the chain; `verify` accepts a forgotten detail only for someone whose erasure is logged.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import hmac
import json
import os
import secrets as random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from backend.core.accounts import audit_guards
from backend.core.accounts.models import SecurityAudit, SecurityAuditHead
from backend.core.accounts.upsert import insert_if_absent
from backend.core.secrets import SecretFiles
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database

ERASED = "accounts.erased"
RESTORED = "audit.restored"
_START = "0" * 64
_ANCHOR = "audit.anchor"

assert audit_guards  # importing it attaches the append-only triggers to the table


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Narrow the log. `action` is the beginning of one; `since` is included, `until` is not."""

    action: str | None = None
    actor_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> Iterator[Any]:
        """Yield the conditions on entries."""
        if self.action is not None:
            yield SecurityAudit.action.startswith(self.action, autoescape=True)
        if self.actor_id is not None:
            yield SecurityAudit.actor_id == self.actor_id
        if self.since is not None:
            yield SecurityAudit.at >= self.since
        if self.until is not None:
            yield SecurityAudit.at < self.until


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry as it is shown; `detail` is None once its person was erased."""

    seq: int
    at: datetime
    actor_id: str | None
    owner_id: str | None
    action: str
    target: str
    detail: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What `verify` found: `problems` are sentences, empty when the log is whole."""

    entries: int
    erased_details: int
    head: str
    problems: tuple[str, ...] = field(default=())

    @property
    def ok(self) -> bool:
        """Tell whether the log is whole."""
        return not self.problems


class Audit:
    """Write, show and verify the security log of one installation."""

    def __init__(self, db: Database, clock: Clock, secrets: SecretFiles) -> None:
        self._db = db
        self._clock = clock
        self._key = secrets.box().derive("audit")
        self._anchor = secrets.folder / _ANCHOR

    def record(
        self,
        action: str,
        *,
        actor: Actor | None,
        owner_id: str | None = None,
        target: str = "",
        detail: Mapping[str, Any] | None = None,
    ) -> int:
        """Log one action in its own transaction; returns the entry's number. `action` is `<module>.<past tense>`."""
        return self._db.unscoped(
            "audit: record",
            self.append,
            action,
            write=True,
            actor_id=actor.user_id if actor else None,
            owner_id=owner_id or (actor.owner_id if actor else None),
            target=target,
            detail=detail,
        )

    def append(
        self,
        session: Session,
        action: str,
        *,
        actor_id: str | None,
        owner_id: str | None = None,
        target: str = "",
        detail: Mapping[str, Any] | None = None,
    ) -> int:
        """Log one action within the caller's unscoped write on core's database: both happen or neither."""
        head = self._head(session)
        if head is None:
            first = {"id": 1, "seq": 0, "hash": _START, "mac": self._mac(0, _START)}
            insert_if_absent(session, SecurityAuditHead, first)
            head = self._head(session)
        assert head is not None
        text, salt = _canonical(detail or {}), random.token_hex(16)
        entry = SecurityAudit(
            seq=head.seq + 1,
            at=self._clock.now(),
            actor_id=actor_id,
            owner_id=owner_id,
            action=action[:80],
            target=target[:200],
            detail=text,
            salt=salt,
            detail_hash=_digest(salt + text),
            prev_hash=head.hash,
        )
        entry.hash = _entry_hash(entry)
        session.add(entry)
        head.seq, head.hash, head.mac = entry.seq, entry.hash, self._mac(entry.seq, entry.hash)
        session.flush()
        self._anchor_after_commit(session, entry.seq, entry.hash)
        return entry.seq

    def entries(
        self,
        *,
        actor_id: str | None = None,
        owner_ids: frozenset[str] | None = None,
        before: int | None = None,
        limit: int = 100,
        only: AuditFilter | None = None,
    ) -> list[AuditEntry]:
        """Return the newest entries first; with `actor_id` and `owner_ids` only those by or about these."""

        def work(session: Session) -> list[AuditEntry]:
            query = select(SecurityAudit).order_by(SecurityAudit.seq.desc()).limit(limit)
            if before is not None:
                query = query.where(SecurityAudit.seq < before)
            if actor_id is not None or owner_ids is not None:
                mine = SecurityAudit.owner_id.in_(sorted(owner_ids or ()))
                query = query.where(mine | (SecurityAudit.actor_id == actor_id))
            for condition in only.conditions() if only is not None else ():
                query = query.where(condition)
            return [_shown(row) for row in session.scalars(query)]

        return self._db.unscoped("audit: list", work)

    def forget_details(self, session: Session, *, user_id: str | None, owner_id: str | None) -> int:
        """Forget the details of one erased person's entries, and log the erasure; returns how many were forgotten."""
        mine = (SecurityAudit.actor_id == user_id) | (SecurityAudit.target == user_id)
        if owner_id is not None:
            mine |= SecurityAudit.owner_id == owner_id
        done = session.execute(
            update(SecurityAudit)
            .where(mine, SecurityAudit.detail.is_not(None))
            .values(detail=None, salt=None)
            .execution_options(synchronize_session=False)
        )
        for target in (user_id, owner_id):
            if target is not None:
                self.append(session, ERASED, actor_id=None, owner_id=None, target=target)
        return int(getattr(done, "rowcount", 0))

    def accept_restore(self, detail: Mapping[str, Any]) -> int:
        """Log that an older database was restored, and anchor the log anew; without this `verify` reports a cut."""
        lost = self._read_anchor()
        with contextlib.suppress(FileNotFoundError):
            self._anchor.unlink()
        return self._db.unscoped(
            "audit: restore",
            self.append,
            RESTORED,
            write=True,
            actor_id=None,
            detail={**detail, "anchor_before": lost[0] if lost else None},
        )

    def verify(self) -> AuditReport:
        """Walk the whole chain and say what is wrong with it."""
        return self._db.unscoped("audit: verify", self._walk)

    # ------------------------------------------------------------------ inside

    def _walk(self, session: Session) -> AuditReport:
        problems: list[str] = []
        anchor, anchored = self._read_anchor(), False
        head = session.get(SecurityAuditHead, 1)
        expected, previous, count = 1, _START, 0
        forgotten: list[tuple[int, frozenset[str | None]]] = []
        erased: set[str] = set()
        for row in session.scalars(select(SecurityAudit).order_by(SecurityAudit.seq).execution_options(yield_per=500)):
            count += 1
            problems += _check_entry(row, expected, previous)
            if row.detail is None:
                forgotten.append((row.seq, frozenset({row.actor_id, row.owner_id, row.target})))
            if row.action == ERASED:
                erased.add(row.target)
            anchored = anchored or anchor == (row.seq, row.hash)
            expected, previous = row.seq + 1, row.hash
            session.expunge(row)
        problems += [
            f"The detail of entry {seq} was removed, and no erasure explains it."
            for seq, people in forgotten
            if not people & erased
        ]
        problems += self._check_end(head, expected - 1, previous)
        if anchor and not anchored:
            problems.append(
                f"The log does not contain entry {anchor[0]}, which this machine had committed: it was cut."
            )
        return AuditReport(count, len(forgotten), previous, tuple(problems))

    @staticmethod
    def _head(session: Session) -> SecurityAuditHead | None:
        """Return the end of the chain; its lock is what orders writers, should the database not do so itself."""
        query = select(SecurityAuditHead).with_for_update().execution_options(populate_existing=True)
        return session.scalars(query).one_or_none()

    def _check_end(self, head: SecurityAuditHead | None, last: int, last_hash: str) -> list[str]:
        if head is None:
            return [] if last == 0 else ["The head row is missing."]
        if not hmac.compare_digest(head.mac, self._mac(head.seq, head.hash)):
            return ["The head row's signature is wrong: it was changed, or secrets/master.key is another one."]
        if (head.seq, head.hash) != (last, last_hash):
            return [f"The log ends at entry {last}, but its signed head is entry {head.seq}."]
        return []

    def _mac(self, seq: int, hash_: str) -> str:
        return hmac.new(self._key, f"{seq}:{hash_}".encode(), hashlib.sha256).hexdigest()

    def _anchor_after_commit(self, session: Session, seq: int, hash_: str) -> None:
        first = "audit_anchor" not in session.info
        session.info["audit_anchor"] = (seq, hash_)
        if not first:
            return

        def committed(done: Session) -> None:
            if not done.in_nested_transaction() and "audit_anchor" in done.info:
                self._write_anchor(*done.info.pop("audit_anchor"))

        def rolled_back(done: Session) -> None:
            done.info.pop("audit_anchor", None)

        event.listen(session, "after_commit", committed)
        event.listen(session, "after_rollback", rolled_back)

    def _read_anchor(self) -> tuple[int, str] | None:
        try:
            stored = json.loads(self._anchor.read_text("utf-8"))
            return int(stored["seq"]), str(stored["hash"])
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError):
            return -1, "unreadable"

    def _write_anchor(self, seq: int, hash_: str) -> None:
        """Move the anchor forward, never back: commits of several processes arrive here in any order."""
        with self._anchor_lock():
            known = self._read_anchor()
            if known is not None and known[0] >= seq:
                return
            draft = self._anchor.with_name(f".{_ANCHOR}.{os.getpid()}")
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"seq": seq, "hash": hash_}, file)
            draft.replace(self._anchor)

    @contextlib.contextmanager
    def _anchor_lock(self) -> Iterator[None]:
        handle = os.open(self._anchor.with_name(f".{_ANCHOR}.lock"), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def anchor_path(secrets_dir: Path) -> Path:
    """Return where the anchor of an installation lies."""
    return secrets_dir / _ANCHOR


def _check_entry(row: SecurityAudit, expected: int, previous: str) -> list[str]:
    found: list[str] = []
    if row.seq != expected:
        found.append(f"Entry {expected} is missing (the next one is {row.seq}).")
    elif row.prev_hash != previous:
        found.append(f"Entry {row.seq} does not follow the one before it.")
    if row.hash != _entry_hash(row):
        found.append(f"Entry {row.seq} was changed.")
    if row.detail is not None and row.detail_hash != _digest((row.salt or "") + row.detail):
        found.append(f"The detail of entry {row.seq} was changed.")
    return found


def _entry_hash(row: SecurityAudit) -> str:
    return _digest(
        _canonical(
            {
                "seq": row.seq,
                "at": row.at.isoformat(),
                "actor": row.actor_id,
                "owner": row.owner_id,
                "action": row.action,
                "target": row.target,
                "detail": row.detail_hash,
                "previous": row.prev_hash,
            }
        )
    )


def _canonical(value: Mapping[str, Any]) -> str:
    """Return JSON with sorted keys, no spaces, ASCII only: the same bytes everywhere."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _shown(row: SecurityAudit) -> AuditEntry:
    detail = None if row.detail is None else json.loads(row.detail)
    return AuditEntry(row.seq, row.at, row.actor_id, row.owner_id, row.action, row.target, detail)
