"""What can go wrong with statement inboxes.

NotFound      InboxMissing, StatementSeenMissing
Conflict      InboxThere
"""

from __future__ import annotations

from backend.sdk.errors import Conflict, NotFound


class InboxMissing(NotFound):
    """No such inbox for this caller."""

    code, message = "inbox_missing", "This statement inbox does not exist."


class StatementSeenMissing(NotFound):
    """No such file of an inbox for this caller."""

    code, message = "statement_seen_missing", "This statement is not waiting."


class InboxThere(Conflict):
    """The folder is one already, or lies in one."""

    code, message = "inbox_there", "This folder is a statement inbox already, or lies in one."
