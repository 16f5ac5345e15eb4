"""How a person said that a table is to be read: which column is what, the order of its dates, and its signs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from backend.financial_manager.statements.errors import StatementError
from backend.financial_manager.statements.table_layout import Layout

ROLES = (
    "booking_date", "value_date", "amount", "debit", "credit", "balance", "currency", "counterparty", "iban", "purpose",
)  # fmt: skip
"""What a person may say of a column."""
ORDERS = ("dmy", "mdy", "ymd")
SIGNS = ("as_written", "turned")
EVERY = "*"
"""The key of a choice that holds for whatever heading there is: a person said it of this very file."""


@dataclass(frozen=True, slots=True)
class TableChoice:
    """What a person said; what is empty is found as always. `columns`: role -> number of the column, -1: there is none.

    `order`: one of `ORDERS`; `sign`: "as_written" or "turned" (what was spent is written without a minus).
    """

    columns: Mapping[str, int] = field(default_factory=dict)
    order: str = ""
    sign: str = ""

    def stored(self) -> dict[str, Any]:
        """Return it as an account keeps it."""
        return {"columns": dict(self.columns), "order": self.order, "sign": self.sign}

    @classmethod
    def of(cls, stored: Any) -> TableChoice | None:
        """Return what was stored; None for anything that is no choice."""
        if not isinstance(stored, dict) or not isinstance(stored.get("columns"), dict):
            return None
        columns = {str(k): int(v) for k, v in stored["columns"].items() if k in ROLES and isinstance(v, int)}
        order, sign = stored.get("order"), stored.get("sign")
        return cls(columns, order if order in ORDERS else "", sign if sign in SIGNS else "")


Choices = Mapping[str, TableChoice]
"""Key of a heading -> how a table with it is read."""


def heading_key(cells: Sequence[str]) -> str:
    """Return what a heading is recognised by; "" where there is none."""
    told = "\x1f".join(" ".join(cell.split()).casefold() for cell in cells)
    return blake2b(told.encode(errors="surrogateescape"), digest_size=16).hexdigest() if told.strip("\x1f") else ""


def chosen_for(choices: Choices, cells: Sequence[str]) -> TableChoice | None:
    """Return how a table with this heading is to be read, or None."""
    return choices.get(EVERY) or choices.get(heading_key(cells))


def apply(choice: TableChoice, layout: Layout) -> None:
    """Lay a table out as a person said; raises `StatementError` for a column that it does not have."""
    for role, index in choice.columns.items():
        if not -1 <= index < layout.width:
            raise StatementError(
                f"The table has no column {index + 1}.", remedy="Choose one of the columns that its heading names."
            )
        if role == "purpose":
            layout.purpose = [index] if index >= 0 else []
        else:
            setattr(layout, role, index)
    money = {role for role in ("amount", "debit", "credit") if choice.columns.get(role, -1) >= 0}
    if "amount" in money:
        layout.debit = layout.credit = -1
    elif money:
        layout.amount = -1
    if choice.columns:
        layout.preset, layout.guessed, layout.unproven = None, False, False
        layout.other_amounts, layout.numbers, layout.fee = [], [], -1
    if money and "balance" not in choice.columns and layout.balance in (layout.amount, layout.debit, layout.credit):
        layout.balance = -1
    if choice.sign:
        layout.sign, layout.preset = -1, None
    layout.order, layout.signs = choice.order, choice.sign
