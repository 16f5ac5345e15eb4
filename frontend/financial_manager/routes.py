"""Where the module's screens lie."""

from __future__ import annotations

from frontend.financial_manager.house_routes import HOUSE_ROUTES
from frontend.financial_manager.screens.account import Account
from frontend.financial_manager.screens.account_edit import AccountEdit
from frontend.financial_manager.screens.account_new import AccountNew
from frontend.financial_manager.screens.accounts import Accounts
from frontend.financial_manager.screens.ask_inbox import AskInbox
from frontend.financial_manager.screens.bank import Bank
from frontend.financial_manager.screens.bank_connect import BankConnect
from frontend.financial_manager.screens.banks import Banks
from frontend.financial_manager.screens.budgets import Budgets
from frontend.financial_manager.screens.categories import Categories
from frontend.financial_manager.screens.category_rule import CategoryRule
from frontend.financial_manager.screens.category_rules import CategoryRules
from frontend.financial_manager.screens.change_detail import ChangeDetail
from frontend.financial_manager.screens.changes import Changes
from frontend.financial_manager.screens.comparison import Comparison
from frontend.financial_manager.screens.depot_position import DepotPosition
from frontend.financial_manager.screens.depots import Depots
from frontend.financial_manager.screens.forecast import Forecast
from frontend.financial_manager.screens.goal import Goal
from frontend.financial_manager.screens.goal_new import GoalNew
from frontend.financial_manager.screens.goals import Goals
from frontend.financial_manager.screens.import_account import ImportAccount
from frontend.financial_manager.screens.import_detail import ImportDetail
from frontend.financial_manager.screens.import_file import ImportFile
from frontend.financial_manager.screens.imports import Imports
from frontend.financial_manager.screens.inbox import Inbox
from frontend.financial_manager.screens.inboxes import Inboxes
from frontend.financial_manager.screens.money_settings import MoneySettings
from frontend.financial_manager.screens.payee import Payee
from frontend.financial_manager.screens.payees import Payees
from frontend.financial_manager.screens.planned import Planned
from frontend.financial_manager.screens.planned_new import PlannedNew
from frontend.financial_manager.screens.price_source import PriceSource
from frontend.financial_manager.screens.prices import Prices
from frontend.financial_manager.screens.recurring import Recurring
from frontend.financial_manager.screens.recurring_detail import RecurringDetail
from frontend.financial_manager.screens.recurring_edit import RecurringEdit, RecurringNew
from frontend.financial_manager.screens.reports import Reports
from frontend.financial_manager.screens.security import Security
from frontend.financial_manager.screens.security_edit import SecurityEdit
from frontend.financial_manager.screens.security_new import SecurityNew
from frontend.financial_manager.screens.tag import Tag
from frontend.financial_manager.screens.tax_figure import TaxFigure
from frontend.financial_manager.screens.taxes import Taxes
from frontend.financial_manager.screens.trade import Trade
from frontend.financial_manager.screens.trade_edit import TradeEdit
from frontend.financial_manager.screens.trade_new import TradeNew
from frontend.financial_manager.screens.transaction import Transaction
from frontend.financial_manager.screens.transaction_edit import TransactionEdit
from frontend.financial_manager.screens.transaction_new import TransactionNew
from frontend.financial_manager.screens.transactions import Transactions
from frontend.financial_manager.screens.transfers import Transfers
from frontend.financial_manager.screens.what_if import WhatIf
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
