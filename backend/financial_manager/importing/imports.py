"""Import statements: look first, then book all or nothing; list what was imported; cover of an account's time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import and_, func, not_, select

from backend.financial_manager.importing.booking import Booked, Categorise, Chosen, book
from backend.financial_manager.importing.errors import StatementChanged
from backend.financial_manager.importing.models import FileState, ImportBatch, RawRow, RowFate, StatementSeen
from backend.financial_manager.importing.preview import Preview, accounts_called, hash_of, names_in, preview
from backend.financial_manager.importing.transfers import Transfers
from backend.financial_manager.importing.undoing import find_batch
from backend.financial_manager.ledger.accounts import find_account
from backend.financial_manager.ledger.change_log import ChangeLog
from backend.financial_manager.ledger.models import LedgerChange, UserAccount
from backend.financial_manager.statements import (
    EVERY,
    Choices,
    StatementFile,
    TableChoice,
    heading_key,
    read_statements,
)
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.collector import collector_at_rest
from backend.sdk.db import Database, OwnedSession
from backend.sdk.ids import NewId

GAP_DAYS = 10
"""Days without any line between two files, from which on something may be missing."""
IMPORT = "import"
LAYOUTS = "layouts"
"""Where an account's profile keeps what was learned: key of a heading -> `TableChoice`."""
MOST_LAYOUTS = 20


@dataclass(frozen=True, slots=True)
class Span:
    """Days that imported files cover, and how many files do."""

    first: dt.date
    last: dt.date
    files: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of an account's time was imported. `gaps`: between the spans, where lines may be missing."""

    spans: tuple[Span, ...]
    gaps: tuple[tuple[dt.date, dt.date], ...]


@dataclass(frozen=True, slots=True)
class BatchDetail:
    """One import. `lines`: those that were not simply booked; `change_id`: the step that undoes it.

    `added`: lines that are booked by now, with those that a person decided to book.
    """

    batch: ImportBatch
    added: int
    account: str
    lines: tuple[RawRow, ...]
    change_id: str


@dataclass(frozen=True, slots=True)
class NamedAccounts:
    """Whose lines a file holds. `accounts`: what it calls an account -> those of the household that may be meant."""

    accounts: Mapping[str, Sequence[UserAccount]]

    @property
    def ids(self) -> list[str]:
        """Return the accounts that are meant, in the order of their names in the file; where two may be, none is."""
        return list(dict.fromkeys(some[0].id for some in self.accounts.values() if len(some) == 1))

    @property
    def clear(self) -> bool:
        """Tell whether at least one is known, and no name may mean several."""
        return bool(self.ids) and all(len(some) <= 1 for some in self.accounts.values())

    @property
    def known(self) -> set[str]:
        """Return the names that mean an account."""
        return {name for name, some in self.accounts.items() if some}


def accounts_named_in(session: OwnedSession, file: StatementFile) -> NamedAccounts:
    """Return which of the acting space's accounts a file names."""
    accounts = list(session.scalars(select(UserAccount).where(UserAccount.owner_id == session.actor.owner_id)))
    return NamedAccounts({name: accounts_called(accounts, name) for name in sorted(names_in(file))})


class Imports:
    """Import statements into accounts of the space that an actor writes to."""

    def __init__(
        self,
        db: Database,
        log: ChangeLog,
        clock: Clock,
        new_id: NewId,
        transfers: Transfers,
        categorise: Categorise,
    ) -> None:
        self._db = db
        self._log = log
        self._clock = clock
        self._new_id = new_id
        self._transfers = transfers
        self._categorise = categorise

    def look(
        self,
        actor: Actor,
        account_id: str,
        data: bytes,
        name: str,
        *,
        trust: bool = False,
        choice: TableChoice | None = None,
    ) -> Preview:
        """Say what an import would do. Raises `StatementError`, `AccountMissing`, `StatementOfAnotherAccount`.

        `choice`: how a person said that this file's table is to be read; else as was learned of the account's files.
        """
        with collector_at_rest():
            file = self._read(actor, account_id, data, name, choice)
            return self._db.read(actor, preview, account_id, file, hash_of(data), trust=trust)

    def book(
        self,
        actor: Actor,
        account_id: str,
        data: bytes,
        name: str,
        chosen: Chosen | None = None,
        *,
        trust: bool = False,
        looked_at: str | None = None,
        choice: TableChoice | None = None,
    ) -> Booked:
        """Import a file: one commit, recorded as one step.

        `looked_at`: the hash of the preview that a person saw; raises `StatementChanged` for another file. Raises what
        `look` raises.
        """
        file_hash = hash_of(data)
        with collector_at_rest():
            file = self._read(actor, account_id, data, name, choice)
            if looked_at is not None and looked_at != file_hash:
                raise StatementChanged()
            return self._log.write(
                actor, IMPORT, self._book, account_id, file, file_hash, chosen or Chosen(), trust=trust, choice=choice
            )

    def _read(self, actor: Actor, account_id: str, data: bytes, name: str, choice: TableChoice | None) -> StatementFile:
        """Read a file for an account: tables as was learned of it or as a person says, amounts in its currency."""
        account = self._db.read(actor, find_account, account_id, "body.account_id")
        return read_statements(data, name, self._choices(account, choice), currency=account.currency)

    def _choices(self, account: UserAccount, choice: TableChoice | None) -> Choices:
        """Return how tables are read for an account: as was learned, or as a person says of this very file."""
        if choice is not None:
            return {EVERY: choice}
        learned = account.profile.get(LAYOUTS, {})
        found = {key: TableChoice.of(stored) for key, stored in learned.items()} if isinstance(learned, dict) else {}
        return {key: one for key, one in found.items() if one is not None}

    def look_at_lines(self, actor: Actor, account_id: str, file: StatementFile, file_hash: str) -> Preview:
        """Say what booking lines would do that came from a bank itself; raises `AccountMissing`."""
        return self._db.read(actor, preview, account_id, file, file_hash, trust=True)

    def book_lines(self, actor: Actor, account_id: str, file: StatementFile, file_hash: str) -> Booked:
        """Book lines that came from a bank itself, as `book` does those of a file; raises `AccountMissing`."""
        return self._log.write(actor, IMPORT, self._book, account_id, file, file_hash, Chosen(), trust=True)

    def _book(
        self,
        session: OwnedSession,
        account_id: str,
        file: StatementFile,
        file_hash: str,
        chosen: Chosen,
        *,
        trust: bool,
        choice: TableChoice | None = None,
    ) -> Booked:
        found = preview(session, account_id, file, file_hash, trust=trust)
        if choice is not None and file.table is not None:
            _learn(found.account, heading_key(file.table.heading), choice)
        booked = book(session, found, chosen, now=self._clock.now(), new_id=self._new_id, categorise=self._categorise)
        _mark_seen(session, file_hash, booked.batch, file)
        if booked.transaction_ids and found.span is not None:
            self._transfers.find(session, *found.span)
        return booked

    def page(self, actor: Actor, *, limit: int, before: str | None = None) -> list[tuple[ImportBatch, str]]:
        """Return imports with the names of their accounts, newest first, `limit + 1` for paging."""

        def work(session: OwnedSession) -> list[tuple[ImportBatch, str]]:
            query = select(ImportBatch).where(ImportBatch.owner_id == session.actor.owner_id)
            if before is not None:
                query = query.where(ImportBatch.id < before)
            batches = list(session.scalars(query.order_by(ImportBatch.id.desc()).limit(limit + 1)))
            return [(batch, find_account(session, batch.account_id).name) for batch in batches]

        return self._db.read(actor, work)

    def detail(self, actor: Actor, batch_id: str) -> BatchDetail:
        """Return one import with the lines that were not simply booked; raises `BatchMissing`."""

        def work(session: OwnedSession) -> BatchDetail:
            batch = find_batch(session, batch_id)
            owner = session.actor.owner_id
            booked = and_(RawRow.fate == RowFate.NEW.value, RawRow.transaction_id.is_not(None))
            lines = select(RawRow).where(RawRow.owner_id == owner, RawRow.batch_id == batch_id, not_(booked))
            change = session.scalars(
                select(LedgerChange.id).where(
                    LedgerChange.owner_id == owner, LedgerChange.subject_id == batch_id, LedgerChange.kind == IMPORT
                )
            ).first()
            account = find_account(session, batch.account_id)
            rows = tuple(session.scalars(lines.order_by(RawRow.position).limit(500)))
            added = select(func.count()).where(RawRow.owner_id == owner, RawRow.batch_id == batch_id, booked)
            return BatchDetail(batch, session.scalar(added) or 0, account.name, rows, change or "")

        return self._db.read(actor, work)

    def coverage(self, actor: Actor, account_id: str) -> Coverage:
        """Return which days of an account the imported files cover; raises `AccountMissing`."""

        def work(session: OwnedSession) -> Coverage:
            find_account(session, account_id)
            rows = session.execute(
                select(ImportBatch.first, ImportBatch.last).where(
                    ImportBatch.owner_id == session.actor.owner_id,
                    ImportBatch.account_id == account_id,
                    ImportBatch.undone_at.is_(None),
                    ImportBatch.first.is_not(None),
                )
            )
            return cover([(first, last) for first, last in rows if first is not None and last is not None])

        return self._db.read(actor, work)

    def accounts_in(self, actor: Actor, file: StatementFile) -> NamedAccounts:
        """Say which accounts a file names, by IBAN, name or earlier files."""
        return self._db.read(actor, accounts_named_in, file)


def _learn(account: UserAccount, key: str, choice: TableChoice) -> None:
    """Keep how a person said that files with this heading are read, for the account's next ones; the last few."""
    learned = {name: one for name, one in account.profile.get(LAYOUTS, {}).items() if name != key}
    kept = dict([*learned.items()][-(MOST_LAYOUTS - 1) :])
    account.profile = {**account.profile, LAYOUTS: {**kept, key: choice.stored()}}


def _mark_seen(session: OwnedSession, file_hash: str, batch: ImportBatch, file: StatementFile) -> None:
    """Say of a file that waited in a statement inbox that it is booked; it waits on for another account's lines."""
    query = select(StatementSeen).where(
        StatementSeen.owner_id == session.actor.owner_id, StatementSeen.file_hash == file_hash
    )
    row = session.scalars(query).first()
    if row is None:
        return
    row.state, row.batch_id, row.account_id, row.reason = FileState.BOOKED.value, batch.id, batch.account_id, ""
    taken = select(ImportBatch.account_id).where(
        ImportBatch.owner_id == session.actor.owner_id,
        ImportBatch.file_hash == file_hash,
        ImportBatch.undone_at.is_(None),
    )
    done = {batch.account_id, *session.scalars(taken)}
    ids = accounts_named_in(session, file).ids
    left = [one for one in ids if one not in done]
    if left and batch.account_id in ids:  # else a person said that all of it belongs here
        name = find_account(session, left[0]).name
        row.state, row.account_id = FileState.WAITING.value, left[0]
        row.reason = f"It also holds lines of {name}, which are not booked yet."


def cover(files: Collection[tuple[dt.date, dt.date]]) -> Coverage:
    """Join the spans of files that touch or overlap, and name the gaps between them."""
    spans: list[Span] = []
    for first, last in sorted(files):
        if spans and first <= spans[-1].last + dt.timedelta(days=1):
            spans[-1] = Span(spans[-1].first, max(spans[-1].last, last), spans[-1].files + 1)
        else:
            spans.append(Span(first, last, 1))
    day = dt.timedelta(days=1)
    gaps = [
        (before.last + day, after.first - day)
        for before, after in pairwise(spans)
        if (after.first - before.last).days > GAP_DAYS
    ]
    return Coverage(tuple(spans), tuple(gaps))
