"""Open the database of the `jobs` table."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backend.core.jobs.models import JobsBase
from backend.sdk.db import Database

DAMAGED = (
    "The list of work is damaged. Restart Homie: it puts the list aside and begins a new one. "
    "No files and no data are in it."
)


def open_jobs_database(url_or_path: str | Path, log: Any = None) -> Database:
    """Return the jobs database; workers look past the owners by nature, each time with a stated reason."""
    return Database(url_or_path, JobsBase, name="jobs", damaged=DAMAGED, log=log)


def put_damaged_aside(path: Path, aside: Path) -> Path:
    """Move a damaged list of jobs with its log into a new folder below `aside`; returns the folder.

    Jobs say what is to be done, not what people have: what was begun goes on from each module's own journal.
    """
    folder = aside / f"jobs-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    folder.mkdir(parents=True, mode=0o700)
    for ending in ("-wal", "-shm", ".stopped", ""):  # the log first: it must never meet a new file
        file = path.with_name(path.name + ending)
        if file.exists():
            file.rename(folder / file.name)
    return folder
