"""Look for copies and junk, and put away what a person agreed to. Each job may run again after a crash."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from backend.file_organizer.cleaning.models import SearchState
from backend.file_organizer.organizer import Organizer
from backend.file_organizer.put_away import Findings, put_away
from backend.sdk.errors import HomieError
from backend.sdk.files import VolumeAway
from backend.sdk.jobs import JobCancelled, JobContext, JobHandler, JobInterrupted, JobRetryLater


class LookArgs(BaseModel):
    """Look through the folders of a search that was begun."""

    model_config = ConfigDict(extra="forbid")

    search_id: str


class PutAwayArgs(BaseModel):
    """Put away what the request `request_id` took up. `title`: what the history calls it."""

    model_config = ConfigDict(extra="forbid")

    request_id: str = Field(max_length=64)
    title: str


def find_duplicates(ctx: JobContext, args: LookArgs) -> Mapping[str, Any]:
    """Look for copies; a stopped or failed search says so."""
    return _look(ctx, args, Organizer(ctx.module).duplicates.look)


def put_copies_away(ctx: JobContext, args: PutAwayArgs) -> Mapping[str, Any]:
    """Put the copies of a request into the trash, each only while its keeper is there and the same."""
    organizer = Organizer(ctx.module)
    return _put_away(ctx, args, organizer, organizer.duplicates)


def find_junk(ctx: JobContext, args: LookArgs) -> Mapping[str, Any]:
    """Look for oddities; a stopped or failed search says so."""
    return _look(ctx, args, Organizer(ctx.module).junk.look)


def clean_up(ctx: JobContext, args: PutAwayArgs) -> Mapping[str, Any]:
    """Put the oddities of a request into the trash, or rename them."""
    organizer = Organizer(ctx.module)
    return _put_away(ctx, args, organizer, organizer.junk)


def _look(ctx: JobContext, args: LookArgs, look: Callable[..., Mapping[str, int]]) -> Mapping[str, Any]:
    searches = Organizer(ctx.module).searches

    def progress(fraction: float | None, note: str, files: int) -> None:
        ctx.progress(fraction, note, files=files)

    try:
        counts = look(ctx.actor, args.search_id, progress)
    except JobInterrupted:
        raise  # the worker stops; the next start looks anew
    except JobCancelled:
        searches.finish(ctx.actor, args.search_id, SearchState.STOPPED)
        raise
    except HomieError as error:
        searches.finish(ctx.actor, args.search_id, SearchState.FAILED, notice=error.message)
        raise
    return {"search_id": args.search_id, **counts}


def _put_away(ctx: JobContext, args: PutAwayArgs, organizer: Organizer, findings: Findings) -> Mapping[str, Any]:
    """Carry the request out; a drive that is away is waited for."""

    def progress(fraction: float | None, _note: str, files: int) -> None:
        ctx.progress(fraction, "Putting files away", files=files)

    try:
        report = put_away(organizer, findings, ctx.actor, args.request_id, title=args.title, progress=progress)
    except VolumeAway as error:
        raise JobRetryLater(error.message, seconds=60.0) from None
    if report is None:
        return {"run_id": None, "total": 0, "done": 0, "kept": 0}
    kept = report.failed + report.skipped
    return {"run_id": report.run_id, "total": report.total, "done": report.done, "kept": kept}


CLEANING_HANDLERS: tuple[JobHandler[Any], ...] = (
    JobHandler("file_organizer.find_duplicates", LookArgs, find_duplicates),
    JobHandler("file_organizer.find_junk", LookArgs, find_junk),
    JobHandler("file_organizer.clean_up", PutAwayArgs, clean_up, max_attempts=10),
    JobHandler("file_organizer.put_copies_away", PutAwayArgs, put_copies_away, max_attempts=10),
)
