"""Files of prices as banks, data services and spreadsheets write them: date, security, price, currency in any order.

Encoding, delimiter, dates and numerals are read as in bank statements: order of day and month and the decimal sign are
settled over whole columns. A row that cannot be read is left out with its reason; a file that leaves the meaning open
is refused with what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from backend.financial_manager.currencies import KNOWN
from backend.financial_manager.securities.errors import PricesUnreadable
from backend.financial_manager.securities.isin import looks_like_isin, valid_isin
from backend.financial_manager.securities.prices import LARGEST_PRICE, Price
from backend.financial_manager.statements.dates import as_date, possible_orders, written_date
from backend.financial_manager.statements.delimited import Row, split_text
from backend.financial_manager.statements.encodings import decode
from backend.financial_manager.statements.errors import StatementError
from backend.financial_manager.statements.limits import check_size
from backend.financial_manager.statements.numerals import decimal_sign, value, written
from backend.financial_manager.statements.statement import Doubt
from backend.financial_manager.statements.vocabulary import plain

_WORDS = {
    "date": ("date", "datum", "day", "tag", "time", "kursdatum", "handelstag", "stichtag", "price date", "timestamp"),
    "isin": ("isin",),
    "symbol": ("symbol", "ticker", "wkn", "wertpapier", "security", "name", "fund", "fonds"),
    "price": (
        "close", "schluss", "schlusskurs", "kurs", "price", "last", "nav", "rucknahmepreis", "preis", "wert", "value",
        "quote", "closing price", "adj close",
    ),
    "currency": ("currency", "wahrung", "waehrung", "ccy", "devise", "cur"),
}  # fmt: skip
"""Headings in plain words, the better ones first: a file with open, high, low and close is read at its close."""

_FIRST, _LAST = date(1900, 1, 1), date(2199, 12, 31)
_PENCE = "GBp"
"""How exchanges and data services write pence beside GBX; in capitals it would be a hundred times as much."""
HEADINGS = "Write a first row with the headings date, isin, price and currency."


@dataclass(frozen=True, slots=True)
class SkippedPrice:
    """A row that is no price, and why."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class PriceFile:
    """What a file says. `dialect` tells how it was understood (delimiter, encoding, date order, decimal sign)."""

    name: str
    prices: tuple[Price, ...]
    skipped: tuple[SkippedPrice, ...]
    dialect: dict[str, str] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()
    """What the file leaves open and was assumed (`date_order_assumed`, `decimal_assumed`); to be asked, not hidden."""


@dataclass(slots=True)
class _Columns:
    """Which column is what; None where there is none."""

    date: int
    price: int
    isin: int | None = None
    symbol: int | None = None
    currency: int | None = None


def read_prices(data: bytes, name: str, *, isin: str = "", currency: str = "") -> PriceFile:
    """Read a delimited file of prices. `isin` and `currency` stand in where the file names none.

    Raises `PricesUnreadable` for what is no table of prices, and where security or currency stay unknown.
    """
    try:
        check_size(data)
        text, encoding = decode(data)
        rows, delimiter = split_text(text)
    except StatementError as error:
        raise PricesUnreadable(error.message, "Save the prices as CSV and try again.", where=error.where) from error
    columns, body = _columns(rows)
    if columns.isin is None and columns.symbol is None and not isin:
        raise PricesUnreadable("The file does not say which security the prices are of.", "Choose the security.")
    order, sign, doubts = _understood(body, columns, delimiter)
    prices: list[Price] = []
    skipped: list[SkippedPrice] = []
    for row in body:
        found = _price(row, columns, order, sign, isin, currency)
        if isinstance(found, Price):
            prices.append(replace(found, source=name))
        else:
            skipped.append(SkippedPrice(row.line, delimiter.join(row.cells)[:200], found))
    if not prices:
        where = f"line {skipped[0].line}" if skipped else "file"
        raise PricesUnreadable("No row of the file is a price.", HEADINGS, where=where)
    dialect = {"delimiter": delimiter, "encoding": encoding, "dates": order, "decimal": sign}
    return PriceFile(name, tuple(prices), tuple(skipped), dialect, doubts)


def _columns(rows: Sequence[Row]) -> tuple[_Columns, Sequence[Row]]:
    """Return the columns and the rows below the heading; by headings first, else by what the cells hold."""
    for n, row in enumerate(rows[:20]):
        if any(written_date(cell) for cell in row.cells):
            break
        roles = _roles(row.cells)
        if "date" in roles and "price" in roles:
            return _Columns(
                roles["date"], roles["price"], roles.get("isin"), roles.get("symbol"), roles.get("currency")
            ), rows[n + 1 :]
    body = [row for row in rows if any(written_date(cell) for cell in row.cells)]
    if not body:
        raise PricesUnreadable("The file has no row with a date.", HEADINGS)
    return _by_content(body), body


def _roles(cells: Sequence[str]) -> dict[str, int]:
    """Return the column of each role by its heading; of several the one whose word is better."""
    best: dict[str, tuple[int, int]] = {}
    for n, cell in enumerate(cells):
        heading = plain(cell)
        for role, words in _WORDS.items():
            rank = next((at for at, word in enumerate(words) if heading == word), None)
            if rank is None:
                rank = next((100 + at for at, word in enumerate(words) if word in heading.split()), None)
            if rank is not None and rank < best.get(role, (1000, 0))[0]:
                best[role] = (rank, n)
                break
    return {role: n for role, (_, n) in best.items()}


def _by_content(body: Sequence[Row]) -> _Columns:
    """Return the columns of a table without headings; refuse it where several could be the price."""
    width = max(len(row.cells) for row in body)
    found: dict[str, list[int]] = {"date": [], "isin": [], "currency": [], "price": [], "symbol": []}
    for n in range(width):
        cells = [_cell(row, n) for row in body if _cell(row, n)]
        if cells:
            found[_kind(cells)].append(n)
    if len(found["price"]) != 1 or not found["date"]:
        raise PricesUnreadable("It is not clear which column is the price.", HEADINGS)
    first = {role: columns[0] if columns else None for role, columns in found.items()}
    return _Columns(found["date"][0], found["price"][0], first["isin"], first["symbol"], first["currency"])


def _kind(cells: Sequence[str]) -> str:
    """Tell what a column without a heading holds."""
    if all(written_date(cell) for cell in cells):
        return "date"
    if all(looks_like_isin(cell.upper()) for cell in cells):
        return "isin"
    if all(cell.upper() in KNOWN for cell in cells):
        return "currency"
    return "price" if all(written(cell) for cell in cells) else "symbol"


def _understood(body: Sequence[Row], columns: _Columns, delimiter: str) -> tuple[str, str, tuple[Doubt, ...]]:
    """Return date order and decimal sign, settled over whole columns, and what had to be assumed."""
    doubts: list[Doubt] = []
    dates = [one for row in body if (one := written_date(_cell(row, columns.date)))]
    orders = possible_orders(dates)
    if len(orders) > 1 and {as_date(one, orders[0]) for one in dates} != {as_date(one, orders[1]) for one in dates}:
        doubts.append(Doubt("date_order_assumed", "The dates could also be month first; day first was assumed."))
    amounts = [amount for row in body if (amount := written(_cell(row, columns.price)))]
    sign, matters = decimal_sign([amount.numeral for amount in amounts])
    if sign is None and matters and delimiter != ",":
        doubts.append(Doubt("decimal_assumed", "The prices could also have a decimal comma; a point was assumed."))
    return orders[0], sign or ".", tuple(doubts)


def _price(row: Row, columns: _Columns, order: str, sign: str, isin: str, currency: str) -> Price | str:
    """Return the price of a row, or why it is none."""
    day = _day(_cell(row, columns.date), order)
    if day is None:
        return "There is no such day."
    amount = written(_cell(row, columns.price))
    number = value(amount.numeral, sign) if amount is not None else None
    if amount is None or number is None or amount.negative or number == 0:
        return "The price cannot be read."
    if Decimal(number) > LARGEST_PRICE:
        return "The price is too large."
    security = _security(row, columns) or isin
    if not security:
        return "The security is missing."
    if looks_like_isin(security) and not valid_isin(security):
        return "The check digit of the ISIN is wrong."
    said = _cell(row, columns.currency) if columns.currency is not None else ""
    unit = said.upper() or amount.currency or currency
    if not unit:
        return "The currency is missing."
    if said == _PENCE or unit not in KNOWN:  # pence are no currency of ISO 4217: guessing would be wrong by 100
        return "The currency is not known."
    return Price(security, day, Decimal(number), unit)


def _day(cell: str, order: str) -> date | None:
    """Return the day of a cell."""
    one = written_date(cell)
    day = None if one is None else as_date(one, order)
    return day if day is None or _FIRST <= day <= _LAST else None


def _security(row: Row, columns: _Columns) -> str:
    """Return the ISIN of a row, else its symbol."""
    for column in (columns.isin, columns.symbol):
        if column is not None and _cell(row, column):
            cell = _cell(row, column)
            return cell.upper() if looks_like_isin(cell.upper()) else cell
    return ""


def _cell(row: Row, column: int) -> str:
    """Return a cell, empty where the row is too short."""
    return row.cells[column].strip() if column < len(row.cells) else ""
