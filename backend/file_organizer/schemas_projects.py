"""Wire types of projects."""

from __future__ import annotations

from pydantic import Field

from backend.file_organizer.projects.shelf import Why
from backend.sdk.http import In, Out


class ProjectOut(Out):
    """Show one project. `id`: null for one that Homie found by itself; `why`: how it is known."""

    id: str | None
    title: str
    path: str
    volume_id: str
    folder: str
    why: Why
    words: list[str]


class ProjectIn(In):
    """Call a folder a project, or say that it is none."""

    path: str = Field(min_length=1, max_length=4096)
    title: str | None = Field(None, min_length=1, max_length=200, description="The folder's name if left out.")
    words: str = Field("", max_length=400, description="Words that files of this project carry.")
    hidden: bool = Field(False, description="True: this folder is no project; nothing is offered for it.")


class ProjectMarkOut(Out):
    """Name what was stored."""

    id: str
    title: str
    path: str
    hidden: bool
