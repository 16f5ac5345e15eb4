"""See that a connected bank's morning has come, and ask for the job that fetches it."""

from __future__ import annotations

import time

from backend.financial_manager.banks.bank_clock import BankClock
from backend.financial_manager.banks.work import FETCH, FetchArgs
from backend.sdk.actor import Actor
from backend.sdk.jobs import Jobs

EVERY = 30.0
"""Seconds between two looks at the moments."""
AGAIN = 600.0
"""Seconds before a job is asked for once more of which nothing came."""


class BankWatch:
    """Look at the moments. `tick` does one round."""

    def __init__(self, bank_clock: BankClock, jobs: Jobs) -> None:
        self._bank_clock = bank_clock
        self._jobs = jobs
        self._looked: float | None = None
        self._asked: dict[str, float] = {}

    def tick(self, at: float | None = None) -> int:
        """Ask for a fetch of each bank that is due, at most every `EVERY` seconds; returns how many. `at`: seconds."""
        at = time.monotonic() if at is None else at
        if self._looked is not None and at - self._looked < EVERY:
            return 0
        self._looked = at
        self._asked = {one: then for one, then in self._asked.items() if at - then < AGAIN}
        due = [(owner, one) for owner, one in self._bank_clock.due() if one not in self._asked]
        for owner_id, connection_id in due:
            args = FetchArgs(connection_id=connection_id)
            self._jobs.enqueue(Actor.of(owner_id), FETCH, args, dedupe=f"bank-{connection_id}")
            self._asked[connection_id] = at
        return len(due)
