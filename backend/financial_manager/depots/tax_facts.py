"""Facts of a year for a tax pack: from what depots did, and from bookings whose category has a tax purpose.

A booking that is the cash side of a trade counts once, with the trade. What cannot be counted is named with its reason.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Row, select

from backend.financial_manager.depots.book import Book, books_of
from backend.financial_manager.depots.models import SecurityTrade
from backend.financial_manager.depots.tax_rates import RateUsed, in_currency, in_minor
from backend.financial_manager.ledger.models import Category, Posting, Transaction, UserAccount
from backend.financial_manager.securities import Fee, replay
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


class LeftOutReason(enum.StrEnum):
    """Say why something counts for nothing.

    PURPOSE: the pack does not know what its category is for. CURRENCY: there is no rate into the pack's currency.
    RULES: the pack says nothing about securities. TWICE: perhaps the cash side of a trade; it is counted.
    """

    PURPOSE = "purpose"
    CURRENCY = "currency"
    RULES = "rules"
    TWICE = "twice"


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


def year_facts(session: OwnedSession, pack: TaxPack, *, unknown_place: Place | None = None) -> YearFacts:
    """Return the facts of a pack's year. Raises `TaxFactInvalid` for a depot of which nobody said where it is.

    `unknown_place` is taken for such depots, where the place does not matter.
    """
    facts: list[TaxableFact] = []
    left_out: list[LeftOut] = []
    sources: dict[str, Source] = {}
    for own in books_of(session):
        book, rates = in_currency(session, own, pack.currency)
        _of_depots(book, pack, facts, sources, left_out, unknown_place)
        sources |= {name: replace(sources[name], rate=rate) for name, rate in rates.items() if name in sources}
    traded = list(facts)
    _of_ledger(session, pack, facts, sources, left_out)
    left_out += _perhaps_twice(traded, facts[len(traded) :])
    left_out.sort(key=lambda one: (one.reason, one.date, one.source_id))
    return YearFacts(tuple(facts), sources, tuple(left_out))


def _of_depots(
    book: Book,
    pack: TaxPack,
    facts: list[TaxableFact],
    sources: dict[str, Source],
    left_out: list[LeftOut],
    unknown_place: Place | None,
) -> None:
    """Add the facts of the depots of one currency; leave out what the pack has no rules for."""
    ruled = pack.securities.kinds if pack.securities is not None and book.base == pack.currency else {}
    kinds = {label: kind for label, kind in book.kinds.items() if kind in ruled}
    reason = LeftOutReason.RULES if book.base == pack.currency else LeftOutReason.CURRENCY
    of_year = [one for one in book.trades if one.date.year == pack.year]
    for trade in of_year:
        if trade.isin not in kinds and not isinstance(trade, Fee):
            left_out.append(LeftOut(reason, trade.id, trade.date, book.rows[trade.id].kind))
            sources[trade.id] = _trade_source(book, trade.id)
    of_year = [one for one in of_year if one.isin in kinds]
    if not of_year:
        return
    rules, method = cost_rules(pack, kinds)
    replayed = replay([one for one in book.trades if one.isin in kinds and one.date.year <= pack.year], rules, method)
    replayed.sales = [sale for sale in replayed.sales if sale.date.year == pack.year]
    known = {label: place_of(depot, pack) or unknown_place for label, depot in book.depots.items()}
    places = {label: place for label, place in known.items() if place is not None}
    try:
        found = capital_facts(pack, replayed, of_year, kinds, places)
    except TaxFactInvalid as error:
        if error.field != "place":
            raise
        depot = next((one.depot for one in of_year if one.id == error.source_id), "")
        told = f"It is not known in which country the depot {depot} is."
        remedy = "Enter the country of the bank, or the IBAN, in the depot's account."
        raise TaxFactInvalid("query.country", told, remedy, source_id=error.source_id) from None
    facts += found
    sources |= {one.source_id: _trade_source(book, one.source_id) for one in found}


def _trade_source(book: Book, trade_id: str) -> Source:
    row = book.rows[trade_id]
    names = {one.id: one.name for one in book.securities.values()}
    name = names.get(row.security_id or "", "")
    return Source("trade", row.id, row.date, f"{row.kind.replace('_', ' ')} {name}".strip(), row.kind, name)


def place_of(account: UserAccount, pack: TaxPack) -> Place | None:
    """Return whether an account's bank is in the pack's country, or None where nobody said so."""
    country = account.country or account.iban[:2]
    if not country:
        return None
    return Place.HOME if country == pack.country else Place.ABROAD


def _of_ledger(
    session: OwnedSession,
    pack: TaxPack,
    facts: list[TaxableFact],
    sources: dict[str, Source],
    left_out: list[LeftOut],
) -> None:
    """Add the facts of the year's bookings; expenses and their refunds by sign, income as positive.

    Interest and dividends on an account that is known to be at home are settled: its bank kept the tax.
    """
    known = {one.key: one.group for one in pack.purposes}
    rows = _bookings(session, pack.year)
    places = _places(session, {row[0].transaction_id for row in rows}, pack)
    for posting, said, direction, counterparty, words, traded in rows:
        purpose = next((one for one in (said, *COUNTS_AS.get(said, ())) if one in known), None)
        if traded and (purpose is None or known[purpose] == "capital"):
            continue  # the cash side of a trade, which counts by itself; its other parts count here
        counted = _counted(session, posting, pack.currency)
        amount, rate = counted if counted is not None else (0, None)
        told = (counterparty or words)[:200]
        sources[posting.transaction_id] = Source("transaction", posting.transaction_id, posting.date, told, rate=rate)
        if purpose is None or counted is None:
            reason = LeftOutReason.PURPOSE if purpose is None else LeftOutReason.CURRENCY
            left_out.append(LeftOut(reason, posting.transaction_id, posting.date, said))
            continue
        place = places.get(posting.transaction_id)
        facts.append(
            TaxableFact(
                date=posting.date,
                amount_minor=-amount if direction == "income" else amount,
                purpose=purpose,
                source_id=posting.transaction_id,
                place=place or Place.HOME,
                settled=place is Place.HOME and purpose in pack.settled,
            )
        )


def _counted(session: OwnedSession, posting: Posting, currency: str) -> tuple[int, RateUsed | None] | None:
    """Return a booking's amount in the pack's currency, and the rate where it was another; None without a rate."""
    if posting.currency == currency:
        return posting.amount_minor, None
    return in_minor(session, posting.amount_minor, posting.currency, currency, posting.date)


def _bookings(session: OwnedSession, year: int) -> Sequence[Row[Posting, str, str, str, str, bool]]:
    """Return the year's booked parts with a tax purpose; the last column: the booking is the cash side of a trade."""
    owner = session.actor.owner_id
    linked = select(SecurityTrade.transaction_id).where(
        SecurityTrade.owner_id == owner, SecurityTrade.transaction_id.is_not(None)
    )
    query = (
        select(
            Posting,
            Category.tax_purpose,
            Category.direction,
            Transaction.counterparty,
            Transaction.purpose,
            Posting.transaction_id.in_(linked),
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


def _perhaps_twice(traded: list[TaxableFact], booked: list[TaxableFact]) -> list[LeftOut]:
    """Return bookings that may be the cash side of a trade of the same purpose within ten days."""
    found = []
    for one in booked:
        near = (fact for fact in traded if fact.purpose == one.purpose and abs((fact.date - one.date).days) <= 10)
        if next(near, None) is not None:
            found.append(LeftOut(LeftOutReason.TWICE, one.source_id, one.date, one.purpose))
    return found
