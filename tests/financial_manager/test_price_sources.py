"""Prices from servers, asked when a person wants it: kept once, never over a person's word, undone in one step."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from backend.financial_manager.depots.price_sources import PriceSources
from backend.financial_manager.ledger.change_log import ChangeLog
from backend.sdk.actor import Actor
from backend.sdk.ids import new_id
from backend.sdk.outgoing import Outgoing
from tests.financial_manager.conftest import Household
from tests.financial_manager.price_server import PriceServer, publishing
from tests.financial_manager.test_depots import ACME, FUND, NOWHERE, problem, security


@pytest.fixture
def module_engine(engine_kind: str) -> str:
    """Run these on SQLite and on PostgreSQL."""
    return engine_kind


@pytest.fixture
def server(household: Household) -> Iterator[PriceServer]:
    """Give a server that publishes prices, which the household may ask."""
    with publishing() as found:
        reach(household, allow_local=True)
        yield found


def reach(household: Household, **more: Any) -> None:
    """Let prices be asked for as an installation chose."""
    out = Outgoing(sleep=lambda _: None, seconds=5, attempts=1, **{"most_bytes": 1_000_000, **more})
    ctx = household.ctx
    household.finances.price_sources = PriceSources(
        ctx.db, ChangeLog(ctx.db, household.clock, new_id), household.clock, new_id, out
    )
    household.__dict__.pop("api", None)


def source(server: PriceServer, **more: Any) -> dict[str, Any]:
    places = "isin={isin}&from={from}&to={to}"
    return {"address": f"{server.address}/prices?{places}", "date_path": "[*].d", "price_path": "[*].p", **more}


def chosen(household: Household, actor: Actor, of: dict[str, Any], body: dict[str, Any]) -> Any:
    answer = household.client(actor).put(f"/securities/{of['id']}/price-source", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json


def fetch(household: Household, actor: Actor, **body: Any) -> Any:
    answer = household.client(actor).post("/price-sources/fetch", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json


def prices(household: Household, actor: Actor, of: dict[str, Any]) -> list[tuple[str, str, str]]:
    rows = household.client(actor).get(f"/securities/{of['id']}/prices").json["items"]
    return [(one["date"], one["price"], one["source"]) for one in rows]


def rows(*told: tuple[str, Any]) -> bytes:
    return json.dumps([{"d": day, "p": price} for day, price in told]).encode()


def test_newer_prices_are_asked_for_and_kept_once(household: Household, anna: Actor, server: PriceServer) -> None:
    """What is asked is shown first; what came has its source and its moment; asked again it adds nothing."""
    acme, silent = security(household, anna, isin=ACME, symbol="ACM"), security(household, anna, "Silent")
    places = "isin={isin}&s={symbol}&from={from}&to={to}"
    shown = chosen(household, anna, acme, source(server, address=f"{server.address}/prices?{places}"))
    server.answers["/prices"] = rows(("2026-02-26", 11), ("2026-02-27", "11.25"))
    assert shown["asks"].endswith(f"/prices?isin={ACME}&s=ACM&from=2025-02-28&to=2026-03-01")
    assert server.asked == []
    done = fetch(household, anna)
    assert [f"{server.address}{one}" for one in server.asked] == [shown["asks"]]
    (one,) = done["items"]
    assert (one["security"], one["added"], one["changed"], one["problem"]) == ("Acme", 2, 0, "")
    host = server.address.removeprefix("http://")
    assert prices(household, anna, acme) == [("2026-02-27", "11.25", host), ("2026-02-26", "11", host)]
    fetched = household.client(anna).get(f"/securities/{acme['id']}/prices").json["items"][0]["fetched_at"]
    assert fetched.startswith("2026-03-01T12:00:00")
    assert prices(household, anna, silent) == []
    again = fetch(household, anna)
    assert (again["items"][0]["added"], again["items"][0]["same"], again["change_id"]) == (0, 1, None)
    assert "from=2026-02-27" in server.asked[-1]


def test_what_a_person_said_stays(household: Household, anna: Actor, server: PriceServer) -> None:
    """Neither a price by hand nor one of a file is replaced; a fetched one is, and a person may replace that."""
    acme = security(household, anna, isin=ACME)
    client = household.client(anna)
    client.post(f"/securities/{acme['id']}/prices", json={"date": "2026-02-26", "price": "10"})
    chosen(household, anna, acme, source(server))
    server.answers["/prices"] = rows(("2026-02-26", 11), ("2026-02-27", 12))
    done = fetch(household, anna)["items"][0]
    assert (done["added"], done["kept"]) == (1, 1)
    server.answers["/prices"] = rows(("2026-02-26", 13), ("2026-02-27", 14))
    assert fetch(household, anna, since="2026-02-01")["items"][0]["changed"] == 1
    client.post(f"/securities/{acme['id']}/prices", json={"date": "2026-02-27", "price": "20"})
    server.answers["/prices"] = rows(("2026-02-27", 15))
    assert fetch(household, anna, since="2026-02-01")["items"][0]["kept"] == 1
    assert prices(household, anna, acme) == [("2026-02-27", "20", "hand"), ("2026-02-26", "10", "hand")]


def test_a_file_that_agrees_with_a_server_stays_too(household: Household, anna: Actor, server: PriceServer) -> None:
    """The bank's file names the price that was fetched before: what the server says later does not replace it."""
    acme, client = security(household, anna, isin=ACME), household.client(anna)
    chosen(household, anna, acme, source(server))
    server.answers["/prices"] = rows(("2026-02-26", 11), ("2026-02-27", 12))
    assert fetch(household, anna)["items"][0]["added"] == 2
    content = base64.b64encode(f"date;isin;price;currency\n2026-02-26;{ACME};11;EUR\n".encode()).decode()
    body = {"name": "bank.csv", "content": content}
    told = [client.post("/prices/import", json=body).json for _ in range(2)]
    assert [(one["added"], one["changed"], one["same"]) for one in told] == [(0, 0, 1), (0, 0, 1)]
    server.answers["/prices"] = rows(("2026-02-26", 13), ("2026-02-27", 14))
    done = fetch(household, anna, since="2026-02-01")["items"][0]
    assert (done["changed"], done["kept"]) == (1, 1)
    host = server.address.removeprefix("http://")
    assert prices(household, anna, acme) == [("2026-02-27", "14", host), ("2026-02-26", "11.0", "bank.csv")]


def test_one_fetch_is_undone_in_one_step(household: Household, anna: Actor, server: PriceServer) -> None:
    """New prices go, replaced ones come back, of all securities; done again they are there again."""
    acme, fund = security(household, anna, isin=ACME), security(household, anna, "Fund", isin=FUND)
    for one in (acme, fund):
        chosen(household, anna, one, source(server))
    server.answers["/prices"] = rows(("2026-02-26", 11))
    fetch(household, anna)
    before = [prices(household, anna, one) for one in (acme, fund)]
    server.answers["/prices"] = rows(("2026-02-26", 12), ("2026-02-27", 13))
    change = fetch(household, anna)["change_id"]
    after = [prices(household, anna, one) for one in (acme, fund)]
    assert after != before
    undone = household.client(anna).post(f"/changes/{change}/undo").json
    assert [prices(household, anna, one) for one in (acme, fund)] == before
    household.client(anna).post(f"/changes/{undone['id']}/undo")
    assert [prices(household, anna, one) for one in (acme, fund)] == after


def test_another_currency_takes_the_rate_of_its_day_or_is_refused(
    household: Household, anna: Actor, server: PriceServer
) -> None:
    """A quote in dollars keeps its currency and the ECB's rate of that day; without one it is refused, and says so."""
    acme = security(household, anna, isin=ACME)
    chosen(household, anna, acme, source(server, currency="USD"))
    server.answers["/prices"] = rows(("2026-02-26", 12))
    assert fetch(household, anna)["items"][0]["added"] == 1
    (row,) = household.client(anna).get(f"/securities/{acme['id']}/prices").json["items"]
    asked = {"amount_minor": 1, "source": "USD", "target": "EUR", "day": "2026-02-26"}
    rate = household.client(anna).get("/rates/exchange", query_string=asked).json["quote"]["rate"]
    assert (row["price"], row["currency"], row["fx_rate"], row["fx_currency"]) == ("12", "USD", rate, "EUR")
    chosen(household, anna, acme, source(server, currency="RUB"))
    server.answers["/prices"] = rows(("2026-02-27", 900))
    told = fetch(household, anna, since="2026-02-27")["items"][0]
    assert (told["added"], told["refused_count"]) == (0, 1)
    assert "RUB" in told["refused"][0]["reason"]


@pytest.mark.parametrize(
    ("body", "status", "location"),
    [
        (b"<html>Maintenance</html>", 200, ""),
        (b'[{"d": "2026-02-26", "p": NaN}]', 200, ""),
        (rows(("2026-02-26", -1)), 200, ""),
        (b'[{"d": "2026-02-26", "p": 1e308}]', 200, ""),
        (rows(("2199-01-01", 1)), 200, ""),
        (b"[" + b" " * 50_000_000 + b"]", 200, ""),
        (rows(("2026-02-26", 1)), 302, "http://127.0.0.1:1/secret"),
        (rows(("2026-02-26", 1)), 500, ""),
        (rows(("2026-02-26", 1)), 429, ""),
        (b"{}", 404, ""),
    ],
    ids=["html", "nan", "negative", "huge", "future", "large", "redirect", "error", "often", "unknown"],
)
def test_a_hostile_answer_changes_nothing(
    household: Household, anna: Actor, server: PriceServer, body: bytes, status: int, location: str
) -> None:
    """What went wrong is said of that security, the other one is fetched, and nothing is followed elsewhere."""
    acme, good = security(household, anna, isin=ACME), security(household, anna, "Good", isin=FUND)
    chosen(household, anna, acme, source(server))
    chosen(household, anna, good, {**source(server), "address": f"{server.address}/good"})
    server.answers = {"/prices": body, "/good": rows(("2026-02-26", 5))}
    server.status, server.location = status, location
    told = fetch(household, anna)["items"]
    assert (told[0]["added"], bool(told[0]["problem"])) == (0, True)
    assert prices(household, anna, acme) == []
    if status == 200:
        assert [one[:2] for one in prices(household, anna, good)] == [("2026-02-26", "5")]
    assert len(server.asked) == 2


def test_a_house_is_not_asked(household: Household, anna: Actor, server: PriceServer) -> None:
    """Without the installation's leave neither plain http nor an address inside of the house is asked."""
    acme = security(household, anna, isin=ACME)
    reach(household)
    path = f"/securities/{acme['id']}/price-source"
    answer = household.client(anna).put(path, json=source(server))
    assert answer.status_code == 422
    assert problem(answer)[:2] == ("address_refused", "body.address")
    body = {**source(server), "address": "https://127.0.0.1/{isin}"}
    chosen(household, anna, acme, body)
    assert fetch(household, anna)["items"][0]["problem"] == "This address leads into a private network."
    assert server.asked == []


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"address": "https://prices.example/{nothing}"}, "body.address"),
        ({"address": "https://{symbol}.example/"}, "body.address"),
        ({"address": "file:///etc/passwd"}, "body.address"),
        ({"address": ""}, "body.address"),
        ({"date_path": ""}, "body.date_path"),
        ({"price_path": "a[["}, "body.price_path"),
        ({"currency": "XQQ"}, "body.currency"),
        ({"preset": "nothing"}, "body.preset"),
        ({"preset": "coingecko"}, "body.symbol"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_once(
    household: Household, anna: Actor, server: PriceServer, more: dict[str, Any], field: str
) -> None:
    """The field is named, and nothing is kept."""
    acme = security(household, anna, isin=ACME)
    path = f"/securities/{acme['id']}/price-source"
    answer = household.client(anna).put(path, json=source(server, **more))
    assert answer.status_code == 422
    assert problem(answer)[1] == field
    assert household.client(anna).get(path).status_code == 404


def test_a_preset_is_data_of_homie(household: Household, anna: Actor, server: PriceServer) -> None:
    """Only its id and the security's word are kept; what would be asked says everything that is sent."""
    coin = security(household, anna, "Bitcoin", kind="crypto")
    shown = chosen(household, anna, coin, {"preset": "coingecko", "symbol": "bitcoin"})
    assert (shown["host"], shown["address"], shown["title"]) == (
        "api.coingecko.com", "", "CoinGecko",
    )  # fmt: skip
    assert shown["asks"].startswith("https://api.coingecko.com/api/v3/coins/bitcoin/market_chart/range?vs_currency=eur")
    feeds = household.client(anna).get("/price-feeds").json["items"]
    assert all(one["source"].startswith("https://") for one in feeds)
    assert server.asked == []


def test_two_people_and_two_spaces(household: Household, anna: Actor, ben: Actor, server: PriceServer) -> None:
    """Another space sees and asks nothing; whoever saw an older word is told; a security takes its source along."""
    acme = security(household, anna, isin=ACME)
    shown = chosen(household, anna, acme, source(server, version=0))
    path = f"/securities/{acme['id']}/price-source"
    client, other = household.client(anna), household.client(ben)
    assert other.get("/price-sources").json["items"] == []
    assert fetch(household, ben)["items"] == []
    assert {other.get(path).status_code, other.put(path, json=source(server)).status_code} == {404}
    assert other.delete(path).status_code == 404
    assert other.post("/price-sources/fetch", json={"security_ids": [acme["id"]]}).status_code == 404
    assert client.post("/price-sources/fetch", json={"security_ids": [NOWHERE]}).status_code == 404
    chosen(household, anna, acme, source(server, symbol="A", version=shown["version"]))
    late = client.put(path, json=source(server, symbol="B", version=shown["version"]))
    none = client.put(path, json=source(server, symbol="B", version=0))  # by a form that began with no source
    assert [one.json["error"]["code"] for one in (late, none)] == ["row_changed", "row_changed"]
    assert client.delete(f"/securities/{acme['id']}").status_code == 204
    assert client.get("/price-sources").json["items"] == []
    undo = client.get("/changes").json["items"][0]["id"]
    client.post(f"/changes/{undo}/undo")
    assert client.get(path).json["symbol"] == "A"
