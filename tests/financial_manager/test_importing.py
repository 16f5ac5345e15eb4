"""Statements on their way into the ledger: each line once, whole or not at all, with undo; equal lines stay several."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.financial_manager.importing import booking
from backend.financial_manager.importing.imports import cover
from backend.financial_manager.statements import read_statements
from backend.sdk.actor import Actor
from backend.sdk.ids import new_id
from tests.financial_manager.conftest import Household
from tests.financial_manager.test_ledger import category, enter

IBAN = "AT611904300234573201"
HEAD = "Buchungstag;Auftraggeber;Verwendungszweck;Betrag;Waehrung\n"


def statement(*lines: tuple[str, str, str]) -> bytes:
    """Return a statement as a bank's CSV, of (day, text, amount)."""
    return (HEAD + "".join(f"{day};{text};Zahlung;{amount};EUR\n" for day, text, amount in lines)).encode()


COFFEE = ("03.02.2026", "Cafe Sperl", "-4,90")
FEBRUARY = statement(
    ("02.02.2026", "Muster GmbH", "2.500,00"), COFFEE, COFFEE, ("05.02.2026", "Wien Energie", "-89,10")
)


def amounts(household: Household, actor: Actor) -> Counter[tuple[str, int]]:
    return Counter((one["date"], one["amount_minor"]) for one in household.lines(actor))


def test_a_statement_is_looked_at_and_then_booked(household: Household, anna: Actor) -> None:
    """The preview changes nothing and tells what the import does; two equal coffees are two."""
    giro = household.account(anna)
    seen = household.look(anna, giro["id"], FEBRUARY).json
    assert (seen["new"], seen["known"], seen["twins"], seen["left_out"]) == (4, 0, 0, 0)
    assert household.lines(anna) == []
    made = household.book(anna, giro["id"], FEBRUARY, looked_at=seen["file_hash"])
    assert made.status_code == 201, made.text
    assert (made.json["added"], made.json["duplicates"], made.json["account"]) == (4, 0, "Giro")
    assert household.balance(anna, giro["id"]) == 2500_00 - 4_90 - 4_90 - 89_10
    assert [event.name for event in household.bus.named("statement_imported")] != []


def test_the_same_file_again_adds_nothing(household: Household, anna: Actor) -> None:
    """And the preview says beforehand that it was booked."""
    giro = household.account(anna)
    household.book(anna, giro["id"], FEBRUARY)
    before = household.lines(anna)
    seen = household.look(anna, giro["id"], FEBRUARY).json
    assert (seen["new"], seen["known"], seen["booked_before"]) == (0, 4, True)
    assert household.book(anna, giro["id"], FEBRUARY).json["added"] == 0
    assert household.lines(anna) == before


day = st.integers(1, 9)
line = st.tuples(day, st.sampled_from(["Cafe", "Billa", "Muster GmbH"]), st.integers(-500, 500).filter(bool))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.lists(line, min_size=1, max_size=8), second=st.lists(line, min_size=1, max_size=8))
def test_overlapping_exports_are_their_union(household: Household, first: Any, second: Any) -> None:
    """As multisets: a line that one file holds twice and the other three times is booked three times, in any order."""
    files = []
    for lines in (first, second):
        rows = [(f"{d:02}.02.2026", who, f"{amount // 100 if amount > 0 else -(-amount // 100)},{abs(amount) % 100:02}")
                for d, who, amount in lines]  # fmt: skip
        rows = [(d, who, text if amount > 0 or text.startswith("-") else f"-{text}")
                for (d, who, text), (_, _, amount) in zip(rows, lines, strict=True)]  # fmt: skip
        files.append((statement(*rows), Counter((f"2026-02-{d:02}", who, amount) for d, who, amount in lines)))
    for order in (files, files[::-1]):
        actor = Actor.of(new_id())
        account = household.account(actor)
        for data, _ in order:
            answer = household.book(actor, account["id"], data)
            assert answer.status_code == 201, answer.text
        found = Counter((one["date"], one["counterparty"], one["amount_minor"]) for one in household.lines(actor))
        assert found == files[0][1] | files[1][1]


def test_an_import_is_taken_back_whole(household: Household, anna: Actor) -> None:
    """The ledger is as it was, also the opening that the import gave the account; then it can be imported again."""
    giro = household.account(anna)
    enter(household, anna, giro, -1_00, date="2026-01-15")
    before = (household.lines(anna), household.client(anna).get("/accounts").json)
    made = household.book(anna, giro["id"], FEBRUARY).json
    assert household.client(anna).post(f"/imports/{made['id']}/undo").json["undone_at"] is not None
    assert (household.lines(anna), household.client(anna).get("/accounts").json) == before
    assert household.client(anna).post(f"/imports/{made['id']}/undo").status_code == 409
    assert household.book(anna, giro["id"], FEBRUARY).json["added"] == 4


def test_a_killed_import_leaves_nothing(household: Household, anna: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped while the lines are kept, after the transactions were written: none of it is there."""
    giro = household.account(anna)

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(booking, "_keep_lines", killed)
        with pytest.raises(KeyboardInterrupt):
            household.finances.imports.book(anna, giro["id"], FEBRUARY, "bank.csv")
    assert household.lines(anna) == []
    assert household.client(anna).get("/imports").json["items"] == []
    assert household.book(anna, giro["id"], FEBRUARY).json["added"] == 4


def test_lines_before_the_opening_are_left_out_visibly(household: Household, anna: Actor) -> None:
    """Import only after the opening's day; what is left out is told with its reason."""
    giro = household.account(anna, opening_minor=100_00, opening_date="2026-02-03")
    seen = household.look(anna, giro["id"], FEBRUARY).json
    assert [row["fate"] for row in seen["rows"]] == ["earlier", "earlier", "earlier", "new"]
    assert "2026-02-03" in seen["rows"][0]["reasons"][0]
    made = household.book(anna, giro["id"], FEBRUARY).json
    assert (made["added"], made["left_out"]) == (1, 3)
    detail = household.client(anna).get(f"/imports/{made['id']}").json
    assert [one["fate"] for one in detail["lines"]] == ["earlier"] * 3
    assert household.balance(anna, giro["id"]) == 100_00 - 89_10


def test_what_was_entered_by_hand_is_not_doubled(household: Household, anna: Actor) -> None:
    """A booking of the same amount near the day is asked about; unless a person says otherwise it is not booked."""
    giro = household.account(anna)
    enter(household, anna, giro, -89_10, date="2026-02-04", counterparty="Strom")
    seen = household.look(anna, giro["id"], FEBRUARY).json
    (twin,) = [row for row in seen["rows"] if row["fate"] == "twin"]
    assert "2026-02-04" in twin["reasons"][-1]
    assert household.book(anna, giro["id"], FEBRUARY).json["added"] == 3
    assert household.look(anna, giro["id"], FEBRUARY).json["known"] == 4, "the twin is known from now on"
    other = household.account(anna, "Other")
    enter(household, anna, other, -89_10, date="2026-02-04")
    again = household.look(anna, other["id"], FEBRUARY).json
    position = next(row["position"] for row in again["rows"] if row["fate"] == "twin")
    assert household.book(anna, other["id"], FEBRUARY, book_twins=[position]).json["added"] == 4


def test_a_deleted_line_does_not_come_back(household: Household, anna: Actor) -> None:
    """Somebody did not want it: the next overlapping export knows it."""
    giro = household.account(anna)
    household.book(anna, giro["id"], FEBRUARY)
    coffee = next(one["id"] for one in household.lines(anna) if one["amount_minor"] == -4_90)
    household.client(anna).post("/transactions/delete", json={"ids": [coffee]})
    assert household.book(anna, giro["id"], FEBRUARY).json["added"] == 0
    assert len(household.lines(anna)) == 3


def test_a_line_that_is_unticked_is_not_booked(household: Household, anna: Actor) -> None:
    """It comes up again in the next preview."""
    giro = household.account(anna)
    booked = household.book(anna, giro["id"], FEBRUARY, leave_out=[0]).json
    assert (booked["added"], booked["left_out"]) == (3, 1)
    shown = household.client(anna).get(f"/imports/{booked['id']}").json
    assert (shown["added"], shown["left_out"]) == (3, 1)
    assert [(one["position"], one["reason"]) for one in shown["lines"]] == [(0, "You left this line out.")]
    assert household.look(anna, giro["id"], FEBRUARY).json["new"] == 1


def test_a_file_that_changed_since_it_was_looked_at_is_not_booked(household: Household, anna: Actor) -> None:
    """What a person saw is what is booked."""
    giro = household.account(anna)
    seen = household.look(anna, giro["id"], FEBRUARY).json["file_hash"]
    answer = household.book(anna, giro["id"], FEBRUARY + b"\n", looked_at=seen)
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "statement_changed")


def test_a_statement_of_another_account_is_refused(household: Household, anna: Actor) -> None:
    """Unless a person says that it belongs here; then it is known by that name."""
    ofx = (
        b"OFXHEADER:100\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR<BANKACCTFROM><BANKID>1<ACCTID>99887766"
        b"<ACCTTYPE>CHECKING</BANKACCTFROM><BANKTRANLIST><DTSTART>20260201<DTEND>20260228<STMTTRN><TRNTYPE>DEBIT"
        b"<DTPOSTED>20260205<TRNAMT>-5.00<FITID>A1<NAME>Shop</STMTTRN></BANKTRANLIST></STMTRS></STMTTRNRS>"
        b"</BANKMSGSRSV1></OFX>"
    )
    giro = household.account(anna, iban="AT611904300234573201")
    answer = household.look(anna, giro["id"], ofx, "x.ofx")
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "statement_of_another_account")
    assert "99887766" in answer.json["error"]["fields"][0]["problem"]
    assert household.book(anna, giro["id"], ofx, "x.ofx", trust=True).json["added"] == 1
    assert household.look(anna, giro["id"], ofx, "x.ofx").json["known"] == 1


def test_a_shorter_number_is_not_the_end_of_a_longer_one(household: Household, anna: Actor) -> None:
    """Files name accounts by their numbers, with or without zeros before them and the bank's code."""
    giro = household.account(anna, iban="DE89370400440532013000")

    def look(number: str) -> int:
        lines = f"{number};02.02.2026;X;-1,00;EUR\n{number};03.02.2026;X;-2,00;EUR\n"
        data = f"Konto;Buchungstag;Auftraggeber;Betrag;Waehrung\n{lines}".encode()
        return int(household.look(anna, giro["id"], data).status_code)

    assert [look(one) for one in ("532013000", "0532013000", "37040044/532013000")] == [200] * 3
    assert [look(one) for one in ("2013000", "32013000", "37040044/32013000")] == [409] * 3


def test_a_statement_of_ones_own_other_account_is_refused(household: Household, anna: Actor, ben: Actor) -> None:
    """Also where the chosen account does not know its number yet: the same money would be there twice."""
    mt940 = (
        b":20:1\r\n:25:AT611904300234573201\r\n:28C:1/1\r\n:60F:C260131EUR100,00\r\n:61:2602030203D4,90NMSCNONREF\r\n"
        b":86:Cafe Sperl\r\n:62F:C260228EUR95,10\r\n-\r\n"
    )
    household.account(anna, iban="AT611904300234573201")
    new, dollars = household.account(anna, "New"), household.account(anna, "Dollars", currency="USD")
    answer = household.look(anna, new["id"], mt940, "x.sta")
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "statement_of_another_account")
    assert household.book(anna, new["id"], mt940, "x.sta").status_code == 409
    assert household.lines(anna) == []
    assert household.book(anna, new["id"], mt940, "x.sta", trust=True).json["added"] == 1
    later = mt940.replace(b"2602", b"2603")
    assert household.look(anna, new["id"], later, "x.sta").status_code == 409, "it is no name of the chosen one now"
    bens = household.account(ben, "Bens")
    assert household.look(ben, bens["id"], mt940, "x.sta").status_code == 200, "of Anna's accounts Ben hears nothing"
    in_dollars = mt940.replace(b"EUR", b"USD")
    assert household.look(anna, dollars["id"], in_dollars, "x.sta").status_code == 200, "one IBAN, two currencies"


def test_an_opening_goes_with_its_import_whatever_was_learned_since(household: Household, anna: Actor) -> None:
    """The first file was of something else, and gave the account its beginning; the next one taught another name."""
    giro, client = household.account(anna), household.client(anna)

    def mt940(number: str, month: str, opening: str) -> bytes:
        told = f":20:1\r\n:25:{number}\r\n:28C:1/1\r\n:60F:C26{month}01EUR{opening}\r\n"
        return f"{told}:61:26{month}03{month}03D5,00NMSCNONREF\r\n:86:Cafe\r\n-\r\n".encode()

    wrong = household.book(anna, giro["id"], mt940("11112222", "02", "900,00"), "a.sta").json
    assert household.balance(anna, giro["id"]) == 895_00
    right = household.book(anna, giro["id"], mt940("33334444", "03", "100,00"), "b.sta", trust=True).json
    assert (wrong["added"], right["added"]) == (1, 1)
    assert client.post(f"/imports/{wrong['id']}/undo").status_code == 200
    account = client.get(f"/accounts/{giro['id']}?on=2026-03-31").json
    assert (account["opening_date"], account["balance_minor"]) == (None, -5_00)


def test_an_iban_means_the_account_that_has_it(household: Household, anna: Actor) -> None:
    """Whatever was taken for another account before this one was opened: its statements wait for nobody."""
    lines = f"{IBAN};02.02.2026;X;-1,00;EUR\n{IBAN};03.02.2026;X;-2,00;EUR\n"
    data = f"Konto;Buchungstag;Auftraggeber;Betrag;Waehrung\n{lines}".encode()
    wrong = household.account(anna, "Giro", iban="DE89370400440532013000")
    assert household.book(anna, wrong["id"], data, trust=True).json["added"] == 2
    assert household.look(anna, wrong["id"], data.replace(b".02.", b".03.")).json["new"] == 2, "called so by now"
    right = household.account(anna, "Savings", iban=IBAN)
    assert household.finances.imports.accounts_in(anna, read_statements(data, "x.csv")).ids == [right["id"]]
    assert household.look(anna, wrong["id"], data.replace(b".02.", b".03.")).status_code == 409
    assert household.look(anna, right["id"], data).json["new"] == 2


def test_the_bank_balance_is_compared_with_the_ledger(household: Household, anna: Actor) -> None:
    """MT940 gives both balances: the first import sets the opening, and bank and ledger agree to the cent."""
    mt940 = (
        b":20:1\r\n:25:AT611904300234573201\r\n:28C:1/1\r\n:60F:C260131EUR100,00\r\n:61:2602030203D4,90NMSCNONREF\r\n"
        b":86:Cafe Sperl\r\n:61:2602050205C50,00NMSCNONREF\r\n:86:Oma\r\n:62F:C260228EUR145,10\r\n-\r\n"
    )
    giro = household.account(anna)
    seen = household.look(anna, giro["id"], mt940, "x.sta").json
    assert (seen["bank"]["proof_holds"], seen["bank"]["difference_minor"]) == (True, 0)
    assert (seen["opening_date"], seen["opening_minor"]) == ("2026-02-02", 100_00)
    household.book(anna, giro["id"], mt940, "x.sta")
    assert household.balance(anna, giro["id"]) == 145_10
    assert household.look(anna, giro["id"], mt940, "x.sta").json["bank"]["difference_minor"] == 0


def test_movements_between_own_accounts_are_found_and_cost_nothing(household: Household, anna: Actor) -> None:
    """The IBAN makes it sure: both halves are linked and count in no month; a likely one is asked about."""
    giro = household.account(anna, iban="AT611904300234573201")
    savings = household.account(anna, "Savings", iban="AT483200000012345864")
    head = "Buchungstag;Auftraggeber;IBAN;Betrag;Waehrung\n"
    out = f"{head}02.02.2026;Anna;AT48 3200 0000 1234 5864;-300,00;EUR\n05.02.2026;Umbuchung;;-70,00;EUR\n".encode()
    into = f"{head}03.02.2026;Anna;AT61 1904 3002 3457 3201;300,00;EUR\n06.02.2026;Gutschrift;;70,00;EUR\n".encode()
    assert household.book(anna, giro["id"], out).json["added"] == 2
    assert household.book(anna, savings["id"], into).json["added"] == 2
    client = household.client(anna)
    own = category(household, anna, "transfers.own_account")
    parts = {one["amount_minor"]: one["parts"][0]["category_id"] for one in household.lines(anna)}
    assert (parts[-300_00], parts[300_00]) == (own, own)
    (asked,) = client.get("/transfers").json["items"]
    assert (asked["out"]["amount_minor"], asked["into"]["amount_minor"]) == (-70_00, 70_00)
    pair = {"out_id": asked["out"]["id"], "in_id": asked["into"]["id"]}
    assert client.post("/transfers/reject", json=pair).status_code == 204
    household.book(anna, savings["id"], statement(("20.02.2026", "Zinsen", "1,00")))
    assert client.get("/transfers").json["items"] == [], "what was denied is not offered again"
    assert client.post("/transfers/confirm", json=pair).status_code == 204
    months = client.get("/reports/months", query_string={"since": "2026-02-01", "until": "2026-02-01"}).json["items"]
    assert sum(one["spent_minor"] for one in months) == -1_00


def test_what_the_household_said_is_done_the_next_time(household: Household, anna: Actor) -> None:
    """A correction is learned at once, offered for similar bookings, and decides the next import, with the reason."""
    giro = household.account(anna)
    client = household.client(anna)
    lines = [(f"{n:02}.02.2026", "Qwertz Handel", f"-{n},00") for n in range(1, 6)]
    household.book(anna, giro["id"], statement(*lines))
    waiting = client.get("/transactions/inbox").json["items"]
    assert len(waiting) == 5
    hobby = category(household, anna, "food.groceries")
    first = waiting[0]["transaction"]["id"]
    answer = client.post("/transactions/categorise", json={"ids": [first], "category_id": hobby}).json
    assert (answer["count"], len(answer["similar"])) == (1, 4)
    ids = [one["id"] for one in answer["similar"]]
    assert client.post("/transactions/categorise", json={"ids": ids, "category_id": hobby}).json["count"] == 4
    household.book(anna, giro["id"], statement(("20.02.2026", "Qwertz Handel", "-9,00")))
    (part,) = household.lines(anna)[0]["parts"]
    assert (part["category_id"], part["source"]) == (hobby, "memory")
    assert "5 of 5" in part["reason"]
    assert client.get("/transactions/inbox").json["items"] == []


def test_a_well_known_merchant_needs_no_history(household: Household, anna: Actor) -> None:
    """A groceries chain is filed at once, with a reason; a hand's decision is never overridden by a later import."""
    giro = household.account(anna)
    household.book(anna, giro["id"], statement(("02.02.2026", "SPAR DANKT 1234 WIEN", "-20,00")))
    (found,) = household.lines(anna)
    assert found["parts"][0]["category_id"] == category(household, anna, "food.groceries")
    assert found["parts"][0]["source"] == "merchants"


def test_another_person_cannot_import_into_it(household: Household, anna: Actor, ben: Actor) -> None:
    """Neither look nor book, nor see or undo what was imported."""
    giro = household.account(anna)
    made = household.book(anna, giro["id"], FEBRUARY).json
    client = household.client(ben)
    assert household.look(ben, giro["id"], FEBRUARY).status_code == 404
    assert household.book(ben, giro["id"], FEBRUARY).status_code == 404
    assert client.get(f"/imports/{made['id']}").status_code == 404
    assert client.post(f"/imports/{made['id']}/undo").status_code == 404
    assert client.get(f"/accounts/{giro['id']}/coverage").status_code == 404
    assert len(household.lines(anna)) == 4


def test_gaps_between_files_are_named() -> None:
    """Files that touch or overlap are one span; what lies between spans may be missing."""
    from datetime import date as day_of

    spans = [(day_of(2026, 1, 1), day_of(2026, 1, 31)), (day_of(2026, 2, 1), day_of(2026, 2, 20))]
    found = cover([*spans, (day_of(2026, 4, 1), day_of(2026, 4, 30))])
    assert [(one.first.month, one.last.month, one.files) for one in found.spans] == [(1, 2, 2), (4, 4, 1)]
    assert found.gaps == ((day_of(2026, 2, 21), day_of(2026, 3, 31)),)


QIF_OF_TWO = b"""!Account
NGiro
TBank
^
!Type:Bank
D02/03/2026
T-4.90
PCafe Sperl
^
!Account
NSparbuch
TBank
^
!Type:Bank
D02/04/2026
T100.00
PZinsen
^
"""


def test_a_file_may_call_an_account_as_the_household_does(household: Household, anna: Actor) -> None:
    """A file of two accounts, each called what it is called here, gives each its own lines, whatever the capitals."""
    giro, savings = household.account(anna), household.account(anna, "SPARBUCH")
    seen = household.look(anna, giro["id"], QIF_OF_TWO, "two.qif").json
    assert [row["counterparty"] for row in seen["rows"]] == ["Cafe Sperl"]
    assert "Sparbuch" in " ".join(seen["doubts"])
    assert household.book(anna, savings["id"], QIF_OF_TWO, "two.qif").json["added"] == 1
    assert household.balance(anna, savings["id"]) == 100_00
    other = household.account(anna, "Kreditkarte")
    refused = household.look(anna, other["id"], QIF_OF_TWO, "two.qif")
    assert refused.status_code == 409
    assert "Call Kreditkarte what the file calls it" in refused.json["error"]["fields"][0]["remedy"]


def test_no_opening_where_bookings_are_earlier(household: Household, anna: Actor) -> None:
    """The bank's opening balance counts what was booked before it: taking it over would count that twice."""
    data = MT940_WITH_BALANCES
    giro = household.account(anna)
    assert household.look(anna, giro["id"], data, "a.sta").json["opening_date"] == "2026-02-02"
    enter(household, anna, giro, -10_00, date="2026-01-15")
    assert household.look(anna, giro["id"], data, "a.sta").json["opening_date"] is None
    household.book(anna, giro["id"], data, "a.sta")
    assert household.balance(anna, giro["id"]) == -10_00 - 4_90


MT940_WITH_BALANCES = b""":20:STARTUMS
:25:20111/12345678901
:28C:1/1
:60F:C260201EUR500,00
:61:2602030203D4,90NMSCNONREF
:86:Cafe Sperl
:62F:C260228EUR495,10
-
"""


def test_a_balance_in_another_currency_says_nothing(household: Household, anna: Actor) -> None:
    """A file in dollars is not held against an account in euros."""
    giro = household.account(anna, opening_date="2026-01-31", opening_minor=0)
    bank = household.look(anna, giro["id"], MT940_WITH_BALANCES.replace(b"EUR", b"USD"), "a.sta").json["bank"]
    assert (bank["closing_minor"], bank["difference_minor"]) == (None, None)


def ofx(*lines: tuple[str, str, str, str]) -> bytes:
    """Return a statement as OFX, of (id, day, amount, text)."""
    told = "".join(
        f"<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>{day}<TRNAMT>{amount}<FITID>{one}<NAME>{text}</STMTTRN>"
        for one, day, amount, text in lines
    )
    return (
        "OFXHEADER:100\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR<BANKACCTFROM><BANKID>1<ACCTID>99887766"
        "<ACCTTYPE>CHECKING</BANKACCTFROM><BANKTRANLIST><DTSTART>20260201<DTEND>20260228"
        f"{told}</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    ).encode()


def fates(household: Household, actor: Actor, account: dict[str, Any], data: bytes) -> list[str]:
    seen = household.look(actor, account["id"], data, "x.ofx").json
    return [row["fate"] for row in seen["rows"]]


def test_a_line_that_comes_again_under_another_id_is_asked_about(household: Household, anna: Actor) -> None:
    """It is not booked twice, and known from then on by both ids; a second coffee beside the first one is a coffee."""
    giro = household.account(anna)
    first, moved = ("A1", "20260203", "-4.90", "Cafe"), ("B1", "20260203", "-4.90", "Cafe")
    household.book(anna, giro["id"], ofx(first), "x.ofx")
    assert fates(household, anna, giro, ofx(moved, first)) == ["new", "known"]
    assert fates(household, anna, giro, ofx(moved, ("B2", *moved[1:]))) == ["twin", "new"]
    seen = household.look(anna, giro["id"], ofx(moved), "x.ofx").json
    (row,) = seen["rows"]
    assert (row["fate"], row["twin_id"]) == ("twin", household.lines(anna)[0]["id"])
    assert "under another id" in row["reasons"][-1]
    assert household.book(anna, giro["id"], ofx(moved), "x.ofx").json["added"] == 0
    assert fates(household, anna, giro, ofx(moved)) == fates(household, anna, giro, ofx(first)) == ["known"]
    assert fates(household, anna, giro, ofx(first, moved, ("C1", *moved[1:]))) == ["known", "known", "new"]
    assert household.balance(anna, giro["id"]) == -4_90
    both = household.book(anna, giro["id"], ofx(first, ("D1", *moved[1:])), "x.ofx", book_twins=[1]).json
    assert both["added"] == 1, "a person may say that it is another one"


def test_what_met_a_line_of_one_format_may_still_meet_one_of_another(household: Household, anna: Actor) -> None:
    """Entered by hand, met by the bank's file: the line of another file is asked about too, and not booked."""
    giro = household.account(anna)
    enter(household, anna, giro, -4_90, date="2026-02-03", counterparty="Coffee")
    household.book(anna, giro["id"], ofx(("A1", "20260203", "-4.90", "Cafe")), "x.ofx")
    seen = household.look(anna, giro["id"], statement(COFFEE)).json
    assert [row["fate"] for row in seen["rows"]] == ["twin"]


@pytest.mark.parametrize("no_id", ["NOTPROVIDED", "NotAvailable", "nonref"])
def test_a_placeholder_is_no_id(household: Household, anna: Actor, no_id: str) -> None:
    """Two lines that share it are two lines, and each is known when it comes again."""
    giro = household.account(anna)
    first, second = (no_id, "20260203", "-4.90", "Cafe"), (no_id, "20260204", "-4.90", "Billa")
    household.book(anna, giro["id"], ofx(first), "x.ofx")
    assert fates(household, anna, giro, ofx(second)) == ["new"]
    household.book(anna, giro["id"], ofx(first, second), "x.ofx")
    assert household.balance(anna, giro["id"]) == -9_80
    assert fates(household, anna, giro, ofx(second, first)) == ["known", "known"]


def test_a_long_id_is_known_again(household: Household, anna: Actor) -> None:
    """Longer than what is kept; one that begins the same is another one."""
    giro = household.account(anna)
    line, other = ("X" * 200, "20260203", "-4.90", "Cafe"), (f"{'X' * 199}Y", "20260204", "-4.90", "Bar")
    household.book(anna, giro["id"], ofx(line), "x.ofx")
    assert fates(household, anna, giro, ofx((*line[:3], "Cafe Sperl"), other)) == ["known", "new"]


def test_half_a_transfer_is_undecided_again(household: Household, anna: Actor) -> None:
    """The import with the other half is taken back: nothing says transfer any more, and it is found when it returns."""
    giro = household.account(anna, iban="AT611904300234573201")
    savings = household.account(anna, "Savings", iban="AT483200000012345864")
    head = "Buchungstag;Auftraggeber;IBAN;Betrag;Waehrung\n"
    out = f"{head}02.02.2026;Anna;AT48 3200 0000 1234 5864;-300,00;EUR\n".encode()
    into = f"{head}03.02.2026;Anna;AT61 1904 3002 3457 3201;300,00;EUR\n".encode()
    own = category(household, anna, "transfers.own_account")

    def said() -> dict[int, str | None]:
        return {one["amount_minor"]: one["parts"][0]["category_id"] for one in household.lines(anna)}

    first = household.book(anna, giro["id"], out).json
    household.book(anna, savings["id"], into)
    assert said() == {-300_00: own, 300_00: own}
    household.client(anna).post(f"/imports/{first['id']}/undo")
    assert said() == {300_00: None}
    household.book(anna, giro["id"], out)
    assert said() == {-300_00: own, 300_00: own}
