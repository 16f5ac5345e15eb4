"""How a line of a statement is recognised when it comes again, in an overlapping export or another format.

By the bank's own id, where it gives one. Else by account, day, amount and text: and because two equal coffees are two
coffees, lines with the same key are counted, never taken as a set. A file that holds a key three times where two are
booked adds one.

Some banks give a line another id when they tell it again. A line with an id that nobody knows, whose day, amount and
text are booked under an id that the file does not hold any more, is therefore asked about and not booked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple

from backend.financial_manager.ledger.text import fold, storable
from backend.financial_manager.statements import Entry

MOST_OF_ID = 120
"""Characters of a bank's id that are kept (`RawRow.bank_id`)."""
_NO_ID = frozenset(("NOTPROVIDED", "NOTAVAILABLE", "NONREF"))


def content_key(entry: Entry, currency: str) -> str:
    """Return what a line is recognised by: 32 hex digits of its day, amount, currency and folded text."""
    told = f"{entry.date}|{entry.amount_minor}|{currency}|{fold(f'{entry.counterparty} {entry.purpose}')}"
    return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def kept_id(told: str) -> str:
    """Return a bank's id of a line as it is kept and compared; "" for one that only says that there is none.

    A long one keeps its beginning and a digest of the whole, so that two with the same beginning stay two.
    """
    if not told:
        return ""
    plain = storable(told).strip()
    if plain.upper() in _NO_ID:
        return ""
    if len(plain) <= MOST_OF_ID:
        return plain
    return f"{plain[:80]}~{blake2b(plain.encode(), digest_size=16).hexdigest()}"


class Stored(NamedTuple):
    """A line that was booked before, or met a transaction. `bank_id`: "" where it came without one."""

    bank_id: str
    key: str
    amount_minor: int
    transaction_id: str


@dataclass(slots=True)
class KnownLines:
    """What is booked already in one account; `take` and `reissued` use a transaction up: each is met once."""

    by_bank_id: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    with_id: dict[str, list[str]] = field(default_factory=dict)
    without_id: dict[str, list[str]] = field(default_factory=dict)
    """Content key -> transactions, by whether the bank gave their line an id."""
    met: set[str] = field(default_factory=set)
    lines: int = 0
    """How many there are."""

    @classmethod
    def of(cls, rows: Iterable[Stored]) -> KnownLines:
        """Take up lines. A transaction that several of them speak of is there once."""
        known = cls()
        for row in rows:
            bank_id = kept_id(row.bank_id)
            if bank_id:
                known.by_bank_id.setdefault((bank_id, row.amount_minor), []).append(row.transaction_id)
            known.lines += 1
            keys = known.with_id if bank_id else known.without_id
            keys.setdefault(row.key, []).append(row.transaction_id)
        return known

    def take(self, bank_id: str, key: str, amount_minor: int) -> bool:
        """Tell whether a line is known, and count it as met.

        With an id of the bank, the id decides; the text only meets lines that came without one (another format).
        """
        if bank_id and (same := self.by_bank_id.get((bank_id, amount_minor))):
            self.met.add(same.pop(0))
            return True
        if self._next(self.without_id, key) is not None:
            return True
        return not bank_id and self._next(self.with_id, key) is not None

    def reissued(self, key: str) -> str | None:
        """Return the transaction of a line that is booked under another id and was met by none; it counts as met.

        To be asked after `take` was asked for every line of the file.
        """
        return self._next(self.with_id, key)

    def _next(self, keys: dict[str, list[str]], key: str) -> str | None:
        free = keys.get(key)
        while free:
            transaction_id = free.pop(0)
            if not free:
                del keys[key]  # a large file makes as many lines as it meets here
            if transaction_id not in self.met:
                self.met.add(transaction_id)
                return transaction_id
        return None
