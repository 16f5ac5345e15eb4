"""What holds for every ledger: the order of rows, an import taken back, pairs of transfers, balances, deletions."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.financial_manager.importing.pairing import WITHIN_DAYS, Half, find_pairs
from backend.financial_manager.statements import read_statements
from backend.sdk.actor import Actor
from backend.sdk.ids import new_id
from tests.financial_manager.conftest import Household
from tests.financial_manager.test_importing import statement
from tests.financial_manager.test_ledger import enter

WITH_A_HOUSEHOLD = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
WHO = ("Billa", "Cafe Sperl", "Muster GmbH", "Wien Energie")
amounts = st.integers(-90_000, 90_000).filter(bool)
rows = st.lists(st.tuples(st.integers(1, 28), st.sampled_from(WHO), amounts), min_size=1, max_size=10)


def written(minor: int) -> str:
    """Write an amount as a German bank does."""
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100},{abs(minor) % 100:02}"


def csv_of(lines: list[tuple[int, str, int]]) -> bytes:
    """Return a bank's CSV of February 2026, of (day, who, amount in cents)."""
    return statement(*((f"{day:02}.02.2026", who, written(minor)) for day, who, minor in lines))


def keys(household: Household, actor: Actor) -> dict[str, str]:
    """Return category id -> its key, which is the same for everybody."""
    return {one["id"]: one["key"] for one in household.client(actor).get("/categories").json["items"]}


@WITH_A_HOUSEHOLD
@given(lines=rows, chance=st.randoms(use_true_random=False))
def test_the_order_of_the_rows_of_a_file_does_not_matter(household: Household, lines: Any, chance: Any) -> None:
    """The same lines with the same categories, the same balance."""
    told = []
    for order in (lines, chance.sample(lines, len(lines))):
        actor = Actor.of(new_id())
        account = household.account(actor)
        assert household.book(actor, account["id"], csv_of(order)).json["added"] == len(lines)
        names = keys(household, actor)
        ledger = Counter(
            (one["date"], one["counterparty"], one["amount_minor"], names.get(one["parts"][0]["category_id"], ""))
            for one in household.lines(actor)
        )
        told.append((ledger, household.balance(actor, account["id"])))
    assert told[0] == told[1]


@WITH_A_HOUSEHOLD
@given(before=rows, entered=st.lists(amounts, max_size=3), lines=rows)
def test_an_import_taken_back_leaves_every_export_as_it_was(
    household: Household, before: Any, entered: Any, lines: Any
) -> None:
    """Byte for byte, for each program that reads them."""
    actor = Actor.of(new_id())
    client, account = household.client(actor), household.account(actor)
    household.book(actor, account["id"], csv_of(before))
    for amount in entered:
        enter(household, actor, account, amount, date="2026-02-11", counterparty="By hand")

    def exports() -> list[str]:
        return [client.get(f"/reports/export?format={form}").json["text"] for form in ("csv", "hledger", "beancount")]

    was = exports()
    made = household.book(actor, account["id"], csv_of(lines)).json
    assert (exports() == was) is (made["added"] == 0)
    assert client.post(f"/imports/{made['id']}/undo").status_code == 200
    assert exports() == was


halves = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(1, 12), st.sampled_from((-500, -300, 300, 500)), st.booleans()),
    max_size=14,
)


@given(told=halves, chance=st.randoms(use_true_random=False), denied=st.integers(0, 3))
def test_pairs_of_transfers_are_one_to_one_in_any_order(told: Any, chance: Any, denied: int) -> None:
    """Opposite amounts of two accounts within some days; what was denied never comes again."""
    found = [
        Half(str(n), account, dt.date(2026, 2, day), amount, "EUR", "", "Umbuchung" if says else "")
        for n, (account, day, amount, says) in enumerate(told)
    ]
    pairs = find_pairs(found, {})
    assert find_pairs(chance.sample(found, len(found)), {}) == pairs
    assert (
        max(Counter(half.transaction_id for pair in pairs for half in (pair.out, pair.into)).values(), default=1) == 1
    )
    for pair in pairs:
        assert pair.out.amount_minor == -pair.into.amount_minor < 0
        assert pair.out.account_id != pair.into.account_id
        assert abs((pair.out.date - pair.into.date).days) <= WITHIN_DAYS
    rejected = {(pair.out.transaction_id, pair.into.transaction_id) for pair in pairs[:denied]}
    again = find_pairs(found, {}, rejected)
    assert not rejected & {(pair.out.transaction_id, pair.into.transaction_id) for pair in again}


@given(opening=st.integers(0, 10**7), moves=st.lists(amounts, min_size=1, max_size=8), off=st.integers(-500, 500))
def test_a_statement_holds_or_says_by_how_much_it_does_not(opening: int, moves: list[int], off: int) -> None:
    """Opening and bookings make the closing balance."""
    closing = opening + sum(moves) + off

    def balance(field: str, minor: int) -> str:
        return f":{field}:{'D' if minor < 0 else 'C'}260228EUR{written(abs(minor))}\r\n"

    lines = "".join(
        f":61:2602030203{'D' if one < 0 else 'C'}{written(abs(one))}NMSCNONREF\r\n:86:Number {number}\r\n"
        for number, one in enumerate(moves)
    )
    head = ":20:1\r\n:25:AT611904300234573201\r\n:28C:1/1\r\n"
    text = f"{head}{balance('60F', opening)}{lines}{balance('62F', closing)}-\r\n"
    (told,) = read_statements(text.encode()).statements
    assert told.proof is not None
    assert (told.proof.holds, told.proof.difference_minor) == (off == 0, off)


@WITH_A_HOUSEHOLD
@given(moves=st.lists(st.tuples(st.integers(0, 2), amounts, st.integers(0, 60)), min_size=1, max_size=6))
def test_no_deletion_of_an_account_or_category_orphans_money(household: Household, moves: Any) -> None:
    """Whoever deletes all that can be deleted has the same money in accounts and categories that are there."""
    actor = Actor.of(new_id())
    client = household.client(actor)
    accounts = [household.account(actor, f"A{number}") for number in range(3)]
    categories = list(keys(household, actor))
    leaves = [one["id"] for one in client.get("/categories").json["items"] if one["parent_id"]]
    for which, amount, category in moves:
        more = {"category_id": leaves[category % len(leaves)]}
        enter(household, actor, accounts[which], amount, date="2026-02-05", **more)

    def money() -> tuple[Any, ...]:
        worth = client.get("/reports/net-worth?months=1").json["items"]
        months = client.get("/reports/months?since=2026-02-01&until=2026-02-28").json["items"]
        return worth, sorted((one["category_id"], one["spent_minor"]) for one in months), household.lines(actor)

    was = money()
    answers = {client.delete(f"/accounts/{one['id']}").status_code for one in accounts}
    answers |= {client.delete(f"/categories/{one}").status_code for one in categories}
    assert answers <= {200, 204, 409}
    assert answers & {200, 204}, "something was deleted"
    assert money() == was
    left = keys(household, actor)
    used = [part["category_id"] for one in household.lines(actor) for part in one["parts"]]
    assert len(used) == len(moves)
    assert all(one in left for one in used)
