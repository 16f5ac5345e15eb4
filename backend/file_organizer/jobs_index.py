"""Work on the file index, run by workers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pydantic import BaseModel, ConfigDict

from backend.file_organizer.organizer import Organizer
from backend.sdk.jobs import JobContext, JobHandler


class IndexFilesArgs(BaseModel):
    """Look at the space's folders; `full`: at every file, whatever was looked at lately."""

    model_config = ConfigDict(extra="forbid")

    full: bool = False


def index_files(ctx: JobContext, args: IndexFilesArgs) -> Mapping[str, Any]:
    """Bring the index up to date; a second attempt goes on with what the first one stored."""
    organizer = Organizer(ctx.module)

    def tell(folders: int) -> None:
        ctx.progress(None, "Looking for new files", folders=folders)

    return asdict(organizer.refresh_index(ctx.actor, full=args.full, on_progress=tell))


INDEX_HANDLERS: tuple[JobHandler[Any], ...] = (JobHandler("file_organizer.index_files", IndexFilesArgs, index_files),)
