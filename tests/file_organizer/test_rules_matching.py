"""Whether a rule fits a file: against an oracle of its own, on hostile patterns, and at the edges of the calendar."""

from __future__ import annotations

import fnmatch
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from backend.file_organizer.rules.definition import Condition, NameCondition, RuleBody, RuleDefinition
from backend.file_organizer.rules.matching import CONDITIONS, before, is_met, matches
from backend.file_organizer.rules.patterns import search
from backend.file_organizer.rules.placeholders import PlaceholderEmpty, fill
from backend.file_organizer.rules.rule_book import destination
from backend.file_organizer.rules.subject import Subject, birth_time
from backend.sdk.files import VolumePath

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
LETTERS = st.text("abAB1_ -", min_size=1, max_size=6)
NAMES = st.builds(lambda stem, ending: f"{stem}.{ending}", LETTERS, st.sampled_from(["pdf", "jpg", "txt", "PDF"]))


def subject(name: str = "a.pdf", **given: Any) -> Subject:
    """Return a file as the scan would know it."""
    known: dict[str, Any] = {"folder": VolumePath("v", "Inbox/New"), "size": 10, "modified": NOW - timedelta(days=3)}
    return Subject(name, **(known | given))


def rule(*conditions: dict[str, Any], match: str = "all", **action: Any) -> RuleBody:
    """Return what a rule says."""
    return RuleBody.model_validate(
        {"match": match, "conditions": list(conditions), "action": action or {"do": "leave"}}
    )


CONDITION = st.one_of(
    st.fixed_dictionaries(
        {
            "what": st.just("name"),
            "how": st.sampled_from(["is", "contains", "begins", "ends", "glob"]),
            "values": st.lists(LETTERS, min_size=1, max_size=2),
            "part": st.sampled_from(["any", "stem", "whole"]),
            "case_sensitive": st.booleans(),
            "negate": st.booleans(),
        }
    ),
    st.fixed_dictionaries(
        {"what": st.just("extension"), "values": st.lists(st.sampled_from(["pdf", ".JPG", "txt"]), min_size=1)}
        | {"negate": st.booleans()}
    ),
    st.fixed_dictionaries(
        {"what": st.just("size"), "at_least": st.integers(0, 20), "at_most": st.integers(20, 40)}
        | {"negate": st.booleans()}
    ),
    st.fixed_dictionaries(
        {
            "what": st.just("age"),
            "since": st.sampled_from(["modified", "created", "taken"]),
            "how": st.sampled_from(["older", "younger"]),
            "amount": st.integers(1, 9),
            "unit": st.just("days"),
            "negate": st.booleans(),
        }
    ),
    st.fixed_dictionaries(
        {"what": st.just("text"), "values": st.lists(st.sampled_from(["tax", "tax office", "bill"]), min_size=1)}
    ),
    st.fixed_dictionaries({"what": st.just("duplicate"), "negate": st.booleans()}),
)
SUBJECT = st.builds(
    lambda name, size, days, text, copy: subject(
        name,
        size=size,
        modified=None if days is None else NOW - timedelta(days=days, hours=1),
        text=lambda: text,
        copy=lambda: copy,
    ),
    NAMES,
    st.integers(0, 50),
    st.none() | st.integers(0, 12),
    st.none() | st.sampled_from(["The Tax Office", "a bill", ""]),
    st.none() | st.booleans(),
)


def oracle(condition: dict[str, Any], file: Subject) -> bool | None:
    """Decide one condition by other means than the program: Python's own fnmatch, sets and arithmetic."""
    met: bool | None
    if condition["what"] == "name":
        stem = file.name.rpartition(".")[0]
        texts = {"any": [file.name, stem], "stem": [stem], "whole": [file.name]}[condition["part"]]
        values = condition["values"]
        if not condition["case_sensitive"]:
            texts, values = [t.lower() for t in texts], [v.lower() for v in values]
        pairs = [(text, value) for text in texts for value in values]
        by = {
            "is": lambda t, v: t == v,
            "contains": lambda t, v: v in t,
            "begins": lambda t, v: t[: len(v)] == v,
            "ends": lambda t, v: t[-len(v) :] == v,
            "glob": lambda t, v: fnmatch.fnmatchcase(t, v),
        }[condition["how"]]
        met = any(by(text, value) for text, value in pairs)
    elif condition["what"] == "extension":
        met = file.name.split(".")[-1].lower() in {value.strip(".").lower() for value in condition["values"]}
    elif condition["what"] == "size":
        met = file.size in range(condition["at_least"], condition["at_most"] + 1)
    elif condition["what"] == "age":
        moment = file.modified if condition["since"] == "modified" else None
        passed = None if moment is None else (NOW - moment).total_seconds() / 86400
        met = None if passed is None else (passed > condition["amount"]) == (condition["how"] == "older")
    elif condition["what"] == "duplicate":
        met = file.copy()
    else:
        text = file.text()
        met = None if text is None else any(set(v.split()) <= set(text.lower().split()) for v in condition["values"])
    return met if met is None else met != condition.get("negate", False)


@settings(max_examples=300, deadline=None)
@given(st.lists(CONDITION, min_size=1, max_size=4), st.sampled_from(["all", "any"]), SUBJECT)
def test_a_rule_fits_exactly_what_an_oracle_says(conditions: list[dict[str, Any]], match: str, file: Subject) -> None:
    """All or any of the conditions, each decided by other means; what is not known makes the whole unknown only
    where the known ones do not decide."""
    said = [oracle(condition, file) for condition in conditions]
    if match == "all":
        expected = False if False in said else None if None in said else True
    else:
        expected = True if True in said else None if None in said else False
    assert matches(rule(*conditions, match=match), file, NOW) is expected


@settings(max_examples=200, deadline=None)
@given(st.lists(CONDITION, min_size=1, max_size=4), LETTERS)
def test_a_rule_written_and_read_is_the_same_rule(conditions: list[dict[str, Any]], name: str) -> None:
    """What is stored, exported and sent is read back as it was."""
    if not name.strip():
        return
    body = rule(*conditions, do="move", folder={"path": "A/{year}"}, name="{name} {month}")
    made = RuleDefinition(name=name, body=body)
    assert RuleDefinition.model_validate_json(made.model_dump_json(exclude_none=True)) == made


def test_every_kind_of_condition_has_a_test() -> None:
    """No condition can be stored that nothing decides."""
    samples: dict[str, dict[str, Any]] = {
        "size": {"at_least": 1},
        "age": {"amount": 1},
        "folder": {"places": [{"volume_id": "v", "path": "Inbox"}]},
        "kind": {"values": ["document"]},
        "duplicate": {},
    }
    for kind in CONDITIONS:
        what = kind.model_fields["what"].default
        condition: Condition = kind.model_validate({"what": what} | samples.get(what, {"values": ["pdf"]}))
        assert is_met(condition, subject(text=lambda: "pdf", camera="pdf", copy=lambda: True), NOW) is not None


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(a+)+$", "a" * 100_000 + "!"),
        ("(a|aa)+$", "a" * 100_000 + "!"),
        ("(.*a){20}", "b" * 100_000),
        (r"^(\w+\s?)*$", "word " * 20_000 + "!"),
    ],
)
def test_a_catastrophic_pattern_takes_no_time(pattern: str, text: str) -> None:
    """Patterns that would keep a backtracking engine busy for ever are done on a long text before this test ends."""
    assert search(pattern, text, case_sensitive=True) is None or pattern.startswith("^")


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("(a", "no regular expression"),
        ("(?=a)b", "looking ahead"),
        ("(?<!a)b", "looking back"),
        (r"(a)\1", "back to an earlier group"),
        ("(a{1000}){1000}", "no regular expression"),
        ("((((a{30}){30}){30}){30})", "no regular expression"),
    ],
)
def test_a_pattern_that_cannot_be_is_refused_in_words(pattern: str, said: str) -> None:
    """One sentence says what of it is not possible; nothing is stored."""
    with pytest.raises(ValidationError, match=said):
        NameCondition(how="regex", values=[pattern])


def test_names_compare_without_case_and_accents() -> None:
    """ "Müller" finds what is written "MULLER" or with a combining accent; exact spelling on demand."""
    for name in ("Rechnung Müller.pdf", "rechnung MULLER.pdf", "Rechnung Mu\u0308ller.pdf"):
        assert matches(rule({"what": "name", "values": ["müller"]}), subject(name), NOW)
    exact = {"what": "name", "values": ["Müller"], "case_sensitive": True}
    assert matches(rule(exact), subject("Rechnung Mu\u0308ller.pdf"), NOW)
    assert not matches(rule(exact), subject("rechnung müller.pdf"), NOW)


@pytest.mark.parametrize(
    ("amount", "unit", "moment"),
    [
        (1, "months", datetime(2026, 2, 28, 12, tzinfo=UTC)),
        (13, "months", datetime(2025, 2, 28, 12, tzinfo=UTC)),
        (2, "years", datetime(2024, 3, 31, 12, tzinfo=UTC)),
        (3, "weeks", datetime(2026, 3, 10, 12, tzinfo=UTC)),
        (1_000_000, "years", datetime.min.replace(tzinfo=UTC)),
    ],
)
def test_ages_go_by_the_calendar(amount: int, unit: str, moment: datetime) -> None:
    """A month before the 31st is the last day of a shorter month; beyond the calendar is its beginning."""
    assert before(NOW, amount, unit) == moment


def test_a_folder_means_itself_and_what_is_below() -> None:
    """ "Inbox" is not "Inbox 2", and another drive is another folder."""
    below = {"what": "folder", "places": [{"volume_id": "v", "path": "Inbox"}]}
    assert matches(rule(below), subject(), NOW)
    assert not matches(rule(below | {"below": False}), subject(), NOW)
    assert not matches(rule(below), subject(folder=VolumePath("v", "Inbox 2")), NOW)
    assert not matches(rule(below), subject(folder=VolumePath("w", "Inbox")), NOW)
    assert matches(rule({"what": "folder", "places": [{"volume_id": "v", "path": ""}]}), subject(), NOW)


HOSTILE = ["../../etc/passwd", "..", "a/b", "\x00", "con", "x" * 300, "a\u202egpj.exe", "{year}", "{0.__class__}"]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(HOSTILE) | st.text(max_size=40))
def test_a_file_cannot_choose_its_folder_by_its_name(name: str) -> None:
    """Whatever a file is called, a template gives one folder and one possible name, or says that it cannot."""
    file = subject(name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"), camera=name)
    body = rule(
        {"what": "size", "at_least": 0}, do="move", folder={"volume_id": "v", "path": "A/{camera|x}"}, name="{name}"
    )
    place = destination(body, file, ("v", ""))
    if not place.problem:
        assert re.fullmatch(r"A/[^/\x00]+", place.folder)
        assert not set(place.name) & {"/", "\x00"}
        assert place.name not in ("", ".", "..")


@pytest.mark.parametrize("template", ["{yeer}", "{year", "a}b", "../{year}", "{name.__class__}", "a/../b", "CON", "x."])
def test_a_template_that_can_never_be_is_refused(template: str) -> None:
    """When the rule is written, not when the first file comes."""
    with pytest.raises(ValidationError):
        rule({"what": "size", "at_least": 0}, do="move", folder={"volume_id": "v", "path": template})


def test_what_a_placeholder_stands_for() -> None:
    """Values, other spellings, what stands in when there is no value, and saying so when nothing does."""
    values = {"name": "Letter", "ext": "PDF", "month": "03", "camera": ""}
    assert fill("{name:upper}.{ext:lower}", values) == "LETTER.pdf"
    assert fill("{month:plain} {camera|No camera}", values) == "3 No camera"
    with pytest.raises(PlaceholderEmpty):
        fill("{camera}", values)


@pytest.mark.parametrize(
    ("template", "name"),
    [("{name} new", "a new.pdf"), ("v1.2", "v1.2.pdf"), ("{name}.txt", "a.txt"), ("{name}.{ext}", "a.pdf")],
)
def test_a_new_name_keeps_the_ending_unless_it_gives_one(template: str, name: str) -> None:
    """Nobody loses an ending by not thinking of it."""
    place = destination(rule({"what": "size", "at_least": 0}, do="rename", name=template), subject("a.pdf"), ("v", ""))
    assert (place.name, place.folder) == (name, "Inbox/New")


def test_groups_of_a_pattern_can_be_used() -> None:
    """What a regular expression caught fills a placeholder."""
    body = rule(
        {"what": "name", "how": "regex", "values": [r"^(?P<who>\w+)_(?P<y>\d{4})"]},
        do="move",
        folder={"volume_id": "v", "path": "{match_who}/{match_y}"},
    )
    assert destination(body, subject("Anna_2024_tax.pdf"), ("v", "")).folder == "Anna/2024"


def test_when_a_file_was_made_is_known(tmp_path: Path) -> None:
    """Where the file system keeps it: between before and after, whatever the time of modification says."""
    begun = datetime.now(UTC) - timedelta(seconds=5)
    path = tmp_path / "a.txt"
    path.write_text("a")
    made = birth_time(str(path))
    if made is None:
        pytest.skip("this file system does not keep when files were made")
    assert begun < made < datetime.now(UTC) + timedelta(seconds=5)
    assert birth_time(str(tmp_path / "absent")) is None
