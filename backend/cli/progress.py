"""A progress bar for people at a terminal; programs hear nothing of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def counted_progress(as_json: bool) -> Iterator[Any]:
    """Show a bar on a terminal; say nothing to programs."""
    if as_json or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Starting", total=None)

        def tell(fraction: float | None, note: str, done: int) -> None:
            total = round(done / fraction) if fraction else None
            bar.update(task, description=note, completed=done, total=total)

        yield tell
