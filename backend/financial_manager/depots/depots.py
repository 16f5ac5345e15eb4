"""Write what happens in depots: securities and their trades. Each step is recorded, and nothing impossible is booked.

A trade is checked by counting its security anew: what would sell more than is held on that day is refused.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import func, select, tuple_

from backend.financial_manager.days import check_day
from backend.financial_manager.depots.book import Book, books_of, check_books
from backend.financial_manager.depots.keeping import (
    PLAIN,
    check_day_open,
    check_nulls,
    check_security,
    check_values,
    find_depot,
    find_security,
    find_trade,
)
from backend.financial_manager.depots.models import PriceSource, Security, SecurityPrice, SecurityTrade, TradeKind
from backend.financial_manager.errors import RowChanged, SecurityInUse, TransactionMissing
from backend.financial_manager.ledger.accounts import OwnCurrencyOf, find_account
from backend.financial_manager.ledger.change_log import ChangeLog, step_of
from backend.financial_manager.ledger.locks import check_days
from backend.financial_manager.ledger.models import Transaction, UserAccount
from backend.financial_manager.securities import Splits, TradeInvalid
from backend.financial_manager.securities.trades import end_of
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.ids import NewId
from backend.sdk.names import plain_name

MOST_SECURITIES = 2000
_FIELDS = {
    "isin": "security_id",
    "depot": "depot_id",
    "new": "split_new",
    "old": "split_old",
    "transfer_id": "transfer",
}
"""The engine's name of a field -> ours, where they differ."""
_SECURITY_NULLS: dict[str, Any] = {"isin": "", "symbol": "", "country": ""}


@dataclass(frozen=True, slots=True)
class TradesWanted:
    """Which trades are looked for."""

    depot_id: str | None = None
    security_id: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None


class Depots:
    """Keep securities and trades of the space that an actor writes to."""

    def __init__(self, db: Database, log: ChangeLog, new_id: NewId, own_currency: OwnCurrencyOf) -> None:
        self._db = db
        self._log = log
        self._new_id = new_id
        self._own_currency = own_currency

    def securities(self, actor: Actor) -> list[Security]:
        """Return the securities by name."""

        def work(session: OwnedSession) -> list[Security]:
            query = select(Security).where(Security.owner_id == session.actor.owner_id)
            return list(session.scalars(query.order_by(Security.name, Security.id)))

        return self._db.read(actor, work)

    def security(self, actor: Actor, security_id: str) -> Security:
        """Return one security; raises `SecurityMissing`."""
        return self._db.read(actor, find_security, security_id)

    def add_security(self, actor: Actor, values: Mapping[str, Any]) -> Security:
        """Add a security; `values` are columns; no currency: the household's own.

        Raises `InvalidInput` for a wrong ISIN or a name taken already.
        """

        def work(session: OwnedSession) -> Security:
            query = select(func.count()).select_from(Security).where(Security.owner_id == session.actor.owner_id)
            if int(session.scalar(query) or 0) >= MOST_SECURITIES:
                told = f"There are {MOST_SECURITIES} securities, and no more are kept."
                raise InvalidInput(fields=[FieldProblem("body", told, "Delete some that you do not need.")])
            currency = values.get("currency") or self._own_currency(session)
            row = Security(id=self._new_id(), **{**values, "currency": currency})
            row.country = row.country or row.isin[:2]
            return _checked(session, row)

        return self._log.write(actor, "security.create", work)

    def change_security(
        self, actor: Actor, security_id: str, values: Mapping[str, Any], version: int | None = None
    ) -> Security:
        """Change some of a security. Raises what `add_security` raises, `SecurityMissing` and `RowChanged`."""

        def work(session: OwnedSession) -> Security:
            row = find_security(session, security_id)
            if version is not None and row.version != version:
                raise RowChanged()
            kind = row.kind
            for name, value in check_nulls(values, _SECURITY_NULLS).items():
                setattr(row, name, value)
            row.version += 1
            checked = _checked(session, row)
            if row.kind != kind:
                _recount(session, security_id, "")
            return checked

        return self._log.write(actor, "security.change", work)

    def delete_security(self, actor: Actor, security_id: str) -> None:
        """Delete a security, its prices and their source; raises `SecurityInUse` where trades stand on it."""

        def work(session: OwnedSession) -> None:
            row = find_security(session, security_id)
            query = select(SecurityTrade.id).where(SecurityTrade.security_id == security_id)
            if session.scalars(query.limit(1)).first() is not None:
                raise SecurityInUse()
            for model in (SecurityPrice, PriceSource):
                for one in session.scalars(select(model).where(model.security_id == security_id)):
                    session.delete(one)
            session.flush()
            step_of(session).title = row.name
            session.delete(row)

        self._log.write(actor, "security.delete", work)

    def page(
        self, actor: Actor, wanted: TradesWanted, *, limit: int, after: tuple[dt.date, str] | None = None
    ) -> list[SecurityTrade]:
        """Return trades, newest first, `limit + 1` for paging; `after`: day and id of the last one seen."""

        def work(session: OwnedSession) -> list[SecurityTrade]:
            row = SecurityTrade
            query = select(row).where(row.owner_id == session.actor.owner_id)
            for column, value in ((row.depot_id, wanted.depot_id), (row.security_id, wanted.security_id)):
                query = query if value is None else query.where(column == value)
            if wanted.since is not None:
                query = query.where(row.date >= wanted.since)
            if wanted.until is not None:
                query = query.where(row.date <= wanted.until)
            if after is not None:
                query = query.where(tuple_(row.date, row.id) < after)
            return list(session.scalars(query.order_by(row.date.desc(), row.id.desc()).limit(limit + 1)))

        return self._db.read(actor, work)

    def trade(self, actor: Actor, trade_id: str) -> SecurityTrade:
        """Return one trade; raises `TradeMissing`."""
        return self._db.read(actor, find_trade, trade_id)

    def book(self, actor: Actor, values: Mapping[str, Any]) -> SecurityTrade:
        """Book a trade; `values` are columns of `SecurityTrade`.

        Raises `AccountMissing`, `SecurityMissing`, `TransactionMissing`, `PeriodReconciled`, `InvalidInput`, and
        `TradeInvalid` for what the depot cannot have done: selling more than it held, or a missing exchange rate.
        """

        def work(session: OwnedSession) -> SecurityTrade:
            row = SecurityTrade(id=self._new_id(), **values)
            self._fill(session, row)
            return row

        return self._log.write(actor, "trade.create", work)

    def transfer(
        self,
        actor: Actor,
        *,
        from_id: str,
        to_id: str,
        security_id: str,
        quantity: str,
        on: dt.date,
        arrived: dt.date,
        note: str = "",
    ) -> tuple[SecurityTrade, SecurityTrade]:
        """Move shares to another depot, both sides in one step; raises what `book` raises.

        `quantity`: as they left; what arrives is what the splits that are known between the two days made of them.
        """

        def work(session: OwnedSession) -> tuple[SecurityTrade, SecurityTrade]:
            left = find_depot(session, from_id, "body.from_depot_id")
            came = find_depot(session, to_id, "body.to_depot_id")
            find_security(session, security_id, "body.security_id")
            _check_move(left, came, on, arrived)
            common = {"security_id": security_id, "transfer": self._new_id(), "note": note, "currency": ""}
            came_as = _arriving(session, security_id, quantity, (from_id, on), (to_id, arrived))
            sides = (("transfer_out", from_id, on, quantity), ("transfer_in", to_id, arrived, came_as))
            out, into = (
                SecurityTrade(id=self._new_id(), kind=kind, depot_id=depot, date=day, quantity=number, **common)
                for kind, depot, day, number in sides
            )
            self._fill(session, out)
            self._fill(session, into)
            return out, into

        return self._log.write(actor, "trade.create", work)

    def change(
        self, actor: Actor, trade_id: str, values: Mapping[str, Any], version: int | None = None
    ) -> SecurityTrade:
        """Change some of a trade. Raises what `book` raises, `TradeMissing` and `RowChanged`."""

        def work(session: OwnedSession) -> SecurityTrade:
            with session.no_autoflush:
                row = find_trade(session, trade_id)
                if version is not None and row.version != version:
                    raise RowChanged()
                _check_lock(session, row)
                before, linked = row.security_id, row.transaction_id
                for name, value in check_nulls(values, PLAIN).items():
                    setattr(row, name, value)
                row.version += 1
                self._fill(session, row, linked)
            if before != row.security_id:
                _recount(session, before, "")
            return row

        return self._log.write(actor, "trade.change", work)

    def delete(self, actor: Actor, trade_id: str) -> None:
        """Delete a trade; raises `TradeMissing`, and `TradeInvalid` where a later one would sell what is not there."""

        def work(session: OwnedSession) -> None:
            row = find_trade(session, trade_id)
            _check_lock(session, row)
            security_id = row.security_id
            step_of(session).title = _title(session, row)
            session.delete(row)
            session.flush()
            _recount(session, security_id, "")

        self._log.write(actor, "trade.delete", work)

    def _fill(self, session: OwnedSession, row: SecurityTrade, linked: str | None = None) -> None:
        """Check a trade against what it names and what the depot held, and write it.

        `linked`: the booking that it named before; that one may be gone by now.
        """
        depot = find_depot(session, row.depot_id, "body.depot_id")
        if row.security_id is not None:
            find_security(session, row.security_id, "body.security_id")
        if row.transaction_id not in (None, linked):
            _check_transaction(session, row.transaction_id)
        check_day(row.date)
        if row.acquired is not None:
            check_day(row.acquired, "body.acquired")
        check_day_open(row, depot)
        check_days(session, [depot], row.date)
        row.currency = row.currency or depot.currency
        check_values(row)
        session.add(row)
        session.flush()
        step_of(session).title = _title(session, row)
        _recount(session, row.security_id, row.id)


def recount(session: OwnedSession, security_ids: set[str | None]) -> None:
    """Raise `TradeInvalid` where the trades of some securities can no longer be booked (None: fees of no security)."""
    for security_id in security_ids:
        _recount(session, security_id, "")


def _recount(session: OwnedSession, security_id: str | None, trade_id: str) -> None:
    """Count a security anew; an error of another trade than `trade_id` says which one it was."""
    try:
        check_books(books_of(session, security_id=security_id or ""), exact=trade_id)
    except TradeInvalid as error:
        field = f"body.{_FIELDS.get(error.field, error.field)}"
        if trade_id and error.trade_id == trade_id:
            raise TradeInvalid(field, error.problem, error.remedy, trade_id=trade_id) from None
        raise TradeInvalid("body.date", error.problem, error.remedy, trade_id=error.trade_id) from None


def _check_move(left: UserAccount, came: UserAccount, on: dt.date, arrived: dt.date) -> None:
    """Refuse a transfer that stays where it is, changes its currency, or arrives before it left."""
    if left.id == came.id:
        told = "The shares would stay where they are."
        raise InvalidInput(fields=[FieldProblem("body.to_depot_id", told, "Choose another depot.")])
    if left.currency != came.currency:
        told = f"{left.name} counts in {left.currency}, {came.name} in {came.currency}."
        remedy = "Book a sale here and an opening position with its cost there."
        raise InvalidInput(fields=[FieldProblem("body.to_depot_id", told, remedy)])
    if arrived < on:
        told = "The shares would arrive before they left."
        raise InvalidInput(fields=[FieldProblem("body.arrived", told, "Choose a later day.")])


def _arriving(
    session: OwnedSession, security_id: str, quantity: str, left: tuple[str, dt.date], came: tuple[str, dt.date]
) -> str:
    """Return how many shares arrive, by the splits on the way; each bank counts as its papers do (depot, day)."""
    book = next(one for one in books_of(session, security_id=security_id) if came[0] in _ids(one))
    isin, splits = find_security(session, security_id).label, Splits(book.trades)
    sent, there = (splits.late(book.depot_label(depot), isin, day) for depot, day in (left, came))
    across = splits.between(isin, end_of(left[1]), end_of(came[1]))
    try:
        number = Decimal(quantity)
        arriving = there.back(across.of(sent.of(number)))
    except InvalidOperation:
        return quantity  # no number: the check of the trade says so
    return quantity if arriving == number else format(arriving, "f")


def _ids(book: Book) -> set[str]:
    return {one.id for one in book.depots.values()}


def _checked(session: OwnedSession, row: Security) -> Security:
    row.isin, row.symbol, row.name = row.isin.upper(), row.symbol.strip(), plain_name(row.name)
    if not row.name:
        raise InvalidInput(fields=[FieldProblem("body.name", "A security has a name.", "Give it a name.")])
    check_security(session, row)
    session.add(row)
    session.flush()
    step_of(session).title = row.name
    return row


def _check_transaction(session: OwnedSession, transaction_id: str | None) -> None:
    query = select(Transaction.id).where(
        Transaction.owner_id == session.actor.owner_id, Transaction.id == transaction_id
    )
    if session.scalars(query).first() is None:
        told = FieldProblem("body.transaction_id", "This transaction does not exist.", "Choose one of your bookings.")
        raise TransactionMissing(fields=[told])


def _check_lock(session: OwnedSession, row: SecurityTrade) -> None:
    check_days(session, [find_account(session, row.depot_id)], row.date)


def _title(session: OwnedSession, row: SecurityTrade) -> str:
    """Return what a step about a trade is called."""
    name = find_security(session, row.security_id).name if row.security_id else ""
    word = TradeKind(row.kind).value.replace("_", " ")
    return ", ".join(part for part in (f"{word} {name[:200]}".strip(), row.date.isoformat()) if part)
