"""What was reconciled stays, an undo makes nothing that is refused when it is entered, and nonsense names its field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from backend.financial_manager.budgets.standing import BudgetKey
from backend.financial_manager.construction.settling import Money
from backend.sdk.actor import Actor
from backend.sdk.errors import InvalidInput
from tests.financial_manager.conftest import Household
from tests.financial_manager.test_building import Site
from tests.financial_manager.test_ledger import category, enter

IBAN = "AT611904300234573201"
ANOTHER_IBAN = "DE89370400440532013000"
CAMT = """<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>{}
</BkToCstmrStmt></Document>"""


def camt(*statements: tuple[str, ...], iban: str = IBAN) -> bytes:
    """Return a file of statements, each of parts (`balance`, `line`)."""
    head = f"<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
    parts = (f"<Stmt><Id>{n}</Id>{head}{''.join(one)}</Stmt>" for n, one in enumerate(statements))
    return CAMT.format("".join(parts)).encode()


def balance(kind: str, amount: str, day: str) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy='EUR'>{amount}</Amt>"
        f"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def line(amount: str, day: str) -> str:
    return (
        f"<Ntry><Amt Ccy='EUR'>{amount}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>"
        f"<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt></Ntry>"
    )


FEBRUARY = (
    balance("OPBD", "1000.00", "2026-02-01"),
    line("10.00", "2026-02-05"),
    balance("CLBD", "990.00", "2026-02-28"),
)


def held(household: Household, actor: Actor, account: dict[str, Any], on: str) -> int:
    found: int = (
        household.client(actor).get(f"/accounts/{account['id']}", query_string={"on": on}).json["balance_minor"]
    )
    return found


def patch(household: Household, actor: Actor, path: str, **values: Any) -> Any:
    return household.client(actor).patch(path, json=values)


def undo_last(household: Household, actor: Actor, nth: int = 0) -> int:
    client = household.client(actor)
    step = client.get("/changes").json["items"][nth]
    found: int = client.post(f"/changes/{step['id']}/undo").status_code
    return found


def names_field(answer: Any, field: str) -> None:
    assert answer.status_code == 422, answer.text
    assert answer.json["error"]["fields"][0]["name"] == f"body.{field}"


def test_a_reconciled_account_keeps_its_opening(household: Household, anna: Actor) -> None:
    """What it held on the reconciled day would change; unlocked (in the same step too) it may."""
    giro = household.account(anna, opening_minor=100_00, opening_date="2026-01-01")
    place = f"/accounts/{giro['id']}"
    patch(household, anna, place, opening_minor=200_00)
    patch(household, anna, place, reconciled_through="2026-02-28")
    assert patch(household, anna, place, opening_minor=999_00).status_code == 409
    assert patch(household, anna, place, opening_date="2025-12-31").status_code == 409
    assert undo_last(household, anna, 1) == 409
    assert patch(household, anna, place, name="Current", opening_minor=200_00).status_code == 200
    assert held(household, anna, giro, "2026-02-28") == 200_00
    assert patch(household, anna, place, reconciled_through=None, opening_minor=300_00).status_code == 200


def test_an_import_gives_a_reconciled_account_no_opening(household: Household, anna: Actor) -> None:
    """And taking back the import that gave one is refused while the account is reconciled."""
    giro = household.account(anna)
    enter(household, anna, giro, -10_00)
    patch(household, anna, f"/accounts/{giro['id']}", reconciled_through="2026-02-28")
    household.book(anna, giro["id"], camt(FEBRUARY), name="s.xml")
    assert held(household, anna, giro, "2026-02-28") == -10_00
    other = household.account(anna, "B")
    batch = household.book(anna, other["id"], camt(FEBRUARY, iban=ANOTHER_IBAN), name="s.xml").json
    begins = household.client(anna).get(f"/accounts/{other['id']}").json["opening_date"]
    patch(household, anna, f"/accounts/{other['id']}", reconciled_through=begins)
    assert household.client(anna).post(f"/imports/{batch['id']}/undo").status_code == 409
    assert held(household, anna, other, begins) == 1000_00


def test_an_opening_is_that_of_the_first_line(household: Household, anna: Actor) -> None:
    """A file of two statements, of which the later one tells its opening: the bank is right at the end."""
    giro = household.account(anna)
    assert (
        household.book(anna, giro["id"], camt((line("100.00", "2026-01-15"),), FEBRUARY), name="s.xml").status_code
        == 201
    )
    account = household.client(anna).get(f"/accounts/{giro['id']}").json
    assert (account["opening_date"], account["opening_minor"]) == ("2026-01-14", 1100_00)
    assert account["balance_minor"] == 990_00


def test_an_undo_gives_no_two_accounts_one_iban(household: Household, anna: Actor) -> None:
    """It was taken from one and given to another since."""
    giro = household.account(anna, iban=IBAN)
    patch(household, anna, f"/accounts/{giro['id']}", iban="")
    household.account(anna, "B", iban=IBAN)
    assert undo_last(household, anna, 1) == 409
    assert [one["iban"] for one in household.client(anna).get("/accounts").json["items"]] == [IBAN, ""]


def test_an_undo_gives_no_two_payees_one_name(household: Household, anna: Actor) -> None:
    """Another one took the name since."""
    client = household.client(anna)
    made = client.post("/payees", json={"name": "P", "written": ["xx"]}).json["items"][0]
    patch(household, anna, f"/payees/{made['id']}", name="Q")
    client.post("/payees", json={"name": "P", "written": ["yy"]})
    assert undo_last(household, anna, 1) == 409
    assert sorted(one["name"] for one in client.get("/payees").json["items"]) == ["P", "Q"]


def test_an_undo_keeps_categories_at_two_levels_of_one_direction(household: Household, anna: Actor) -> None:
    """Its group lies below another one by now, or something lies below it."""
    client = household.client(anna)

    def made(**body: Any) -> dict[str, Any]:
        found: dict[str, Any] = client.post("/categories", json=body).json
        return found

    group, income = made(title="G"), made(title="H", direction="income")
    below = made(title="C", parent_id=group["id"])
    client.delete(f"/categories/{below['id']}")
    patch(household, anna, f"/categories/{group['id']}", parent_id=income["id"])
    assert undo_last(household, anna, 1) == 409
    first = made(title="G2")
    second = made(title="C2", parent_id=first["id"])
    patch(household, anna, f"/categories/{second['id']}", parent_id=None)
    made(title="X", parent_id=second["id"])
    assert undo_last(household, anna, 1) == 409


def test_no_file_makes_accounts_unreadable(household: Household, anna: Actor) -> None:
    """Amounts, and what all lines move, stay within what an account holds."""
    giro = household.account(anna)

    def qif(amount: str, count: int) -> bytes:
        rows = "".join(f"D2026-02-{1 + n % 27:02}\nT{amount}\nPX{n}\n^\n" for n in range(count))
        return f"!Type:Bank\n{rows}".encode()

    assert household.book(anna, giro["id"], qif("999999999999999.00", 2), name="x.qif").status_code == 422
    names_field(household.book(anna, giro["id"], qif("9999999999999.00", 10), name="x.qif"), "content")
    assert household.balance(anna, giro["id"]) == 0
    assert household.book(anna, giro["id"], qif("9999999999999.00", 1), name="x.qif").status_code == 201
    assert household.client(anna).get("/accounts").status_code == 200


def test_nothing_is_refused_where_something_has_to_be(household: Household, anna: Actor) -> None:
    """It names the field; before, it ended in an error, or was written as None."""
    giro = household.account(anna)
    for name in ("name", "kind", "iban", "institution", "country", "opening_minor", "note"):
        names_field(patch(household, anna, f"/accounts/{giro['id']}", **{name: None}), name)
    food = category(household, anna, "food.groceries")
    for name in ("title", "hidden"):
        names_field(patch(household, anna, f"/categories/{food}", **{name: None}), name)
    rent = {
        "name": "Rent",
        "account_id": giro["id"],
        "amount_minor": -500_00,
        "cadence": "monthly",
        "due_on": "2026-03-31",
    }
    made = household.client(anna).post("/recurring", json=rent).json
    names_field(patch(household, anna, f"/recurring/{made['id']}", cadence=None), "cadence")


@pytest.mark.parametrize("month", [dt.date(9999, 12, 1), dt.date(1, 1, 1)])
def test_budgets_of_no_households_time_are_refused(household: Household, anna: Actor, month: dt.date) -> None:
    """By the service itself: the command line has no schema before it."""
    food, budgets = category(household, anna, "food.groceries"), household.finances.budgets
    asked = [
        lambda: budgets.set(anna, BudgetKey(food, "EUR"), month, 1, rollover=False),
        lambda: budgets.copy(anna, month),
        lambda: budgets.end(anna, BudgetKey(food, "EUR"), month),
        lambda: budgets.proposals(anna, month, 3, month),
        lambda: budgets.status(anna, month),
        lambda: budgets.history(anna, BudgetKey(food, "EUR"), month),
    ]
    for ask in asked:
        with pytest.raises(InvalidInput):
            ask()


def test_a_budget_below_zero_is_refused(household: Household, anna: Actor) -> None:
    """Also from the command line."""
    food = category(household, anna, "food.groceries")
    with pytest.raises(InvalidInput):
        household.finances.budgets.set(anna, BudgetKey(food, "EUR"), dt.date(2026, 2, 1), -50_00, rollover=False)


def test_cover_money_comes_free_when_it_is_held(household: Household, anna: Actor) -> None:
    """Not before: an invoice to come holds nothing back yet."""
    site = Site(household, anna)
    site.invoice("1", "2026-02-01", 10_000_00)
    site.invoice("2", "2026-06-01", 30_000_00)
    release = {"contract_id": site.contract, "date": "2026-03-01", "amount_minor": 1_500_00, "kind": "cover"}
    assert site.post("releases", release, 422)["error"]["fields"][0]["name"] == "body.amount_minor"
    site.post("releases", {**release, "amount_minor": 600_00})
    site.post("releases", {**release, "amount_minor": 1}, 422)
    site.post("releases", {**release, "amount_minor": 1_200_00, "date": "2026-06-01"})
    assert site.total("retained") == (0,)


def test_numbers_below_zero_are_refused_of_a_house(household: Household, anna: Actor) -> None:
    """By the services themselves: the command line has no schema before them."""
    site, projects = Site(household, anna), household.finances.projects
    invoice = site.invoice("1", "2026-02-01", 10_000_00)
    before = site.status()
    release = {"contract_id": site.contract, "date": dt.date(2026, 3, 1), "kind": "cover"}
    asked: list[Callable[[], Any]] = [
        lambda: projects.create(anna, "release", {**release, "amount_minor": -100_00}),
        lambda: projects.create(anna, "release", {**release, "amount_minor": 0}),
        lambda: projects.change(anna, "contract", site.contract, {"vat_bp": -5000}),
        lambda: projects.change(anna, "contract", site.contract, {"cover_bp": 10_001}),
        lambda: projects.change(anna, "line", site.line, {"estimate_minor": -1}),
    ]
    for step in (household.finances.settling.preview, household.finances.settling.settle):
        money = Money(amount_minor=100_00, date=dt.date(2026, 2, 2), skonto_minor=-50_00)
        asked.append(partial(step, anna, "invoice", invoice["id"], money))
    for ask in asked:
        with pytest.raises(InvalidInput):
            ask()
    assert site.status() == before


def test_a_steady_pace_ends_at_the_target(household: Household, anna: Actor) -> None:
    """Also where more was there at the beginning than is wanted, or the target was lowered since."""
    giro, client = household.account(anna, opening_minor=1500_00, opening_date="2026-01-01"), household.client(anna)
    wanted = {"name": "Bicycle", "target_minor": 1000_00, "account_id": giro["id"], "until": "2026-12-31"}
    made = client.post("/goals", json=wanted).json
    assert made["planned_minor"] == 1000_00
    enter(household, anna, giro, -600_00)
    lowered = client.patch(f"/goals/{made['id']}", json={"target_minor": 800_00}).json
    assert (lowered["saved_minor"], lowered["planned_minor"]) == (900_00, 800_00)


def test_what_is_to_come_is_not_saved_yet(household: Household, anna: Actor) -> None:
    """Neither an account's opening of a later day, nor what is to be put aside later, which nobody can take out now."""
    client = household.client(anna)
    later = household.account(anna, opening_minor=1500_00, opening_date="2027-01-01")
    made = client.post("/goals", json={"name": "A", "target_minor": 100_00, "account_id": later["id"]}).json
    assert (made["saved_minor"], made["reached"]) == (0, False)
    place = f"/goals/{client.post('/goals', json={'name': 'B', 'target_minor': 100_00}).json['id']}/amounts"
    put = client.post(place, json={"amount_minor": 100_00, "date": "2199-01-01"}).json
    assert (put["saved_minor"], put["reached"]) == (0, False)
    assert client.post(place, json={"amount_minor": -1}).status_code == 422
    assert client.post(place, json={"amount_minor": -100_00, "date": "2199-01-02"}).status_code == 201
    assert client.post(place, json={"amount_minor": -1, "date": "2199-01-01"}).status_code == 422
