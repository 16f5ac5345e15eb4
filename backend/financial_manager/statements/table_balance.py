"""The running balance as proof: it tells the order of rows, settles signs, and names the rows that do not fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from backend.financial_manager.statements.statement import Doubt
from backend.financial_manager.statements.table_layout import Layout

_SURE = 0.9
_USEFUL = 0.6


@dataclass(slots=True)
class Booked:
    """What one row moved and what the account held behind it, in minor units."""

    minor: int
    balance: int | None
    doubts: tuple[Doubt, ...] = ()
    parts: tuple[int, ...] = ()
    """The sides of a table that has one for what went out and one for what came in."""
    others: tuple[int, ...] = ()
    plus: bool = False
    fee: int = 0


@dataclass(slots=True)
class Proven:
    """What the running balance proves: opening and closing, and doubts for the file and for single rows."""

    opening: int | None = None
    closing: int | None = None
    doubts: list[Doubt] = field(default_factory=list)
    rows: dict[int, tuple[Doubt, ...]] = field(default_factory=dict)
    both_ways: bool = False
    """Whether it proves money that came as well as money that left."""


def _steps(rows: Sequence[Booked], *, falling: bool) -> list[tuple[int, int]]:
    """Return (row, what the balance says it moved) for each row whose neighbour is known."""
    found = []
    for n in range(len(rows) - 1) if falling else range(1, len(rows)):
        here, before = rows[n].balance, rows[n + 1 if falling else n - 1].balance
        if here is not None and before is not None:
            found.append((n, here - before))
    return found


def _share(rows: Sequence[Booked], amounts: Sequence[int], *, falling: bool) -> float:
    """Return for how many rows the balance moves by these amounts, 0 to 1."""
    steps = _steps(rows, falling=falling)
    return sum(amounts[n] == moved for n, moved in steps) / len(steps) if steps else 0.0


def _best(rows: Sequence[Booked], amounts: Sequence[int], known: bool | None = None) -> tuple[float, bool]:
    """Return the better share of both orders of rows (or of the known one), and whether that is newest first."""
    orders = (False, True) if known is None else (known,)
    return max((_share(rows, amounts, falling=falling), falling) for falling in orders)


def newest_first(days: Sequence[date]) -> bool | None:
    """Tell from the days of the rows which way they are sorted; None where the days do not tell."""
    if len(set(days)) < 2:
        return None
    if all(a <= b for a, b in pairwise(days)):
        return False
    return True if all(a >= b for a, b in pairwise(days)) else None


def settle_fees(rows: list[Booked]) -> None:
    """Take fees off the amounts if the balance moves by both; where no balance tells, doubt the rows with a fee."""
    if not any(row.fee for row in rows):
        return
    amounts = [row.minor for row in rows]
    plain = _best(rows, amounts)[0]
    for sign in (-1, 1):
        both = [row.minor + sign * row.fee for row in rows]
        share = _best(rows, both)[0]
        if share >= _USEFUL and share > plain:
            for row, minor in zip(rows, both, strict=True):
                row.minor = minor
            return
    if plain >= _USEFUL and _moved_by_fee_rows(rows, amounts):
        return
    for row in rows:
        if row.fee:
            row.doubts += (Doubt("fee_open", "A fee stands beside this amount: it may come on top of it."),)


def _moved_by_fee_rows(rows: Sequence[Booked], amounts: Sequence[int]) -> bool:
    """Tell whether the balance proves a row with a fee to move by its amount alone."""
    falling = _best(rows, amounts)[1]
    return any(rows[n].fee and moved == amounts[n] for n, moved in _steps(rows, falling=falling))


def settle_credits(rows: list[Booked]) -> Doubt | None:
    """Read a column of credits that is written with a minus (as statements of cards do) as money that came in.

    The balance decides where there is one; else that is doubted. A minus that is rare there takes back a credit.
    """
    credits = [row.parts[1] for row in rows if len(row.parts) == 2 and row.parts[1]]
    if 2 * sum(one < 0 for one in credits) <= len(credits):
        return None
    amounts = [row.minor for row in rows]
    turned = [row.minor - 2 * row.parts[1] for row in rows]
    kept, other = _best(rows, amounts)[0], _best(rows, turned)[0]
    if kept >= _USEFUL and kept > other:
        return None
    for row, minor in zip(rows, turned, strict=True):
        row.minor = minor
    if other >= _USEFUL and other > kept:
        return None
    return Doubt("sign_assumed", "What came in is written with a minus here: read as money that came in.")


def settle_signs(rows: list[Booked], layout: Layout, unsigned: bool, plus: bool, falling: bool | None) -> Doubt | None:
    """Set the signs as the balance proves them; without balance and signs, say which way was assumed.

    `falling`: whether the newest row is first, None if that is not known. `plus`: some rows carry a plus and none a
    minus, as on statements of cards: then the bare ones were spent.
    """
    amounts = [row.minor for row in rows]
    opposite = [-minor for minor in amounts]
    as_read, turned = _best(rows, amounts)[0], _best(rows, opposite)[0]
    for at in range(len(layout.other_amounts)):
        other = [row.others[at] if at < len(row.others) else 0 for row in rows]
        if _best(rows, other)[0] > max(as_read, _USEFUL):
            for row, minor in zip(rows, other, strict=True):
                row.minor = minor
            return None
    told = not unsigned or (falling is not None and _best(rows, amounts, falling) > _best(rows, opposite, falling))
    if as_read >= _USEFUL and (as_read > turned or (as_read == turned and told)):
        return None
    if turned >= _SURE and turned > as_read and len(rows) > 2:
        for row in rows:
            row.minor = -row.minor
        return None
    if plus:
        for row in rows:
            row.minor = row.minor if row.plus else -row.minor
        return Doubt("sign_assumed", "Some amounts carry a plus, none a minus: those without a sign were spent.")
    if not rows or (not unsigned and not _mostly_spent(amounts, layout)):
        return None
    if _from_balance(rows):
        return None
    if layout.spending and not unsigned:
        for row in rows:
            row.minor = -row.minor
        return Doubt("sign_assumed", "A statement of a card, mostly without a minus: those were read as spent.")
    if layout.spending:
        for row in rows:
            row.minor = -row.minor
        return Doubt("sign_assumed", "The file says nothing of debit or credit: read as money that was spent.")
    return Doubt("sign_assumed", "The file says nothing of debit or credit: read as money that came in.")


def _mostly_spent(amounts: Sequence[int], layout: Layout) -> bool:
    """Tell whether this is a card's statement that writes purchases without and payments with a minus."""
    known = layout.preset is not None and layout.preset.purchases_positive
    plus, minus = sum(one > 0 for one in amounts), sum(one < 0 for one in amounts)
    mostly = plus > (minus if layout.bill_paid else 2 * minus)
    return layout.spending and not known and layout.amount >= 0 and layout.sign < 0 and mostly


def _from_balance(rows: list[Booked]) -> bool:
    """Take the sign of each row from how the balance moved, if it moves by the amounts."""
    sizes = [abs(row.minor) for row in rows]
    for falling in (False, True):
        steps = _steps(rows, falling=falling)
        if len(steps) < 2 or sum(abs(moved) == sizes[n] for n, moved in steps) < _SURE * len(steps):
            continue
        known = dict(steps)
        for n, row in enumerate(rows):
            if n in known:
                row.minor = sizes[n] if known[n] >= 0 else -sizes[n]
            else:
                row.doubts += (Doubt("sign_assumed", "No balance before this row tells whether money came or went."),)
        return True
    return False


def prove(rows: list[Booked]) -> Proven:
    """Return what the running balance proves. A balance that proves little is left out, and that is said.

    A single row proves nothing: its balance is the closing one, and there is no opening one to hold it against.
    """
    found = Proven()
    amounts = [row.minor for row in rows]
    if len(rows) < 2 or any(row.balance is None for row in rows):
        found.closing = rows[0].balance if len(rows) == 1 else None
        return found
    share, falling = _best(rows, amounts)
    if share < _USEFUL:
        found.doubts.append(Doubt("balance_unproven", "The balance column does not follow from the amounts."))
        return found
    first, last = (rows[-1], rows[0]) if falling else (rows[0], rows[-1])
    assert first.balance is not None
    assert last.balance is not None
    found.opening, found.closing = first.balance - first.minor, last.balance
    found.both_ways = len({moved > 0 for n, moved in _steps(rows, falling=falling) if moved == amounts[n] != 0}) > 1
    for n, moved in _steps(rows, falling=falling):
        if moved != amounts[n]:
            words = f"The balance moves by {moved} here, the amount is {amounts[n]} (smallest coins)."
            found.rows[n] = (Doubt("balance_gap", words),)
    return found
