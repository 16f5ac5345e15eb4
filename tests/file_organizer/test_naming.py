"""Templates and patterns: what they make, what they refuse, and that what they make is read as it was meant."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.file_organizer.analysis.media_names import MediaName, understand_path
from backend.file_organizer.naming.namer import follow
from backend.file_organizer.naming.patterns import learn_pattern
from backend.file_organizer.naming.templates import DEFAULTS, NameKind, check_template, fill, kind_of, plain
from backend.file_organizer.planning.suggestions import folder_name
from backend.sdk.actor import Actor
from backend.sdk.errors import InvalidInput
from tests.file_organizer.conftest import Hub

_WORD = st.from_regex(r"[A-Z][a-z]{3,9}", fullmatch=True)
_TITLE = st.lists(_WORD, min_size=1, max_size=3).map(" ".join)
_EPISODE = st.builds(
    lambda title, season, first, more: MediaName("episode", title, None, season, tuple(range(first, first + more + 1))),
    _TITLE, st.integers(0, 30), st.integers(1, 90), st.integers(0, 3),
)  # fmt: skip
_DAILY = st.builds(
    lambda title, day: MediaName("episode", title, date=day), _TITLE, st.dates(date(1990, 1, 1), date(2030, 12, 31))
)
_ABSOLUTE = st.builds(
    lambda title, number: MediaName("episode", title, episodes=(number,), absolute=(number,)),
    _TITLE, st.integers(1, 1500),
)  # fmt: skip
_FILM = st.builds(lambda title, year: MediaName("film", title, year), _TITLE, st.integers(1920, 2030))
_OTHERS = {
    NameKind.EPISODE: (
        "{title} {season}x{episode:00}",
        "{title:.}.S{season:00}E{episode:00}",
        "{title} S{season}E{episode}",
    ),
    NameKind.DAILY: ("{title:.}.{date:.}",),
    NameKind.ABSOLUTE: ("{title} - {absolute:00}",),
    NameKind.FILM: ("{title:.}.({year})",),
}


@settings(max_examples=300, deadline=None)
@given(st.one_of(_EPISODE, _DAILY, _ABSOLUTE, _FILM), st.integers(0, 9))
def test_a_name_that_was_made_is_read_as_it_was_meant(media: MediaName, choice: int) -> None:
    """Format, then parse: the same numbers; and a second format makes the same name."""
    kind = kind_of(media)
    assert kind is not None
    templates = (DEFAULTS[kind], *_OTHERS[kind])
    template = check_template(kind, templates[choice % len(templates)], field="x")
    made = fill(template, media)
    assert made is not None
    back = understand_path(made + ".mkv")
    assert back is not None
    assert (back.kind, back.season, back.episodes, back.date) == (media.kind, media.season, media.episodes, media.date)
    assert re.sub(r"\W", "", back.title) == re.sub(r"\W", "", media.title)
    assert kind is not NameKind.FILM or back.year == media.year
    assert fill(template, back, title=media.title) == made


@pytest.mark.parametrize(
    ("template", "word"),
    [
        ("", "1 to"),
        ("{title", "brace"),
        ("{title}]", "no ["),
        ("[{title}", "not closed"),
        ("[[{title}]]", "within"),
        ("{actor} {season}{episode}", "not known"),
        ("{season:xx}{episode}", "not known"),
        ("{title}", "outside"),
        ("[{season}{episode}]", "outside"),
        ("{title}/{season}{episode}", "cannot hold"),
        ("{season}{episode}: <{title}>", "cannot hold"),
    ],
)
def test_a_template_that_cannot_work_says_why(template: str, word: str) -> None:
    """What is wrong and how to mend it, before anything is stored."""
    with pytest.raises(InvalidInput) as caught:
        check_template(NameKind.EPISODE, template, field="body.template")
    (field,) = caught.value.fields
    assert word in field.problem
    assert field.remedy


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80), _EPISODE)
def test_no_template_makes_a_path(template: str, media: MediaName) -> None:
    """Whatever is typed is refused with words, or makes a plain name."""
    try:
        text = check_template(NameKind.EPISODE, template, field="x")
    except InvalidInput:
        return
    made = fill(text, media)
    assert made is None or ("/" not in made and made not in (".", ".."))


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_characters='/\\<>:"|?*', exclude_categories=("C", "Zl", "Zp")), max_size=40))
def test_plain_text_stays_itself(text: str) -> None:
    """A title with brackets and braces is no template."""
    made = fill(plain("x " + text + " x"), MediaName("film", "T"))
    assert made is not None
    assert made == folder_name("x " + text + " x")


@pytest.mark.parametrize(
    ("stems", "pattern"),
    [
        (
            ["Show - S01E02 - A Day", "Show - S01E03 - Two", "Show - S01E04"],
            "Show - S{season:00}E{episode:00}[ - {episode_title}]",
        ),
        (["Show.1x02", "Show.1x03"], "Show.{season}x{episode:00}"),
        (["Show.s01e02.A.Day", "Show.s01e03.Two.Days"], "Show.s{season:00}e{episode:00}[.{episode_title:.}]"),
        (["Show (US) [x] 01x02", "Show (US) [x] 01x03"], "Show (US) \\[x\\] {season:00}x{episode:00}"),
        (["Sky - 001 - A", "Sky - 002 - B"], "Sky - {absolute:000}[ - {episode_title}]"),
        (["Talk.2019.01.02", "Talk.2019.01.03"], "Talk.{date:.}"),
        (["Show.S01E02.720p-X", "Show.S01E03.720p-X"], None),
        (["Show - S01E02"], None),
        (["Show - S01E02", "Show 1x03", "Other.S01E03", "x"], None),
        ([], None),
    ],
)  # fmt: skip
def test_a_pattern_is_what_most_names_share(stems: list[str], pattern: str | None) -> None:
    """At least two and more than half agree; names with technical words teach nothing."""
    assert learn_pattern(stems) == pattern


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.b.en.srt", "New.en.srt"),
        ("A.B.nfo", "New.nfo"),
        ("a.b-thumb.jpg", "New-thumb.jpg"),
        ("a.b.mkv.nfo", "New.mkv.nfo"),
        ("a.bc.srt", "a.bc.srt"),
        ("poster.jpg", "poster.jpg"),
    ],
)
def test_sidecars_take_what_they_shared(name: str, expected: str) -> None:
    """The part of the name that they shared with the video becomes the new name."""
    assert follow(name, "a.b.mkv", "New.mkv") == expected


def test_choices_are_stored_and_tried(hub: Hub, alice: Actor) -> None:
    """A trial stores nothing; a change is kept; a bad template changes nothing at all."""
    client = hub.client(alice)
    start = client.get("/naming").json
    assert not start["like_others"]
    assert not any(one["on"] for one in start["templates"])
    tried = client.post("/naming/try", json={"kind": "episode", "template": "{title} {season}x{episode:00}"}).json
    assert tried["ok"]
    assert tried["examples"][0]["after"] == "Harbour Lights 2x05.mkv"
    refused = client.post("/naming/try", json={"kind": "film", "template": "{season}"}).json
    assert not refused["ok"]
    assert refused["remedy"]
    assert client.get("/naming").json == start
    bad = {"like_others": True, "templates": {"film": {"template": "{nope}"}}}
    assert client.patch("/naming", json=bad).status_code == 422
    assert client.get("/naming").json == start
    good = {"like_others": True, "templates": {"film": {"template": "{title} [{year}]", "on": True}}}
    changed = client.patch("/naming", json=good).json
    assert changed["like_others"]
    assert changed == client.get("/naming").json
    film = next(one for one in changed["templates"] if one["kind"] == "film")
    assert film["example"].startswith("The Silver Coast 1994")
