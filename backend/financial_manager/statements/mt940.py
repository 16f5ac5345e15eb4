"""MT940 and MT942 (SWIFT): lines that begin with ":61:" and the like, with the habits of Europe's banks."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from backend.financial_manager.currencies import KNOWN
from backend.financial_manager.statements.amounts import to_minor
from backend.financial_manager.statements.encodings import decode
from backend.financial_manager.statements.errors import at_line
from backend.financial_manager.statements.limits import check_count, clip
from backend.financial_manager.statements.mt940_details import NATIONAL, NO_REFERENCE, Details, read_details
from backend.financial_manager.statements.numerals import value as number_of
from backend.financial_manager.statements.statement import Balance, Doubt, Entry, Statement, StatementFile

_TAG = re.compile(r":([0-9]{2}[A-Z]?|9[0-9]{2}|NS):")
_SEEN = re.compile(r"(?m)(?:^|@@)\s{0,2}(?:\{4:)?\s?:(?:20|25P?|28C?|60[FM]|61|62[FM]|64|86|940|942):")
_LINE = re.compile(
    r"(?P<value>(?:19|20)[0-9]{6}(?=[^0-9]|[0-9]{4}[^0-9])|[0-9]{6}) ?(?P<entry>[0-9]{4})? ?(?P<mark>R?[CD]|E[CD])"
    r"(?P<funds>[A-Z])? ?(?P<amount>[0-9.,]{1,24}) ?(?:(?P<type>[A-Z](?:[A-Z0-9]{3}|[A-Z]{2} ))(?P<rest>.*))?",
)
_BALANCE = re.compile(
    r"(?P<mark>[CD])(?P<day>[0-9]{6}|(?:19|20)[0-9]{6})(?P<currency>[A-Z]{3})(?P<amount>[0-9.,]{1,24})"
)
_CURRENCY_END = re.compile(r"(.*[0-9])[ /]?([A-Z]{3})")
_NEW_MESSAGE = ("-", "20", "940", "942")
_CUT_OFF = Doubt("cut_off", "The statement has an opening and no closing balance: its end may be missing.")


@dataclass(slots=True)
class _Open:
    """One message while it is read."""

    line: int
    account: str | None = None
    opening: Balance | None = None
    closing: Balance | None = None
    currency: str | None = None
    lines: list[tuple[int, str, list[str]]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)


def looks_like_mt940(text: str) -> bool:
    """Tell whether lines begin with the tags of MT940."""
    return _SEEN.search(text[:20_000]) is not None


def read_mt940(data: bytes, name: str) -> StatementFile:
    """Return the statements of an MT940 or MT942 file."""
    text, encoding = decode(data)
    text = text.replace("@@:", "\n:").replace("@@-", "\n-") if "@@:" in text else text
    statements: list[Statement] = []
    one = _Open(1)
    count = 0
    for tag, value, line in _fields(text):
        if tag in _NEW_MESSAGE:
            _finish(one, statements)
            one = _Open(line)
        if tag == "61":
            count += 1
            check_count(count)
        if tag != "-":
            _take(one, tag, value, line)
    _finish(one, statements)
    kind = "mt942" if re.search(r"(?m)^:(?:34F|13D|90[CD]):", text) and ":60F:" not in text else "mt940"
    return StatementFile(kind, name, tuple(statements), {"encoding": encoding})


def _fields(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield tag, value (with the lines that continue it) and line; "-" ends a message."""
    tag, value, start = "", [""], 0
    for number, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        line = raw.lstrip("\x01\ufeff")
        at = line.find("{4:")
        line = line[at + 3 :] if at >= 0 and not tag else line
        match = _TAG.match(line)
        ends = line.startswith("-") and (len(line.strip("\x03 \t")) == 1 or line.startswith(("-}", "-XXX")))
        if match is None and not ends:
            value.append(line.strip("\x03"))
            continue
        if tag:
            yield tag, "\n".join(value), start
        tag, value, start = "", [], number
        if ends:
            yield "-", "", number
            continue
        assert match is not None
        tag, value = match[1], [line[match.end() :]]
    if tag:
        yield tag, "\n".join(value), start


def _take(one: _Open, tag: str, text: str, line: int) -> None:
    """Take one field of a message."""
    if tag in ("25", "25P"):
        if tag in one.seen or ("25P" in one.seen and one.lines):
            raise at_line(line, "The file names the account twice in one statement: a line is damaged.")
        one.account, named = _account(text)
        one.currency = one.currency or named
    elif tag in ("60F", "60M"):
        balance = _balance(text, tag, line)
        one.opening = one.opening or balance
        one.currency = balance.currency
    elif tag in ("62F", "62M"):
        one.closing = _balance(text, tag, line)
        one.currency = one.currency or one.closing.currency
    elif tag in ("64", "65"):
        one.currency = one.currency or _balance(text, tag, line).currency
    elif tag in ("34F", "90C", "90D") and one.currency is None:
        found = re.search(r"[A-Z]{3}", text[:12])
        one.currency = found[0] if found and found[0] in KNOWN else None
    elif tag == "61":
        one.lines.append((line, text, []))
        one.seen.discard("NS")
    elif tag == "86" and one.lines and one.closing is None:
        one.lines[-1][2].append(text)
    elif tag == "NS" and one.lines and one.closing is None and "NS" not in one.seen:
        one.lines[-1][2].append(f"{NATIONAL}{text}")
    one.seen.add(tag)


def _account(text: str) -> tuple[str | None, str | None]:
    """Return the account without the currency some banks write behind it, and that currency."""
    account = clip(text.partition("\n")[0]).lstrip("/")
    match = _CURRENCY_END.fullmatch(account)
    return (match[1], match[2]) if match and match[2] in KNOWN else (account or None, None)


def _day(text: str) -> date | None:
    """Return the day of "YYMMDD" (or of "YYYYMMDD"), or None where there is no such day."""
    year, month, day = _year(text), int(text[-4:-2]), int(text[-2:])
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year(text: str) -> int:
    """Return the year of "YYMMDD" or "YYYYMMDD"."""
    year = int(text[:-4])
    return year if len(text) == 8 else year + (2000 if year < 80 else 1900)


def _number(text: str, line: int) -> Decimal:
    """Return the number of "1234,5": by the standard a comma and nothing else; banks write points and thousands too."""
    last = max(",.", key=text.rfind)
    number = next((found for sign in (last, ",", ".") if (found := number_of(text, sign)) is not None), None)
    if number is None:
        raise at_line(line, f"The file has an amount that cannot be read ({text!r}).")
    return number


def _balance(text: str, tag: str, line: int) -> Balance:
    """Read a balance."""
    match = _BALANCE.match(text.replace(" ", "")[:60])
    day = _day(match["day"]) if match else None
    if match is None or day is None or match["currency"] not in KNOWN:
        raise at_line(line, f"The file has a :{tag}: that is no balance ({text[:40]!r}).")
    minor, _ = to_minor(_number(match["amount"], line), match["currency"], where=f"line {line}")
    return Balance(-minor if match["mark"] == "D" else minor, match["currency"], day)


def _finish(one: _Open, statements: list[Statement]) -> None:
    """Close a message, if there is anything in it."""
    if not one.seen - {"940", "942"}:
        return
    entries = tuple(_entry(value, texts, one.currency, line) for line, value, texts in one.lines)
    doubts = () if one.opening is None or one.closing is not None else (_CUT_OFF,)
    statements.append(Statement(one.account, one.currency, one.opening, one.closing, entries, doubts))


def _value_day(text: str, line: int) -> tuple[date, Doubt | None]:
    """Return the value date; the 30th of February of German interest becomes the month's last day, with a doubt."""
    day = _day(text)
    if day is not None:
        return day, None
    year, month = _year(text), int(text[-4:-2])
    if month == 2 and text[-2:] in ("29", "30"):
        last = date(year, 2, calendar.monthrange(year, 2)[1])
        return last, Doubt("no_such_day", f"The bank values this on {text[-2:]} February: read as {last.isoformat()}.")
    raise at_line(line, f"The file has a line without a date that exists ({text!r}).")


def _booking_day(text: str, valued: date, line: int) -> date:
    """Return the booking day of "MMDD": of the year in which it lies nearest to the value date."""
    found = []
    for year in (valued.year - 1, valued.year, valued.year + 1):
        try:
            found.append(date(year, int(text[:2]), int(text[2:])))
        except ValueError:
            continue
    if not found:
        raise at_line(line, f"The file has a line without a booking date that exists ({text!r}).")
    return min(found, key=lambda day: abs((day - valued).days))


def _entry(text: str, texts: list[str], currency: str | None, line: int) -> Entry:
    """Return one `:61:` with its `:86:`. RC takes back a credit, so it is a debit, and RD the other way round."""
    first, _, supplement = text.partition("\n")
    match = _LINE.fullmatch(first.strip())
    if match is None:
        raise at_line(line, f"The file has a :61: that cannot be read ({first[:60]!r}).")
    valued, odd = _value_day(match["value"], line)
    doubts = [odd] if odd else []
    booked = _booking_day(match["entry"], valued, line) if match["entry"] else None
    minor, rounded = to_minor(_number(match["amount"], line), currency, where=f"line {line}")
    if rounded:
        doubts.append(Doubt("rounded", f"The bank says {match['amount']}: rounded."))
    mark = match["mark"]
    if mark.startswith("R"):
        doubts.append(Doubt("reversal", "This takes back an earlier booking."))
    if mark.startswith("E"):
        doubts.append(Doubt("not_booked", "The bank expects this and has not booked it yet."))
    if currency is None:
        doubts.append(Doubt("no_currency", "The file does not say its currency."))
    reference, _, bank = (match["rest"] or "").partition("//")
    details = read_details(texts) if texts else Details(purpose=clip(supplement))
    reference = details.reference or ("" if reference.strip() in NO_REFERENCE else reference)
    return Entry(
        booked,
        valued,
        -minor if mark in ("D", "RC", "ED") else minor,
        currency,
        counterparty=details.name,
        iban=details.iban,
        purpose=details.purpose,
        bank_id=clip(bank) if bank.strip() not in ("", "NONREF") else "",
        reference=clip(reference),
        type_code=(match["type"] or "") + (f"/{details.code}" if details.code else ""),
        doubts=tuple(doubts),
        line=line,
    )
