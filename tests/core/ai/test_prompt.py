"""Marks in result types: wherever they stand, the schema offers aliases only and the answer is turned back."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from backend.core.ai.errors import AnswerUnusable
from backend.core.ai.prompt import Prompt, build_prompt
from backend.core.ai.redaction import Redactor
from backend.sdk.ai import AiChoice, AiItem, AiPayload, AiTask, FromChoices, FromItems, Redaction


class Leaf(BaseModel):
    """A nested decision."""

    kind: Literal["leaf"] = "leaf"
    tag: Annotated[str, FromChoices("tags")]


class Branch(BaseModel):
    """Decisions within decisions."""

    kind: Literal["branch"] = "branch"
    children: list[Annotated[Leaf | Branch, Field(discriminator="kind")]] = []


class Shapes(BaseModel):
    """Every shape in which a choice may stand."""

    one: Annotated[str, FromItems()]
    maybe: Annotated[str | None, FromChoices("tags")] = None
    inner: Annotated[str, FromChoices("tags")] | None = None
    many: Annotated[list[str], FromChoices("tags")] = []
    inner_many: list[Annotated[str, FromChoices("tags")]] = []
    by_name: dict[str, Annotated[str, FromChoices("tags")]] = {}
    tree: Branch = Branch()
    confidence: float = Field(0.5, ge=0, le=1)
    note: str = ""


PAYLOAD = AiPayload(
    [AiItem("file-1", {"name": "a"}), AiItem("file-2", {"name": "b"})],
    {"tags": [AiChoice("tag-red", "red"), AiChoice("tag-blue", "blue")]},
)


def prompt_for(payload: AiPayload = PAYLOAD, result: type[BaseModel] = Shapes) -> Prompt[Any]:
    task: AiTask[Any] = AiTask(module="m", name="shapes", result=result, system="Choose.")
    return build_prompt(task, payload, Redactor(Redaction.STANDARD), b"k" * 32)


def test_every_shape_of_choice_is_turned_back() -> None:
    """Plain, optional, in lists, in dictionaries, in unions, in recursion."""
    answer = {
        "one": "i2",
        "maybe": "c1",
        "inner": "c2",
        "many": ["c1", "c2"],
        "inner_many": ["c2"],
        "by_name": {"x": "c1"},
        "tree": {"kind": "branch", "children": [{"kind": "leaf", "tag": "c2"}, {"kind": "branch", "children": []}]},
        "confidence": 1,
        "note": "c1 stays text here",
    }
    value = prompt_for().read(json.dumps(answer))
    assert value.model_dump(exclude_defaults=True) == {
        "one": "file-2",
        "maybe": "tag-red",
        "inner": "tag-blue",
        "many": ["tag-red", "tag-blue"],
        "inner_many": ["tag-blue"],
        "by_name": {"x": "tag-red"},
        "tree": {"children": [{"tag": "tag-blue"}, {}]},
        "confidence": 1.0,
        "note": "c1 stays text here",
    }


def test_the_schema_offers_aliases_only() -> None:
    """No mark is left, each marked place has its enum, no real id appears."""
    schema = prompt_for().question.schema
    text = json.dumps(schema)
    assert "choices_of" not in text
    assert text.count('"enum": ["c1", "c2"]') == 6
    assert text.count('"enum": ["i1", "i2"]') == 1
    assert "tag-" not in text
    assert "file-" not in text


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["one", "maybe", "inner", "many", "inner_many", "by_name", "tree"]),
    st.text(max_size=12) | st.sampled_from(["file-1", "tag-red", "c3", "i3", "C1", "c01", "i1", " c1", "c1 ", "-"]),
)
def test_nothing_but_an_offered_alias_is_accepted(place: str, given_id: str) -> None:
    """Whatever the model puts into a marked place: an offered alias, or the answer is unusable."""
    answer: dict[str, Any] = {"one": "i1"}
    answer[place] = {
        "many": [given_id],
        "inner_many": ["c1", given_id],
        "by_name": {"k": given_id},
        "tree": {"kind": "branch", "children": [{"kind": "leaf", "tag": given_id}]},
    }.get(place, given_id)
    allowed = {"i1", "i2"} if place == "one" else {"c1", "c2"}
    if given_id in allowed:
        prompt_for().read(json.dumps(answer))
        return
    with pytest.raises(AnswerUnusable):
        prompt_for().read(json.dumps(answer))


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "{", '"x"', "{}", '{"one": 1}', '{"one": "i1", "confidence": "0.5"}', "NaN", "[" * 5000]
)
def test_what_is_not_the_schema_is_unusable(text: str) -> None:
    """Wrong types are never bent into shape, and the reason never repeats the answer."""
    with pytest.raises(AnswerUnusable) as caught:
        prompt_for().read(text)
    assert "\n" not in caught.value.problem


def test_hidden_words_come_back_within_the_length_of_their_field() -> None:
    """A long name behind a short placeholder is cut, not refused."""

    class Short(BaseModel):
        """A result with a short text."""

        reason: str = Field(max_length=10)

    redactor = Redactor(Redaction.STANDARD)
    task: AiTask[Short] = AiTask(module="m", name="short", result=Short, system="Choose.")
    payload = AiPayload([AiItem("f", {"from": "somebody@example.org"})])
    prompt = build_prompt(task, payload, redactor, b"k" * 32)
    assert prompt.read('{"reason": "[email-1]!"}').reason == "somebody@e"


def test_an_empty_group_offers_nothing() -> None:
    """Without any choice only "none of them" remains."""
    prompt = prompt_for(AiPayload([AiItem("f", {})], {"tags": []}))
    assert prompt.read('{"one": "i1", "maybe": null}').maybe is None
    with pytest.raises(AnswerUnusable):
        prompt.read('{"one": "i1", "maybe": "-"}')


def test_the_same_payload_gives_the_same_bytes_and_another_household_another_mark() -> None:
    """Deterministic for preview and cache; ids do not count, because they do not travel."""
    other_ids = AiPayload([AiItem("x", {"name": "a"}), AiItem("y", {"name": "b"})], PAYLOAD.choices)
    assert prompt_for().question == prompt_for(other_ids).question
    assert prompt_for().content_hash == prompt_for(other_ids).content_hash
    task: AiTask[Any] = AiTask(module="m", name="shapes", result=Shapes, system="Choose.")
    elsewhere = build_prompt(task, PAYLOAD, Redactor(Redaction.STANDARD), b"j" * 32)
    assert elsewhere.question.turns != prompt_for().question.turns
