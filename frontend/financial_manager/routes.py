"""Where the module's screens lie."""

from __future__ import annotations

from frontend.financial_manager.screens.account import Account
from frontend.financial_manager.screens.account_edit import AccountEdit
from frontend.financial_manager.screens.account_new import AccountNew
from frontend.financial_manager.screens.accounts import Accounts
from frontend.financial_manager.screens.categories import Categories
from frontend.financial_manager.screens.change_detail import ChangeDetail
from frontend.financial_manager.screens.changes import Changes
from frontend.financial_manager.screens.depot_position import DepotPosition
from frontend.financial_manager.screens.depots import Depots
from frontend.financial_manager.screens.import_account import ImportAccount
from frontend.financial_manager.screens.import_detail import ImportDetail
from frontend.financial_manager.screens.import_file import ImportFile
from frontend.financial_manager.screens.imports import Imports
from frontend.financial_manager.screens.inbox import Inbox
from frontend.financial_manager.screens.prices import Prices
from frontend.financial_manager.screens.reports import Reports
from frontend.financial_manager.screens.security_new import SecurityNew
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
    AppRoute("categories", Categories),
    AppRoute("changes", Changes),
    AppRoute("changes/:change_id", ChangeDetail),
    AppRoute("depots", Depots),
    AppRoute("depots/:depot_id/:security_id", DepotPosition),
    AppRoute("import", ImportAccount),
    AppRoute("import/:account_id", ImportFile),
    AppRoute("imports", Imports),
    AppRoute("imports/:import_id", ImportDetail),
    AppRoute("inbox", Inbox),
    AppRoute("prices", Prices),
    AppRoute("reports", Reports),
    AppRoute("securities/new", SecurityNew),
    AppRoute("taxes", Taxes),
    AppRoute("taxes/:country/:year/:figure_id", TaxFigure),
    AppRoute("trades/new", TradeNew),
    AppRoute("trades/:trade_id", Trade),
    AppRoute("trades/:trade_id/edit", TradeEdit),
    AppRoute("transactions", Transactions),
    AppRoute("transactions/new", TransactionNew),
    AppRoute("transactions/:transaction_id", Transaction),
    AppRoute("transactions/:transaction_id/edit", TransactionEdit),
    AppRoute("transfers", Transfers),
    AppRoute("what-if", WhatIf),
)
