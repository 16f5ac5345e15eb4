"""Rules end, keep their order, change nothing when run again, and speak plainly."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.financial_manager.categories import Line, Rule, RuleBook, preview, read_rule
from backend.financial_manager.categories.patterns import WordsIn
from backend.financial_manager.categories.rule_sentence import sentence_of
from backend.sdk.errors import InvalidInput

TEXTS = st.sampled_from(["BILLA DANKT 12", "Miete Mai", "Müller", "MUELLER", "netflix", ""])
LINES = st.builds(
    Line,
    payee=TEXTS,
    purpose=TEXTS,
    amount_minor=st.integers(-5000, 5000),
    currency=st.sampled_from(["EUR", "CHF"]),
    iban=st.sampled_from(["", "AT611904300234573201"]),
    account_id=st.sampled_from(["giro", "spar"]),
)
CONDITIONS = st.one_of(
    st.fixed_dictionaries(
        {
            "what": st.just("text"),
            "part": st.sampled_from(["any", "payee", "purpose"]),
            "how": st.sampled_from(["contains", "is", "begins", "regex"]),
            "values": st.lists(st.sampled_from(["billa", "miete mai", "müller", "net", "e"]), min_size=1, max_size=3),
            "negate": st.booleans(),
        }
    ),
    st.fixed_dictionaries({"what": st.just("amount"), "at_least": st.integers(0, 3000), "negate": st.booleans()}),
    st.fixed_dictionaries(
        {"what": st.just("amount"), "at_most": st.integers(0, 3000), "currency": st.sampled_from(["eur", "JPY"])}
    ),
    st.fixed_dictionaries({"what": st.just("direction"), "value": st.sampled_from(["in", "out"])}),
    st.fixed_dictionaries({"what": st.just("account"), "values": st.just(["giro"])}),
    st.fixed_dictionaries({"what": st.just("currency"), "values": st.just(["eur"])}),
    st.fixed_dictionaries({"what": st.just("iban"), "values": st.just(["at61 1904 3002 3457 3201"])}),
)
RULES = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.just("r"),
            "match": st.sampled_from(["all", "any"]),
            "conditions": st.lists(CONDITIONS, min_size=1, max_size=3),
            "action": st.fixed_dictionaries({"category_id": st.sampled_from(["a", "b", "c"])}),
        }
    ),
    max_size=6,
)


def rule(category: str = "a", **parts: Any) -> dict[str, Any]:
    return {
        "name": "one",
        "conditions": [{"what": "text", "values": ["billa"]}],
        "action": {"category_id": category},
    } | parts


def book(*rules: dict[str, Any]) -> RuleBook:
    return RuleBook(Rule(str(number), read_rule(one)) for number, one in enumerate(rules))


@settings(max_examples=150, deadline=None)
@given(RULES, st.lists(LINES, max_size=5))
def test_the_first_rule_that_fits_decides(rules: list[dict[str, Any]], lines: list[Line]) -> None:
    """The whole book gives what its rules give one by one in order; asking again, in any order, gives the same."""
    whole, alone = book(*rules), [book(one) for one in rules]
    given_first = [whole.first(line) for line in lines]
    for line, found in zip(lines, given_first, strict=True):
        expected = next((str(number) for number, one in enumerate(alone) if one.first(line)), None)
        assert (found.rule_id if found else None) == expected
    assert [whole.first(line) for line in reversed(lines)] == given_first[::-1]


@settings(max_examples=60, deadline=None)
@given(RULES, st.lists(LINES, max_size=5))
def test_running_again_changes_nothing(rules: list[dict[str, Any]], lines: list[Line]) -> None:
    """What a rule gave is no input of a rule."""
    once = [book(*rules).first(line) for line in lines]
    assert [book(*rules).first(line) for line in lines] == once


def test_spellings_of_banks_are_met() -> None:
    """Case, accents and "ue" do not matter to a plain text."""
    found = book(rule(conditions=[{"what": "text", "how": "contains", "values": ["Müller"]}]))
    for text in ("MÜLLER WIEN", "MUELLER 12", "Muller"):
        assert found.first(Line(purpose=text)) is not None
    assert found.first(Line(purpose="Mühle")) is None


def test_an_amount_counts_in_its_own_currency() -> None:
    """50.00 euros are no 5,000 yen, though both are 5,000 minor units; a rule that names no currency fits both."""
    fifty = {"what": "amount", "at_least": 50_00, "at_most": 50_00}
    euros = book(rule(conditions=[{**fifty, "currency": "eur"}]))
    anything = book(rule(conditions=[fifty]))
    others = book(rule(conditions=[{**fifty, "currency": "EUR", "negate": True}]))
    for currency, fits in (("EUR", True), ("JPY", False), ("USD", False)):
        line = Line(payee="shop", amount_minor=-50_00, currency=currency)
        assert (euros.first(line) is not None) is fits
        assert (others.first(line) is not None) is not fits
        assert anything.first(line) is not None
    read = read_rule(rule(conditions=[{"what": "amount", "at_least": 5000, "currency": "JPY"}]))
    assert "of 5000 JPY or more" in sentence_of(read, {})


def test_a_switched_off_rule_is_silent() -> None:
    """It is kept and not heard."""
    assert book(rule(enabled=False)).first(Line(purpose="billa")) is None


@pytest.mark.parametrize(
    ("parts", "field", "words"),
    [
        (
            {"conditions": [{"what": "text", "how": "regex", "values": ["(a"]}]},
            "body.conditions.0",
            "regular expression",
        ),
        ({"conditions": [{"what": "text", "how": "regex", "values": ["(?=a)"]}]}, "body.conditions.0", "expression"),
        ({"conditions": [{"what": "amount"}]}, "body.conditions.0", "smallest or the largest"),
        ({"conditions": [{"what": "amount", "at_least": 9, "at_most": 1}]}, "body.conditions.0", "larger"),
        ({"conditions": [{"what": "currency", "values": ["EURO"]}]}, "body.conditions.0", "EUR"),
        ({"conditions": [{"what": "amount", "at_least": 9, "currency": "EURO"}]}, "body.conditions.0", "EUR"),
        ({"conditions": [{"what": "iban", "values": ["-"]}]}, "body.conditions.0", "IBAN"),
        ({"conditions": []}, "body.conditions", ""),
        ({"conditions": [{"what": "weather"}]}, "body.conditions.0", ""),
        ({"action": {}}, "body.action", "does nothing"),
        ({"name": "  "}, "body.name", "empty"),
    ],
)
def test_a_wrong_rule_is_refused_by_field(parts: dict[str, Any], field: str, words: str) -> None:
    """The error names the field, what is wrong, and what to do."""
    with pytest.raises(InvalidInput) as caught:
        read_rule(rule(**parts))
    problem = caught.value.fields[0]
    assert problem.name.startswith(field)
    assert words in problem.problem
    assert problem.remedy


def test_a_hostile_pattern_takes_no_time() -> None:
    """RE2's time grows with the text only."""
    found = book(rule(conditions=[{"what": "text", "how": "regex", "values": ["(a+)+$"]}]))
    started = time.process_time()
    found.first(Line(purpose="a" * 5000 + "!"))
    assert time.process_time() - started < 1.0


def test_a_preview_tells_what_would_change() -> None:
    """Lines that a person decided, and that earlier rules take, are told apart."""
    lines = [Line(purpose="BILLA 1"), Line(purpose="BILLA 2"), Line(purpose="BILLA PLUS"), Line(purpose="x")]
    earlier = book(rule("b", conditions=[{"what": "text", "values": ["billa plus"]}]))
    found = preview(read_rule(rule()), lines, [False, True, False, False], earlier)
    assert (found.fits, found.decides, found.by_hand, found.earlier) == ((0, 1, 2), (0,), (1,), (2,))


def test_a_rule_is_said_in_words() -> None:
    """One plain sentence."""
    said = sentence_of(
        read_rule(
            rule(
                conditions=[
                    {"what": "text", "part": "payee", "values": ["Billa", "Spar"]},
                    {"what": "amount", "at_most": 5000},
                    {"what": "direction", "value": "out"},
                    {"what": "account", "values": ["1"], "negate": True},
                ],
                action={"category_id": "food.groceries", "payee": "Market", "tags": ["x", "y"]},
            )
        ),
        {"food.groceries": "Groceries"},
        {"1": "Savings"},
    )
    assert said == (
        "If a payment has 'Billa' or 'Spar' in its payee and is of 50.00 EUR or less and went out and not (is on "
        "'Savings'), file it under 'Groceries' and call the payee 'Market' and tag it 'x' and 'y'."
    )


def test_a_payee_that_was_seen_is_not_gone_over_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """However its purposes differ, where rules ask for the payee; one that asks for the purpose reads that alone."""
    seen: list[str] = []
    whole = WordsIn.standing_in
    monkeypatch.setattr(WordsIn, "standing_in", lambda self, text: seen.append(text) or whole(self, text))
    of_payee = {"conditions": [{"what": "text", "part": "payee", "values": ["billa"]}]}
    of_purpose = {"conditions": [{"what": "text", "part": "purpose", "values": ["miete"]}]}
    lines = [Line(payee="BILLA", purpose=f"Bon {number}", amount_minor=-1) for number in range(3)]
    assert all(book(rule(**of_payee)).first(line) is not None for line in lines[:1])
    seen.clear()
    rules = book(rule(**of_payee))
    assert all(rules.first(line) is not None for line in lines)
    assert seen == ["billa"]
    seen.clear()
    both = book(rule(**of_purpose), rule(**of_payee))
    assert both.first(Line(payee="Billa", purpose="Miete Mai")) == both.first(Line(payee="x", purpose="Miete Mai"))
    assert sorted(seen) == ["billa", "miete mai", "x"]


def test_many_rules_cost_little() -> None:
    """20,000 lines by 200 rules: a fraction of a second, not 4,000,000 tests of conditions."""
    rules = book(*(rule(conditions=[{"what": "text", "values": [f"payee{number}x"]}]) for number in range(200)))
    lines = [Line(payee=f"Payee{number % 300}x", purpose=f"{number}", amount_minor=-1) for number in range(20_000)]
    started = time.process_time()
    found = sum(rules.first(line) is not None for line in lines)
    assert found == sum(number % 300 < 200 for number in range(20_000))
    assert time.process_time() - started < 2.0
