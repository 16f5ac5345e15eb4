"""API of the cash-flow forecast."""

from __future__ import annotations

from backend.financial_manager.errors import AccountMissing
from backend.financial_manager.finances import Finances
from backend.financial_manager.schemas_forecast import ForecastOut, ForecastQuery
from backend.financial_manager.views_forecast import forecast_out
from backend.sdk.concurrency import run_blocking
from backend.sdk.errors import FieldProblem
from backend.sdk.http import Group, current_actor


def forecast_group(finances: Finances) -> Group:
    """Return the group of the forecast."""
    group = Group("forecast", url_prefix="/forecast", tag="Forecast")

    @group.get("", returns=ForecastOut, errors=[404])
    def show_forecast(query: ForecastQuery) -> ForecastOut:
        """Show day by day what is there in the next months, the lowest point, and what that rests on."""
        actor = current_actor()
        if query.account_id is not None:
            finances.accounts.get(actor, query.account_id)
        found = run_blocking(finances.forecasts.forecast, actor, query.months, with_everyday=query.everyday)
        shown = found.one(query.account_id, query.currency)
        if shown is None and query.account_id is not None:
            told = "This account is closed, or none that one pays from."
            problem = FieldProblem("query.account_id", told, "Choose an open bank account, card or purse.")
            raise AccountMissing(fields=[problem])
        return forecast_out(found, shown)

    return group
