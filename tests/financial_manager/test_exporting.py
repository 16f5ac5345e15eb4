"""What is exported says the same as the ledger, read by programs that share nothing with ours."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from backend.sdk.actor import Actor
from tests.financial_manager.conftest import Household
from tests.financial_manager.securities.beancount_journal import needs_beancount
from tests.financial_manager.test_ledger import category, enter

NASTY = ("Müller & Söhne; (alt)", '"quoted" \\ back', "(1) * ! = x | y", "  two  spaces", "line\nbreak", "=1+1", "")
MEMOS = ("a; b", "date:2025-13-45", "bill [13/45]", "bill [11/3]", "(x) date: tomorrow, y: z")
BALANCES = """
import json, sys
from beancount import loader
from beancount.core.data import Transaction
entries, errors, _ = loader.load_file(sys.argv[1])
assert not errors, errors
sums = {}
for entry in entries:
    if isinstance(entry, Transaction):
        for posting in entry.postings:
            key = f"{posting.account} {posting.units.currency} {entry.date:%Y-%m}"
            sums[key] = sums.get(key, 0) + posting.units.number
print(json.dumps({key: str(value) for key, value in sums.items()}))
"""


def lived_in(household: Household, actor: Actor, seed: int) -> list[dict[str, Any]]:
    """Fill a ledger with transactions of every kind and return its accounts."""
    dice = random.Random(seed)
    accounts = [
        household.account(actor, "Giro: main", opening_minor=1234_56, opening_date="2025-12-31"),
        household.account(actor, "Giro; main", kind="card"),
        household.account(actor, "Dollars (US)", currency="USD"),
    ]
    client = household.client(actor)
    leaves = [one["id"] for one in client.get("/categories").json["items"] if one["parent_id"] is not None]
    for _ in range(60):
        account, day = dice.choice(accounts), f"2026-{dice.randint(1, 2):02}-{dice.randint(1, 28):02}"
        amount = dice.randint(-90_000, 90_000) or 1
        kind = dice.choice(["category", "split", "transfer", "inbox", "exchange"])
        more: dict[str, Any] = {"category_id": dice.choice(leaves)} if kind == "category" else {}
        if kind == "split":
            first = dice.randint(-100, 100)
            more = {"parts": [{"amount_minor": first, "category_id": dice.choice(leaves), "memo": dice.choice(MEMOS)},
                              {"amount_minor": amount - first, "category_id": dice.choice(leaves)}]}  # fmt: skip
        if kind in ("transfer", "exchange"):
            other = next(one for one in accounts if one is not account)
            part = {"amount_minor": amount, "account_id": other["id"]}
            if other["currency"] != account["currency"]:
                part["other_minor"] = -amount * 2
            more = {"parts": [part]}
        enter(household, actor, account, amount, date=day, counterparty=dice.choice(NASTY),
              purpose=dice.choice(NASTY), **more)  # fmt: skip
    enter(household, actor, accounts[0], -5_00, planned=True)
    return accounts


def balances(household: Household, actor: Actor, accounts: list[dict[str, Any]]) -> Counter[tuple[str, int]]:
    return Counter((one["currency"], household.balance(actor, one["id"])) for one in accounts)


def minor(text: str) -> int:
    whole, _, part = text.lstrip("-").partition(".")
    return (int(whole) * 100 + int(part.ljust(2, "0") or 0)) * (-1 if text.startswith("-") else 1)


def spent(household: Household, actor: Actor) -> int:
    asked = {"since": "2026-01-01", "until": "2026-03-31"}
    items = household.client(actor).get("/reports/months", query_string=asked).json["items"]
    return sum(one["spent_minor"] for one in items if one["currency"] == "EUR")


@pytest.mark.parametrize("seed", range(3))
def test_hledger_has_the_same_balances(household: Household, anna: Actor, tmp_path: Path, seed: int) -> None:
    """Each account to the cent, whatever texts stand in it, and everything together is zero (`hledger check`)."""
    hledger = shutil.which("hledger")
    if hledger is None:
        assert "HOMIE_TEST_REQUIRE_HLEDGER" not in os.environ, "scripts/test installs hledger"
        pytest.skip("hledger is not installed; scripts/test installs it")
    accounts = lived_in(household, anna, seed)
    path = tmp_path / "homie.journal"
    path.write_text(household.client(anna).get("/reports/export?format=hledger").json["text"], "utf-8")
    subprocess.run([hledger, "-f", path, "check"], check=True, env={**os.environ, "LANG": "C.UTF-8"})
    told = subprocess.run(
        [hledger, "-f", path, "balance", "--flat", "-N", "-O", "csv", "-E", "--layout=bare"],
        check=True, capture_output=True, text=True, env={**os.environ, "LANG": "C.UTF-8"},
    ).stdout  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(told)))
    theirs = Counter(
        (row["commodity"], minor(row["balance"]))
        for row in rows
        if row["account"].startswith(("assets:", "liabilities:")) and row["commodity"]
    )
    ours = balances(household, anna, accounts)
    assert {key: n for key, n in theirs.items() if key[1]} == {key: n for key, n in ours.items() if key[1]}
    flows = sum(
        minor(row["balance"])
        for row in rows
        if row["account"].startswith(("expenses:", "income:")) and row["commodity"] == "EUR"
    )
    assert flows == spent(household, anna)


@pytest.mark.parametrize("seed", range(3))
def test_beancount_has_the_same_balances(household: Household, anna: Actor, tmp_path: Path, seed: int) -> None:
    """Read without an error by beancount (in a process of its own: it is GPL), with the same sums."""
    needs_beancount()
    accounts = lived_in(household, anna, seed)
    path = tmp_path / "homie.beancount"
    path.write_text(household.client(anna).get("/reports/export?format=beancount").json["text"], "utf-8")
    told = json.loads(
        subprocess.run([sys.executable, "-c", BALANCES, path], check=True, capture_output=True, text=True).stdout
    )
    sums: Counter[tuple[str, str]] = Counter()
    for key, value in told.items():
        account, currency, _ = key.rsplit(" ", 2)
        sums[(account, currency)] += minor(value)
    theirs = Counter(
        (currency, total)
        for (account, currency), total in sums.items()
        if account.startswith(("Assets:", "Liabilities:")) and total
    )
    ours = balances(household, anna, accounts)
    assert theirs == Counter({key: n for key, n in ours.items() if key[1]})


def test_a_table_holds_no_formula(household: Household, anna: Actor) -> None:
    """Texts that a spreadsheet would run are kept text; the amounts are those of the ledger."""
    giro = household.account(anna, "=cmd()")
    food = category(household, anna, "food.groceries")
    enter(household, anna, giro, -12_34, counterparty="@SUM(A1)", purpose="+1", note="-2", category_id=food)
    text = household.client(anna).get("/reports/export?format=csv").json["text"]
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["date"], row["amount"], row["currency"]) == ("2026-02-10", "-12.34", "EUR")
    assert all(row[name].startswith("'") for name in ("account", "payee", "purpose", "note"))


def test_accounts_and_categories_of_one_name_stay_apart(household: Household, anna: Actor) -> None:
    """Two people call their accounts Giro: a transfer between them is one in every format."""
    mine, other = household.account(anna, "Giro"), household.account(anna, "Giro")
    client, food = household.client(anna), category(household, anna, "food")
    snacks = [client.post("/categories", json={"title": "Snacks", "parent_id": food}).json["id"] for _ in range(2)]
    enter(household, anna, mine, -5_00, parts=[{"amount_minor": -5_00, "account_id": other["id"]}])
    for one in snacks:
        enter(household, anna, mine, -1_00, date="2026-02-11", category_id=one, counterparty="( (1) Kiosk")
    hledger, beancount, table = (
        client.get(f"/reports/export?format={kind}").json["text"] for kind in ("hledger", "beancount", "csv")
    )
    assert "    assets:Giro  -5.00 EUR\n    assets:Giro-2  5.00 EUR" in hledger
    assert "2026-02-11 * 1) Kiosk\n" in hledger
    assert "  Assets:Giro  -5.00 EUR\n  Assets:Giro-2  5.00 EUR" in beancount
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [(row["account"], row["category"]) for row in rows] == [
        ("Giro", "Giro-2"), ("Giro", "Food and drink:Snacks"), ("Giro", "Food and drink:Snacks-2")
    ]  # fmt: skip


def test_the_export_is_of_ones_own_ledger(household: Household, anna: Actor, ben: Actor) -> None:
    """Another person's export holds nothing of it."""
    giro = household.account(anna)
    enter(household, anna, giro, -1_00, counterparty="Secret shop")
    for kind in ("hledger", "beancount", "csv"):
        assert "Secret" not in household.client(ben).get(f"/reports/export?format={kind}").json["text"]
