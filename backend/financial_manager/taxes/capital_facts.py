"""From securities to taxes: the rules of cost that a pack asks for, and the facts of what was realised and received."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from backend.financial_manager.securities import (
    AnyTrade,
    CostAdjustment,
    CostRules,
    Dividend,
    Method,
    Replay,
    Sale,
)
from backend.financial_manager.taxes.errors import TaxFactInvalid
from backend.financial_manager.taxes.facts import Place, SecurityKind, TaxableFact
from backend.financial_manager.taxes.pack import KindRules, SecuritiesRules, TaxPack


def cost_rules(
    pack: TaxPack, kinds: Mapping[str, SecurityKind], *, exempt_first: bool = True
) -> tuple[CostRules, Method]:
    """Return how a pack counts cost, and its method. `kinds`: what each security (ISIN) is.

    `exempt_first` is the household's choice about legacy holdings, see `CostRules`.
    """
    rules = _securities(pack)
    exempt = {isin: day for isin in kinds if (day := _kind(pack, isin, kinds).exempt_before) is not None}
    found = CostRules(pack.currency, rules.fees_in_cost, None, exempt, exempt_first)
    return found, rules.method


def sale_facts(pack: TaxPack, sale: Sale, kinds: Mapping[str, SecurityKind], place: Place) -> list[TaxableFact]:
    """Return the facts of one sale, also of one that is only thought of. Raises `TaxFactInvalid` for its kind."""
    return _of_sale(sale, _kind(pack, sale.isin, kinds), place)


def capital_facts(
    pack: TaxPack,
    replayed: Replay,
    trades: Iterable[AnyTrade],
    kinds: Mapping[str, SecurityKind],
    places: Mapping[str, Place],
) -> list[TaxableFact]:
    """Return the facts of all sales, distributions and reported incomes; `compute` takes those of its year.

    `replayed` is the replay under the pack's rules and method (`cost_rules`), `places` says where each depot is.
    Raises `TaxFactInvalid` for a security without a kind, a depot without a place, another base currency or method.
    """
    rules = _securities(pack)
    if replayed.rules.base != pack.currency or replayed.method is not rules.method:
        raise TaxFactInvalid(
            "method",
            f"The tax rules of {pack.country} count gains in {pack.currency} by a method of their own.",
            "Count the securities by the rules of that country.",
        )
    facts: list[TaxableFact] = []
    for sale in replayed.sales:
        facts += _of_sale(sale, _kind(pack, sale.isin, kinds), _place(sale.depot, places, sale.trade_id))
    for trade in trades:
        if isinstance(trade, Dividend | CostAdjustment):
            kind, place = _kind(pack, trade.isin, kinds), _place(trade.depot, places, trade.id)
            facts += _of_income(trade, kind, place, pack.currency)
    return facts


def _of_sale(sale: Sale, kind: KindRules, place: Place) -> list[TaxableFact]:
    """Return what a sale realised: the taxable part, and what came from exempt holdings."""
    facts = []
    taxable = kind.exempt is None or any(not use.exempt for use in sale.uses)
    if taxable:
        facts.append(_fact(sale, kind.gain, sale.taxable_gain_minor, place, kept=True))
    if kind.exempt is not None and any(use.exempt for use in sale.uses):
        facts.append(_fact(sale, kind.exempt, sale.exempt_gain_minor, place, kept=not taxable))
    return facts


def _fact(sale: Sale, purpose: str, amount: int, place: Place, *, kept: bool) -> TaxableFact:
    """Return a fact of a sale; `kept`: with the taxes that the bank kept, which count once."""
    return TaxableFact(
        date=sale.date,
        amount_minor=amount,
        purpose=purpose,
        source_id=sale.trade_id,
        place=place,
        withheld_minor=sale.withheld_minor if kept else 0,
        surcharge_minor=sale.surcharge_minor if kept else 0,
    )


def _of_income(trade: Dividend | CostAdjustment, kind: KindRules, place: Place, base: str) -> list[TaxableFact]:
    """Return the fact of a distribution, or of the reported income of an accumulating fund with what was kept of it."""
    income = isinstance(trade, Dividend)
    amount = trade.amount_minor if isinstance(trade, Dividend) else trade.income_minor
    purpose = kind.income if income else kind.deemed
    if purpose is None or not (income or amount or trade.withheld_minor or trade.surcharge_minor):
        return []
    return [
        TaxableFact(
            date=trade.date,
            amount_minor=trade.base_minor(amount, base),
            purpose=purpose,
            source_id=trade.id,
            place=place,
            country=trade.country if isinstance(trade, Dividend) else "",
            foreign_withheld_minor=trade.base_minor(trade.foreign_withheld_minor, base),
            withheld_minor=trade.base_minor(trade.withheld_minor, base),
            surcharge_minor=trade.base_minor(trade.surcharge_minor, base),
        )
    ]


def _securities(pack: TaxPack) -> SecuritiesRules:
    """Return the rules of a pack for securities; raise where it has none."""
    if pack.securities is None:
        raise TaxFactInvalid(
            "country",
            f"The tax rules of {pack.country} {pack.year} say nothing about securities.",
            "Choose a country with rules for securities.",
        )
    return pack.securities


def _kind(pack: TaxPack, isin: str, kinds: Mapping[str, SecurityKind]) -> KindRules:
    """Return what a pack says of a security; raise where its kind is not known to one of both."""
    kind = kinds.get(isin)
    found = _securities(pack).kinds.get(kind) if kind is not None else None
    if found is None:
        raise TaxFactInvalid(
            "kind",
            f"It is not known what {isin} is, so it cannot be taxed.",
            "Say whether it is a stock, a bond, a fund or something else.",
        )
    return found


def _place(depot: str, places: Mapping[str, Place], source_id: str) -> Place:
    """Return where a depot is; raise where nobody said so."""
    if depot not in places:
        raise TaxFactInvalid(
            "place",
            f"It is not known in which country the depot {depot} is.",
            "Say whether its bank keeps back the tax of your country.",
            source_id=source_id,
        )
    return places[depot]
