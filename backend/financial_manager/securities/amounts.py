"""Rounding in one place: Decimals to minor units (half up), and totals shared out so that parts sum to the whole."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal

from backend.financial_manager.currencies import KNOWN, exponent
from backend.financial_manager.securities.errors import TradeInvalid

EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
"""Wide enough that no product of amount, quantity and rate of a household loses a digit."""

QUANTITY_PLACES = 10
"""Decimals of a quantity that are kept: brokers sell fractions to six, coins are counted to eight."""
QUANTUM = Decimal(1).scaleb(-QUANTITY_PLACES)


def check_currency(currency: str, field: str = "currency", trade_id: str = "") -> str:
    """Return an ISO 4217 code, or raise `TradeInvalid` where it is none."""
    if currency not in KNOWN:
        raise TradeInvalid(
            field, f"The currency {currency[:10]} is not known.", "Use a code such as EUR or USD.", trade_id=trade_id
        )
    return currency


def to_minor(amount: Decimal, currency: str) -> int:
    """Return an amount in minor units of a currency, rounded half up."""
    return round_half_up(EXACT.scaleb(amount, exponent(currency)))


def from_minor(amount_minor: int, currency: str) -> Decimal:
    """Return minor units as an amount: 1234 EUR cents are Decimal("12.34")."""
    return Decimal(amount_minor).scaleb(-exponent(currency))


def round_half_up(value: Decimal) -> int:
    """Return the nearest integer; halves go away from zero."""
    return int(value.to_integral_value(rounding=ROUND_HALF_UP))


def converted(amount_minor: int, currency: str, rate: Decimal, into: str) -> int:
    """Return minor units of `currency` in minor units of `into`. `rate`: units of `into` for one unit of `currency`."""
    if currency == into and rate == 1:
        return amount_minor
    return to_minor(EXACT.multiply(from_minor(amount_minor, currency), rate), into)


def part_of(total_minor: int, part: Decimal, whole: Decimal) -> int:
    """Return `total * part / whole` in minor units, half up; all of it where the part is the whole."""
    if part == whole:
        return total_minor
    return round_half_up(EXACT.divide(EXACT.multiply(Decimal(total_minor), part), whole))


def shared_out(total: int, weights: Sequence[Decimal]) -> list[int]:
    """Share an integer by weights (largest remainder, earlier ones first on a tie), so that the parts sum to it.

    Weights are not negative; where all are zero the first one takes everything.
    """
    if len(weights) == 1:
        return [total]
    whole = sum(weights, Decimal(0))
    if not weights:
        return []
    if whole == 0:
        return [total, *[0] * (len(weights) - 1)]
    exact = [EXACT.divide(EXACT.multiply(Decimal(total), weight), whole) for weight in weights]
    parts = [int(value.to_integral_value(rounding=ROUND_FLOOR)) for value in exact]
    missing = total - sum(parts)
    order = sorted(range(len(parts)), key=lambda n: (parts[n] - exact[n], n))
    for n in order[:missing]:
        parts[n] += 1
    return parts


def quantity_quanta(quantity: Decimal) -> int:
    """Return a quantity as a count of the smallest quantities (half up)."""
    return round_half_up(EXACT.scaleb(quantity, QUANTITY_PLACES))


def from_quanta(quanta: int) -> Decimal:
    """Return a count of smallest quantities as a quantity without needless zeros."""
    return plain(Decimal(quanta).scaleb(-QUANTITY_PLACES))


def plain(value: Decimal) -> Decimal:
    """Return a Decimal without trailing zeros and without an exponent: 1E+2 is 100."""
    value = value.normalize(EXACT)
    return value.quantize(Decimal(1), context=EXACT) if value == value.to_integral_value() else value
