"""The module's API, `/api/v1/financial_manager/...`: everything that the app and programs ask of the ledger."""

from __future__ import annotations

from backend.financial_manager.api_asking import asking_group
from backend.financial_manager.api_attachments import attachment_group
from backend.financial_manager.api_banks import bank_groups
from backend.financial_manager.api_budgets import budget_group
from backend.financial_manager.api_construction import construction_groups
from backend.financial_manager.api_depots import depot_groups
from backend.financial_manager.api_folders import folder_groups
from backend.financial_manager.api_forecast import forecast_group
from backend.financial_manager.api_goals import goal_group
from backend.financial_manager.api_imports import import_groups
from backend.financial_manager.api_inboxes import inbox_groups
from backend.financial_manager.api_insight import insight_group
from backend.financial_manager.api_ledger import ledger_groups
from backend.financial_manager.api_prices import price_groups
from backend.financial_manager.api_rates import rate_groups
from backend.financial_manager.api_recurring import recurring_group, recurring_notices_group
from backend.financial_manager.api_rules import rule_group
from backend.financial_manager.api_taxes import tax_groups
from backend.financial_manager.api_transactions import transaction_groups
from backend.financial_manager.finances import Finances
from backend.sdk.http import Api
from backend.sdk.module import ModuleContext


def build_api(ctx: ModuleContext, finances: Finances) -> Api:
    """Return the API of one process's ledger."""
    api = Api("financial_manager", "Homie Financial Manager", ctx.spec.version)
    return api.include(
        *ledger_groups(finances),
        *transaction_groups(finances, ctx.clock),
        *import_groups(ctx, finances),
        *construction_groups(finances),
        *folder_groups(ctx),
        rule_group(finances),
        budget_group(finances),
        recurring_group(finances),
        recurring_notices_group(finances),
        forecast_group(finances),
        goal_group(finances),
        attachment_group(finances),
        asking_group(finances, ctx.ai),
        insight_group(finances),
        *depot_groups(finances),
        *price_groups(finances),
        *tax_groups(finances),
        *rate_groups(finances),
        *inbox_groups(ctx, finances),
        *bank_groups(finances),
    )
