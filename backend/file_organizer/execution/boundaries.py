"""Boundaries: the named moments of an execution, so that a test can kill the process at each of them.

In production nothing listens: `Boundaries.reach` does nothing. The fault campaign counts the calls in one run and then
kills a process at the first, second, ... of them (tests/file_organizer/execution).
"""

from __future__ import annotations


class Boundaries:
    """Be told each time the execution passes a journal commit or a change on disk (before and after it)."""

    def reach(self, name: str) -> None:
        """Pass the boundary `name`; the test's subclass may not return."""
