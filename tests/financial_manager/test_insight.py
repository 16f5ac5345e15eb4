"""What the ledger tells: news of a month, sums by payee, person and year that agree, tables that spreadsheets read."""

from __future__ import annotations

import base64
import csv
import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from backend.financial_manager.financial_manager_app import FinancialManagerApp
from backend.financial_manager.insight.news import notable
from backend.financial_manager.recurring.cadence import Cadence
from backend.sdk.actor import Actor
from backend.sdk.spreadsheet import write_xlsx
from tests.financial_manager.conftest import Household
from tests.financial_manager.test_ledger import category, enter
from tests.financial_manager.test_recurring import statement

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def module_engine(engine_kind: str) -> str:
    """Run these on SQLite and on PostgreSQL."""
    return engine_kind


@pytest.fixture
def giro(household: Household, anna: Actor) -> dict[str, Any]:
    account = household.account(anna)
    assert household.book(anna, account["id"], statement()).status_code == 201
    return account


def told(household: Household, actor: Actor, month: str) -> list[dict[str, Any]]:
    answer = household.client(actor).get("/insight/news", query_string={"month": month})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json["items"]
    return items


def test_a_month_is_told_in_words_that_lead_somewhere(household: Household, anna: Actor, giro: dict[str, Any]) -> None:
    """A dear bicycle, a new payee, a price rise and a salary that did not come; each names where it stands."""
    food = category(household, anna, "food.restaurants")
    enter(household, anna, giro, -480_00, date="2026-02-20", counterparty="Dorfwirt Hofer", category_id=food)
    found = {one["kind"]: one for one in reversed(told(household, anna, "2026-02-10"))}  # the first of each kind
    assert "more than usual" in found["total"]["text"]
    assert found["category_up"]["category_id"] == food
    assert found["category_up"]["text"].endswith("480.00 EUR, where usually nothing is spent.")
    assert found["new_payee"]["text"] == f"New: 480.00 EUR to {found['new_payee']['words']}."
    words = {"words": found["new_payee"]["words"], "since": "2026-02-01", "until": "2026-02-28"}
    assert len(household.lines(anna, **words)) == 1
    large = household.client(anna).get(f"/transactions/{found['large']['transaction_id']}").json
    assert large["amount_minor"] == -480_00
    prices = [one for one in told(household, anna, "2026-01-01") if one["kind"] == "price"]
    assert [one["text"].partition(" went ")[2] for one in prices] == ["from 12.99 EUR to 14.99 EUR in 2026-01."]
    assert household.client(anna).get(f"/recurring/{prices[0]['recurring_id']}").status_code == 200


def test_income_that_did_not_come_is_told(household: Household, anna: Actor, giro: dict[str, Any]) -> None:
    """The salary of March is missing in April, once other bookings of April are known; not on the day itself."""
    household.clock.advance(30 * 86400)
    kinds = {one["kind"] for one in told(household, anna, "2026-03-15")}
    assert "missing_income" not in kinds
    household.clock.advance(20 * 86400)
    enter(household, anna, giro, -5_00, date="2026-04-15", counterparty="Kiosk")
    (missing,) = [one for one in told(household, anna, "2026-03-15") if one["kind"] == "missing_income"]
    assert missing["text"].endswith("did not come: 2850.00 EUR were expected on 2026-03-31.")


def test_a_month_under_way_says_so_and_nothing_is_less_yet(
    household: Household, anna: Actor, giro: dict[str, Any]
) -> None:
    """On the first of March hardly anything was spent, which is no news; another person is told nothing."""
    found = told(household, anna, "2026-03-01")
    assert [one["kind"] for one in found] == ["total"]
    assert "were spent so far; usually it is" in found[0]["text"]


def test_a_new_ledger_says_that_it_knows_too_little(household: Household, anna: Actor, ben: Actor) -> None:
    """No usual is made up from one month."""
    giro = household.account(anna)
    enter(household, anna, giro, -30_00, date="2026-02-20", category_id=category(household, anna, "food.restaurants"))
    (total,) = told(household, anna, "2026-02-01")
    assert total["text"] == "30.00 EUR were spent; too few months are known to say what is usual."
    assert told(household, ben, "2026-02-01") == []


def get(household: Household, actor: Actor, what: str, **query: Any) -> Any:
    answer = household.client(actor).get(f"/insight/{what}", query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_payees_people_and_years_agree(household: Household, anna: Actor, giro: dict[str, Any]) -> None:
    """Three ways to sum the same bookings; each payee and person leads to as many transactions as it counts."""
    enter(household, anna, giro, -12_34, date="2026-02-21", counterparty="Kiosk")
    span = {"since": "2025-01-01", "until": "2026-12-31"}
    payees, people = get(household, anna, "payees", **span)["items"], get(household, anna, "people", **span)["items"]
    years = get(household, anna, "years", first=2025, last=2026)["items"]
    net = sum(one["spent_minor"] for one in years)
    for parties in (payees, people):
        assert sum(one["spent_minor"] - one["received_minor"] for one in parties) == net
        assert sum(one["bookings"] for one in parties) == sum(one["bookings"] for one in years)
    for one in payees:
        assert len(household.lines(anna, words=one["name"], **span)) == one["bookings"], one
    (person,) = people
    assert person["key"] == "anna"
    assert len(household.lines(anna, entered_by="anna")) == person["bookings"] == len(household.lines(anna))
    assert household.lines(anna, entered_by="ben") == []


def test_what_an_instalment_pays_off_is_spent_on_nobody(household: Household, anna: Actor) -> None:
    """Of an instalment only the interest is spent, of a purchase not the cash that came with it; all reports say so."""
    giro, loan = household.account(anna), household.account(anna, "Loan", kind="loan")
    cash, moved = household.account(anna, "Purse", kind="cash"), category(household, anna, "transfers.cash")
    interest, food = category(household, anna, "fees.interest"), category(household, anna, "food.groceries")
    paid_off = {"amount_minor": -400_00, "account_id": loan["id"]}
    parts = [paid_off, {"amount_minor": -100_00, "category_id": interest}]
    enter(household, anna, giro, -500_00, counterparty="Bausparkasse", parts=parts)
    parts = [{"amount_minor": -50_00, "account_id": cash["id"]}, {"amount_minor": -20_00, "category_id": food}]
    enter(household, anna, giro, -70_00, counterparty="Billa", parts=parts)
    parts = [{"amount_minor": -30_00, "category_id": moved}, {"amount_minor": -7_00, "category_id": food}]
    enter(household, anna, giro, -37_00, counterparty="Post", parts=parts)
    enter(
        household,
        anna,
        giro,
        -900_00,
        counterparty="Purse",
        parts=[{"amount_minor": -900_00, "account_id": cash["id"]}],
    )
    span = {"since": "2026-02-01", "until": "2026-02-28"}
    payees = get(household, anna, "payees", **span)["items"]
    assert [(one["name"], one["spent_minor"]) for one in payees] == [
        ("Bausparkasse", 100_00), ("Billa", 20_00), ("Post", 7_00)
    ]  # fmt: skip
    (person,) = get(household, anna, "people", **span)["items"]
    years = get(household, anna, "years", first=2026, last=2026)["items"]
    assert person["spent_minor"] == sum(one["spent_minor"] for one in years) == 127_00
    large = [one["text"] for one in told(household, anna, "2026-02-01") if one["kind"] == "large"]
    assert large == ["Among the largest: 100.00 EUR to Bausparkasse on 2026-02-10."]


def test_a_month_of_refunds_is_not_told_as_spent(household: Household, anna: Actor) -> None:
    """50.00 came back for food and 20.00 of a bonus were paid back: neither is told as if it went the usual way."""
    giro, food = household.account(anna), category(household, anna, "food.groceries")
    bonus = category(household, anna, "income.maintenance")
    enter(household, anna, giro, 50_00, date="2026-01-10", counterparty="Billa", category_id=food)
    assert told(household, anna, "2026-01-01")[0]["text"] == "50.00 EUR more came back than was spent."
    for month in range(7, 13):
        enter(household, anna, giro, -300_00, date=f"2025-{month:02}-10", counterparty="Billa", category_id=food)
        enter(household, anna, giro, 80_00, date=f"2025-{month:02}-11", counterparty="Muster", category_id=bonus)
    enter(household, anna, giro, -20_00, date="2026-01-11", counterparty="Muster", category_id=bonus)
    texts = [one["text"] for one in told(household, anna, "2026-01-01")]
    assert texts[0] == "50.00 EUR more came back than was spent."
    assert [one.partition(": ")[2] for one in texts if ": " in one and "more" in one] == [
        "50.00 EUR more came back than was spent.", "20.00 EUR more went back than came in."
    ]  # fmt: skip


def test_a_table_of_sixty_years_has_each_month(household: Household, anna: Actor) -> None:
    """What was owned in the last years of a long span is in the table too."""
    household.account(anna, opening_minor=5, opening_date="1965-12-31")
    asked = {"report": "net_worth", "format": "csv", "since": "1966-01-01", "until": "2025-12-31"}
    content = base64.b64decode(get(household, anna, "table", **asked)["content"]).decode("utf-8-sig")
    days = [date.fromisoformat(row[0]) for row in csv.reader(io.StringIO(content), delimiter=";") if row[0] != "Day"]
    assert len(days) == 60 * 12
    assert max((after - before).days for before, after in pairwise(days)) == 31


def test_an_unfinished_year_is_compared_with_the_same_days(household: Household, anna: Actor) -> None:
    """On the first of March: what was spent last April does not count."""
    giro, food = household.account(anna), category(household, anna, "food.restaurants")
    for day, amount in (("2025-02-10", -10_00), ("2025-04-10", -70_00), ("2026-02-10", -12_00)):
        enter(household, anna, giro, amount, date=day, category_id=food)
    for same_days, before in ((False, 80_00), (True, 10_00)):
        items = get(household, anna, "years", first=2025, last=2026, same_days=same_days)["items"]
        assert [(one["year"], one["spent_minor"]) for one in items] == [(2025, before), (2026, 12_00)]


@pytest.mark.parametrize(
    "report", ["months", "payees", "people", "years", "net_worth", "news", "recurring", "forecast", "goals"]
)
def test_every_report_comes_as_a_table(household: Household, anna: Actor, giro: dict[str, Any], report: str) -> None:
    """The same rows as CSV, XLSX and PDF; the headings in German where that is asked for."""
    asked = {"report": report, "since": "2025-01-01", "until": "2026-02-28", "language": "de"}
    text = get(household, anna, "table", format="csv", **asked)
    book = get(household, anna, "table", format="xlsx", **asked)
    assert text["file_name"].endswith("-2026-03-01.csv")
    rows = list(csv.reader(io.StringIO(base64.b64decode(text["content"]).decode("utf-8-sig")), delimiter=";"))
    sheet = cells(base64.b64decode(book["content"]))
    assert len(rows) == len(sheet)
    assert {"Währung"} <= set(rows[0]) == set(sheet[0])
    if report != "goals":
        assert len(rows) > 1
    paper = get(household, anna, "table", format="pdf", **asked)
    assert paper["file_name"].endswith(".pdf")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(base64.b64decode(paper["content"]))).pages)
    assert "Währung" in text
    assert "".join(rows[-1][0].split())[:20] in "".join(text.split())  # lines are broken where a column ends


def cells(content: bytes) -> list[list[str]]:
    """Return what a spreadsheet shows in each row, by the standard alone."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    rows = sheet.find(f"{MAIN}sheetData")
    return [["".join(cell.itertext()) for cell in row] for row in rows]


cell = st.one_of(
    st.text(max_size=30), st.integers(-(10**12), 10**12), st.decimals(-(10**9), 10**9, places=2),
    st.dates(date(1900, 3, 1), date(2199, 12, 31)), st.none(),
)  # fmt: skip


@given(title=st.text(max_size=50), rows=st.lists(st.lists(cell, max_size=30), max_size=8))
def test_a_spreadsheet_is_well_formed_whatever_is_in_it(title: str, rows: list[list[Any]]) -> None:
    """Control characters, angle brackets, formulas, wide rows: the texts and numbers come back."""
    found = cells(write_xlsx(title, rows))
    assert len(found) == len(rows)
    for written, row in zip(found, rows, strict=True):
        values = [value for value in row if value is not None and value != ""]
        assert len(written) == len(values)
        for shown, value in zip(written, values, strict=True):
            if isinstance(value, int | Decimal):
                assert Decimal(shown) == value


def test_a_german_table_of_what_comes_again_says_so_in_german(household: Household, anna: Actor) -> None:
    """How often, and how it stands; a payee who is called like such a word keeps the name."""
    giro = household.account(anna)["id"]
    for cadence in Cadence:
        body = {"name": "monthly", "account_id": giro, "cadence": cadence.value, "amount_minor": -1,
                "due_on": "2026-03-10"}  # fmt: skip
        assert household.client(anna).post("/recurring", json=body).status_code == 201
    asked = {"report": "recurring", "format": "csv", "language": "de"}
    content = household.client(anna).get("/insight/table", query_string=asked).json["content"]
    rows = list(csv.DictReader(io.StringIO(base64.b64decode(content).decode("utf-8-sig")), delimiter=";"))
    assert {row["Name"] for row in rows} == {"monthly"}
    assert {row["Stand"] for row in rows} == {"Bestätigt"}
    assert {row["Wie oft"] for row in rows}.isdisjoint(one.value for one in Cadence)


def test_a_german_table_of_what_changed_is_said_in_german(
    household: Household, anna: Actor, giro: dict[str, Any]
) -> None:
    """Whole sentences, amounts and days; each row is one that the app tells, with the household's own names."""
    food = category(household, anna, "food.restaurants")
    enter(household, anna, giro, -480_50, date="2026-02-20", counterparty="Dorfwirt Hofer", category_id=food)
    sentences: list[str] = []
    for month in ("2026-01-31", "2026-02-28", "2026-03-31"):
        asked = {"report": "news", "format": "csv", "since": month[:8] + "01", "until": month}
        rows = {}
        for language in ("en", "de"):
            answer = household.client(anna).get("/insight/table", query_string=asked | {"language": language})
            said = base64.b64decode(answer.json["content"]).decode("utf-8-sig")
            rows[language] = list(csv.reader(io.StringIO(said), delimiter=";"))
        assert rows["de"][0] == ["Was", "Betrag", "Üblich", "Währung"]
        assert [one["text"] for one in told(household, anna, month)] == [row[0] for row in rows["en"][1:]]
        assert len(rows["de"]) == len(rows["en"])
        sentences += [row[0] for row in rows["de"][1:]]
    for said in ("480,50 EUR, wo sonst nichts ausgegeben wird.", "Neu: 480,50 EUR an Dorfwirt Hofer."):
        assert any(one.endswith(said) for one in sentences), sentences
    assert any(re.search(r"(an|erwartet).* am \d\d\.\d\d\.2026\.$", one) for one in sentences), sentences
    assert not [one for one in sentences if "spent" in one or "were" in one or "usual" in one]


def test_an_amount_shows_the_decimals_of_its_currency() -> None:
    """Yen have none, dinars three; a number that is no amount shows itself."""
    amounts = [Decimal("1500"), Decimal("12.50"), Decimal("3.125"), 7]
    with zipfile.ZipFile(io.BytesIO(write_xlsx("Sums", [["Amount"], *([one] for one in amounts)]))) as archive:
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
        styles = ElementTree.fromstring(archive.read("xl/styles.xml"))
    formats = [one.attrib["numFmtId"] for one in styles.findall(f"{MAIN}cellXfs/{MAIN}xf")]
    own = {one.attrib["numFmtId"]: one.attrib["formatCode"] for one in styles.iter(f"{MAIN}numFmt")}
    places = [int(one.attrib.get("s", 0)) for one in sheet.iter(f"{MAIN}c")][1:]
    assert [formats[place] for place in places] == ["3", "4", "164", "0"]
    assert own == {"164": "#,##0.000"}


def test_days_in_the_wrong_order_are_refused(household: Household, anna: Actor) -> None:
    """With the field, whichever report is asked for."""
    client = household.client(anna)
    for what in ("payees", "people"):
        answer = client.get(f"/insight/{what}", query_string={"since": "2026-02-01", "until": "2026-01-01"})
        assert answer.json["error"]["fields"][0]["name"] == "query.until"
    assert client.get("/insight/years", query_string={"first": 2026, "last": 2020}).status_code == 422
    assert client.get("/insight/news", query_string={"month": "0001-01-01"}).status_code == 422
    table = {"report": "payees", "since": "0001-01-01"}
    assert client.get("/insight/table", query_string=table).status_code == 422


def test_a_table_of_years_counts_only_the_days_asked_for(household: Household, anna: Actor) -> None:
    """77 of February stand outside of the second half of the year."""
    giro = household.account(anna)
    enter(household, anna, giro, -77_00, date="2025-02-01")
    enter(household, anna, giro, -30_00, date="2025-08-01")
    asked = {"report": "years", "since": "2025-07-01", "until": "2025-12-31", "format": "csv"}
    made = household.client(anna).get("/insight/table", query_string=asked).json
    *_, last = base64.b64decode(made["content"]).decode("utf-8-sig").split()
    assert last.endswith(";30.00")


def test_each_person_of_a_household_has_their_own_sum(household: Household) -> None:
    """Two people in one space: what each entered and imported, also after an undo; a third person is told nothing."""
    members = frozenset({"home"})
    eva, tom = (Actor(user_id=name, owner_id="home", owners=members) for name in ("eva", "tom"))
    giro = household.account(eva)
    enter(household, eva, giro, -10_00, counterparty="Kiosk")
    enter(household, tom, giro, -25_00, counterparty="Kiosk")
    data = b"Buchungstag;Auftraggeber;Betrag;Waehrung\n11.02.2026;Baumarkt;-40,00;EUR\n"
    assert household.book(tom, giro["id"], data).status_code == 201
    span = {"since": "2026-01-01", "until": "2026-12-31"}
    people = {one["key"]: one["spent_minor"] for one in get(household, eva, "people", **span)["items"]}
    assert people == {"eva": 10_00, "tom": 65_00}
    assert [one["amount_minor"] for one in household.lines(eva, entered_by="tom")] == [-40_00, -25_00]
    step = household.client(tom).get("/changes").json["items"][0]
    assert household.client(eva).post(f"/changes/{step['id']}/undo").status_code == 200
    people = {one["key"]: one["spent_minor"] for one in get(household, eva, "people", **span)["items"]}
    assert people == {"eva": 10_00, "tom": 25_00}
    assert get(household, Actor.of("ben"), "people", **span)["items"] == []


def test_people_are_shown_by_name_never_by_id(household: Household) -> None:
    """In the sums and in every file; who left, what the hub booked by itself and German are said in words."""
    members = frozenset({"home"})
    household.ctx.people = lambda actor: {"user-eva": "Eva Gruber"} if actor.owner_id == "home" else {}
    app = FinancialManagerApp(household.ctx)
    app.setup()
    household.app = app
    eva, tom, hub = (Actor(name, "home", members) for name in ("user-eva", "user-tom", "home"))
    giro = household.account(eva)
    for actor in (eva, tom, hub):
        enter(household, actor, giro, -10_00, counterparty="Kiosk")
    span = {"since": "2026-01-01", "until": "2026-12-31"}
    people = {one["key"]: one["name"] for one in get(household, eva, "people", **span)["items"]}
    assert people == {"user-eva": "Eva Gruber", "user-tom": "Somebody who left", "home": "Homie, by itself"}
    asked = {"report": "people", "language": "de", **span}
    text = base64.b64decode(get(household, eva, "table", format="csv", **asked)["content"]).decode("utf-8-sig")
    told = {row[0] for row in csv.reader(io.StringIO(text), delimiter=";")}
    assert told == {"Person", "Eva Gruber", "Jemand, der gegangen ist", "Homie, von selbst"}
    sheet = cells(base64.b64decode(get(household, eva, "table", format="xlsx", **asked)["content"]))
    paper = PdfReader(io.BytesIO(base64.b64decode(get(household, eva, "table", format="pdf", **asked)["content"])))
    assert "Eva Gruber" in {row[0] for row in sheet}
    printed = "".join(page.extract_text() for page in paper.pages)
    assert "Eva Gruber" in printed
    assert "user-" not in text + printed + str(sheet)


def test_income_that_ended_is_missed_once(household: Household, anna: Actor, giro: dict[str, Any]) -> None:
    """The old employer's salary is missing in its first month, not in every month up to today."""
    household.clock.advance(300 * 86400)
    enter(household, anna, giro, -5_00, date="2026-12-15", counterparty="Kiosk")
    missing = [
        month
        for month in ("2026-03-01", "2026-04-01", "2026-07-01", "2026-11-01")
        if any(one["kind"] == "missing_income" for one in told(household, anna, month))
    ]
    assert missing == ["2026-03-01"]


@pytest.mark.parametrize(
    ("currency", "minor"),
    [("EUR", 20_00), ("CHF", 20_00), ("SEK", 200_00), ("JPY", 5_000), ("HUF", 10_000_00), ("XTS", 20_00)],
)
def test_what_is_worth_telling_is_as_much_in_every_currency(currency: str, minor: int) -> None:
    """Twenty yen are nothing to talk about; the sum is a round one, and 20 units where nobody knows a rate."""
    assert notable(currency) == minor
