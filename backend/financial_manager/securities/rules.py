"""How cost is counted: base currency, whether fees belong to it, and which holdings are exempt (Altbestand)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from backend.financial_manager.securities.amounts import check_currency


@dataclass(frozen=True, slots=True)
class CostRules:
    """What a country, or the household, says about cost. The same rules serve FIFO and moving average.

    `fees_in_cost`: fees of a purchase raise the cost and fees of a sale lower the proceeds (Germany, § 20 Abs 4 EStG,
    and what a household wants to see). Austria counts neither for private holdings (§ 27a Abs 4 Z 2, § 20 Abs 2 EStG).
    `exempt_before`: what was acquired before this day is kept apart and its gain is exempt (Austria: 2011-01-01 for
    shares and funds, § 124b Z 185 EStG); `exempt_before_of` says another day for some securities (bonds: 2012-04-01).
    `exempt_first`: a sale takes the exempt holdings first, as FIFO does; else it takes them last, which needs that the
    bank was told so or keeps them in a depot of their own.
    """

    base: str = "EUR"
    fees_in_cost: bool = True
    exempt_before: date | None = None
    exempt_before_of: Mapping[str, date] = field(default_factory=dict)
    exempt_first: bool = True

    def __post_init__(self) -> None:
        """Refuse a base currency that does not exist."""
        check_currency(self.base, "base")

    def exempt(self, isin: str, acquired: date) -> bool:
        """Tell whether what was acquired on a day is exempt."""
        limit = self.exempt_before_of.get(isin, self.exempt_before)
        return limit is not None and acquired < limit
