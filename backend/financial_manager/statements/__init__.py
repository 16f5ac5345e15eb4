"""Bank statements as the bank wrote them: what a file of any bank says, without a database and without booking it.

`read_statements(data, name)` tells the format by content, never by name, and returns what the file says, with a reason
for every row it doubts; a file that cannot be trusted is a `StatementError` that names the line and the remedy.
"""

from __future__ import annotations

from backend.financial_manager.statements.errors import StatementError
from backend.financial_manager.statements.front import read_statements
from backend.financial_manager.statements.statement import (
    Balance,
    BalanceProof,
    Doubt,
    Entry,
    SkippedRow,
    Statement,
    StatementFile,
    TableSeen,
)
from backend.financial_manager.statements.table_choice import EVERY, Choices, TableChoice, heading_key

__all__ = [
    "EVERY",
    "Balance",
    "BalanceProof",
    "Choices",
    "Doubt",
    "Entry",
    "SkippedRow",
    "Statement",
    "StatementError",
    "StatementFile",
    "TableChoice",
    "TableSeen",
    "heading_key",
    "read_statements",
]
