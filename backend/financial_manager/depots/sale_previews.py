"""What if I sell? The gain by both methods, and by how much the sale changes the tax of its year. No tax advice.

The tax is that of the whole year with the sale less that without it: so allowances that are left, losses that may be
offset and the partial exemption of funds count as they do in the year's report. A sale in the past also changes what
later sales of the year cost: all of them are counted anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from backend.financial_manager.depots.book import Book, books_of
from backend.financial_manager.depots.keeping import find_depot, find_security
from backend.financial_manager.depots.models import TradeKind
from backend.financial_manager.depots.tax_facts import place_of, year_facts
from backend.financial_manager.securities import (
    CostRules,
    Method,
    Preview,
    Replay,
    Sale,
    SaleIdea,
    TradeInvalid,
    preview_sale,
    replay,
)
from backend.financial_manager.taxes import (
    Place,
    TaxFactInvalid,
    TaxOptions,
    TaxPack,
    TaxReport,
    Text,
    compute,
    cost_rules,
    load_pack,
    said,
    sale_facts,
)
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession

_NOTHING = Text("", "")
_FIELDS = {"isin": "security_id", "depot": "depot_id", "amount_minor": "price"}


@dataclass(frozen=True, slots=True)
class Idea:
    """A sale that somebody thinks about. `country`: whose tax rules count (with the year of the day), or "".

    `joint`: assessed together with the spouse, where the rules tell such a difference.
    """

    depot_id: str
    security_id: str
    quantity: Decimal
    price: Decimal
    on: dt.date
    currency: str = ""
    fx_rate: Decimal | None = None
    fees_minor: int = 0
    country: str = ""
    joint: bool = False


@dataclass(frozen=True, slots=True)
class FigureChange:
    """By how much a sale changes a figure of the year's tax report; minor units."""

    label: Text
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Previewed:
    """What a sale would bring. `method`: by which the tax rules count, or None; `status`: how far they were checked.

    `changes`: how each method's tax came about, in the figures of the year's report.
    """

    base: str
    previews: Mapping[Method, Preview]
    changes: Mapping[Method, tuple[FigureChange, ...]]
    method: Method | None = None
    status: Text = _NOTHING
    disclaimer: Text = _NOTHING


class SalePreviews:
    """Think sales through in the space that an actor acts in; nothing is booked."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def preview(self, actor: Actor, idea: Idea) -> Previewed:
        """Return what a sale would bring under both methods.

        Raises `AccountMissing`, `SecurityMissing`, `TradeInvalid`, `TaxPackMissing` for rules that there are not, and
        `TaxFactInvalid` for a kind of security that they do not know.
        """
        try:
            return self._db.read(actor, _preview, idea)
        except TradeInvalid as error:
            field = f"body.{_FIELDS.get(error.field, error.field)}"
            raise TradeInvalid(field, error.problem, error.remedy, trade_id=error.trade_id) from None
        except TaxFactInvalid as error:
            problem = error.fields[0]
            raise TaxFactInvalid("body.country", problem.problem, problem.remedy, source_id=error.source_id) from None


def _preview(session: OwnedSession, idea: Idea) -> Previewed:
    depot = find_depot(session, idea.depot_id, "body.depot_id")
    security = find_security(session, idea.security_id, "body.security_id")
    book = next(one for one in books_of(session, security_id=security.id) if one.base == depot.currency)
    sale = SaleIdea(
        book.depot_label(depot.id), security.label, idea.quantity, idea.price, idea.on,
        idea.currency or book.base, idea.fx_rate, idea.fees_minor,
    )  # fmt: skip
    if not idea.country:
        return Previewed(book.base, preview_sale(book.trades, CostRules(base=book.base), sale), {})
    pack = load_pack(idea.country, idea.on.year)
    kinds = {security.label: book.kinds[security.label]}
    rules, method = cost_rules(pack, kinds)
    if rules.base != book.base:
        told = f"The tax rules of {pack.country} count in {rules.base}, the depot in {book.base}."
        raise TradeInvalid("country", told, "Choose the rules of another country, or none.")
    year = _Year(session, pack, book, rules, TaxOptions(joint=idea.joint))
    previews = preview_sale(book.trades, rules, sale, year.tax_of)
    return Previewed(book.base, previews, year.changes, method, said(pack.status), said(pack.disclaimer))


class _Year:
    """The tax report of the sale's year, without the sale and with it; `changes` by method, once it was asked for."""

    def __init__(self, session: OwnedSession, pack: TaxPack, book: Book, rules: CostRules, options: TaxOptions) -> None:
        facts = year_facts(session, pack, unknown_place=Place.HOME).facts
        sold = {row.id for row in book.rows.values() if row.kind == TradeKind.SELL.value}
        self._rest = [fact for fact in facts if fact.source_id not in sold]
        self._pack, self._book, self._rules, self._options = pack, book, rules, options
        self.changes: dict[Method, tuple[FigureChange, ...]] = {}

    def tax_of(self, sale: Sale, replayed: Replay) -> int:
        """Return by how much a sale changes the year's tax, and keep every figure that it changes."""
        before = self._report(replay(self._book.trades, self._rules, replayed.method))
        was = {one.id: one.amount_minor or 0 for one in before.figures}
        moved = {one.id: (one.amount_minor or 0) - was[one.id] for one in self._report(replayed).figures}
        told = (FigureChange(one.label, moved[one.id]) for one in before.figures if moved[one.id])
        self.changes[replayed.method] = tuple(told)
        return moved[self._pack.securities.tax] if self._pack.securities is not None else 0

    def _report(self, replayed: Replay) -> TaxReport:
        """Return the year's report with the security's sales as a method counts them."""
        facts = list(self._rest)
        for sale in replayed.sales:
            if sale.date.year == self._pack.year:
                place = place_of(self._book.depots[sale.depot], self._pack) or Place.HOME
                facts += sale_facts(self._pack, sale, self._book.kinds, place)
        return compute(self._pack, facts, self._options)
