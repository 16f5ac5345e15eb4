"""What a statement says, in the names of the field (ISO 20022 where it has one). Money is integer minor units."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reason to look at a row (or a statement) before booking it; `code` is for programs, `reason` for people."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Balance:
    """What the account held; `amount_minor` is signed, in minor units of `currency`."""

    amount_minor: int
    currency: str | None
    date: date | None = None


class Entry(NamedTuple):
    """One booked line. `amount_minor` is signed: what went out is negative.

    A named tuple: files have hundreds of thousands, and it is made in less than half of a frozen dataclass's time.
    """

    booking_date: date | None
    value_date: date | None
    amount_minor: int
    currency: str | None
    counterparty: str = ""
    iban: str = ""
    purpose: str = ""
    bank_id: str = ""
    """The bank's own, stable name of the booking (FITID, AcctSvcrRef); empty where it gives none."""
    reference: str = ""
    type_code: str = ""
    doubts: tuple[Doubt, ...] = ()
    line: int | None = None
    account: str | None = None
    """The account of this line, where one file mixes several; else None."""

    @property
    def date(self) -> date | None:
        """Return the day that counts: booked, else value; None where the file says neither."""
        return self.booking_date or self.value_date

    @property
    def booked(self) -> bool:
        """Tell whether the bank has booked this: what is pending or expected is listed and moves no balance yet."""
        return not self.doubts or all(doubt.code != "not_booked" for doubt in self.doubts)


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A line that was not read as a booking, and why."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class BalanceProof:
    """Opening plus all entries against closing; `difference_minor` is closing minus what it should be."""

    opening_minor: int
    sum_minor: int
    closing_minor: int
    currency: str | None

    @property
    def difference_minor(self) -> int:
        """Return what is missing (positive) or too much (negative) in the entries."""
        return self.closing_minor - self.opening_minor - self.sum_minor

    @property
    def holds(self) -> bool:
        """Tell whether opening + sum = closing."""
        return self.difference_minor == 0


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of one account."""

    account: str | None
    currency: str | None
    opening: Balance | None
    closing: Balance | None
    entries: tuple[Entry, ...]
    doubts: tuple[Doubt, ...] = ()
    skipped: tuple[SkippedRow, ...] = ()

    @property
    def proof(self) -> BalanceProof | None:
        """Return the balance proof of what is booked, or None where both balances in its currency are not told."""
        if self.opening is None or self.closing is None:
            return None
        currency = self.opening.currency
        booked = [entry for entry in self.entries if entry.booked]
        if self.closing.currency != currency or any(entry.currency != currency for entry in booked):
            return None
        total = sum(entry.amount_minor for entry in booked)
        return BalanceProof(self.opening.amount_minor, total, self.closing.amount_minor, currency)


@dataclass(frozen=True, slots=True)
class TableSeen:
    """How the first table of a file was read. `columns`: role -> number; `chosen`: as a person said, now or earlier."""

    heading: tuple[str, ...]
    columns: dict[str, int]
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class StatementFile:
    """Everything one file says. `dialect` tells how it was understood ("; utf-8 dmy decimal ,")."""

    format: str
    name: str
    statements: tuple[Statement, ...]
    dialect: dict[str, str] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()
    table: TableSeen | None = None

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return the entries of all statements, in the file's order."""
        return tuple(entry for statement in self.statements for entry in statement.entries)
