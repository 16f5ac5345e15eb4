"""What people need beside the columns that a step changed: whose row it is, in which currency, what its ids are called.

A changed row holds only what differs. The rest is looked up in the ledger as it is now, and where a row is gone, in
the record itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import select

from backend.financial_manager.ledger.change_log import AUDITED, values_of
from backend.financial_manager.ledger.models import ChangedRow
from backend.sdk.db import OwnedSession

_AT_ONCE = 500
_DEEPEST = 5
_PARENT = {
    "postings": "transaction_id",
    "payee_aliases": "payee_id",
    "transfer_links": "out_id",
    "budgets": "category_id",
    "security_trades": "security_id",
    "security_prices": "security_id",
    "construction_budget": "project_id",
    "con_contracts": "line_id",
    "con_change_orders": "contract_id",
    "con_invoices": "contract_id",
    "con_releases": "contract_id",
    "con_financing": "project_id",
    "con_payments": "contract_id",
    "raw_rows": "account_id",
}
"""The column that names the row which one belongs to."""
_NAMES = ("name", "vendor", "title", "number", "counterparty", "purpose")
"""Columns that a row may be called by, the best first."""

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What is said of a changed row. `subject`: what it, or what it belongs to, is called; `currency`: of its amounts.

    `of_account`: a posting's amount is seen from the account; otherwise from the category, with the other sign.
    `names`: id -> name of the rows that its columns name.
    """

    currency: str
    subject: str
    of_account: bool
    names: Mapping[str, str]


def facts_of(session: OwnedSession, rows: Sequence[ChangedRow]) -> list[RowFacts]:
    """Return what is to be said of each changed row, in the order of `rows`."""
    book = _Book(session)
    book.read({(row.table_name, row.row_id) for row in rows})
    ties: set[tuple[str, str]] = {tie for row in rows for tie in _named(row)}
    for _ in range(_DEEPEST):
        if not ties:
            break
        book.read(ties)
        ties = {up for tie in ties if (up := _up(tie[0], book.values(*tie))) is not None}
    return [_facts(book, row) for row in rows]


def _facts(book: _Book, row: ChangedRow) -> RowFacts:
    values = {**book.values(row.table_name, row.row_id), **(row.before or {}), **(row.after or {})}
    names = {row_id: name for table, row_id in _named(row) if (name := _title(book, table, book.values(table, row_id)))}
    return RowFacts(
        currency=_first(book, row.table_name, values, ("currency",)),
        subject=_title(book, row.table_name, values),
        of_account=row.table_name == "postings" and values.get("account_id") is not None,
        names=names,
    )


def _title(book: _Book, table: str, values: Values) -> str:
    return _first(book, table, values, _NAMES)[:200]


def _first(book: _Book, table: str, values: Values, names: Iterable[str]) -> str:
    """Return the first text that a row, or what it belongs to, has in one of some columns."""
    for level in _upwards(book, table, values):
        for name in names:
            if isinstance(text := level.get(name), str) and text:
                return text
    return ""


def _upwards(book: _Book, table: str, values: Values) -> Iterator[Values]:
    yield values
    for _ in range(_DEEPEST):
        up = _up(table, values)
        if up is None:
            return
        table, values = up[0], book.values(*up)
        yield values


def _up(table: str, values: Values) -> tuple[str, str] | None:
    """Return the row that one belongs to; None where it stands alone."""
    column = _PARENT.get(table)
    if column is None or not isinstance(row_id := values.get(column), str):
        return None
    return _targets(table)[column], row_id


def _named(row: ChangedRow) -> Iterator[tuple[str, str]]:
    """Give the rows that a changed row names, before or after."""
    targets = _targets(row.table_name)
    for values in (row.before or {}, row.after or {}):
        for column, table in targets.items():
            if isinstance(row_id := values.get(column), str):
                yield table, row_id


@cache
def _targets(table: str) -> dict[str, str]:
    """Return column -> recorded table that it names, from the foreign keys."""
    model: Any = AUDITED[table]
    found = {}
    for key in model.__table__.foreign_key_constraints:
        target = key.referred_table.name
        found.update({one.parent.name: target for one in key.elements if target in AUDITED})
    found.pop("owner_id", None)
    return found


class _Book:
    """Rows by table and id, as they are; what is gone as the record knew it."""

    def __init__(self, session: OwnedSession) -> None:
        self._session = session
        self._known: dict[tuple[str, str], Values] = {}

    def values(self, table: str, row_id: str) -> Values:
        """Return a row's columns; nothing where nobody knows them. A row that is missing is looked up."""
        if (table, row_id) not in self._known:
            self.read({(table, row_id)})
        return self._known[table, row_id]

    def read(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Look up rows, many at once."""
        by_table: dict[str, list[str]] = {}
        for table, row_id in set(wanted) - self._known.keys():
            by_table.setdefault(table, []).append(row_id)
        for table, ids in by_table.items():
            for start in range(0, len(ids), _AT_ONCE):
                self._read(table, ids[start : start + _AT_ONCE])

    def _read(self, table: str, ids: Sequence[str]) -> None:
        model: Any = AUDITED[table]
        own = model.owner_id == self._session.actor.owner_id
        found = {row.id: values_of(row) for row in self._session.scalars(select(model).where(own, model.id.in_(ids)))}
        gone = [one for one in ids if one not in found]
        if gone:
            query = select(ChangedRow).where(ChangedRow.table_name == table, ChangedRow.row_id.in_(gone))
            for row in self._session.scalars(query.order_by(ChangedRow.change_id, ChangedRow.seq)):
                found[row.row_id] = {**found.get(row.row_id, {}), **(row.before or {}), **(row.after or {})}
        self._known.update({(table, one): found.get(one, {}) for one in ids})
