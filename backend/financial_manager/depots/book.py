"""From rows to what the engine counts: the trades of all depots of one currency, and who is who in them.

The engine knows depots and securities by words that also stand in its errors: the depot's name, the security's ISIN.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from backend.financial_manager.depots.models import Security, SecurityPrice, SecurityTrade, TradeKind
from backend.financial_manager.ledger.models import UserAccount
from backend.financial_manager.rates.book import STALE_DAYS, Quote, quotes
from backend.financial_manager.securities import (
    AnyTrade,
    Buy,
    CostAdjustment,
    CostRules,
    Dividend,
    Fee,
    Method,
    Opening,
    Price,
    PriceBook,
    Sell,
    Split,
    TransferIn,
    TransferOut,
    replay,
)
from backend.financial_manager.securities.trades import MoneyTrade
from backend.financial_manager.taxes import SecurityKind, available_packs, cost_rules, load_pack
from backend.sdk.db import OwnedSession

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Book:
    """The trades of the depots that count in one currency. `depots`, `securities`: by the engine's word for them."""

    base: str
    trades: tuple[AnyTrade, ...]
    depots: Mapping[str, UserAccount]
    securities: Mapping[str, Security]
    rows: Mapping[str, SecurityTrade]

    @property
    def kinds(self) -> dict[str, SecurityKind]:
        """Return what each security is."""
        return {label: SecurityKind(one.kind) for label, one in self.securities.items()}

    def depot_label(self, depot_id: str) -> str:
        """Return the engine's word for a depot."""
        return next(label for label, one in self.depots.items() if one.id == depot_id)


def books_of(session: OwnedSession, *, security_id: str | None = None) -> list[Book]:
    """Return the books of the acting space by currency, or of one security only ("": fees of no security)."""
    owner = session.actor.owner_id
    query = select(SecurityTrade).where(SecurityTrade.owner_id == owner)
    if security_id is not None:
        query = query.where(SecurityTrade.security_id == (security_id or None))
    rows = list(session.scalars(query.order_by(SecurityTrade.date, SecurityTrade.id)))
    accounts = list(session.scalars(select(UserAccount).where(UserAccount.owner_id == owner)))
    securities = list(session.scalars(select(Security).where(Security.owner_id == owner)))
    used = {row.depot_id for row in rows}
    depots = [account for account in accounts if account.kind == "depot" or account.id in used]
    return [
        _book(base, [one for one in depots if one.currency == base], securities, rows)
        for base in sorted({one.currency for one in depots})
    ]


def _book(
    base: str, depots: Sequence[UserAccount], securities: Sequence[Security], rows: Sequence[SecurityTrade]
) -> Book:
    words = _words(depots)
    labels = {one.id: one.label for one in securities}
    own = [row for row in rows if row.depot_id in words]
    return Book(
        base,
        tuple(trade_of(row, words[row.depot_id], labels.get(row.security_id or "", "")) for row in own),
        {words[one.id]: one for one in depots},
        {one.label: one for one in securities},
        {row.id: row for row in own},
    )


def _words(depots: Sequence[UserAccount]) -> dict[str, str]:
    """Return a word for each depot by its id: its name, with the end of its id where that alone is not unique."""
    names = [one.name for one in depots]
    words = {one.id: one.name for one in depots if names.count(one.name) == 1}
    for one in depots:
        if one.id not in words:
            word = f"{one.name} ({one.id[-6:]})"
            while word in words.values():
                word = f"{word}*"
            words[one.id] = word
    return words


def trade_of(row: SecurityTrade, depot: str, isin: str) -> AnyTrade:
    """Return a row as the engine takes it."""
    kind = TradeKind(row.kind)
    head: dict[str, Any] = {
        "id": row.id, "date": row.date, "depot": depot, "isin": isin, "sequence": row.sequence,
    }  # fmt: skip
    if kind is TradeKind.SPLIT:
        return Split(**head, new=_decimal(row.split_new), old=_decimal(row.split_old or "1"))
    if kind is TradeKind.TRANSFER_OUT:
        return TransferOut(**head, quantity=_decimal(row.quantity), transfer_id=row.transfer)
    if kind is TradeKind.TRANSFER_IN:
        return TransferIn(**head, quantity=_decimal(row.quantity), transfer_id=row.transfer)
    head |= {"amount_minor": row.amount_minor, "currency": row.currency}
    head["fx_rate"] = None if row.fx_rate is None else Decimal(row.fx_rate)
    return _with_money(row, kind, head)


def _with_money(row: SecurityTrade, kind: TradeKind, head: dict[str, Any]) -> AnyTrade:
    """Return a trade that has an amount."""
    if kind is TradeKind.OPENING:
        return Opening(**head, quantity=_decimal(row.quantity), acquired=row.acquired)
    if kind is TradeKind.BUY:
        return Buy(**head, quantity=_decimal(row.quantity), fees_minor=row.fees_minor)
    if kind is TradeKind.SELL:
        head |= {"withheld_minor": row.withheld_minor, "surcharge_minor": row.surcharge_minor}
        return Sell(**head, quantity=_decimal(row.quantity), fees_minor=row.fees_minor)
    foreign = row.foreign_withheld_minor
    if kind is TradeKind.DIVIDEND:
        head |= {"withheld_minor": row.withheld_minor, "surcharge_minor": row.surcharge_minor}
        return Dividend(**head, foreign_withheld_minor=foreign, country=row.country)
    if kind is TradeKind.COST_ADJUSTMENT:
        head |= {"withheld_minor": row.withheld_minor, "surcharge_minor": row.surcharge_minor}
        return CostAdjustment(**head, sign=row.sign, income_minor=row.income_minor, foreign_withheld_minor=foreign)
    return Fee(**head)


def check_books(books: Iterable[Book], *, exact: str = "") -> None:
    """Raise `TradeInvalid` for the first trade that cannot be booked: by either method, or by a country's tax rules.

    `exact`: an arrival of shares that is being written, which must bring the number after the splits on the way.
    Countries count cost in their own way (Austria without fees): what one of them could not book would stop its report.
    """
    for book in books:
        for method in Method:
            replay(book.trades, CostRules(base=book.base), method, exact=exact)
        for rules, method, kinds in _countries(book):
            replay([one for one in book.trades if one.isin in kinds], rules, method, exact=exact)


def _countries(book: Book) -> list[tuple[CostRules, Method, frozenset[str]]]:
    """Return the different ways in which tax packs count the cost of what a book holds."""
    held, kinds = {one.isin for one in book.trades}, book.kinds
    found: list[tuple[CostRules, Method, frozenset[str]]] = []
    for country, year in available_packs():
        pack = load_pack(country, year)
        if pack.securities is None or pack.currency != book.base:
            continue
        ruled = {isin: kinds[isin] for isin in held & kinds.keys() if kinds[isin] in pack.securities.kinds}
        way = (*cost_rules(pack, ruled), frozenset(ruled))
        if ruled and way not in found:
            found.append(way)
    return found


def price_book(session: OwnedSession, book: Book) -> PriceBook:
    """Return the prices that a book needs.

    A rate into another currency than the book's is none. A price in another currency without a rate takes the last rate
    of a trade or a price, if that is of its week; else the ECB's of its day; where that is over a week old too, the
    newer of both; else the first later one of a trade or a price. Without any it counts for nothing.
    """
    labels = {one.id: label for label, one in book.securities.items()}
    rows = session.execute(
        select(
            SecurityPrice.security_id, SecurityPrice.date, SecurityPrice.price, SecurityPrice.currency,
            SecurityPrice.fx_rate, SecurityPrice.fx_currency, SecurityPrice.source,
        ).where(SecurityPrice.owner_id == session.actor.owner_id)
    )  # fmt: skip
    prices = [
        Price(
            labels[security],
            day,
            Decimal(price),
            currency,
            Decimal(rate) if rate and into == book.base else None,
            source,
        )
        for security, day, price, currency, rate, into, source in rows
    ]
    return PriceBook(_with_rates(session, prices, book), book.trades)


def _with_rates(session: OwnedSession, prices: Sequence[Price], book: Book) -> list[Price]:
    """Give prices in another currency a rate; drop those for which there is none, and rates nobody needs."""
    known: dict[str, dict[dt.date, Decimal]] = {}
    trades = [one for one in book.trades if isinstance(one, MoneyTrade)]
    for one in (*trades, *prices):
        if one.fx_rate is not None and one.currency != book.base:
            known.setdefault(one.currency, {})[one.date] = one.fx_rate
    said = {currency: sorted(rates.items()) for currency, rates in known.items()}
    ecb = _of_ecb(session, [one for one in prices if one.fx_rate is None], book.base)
    found = []
    for price in prices:
        if price.currency == book.base:
            found.append(replace(price, fx_rate=None))
        elif price.fx_rate is not None:
            found.append(price)
        else:
            rate = _rate_of(price, said.get(price.currency, ()), ecb)
            found += [] if rate is None else [replace(price, fx_rate=rate)]
    return found


def _rate_of(
    price: Price, said: Sequence[tuple[dt.date, Decimal]], ecb: Mapping[tuple[str, dt.date], Quote]
) -> Decimal | None:
    """Return the rate for a price that has none; `said`: what trades and prices say of its currency, by day."""
    place = bisect_right(said, price.date, key=lambda one: one[0])
    last = said[place - 1] if place else None
    told = ecb.get((price.currency, price.date))
    if last is not None and (price.date - last[0]).days <= STALE_DAYS:
        return last[1]
    if told is not None and (not told.stale or (last is not None and last[0] < told.as_of)):
        return told.exact
    if last is None and said:
        last = said[0]
    return None if last is None else last[1]


def _of_ecb(session: OwnedSession, prices: Iterable[Price], base: str) -> dict[tuple[str, dt.date], Quote]:
    """Return the ECB's newest rates on the days of some prices, by currency and day."""
    wanted: dict[str, set[dt.date]] = {}
    for one in prices:
        wanted.setdefault(one.currency, set()).add(one.date)
    return {
        (currency, day): found
        for currency, days in wanted.items() if currency != base
        for day, found in quotes(session, currency, base, days).items()
    }  # fmt: skip


def _decimal(text: str | None) -> Decimal:
    return Decimal(text or "0")
