"""What the cash-flow forecast looks like on the wire."""

from __future__ import annotations

from backend.financial_manager.forecasting.forecasts import Forecast, Outlook, rests_on, said
from backend.financial_manager.schemas_forecast import DayBalanceOut, ExpectedOut, ForecastOut, OutlookOut


def forecast_out(found: Forecast, shown: Outlook | None) -> ForecastOut:
    """Return all outlooks, and one of them day by day."""
    return ForecastOut(
        today=found.today,
        until=found.until,
        outlooks=[outlook_out(one) for one in found.outlooks],
        shown=outlook_out(shown) if shown is not None else None,
        days=[DayBalanceOut.model_validate(one) for one in shown.projection.days] if shown is not None else [],
        expected=[ExpectedOut.model_validate(one) for one in shown.expected] if shown is not None else [],
        rests_on=rests_on(found, shown) if shown is not None else [],
    )


def outlook_out(one: Outlook) -> OutlookOut:
    """Return an outlook with its lowest point."""
    found = one.projection
    return OutlookOut(
        account_id=one.account_id,
        name=one.name,
        currency=one.currency,
        start_minor=found.start_minor,
        end_minor=found.end_minor,
        lowest_minor=found.lowest.balance_minor,
        lowest_on=found.lowest.day,
        below_zero_on=found.below_zero.day if found.below_zero is not None else None,
        everyday_minor=found.everyday_minor,
        words=said(one),
    )
