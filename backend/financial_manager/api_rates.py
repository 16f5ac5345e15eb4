"""API of the household's settings, of exchange rates, and of sums in the household's own currency."""

from __future__ import annotations

import datetime as dt

from backend.financial_manager.api_ledger import given
from backend.financial_manager.finances import Finances
from backend.financial_manager.months import month_ends, whole_months
from backend.financial_manager.rates.book import STALE_DAYS
from backend.financial_manager.schemas import MonthsQuery, WorthQuery
from backend.financial_manager.schemas_rates import (
    ExchangeOut,
    ExchangeQuery,
    MoneySettingsOut,
    MoneySettingsPatch,
    OwnMonthsOut,
    OwnWorthOut,
    QuoteOut,
    RatesOut,
    RatesQuery,
    RatesUpdatedOut,
)
from backend.sdk.http import Group, current_actor


def rate_groups(finances: Finances) -> list[Group]:
    """Return the groups of settings, rates, and sums in the household's own currency."""
    return [_settings(finances), _rates(finances), _own(finances)]


def _settings(finances: Finances) -> Group:
    group = Group("settings", url_prefix="/settings", tag="Settings")

    @group.get("", returns=MoneySettingsOut)
    def show_settings() -> MoneySettingsOut:
        """Show the household's own currency and tax country."""
        return MoneySettingsOut.model_validate(finances.settings.get(current_actor()))

    @group.patch("", returns=MoneySettingsOut)
    def change_settings(body: MoneySettingsPatch) -> MoneySettingsOut:
        """Change the household's own currency or tax country; the record of changes takes it back."""
        return MoneySettingsOut.model_validate(finances.settings.change(current_actor(), given(body)))

    return group


def _rates(finances: Finances) -> Group:
    group = Group("rates", url_prefix="/rates", tag="Rates")
    rates = finances.rates

    @group.get("", returns=RatesOut)
    def list_rates(query: RatesQuery) -> RatesOut:
        """List the ECB's reference rates of a day; nothing is asked on the internet."""
        return rates_out(finances, query.source, query.day)

    @group.post("/update", returns=RatesUpdatedOut, status=200, errors=[503])
    def update_rates() -> RatesUpdatedOut:
        """Ask the ECB for newer rates, now; two files are read, and nothing of the household is sent."""
        actor = current_actor()
        days = rates.update(actor)
        return RatesUpdatedOut(days=days, through=rates.of_day(actor, "EUR", only=("USD",)).through)

    @group.get("/exchange", returns=ExchangeOut)
    def exchange_amount(query: ExchangeQuery) -> ExchangeOut:
        """Return an amount in another currency by the rate of a day, with that rate and the day it is of."""
        amount, quote = rates.change(current_actor(), query.amount_minor, query.source, query.target, query.day)
        return ExchangeOut(amount_minor=amount, quote=QuoteOut.model_validate(quote))

    return group


def rates_out(finances: Finances, source: str, day: dt.date | None) -> RatesOut:
    """Return the rates of a day as the API shows them."""
    found = finances.rates.of_day(current_actor(), source, day)
    old = (finances.today() - found.through).days > STALE_DAYS
    items = [QuoteOut.model_validate(one) for one in found.quotes]
    return RatesOut(items=items, through=found.through, stale=old, address=finances.rates.address)


def _own(finances: Finances) -> Group:
    group = Group("own_currency", url_prefix="/reports/own", tag="Reports")

    @group.get("/net-worth", returns=OwnWorthOut)
    def show_own_worth(query: WorthQuery) -> OwnWorthOut:
        """Return what you held at the end of each of the last months, in your own currency; the last point is today."""
        actor = current_actor()
        days = month_ends(finances.today(), query.months)
        return OwnWorthOut.model_validate(
            finances.own_currency.net_worth(actor, days, finances.settings.get(actor).currency)
        )

    @group.get("/months", returns=OwnMonthsOut)
    def sum_own_months(query: MonthsQuery) -> OwnMonthsOut:
        """Return what each category came to in each month, in your own currency; transfers are left out."""
        actor = current_actor()
        first, last = whole_months(query.since, query.until)
        return OwnMonthsOut.model_validate(
            finances.own_currency.months(actor, first, last, finances.settings.get(actor).currency)
        )

    return group
