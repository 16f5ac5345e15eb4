"""The rows of a table as drafts of bookings: cells are found and taken apart, nothing is decided over columns yet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from backend.financial_manager.currencies import KNOWN
from backend.financial_manager.statements.dates import WrittenDate, written_date
from backend.financial_manager.statements.delimited import Row
from backend.financial_manager.statements.errors import at_line
from backend.financial_manager.statements.limits import clip
from backend.financial_manager.statements.numerals import Written, written
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
_TEXTS = ("counterparty", "payer", "payee", "iban", "reference", "bank_id", "type_code")


@dataclass(slots=True)
class Draft:
    """One row that is a booking. `amounts`: the amount, or what went out and what came in."""

    row: Row
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
    texts: dict[str, str] = field(default_factory=dict)
    fee: Written | None = None


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
    """Return the drafts of all rows. A row that should be a booking and cannot be read is an error with its line."""
    reading = Reading([], [])
    names = [cell.strip() for cell in layout.heading.cells] if layout.heading else None
    columns = _Columns.of(layout)
    status = ""
    for row in rows:
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
    """What is the same for each row of a table: where amounts and texts stand (`texts` with the names of theirs)."""

    amounts: tuple[int, ...]
    texts: tuple[tuple[str, int], ...]
    coded: bool
    """Whether a column of signs, balances, fees or value dates is there at all."""

    @classmethod
    def of(cls, layout: Layout) -> _Columns:
        """Look a layout through once."""
        amounts = (layout.amount,) if layout.amount >= 0 else (layout.debit, layout.credit)
        texts = tuple((name, at) for name in _TEXTS if (at := int(getattr(layout, name))) >= 0)
        coded = max(layout.value_date, layout.balance, layout.sign, layout.fee) >= 0
        return cls(amounts, texts, coded)


def _draft(row: Row, layout: Layout, at: _Columns, reading: Reading) -> Draft | str:
    """Return a row as a draft, or the reason why it is no booking."""
    cells = row.cells
    day_text = _cell(cells, layout.booking_date)
    unbooked = _not_booked(_cell(cells, layout.status), day_text)
    if unbooked:
        return unbooked
    texts = [_cell(cells, index) for index in at.amounts]
    amounts = tuple([written(text) for text in texts])
    day = written_date(day_text)
    if day is None:
        return _undated(row, day_text, amounts, layout, reading)
    _check_amounts(row, cells, at.amounts, texts, amounts)
    kind = _balance_of_day(cells, layout)
    if kind:
        told = next(filter(None, (*amounts, written(_cell(cells, layout.balance)))), None)
        _keep_balance(kind, told, cells, layout, reading)
        reading.balance_days.append(day)
        return _SUMS[kind]
    fee = written(_cell(cells, layout.fee)) if at.coded else None
    if not any(amounts) and (fee is None or layout.amount >= 0):
        elsewhere = _misplaced(row, layout, reading)
        text = texts[0]
        if not elsewhere and layout.amount >= 0 and _is_word(text):
            raise at_line(row.line, f"The file has an amount that cannot be read ({text[:40]!r}).")
        return elsewhere or "This has no amount."
    unit = next((one.currency for one in amounts if one is not None and one.currency), None)
    code = _cell(cells, layout.currency).upper()
    return Draft(
        row,
        day,
        written_date(_cell(cells, layout.value_date)) if at.coded else None,
        amounts,
        tuple([written(_cell(cells, index)) for index in layout.other_amounts]),
        written(_cell(cells, layout.balance)) if at.coded else None,
        _outgoing(_cell(cells, layout.sign)) if at.coded else None,
        code if code in KNOWN else None,
        unit or layout.named_currency,
        _cell(cells, layout.account),
        " ".join([text for index in layout.purpose if (text := _cell(cells, index))]),
        {name: text for name, index in at.texts if (text := _cell(cells, index))},
        fee,
    )


def _is_word(text: str) -> bool:
    """Tell whether a word stands where an amount belongs, other than one for "none"."""
    return any(c.isalpha() for c in text) and plain(text) not in _NO_AMOUNT and plain(text).upper() not in KNOWN


def _undated(row: Row, day: str, amounts: tuple[Written | None, ...], layout: Layout, reading: Reading) -> str:
    """Return why a row without a date is no booking; one whose date is damaged is refused."""
    if _LIKE_A_DATE.fullmatch(day) and any(amounts):
        raise at_line(row.line, f"The file has a date that cannot be read ({day[:40]!r}).")
    kind = _balance_of_day(row.cells, layout)
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


@lru_cache(maxsize=1024)
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
    """Return "opening" or "closing" for a row that is a balance ("Opening balance as of 1 March"), else ""."""
    filled = [cell for cell in cells if cell.strip()]
    texts = filled if len(filled) <= _SPARSE else [_cell(cells, n) for n in (*layout.purpose, layout.counterparty)]
    for text in texts:
        if _names_no_balance(text):
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


@cache
def _heads() -> frozenset[str]:
    """Return the first letters of all words that name a balance."""
    return frozenset(word[:_HEAD] for word in balance_starts() if len(word) >= _HEAD)


def _names_no_balance(text: str) -> bool:
    """Tell of most texts, at once and surely, that they name no balance: by their first three letters, or a digit.

    What `plain` might change among these (accents, an upper case letter behind a small one) is for it to read.
    """
    head = text.lstrip("+-")[:_HEAD]
    if head[:1].isdecimal():
        return head[0].isascii()
    plainly = len(head) == _HEAD and head.isascii() and head.isalpha() and (head[1:].islower() or head.isupper())
    return plainly and head.lower() not in _heads()


def _keep_balance(kind: str, told: Written | None, cells: list[str], layout: Layout, reading: Reading) -> None:
    """Keep a balance that a row tells; the first one of its kind counts."""
    if told is None or kind in reading.balances:
        return
    in_debit = layout.amount < 0 and written(_cell(cells, layout.debit)) is not None
    turned = in_debit or _outgoing(_cell(cells, layout.sign)) is True
    reading.balances[kind] = replace(told, negative=told.negative or turned)


def _check_amounts(
    row: Row, cells: list[str], columns: tuple[int, ...], texts: list[str], amounts: tuple[Written | None, ...]
) -> None:
    """Refuse a row with a date whose amount is damaged or cut off."""
    for text, amount in zip(texts, amounts, strict=True):
        if any(c.isdigit() for c in text) and (amount is None or text.endswith((".", ","))):
            raise at_line(row.line, f"The file has an amount that cannot be read ({text[:40]!r}).")
    if len(cells) <= min(column for column in columns if column >= 0):
        raise at_line(
            row.line, f"The file has a line that is cut off: it ends after {len(cells)} cells, before its amount."
        )


def _outgoing(text: str) -> bool | None:
    """Return what a sign says: True for money out, None where it says nothing."""
    word = text if text in ("+", "-") else plain(text)
    if not word:
        return None
    if word in cell_words("out"):
        return True
    return False if word in cell_words("in") else None
