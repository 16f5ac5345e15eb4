"""Exchange rates: looked up by day, brought up to date from a server with the ECB's files, kept with bookings."""

from __future__ import annotations

import contextlib
import datetime as dt
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.financial_manager.errors import RateMissing
from backend.financial_manager.rates.book import changed, quote, quotes
from backend.financial_manager.rates.rates import Rates
from backend.financial_manager.rates.shipped import fixed, shipped
from backend.financial_manager.rates.wire import read_daily, read_history
from backend.sdk.actor import Actor
from backend.sdk.ids import new_id
from backend.sdk.outgoing import AnswerUnusable, Outgoing
from tests.financial_manager.conftest import Household
from tests.financial_manager.ecb_server import EcbServer, serving, zipped

NOVEMBER: dict[str, dict[str, str]] = {
    "2026-11-02": {"USD": "1.2000", "JPY": "180.00"},
    "2026-11-03": {"USD": "1.2500", "JPY": "181.00"},
}


@pytest.fixture
def module_engine(engine_kind: str) -> str:
    """Run these on SQLite and on PostgreSQL."""
    return engine_kind


def at(household: Household, day: str) -> None:
    moment = dt.datetime.fromisoformat(day).replace(hour=12, tzinfo=dt.UTC)
    household.clock.advance((moment - household.clock.now()).total_seconds())


def asks(household: Household, server: EcbServer, **more: Any) -> None:
    """Let the household's rates come from a local server."""
    out = Outgoing(allow_local=True, sleep=lambda _: None, seconds=5, **more)
    household.finances.rates = Rates(household.ctx.db, household.clock, new_id, out, server.address)
    household.__dict__.pop("api", None)


def test_the_shipped_history_is_whole() -> None:
    """From the first day of the euro; the weekend has Friday's rate; what became the euro is fixed."""
    known = shipped()
    assert known.rate("USD", dt.date(1999, 1, 4)) == (dt.date(1999, 1, 4), Decimal("1.1789"))
    assert known.rate("USD", dt.date(1999, 1, 3)) is None
    friday = known.rate("USD", dt.date(2024, 6, 7))
    assert known.rate("USD", dt.date(2024, 6, 9)) == friday
    assert known.last >= dt.date(2026, 10, 30)
    assert fixed()["HRK"] == (dt.date(2023, 1, 1), Decimal("7.53450"))


@given(st.integers(-(10**15), 10**15), st.decimals("0.0001", "10000", places=6))
def test_changing_an_amount_is_exact_to_half_a_coin(amount: int, rate: Decimal) -> None:
    """Euro to yen (no decimals) and to dinar (three): never further than half of the smallest coin from the product."""
    for target, scale in (("USD", 0), ("JPY", -2), ("KWD", 1)):
        exact = amount * rate * Decimal(10) ** scale
        assert abs(changed(amount, "EUR", target, rate) - exact) <= Decimal("0.5")


def test_a_rate_says_which_day_it_is_of(household: Household, anna: Actor) -> None:
    """On a Sunday Friday's, not stale; long after the last known day the last one, and that it is old."""
    client = household.client(anna)
    asked = {"amount_minor": 100_00, "source": "EUR", "target": "USD", "day": "2024-06-09"}
    told = client.get("/rates/exchange", query_string=asked).json
    assert told["quote"]["as_of"] == "2024-06-07"
    assert told["quote"]["stale"] is False
    late = client.get("/rates/exchange", query_string={**asked, "day": "2150-01-01"}).json
    assert late["quote"]["stale"] is True
    assert late["quote"]["as_of"] == shipped().last.isoformat()
    kuna = client.get("/rates/exchange", query_string={**asked, "source": "HRK", "target": "EUR"}).json
    assert (kuna["amount_minor"], kuna["quote"]["stale"]) == (13_27, False)


@pytest.mark.parametrize(
    "asked",
    [
        {"amount_minor": 1, "source": "EUR", "target": "XTS"},
        {"amount_minor": 1, "source": "EUR", "target": "USD", "day": "0001-01-01"},
        {"amount_minor": 10**16, "source": "EUR", "target": "USD"},
        {"amount_minor": 1, "source": "eur", "target": "USD"},
        {"amount_minor": 1, "source": "EUR", "target": "USD", "day": "2026-02-30"},
    ],
)
def test_what_has_no_rate_is_refused_with_its_field(household: Household, anna: Actor, asked: dict[str, Any]) -> None:
    answer = household.client(anna).get("/rates/exchange", query_string=asked)
    assert answer.status_code == 422
    assert answer.json["error"]["fields"][0]["name"].startswith("query.")


def test_rates_are_brought_up_to_date_when_asked(household: Household, anna: Actor, ben: Actor) -> None:
    """The days after the shipped ones come from the ECB's files, once; Ben's rates stay as they were."""
    at(household, "2026-11-03")
    with serving(NOVEMBER) as server:
        asks(household, server)
        assert household.client(anna).get("/rates").json["through"] == shipped().last.isoformat()
        assert server.asked == []
        told = household.client(anna).post("/rates/update")
        assert told.json == {"days": 2, "through": "2026-11-03"}
        assert server.asked == ["/eurofxref-daily.xml", "/eurofxref-hist.zip"]
        assert household.client(anna).post("/rates/update").json["days"] == 0
    asked = {"amount_minor": 100_00, "source": "EUR", "target": "USD"}
    told = household.client(anna).get("/rates/exchange", query_string=asked).json
    assert (told["amount_minor"], told["quote"]["as_of"]) == (125_00, "2026-11-03")
    assert household.client(ben).get("/rates/exchange", query_string=asked).json["quote"]["as_of"] == "2026-10-30"
    assert household.client(anna).get("/changes").json["items"] == []


def test_many_days_have_the_rates_that_each_of_them_has_alone(household: Household, anna: Actor) -> None:
    """Shipped, fetched, fixed, on a Sunday, before there was any, and of a currency that nobody names."""
    days = [dt.date(2022, 12, 28) + dt.timedelta(days=n) for n in range(9)]
    days += [dt.date(2026, 10, 27) + dt.timedelta(days=n) for n in range(20)] + [dt.date(1998, 1, 1)]
    at(household, "2026-11-03")
    with serving(NOVEMBER) as server:
        asks(household, server)
        household.client(anna).post("/rates/update")
    for pair in (("USD", "EUR"), ("EUR", "HRK"), ("HRK", "USD"), ("GBP", "JPY"), ("USD", "USD"), ("XTS", "EUR")):
        one_by_one = {}
        for day in days:
            with contextlib.suppress(RateMissing):
                one_by_one[day] = household.ctx.db.read(anna, quote, *pair, day)
        assert household.ctx.db.read(anna, quotes, *pair, days) == one_by_one


def test_the_next_day_alone_needs_no_history(household: Household, anna: Actor) -> None:
    at(household, "2026-11-02")
    with serving({"2026-11-02": NOVEMBER["2026-11-02"]}) as server:
        asks(household, server)
        assert household.client(anna).post("/rates/update").json["days"] == 1
        assert server.asked == ["/eurofxref-daily.xml"]


@pytest.mark.parametrize("fault", ["down", "error", "html", "bomb", "redirect", "private"])
def test_a_server_that_fails_changes_nothing(household: Household, anna: Actor, fault: str) -> None:
    """Away, an error, a page instead of rates, an endless archive, a redirect, an address inside the house."""
    at(household, "2026-11-03")
    with serving(NOVEMBER, fault=fault) as server:
        asks(household, server)
        if fault == "private":
            household.finances.rates = Rates(
                household.ctx.db, household.clock, new_id, Outgoing(sleep=lambda _: None), server.address
            )
        answer = household.client(anna).post("/rates/update")
    assert answer.status_code == (422 if fault == "private" else 503)
    assert household.client(anna).get("/rates").json["through"] == shipped().last.isoformat()


@pytest.mark.parametrize(
    "body", [b"", b"<Cube time='2026-99-01'><Cube currency='USD' rate='1'/>", b"PK\x03\x04rubbish"]
)
def test_rubbish_is_no_rate(body: bytes) -> None:
    with pytest.raises(AnswerUnusable):
        read_daily(body)
    with pytest.raises(AnswerUnusable):
        read_history(body, dt.date(2026, 1, 1))


def test_a_damaged_history_is_no_rate() -> None:
    """Whatever is wrong inside of the archive is told as an answer that cannot be used."""
    endless = zipped(b"Date,USD,\n2026-11-03," + b"9" * 200_000 + b",\n")
    with pytest.raises(AnswerUnusable):
        read_history(endless, dt.date(2026, 1, 1))
    for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2):
        sound = zipped(b"Date,USD,\n" + b"2026-11-03,1.1,\n" * 99, method)
        for at in range(len(sound)):
            with contextlib.suppress(AnswerUnusable):
                read_history(sound[:at] + bytes([sound[at] ^ 0xFF]) + sound[at + 1 :], dt.date(2026, 1, 1))


def accounts(household: Household, actor: Actor) -> tuple[dict[str, Any], dict[str, Any]]:
    begin = {"opening_date": "2026-01-01"}
    return (
        household.account(actor, "Giro", opening_minor=1_000_00, **begin),
        household.account(actor, "Dollars", currency="USD", opening_minor=110_00, **begin),
    )


def moved(household: Household, actor: Actor, giro: Any, dollars: Any, **part: Any) -> Any:
    body = {
        "account_id": giro["id"], "date": "2026-02-15", "amount_minor": -100_00,
        "parts": [{"amount_minor": -100_00, "account_id": dollars["id"], **part}],
    }  # fmt: skip
    return household.client(actor).post("/transactions", json=body)


def test_a_transfer_keeps_the_rate_by_which_it_was_counted(household: Household, anna: Actor) -> None:
    """Counted by Friday's rate, which stays with it: a new amount is counted by the same one, newer rates or not."""
    giro, dollars = accounts(household, anna)
    entered = moved(household, anna, giro, dollars, by_rate=True)
    assert entered.status_code == 201, entered.text
    (part,) = [one for one in entered.json["parts"] if one["account_id"]]
    known = shipped().rate("USD", dt.date(2026, 2, 15))
    assert known is not None
    assert (part["fx_day"], Decimal(part["fx_rate"])) == (known[0].isoformat(), known[1])
    expected = int((100 * known[1] * 100).to_integral_value())
    assert household.balance(anna, dollars["id"]) == 110_00 + expected
    change = {"amount_minor": -200_00, "note": "twice"}
    told = household.client(anna).patch(f"/transactions/{entered.json['id']}", json=change)
    (again,) = [one for one in told.json["parts"] if one["account_id"]]
    assert (again["fx_rate"], again["fx_day"]) == (part["fx_rate"], part["fx_day"])
    assert household.balance(anna, dollars["id"]) == 110_00 + 2 * expected
    assert household.client(anna).get("/transactions").json["items"][0]["parts"] == told.json["parts"]


def test_a_rate_is_asked_for_only_where_money_changes_its_currency(household: Household, anna: Actor) -> None:
    giro, dollars = accounts(household, anna)
    euros = household.account(anna, "Savings", opening_date="2026-01-01")
    assert moved(household, anna, giro, dollars).status_code == 422
    assert moved(household, anna, giro, dollars, by_rate=True, other_minor=108_00).status_code == 422
    answer = moved(household, anna, giro, euros, by_rate=True)
    assert answer.status_code == 422
    assert answer.json["error"]["fields"][0]["name"] == "body.parts.0.by_rate"
    given = moved(household, anna, giro, dollars, other_minor=108_00).json["parts"]
    assert {one["fx_rate"] for one in given} == {""}


def test_what_is_owned_is_told_in_the_own_currency(household: Household, anna: Actor, ben: Actor) -> None:
    """Euro and dollars together by the rate of each day, with its day; another currency by choice; nothing of Ben's."""
    accounts(household, anna)
    household.account(ben, "Francs", currency="CHF", opening_minor=5, opening_date="2026-01-01")
    client = household.client(anna)
    rate = shipped().rate("USD", dt.date(2026, 3, 1))
    assert rate is not None
    told = client.get("/reports/own/net-worth", query_string={"months": 2}).json
    assert told["currency"] == "EUR"
    assert told["points"][-1] == {"day": "2026-03-01", "worth_minor": 1_000_00 + round(110_00 / rate[1])}
    (used,) = told["quotes"]
    assert (used["source"], used["as_of"], used["stale"]) == ("USD", rate[0].isoformat(), False)
    assert client.patch("/settings", json={"currency": "USD"}).json == {"currency": "USD", "country": "AT"}
    dollars = client.get("/reports/own/net-worth", query_string={"months": 1}).json
    assert dollars["points"][-1]["worth_minor"] == 110_00 + round(1_000_00 * rate[1])
    assert household.client(ben).get("/settings").json["currency"] == "EUR"


def test_a_currency_without_a_rate_is_named_never_guessed(household: Household, anna: Actor) -> None:
    account = household.account(anna, "Dinar", currency="KWD", opening_date="2026-01-01")
    household.client(anna).post(
        "/transactions", json={"account_id": account["id"], "date": "2026-02-02", "amount_minor": -1_500}
    )
    worth = household.client(anna).get("/reports/own/net-worth", query_string={"months": 1}).json
    assert (worth["missing"], worth["points"][-1]["worth_minor"]) == (["KWD"], 0)
    asked = {"since": "2026-02-01", "until": "2026-02-28"}
    months = household.client(anna).get("/reports/own/months", query_string=asked).json
    assert (months["missing"], months["items"]) == (["KWD"], [])


def test_months_are_summed_by_the_rate_of_each_day(household: Household, anna: Actor) -> None:
    """Two dollar bookings of two days, each by its own day's rate, beside one in euro."""
    giro, dollars = accounts(household, anna)
    for account, day, amount in (
        (giro, "2026-02-03", -10_00),
        (dollars, "2026-02-03", -20_00),
        (dollars, "2026-02-20", -40_00),
    ):
        body = {"account_id": account["id"], "date": day, "amount_minor": amount}
        assert household.client(anna).post("/transactions", json=body).status_code == 201
    first, second = (shipped().rate("USD", dt.date(2026, 2, day)) for day in (3, 20))
    assert first is not None
    assert second is not None
    asked = {"since": "2026-02-01", "until": "2026-02-28"}
    told = household.client(anna).get("/reports/own/months", query_string=asked).json
    (one,) = told["items"]
    assert one["spent_minor"] == 10_00 + round(20_00 / first[1]) + round(40_00 / second[1])
    assert (one["bookings"], told["foreign"], told["missing"], told["stale"]) == (3, ["USD"], [], False)
    far = household.client(anna).get("/reports/own/months", query_string={"since": "9999-12-01", "until": "9999-12-31"})
    assert far.status_code == 422


def test_settings_are_checked_and_taken_back(household: Household, anna: Actor) -> None:
    client = household.client(anna)
    for body in ({"currency": "XYZ"}, {"currency": None}, {"country": "FR"}, {"nothing": 1}):
        assert client.patch("/settings", json=body).status_code == 422, body
    client.patch("/settings", json={"currency": "CHF", "country": "DE"})
    client.patch("/settings", json={"currency": "CHF"})
    steps = client.get("/changes").json["items"]
    assert [one["kind"] for one in steps] == ["settings.change"]
    client.post(f"/changes/{steps[0]['id']}/undo")
    assert client.get("/settings").json == {"currency": "EUR", "country": "AT"}


def test_a_new_account_begins_in_the_own_currency(household: Household, anna: Actor, ben: Actor) -> None:
    """Unless another one is named; what is there keeps its own, and another household counts in its own."""
    client = household.client(anna)
    before = household.account(anna, "Before")
    assert client.patch("/settings", json={"currency": "CHF"}).status_code == 200
    assert household.account(anna, "Alltag")["currency"] == "CHF"
    assert household.account(anna, "Nothing said", currency=None)["currency"] == "CHF"
    assert household.account(anna, "Dollars", currency="USD")["currency"] == "USD"
    assert client.get(f"/accounts/{before['id']}").json["currency"] == "EUR"
    assert household.account(ben)["currency"] == "EUR"


def test_taxes_are_those_of_the_own_country(household: Household, anna: Actor) -> None:
    """Where a report names no country, the settings do; a country without rules gets the sums."""
    client = household.client(anna)
    for chosen, expected in (("AT", "AT"), ("DE", "DE"), ("XX", "ZZ")):
        client.patch("/settings", json={"country": chosen})
        told = client.get("/tax-reports", query_string={"year": 2025})
        assert told.status_code == 200, told.text
        assert told.json["country"] == expected
    assert client.get("/tax-reports", query_string={"year": 2025, "country": "AT"}).json["country"] == "AT"
