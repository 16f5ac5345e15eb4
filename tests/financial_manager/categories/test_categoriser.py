"""Who is heard first, what is said about it, and that a person's word stays."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.financial_manager.categories import (
    AiWord,
    Categoriser,
    LearnedModel,
    Line,
    Row,
    Rule,
    RuleBook,
    Source,
    leaves,
    read_rule,
)

IDS = [one.id for one in leaves()]
BILLA = Line(purpose="KARTE 1234 BILLA DANKT 5 WIEN", amount_minor=-1234)
STRANGE = Line(purpose="QWXY VRTZ", amount_minor=-900)


def with_rule(category: str | None, **action: object) -> Categoriser:
    definition = read_rule(
        {
            "name": "Market",
            "conditions": [{"what": "text", "values": ["billa", "qwxy"]}],
            "action": {"category_id": category} | action,
        }
    )
    return Categoriser(rules=RuleBook([Rule("r1", definition)]))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(IDS), st.sampled_from(["BILLA", "qwxy", "x"]), st.integers(-999, 999), st.sampled_from(IDS))
def test_a_person_is_never_overruled(chosen: str, text: str, amount: int, ruled: str) -> None:
    """Neither rule, model, knowledge nor AI changes what was chosen by hand."""
    found = with_rule(ruled)
    line = Line(purpose=text, amount_minor=amount)
    found.correct(line, ruled)
    answer = found.assign(line, by_hand=chosen, ai=AiWord(ruled, 1.0))
    assert (answer.category_id, answer.source, answer.confidence) == (chosen, Source.HAND, 1.0)


def test_they_are_heard_in_order() -> None:
    """Rule over history, history over shipped knowledge, knowledge over AI, AI over the inbox."""
    ruled = with_rule("leisure.books")
    ruled.correct(BILLA, "kids.things")
    assert ruled.assign(BILLA).source is Source.RULE
    plain = Categoriser()
    assert plain.assign(BILLA, ai=AiWord("leisure.books", 0.9)).source is Source.MERCHANTS
    plain.correct(BILLA, "kids.things")
    learned = plain.assign(BILLA)
    assert (learned.category_id, learned.source) == ("kids.things", Source.MEMORY)
    assert learned.reason.text == "1 of 1 payments to BILLA were Children's things and toys."
    assert Categoriser().assign(STRANGE, ai=AiWord("leisure.books", 0.9)).source is Source.AI
    assert Categoriser().assign(STRANGE, ai=AiWord("leisure.books", 0.3)).source is Source.INBOX


def test_the_unknown_goes_to_the_inbox() -> None:
    """No category, a reason, and nothing invented."""
    answer = Categoriser().assign(STRANGE)
    assert (answer.category_id, answer.source, answer.confidence) == (None, Source.INBOX, 0.0)
    assert answer.reason.text == "Nothing is known of QWXY VRTZ yet."
    assert answer.alternatives == ()


def test_the_inbox_proposes() -> None:
    """What is likely but not sure comes first among at most three proposals."""
    answer = Categoriser().assign(Line(purpose="AMAZON EU", amount_minor=-999))
    assert answer.category_id is None
    assert answer.alternatives[0].category_id == "shopping.online"
    assert len(answer.alternatives) <= 3


def test_only_the_households_categories_are_given() -> None:
    """A category that the household took away is neither given nor proposed."""
    mine = Categoriser(titles={"own.food": "Food"})
    answer = mine.assign(BILLA, ai=AiWord("food.groceries", 1.0))
    assert (answer.category_id, answer.alternatives) == (None, ())


def test_knowledge_speaks_in_the_households_categories() -> None:
    """A shipped category that was merged into another one is given as that; one that was dropped is not given."""
    mine = Categoriser(
        LearnedModel(filed_as={"food.groceries": "own.food", "housing.diy": None}), titles={"own.food": "F"}
    )
    assert mine.assign(BILLA).category_id == "own.food"
    assert mine.assign(Line(purpose="HORNBACH", amount_minor=-1)).category_id is None


def test_knowledge_never_speaks_against_a_payees_history() -> None:
    """One line filed elsewhere is enough to make it ask rather than insist."""
    mine = Categoriser()
    mine.model.learn(BILLA, "leisure.books")
    assert mine.assign(BILLA).category_id in (None, "leisure.books")


def test_own_history_silences_shipped_knowledge() -> None:
    """An owner who files supermarkets elsewhere is believed for supermarkets that are new."""
    mine = Categoriser()
    for name in ("BILLA", "SPAR", "HOFER", "LIDL", "PENNY", "MPREIS", "ADEG", "UNIMARKT"):
        mine.correct(Line(purpose=name, amount_minor=-500), "kids.things")
    answer = mine.assign(Line(purpose="EDEKA", amount_minor=-500))
    assert answer.category_id in (None, "kids.things")


def test_a_rule_without_a_category_adds_its_words() -> None:
    """It names the payee; the category comes from who is next."""
    answer = with_rule(None, payee="Supermarket").assign(BILLA)
    assert (answer.category_id, answer.source, answer.payee) == ("food.groceries", Source.MERCHANTS, "Supermarket")


def test_a_correction_is_offered_for_similar_rows() -> None:
    """The same payee first; never a row by hand, one that has it, or money of the other direction."""
    mine = Categoriser()
    line = Line(purpose="KARTE 1 SCHUHHAUS ADLER 22", amount_minor=-5000)
    rows = [
        Row(Line(purpose="KARTE 2 SCHUHHAUS ADLER 31", amount_minor=-100)),
        Row(Line(purpose="SCHUHHAUS ADLER", amount_minor=-100), "shopping.clothing"),
        Row(Line(purpose="SCHUHHAUS ADLER", amount_minor=-100), "leisure.books", by_hand=True),
        Row(Line(purpose="SCHUHHAUS ADLER", amount_minor=100)),
        Row(Line(purpose="SCHUHHAUS ADLER LINZ", amount_minor=-7), "leisure.books"),
        Row(Line(purpose="SCHUHHAUS MEIER", amount_minor=-100)),
        Row(Line(purpose="BILLA", amount_minor=-100)),
    ]
    mine.correct(line, "shopping.clothing")
    offers = mine.similar(rows, line, "shopping.clothing")
    assert [(one.row, one.same_payee) for one in offers] == [(0, True), (4, True), (5, False)]


def test_all_rows_at_once() -> None:
    """The batch gives what single calls give, and is the same when run again."""
    mine = Categoriser()
    rows = [Row(BILLA), Row(STRANGE), Row(STRANGE, "leisure.books", by_hand=True)]
    words = {STRANGE.group_key: AiWord("leisure.games", 0.9)}
    once = [answer for _, answer in mine.assign_all(rows, words)]
    assert [one.source for one in once] == [Source.MERCHANTS, Source.AI, Source.HAND]
    assert [answer for _, answer in mine.assign_all(rows, words)] == once
