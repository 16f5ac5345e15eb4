"""FIFO gains of many trades: Homie's replay beside a load by beancount, after their gains were found to be equal.

python -m benchmarks.securities [TRADES]   50,000 trades of 20 securities unless another number is given

beancount parses a text and builds its whole ledger, Homie gets trades as objects: both times are the work from what
each is given to the gain of every sale. Homie's time with reading the same trades from a CSV is shown as well.
"""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

from backend.financial_manager.securities import AnyTrade, Buy, CostRules, Method, Sell, replay
from benchmarks.report import Figure, show
from tests.financial_manager.securities.beancount_journal import ask_beancount, journal

RUNS = 3
SECURITIES = 20


def trades(count: int) -> list[AnyTrade]:
    """Give whole shares at whole cents, so that beancount, which does not round, agrees to the cent."""
    random = Random(20261130)
    held: dict[str, int] = {}
    found: list[AnyTrade] = []
    for n in range(count):
        isin = f"SEC{random.randrange(SECURITIES):02}"
        quantity, price = random.randint(1, 100), random.randint(100, 20_000)
        have = held.get(isin, 0)
        sells = have > 0 and random.random() < 0.5
        quantity = min(quantity, have) if sells else quantity
        kind = Sell if sells else Buy
        held[isin] = have + (-quantity if sells else quantity)
        day = date(2010, 1, 1) + timedelta(days=n // 10)
        found.append(
            kind(
                id=f"{n:06}",
                date=day,
                depot="flat",
                isin=isin,
                sequence=n % 10,
                quantity=Decimal(quantity),
                amount_minor=quantity * price,
            )
        )
    return found


def seconds(work: Callable[[], object]) -> float:
    """Return the median time of a few runs."""
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return median(times)


def from_csv(path: Path) -> list[AnyTrade]:
    """Read the trades back, as an import would."""
    with path.open(newline="", encoding="utf-8") as file:
        return [
            (Sell if row[0] == "sell" else Buy)(
                id=row[1],
                date=date.fromisoformat(row[2]),
                depot="flat",
                isin=row[3],
                sequence=int(row[4]),
                quantity=Decimal(row[5]),
                amount_minor=int(row[6]),
            )
            for row in csv.reader(file)
        ]


def write_csv(path: Path, some: list[AnyTrade]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        for one in some:
            assert isinstance(one, Buy | Sell)
            kind = "sell" if isinstance(one, Sell) else "buy"
            writer.writerow([kind, one.id, one.date, one.isin, one.sequence, one.quantity, one.amount_minor])


def main(arguments: list[str]) -> int:
    """Compare the gains, then print the times; return 1 where the gains differ."""
    count = int(arguments[0]) if arguments else 50_000
    some, rules = trades(count), CostRules()
    with TemporaryDirectory() as folder:
        book, table = Path(folder) / "trades.beancount", Path(folder) / "trades.csv"
        book.write_text(journal(some), "utf-8")
        write_csv(table, some)
        theirs = [ask_beancount(book) for _ in range(RUNS)]
        sales = replay(some, rules, Method.FIFO).sales
        ours = {sale.trade_id: sale.gain_minor for sale in sales if sale.gain_minor}
        gains = {name: round(Decimal(gain) * 100) for name, gain in theirs[0]["gains"].items()}
        if theirs[0]["errors"] or gains != ours:
            print(
                f"the gains differ: {theirs[0]['errors']}, {sum(gains.values())} and {sum(ours.values())} cents",
                file=sys.stderr,
            )
            return 1
        print(f"{count} trades, {len(sales)} sales: every gain equal, {sum(ours.values()) / 100:.2f} EUR in all")
        peer = median(float(one["seconds"]) for one in theirs)
        fifo = seconds(lambda: replay(some, rules, Method.FIFO))
        read = seconds(lambda: replay(from_csv(table), rules, Method.FIFO))
        average = seconds(lambda: replay(some, rules, Method.AVERAGE))
    show(
        "Gains of securities (median of 3)",
        [
            Figure("FIFO, trades to gains", fifo, "s", peer, "beancount load"),
            Figure("FIFO, CSV to gains", read, "s", peer, "beancount load"),
            Figure("moving average, trades to gains (beancount: none)", average, "s"),
        ],
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
