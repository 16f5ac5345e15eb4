"""Where the module's screens lie."""

from __future__ import annotations

from frontend.financial_manager.house_routes import HOUSE_ROUTES
from frontend.financial_manager.screens.accounts.account import Account
from frontend.financial_manager.screens.accounts.accounts import Accounts
from frontend.financial_manager.screens.accounts.edit import AccountEdit
from frontend.financial_manager.screens.accounts.new import AccountNew
from frontend.financial_manager.screens.banks.bank import Bank
from frontend.financial_manager.screens.banks.banks import Banks
from frontend.financial_manager.screens.banks.connect import BankConnect
from frontend.financial_manager.screens.filing.ask_inbox import AskInbox
from frontend.financial_manager.screens.filing.categories import Categories
from frontend.financial_manager.screens.filing.inbox import Inbox
from frontend.financial_manager.screens.filing.rule import CategoryRule
from frontend.financial_manager.screens.filing.rules import CategoryRules
from frontend.financial_manager.screens.imports.account import ImportAccount
from frontend.financial_manager.screens.imports.detail import ImportDetail
from frontend.financial_manager.screens.imports.file import ImportFile
from frontend.financial_manager.screens.imports.imports import Imports
from frontend.financial_manager.screens.imports.inboxes import Inboxes
from frontend.financial_manager.screens.money_settings import MoneySettings
from frontend.financial_manager.screens.planning.budgets import Budgets
from frontend.financial_manager.screens.planning.forecast import Forecast
from frontend.financial_manager.screens.planning.goal import Goal
from frontend.financial_manager.screens.planning.goal_new import GoalNew
from frontend.financial_manager.screens.planning.goals import Goals
from frontend.financial_manager.screens.planning.planned import Planned
from frontend.financial_manager.screens.planning.planned_new import PlannedNew
from frontend.financial_manager.screens.planning.recurring import Recurring
from frontend.financial_manager.screens.planning.recurring_detail import RecurringDetail
from frontend.financial_manager.screens.planning.recurring_edit import RecurringEdit, RecurringNew
from frontend.financial_manager.screens.reports.comparison import Comparison
from frontend.financial_manager.screens.reports.reports import Reports
from frontend.financial_manager.screens.securities.depot_position import DepotPosition
from frontend.financial_manager.screens.securities.depots import Depots
from frontend.financial_manager.screens.securities.price_source import PriceSource
from frontend.financial_manager.screens.securities.prices import Prices
from frontend.financial_manager.screens.securities.security import Security
from frontend.financial_manager.screens.securities.security_edit import SecurityEdit
from frontend.financial_manager.screens.securities.security_new import SecurityNew
from frontend.financial_manager.screens.securities.trade import Trade
from frontend.financial_manager.screens.securities.trade_edit import TradeEdit
from frontend.financial_manager.screens.securities.trade_new import TradeNew
from frontend.financial_manager.screens.securities.what_if import WhatIf
from frontend.financial_manager.screens.taxes.figure import TaxFigure
from frontend.financial_manager.screens.taxes.taxes import Taxes
from frontend.financial_manager.screens.transactions.change_detail import ChangeDetail
from frontend.financial_manager.screens.transactions.changes import Changes
from frontend.financial_manager.screens.transactions.edit import TransactionEdit
from frontend.financial_manager.screens.transactions.new import TransactionNew
from frontend.financial_manager.screens.transactions.payee import Payee
from frontend.financial_manager.screens.transactions.payees import Payees
from frontend.financial_manager.screens.transactions.tag import Tag
from frontend.financial_manager.screens.transactions.transaction import Transaction
from frontend.financial_manager.screens.transactions.transactions import Transactions
from frontend.financial_manager.screens.transactions.transfers import Transfers
from frontend.kit import AppRoute

ROUTES: tuple[AppRoute, ...] = (
    AppRoute("", Accounts),
    AppRoute("accounts", Accounts),
    AppRoute("accounts/new", AccountNew),
    AppRoute("accounts/:account_id", Account),
    AppRoute("accounts/:account_id/edit", AccountEdit),
    AppRoute("banks", Banks),
    AppRoute("banks/connect", BankConnect),
    AppRoute("banks/:connection_id", Bank),
    AppRoute("budgets", Budgets),
    AppRoute("categories", Categories),
    AppRoute("changes", Changes),
    AppRoute("changes/:change_id", ChangeDetail),
    AppRoute("depots", Depots),
    AppRoute("depots/:depot_id/:security_id", DepotPosition),
    AppRoute("compare", Comparison),
    AppRoute("forecast", Forecast),
    AppRoute("goals", Goals),
    AppRoute("goals/new", GoalNew),
    AppRoute("goals/:goal_id", Goal),
    AppRoute("import", ImportAccount),
    AppRoute("import/:account_id", ImportFile),
    AppRoute("imports", Imports),
    AppRoute("imports/:import_id", ImportDetail),
    AppRoute("inbox", Inbox),
    AppRoute("prices", Prices),
    AppRoute("recurring", Recurring),
    AppRoute("recurring/new", RecurringNew),
    AppRoute("recurring/:recurring_id", RecurringDetail),
    AppRoute("recurring/:recurring_id/edit", RecurringEdit),
    AppRoute("inbox/ask", AskInbox),
    AppRoute("reports", Reports),
    AppRoute("securities/new", SecurityNew),
    AppRoute("securities/:security_id", Security),
    AppRoute("securities/:security_id/edit", SecurityEdit),
    AppRoute("securities/:security_id/source", PriceSource),
    AppRoute("taxes", Taxes),
    AppRoute("taxes/:country/:year/:figure_id", TaxFigure),
    AppRoute("trades/new", TradeNew),
    AppRoute("trades/:trade_id", Trade),
    AppRoute("inboxes", Inboxes),
    AppRoute("settings", MoneySettings),
    AppRoute("payees", Payees),
    AppRoute("payees/:payee_id", Payee),
    AppRoute("planned", Planned),
    AppRoute("planned/new", PlannedNew),
    AppRoute("rules", CategoryRules),
    AppRoute("rules/:category_rule_id", CategoryRule),
    AppRoute("tags", Tag),
    AppRoute("trades/:trade_id/edit", TradeEdit),
    AppRoute("transactions", Transactions),
    AppRoute("transactions/new", TransactionNew),
    AppRoute("transactions/:transaction_id", Transaction),
    AppRoute("transactions/:transaction_id/edit", TransactionEdit),
    AppRoute("transfers", Transfers),
    *HOUSE_ROUTES,
    AppRoute("what-if", WhatIf),
)
