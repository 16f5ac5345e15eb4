"""FinTS: steps are answered once and kept sealed, refusals are left alone, lines take the way of statements."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select, text

from backend.core.secrets import ModuleSealer, SecretBox
from backend.financial_manager.banks.fints import keeping
from backend.financial_manager.banks.models import BankConnection
from backend.financial_manager.finances import Finances
from backend.financial_manager.settings import FinancialManagerSettings
from backend.sdk.actor import Actor
from tests.financial_manager.conftest import Household
from tests.financial_manager.fints_server import (
    BANK_CODE,
    IBAN,
    PIN,
    PNG,
    PRODUCT,
    TAN,
    FintsBank,
    mt940,
    need_fints,
    serving,
)

FEBRUARY = mt940(("260210", "D12,50", "Shop"), ("260212", "C1000,00", "Employer"))


@pytest.fixture
def bank(household: Household) -> Iterator[FintsBank]:
    """Give a bank that the household may ask."""
    need_fints()
    with serving() as server:
        household.ctx.sealer = ModuleSealer(SecretBox(b"k" * 32), "financial_manager")
        household.ctx.settings = FinancialManagerSettings(allow_local_servers=True)
        household.app.finances = Finances(household.ctx)
        household.__dict__.pop("api", None)
        server.pages, server.balance = [FEBRUARY], ("C", "987,50", "20260301")
        yield server


def ok(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json


def log_in(household: Household, actor: Actor, bank: FintsBank, **more: Any) -> Any:
    """Begin to connect the bank; returns the answer."""
    client = household.client(actor)
    ok(client.put("/fints", json={"product": PRODUCT}), 204)
    body = {
        "bank_code": BANK_CODE, "address": bank.address, "user_name": "erika.m", "pin": PIN, "keep_pin": True, **more,
    }  # fmt: skip
    return client.post("/bank-connections/fints", json=body)


def answer(household: Household, actor: Actor, connection: dict[str, Any], said: str = TAN) -> Any:
    body = {"step": connection["step"]["id"], "answer": said}
    return household.client(actor).post(f"/bank-connections/{connection['id']}/answer", json=body)


def fetch(household: Household, actor: Actor, connection: dict[str, Any]) -> Any:
    return household.client(actor).post(f"/bank-connections/{connection['id']}/fetch")


def shown(household: Household, actor: Actor, connection: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = ok(household.client(actor).get(f"/bank-connections/{connection['id']}"))
    return found


def connected(household: Household, actor: Actor, bank: FintsBank, **more: Any) -> dict[str, Any]:
    """Connect the bank with one TAN; afterwards it wants none."""
    begun = ok(log_in(household, actor, bank, **more), 201)
    found: dict[str, Any] = ok(answer(household, actor, begun))["connection"]
    bank.tan_for = set()
    assert (found["state"], found["step"]) == ("ready", None)
    return found


def test_from_the_login_to_the_ledger(household: Household, anna: Actor, bank: FintsBank) -> None:
    """A TAN for the login, the account is found by its IBAN; lines are booked once, agree, and are taken back."""
    giro = household.account(anna, "Giro", iban=IBAN)
    begun = ok(log_in(household, anna, bank), 201)
    assert (begun["provider"], begun["state"], begun["step"]["kind"]) == ("fints", "new", "tan")
    assert begun["step"]["text"] == "Bitte geben Sie die TAN für Ihre Anmeldung ein."
    assert fetch(household, anna, begun).status_code == 409  # not logged in yet
    found = ok(answer(household, anna, begun))["connection"]
    assert (found["title"], found["state"], found["step"]) == ("Musterbank", "ready", None)
    (remote,) = found["accounts"]
    assert (remote["name"], remote["iban"], remote["account_id"]) == ("Girokonto", IBAN, giro["id"])
    bank.tan_for = set()
    (told,) = ok(fetch(household, anna, found))["items"]
    assert (told["added"], told["difference_minor"], told["doubts"]) == (2, 0, [])
    assert household.balance(anna, giro["id"]) == 987_50
    assert [one["counterparty"] for one in household.lines(anna)] == ["Employer", "Shop"]
    (again,) = ok(fetch(household, anna, found))["items"]
    assert (again["added"], again["batch_id"]) == (0, None)
    assert bank.tans == [TAN]
    ok(household.client(anna).post(f"/imports/{told['batch_id']}/undo"))
    assert household.lines(anna) == []


def test_a_wrong_pin_is_sent_once_and_leaves_nothing(household: Household, anna: Actor, bank: FintsBank) -> None:
    """The bank's words come back; one message with the PIN went out; no connection is kept."""
    refused = log_in(household, anna, bank, pin="99999")
    assert refused.status_code == 409
    assert refused.json["error"]["message"] == "The bank refuses: Anmeldename oder PIN ist falsch."
    assert bank.pins == ["99999"]
    assert ok(household.client(anna).get("/bank-connections"))["items"] == []


@pytest.mark.parametrize("fault", ["pin", "locked"])
def test_a_refused_login_waits_for_a_person(household: Household, anna: Actor, bank: FintsBank, fault: str) -> None:
    """After a refusal nothing is sent, however often a fetch is asked for; logging in anew leads out of it."""
    household.account(anna, "Giro", iban=IBAN)
    found = connected(household, anna, bank)
    bank.fault = "locked"
    heard = len(bank.heard)
    assert fetch(household, anna, found).status_code == 409
    assert len(bank.heard) == heard + 1
    now = shown(household, anna, found)
    assert (now["state"], now["problem"]) == ("needs_you", "The bank refuses: PIN gesperrt.")
    for _ in range(3):
        assert fetch(household, anna, found).status_code == 409
    if fault == "pin":
        bank.fault = ""
        again = household.client(anna).post(f"/bank-connections/{found['id']}/login", json={"pin": "00000"})
        assert again.status_code == 409
        assert shown(household, anna, found)["state"] == "needs_you"
    else:
        assert len(bank.heard) == heard + 1
        bank.fault = ""
    back = ok(
        household.client(anna).post(f"/bank-connections/{found['id']}/login", json={"pin": PIN, "keep_pin": True})
    )
    assert (back["state"], back["problem"], len(back["accounts"])) == ("ready", "", 1)
    assert ok(fetch(household, anna, found))["items"][0]["added"] == 2


def test_a_wrong_tan_ends_it(household: Household, anna: Actor, bank: FintsBank) -> None:
    """It is sent once; the connection needs a person, its step is gone, and nothing more is sent."""
    begun = ok(log_in(household, anna, bank), 201)
    heard = len(bank.heard)
    assert answer(household, anna, begun, "111111").status_code == 409
    assert answer(household, anna, begun, TAN).status_code == 409
    assert (bank.tans, len(bank.heard)) == (["111111"], heard + 1)
    now = shown(household, anna, begun)
    assert (now["state"], now["step"], now["problem"]) == ("needs_you", None, "The bank refuses: Die TAN ist falsch.")
    assert fetch(household, anna, begun).status_code == 409
    assert len(bank.heard) == heard + 1


def test_two_people_answer_one_step_once(household: Household, anna: Actor, bank: FintsBank) -> None:
    """Of several answers at the same time one reaches the bank."""
    begun = ok(log_in(household, anna, bank), 201)
    found: list[int] = []
    household.api  # noqa: B018 - made before the threads share it

    def say() -> None:
        found.append(answer(household, anna, begun).status_code)

    people = [threading.Thread(target=say) for _ in range(4)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert sorted(found) == [200, 409, 409, 409]
    assert bank.tans == [TAN]


def test_a_pin_that_is_wrong_by_now_is_sent_once(household: Household, anna: Actor, bank: FintsBank) -> None:
    """Four people press the button at the same time: the bank hears one login, the others are told."""
    household.account(anna, "Giro", iban=IBAN)
    one = connected(household, anna, bank)
    bank.fault, heard = "locked", len(bank.heard)
    found: list[int] = []
    people = [threading.Thread(target=lambda: found.append(fetch(household, anna, one).status_code)) for _ in range(4)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert len(bank.heard) == heard + 1
    assert set(found) <= {409, 429}
    assert shown(household, anna, one)["state"] == "needs_you"


def test_a_dialogue_that_was_left_behind_is_over(household: Household, anna: Actor, bank: FintsBank) -> None:
    """A process that died while it asked keeps others away for a while only."""
    household.account(anna, "Giro", iban=IBAN)
    one = connected(household, anna, bank)
    household.finances.fints._claim(anna, one["id"])
    assert fetch(household, anna, one).status_code == 429
    household.clock.advance(300)
    assert ok(fetch(household, anna, one))["items"][0]["added"] == 2


def test_a_step_has_an_end(household: Household, anna: Actor, bank: FintsBank) -> None:
    """After its time it is shown no more and cannot be answered; logging in anew begins another one."""
    begun = ok(log_in(household, anna, bank), 201)
    heard = len(bank.heard)
    household.clock.advance(600)
    assert shown(household, anna, begun)["step"] is None
    late = answer(household, anna, begun)
    assert (late.status_code, late.json["error"]["code"]) == (409, "bank_step_over")
    assert len(bank.heard) == heard
    anew = ok(household.client(anna).post(f"/bank-connections/{begun['id']}/login", json={"pin": PIN}))
    assert anew["step"]["id"] != begun["step"]["id"]
    assert answer(household, anna, begun).status_code == 409
    assert ok(answer(household, anna, anew))["connection"]["state"] == "ready"


def test_a_yes_in_the_banks_app(household: Household, anna: Actor, bank: FintsBank) -> None:
    """Nothing is typed; asked too early nothing is sent; not yet given, it waits on; given, the login is done."""
    bank.app, bank.wait_seconds = True, 5
    begun = ok(log_in(household, anna, bank), 201)
    assert (begun["step"]["kind"], begun["step"]["wait_seconds"]) == ("approval", 5)
    early = answer(household, anna, begun, "")
    assert early.status_code == 429
    assert bank.tans == []
    household.clock.advance(5)
    waits = ok(answer(household, anna, begun, ""))["connection"]
    assert (waits["state"], waits["step"]["kind"]) == ("new", "approval")
    household.clock.advance(5)
    bank.app_said_yes = True
    assert ok(answer(household, anna, waits, ""))["connection"]["state"] == "ready"
    assert bank.tans == ["", ""]


def test_way_and_device_are_chosen_once(household: Household, anna: Actor, bank: FintsBank) -> None:
    """What the bank does not offer is refused without a word to it; a fetch knows the choice."""
    household.account(anna, "Giro", iban=IBAN)
    bank.mechanisms, bank.media = {"942": "mobileTAN", "962": "photoTAN"}, ["Handy", "Altes Handy"]
    begun = ok(log_in(household, anna, bank), 201)
    offered = [(one["answer"], one["name"]) for one in begun["step"]["choices"]]
    assert (begun["step"]["kind"], offered) == ("mechanism", [("942", "mobileTAN"), ("962", "photoTAN")])
    heard = len(bank.heard)
    wrong = answer(household, anna, begun, "999")
    assert (wrong.status_code, wrong.json["error"]["fields"][0]["name"]) == (422, "body.answer")
    assert len(bank.heard) == heard
    media = ok(answer(household, anna, begun, "962"))["connection"]
    assert [one["name"] for one in media["step"]["choices"]] == ["Handy", "Altes Handy"]
    bank.picture = PNG
    tan = ok(answer(household, anna, media, "Altes Handy"))["connection"]
    assert (tan["step"]["kind"], tan["step"]["picture"][:8]) == ("tan", "iVBORw0K")
    done = ok(answer(household, anna, tan))["connection"]
    bank.tan_for = {"HKKAZ"}
    step = ok(fetch(household, anna, done))["step"]
    assert step["kind"] == "tan"
    items = ok(answer(household, anna, {**done, "step": step}))["items"]
    assert items[0]["added"] == 2


@pytest.mark.parametrize("picture", [b"\x89PNG\xff", b"GIF89a" + b"\xff" * 400])
def test_a_picture_that_cannot_be_shown_leaves_the_words(
    household: Household, anna: Actor, bank: FintsBank, picture: bytes
) -> None:
    """Too short for one, or no PNG or JPEG: the TAN can be typed all the same."""
    bank.picture = picture
    step = ok(log_in(household, anna, bank), 201)["step"]
    assert (step["kind"], step["picture"], step["text"][:11]) == ("tan", "", "Bitte geben")


def test_a_pin_that_is_not_kept_is_asked_for(household: Household, anna: Actor, bank: FintsBank) -> None:
    """It lies nowhere after the login; a fetch waits for it before a word to the bank."""
    household.account(anna, "Giro", iban=IBAN)
    found = connected(household, anna, bank, keep_pin=False)
    heard = len(bank.heard)
    step = ok(fetch(household, anna, found))["step"]
    assert (step["kind"], len(bank.heard)) == ("pin", heard)
    assert ok(answer(household, anna, {**found, "step": step}, PIN))["items"][0]["added"] == 2
    row = household.ctx.db.read(anna, lambda session: session.scalars(select(BankConnection)).one())
    secret = household.finances.connections.secret(anna, row)
    assert "pin" not in secret
    assert PIN not in json.dumps(dict(secret))


def test_every_page_wants_its_tan_and_none_is_lost(household: Household, anna: Actor, bank: FintsBank) -> None:
    """What was told before a TAN is kept; pages that are cut in the middle of a line are joined."""
    household.account(anna, "Giro", iban=IBAN)
    found = connected(household, anna, bank)
    bank.tan_for = {"HKKAZ"}
    bank.pages = [FEBRUARY[:90], FEBRUARY[90:], mt940(("260220", "D5,00", "Baker"))]
    bank.balance = ("C", "982,50", "20260301")
    step = ok(fetch(household, anna, found))["step"]
    for _ in range(2):
        told = ok(answer(household, anna, {**found, "step": step}))
        step = told["connection"]["step"]
        assert step["kind"] == "tan"
    (items,) = ok(answer(household, anna, {**found, "step": step}))["items"]
    assert (items["added"], items["difference_minor"]) == (3, 0)


def test_a_bank_that_repeats_its_pages_is_asked_no_more(household: Household, anna: Actor, bank: FintsBank) -> None:
    """The fetch ends, and books nothing."""
    household.account(anna, "Giro", iban=IBAN)
    found = connected(household, anna, bank)
    bank.pages, bank.repeats_pages = [FEBRUARY, FEBRUARY], True
    assert fetch(household, anna, found).status_code == 503
    assert household.lines(anna) == []
    assert len(bank.heard) < 20


def test_camt_and_old_balances(household: Household, anna: Actor, bank: FintsBank) -> None:
    """A bank without MT940 is asked for CAMT; a balance of the old form counts too, also one below zero."""
    household.account(anna, "Giro", iban=IBAN)
    bank.hisal, bank.balance = 5, ("D", "12,50", "20260301")
    bank.camt = (
        b'<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.052.001.02"><BkToCstmrAcctRpt>'
        b"<Rpt><Id>1</Id><Acct><Id><IBAN>" + IBAN.encode() + b"</IBAN></Id></Acct>"
        b'<Ntry><Amt Ccy="EUR">12.50</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>'
        b"<BookgDt><Dt>2026-02-10</Dt></BookgDt><NtryDtls><TxDtls><RmtInf><Ustrd>Shop</Ustrd></RmtInf></TxDtls>"
        b"</NtryDtls></Ntry></Rpt></BkToCstmrAcctRpt></Document>"
    )
    found = connected(household, anna, bank)
    (told,) = ok(fetch(household, anna, found))["items"]
    assert (told["added"], told["difference_minor"]) == (1, 0)
    assert household.lines(anna)[0]["amount_minor"] == -12_50


@pytest.mark.parametrize("fault", ["aborted", "down", "rubbish", "huge", "silent"])
def test_a_bank_that_fails_can_be_asked_again(household: Household, anna: Actor, bank: FintsBank, fault: str) -> None:
    """Nothing is booked, the message goes out once, and the next fetch works; an aborted login needs a person."""
    household.account(anna, "Giro", iban=IBAN)
    found = connected(household, anna, bank)
    bank.fault, heard = fault, len(bank.heard)
    failed = fetch(household, anna, found)
    assert failed.status_code == (409 if fault == "aborted" else 503), failed.text
    assert len(bank.heard) == heard + 1
    assert household.lines(anna) == []
    bank.fault = ""
    if fault == "aborted":
        assert shown(household, anna, found)["state"] == "needs_you"
        return
    assert shown(household, anna, found)["state"] == "failed"
    assert ok(fetch(household, anna, found))["items"][0]["added"] == 2


def test_what_waits_is_sealed_and_goes(household: Household, anna: Actor, bank: FintsBank) -> None:
    """Neither PIN, TAN, user nor challenge stand in the database or an answer; disconnecting forgets all."""
    begun = log_in(household, anna, bank)
    assert PIN not in begun.text
    engine = household.ctx.db

    def rows(session: Any) -> str:
        return " ".join(str(tuple(one)) for one in session.execute(text("SELECT * FROM bank_connections")))

    kept = engine.unscoped("a test reads what is stored", rows)
    assert begun.json["id"] in kept
    for secret in (PIN, "erika.m", "TAN f", PRODUCT, bank.address):
        assert secret not in kept
    changes = household.client(anna).get("/changes").text
    assert "erika" not in changes
    ok(household.client(anna).delete(f"/bank-connections/{begun.json['id']}"), 204)
    assert engine.unscoped("a test reads what is stored", rows) == ""
    assert answer(household, anna, begun.json).status_code == 404


@pytest.mark.parametrize(
    "address", ["http://bank.example/fints", "https://", "file:///etc/passwd", "https://user:x@bank.example/", "x" * 9]
)
def test_only_public_https_is_asked(household: Household, anna: Actor, bank: FintsBank, address: str) -> None:
    """Anything else is refused at its field before a word is sent."""
    household.ctx.settings = FinancialManagerSettings()
    household.app.finances = Finances(household.ctx)
    household.__dict__.pop("api", None)
    refused = log_in(household, anna, bank, address=address)
    assert (refused.status_code, refused.json["error"]["fields"][0]["name"]) == (422, "body.address")
    inside = log_in(household, anna, bank, address=bank.address.replace("http:", "https:"))
    assert inside.status_code == 422
    assert bank.heard == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("bank_code", "1234567"), ("bank_code", "5001006\n"), ("user_name", ""), ("user_name", "a\nb"), ("pin", ""),
     ("pin", "1" * 100), ("customer", "a\x01"), ("user_name", "\u4e2d"), ("pin", "\u20ac1"),
     ("pin", "1\n2"), ("keep_pin", None), ("address", None)],
)  # fmt: skip
def test_bad_input_is_named(household: Household, anna: Actor, bank: FintsBank, field: str, value: Any) -> None:
    refused = log_in(household, anna, bank, **{field: value})
    assert refused.status_code == 422
    assert refused.json["error"]["fields"][0]["name"] == f"body.{field}"
    assert bank.heard == []


def test_a_connection_is_ones_own(household: Household, anna: Actor, ben: Actor, bank: FintsBank) -> None:
    """Ben answers, logs in and sees nothing of Anna's; her product id is hers."""
    begun = ok(log_in(household, anna, bank), 201)
    assert answer(household, ben, begun).status_code == 404
    client = household.client(ben)
    assert client.post(f"/bank-connections/{begun['id']}/login", json={"pin": PIN}).status_code == 404
    assert ok(client.get("/fints"))["product"] is None
    ok(client.delete("/fints"), 204)
    assert ok(household.client(anna).get("/fints"))["product"] == PRODUCT
    assert bank.tans == []
    ok(answer(household, anna, begun))


def test_without_the_product_id_nothing_is_sent(household: Household, anna: Actor, bank: FintsBank) -> None:
    found = connected(household, anna, bank)
    client = household.client(anna)
    ok(client.delete("/fints"), 204)
    heard = len(bank.heard)
    again = client.post(f"/bank-connections/{found['id']}/login", json={"pin": PIN})
    assert (again.status_code, again.json["error"]["code"]) == (404, "bank_key_missing")
    assert len(bank.heard) == heard


def test_other_providers_have_no_steps(household: Household, anna: Actor, bank: FintsBank) -> None:
    """A connection of another kind is neither logged in nor answered this way."""
    row = household.finances.connections.new_connection("simplefin")
    household.ctx.db.write(anna, lambda session: session.add(row))
    told = household.client(anna).post(f"/bank-connections/{row.id}/login", json={"pin": PIN})
    assert told.status_code == 422


def test_without_the_library_it_says_how_to_get_it(
    household: Household, anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The state names the remedy, and so does every try; needs no library itself."""
    monkeypatch.setattr(keeping, "installed", lambda: False)
    monkeypatch.setattr("backend.financial_manager.api_banks.installed", lambda: False)
    client = household.client(anna)
    state = ok(client.get("/fints"))
    assert (state["installed"], "homie[fints]" in state["remedy"]) == (False, True)
    body = {"bank_code": BANK_CODE, "address": "https://bank.example/fints", "user_name": "e", "pin": PIN}
    told = client.post("/bank-connections/fints", json=body)
    assert (told.status_code, told.json["error"]["code"]) == (503, "fints_missing")
    assert "homie[fints]" in told.json["error"]["message"]
    assert client.post("/bank-connections/gone/answer", json={"step": "s", "answer": "1"}).status_code == 404
    row = household.finances.connections.new_connection("fints")
    household.ctx.db.write(anna, lambda session: session.add(row))
    for what, body in (("answer", {"step": "s", "answer": "1"}), ("login", {"pin": PIN})):
        assert client.post(f"/bank-connections/{row.id}/{what}", json=body).status_code == 503
