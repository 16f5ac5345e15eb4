"""The module's services in one place. Made from a `ModuleContext` in every role: web, worker, command line."""

from __future__ import annotations

import datetime as dt
import secrets

from backend.financial_manager.attachments import Attachments
from backend.financial_manager.banks.bank_clock import BankClock
from backend.financial_manager.banks.connections import Connections
from backend.financial_manager.banks.fetching import Fetching
from backend.financial_manager.banks.fints.keeping import FintsConnections
from backend.financial_manager.banks.linking import detach
from backend.financial_manager.budgets.budgets import Budgets
from backend.financial_manager.categorising import Categorising
from backend.financial_manager.category_rules import CategoryRules
from backend.financial_manager.changes import Changes
from backend.financial_manager.construction.following import follow_booking, let_payments_go
from backend.financial_manager.construction.projects import Projects
from backend.financial_manager.construction.settling import Settling
from backend.financial_manager.depots.depots import Depots
from backend.financial_manager.depots.keeping import check_depot
from backend.financial_manager.depots.price_sources import PriceSources
from backend.financial_manager.depots.prices import Prices
from backend.financial_manager.depots.sale_previews import SalePreviews
from backend.financial_manager.depots.sales import Sales
from backend.financial_manager.depots.tax_reports import TaxReports
from backend.financial_manager.depots.valuation import Valuation
from backend.financial_manager.depots.worth import Worth
from backend.financial_manager.exporting.exports import Exports
from backend.financial_manager.forecasting.forecasts import Forecasts
from backend.financial_manager.goals.goals import Goals
from backend.financial_manager.importing.deciding import Deciding
from backend.financial_manager.importing.imports import Imports
from backend.financial_manager.importing.transfers import Transfers
from backend.financial_manager.importing.undoing import refuse_imported
from backend.financial_manager.inbox_asking import InboxAsking
from backend.financial_manager.inboxes.inboxes import Inboxes
from backend.financial_manager.inboxes.looking import Looking
from backend.financial_manager.insight.reports import Insight
from backend.financial_manager.ledger.accounts import Accounts
from backend.financial_manager.ledger.categories import Categories
from backend.financial_manager.ledger.change_log import ChangeLog
from backend.financial_manager.ledger.listing import Listing
from backend.financial_manager.ledger.own_currency import OwnCurrency
from backend.financial_manager.ledger.payees import Payees
from backend.financial_manager.ledger.reports import Reports
from backend.financial_manager.ledger.tags import Tags
from backend.financial_manager.ledger.transactions import Transactions
from backend.financial_manager.overview import Overview
from backend.financial_manager.owner_settings import OwnerSettingsStore
from backend.financial_manager.rates.rates import Rates
from backend.financial_manager.recurring.noticing import Noticing
from backend.financial_manager.recurring.recurring_payments import RecurringPayments
from backend.financial_manager.settings import FinancialManagerSettings
from backend.sdk.actor import Actor
from backend.sdk.clock import local_day
from backend.sdk.db import OwnedSession
from backend.sdk.module import ModuleContext
from backend.sdk.outgoing import Outgoing

OTHER_COUNTRY, SUMS_ONLY = "XX", "ZZ"
"""Another country in the settings, and the pack of countries that there are no rules for."""
MOST_ANSWER = 8 * 1024 * 1024
"""Bytes of an answer with prices; forty years of one security are one million."""


def _let_go(session: OwnedSession, account_id: str) -> None:
    """Part what points to an account from it before it is deleted; raises `AccountImported`."""
    refuse_imported(session, account_id)
    detach(session, account_id)


class Finances:
    """Hold the services of one process."""

    def __init__(self, ctx: ModuleContext) -> None:
        given = ctx.settings
        self.installation = given if isinstance(given, FinancialManagerSettings) else FinancialManagerSettings()
        self._clock = ctx.clock
        log = ChangeLog(ctx.db, ctx.clock, ctx.new_id)
        self._keep_ledger(ctx, log)
        self._take_in(ctx, log)
        self._keep_depots(ctx, log)
        self._look_ahead(ctx, log)

    def _keep_ledger(self, ctx: ModuleContext, log: ChangeLog) -> None:
        """Make what the ledger itself is kept by: accounts, transactions, names, budgets, rules."""
        self.changes = Changes(ctx.db, log)
        self.settings = OwnerSettingsStore(ctx.db, log, ctx.clock, ctx.new_id, self.installation.defaults)
        self.accounts = Accounts(ctx.db, log, ctx.clock, ctx.new_id, check_depot, _let_go, self.settings.currency)
        self.categories = Categories(ctx.db, log, ctx.new_id)
        self.budgets = Budgets(ctx.db, log, ctx.new_id, self.settings.currency, ctx.people)
        self.category_rules = CategoryRules(ctx.db, log, ctx.new_id)
        self.payees = Payees(ctx.db, log, ctx.new_id)
        self.tags = Tags(ctx.db, log)
        self.transactions = Transactions(ctx.db, log, ctx.clock, ctx.new_id, follow_booking, let_payments_go)
        self.attachments = Attachments(ctx.db, log, ctx.roots, ctx.clock, ctx.new_id)
        self.listing = Listing(ctx.db)
        self.reports = Reports(ctx.db, lambda actor, days: self.valuation.worth(actor, days))
        self.own_currency = OwnCurrency(ctx.db, self.reports)

    def _take_in(self, ctx: ModuleContext, log: ChangeLog) -> None:
        """Make what brings bookings in and says what they were for."""
        self.outgoing = Outgoing(allow_local=self.installation.allow_local_servers)
        self.rates = Rates(ctx.db, ctx.clock, ctx.new_id, self.outgoing, self.installation.rates_address)
        self.transfers = Transfers(ctx.db, log, ctx.new_id)
        self.categorising = Categorising(ctx.db)
        self.asking = InboxAsking(ctx.db, log, ctx.ai, self.categorising, self.listing, self.categories)
        self.imports = Imports(ctx.db, log, ctx.clock, ctx.new_id, self.transfers, self.categorising.say)
        self.deciding = Deciding(ctx.db, log, self.transactions, self.transfers, self.categorising.say)
        self.connections = Connections(
            ctx.db, ctx.clock, ctx.new_id, self.outgoing, ctx.sealer, self.accounts,
            self.installation.enable_banking_address, secrets.randbelow,
        )  # fmt: skip
        self.fints = FintsConnections(ctx.db, ctx.clock, ctx.new_id, self.outgoing, self.connections)
        self.fetching = Fetching(
            ctx.db, ctx.clock, self.connections, self.fints, self.imports, self.accounts, self.categories.all,
            ctx.new_id, secrets.randbelow,
        )  # fmt: skip
        self.bank_clock = BankClock(
            ctx.db, ctx.clock, self.connections, self.fetching,
            lambda wanted: ctx.want_resident(wanted or self.inboxes.any()), secrets.randbelow,
        )  # fmt: skip
        self.inboxes = Inboxes(
            ctx.db, log, ctx.clock, ctx.new_id, lambda wanted: ctx.want_resident(wanted or self.bank_clock.any())
        )
        self.looking = Looking(
            ctx.db, ctx.clock, ctx.new_id, ctx.roots, self.inboxes, self.imports,
            self.installation.inbox_settle_seconds, self.categories.all,
        )  # fmt: skip

    def _keep_depots(self, ctx: ModuleContext, log: ChangeLog) -> None:
        """Make what depots and tax figures are kept by."""
        self.depots = Depots(ctx.db, log, ctx.new_id, self.settings.currency)
        self.prices = Prices(ctx.db, log, ctx.new_id)
        asking = Outgoing(
            allow_local=self.installation.allow_local_servers, seconds=30.0, attempts=2, most_bytes=MOST_ANSWER
        )
        self.price_sources = PriceSources(ctx.db, log, ctx.clock, ctx.new_id, asking)
        self.valuation = Valuation(ctx.db, ctx.clock)
        self.depots_worth = Worth(ctx.db, ctx.clock, self.valuation)
        self.sales = Sales(ctx.db, ctx.clock)
        self.sale_previews = SalePreviews(ctx.db)
        self.tax_reports = TaxReports(ctx.db)

    def _look_ahead(self, ctx: ModuleContext, log: ChangeLog) -> None:
        """Make what is built on the ledger: houses, what comes again, forecasts, goals, what it tells."""
        self.exports = Exports(ctx.db)
        self.projects = Projects(ctx.db, log, ctx.clock, ctx.new_id, ctx.roots, self.settings.currency)
        self.settling = Settling(ctx.db, log, ctx.new_id)
        self.recurring = RecurringPayments(ctx.db, log, ctx.clock, ctx.new_id)
        self.noticing = Noticing(ctx.db, ctx.clock, ctx.new_id, self.recurring)
        self.forecasts = Forecasts(ctx.db, ctx.clock, self.accounts, self.recurring, self.projects)
        self.insight = Insight(ctx.db, ctx.clock, self.recurring, ctx.people)
        self.goals = Goals(ctx.db, log, ctx.clock, ctx.new_id, self.settings.currency)
        self.overview = Overview(ctx.db, ctx.clock)

    def tax_country(self, actor: Actor, chosen: str | None = None) -> str:
        """Return whose tax rules are meant: as chosen, or the household's own; ZZ (sums only) where there are none."""
        country = (chosen or self.settings.get(actor).country).upper()
        return SUMS_ONLY if country == OTHER_COUNTRY else country

    def today(self) -> dt.date:
        """Return the day that it is where the hub stands."""
        return local_day(self._clock)
