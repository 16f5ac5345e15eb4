"""Long lists: read by cursor, kept by id, and unchanged items stay the same objects, so only changed rows render."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from frontend.providers.base import Loading, Resettable

T = TypeVar("T")
PAGE = 50
LARGEST_PAGE = 200
Undo = Callable[[], None]
Fetch = Callable[[str | None, int], Awaitable[Any]]
"""Take (cursor, limit) and return a page: `{"items": [...], "next_cursor": ...}`."""


def by_id(item: Any) -> str:
    """Return an item's `id`."""
    return str(item["id"])


@dataclass(eq=False)
class Paged(Loading, Resettable, Generic[T]):
    """Hold the items of one list as far as they were read. Replace, never mutate, an item."""

    source: Fetch = field(kw_only=True)
    key: Callable[[T], str] = by_id
    items: tuple[T, ...] = ()
    cursor: str | None = None
    selected: frozenset[str] = frozenset()
    loading_more: bool = False
    _generation: int = field(default=0, init=False, repr=False)

    @property
    def has_more(self) -> bool:
        """Tell whether the hub has further items."""
        return self.cursor is not None

    @property
    def is_empty(self) -> bool:
        """Tell whether it was read and there is nothing."""
        return self.loaded and not self.items and self.cursor is None

    async def load(self) -> None:
        """Read the first page anew; what was read beyond it is dropped."""
        await self.loading(self._read_first)

    async def refresh(self) -> None:
        """Read again as much as is shown: the place on the screen and the selection stay."""
        await self.loading(self._read_shown)

    async def load_more(self) -> None:
        """Append the next page; many calls at once read one page."""
        if self.cursor is None or self.loading_more:
            return
        generation, self.loading_more = self._generation, True
        try:
            page = await self.source(self.cursor, PAGE)
            if generation == self._generation:  # otherwise the list was read anew meanwhile
                shown = {self.key(one) for one in self.items}
                self.items = (*self.items, *(one for one in page["items"] if self.key(one) not in shown))
                self.cursor = page.get("next_cursor")
        finally:
            self.loading_more = False

    # ------------------------------------------------------------------ single items

    def get(self, id_: str) -> T | None:
        """Return the item with this id, or None."""
        return next((one for one in self.items if self.key(one) == id_), None)

    def insert(self, item: T, index: int = 0) -> Undo:
        """Put an item in, or in the place of the one with its id; returns how to take that back."""
        id_ = self.key(item)
        if (old := self.get(id_)) is not None:
            return self._swap(id_, old, item)
        self.items = (*self.items[:index], item, *self.items[index:])
        return lambda: self._drop_same(id_, item)

    def update(self, id_: str, changes: Mapping[str, Any]) -> Undo:
        """Change fields of an item; returns how to take that back. Nothing happens to an item that is not shown."""
        old = self.get(id_)
        if old is None:
            return _nothing
        new: Any = {**old, **changes}  # type: ignore[dict-item]
        return self._swap(id_, old, new)

    def remove(self, id_: str) -> Undo:
        """Take an item out; returns how to put it back to its place."""
        old = self.get(id_)
        if old is None:
            return _nothing
        index = self.items.index(old)
        self.items = tuple(one for one in self.items if one is not old)
        was_selected, self.selected = id_ in self.selected, self.selected - {id_}

        def undo() -> None:
            if self.get(id_) is None:
                self.items = (*self.items[:index], old, *self.items[index:])
                self.selected = self.selected | {id_} if was_selected else self.selected

        return undo

    # ------------------------------------------------------------------ selection

    def select(self, id_: str, on: bool = True) -> None:
        """Select an item, or not."""
        self.selected = self.selected | {id_} if on else self.selected - {id_}

    def select_all(self) -> None:
        """Select everything that was read."""
        self.selected = frozenset(self.key(one) for one in self.items)

    def clear_selection(self) -> None:
        """Select nothing."""
        self.selected = frozenset()

    # ------------------------------------------------------------------ inside

    async def _read_first(self) -> None:
        self._generation += 1
        page = await self.source(None, PAGE)
        self._show(page["items"], page.get("next_cursor"))

    async def _read_shown(self) -> None:
        self._generation += 1
        wanted = max(PAGE, len(self.items))
        found: list[T] = []
        cursor: str | None = None
        while True:
            page = await self.source(cursor, min(LARGEST_PAGE, max(PAGE, wanted - len(found))))
            found += page["items"]
            cursor = page.get("next_cursor")
            if cursor is None or len(found) >= wanted:
                break
        self._show(found, cursor)

    def reset(self) -> None:
        """Forget everything; what is on its way is dropped when it arrives."""
        self._generation += 1
        self.items, self.cursor, self.selected = (), None, frozenset()
        self.drop()

    def _show(self, found: Sequence[T], cursor: str | None) -> None:
        before = {self.key(one): one for one in self.items}
        fresh = {self.key(one): one for one in found}  # one of each, should a page overlap the one before
        self.items = tuple(before[id_] if before.get(id_) == one else one for id_, one in fresh.items())
        self.cursor = cursor
        self.selected = self.selected & fresh.keys()

    def _swap(self, id_: str, old: T, new: T) -> Undo:
        if old == new:
            return _nothing
        self.items = tuple(new if one is old else one for one in self.items)

        def undo() -> None:
            if self.get(id_) is new:  # the hub's own news, come meanwhile, is not overwritten
                self.items = tuple(old if one is new else one for one in self.items)

        return undo

    def _drop_same(self, id_: str, item: T) -> None:
        if self.get(id_) is item:
            self.items = tuple(one for one in self.items if one is not item)


def _nothing() -> None:
    """Undo of a change that was none."""
