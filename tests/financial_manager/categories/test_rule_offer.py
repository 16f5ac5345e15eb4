"""The rule that is offered after a correction fits what was corrected, and the payee's next lines."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.financial_manager.categories import Line, Rule, RuleBook, rule_for


def test_it_fits_the_payees_next_lines() -> None:
    """Numbers of one line are no part of it, the direction is."""
    rule = rule_for(Line(purpose="KARTE 1234 30.05. BAUERNLADEN HUBER 77 GRAZ", amount_minor=-500), "food.groceries")
    assert rule is not None
    assert rule.name == "BAUERNLADEN HUBER"
    book = RuleBook([Rule("1", rule)])
    assert book.first(Line(purpose="Karte 9 Bauernladen Huber Wien", amount_minor=-1)) is not None
    assert book.first(Line(purpose="Karte 9 Bauernladen Huber Wien", amount_minor=1)) is None
    assert book.first(Line(purpose="Bauernladen Meier", amount_minor=-1)) is None


def test_a_line_without_words_makes_no_rule() -> None:
    """A rule on a number or on what banks print would take everything."""
    assert rule_for(Line(purpose="1234 KARTE", amount_minor=-1), "food.groceries") is None


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40), st.text(max_size=60), st.integers(-999, 999).filter(bool))
def test_it_always_fits_the_line_itself(payee: str, purpose: str, amount: int) -> None:
    """Whatever a bank writes."""
    line = Line(payee=payee, purpose=purpose, amount_minor=amount)
    rule = rule_for(line, "food.groceries")
    assert rule is None or RuleBook([Rule("1", rule)]).first(line) is not None
