"""Tax figures from facts by the rules of a country and year, which are data. No tax advice; each figure cites its law.

`load_pack(country, year)` gives the rules, `compute(pack, facts, options)` the figures, each with its form field, how
it was made, and the transactions and documents behind it. `capital_facts` makes facts of what securities realised.
"""

from __future__ import annotations

from backend.financial_manager.taxes.capital_facts import capital_facts, cost_rules, sale_facts
from backend.financial_manager.taxes.engine import compute, said
from backend.financial_manager.taxes.errors import TaxFactInvalid, TaxPackDamaged, TaxPackMissing
from backend.financial_manager.taxes.facts import (
    Checked,
    Figure,
    Place,
    SecurityKind,
    TaxableFact,
    TaxOptions,
    TaxReport,
    Text,
    TrailLine,
)
from backend.financial_manager.taxes.library import available_packs, load_pack
from backend.financial_manager.taxes.pack import TaxPack

__all__ = [
    "Checked",
    "Figure",
    "Place",
    "SecurityKind",
    "TaxFactInvalid",
    "TaxOptions",
    "TaxPack",
    "TaxPackDamaged",
    "TaxPackMissing",
    "TaxReport",
    "TaxableFact",
    "Text",
    "TrailLine",
    "available_packs",
    "capital_facts",
    "compute",
    "cost_rules",
    "load_pack",
    "said",
    "sale_facts",
]
