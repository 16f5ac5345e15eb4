"""One plan on the table: its suggestions as they are filtered, the steps of deciding, and taking steps back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from frontend.api.errors import ApiError
from frontend.api.generated.schemas import ItemOut, ItemPatch, SelectionIn, VolumePath
from frontend.file_organizer.file_organizer_provider import FileOrganizerProvider
from frontend.file_organizer.item_filter import ItemFilter, Sort
from frontend.file_organizer.suggestion_words import SURE
from frontend.providers.base import Event, undone_on_error

View = Literal["undecided", "sure", "asking", "accepted", "rejected", "all"]
Verdict = Literal["accept", "reject"]
WAITING = ("suggested", "asking")
_BECOMES = {"accept": "accepted", "reject": "rejected"}
_MOST_STEPS = 200
_MOST_FOLDERS = 1000


@dataclass(frozen=True)
class Step:
    """One decision that can be taken back: the version that it made, of how many items, and which way."""

    version: int
    count: int
    verdict: str
    item_id: str = ""


@dataclass(eq=False)
class ReviewProvider(FileOrganizerProvider):
    """Hold the plan that is being reviewed. A decision changes its rows and the counts, and nothing else is read."""

    plan_id: str = ""
    view: View = "undecided"
    labels: Mapping[str, str] = field(default_factory=dict)
    """Names of the opened folders by `volume_id`."""
    folder_paths: Mapping[str, str] = field(default_factory=dict)
    away: frozenset[str] = frozenset()
    """Folders (`volume_id`) whose drive is not connected."""
    current: str = ""
    """The row that the keyboard is at, and whose details stand in the right pane."""
    choosing: bool = False
    """Whether several items are being chosen."""
    steps: tuple[Step, ...] = ()
    _version: int = field(default=0, init=False, repr=False)

    # ------------------------------------------------------------------ reading

    async def open(self, plan_id: str) -> None:
        """Put a plan on the table; another one than before begins with what waits."""
        if plan_id != self.plan_id:
            self.reset()
            self.plan_id, self.filter = plan_id, _filter_of("undecided", ItemFilter(sort="category"))
        await self.load()

    async def fetch(self) -> None:
        """Read the folders, the plan, its counts, and as much of the list as is shown."""
        if not self.plan_id:
            return
        await self._read_folders()
        if self.plan is None:
            kept = self.filter
            self._take(await self.api.file_organizer.get_plan(self.plan_id))
            self.filter = kept
        await self._read_open()
        self._version = self.plan["version"] if self.plan else 0

    async def _read_folders(self) -> None:
        folders = (await self.api.file_organizer.list_folders(limit=200))["items"]
        self.labels = {one["volume_id"]: one["label"] for one in folders}
        self.folder_paths = {one["volume_id"]: one["path"] for one in folders}
        self.away = frozenset(one["volume_id"] for one in folders if not one["online"])

    async def narrow(
        self,
        *,
        view: View | None = None,
        category: str | None = None,
        words: str | None = None,
        sort: Sort | None = None,
    ) -> None:
        """List other items; what is not given stays as it is, and empty text ends a narrowing."""
        self.view = view or self.view
        wanted = _filter_of(self.view, self.filter)
        if category is not None:
            wanted = replace(wanted, category=category or None)
        if words is not None:
            wanted = replace(wanted, q=words.strip() or None)
        if sort is not None:
            wanted = replace(wanted, sort=sort)
        self.items.clear_selection()
        await self.show_items(wanted)

    def count(self, *states: str) -> int:
        """Return how many items stand so."""
        total: Mapping[str, Any] = self.summary["total"] if self.summary else {}
        return sum(int(total.get(state, 0)) for state in states)

    def undecided_above(self, confidence: float) -> int:
        """Return how many undecided items are at least this sure; `confidence` is the lower end of a band."""
        bands = self.summary["confidence"] if self.summary else []
        return sum(band["undecided"] for band in bands if band["at_least"] >= confidence - 1e-9)

    def full_path(self, place: VolumePath) -> str:
        """Return a place with the path of its opened folder."""
        root = self.folder_paths.get(place["volume_id"], "")
        return f"{root.rstrip('/')}/{place['path']}" if place["path"] else root

    def is_away(self, item: ItemOut) -> bool:
        """Tell whether a drive of this item is not connected."""
        return item["source"]["volume_id"] in self.away or item["target"]["volume_id"] in self.away

    def find(self, item_id: str) -> ItemOut | None:
        """Return an item that was read, in the list or closely."""
        found = self.items.get(item_id)
        return found or (self.item if self.item and self.item["id"] == item_id else None)

    async def read_tree(self, *, before: bool) -> None:
        """Read all folders of one side, as far as a tree can be looked at; the state is that of the list."""
        tree = self.tree_before if before else self.tree
        await tree.load()
        while tree.has_more and len(tree.items) < _MOST_FOLDERS and tree.error is None:
            await tree.load_more()

    async def files_in(self, place: VolumePath, *, before: bool) -> list[ItemOut]:
        """Return the files that go to a folder, or come from it; raises `ApiError`."""
        where: Any = {"source_folder" if before else "folder": place["path"]}
        found = await self.api.file_organizer.list_items(self.plan_id, limit=200, sort="name", **where)
        side: Literal["source", "target"] = "source" if before else "target"
        return [
            one
            for one in found["items"]
            if one[side]["volume_id"] == place["volume_id"] and (before or one["state"] != "rejected")
        ]

    # ------------------------------------------------------------------ rows

    def rows(self) -> list[ItemOut]:
        """Return the items that have a row of their own: what belongs to a shown one stands in its row."""
        leads = {one["group_key"] for one in self.items.items if one["lead"] and one["group_key"]}
        return [one for one in self.items.items if one["lead"] or one["group_key"] not in leads]

    def companions(self) -> dict[str, int]:
        """Return how many shown items travel with each lead, by group."""
        found: dict[str, int] = {}
        for one in self.items.items:
            if one["group_key"] and not one["lead"]:
                found[one["group_key"]] = found.get(one["group_key"], 0) + 1
        return found

    def move(self, by: int) -> str:
        """Move the mark to another row; returns its id."""
        ids = [one["id"] for one in self.rows()]
        if ids:
            at = ids.index(self.current) + by if self.current in ids else 0
            self.current = ids[max(0, min(len(ids) - 1, at))]
        return self.current

    # ------------------------------------------------------------------ deciding

    async def decide(self, ids: Iterable[str], verdict: Verdict) -> Step:
        """Accept or reject items, with what belongs to them: shown at once; raises `ApiError` after taking back."""
        chosen = set(ids)
        wanted = [one for one in self.items.items if one["id"] in chosen]
        if not wanted and self.item is not None and self.item["id"] in chosen:
            wanted = [self.item]
        keys = {one["group_key"] for one in wanted if one["group_key"]}
        touched = [one for one in self.items.items if one["id"] in chosen or one["group_key"] in keys]
        self._leave(chosen)
        undos = [self._become(one, _BECOMES[verdict]) for one in touched]
        async with undone_on_error(*undos):
            step = await self._send(verdict, {"item_ids": [one["id"] for one in wanted]})
        if self.item is not None and self.item["id"] in chosen:
            self.item = {**self.item, "state": _BECOMES[verdict], "decided_in": step.version}
        self.items.clear_selection()
        return self._remember(replace(step, item_id=wanted[0]["id"] if len(wanted) == 1 else ""))

    async def decide_all(self, verdict: Verdict, selection: SelectionIn) -> Step:
        """Decide about many items by what they have in common; only those that nobody has decided."""
        step = await self._send(verdict, {**selection, "undecided": True})
        await self.load()
        return self._remember(step)

    async def send_to(self, item: ItemOut, folder: VolumePath | None = None, name: str | None = None) -> Step:
        """Send an item elsewhere, or give it another name; that accepts it. Raises `ApiError`."""
        patch: ItemPatch = {}
        if folder is not None:
            patch["folder"] = folder
        if name is not None:
            patch["name"] = name
        found = await self.api.file_organizer.edit_item(self.plan_id, item["id"], patch)
        self._leave({item["id"]})
        keys = {found["group_key"]} - {None}
        for one in [one for one in self.items.items if one["id"] == item["id"] or one["group_key"] in keys]:
            self._become(one, found["state"])
        self.items.update(found["id"], found)
        self._edited(found)
        self._version = max(self._version, int(found["decided_in"] or 0))
        return self._remember(Step(int(found["decided_in"] or 0), 1, "accept", item["id"]))

    async def take_back(self, step: Step | None = None) -> Step | None:
        """Let the last step (or the given one) wait again; None when there is none. Raises `ApiError`."""
        step = step or (self.steps[-1] if self.steps else None)
        if step is None:
            return None
        answer = await self.api.file_organizer.take_back(self.plan_id, {"version": step.version})
        self.steps = tuple(one for one in self.steps if one.version != step.version)
        self._version = answer["version"]
        await self.load()
        if step.item_id:
            self.current = step.item_id
            if self.item is not None and self.item["id"] == step.item_id:
                await self.show_item(step.item_id)
        return step

    async def _send(self, verdict: Verdict, body: SelectionIn) -> Step:
        send = self.api.file_organizer.accept if verdict == "accept" else self.api.file_organizer.reject
        self._deciding += 1
        try:
            answer = await send(self.plan_id, body)
        finally:
            self._deciding -= 1
        self._version = max(self._version, answer["version"])
        return Step(answer["version"], answer["changed"], verdict)

    def _remember(self, step: Step) -> Step:
        if step.count:
            self.steps = (*self.steps[-_MOST_STEPS:], step)
        return step

    def _leave(self, ids: set[str]) -> None:
        """Move the mark on when its row goes: the keyboard goes on with the next one."""
        rows = [one["id"] for one in self.rows()]
        if self.current not in ids or self.current not in rows or self.view == "all":
            return
        at = rows.index(self.current)
        rest = [one for one in [*rows[at + 1 :], *reversed(rows[:at])] if one not in ids]
        self.current = rest[0] if rest else ""

    def _become(self, item: ItemOut, state: str) -> Callable[[], None]:
        """Show an item in another state, or take it out of a list that does not show that; returns the way back."""
        self._recount(item, item["state"], state)
        stays = self.view == "all" or state == self.view
        undo = self.items.update(item["id"], {"state": state}) if stays else self.items.remove(item["id"])

        def back() -> None:
            undo()
            self._recount(item, state, item["state"])

        return back

    def _recount(self, item: ItemOut, before: str, after: str) -> None:
        """Move one item in the counts from one state to another."""
        old = self.summary
        if old is None or before == after:
            return
        kinds: Any = [dict(kind) for kind in old["categories"]]
        total: Any = dict(old["total"])
        for counts in (total, *(kind for kind in kinds if kind["category"] == item["category"])):
            counts[before], counts[after] = max(0, counts.get(before, 0) - 1), counts.get(after, 0) + 1
        bands: Any = [dict(band) for band in old["confidence"]]
        here = next((band for band in bands if item["confidence"] >= band["at_least"]), None)
        if here is not None:
            here["undecided"] += int(after in WAITING) - int(before in WAITING)
        self.summary = {**old, "total": total, "confidence": bands, "categories": kinds}

    # ------------------------------------------------------------------ events

    def on_event(self, event: Event) -> None:
        """Follow this plan, its drives and work; a step of one's own is shown already and only counted anew."""
        name, payload = event["name"], event["payload"]
        if name == "file_organizer.plan_changed":
            if self.plan is not None and payload.get("plan_id") == self.plan_id:
                self.in_background(self._hear_change())
        elif name.startswith("file_organizer.drive_"):
            self.reload_soon()
        elif name == "jobs.progressed" or self.plan_id:
            super().on_event(event)

    async def _hear_change(self) -> None:
        try:
            summary = await self.api.file_organizer.summarize_plan(self.plan_id)
        except ApiError:
            self.reload_soon()
            return
        if self._deciding:
            return  # the next step's own event comes after it
        if summary["version"] > self._version:
            await self.reload()  # somebody else decided
        elif summary["version"] == self._version:
            self.summary = summary


def _filter_of(view: View, old: ItemFilter) -> ItemFilter:
    """Return the filter that a view means, with the rest of the old one."""
    state: Any = {"sure": "undecided", "all": None}.get(view, view)
    return replace(old, state=state, min_confidence=SURE if view == "sure" else None)
