"""What banks tell late, twice, without ids or in broken texts: each line is booked once, each balance proven."""

from __future__ import annotations

from typing import Any

import pytest

from backend.financial_manager.banks import enable_banking
from backend.financial_manager.banks import simplefin as simplefin_access
from backend.sdk.actor import Actor
from tests.financial_manager.bank_servers import (
    IBAN,
    BankServer,
    booked,
    seconds,
    simplefin_account,
)
from tests.financial_manager.banking import bank, consent, fetch, ok, opened, shown, simplefin
from tests.financial_manager.conftest import Household

__all__ = ["bank"]


def test_what_a_provider_tells_late_is_fetched(household: Household, anna: Actor, bank: BankServer) -> None:
    """Its data were three weeks old: the next fetch begins before that day, and not before today."""
    connection = simplefin(household, anna, bank)
    account = opened(household, anna, connection)
    (told,) = bank.simplefin_accounts
    late = told["transactions"].pop()
    late["posted"] = seconds("2026-02-12")
    told["balance"], told["balance-date"] = "75.00", seconds("2026-02-10")
    ok(fetch(household, anna, connection))
    told["transactions"].append(late)
    told["balance"], told["balance-date"] = "70.00", seconds("2026-03-01")
    (found,) = ok(fetch(household, anna, connection))["items"]
    assert (found["added"], found["difference_minor"]) == (1, 0)
    assert household.balance(anna, account) == 70_00


def test_what_was_taken_back_comes_again(household: Household, anna: Actor, bank: BankServer) -> None:
    """All of it, not only the last days; and so it does in another account that is linked instead."""
    connection = simplefin(household, anna, bank)
    account = opened(household, anna, connection)
    (first,) = ok(fetch(household, anna, connection))["items"]
    client = household.client(anna)
    ok(client.post(f"/imports/{first['batch_id']}/undo"))
    assert household.lines(anna) == []
    (again,) = ok(fetch(household, anna, connection))["items"]
    assert (again["added"], again["difference_minor"], household.balance(anna, account)) == (3, 0, 70_00)
    other = household.account(anna, "Dollars", currency="USD")
    ok(client.patch(f"/bank-accounts/{connection['accounts'][0]['id']}", json={"account_id": other["id"]}))
    assert ok(fetch(household, anna, connection))["items"][0]["added"] == 3


def test_the_opening_counts_what_the_balance_counts(household: Household, anna: Actor, bank: BankServer) -> None:
    """Lines in its currency up to its day; one without a booking day has the day of its value."""
    giro = household.account(anna, "Giro", iban=IBAN)
    dollars = {"transaction_amount": {"currency": "USD", "amount": "7.00"}}
    bank.lines = [
        booked("2026-02-10", "-10.00", "Shop", "r1"), booked("2026-02-11", "-7.00", "Abroad", "r2", **dollars),
        booked("2026-02-12", "-20.00", "Bakery", "r3", booking_date=None), booked("2026-02-25", "-5.00", "Bar", "r4"),
    ]  # fmt: skip
    bank.balance, bank.balance_told["reference_date"] = "100.00", "2026-02-20"
    connection = consent(household, anna, bank)
    (told,) = ok(fetch(household, anna, connection))["items"]
    assert (told["added"], told["left_out"], told["difference_minor"]) == (3, 1, 0)
    account = household.client(anna).get(f"/accounts/{giro['id']}").json
    assert (account["opening_date"], account["opening_minor"]) == ("2026-02-09", 130_00)
    assert account["balance_minor"] == 95_00
    assert [one["date"] for one in household.lines(anna)] == ["2026-02-25", "2026-02-12", "2026-02-10"]


@pytest.mark.parametrize(
    ("kind", "currency", "opens", "compared"),
    [("ITBD", "EUR", True, True), ("ITAV", "EUR", False, True), ("XPCD", "EUR", False, True),
     ("CLBD", "USD", False, False)],
)  # fmt: skip
def test_only_booked_balances_in_the_accounts_currency_open_it(
    household: Household, anna: Actor, bank: BankServer, kind: str, currency: str, opens: bool, compared: bool
) -> None:
    """A line of credit, or another currency, is no balance to begin with; another currency is compared with nothing."""
    giro = household.account(anna, "Giro", iban=IBAN)
    bank.lines = [booked("2026-02-10", "-10.00", "Shop", "r1")]
    bank.balance, bank.balance_told["balance_type"], bank.balance_currency = "500.00", kind, currency
    connection = consent(household, anna, bank)
    (told,) = ok(fetch(household, anna, connection))["items"]
    assert (household.balance(anna, giro["id"]) == 500_00) is opens
    assert (told["difference_minor"] is not None) is compared
    assert (shown(household, anna, connection)["accounts"][0]["balance_minor"] is not None) is compared


def test_of_balances_in_several_currencies_that_of_the_lines_counts(
    household: Household, anna: Actor, bank: BankServer
) -> None:
    """In whatever order the bank tells them: the account begins with its own, and is compared with it."""
    giro = household.account(anna, "Giro", iban=IBAN)
    bank.lines = [booked("2026-02-10", "-10.00", "Shop", "r1")]
    bank.balance = "500.00"
    bank.other_balances = [{**bank.balance_told, "balance_amount": {"currency": "USD", "amount": "7.00"}}]
    connection = consent(household, anna, bank)
    (told,) = ok(fetch(household, anna, connection))["items"]
    assert (household.balance(anna, giro["id"]), told["difference_minor"]) == (500_00, 0)


BROKEN = "a\x00b\ud800c"


def test_broken_texts_and_ids_are_no_fault_of_ours(household: Household, anna: Actor, bank: BankServer) -> None:
    """What no database keeps is left out of texts; an account with such an id is not taken; the lines are booked."""
    account = simplefin_account("70.00", (BROKEN, "2026-02-25", "-25.00", f"Shop {BROKEN}"))
    bank.simplefin_accounts = [{**account, "name": BROKEN}, {**account, "id": BROKEN}]
    body = {"setup_token": bank.setup_token}
    connection = ok(household.client(anna).post("/bank-connections/simplefin", json=body), 201)
    assert [one["name"] for one in connection["accounts"]] == ["abc"]
    opened(household, anna, connection)
    assert ok(fetch(household, anna, connection))["items"][0]["added"] == 1
    assert ok(fetch(household, anna, connection))["items"][0]["known"] == 1
    household.account(anna, "Giro", iban=IBAN)
    bank.accounts = [{**bank.accounts[0], "name": BROKEN}, {**bank.accounts[0], "uid": BROKEN}]
    bank.lines = [booked("2026-02-10", "-10.00", BROKEN, BROKEN, reference_number=BROKEN)]
    bank.valid_until = "9999-12-31T23:59:59-12:00"
    other = consent(household, anna, bank)
    assert ok(fetch(household, anna, other))["items"][0]["added"] == 1
    assert {one["counterparty"] for one in household.lines(anna)} == {"Shop abc", "abc"}


def test_a_bank_that_repeats_its_pages_is_asked_no_more(household: Household, anna: Actor, bank: BankServer) -> None:
    household.account(anna, "Giro", iban=IBAN)
    bank.lines = [booked(f"2026-02-{day:02}", "-1.00", "Shop", f"r{day}") for day in range(1, 10)]
    bank.repeats_pages = True
    connection = consent(household, anna, bank)
    bank.asked = []
    (told,) = ok(fetch(household, anna, connection))["items"]
    assert len([one for one in bank.asked if one.endswith("/transactions")]) == 2
    assert (told["added"], len(told["doubts"])) == (4, 1)


def test_a_line_without_a_status_is_booked(household: Household, anna: Actor, bank: BankServer) -> None:
    """Only what is booked is asked for; a bank that says nothing of it was left out in silence."""
    household.account(anna, "Giro", iban=IBAN)
    bank.lines = [
        booked("2026-02-10", "-1.00", "Shop", "r1", status=None),
        booked("2026-02-11", "-2.00", "Shop", "r2", status=""),
        booked("2026-02-12", "-4.00", "Shop", "r3", status="PDNG"),
    ]
    connection = consent(household, anna, bank)
    assert ok(fetch(household, anna, connection))["items"][0]["added"] == 2


def test_more_lines_than_are_taken_at_once_are_a_doubt(
    household: Household, anna: Actor, bank: BankServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is behind the bound is missing, and that is said: by both kinds of access."""
    household.account(anna, "Giro", iban=IBAN)
    bank.lines = [booked(f"2026-02-{day:02}", "-1.00", "Shop", f"r{day}") for day in range(1, 10)]
    connection = consent(household, anna, bank)
    monkeypatch.setattr(enable_banking, "MOST_LINES", 4)
    (told,) = ok(fetch(household, anna, connection))["items"]
    assert (told["added"], len(told["doubts"])) == (4, 1)
    other = simplefin(household, anna, bank)
    opened(household, anna, other)
    monkeypatch.setattr(simplefin_access, "MOST_LINES", 2)
    (told,) = ok(fetch(household, anna, other))["items"]
    assert len(told["doubts"]) == 1


@pytest.mark.parametrize("no_id", ["", "NOTPROVIDED"])
def test_lines_without_ids_are_each_booked(household: Household, anna: Actor, bank: BankServer, no_id: str) -> None:
    """In several windows, which share no id by having none; and once, however often they are told."""
    bank.simplefin_accounts = [
        simplefin_account("70.00", (no_id, "2025-12-20", "100.00", "Salary"), (no_id, "2026-02-10", "-25.00", "Shop"),
                          (no_id, "2026-02-28", "-25.00", "Shop"))
    ]  # fmt: skip
    body = {"setup_token": bank.setup_token}
    connection = ok(household.client(anna).post("/bank-connections/simplefin", json=body), 201)
    opened(household, anna, connection)
    assert ok(fetch(household, anna, connection))["items"][0]["added"] == 3
    (again,) = ok(fetch(household, anna, connection))["items"]
    assert (again["added"], again["known"]) == (0, 1)


def test_a_line_under_another_id_is_not_booked_twice(household: Household, anna: Actor, bank: BankServer) -> None:
    """The bridge was set up anew and gives all lines other ids: each is asked about, none is booked."""
    connection = simplefin(household, anna, bank)
    account = opened(household, anna, connection)
    ok(fetch(household, anna, connection))
    for line in bank.simplefin_accounts[0]["transactions"]:
        line["id"] = f"new-{line['id']}"
    (told,) = ok(fetch(household, anna, connection))["items"]
    assert (told["added"], told["twins"], told["difference_minor"]) == (0, 1, 0)
    assert household.balance(anna, account) == 70_00


@pytest.mark.parametrize(
    ("fault", "state"),
    [((503, b"down"), "failed"), ((429, b""), "failed"), ((200, b"<"), "failed"), ((403, b"no"), "needs_you")],
)
def test_a_claimed_address_is_kept_whatever_comes_next(
    household: Household, anna: Actor, bank: BankServer, fault: Any, state: str
) -> None:
    """The token is spent: what it gave is kept, and the accounts come with the next fetch."""
    bank.fails_once = fault
    connection = simplefin(household, anna, bank)
    assert (connection["state"], connection["accounts"]) == (state, [])
    assert connection["problem"]
    answer = fetch(household, anna, connection)
    if state == "needs_you":
        assert answer.status_code == 409
        return
    assert answer.status_code == 422  # linked with nothing yet, but listed by now
    now = shown(household, anna, connection)
    assert (now["title"], now["state"], len(now["accounts"])) == ("Example Bank", "ready", 1)
    opened(household, anna, now)
    assert ok(fetch(household, anna, connection))["items"][0]["added"] == 3


def test_an_account_that_is_added_later_appears(household: Household, anna: Actor, bank: BankServer) -> None:
    """Added at SimpleFIN: a fetch shows it, and those that were linked stay so."""
    connection = simplefin(household, anna, bank)
    account = opened(household, anna, connection)
    bank.simplefin_accounts.append({**bank.simplefin_accounts[0], "id": "ACT-2", "name": "Savings"})
    assert len(ok(fetch(household, anna, connection))["items"]) == 1
    found = shown(household, anna, connection)["accounts"]
    assert [(one["name"], one["account_id"]) for one in found] == [("Checking", account), ("Savings", None)]


def test_accounts_that_share_an_id_are_told_apart(household: Household, anna: Actor, bank: BankServer) -> None:
    """By their currency; what is told twice is one; and a link stays when there are more or fewer of them."""
    giro = household.account(anna, "Giro", iban=IBAN)
    (euros,) = bank.accounts
    connection = consent(household, anna, bank)
    assert [one["account_id"] for one in connection["accounts"]] == [giro["id"]]

    def renewed(code: str, *accounts: dict[str, Any]) -> list[tuple[str, str | None]]:
        bank.accounts, bank.codes[code] = list(accounts), f"session-{code}"
        client = household.client(anna)
        ok(client.post(f"/bank-connections/{connection['id']}/renew"))
        address = f"https://home.example/banks?code={code}&state={bank.state}"
        found = ok(client.post(f"/bank-connections/{connection['id']}/consent", json={"address": address}))
        return sorted((one["currency"], one["account_id"]) for one in found["accounts"])

    dollars = {**euros, "currency": "USD", "uid": "uid-2"}
    both = [("EUR", giro["id"]), ("USD", None)]
    assert renewed("two", euros, dollars, {**euros}) == both
    assert renewed("three", dollars, euros) == both
    assert renewed("one", euros) == both


def test_a_ledger_account_that_goes_leaves_the_banks(household: Household, anna: Actor, bank: BankServer) -> None:
    """Deleted, or its opening undone: the bank's account stays, and can be booked into another one."""
    connection = simplefin(household, anna, bank)
    client = household.client(anna)
    first = opened(household, anna, connection)
    assert opened(household, anna, connection) == first, "asked twice, one is opened"
    assert len(client.get("/accounts").json["items"]) == 1
    assert client.delete(f"/accounts/{first}").status_code == 204
    assert [one["account_id"] for one in shown(household, anna, connection)["accounts"]] == [None]
    second = opened(household, anna, connection)
    step = client.get("/changes").json["items"][0]
    assert step["kind"] == "account.create"
    assert client.post(f"/changes/{step['id']}/undo").status_code < 300
    assert [one["account_id"] for one in shown(household, anna, connection)["accounts"]] == [None]
    assert client.get(f"/accounts/{second}").status_code == 404
    opened(household, anna, connection)
    assert ok(fetch(household, anna, connection))["items"][0]["added"] == 3


def test_an_account_whose_name_cannot_be_seen_is_called_as_its_bank(
    household: Household, anna: Actor, bank: BankServer
) -> None:
    """What a bank sends is not what a person typed: it is no error at a field that nobody sees."""
    bank.simplefin_accounts = [
        {**simplefin_account("1.00", ("t1", "2026-02-10", "1.00", "Shop")), "name": "\u200b\u202e"}
    ]
    connection = ok(
        household.client(anna).post("/bank-connections/simplefin", json={"setup_token": bank.setup_token}), 201
    )
    account = opened(household, anna, connection)
    assert ok(household.client(anna).get(f"/accounts/{account}"))["name"] == connection["title"]


def test_a_fetch_says_that_the_account_was_closed_before(household: Household, anna: Actor, bank: BankServer) -> None:
    """What the bank did is booked; why a person should look stands among the doubts."""
    connection = simplefin(household, anna, bank)
    account = opened(household, anna, connection)
    ok(household.client(anna).patch(f"/accounts/{account}", json={"closed_on": "2026-02-15"}))
    (one,) = ok(fetch(household, anna, connection))["items"]
    assert one["doubts"] == ["The account was closed on 2026-02-15: leave the line out, or open it again."]
    assert "2026-02-28" in {line["date"] for line in household.lines(anna)}
