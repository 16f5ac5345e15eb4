"""What depots are worth and gained: positions by both methods, returns, spread, and "what if I sell"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from backend.financial_manager.depots.book import Book, books_of, price_book
from backend.financial_manager.depots.keeping import find_depot, find_security
from backend.financial_manager.depots.models import Security
from backend.financial_manager.ledger.models import UserAccount
from backend.financial_manager.securities import (
    Allocation,
    CostRules,
    Method,
    Performance,
    Portfolio,
    Position,
    Preview,
    SaleIdea,
    TaxRates,
    TradeInvalid,
    allocate,
    performance,
    preview_sale,
    value_positions,
)
from backend.financial_manager.taxes import cost_rules, load_pack, sale_rates
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession

SpreadBy = Literal["kind", "country", "currency", "security", "depot"]
_IDEA_FIELDS = {"isin": "security_id", "depot": "depot_id", "amount_minor": "price"}


@dataclass(frozen=True, slots=True)
class Held:
    """One position with who it is. `base`: the currency of its figures."""

    base: str
    depot: UserAccount
    security: Security
    position: Position


@dataclass(frozen=True, slots=True)
class Done:
    """How the depots of one currency did."""

    base: str
    performance: Performance


@dataclass(frozen=True, slots=True)
class Spread:
    """How what is held in one currency is spread."""

    base: str
    allocation: Allocation


@dataclass(frozen=True, slots=True)
class Idea:
    """A sale that somebody thinks about. `country`: whose tax rules count (with the year of the day), or ""."""

    depot_id: str
    security_id: str
    quantity: Decimal
    price: Decimal
    on: dt.date
    currency: str = ""
    fx_rate: Decimal | None = None
    fees_minor: int = 0
    country: str = ""


@dataclass(frozen=True, slots=True)
class Previewed:
    """What a sale would bring. `method`: by which the tax rules count, or None; `status`: how far they were checked."""

    base: str
    previews: Mapping[Method, Preview]
    method: Method | None = None
    status: str = ""
    disclaimer: tuple[str, str] = ("", "")


class Valuation:
    """Read the figures of the depots of the space that an actor acts in."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def positions(self, actor: Actor, *, depot_id: str | None = None, on: dt.date | None = None) -> list[Held]:
        """Return what was ever held up to a day, by depot and security; raises `AccountMissing`."""

        def work(session: OwnedSession) -> list[Held]:
            _check_depot(session, depot_id)
            found = []
            for book, portfolio in _portfolios(session, on or self._clock.now().date()):
                for one in portfolio.positions:
                    depot = book.depots[one.depot]
                    if depot_id in (None, depot.id):
                        found.append(Held(book.base, depot, book.securities[one.isin], one))
            return found

        return self._db.read(actor, work)

    def performance(
        self, actor: Actor, *, depot_id: str | None = None, since: dt.date | None = None, until: dt.date | None = None
    ) -> list[Done]:
        """Return the returns of one depot, or of all, for each currency; from the first trade where no day is named.

        Raises `AccountMissing`, and `TradeInvalid` where the time ends before it starts.
        """

        def work(session: OwnedSession) -> list[Done]:
            _check_depot(session, depot_id)
            end = until or self._clock.now().date()
            found = []
            for book in books_of(session):
                trades = [one for one in book.trades if depot_id in (None, book.depots[one.depot].id)]
                if not trades:
                    continue
                start = since or min(end, *(one.date for one in trades))
                done = performance(trades, CostRules(base=book.base), price_book(session, book), start, end)
                found.append(Done(book.base, done))
            return found

        return self._db.read(actor, work)

    def spread(self, actor: Actor, by: SpreadBy, *, on: dt.date | None = None) -> list[Spread]:
        """Return how what is held is spread, for each currency, in hundredths of a percent that sum to the whole."""

        def work(session: OwnedSession) -> list[Spread]:
            found = []
            for book, portfolio in _portfolios(session, on or self._clock.now().date()):
                held = [one for one in portfolio.positions if one.quantity]
                if held:
                    found.append(Spread(book.base, allocate(held, _label(book, by))))
            return found

        return self._db.read(actor, work)

    def what_if(self, actor: Actor, idea: Idea) -> Previewed:
        """Return what a sale would bring under both methods; books nothing.

        Raises `AccountMissing`, `SecurityMissing`, `TradeInvalid`, and `TaxPackMissing` for rules that there are not.
        """

        def work(session: OwnedSession) -> Previewed:
            depot = find_depot(session, idea.depot_id, "body.depot_id")
            security = find_security(session, idea.security_id, "body.security_id")
            book = next(one for one in books_of(session, security_id=security.id) if one.base == depot.currency)
            sale = SaleIdea(
                book.depot_label(depot.id), security.label, idea.quantity, idea.price, idea.on,
                idea.currency or book.base, idea.fx_rate, idea.fees_minor,
            )  # fmt: skip
            if not idea.country:
                previews = preview_sale(book.trades, CostRules(base=book.base), sale, TaxRates(Decimal(0)))
                return Previewed(book.base, previews)
            pack = load_pack(idea.country, idea.on.year)
            kinds = {security.label: book.kinds[security.label]}
            rules, method = cost_rules(pack, kinds)
            if rules.base != book.base:
                told = f"The tax rules of {pack.country} count in {rules.base}, the depot in {book.base}."
                raise TradeInvalid("country", told, "Choose the rules of another country, or none.")
            previews = preview_sale(book.trades, rules, sale, sale_rates(pack))
            return Previewed(book.base, previews, method, pack.status, (pack.disclaimer.en, pack.disclaimer.de))

        try:
            return self._db.read(actor, work)
        except TradeInvalid as error:
            field = f"body.{_IDEA_FIELDS.get(error.field, error.field)}"
            raise TradeInvalid(field, error.problem, error.remedy, trade_id=error.trade_id) from None


def _check_depot(session: OwnedSession, depot_id: str | None) -> None:
    if depot_id is not None:
        find_depot(session, depot_id, "query.depot_id")


def _portfolios(session: OwnedSession, on: dt.date) -> list[tuple[Book, Portfolio]]:
    return [
        (book, value_positions(book.trades, CostRules(base=book.base), price_book(session, book), on))
        for book in books_of(session)
        if book.trades
    ]


def _label(book: Book, by: SpreadBy) -> Callable[[Position], str]:
    """Return what a position is sorted by."""

    def of(position: Position) -> str:
        security = book.securities[position.isin]
        if by == "depot":
            return position.depot
        return security.name if by == "security" else str(getattr(security, by))

    return of
