"""Answers of feeds, read without a network: shapes of JSON and CSV, hostile values, and the feeds that come along."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.financial_manager.price_feeds.feed import Asked, Feed, FeedInvalid, FeedUnusable, check_feed, filled
from backend.financial_manager.price_feeds.paths import check_path, values_at
from backend.financial_manager.price_feeds.presets import presets
from backend.financial_manager.price_feeds.reading import read_answer
from backend.sdk.outgoing import Outgoing

DAY = dt.date(2026, 2, 3)
ASKED = Asked("AT0000743059", "ACME", "EUR", dt.date(2026, 1, 1), dt.date(2026, 2, 28), dt.date(2026, 3, 1))
ROWS = Feed("json", "https://prices.example/{isin}", "[*].d", "[*].p")
TABLE = Feed("csv", "https://prices.example/{isin}", "Date", "Close")


def told(feed: Feed, body: Any) -> list[tuple[str, str, str]]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return [(str(one.day), f"{one.price:f}", one.currency) for one in read_answer(feed, data, ASKED).prices]


def test_shapes_of_json() -> None:
    """Rows, columns side by side, pairs, days as names: each gives the same price."""
    wanted = [("2026-02-03", "12.5", "EUR")]
    unix = int(dt.datetime(2026, 2, 3, 16, tzinfo=dt.UTC).timestamp())
    assert told(ROWS, [{"d": "2026-02-03", "p": 12.5}]) == wanted
    chart = {"chart": {"result": [{"timestamp": [unix], "close": ["12.50"], "meta": {"currency": "EUR"}}]}}
    at = "$.chart.result[0]"
    columns = replace(ROWS, date_path=f"{at}.timestamp[*]", price_path=f"{at}.close[*]", date_form="unix")
    assert told(replace(columns, currency_path=f"{at}.meta.currency"), chart) == wanted
    pairs = replace(ROWS, date_path="prices[*][0]", price_path="prices[*][1]", date_form="unix_ms")
    assert told(pairs, {"prices": [[unix * 1000, 12.5]]}) == wanted
    named = replace(ROWS, date_path="['Time Series'].~", price_path="['Time Series'][*]['4. close']")
    assert told(named, {"Time Series": {"2026-02-03": {"4. close": "12.5"}}}) == wanted


def test_shapes_of_tables() -> None:
    """By heading or by number, with the delimiter of the file; a comma is a decimal sign only where it was said."""
    assert told(TABLE, b"Date,Open,Close\n2026-02-03,11,12.5\n") == [("2026-02-03", "12.5", "EUR")]
    german = replace(TABLE, date_path="1", price_path="2", date_form="dmy", decimal=",", currency="CHF")
    assert told(german, b"03.02.2026;1.012,5\n04.02.2026;1.013,0\n") == [
        ("2026-02-03", "1012.5", "CHF"), ("2026-02-04", "1013", "CHF"),
    ]  # fmt: skip
    with pytest.raises(FeedUnusable):
        told(replace(TABLE, price_path="Nav"), b"Date,Close\n2026-02-03,12.5\n")


@pytest.mark.parametrize(
    "price", [float("nan"), float("inf"), -1, 0, 1e308, 1e-308, True, None, [], {}, "12.5.1", "1e999999999", "9" * 5000]
)
def test_what_is_no_price_is_left_out_with_a_reason(price: Any) -> None:
    """One such row beside a good one: the good one is taken, the other named; alone it is no answer."""
    body = json.dumps([{"d": "2026-02-03", "p": 12.5}, {"d": "2026-02-04", "p": price}]).encode()
    answer = read_answer(ROWS, body, ASKED)
    assert [one.day for one in answer.prices] == [DAY]
    assert [one.reason.endswith(".") for one in answer.refused] == [True]
    with pytest.raises(FeedUnusable):
        read_answer(ROWS, json.dumps([{"d": "2026-02-04", "p": price}]).encode(), ASKED)


@pytest.mark.parametrize("day", ["2026-03-02", "9999-12-31", "no", "", None, 20260203.5, "2026-13-01"])
def test_what_is_no_day_is_left_out(day: Any) -> None:
    """Tomorrow's price is none either."""
    answer = read_answer(ROWS, json.dumps([{"d": "2026-02-03", "p": 1}, {"d": day, "p": 1}]).encode(), ASKED)
    assert (len(answer.prices), len(answer.refused)) == (1, 1)


@pytest.mark.parametrize("form", ["dmy", "mdy"])
def test_a_year_of_two_digits_is_said_to_be_none(form: Any) -> None:
    """It was the year 26 after Christ, outside of what was asked for, and nobody was told why nothing came."""
    feed = replace(ROWS, date_form=form)
    with pytest.raises(FeedUnusable):
        read_answer(feed, json.dumps([{"d": "02/02/26", "p": 1}]).encode(), ASKED)
    body = json.dumps([{"d": "02/02/26", "p": 1}, {"d": "02/02/2026 17:35", "p": 2}]).encode()
    answer = read_answer(feed, body, ASKED)
    assert ([one.price for one in answer.prices], [one.reason for one in answer.refused]) == (
        [2], ["The day cannot be read."],
    )  # fmt: skip


@pytest.mark.parametrize("value", [10**30, -(10**30), 1e308, "x", float("nan")])
def test_seconds_beyond_any_day_are_left_out(value: Any) -> None:
    """A moment that no calendar has."""
    feed, good = replace(ROWS, date_form="unix"), int(dt.datetime(2026, 2, 3, tzinfo=dt.UTC).timestamp())
    answer = read_answer(feed, json.dumps([{"d": value, "p": 1}, {"d": good, "p": 1}]).encode(), ASKED)
    assert (len(answer.prices), len(answer.refused)) == (1, 1)


@pytest.mark.parametrize(
    "body",
    [b"<html>Sign in</html>", b"", b"\x00\xff", b"[" * 100_000, b"null", b"[]", b'{"d": 1}', b"1" * 5000,
     b'[{"d": "2026-02-03"}, {"p": 1}, {"p": 2}]'],
    ids=["html", "nothing", "bytes", "deep", "null", "empty", "other", "long number", "torn"],
)  # fmt: skip
def test_what_is_no_answer_is_said_to_be_none(body: bytes) -> None:
    """Neither as JSON nor as a table, and never another error."""
    for feed in (ROWS, TABLE):
        with pytest.raises(FeedUnusable):
            read_answer(feed, body, ASKED)


def test_days_that_were_not_asked_for_are_left_out_and_the_last_of_a_day_counts() -> None:
    """Some feeds tell all they know; some tell every hour."""
    noon, evening = (int(dt.datetime(2026, 2, 3, hour, tzinfo=dt.UTC).timestamp()) for hour in (12, 20))
    old = int(dt.datetime(2020, 1, 1, tzinfo=dt.UTC).timestamp())
    rows = [{"d": evening, "p": 2}, {"d": noon, "p": 1}, {"d": old, "p": 9}]
    assert told(replace(ROWS, date_form="unix"), rows) == [("2026-02-03", "2", "EUR")]
    hours = {"iso": ("2026-02-03T12:00", "2026-02-03T20:00"), "dmy": ("03.02.2026 12:00", "03.02.2026 20:00")}
    for form, (noon_text, evening_text) in hours.items():
        newest_first = [{"d": evening_text, "p": 2}, {"d": noon_text, "p": 1}]
        for rows in (newest_first, newest_first[::-1]):
            assert told(replace(ROWS, date_form=form), rows) == [("2026-02-03", "2", "EUR")]


def test_pence_are_pounds() -> None:
    """London quotes hundredths; a currency that does not exist is none."""
    feed = replace(ROWS, currency_path="[*].c")
    assert told(feed, [{"d": "2026-02-03", "p": 250, "c": "GBp"}]) == [("2026-02-03", "2.5", "GBP")]
    with pytest.raises(FeedUnusable):
        told(feed, [{"d": "2026-02-03", "p": 250, "c": "XQQ"}])


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5),
                    lambda one: st.lists(one, max_size=4) | st.dictionaries(st.sampled_from("dpx"), one, max_size=3)),
       st.sampled_from(["[*].d", "d", "$.d[0]", "[*][0]", "d.~", "[-1]", "*"]))  # fmt: skip
def test_no_json_breaks_a_path(data: Any, path: str) -> None:
    """A path leads to values or to nothing."""
    assert check_path(path)
    assert isinstance(values_at(data, path), list)


@pytest.mark.parametrize("path", ["", "a..b", "a[", "a['x", "~.a", "x" * 300, "[*"])
def test_what_is_no_path_is_refused(path: str) -> None:
    """It is said before anything is asked."""
    assert not check_path(path)


@pytest.mark.parametrize(
    "address",
    ["https://prices.example/{x}", "https://{isin}.example/", "https://prices.example/{", "https://a/{isin.__class__}"],
)
def test_an_address_takes_only_known_places(address: str) -> None:
    """What is in braces is filled in from a list, and never in the server's name."""
    with pytest.raises(FeedInvalid):
        check_feed(replace(ROWS, address=address))


def test_words_cannot_lead_to_another_address() -> None:
    """A symbol with slashes and question marks stays one word of the address."""
    asked = replace(ASKED, symbol="../../admin?x=1#@evil.example")
    address = filled(replace(ROWS, address="https://prices.example/{symbol}/close"), asked)
    assert address == "https://prices.example/..%2F..%2Fadmin%3Fx%3D1%23%40evil.example/close"


def test_the_feeds_that_come_along_can_be_asked() -> None:
    """Each has a name, an address that a hub may ask, and says where its description stands."""
    assert len(presets()) >= 5
    for one in presets().values():
        check_feed(one.feed)
        assert one.title
        assert one.source.startswith("https://")
        Outgoing().checked(filled(one.feed, ASKED))
        assert (one.symbol is not None) == ("{symbol}" in one.feed.address)


def test_the_feeds_that_come_along_read_the_documented_answers() -> None:
    """As their documentation shows them."""
    noon = int(dt.datetime(2026, 2, 3, 12, tzinfo=dt.UTC).timestamp())
    answers: dict[str, bytes] = {
        "coingecko": json.dumps({"prices": [[noon * 1000, 69702.3087473573]], "market_caps": [[1, 2]]}).encode(),
        "coinbase": json.dumps([[noon, 0.32, 4.2, 0.35, 4.2, 12.3]]).encode(),
        "nbp_gold": b'[{"data":"2026-02-03","cena":365.83}]',
        "mfapi": b'{"meta":{},"data":[{"date":"03-02-2026","nav":"101.10"}],"status":"SUCCESS"}',
        "stooq": b"Date,Open,High,Low,Close,Volume\r\n2026-02-03,1,2,0.5,1.5,100\r\n",
    }
    assert answers.keys() == presets().keys()
    found = {name: told(presets()[name].feed, body) for name, body in answers.items()}
    assert {name: rows[0] for name, rows in found.items()} == {
        "coingecko": ("2026-02-03", "69702.3087473573", "EUR"), "coinbase": ("2026-02-03", "4.2", "EUR"),
        "nbp_gold": ("2026-02-03", "365.83", "PLN"), "mfapi": ("2026-02-03", "101.1", "INR"),
        "stooq": ("2026-02-03", "1.5", "EUR"),
    }  # fmt: skip
    assert Decimal(found["nbp_gold"][0][1]) > 0
