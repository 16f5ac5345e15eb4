"""What names of films and episodes say: hundreds of made-up names by class, and properties over any text."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.file_organizer.analysis.media_names import read_name, split_path, understand, understand_path
from tests.file_organizer.names_table import FILMS, MORE, SINGLE, Case, combined

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path("/work/shared/data/names/names.jsonl")
_PIECES = st.sampled_from(
    [
        *("Title", "S01E02", "s1", "e5", "E05", "1x02", "2x9-2x10", "-", "05", "101", "0123", "[Group]"),
        *(
            "[05]",
            "(2019)",
            "2019.03.21",
            "Season",
            "2",
            "Staffel 3",
            "Folge 4",
            "Part Two",
            "5of9",
            "第02話",
            "1080p",
            "x264",
            "DD5.1",
        ),
        *("-GROUP", ".mkv", "/", "&", "+", "\u202e", "\x00", "\ud800", "99999", "x"),
    ]
)
_ANY_NAME = st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=12).map(" ".join))


def plain(text: str) -> str:
    """Return a title's letters and digits."""
    return re.sub(r"[\W_]+", "", text.casefold())


def problems(case: Case) -> list[str]:
    """Return what was read wrongly."""
    found = understand_path(case.name)
    if found is None:
        return ["not understood"]
    wrong = []
    if (found.season, found.episodes) != (case.season, case.episodes):
        wrong.append(f"season {found.season}, episodes {found.episodes}")
    for key, value in case.more.items():
        got = getattr(found, key)
        if (plain(got) != plain(value)) if key == "title" else got != value:
            wrong.append(f"{key} {got!r}")
    return wrong


@pytest.mark.parametrize("case", SINGLE, ids=lambda case: case.name)
def test_a_name_is_read_as_a_person_would(case: Case) -> None:
    """Each form of its own: seasons, ranges, miniseries, dates, absolute numbers, folders, ids, countries."""
    assert problems(case) == []


def test_every_form_is_read_with_every_title() -> None:
    """Numbers and dots in a title do not disturb what comes after it."""
    cases = combined()
    assert len(cases) > 300
    assert {case.name: wrong for case in cases if (wrong := problems(case))} == {}


def test_every_further_form_is_read() -> None:
    """One table more, looked at as a whole: which of its names are read wrongly."""
    assert len(MORE) > 250
    assert {name: wrong for name, *numbers in MORE if (wrong := problems(Case(name, *numbers, {})))} == {}


@pytest.mark.parametrize(("name", "title", "year"), FILMS)
def test_a_film_has_its_year(name: str, title: str, year: int) -> None:
    """The last year counts, so that years in titles stay in the title."""
    found = understand_path(name)
    assert found is not None
    assert (found.kind, plain(found.title), found.year) == ("film", plain(title), year)


@pytest.mark.parametrize(
    "name", ["IMG_1234.MOV", "Holiday.pdf", "PXL_20240101_101010.mp4", "", "/", "20240101_101010.mp4"]
)
def test_what_is_neither_is_said_to_be_neither(name: str) -> None:
    """What a camera made and papers are no films."""
    assert read_name(name) is None


@settings(max_examples=400, deadline=None)
@given(_ANY_NAME)
def test_any_text_is_read_without_a_crash(name: str) -> None:
    """Whatever a file is called: an answer or none, episodes rising and never doubled, the same answer twice."""
    found = read_name(name)
    assert read_name(name) == found
    if found is None:
        return
    assert found.kind in ("film", "episode")
    assert list(found.episodes) == sorted(set(found.episodes))
    assert list(found.absolute) == sorted(set(found.absolute))
    assert found.season is None or found.season >= 0
    assert found.kind == "episode" or not found.episodes


@settings(max_examples=200, deadline=None)
@given(
    st.integers(1, 40),
    st.integers(1, 90),
    st.integers(1, 6),
    st.sampled_from(["S{s:02d}E{a:02d}-E{b:02d}", "S{s:02d}E{a:02d}-{b:02d}"]),
)
def test_a_range_holds_every_episode_between(season: int, first: int, more: int, form: str) -> None:
    """From the first to the last, none left out."""
    found = understand_path("Harbour Lights " + form.format(s=season, a=first, b=first + more) + ".mkv")
    assert found is not None
    assert (found.season, found.episodes) == (season, tuple(range(first, first + more + 1)))


def test_a_folder_only_helps_where_the_name_is_silent() -> None:
    """The organizer's question: the name first, then its folder; a plain title is no film there."""
    assert understand("05", folder="Harbour Lights/Season 2") == understand_path("Harbour Lights/Season 2/05.mkv")
    assert understand("holiday in rome") is None


def test_a_path_is_split_at_either_slash() -> None:
    """Only a known ending is an extension: a release name keeps its dots."""
    assert split_path("A\\B/c.mkv") == (("A", "B"), "c", "mkv")
    assert split_path("Show.S01E02.WEB-GROUP") == ((), "Show.S01E02.WEB-GROUP", "")


def _homie(*arguments: str, text: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-m", "backend.cli", "name", *arguments],
        cwd=ROOT,
        env=os.environ | {"HOMIE_DATA_DIR": "/nowhere/at/all"},
        input=text,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


def test_the_command_needs_no_data_and_speaks_json() -> None:
    """One object a line, always with the same keys; names come as arguments or on standard input."""
    names = ["Series/Harbour Lights/Season 2/Harbour.Lights.2x05.avi", "Talk.2019.03.21.mkv", "Holiday.pdf"]
    printed = _homie("--json", *names)
    lines = [json.loads(line) for line in printed.splitlines()]
    assert lines[0] == {
        "name": names[0],
        "kind": "episode",
        "title": "Harbour Lights",
        "year": None,
        "season": 2,
        "episodes": [5],
        "absolute": [],
        "date": None,
    }
    assert lines[1]["date"] == "2019-03-21"
    assert [line["kind"] for line in lines] == ["episode", "episode", "other"]
    assert {tuple(line) for line in lines} == {tuple(lines[0])}
    assert _homie("--json", text="\n".join(names) + "\n\n") == printed
    assert "season 2 · episode 5" in _homie(names[0])


def test_the_command_loads_guessit_only_when_it_is_asked() -> None:
    """A name that our rules understand costs no half second."""
    code = (
        "import sys; from backend.cli.name import describe; describe('A S01E02.mkv'); print('guessit' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "False"


@pytest.mark.skipif(not SHARED.exists(), reason="the shared names are not on this machine")
def test_the_shared_names_are_read_at_least_as_well_as_guessit_reads_them() -> None:
    """Season and episodes both right, over all names, in one comparison with guessit's own."""
    from benchmarks.names import measure, ours, theirs

    rows = [json.loads(line) for line in SHARED.read_text("utf-8").splitlines()][::4]
    assert measure(rows, ours)[0]["season and episodes"] >= measure(rows, theirs)[0]["season and episodes"]
