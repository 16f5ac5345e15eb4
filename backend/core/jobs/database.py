"""Open the database of the `jobs` table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from backend.core.jobs.models import JobsBase
from backend.sdk.db import Database


def open_jobs_database(url_or_path: str | Path, log: Any = None) -> Database:
    """Return the jobs database; workers look past the owners by nature, each time with a stated reason."""
    return Database(url_or_path, JobsBase, name="jobs", log=log)
