"""The one error of reading statements: what is wrong with the file ("The file ..."), on which line, and what to do."""

from __future__ import annotations

from backend.sdk.errors import FieldProblem, InvalidInput


class StatementError(InvalidInput):
    """A statement cannot be read, or must not be trusted.

    `problem`: a whole sentence that begins with "The file". `where`: "file" or "line 12".
    """

    code = "statement_unreadable"

    def __init__(self, problem: str, *, where: str = "file", remedy: str = "") -> None:
        self.where, self.problem, self.remedy = where, problem, remedy
        reason, line = problem, where.removeprefix("line ")
        message = problem if line == where else f"{reason} See line {line}."
        super().__init__(message, fields=[FieldProblem(where, problem, remedy)])


AGAIN = "Download the statement from the bank again."
"""What helps with a damaged file."""


def at_line(line: int, problem: str, remedy: str = AGAIN) -> StatementError:
    """Return an error about one line (counted from 1)."""
    return StatementError(problem, where=f"line {line}", remedy=remedy)
