"""Deciding about suggestions: shown at once, taken back if the hub refuses, groups together as the hub does it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from frontend.api.errors import ApiError
from frontend.api.generated.schemas import ItemOut, ItemPatch, PlanOut, PlanSummaryOut, SelectionIn, VolumePath
from frontend.providers.base import Provider
from frontend.providers.paged import Paged

OPEN = ("suggested", "asking", "accepted", "rejected")
"""States in which a person may still decide."""
Decision = Literal["accept", "reject"]


def place_key(folder: Any) -> str:
    """Return what tells folders of a tree apart."""
    return f"{folder['place']['volume_id']}:{folder['place']['path']}"


def parent_of(place: VolumePath) -> str:
    """Return the folder of a place, relative to its volume; the root is the empty text."""
    return place["path"].rpartition("/")[0]


@dataclass(eq=False)
class Decisions(Provider):
    """Hold the open plan's suggestions and decide about them. All methods raise `ApiError` after taking back."""

    plan: PlanOut | None = None
    items: Paged[ItemOut] = field(init=False)
    summary: PlanSummaryOut | None = None
    """Counts of the open plan: in all, by category, by confidence."""
    item: ItemOut | None = None
    """The suggestion that is looked at closely: its reason and alternatives."""
    _deciding: int = field(default=0, init=False, repr=False)
    _stale: bool = field(default=False, init=False, repr=False)

    async def accept(self, item_ids: Iterable[str]) -> int:
        """Accept suggestions; returns how many changed, groups included."""
        return await self._decide("accept", {"item_ids": list(item_ids)})

    async def reject(self, item_ids: Iterable[str]) -> int:
        """Reject suggestions; these files stay where they are."""
        return await self._decide("reject", {"item_ids": list(item_ids)})

    async def accept_selected(self) -> int:
        """Accept what is selected in the list."""
        return await self.accept(sorted(self.items.selected))

    async def reject_selected(self) -> int:
        """Reject what is selected in the list."""
        return await self.reject(sorted(self.items.selected))

    async def accept_group(self, group_key: str) -> int:
        """Accept files that belong together."""
        return await self._decide("accept", {"group_key": group_key})

    async def reject_group(self, group_key: str) -> int:
        """Reject files that belong together."""
        return await self._decide("reject", {"group_key": group_key})

    async def accept_category(self, category: str) -> int:
        """Accept everything of one category."""
        return await self._decide("accept", {"category": category})

    async def reject_category(self, category: str) -> int:
        """Reject everything of one category."""
        return await self._decide("reject", {"category": category})

    async def accept_folder(self, folder: str) -> int:
        """Accept everything that goes to one folder."""
        return await self._decide("accept", {"folder": folder})

    async def reject_folder(self, folder: str) -> int:
        """Reject everything that goes to one folder."""
        return await self._decide("reject", {"folder": folder})

    async def accept_above(self, confidence: float) -> int:
        """Accept everything that Homie is at least this sure of (0..1)."""
        return await self._decide("accept", {"min_confidence": confidence})

    async def accept_all(self) -> int:
        """Accept everything."""
        return await self._decide("accept", {"everything": True})

    async def reject_all(self) -> int:
        """Reject everything."""
        return await self._decide("reject", {"everything": True})

    # ------------------------------------------------------------------ single items

    async def send_elsewhere(self, item_id: str, folder: VolumePath) -> ItemOut:
        """Let a file go to another folder, and accept that; its group follows."""
        item = self.items.get(item_id)
        name = item["target"]["path"].rpartition("/")[2] if item else ""
        path = f"{folder['path']}/{name}" if folder["path"] else name
        shown: dict[str, Any] = {"state": "accepted"}
        if item:
            shown["target"] = {"volume_id": folder["volume_id"], "path": path}
        return await self._edit(item_id, {"folder": folder, "decision": "accept"}, shown)

    async def choose_alternative(self, item_id: str, index: int) -> ItemOut:
        """Take one of the other folders that would do."""
        item = self.items.get(item_id)
        if item is None:
            assert self.plan is not None
            item = await self.api.file_organizer.get_item(self.plan["id"], item_id)
        return await self.send_elsewhere(item_id, item["alternatives"][index]["place"])

    async def rename(self, item_id: str, name: str) -> ItemOut:
        """Give a file another name at its destination."""
        item = self.items.get(item_id)
        shown: dict[str, Any] = {}
        if item:
            folder = parent_of(item["target"])
            shown["target"] = {**item["target"], "path": f"{folder}/{name}" if folder else name}
        return await self._edit(item_id, {"name": name}, shown)

    async def decide_item(self, item_id: str, decision: Decision) -> ItemOut:
        """Accept or reject one suggestion from its detail."""
        return await self._edit(item_id, {"decision": decision}, {"state": f"{decision}ed"})

    # ------------------------------------------------------------------ inside

    async def _decide(self, decision: Decision, selection: SelectionIn) -> int:
        assert self.plan is not None
        state = "accepted" if decision == "accept" else "rejected"
        undos = [self.items.update(one["id"], {"state": state}) for one in self._meant(selection)]
        call = self.api.file_organizer.accept if decision == "accept" else self.api.file_organizer.reject
        plan_id = self.plan["id"]
        async with _Deciding(self, undos):
            changed = await call(plan_id, selection)
        self.items.clear_selection()
        return changed["changed"]

    async def _edit(self, item_id: str, patch: ItemPatch, shown: dict[str, Any]) -> ItemOut:
        assert self.plan is not None
        undo = self.items.update(item_id, shown)
        async with _Deciding(self, [undo]):
            item = await self.api.file_organizer.edit_item(self.plan["id"], item_id, patch)
            if self.items.get(item_id) is not None:
                self.items.insert(item)
        self._edited(item)
        return item

    def _edited(self, item: ItemOut) -> None:
        """Hear of an item that the hub changed as asked."""
        if self.item is not None and self.item["id"] == item["id"]:
            self.item = item

    def _meant(self, selection: SelectionIn) -> list[ItemOut]:
        """Return the shown items that the hub will change: those chosen, and the groups that they belong to."""
        ids = set(selection.get("item_ids") or ())
        least = selection.get("min_confidence")
        tests: list[Callable[[ItemOut], bool]] = []
        if ids:
            tests.append(lambda one: one["id"] in ids)
        if category := selection.get("category"):
            tests.append(lambda one: one["category"] == category)
        if group := selection.get("group_key"):
            tests.append(lambda one: one["group_key"] == group)
        if (folder := selection.get("folder")) is not None:
            tests.append(lambda one: parent_of(one["target"]) == folder)
        if least is not None:
            tests.append(lambda one: one["confidence"] >= least)
        if not tests and not selection.get("everything"):
            return []
        open_items = [one for one in self.items.items if one["state"] in OPEN]
        chosen = [one for one in open_items if all(test(one) for test in tests)]
        groups = {one["group_key"] for one in chosen if one["group_key"]}
        return [one for one in open_items if one in chosen or one["group_key"] in groups]

    async def _read_open(self) -> None:
        """Read the open plan again."""
        raise NotImplementedError

    def _read_soon(self) -> None:
        """Read the open plan again in the background; many reasons at once cause one reading."""
        if not self._stale:
            self._stale = True
            if not self._deciding:
                self.in_background(self._read_if_stale())

    async def _read_if_stale(self) -> None:
        if self._stale and not self._deciding:
            self._stale = False
            await self._read_open()


class _Deciding:
    """Mark a decision on its way: what is read meanwhile would show the time before it, so reading waits."""

    def __init__(self, of: Decisions, undos: list[Callable[[], None]]) -> None:
        self._of = of
        self._undos = undos

    async def __aenter__(self) -> None:
        self._of._deciding += 1

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._of._deciding -= 1
        if kind is not None:
            for undo in reversed(self._undos):
                undo()
        if kind is None or issubclass(kind, ApiError):
            self._of._stale = True
        if self._of._stale and not self._of._deciding:
            self._of.in_background(self._of._read_if_stale())
