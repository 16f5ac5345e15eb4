"""The household's projects: folders into which files that speak of them are offered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from frontend.api.generated.schemas import ProjectIn, ProjectOut
from frontend.providers.base import Provider
from frontend.providers.paged import Paged


def _place(project: ProjectOut) -> str:
    return project["path"]


@dataclass(eq=False)
class ProjectsProvider(Provider):
    """Hold the projects by title."""

    projects: Paged[ProjectOut] = field(init=False)

    def __post_init__(self) -> None:
        """Make the list."""
        self.projects = Paged(source=self._page, key=_place)

    async def fetch(self) -> None:
        """Read the list as far as it is shown."""
        await self.projects.refresh()
        if self.projects.error:
            raise self.projects.error

    async def mark(self, path: str, title: str = "", words: str = "") -> None:
        """Call a folder a project, with words that its files carry; raises `ApiError`."""
        body: dict[str, object] = {"path": path, "words": words}
        if title:
            body["title"] = title
        await self.api.file_organizer.mark_project(cast("ProjectIn", body))
        await self.load()

    async def hide(self, path: str) -> None:
        """Say that a folder is no project; raises `ApiError`."""
        await self.api.file_organizer.mark_project(cast("ProjectIn", {"path": path, "hidden": True}))
        await self.load()

    async def _page(self, cursor: str | None, limit: int) -> Any:
        return await self.api.file_organizer.list_projects(cursor=cursor, limit=limit)

    def reset(self) -> None:
        """Forget the list."""
        super().reset()
        self.projects.reset()
