"""What the local model looks at in a line: payee, words, pairs, stems, amount, and what Homie knows of the merchant.

A feature is a short text "family:value". The text's part is the same for all lines of a text and kept.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from backend.financial_manager.categories.line import Line
from backend.financial_manager.categories.merchants import look_up
from backend.financial_manager.categories.text import folded_words, read_text

STEM = 5
"""Letters that word forms share ("restaurant", "restaurants")."""
_MOST_PURPOSE_WORDS = 8


def features_of(line: Line) -> list[str]:
    """Return a line's features, the payee's own first; never empty."""
    said = _of_text(line.who, line.purpose if line.who != line.purpose else "", line.text, line.is_income)
    key, amount = line.payee_key, abs(line.amount_minor)
    sign = "+" if line.is_income else "-"
    found = [*said, f"amount:{key} {sign}{amount}", f"band:{key} {sign}{amount.bit_length()}"]
    if line.iban:
        found.append(f"iban:{line.iban}")
    return found


@lru_cache(maxsize=16384)
def _of_text(who: str, purpose: str, text: str, is_income: bool) -> tuple[str, ...]:
    reading = read_text(who)
    sign = "+" if is_income else "-"
    found = dict.fromkeys([f"payee:{reading.key}"])
    if is_income:  # most lines are expenses: only the others need a feature of their own
        found["income:"] = None
    if reading.words:
        found[f"first:{reading.words[0]}"] = None
    for word in reading.words:
        found[f"word:{word}"] = None
        if len(word) > STEM:
            found[f"stem:{word[:STEM]}"] = None
    for first, second in pairwise(reading.words):
        found[f"pair:{first} {second}"] = None
    numbers = [word for word in folded_words(who) if word.isdigit()]
    if len(numbers) == 1:  # one number may be a branch; several are dates and references
        found[f"branch:{reading.key} {numbers[0]}"] = None
    if not reading.words:
        for word in reading.around:
            found[f"around:{word}"] = None
    if purpose:
        for word in read_text(purpose).words[:_MOST_PURPOSE_WORDS]:
            found[f"purpose:{word}"] = None
    known = look_up(text, is_income)
    if known is not None:
        found[f"known:{known.category_id}{sign}"] = None
        found[f"group:{known.category_id.partition('.')[0]}{sign}"] = None
    return tuple(found)
