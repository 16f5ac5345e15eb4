"""What the buttons, swipes and keys of the review do; errors become words, and rows never see the provider."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, cast

import flet as ft

from frontend.api.errors import ApiError
from frontend.file_organizer.review_provider import ReviewProvider, Step, Verdict
from frontend.file_organizer.screens.review.confidence_sheet import choose_confidence
from frontend.file_organizer.suggestion_words import SURE, kind_name
from frontend.i18n import tr, trn
from frontend.kit import confirm, describe_error, navigate, toast


class Hands:
    """Act on the plan of one review. `wide` says whether details stand in a pane beside the list."""

    def __init__(self, review: ReviewProvider) -> None:
        self.review = review
        self.wide = False

    async def __call__(self, what: str, id_: str = "") -> None:
        """Do what a row asks for: accept, reject, open, check, choose, accept_group."""
        work: Callable[[str], Awaitable[Any]] = getattr(self, f"_{what}")
        await self.safely(work(id_))

    async def safely(self, work: Awaitable[Any]) -> Any:
        """Wait for `work`; what the hub refuses is said."""
        try:
            return await work
        except ApiError as error:
            said, remedy = describe_error(error)
            toast(f"{said} {remedy}".strip(), error=True)
            return None

    async def _accept(self, id_: str) -> Step:
        return await self.review.decide([id_], "accept")

    async def _reject(self, id_: str) -> Step:
        return await self.review.decide([id_], "reject")

    async def _open(self, id_: str) -> None:
        self.review.current = id_
        if not self.wide:
            navigate(f"/file_organizer/plans/{self.review.plan_id}/items/{id_}")
            return
        await self.review.show_item(id_)

    async def _choose(self, id_: str) -> None:
        self.review.choosing = True
        self.review.items.select(id_)

    async def _check(self, id_: str) -> None:
        self.review.items.select(id_, id_ not in self.review.items.selected)

    async def _accept_group(self, key: str) -> None:
        if self.review.filter.sort == "folder":
            await self.review.decide_all("accept", {"folder": key})
        else:
            await self.review.decide_all("accept", {"category": key})

    # ------------------------------------------------------------------ many at once

    async def chosen(self, verdict: Verdict) -> None:
        """Decide about what was chosen, and end choosing."""
        ids = sorted(self.review.items.selected)
        if ids:
            await self.safely(self.review.decide(ids, verdict))
        self.stop_choosing()

    def stop_choosing(self) -> None:
        """Show rows without boxes again."""
        self.review.items.clear_selection()
        self.review.choosing = False

    async def accept_sure(self) -> None:
        """Accept everything that Homie is sure of."""
        await self.safely(self.review.decide_all("accept", {"min_confidence": SURE}))

    async def accept_above(self) -> None:
        """Ask from which confidence on, and accept these."""
        least = await choose_confidence(self.review)
        if least is not None:
            await self.safely(self.review.decide_all("accept", {"min_confidence": least}))

    async def decide_kind(self, verdict: Verdict, category: str) -> None:
        """Decide about all waiting files of a kind."""
        if verdict == "reject" and not await confirm(
            tr("Leave all of “{kind}” where they are?", kind=kind_name(category)),
            tr("Homie will not move these files. You can take this back."),
            tr("Reject all"),
        ):
            return
        await self.safely(self.review.decide_all(verdict, {"category": category}))

    async def reject_rest(self) -> None:
        """Let everything that still waits stay where it is."""
        waiting = self.review.count("suggested", "asking")
        if await confirm(
            trn("Leave {n} file where it is?", "Leave {n} files where they are?", waiting),
            tr("Homie will not move what you have not decided yet. You can take this back."),
            tr("Reject the rest"),
        ):
            await self.safely(self.review.decide_all("reject", {"everything": True}))

    async def take_back(self) -> None:
        """Take the last decision back."""
        if self.review.steps:
            await self.safely(self.review.take_back())
            if self.wide and self.review.current:
                await self.safely(self.review.show_item(self.review.current))
        else:
            toast(tr("There is no decision to take back."))

    async def discard(self) -> None:
        """Ask, and close the plan without doing anything."""
        if await confirm(
            tr("Close this plan?"),
            tr("No file was moved and none will be. You can scan the folder again at any time."),
            tr("Close the plan"),
            danger=True,
        ):
            await self.safely(self.review.discard())
            navigate("/file_organizer")

    # ------------------------------------------------------------------ keys

    def keys(self) -> dict[str, Callable[[], Any]]:
        """Return what each key does in the list."""
        return {
            "J": lambda: self._step(1),
            "Arrow Down": lambda: self._step(1),
            "K": lambda: self._step(-1),
            "Arrow Up": lambda: self._step(-1),
            "A": lambda: self._on_current("accept"),
            "R": lambda: self._on_current("reject"),
            "E": lambda: self._edit(),
            "Enter": lambda: self._on_current("open"),
            "X": lambda: self._on_current("choose"),
            "Ctrl+Z": self.take_back,
            "U": self.take_back,
            "Shift+A": self.accept_sure,
            "Escape": self.stop_choosing,  # never leaves the review: it also closes what lies above it
            "P": lambda: navigate(f"/file_organizer/plans/{self.review.plan_id}/preview"),
            "T": lambda: navigate(f"/file_organizer/plans/{self.review.plan_id}/tree"),
        }

    async def _step(self, by: int) -> None:
        self.review.move(by)
        if self.wide and self.review.current:
            await self.safely(self.review.show_item(self.review.current))
        if (
            by > 0
            and self.review.items.has_more
            and self.review.current in [one["id"] for one in self.review.rows()[-8:]]
        ):
            await self.safely(self.review.items.load_more())

    async def _on_current(self, what: str) -> None:
        if self.review.current or self.review.move(0):
            await self(what, self.review.current)
            if self.wide and what in ("accept", "reject") and self.review.current:
                await self.safely(self.review.show_item(self.review.current))

    async def _edit(self) -> None:
        if self.review.current or self.review.move(0):
            navigate(f"/file_organizer/plans/{self.review.plan_id}/items/{self.review.current}/folder")


def use_hands(review: ReviewProvider) -> Hands:
    """Return this component's hands; the same object at every rendering, so that rows stay memoised."""
    held: Any = ft.use_ref(_none)
    if held.current is None or held.current.review is not review:
        held.current = Hands(review)
    return cast("Hands", held.current)


def _none() -> Any:
    return None
