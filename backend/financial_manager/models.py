"""Import every table of the module, so that `Base.metadata` is complete for migrations, backups and tests."""

from __future__ import annotations

from backend.financial_manager.banks.models import BankAccount, BankConnection, BankKey
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
from backend.financial_manager.depots.models import PriceSource, Security, SecurityPrice, SecurityTrade
from backend.financial_manager.goals.models import Goal, GoalAmount
from backend.financial_manager.importing.models import ImportBatch, RawRow, StatementSeen
from backend.financial_manager.inboxes.models import StatementInbox
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
from backend.financial_manager.rates.models import FxRate
from backend.financial_manager.recurring.models import RecurringNotice, RecurringPayment

audit(
    BuildingProject, BudgetEntry, BuildingContract, ContractChange, BuildingInvoice, BuildingRelease, MoneySource,
    BuildingPayment, Budget, Security, SecurityTrade, SecurityPrice, PriceSource, RecurringPayment, Goal, GoalAmount,
    ModuleData, StatementInbox, RawRow,
)  # fmt: skip

__all__ = [
    "Attachment",
    "BankAccount",
    "BankConnection",
    "BankKey",
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
    "FxRate",
    "Goal",
    "GoalAmount",
    "ImportBatch",
    "LedgerChange",
    "ModuleData",
    "MoneySource",
    "Payee",
    "PayeeAlias",
    "Posting",
    "PriceSource",
    "RawRow",
    "RecurringNotice",
    "RecurringPayment",
    "Security",
    "SecurityPrice",
    "SecurityTrade",
    "StatementInbox",
    "StatementSeen",
    "Transaction",
    "TransferLink",
    "UserAccount",
]
