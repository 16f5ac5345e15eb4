"""Wire types of statement inboxes and of the files in them."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from backend.financial_manager.importing.models import FileState
from backend.sdk.http import In, Out


class InboxIn(In):
    """Make a folder a statement inbox."""

    path: str = Field(min_length=1, max_length=4096, description="A folder that was opened to Homie, or one in it.")


class InboxOut(Out):
    """Show an inbox. `path`: None while its drive is not connected, or the folder is not open any more."""

    id: str
    name: str
    path: str | None
    created_at: dt.datetime


class InboxesOut(Out):
    """List the inboxes, the oldest first."""

    items: list[InboxOut]


class LookedOut(Out):
    """Say what a look into the inboxes did. `settling`: files that are still being written."""

    booked: int
    waiting: int
    known: int
    settling: int
    away: int


class SeenQuery(In):
    """Choose what became of the files."""

    state: FileState = FileState.WAITING


class SeenOut(Out):
    """Show a file of an inbox. `path`: where it lies now, None if it cannot be reached; `undone`: taken back."""

    id: str
    name: str
    path: str | None
    state: FileState
    reason: str
    account_id: str | None
    batch_id: str | None
    undone: bool
    seen_at: dt.datetime


class SeenListOut(Out):
    """List files of the inboxes, the newest first."""

    items: list[SeenOut]


class SeenPatch(In):
    """Want nothing of a waiting file, or let it wait after all."""

    left: bool
