"""Tax that the bank of a depot abroad kept: its own country's share of a dividend is a foreign tax, the rest is not.

Treaties leave the country that a dividend or interest comes from a share of it (Art 10 Abs 2 and 11 Abs 2 of the OECD
model), which the country of residence credits (Art 23B). Gains are the residence's alone (Art 13 Abs 5), and a bank
that only pays out has no share: what was kept there is claimed back there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from backend.financial_manager.depots.book import Book
from backend.financial_manager.ledger.models import UserAccount
from backend.financial_manager.securities import AnyTrade, Dividend
from backend.financial_manager.taxes import Place, TaxableFact, TaxPack


def with_source_taxes(
    facts: Iterable[TaxableFact], pack: TaxPack, book: Book, trades: Sequence[AnyTrade]
) -> list[TaxableFact]:
    """Return facts in which a tax that the payer's own country kept through the depot's bank is a foreign tax."""
    paid = {one.id: one for one in trades if isinstance(one, Dividend)}
    return [_with_source_tax(one, pack, book, paid.get(one.source_id)) for one in facts]


def is_uncredited(fact: TaxableFact, pack: TaxPack) -> bool:
    """Tell whether of a tax kept abroad nothing can be credited; a pack that credits nothing at all is not asked."""
    if fact.place is not Place.ABROAD or fact.purpose not in pack.uncredited:
        return False
    foreign = fact.foreign_withheld_minor if fact.purpose not in pack.credited else 0
    return bool(foreign or fact.withheld_minor or fact.surcharge_minor)


def country_of(account: UserAccount) -> str:
    """Return the country of an account's bank, or ""."""
    return account.country or account.iban[:2]


def _with_source_tax(fact: TaxableFact, pack: TaxPack, book: Book, paid: Dividend | None) -> TaxableFact:
    kept = fact.withheld_minor + fact.surcharge_minor
    if paid is None or not kept or fact.place is not Place.ABROAD or fact.purpose not in pack.credited:
        return fact
    source = paid.country or book.securities[paid.isin].country
    if not source or source != country_of(book.depots[paid.depot]):
        return fact
    foreign = fact.foreign_withheld_minor + kept
    return replace(fact, country=source, foreign_withheld_minor=foreign, withheld_minor=0, surcharge_minor=0)
