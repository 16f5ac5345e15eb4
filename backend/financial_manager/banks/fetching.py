"""Fetch what a connected bank has booked, and book it as a statement: same preview, same duplicates, same undo.

A bank that refused is not asked again by itself: tried again and again, a login is locked. What failed for the network
or the bank's own trouble can be fetched again. One asks at a time, a person or the clock (`turns.py`).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from backend.financial_manager.banks.connections import (
    Connected,
    Connections,
    accounts_of,
    find_connection,
    note_failure,
)
from backend.financial_manager.banks.fints.keeping import FINTS, FintsConnections
from backend.financial_manager.banks.holder import new_turn
from backend.financial_manager.banks.models import BankAccount, ConnectionState
from backend.financial_manager.banks.provider import (
    FAILURES,
    BankNeedsYou,
    ConnectionMissing,
    Fetched,
    RemoteAccount,
)
from backend.financial_manager.banks.turns import Jitter, end_turn, keep_turn, take_turn, went_well, went_wrong
from backend.financial_manager.events import BankChanged
from backend.financial_manager.importing.imports import Imports
from backend.financial_manager.importing.models import RowFate
from backend.financial_manager.importing.preview import Preview, hash_of
from backend.financial_manager.ledger.accounts import Accounts
from backend.financial_manager.statements import Balance, Entry, Statement, StatementFile
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock, local_day
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import FieldProblem, HomieError, InvalidInput
from backend.sdk.ids import NewId

FIRST_DAYS = 89
"""How far back the first fetch goes: what PSD2 lets a bank tell without another yes."""
AGAIN_DAYS = 10
"""How far before the last fetch the next one begins: banks book some lines late."""
FORMAT = "bank"


@dataclass(frozen=True, slots=True)
class AccountFetched:
    """What a fetch did in one account. `batch_id`: None where it has nothing; `difference_minor`: bank minus Homie."""

    bank_account_id: str
    account_id: str
    added: int
    known: int
    twins: int
    left_out: int
    batch_id: str | None
    difference_minor: int | None
    doubts: tuple[str, ...]


class Fetching:
    """Fetch for the space that an actor writes to."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        connections: Connections,
        fints: FintsConnections,
        imports: Imports,
        accounts: Accounts,
        prepare: Callable[[Actor], object],
        new_id: NewId,
        jitter: Jitter,
    ) -> None:
        self._db = db
        self._clock = clock
        self._connections = connections
        self._fints = fints
        self._imports = imports
        self._accounts = accounts
        self._prepare = prepare
        self._new_id = new_id
        self._jitter = jitter

    def fetch(self, actor: Actor, connection_id: str, *, unattended: bool = False) -> list[AccountFetched]:
        """Ask the bank now and book what is new in the linked accounts; nothing where FinTS waits for a person first.

        `unattended`: the clock asks; nothing happens where its moment has not come. Raises `ConnectionMissing`,
        `BankNeedsYou`, `BankAsking` while somebody asks it, `InvalidInput` where no account is linked, and what asking
        raises.
        """
        found = self._connections.get(actor, connection_id)
        self._check(found)
        turn = new_turn(self._new_id())
        if not self._db.write(actor, self._begin, connection_id, turn, unattended=unattended):
            return []
        try:
            return self._in_turn(actor, found, turn, unattended=unattended)
        except FAILURES as error:
            self._db.write(actor, self._failed, connection_id, error, unattended=unattended)
            raise
        finally:
            with suppress(ConnectionMissing):
                self._db.write(actor, lambda session: end_turn(find_connection(session, connection_id), turn))

    def answer(self, actor: Actor, connection_id: str, step_id: str, text: str) -> list[AccountFetched]:
        """Answer a step of FinTS; books what a fetch brings by it. Raises what `FintsConnections.answer` raises."""
        done = self._fints.answer(actor, connection_id, step_id, text)
        return [] if done is None else self._book_all(actor, connection_id, done.accounts)

    def _in_turn(self, actor: Actor, found: Connected, turn: str, *, unattended: bool) -> list[AccountFetched]:
        """Ask and book, account by account; what was booked before a kill is known when it is asked again."""
        connection_id, today = found.row.id, local_day(self._clock)
        told: Iterable[Fetched] | None
        if found.row.provider == FINTS:
            wanted = {one: since for since, ids in _groups(_linked(found), today).items() for one in ids}
            done = self._fints.fetch(actor, connection_id, wanted)
            told = done.accounts if done is not None else None
        else:
            found = self._connections.list_again(actor, found)
            told = self._ask(actor, found, _linked(found), today)
        if told is None:
            return []
        return self._book_all(actor, connection_id, told, turn, unattended=unattended)

    def _book_all(
        self, actor: Actor, connection_id: str, fetched: Iterable[Fetched], turn: str = "", *, unattended: bool = False
    ) -> list[AccountFetched]:
        """Book what was told; `turn`: whose it is to ask, "" for an answer to a step, which nobody gives twice."""
        found, told = self._connections.get(actor, connection_id), {one.account.external_id: one for one in fetched}
        self._prepare(actor)
        done = []
        for one in found.accounts:
            if one.account_id is not None and one.external_id in told:
                if turn:
                    self._db.write(actor, self._go_on, connection_id, turn)
                done.append(self._book(actor, found.row.title, one, told[one.external_id]))
        self._db.write(actor, self._fetched, connection_id, told, unattended=unattended)
        return done

    def _begin(self, session: OwnedSession, connection_id: str, turn: str, *, unattended: bool) -> bool:
        row = find_connection(session, connection_id)
        return take_turn(row, turn, self._clock.now(), unattended=unattended)

    def _go_on(self, session: OwnedSession, connection_id: str, turn: str) -> None:
        keep_turn(find_connection(session, connection_id), turn, self._clock.now())

    def _failed(self, session: OwnedSession, connection_id: str, error: HomieError, *, unattended: bool) -> None:
        row = find_connection(session, connection_id)
        note_failure(session, row, error)
        went_wrong(row, error, self._clock.now(), self._jitter, unattended=unattended)

    def _ask(self, actor: Actor, found: Connected, linked: list[BankAccount], today: dt.date) -> Iterable[Fetched]:
        provider = self._connections.providers[found.row.provider]
        secret = self._connections.secret(actor, found.row)
        return [
            one for since, ids in _groups(linked, today).items() for one in provider.fetch(secret, ids, since, today)
        ]

    def _check(self, found: Connected) -> None:
        now = self._clock.now()
        ended = found.row.valid_until is not None and found.row.valid_until <= now
        if found.row.state in (ConnectionState.NEEDS_YOU, ConnectionState.NEW) or ended:
            raise BankNeedsYou()

    def _book(self, actor: Actor, title: str, remote: BankAccount, told: Fetched) -> AccountFetched:
        assert remote.account_id is not None
        before = self._accounts.get(actor, remote.account_id)
        file = _as_file(title, told, remote.currency, opens=before.account.opening_date is None and not before.bookings)
        file_hash = hash_of(json.dumps([_plain(entry) for entry in told.entries]).encode())
        seen = self._imports.look_at_lines(actor, remote.account_id, file, file_hash)
        batch_id = None
        if seen.count(RowFate.NEW, RowFate.TWIN):  # what is perhaps there already waits in the import
            batch_id = self._imports.book_lines(actor, remote.account_id, file, file_hash).batch.id
        return AccountFetched(
            remote.id, remote.account_id, seen.count(RowFate.NEW), seen.count(RowFate.KNOWN),
            seen.count(RowFate.TWIN), seen.count(RowFate.EARLIER, RowFate.LOCKED, RowFate.UNREAD), batch_id,
            self._difference(actor, remote.account_id, told.account, remote.currency), _doubts(told, seen),
        )  # fmt: skip

    def _difference(self, actor: Actor, account_id: str, told: RemoteAccount, currency: str) -> int | None:
        """Return the bank's balance minus Homie's on its day; None where the bank tells none in the currency."""
        if told.balance_minor is None or told.currency != currency:
            return None
        today = local_day(self._clock)
        begins = self._accounts.get(actor, account_id).account.opening_date
        on = max(told.balance_on or today, begins or dt.date.min)
        return told.balance_minor - self._accounts.get(actor, account_id, on=min(on, today)).balance_minor

    def _fetched(
        self,
        session: OwnedSession,
        connection_id: str,
        told: dict[str, Fetched],
        *,
        unattended: bool,
    ) -> None:
        row, today = find_connection(session, connection_id), local_day(self._clock)
        went_well(row, self._clock.now(), self._jitter, unattended=unattended)
        row.state, row.problem, row.fetched_at = ConnectionState.READY.value, "", self._clock.now()
        session.emit(BankChanged(owner_id=session.actor.owner_id, connection_id=connection_id))
        for one in accounts_of(session, connection_id):
            found = told.get(one.external_id)
            if found is not None:
                one.fetched_through = min(today, found.account.balance_on or today)  # it may tell what is days old
                if found.account.currency == one.currency:
                    one.balance_minor, one.balance_on = found.account.balance_minor, found.account.balance_on


def _linked(found: Connected) -> list[BankAccount]:
    linked = [one for one in found.accounts if one.account_id is not None]
    if not linked:
        problem = "None of its accounts is linked with one of yours."
        raise InvalidInput(fields=[FieldProblem("path.id", problem, "Link or open an account first.")])
    return linked


def _groups(linked: list[BankAccount], today: dt.date) -> dict[dt.date, list[str]]:
    """Return the first day to ask for -> accounts (external ids)."""
    groups: dict[dt.date, list[str]] = {}
    for one in linked:
        days = FIRST_DAYS if one.fetched_through is None else AGAIN_DAYS
        since = (one.fetched_through or today) - dt.timedelta(days=days)
        groups.setdefault(max(since, today - dt.timedelta(days=FIRST_DAYS)), []).append(one.external_id)
    return groups


def _as_file(title: str, told: Fetched, currency: str, *, opens: bool) -> StatementFile:
    """Return fetched lines as a statement; the first one of an account tells what it held before them."""
    bank, opening = told.account, None
    if opens and bank.balance_minor is not None and bank.balance_booked and bank.currency == currency:
        counted = sum(
            entry.amount_minor
            for entry in told.entries
            if entry.currency == currency
            and entry.date is not None
            and (bank.balance_on is None or entry.date <= bank.balance_on)
        )
        opening = Balance(bank.balance_minor - counted, currency)
    statement = Statement(None, currency, opening, None, told.entries)
    return StatementFile(FORMAT, title, (statement,))


def _doubts(told: Fetched, seen: Preview) -> tuple[str, ...]:
    """Return what the bank says is in doubt, and why a person should look at lines that are booked."""
    looked_at = [reason for row in seen.rows if row.fate is RowFate.NEW for reason in row.reasons]
    return tuple(dict.fromkeys((*told.doubts, *looked_at)))


def _plain(entry: Entry) -> list[object]:
    day = entry.date.isoformat() if entry.date else None
    return [day, entry.amount_minor, entry.currency, entry.counterparty, entry.purpose, entry.bank_id]
