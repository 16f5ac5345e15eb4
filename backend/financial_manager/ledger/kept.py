"""Keep in memory what was counted of a whole ledger, until anything in that ledger changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from backend.financial_manager.ledger.change_log import state_of
from backend.sdk.concurrency import native_lock
from backend.sdk.db import OwnedSession

T = TypeVar("T")

SPACES = 4
"""Spaces of which something is kept."""
ANSWERS = 24
"""Answers that are kept of one space."""


@dataclass(slots=True)
class _Space:
    """What was answered of one space while its ledger was in one state."""

    state: str = ""
    answers: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=native_lock)


class KeptByState(Generic[T]):
    """Count something once for each state of a space's ledger; what is given out is shared, and never changed.

    The state is asked of the database each time, in the session that would count: another process's change is seen as
    soon as one's own. In a step that is not recorded yet nothing is kept, because such a state has no name.
    """

    def __init__(self) -> None:
        self._spaces: OrderedDict[str, _Space] = OrderedDict()
        self._lock = native_lock()

    def get(self, session: OwnedSession, question: Hashable, count: Callable[[], T]) -> T:
        """Return the answer to a question about the acting space: kept, or counted now.

        `question`: all that the answer depends on beside the ledger, such as a day.
        """
        state = state_of(session)
        if state is None:
            return count()
        space = self._space(session.actor.owner_id)
        with space.lock:
            if space.state != state:
                space.answers.clear()
                space.state = state
            if question not in space.answers:
                space.answers[question] = count()
            space.answers.move_to_end(question)
            while len(space.answers) > ANSWERS:
                space.answers.popitem(last=False)
            found: T = space.answers[question]
            return found

    def _space(self, owner: str) -> _Space:
        with self._lock:
            found = self._spaces.setdefault(owner, _Space())
            self._spaces.move_to_end(owner)
            while len(self._spaces) > SPACES:
                self._spaces.popitem(last=False)
            return found
