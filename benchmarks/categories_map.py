"""Compare shipped categories with those of a set that has its own names: by a table, or by words of the titles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from backend.financial_manager.categories import leaves, shipped
from backend.financial_manager.categories.text import folded_words

CONSUMER = {
    "Food & Drink": "food",
    "General Merchandise": "shopping housing.furniture housing.diy housing.garden housing.appliances leisure.books "
    "leisure.news leisure.tobacco leisure.hobbies kids.things",
    "Loans": "transfers.credit_card fees.loan housing.mortgage transport.car_purchase",
    "Income": "income",
    "Bank Transfers": "transfers fees.bank fees.interest",
    "Entertainment": "leisure",
    "General Services": "insurance leisure.software leisure.clubs kids fees.post fees.advice housing",
    "Rent & Utilities": "housing.rent housing.service_charges housing.waste_and_levies energy",
    "Transportation": "transport",
    "Medical": "health leisure.pets",
    "Government/Non-Profit": "taxes giving",
    "Travel": "travel transport.sharing",
}
"""For the shared set of US bank lines, written from its category names alone; longer ids win over their group."""

_SYNONYMS = {
    "gas": "fuel",
    "petrol": "fuel",
    "dining": "restaurants",
    "eating": "restaurants",
    "supermarket": "groceries",
    "wages": "salary",
    "paycheck": "salary",
    "utilities": "energy",
    "utility": "energy",
    "medical": "health",
    "entertainment": "leisure",
    "vacation": "travel",
    "household": "housing",
    "home": "housing",
    "transportation": "transport",
    "car": "transport",
    "auto": "transport",
    "charity": "donations",
    "apparel": "clothing",
    "education": "studies",
    "phone": "mobile",
    "subscription": "streaming",
    "invest": "investing",
    "investment": "investing",
    "investments": "investing",
    "atm": "cash",
}


def mapping(pairs: Iterable[tuple[str, str | None]]) -> dict[str, str]:
    """Return the set's category for each shipped one that it has a name for. `pairs`: (category, subcategory)."""
    seen = Counter(pairs)
    names = {category for category, _ in seen}
    if names <= set(CONSUMER):
        return _by_table()
    return _by_words(seen)


def _by_table() -> dict[str, str]:
    prefixes = {prefix: name for name, listed in CONSUMER.items() for prefix in listed.split()}
    found = {}
    for one in leaves():
        name = prefixes.get(one.id) or prefixes.get(str(one.parent))
        if name is not None:
            found[one.id] = name
    return found


def _by_words(seen: Mapping[tuple[str, str | None], int]) -> dict[str, str]:
    """Give each shipped category the name that shares the most with its title, its group's title counting half."""
    found = {}
    for one in leaves():
        own, group = _words(one.title), _words(shipped()[str(one.parent)].title)
        scored = []
        for (category, sub), count in seen.items():
            theirs = _words(category)
            score = len(own & theirs) + 0.5 * len(group & theirs) + (len(own & _words(sub)) if sub else 0)
            if score:
                scored.append((score, count, category))
        if scored:
            found[one.id] = max(scored)[2]
    return found


def _words(text: str) -> set[str]:
    words = (word for word in folded_words(text) if len(word) > 2 and word not in ("and", "the", "other"))
    return {_SYNONYMS.get(word, word).rstrip("s") for word in words}
