"""Look into the statement inboxes of a space: read what is new, book what is beyond doubt, let the rest wait.

Beyond doubt: the account is known by its IBAN or by earlier files, the balance proves the lines, and nothing at all
was unclear. A file is known by its content: it is never booked twice, and one whose import was taken back stays so.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Container, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import delete, select

from backend.financial_manager.currencies import minor_text
from backend.financial_manager.events import StatementWaits
from backend.financial_manager.importing.imports import Imports
from backend.financial_manager.importing.models import FileState, ImportBatch, RowFate, StatementSeen
from backend.financial_manager.importing.preview import Preview, hash_of
from backend.financial_manager.inboxes.folder import MOST_FILES, Found, below, content
from backend.financial_manager.inboxes.inboxes import Inboxes
from backend.financial_manager.statements import read_statements
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import HomieError, Unavailable
from backend.sdk.files import OwnerRootsSource, PathNotAllowed, SafePath, VolumePath, decode_path, encode_path
from backend.sdk.ids import NewId


@dataclass(slots=True)
class Looked:
    """What one look did. `settling`: files that are still being written; `away`: inboxes whose drive is not there."""

    booked: int = 0
    waiting: int = 0
    known: int = 0
    settling: int = 0
    away: int = 0


@dataclass(frozen=True, slots=True)
class _Judged:
    """What becomes of a file: the accounts it is booked into; or why it waits, and the account that is in doubt."""

    book_into: Sequence[str] = ()
    reason: str = ""
    looked_at: str | None = None


class Looking:
    """Look into inboxes. `settle_seconds`: how long a file must have been left alone."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        new_id: NewId,
        roots: OwnerRootsSource,
        inboxes: Inboxes,
        imports: Imports,
        settle_seconds: float,
        prepare: Callable[[Actor], object],
    ) -> None:
        self._db = db
        self._clock = clock
        self._new_id = new_id
        self._roots = roots
        self._inboxes = inboxes
        self._imports = imports
        self._settle = settle_seconds
        self._prepare = prepare

    def look(self, actor: Actor, tell: Callable[[float], None] = lambda _: None) -> Looked:
        """Look into all inboxes of the acting space; `tell` hears how far it is (0..1)."""
        looked, places = Looked(), list[tuple[SafePath, Found]]()
        roots = self._roots.for_actor(actor)
        for inbox in self._inboxes.all(actor):
            try:
                where = VolumePath(inbox.volume_id, decode_path(inbox.path))
                places += below(roots.locate(where, must_exist=True, folder=True))
            except PathNotAllowed:
                looked.away += 1
        fresh = self._fresh(actor, places, looked)
        for number, (place, found) in enumerate(fresh, 1):
            self._take(actor, place, found, looked)
            tell(number / len(fresh))
        return looked

    def _fresh(
        self, actor: Actor, places: Sequence[tuple[SafePath, Found]], looked: Looked
    ) -> list[tuple[SafePath, Found]]:
        """Return the files that were not looked at yet, the oldest first, so that statements are booked in order."""
        known = self._db.read(actor, _known)
        new = [
            (place, found)
            for place, found in places
            if (place.root.volume_id, encode_path(place.relpath), found.size, found.mtime_ns) not in known
        ]
        now = time.time_ns()
        still = [pair for pair in new if abs(now - pair[1].ctime_ns) >= self._settle * 1e9]
        looked.settling += len(new) - len(still)
        newest = sorted(still, key=lambda pair: -pair[1].mtime_ns)[:MOST_FILES]
        return sorted(newest, key=lambda pair: (pair[1].mtime_ns, pair[1].name))

    def _take(self, actor: Actor, place: SafePath, found: Found, looked: Looked) -> None:
        """Read one file and say what becomes of it. It is claimed first: no other look takes it too."""
        try:
            data = content(place)
        except (OSError, PathNotAllowed):
            return  # it vanished, or it may not be read: the next look tries again
        claimed = self._db.write(actor, self._claim, hash_of(data), place, found)
        if claimed is None:
            return
        account_id, batch_id, reason, name = None, None, "", place.volume_path.name
        try:
            judged = self._judge(actor, data, name)
            account_id, reason = judged.looked_at, judged.reason
            for account_id in judged.book_into:
                batch_id = self._book(actor, account_id, data, name) or batch_id
        except HomieError as error:
            if error.status >= 500:
                if isinstance(error, Unavailable):
                    self._let_go(actor, claimed)
                raise
            reason = " ".join([error.message, *(one.problem for one in error.fields)])
        state = FileState.WAITING if reason else FileState.BOOKED if batch_id else FileState.KNOWN
        self._db.write(actor, _settle, claimed, state, reason, account_id, batch_id)
        looked.waiting += state is FileState.WAITING
        looked.booked += state is FileState.BOOKED
        looked.known += state is FileState.KNOWN

    def _let_go(self, actor: Actor, claimed: str) -> None:
        """Forget a claim: a database that was busy for a moment says nothing of the file, the next try takes it."""
        with suppress(Unavailable):
            self._db.write(actor, lambda session: session.delete(session.find_own(StatementSeen, claimed)))

    def _judge(self, actor: Actor, data: bytes, name: str) -> _Judged:
        """Say into which accounts a file is to be booked: into all whose lines it holds, or into none."""
        named = self._imports.accounts_in(actor, read_statements(data, name))
        if not named.clear:
            return _Judged(reason="It is not known to which account this file belongs.")
        for account_id in named.ids:
            if reason := doubt_in(self._imports.look(actor, account_id, data, name), named.known):
                return _Judged(reason=reason, looked_at=account_id)
        return _Judged(named.ids)

    def _book(self, actor: Actor, account_id: str, data: bytes, name: str) -> str | None:
        """Book a file that is beyond doubt; returns the import, None where the file holds nothing new."""
        self._prepare(actor)
        seen = self._imports.look(actor, account_id, data, name)
        if not seen.count(RowFate.NEW):
            return None
        return self._imports.book(actor, account_id, data, name, looked_at=seen.file_hash).batch.id

    def _claim(self, session: OwnedSession, file_hash: str, place: SafePath, found: Found) -> str | None:
        """Note that a file is being read; returns its row, None where its content was seen or imported before."""
        owner, path = session.actor.owner_id, encode_path(place.relpath)
        _let_go_of_replaced(session, place, file_hash)
        query = select(StatementSeen).where(StatementSeen.owner_id == owner, StatementSeen.file_hash == file_hash)
        row = session.scalars(query).first()
        if row is not None:
            row.volume_id, row.path = place.root.volume_id, path
            row.size, row.mtime_ns = found.size, found.mtime_ns
            return None
        imported = session.scalars(
            select(ImportBatch).where(ImportBatch.owner_id == owner, ImportBatch.file_hash == file_hash)
        ).first()
        row = StatementSeen(
            id=self._new_id(), file_hash=file_hash, name=encode_path(found.name)[:255],
            volume_id=place.root.volume_id, path=path, size=found.size, mtime_ns=found.mtime_ns,
            state=FileState.WAITING.value, reason="Reading it was cut off. Look at it.", seen_at=self._clock.now(),
        )  # fmt: skip
        if imported is not None:
            row.state, row.reason = FileState.BOOKED.value, ""
            row.batch_id, row.account_id = imported.id, imported.account_id
        session.add(row)
        return row.id if imported is None else None


def _let_go_of_replaced(session: OwnedSession, place: SafePath, file_hash: str) -> None:
    """Forget what waited at a place where another content lies now: it can neither be looked at nor booked."""
    session.execute(
        delete(StatementSeen).where(
            StatementSeen.owner_id == session.actor.owner_id, StatementSeen.volume_id == place.root.volume_id,
            StatementSeen.path == encode_path(place.relpath), StatementSeen.state == FileState.WAITING.value,
            StatementSeen.file_hash != file_hash,
        )
    )  # fmt: skip


def _settle(
    session: OwnedSession, seen_id: str, state: FileState, reason: str, account_id: str | None, batch_id: str | None
) -> None:
    """Note what became of a file; nothing where another one took its place meanwhile."""
    query = select(StatementSeen).where(StatementSeen.owner_id == session.actor.owner_id, StatementSeen.id == seen_id)
    row = session.scalars(query).first()
    if row is None:
        return
    row.state, row.reason, row.account_id, row.batch_id = state.value, reason, account_id, batch_id
    if state is FileState.WAITING:
        session.emit(StatementWaits(owner_id=session.actor.owner_id, seen_id=row.id, file=row.name))


def doubt_in(seen: Preview, taken: Container[str]) -> str:
    """Return why a preview must be looked at by a person; "" where the balance proves it and nothing is unclear.

    `taken`: what the file calls accounts that take their lines of it too.
    """
    if doubts := (*seen.own_doubts, *seen.doubts_of_others(taken)):
        return doubts[0]
    for row in seen.rows:
        if row.fate not in (RowFate.NEW, RowFate.KNOWN) or row.reasons:
            return row.reasons[0] if row.reasons else "A line of it is not booked yet."
    bank = seen.bank
    if bank.proof_holds is False or bank.difference_minor:
        says = minor_text(bank.closing_minor or 0, seen.account.currency)
        holds = minor_text(bank.ledger_minor or 0, seen.account.currency)
        return f"The bank says {says}, Homie would hold {holds}."
    if bank.difference_minor is None:
        return "The file does not prove its lines by a balance."
    return ""


def _known(session: OwnedSession) -> set[tuple[str, str, int, int]]:
    rows = session.execute(
        select(StatementSeen.volume_id, StatementSeen.path, StatementSeen.size, StatementSeen.mtime_ns).where(
            StatementSeen.owner_id == session.actor.owner_id
        )
    )
    return {(volume, path, int(size), int(mtime)) for volume, path, size, mtime in rows}
