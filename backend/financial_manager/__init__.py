"""The Financial Manager: the household's money in one ledger, read from any bank's statements, with undo."""

from __future__ import annotations

from backend.financial_manager.notices import FINDS, HOME_EVENTS, NOTICES
from backend.sdk.module import ModuleSpec

MODULE = ModuleSpec(
    id="financial_manager",
    title="Financial Manager",
    version="0.1.0",
    app="backend.financial_manager.financial_manager_app:FinancialManagerApp",
    jobs="backend.financial_manager.jobs:HANDLERS",
    resident="backend.financial_manager.resident:run",
    models="backend.financial_manager.models:Base",
    settings="backend.financial_manager.settings:FinancialManagerSettings",
    migrations="migrations",
    icon="account_balance",
    description="Keeps the household's accounts in one ledger, reads bank statements, and can undo every step.",
    permissions=("money.read", "money.write"),
    notices=NOTICES,
    home_events=HOME_EVENTS,
    finds=FINDS,
    navigation=("accounts", "transactions", "imports", "changes"),
)

__all__ = ["MODULE"]
