"""What a payment does to what a company asks for: how much stays open, which Skonto is kept, and the words for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from backend.financial_manager.construction.settlement import Claim
from backend.financial_manager.currencies import minor_text


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a payment does to a claim. `difference_minor`: still open after it; negative: paid too much.

    `words`: the same for people.
    """

    claim: Claim
    currency: str
    amount_minor: int
    date: dt.date
    skonto_minor: int
    difference_minor: int
    words: str


def skonto_on(claim: Claim, day: dt.date) -> int:
    """Return the Skonto that can still be kept on a day (minor units): none of what was paid too late."""
    if claim.skonto_until is None or day > claim.skonto_until:
        return 0
    return claim.skonto_left_minor


def settled_by(
    claim: Claim, currency: str, amount_minor: int, day: dt.date, skonto_minor: int | None = None
) -> Settlement:
    """Return what an amount on a day does. `skonto_minor` None: what is allowed, if the amount then pays the whole."""
    allowed, unit = skonto_on(claim, day), currency
    skonto = skonto_minor
    if skonto is None:  # Skonto is for paying the whole: a part payment keeps none by itself
        skonto = allowed if amount_minor + allowed == claim.open_minor else 0
    left = claim.open_minor - amount_minor - skonto
    if left < 0:
        words = f"This is {minor_text(-left, unit)} {unit} more than is due."
    elif left == 0 and skonto:
        words = f"This pays all of it, less {minor_text(skonto, unit)} {unit} of Skonto."
    elif left == 0:
        words = "This pays all of it."
    elif not allowed and claim.skonto_until is not None and left == claim.skonto_minor - claim.taken_minor:
        until = claim.skonto_until.isoformat()
        words = f"{minor_text(left, unit)} {unit} stay open: that is the Skonto, and its time ended on {until}."
    else:
        words = f"{minor_text(left, unit)} {unit} stay open."
    return Settlement(claim, currency, amount_minor, day, skonto, left, words)
