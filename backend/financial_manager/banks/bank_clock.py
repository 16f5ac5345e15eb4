"""Ask connected banks every morning, where a person switched that on; what is not sure waits as when a person asks.

The moment lies in the connection's row, so that it outlasts a restart; the resident sees that it has come and asks for
a job, and the job fetches as a person does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from backend.financial_manager.banks.connections import Connected, Connections, find_connection
from backend.financial_manager.banks.fetching import AccountFetched, Fetching
from backend.financial_manager.banks.models import BankConnection, ConnectionState
from backend.financial_manager.banks.provider import FAILURES, BankAsking, BankNeedsYou, ConnectionMissing
from backend.financial_manager.banks.turns import Jitter, is_due, next_morning, wind
from backend.financial_manager.events import BankChanged
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import FieldProblem, HomieError, InvalidInput


class BankClock:
    """Keep which connections the clock asks. `wanted`: told whether anybody has one; `jitter`: spreads the moments."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        connections: Connections,
        fetching: Fetching,
        wanted: Callable[[bool], None],
        jitter: Jitter,
    ) -> None:
        self._db = db
        self._clock = clock
        self._connections = connections
        self._fetching = fetching
        self._wanted = wanted
        self._jitter = jitter

    def switch(self, actor: Actor, connection_id: str, *, on: bool) -> Connected:
        """Ask a bank every morning from tomorrow on, or no more.

        Raises `ConnectionMissing`, `InvalidInput` for one that may ask a person something.
        """

        def work(session: OwnedSession) -> None:
            row = find_connection(session, connection_id)
            if on and not self._connections.unattended(row):
                problem = "This bank may ask you for a code, and you would not be there."
                raise InvalidInput(fields=[FieldProblem("body.on", problem, "Fetch it by hand.")])
            row.clock = on
            if not on:
                row.next_at, row.tries = None, 0
            elif row.state in (ConnectionState.READY, ConnectionState.FAILED):
                wind(row, self._clock.now(), self._jitter)
            session.emit(BankChanged(owner_id=session.actor.owner_id, connection_id=connection_id))

        self._db.write(actor, work)
        self.tell_wanted()
        return self._connections.get(actor, connection_id)

    def disconnect(self, actor: Actor, connection_id: str) -> None:
        """Forget a connection; after the last one with a clock the resident ends. Raises `ConnectionMissing`."""
        self._connections.disconnect(actor, connection_id)
        self.tell_wanted()

    def tell_wanted(self) -> None:
        """Say whether anybody's bank is asked by the clock."""
        self._wanted(self.any())

    def any(self) -> bool:
        """Tell whether anybody's bank is asked by the clock."""
        return self._db.unscoped("is anybody's bank asked by the clock?", _any)

    def due(self) -> list[tuple[str, str]]:
        """Return (owner, connection) of what is to be asked now."""
        now = self._clock.now()

        def work(session: Any) -> list[tuple[str, str]]:
            rows = session.scalars(select(BankConnection).where(BankConnection.clock.is_(True)))
            return [(row.owner_id, row.id) for row in rows if is_due(row, now)]

        return self._db.unscoped("connected banks: which the clock asks now", work)

    def fetch(self, actor: Actor, connection_id: str) -> list[AccountFetched]:
        """Ask one bank whose moment has come; nothing where it has not, or the bank needs a person.

        Raises `BankAsking` while somebody asks it.
        """
        try:
            found = self._connections.get(actor, connection_id)
            if not self._connections.unattended(found.row):
                return []
            return self._fetching.fetch(actor, connection_id, unattended=True)
        except BankAsking:
            raise
        except ConnectionMissing:
            return []
        except FAILURES:
            return []  # it is said in the connection, and when it is tried again
        except HomieError as error:
            self._db.write(actor, self._put_off, connection_id, error)
            return []

    def _put_off(self, session: OwnedSession, connection_id: str, error: HomieError) -> None:
        """Ask tomorrow what cannot be asked today for another reason; never what a person has to open again."""
        row = find_connection(session, connection_id)
        row.tries = 0
        row.next_at = None if isinstance(error, BankNeedsYou) else next_morning(self._clock.now(), self._jitter)
        if row.state == ConnectionState.READY and not isinstance(error, BankNeedsYou):
            row.state = ConnectionState.FAILED.value
            row.problem = " ".join([error.message, *(one.problem for one in error.fields)])
        session.emit(BankChanged(owner_id=session.actor.owner_id, connection_id=connection_id))


def _any(session: Any) -> bool:
    return session.scalars(select(BankConnection.id).where(BankConnection.clock.is_(True)).limit(1)).first() is not None
