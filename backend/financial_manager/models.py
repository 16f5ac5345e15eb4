"""Import every table of the module, so that `Base.metadata` is complete for migrations, backups and tests."""

from __future__ import annotations

from backend.financial_manager.base import Base
from backend.financial_manager.importing.models import ImportBatch, RawRow
from backend.financial_manager.ledger.models import (
    Category,
    CategoryRule,
    ChangedRow,
    LedgerChange,
    Payee,
    PayeeAlias,
    Posting,
    Transaction,
    TransferLink,
    UserAccount,
)
from backend.financial_manager.module_data import ModuleData

__all__ = [
    "Base",
    "Category",
    "CategoryRule",
    "ChangedRow",
    "ImportBatch",
    "LedgerChange",
    "ModuleData",
    "Payee",
    "PayeeAlias",
    "Posting",
    "RawRow",
    "Transaction",
    "TransferLink",
    "UserAccount",
]
