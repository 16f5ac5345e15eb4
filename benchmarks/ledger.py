"""Import of a bank's CSV with rules, and questions to the ledger over HTTP, beside hledger reading the same CSV.

    python -m benchmarks.ledger [--rows 100000] [--ledger 1000000]

A: a CSV of `rows` bank lines -> stored, categorised, balances known; hledger (Debian's package) reads the same CSV with
a rules file of the same categories. Balances are compared before a time is printed. B: the same file a second time
adds nothing. C: questions over HTTP to a ledger of that size: the first one after a change, p50 and p95 of 100, and the
process's memory. With `--ledger` the ledger then grows to that size by imports of 100,000 lines, and is asked again.
Times of CPU are told beside those of the clock, because they hold on a busy machine.
hledger re-reads text each time, Homie keeps a database: A compares cold work, C has no peer.
"""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import subprocess
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import structlog

import backend.financial_manager.models  # noqa: F401
from backend.financial_manager import MODULE
from backend.financial_manager.api import build_api
from backend.financial_manager.base import Base
from backend.financial_manager.categories import read_rule
from backend.financial_manager.financial_manager_app import FinancialManagerApp
from backend.sdk.actor import Actor
from backend.sdk.ai import NoAi
from backend.sdk.clock import FakeClock
from backend.sdk.db import Database
from backend.sdk.ids import new_id
from backend.sdk.module import ModuleContext
from backend.sdk.testing import client_for

PAYEES = 2000
CATEGORIES = 20
DAYS = 3650
FIRST = date(2016, 1, 1)


class _Quiet:
    """Take events and tell nobody."""

    def publish(self, event: Any) -> None:
        """Drop it."""

    def subscribe(self, *_: Any) -> Any:
        """Listen to nothing."""
        return lambda: None


def write_csv(path: Path, rows: int, *, first: int = 0) -> int:
    """Write a bank's CSV (as Austrian and German banks do) and return its sum in minor units; `first`: its number."""
    dice = random.Random(7 + first)
    total = 0
    with path.open("w", encoding="utf-8", newline="\r\n") as file:
        file.write("Buchungstag;Auftraggeber;Verwendungszweck;Betrag;Waehrung\n")
        for number in range(rows):
            day = FIRST + timedelta(days=number * DAYS // rows)
            payee = dice.randrange(PAYEES)
            minor = dice.randint(-20_000, -100) if dice.random() < 0.9 else dice.randint(100_00, 3000_00)
            total += minor
            sign, whole = "-" if minor < 0 else "", abs(minor)
            amount = f"{sign}{whole // 100},{whole % 100:02}"
            who = f"Payee {payee} Kat{_letter(payee % CATEGORIES)}"
            file.write(f"{day:%d.%m.%Y};{who};Rechnung {first + number};{amount};EUR\n")
    return total


def write_rules(path: Path) -> None:
    """Write hledger's rules for that CSV."""
    lines = [
        "skip 1", "separator ;", "fields date, description, comment, amount, currency", "date-format %d.%m.%Y",
        "decimal-mark ,", "account1 assets:Giro",
    ]  # fmt: skip
    for number in range(CATEGORIES):
        lines += [f"if %description Kat{_letter(number)}", f"  account2 expenses:Category {number}"]
    path.write_text("\n".join(lines) + "\n")


def _letter(number: int) -> str:
    return chr(ord("A") + number)


def make_rules(finances: Any, actor: Actor) -> None:
    """Give Homie the same rules."""
    leaves = [one.id for one in finances.categories.all(actor) if one.parent_id is not None]
    for number in range(CATEGORIES):
        condition = {"what": "text", "part": "payee", "values": [f"Kat{_letter(number)}"]}
        rule = {"name": f"Rule {number}", "conditions": [condition], "action": {"category_id": leaves[number]}}
        finances.category_rules.create(actor, read_rule(rule))


def open_module(folder: Path) -> tuple[FinancialManagerApp, ModuleContext]:
    """Return the module over a fresh database."""
    db = Database(folder / "ledger.db", Base, name="financial_manager")
    db.create_all()
    ctx = ModuleContext(
        MODULE, "web", db, _Quiet(), None, NoAi(), None, FakeClock(datetime(2026, 1, 1, tzinfo=UTC)), new_id,  # type: ignore[arg-type]
        structlog.get_logger(), folder / "data",
    )  # fmt: skip
    app = FinancialManagerApp(ctx)
    app.setup()
    return app, ctx


def ask(client: Any, path: str, times: int = 100) -> tuple[float, float, float]:
    """Return how long the first answer took, p50 and p95 (of them all) in milliseconds."""
    took: list[float] = []
    for _ in range(times):
        started = time.perf_counter()
        answer = client.get(path)
        took.append((time.perf_counter() - started) * 1000)
        assert answer.status_code == 200, answer.text
    first = took[0]
    took.sort()
    return first, took[len(took) // 2], took[int(len(took) * 0.95)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--ledger", type=int, default=0, help="size to which the ledger grows afterwards")
    chosen = parser.parse_args()
    rows = chosen.rows
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "bank.csv"
        total = write_csv(path, rows)
        app, ctx = open_module(folder)
        assert app.finances is not None
        actor, finances = Actor.of("bench"), app.finances
        account = finances.accounts.create(actor, {"name": "Giro", "kind": "bank", "currency": "EUR"})
        make_rules(finances, actor)
        data = path.read_bytes()
        started, cpu = time.perf_counter(), time.process_time()
        added = finances.imports.book(actor, account.id, data, "bank.csv").batch.added
        first, first_cpu, most = time.perf_counter() - started, time.process_time() - cpu, _memory()
        held = finances.accounts.get(actor, account.id).balance_minor
        assert (added, held) == (rows, total), (added, held, total)
        started, cpu = time.perf_counter(), time.process_time()
        again = finances.imports.book(actor, account.id, data, "bank.csv").batch
        second, second_cpu = time.perf_counter() - started, time.process_time() - cpu
        assert (again.added, again.duplicates) == (0, rows)
        print(f"A. import of {rows:,} lines: {first:.2f} s ({first_cpu:.2f} s of CPU), memory at most {most:.0f} MB")
        print(
            f"B. the same file again: {second:.2f} s ({second_cpu:.2f} s of CPU), 0 lines added, "
            f"memory at most {_memory():.0f} MB"
        )
        _peer(path, folder, total, first, first_cpu)
        del data
        _questions(ctx, finances, actor, account.id, rows)
        if chosen.ledger > rows:
            _grow(finances, actor, account.id, folder, rows, chosen.ledger)
            _questions(ctx, finances, actor, account.id, chosen.ledger)


def _memory() -> float:
    """Return the most memory that this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _grow(finances: Any, actor: Actor, account_id: str, folder: Path, held: int, size: int) -> None:
    """Import further files of 100,000 lines, each of other bookings, until the ledger has its size."""
    started, cpu, path = time.perf_counter(), time.process_time(), folder / "more.csv"
    while held < size:
        write_csv(path, min(100_000, size - held), first=held)
        held += finances.imports.book(actor, account_id, path.read_bytes(), f"from {held}.csv").batch.added
    assert held == size, held
    took, used = time.perf_counter() - started, time.process_time() - cpu
    print(f"   grown to {size:,} in {took:.0f} s ({used:.0f} s of CPU), memory at most {_memory():.0f} MB")


def _peer(path: Path, folder: Path, total: int, ours: float, our_cpu: float) -> None:
    hledger = shutil.which("hledger")
    if hledger is None:
        print("   hledger is not installed: no comparison")
        return
    rules = folder / "bank.rules"
    write_rules(rules)
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    told = subprocess.run(
        [hledger, "-f", f"csv:{path}", "--rules-file", rules, "balance", "assets", "-N"],
        check=True, capture_output=True, text=True, env={"LANG": "C.UTF-8", "PATH": "/usr/bin"},
    ).stdout  # fmt: skip
    theirs, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    amount = Decimal("".join(sign for sign in told.split("assets")[0] if sign in "-0123456789,.").replace(",", "."))
    assert amount * 100 == total, (told, total)
    print(f"   hledger reads it with rules in {theirs:.2f} s ({cpu:.2f} s of CPU), same balance:")
    print(f"   Homie is {theirs / ours:.1f}x as fast, {cpu / our_cpu:.1f}x by CPU")


def _questions(ctx: ModuleContext, finances: Any, actor: Actor, account_id: str, rows: int) -> None:
    client = client_for(build_api(ctx, finances), actor)
    last = FIRST + timedelta(days=DAYS)
    half_way = FIRST + timedelta(days=DAYS // 2)
    middle = client.get(f"/transactions?limit=200&until={half_way}").json["next_cursor"]
    questions = {
        "balances of the accounts": "/accounts",
        "first page of 50": "/transactions?limit=50",
        "a page of 50 in the middle": f"/transactions?limit=50&cursor={middle}&until={half_way}",
        "a page of 50 of the account": f"/transactions?limit=50&account_id={account_id}",
        "search for two words": "/transactions?limit=50&words=payee%201234",
        "month x category, one year": f"/reports/months?since={last - timedelta(days=365)}&until={last}",
        "month x category, ten years": f"/reports/months?since={FIRST}&until={last}",
        "net worth, 120 months": "/reports/net-worth?months=120",
    }
    print(f"C. over HTTP (WSGI, in this process), {rows:,} transactions:")
    for name, path in questions.items():
        finances.accounts.change(actor, account_id, {"note": name})  # so that nothing is kept
        first, half, most = ask(client, path)
        print(f"   {name:32} first {first:7.1f} ms   p50 {half:7.1f} ms   p95 {most:7.1f} ms")
    print(f"   memory of the process, most so far: {_memory():.0f} MB")


if __name__ == "__main__":
    main()
