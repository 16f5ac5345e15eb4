"""Connected banks: connected, fetched, booked as statements are; refused logins are left alone; secrets stay sealed."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from backend.core.secrets import ModuleSealer, SecretBox
from backend.financial_manager.banks.models import BankConnection, BankKey
from backend.financial_manager.finances import Finances
from backend.financial_manager.settings import FinancialManagerSettings
from backend.sdk.actor import Actor
from backend.sdk.outgoing import Outgoing
from tests.financial_manager.bank_servers import (
    APPLICATION,
    IBAN,
    BankServer,
    booked,
    pem,
    seconds,
    serving,
    simplefin_account,
)
from tests.financial_manager.conftest import Household


@pytest.fixture
def bank(household: Household) -> Iterator[BankServer]:
    """Give a bank that the household may ask."""
    with serving() as server:
        household.ctx.sealer = ModuleSealer(SecretBox(b"k" * 32), "financial_manager")
        household.ctx.settings = FinancialManagerSettings(
            allow_local_servers=True, enable_banking_address=f"{server.address}/eb"
        )
        household.app.finances = Finances(household.ctx)
        household.__dict__.pop("api", None)
        yield server


def ok(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json


def simplefin(household: Household, actor: Actor, bank: BankServer) -> dict[str, Any]:
    bank.simplefin_accounts = [
        simplefin_account(
            "70.00", ("t1", "2025-12-20", "100.00", "Salary"), ("t2", "2026-02-10", "-25.00", "Shop"),
            ("t3", "2026-02-28", "-5.00", "Coffee"),
        )
    ]  # fmt: skip
    body = {"setup_token": bank.setup_token}
    found: dict[str, Any] = ok(household.client(actor).post("/bank-connections/simplefin", json=body), 201)
    return found


def consent(household: Household, actor: Actor, bank: BankServer, code: str = "code-1") -> dict[str, Any]:
    """Connect Testbank by Enable Banking, as a person does."""
    client = household.client(actor)
    ok(client.put("/bank-key", json={"application": APPLICATION, "private_key": pem()}))
    body = {"bank": "Testbank", "country": "AT", "redirect": "https://home.example/banks"}
    begun = ok(client.post("/bank-connections/enable-banking", json=body), 201)
    assert begun["connection"]["state"] == "new"
    address = f"https://home.example/banks?state={bank.state}&code={code}"
    done: dict[str, Any] = ok(
        client.post(f"/bank-connections/{begun['connection']['id']}/consent", json={"address": address})
    )
    return done


def fetch(household: Household, actor: Actor, connection: dict[str, Any]) -> Any:
    return household.client(actor).post(f"/bank-connections/{connection['id']}/fetch")


def test_simplefin_from_the_token_to_the_ledger(household: Household, anna: Actor, bank: BankServer) -> None:
    """The token is spent, an account is opened for the bank's, its lines are booked once, and undone as an import."""
    connection = simplefin(household, anna, bank)
    assert (connection["title"], connection["state"]) == ("Example Bank", "ready")
    (remote,) = connection["accounts"]
    assert (remote["name"], remote["currency"], remote["balance_minor"]) == ("Checking", "USD", 70_00)
    client = household.client(anna)
    assert fetch(household, anna, connection).status_code == 422  # linked with nothing yet
    opened = ok(client.post(f"/bank-accounts/{remote['id']}/open"), 201)
    (told,) = ok(fetch(household, anna, connection))["items"]
    assert (told["added"], told["difference_minor"]) == (3, 0)
    assert household.balance(anna, opened["account_id"]) == 70_00
    assert [one["counterparty"] for one in household.lines(anna)] == ["Coffee", "Shop", "Salary"]
    (again,) = ok(fetch(household, anna, connection))["items"]
    assert (again["added"], again["batch_id"]) == (0, None)
    bank.simplefin_accounts[0]["transactions"].append({**bank.simplefin_accounts[0]["transactions"][2], "id": "t4"})
    bank.simplefin_accounts[0]["balance"] = "65.00"
    (more,) = ok(fetch(household, anna, connection))["items"]
    assert (more["added"], more["known"], more["difference_minor"]) == (1, 1, 0)
    ok(client.post(f"/imports/{more['batch_id']}/undo"))
    assert household.balance(anna, opened["account_id"]) == 70_00
    bank.tokens.clear()
    used = client.post("/bank-connections/simplefin", json={"setup_token": bank.setup_token})
    assert used.status_code == 422
    assert "used already" in used.text


def test_enable_banking_from_the_key_to_the_ledger(household: Household, anna: Actor, bank: BankServer) -> None:
    """Own application, yes at the bank, account found by its IBAN, all pages read, what is pending left out."""
    giro = household.account(anna, "Giro", iban=IBAN)
    bank.lines = [booked(f"2026-02-{day:02}", f"-{day}.50", "Shop", f"r{day}") for day in range(1, 6)]
    bank.lines += [
        booked("2026-02-20", "1000.00", "Employer", None),
        booked("2026-02-21", "-1.00", "Bar", "p", status="PDNG"),
    ]
    bank.balance = "982.50"
    connection = consent(household, anna, bank)
    assert (connection["state"], connection["title"]) == ("ready", "Testbank")
    assert connection["valid_until"].startswith("2026-05-01")
    assert connection["accounts"][0]["account_id"] == giro["id"]
    (told,) = ok(fetch(household, anna, connection))["items"]
    assert (told["added"], told["difference_minor"]) == (6, 0)
    lines = household.lines(anna)
    assert (lines[0]["counterparty"], lines[0]["purpose"], lines[0]["amount_minor"]) == (
        "Employer", "to Employer thanks", 1000_00,
    )  # fmt: skip
    assert household.balance(anna, giro["id"]) == 982_50
    assert ok(fetch(household, anna, connection))["items"][0]["added"] == 0
    assert bank.consents[0]["access"]["valid_until"].startswith("2026-05-30")


def test_what_came_from_a_file_is_not_booked_again(household: Household, anna: Actor, bank: BankServer) -> None:
    """The bank's line meets the file's: it is a twin or known, and the balance stays."""
    giro = household.account(anna, "Giro", iban=IBAN)
    household.book(anna, giro["id"], b"Buchungstag;Auftraggeber;Betrag;Waehrung\n02.02.2026;Shop;-2,50;EUR\n")
    bank.lines = [booked("2026-02-02", "-2.50", "Shop", "r2"), booked("2026-02-03", "-3.00", "Bakery", "r3")]
    connection = consent(household, anna, bank)
    (told,) = ok(fetch(household, anna, connection))["items"]
    assert (told["added"], told["twins"] + told["known"]) == (1, 1)
    assert household.balance(anna, giro["id"]) == -5_50
    assert ok(fetch(household, anna, connection))["items"][0]["added"] == 0


@pytest.mark.parametrize(
    ("fault", "status", "state"),
    [
        ("refused", 409, "needs_you"), ("busy", 429, "failed"), ("down", 503, "failed"), ("rubbish", 503, "failed"),
        ("list", 503, "failed"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("provider", ["simplefin", "enable_banking"])
def test_a_bank_that_fails_books_nothing_and_says_so(
    household: Household, anna: Actor, bank: BankServer, provider: str, fault: str, status: int, state: str
) -> None:
    """A refusal is asked once and never again by itself; everything else can be tried again."""
    if provider == "simplefin":
        connection = simplefin(household, anna, bank)
        household.client(anna).post(f"/bank-accounts/{connection['accounts'][0]['id']}/open")
    else:
        household.account(anna, "Giro", iban=IBAN)
        connection = consent(household, anna, bank)
    bank.fault, bank.asked = fault, []
    assert fetch(household, anna, connection).status_code == status
    assert len(bank.asked) == 1
    assert household.lines(anna) == []
    now = ok(household.client(anna).get(f"/bank-connections/{connection['id']}"))
    assert now["state"] == state
    assert now["problem"]
    bank.fault = ""
    again = fetch(household, anna, connection)
    if state == "needs_you":
        assert again.json["error"]["code"] == "bank_needs_you"
        assert len(bank.asked) == 1
        assert [one.kind for one in household.app.attention(anna)] == ["financial_manager.banks"]
    else:
        assert again.status_code == 200


def test_a_consent_is_renewed_and_keeps_its_accounts(household: Household, anna: Actor, bank: BankServer) -> None:
    """A week before the end Home reminds; ended, nobody is asked; after the new yes the same account goes on."""
    giro = household.account(anna, "Giro", iban=IBAN)
    bank.valid_until = "2026-03-07T00:00:00+00:00"
    connection = consent(household, anna, bank)
    (item,) = [one for one in household.app.attention(anna) if one.kind == "financial_manager.banks"]
    assert "wants your consent again" in item.template
    household.clock.advance(8 * 86400)
    assert fetch(household, anna, connection).json["error"]["code"] == "bank_needs_you"
    client = household.client(anna)
    begun = ok(client.post(f"/bank-connections/{connection['id']}/renew"))
    bank.valid_until = "2026-06-01T00:00:00+00:00"
    address = f"https://home.example/banks?code=code-2&state={bank.state}"
    renewed = ok(client.post(f"/bank-connections/{connection['id']}/consent", json={"address": address}))
    assert begun["url"].startswith(bank.address)
    assert [one["account_id"] for one in renewed["accounts"]] == [giro["id"]]
    assert fetch(household, anna, connection).status_code == 200
    assert household.app.attention(anna) == []


@pytest.mark.parametrize(
    "address",
    [
        "https://home.example/banks?code=code-1&state=another", "https://home.example/banks?state=", "not an address",
        "https://home.example/banks?error=access_denied&state=", "http://[", "x" * 8000,
    ],
)  # fmt: skip
def test_only_the_address_of_this_consent_is_taken(
    household: Household, anna: Actor, bank: BankServer, address: str
) -> None:
    client = household.client(anna)
    ok(client.put("/bank-key", json={"application": APPLICATION, "private_key": pem()}))
    body = {"bank": "Testbank", "country": "AT", "redirect": "https://home.example/banks"}
    begun = ok(client.post("/bank-connections/enable-banking", json=body), 201)["connection"]
    answer = client.post(f"/bank-connections/{begun['id']}/consent", json={"address": address})
    assert answer.status_code == 422
    assert answer.json["error"]["fields"][0]["name"] == "body.address"
    assert bank.sessions == set()


@pytest.mark.parametrize(
    "token", ["!!! no base64", base64.b64encode(b"ftp://bank.example/claim").decode(), "aGVsbG8gd29ybGQ="]
)
def test_a_wrong_setup_token_is_told_at_its_field(
    household: Household, anna: Actor, bank: BankServer, token: str
) -> None:
    answer = household.client(anna).post("/bank-connections/simplefin", json={"setup_token": token})
    assert answer.status_code == 422
    assert answer.json["error"]["fields"][0]["name"] == "body.setup_token"


def test_nothing_inside_the_house_is_asked(household: Household, anna: Actor, bank: BankServer) -> None:
    """As installed: no plain http, and no https address that leads into a private network."""
    household.ctx.settings = FinancialManagerSettings()
    household.app.finances = Finances(household.ctx)
    household.__dict__.pop("api", None)
    for address in (f"{bank.address}/simplefin/claim/token-1", "https://127.0.0.1/claim", "https://169.254.169.254/x"):
        token = base64.b64encode(address.encode()).decode()
        answer = household.client(anna).post("/bank-connections/simplefin", json={"setup_token": token})
        assert answer.status_code == 422, answer.text
    assert bank.asked == []


def test_a_wrong_key_is_not_kept(household: Household, anna: Actor, bank: BankServer) -> None:
    """No key, a key that Enable Banking does not know, no key at all: nothing is stored."""
    client = household.client(anna)
    assert client.put("/bank-key", json={"application": APPLICATION, "private_key": "x"}).status_code == 422
    assert client.put("/bank-key", json={"application": "another", "private_key": pem()}).status_code == 409
    assert ok(client.get("/bank-key")) == {"application": None}
    assert client.get("/bank-key/banks", query_string={"country": "AT"}).status_code == 404
    ok(client.put("/bank-key", json={"application": APPLICATION, "private_key": pem()}))
    assert [one["name"] for one in ok(client.get("/bank-key/banks", query_string={"country": "AT"}))["items"]] == [
        "Anadi", "Testbank",
    ]  # fmt: skip
    assert client.delete("/bank-key").status_code == 204
    assert ok(client.get("/bank-key")) == {"application": None}


def test_secrets_are_sealed_and_go_with_the_connection(household: Household, anna: Actor, bank: BankServer) -> None:
    """Neither address, user, key nor session is in the database, in any answer or in the record of changes."""
    connection = simplefin(household, anna, bank)
    other = consent(household, anna, bank)

    def stored(session: Any) -> str:
        rows = [*session.scalars(select(BankConnection)), *session.scalars(select(BankKey))]
        return json.dumps([[str(getattr(row, c.key)) for c in type(row).__table__.columns] for row in rows])

    told = household.ctx.db.read(anna, stored) + household.client(anna).get("/bank-connections").text
    for secret in ("pass", "session-1", "PRIVATE KEY", bank.address):
        assert secret not in told, secret
    for one in (connection, other):
        assert household.client(anna).delete(f"/bank-connections/{one['id']}").status_code == 204
    assert bank.sessions == set()
    assert ok(household.client(anna).get("/bank-connections"))["items"] == []
    assert "s1." not in household.client(anna).get("/changes").text


def test_a_bank_is_ones_own(household: Household, anna: Actor, ben: Actor, bank: BankServer) -> None:
    """Ben sees, fetches, links and ends nothing of Anna's; an account of another currency is refused."""
    connection = simplefin(household, anna, bank)
    remote = connection["accounts"][0]["id"]
    client, bens = household.client(anna), household.client(ben)
    assert ok(bens.get("/bank-connections"))["items"] == []
    for answer in (
        bens.get(f"/bank-connections/{connection['id']}"), fetch(household, ben, connection),
        bens.post(f"/bank-connections/{connection['id']}/renew"), bens.delete(f"/bank-connections/{connection['id']}"),
        bens.post(f"/bank-accounts/{remote}/open"), bens.patch(f"/bank-accounts/{remote}", json={"account_id": None}),
    ):  # fmt: skip
        assert answer.status_code == 404
    euros, dollars = household.account(anna, "Euros"), household.account(anna, "Dollars", currency="USD")
    bens_own = household.account(ben, "Ben's", currency="USD")
    for account, status in ((euros, 422), (bens_own, 404), (dollars, 200)):
        answer = client.patch(f"/bank-accounts/{remote}", json={"account_id": account["id"]})
        assert answer.status_code == status, answer.text
    assert client.patch(f"/bank-accounts/{remote}", json={}).status_code == 422
    assert ok(client.patch(f"/bank-accounts/{remote}", json={"account_id": None}))["account_id"] is None


def test_the_network_is_asked_again_with_patience(bank: BankServer) -> None:
    """A dead address three times, each time a longer pause; a question that must not be repeated once."""
    pauses: list[float] = []
    outgoing = Outgoing(allow_local=True, sleep=pauses.append, seconds=2)
    for again, expected in ((True, [1.0, 2.0]), (False, [])):
        pauses.clear()
        with pytest.raises(Exception, match="does not answer"):
            outgoing.ask("GET", "http://127.0.0.1:9/", again=again)
        assert pauses == expected


def opened(household: Household, actor: Actor, connection: dict[str, Any], at: int = 0) -> str:
    """Open an account of the ledger for the bank's; return its id."""
    remote = connection["accounts"][at]["id"]
    found: str = ok(household.client(actor).post(f"/bank-accounts/{remote}/open"), 201)["account_id"]
    return found


def test_a_fetch_says_that_the_account_was_closed_before(household: Household, anna: Actor, bank: BankServer) -> None:
    """What the bank did is booked; why a person should look stands among the doubts."""
    connection = simplefin(household, anna, bank)
    account = opened(household, anna, connection)
    ok(household.client(anna).patch(f"/accounts/{account}", json={"closed_on": "2026-02-15"}))
    (one,) = ok(fetch(household, anna, connection))["items"]
    assert one["doubts"] == ["The account was closed on 2026-02-15: leave the line out, or open it again."]
    assert "2026-02-28" in {line["date"] for line in household.lines(anna)}


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


def shown(household: Household, actor: Actor, connection: dict[str, Any]) -> Any:
    return ok(household.client(actor).get(f"/bank-connections/{connection['id']}"))


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
