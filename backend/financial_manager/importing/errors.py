"""What can go wrong while a statement is imported.

Conflict      StatementOfAnotherAccount
Conflict      StatementChanged
Conflict      LineDecided
"""

from __future__ import annotations

from backend.sdk.errors import Conflict


class StatementOfAnotherAccount(Conflict):
    """The file names an account that is not known as the chosen one."""

    code, message = "statement_of_another_account", "This statement is of another account."


class LineDecided(Conflict):
    """The line of an import does not wait for a decision."""

    code, message = "line_decided", "This line is decided about already, or its import was taken back."


class StatementChanged(Conflict):
    """The file is not the one that was looked at."""

    code, message = "statement_changed", "The file changed since you looked at it. Look at it again."
