"""Facts of a year for a tax pack: from what depots did, and from bookings whose category has a tax purpose.

A booking that is the cash side of a trade counts once, with the trade. What cannot be counted is named with its reason,
and so is what counts although nobody can know whether a bank kept tax of it.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Row, select

from backend.financial_manager.depots.book import Book, books_of
from backend.financial_manager.depots.cash_sides import NEAR, Paid, paid_of, take_paid
from backend.financial_manager.depots.kept_abroad import country_of, is_uncredited, with_source_taxes
from backend.financial_manager.depots.models import SecurityTrade
from backend.financial_manager.depots.tax_rates import RateUsed, in_currency, in_minor
from backend.financial_manager.ledger.models import Category, Posting, Transaction, UserAccount
from backend.financial_manager.securities import AnyTrade, Fee, Replay, Splits, replay
from backend.financial_manager.taxes import (
    Place,
    TaxableFact,
    TaxFactInvalid,
    TaxPack,
    capital_facts,
    cost_rules,
)
from backend.sdk.db import OwnedSession

COUNTS_AS: dict[str, tuple[str, ...]] = {
    "donations": ("donation",),
    "church": ("church_contribution",),
    "health_expenses": ("medical",),
    "tax_advice": ("tax_adviser",),
    "work_equipment": ("work_tools", "work"),
    "household_services": ("household_service", "household"),
    "self_employed_income": ("business_income",),
    "self_employed_expense": ("business_other", "business_expense"),
}
"""Purposes of the shipped categories -> those of packs, the first that a pack has. What is not sure is not here."""
CAPITAL_INCOME: dict[str, tuple[str, ...]] = {
    "income.interest": ("bank_interest", "interest"),
    "income.dividends": ("dividend",),
}
"""The same for `capital_income`, by shipped category: what an account pays by itself is interest of a deposit
(§ 27a Abs 1 Z 1 EStG, Austria; § 20 Abs 1 Nr 7 EStG, Germany), what a share pays a dividend (§ 27 Abs 2 Z 1 EStG,
Austria; § 20 Abs 1 Nr 1 EStG, Germany)."""


class LeftOutReason(enum.StrEnum):
    """Say why something counts for nothing.

    PURPOSE: the pack does not know what its category is for. CURRENCY: there is no rate into the pack's currency.
    RULES: the pack says nothing about securities. SAME: the cash side of a trade, by amount and day; the trade counts.

    These count: TWICE, perhaps the cash side of a trade of another amount. PLACE: nobody said where the account is, so
    it is not known whether its bank kept the tax. NET: it came from abroad, and what was kept there is not known.
    UNCREDITED: a tax was kept abroad of which nothing is credited.
    """

    PURPOSE = "purpose"
    CURRENCY = "currency"
    RULES = "rules"
    SAME = "same"
    TWICE = "twice"
    PLACE = "place"
    NET = "net"
    UNCREDITED = "uncredited"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something of the year to look at: the transaction or trade, its day, and what it was said to be for."""

    reason: LeftOutReason
    source_id: str
    date: dt.date
    purpose: str


@dataclass(frozen=True, slots=True)
class Source:
    """A trade or transaction behind a figure. `kind`: "trade" or "transaction"; `trade_kind`: a `TradeKind`, or "".

    `rate`: by which it was counted where it was in another currency.
    """

    kind: str
    id: str
    date: dt.date
    title: str
    trade_kind: str = ""
    security: str = ""
    rate: RateUsed | None = None


@dataclass(frozen=True, slots=True)
class YearFacts:
    """The facts of a year, what is behind them, and what was left out."""

    facts: tuple[TaxableFact, ...]
    sources: dict[str, Source]
    left_out: tuple[LeftOut, ...]


@dataclass(slots=True)
class _Found:
    """What was found so far. `counted`: trades that the pack counts; `paid`: the money of those that nobody linked."""

    facts: list[TaxableFact] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    counted: set[str] = field(default_factory=set)
    paid: list[Paid] = field(default_factory=list)

    def leave_out(self, reason: LeftOutReason, source_id: str, day: dt.date, purpose: str) -> None:
        """Name something to look at."""
        self.left_out.append(LeftOut(reason, source_id, day, purpose))


def year_facts(session: OwnedSession, pack: TaxPack, *, unknown_place: Place | None = None) -> YearFacts:
    """Return the facts of a pack's year. Raises `TaxFactInvalid` for a depot of which nobody said where it is.

    `unknown_place` is taken for such depots, where the place does not matter.
    """
    found = _Found()
    linked = _linked(session)
    for own in books_of(session):
        book, rates = in_currency(session, own, pack.currency)
        counted = _of_depots(book, pack, found, unknown_place)
        found.counted |= counted
        found.paid += paid_of(own, counted, linked)
        found.sources |= {
            name: replace(found.sources[name], rate=rate) for name, rate in rates.items() if name in found.sources
        }
    traded = list(found.facts)
    _of_ledger(session, pack, found, linked)
    found.left_out += _perhaps_twice(pack, traded, found.facts[len(traded) :])
    found.left_out.sort(key=lambda one: (one.reason, one.date, one.source_id))
    return YearFacts(tuple(found.facts), found.sources, tuple(found.left_out))


def _of_depots(book: Book, pack: TaxPack, found: _Found, unknown_place: Place | None) -> set[str]:
    """Add the facts of the depots of one currency; leave out what the pack has no rules for, return what it counts."""
    ruled = pack.securities.kinds if pack.securities is not None and book.base == pack.currency else {}
    kinds = {label: kind for label, kind in book.kinds.items() if kind in ruled}
    reason = LeftOutReason.RULES if book.base == pack.currency else LeftOutReason.CURRENCY
    of_year = [one for one in book.trades if one.date.year == pack.year]
    for trade in of_year:
        if trade.isin not in kinds and not isinstance(trade, Fee):
            found.leave_out(reason, trade.id, trade.date, book.rows[trade.id].kind)
            found.sources[trade.id] = _trade_source(book, trade.id)
    counted = [one for one in Splits(book.trades).trades if one.isin in kinds]
    of_year = [one for one in counted if one.date.year == pack.year]
    if of_year:
        rules, method = cost_rules(pack, kinds)
        replayed = replay([one for one in counted if one.date.year <= pack.year], rules, method)
        replayed.sales = [sale for sale in replayed.sales if sale.date.year == pack.year]
        facts = _capital(book, pack, replayed, of_year, unknown_place)
        found.facts += facts
        for one in facts:
            if is_uncredited(one, pack):
                found.leave_out(LeftOutReason.UNCREDITED, one.source_id, one.date, one.purpose)
        found.sources |= {one.source_id: _trade_source(book, one.source_id) for one in facts}
    return {one.id for one in counted}


def _capital(
    book: Book, pack: TaxPack, replayed: Replay, of_year: Sequence[AnyTrade], unknown_place: Place | None
) -> list[TaxableFact]:
    """Return the facts of a book's year; an error about a depot without a place names it."""
    known = {label: place_of(depot, pack) or unknown_place for label, depot in book.depots.items()}
    places = {label: place for label, place in known.items() if place is not None}
    try:
        facts = capital_facts(pack, replayed, of_year, book.kinds, places)
        return with_source_taxes(facts, pack, book, of_year)
    except TaxFactInvalid as error:
        if error.field != "place":
            raise
        depot = next((one.depot for one in of_year if one.id == error.source_id), "")
        told = f"It is not known in which country the depot {depot} is."
        remedy = "Enter the country of the bank, or the IBAN, in the depot's account."
        raise TaxFactInvalid("query.country", told, remedy, source_id=error.source_id) from None


def _trade_source(book: Book, trade_id: str) -> Source:
    row = book.rows[trade_id]
    names = {one.id: one.name for one in book.securities.values()}
    name = names.get(row.security_id or "", "")
    return Source("trade", row.id, row.date, f"{row.kind.replace('_', ' ')} {name}".strip(), row.kind, name)


def place_of(account: UserAccount, pack: TaxPack) -> Place | None:
    """Return whether an account's bank is in the pack's country, or None where nobody said so."""
    country = country_of(account)
    if not country:
        return None
    return Place.HOME if country == pack.country else Place.ABROAD


def _of_ledger(session: OwnedSession, pack: TaxPack, found: _Found, linked: dict[str, str]) -> None:
    """Add the facts of the year's bookings; what is the cash side of a trade counts by that trade."""
    known = {one.key: one.group for one in pack.purposes}
    traded = {booking for trade, booking in linked.items() if trade in found.counted}
    rows = _bookings(session, pack.year)
    places = _places(session, {row[0].transaction_id for row in rows}, pack)
    for posting, said, key, direction, counterparty, words in rows:
        wanted = CAPITAL_INCOME.get(key, ()) if said == "capital_income" else COUNTS_AS.get(said, ())
        purpose = next((one for one in (said, *wanted) if one in known), None)
        if posting.transaction_id in traded and (purpose is None or known[purpose] == "capital"):
            continue  # the cash side of a trade, which counts by itself; its other parts count here
        counted = _counted(session, posting, pack.currency)
        amount, rate = counted if counted is not None else (0, None)
        id_, told = posting.transaction_id, (counterparty or words)[:200]
        found.sources[id_] = Source("transaction", id_, posting.date, told, rate=rate)
        if purpose is None or counted is None:
            reason = LeftOutReason.PURPOSE if purpose is None else LeftOutReason.CURRENCY
            found.leave_out(reason, id_, posting.date, said)
        elif purpose in pack.incomes and take_paid(found.paid, posting.date, posting.currency, -posting.amount_minor):
            found.leave_out(LeftOutReason.SAME, id_, posting.date, purpose)
        else:
            amount = -amount if direction == "income" else amount
            _add_booking(found, pack, posting, purpose, amount, places.get(id_))


def _add_booking(
    found: _Found, pack: TaxPack, posting: Posting, purpose: str, amount_minor: int, place: Place | None
) -> None:
    """Add the fact of a booking. Interest and dividends on an account at home are settled: its bank kept the tax.

    Of what came from abroad, or to an account of which nobody said where it is, that is not known: it counts as it was
    booked, so that no tax is hidden, and that is said.
    """
    settles = purpose in pack.settled
    if settles and place is not Place.HOME:
        reason = LeftOutReason.PLACE if place is None else LeftOutReason.NET
        found.leave_out(reason, posting.transaction_id, posting.date, purpose)
    found.facts.append(
        TaxableFact(
            date=posting.date,
            amount_minor=amount_minor,
            purpose=purpose,
            source_id=posting.transaction_id,
            place=place or Place.HOME,
            settled=place is Place.HOME and settles,
        )
    )


def _linked(session: OwnedSession) -> dict[str, str]:
    """Return the booking of each trade that names one which is there."""
    owner = session.actor.owner_id
    query = (
        select(SecurityTrade.id, Transaction.id)
        .join(
            Transaction,
            (Transaction.owner_id == SecurityTrade.owner_id) & (Transaction.id == SecurityTrade.transaction_id),
        )
        .where(SecurityTrade.owner_id == owner)
    )
    return {str(trade): str(booking) for trade, booking in session.execute(query)}


def _counted(session: OwnedSession, posting: Posting, currency: str) -> tuple[int, RateUsed | None] | None:
    """Return a booking's amount in the pack's currency, and the rate where it was another; None without a rate."""
    if posting.currency == currency:
        return posting.amount_minor, None
    return in_minor(session, posting.amount_minor, posting.currency, currency, posting.date)


def _bookings(session: OwnedSession, year: int) -> Sequence[Row[Posting, str, str, str, str, str]]:
    """Return the year's booked parts with a tax purpose, with what their category and booking say."""
    owner = session.actor.owner_id
    query = (
        select(
            Posting,
            Category.tax_purpose,
            Category.key,
            Category.direction,
            Transaction.counterparty,
            Transaction.purpose,
        )
        .join(Category, (Category.owner_id == Posting.owner_id) & (Category.id == Posting.category_id))
        .join(Transaction, (Transaction.owner_id == Posting.owner_id) & (Transaction.id == Posting.transaction_id))
        .where(
            Posting.owner_id == owner,
            Posting.booked.is_(True),
            Posting.date.between(dt.date(year, 1, 1), dt.date(year, 12, 31)),
            Category.tax_purpose != "",
        )
        .order_by(Posting.date, Posting.transaction_id, Posting.position)
    )
    return session.execute(query).all()


def _places(session: OwnedSession, transaction_ids: Iterable[str], pack: TaxPack) -> dict[str, Place]:
    """Return where the account of each transaction is, as far as it is known."""
    ids, found = sorted(transaction_ids), {}
    for start in range(0, len(ids), 500):
        rows = session.execute(
            select(Posting.transaction_id, UserAccount)
            .join(UserAccount, (UserAccount.owner_id == Posting.owner_id) & (UserAccount.id == Posting.account_id))
            .where(Posting.transaction_id.in_(ids[start : start + 500]))
            .order_by(Posting.position.desc())
        )
        for transaction_id, account in rows:
            place = place_of(account, pack)
            if place is not None:
                found[str(transaction_id)] = place
    return found


def _perhaps_twice(pack: TaxPack, traded: list[TaxableFact], booked: list[TaxableFact]) -> list[LeftOut]:
    """Return bookings that may be the cash side of a trade within ten days: of the same purpose, or of its kin."""
    found = []
    for one in booked:
        kin = pack.kin(one.purpose)
        near = (fact for fact in traded if fact.purpose in kin and abs(fact.date - one.date) <= NEAR)
        if next(near, None) is not None:
            found.append(LeftOut(LeftOutReason.TWICE, one.source_id, one.date, one.purpose))
    return found
