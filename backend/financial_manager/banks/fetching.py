"""Fetch what a connected bank has booked, and book it as a statement: same preview, same duplicates, same undo.

A bank that refused is not asked again by itself: tried again and again, a login is locked. What failed for the network
or the bank's own trouble can be fetched again.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass

from backend.financial_manager.banks.connections import Connected, Connections, accounts_of, find_connection
from backend.financial_manager.banks.models import BankAccount, ConnectionState
from backend.financial_manager.banks.provider import BankBusy, BankNeedsYou, BankRefused, BankUnusable, Fetched
from backend.financial_manager.events import BankChanged
from backend.financial_manager.importing.imports import Imports
from backend.financial_manager.importing.models import RowFate
from backend.financial_manager.importing.preview import hash_of
from backend.financial_manager.ledger.accounts import Accounts
from backend.financial_manager.statements import Balance, Entry, Statement, StatementFile
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.outgoing import AddressRefused, AnswerUnusable, ServerUnreachable

FIRST_DAYS = 89
"""How far back the first fetch goes: what PSD2 lets a bank tell without another yes."""
AGAIN_DAYS = 10
"""How far before the last fetch the next one begins: banks book some lines late."""
FORMAT = "bank"


@dataclass(frozen=True, slots=True)
class AccountFetched:
    """What a fetch did in one account. `batch_id`: None where nothing was new; `difference_minor`: bank minus Homie."""

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
        imports: Imports,
        accounts: Accounts,
        prepare: Callable[[Actor], object],
    ) -> None:
        self._db = db
        self._clock = clock
        self._connections = connections
        self._imports = imports
        self._accounts = accounts
        self._prepare = prepare

    def fetch(self, actor: Actor, connection_id: str) -> list[AccountFetched]:
        """Ask the bank now and book what is new in the linked accounts.

        Raises `ConnectionMissing`, `BankNeedsYou`, `InvalidInput` where no account is linked, and what asking raises.
        """
        found = self._connections.get(actor, connection_id)
        linked = [one for one in found.accounts if one.account_id is not None]
        self._check(found, linked)
        provider = self._connections.providers[found.row.provider]
        today = self._clock.now().date()
        secret = self._connections.secret(actor, found.row)
        try:
            told = {
                one.account.external_id: one
                for since, ids in _groups(linked, today).items()
                for one in provider.fetch(secret, ids, since, today)
            }
        except BankRefused as error:
            self._note(actor, connection_id, ConnectionState.NEEDS_YOU, error.message)
            raise
        except (BankBusy, BankUnusable, ServerUnreachable, AnswerUnusable, AddressRefused) as error:
            self._note(actor, connection_id, ConnectionState.FAILED, error.message)
            raise
        self._prepare(actor)
        done = [
            self._book(actor, found.row.title, one, told[one.external_id]) for one in linked if one.external_id in told
        ]
        self._db.write(actor, self._fetched, connection_id, told, today)
        return done

    def _check(self, found: Connected, linked: list[BankAccount]) -> None:
        now = self._clock.now()
        ended = found.row.valid_until is not None and found.row.valid_until <= now
        if found.row.state in (ConnectionState.NEEDS_YOU, ConnectionState.NEW) or ended:
            raise BankNeedsYou()
        if not linked:
            problem = "None of its accounts is linked with one of yours."
            raise InvalidInput(fields=[FieldProblem("path.id", problem, "Link or open an account first.")])

    def _book(self, actor: Actor, title: str, remote: BankAccount, told: Fetched) -> AccountFetched:
        assert remote.account_id is not None
        before = self._accounts.get(actor, remote.account_id)
        file = _as_file(title, told, opens=before.account.opening_date is None and not before.bookings)
        file_hash = hash_of(json.dumps([_plain(entry) for entry in told.entries]).encode())
        seen = self._imports.look_at_lines(actor, remote.account_id, file, file_hash)
        batch_id = None
        if seen.count(RowFate.NEW):
            batch_id = self._imports.book_lines(actor, remote.account_id, file, file_hash).batch.id
        holds = self._accounts.get(actor, remote.account_id).balance_minor
        bank = told.account.balance_minor
        return AccountFetched(
            remote.id, remote.account_id, seen.count(RowFate.NEW), seen.count(RowFate.KNOWN),
            seen.count(RowFate.TWIN), seen.count(RowFate.EARLIER, RowFate.LOCKED, RowFate.UNREAD), batch_id,
            bank - holds if bank is not None else None, told.doubts,
        )  # fmt: skip

    def _note(self, actor: Actor, connection_id: str, state: ConnectionState, problem: str) -> None:
        def work(session: OwnedSession) -> None:
            row = find_connection(session, connection_id)
            row.state, row.problem = state.value, problem
            session.emit(BankChanged(owner_id=session.actor.owner_id, connection_id=connection_id))

        self._db.write(actor, work)

    def _fetched(self, session: OwnedSession, connection_id: str, told: dict[str, Fetched], today: dt.date) -> None:
        row = find_connection(session, connection_id)
        row.state, row.problem, row.fetched_at = ConnectionState.READY.value, "", self._clock.now()
        session.emit(BankChanged(owner_id=session.actor.owner_id, connection_id=connection_id))
        for one in accounts_of(session, connection_id):
            found = told.get(one.external_id)
            if found is not None:
                one.fetched_through = today
                one.balance_minor, one.balance_on = found.account.balance_minor, found.account.balance_on


def _groups(linked: list[BankAccount], today: dt.date) -> dict[dt.date, list[str]]:
    """Return the first day to ask for -> accounts (external ids)."""
    groups: dict[dt.date, list[str]] = {}
    for one in linked:
        days = FIRST_DAYS if one.fetched_through is None else AGAIN_DAYS
        since = (one.fetched_through or today) - dt.timedelta(days=days)
        groups.setdefault(max(since, today - dt.timedelta(days=FIRST_DAYS)), []).append(one.external_id)
    return groups


def _as_file(title: str, told: Fetched, *, opens: bool) -> StatementFile:
    """Return fetched lines as a statement; the first one of an account tells what it held before them."""
    currency = told.account.currency or (told.entries[0].currency if told.entries else None)
    opening = None
    if opens and told.account.balance_minor is not None:
        before = told.account.balance_minor - sum(entry.amount_minor for entry in told.entries)
        opening = Balance(before, currency)
    statement = Statement(None, currency, opening, None, told.entries)
    return StatementFile(FORMAT, title, (statement,))


def _plain(entry: Entry) -> list[object]:
    day = entry.date.isoformat() if entry.date else None
    return [day, entry.amount_minor, entry.currency, entry.counterparty, entry.purpose, entry.bank_id]
