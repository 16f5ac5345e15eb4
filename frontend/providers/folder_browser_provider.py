"""Looking around on the server for folders to open to a space: names of folders, one level at a time."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from frontend.api.errors import ApiError
from frontend.api.generated.schemas import BrowsedFolderOut
from frontend.providers.base import Provider

USUAL = ("Downloads", "Documents", "Pictures")
"""What nearly everybody wants to have looked after: suggested where it exists."""


@dataclass(eq=False)
class FolderBrowserProvider(Provider):
    """Hold the place that is looked at (None: where looking begins), its folders, and what was chosen."""

    path: str | None = None
    parent: str | None = None
    folders: tuple[BrowsedFolderOut, ...] = ()
    more: bool = False
    chosen: tuple[str, ...] = ()
    wanted: str | None = None
    """A folder that the person came for: chosen, with what lies beside it, when looking begins."""
    suggested: tuple[BrowsedFolderOut, ...] = ()
    """Of the places where looking begins, those that are usually wanted."""

    async def fetch(self) -> None:
        """Ask for the folders of the place that is looked at (administrators; needs the password)."""
        await self._show(self.path)

    async def begin(self) -> None:
        """Look where looking begins, with nothing chosen but what the person came for; raises `ApiError`."""
        wanted, self.wanted = self.wanted, None
        self.chosen = (wanted,) if wanted else ()
        try:
            if wanted:
                with suppress(ApiError):  # nobody may look around it: then the usual places are shown
                    await self._show(wanted.rstrip("/").rpartition("/")[0] or "/")
                    return
            await self._show(None)
        except ApiError as error:
            self.error = error
            raise

    async def enter(self, path: str | None) -> None:
        """Look into a folder, or back at the beginning; where that fails one stays; raises `ApiError`."""
        await self._show(path)

    async def up(self) -> None:
        """Look at the folder around; from the places where looking began, at all of them; raises `ApiError`."""
        try:
            await self._show(self.parent)
        except ApiError:
            if self.parent is None:
                raise
            await self._show(None)

    def choose(self, path: str, on: bool = True) -> None:
        """Choose a folder, or not."""
        rest = tuple(one for one in self.chosen if one != path)
        self.chosen = (*rest, path) if on else rest

    async def _show(self, path: str | None) -> None:
        found = await self.api.accounts.browse_machine(path=path)
        self.path, self.parent = found["path"], found["parent"]
        self.folders, self.more = tuple(found["items"]), found["more"]
        self.error, self.loaded, self.state = None, True, "ready"
        if path is None:
            named = {one["name"]: one for one in reversed(found["items"])}
            self.suggested = tuple(named[name] for name in USUAL if name in named)
