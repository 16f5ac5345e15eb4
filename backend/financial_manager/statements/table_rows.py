"""The rows of a table as drafts of bookings: cells are found and taken apart, nothing is decided over columns yet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from backend.financial_manager.currencies import KNOWN, code_of
from backend.financial_manager.statements.dates import WrittenDate, written_date
from backend.financial_manager.statements.delimited import Row
from backend.financial_manager.statements.errors import at_line
from backend.financial_manager.statements.limits import clip
from backend.financial_manager.statements.numerals import Written, written
from backend.financial_manager.statements.remembering import remembered
from backend.financial_manager.statements.statement import SkippedRow
from backend.financial_manager.statements.table_layout import Layout
from backend.financial_manager.statements.vocabulary import (
    balance_starts,
    balance_words,
    cell_words,
    plain,
    role_scores,
)

_LIKE_A_DATE = re.compile(r"[0-9]{1,4}[-./][0-9A-Za-z]{1,3}[-./][0-9]{1,4}.{0,30}")
_NO_AMOUNT = {"na", "n a", "null", "none", "nan", "nil", "keine", "kein"}
_OF_A_DAY = re.compile(r" (?:as of |per |vom |am |zum |au |al |at |on |op |den |dnia |ke dni |a )?[0-9]{1,4}\b")
_SPARSE = 6
_LONGEST_TITLE = 60
_SUMS = {
    "turnover": "This is a sum of rows.",
    "opening": "This is the opening balance.",
    "closing": "This is the closing balance.",
}


class Texts(NamedTuple):
    """What a row says in columns of texts, named as in the layout; "" where it says nothing."""

    counterparty: str
    payer: str
    payee: str
    iban: str
    reference: str
    bank_id: str
    type_code: str


@dataclass(slots=True)
class Draft:
    """One row that is a booking. `amounts`: the amount, or what went out and what came in."""

    line: int
    date: WrittenDate
    value: WrittenDate | None
    amounts: tuple[Written | None, ...]
    others: tuple[Written | None, ...]
    balance: Written | None
    outgoing: bool | None
    currency: str | None
    unit: str | None
    account: str
    purpose: str
    texts: Texts
    fee: Written | None = None

    @property
    def bare(self) -> bool:
        """Tell whether nothing stands beside the amount: no balance, no fee, no sign, no other amount."""
        return self.balance is None and self.fee is None and self.outgoing is None and not self.others


@dataclass(slots=True)
class Reading:
    """The bookings of a table, and the rows that are none."""

    drafts: list[Draft]
    skipped: list[SkippedRow]
    undated: int = 0
    """Rows left out that have an amount and no date."""
    lost: list[Row] = field(default_factory=list)
    """Rows left out that have a date and an amount, but not where the columns say."""
    balances: dict[str, Written] = field(default_factory=dict)
    """"opening" and "closing", where rows between the bookings tell them."""
    balance_days: list[WrittenDate] = field(default_factory=list)
    """The days of such rows."""


def has_booking(cells: Sequence[str]) -> bool:
    """Tell whether one cell is a date and another one an amount."""
    if len(cells) > 500:
        return False
    dates = {n for n, cell in enumerate(cells) if written_date(cell)}
    return bool(dates) and any(n not in dates and written(cell) for n, cell in enumerate(cells))


def read_rows(rows: list[Row], layout: Layout) -> Reading:
    """Return the drafts of all rows. A row that should be a booking and cannot be read is an error with its line.

    Uses `rows` up: none of a large file's rows lies beside its drafts.
    """
    reading = Reading([], [])
    names = [cell.strip() for cell in layout.heading.cells] if layout.heading else None
    columns = _Columns.of(layout)
    status = ""
    rows.reverse()
    while rows:
        row = rows.pop()
        if names is not None and _repeats(row.cells, names):
            continue
        title = title_of(row)
        if title:
            status = title if is_unbooked_title(title) else ""
        found = f"The bank has not booked this yet ({status})." if status else _draft(row, layout, columns, reading)
        if isinstance(found, str):
            reading.skipped.append(skipped(row, found))
        else:
            reading.drafts.append(found)
    return reading


def _repeats(cells: list[str], names: list[str]) -> bool:
    """Tell whether a row is the heading once more."""
    return len(cells) == len(names) and cells[0].strip() == names[0] and [cell.strip() for cell in cells] == names


def title_of(row: Row) -> str:
    """Return the words of a row that are its only cell ("Pending transactions"), or ""."""
    if len(row.cells) > 1 and row.cells[0].strip() and row.cells[1].strip():
        return ""
    filled = [cell.strip() for cell in row.cells if cell.strip()]
    alone = len(filled) == 1 and len(filled[0]) <= _LONGEST_TITLE and not written_date(filled[0])
    return filled[0] if alone and any(c.isalpha() for c in filled[0]) else ""


def is_unbooked_title(title: str) -> bool:
    """Tell whether a title says that what stands below is not booked yet."""
    return plain(title) in cell_words("unbooked_title")


def skipped(row: Row, reason: str) -> SkippedRow:
    """Return a row as left out, with its reason."""
    return SkippedRow(row.line, clip(" ".join(row.cells))[:200], reason)


def _cell(cells: list[str], index: int) -> str:
    """Return a cell, "" where there is none."""
    return cells[index].strip() if 0 <= index < len(cells) else ""


@dataclass(frozen=True, slots=True)
class _Columns:
    """What is the same for each row of a table: where amounts and `Texts` stand; -1 for a text without a column."""

    amounts: tuple[int, ...]
    texts: tuple[int, ...]
    first: int
    """The first column of an amount: a row that ends before it is cut off."""
    width: int
    """Cells that a row needs to have all columns."""
    coded: bool
    """Whether a column of signs, balances, fees or value dates is there at all."""

    @classmethod
    def of(cls, layout: Layout) -> _Columns:
        """Look a layout through once."""
        amounts = (layout.amount,) if layout.amount >= 0 else (layout.debit, layout.credit)
        texts = tuple(int(getattr(layout, name)) for name in Texts._fields)
        coded = max(layout.value_date, layout.balance, layout.sign, layout.fee) >= 0
        first = min((one for one in amounts if one >= 0), default=0)
        single = (layout.booking_date, layout.value_date, layout.balance, layout.sign, layout.fee, layout.status)
        named = (layout.currency, layout.account, *layout.purpose, *layout.other_amounts, *texts)
        return cls(amounts, texts, first, max(*amounts, *single, *named) + 1, coded)

    def cells_of(self, row: Row) -> list[str]:
        """Return a row's cells so that each column has one, "" where there is none; also at -1, for no column."""
        cells = [cell.strip() for cell in row.cells]
        cells += [""] * max(1, self.width - len(cells) + 1)
        return cells


def _draft(row: Row, layout: Layout, at: _Columns, reading: Reading) -> Draft | str:
    """Return a row as a draft, or the reason why it is no booking."""
    cells = at.cells_of(row)
    day_text = cells[layout.booking_date]
    if layout.status >= 0 or not day_text[:1].isdigit():
        unbooked = _not_booked(cells[layout.status], day_text)
        if unbooked:
            return unbooked
    texts = [cells[index] for index in at.amounts]
    amounts = tuple([written(text) for text in texts])
    day = written_date(day_text)
    if day is None:
        return _undated(row, day_text, amounts, layout, reading)
    _check_amounts(row, at.first, texts, amounts)
    status = cells[layout.reference]
    if status.isalpha() and plain(status) in cell_words("unbooked_reference"):
        return f"The bank has not booked this yet ({status})."
    kind = _balance_of_day(cells, layout)
    if kind:
        told = next(filter(None, (*amounts, written(cells[layout.balance]))), None)
        _keep_balance(kind, told, cells, layout, reading)
        reading.balance_days.append(day)
        return _SUMS[kind]
    fee = written(cells[layout.fee]) if at.coded else None
    if not any(amounts) and (fee is None or layout.amount >= 0):
        elsewhere = _misplaced(row, layout, reading)
        text = texts[0]
        if not elsewhere and layout.amount >= 0 and _is_word(text):
            raise at_line(row.line, f"The file has an amount that cannot be read ({text[:40]!r}).")
        return elsewhere or "This has no amount."
    units = [one.currency for one in amounts if one is not None and one.currency]
    code = cells[layout.currency]
    return Draft(
        row.line,
        day,
        written_date(cells[layout.value_date]) if at.coded else None,
        amounts,
        tuple([written(cells[index]) for index in layout.other_amounts]) if layout.other_amounts else (),
        written(cells[layout.balance]) if at.coded else None,
        _outgoing(cells[layout.sign], layout.letters) if at.coded else None,
        code if code in KNOWN else code_of(code),
        units[0] if units else layout.named_currency,
        cells[layout.account],
        " ".join([text for index in layout.purpose if (text := cells[index])]),
        Texts._make([cells[index] for index in at.texts]),
        fee,
    )


def _is_word(text: str) -> bool:
    """Tell whether a word stands where an amount belongs, other than one for "none"."""
    return any(c.isalpha() for c in text) and plain(text) not in _NO_AMOUNT and plain(text).upper() not in KNOWN


def _undated(row: Row, day: str, amounts: tuple[Written | None, ...], layout: Layout, reading: Reading) -> str:
    """Return why a row without a date is no booking; one whose date is damaged is refused."""
    if _LIKE_A_DATE.fullmatch(day) and any(amounts):
        raise at_line(row.line, f"The file has a date that cannot be read ({day[:40]!r}).")
    kind = _balance_of_day([cell.strip() for cell in row.cells], layout)
    if kind:
        elsewhere = (written(cell) for cell in row.cells if not written_date(cell))
        _keep_balance(kind, next(filter(None, (*amounts, *elsewhere)), None), row.cells, layout, reading)
        return _SUMS[kind]
    if _is_balance(row):
        return "This is a balance."
    reading.undated += any(amounts)
    return _misplaced(row, layout, reading) or "This has no date."


def _is_balance(row: Row) -> bool:
    """Tell whether a row begins with the bare name of a balance ("Kontostand;31.3.2024;;1.000,00")."""
    first = next((cell for cell in row.cells if cell.strip()), "")
    words = plain(first[:80])
    if not words or written(first):
        return False
    return (
        role_scores(words).get("balance", 0) >= 1000
        or role_scores(_OF_A_DAY.split(f"{words} ")[0].strip()).get("balance", 0) >= 1000
    )


def _not_booked(status: str, day: str) -> str:
    """Return why a row is no booking by its status ("declined: no funds") or by what stands for its date, else ""."""
    status = status or (day if not day[:1].isdigit() else "")
    if not status:
        return ""
    if _says("void", plain(status)):
        return f"This was not carried out ({status})."
    return f"The bank has not booked this yet ({status})." if _says("not_booked", plain(status)) else ""


@remembered(1024)
def _says(kind: str, status: str) -> bool:
    """Tell whether a status says this, or begins with a word that does."""
    words = cell_words(kind)
    return status in words or any(status.startswith(f"{word} ") for word in words if len(word) > 3)


def _misplaced(row: Row, layout: Layout, reading: Reading) -> str:
    """Return the reason for a row with a date and an amount that stand in other columns than in most rows, or ""."""
    if not has_booking(row.cells):
        return ""
    free = [cell for n, cell in enumerate(row.cells) if n not in layout.known_numbers]
    if not any(written(cell) and not written_date(cell) for cell in free):
        return ""
    reading.lost.append(row)
    return "The date or the amount does not stand in its column."


def _balance_of_day(cells: list[str], layout: Layout) -> str:
    """Return "opening" or "closing" for a row that is a balance ("Opening balance as of 1 March"), else "".

    `cells`: without spaces around them.
    """
    filled = [cell for cell in cells if cell]
    texts = filled if len(filled) <= _SPARSE else [_cell(cells, n) for n in (*layout.purpose, layout.counterparty)]
    for text in texts:
        if text[:1] in _DIGITS or _names_no_balance(text):
            continue
        words = plain(text[:80])
        if not words.startswith(balance_starts()):
            continue
        for start, kind in balance_words():
            if words.startswith(start) and (
                words == start or (kind != "turnover" and _OF_A_DAY.match(words[len(start) :]))
            ):
                return kind
    return ""


_HEAD = 3
_DIGITS = "0123456789"


@cache
def _heads() -> frozenset[str]:
    """Return the first letters of all words that name a balance."""
    return frozenset(word[:_HEAD] for word in balance_starts() if len(word) >= _HEAD)


def _names_no_balance(text: str) -> bool:
    """Tell of most texts, at once and surely, that they name no balance: by their first three letters, or a digit."""
    return _begins_no_balance(text.lstrip("+-")[:_HEAD])


@remembered(4096)
def _begins_no_balance(head: str) -> bool:
    """Tell of three letters, or a digit, that no name of a balance begins with them.

    What `plain` might change among these (accents, an upper case letter behind a small one) is for it to read.
    """
    if head[:1].isdecimal():
        return head[0].isascii()
    plainly = len(head) == _HEAD and head.isascii() and head.isalpha() and (head[1:].islower() or head.isupper())
    return plainly and head.lower() not in _heads()


def _keep_balance(kind: str, told: Written | None, cells: list[str], layout: Layout, reading: Reading) -> None:
    """Keep a balance that a row tells; the first one of its kind counts."""
    if told is None or kind in reading.balances:
        return
    in_debit = layout.amount < 0 and written(_cell(cells, layout.debit)) is not None
    turned = in_debit or _outgoing(_cell(cells, layout.sign), layout.letters) is True
    reading.balances[kind] = told._replace(negative=told.negative or turned)


def _check_amounts(row: Row, first: int, texts: list[str], amounts: tuple[Written | None, ...]) -> None:
    """Refuse a row with a date whose amount is damaged or cut off. `first`: the first column of an amount."""
    for text, amount in zip(texts, amounts, strict=True):
        if amount is not None and text[-1] in _DIGITS:
            continue
        if any(c.isdigit() for c in text) and (amount is None or {text[-1], amount.numeral[-1]} <= {".", ","}):
            raise at_line(row.line, f"The file has an amount that cannot be read ({text[:40]!r}).")
    if len(row.cells) <= first:
        raise at_line(
            row.line, f"The file has a line that is cut off: it ends after {len(row.cells)} cells, before its amount."
        )


def _outgoing(text: str, letters: dict[str, bool]) -> bool | None:
    """Return what a sign says: True for money out, None where it says nothing. `letters`: what its heading tells."""
    if letters and (told := letters.get(text.casefold())) is not None:
        return told
    word = text if text in ("+", "-") else plain(text)
    if not word:
        return None
    if word in cell_words("out"):
        return True
    return False if word in cell_words("in") else None
