"""What can be wrong with trades and prices; each error names the field and what to do.

InvalidInput
├── TradeInvalid        trade_invalid          a trade cannot be booked as it is
└── PricesUnreadable    prices_unreadable      a file of prices cannot be read
"""

from __future__ import annotations

from backend.sdk.errors import FieldProblem, InvalidInput


class TradeInvalid(InvalidInput):
    """A trade cannot be booked; `field` names the culprit, `trade_id` the trade (empty: none in particular)."""

    code = "trade_invalid"

    def __init__(self, field: str, problem: str, remedy: str, *, trade_id: str = "") -> None:
        self.field, self.problem, self.remedy, self.trade_id = field, problem, remedy, trade_id
        super().__init__(problem, fields=[FieldProblem(field, problem, remedy)])


class PricesUnreadable(InvalidInput):
    """A file of prices cannot be read, or must not be trusted; `where` names the line or "file"."""

    code = "prices_unreadable"

    def __init__(self, problem: str, remedy: str, *, where: str = "file") -> None:
        self.where, self.problem, self.remedy = where, problem, remedy
        super().__init__(problem, fields=[FieldProblem(where, problem, remedy)])
