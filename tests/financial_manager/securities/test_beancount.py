"""First in, first out agrees with beancount, an implementation that shares nothing with ours."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from backend.financial_manager.securities import AnyTrade, CostRules, Method, replay
from tests.financial_manager.securities.beancount_journal import ask_beancount, journal, needs_beancount
from tests.financial_manager.securities.trading import buy, sell


def exact_trades(random: Random, count: int) -> list[AnyTrade]:
    """Give whole shares at whole cents, never more sold than held: beancount does not round, so nothing may need it."""
    trades: list[AnyTrade] = []
    held = 0
    for day in range(count):
        quantity, price = random.randint(1, 200), Decimal(random.randint(1, 20_000)) / 100
        if held and random.random() < 0.5:
            quantity = min(quantity, held)
            trades.append(sell(day, quantity, quantity * price, id=f"s{day:06}"))
            held -= quantity
        else:
            trades.append(buy(day, quantity, quantity * price, id=f"b{day:06}"))
            held += quantity
    return trades


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_gains_are_those_of_beancount(tmp_path: Path, seed: int) -> None:
    """Every sale of 400 generated trades, to the cent."""
    needs_beancount()
    trades = exact_trades(Random(seed), 400)
    path = tmp_path / "trades.beancount"
    path.write_text(journal(trades), "utf-8")
    theirs = ask_beancount(path)
    assert theirs["errors"] == []
    sales = replay(trades, CostRules(), Method.FIFO).sales
    ours = {sale.trade_id: sale.gain_minor for sale in sales if sale.gain_minor}
    assert {name: round(Decimal(gain) * 100) for name, gain in theirs["gains"].items()} == ours
