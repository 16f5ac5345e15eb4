"""OFX and QFX, version 1 (SGML, closing tags optional) and 2 (XML), read by one tolerant walk over the tags.

Banks write neither valid SGML nor valid XML, so tags are read as a stream: a tag with text is a value, one without
opens a group. No entity is expanded but the five of XML, no document type is looked at.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from backend.financial_manager.currencies import KNOWN
from backend.financial_manager.statements.amounts import to_minor
from backend.financial_manager.statements.dates import in_our_time
from backend.financial_manager.statements.encodings import decode
from backend.financial_manager.statements.errors import AGAIN, StatementError, at_line
from backend.financial_manager.statements.limits import check_count, clip
from backend.financial_manager.statements.numerals import decimal_doubt, decimal_sign, value
from backend.financial_manager.statements.statement import Balance, Doubt, Entry, Statement, StatementFile

_HEADER = re.compile(r"(?i)\b(ENCODING|CHARSET)[ \t]*[:=][ \t]*\"?([\w-]{1,20})")
_AMOUNT = re.compile(r"[+-]?[0-9.,]{1,32}")
_DATE = re.compile(r"([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})")
_TYPED = re.compile(r"<!(?:DOCTYPE|ENTITY)\b", re.IGNORECASE)
_MARK = re.compile(r"<!--|<(/?[A-Za-z0-9._-]{1,40}/?)>")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});")
_STATEMENTS = {"STMTRS", "CCSTMTRS", "INVSTMTRS"}
_TRADES = {"BUYMF", "BUYSTOCK", "BUYDEBT", "BUYOPT", "BUYOTHER", "SELLMF", "SELLSTOCK", "SELLDEBT", "SELLOPT"}
_TRADES |= {"SELLOTHER", "INCOME", "REINVEST", "TRANSFER", "RETOFCAP", "INVEXPENSE", "JRNLFUND", "JRNLSEC", "SPLIT"}
_NO_BALANCE = "The file has a LEDGERBAL without a readable amount."


@dataclass(slots=True)
class _Open:
    """One statement while it is read."""

    line: int
    currency: str | None = None
    account: str | None = None
    closing: Balance | None = None
    closing_text: str | None = None
    closing_line: int = 0
    closing_day: date | None = None
    transactions: list[tuple[dict[str, str], int]] = field(default_factory=list)
    trades: int = 0


def looks_like_ofx(head: str) -> bool:
    """Tell from the first characters whether this is OFX."""
    upper = head.upper()
    return "<OFX>" in upper or "OFXHEADER" in upper or "<?OFX" in upper


def read_ofx(data: bytes, name: str) -> StatementFile:
    """Return the statements of an OFX file; a file in which the bank reports an error is refused with its words."""
    text, encoding = decode(data, _declared(data))
    start = text.upper().find("<OFX>")
    if start < 0:
        raise StatementError("The file is OFX without <OFX>: its body is missing.", remedy=AGAIN)
    if _TYPED.search(text):
        raise StatementError("The file has a document type or entities, which no bank writes.", remedy=AGAIN)
    walk = _Walk()
    walk.go(text, start)
    return StatementFile("ofx", name, tuple(walk.done), {"encoding": encoding}, tuple(walk.doubts))


def _declared(data: bytes) -> str | None:
    """Return the encoding that the header names, in Python's name."""
    said = {key.upper(): value for key, value in _HEADER.findall(data[:2000].decode("latin-1"))}
    encoding, charset = said.get("ENCODING", "").upper(), said.get("CHARSET", "").upper()
    if encoding in ("UTF-8", "UNICODE"):
        return "utf-8"
    if charset.isdigit():
        return f"cp{charset}"
    return charset if charset.startswith("ISO-8859") else None


def _tags(text: str, start: int) -> Iterator[tuple[str, str, int]]:
    """Yield each tag with the text behind it and its line; comments and instructions are passed over."""
    at, line, counted = start, 1, 0
    while (mark := _MARK.search(text, at)) is not None:
        if mark[1] is None:
            end = text.find("-->", mark.end())
            at = len(text) if end < 0 else end + 3
            continue
        line += text.count("\n", counted, mark.start())
        counted = mark.start()
        at = _value_end(text, mark.end())
        yield mark[1].upper(), text[mark.end() : at], line


def _value_end(text: str, at: int) -> int:
    """Return where the text behind a tag ends: where the next tag begins. A lone "<" is part of the text."""
    if text.startswith("<![CDATA[", at):
        end = text.find("]]>", at)
        return len(text) if end < 0 else end + 3
    found = _MARK.search(text, at)
    return len(text) if found is None else found.start()


def _plain(text: str) -> str:
    """Return the text of a value; only entities that end with ";" are some: "R&D" and "Q&copy" are names."""
    text = text.strip()
    if text.startswith("<![CDATA[") and text.endswith("]]>"):
        return text[9:-3].strip()
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)


class _Walk:
    """What was read so far. Groups are known by the last one that opened, as closing tags may be missing."""

    def __init__(self) -> None:
        self.done: list[Statement] = []
        self.doubts: list[Doubt] = []
        self._statement: _Open | None = None
        self._entry: dict[str, str] | None = None
        self._entry_line = 0
        self._group = ""
        self._inside_entry = ""
        self._status: dict[str, str] = {}
        self._failed: tuple[int, str] | None = None
        self._sets: set[str] = set()
        self._count = 0
        self._last = ("", "")
        self._never_closed = False

    def go(self, text: str, start: int) -> None:
        """Walk the whole text."""
        line = 1
        closed = False
        self._never_closed = "</STMTTRN>" not in text.upper()
        for tag, behind, line in _tags(text, start):
            if tag.startswith("/"):
                closed = closed or tag == "/OFX"
                self._close(tag[1:], line)
            elif not tag.endswith("/"):
                self._tag(tag, _plain(behind), line)
        if self._entry is not None or (self._statement is not None and not closed):
            raise at_line(line, "The file ends in the middle of a statement.")
        self._end_statement()
        self._judge()
        if not closed and self.done:
            raise at_line(line, "The file ends before </OFX>: it is cut off.")

    def _judge(self) -> None:
        """Refuse what holds no statement: an error of the bank, or an answer to a log-in."""
        if self.done:
            return
        if self._failed is not None:
            line, words = self._failed
            raise at_line(line, f"The file holds an error of the bank instead of a statement: {words}.")
        if "SIGNONMSGSRSV1" in self._sets and len(self._sets) == 1:
            raise StatementError("The file holds only the answer to a log-in, no statement.", remedy=AGAIN)
        self.doubts.append(Doubt("nothing", "The file holds no account statement."))

    def _tag(self, tag: str, text: str, line: int) -> None:
        """Take one opening tag with what stands behind it."""
        if tag == "STMTTRN":
            self._begin_entry(line)
        elif tag in _STATEMENTS:
            self._end_statement()
            self._statement = _Open(line)
        elif self._entry is not None:
            self._entry_value(tag, text)
        elif not text:
            self._open(tag)
        if self._entry is None:
            self._value(tag, text, line)

    def _open(self, tag: str) -> None:
        """Take a tag that opens a group (or is an empty value)."""
        if tag.endswith("MSGSRSV1") or "MSGSRSV" in tag:
            self._sets.add(tag)
        if tag in _TRADES and self._statement is not None:
            self._statement.trades += 1
        if tag == "STATUS":
            self._status = {}
        if tag in (
            "LEDGERBAL",
            "AVAILBAL",
            "BANKACCTFROM",
            "CCACCTFROM",
            "INVACCTFROM",
            "BANKACCTTO",
            "STATUS",
            "INVBAL",
        ):
            self._group = tag

    def _begin_entry(self, line: int) -> None:
        """Open a transaction."""
        if self._entry is not None and self._never_closed:
            self._end_entry()
        if self._entry is not None:
            raise at_line(self._entry_line, "The file has a transaction that is not closed before the next one begins.")
        self._entry, self._entry_line, self._inside_entry = {}, line, ""

    def _entry_value(self, tag: str, text: str) -> None:
        """Take one value of a transaction; the first one of a name counts."""
        assert self._entry is not None
        if not text and tag in ("BANKACCTTO", "CCACCTTO", "PAYEE", "CURRENCY", "ORIGCURRENCY"):
            self._inside_entry = tag
            return
        key = f"{self._inside_entry}/{tag}" if self._inside_entry in ("ORIGCURRENCY", "CURRENCY") else tag
        if text or key not in self._entry:
            self._entry.setdefault(key, text)

    def _value(self, tag: str, text: str, line: int) -> None:
        """Take one value outside of a transaction."""
        if self._group == "STATUS" and tag in ("CODE", "SEVERITY", "MESSAGE"):
            self._status[tag] = text
            if self._status.get("SEVERITY", "").upper() == "ERROR" and self._status.get("CODE", "0") != "0":
                words = self._status.get("MESSAGE") or f"code {self._status['CODE']}"
                self._failed = (line, clip(words)[:200].rstrip("."))
        if self._statement is None:
            return
        if tag == "CURDEF":
            self._statement.currency = text.upper()[:3] if text.upper()[:3] in KNOWN else None
        elif tag == "ACCTID" and self._statement.account is None and self._group.endswith("ACCTFROM"):
            self._statement.account = clip(text) or None
        elif tag == "BALAMT" and self._group == "LEDGERBAL":
            self._statement.closing_text, self._statement.closing_line = text, line
        elif tag == "DTASOF" and self._group == "LEDGERBAL":
            self._statement.closing_day = _day(text)

    def _close(self, tag: str, line: int) -> None:
        """Take one closing tag. A file that closes no transaction ends the last one with its list."""
        if tag == "BANKTRANLIST" and self._entry is not None and self._never_closed:
            self._end_entry()
        if tag == "STMTTRN":
            if self._entry is None:
                raise at_line(line, "The file has a </STMTTRN> that closes nothing.")
            self._end_entry()
        elif tag in _STATEMENTS:
            self._end_statement()
        elif tag == self._group:
            self._group = ""
        elif tag == self._inside_entry:
            self._inside_entry = ""

    def _end_entry(self) -> None:
        """Keep what the transaction held until the statement ends: only all amounts together tell the decimal sign."""
        said, line = self._entry or {}, self._entry_line
        self._entry = None
        self._count += 1
        check_count(self._count)
        if self._statement is None:
            self._statement = _Open(line)
        self._statement.transactions.append((said, line))

    def _end_statement(self) -> None:
        """Close the statement that is open."""
        one, self._statement = self._statement, None
        if one is None:
            return
        closing, doubts = None, []
        decimal, open_sign = _decimal([said.get("TRNAMT", "") for said, _ in one.transactions])
        if open_sign:
            doubts.append(decimal_doubt(decimal))
        entries = tuple(_entry(said, one.currency, decimal, line) for said, line in one.transactions)
        if one.closing_text is not None:
            number = _number(one.closing_text, decimal)
            if number is None:
                raise at_line(one.closing_line, _NO_BALANCE)
            minor, _ = to_minor(number, one.currency, where=f"line {one.closing_line}")
            closing = Balance(minor, one.currency, one.closing_day)
        if one.trades:
            doubts.append(Doubt("trades", f"{one.trades} trades of securities are not read as bookings."))
        if one.currency is None and entries:
            doubts.append(Doubt("no_currency", "The file does not say its currency."))
        self.done.append(Statement(one.account, one.currency, None, closing, entries, tuple(doubts)))


def _decimal(texts: list[str]) -> tuple[str, bool]:
    """Return the decimal sign of all amounts, and whether it is a guess.

    OFX has no thousands, so a single sign is the decimal sign, point or comma; banks write them all the same.
    """
    numerals = [text.lstrip("+-") for text in texts if _AMOUNT.fullmatch(text)]
    sign, matters = decimal_sign(numerals)
    if sign is not None:
        return sign, False
    commas = any("," in numeral for numeral in numerals)
    return (",", matters) if commas and not any("." in numeral for numeral in numerals) else (".", matters)


def _number(text: str, decimal: str) -> Decimal | None:
    """Return the signed number of an OFX amount, None where it is none."""
    if not _AMOUNT.fullmatch(text):
        return None
    other = "," if decimal == "." else "."
    found = (value(text.lstrip("+-"), sign) for sign in (decimal, other))
    number = next((one for one in found if one is not None), None)
    return -number if number is not None and text[0] == "-" else number


def _day(text: str) -> date | None:
    """Return the day of an OFX date as written; hours and zone do not move it. None where there is no such day."""
    match = _DATE.match(text)
    try:
        return in_our_time(date(int(match[1]), int(match[3]), int(match[4]))) if match else None
    except ValueError:
        return None


def _entry(said: dict[str, str], currency: str | None, decimal: str, line: int) -> Entry:
    """Return one transaction, or refuse it with its line."""
    text = said.get("TRNAMT", "")
    number = _number(text, decimal)
    if number is None:
        raise at_line(line, f"The file has a transaction without a readable amount ({text[:40]!r}).")
    posted = said.get("DTPOSTED", "")
    day = _day(posted)
    if day is None:
        raise at_line(line, f"The file has a transaction without a date that exists ({posted[:40]!r}).")
    doubts = []
    own = said.get("CURRENCY/CURSYM", "").upper()
    unit = own if own in KNOWN else currency
    minor, rounded = to_minor(number, unit, where=f"line {line}")
    if rounded:
        doubts.append(Doubt("rounded", f"The bank says {text}: rounded to the currency's smallest coin."))
    if unit != currency and currency is not None:
        doubts.append(Doubt("other_currency", f"This line is in {unit}, the account in {currency}."))
    return Entry(
        day,
        _day(said.get("DTAVAIL", "")),
        minor,
        unit,
        counterparty=clip(said.get("NAME", "")),
        iban=clip(said.get("ACCTID", ""))[:34],
        purpose=clip(said.get("MEMO", "")),
        bank_id=clip(said.get("FITID", "")),
        reference=clip(said.get("REFNUM") or said.get("CHECKNUM", "")),
        type_code=clip(said.get("TRNTYPE", ""))[:20],
        doubts=tuple(doubts),
        line=line,
    )
