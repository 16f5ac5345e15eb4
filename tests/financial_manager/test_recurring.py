"""Recurring payments through the API: found in an uploaded statement, confirmed, dismissed, changed, entered."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from backend.sdk.actor import Actor
from tests.financial_manager.conftest import Household
from tests.financial_manager.test_ledger import category, enter


@pytest.fixture
def module_engine(engine_kind: str) -> str:
    """Run these on SQLite and on PostgreSQL."""
    return engine_kind


def statement(*, until: dt.date = dt.date(2026, 2, 28)) -> bytes:
    """Return half a year of a bank: Netflix dearer from January, salary on the last working day, power, shopping."""
    rows: list[tuple[dt.date, str, str]] = []
    for number in range(6):
        month = dt.date(2025 + (8 + number) // 12, (8 + number) % 12 + 1, 1)
        rows.append((month.replace(day=3), f"NETFLIX.COM 88{number}", "-12,99" if number < 4 else "-14,99"))
        rows.append((month.replace(day=14), "Wien Energie", f"-{60 + number * 7 % 11},40"))
        last = (month + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        last -= dt.timedelta(days=max(0, last.weekday() - 4))
        rows.append((last, "Muster GmbH", "2850,00"))
        for visit in range(5):
            day = (number * 11 + visit * 17 + visit * visit * 3) % 28 + 1
            rows.append((month.replace(day=day), "BILLA DANKT 2231", f"-{20 + visit * 13 + number * 3},{number}5"))
    rows.append((dt.date(2025, 11, 20), "Fahrradwerkstatt Roth", "-145,00"))
    lines = "".join(f"{day:%d.%m.%Y};{who};{amount};EUR\n" for day, who, amount in sorted(rows) if day <= until)
    return f"Buchungstag;Auftraggeber;Betrag;Waehrung\n{lines}".encode()


def listed(household: Household, actor: Actor) -> dict[str, dict[str, Any]]:
    items = household.client(actor).get("/recurring").json["items"]
    return {one["name"]: one for one in items}


@pytest.fixture
def giro(household: Household, anna: Actor) -> dict[str, Any]:
    account = household.account(anna)
    assert household.book(anna, account["id"], statement()).status_code == 201
    return account


def named(found: dict[str, dict[str, Any]], word: str) -> dict[str, Any]:
    return next(one for name, one in found.items() if word.casefold() in name.casefold())


def test_a_statement_becomes_recurring_payments(household: Household, anna: Actor, giro: dict[str, Any]) -> None:
    """Upload to answer: three are found with days, prices and reasons; shopping and the repair are not."""
    found = listed(household, anna)
    assert len(found) == 3, found
    netflix, salary, power = (named(found, word) for word in ("netflix", "muster", "energie"))
    assert (netflix["cadence"], netflix["amount_minor"], netflix["next_on"]) == ("monthly", -14_99, "2026-03-03")
    assert netflix["per_year_minor"] == 12 * -14_99
    assert (salary["amount_minor"], salary["next_on"]) == (2_850_00, "2026-03-31")
    assert (power["steady"], power["next_on"]) == (False, "2026-03-14")
    detail = household.client(anna).get(f"/recurring/{netflix['id']}").json
    assert "6 bookings, one each month." in detail["reasons"]
    rise = f"{netflix['name']} went from 12.99 EUR to 14.99 EUR in 2026-01."
    assert [one["text"] for one in detail["price_changes"]] == [rise]
    assert rise in detail["reasons"]
    assert detail["paid"][0]["date"] == "2026-02-03"
    (total,) = household.client(anna).get("/recurring").json["sums"]
    assert total["received_per_month_minor"] == 2_850_00
    assert total["spent_per_month_minor"] == 14_99 - power["amount_minor"]


def test_what_is_dismissed_stays_dismissed(household: Household, anna: Actor, giro: dict[str, Any]) -> None:
    """Also when later statements bring it again; undo, or the decision taken back, shows it again."""
    client, netflix = household.client(anna), named(listed(household, anna), "netflix")
    answer = client.put(f"/recurring/{netflix['id']}/state", json={"state": "dismissed", "version": 0})
    assert (answer.status_code, answer.json["id"]) == (200, netflix["id"])
    more = b"Buchungstag;Auftraggeber;Betrag;Waehrung\n03.03.2026;NETFLIX.COM 991;-15,99;EUR\n"
    household.clock.advance(20 * 86400)
    assert household.book(anna, giro["id"], more, "march.csv").status_code == 201
    again = named(listed(household, anna), "netflix")
    assert (again["id"], again["state"], again["bookings"]) == (netflix["id"], "dismissed", 7)
    assert client.put(f"/recurring/{netflix['id']}/state", json={"state": "found"}).json["state"] == "found"
    step = client.get("/changes").json["items"][0]
    assert client.post(f"/changes/{step['id']}/undo").status_code == 200
    assert named(listed(household, anna), "netflix")["state"] == "dismissed"


def test_a_person_knows_better(household: Household, anna: Actor, ben: Actor, giro: dict[str, Any]) -> None:
    """Renamed, another amount and day, ended; null is as found; what another window saw before is refused."""
    client, power = household.client(anna), named(listed(household, anna), "energie")
    place = f"/recurring/{power['id']}"
    body = {"name": "Power", "amount_minor": -70_00, "due_on": "2026-01-10", "version": 0}
    changed = client.patch(place, json=body).json
    assert (changed["name"], changed["amount_minor"], changed["next_on"]) == ("Power", -70_00, "2026-03-10")
    assert (changed["state"], changed["version"]) == ("confirmed", 1)
    assert client.patch(place, json={"name": "Mine", "version": 0}).status_code == 409
    assert client.patch(place, json={"amount_minor": None, "due_on": None}).json["next_on"] == "2026-03-14"
    yearly = client.patch(place, json={"cadence": "yearly", "due_on": "2026-02-14"}).json
    assert (yearly["cadence"], yearly["next_on"]) == ("yearly", "2027-02-14")
    ended = client.patch(place, json={"cadence": None, "due_on": None, "ends_on": "2026-02-20"}).json
    assert (ended["ended"], ended["next_on"]) == (True, None)
    assert household.client(ben).get(place).status_code == 404
    assert household.client(ben).put(f"{place}/state", json={"state": "dismissed"}).status_code == 404
    assert listed(household, ben) == {}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"amount_minor": 70_00}, "body.amount_minor"),
        ({"amount_minor": 0}, "body.amount_minor"),
        ({"due_on": "0001-01-01"}, "body.due_on"),
        ({"ends_on": "9999-12-31"}, "body.ends_on"),
        ({"name": "   "}, "body.name"),
        ({"name": None}, "body.name"),
        ({"category_id": "nowhere"}, "body.category_id"),
    ],
)
def test_nonsense_is_refused_and_changes_nothing(
    household: Household, anna: Actor, giro: dict[str, Any], body: dict[str, Any], field: str
) -> None:
    """The answer names the field; the rent stays as it was entered."""
    rent = rented(household, anna, giro)
    answer = household.client(anna).patch(f"/recurring/{rent['id']}", json=body)
    assert answer.status_code in (404, 422)
    assert answer.json["error"]["fields"][0]["name"] == field
    assert household.client(anna).get(f"/recurring/{rent['id']}").json == rent


def rented(household: Household, actor: Actor, giro: dict[str, Any], **more: Any) -> dict[str, Any]:
    body = {
        "name": "Rent", "account_id": giro["id"], "cadence": "monthly", "amount_minor": -800_00, "due_on": "2026-01-01",
        "counterparty": "Hausverwaltung Huber", **more,
    }  # fmt: skip
    answer = household.client(actor).post("/recurring", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json
    return found


def test_rent_is_entered_by_hand_and_met_by_the_bank(household: Household, anna: Actor, giro: dict[str, Any]) -> None:
    """Expected on the 1st, or the Monday after; once the bank says that it was paid, the next one is."""
    rent = rented(household, anna, giro)
    assert (rent["by_hand"], rent["next_on"], rent["bookings"]) == (True, "2026-03-02", 0)
    enter(household, anna, giro, -800_00, date="2026-03-01", counterparty="Hausverwaltung Huber 4711")
    met = listed(household, anna)["Rent"]
    assert (met["next_on"], met["bookings"]) == ("2026-04-01", 1)
    for day in ("2025-12-01", "2026-01-02", "2026-02-02"):
        enter(household, anna, giro, -800_00, date=day, counterparty="Hausverwaltung Huber")
    found = listed(household, anna)
    assert [name for name in found if "huber" in name.casefold() or name == "Rent"] == ["Rent"]
    assert (found["Rent"]["bookings"], found["Rent"]["next_on"]) == (4, "2026-04-01")
    assert household.client(anna).put(f"/recurring/{rent['id']}/state", json={"state": "found"}).status_code == 422
    assert household.client(anna).delete(f"/recurring/{rent['id']}").status_code == 204


def test_a_rent_that_begins_later_is_not_expected_before(household: Household, anna: Actor) -> None:
    """From September on, to somebody who is paid a garage already: until then the garage alone, nothing missed."""
    giro, client = household.account(anna), household.client(anna)
    for day in ("2025-11-05", "2025-12-05", "2026-01-05", "2026-02-05"):
        enter(household, anna, giro, -50_00, date=day, counterparty="Vermieter Huber")
        enter(household, anna, giro, 70_00, date=day, counterparty="Oma")
    for name, amount in (("Vermieter Huber", -900_00), ("Oma", 100_00)):
        body = {"name": name, "account_id": giro["id"], "cadence": "monthly", "amount_minor": amount}
        assert client.post("/recurring", json={**body, "due_on": "2026-09-07"}).status_code == 201
    items = client.get("/recurring").json["items"]
    huber = {(one["amount_minor"], one["next_on"]) for one in items if one["name"] == "Vermieter Huber"}
    assert huber == {(-50_00, "2026-03-05"), (-900_00, "2026-09-07")}
    (oma,) = [one for one in items if one["name"] == "Oma"]
    assert (oma["next_on"], oma["bookings"]) == ("2026-09-07", 4)
    enter(household, anna, giro, -1_00, date="2026-03-01", counterparty="Kiosk")
    news = client.get("/insight/news", query_string={"month": "2026-02-01"}).json["items"]
    assert [one for one in news if one["kind"] == "missing_income"] == []


def test_a_small_purchase_is_not_the_yearly_fee(household: Household, anna: Actor) -> None:
    """Somebody is paid other things too: what is of quite another amount does not stand for what was entered."""
    giro = household.account(anna)
    enter(household, anna, giro, -7_50, date="2026-02-25", counterparty="Amazon")
    body = {"name": "Prime", "counterparty": "Amazon", "account_id": giro["id"], "cadence": "yearly"}
    made = household.client(anna).post("/recurring", json={**body, "amount_minor": -89_90, "due_on": "2026-03-20"})
    assert (made.json["next_on"], made.json["bookings"]) == ("2026-03-20", 0)
    enter(household, anna, giro, -95_00, date="2026-02-27", counterparty="Amazon")
    met = listed(household, anna)["Prime"]
    assert (met["next_on"], met["bookings"]) == ("2027-03-22", 1)


def test_entering_twice_with_one_key_enters_once(household: Household, anna: Actor, giro: dict[str, Any]) -> None:
    """And an account or category on which one stands is not deleted from under it."""
    savings = household.account(anna, "Savings")
    client = household.client(anna)
    category = client.post("/categories", json={"title": "Flat"}).json
    body = {
        "name": "Rent", "account_id": savings["id"], "cadence": "monthly", "amount_minor": -1, "due_on": "2026-01-31",
        "category_id": category["id"],
    }  # fmt: skip
    for _ in range(2):
        assert client.post("/recurring", json=body, headers={"Idempotency-Key": "k1"}).status_code == 201
    assert listed(household, anna)["Rent"]["next_on"] == "2026-03-02"  # the last of February was a Saturday
    assert client.delete(f"/accounts/{savings['id']}").json["error"]["code"] == "account_in_use"
    assert client.delete(f"/categories/{category['id']}").json["error"]["code"] == "category_in_use"


def test_it_is_said_to_have_ended_only_where_the_bank_was_heard(
    household: Household, anna: Actor, giro: dict[str, Any]
) -> None:
    """Two months later without a statement nothing has ended; with one of other bookings Netflix has."""
    household.clock.advance(75 * 86400)
    assert not named(listed(household, anna), "netflix")["ended"]
    enter(household, anna, giro, -5_00, date="2026-05-10", counterparty="Kiosk")
    netflix = named(listed(household, anna), "netflix")
    assert (netflix["ended"], netflix["next_on"]) == (True, None)
    reasons = household.client(anna).get(f"/recurring/{netflix['id']}").json["reasons"]
    assert reasons[-1] == "It was due on 2026-03-03 and did not come: it has probably ended."


def test_saving_each_month_is_a_transfer_and_costs_nothing(household: Household, anna: Actor) -> None:
    """Found on both accounts, in no sum; the household's forecast stays level, each account's does not."""
    giro = household.account(anna, opening_minor=5_000_00, opening_date="2025-09-30")
    savings = household.account(anna, "Savings")
    for month in ("2025-10", "2025-11", "2025-12", "2026-01", "2026-02"):
        parts = [{"amount_minor": -200_00, "account_id": savings["id"]}]
        enter(household, anna, giro, -200_00, date=f"{month}-05", counterparty="Savings plan", parts=parts)
    told = household.client(anna).get("/recurring").json
    assert sorted((one["account_id"] == giro["id"], one["amount_minor"], one["transfer"]) for one in told["items"]) == [
        (False, 200_00, True), (True, -200_00, True),
    ]  # fmt: skip
    assert told["sums"] == []

    def ends(**query: Any) -> int:
        answer = household.client(anna).get("/forecast", query_string={"months": 3, **query})
        found: int = answer.json["shown"]["end_minor"]
        return found

    assert ends() == 5_000_00
    assert (ends(account_id=giro["id"]), ends(account_id=savings["id"])) == (3_400_00, 1_600_00)


def test_two_payments_to_one_payee_keep_their_own_decisions(household: Household, anna: Actor) -> None:
    """Two insurances on one day: the younger one is dismissed; the older one stays, and no id stands twice."""
    account = household.account(anna)
    rows = [(dt.date(2024 + (8 + n) // 12, (8 + n) % 12 + 1, 1), "-30,00") for n in range(18)]
    rows += [(day, "-80,00") for day, _ in rows[6:]]
    lines = "".join(f"{day:%d.%m.%Y};Wiener Versicherung;{amount};EUR\n" for day, amount in sorted(rows))
    data = f"Buchungstag;Auftraggeber;Betrag;Waehrung\n{lines}".encode()
    assert household.book(anna, account["id"], data).status_code == 201
    client = household.client(anna)
    found = {one["amount_minor"]: one for one in client.get("/recurring").json["items"]}
    assert set(found) == {-30_00, -80_00}
    put = client.put(f"/recurring/{found[-80_00]['id']}/state", json={"state": "dismissed", "version": 0})
    assert put.status_code == 200
    states = [(one["amount_minor"], one["state"]) for one in client.get("/recurring").json["items"]]
    assert sorted(states) == [(-80_00, "dismissed"), (-30_00, "found")]
    assert len({one["id"] for one in client.get("/recurring").json["items"]}) == 2


def test_what_was_confirmed_and_ended_stays_ended(household: Household, anna: Actor, giro: dict[str, Any]) -> None:
    """Also when its bookings are too old to be looked at: nothing of it is expected for ever."""
    client, salary = household.client(anna), named(listed(household, anna), "muster")
    client.put(f"/recurring/{salary['id']}/state", json={"state": "confirmed", "version": 0})
    household.clock.advance(8 * 366 * 86400)
    enter(household, anna, giro, -5_00, date="2034-02-01", counterparty="Kiosk")
    (old,) = client.get("/recurring").json["items"]
    assert (old["name"].casefold(), old["ended"], old["next_on"]) == (salary["name"].casefold(), True, None)


def test_the_far_side_of_a_loan_is_no_income(household: Household, anna: Actor) -> None:
    """An instalment lowers the loan and pays interest: it comes again once, as what leaves the account."""
    giro, loan = household.account(anna), household.account(anna, "Loan", kind="loan")
    interest = category(household, anna, "fees.interest")
    for month in range(1, 7):
        parts = [
            {"amount_minor": -400_00, "account_id": loan["id"]},
            {"amount_minor": -100_00, "category_id": interest},
        ]
        enter(household, anna, giro, -500_00, date=f"2025-{month + 6:02}-05", counterparty="Bausparkasse", parts=parts)
    found = household.client(anna).get("/recurring").json
    assert [one["received_per_month_minor"] for one in found["sums"]] == [0]
