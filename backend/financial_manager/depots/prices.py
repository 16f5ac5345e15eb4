"""Prices of securities: by hand, or from a file. One per security and day; a newer word replaces the older one.

Those of a server that a person asked: `price_sources.py`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from backend.financial_manager.currencies import check_currency
from backend.financial_manager.days import check_day
from backend.financial_manager.depots.keeping import find_security
from backend.financial_manager.depots.models import Security, SecurityPrice
from backend.financial_manager.errors import PriceMissing
from backend.financial_manager.ledger.change_log import ChangeLog, step_of
from backend.financial_manager.ledger.models import AccountKind, UserAccount
from backend.financial_manager.securities import Price, PriceFile, PricesUnreadable, read_prices
from backend.financial_manager.securities.price_files import SkippedPrice
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.ids import NewId

MOST_PRICES = 10_000
"""Prices of one file: about forty years of one security, or a day of many."""
BY_HAND = "hand"


@dataclass(frozen=True, slots=True)
class PricesImported:
    """What became of a file. `unknown`: what it calls securities that the household does not have."""

    added: int
    changed: int
    same: int
    skipped: tuple[SkippedPrice, ...]
    unknown: tuple[str, ...]
    doubts: tuple[str, ...]


class Prices:
    """Keep the prices of the space that an actor writes to."""

    def __init__(self, db: Database, log: ChangeLog, new_id: NewId) -> None:
        self._db = db
        self._log = log
        self._new_id = new_id

    def page(self, actor: Actor, security_id: str, *, limit: int, before: dt.date | None = None) -> list[SecurityPrice]:
        """Return a security's prices, newest first, `limit + 1` for paging; raises `SecurityMissing`."""

        def work(session: OwnedSession) -> list[SecurityPrice]:
            find_security(session, security_id)
            query = select(SecurityPrice).where(
                SecurityPrice.owner_id == session.actor.owner_id, SecurityPrice.security_id == security_id
            )
            if before is not None:
                query = query.where(SecurityPrice.date < before)
            return list(session.scalars(query.order_by(SecurityPrice.date.desc()).limit(limit + 1)))

        return self._db.read(actor, work)

    def enter(
        self,
        actor: Actor,
        security_id: str,
        day: dt.date,
        price: str,
        *,
        currency: str = "",
        fx_rate: str | None = None,
        fx_currency: str = "",
    ) -> SecurityPrice:
        """Say what one share cost on a day; the security's currency is meant where none is named.

        `fx_rate`: units of `fx_currency` for one of the price's; that of the depots is meant where they have but one.
        Raises `SecurityMissing`, and `InvalidInput` for an unknown currency or a rate that is none.
        """
        check_day(day, "body.date")
        if fx_rate is not None and Decimal(fx_rate) <= 0:
            told = FieldProblem("body.fx_rate", "A rate is above zero.", "Leave it empty where you do not know it.")
            raise InvalidInput(fields=[told])

        def work(session: OwnedSession) -> SecurityPrice:
            security = find_security(session, security_id)
            known = currency or security.currency
            check_currency(known)
            query = select(SecurityPrice).where(
                SecurityPrice.owner_id == session.actor.owner_id,
                SecurityPrice.security_id == security_id,
                SecurityPrice.date == day,
            )
            row = session.scalars(query).first()
            if row is None:
                row = SecurityPrice(id=self._new_id(), security_id=security_id, date=day, price=price, currency=known)
            row.price, row.currency, row.fx_rate, row.source = price, known, fx_rate, BY_HAND
            row.fetched_at = None
            row.fx_currency = "" if fx_rate is None else _into(session, known, fx_currency)
            session.add(row)
            step_of(session).title = f"{security.name}, {day.isoformat()}"
            return row

        return self._log.write(actor, "price.enter", work)

    def delete(self, actor: Actor, price_id: str) -> None:
        """Forget a price; raises `PriceMissing`."""

        def work(session: OwnedSession) -> None:
            query = select(SecurityPrice).where(
                SecurityPrice.owner_id == session.actor.owner_id, SecurityPrice.id == price_id
            )
            row = session.scalars(query).first()
            if row is None:
                raise PriceMissing()
            step_of(session).title = f"{find_security(session, row.security_id).name}, {row.date.isoformat()}"
            session.delete(row)

        self._log.write(actor, "price.delete", work)

    def import_file(self, actor: Actor, data: bytes, name: str, security_id: str | None = None) -> PricesImported:
        """Take the prices of a file; `security_id`: whose they are, where the file names no security.

        Rows of securities that the household does not have are counted and left out. Raises `SecurityMissing`, and
        `PricesUnreadable`, also where a name of the file is that of two securities.
        """
        chosen = self._db.read(actor, find_security, security_id, "body.security_id") if security_id else None
        label, currency = (chosen.label, chosen.currency) if chosen is not None else ("", "")
        file = read_prices(data, name, isin=label, currency=currency)
        if len(file.prices) > MOST_PRICES:
            told = f"The file has more than {MOST_PRICES} prices."
            raise PricesUnreadable(told, "Split it, or leave out what you do not need.")
        return self._log.write(actor, "price.import", self._take, file, chosen.id if chosen is not None else "")

    def _take(self, session: OwnedSession, file: PriceFile, chosen_id: str) -> PricesImported:
        owner = session.actor.owner_id
        securities = list(session.scalars(select(Security).where(Security.owner_id == owner)))
        called = _called(securities)
        wanted: dict[tuple[str, dt.date], Price] = {}
        unknown: dict[str, None] = {}
        for price in file.prices:
            meant = called.get(price.isin.casefold(), {})
            if len(meant) > 1 and chosen_id not in meant:
                raise _ambiguous(price.isin, meant.values())
            if not meant:
                unknown[price.isin] = None
            elif not chosen_id or chosen_id in meant:
                wanted[chosen_id or next(iter(meant)), price.date] = price
        days = [day for _, day in wanted]
        query = select(SecurityPrice).where(
            SecurityPrice.owner_id == owner,
            SecurityPrice.date.between(min(days, default=dt.date.max), max(days, default=dt.date.min)),
        )
        known = {(row.security_id, row.date): row for row in session.scalars(query)}
        added = changed = 0
        for (security_id, day), price in wanted.items():
            row = known.get((security_id, day))
            if row is None:
                row = SecurityPrice(id=self._new_id(), security_id=security_id, date=day)
                added += 1
            elif Decimal(row.price) != price.price or row.currency != price.currency:
                changed += 1
            elif row.fetched_at is None:
                continue  # what a server said is the word of a person's file from now on, also where both agree
            if row.currency != price.currency:  # the rate of another currency is none of this one
                row.fx_rate, row.fx_currency = None, ""
            row.price, row.currency, row.source = format(price.price, "f"), price.currency, file.name[:255]
            row.fetched_at = None
            session.add(row)
        step_of(session).title = file.name[:300]
        doubts = tuple(one.reason for one in file.doubts)
        same = len(wanted) - added - changed
        return PricesImported(added, changed, same, file.skipped, tuple(unknown), doubts)


def _called(securities: Sequence[Security]) -> dict[str, dict[str, Security]]:
    """Return what a file may call securities -> those that it may mean, by id; an ISIN means its own only."""
    found: dict[str, dict[str, Security]] = {}
    for one in securities:
        for word in {one.symbol.casefold(), one.name.casefold()} - {""}:
            found.setdefault(word, {})[one.id] = one
    return found | {one.isin.casefold(): {one.id: one} for one in securities if one.isin}


def _ambiguous(word: str, meant: Iterable[Security]) -> PricesUnreadable:
    names = ", ".join(sorted(f"{one.name} ({one.label})" for one in meant))
    told = f"{word[:200]} could be several of your securities: {names}."
    return PricesUnreadable(told, "Choose the security, or write its ISIN in the file.")


def _into(session: OwnedSession, currency: str, named: str) -> str:
    """Return the currency that a price's rate leads into: the named one, else that of all depots."""
    query = select(UserAccount.currency).where(
        UserAccount.owner_id == session.actor.owner_id, UserAccount.kind == AccountKind.DEPOT.value
    )
    depots = {one for one in session.scalars(query) if one != currency}
    into = named or (depots.pop() if len(depots) == 1 else "")
    if not into or into == currency:
        told = "It is not clear into which currency this rate leads."
        remedy = "Name the currency of the depot, or leave the rate empty."
        raise InvalidInput(fields=[FieldProblem("body.fx_currency", told, remedy)])
    check_currency(into, "body.fx_currency")
    return into
