"""Work on watched folders, run by workers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from backend.file_organizer.organizer import Organizer
from backend.file_organizer.watching.digest import send_digest as send
from backend.file_organizer.watching.errors import WatchedFolderMissing
from backend.file_organizer.watching.tending import Tender
from backend.sdk.errors import HomieError
from backend.sdk.files import VolumeAway
from backend.sdk.jobs import JobContext, JobHandler


class TendFolderArgs(BaseModel):
    """Look at one watched folder."""

    model_config = ConfigDict(extra="forbid")

    watched_id: str


class SendDigestArgs(BaseModel):
    """Send the digest of one day (ISO)."""

    model_config = ConfigDict(extra="forbid")

    day: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")


def tend_folder(ctx: JobContext, args: TendFolderArgs) -> Mapping[str, Any]:
    """Suggest or file what is new; learn what a person moved meanwhile. A drive that is away is no failure."""
    organizer = Organizer(ctx.module)

    def tell(fraction: float | None, note: str, files: int) -> None:
        ctx.progress(fraction, note, files=files)

    try:
        # First what the person did: a file that was moved by hand a moment ago teaches where its neighbours belong.
        index = organizer.refresh_index(ctx.actor)
        tender = Tender(organizer, ctx.module.db, ctx.module.clock, ctx.module.new_id)
        report = asdict(tender.tend(ctx.actor, args.watched_id, tell))
    except WatchedFolderMissing:
        return {"removed": True}
    except VolumeAway:
        return {"away": True}  # the watcher asks again when the drive is back
    except HomieError as error:
        if error.status >= 500:
            raise
        return {"problem": error.message}
    finally:
        organizer.close()
    return report | {"learned": index.learned}


def send_digest(ctx: JobContext, args: SendDigestArgs) -> Mapping[str, Any]:
    """Tell of the day; asked again, it is not told twice."""
    told = ctx.module.db.write(ctx.actor, send, args.day, ctx.module.clock.now())
    return {"told": told}


WATCHING_HANDLERS: tuple[JobHandler[Any], ...] = (
    JobHandler("file_organizer.tend_folder", TendFolderArgs, tend_folder, max_attempts=5),
    JobHandler("file_organizer.send_digest", SendDigestArgs, send_digest),
)
