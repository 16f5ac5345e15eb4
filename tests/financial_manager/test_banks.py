"""Connected banks: connected, fetched, booked as statements are; refused logins are left alone; secrets stay sealed."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from sqlalchemy import select

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
)
from tests.financial_manager.banking import bank, consent, fetch, ok, simplefin
from tests.financial_manager.conftest import Household

__all__ = ["bank"]


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
