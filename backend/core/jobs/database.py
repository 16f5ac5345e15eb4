"""Open the database of the `jobs` table."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import structlog

from backend.core.jobs.models import JobsBase
from backend.sdk.db import Database


def open_jobs_database(url_or_path: str | Path, log: Any = None) -> Database:
    """Return the jobs database.

    Workers look past the owners once a second by nature, which would fill the log with the same line; here only
    warnings are logged, while `Database.unscoped_count` still counts.
    """
    quiet = log or structlog.wrap_logger(
        structlog.get_logger("homie.db"), wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING)
    )
    return Database(url_or_path, JobsBase, name="jobs", log=quiet)
