"""The small things that modules use directly."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from backend.sdk.actor import Actor
from backend.sdk.ai import ITEMS, AiChoice, AiItem, AiPayload, AiSource, AiTask, NoAi


class Answer(BaseModel):
    """A result."""

    text: str


TASK = AiTask(module="m", name="t", result=Answer, system="s")


@given(st.integers(0, 50), st.integers(1, 20))
def test_batches_hold_every_item_once_and_all_choices(count: int, size: int) -> None:
    """Nothing is lost between batches, none is too large, each offers the same choices."""
    payload = AiPayload([AiItem(str(n), {}) for n in range(count)], {"folders": [AiChoice("a", "A")]}, {"x": 1})
    parts = list(payload.batches(size))
    assert [item.id for part in parts for item in part.items] == [str(n) for n in range(count)]
    assert all(0 < len(part.items) <= size for part in parts)
    assert all(part.allowed("folders") == {"a"} and part.facts == {"x": 1} for part in parts)
    assert all(part.allowed(ITEMS) == {item.id for item in part.items} for part in parts)


def test_without_ai_the_local_engine_answers() -> None:
    """A hub without AI is complete: answer, preview and status are there."""
    actor, payload = Actor.of("anna"), AiPayload([AiItem("1", {})])
    answer = NoAi().run(actor, TASK, payload, lambda: Answer(text="here"))
    assert (answer.value.text, answer.source, answer.is_local, answer.notice) == ("here", AiSource.LOCAL, True, None)
    assert NoAi().preview(actor, TASK, payload).body is None
    assert NoAi().status(actor, "m").state == "off"
