"""Copies and pictures that look alike: the last look for them, its groups, and what is decided about each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from frontend.api.generated.schemas import DuplicateGroupOut, DuplicateSearchOut
from frontend.file_organizer.cleaning_provider import CleaningProvider
from frontend.providers.paged import Paged


@dataclass(eq=False)
class DuplicatesProvider(CleaningProvider):
    """Hold the last search and its open groups, and the group that is looked at closely."""

    search: DuplicateSearchOut | None = None
    kind: str = "same"
    groups: Paged[DuplicateGroupOut] = field(init=False)
    group: DuplicateGroupOut | None = None

    def __post_init__(self) -> None:
        """Make the list."""
        self.groups = Paged(source=self._groups)

    async def fetch(self) -> None:
        """Read the last search, its groups as far as they are shown, and the open group."""
        found = (await self.api.file_organizer.list_duplicate_searches(limit=1))["items"]
        self.search = found[0] if found else None
        if self.search is None or self.search["state"] == "looking":
            self.groups.reset()
        else:
            await self.groups.refresh()
            if self.groups.error:
                raise self.groups.error
        if self.group is not None:
            self.group = await self.api.file_organizer.get_duplicate_group(self.group["id"])

    async def look(self, paths: Sequence[str], *, pictures: bool, spaces: Sequence[str | None]) -> None:
        """Begin to look for copies; raises `ApiError`."""

        async def ask(space: str | None) -> DuplicateSearchOut:
            body: Any = {"paths": list(paths), "pictures": pictures}
            return await self.api.file_organizer.look_for_duplicates(body, space=space)

        self.working, self.group = None, None
        self.groups.reset()
        self.search = await self.in_some_space(spaces, ask)

    async def show(self, kind: str) -> None:
        """List the groups of one kind only."""
        self.kind = kind
        await self.groups.load()

    async def open_group(self, group_id: str) -> None:
        """Look at one group closely; raises `ApiError`."""
        if self.group is None or self.group["id"] != group_id:
            self.group = None
        self.group = await self.api.file_organizer.get_duplicate_group(group_id)

    async def keep_only(self, group: DuplicateGroupOut, file_id: str) -> None:
        """Keep this file, let the others go; raises `ApiError`."""
        self._take(
            await self.api.file_organizer.decide_about_group(group["id"], {"keep_only": file_id}, space=self._space)
        )

    async def set_keep(self, group: DuplicateGroupOut, file_id: str, keep: bool) -> None:
        """Keep one file too, or not; raises `ApiError`."""
        self._take(
            await self.api.file_organizer.decide_about_copy(group["id"], file_id, {"keep": keep}, space=self._space)
        )

    async def leave(self, group: DuplicateGroupOut, leave: bool = True) -> None:
        """Leave a group as it is, or take it up again; it leaves the list at once; raises `ApiError`."""
        undo = self.groups.remove(group["id"]) if leave else lambda: None
        try:
            self._take(
                await self.api.file_organizer.decide_about_group(group["id"], {"leave": leave}, space=self._space)
            )
        except BaseException:
            undo()
            raise
        self.reload_soon()

    async def put_away(self, group_ids: Sequence[str] = ()) -> None:
        """Put the copies of these groups, or of all that are listed, into the trash; raises `ApiError`."""
        assert self.search is not None
        body: Any = {"group_ids": list(group_ids), "kind": self.kind}
        await self.follow_work(
            await self.api.file_organizer.put_copies_away(self.search["id"], body, space=self._space)
        )

    @property
    def _space(self) -> str | None:
        return self.search["owner_id"] if self.search else None

    def _take(self, group: DuplicateGroupOut) -> None:
        if self.group is not None and self.group["id"] == group["id"]:
            self.group = group
        self.groups.update(group["id"], {**group, "copies": group["copies"][:4]})

    async def _groups(self, cursor: str | None, limit: int) -> Any:
        if self.search is None:
            return {"items": []}
        kind: Any = self.kind
        return await self.api.file_organizer.list_duplicate_groups(
            self.search["id"], cursor=cursor, limit=limit, kind=kind
        )

    def reset(self) -> None:
        """Forget everything."""
        super().reset()
        self.groups.reset()
