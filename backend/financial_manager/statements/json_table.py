"""JSON that banks offer (George of Erste Bank, open banking): its lists of objects are read as tables.

Each list is one table: the names of the values are its heading ("partnerAccount.iban"), an amount with its currency
becomes two columns. A list under "pending" is not booked. A row's line is its number in the list, from 2.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from backend.financial_manager.statements.delimited import Row
from backend.financial_manager.statements.encodings import decode
from backend.financial_manager.statements.errors import AGAIN, StatementError
from backend.financial_manager.statements.limits import check_count
from backend.financial_manager.statements.statement import StatementFile
from backend.financial_manager.statements.table import read_table
from backend.financial_manager.statements.table_choice import Choices
from backend.financial_manager.statements.table_columns import heading_score

_BEGINS = re.compile(r"\ufeff?\s*(?:\{\s*[\"}]|\[\s*[{\]])")
_DEEPEST = 6
_MOST_COLUMNS = 200
_MOST_DECIMALS = 6
_LONGEST_NUMBER = 40


def looks_like_json(head: str) -> bool:
    """Tell from the first characters whether this is a JSON object or a list of some ("{1:" begins a SWIFT block)."""
    return _BEGINS.match(head[:2_000]) is not None


def read_json(data: bytes, name: str, choices: Choices, currency: str | None = None) -> StatementFile:
    """Return the statements of a JSON file: of every list of objects with a date and an amount."""
    text, encoding = decode(data)
    try:
        told = json.loads(text, parse_float=_written_out, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise StatementError("The file is JSON that is damaged or cut off.", remedy=AGAIN) from error
    rows: list[Row] = []
    for title, entries in _lists(told, "", 0):
        table = _table(entries)
        if heading_score(table[0].cells) >= 2:
            rows += [Row(0, [title or "booked"]), *table]
            check_count(len(rows))
    if not rows:
        raise StatementError(
            "The file is JSON without a list of bookings.",
            remedy="Download CSV, XLSX, CAMT, MT940, OFX, QIF or JSON from the bank.",
        )
    return read_table(rows, name, "json", {"encoding": encoding}, choices, decimal=".", currency=currency)


def _written_out(number: str) -> str:
    """Return a number as amounts are written: "-4.89e1" is "-48.9"; one of any other size stays as it is."""
    if "e" not in number.casefold() or len(number) > _LONGEST_NUMBER:
        return number
    told = Decimal(number)
    return format(told, "f") if abs(told.adjusted()) < _LONGEST_NUMBER else number


def _lists(value: Any, title: str, depth: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield each list of objects, with the name under which it stands; lists inside of entries are parts of them."""
    if depth > _DEEPEST:
        return
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        if heading_score(_table(value[:1])[0].cells) >= 2:
            yield title, value
            return
        for one in value[:_MOST_COLUMNS]:
            yield from _lists(one, title, depth + 1)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _lists(inner, str(key)[:60], depth + 1)


def _table(entries: list[dict[str, Any]]) -> list[Row]:
    """Return the heading and the rows of a list of objects."""
    flat = [dict(_flat(one, "", 0)) for one in entries]
    names = list(dict.fromkeys(name for one in flat for name in one))[:_MOST_COLUMNS]
    heading = Row(1, [name.replace(".", " ") for name in names])
    return [heading, *(Row(n, [one.get(name, "") for name in names]) for n, one in enumerate(flat, start=2))]


def _flat(value: dict[str, Any], above: str, depth: int) -> Iterator[tuple[str, str]]:
    """Yield the names and texts of all values; of an amount with its currency the amount stands under its own name."""
    for key, inner in value.items():
        name = f"{above}{key}"[:200]
        if isinstance(inner, dict) and depth < _DEEPEST:
            amount = _money(inner)
            if amount is not None:
                yield name, amount
                yield f"{name} currency", str(inner["currency"])
            else:
                yield from _flat(inner, f"{name}.", depth + 1)
        elif isinstance(inner, list):
            yield name, " ".join(one for one in inner[:_MOST_COLUMNS] if isinstance(one, str))
        else:
            yield name, "" if inner is None or isinstance(inner, bool) else str(inner)


def _money(value: dict[str, Any]) -> str | None:
    """Return the amount of {"value": -1250, "precision": 2, "currency": "EUR"}, None where this is no amount."""
    amount = value.get("value", value.get("amount"))
    if not isinstance(value.get("currency"), str) or not isinstance(amount, str):
        return None
    precision = value.get("precision", "0")
    digits = amount.lstrip("-").isdigit() and isinstance(precision, str) and precision.isdigit()
    if not digits or not 0 < int(precision[:2]) <= _MOST_DECIMALS:
        return amount
    return f"{Decimal(amount).scaleb(-int(precision)):f}"
