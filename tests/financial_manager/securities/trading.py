"""Short ways to write trades in tests, generated ones, and an oracle for the moving average made of fractions."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from backend.financial_manager.securities import AnyTrade, Buy, CostRules, Sell, Split, TransferIn, TransferOut

DAY = date(2020, 1, 1)
DEPOT, ISIN = "flat", "AT0000652011"
KEY = (DEPOT, ISIN)
AUSTRIA = CostRules(fees_in_cost=False, exempt_before=date(2011, 1, 1))


def buy(day: int, quantity: Any, amount: Any, **more: Any) -> Buy:
    """Return a purchase on a day counted from 2020-01-01; `amount` in euros."""
    return Buy(**_common("b", day, quantity, amount, more))


def sell(day: int, quantity: Any, amount: Any, **more: Any) -> Sell:
    """Return a sale on a day counted from 2020-01-01; `amount` in euros."""
    return Sell(**_common("s", day, quantity, amount, more))


def split(day: int, new: Any, old: Any = 1, **more: Any) -> Split:
    return Split(**{"id": f"split{day}", "date": DAY + timedelta(days=day), "depot": DEPOT, "isin": ISIN}
                 | {"new": Decimal(new), "old": Decimal(old)} | more)  # fmt: skip


def transfer(day: int, quantity: Any, source: str, target: str, name: str = "t") -> list[AnyTrade]:
    """Return both sides of a transfer."""
    common = {"date": DAY + timedelta(days=day), "isin": ISIN, "quantity": Decimal(quantity), "transfer_id": name}
    return [
        TransferOut(id=f"{name}-out", depot=source, **common),  # type: ignore[arg-type]
        TransferIn(id=f"{name}-in", depot=target, **common),  # type: ignore[arg-type]
    ]


def _common(letter: str, day: int, quantity: Any, amount: Any, more: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": f"{letter}{day}",
        "date": DAY + timedelta(days=day),
        "depot": DEPOT,
        "isin": ISIN,
        "quantity": Decimal(str(quantity)),
        "amount_minor": int(Decimal(str(amount)) * 100),
    } | more


@st.composite
def histories(draw: st.DrawFn, *, splits: bool = True, most: int = 12) -> list[AnyTrade]:
    """Give purchases, sales and splits of one security in one depot that never sell more than is held."""
    trades: list[AnyTrade] = []
    held = Decimal(0)
    for day in range(draw(st.integers(1, most))):
        kinds = ["buy", *(["sell", "sell"] if held else []), *(["split"] if splits and held else [])]
        kind = draw(st.sampled_from(kinds))
        if kind == "buy":
            quantity = Decimal(draw(st.integers(1, 500_000))).scaleb(-draw(st.sampled_from([0, 0, 3, 6])))
            cents = draw(st.integers(0, 5_000_000))
            fee = draw(st.integers(0, 2_000))
            trades.append(buy(day, quantity, Decimal(cents) / 100, fees_minor=fee))
            held += quantity
        elif kind == "sell":
            part = Decimal(draw(st.integers(1, 1000)))
            quantity = held if part == 1000 else (held * part / 1000).quantize(Decimal("1E-10"))
            if not quantity:
                continue
            cents = draw(st.integers(0, 5_000_000))
            trades.append(sell(day, quantity, Decimal(cents) / 100, fees_minor=draw(st.integers(0, 2_000))))
            held -= quantity
        else:
            new, old = draw(st.sampled_from([(2, 1), (3, 1), (10, 1), (3, 2)]))
            changed = (held * new / old).quantize(Decimal("1E-10"), rounding="ROUND_HALF_UP")
            trades.append(split(day, new, old))
            held = changed
    return trades


def half_up(value: Fraction) -> int:
    """Round a fraction to the nearest integer, halves away from zero."""
    sign = -1 if value < 0 else 1
    return sign * int((abs(value) * 2 + 1) // 2)


def average_oracle(trades: list[AnyTrade]) -> tuple[list[int], int]:
    """Return each sale's gain and the cost left, in cents, by fractions; it shares no code with the engine."""
    quantity, cost, gains = Fraction(0), 0, []
    for trade in trades:
        if isinstance(trade, Buy):
            quantity, cost = quantity + Fraction(trade.quantity), cost + trade.amount_minor + trade.fees_minor
        elif isinstance(trade, Split):
            quantity = Fraction(half_up(quantity * Fraction(trade.new) / Fraction(trade.old) * 10**10), 10**10)
        elif isinstance(trade, Sell):
            part = half_up(cost * Fraction(trade.quantity) / quantity)
            gains.append(trade.amount_minor - trade.fees_minor - part)
            quantity, cost = quantity - Fraction(trade.quantity), cost - part
    return gains, cost
