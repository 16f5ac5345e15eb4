"""What an AI is asked holds a payee's words and a band, and nothing else of a line."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from backend.core.ai.prompt import build_prompt
from backend.core.ai.redaction import Redactor
from backend.financial_manager.categories import AiWord, Line, leaves
from backend.financial_manager.categories.asking import (
    TASK,
    PayeeCategory,
    band_of,
    may_be_asked,
    payload_of,
    sent,
    words_of,
)

TITLES = {one.id: one.title for one in leaves()}
IBAN = "AT61 1904 3002 3457 3201"


def body(*lines: Line, hidden: tuple[str, ...] = ()) -> str:
    payload = payload_of(lines, TITLES, hidden=hidden)
    return json.dumps([dict(item.data) for item in payload.items], ensure_ascii=False)


def test_only_words_and_a_band_leave() -> None:
    """No card, date, time, IBAN, exact amount, account or e-mail address."""
    line = Line(
        purpose=f"KARTE 1234 30.05. UM 14.02 Café Habakuk {IBAN} max@example.org Kd.Nr. 99887",
        amount_minor=-1234,
        iban="",
        account_id="my account",
    )
    assert sent(payload_of([line], TITLES)) == [("Café Habakuk", "10-20", "out")]
    assert "account" not in body(line)


def test_hidden_names_stay() -> None:
    """Names of the household's people are left out, however they are written."""
    said = body(Line(purpose="Sparverein MUELLER Eva", amount_minor=-1), hidden=("Eva Müller",))
    assert "Sparverein" in said
    assert "mueller" not in said.lower()
    assert "eva" not in said.lower()


@pytest.mark.parametrize(
    ("payee", "iban", "asked"),
    [
        ("Anna Gruber", IBAN, False),
        ("Gruber Installationen GmbH", IBAN, True),
        ("Cafe Gruber", "", True),
        ("", "", False),
    ],
)
def test_people_are_not_asked_about(payee: str, iban: str, asked: bool) -> None:
    """A transfer to what may be a person stays in the house."""
    assert may_be_asked(Line(payee=payee, iban=iban, amount_minor=-100)) is asked


@settings(max_examples=150, deadline=None)
@example("0A 0µ", 0, "AT000000000000000000")
@given(st.text(max_size=80), st.integers(-(10**9), 10**9), st.from_regex(r"[A-Z]{2}\d{18}", fullmatch=True))
def test_no_digits_leave(text: str, amount: int, iban: str) -> None:
    """Whatever a line says, no run of digits of its text leaves, and no amount but a band."""
    payload = payload_of([Line(purpose=f"{text} {iban} {abs(amount)}77", amount_minor=amount)], TITLES)
    for said, band, direction in sent(payload):
        assert not re.search(r"\d\D{0,2}\d", said)
        assert iban not in said
        assert re.fullmatch(r"\d+-\d+|5000\+", band)
        assert direction == ("in" if amount > 0 else "out")


def test_each_payee_is_asked_once() -> None:
    """Lines of one payee are one item; the answer counts for all of them."""
    lines = [Line(purpose=f"KARTE {n} HABAKUK 12{n} WIEN", amount_minor=-n) for n in range(1, 9)]
    payload = payload_of(lines, TITLES)
    assert [item.id for item in payload.items] == [lines[0].group_key]
    assert all(line.group_key == lines[0].group_key for line in lines)
    assert {choice.id for choice in payload.choices["categories"]} == set(TITLES)


def test_only_offered_categories_come_back() -> None:
    """Nulls and strangers are dropped, the first answer counts."""
    answers = [
        PayeeCategory(payee="a-", category="food.cafes", confidence=0.9),
        PayeeCategory(payee="a-", category="food.bars", confidence=0.9),
        PayeeCategory(payee="b-", category=None, confidence=0.9),
        PayeeCategory(payee="c-", category="made.up", confidence=0.9),
    ]
    found = words_of(answers, TITLES)
    assert {key: word.category_id for key, word in found.items()} == {"a-": "food.cafes"}


def test_bands_follow_the_currency() -> None:
    """A band is of whole units: yen have no cents."""
    assert band_of(Line(amount_minor=-4999, currency="EUR")) == "20-50"
    assert band_of(Line(amount_minor=-4999, currency="JPY")) == "2000-5000"
    assert band_of(Line(amount_minor=10**9, currency="EUR")) == "5000+"


def test_the_question_as_it_is_sent() -> None:
    """The hub's own prompt of it has payee, band and categories, neither ids nor secrets; the answer comes back."""
    line = Line(purpose=f"KARTE 1234 Café Habakuk {IBAN}", amount_minor=-1234, account_id="giro-7")
    payload = payload_of([line], TITLES)
    prompt = build_prompt(TASK, payload, Redactor(TASK.redaction), b"k" * 32)
    said = " ".join(turn.text for turn in prompt.question.turns)
    assert "Café Habakuk" in said
    assert "10-20" in said
    assert "Groceries" in said
    for secret in ("1234", "AT61", "giro-7", "food.groceries", line.group_key):
        assert secret not in said
    number = [*TITLES].index("food.cafes") + 1
    answer = prompt.read(json.dumps({"payees": [{"payee": "i1", "category": f"c{number}", "confidence": 0.8}]}))
    assert words_of(answer.payees, TITLES) == {line.group_key: AiWord("food.cafes", 0.8)}
