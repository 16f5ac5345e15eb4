"""The one error of reading statements: which line or field, what is wrong with it, and what to do."""

from __future__ import annotations

from backend.sdk.errors import FieldProblem, InvalidInput


class StatementError(InvalidInput):
    """A statement cannot be read, or must not be trusted; `where` names the line or field."""

    code = "statement_unreadable"

    def __init__(self, problem: str, *, where: str = "file", remedy: str = "") -> None:
        self.where, self.problem, self.remedy = where, problem, remedy
        begins = problem.startswith(("the ", "The "))
        whole = problem[0].upper() + problem[1:] if begins else f"The file {problem}"
        message = whole if where == "file" else f"{where}: {problem if begins else whole}"
        super().__init__(message, fields=[FieldProblem(where, problem, remedy)])


AGAIN = "Download the statement from the bank again."
"""What helps with a damaged file."""


def at_line(line: int, problem: str, remedy: str = AGAIN) -> StatementError:
    """Return an error about one line (counted from 1)."""
    return StatementError(problem, where=f"line {line}", remedy=remedy)
