"""Reviewing at the wire: rows leave at once and come back on refusal, counts follow, steps can be taken back."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from frontend.api.errors import ApiError
from frontend.file_organizer.review_provider import ReviewProvider
from tests.frontend.file_organizer.review_answers import PLAN, V1, folder, item, lay_out, summary
from tests.frontend.wire import FakeHub, event, page, refusal

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def opened(hub: FakeHub, *items: Any, **more: Any) -> ReviewProvider:
    """Return a provider that has the plan on the table."""
    lay_out(hub, *items, **more)
    review = ReviewProvider(api=hub.api())
    await review.open("p1")
    return review


async def settle(review: ReviewProvider) -> None:
    while review._tasks:
        await asyncio.gather(*review._tasks)


def ids(review: ReviewProvider) -> list[str]:
    return [one["id"] for one in review.items.items]


async def test_a_decided_row_leaves_before_the_answer_and_comes_back_on_refusal() -> None:
    """Row, counts and bands are as before when the hub refuses; meanwhile they show the decision."""
    hub = FakeHub()
    review = await opened(hub, item("a"), item("b"), item("c", "asking", confidence=0.4))
    before = (ids(review), review.summary)
    gate = asyncio.Event()

    async def answer() -> Any:
        await gate.wait()
        return refusal(409, "plan_closed")

    hub.on("POST", f"{PLAN}/accept", lambda _: answer())
    task = asyncio.create_task(review.decide(["a"], "accept"))
    await asyncio.sleep(0.01)
    assert ids(review) == ["b", "c"]
    assert (review.count("accepted"), review.count("suggested"), review.undecided_above(0.9)) == (1, 1, 1)
    gate.set()
    with pytest.raises(ApiError):
        await task
    assert (ids(review), review.summary) == before
    assert review.steps == ()


async def test_what_travels_together_is_decided_together() -> None:
    """A group has one row; deciding about it takes all of it."""
    hub = FakeHub()
    review = await opened(hub, item("a", group_key="g"), item("b", group_key="g", lead=False), item("c"))
    assert [one["id"] for one in review.rows()] == ["a", "c"]
    assert review.companions() == {"g": 1}
    await review.decide(["a"], "reject")
    assert ids(review) == ["c"]
    assert review.count("rejected") == 2


async def test_a_step_is_taken_back_by_its_version() -> None:
    """The last step goes first; what the hub then says is shown."""
    hub = FakeHub()
    review = await opened(hub, item("a"), item("b"))
    await review.decide(["a"], "accept")
    await review.decide(["b"], "reject")
    await review.take_back()
    assert hub.bodies("POST", f"{PLAN}/take-back") == [{"version": 3}]
    await review.take_back()
    assert hub.bodies("POST", f"{PLAN}/take-back")[1:] == [{"version": 2}]
    assert ids(review) == ["a", "b"]
    assert await review.take_back() is None


async def test_many_at_once_leave_decided_ones_alone() -> None:
    """Everything above a confidence means only what waits."""
    hub = FakeHub()
    review = await opened(hub, item("a"), item("b", "rejected"))
    await review.decide_all("accept", {"min_confidence": 0.9})
    assert hub.bodies("POST", f"{PLAN}/accept") == [{"min_confidence": 0.9, "undecided": True}]


async def test_each_view_asks_for_what_it_shows() -> None:
    """Sure ones are waiting ones above the threshold; words and kinds narrow further; everything has no state."""
    hub = FakeHub()
    review = await opened(hub, item("a"))
    await review.narrow(view="sure", words="  song ", category="audio")
    await review.narrow(view="all", words="", category="", sort="folder")
    asked = [dict(one.url.params) for one in hub.calls("GET", f"{PLAN}/items")]
    assert asked[0]["state"] == "undecided"
    assert asked[0]["sort"] == "category"
    assert (asked[1]["state"], asked[1]["min_confidence"], asked[1]["q"]) == ("undecided", "0.9", "song")
    assert asked[1]["category"] == "audio"
    assert asked[2].keys().isdisjoint({"state", "min_confidence", "q", "category"})
    assert asked[2]["sort"] == "folder"


async def test_the_own_step_is_counted_anew_and_others_are_read() -> None:
    """After one's own step only the counts are read; after somebody else's the list too."""
    hub = FakeHub()
    review = await opened(hub, item("a"), item("b"), item("c"))
    await review.decide(["a"], "accept")
    read = len(hub.calls("GET", f"{PLAN}/items"))
    hub.on("GET", f"{PLAN}/summary", summary(item("a", "accepted"), item("b"), item("c"), version=2))
    review.on_event(event("file_organizer.plan_changed", plan_id="p1", changed=1))  # type: ignore[arg-type]
    await settle(review)
    assert len(hub.calls("GET", f"{PLAN}/items")) == read
    hub.on("GET", f"{PLAN}/summary", summary(item("c"), version=3))
    hub.on("GET", f"{PLAN}/items", page(item("c")))
    review.on_event(event("file_organizer.plan_changed", plan_id="p1", changed=1))  # type: ignore[arg-type]
    await settle(review)
    assert ids(review) == ["c"]


async def test_a_drive_that_goes_away_marks_its_items() -> None:
    """Nothing is lost: the same rows, marked; with the drive they are as before."""
    hub = FakeHub()
    review = await opened(hub, item("a"))
    one = review.items.items[0]
    assert not review.is_away(one)
    hub.on("GET", f"{V1}/folders", page(folder(online=False)))
    review.on_event(event("file_organizer.drive_removed", drive_id="d", label="x"))  # type: ignore[arg-type]
    await settle(review)
    assert review.is_away(review.items.items[0])
    hub.on("GET", f"{V1}/folders", page(folder()))
    review.on_event(event("file_organizer.drive_added", drive_id="d", label="x"))  # type: ignore[arg-type]
    await settle(review)
    assert not review.is_away(review.items.items[0])


async def test_the_mark_goes_on_to_the_next_row() -> None:
    """The keyboard goes on where it was: after a decision with the next row, at the end with the one before."""
    hub = FakeHub()
    review = await opened(hub, item("a"), item("b"), item("c"))
    assert [review.move(0), review.move(1)] == ["a", "b"]
    await review.decide(["b"], "accept")
    assert review.current == "c"
    await review.decide(["c"], "accept")
    assert review.current == "a"
    await review.decide(["a"], "accept")
    assert review.current == ""
