"""QIF (Quicken): one letter per line, "^" ends a record. Its date order is not in the file, so the file decides it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from backend.financial_manager.statements.amounts import to_minor
from backend.financial_manager.statements.dates import WrittenDate, as_date, order_doubt, settle_order, written_date
from backend.financial_manager.statements.encodings import decode
from backend.financial_manager.statements.errors import at_line
from backend.financial_manager.statements.limits import check_count, clip
from backend.financial_manager.statements.numerals import decimal_doubt, decimal_sign, value, written
from backend.financial_manager.statements.statement import Doubt, Entry, SkippedRow, Statement, StatementFile

_EXPORT = "Export the bookings of a bank account, of cash or of a card."
_SEEN = re.compile(r"(?im)^!(?:Type|Account|Option|Clear)\b")
_MONEY = {"bank", "cash", "ccard", "oth a", "oth l", "invst", "invoice"}
_LISTS = {"cat", "class", "memorized", "prices", "security", "tag", "tags", "budget", "template", "mutual", "account"}
_SECTIONS = {"type", "account", "option", "clear"}
_ONCE = "DT"
"""Lines that a record has once: a second one means that the "^" between two records is lost."""


@dataclass(slots=True)
class _Record:
    """One record: letters and what stands behind them (the first of each), the splits, where it begins."""

    line: int
    account: str | None
    kind: str
    letters: dict[str, str] = field(default_factory=dict)
    splits: list[str] = field(default_factory=list)


def looks_like_qif(text: str) -> bool:
    """Tell whether this is QIF."""
    return _SEEN.search(text[:5_000]) is not None


def read_qif(data: bytes, name: str, currency: str | None = None) -> StatementFile:
    """Return one statement per account of a QIF file. `currency`: the account's, as QIF tells none."""
    text, encoding = decode(data)
    records = list(_records(text))
    check_count(len(records))
    numerals = [w.numeral for one in records if (w := written(_amount_text(one))) is not None]
    decimal, matters = decimal_sign(numerals)
    usual = "dmy" if decimal == "," else "mdy"  # nobody who writes a decimal comma writes the month first
    order, guessed = settle_order([day for one in records if (day := _written(one)) is not None], (), usual)
    doubt = order_doubt(order) if guessed else None
    accounts: dict[str | None, tuple[list[Entry], list[SkippedRow]]] = {}
    for one in records:
        entries, skipped = accounts.setdefault(one.account, ([], []))
        if one.kind == "invst" and not _amount_text(one):
            skipped.append(
                SkippedRow(one.line, clip(" ".join(one.letters.values())), "This moves securities, no money.")
            )
            continue
        entries.append(_entry(one, order, decimal or ".", doubt, currency))
    doubts = [Doubt("no_currency", "QIF does not say its currency.")]
    if matters and decimal is None:
        doubts.append(decimal_doubt("."))
    found = [
        Statement(account, currency, None, None, tuple(entries), tuple(doubts), tuple(skipped))
        for account, (entries, skipped) in accounts.items()
    ]
    return StatementFile("qif", name, tuple(found), {"encoding": encoding, "dates": order, "decimal": decimal or "."})


def _records(text: str) -> Iterator[_Record]:
    """Yield the records that are bookings; lists of categories, classes and accounts are passed over."""
    account: str | None = None
    kind, naming = "bank", False
    one: _Record | None = None
    number = 0
    for number, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        line = raw.strip("\ufeff \t")
        if not line:
            continue
        if line.startswith("!"):
            if one is not None and one.letters:
                raise at_line(number, "The file begins a new section inside a record.")
            word = line[1:].partition(":")[0]
            if word.strip().casefold() not in _SECTIONS:
                raise at_line(number, f"The file has a section of an unknown kind ({line[:40]!r}).", _EXPORT)
            naming = word.strip().casefold() == "account"
            if word.strip().casefold() == "type":
                kind = _kind(line, number)
            one = None
        elif line[0] == "^":
            if one is not None and not naming and kind in _MONEY and one.letters:
                yield one
            one = None
        elif naming:
            account = (clip(line[1:]) or None) if line[0] == "N" else account
        else:
            one = one or _Record(number, account, kind)
            _letter(one, line, number)
    if one is not None and not naming and kind in _MONEY and one.letters:
        if not {"D", "T"} <= one.letters.keys():
            raise at_line(number, "The file ends in the middle of a record.")
        yield one


def _kind(line: str, number: int) -> str:
    """Return what a section holds; one that is not known is refused, as it may hold money."""
    kind = line.partition(":")[2].strip().casefold()
    if kind not in _MONEY | _LISTS:
        raise at_line(number, f"The file has a section of an unknown kind ({line[:40]!r}).", _EXPORT)
    return kind


def _letter(one: _Record, line: str, number: int) -> None:
    """Take one line of a record."""
    if line[0] in _ONCE and line[0] in one.letters and one.kind in _MONEY:
        raise at_line(number, f"The file has a record with a second {line[0]}: the ^ between two records is missing.")
    if line[0] in "SE$%":
        if line[0] == "$":
            one.splits.append(line[1:].strip())
    else:
        one.letters.setdefault(line[0], line[1:].strip())


def _amount_text(one: _Record) -> str:
    """Return the amount's text: T, else U."""
    return one.letters.get("T") or one.letters.get("U", "")


def _written(one: _Record) -> WrittenDate | None:
    """Return the date as written: also "8/25' 3" for 2003 and "8/25'93"."""
    text = one.letters.get("D", "").replace("' ", "'0")
    text = re.sub(r"[/.-]\s+", lambda m: m[0][0], text)
    head, mark, year = text.partition("'")
    if mark and year.isascii() and year.isdigit() and len(year) <= 2:
        text = f"{head}/{int(year) + (2000 if int(year) < 70 else 1900)}"
    elif mark:
        text = f"{head}/{year}"
    return written_date(text.replace(" ", "0") if "/" in text else text)


def _entry(one: _Record, order: str, decimal: str, doubt: Doubt | None, currency: str | None) -> Entry:
    """Return one record as an entry, or refuse it with its line."""
    day: date | None = as_date(made, order) if (made := _written(one)) is not None else None
    if day is None:
        said = one.letters.get("D", "")
        raise at_line(one.line, f"The file has a record without a date that exists ({said[:40]!r}).")
    text = _amount_text(one)
    amount = written(text)
    number = value(amount.numeral, decimal) if amount is not None else None
    if amount is None or number is None:
        raise at_line(one.line, f"The file has a record without a readable amount ({text[:40]!r}).")
    minor, rounded = to_minor(number, currency, where=f"line {one.line}")
    minor = -minor if amount.negative else minor
    doubts = [doubt] if doubt else []
    if rounded:
        doubts.append(Doubt("rounded", f"The file says {amount.numeral}: rounded to the currency's smallest coin."))
    if one.kind == "invst":
        doubts.append(Doubt("securities", "A securities record: check whether money came in or went out."))
    if one.splits and _sum(one.splits, decimal, currency) not in (None, minor):
        doubts.append(Doubt("splits_differ", "The parts of this record do not add up to it."))
    return Entry(
        day,
        None,
        minor,
        currency,
        counterparty=clip(one.letters.get("P", "")),
        purpose=clip(one.letters.get("M", "")),
        reference=clip(one.letters.get("N", "")),
        type_code=one.kind,
        doubts=tuple(doubts),
        line=one.line,
        account=one.account,
    )


def _sum(splits: list[str], decimal: str, currency: str | None) -> int | None:
    """Return the sum of split amounts in minor units, None where one cannot be read."""
    total = 0
    for text in splits:
        amount = written(text)
        number = value(amount.numeral, decimal) if amount is not None else None
        if amount is None or number is None:
            return None
        minor, _ = to_minor(number, currency)
        total += -minor if amount.negative else minor
    return total
