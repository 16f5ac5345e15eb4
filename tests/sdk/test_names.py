"""Names: what cannot be seen is no name; what scripts and emoji are written with stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.sdk.names import plain_name

JOINER, NON_JOINER, SPACE, OVERRIDE, ISOLATE, POP = "\u200d", "\u200c", "\u200b", "\u202e", "\u2067", "\u2069"


@pytest.mark.parametrize(
    "text",
    ["", "   ", "\t\n", "\u00a0\u2003", SPACE, f" {SPACE} {SPACE}", "\ufeff", OVERRIDE, f"{ISOLATE}{POP}", "\u00ad",
     "\u2060", "\u3164", "\u2800", "\ufe0f", "\u200e\u200f", "\x00", "\ud800", "\u0301", "\U000e0067\U000e007f"],
)  # fmt: skip
def test_a_name_of_nothing_that_can_be_seen_is_none(text: str) -> None:
    """Spaces of all kinds, zero width, directions, blank letters, marks and tags without anything below them."""
    assert plain_name(text) == ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"{SPACE}Giro{SPACE}", "Giro"),
        (f"\ufeff Giro \u2003 Anna {JOINER}", "Giro Anna"),
        (f"Giro{OVERRIDE}orig", "Giroorig"),
        (f"{ISOLATE}בנק{POP}", "בנק"),
    ],
)
def test_what_cannot_be_seen_is_cleaned_away(text: str, name: str) -> None:
    """At both ends; what turns the direction of other text wherever it is."""
    assert plain_name(text) == name


@pytest.mark.parametrize(
    "name",
    [f"می{NON_JOINER}خواهم", f"\U0001f469{JOINER}\U0001f4bb", "Café", "Cafe\u0301", "❤\ufe0f", "家計",
     "O'Neill & Söhne", "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "क\u094d\u200dष"],
)  # fmt: skip
def test_what_a_script_is_written_with_stays(name: str) -> None:
    """Persian, emoji of several, accents of two signs, flags of regions."""
    assert plain_name(name) == name


@given(st.text())
def test_a_clean_name_stays_clean(text: str) -> None:
    """Cleaned twice is cleaned once, and whatever can be seen keeps its order."""
    once = plain_name(text)
    assert plain_name(once) == once
    assert once == once.strip()
