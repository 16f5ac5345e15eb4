"""Rules of `organize`: what is taken over, what is named as left out, and files that mean harm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from backend.sdk.actor import Actor
from tests.file_organizer.conftest import Hub


def bring(hub: Hub, actor: Actor, text: str, **more: Any) -> dict[str, Any]:
    answer = hub.client(actor).post("/rules/import", json={"text": text, **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def rules_file(home: Path, *parts: str, filters: str = "", actions: str = "- trash") -> str:
    """Return a file of one rule."""
    return "\n".join(
        [
            "rules:",
            "  - name: Test",
            f"    locations: {home}/Inbox",
            *([f"    filters:\n      {filters}"] if filters else []),
            *(f"    {part}" for part in parts),
            f"    actions:\n      {actions}",
        ]
    )


@pytest.fixture
def home(alice: Actor, tmp_path: Path) -> Path:
    (tmp_path / "alice" / "Inbox").mkdir()
    (tmp_path / "alice" / "Documents").mkdir()
    return tmp_path / "alice"


FILTERS: list[tuple[str, list[dict[str, Any]]]] = [
    ("- extension: [PDF, .docx]", [{"what": "extension", "values": ["pdf", "docx"]}]),
    ("- not extension: pdf", [{"what": "extension", "values": ["pdf"], "negate": True}]),
    ("- name:\n          contains: [Inv, Bill]\n          startswith: 2024",
     [{"how": "begins", "values": ["2024"], "part": "stem", "case_sensitive": True},
      {"how": "contains", "values": ["Inv", "Bill"], "case_sensitive": True}]),
    ("- name: '*draft*'", [{"how": "glob", "values": ["*draft*"], "part": "stem"}]),
    ("- name:\n          endswith: x\n          case_sensitive: false", [{"how": "ends", "case_sensitive": False}]),
    ("- regex: '^(?P<who>\\w+)\\.pdf$'", [{"how": "regex", "part": "whole", "case_sensitive": True}]),
    ("- created:\n          days: 30", [{"since": "created", "amount": 30, "unit": "days", "how": "older"}]),
    ("- lastmodified:\n          years: 1\n          months: 2\n          mode: newer",
     [{"what": "age", "since": "modified", "amount": 14, "unit": "months", "how": "younger"}]),
    ("- lastmodified:\n          days: 1\n          hours: 12", [{"amount": 36, "unit": "hours"}]),
    ("- size: '> 1 MB, < 2 GiB'", [{"what": "size", "at_least": 1_000_001, "at_most": 2 * 1024**3 - 1}]),
    ("- size: '>= 0.5k'", [{"what": "size", "at_least": 500}]),
    ("- filecontent: 'Invoice'", [{"what": "text", "how": "regex", "values": ["(?ms)Invoice"]}]),
    ("- mimetype: [image, application/pdf]", [{"what": "mimetype", "values": ["image", "application/pdf"]}]),
    ("- empty", [{"what": "size", "at_most": 0}]),
    ("- exif:\n          image.model: X100", [{"what": "camera", "values": ["X100"]}]),
]  # fmt: skip


@pytest.mark.parametrize(("filters", "expected"), FILTERS, ids=[text[:30] for text, _ in FILTERS])
def test_common_filters_come_over(
    hub: Hub, alice: Actor, home: Path, filters: str, expected: list[dict[str, Any]]
) -> None:
    """Each as the condition that means the same, after the folder that it is about."""
    found = bring(hub, alice, rules_file(home, filters=filters))
    assert found["notes"] == []
    (rule,) = found["created"]
    folder, *conditions = rule["body"]["conditions"]
    assert (folder["what"], folder["places"][0]["path"], folder["below"]) == ("folder", "Inbox", False)
    assert len(conditions) == len(expected)
    for condition, wanted in zip(conditions, expected, strict=True):
        assert condition | wanted == condition


ACTIONS: list[tuple[str, dict[str, Any]]] = [
    ("- move: '{home}/Documents/'", {"do": "move", "folder": "Documents"}),
    ("- move: '{home}/Documents/New'", {"do": "move", "folder": "Documents/New"}),
    ("- move: '{home}/Documents/{{extension.upper()}}/{{created.year}}-{{created.month:02}}/'",
     {"do": "move", "folder": "Documents/{ext:upper}/{created_year}-{created_month}"}),
    ("- move: '{home}/Documents/{{lastmodified.strftime(\"%Y/%m\")}}/{{name}}.bak'",
     {"do": "move", "folder": "Documents/{modified_year}/{modified_month}", "name": "{name}.bak"}),
    ("- copy:\n          dest: '{home}/Documents/{{lastmodified.month}}/'",
     {"do": "copy", "folder": "Documents/{modified_month:plain}"}),
    ("- rename: '{{regex.who}} {{name | lower}}.{{extension}}'",
     {"do": "rename", "name": "{match_who} {name:lower}.{ext}"}),
    ("- move: '{home}/Documents/{{exif.exif.datetimeoriginal.year}}/{{path.name}}'",
     {"do": "move", "folder": "Documents/{taken_year}/{file}"}),
    ("- trash", {"do": "trash"}),
]  # fmt: skip


@pytest.mark.parametrize(("actions", "expected"), ACTIONS, ids=[text[:40] for text, _ in ACTIONS])
def test_common_actions_and_placeholders_come_over(
    hub: Hub, alice: Actor, home: Path, actions: str, expected: dict[str, Any]
) -> None:
    """Destinations become folders that are open; what is written in braces becomes our placeholders."""
    text = rules_file(home, filters="- extension: pdf", actions=actions.format(home=home))
    (rule,) = bring(hub, alice, text)["created"]
    action = dict(rule["body"]["action"])
    if "folder" in action:
        action["folder"] = action["folder"]["path"]
    assert action == expected


REFUSED = [
    ("filters", "- duplicate", "Duplicates are found among all open folders here", 5),
    ("filters", "- hash: md5", "checksum", 5),
    ("filters", "- python: |\n          return True", "never runs a program", 5),
    ("filters", "- nonsense: 1", "no filter 'nonsense'", 5),
    ("filters", "- regex: '(?=a)b'", "looking ahead", 5),
    ("filters", "- name: '{year}-*'", "as a regex", 5),
    ("filters", "- not name:\n          startswith: a\n          endswith: b", "several parts", 5),
    ("filters", "- size: 'huge'", "is no size", 5),
    ("actions", "- shell: 'rm -rf /'", "never runs a program", 5),
    ("actions", "- python: 'import os'", "never runs a program", 5),
    ("actions", "- symlink: /tmp/", "no links", 5),
    ("actions", "- move: 'Relative/'", "begins with / or ~", 5),
    ("actions", "- move: '/etc/'", "not open to Homie", 5),
    ("actions", "- rename: '{env.HOME}'", "{env.HOME} is not known", 5),
    ("actions", "- rename: '{now().year}'", "is not known", 5),
    ("actions", "- move: '{{% if 1 %}}'", "Programs", 5),
    ("actions", "- copy: '~/Documents/'\n      - trash", "several", 6),
]


@pytest.mark.parametrize(("part", "text", "said", "line"), REFUSED, ids=[text[:25] for _, text, _, _ in REFUSED])
def test_what_cannot_be_taken_over_is_named_with_its_line(
    hub: Hub, alice: Actor, home: Path, part: str, text: str, said: str, line: int
) -> None:
    """The whole rule is left out: one with a filter less would take files that it was never meant for."""
    given = {part: text} if part == "actions" else {part: text, "actions": "- trash"}
    found = bring(hub, alice, rules_file(home, **given))
    assert found["created"] == []
    (note,) = found["notes"]
    assert said in note["text"], note
    assert note["line"] == line


def test_what_is_for_show_or_other_here_is_said(hub: Hub, alice: Actor, home: Path) -> None:
    """`echo` is not needed, `delete` becomes the trash: the rule comes in, with a note for each."""
    found = bring(hub, alice, rules_file(home, filters="- extension: tmp", actions="- echo: 'Hi'\n      - delete"))
    assert [rule["body"]["action"] for rule in found["created"]] == [{"do": "trash"}]
    assert len(found["notes"]) == 2
    assert "trash" in found["notes"][1]["text"]


def test_modes_and_switches_come_over(hub: Hub, alice: Actor, home: Path) -> None:
    """`any` becomes a rule for each filter, `none` the opposite of each, and what was off stays off."""
    filters = "- extension: pdf\n      - name: 'a*'"
    found = bring(hub, alice, rules_file(home, "filter_mode: any", "enabled: false", filters=filters))
    assert [(r["name"], r["enabled"]) for r in found["created"]] == [("Test (1)", False), ("Test (2)", False)]
    found = bring(hub, alice, rules_file(home, "filter_mode: none", "subfolders: true", filters=filters))
    (rule,) = found["created"]
    assert rule["body"]["conditions"][0]["below"] is True
    assert [c["negate"] for c in rule["body"]["conditions"][1:]] == [True, True]


LAUGHS = "\n".join(
    ["a0: &a0 ['ha', 'ha']", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)), "rules: *a11"]
)
HOSTILE = {
    "billion laughs": LAUGHS,
    "refers to itself": "rules: &a [*a]",
    "an object": "rules: !!python/object/apply:os.system ['touch /tmp/owned']",
    "an object inside": "rules:\n  - name: !!python/name:os.system\n    actions: [trash]",
    "deep": "rules: " + "[" * 5000,
    "deep flow": "rules: " + "[" * 300 + "]" * 300,
    "no yaml": "rules: [unclosed",
    "no rules": "other: 1",
    "a list": "- 1\n- 2",
    "a word": "hello",
    "nothing": "# only a comment",
    "a tab": "rules:\n\t- a",
    "two documents": "rules: []\n---\nrules: []",
    "json": '{"homie_rules": 1, "rules": 5}',
    "json of another": '{"rules": []}',
    "json deep": '{"homie_rules": 1, "rules": ' + "[" * 50_000,
    "json with a bad rule": json.dumps({"homie_rules": 1, "rules": [{"name": "x", "body": {}}]}),
    "json list": '{"homie_rules": 1, "rules": {"a": 1}}',
}


@pytest.mark.parametrize("text", list(HOSTILE.values()), ids=list(HOSTILE))
def test_a_file_that_means_harm_is_refused_in_words(hub: Hub, alice: Actor, text: str) -> None:
    """One clear error that names the field; nothing is stored, nothing is run, and the memory stays small."""
    answer = hub.client(alice).post("/rules/import", json={"text": text})
    assert answer.status_code == 422, answer.text
    assert answer.json["error"]["code"] == "rule_file_not_readable"
    assert answer.json["error"]["fields"][0]["name"] == "body.text"
    assert hub.client(alice).get("/rules").json["items"] == []


ODD = [
    "rules: []",
    "rules: [1, null, [], {}, {name: 5}]",
    "rules: [{actions: [{move: {dest: 5}}]}]",
    "rules: [{locations: {a: b}, actions: [trash]}]",
    "rules: [{filters: [{size: {a: b}}], actions: trash}]",
    "rules: [{filters: [[[{extension: [[pdf]]}]]], actions: [[trash]]}]",
    "rules: [{filters: {lastmodified: {days: x}}, actions: [trash]}]",
    "rules: [{filters: [{lastmodified: {days: 99999999}}], actions: [trash]}]",
    "rules: [{filters: [{size: 99999999999999999999 yb}], actions: [trash]}]",
    "rules: [{filter_mode: most, filters: [empty], actions: [trash]}]",
    "rules: [{filters: [empty], actions: [{rename: ''}]}]",
    "rules: [{? [a, b] : c, actions: [trash]}]",
    "rules: [{name: " + "x" * 500 + ", filters: [empty], actions: [trash]}]",
]


@pytest.mark.parametrize("text", ODD, ids=[text[:40] for text in ODD])
def test_odd_but_harmless_files_never_fail(hub: Hub, alice: Actor, text: str) -> None:
    """Whatever stands in a rule, the answer is rules and notes, never a failure of the hub."""
    found = bring(hub, alice, text, preview=True)
    assert found["created"] == []
