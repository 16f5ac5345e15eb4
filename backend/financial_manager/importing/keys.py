"""How a line of a statement is recognised when it comes again, in an overlapping export or another format.

By the bank's own id, where it gives one. Else by account, day, amount and text: and because two equal coffees are two
coffees, lines with the same key are counted, never taken as a set. A file that holds a key three times where two are
booked adds one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b

from backend.financial_manager.ledger.text import fold
from backend.financial_manager.statements import Entry


def content_key(entry: Entry, currency: str) -> str:
    """Return what a line is recognised by: 32 hex digits of its day, amount, currency and folded text."""
    told = f"{entry.date}|{entry.amount_minor}|{currency}|{fold(f'{entry.counterparty} {entry.purpose}')}"
    return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


@dataclass(slots=True)
class KnownLines:
    """What is booked already in one account, counted; `take` uses a line up, so that each is met once."""

    by_bank_id: Counter[tuple[str, int]] = field(default_factory=Counter)
    by_key: Counter[str] = field(default_factory=Counter)
    by_key_without_id: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str, int]]) -> KnownLines:
        """Count lines, given as (bank id or "", content key, amount in minor units)."""
        known = cls()
        for bank_id, key, amount_minor in rows:
            known.by_key[key] += 1
            if bank_id:
                known.by_bank_id[(bank_id, amount_minor)] += 1
            else:
                known.by_key_without_id[key] += 1
        return known

    def take(self, bank_id: str, key: str, amount_minor: int) -> bool:
        """Tell whether a line is known, and count it as met.

        With an id of the bank, the id decides; the text only meets lines that came without one (another format).
        """
        if bank_id:
            if self.by_bank_id[(bank_id, amount_minor)] > 0:
                self.by_bank_id[(bank_id, amount_minor)] -= 1
                self.by_key[key] -= 1
                return True
            if self.by_key_without_id[key] > 0:
                self.by_key_without_id[key] -= 1
                self.by_key[key] -= 1
                return True
            return False
        if self.by_key[key] > 0:
            self.by_key[key] -= 1
            if self.by_key_without_id[key] > 0:
                self.by_key_without_id[key] -= 1
            return True
        return False
