"""Write trades as a beancount journal, and ask beancount, in a process of its own, what they gained."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from backend.financial_manager.securities import AnyTrade, Buy, Sell

SCRIPT = Path(__file__).with_name("beancount_gains.py")


def needs_beancount() -> None:
    """Skip where beancount is not installed; fail where it must be (as in CI)."""
    if find_spec("beancount") is None:
        if os.environ.get("HOMIE_TEST_REQUIRE_BEANCOUNT"):
            pytest.fail("beancount is not installed (requirements-dev.lock)")
        pytest.skip("beancount is not installed (requirements-dev.lock)")


def journal(trades: Sequence[AnyTrade]) -> str:
    """Return purchases and sales as a journal that books first in, first out; unit prices must be exact."""
    lines = [
        'option "operating_currency" "EUR"',
        '1990-01-01 open Assets:Depot "FIFO"',
        "1990-01-01 open Assets:Cash",
        "1990-01-01 open Income:Gains",
    ]
    for trade in trades:
        assert isinstance(trade, Buy | Sell)
        total = Decimal(trade.amount_minor) / 100
        price = total / trade.quantity
        commodity = f"X{trade.isin}"
        lines.append(f'{trade.date} * "{trade.id}"')
        if isinstance(trade, Buy):
            lines.append(f"  Assets:Depot  {trade.quantity} {commodity} {{{price:.2f} EUR}}")
            lines.append(f"  Assets:Cash  -{total:.2f} EUR")
        else:
            lines.append(f"  Assets:Depot  -{trade.quantity} {commodity} {{}} @ {price:.2f} EUR")
            lines.append(f"  Assets:Cash  {total:.2f} EUR")
            lines.append("  Income:Gains")
    return "\n".join(lines) + "\n"


def ask_beancount(path: Path) -> dict[str, Any]:
    """Return what beancount says of a journal: seconds, gains, errors. Its cache is off, so that it does the work."""
    environment = {**os.environ, "BEANCOUNT_DISABLE_LOAD_CACHE": "1"}
    command = [sys.executable, str(SCRIPT), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    found: dict[str, Any] = json.loads(done.stdout)
    return found
