"""Tax reports end to end: from trades and bookings to figures, each with what is behind it."""

from __future__ import annotations

import base64
import csv
import io
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from pypdf import PdfReader

from backend.sdk.actor import Actor
from tests.financial_manager.conftest import Household
from tests.financial_manager.test_depots import ACME, FUND, book, booked, depot_of, problem, security
from tests.financial_manager.test_ledger import category, enter


@pytest.fixture
def module_engine(engine_kind: str) -> str:
    """Run these on SQLite and on PostgreSQL."""
    return engine_kind


def report(household: Household, actor: Actor, country: str = "AT", year: int = 2025, **more: Any) -> dict[str, Any]:
    answer = household.client(actor).get("/tax-reports", query_string={"country": country, "year": year, **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def figures(told: dict[str, Any]) -> dict[str, int | None]:
    return {one["id"]: one["amount_minor"] for one in told["figures"]}


def behind(told: dict[str, Any], name: str) -> list[str]:
    """Return the ids behind a figure."""
    return [one["id"] for figure in told["figures"] if figure["id"] == name for one in figure["sources"]]


def worked_example(household: Household, anna: Actor) -> dict[str, Any]:
    """Two purchases, a sale and a dividend of a US share in a German depot."""
    depot, acme = depot_of(household, anna, country="DE"), security(household, anna, "Acme", isin="US0378331005")
    for kind, day, quantity, amount in (
        ("buy", "2024-05-02", "10", 1000_00),
        ("buy", "2025-02-03", "10", 1400_00),
        ("sell", "2025-06-02", "15", 2250_00),
    ):
        more = {"quantity": quantity, "amount_minor": amount, "fees_minor": 10_00}
        sale = booked(household, anna, kind, depot, acme, day, **more)
    paid = {"amount_minor": 100_00, "foreign_withheld_minor": 20_00, "country": "US"}
    dividend = booked(household, anna, "dividend", depot, acme, "2025-09-01", **paid)
    return {"depot": depot, "security": acme, "sale": sale["id"], "dividend": dividend["id"]}


def test_austria_by_hand(household: Household, anna: Actor) -> None:
    """Fees do not count and the average does: 15 of 20 shares that cost 2,400.00 cost 1,800.00, so the gain is 450.00.

    27.5 % of 450.00 and of the dividend's 100.00 is 151.25; of the 20.00 kept in the USA 15 % are credited: 15.00.
    """
    made = worked_example(household, anna)
    told = report(household, anna)
    found = figures(told)
    assert (found["gains_abroad"], found["income_abroad"]) == (450_00, 100_00)
    assert (found["gains_home"], found["income_home"], found["losses_abroad"]) == (0, 0, 0)
    assert found["foreign_tax_credit"] == 15_00
    assert behind(told, "gains_abroad") == [made["sale"]]
    assert behind(told, "income_abroad") == [made["dividend"]]
    gains = next(one for one in told["figures"] if one["id"] == "gains_abroad")
    assert (gains["form"], gains["field"], gains["sources"][0]["title"]) == ("E1kv", "994", "sell Acme")
    assert told["disclaimer"]["de"].startswith("Das ist keine Steuerberatung.")
    assert told["status"].startswith("each figure says against which text its rule was checked")
    assert figures(report(household, anna, year=2024))["gains_abroad"] == 0


def test_germany_counts_the_same_trades_by_its_own_rules(household: Household, anna: Actor) -> None:
    """FIFO, and fees count: 2,240.00 less 1,010.00 and half of 1,410.00 is a gain of 525.00."""
    made = worked_example(household, anna)
    told = report(household, anna, "DE")
    gained = [
        one
        for one in told["figures"]
        if one["amount_minor"] == 525_00 and one["trail"][0]["label"]["en"] == "sum of the entries"
    ]
    assert gained
    assert [source["id"] for source in gained[0]["sources"]] == [made["sale"]]


def test_a_kind_without_rules_is_left_out_and_stops_nothing(household: Household, anna: Actor) -> None:
    """Germany's pack says nothing of crypto: its sale is named, the share's is counted."""
    made = worked_example(household, anna)
    coin = security(household, anna, "Coin", symbol="XCN", kind="crypto")
    booked(household, anna, "buy", made["depot"], coin, "2024-01-01", quantity="1", amount_minor=1_00)
    sold = booked(household, anna, "sell", made["depot"], coin, "2025-01-01", quantity="1", amount_minor=2_00)
    told = report(household, anna, "DE")
    assert [(one["reason"], one["source"]["id"]) for one in told["left_out"]] == [("rules", sold["id"])]
    assert made["sale"] in {source["id"] for one in told["figures"] for source in one["sources"]}


def test_a_depot_without_a_country_is_asked_about(household: Household, anna: Actor) -> None:
    """The error names the depot and says where to enter it; then the report is there."""
    depot, acme = depot_of(household, anna), security(household, anna, isin=ACME)
    booked(household, anna, "dividend", depot, acme, "2025-09-01", amount_minor=100_00)
    client = household.client(anna)
    answer = client.get("/tax-reports", query_string={"country": "AT", "year": 2025})
    assert problem(answer)[0] == "tax_fact_invalid"
    assert "Depot" in problem(answer)[2]
    client.patch(f"/accounts/{depot['id']}", json={"country": "AT"})
    assert figures(report(household, anna))["income_home"] == 100_00
    assert problem(client.get("/tax-reports", query_string={"country": "FR", "year": 2025}))[0] == "tax_pack_missing"


def test_bookings_count_by_the_purpose_of_their_category(household: Household, anna: Actor) -> None:
    """A donation less its refund; the booking is behind the figure; what the rules do not know is named."""
    giro = household.account(anna)
    given = category(household, anna, "giving.donations")
    gift = enter(household, anna, giro, -50_00, date="2025-03-01", category_id=given, counterparty="Red Cross")
    back = enter(household, anna, giro, 10_00, date="2025-04-01", category_id=given)
    enter(household, anna, giro, -99_00, date="2026-01-01", category_id=given)
    enter(household, anna, giro, -77_00, date="2025-05-01", category_id=given, planned=True)
    salary = enter(
        household, anna, giro, 100_00, date="2025-05-01", category_id=category(household, anna, "income.salary")
    )
    told = report(household, anna)
    donated = [
        one for one in told["figures"] if [source["id"] for source in one["sources"]] == [gift["id"], back["id"]]
    ]
    assert donated[0]["amount_minor"] == 40_00
    assert donated[0]["sources"][0] == {
        "kind": "transaction", "id": gift["id"], "date": "2025-03-01", "title": "Red Cross",
        "trade_kind": "", "security": "", "rate": None,
    }  # fmt: skip
    assert [(one["reason"], one["purpose"], one["source"]["id"]) for one in told["left_out"]] == [
        ("purpose", "employment_income", salary["id"])
    ]


def test_a_dividend_and_its_booking_count_once(household: Household, anna: Actor) -> None:
    """Linked, the booking is left to the trade; not linked, amount and day tell; another amount is asked about."""
    depot, acme = depot_of(household, anna, country="DE"), security(household, anna, isin=ACME)
    giro = household.account(anna, country="DE")
    client = household.client(anna)
    own = category(household, anna, "income.dividends")
    paid = enter(household, anna, giro, 73_75, date="2025-09-03", category_id=own)
    more = {"amount_minor": 100_00, "withheld_minor": 25_00, "surcharge_minor": 1_25}
    made = booked(household, anna, "dividend", depot, acme, "2025-09-01", **more)
    told = report(household, anna)
    assert figures(told)["income_abroad"] == 100_00
    assert said_of(told) == [("same", paid["id"]), ("uncredited", made["id"])]
    assert client.patch(f"/trades/{made['id']}", json={"transaction_id": paid["id"]}).status_code == 200
    told = report(household, anna)
    assert (figures(told)["income_abroad"], paid["id"] in dict(said_of(told)).values()) == (100_00, False)
    other = enter(household, anna, giro, 80_00, date="2025-09-03", category_id=own)
    told = report(household, anna)
    assert figures(told)["income_abroad"] == 180_00
    assert {("twice", other["id"]), ("net", other["id"])} <= set(said_of(told))
    client.post("/transactions/delete", json={"ids": [paid["id"], other["id"]]})
    assert figures(report(household, anna))["income_abroad"] == 100_00


def said_of(told: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what is to be looked at, with its reason."""
    return [(one["reason"], one["source"]["id"]) for one in told["left_out"]]


def test_one_distribution_is_paid_once(household: Household, anna: Actor) -> None:
    """Two bookings of the same amount, one trade: the nearer is its money, the other counts and is asked about."""
    depot, fund = depot_of(household, anna, country="DE"), security(household, anna, kind="fund_equity", isin=FUND)
    giro = household.account(anna, country="DE")
    own = category(household, anna, "income.dividends")
    near = enter(household, anna, giro, 50_00, date="2026-01-02", category_id=own)
    booked(household, anna, "dividend", depot, fund, "2025-12-30", amount_minor=50_00)
    assert said_of(report(household, anna, year=2026)) == [("same", near["id"])]
    assert figures(report(household, anna, year=2026))["income_abroad"] == 0
    second = enter(household, anna, giro, 50_00, date="2026-01-05", category_id=own)
    told = report(household, anna, year=2026)
    assert ("same", near["id"]) in said_of(told)
    assert ("net", second["id"]) in said_of(told)
    assert figures(told)["income_abroad"] == 50_00


@pytest.mark.parametrize(
    ("country", "key", "home", "abroad"),
    [
        ("AT", "income.interest", "settled_home", "bank_interest"),
        ("AT", "income.dividends", "settled_home", "income_abroad"),
        ("DE", "income.interest", "settled_home", "kap_abroad"),
        ("DE", "income.dividends", "settled_home", "kap_abroad"),
        ("ZZ", "income.interest", "interest", "interest"),
        ("ZZ", "income.dividends", "dividend", "dividend"),
    ],
)
def test_shipped_categories_of_interest_and_dividends_count(
    household: Household, anna: Actor, country: str, key: str, home: str, abroad: str
) -> None:
    """At home settled; abroad to be declared, as booked; where nobody said where, it counts and is said."""
    paid = category(household, anna, key)
    at_home = household.account(anna, "Home", country="FR" if country == "ZZ" else country)
    enter(household, anna, at_home, 40_00, date="2025-03-01", category_id=paid)
    told = report(household, anna, country)
    assert (figures(told)[home], told["left_out"]) == (40_00, [])
    away = household.account(anna, "Away", country="CH")
    came = enter(household, anna, away, 30_00, date="2025-03-02", category_id=paid)
    told = report(household, anna, country)
    assert figures(told)[abroad] == (70_00 if country == "ZZ" else 30_00)
    assert came["id"] in behind(told, abroad)
    assert said_of(told) == ([] if country == "ZZ" else [("net", came["id"])])
    nowhere = enter(household, anna, household.account(anna, "Somewhere"), 20_00, date="2025-03-03", category_id=paid)
    told = report(household, anna, country)
    assert [one for one in said_of(told) if one[0] == "place"] == (
        [] if country == "ZZ" else [("place", nowhere["id"])]
    )
    assert any(nowhere["id"] in behind(told, one["id"]) for one in told["figures"])


def test_rules_without_securities_count_the_booking_of_a_dividend(household: Household, anna: Actor) -> None:
    """The generic pack counts no depot: the linked booking counts there, and in Austria the trade does."""
    depot, acme = depot_of(household, anna, country="AT"), security(household, anna, isin=ACME)
    giro = household.account(anna, country="AT")
    paid = enter(
        household, anna, giro, 100_00, date="2025-09-03", category_id=category(household, anna, "income.dividends")
    )
    booked(household, anna, "dividend", depot, acme, "2025-09-01", amount_minor=100_00, transaction_id=paid["id"])
    assert figures(report(household, anna, "ZZ"))["dividend"] == 100_00
    told = figures(report(household, anna))
    assert (told["income_home"], told["settled_home"]) == (100_00, 0)


def rate_of(household: Household, actor: Actor, source: str, day: str) -> Decimal:
    asked = {"amount_minor": 1, "source": source, "target": "EUR", "day": day}
    found = household.client(actor).get("/rates/exchange", query_string=asked).json["quote"]
    return Decimal(found["rate"])


def cents(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def test_a_booking_in_dollars_counts_by_the_rate_of_its_day(household: Household, anna: Actor) -> None:
    """The report says which rate of which day; one that is older than a week is said to be; without one it is named."""
    dollars = household.account(anna, "Dollars", currency="USD")
    given = category(household, anna, "giving.donations")
    gift = enter(household, anna, dollars, -50_00, date="2025-03-01", category_id=given)
    told = report(household, anna)["figures"]
    figure = next(one for one in told if [source["id"] for source in one["sources"]] == [gift["id"]])
    rate = rate_of(household, anna, "USD", "2025-03-01")
    assert figure["amount_minor"] == cents(50_00 * rate)
    used = figure["sources"][0]["rate"]
    assert (used["currency"], used["of"], used["day"], used["stale"]) == ("USD", "ecb", "2025-02-28", False)
    assert Decimal(used["rate"]) == rate
    asked = {"country": "AT", "year": 2025, "language": "de"}
    table = household.client(anna).get("/tax-reports/table", query_string=asked).json["text"]
    assert "Kurs der EZB vom 2025-02-28" in table
    roubles = household.account(anna, "Roubles", currency="RUB")
    old = enter(household, anna, roubles, -50_00, date="2025-03-01", category_id=given)
    told = [s for one in report(household, anna)["figures"] for s in one["sources"] if s["id"] == old["id"]]
    assert told[0]["rate"]["stale"] is True
    dinars = household.account(anna, "Dinars", currency="KWD")
    none = enter(household, anna, dinars, -50_000, date="2025-03-01", category_id=given)
    left = report(household, anna)["left_out"]
    assert [(one["reason"], one["source"]["id"]) for one in left] == [("currency", none["id"])]


def test_a_depot_in_dollars_counts_each_trade_by_its_day(household: Household, anna: Actor) -> None:
    """Cost by the rate of the purchase, proceeds by that of the sale; a trade with a rate of its own keeps it."""
    depot = depot_of(household, anna, country="AT", currency="USD")
    acme = security(household, anna, isin=ACME, currency="USD")
    booked(household, anna, "buy", depot, acme, "2024-05-02", quantity="10", amount_minor=1000_00)
    sold = booked(household, anna, "sell", depot, acme, "2025-06-02", quantity="10", amount_minor=1500_00)
    bought, gone = (rate_of(household, anna, "USD", day) for day in ("2024-05-02", "2025-06-02"))
    told = report(household, anna)
    assert figures(told)["gains_home"] == cents(1500_00 * gone) - cents(1000_00 * bought)
    assert told["left_out"] == []
    (source,) = [s for one in told["figures"] if one["id"] == "gains_home" for s in one["sources"]]
    assert (source["id"], source["rate"]["of"], Decimal(source["rate"]["rate"])) == (sold["id"], "ecb", gone)
    euros = depot_of(household, anna, "Euros", country="AT")
    more = {"quantity": "1", "currency": "USD", "fx_rate": "0.5"}
    booked(household, anna, "buy", euros, acme, "2025-01-02", amount_minor=100_00, **more)
    mine = booked(household, anna, "sell", euros, acme, "2025-07-02", amount_minor=300_00, **more)
    told = report(household, anna)
    assert figures(told)["gains_home"] == cents(1500_00 * gone) - cents(1000_00 * bought) + 100_00
    used = {s["id"]: s["rate"] for one in told["figures"] if one["id"] == "gains_home" for s in one["sources"]}
    assert (used[mine["id"]]["of"], used[mine["id"]]["rate"]) == ("booking", "0.5")


def test_the_table_says_the_same_and_runs_no_formula(household: Household, anna: Actor) -> None:
    """CSV with title, disclaimer and status first; a cell that begins like a formula is text."""
    giro = household.account(anna)
    given = category(household, anna, "giving.donations")
    enter(household, anna, giro, -50_00, date="2025-03-01", category_id=given, counterparty="=1+1")
    worked_example(household, anna)
    asked = {"country": "at", "year": 2025, "language": "de"}
    told = household.client(anna).get("/tax-reports/table", query_string=asked).json
    rows = list(csv.reader(told["text"].splitlines(), delimiter=";"))
    assert told["file_name"] == "tax-AT-2025.csv"
    assert rows[0] == ["Österreich 2025"]
    assert rows[1][0].startswith("Das ist keine Steuerberatung.")
    (gains,) = [row for row in rows if row[:2] == ["E1kv", "994"]]
    assert gains[3:5] == ["450.00", "EUR"]
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)


def test_another_person_has_another_report(household: Household, anna: Actor, ben: Actor) -> None:
    worked_example(household, anna)
    told = report(household, ben)
    assert all(not one["sources"] for one in told["figures"])
    assert told["left_out"] == []


def test_the_packs_say_what_bookings_may_be_for(household: Household, anna: Actor) -> None:
    packs = household.client(anna).get("/tax-packs").json["items"]
    austria = next(one for one in packs if (one["country"], one["year"]) == ("AT", 2025))
    assert "donation" in {one["key"] for one in austria["purposes"]}
    assert all(one["disclaimer"]["en"] and one["status"] for one in packs)


def what_if(household: Household, actor: Actor, made: dict[str, Any], **more: Any) -> dict[str, Any]:
    body = {"depot_id": made["depot"]["id"], "security_id": made["security"]["id"], **more}
    answer = household.client(actor).post("/depots/what-if", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def german_fund(household: Household, anna: Actor) -> dict[str, Any]:
    """Ten shares of an equity fund that cost 1,000.00."""
    depot = depot_of(household, anna, country="DE")
    fund = security(household, anna, "World", isin="IE00B4L5Y983", kind="fund_equity")
    booked(household, anna, "buy", depot, fund, "2025-01-10", quantity="10", amount_minor=1_000_00)
    return {"depot": depot, "security": fund}


def test_a_sale_thought_of_knows_exemption_and_allowance(household: Household, anna: Actor) -> None:
    """4,000.00 gained by an equity fund: 70 % are taxable, 1,000.00 are free: 1,800.00 x 25 % = 450.00, and 5.5 %."""
    made = german_fund(household, anna)
    asked = {"quantity": "10", "price": "500", "on": "2025-06-02", "country": "DE"}
    told = what_if(household, anna, made, **asked)["fifo"]
    assert (told["gain_minor"], told["tax_minor"]) == (4_000_00, 450_00 + 24_75)
    assert told["left_minor"] == 5_000_00 - 474_75
    changes = {one["label"]["en"]: one["amount_minor"] for one in told["changes"]}
    assert (changes["Of it taxable: 70 %"], changes["Of it used"]) == (2_800_00, 1_000_00)
    assert what_if(household, anna, made, **asked, joint=True)["fifo"]["tax_minor"] == 200_00 + 11_00


def test_a_sale_thought_of_takes_what_the_year_has_left(household: Household, anna: Actor) -> None:
    """A dividend of 1,000.00 used the allowance; losses of the year are offset first, a loss lowers the tax."""
    made = german_fund(household, anna)
    stock = security(household, anna, "Acme", isin=ACME)
    booked(household, anna, "buy", made["depot"], stock, "2025-01-10", quantity="10", amount_minor=1_000_00)
    booked(household, anna, "dividend", made["depot"], stock, "2025-03-10", amount_minor=1_000_00)
    asked = {"quantity": "10", "on": "2025-06-02", "country": "DE"}
    full = what_if(household, anna, made, price="500", **asked)["fifo"]
    assert full["tax_minor"] == 700_00 + 38_50
    loss = what_if(household, anna, made, price="50", **asked)["fifo"]
    assert (loss["gain_minor"], loss["tax_minor"]) == (-500_00, 0)  # the allowance covers the dividend already
    austria = what_if(household, anna, made, price="50", **{**asked, "country": "AT"})["average"]
    assert austria["tax_minor"] == -137_50  # 27.5 % of 500.00 of the dividend that the loss offsets


@pytest.mark.parametrize(
    ("language", "checked", "unchecked"),
    [
        ("en", "(rule checked against § 27a Abs 1 Z 2 EStG 1988, text of 20 Jul 2024)", "(secondary sources only)"),
        ("de", "(Regel geprüft nach § 27a Abs 1 Z 2 EStG 1988, Fassung vom 20.07.2024)", "(nur Sekundärquellen)"),
    ],
)
def test_a_table_says_what_was_checked(
    household: Household, anna: Actor, language: str, checked: str, unchecked: str
) -> None:
    """Beside the law; sums without rules say nothing of it, and the report carries it too."""
    asked = {"country": "AT", "year": 2025, "language": language}
    text = household.client(anna).get("/tax-reports/table", query_string=asked).json["text"]
    laws = {row[7] for row in csv.reader(text.splitlines(), delimiter=";") if len(row) == 9}
    assert f"§ 27a Abs 1 Z 2 EStG {checked}" in laws
    assert f"§ 16 Abs 3 EStG {unchecked}" in laws
    sums = household.client(anna).get("/tax-reports/table", query_string={**asked, "country": "ZZ"}).json["text"]
    assert unchecked not in sums
    rate = next(one for one in report(household, anna)["figures"] if one["id"] == "tax_27_5")
    assert (rate["checked"]["version"], rate["checked"]["text"]["en"]) == ("2024-07-20", "§ 27a Abs 1 Z 2 EStG 1988")


def test_the_german_table_is_german(household: Household, anna: Actor) -> None:
    """No English word, no cell that begins with a sign, trades by their German name."""
    worked_example(household, anna)
    for country in ("AT", "DE"):
        asked = {"country": country, "year": 2025, "language": "de"}
        text = household.client(anna).get("/tax-reports/table", query_string=asked).json["text"]
        rows = list(csv.reader(text.splitlines(), delimiter=";"))
        assert rows[2][0].startswith("Bei jeder Angabe steht, nach welchem Text ihre Regel geprüft ist; ")
        assert [cell for row in rows for cell in row if cell.startswith(("'", "+", "="))] == []
        words = {word.strip("(),.;:") for row in rows for cell in row for word in cell.split()}
        assert not words & {"the", "of", "at", "most", "and", "sell", "dividend", "trade", "facts", "losses", "checked"}
        assert any("Verkauf Acme (Depotbuchung " in cell for row in rows for cell in row)
        assert any(cell.startswith("Belege ") for row in rows for cell in row)


def test_a_figure_that_lacks_the_income_says_so(household: Household, anna: Actor) -> None:
    """It stands in the table with what it needs; with the income it has an amount."""
    asked = {"country": "AT", "year": 2025, "language": "de"}
    needy = [one for one in report(household, anna)["figures"] if one["amount_minor"] is None]
    assert {one["needs"] for one in needy} == {"income_minor"}
    text = household.client(anna).get("/tax-reports/table", query_string=asked).json["text"]
    rows = list(csv.reader(text.splitlines(), delimiter=";"))
    lacking = [row for row in rows if len(row) == 9 and row[8].startswith("braucht das Einkommen des Jahres")]
    assert {row[2] for row in lacking} == {one["label"]["de"] for one in needy}
    assert all(one["amount_minor"] is not None for one in report(household, anna, income_minor=30_000_00)["figures"])


@pytest.mark.parametrize(
    ("language", "words"), [("en", "This is no tax advice."), ("de", "Das ist keine Steuerberatung.")]
)
def test_the_document_says_the_same(household: Household, anna: Actor, language: str, words: str) -> None:
    """A PDF with the disclaimer, the figure with its field, and the sale behind it by its id."""
    made = worked_example(household, anna)
    asked = {"country": "AT", "year": 2025, "language": language}
    told = household.client(anna).get("/tax-reports/document", query_string=asked).json
    assert told["file_name"] == "tax-AT-2025.pdf"
    pages = PdfReader(io.BytesIO(base64.b64decode(told["content"]))).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert words in text
    assert "E1kv 994" in text
    assert "450.00" in text
    assert made["sale"] in text.replace(" ", "")


def own_category(household: Household, actor: Actor, purpose: str, direction: str = "income") -> str:
    wanted = {"title": f"My {purpose}", "direction": direction, "tax_purpose": purpose}
    made: str = household.client(actor).post("/categories", json=wanted).json["id"]
    return made


@pytest.mark.parametrize(("country", "purpose"), [("AT", "bank_interest"), ("AT", "dividend"), ("DE", "interest")])
def test_interest_booked_by_a_bank_at_home_is_settled(
    household: Household, anna: Actor, country: str, purpose: str
) -> None:
    """Nothing is due for it, it is told; the same from a bank abroad counts."""
    paid = own_category(household, anna, purpose)
    at_home = household.account(anna, "Home", country=country)
    came = enter(household, anna, at_home, 5_000_00, date="2025-03-01", category_id=paid)
    told = report(household, anna, country)
    assert (figures(told)["settled_home"], figures(told)["capital_tax_due"]) == (5_000_00, 0)
    assert behind(told, "settled_home") == [came["id"]]
    abroad = household.account(anna, "Abroad", country="FR")
    enter(household, anna, abroad, 5_000_00, date="2025-03-01", category_id=paid)
    after = figures(report(household, anna, country))
    assert after["settled_home"] == 5_000_00
    assert (after["capital_tax_due"] or 0) > 0
    sums = figures(report(household, anna, "ZZ"))  # a country without rules adds up what it knows
    assert sums.get(purpose, 10_000_00) == 10_000_00


def test_other_parts_of_a_linked_booking_still_count(household: Household, anna: Actor) -> None:
    """A booking of a dividend of 100.00 and a donation of 60.00: the trade counts for the one, the donation stays."""
    depot, acme = depot_of(household, anna, country="DE"), security(household, anna, isin=ACME)
    giro = household.account(anna, country="DE")
    parts = [
        {"amount_minor": 100_00, "category_id": own_category(household, anna, "dividend")},
        {"amount_minor": -60_00, "category_id": category(household, anna, "giving.donations")},
    ]
    paid = enter(household, anna, giro, 40_00, date="2025-09-03", parts=parts)
    more = {"amount_minor": 100_00, "transaction_id": paid["id"]}
    booked(household, anna, "dividend", depot, acme, "2025-09-01", **more)
    told = report(household, anna)
    assert (figures(told)["income_abroad"], figures(told)["donations_paid"]) == (100_00, 60_00)
    assert (behind(told, "donations_paid"), told["left_out"]) == ([paid["id"]], [])


@pytest.mark.parametrize(("country", "kept", "more"), [("AT", 27_50, {}), ("DE", 25_00, {"surcharge_minor": 1_37})])
def test_tax_kept_on_deemed_income_is_entered_and_counts(
    household: Household, anna: Actor, country: str, kept: int, more: dict[str, int]
) -> None:
    """The bank debited the account: it comes off the tax, lowers the gain of the depot and stands in the position."""
    depot = depot_of(household, anna, country=country)
    fund = security(household, anna, "World", isin="IE00B4L5Y983", kind="fund_equity")
    booked(household, anna, "buy", depot, fund, "2025-01-10", quantity="10", amount_minor=1_000_00)
    before = figures(report(household, anna, country))["capital_tax_due"] or 0
    adjusted = {"amount_minor": 100_00, "income_minor": 100_00, "withheld_minor": kept, **more}
    booked(household, anna, "cost_adjustment", depot, fund, "2025-03-10", **adjusted)
    found = figures(report(household, anna, country))
    assert found["kest_withheld"] == kept
    assert before == 0
    assert found["capital_tax_due"] == (0 if country == "AT" else -kept - 1_37)  # Germany: within the allowance
    client = household.client(anna)
    (held,) = client.get("/depots/positions").json["items"]
    assert (held["withheld_minor"], held["surcharge_minor"]) == (kept, more.get("surcharge_minor", 0))
    (did,) = client.get("/depots/performance").json["items"]
    assert did["gain_minor"] == -kept - more.get("surcharge_minor", 0)


def test_tax_paid_back_on_a_loss_is_entered_on_sales_only(household: Household, anna: Actor) -> None:
    """27.50 kept on a gain of 100.00 and paid back on a loss of 100.00: nothing is due."""
    depot, acme = depot_of(household, anna, country="AT"), security(household, anna, isin=ACME)
    booked(household, anna, "buy", depot, acme, "2025-01-10", quantity="2", amount_minor=400_00)
    for day, amount, kept in (("2025-03-01", 300_00, 27_50), ("2025-04-01", 100_00, -27_50)):
        booked(household, anna, "sell", depot, acme, day, quantity="1", amount_minor=amount, withheld_minor=kept)
    found = figures(report(household, anna))
    assert (found["kest_withheld"], found["capital_tax_due"]) == (0, 0)
    booked(household, anna, "buy", depot, acme, "2025-05-10", quantity="2", amount_minor=400_00)
    refused = book(household, anna, "dividend", depot, acme, "2025-06-01", amount_minor=1_00, withheld_minor=-1)
    assert (refused.status_code, problem(refused)[1]) == (422, "body.withheld_minor")


@pytest.mark.parametrize(("country", "abroad"), [("AT", "DE"), ("DE", "AT")])
def test_tax_kept_by_a_bank_abroad_is_credited_up_to_the_share_or_told(
    household: Household, anna: Actor, country: str, abroad: str
) -> None:
    """Of the bank's own country's dividend 15 of 26.37 are credited; of others and of gains nothing; that is said."""
    depot = depot_of(household, anna, country=abroad)
    own = security(household, anna, "Own", symbol="OWN", kind="stock", country=abroad)
    other = security(household, anna, "Other", symbol="OTH", kind="stock", country="FR")
    kept = {"amount_minor": 100_00, "withheld_minor": 25_00, "surcharge_minor": 1_37}
    big = {"amount_minor": 5_000_00}  # above Germany's allowance, so that there is tax to credit against
    booked(household, anna, "dividend", depot, other, "2025-02-01", **big)
    near = booked(household, anna, "dividend", depot, own, "2025-03-01", **kept)
    far = booked(household, anna, "dividend", depot, other, "2025-03-02", **kept)
    booked(household, anna, "buy", depot, own, "2025-04-01", quantity="1", amount_minor=100_00)
    sold = booked(household, anna, "sell", depot, own, "2025-05-01", quantity="1", **{**kept, "amount_minor": 200_00})
    told = report(household, anna, country)
    found = figures(told)
    assert (found["foreign_tax_credit"], found["kest_withheld"]) == (15_00, 0)
    assert found["kept_abroad"] == 2 * 26_37
    assert found["foreign_tax_not_credited"] == 3 * 26_37 - 15_00
    assert behind(told, "kept_abroad") == [far["id"], sold["id"]]
    assert set(behind(told, "foreign_tax_not_credited")) >= {near["id"], far["id"], sold["id"]}
    assert said_of(told) == [("uncredited", far["id"]), ("uncredited", sold["id"])]


def test_tax_kept_by_a_bank_at_home_is_nowhere_said_to_be_lost(household: Household, anna: Actor) -> None:
    """KESt of an Austrian bank comes off the tax, and is no tax kept abroad."""
    depot, acme = depot_of(household, anna, country="AT"), security(household, anna, isin=ACME)
    kept = {"amount_minor": 100_00, "withheld_minor": 27_50}
    booked(household, anna, "dividend", depot, acme, "2025-03-01", **kept)
    told = report(household, anna)
    found = figures(told)
    assert (found["kest_withheld"], found["kept_abroad"], found["foreign_tax_not_credited"]) == (27_50, 0, 0)
    assert (told["left_out"], found["capital_tax_due"]) == ([], 0)


def test_a_sale_thought_of_in_the_past_is_what_booking_it_changes(household: Household, anna: Actor) -> None:
    """Ten for 1,000 and ten for 3,000, ten sold for 5,000 in June; ten in April at 500 also change what June's cost."""
    depot, acme = depot_of(household, anna, country="DE"), security(household, anna, isin=ACME)
    for kind, day, amount in (("buy", "2025-01-10", 1_000_00), ("buy", "2025-02-10", 3_000_00),
                              ("sell", "2025-06-10", 5_000_00)):  # fmt: skip
        booked(household, anna, kind, depot, acme, day, quantity="10", amount_minor=amount)
    made = {"depot": depot, "security": acme}
    asked = {"price": "500", "on": "2025-04-01", "country": "DE"}
    thought = what_if(household, anna, made, quantity="10", **asked)["fifo"]
    body = {"depot_id": depot["id"], "security_id": acme["id"], "quantity": "15", **asked}
    assert problem(household.client(anna).post("/depots/what-if", json=body))[1] == "body.quantity"
    before = figures(report(household, anna, "DE"))["capital_tax_due"] or 0
    booked(household, anna, "sell", depot, acme, "2025-04-01", quantity="10", amount_minor=5_000_00)
    after = figures(report(household, anna, "DE"))["capital_tax_due"] or 0
    assert thought["tax_minor"] == after - before == 527_50
