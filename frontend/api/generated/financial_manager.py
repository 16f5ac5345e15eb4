"""The operations below /api/v1/financial_manager.

Written by scripts/write-api-client: do not edit. A written file may exceed 400 lines.
"""

from __future__ import annotations

from typing import Literal, cast

from frontend.api.generated.schemas import (
    AccountIn,
    AccountOut,
    AccountPatch,
    AccountsOut,
    AddressIn,
    AllocationsOut,
    AskedOut,
    AskPreviewOut,
    AttachmentIn,
    AttachmentOut,
    AttachmentsOut,
    BankAccountOut,
    BankConnectionOut,
    BankConnectionsOut,
    BankKeyIn,
    BankKeyOut,
    BankKeyStateOut,
    BanksOut,
    BudgetEndIn,
    BudgetHistoryOut,
    BudgetIn,
    BudgetLineOut,
    BudgetMonthIn,
    BudgetProposalsOut,
    BudgetsIn,
    BudgetsOut,
    BuildingStatusOut,
    CategoriesOut,
    CategorisedOut,
    CategoriseIn,
    CategoryIn,
    CategoryOut,
    CategoryPatch,
    CategoryRuleChangeIn,
    CategoryRuleIn,
    CategoryRuleOut,
    CategoryRulePlaceIn,
    CategoryRulesOut,
    CategoryRuleTrialIn,
    CategoryRuleTrialOut,
    ChangeOrderIn,
    ChangeOrderOut,
    ChangeOrderPatch,
    ChangeOut,
    ChangeOutPage,
    ChosenTransactionsIn,
    ClockIn,
    ConsentIn,
    ConsentOut,
    ContractIn,
    ContractOut,
    ContractPatch,
    CostGroupsOut,
    CoverageOut,
    DecisionIn,
    DepotsWorthOut,
    DismissIn,
    DocumentOut,
    ExchangeOut,
    FetchedOut,
    FileState,
    FinancialManagerExportOut,
    FinancialManagerImportIn,
    FinancialManagerLinkIn,
    FinancialManagerPriceIn,
    FinancialManagerPriceOut,
    FinancialManagerProjectIn,
    FinancialManagerProjectOut,
    FinancingOut,
    FintsAgainIn,
    FintsLoginIn,
    FintsProductIn,
    FintsStateOut,
    FolderOfStatementsOut,
    ForecastOut,
    GoalAmountIn,
    GoalIn,
    GoalOut,
    GoalPatch,
    GoalsOut,
    ImportDetailOut,
    ImportOut,
    ImportOutPage,
    InboxesOut,
    InboxIn,
    InboxOut,
    InvoiceIn,
    InvoiceOut,
    InvoicePatch,
    LineIn,
    LinePatch,
    LookedOut,
    MoneySettingsOut,
    MoneySettingsPatch,
    MoneySourceOut,
    MonthsOut,
    NewsOut,
    OwnMonthsOut,
    OwnWorthOut,
    PaidOut,
    PartiesOut,
    PayeeForgetIn,
    PayeeIn,
    PayeeMergeIn,
    PayeePatch,
    PayeesOut,
    PaymentIn,
    PerformancesOut,
    PositionsOut,
    PreviewOut,
    PriceFeedsOut,
    PriceFetchIn,
    PriceFetchOut,
    PriceOutPage,
    PricesImportedOut,
    PricesIn,
    PriceSourceIn,
    PriceSourceOut,
    PriceSourcesOut,
    ProjectPatch,
    ProjectsOut,
    RatesOut,
    RatesUpdatedOut,
    RecordedOut,
    RecurringDetailOut,
    RecurringIn,
    RecurringListOut,
    RecurringNoticesOut,
    RecurringPatch,
    RecurringStateIn,
    ReleaseIn,
    ReleaseOut,
    ReportKind,
    ReportTableOut,
    SalesOut,
    Scheme,
    SecuritiesOut,
    SecurityIn,
    SecurityOut,
    SecurityPatch,
    SeenListOut,
    SeenOut,
    SeenPatch,
    SettlementOut,
    SetupTokenIn,
    SharesTransferIn,
    SharesTransferOut,
    SiteOut,
    SourceIn,
    SourcePatch,
    StatementIn,
    StepAnsweredOut,
    StepAnswerIn,
    SuggestedBookingsOut,
    SuggestedListOut,
    TagIn,
    TagRenameIn,
    TagsOut,
    TaxPacksOut,
    TaxReportOut,
    TradeIn,
    TradeOut,
    TradeOutPage,
    TradePatch,
    TransactionIn,
    TransactionOut,
    TransactionOutPage,
    TransactionPatch,
    TransactionsDeletedOut,
    TransferIn,
    TransfersOut,
    WaitingOutPage,
    WhatIfIn,
    WhatIfOut,
    WorthOut,
    YearsOut,
)
from frontend.api.transport import Transport, new_idempotency_key, segment


class FinancialManagerApi:
    """The operations below /api/v1/financial_manager."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def account_coverage(self, id: str, *, space: str | None = None) -> CoverageOut:
        """Show which days the imported files cover, and where some may be missing."""
        return cast(
            "CoverageOut",
            await self._transport.call(
                "GET", f"/api/v1/financial_manager/accounts/{segment(id)}/coverage", space=space
            ),
        )

    async def add_inbox(
        self, body: InboxIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> InboxOut:
        """Make an opened folder a statement inbox: new files in it are read; what is beyond doubt is booked."""
        return cast(
            "InboxOut",
            await self._transport.call(
                "POST",
                "/api/v1/financial_manager/statement-inboxes",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def add_security(
        self, body: SecurityIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> SecurityOut:
        """Add a security."""
        return cast(
            "SecurityOut",
            await self._transport.call(
                "POST",
                "/api/v1/financial_manager/securities",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def apply_category_rules(self, *, space: str | None = None) -> RecordedOut:
        """Let your rules decide about what is booked; what you said by hand stays. One step, which can be
        undone.
        """
        return cast(
            "RecordedOut",
            await self._transport.call("POST", "/api/v1/financial_manager/category-rules/apply", space=space),
        )

    async def ask_about_inbox(self, *, space: str | None = None) -> AskedOut:
        """Ask the household's AI what waiting bookings were for, and file what it is sure of, as one step."""
        return cast("AskedOut", await self._transport.call("POST", "/api/v1/financial_manager/inbox/ask", space=space))

    async def attach_file(self, body: AttachmentIn, *, space: str | None = None) -> AttachmentOut:
        """Attach a file of an opened folder; it stays where it is. The same file again changes nothing."""
        return cast(
            "AttachmentOut",
            await self._transport.call("POST", "/api/v1/financial_manager/attachments", body=body, space=space),
        )

    async def bank_keys_drop_bank_key(self, *, space: str | None = None) -> None:
        """Forget the application and its key."""
        await self._transport.call("DELETE", "/api/v1/financial_manager/bank-key", space=space)

    async def bank_keys_list_banks(self, *, country: str, space: str | None = None) -> BanksOut:
        """Ask Enable Banking for the banks of a country."""
        return cast(
            "BanksOut",
            await self._transport.call(
                "GET", "/api/v1/financial_manager/bank-key/banks", query={"country": country}, space=space
            ),
        )

    async def bank_keys_put_bank_key(self, body: BankKeyIn, *, space: str | None = None) -> BankKeyOut:
        """Keep an application and its key, sealed; Enable Banking is asked whether it knows them."""
        return cast(
            "BankKeyOut",
            await self._transport.call("PUT", "/api/v1/financial_manager/bank-key", body=body, space=space),
        )

    async def bank_keys_show_bank_application(self, *, space: str | None = None) -> BankKeyOut:
        """Ask Enable Banking for the application: its name, and where banks may lead back to."""
        return cast(
            "BankKeyOut",
            await self._transport.call("GET", "/api/v1/financial_manager/bank-key/application", space=space),
        )

    async def bank_keys_show_bank_key(self, *, space: str | None = None) -> BankKeyStateOut:
        """Say whether an application of Enable Banking was entered; its key is never shown."""
        return cast(
            "BankKeyStateOut", await self._transport.call("GET", "/api/v1/financial_manager/bank-key", space=space)
        )

    async def begin_consent(self, body: ConsentIn, *, space: str | None = None) -> ConsentOut:
        """Begin to connect a bank; the answer says where a person says yes to it."""
        return cast(
            "ConsentOut",
            await self._transport.call(
                "POST", "/api/v1/financial_manager/bank-connections/enable-banking", body=body, space=space
            ),
        )

    async def book_import(
        self, body: FinancialManagerImportIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> ImportOut:
        """Book a statement: everything new, or nothing. What is booked already is not booked again."""
        return cast(
            "ImportOut",
            await self._transport.call(
                "POST",
                "/api/v1/financial_manager/imports",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def book_trade(
        self, body: TradeIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> TradeOut:
        """Book a purchase, a sale, a dividend, a split, or whatever else a depot does."""
        return cast(
            "TradeOut",
            await self._transport.call(
                "POST",
                "/api/v1/financial_manager/trades",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def budget_add_budget_line(
        self, body: LineIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> BudgetLineOut:
        """Add a line to the budget of a project."""
        return cast(
            "BudgetLineOut",
            await self._transport.call(
                "POST",
                "/api/v1/financial_manager/construction/lines",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def budget_change_budget_line(self, id: str, body: LinePatch, *, space: str | None = None) -> BudgetLineOut:
        """Change some of a line: estimate, quote, cost group, documents."""
        return cast(
            "BudgetLineOut",
            await self._transport.call(
                "PATCH", f"/api/v1/financial_manager/construction/lines/{segment(id)}", body=body, space=space
            ),
        )

    async def budget_delete_budget_line(self, id: str, *, space: str | None = None) -> None:
        """Delete a line on which no contract stands."""
        await self._transport.call("DELETE", f"/api/v1/financial_manager/construction/lines/{segment(id)}", space=space)

    async def budget_list_cost_groups(self, *, scheme: Scheme | None = None, space: str | None = None) -> CostGroupsOut:
        """List the cost groups of a scheme, with the totals that it names."""
        return cast(
            "CostGroupsOut",
            await self._transport.call(
                "GET", "/api/v1/financial_manager/construction/cost-groups", query={"scheme": scheme}, space=space
            ),
        )

    async def categorise_transactions(self, body: CategoriseIn, *, space: str | None = None) -> CategorisedOut:
        """Say what transactions were for; those that are split into parts stay as they are."""
        return cast(
            "CategorisedOut",
            await self._transport.call(
                "POST", "/api/v1/financial_manager/transactions/categorise", body=body, space=space
            ),
        )

    async def change_account(self, id: str, body: AccountPatch, *, space: str | None = None) -> AccountOut:
        """Change some of an account: rename, close, reconcile or unlock it, move its opening."""
        return cast(
            "AccountOut",
            await self._transport.call(
                "PATCH", f"/api/v1/financial_manager/accounts/{segment(id)}", body=body, space=space
            ),
        )

    async def change_category(self, id: str, body: CategoryPatch, *, space: str | None = None) -> CategoryOut:
        """Rename, hide or move a category."""
        return cast(
            "CategoryOut",
            await self._transport.call(
                "PATCH", f"/api/v1/financial_manager/categories/{segment(id)}", body=body, space=space
            ),
        )

    async def change_category_rule(
        self, id: str, body: CategoryRuleChangeIn, *, space: str | None = None
    ) -> CategoryRuleOut:
        """Replace what a rule says, or switch it on or off."""
        return cast(
            "CategoryRuleOut",
            await self._transport.call(
                "PUT", f"/api/v1/financial_manager/category-rules/{segment(id)}", body=body, space=space
            ),
        )

    async def change_goal(self, id: str, body: GoalPatch, *, space: str | None = None) -> GoalOut:
        """Change some of a goal."""
        return cast(
            "GoalOut",
            await self._transport.call(
                "PATCH", f"/api/v1/financial_manager/goals/{segment(id)}", body=body, space=space
            ),
        )

    async def change_orders_change_change_order(
        self, id: str, body: ChangeOrderPatch, *, space: str | None = None
    ) -> ChangeOrderOut:
        """Change a change of a contract, approve it, or take the approval back."""
        return cast(
            "ChangeOrderOut",
            await self._transport.call(
                "PATCH", f"/api/v1/financial_manager/construction/change-orders/{segment(id)}", body=body, space=space
            ),
        )

    async def change_orders_delete_change_order(self, id: str, *, space: str | None = None) -> None:
        """Delete a change of a contract."""
        await self._transport.call(
            "DELETE", f"/api/v1/financial_manager/construction/change-orders/{segment(id)}", space=space
        )

    async def change_orders_enter_change_order(
        self, body: ChangeOrderIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> ChangeOrderOut:
        """Enter a change of a contract, approved or only asked for."""
        return cast(
            "ChangeOrderOut",
            await self._transport.call(
                "POST",
                "/api/v1/financial_manager/construction/change-orders",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def change_recurring(self, id: str, body: RecurringPatch, *, space: str | None = None) -> RecurringDetailOut:
        """Rename one, or say how often, when or how much; that confirms it."""
        return cast(
            "RecurringDetailOut",
            await self._transport.call(
                "PATCH", f"/api/v1/financial_manager/recurring/{segment(id)}", body=body, space=space
            ),
        )

    async def change_security(self, id: str, body: SecurityPatch, *, space: str | None = None) -> SecurityOut:
        """Change some of a security."""
        return cast(
            "SecurityOut",
            await self._transport.call(
                "PATCH", f"/api/v1/financial_manager/securities/{segment(id)}", body=body, space=space
            ),
        )

    async def change_settings(self, body: MoneySettingsPatch, *, space: str | None = None) -> MoneySettingsOut:
        """Change the household's own currency or tax country; the record of changes takes it back."""
        return cast(
            "MoneySettingsOut",
            await self._transport.call("PATCH", "/api/v1/financial_manager/settings", body=body, space=space),
        )

    async def change_trade(self, id: str, body: TradePatch, *, space: str | None = None) -> TradeOut:
        """Change some of a trade; all later ones must still be possible."""
        return cast(
            "TradeOut",
            await self._transport.call(
                "PATCH", f"/api/v1/financial_manager/trades/{segment(id)}", body=body, space=space
            ),
        )

    async def change_transaction(self, id: str, body: TransactionPatch, *, space: str | None = None) -> TransactionOut:
        """Change some of a transaction."""
        return cast(
            "TransactionOut",
            await self._transport.call(
                "PATCH", f"/api/v1/financial_manager/transactions/{segment(id)}", body=body, space=space
            ),
        )

    async def confirm_transfer(self, body: TransferIn, *, space: str | None = None) -> None:
        """Say that two bookings are one transfer: neither spent nor earned."""
        await self._transport.call("POST", "/api/v1/financial_manager/transfers/confirm", body=body, space=space)

    async def connect_simplefin(self, body: SetupTokenIn, *, space: str | None = None) -> BankConnectionOut:
        """Connect by a setup token of SimpleFIN. The token is spent by it."""
        return cast(
            "BankConnectionOut",
            await self._transport.call(
                "POST", "/api/v1/financial_manager/bank-connections/simplefin", body=body, space=space
            ),
        )

    async def contracts_change_contract(self, id: str, body: ContractPatch, *, space: str | None = None) -> ContractOut:
        """Change some of a contract; what the company changes of its work is a change order."""
        return cast(
            "ContractOut",
            await self._transport.call(
                "PATCH", f"/api/v1/financial_manager/construction/contracts/{segment(id)}", body=body, space=space
            ),
        )

    async def contracts_delete_contract(self, id: str, *, space: str | None = None) -> None:
        """Delete a contract on which nothing stands."""
        await self._transport.call(
            "DELETE", f"/api/v1/financial_manager/construction/contracts/{segment(id)}", space=space
        )

    async def contracts_enter_contract(
        self, body: ContractIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> ContractOut:
        """Enter a contract with a company, or a purchase."""
        return cast(
            "ContractOut",
            await self._transport.call(
                "POST",
                "/api/v1/financial_manager/construction/contracts",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def copy_budgets(self, body: BudgetMonthIn, *, space: str | None = None) -> RecordedOut:
        """Let the budgets of the month before hold in a month, also those that were ended or changed in it."""
        return cast(
            "RecordedOut",
            await self._transport.call("POST", "/api/v1/financial_manager/budgets/copy", body=body, space=space),
        )

    async def create_category(
        self, body: CategoryIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> CategoryOut:
        """Add a category."""
        return cast(
            "CategoryOut",
            await self._transport.call(
                "POST",
                "/api/v1/financial_manager/categories",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def create_category_rule(self, body: CategoryRuleIn, *, space: str | None = None) -> CategoryRuleOut:
        """Add a rule; it comes last in the order. It decides what is imported from now on."""
        return cast(
            "CategoryRuleOut",
            await self._transport.call("POST", "/api/v1/financial_manager/category-rules", body=body, space=space),
        )

    async def create_goal(
        self, body: GoalIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> GoalOut:
        """Begin to save for something, from an account's balance or by amounts that you put aside."""
        return cast(
            "GoalOut",
            await self._transport.call(
                "POST",
                "/api/v1/financial_manager/goals",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def decide_import_line(self, id: str, body: DecisionIn, *, space: str | None = None) -> ImportDetailOut:
        """Say of a line that is perhaps there already that it is, or book it after all. It can be undone."""
        return cast(
            "ImportDetailOut",
            await self._transport.call(
                "POST", f"/api/v1/financial_manager/imports/{segment(id)}/decide", body=body, space=space
            ),
        )

    async def decide_recurring(
        self, id: str, body: RecurringStateIn, *, space: str | None = None
    ) -> RecurringDetailOut:
        """Confirm one, dismiss it for ever, or take the decision back."""
        return cast(
            "RecurringDetailOut",
            await self._transport.call(
                "PUT", f"/api/v1/financial_manager/recurring/{segment(id)}/state", body=body, space=space
            ),
        )

    async def delete_account(self, id: str, *, space: str | None = None) -> None:
        """Delete an account on which nothing stands."""
        await self._transport.call("DELETE", f"/api/v1/financial_manager/accounts/{segment(id)}", space=space)

    async def delete_category(self, id: str, *, space: str | None = None) -> None:
        """Delete a category that nothing stands on."""
        await self._transport.call("DELETE", f"/api/v1/financial_manager/categories/{segment(id)}", space=space)

    async def delete_category_rule(self, id: str, *, space: str | None = None) -> RecordedOut:
        """Delete a rule; undoing the change brings it back. What it said of bookings stays."""
        return cast(
            "RecordedOut",
            await self._transport.call(
                "DELETE", f"/api/v1/financial_manager/category-rules/{segment(id)}", space=space
            ),
        )

    async def delete_goal(self, id: str, *, space: str | None = None) -> None:
        """Delete a goal with what was put aside for it; no money moves."""
        await self._transport.call("DELETE", f"/api/v1/financial_manager/goals/{segment(id)}", space=space)

    async def delete_payee(self, id: str, *, space: str | None = None) -> RecordedOut:
        """Delete a payee; its transactions stay, and are called as their bank wrote them."""
        return cast(
            "RecordedOut",
            await self._transport.call("DELETE", f"/api/v1/financial_manager/payees/{segment(id)}", space=space),
        )

    async def delete_price(self, id: str, *, space: str | None = None) -> None:
        """Forget a price."""
        await self._transport.call("DELETE", f"/api/v1/financial_manager/prices/{segment(id)}", space=space)

    async def delete_recurring(self, id: str, *, space: str | None = None) -> None:
        """Delete what was entered or decided; what is found in bookings shows as found again."""
        await self._transport.call("DELETE", f"/api/v1/financial_manager/recurring/{segment(id)}", space=space)

    async def delete_security(self, id: str, *, space: str | None = None) -> None:
        """Delete a security on which no trade stands, with its prices."""
        await self._transport.call("DELETE", f"/api/v1/financial_manager/securities/{segment(id)}", space=space)

    async def delete_trade(self, id: str, *, space: str | None = None) -> None:
        """Delete a trade that no later one needs; the record of changes brings it back."""
        await self._transport.call("DELETE", f"/api/v1/financial_manager/trades/{segment(id)}", space=space)

    async def delete_transactions(
        self, body: ChosenTransactionsIn, *, space: str | None = None
    ) -> TransactionsDeletedOut:
        """Delete transactions; undoing the change that the answer names brings them back."""
        return cast(
            "TransactionsDeletedOut",
            await self._transport.call("POST", "/api/v1/financial_manager/transactions/delete", body=body, space=space),
        )

    async def detach_file(self, id: str, *, space: str | None = None) -> RecordedOut:
        """Take an attachment away; the file itself stays. Undoing the change attaches it again."""
        return cast(
            "RecordedOut",
            await self._transport.call("DELETE", f"/api/v1/financial_manager/attachments/{segment(id)}", space=space),
        )

    async def disconnect_bank(self, id: str, *, space: str | None = None) -> None:
        """Disconnect a bank: its secret is forgotten, what was booked stays."""
        await self._transport.call("DELETE", f"/api/v1/financial_manager/bank-connections/{segment(id)}", space=space)

    async def dismiss_recurring_notices(self, body: DismissIn, *, space: str | None = None) -> None:
        """Dismiss some: they are not told again."""
        await self._transport.call(
            "POST", "/api/v1/financial_manager/recurring-notices/dismiss", body=body, space=space
        )

    async def drop_fints_product(self, *, space: str | None = None) -> None:
        """Forget the product id."""
        await self._transport.call("DELETE", "/api/v1/financial_manager/fints", space=space)

    async def end_budget(self, body: BudgetEndIn, *, space: str | None = None) -> RecordedOut:
        """End a budget: from a month on there is none."""
        return cast(
            "RecordedOut",
            await self._transport.call("POST", "/api/v1/financial_manager/budgets/end", body=body, space=space),
        )

    async def enter_price(
        self, id: str, body: FinancialManagerPriceIn, *, space: str | None = None
    ) -> FinancialManagerPriceOut:
        """Say what one share cost on a day."""
        return cast(
            "FinancialManagerPriceOut",
            await self._transport.call(
                "POST", f"/api/v1/financial_manager/securities/{segment(id)}/prices", body=body, space=space
            ),
        )

    async def enter_recurring(
        self, body: RecurringIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> RecurringDetailOut:
        """Enter a payment that comes again, such as the rent; it is expected from then on."""
        return cast(
            "RecurringDetailOut",
            await self._transport.call(
                "POST",
                "/api/v1/financial_manager/recurring",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def enter_transaction(
        self, body: TransactionIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> TransactionOut:
        """Enter a transaction by hand: for one category, split into parts, or as a transfer between your
        accounts.
        """
        return cast(
            "TransactionOut",
            await self._transport.call(
                "POST",
                "/api/v1/financial_manager/transactions",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def exchange_amount(
        self, *, amount_minor: int, source: str, target: str, day: str | None = None, space: str | None = None
    ) -> ExchangeOut:
        """Return an amount in another currency by the rate of a day, with that rate and the day it is of."""
        return cast(
            "ExchangeOut",
            await self._transport.call(
                "GET",
                "/api/v1/financial_manager/rates/exchange",
                query={"amount_minor": amount_minor, "source": source, "target": target, "day": day},
                space=space,
            ),
        )

    async def export_ledger(
        self, *, format: Literal["hledger", "beancount", "csv"] | None = None, space: str | None = None
    ) -> FinancialManagerExportOut:
        """Return the whole ledger as a file: a journal of hledger or beancount, or a table."""
        return cast(
            "FinancialManagerExportOut",
            await self._transport.call(
                "GET", "/api/v1/financial_manager/reports/export", query={"format": format}, space=space
            ),
        )

    async def fetch_bank(self, id: str, *, space: str | None = None) -> FetchedOut:
        """Ask the bank now and book what is new, as an import that can be taken back."""
        return cast(
            "FetchedOut",
            await self._transport.call(
                "POST", f"/api/v1/financial_manager/bank-connections/{segment(id)}/fetch", space=space
            ),
        )

    async def fetch_prices(
        self, body: PriceFetchIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> PriceFetchOut:
        """Ask the sources for newer prices, now. A price by hand or from a file stays; the step can be undone."""
        return cast(
            "PriceFetchOut",
            await self._transport.call(
                "POST",
                "/api/v1/financial_manager/price-sources/fetch",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def figures_show_building_financing(self, id: str, *, space: str | None = None) -> FinancingOut:
        """Show where the money comes from, what was drawn, and on which day it would not suffice."""
        return cast(
            "FinancingOut",
            await self._transport.call(
                "GET", f"/api/v1/financial_manager/construction/projects/{segment(id)}/financing", space=space
            ),
        )

    async def figures_show_building_status(self, id: str, *, space: str | None = None) -> BuildingStatusOut:
        """Show where a project stands: estimate to forecast, by line, cost group and as a whole."""
        return cast(
            "BuildingStatusOut",
            await self._transport.call(
                "GET", f"/api/v1/financial_manager/construction/projects/{segment(id)}/status", space=space
            ),
        )

    async def finish_consent(self, id: str, body: AddressIn, *, space: str | None = None) -> BankConnectionOut:
        """Give the address to which the bank led after the yes: the connection is ready then."""
        return cast(
            "BankConnectionOut",
            await self._transport.call(
                "POST", f"/api/v1/financial_manager/bank-connections/{segment(id)}/consent", body=body, space=space
            ),
        )

    async def fints_connections_answer_step(
        self, id: str, body: StepAnswerIn, *, space: str | None = None
    ) -> StepAnsweredOut:
        """Answer what the bank waits for, once; a TAN is never sent twice."""
        return cast(
            "StepAnsweredOut",
            await self._transport.call(
                "POST", f"/api/v1/financial_manager/bank-connections/{segment(id)}/answer", body=body, space=space
            ),
        )

    async def fints_connections_connect_fints(
        self, body: FintsLoginIn, *, space: str | None = None
    ) -> BankConnectionOut:
        """Log in at a German bank by FinTS; the connection may wait for a step then. A refusal leaves nothing."""
        return cast(
            "BankConnectionOut",
            await self._transport.call(
                "POST", "/api/v1/financial_manager/bank-connections/fints", body=body, space=space
            ),
        )

    async def fints_connections_log_in_again(
        self, id: str, body: FintsAgainIn, *, space: str | None = None
    ) -> BankConnectionOut:
        """Log in anew at a bank of FinTS, the one way on after a refusal."""
        return cast(
            "BankConnectionOut",
            await self._transport.call(
                "POST", f"/api/v1/financial_manager/bank-connections/{segment(id)}/login", body=body, space=space
            ),
        )

    async def forget_payee_spelling(self, id: str, body: PayeeForgetIn, *, space: str | None = None) -> RecordedOut:
        """Take ways of being written away from a payee."""
        return cast(
            "RecordedOut",
            await self._transport.call(
                "POST", f"/api/v1/financial_manager/payees/{segment(id)}/forget", body=body, space=space
            ),
        )

    async def get_account(self, id: str, *, on: str | None = None, space: str | None = None) -> AccountOut:
        """Show one account with what it holds, or held at the end of a day."""
        return cast(
            "AccountOut",
            await self._transport.call(
                "GET", f"/api/v1/financial_manager/accounts/{segment(id)}", query={"on": on}, space=space
            ),
        )

    async def get_change(self, id: str, *, space: str | None = None) -> ChangeOut:
        """Show one step with the rows that it touched, before and after."""
        return cast(
            "ChangeOut",
            await self._transport.call("GET", f"/api/v1/financial_manager/changes/{segment(id)}", space=space),
        )

    async def get_goal(self, id: str, *, space: str | None = None) -> GoalOut:
        """Show one goal."""
        return cast(
            "GoalOut", await self._transport.call("GET", f"/api/v1/financial_manager/goals/{segment(id)}", space=space)
        )

    async def get_import(self, id: str, *, space: str | None = None) -> ImportDetailOut:
        """Show one import with the lines that were not simply booked."""
        return cast(
            "ImportDetailOut",
            await self._transport.call("GET", f"/api/v1/financial_manager/imports/{segment(id)}", space=space),
        )

    async def get_recurring(self, id: str, *, space: str | None = None) -> RecurringDetailOut:
        """Show one with its bookings, its prices, and why it is taken for one."""
        return cast(
            "RecurringDetailOut",
            await self._transport.call("GET", f"/api/v1/financial_manager/recurring/{segment(id)}", space=space),
        )

    async def get_security(self, id: str, *, space: str | None = None) -> SecurityOut:
        """Show one security."""
        return cast(
            "SecurityOut",
            await self._transport.call("GET", f"/api/v1/financial_manager/securities/{segment(id)}", space=space),
        )

    async def get_trade(self, id: str, *, space: str | None = None) -> TradeOut:
        """Show one trade."""
        return cast(
            "TradeOut",
            await self._transport.call("GET", f"/api/v1/financial_manager/trades/{segment(id)}", space=space),
        )

    async def get_transaction(self, id: str, *, space: str | None = None) -> TransactionOut:
        """Show one transaction."""
        return cast(
            "TransactionOut",
            await self._transport.call("GET", f"/api/v1/financial_manager/transactions/{segment(id)}", space=space),
        )

    async def give_table(
        self,
        *,
        report: ReportKind,
        format: Literal["csv", "xlsx", "pdf"] | None = None,
        since: str | None = None,
        until: str | None = None,
        language: Literal["en", "de"] | None = None,
        space: str | None = None,
    ) -> ReportTableOut:
        """Give a report as a table for spreadsheets."""
        return cast(
            "ReportTableOut",
            await self._transport.call(
                "GET",
                "/api/v1/financial_manager/insight/table",
                query={"report": report, "format": format, "since": since, "until": until, "language": language},
                space=space,
            ),
        )

    async def import_prices(self, body: PricesIn, *, space: str | None = None) -> PricesImportedOut:
        """Take the prices of a CSV file of any dialect; what is known already is not written again."""
        return cast(
            "PricesImportedOut",
            await self._transport.call("POST", "/api/v1/financial_manager/prices/import", body=body, space=space),
        )

    async def invoices_change_building_invoice(
        self, id: str, body: InvoicePatch, *, space: str | None = None
    ) -> InvoiceOut:
        """Change some of an invoice."""
        return cast(
            "InvoiceOut",
            await self._transport.call(
                "PATCH", f"/api/v1/financial_manager/construction/invoices/{segment(id)}", body=body, space=space
            ),
        )

    async def invoices_delete_building_invoice(self, id: str, *, space: str | None = None) -> None:
        """Delete an invoice for which nothing was paid."""
        await self._transport.call(
            "DELETE", f"/api/v1/financial_manager/construction/invoices/{segment(id)}", space=space
        )

    async def invoices_enter_building_invoice(
        self, body: InvoiceIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> InvoiceOut:
        """Enter an invoice of a contract: partial or final, with everything done so far."""
        return cast(
            "InvoiceOut",
            await self._transport.call(
                "POST",
                "/api/v1/financial_manager/construction/invoices",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def leave_statement(self, id: str, body: SeenPatch, *, space: str | None = None) -> SeenOut:
        """Want nothing of a waiting file, or let it wait after all; the file itself is never changed."""
        return cast(
            "SeenOut",
            await self._transport.call(
                "PATCH", f"/api/v1/financial_manager/statements-seen/{segment(id)}", body=body, space=space
            ),
        )

    async def link_bank_account(
        self, id: str, body: FinancialManagerLinkIn, *, space: str | None = None
    ) -> BankAccountOut:
        """Say into which of your accounts a bank's account is booked."""
        return cast(
            "BankAccountOut",
            await self._transport.call(
                "PATCH", f"/api/v1/financial_manager/bank-accounts/{segment(id)}", body=body, space=space
            ),
        )

    async def list_accounts(self, *, on: str | None = None, space: str | None = None) -> AccountsOut:
        """List your accounts by name, with what they hold, or held at the end of a day."""
        return cast(
            "AccountsOut",
            await self._transport.call("GET", "/api/v1/financial_manager/accounts", query={"on": on}, space=space),
        )

    async def list_attachments(self, *, transaction_id: str, space: str | None = None) -> AttachmentsOut:
        """List the files of a transaction, each with what is at its place now."""
        return cast(
            "AttachmentsOut",
            await self._transport.call(
                "GET", "/api/v1/financial_manager/attachments", query={"transaction_id": transaction_id}, space=space
            ),
        )

    async def list_bank_connections(self, *, space: str | None = None) -> BankConnectionsOut:
        """List the connected banks with their accounts; nobody is asked on the internet."""
        return cast(
            "BankConnectionsOut",
            await self._transport.call("GET", "/api/v1/financial_manager/bank-connections", space=space),
        )

    async def list_budgets(self, *, month: str, space: str | None = None) -> BudgetsOut:
        """Show how each budget stands in a month; a group's counts what lies in it."""
        return cast(
            "BudgetsOut",
            await self._transport.call("GET", "/api/v1/financial_manager/budgets", query={"month": month}, space=space),
        )

    async def list_categories(self, *, space: str | None = None) -> CategoriesOut:
        """List your categories, in their order; a space that has none yet gets Homie's."""
        return cast(
            "CategoriesOut", await self._transport.call("GET", "/api/v1/financial_manager/categories", space=space)
        )

    async def list_category_rules(self, *, space: str | None = None) -> CategoryRulesOut:
        """List your rules in their order: the first that fits a line decides."""
        return cast(
            "CategoryRulesOut",
            await self._transport.call("GET", "/api/v1/financial_manager/category-rules", space=space),
        )

    async def list_changes(
        self, *, limit: int | None = None, cursor: str | None = None, space: str | None = None
    ) -> ChangeOutPage:
        """List what was done to the ledger, newest first."""
        return cast(
            "ChangeOutPage",
            await self._transport.call(
                "GET", "/api/v1/financial_manager/changes", query={"limit": limit, "cursor": cursor, "space": space}
            ),
        )

    async def list_goals(self, *, space: str | None = None) -> GoalsOut:
        """List what is saved for, the most urgent first, with how it stands."""
        return cast("GoalsOut", await self._transport.call("GET", "/api/v1/financial_manager/goals", space=space))

    async def list_imports(
        self, *, limit: int | None = None, cursor: str | None = None, space: str | None = None
    ) -> ImportOutPage:
        """List what was imported, newest first."""
        return cast(
            "ImportOutPage",
            await self._transport.call(
                "GET", "/api/v1/financial_manager/imports", query={"limit": limit, "cursor": cursor, "space": space}
            ),
        )

    async def list_inbox(
        self, *, limit: int | None = None, cursor: str | None = None, space: str | None = None
    ) -> WaitingOutPage:
        """List bookings of which nobody said what they were for, newest first, with what Homie would say."""
        return cast(
            "WaitingOutPage",
            await self._transport.call(
                "GET",
                "/api/v1/financial_manager/transactions/inbox",
                query={"limit": limit, "cursor": cursor, "space": space},
            ),
        )

    async def list_inboxes(self, *, space: str | None = None) -> InboxesOut:
        """List the folders whose statements are read by themselves."""
        return cast(
            "InboxesOut", await self._transport.call("GET", "/api/v1/financial_manager/statement-inboxes", space=space)
        )

    async def list_payees(self, *, space: str | None = None) -> PayeesOut:
        """List the payees that you named."""
        return cast("PayeesOut", await self._transport.call("GET", "/api/v1/financial_manager/payees", space=space))

    async def list_positions(
        self, *, depot_id: str | None = None, on: str | None = None, space: str | None = None
    ) -> PositionsOut:
        """Show what is held, what it is worth, and what it gained by FIFO and by the moving average."""
        return cast(
            "PositionsOut",
            await self._transport.call(
                "GET", "/api/v1/financial_manager/depots/positions", query={"depot_id": depot_id, "on": on}, space=space
            ),
        )

    async def list_price_feeds(self, *, space: str | None = None) -> PriceFeedsOut:
        """List the feeds of prices that come with Homie; nothing is asked on the internet."""
        return cast(
            "PriceFeedsOut", await self._transport.call("GET", "/api/v1/financial_manager/price-feeds", space=space)
        )

    async def list_price_sources(self, *, space: str | None = None) -> PriceSourcesOut:
        """List where prices come from, and what would be asked there now; nothing is asked on the internet."""
        return cast(
            "PriceSourcesOut", await self._transport.call("GET", "/api/v1/financial_manager/price-sources", space=space)
        )

    async def list_prices(
        self, id: str, *, limit: int | None = None, cursor: str | None = None, space: str | None = None
    ) -> PriceOutPage:
        """List a security's prices, newest first."""
        return cast(
            "PriceOutPage",
            await self._transport.call(
                "GET",
                f"/api/v1/financial_manager/securities/{segment(id)}/prices",
                query={"limit": limit, "cursor": cursor, "space": space},
            ),
        )

    async def list_rates(
        self, *, day: str | None = None, source: str | None = None, space: str | None = None
    ) -> RatesOut:
        """List the ECB's reference rates of a day; nothing is asked on the internet."""
        return cast(
            "RatesOut",
            await self._transport.call(
                "GET", "/api/v1/financial_manager/rates", query={"day": day, "source": source}, space=space
            ),
        )

    async def list_recurring(self, *, space: str | None = None) -> RecurringListOut:
        """List what comes again, found in bookings or entered, dismissed ones too; with what it comes to."""
        return cast(
            "RecurringListOut", await self._transport.call("GET", "/api/v1/financial_manager/recurring", space=space)
        )

    async def list_recurring_notices(self, *, space: str | None = None) -> RecurringNoticesOut:
        """List what newly comes again and what became dearer, until somebody dismisses it."""
        return cast(
            "RecurringNoticesOut",
            await self._transport.call("GET", "/api/v1/financial_manager/recurring-notices", space=space),
        )

    async def list_sales(
        self,
        id: str,
        *,
        security_id: str | None = None,
        since: str | None = None,
        until: str | None = None,
        space: str | None = None,
    ) -> SalesOut:
        """Show every sale of a depot with the lots that it used by FIFO, and how the moving average came
        about.
        """
        return cast(
            "SalesOut",
            await self._transport.call(
                "GET",
                f"/api/v1/financial_manager/depots/{segment(id)}/sales",
                query={"security_id": security_id, "since": since, "until": until},
                space=space,
            ),
        )

    async def list_securities(self, *, space: str | None = None) -> SecuritiesOut:
        """List your securities by name."""
        return cast(
            "SecuritiesOut", await self._transport.call("GET", "/api/v1/financial_manager/securities", space=space)
        )

    async def list_statements_seen(self, *, state: FileState | None = None, space: str | None = None) -> SeenListOut:
        """List the files of the inboxes that wait (or were booked, held nothing new, are not wanted), newest
        first.
        """
        return cast(
            "SeenListOut",
            await self._transport.call(
                "GET", "/api/v1/financial_manager/statements-seen", query={"state": state}, space=space
            ),
        )

    async def list_tags(self, *, space: str | None = None) -> TagsOut:
        """List the tags that transactions have, by name."""
        return cast("TagsOut", await self._transport.call("GET", "/api/v1/financial_manager/tags", space=space))

    async def list_tax_packs(self, *, space: str | None = None) -> TaxPacksOut:
        """List the countries and years that there are rules for, and what a category may count for."""
        return cast(
            "TaxPacksOut", await self._transport.call("GET", "/api/v1/financial_manager/tax-packs", space=space)
        )

    async def list_trades(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        space: str | None = None,
        depot_id: str | None = None,
        security_id: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> TradeOutPage:
        """List trades, newest first: of a depot, a security, some days."""
        return cast(
            "TradeOutPage",
            await self._transport.call(
                "GET",
                "/api/v1/financial_manager/trades",
                query={
                    "limit": limit,
                    "cursor": cursor,
                    "space": space,
                    "depot_id": depot_id,
                    "security_id": security_id,
                    "since": since,
                    "until": until,
                },
            ),
        )

    async def list_transactions(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        space: str | None = None,
        account_id: str | None = None,
        category_id: str | None = None,
        batch_id: str | None = None,
        payee_id: str | None = None,
        since: str | None = None,
        until: str | None = None,
        words: str | None = None,
        inbox: bool | None = None,
        planned: bool | None = None,
        tag: str | None = None,
        entered_by: str | None = None,
    ) -> TransactionOutPage:
        """List transactions, newest first: of an account, a category, an import, some days, with some words."""
        return cast(
            "TransactionOutPage",
            await self._transport.call(
                "GET",
                "/api/v1/financial_manager/transactions",
                query={
                    "limit": limit,
                    "cursor": cursor,
                    "space": space,
                    "account_id": account_id,
                    "category_id": category_id,
                    "batch_id": batch_id,
                    "payee_id": payee_id,
                    "since": since,
                    "until": until,
                    "words": words,
                    "inbox": inbox,
                    "planned": planned,
                    "tag": tag,
                    "entered_by": entered_by,
                },
            ),
        )

    async def list_transfers(self, *, space: str | None = None) -> TransfersOut:
        """List bookings that may be transfers between your accounts, the surest first."""
        return cast(
            "TransfersOut", await self._transport.call("GET", "/api/v1/financial_manager/transfers", space=space)
        )

    async def look_into_folder(
        self, *, path: str | None = None, kind: Literal["statements", "all"] | None = None, space: str | None = None
    ) -> FolderOfStatementsOut:
        """List the folders, and the files that may be statements (or all), of an opened folder; without a path
        those.
        """
        return cast(
            "FolderOfStatementsOut",
            await self._transport.call(
                "GET", "/api/v1/financial_manager/folders", query={"path": path, "kind": kind}, space=space
            ),
        )

    async def look_into_inboxes(self, *, space: str | None = None) -> LookedOut:
        """Look into the inboxes now."""
        return cast(
            "LookedOut",
            await self._transport.call("POST", "/api/v1/financial_manager/statement-inboxes/look", space=space),
        )

    async def merge_payees(self, id: str, body: PayeeMergeIn, *, space: str | None = None) -> RecordedOut:
        """Make one payee of two: what is written as this one is called as the other, also in what is booked."""
        return cast(
            "RecordedOut",
            await self._transport.call(
                "POST", f"/api/v1/financial_manager/payees/{segment(id)}/merge", body=body, space=space
            ),
        )

    async def name_payee(self, body: PayeeIn, *, space: str | None = None) -> PayeesOut:
        """Call whoever is written so by one name, also in what is booked already."""
        return cast(
            "PayeesOut", await self._transport.call("POST", "/api/v1/financial_manager/payees", body=body, space=space)
        )

    async def open_account(
        self, body: AccountIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> AccountOut:
        """Open an account."""
        return cast(
            "AccountOut",
            await self._transport.call(
                "POST",
                "/api/v1/financial_manager/accounts",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def open_bank_account(self, id: str, *, space: str | None = None) -> BankAccountOut:
        """Open an account of yours for a bank's account."""
        return cast(
            "BankAccountOut",
            await self._transport.call(
                "POST", f"/api/v1/financial_manager/bank-accounts/{segment(id)}/open", space=space
            ),
        )

    async def own_currency_show_own_worth(self, *, months: int | None = None, space: str | None = None) -> OwnWorthOut:
        """Return what you held at the end of each of the last months, in your own currency; the last point is
        today.
        """
        return cast(
            "OwnWorthOut",
            await self._transport.call(
                "GET", "/api/v1/financial_manager/reports/own/net-worth", query={"months": months}, space=space
            ),
        )

    async def own_currency_sum_own_months(self, *, since: str, until: str, space: str | None = None) -> OwnMonthsOut:
        """Return what each category came to in each month, in your own currency; transfers are left out."""
        return cast(
            "OwnMonthsOut",
            await self._transport.call(
                "GET",
                "/api/v1/financial_manager/reports/own/months",
                query={"since": since, "until": until},
                space=space,
            ),
        )

    async def payments_delete_building_payment(self, id: str, *, space: str | None = None) -> None:
        """Delete a payment; the booking of the ledger stays."""
        await self._transport.call(
            "DELETE", f"/api/v1/financial_manager/construction/payments/{segment(id)}", space=space
        )

    async def payments_pay_building_invoice(
        self, id: str, body: PaymentIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> PaidOut:
        """Pay an invoice, by a booking of the ledger or by amount and day; may draw a loan's tranche."""
        return cast(
            "PaidOut",
            await self._transport.call(
                "POST",
                f"/api/v1/financial_manager/construction/invoices/{segment(id)}/payments",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def payments_pay_release(
        self, id: str, body: PaymentIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> PaidOut:
        """Pay out money that was held back."""
        return cast(
            "PaidOut",
            await self._transport.call(
                "POST",
                f"/api/v1/financial_manager/construction/releases/{segment(id)}/payments",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def payments_preview_invoice_payment(
        self, id: str, body: PaymentIn, *, space: str | None = None
    ) -> SettlementOut:
        """Show what a payment of an invoice would do: due, Skonto, what stays open, in words; changes nothing."""
        return cast(
            "SettlementOut",
            await self._transport.call(
                "POST",
                f"/api/v1/financial_manager/construction/invoices/{segment(id)}/payments/preview",
                body=body,
                space=space,
            ),
        )

    async def payments_preview_release_payment(
        self, id: str, body: PaymentIn, *, space: str | None = None
    ) -> SettlementOut:
        """Show what paying out money that was held back would do; changes nothing."""
        return cast(
            "SettlementOut",
            await self._transport.call(
                "POST",
                f"/api/v1/financial_manager/construction/releases/{segment(id)}/payments/preview",
                body=body,
                space=space,
            ),
        )

    async def place_category_rule(
        self, id: str, body: CategoryRulePlaceIn, *, space: str | None = None
    ) -> CategoryRulesOut:
        """Put a rule at another place in the order."""
        return cast(
            "CategoryRulesOut",
            await self._transport.call(
                "POST", f"/api/v1/financial_manager/category-rules/{segment(id)}/place", body=body, space=space
            ),
        )

    async def preview_asking(self, *, space: str | None = None) -> AskPreviewOut:
        """Show exactly what asking an AI about the inbox would send, and what it would cost. Sends nothing."""
        return cast(
            "AskPreviewOut", await self._transport.call("GET", "/api/v1/financial_manager/inbox/ask", space=space)
        )

    async def preview_import(self, body: StatementIn, *, space: str | None = None) -> PreviewOut:
        """Say what an import would do: each line with its fate, and the bank's balance against Homie's."""
        return cast(
            "PreviewOut",
            await self._transport.call("POST", "/api/v1/financial_manager/imports/preview", body=body, space=space),
        )

    async def preview_sale(self, body: WhatIfIn, *, space: str | None = None) -> WhatIfOut:
        """Say what a sale would bring, with its lots and its tax; books nothing."""
        return cast(
            "WhatIfOut",
            await self._transport.call("POST", "/api/v1/financial_manager/depots/what-if", body=body, space=space),
        )

    async def projects_begin_building_project(
        self, body: FinancialManagerProjectIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> FinancialManagerProjectOut:
        """Begin a building project."""
        return cast(
            "FinancialManagerProjectOut",
            await self._transport.call(
                "POST",
                "/api/v1/financial_manager/construction/projects",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def projects_change_building_project(
        self, id: str, body: ProjectPatch, *, space: str | None = None
    ) -> FinancialManagerProjectOut:
        """Change some of a project."""
        return cast(
            "FinancialManagerProjectOut",
            await self._transport.call(
                "PATCH", f"/api/v1/financial_manager/construction/projects/{segment(id)}", body=body, space=space
            ),
        )

    async def projects_delete_building_project(self, id: str, *, space: str | None = None) -> None:
        """Delete a project in which nothing stands."""
        await self._transport.call(
            "DELETE", f"/api/v1/financial_manager/construction/projects/{segment(id)}", space=space
        )

    async def projects_get_building_project(self, id: str, *, space: str | None = None) -> SiteOut:
        """Show a project with everything that was entered in it."""
        return cast(
            "SiteOut",
            await self._transport.call(
                "GET", f"/api/v1/financial_manager/construction/projects/{segment(id)}", space=space
            ),
        )

    async def projects_list_building_projects(self, *, space: str | None = None) -> ProjectsOut:
        """List your building projects by name, with their sums."""
        return cast(
            "ProjectsOut",
            await self._transport.call("GET", "/api/v1/financial_manager/construction/projects", space=space),
        )

    async def propose_budgets(
        self, *, month: str, months: int | None = None, space: str | None = None
    ) -> BudgetProposalsOut:
        """Propose a budget for each category of expenses without one: the median of the full months before."""
        return cast(
            "BudgetProposalsOut",
            await self._transport.call(
                "GET",
                "/api/v1/financial_manager/budgets/proposals",
                query={"month": month, "months": months},
                space=space,
            ),
        )

    async def put_aside(
        self, id: str, body: GoalAmountIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> GoalOut:
        """Put an amount aside for a goal, or take it out again; no money moves."""
        return cast(
            "GoalOut",
            await self._transport.call(
                "POST",
                f"/api/v1/financial_manager/goals/{segment(id)}/amounts",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def put_fints_product(self, body: FintsProductIn, *, space: str | None = None) -> None:
        """Keep the household's product id."""
        await self._transport.call("PUT", "/api/v1/financial_manager/fints", body=body, space=space)

    async def reject_transfer(self, body: TransferIn, *, space: str | None = None) -> None:
        """Say that two bookings are no transfer; they are not offered again."""
        await self._transport.call("POST", "/api/v1/financial_manager/transfers/reject", body=body, space=space)

    async def releases_delete_release(self, id: str, *, space: str | None = None) -> None:
        """Delete a release for which nothing was paid: the money is held back again."""
        await self._transport.call(
            "DELETE", f"/api/v1/financial_manager/construction/releases/{segment(id)}", space=space
        )

    async def releases_release_retention(
        self, body: ReleaseIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> ReleaseOut:
        """Let money that is held back be paid out; what was invoiced stays."""
        return cast(
            "ReleaseOut",
            await self._transport.call(
                "POST",
                "/api/v1/financial_manager/construction/releases",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def remove_inbox(self, id: str, *, space: str | None = None) -> None:
        """Look into a folder no more; what was booked stays."""
        await self._transport.call("DELETE", f"/api/v1/financial_manager/statement-inboxes/{segment(id)}", space=space)

    async def remove_tag(self, body: TagIn, *, space: str | None = None) -> RecordedOut:
        """Take a tag away from every transaction and rule."""
        return cast(
            "RecordedOut",
            await self._transport.call("POST", "/api/v1/financial_manager/tags/remove", body=body, space=space),
        )

    async def rename_payee(self, id: str, body: PayeePatch, *, space: str | None = None) -> PayeesOut:
        """Give a payee another name."""
        return cast(
            "PayeesOut",
            await self._transport.call(
                "PATCH", f"/api/v1/financial_manager/payees/{segment(id)}", body=body, space=space
            ),
        )

    async def rename_tag(self, body: TagRenameIn, *, space: str | None = None) -> RecordedOut:
        """Call a tag otherwise, on transactions and in rules; where the new name is a tag, both become one."""
        return cast(
            "RecordedOut",
            await self._transport.call("POST", "/api/v1/financial_manager/tags/rename", body=body, space=space),
        )

    async def renew_consent(self, id: str, *, space: str | None = None) -> ConsentOut:
        """Begin to give a bank's consent again."""
        return cast(
            "ConsentOut",
            await self._transport.call(
                "POST", f"/api/v1/financial_manager/bank-connections/{segment(id)}/renew", space=space
            ),
        )

    async def security_price_source_delete_price_source(self, id: str, *, space: str | None = None) -> None:
        """Ask for a security's prices no more; the prices stay."""
        await self._transport.call(
            "DELETE", f"/api/v1/financial_manager/securities/{segment(id)}/price-source", space=space
        )

    async def security_price_source_get_price_source(self, id: str, *, space: str | None = None) -> PriceSourceOut:
        """Show where a security's prices come from, and what would be asked there now."""
        return cast(
            "PriceSourceOut",
            await self._transport.call(
                "GET", f"/api/v1/financial_manager/securities/{segment(id)}/price-source", space=space
            ),
        )

    async def security_price_source_set_price_source(
        self, id: str, body: PriceSourceIn, *, space: str | None = None
    ) -> PriceSourceOut:
        """Say where a security's prices come from; it is asked only when you want it."""
        return cast(
            "PriceSourceOut",
            await self._transport.call(
                "PUT", f"/api/v1/financial_manager/securities/{segment(id)}/price-source", body=body, space=space
            ),
        )

    async def set_bank_clock(self, id: str, body: ClockIn, *, space: str | None = None) -> BankConnectionOut:
        """Ask the bank every morning from tomorrow on, or only when you press the button."""
        return cast(
            "BankConnectionOut",
            await self._transport.call(
                "PUT", f"/api/v1/financial_manager/bank-connections/{segment(id)}/clock", body=body, space=space
            ),
        )

    async def set_budget(self, body: BudgetIn, *, space: str | None = None) -> RecordedOut:
        """Say what a category may cost in each month from one on; earlier months keep theirs."""
        return cast(
            "RecordedOut",
            await self._transport.call("PUT", "/api/v1/financial_manager/budgets", body=body, space=space),
        )

    async def set_budgets(self, body: BudgetsIn, *, space: str | None = None) -> RecordedOut:
        """Do the same for several categories, in one step that is undone as one."""
        return cast(
            "RecordedOut",
            await self._transport.call("PUT", "/api/v1/financial_manager/budgets/several", body=body, space=space),
        )

    async def show_allocation(
        self,
        *,
        by: Literal["kind", "country", "currency", "security", "depot"] | None = None,
        on: str | None = None,
        space: str | None = None,
    ) -> AllocationsOut:
        """Show how what is held is spread, in shares that sum to the whole."""
        return cast(
            "AllocationsOut",
            await self._transport.call(
                "GET", "/api/v1/financial_manager/depots/allocation", query={"by": by, "on": on}, space=space
            ),
        )

    async def show_bank_connection(self, id: str, *, space: str | None = None) -> BankConnectionOut:
        """Show one connected bank."""
        return cast(
            "BankConnectionOut",
            await self._transport.call("GET", f"/api/v1/financial_manager/bank-connections/{segment(id)}", space=space),
        )

    async def show_budget_history(
        self,
        *,
        category_id: str,
        currency: str | None = None,
        person_id: str | None = None,
        until: str,
        space: str | None = None,
    ) -> BudgetHistoryOut:
        """Show one budget month by month."""
        return cast(
            "BudgetHistoryOut",
            await self._transport.call(
                "GET",
                "/api/v1/financial_manager/budgets/history",
                query={"category_id": category_id, "currency": currency, "person_id": person_id, "until": until},
                space=space,
            ),
        )

    async def show_depots_worth(self, *, on: str | None = None, space: str | None = None) -> DepotsWorthOut:
        """Show what all depots are worth in the household's own currency, with the day of each rate."""
        return cast(
            "DepotsWorthOut",
            await self._transport.call("GET", "/api/v1/financial_manager/depots/worth", query={"on": on}, space=space),
        )

    async def show_fints(self, *, space: str | None = None) -> FintsStateOut:
        """Say whether FinTS can be used here, and how it is made to."""
        return cast("FintsStateOut", await self._transport.call("GET", "/api/v1/financial_manager/fints", space=space))

    async def show_forecast(
        self,
        *,
        months: int | None = None,
        account_id: str | None = None,
        currency: str | None = None,
        everyday: bool | None = None,
        space: str | None = None,
    ) -> ForecastOut:
        """Show day by day what is there in the next months, the lowest point, and what that rests on."""
        return cast(
            "ForecastOut",
            await self._transport.call(
                "GET",
                "/api/v1/financial_manager/forecast",
                query={"months": months, "account_id": account_id, "currency": currency, "everyday": everyday},
                space=space,
            ),
        )

    async def show_net_worth(self, *, months: int | None = None, space: str | None = None) -> WorthOut:
        """Return what you held at the end of each of the last months, by currency; the last point is today."""
        return cast(
            "WorthOut",
            await self._transport.call(
                "GET", "/api/v1/financial_manager/reports/net-worth", query={"months": months}, space=space
            ),
        )

    async def show_performance(
        self,
        *,
        depot_id: str | None = None,
        since: str | None = None,
        until: str | None = None,
        space: str | None = None,
    ) -> PerformancesOut:
        """Show time-weighted and money-weighted returns, by currency."""
        return cast(
            "PerformancesOut",
            await self._transport.call(
                "GET",
                "/api/v1/financial_manager/depots/performance",
                query={"depot_id": depot_id, "since": since, "until": until},
                space=space,
            ),
        )

    async def show_settings(self, *, space: str | None = None) -> MoneySettingsOut:
        """Show the household's own currency and tax country."""
        return cast(
            "MoneySettingsOut", await self._transport.call("GET", "/api/v1/financial_manager/settings", space=space)
        )

    async def show_tax_document(
        self,
        *,
        country: str | None = None,
        year: int,
        joint: bool | None = None,
        income_minor: int | None = None,
        language: Literal["en", "de"] | None = None,
        space: str | None = None,
    ) -> DocumentOut:
        """Give the report as a PDF (base64), to print or to hand on."""
        return cast(
            "DocumentOut",
            await self._transport.call(
                "GET",
                "/api/v1/financial_manager/tax-reports/document",
                query={
                    "country": country,
                    "year": year,
                    "joint": joint,
                    "income_minor": income_minor,
                    "language": language,
                },
                space=space,
            ),
        )

    async def show_tax_report(
        self,
        *,
        country: str | None = None,
        year: int,
        joint: bool | None = None,
        income_minor: int | None = None,
        space: str | None = None,
    ) -> TaxReportOut:
        """Show every figure of a year, how it was made, what is behind it, and what was left out."""
        return cast(
            "TaxReportOut",
            await self._transport.call(
                "GET",
                "/api/v1/financial_manager/tax-reports",
                query={"country": country, "year": year, "joint": joint, "income_minor": income_minor},
                space=space,
            ),
        )

    async def show_tax_table(
        self,
        *,
        country: str | None = None,
        year: int,
        joint: bool | None = None,
        income_minor: int | None = None,
        language: Literal["en", "de"] | None = None,
        space: str | None = None,
    ) -> FinancialManagerExportOut:
        """Give the report as a table (CSV with semicolons)."""
        return cast(
            "FinancialManagerExportOut",
            await self._transport.call(
                "GET",
                "/api/v1/financial_manager/tax-reports/table",
                query={
                    "country": country,
                    "year": year,
                    "joint": joint,
                    "income_minor": income_minor,
                    "language": language,
                },
                space=space,
            ),
        )

    async def sources_add_money_source(
        self, body: SourceIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> MoneySourceOut:
        """Add money for a project: own means, a loan's tranche, a subsidy."""
        return cast(
            "MoneySourceOut",
            await self._transport.call(
                "POST",
                "/api/v1/financial_manager/construction/sources",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def sources_change_money_source(
        self, id: str, body: SourcePatch, *, space: str | None = None
    ) -> MoneySourceOut:
        """Change some of a source of money."""
        return cast(
            "MoneySourceOut",
            await self._transport.call(
                "PATCH", f"/api/v1/financial_manager/construction/sources/{segment(id)}", body=body, space=space
            ),
        )

    async def sources_delete_money_source(self, id: str, *, space: str | None = None) -> None:
        """Delete a source from which nothing was drawn."""
        await self._transport.call(
            "DELETE", f"/api/v1/financial_manager/construction/sources/{segment(id)}", space=space
        )

    async def suggestions_suggest_bookings_for_invoice(
        self, id: str, *, space: str | None = None
    ) -> SuggestedBookingsOut:
        """List the bookings that may pay an invoice, the best first."""
        return cast(
            "SuggestedBookingsOut",
            await self._transport.call(
                "GET", f"/api/v1/financial_manager/construction/invoices/{segment(id)}/suggestions", space=space
            ),
        )

    async def suggestions_suggest_bookings_for_release(
        self, id: str, *, space: str | None = None
    ) -> SuggestedBookingsOut:
        """List the bookings that may pay out a release, the best first."""
        return cast(
            "SuggestedBookingsOut",
            await self._transport.call(
                "GET", f"/api/v1/financial_manager/construction/releases/{segment(id)}/suggestions", space=space
            ),
        )

    async def suggestions_suggest_building_invoices(
        self, *, transaction_id: str, space: str | None = None
    ) -> SuggestedListOut:
        """List the open invoices and releases that a booking may pay, the best first; and what it paid
        already.
        """
        return cast(
            "SuggestedListOut",
            await self._transport.call(
                "GET",
                "/api/v1/financial_manager/construction/suggestions",
                query={"transaction_id": transaction_id},
                space=space,
            ),
        )

    async def sum_months(self, *, since: str, until: str, space: str | None = None) -> MonthsOut:
        """Return what each category came to in each month; transfers between your accounts are left out."""
        return cast(
            "MonthsOut",
            await self._transport.call(
                "GET", "/api/v1/financial_manager/reports/months", query={"since": since, "until": until}, space=space
            ),
        )

    async def sum_payees(self, *, since: str, until: str, space: str | None = None) -> PartiesOut:
        """Say what went to and came from each payee; transfers between your accounts are left out."""
        return cast(
            "PartiesOut",
            await self._transport.call(
                "GET", "/api/v1/financial_manager/insight/payees", query={"since": since, "until": until}, space=space
            ),
        )

    async def sum_people(self, *, since: str, until: str, space: str | None = None) -> PartiesOut:
        """Say what each person entered or imported, by how they are shown; `key` is their id."""
        return cast(
            "PartiesOut",
            await self._transport.call(
                "GET", "/api/v1/financial_manager/insight/people", query={"since": since, "until": until}, space=space
            ),
        )

    async def sum_years(
        self,
        *,
        first: int | None = None,
        last: int | None = None,
        same_days: bool | None = None,
        space: str | None = None,
    ) -> YearsOut:
        """Return what each category came to in each year, to compare them."""
        return cast(
            "YearsOut",
            await self._transport.call(
                "GET",
                "/api/v1/financial_manager/insight/years",
                query={"first": first, "last": last, "same_days": same_days},
                space=space,
            ),
        )

    async def tell_news(self, *, month: str | None = None, space: str | None = None) -> NewsOut:
        """Tell in words what changed in a month: compared with the usual, new payees, prices, what did not
        come.
        """
        return cast(
            "NewsOut",
            await self._transport.call(
                "GET", "/api/v1/financial_manager/insight/news", query={"month": month}, space=space
            ),
        )

    async def transfer_shares(
        self, body: SharesTransferIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> SharesTransferOut:
        """Move shares from one of your depots to another one, both sides in one step."""
        return cast(
            "SharesTransferOut",
            await self._transport.call(
                "POST",
                "/api/v1/financial_manager/trades/transfers",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def try_category_rule(self, body: CategoryRuleTrialIn, *, space: str | None = None) -> CategoryRuleTrialOut:
        """Say what a rule would do among the newest bookings. Changes nothing."""
        return cast(
            "CategoryRuleTrialOut",
            await self._transport.call("POST", "/api/v1/financial_manager/category-rules/try", body=body, space=space),
        )

    async def undo_change(self, id: str, *, space: str | None = None) -> ChangeOut:
        """Take one step back, whole or not at all; the undo is a step itself, and can be taken back too."""
        return cast(
            "ChangeOut",
            await self._transport.call("POST", f"/api/v1/financial_manager/changes/{segment(id)}/undo", space=space),
        )

    async def undo_import(self, id: str, *, space: str | None = None) -> ImportOut:
        """Take an import back: everything that it booked goes, and the same file can be imported again."""
        return cast(
            "ImportOut",
            await self._transport.call("POST", f"/api/v1/financial_manager/imports/{segment(id)}/undo", space=space),
        )

    async def update_rates(self, *, space: str | None = None) -> RatesUpdatedOut:
        """Ask the ECB for newer rates, now; two files are read, and nothing of the household is sent."""
        return cast(
            "RatesUpdatedOut", await self._transport.call("POST", "/api/v1/financial_manager/rates/update", space=space)
        )
