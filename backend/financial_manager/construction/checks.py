"""What makes no sense of one row of a building project is refused, with its field and a remedy."""

from __future__ import annotations

import datetime as dt
from typing import Any

from backend.financial_manager.construction.contracts import WHOLE_BP
from backend.financial_manager.construction.cost_groups import Scheme, is_code
from backend.financial_manager.construction.rows import below, find
from backend.financial_manager.currencies import LARGEST, check_currency
from backend.financial_manager.days import check_day
from backend.sdk.db import OwnedSession
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.names import plain_name

_SIGNED = frozenset({("change_order", "net_minor"), ("payment", "amount_minor")})
"""Amounts that may be negative: less is built, money came back."""
_LARGEST_OF = {"_minor": LARGEST, "_bp": WHOLE_BP, "_days": 3650}
"""Endings of columns -> what they hold at most."""
_WORDS = ("name", "title", "vendor", "number", "cost_group")


def wrong(field: str, problem: str, remedy: str) -> InvalidInput:
    """Return the error for one field of what somebody enters."""
    return InvalidInput(fields=[FieldProblem(f"body.{field}", problem, remedy)])


def check_row(session: OwnedSession, kind: str, row: Any) -> None:
    """Refuse empty names, days of no household's time, numbers below zero, and what a project or a line cannot be."""
    for name in _WORDS:
        if isinstance(getattr(row, name, None), str):
            setattr(row, name, plain_name(getattr(row, name)))
            if not getattr(row, name) and not (kind == "contract" and name == "title"):
                raise wrong(name, "It is empty.", "Give it a name.")
    for column in row.__table__.columns:
        value = getattr(row, column.key)
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            check_day(value, f"body.{column.key}")
    _check_numbers(kind, row)
    if kind == "project":
        check_project(session, row)
    elif kind == "line":
        check_line(session, row)


def _check_numbers(kind: str, row: Any) -> None:
    """Refuse amounts, shares and terms that nobody agrees on; what comes free is more than nothing."""
    for column in row.__table__.columns:
        name, value = column.key, getattr(row, column.key)
        most = next((most for ending, most in _LARGEST_OF.items() if name.endswith(ending)), None)
        if most is None or value is None:
            continue
        least = -LARGEST if (kind, name) in _SIGNED else int((kind, name) == ("release", "amount_minor"))
        if value < least:
            told = "It cannot be less than nothing." if least == 0 else "It comes to nothing, or less."
            raise wrong(name, told, "Check the number.")
        if value > most:
            raise wrong(name, "This number is too large.", "Check the number.")


def check_project(session: OwnedSession, row: Any) -> None:
    """Refuse an unknown currency, and cost groups that lines of the project do not fit into."""
    check_currency(row.currency)
    for line in below(session, "line", "project_id", [row.id]):
        if not is_code(Scheme(row.scheme), line.cost_group):
            told = f"The line {line.title} has the cost group {line.cost_group}, which these groups do not know."
            raise wrong("scheme", told, "Change the line first, or keep the groups.")


def check_line(session: OwnedSession, row: Any) -> None:
    """Refuse a cost group that the project does not have, and a reserve on which contracts stand."""
    scheme = Scheme(find(session, "project", row.project_id).scheme)
    if not is_code(scheme, row.cost_group):
        remedy = {
            Scheme.OENORM: "Use a number from 0 to 9, also with more behind it, such as 2 or 2.D.",
            Scheme.DIN276: "Use a number from 100 to 899, such as 300 or 334.",
            Scheme.OWN: "Give the cost group a name.",
        }[scheme]
        raise wrong("cost_group", f"{row.cost_group} is no cost group of this project.", remedy)
    if row.contingency and below(session, "contract", "line_id", [row.id]):
        raise wrong("contingency", "Contracts stand on this line.", "Add a line of its own for the reserve.")
