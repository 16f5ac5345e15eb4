"""Where lines are read the short way, the long way says the same; what is kept of a ledger is what it would say now."""

from __future__ import annotations

import datetime as dt
import io
import sqlite3
import sys
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
import sqlalchemy as sa
from hypothesis import example, given
from hypothesis import strategies as st

from backend.financial_manager import categorising
from backend.financial_manager.ledger.accounts import balances_of
from backend.financial_manager.ledger.change_log import ChangeLog
from backend.financial_manager.ledger.models import Posting
from backend.financial_manager.ledger.reports import Reports, sum_months
from backend.financial_manager.statements import StatementFile, read_statements
from backend.financial_manager.statements.amounts import to_minor
from backend.financial_manager.statements.delimited import _lines, split_text
from backend.financial_manager.statements.errors import StatementError
from backend.financial_manager.statements.limits import MOST_TEXT, clip
from backend.financial_manager.statements.numerals import value
from backend.financial_manager.statements.table import read_table
from backend.financial_manager.statements.table_entries import _minor, _names_no_bill
from backend.financial_manager.statements.table_rows import Draft, _names_no_balance
from backend.financial_manager.statements.vocabulary import balance_starts, cell_words, plain
from backend.sdk.actor import Actor
from backend.sdk.db import OwnedSession
from tests.financial_manager.conftest import Household
from tests.financial_manager.test_ledger import category, enter

NUMERALS = st.text(st.sampled_from("0123456789.,' ٣"), min_size=1, max_size=18)


@given(NUMERALS, st.sampled_from(".,"), st.sampled_from(["EUR", "JPY", "KWD", None]))
@example("1.234,56", ",", "EUR")
@example("12", ".", "JPY")
@example(",50", ",", "EUR")
@example("1234567890123456,00", ",", "EUR")
def test_an_amount_is_the_same_in_short_and_at_length(numeral: str, decimal: str, currency: str | None) -> None:
    """Minor units and rounding, and what is refused."""

    def at_length() -> tuple[int, bool] | None:
        number = value(numeral, decimal)
        try:
            return None if number is None else to_minor(number, currency)
        except StatementError:
            return None

    try:
        found: tuple[int, bool] | None = _minor(numeral, decimal, currency, 1)
    except StatementError:
        found = None
    assert found == at_length()


SIGNS, STARTS = st.sampled_from(["", "+", "-", " ", "*"]), st.sampled_from(sorted(balance_starts()))
SPELLINGS = st.tuples(SIGNS, STARTS, st.text(max_size=4)).map("".join)


@given(
    st.text(max_size=12)
    | SPELLINGS.flatmap(lambda text: st.sampled_from([text, text.upper(), text.title(), text.swapcase()]))
)
@example("sAldo")
@example("Sáldo")
@example("1Saldo")
def test_what_names_a_balance_is_never_passed_over(text: str) -> None:
    """What is passed over at once would not have been found at length either."""
    if _names_no_balance(text):
        assert not plain(text[:80]).startswith(balance_starts())


BILLS = st.sampled_from(sorted(cell_words("bill_paid")))
AROUND = st.text(st.sampled_from(" -./éAbc1"), max_size=6)


@given(
    st.text(max_size=30)
    | st.tuples(AROUND, BILLS, AROUND).flatmap(
        lambda parts: st.sampled_from(["".join(parts), "".join(parts).upper(), "".join(parts).title().replace(" ", "")])
    )
)
@example("Paiement reçu")
@example("PAYMENT/RECEIVED")
def test_a_paid_bill_is_never_passed_over(text: str) -> None:
    """What is passed over at once holds none of the phrases at length either."""
    if _names_no_bill(text):
        assert not [one for one in cell_words("bill_paid") if f" {one} " in f" {plain(text)} "]


@given(st.text(st.sampled_from("ab \t\u00a0\u2009\x07\x1c"), max_size=8) | st.text(max_size=8))
def test_a_text_that_needs_no_clipping_is_left_alone(text: str) -> None:
    """One line, single spaces, no control characters: the same as at length."""
    assert clip(text) == " ".join("".join(c if c.isprintable() else " " for c in text).split())[:MOST_TEXT]


@given(st.text(st.sampled_from('a;"\n\x0b\u2028'), max_size=12))
def test_lines_are_cut_as_a_file_cuts_them(text: str) -> None:
    """At line feeds and nowhere else, each with its end."""
    assert [*_lines(text)] == [*io.StringIO(text, newline="")]


AMOUNTS = st.tuples(
    st.sampled_from(["", "-", "+"]), st.sampled_from(["1", "12,5", "12,50", "1.234,56", "0,005", "", "7 EUR"])
).map("".join)


@given(st.lists(st.tuples(AMOUNTS, st.sampled_from(["", "1,00", "-2,50"])), min_size=2, max_size=6), st.booleans())
def test_a_bare_amount_is_booked_as_any_other(rows: list[tuple[str, str]], fees: bool) -> None:
    """A file says the same, or is refused in the same words, when each row goes the long way."""
    heading = "Buchungstag;Empfänger;Betrag" + (";Gebühr" if fees else "")
    lines = [
        f"0{n + 1}.03.2024;Shop {n};{amount}" + (f";{fee}" if fees else "") for n, (amount, fee) in enumerate(rows)
    ]
    data = "\n".join([heading, "29.02.2024;Shop;-3,20" + (";" if fees else ""), *lines]).encode()

    def told() -> StatementFile | str:
        try:
            return read_statements(data)
        except StatementError as error:
            return str(error)

    short = told()
    with mock.patch.object(Draft, "bare", False):
        assert told() == short


def test_rows_do_not_lie_beside_what_was_made_of_them() -> None:
    """A large file's rows are used up: its peak of memory is not both."""
    rows, delimiter = split_text("Datum;Text;Betrag\n" + "\n".join(f"0{n}.03.2024;Shop;-{n},20" for n in range(1, 9)))
    held, others = rows[1:], [object() for _ in rows]
    file = read_table(rows, "", "csv", {}, {}, delimiter=delimiter)
    assert (len(file.entries), rows) == (8, [])
    assert {sys.getrefcount(one) for one in held} == {sys.getrefcount(one) for one in others}


def test_what_is_kept_is_what_the_ledger_says_now(household: Household, anna: Actor, ben: Actor) -> None:
    """After each entry, change, deletion and undo; in this process and in another one that keeps for itself."""
    giro, client = household.account(anna), household.client(anna)
    other = Reports(household.ctx.db, lambda *_: {})
    first, last = dt.date(2026, 1, 1), dt.date(2026, 2, 28)

    def told() -> tuple[Any, ...]:
        def now(session: OwnedSession) -> tuple[Any, ...]:
            return balances_of(session, [giro["id"]], last).get(giro["id"], (0,))[0], sum_months(session, first, last)

        kept = household.finances.reports
        held, months = household.ctx.db.read(anna, now)
        for reports in (kept, other):
            assert reports.months(anna, first, last) == months
            assert [one.worth_minor for one in reports.net_worth(anna, [first, last])][-1] == held
            assert reports.months(ben, first, last) == []
        assert client.get(f"/accounts/{giro['id']}?on={last}").json["balance_minor"] == held
        return held, months

    seen = [told()]
    made = enter(household, anna, giro, -10_00, date="2026-02-03")
    seen.append(told())
    food = category(household, anna, "food.groceries")
    answer = client.patch(f"/transactions/{made['id']}", json={"category_id": food})
    assert answer.status_code == 200, answer.text
    seen.append(told())
    assert client.post("/transactions/delete", json={"ids": [made["id"]]}).status_code == 200
    seen.append(told())
    change = client.get("/changes").json["items"][0]["id"]
    assert client.post(f"/changes/{change}/undo").status_code == 200
    seen.append(told())
    assert seen[0] == seen[3]
    assert seen[2] == seen[4]
    assert len({str(one) for one in seen}) == 3


def test_within_a_step_nothing_is_kept(household: Household, anna: Actor) -> None:
    """What a step has changed and not recorded yet is counted, and forgotten with it."""
    giro, db, ctx = household.account(anna), household.ctx.db, household.ctx
    on, kept = dt.date(2026, 3, 1), household.finances.accounts._sums
    enter(household, anna, giro, -10_00, date="2026-02-03")

    def counted(session: OwnedSession) -> int:
        return kept.get(session, "now", lambda: balances_of(session, [giro["id"]], on))[giro["id"]][0]

    def work(session: OwnedSession) -> int:
        session.execute(sa.delete(Posting))
        return len(kept.get(session, "now", lambda: balances_of(session, [giro["id"]], on)))

    assert db.read(anna, counted) == -10_00
    with pytest.raises(LookupError, match=r"^0$"):
        ChangeLog(db, ctx.clock, ctx.new_id).write(anna, "test", lambda session: _raise(work(session)))
    assert db.read(anna, counted) == -10_00


def _raise(found: int) -> None:
    raise LookupError(found)


def plans(household: Household, ask: Callable[[], Any]) -> list[str]:
    """Return how SQLite answers each question that `ask` brings to the database."""
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    engine = household.ctx.db.store.reader
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    plain_connection = sqlite3.connect(household.ctx.db.store.path)
    try:
        return [
            row[3]
            for statement, parameters in asked
            for row in plain_connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    finally:
        plain_connection.close()


def test_questions_over_the_whole_ledger_are_answered_by_an_index(household: Household, anna: Actor) -> None:
    """No table of bookings is read from end to end, and what is learned from is not sorted first."""
    giro = household.account(anna)
    enter(household, anna, giro, -10_00, date="2026-02-03")
    finances, day = household.finances, dt.date(2026, 1, 1)
    counted = plans(household, lambda: finances.reports.months(anna, day, dt.date(2026, 3, 1)))
    counted += plans(household, lambda: finances.reports.net_worth(anna, [day]))
    counted += plans(household, lambda: finances.accounts.all(anna))
    assert [one for one in counted if "postings" in one]
    assert all("COVERING INDEX ix_postings" in one for one in counted if "postings" in one), counted
    learned = plans(household, lambda: household.ctx.db.read(anna, categorising._learn))
    assert any("transactions" in one and "ix_transactions_owner_id_date_id" in one for one in learned), learned
    assert not any("ix_postings_category" in one or "ix_postings_account" in one for one in learned), learned


def test_an_index_without_rows_that_nobody_looks_up_is_still_found(household: Household, anna: Actor) -> None:
    """Payees are counted, and a category's and a payee's bookings listed, by the indexes that hold only such rows."""
    giro = household.account(anna)
    food = category(household, anna, "food.groceries")
    enter(household, anna, giro, -10_00, date="2026-02-03", category_id=food, counterparty="Billa")
    payee = household.finances.payees.name(anna, ["Billa"], "Billa")
    counted = plans(household, lambda: household.finances.payees.all(anna))
    assert [one.transactions for one in household.finances.payees.all(anna)] == [1]
    assert any("COVERING INDEX ix_transactions_owner_id_payee_id" in one for one in counted), counted
    client = household.client(anna)
    listed = plans(household, lambda: client.get(f"/transactions?payee_id={payee.id}"))
    assert any("ix_transactions_owner_id_payee_id" in one or "owner_id_date_id" in one for one in listed), listed
    listed = plans(household, lambda: client.get(f"/transactions?category_id={food}"))
    assert any("ix_postings_category" in one for one in listed), listed


def test_the_newest_decisions_are_learned_from(household: Household, anna: Actor, monkeypatch: Any) -> None:
    """As many as are looked at, the newest; in the order of their days."""
    giro = household.account(anna)
    food = category(household, anna, "food.groceries")
    for day in range(1, 9):
        enter(household, anna, giro, -10_00, date=f"2026-02-0{day}", category_id=food, counterparty=f"Shop {day}")
    monkeypatch.setattr(categorising, "MOST_LEARNED", 3)
    learned, _ = household.ctx.db.read(anna, categorising._learn)
    assert learned.model.lines == 3
