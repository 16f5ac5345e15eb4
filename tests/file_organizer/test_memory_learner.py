"""The learner by itself: what it promises of any household, and that the benchmark's method holds on a made-up one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.file_organizer.memory.calibration import BINS, Calibrator
from backend.file_organizer.memory.evidence import evidence_for, sentence
from backend.file_organizer.memory.experts import Asked
from backend.file_organizer.memory.learner import Example
from backend.file_organizer.memory.model import DestinationModel
from backend.file_organizer.memory.signs import TELLING, shape_of, signs_of_name, words_of
from benchmarks.filing import replay

FOLDERS = ("Bills/Energy", "Bills/Water", "School", "Photos/{year}", "Choir")
WORDS = ("stadtwerke", "abschlag", "wasser", "kita", "chor", "noten", "urlaub", "rechnung", "brief")
names = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(lambda some: " ".join(some) + ".pdf")
filings = st.lists(st.tuples(names, st.sampled_from(FOLDERS)), min_size=1, max_size=25)


def yes(name: str, folder: str, at: float = 0.0, batch: int = 0) -> Example:
    return Example(signs_of_name(name), ("v", folder), at=at, batch=batch)


def no(name: str, folder: str, weight: float = 3.0, at: float = 0.0) -> Example:
    signs = [sign for sign in signs_of_name(name) if sign.partition(":")[0] in TELLING]
    return Example(signs, ("v", folder), yes=0.0, no=weight, at=at)


def taught(lessons: list[tuple[str, str]]) -> DestinationModel:
    model = DestinationModel()
    model.count([yes(name, folder, float(place), place) for place, (name, folder) in enumerate(lessons)])
    return model


def share(model: DestinationModel, name: str, folder: str) -> float:
    """Return how likely the ranking holds a folder, against the others and a new one."""
    (found,) = model.predict([Asked(signs_of_name(name))])
    return next((place.confidence for place in found.places if place.target[1] == folder), 0.0)


def rank(model: DestinationModel, name: str, folder: str) -> int:
    (found,) = model.predict([Asked(signs_of_name(name))])
    targets = [place.target[1] for place in found.places]
    return targets.index(folder) if folder in targets else 99


@settings(max_examples=40, deadline=None)
@given(filings, names, st.sampled_from(FOLDERS))
def test_learning_the_same_accept_again_never_lowers_it(lessons: list[tuple[str, str]], name: str, folder: str) -> None:
    """Whoever sends the same file to the same folder twice finds it at least as high in the list."""
    model = taught([*lessons, (name, folder)])
    before = rank(model, name, folder)
    model.count([yes(name, folder, 99.0, 99)])
    assert rank(model, name, folder) <= before


@settings(max_examples=40, deadline=None)
@given(filings, names, st.sampled_from(FOLDERS))
def test_an_undo_lowers(lessons: list[tuple[str, str]], name: str, folder: str) -> None:
    """After "no" a folder is never surer than before, and never higher in the list."""
    model = taught([*lessons, (name, folder)])
    sure, place = share(model, name, folder), rank(model, name, folder)
    model.count([no(name, folder, at=99.0)])
    assert share(model, name, folder) <= sure + 1e-9
    assert rank(model, name, folder) >= place


@settings(max_examples=25, deadline=None)
@given(filings)
def test_a_state_gives_the_same_predictions_wherever_it_is_loaded(lessons: list[tuple[str, str]]) -> None:
    """Tuning as JSON and the lessons again: the same places with the same confidence."""
    model = DestinationModel()
    for place, (name, folder) in enumerate(lessons):
        model.learn([Asked(signs_of_name(name))], [yes(name, folder, float(place), place)], float(place))
    again = DestinationModel(json.loads(json.dumps(model.state())))
    again.count([yes(name, folder, float(place), place) for place, (name, folder) in enumerate(lessons)])
    for word in WORDS:
        asked = [Asked(signs_of_name(f"{word}.pdf"))]
        assert again.predict(asked, 50.0) == model.predict(asked, 50.0)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=200))
def test_confidence_rises_with_the_ranking_and_stays_within_bounds(seen: list[tuple[float, bool]]) -> None:
    """Whatever was seen, more raw probability never means less confidence, and nothing is certain."""
    calibrator = Calibrator()
    for raw, hit in seen:
        calibrator.learn(raw, hit)
    curve = calibrator.curve()
    assert len(curve) == BINS
    values = [calibrator.confidence(raw / 200, curve) for raw in range(201)]
    assert values == sorted(values)
    assert 0.0 <= values[0] <= values[-1] < 1.0


@pytest.mark.parametrize("state", [None, {}, {"version": 99}, {"version": 1, "experts": {"bayes": "x"}, "seen": [1]}])
def test_a_state_that_is_not_ours_is_the_shipped_one(state: dict[str, object] | None) -> None:
    """A newer or damaged state never stops the memory."""
    assert DestinationModel(state).state() == DestinationModel().state()


def test_a_young_memory_is_modest() -> None:
    """Three files are no proof: nothing is as sure as 0.9, however clear it looks."""
    model = taught([("Stadtwerke 1.pdf", "Bills/Energy")] * 3)
    assert 0.7 <= share(model, "Stadtwerke 4.pdf", "Bills/Energy") < 0.9


def test_recent_filing_counts_more() -> None:
    """A household that changed its mind is followed."""
    old = [("Stadtwerke Abschlag.pdf", "Old")] * 12
    model = taught([*old, *[(f"holiday {n}.jpg", "Photos") for n in range(300)], *[("Stadtwerke.pdf", "New")] * 6])
    assert rank(model, "Stadtwerke Brief.pdf", "New") == 0


def test_a_new_folder_is_expected_where_nothing_fits() -> None:
    """A name unlike everything, in a time of new folders, asks for one; a well-known name does not."""
    model = DestinationModel()
    for number in range(40):
        word = f"{WORDS[number % 9]}{'abcdefghij'[number % 10]}x"
        lesson = yes(f"{word} {word}.pdf", f"Topic {word}", float(number), number)
        model.learn([Asked(lesson.signs)], [lesson], float(number))
    model.count([yes("Stadtwerke.pdf", "Bills", 50.0, 50)] * 5)
    unknown, known = model.predict([Asked(signs_of_name("qqqq zzzz.pdf"))]) + model.predict(
        [Asked(signs_of_name("Stadtwerke.pdf"))]
    )
    assert unknown.new > known.new
    assert unknown.wants_new_folder


def test_files_that_moved_on_leave_their_old_folder() -> None:
    """A folder that was renamed outside is not suggested any more once its files are elsewhere."""
    model = taught([(f"chor noten {n}.pdf", "Choir") for n in range(4)])
    model.count(
        [
            Example(signs_of_name(f"chor noten {n}.pdf"), ("v", "Music/Choir"), at=9.0, batch=9, left=("v", "Choir"))
            for n in range(4)
        ]
    )
    assert rank(model, "chor noten 9.pdf", "Music/Choir") == 0


def test_a_file_that_leaves_its_folder_is_not_sent_back_to_it() -> None:
    """Where the file lies already is no answer for a file that moves."""
    model = taught([("chor noten.pdf", "Choir")] * 5 + [("kita.pdf", "School")])
    (found,) = model.predict([Asked(signs_of_name("chor noten.pdf", "Choir"), "Choir", leaving=True)])
    assert "Choir" not in [place.target[1] for place in found.places]


def test_evidence_counts_what_went_where() -> None:
    """Eleven of twelve, and the day of the last one."""
    lessons = [(f"Stadtwerke {'abcdefghijkl'[n]}.pdf", "Bills/Energy" if n else "Other") for n in range(12)]
    model = DestinationModel()
    model.count([yes(name, folder, 1_777_800_000.0 + n, n) for n, (name, folder) in enumerate(lessons)])
    (best, *_) = evidence_for(model.learner, signs_of_name("Stadtwerke zz.pdf"), ("v", "Bills/Energy"))
    said = sentence(best, "Stadtwerke zz", "Bills/Energy")
    assert said == "11 of 12 files with 'Stadtwerke' went to Bills/Energy, last on 2026-05-03."


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("useThreeJS", ["use", "three", "js"]),
        ("MyInvoiceFromShop2024", ["my", "invoice", "from", "shop"]),
        ("1_FifNx4NCyynAZqLjVtB5Ow", []),
        ("Wörter-ÄpfelSaft", ["worter", "apfel", "saft"]),
        ("다운로드", ["다운로드"]),
        ("", []),
    ],
)
def test_names_fall_into_words(name: str, words: list[str]) -> None:
    """At signs, digits and capitals; ids that no person wrote give none."""
    assert words_of(name) == words


def test_shapes_join_names_that_only_numbers_tell_apart() -> None:
    assert shape_of("IMG_0001") == shape_of("IMG_0942") == "img_#"


@given(st.text(max_size=300))
def test_any_name_gives_bounded_signs(name: str) -> None:
    """Hostile names neither raise nor grow."""
    signs = signs_of_name(name)
    assert all(len(sign) <= 120 for sign in signs)
    assert len(signs) < 100


# ---------------------------------------------------------------------- the benchmark's method


def stream(path: Path) -> Path:
    """Write two years of a made-up household: clear habits, a folder that appears later, one that is renamed."""
    rows = []
    for number in range(160):
        month = number % 12 + 1
        rows += [
            (number, f"Stadtwerke Abschlag {month:02d}.pdf", "Bills/Energy", None),
            (number, f"IMG_{number:04d}.jpg", "Photos" if number < 80 else "Pictures", None),
        ]
        if number % 3 == 0:
            rows.append((number, f"Kita Elternbrief {number}.pdf", "School/Kita", None))
        if number % 7 == 0:
            rows.append((number, f"chor noten {WORDS[number % 9]}.pdf", "Choir", None))
        if number == 80:
            rows += [(number, f"IMG_{n:04d}.jpg", "Pictures", f"Photos/IMG_{n:04d}.jpg") for n in range(0, 80, 8)]
    with path.open("w") as out:
        for batch, name, folder, source in rows:
            row = {"batch": batch, "time": 1_700_000_000 + batch * 86400, "action": "moved" if source else "added"}
            row |= {"name": name, "to_folder": folder} | ({"from": source} if source else {})
            out.write(json.dumps(row) + "\n")
    return path


def test_the_benchmark_finds_clear_habits(tmp_path: Path) -> None:
    """On filing that a person could foretell the learner is right, sure of it, and better than its peers."""
    result = replay(stream(tmp_path / "household.jsonl"))
    first = result.ours.first / result.ours.known
    assert first > 0.95
    assert first > result.bayes.first / result.bayes.known
    assert first > result.majority.first / result.majority.known
    precision, count = result.precision_when_sure(known_only=False)
    assert count > result.files / 2
    assert precision > 0.95
    assert result.calibration_error() < 0.1
