"""How typed words are compared with names: without case and accents, beginnings first, every word needed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.sdk.finding import fold, match, name_key, words_of


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("muller", "Müller.pdf"),
        ("MÜLLER", "muller.pdf"),
        ("strasse", "Straße 5.txt"),
        ("cafe", "Café.jpg"),
        ("ﬁn", "finanzamt.pdf"),
        ("rechnung 2024", "2024-03 Rechnung Strom.pdf"),
        ("kafé", "Kafe\u0301.txt"),
    ],
)
def test_case_and_accents_do_not_matter(typed: str, name: str) -> None:
    assert match(name, words_of(typed)) is not None


def test_each_word_must_be_in_the_name() -> None:
    assert match("Rechnung Strom.pdf", words_of("rechnung gas")) is None
    assert match("anything", words_of("   ")) is None


def test_a_name_that_begins_with_it_is_better_than_one_that_only_has_it() -> None:
    """Name, then word, then middle of a word."""
    scores = [match(name, words_of("art"))[0] for name in ("Art book", "Modern art", "Party list")]  # type: ignore[index]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 3


@given(st.text(max_size=60), st.integers(0, 59), st.integers(1, 20))
def test_what_is_part_of_a_name_is_found_and_shown_there(name: str, start: int, length: int) -> None:
    """Any part of a name finds it; the highlighted part folds to something that holds the word."""
    part = name[start : start + length]
    words = words_of(part)
    if not words or len(words) > 1:
        return
    found = match(name, words)
    assert found is not None
    score, places = found
    assert 0 < score <= 1
    assert all(0 <= begin < end <= len(name) for begin, end in places)
    assert words[0] in fold(name[places[0][0] : places[0][1]])


@given(st.text(max_size=80))
def test_folding_again_changes_nothing_that_is_compared(text: str) -> None:
    """A stored key and a typed word meet in the same form."""
    assert all(word in fold(text) for word in words_of(text))
    assert name_key(f"some/folder/{text.replace('/', '')}") == fold(text.replace("/", ""))[:255]
