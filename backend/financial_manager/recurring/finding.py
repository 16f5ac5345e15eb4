"""What comes again among a space's bookings, looked for once and kept until something in its ledger changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from backend.financial_manager.ledger.kept import KeptByState
from backend.financial_manager.recurring.bookings import LOOKED_BACK, closings, last_days, load_bookings
from backend.financial_manager.recurring.detector import Booking, Series, find_series
from backend.financial_manager.recurring.models import RecurringPayment
from backend.sdk.db import OwnedSession

Group = tuple[str, str, str, bool]
"""Account, currency, the payee as the bank writes it, and whether money left."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found by a day. `series`: in the order of their first bookings.

    `decided`: the bookings of payees that a person decided about, oldest first. `seen`: account -> the day up to which
    all of its bookings are known. `closed`: account -> the day on which it was closed, or will be.
    """

    series: tuple[Series, ...] = ()
    decided: Mapping[Group, tuple[Booking, ...]] = field(default_factory=dict)
    seen: Mapping[str, dt.date] = field(default_factory=dict)
    closed: Mapping[str, dt.date] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        bookings: Sequence[Booking],
        rows: Sequence[RecurringPayment],
        closed: Mapping[str, dt.date],
        today: dt.date,
    ) -> Findings:
        """Look for series, and keep of the other bookings those that the decisions `rows` are about."""
        wanted = {group_of(row) for row in rows}
        decided: dict[Group, list[Booking]] = {}
        for one in bookings:
            group = (one.account_id, one.currency, one.text_key, one.amount_minor < 0)
            if group in wanted:
                decided.setdefault(group, []).append(one)
        series = tuple(sorted(find_series(bookings), key=lambda one: one.bookings[0]))
        kept = {group: tuple(sorted(some)) for group, some in decided.items()}
        return cls(series, kept, last_days(bookings, closed, today), closed)


def group_of(row: RecurringPayment) -> Group:
    """Return which bookings a decision is about."""
    return (row.account_id, row.currency, row.payee_key, row.outgoing)


class Finder:
    """Look for what comes again, once for each state of a space's ledger and each day."""

    def __init__(self) -> None:
        self._kept: KeptByState[Findings] = KeptByState()

    def find(self, session: OwnedSession, rows: Sequence[RecurringPayment], today: dt.date) -> Findings:
        """Return what comes again in the acting space; `rows`: its decisions."""
        return self._kept.get(session, today, lambda: _look(session, rows, today))


def _look(session: OwnedSession, rows: Sequence[RecurringPayment], today: dt.date) -> Findings:
    bookings = load_bookings(session, today - LOOKED_BACK, today)
    return Findings.of(bookings, rows, closings(session), today)
