"""Import every table of the module, so that `Base.metadata` is complete for migrations, backups and tests."""

from __future__ import annotations

from backend.financial_manager.base import Base
from backend.financial_manager.budgets.models import Budget
from backend.financial_manager.construction.models import (
    BudgetEntry,
    BuildingContract,
    BuildingInvoice,
    BuildingPayment,
    BuildingProject,
    BuildingRelease,
    ContractChange,
    MoneySource,
)
from backend.financial_manager.depots.models import Security, SecurityPrice, SecurityTrade
from backend.financial_manager.importing.models import ImportBatch, RawRow
from backend.financial_manager.ledger.change_log import audit
from backend.financial_manager.ledger.models import (
    Attachment,
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

audit(
    BuildingProject, BudgetEntry, BuildingContract, ContractChange, BuildingInvoice, BuildingRelease, MoneySource,
    BuildingPayment, Budget, Security, SecurityTrade, SecurityPrice,
)  # fmt: skip

__all__ = [
    "Attachment",
    "Base",
    "Budget",
    "BudgetEntry",
    "BuildingContract",
    "BuildingInvoice",
    "BuildingPayment",
    "BuildingProject",
    "BuildingRelease",
    "Category",
    "CategoryRule",
    "ChangedRow",
    "ContractChange",
    "ImportBatch",
    "LedgerChange",
    "ModuleData",
    "MoneySource",
    "Payee",
    "PayeeAlias",
    "Posting",
    "RawRow",
    "Security",
    "SecurityPrice",
    "SecurityTrade",
    "Transaction",
    "TransferLink",
    "UserAccount",
]
