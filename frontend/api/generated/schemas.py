"""The types of the hub's API.

Written by scripts/write-api-client: do not edit. A written file may exceed 400 lines.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

__all__ = [
    "AcceptIn",
    "AccountCondition",
    "AccountFetchedOut",
    "AccountIn",
    "AccountKind",
    "AccountOut",
    "AccountPatch",
    "AccountsOut",
    "ActionOut",
    "ActionOutPage",
    "AddressIn",
    "AddressOut",
    "AddressesOut",
    "AgeCondition",
    "AiKeyIn",
    "AiSettingsIn",
    "AiSettingsOut",
    "AiStatusOut",
    "AllocationOut",
    "AllocationsOut",
    "AlternativeOut",
    "AmountCondition",
    "AskAction",
    "AskPreviewOut",
    "AskedOut",
    "AttachmentIn",
    "AttachmentOut",
    "AttachmentState",
    "AttachmentsOut",
    "AttentionOut",
    "AuditEntryOut",
    "AuditEntryOutPage",
    "AuditVerifyOut",
    "AverageStepOut",
    "BackupIn",
    "BackupKeyIn",
    "BackupListOut",
    "BackupOut",
    "BackupSettingsIn",
    "BackupSettingsOut",
    "BankAccountOut",
    "BankConnectionOut",
    "BankConnectionsOut",
    "BankKeyIn",
    "BankKeyOut",
    "BankKeyStateOut",
    "BankOut",
    "BankSaysOut",
    "BankStepOut",
    "BanksOut",
    "BrowsedFolderOut",
    "BrowsedOut",
    "BudgetAmountIn",
    "BudgetEndIn",
    "BudgetHistoryOut",
    "BudgetIn",
    "BudgetLineOut",
    "BudgetMonthIn",
    "BudgetMonthOut",
    "BudgetOut",
    "BudgetPersonOut",
    "BudgetProposalOut",
    "BudgetProposalsOut",
    "BudgetsIn",
    "BudgetsOut",
    "BuildingStatusOut",
    "Cadence",
    "CallOut",
    "CallOutPage",
    "CameraCondition",
    "CategoriesOut",
    "CategoriseIn",
    "CategorisedOut",
    "CategoryCountsOut",
    "CategoryIn",
    "CategoryOut",
    "CategoryPatch",
    "CategoryRuleActionIn",
    "CategoryRuleChangeIn",
    "CategoryRuleIn",
    "CategoryRuleOut",
    "CategoryRulePlaceIn",
    "CategoryRuleTrialIn",
    "CategoryRuleTrialOut",
    "CategoryRulesOut",
    "ChainOut",
    "ChangeOrderIn",
    "ChangeOrderOut",
    "ChangeOrderPatch",
    "ChangeOut",
    "ChangeOutPage",
    "ChangedOut",
    "ChangedRowOut",
    "Check",
    "CheckedOut",
    "ChosenTransactionsIn",
    "ClaimOut",
    "ClockIn",
    "CodeIn",
    "ColumnsIn",
    "CompressIn",
    "ConfidenceBandOut",
    "ConflictOut",
    "ConnectionOut",
    "ConnectionState",
    "ConsentIn",
    "ConsentOut",
    "ContingencyOut",
    "ContractIn",
    "ContractOut",
    "ContractPatch",
    "CopyAction",
    "CopyIn",
    "CopyOut",
    "CopyPatch",
    "CostGroupOut",
    "CostGroupsOut",
    "CountsOut",
    "CoverageOut",
    "CurrencyCondition",
    "DayBalanceOut",
    "DecisionIn",
    "DepotWorthOut",
    "DepotsWorthOut",
    "DestinationDoc",
    "DestinationOut",
    "DestinationOutPage",
    "DestinationPatch",
    "DeviceOut",
    "DevicesOut",
    "DigestIn",
    "DigestOut",
    "DirectionCondition",
    "DismissIn",
    "DisplayNameIn",
    "DocumentOut",
    "DrawnOut",
    "DriveAnswerIn",
    "DriveCopyOut",
    "DriveOut",
    "DrivePatch",
    "DrivesOut",
    "DuplicateCondition",
    "DuplicateGroupOut",
    "DuplicateGroupOutPage",
    "DuplicateSearchIn",
    "DuplicateSearchOut",
    "DuplicateSearchOutPage",
    "EmptyIn",
    "EndedOut",
    "EndingCondition",
    "EraseIn",
    "ErasureOut",
    "ErrorDetail",
    "ErrorOut",
    "EventKind",
    "EventOut",
    "EventsOut",
    "ExchangeOut",
    "ExecuteIn",
    "ExpectedOut",
    "ExportListOut",
    "ExportOut",
    "ExportQueuedOut",
    "ExtractIn",
    "FetchedOut",
    "FetchedPricesOut",
    "FieldProblemOut",
    "FigureChangeOut",
    "FigureOut",
    "FiguresOut",
    "FileIndexOut",
    "FileOrganizerRestoreIn",
    "FileOrganizerRunOut",
    "FileState",
    "FinancialManagerExportOut",
    "FinancialManagerFigureOut",
    "FinancialManagerImportIn",
    "FinancialManagerLeftOutOut",
    "FinancialManagerLinkIn",
    "FinancialManagerPartOut",
    "FinancialManagerPriceIn",
    "FinancialManagerPriceOut",
    "FinancialManagerProjectIn",
    "FinancialManagerProjectOut",
    "FinancialManagerSpanOut",
    "FinancialManagerTextCondition",
    "FinancialManagerWaitingOut",
    "FinancingOut",
    "FindingOut",
    "FintsAgainIn",
    "FintsLoginIn",
    "FintsProductIn",
    "FintsStateOut",
    "Folder",
    "FolderCondition",
    "FolderEntryOut",
    "FolderHitOut",
    "FolderOfStatementsOut",
    "FolderOut",
    "FolderOutPage",
    "FolderRuleIn",
    "FolderRuleOut",
    "FolderRuleOutPage",
    "FolderSearchOut",
    "ForecastOut",
    "ForgetEverythingIn",
    "ForgottenOut",
    "GoalAmountIn",
    "GoalAmountOut",
    "GoalIn",
    "GoalOut",
    "GoalPatch",
    "GoalsOut",
    "GroupFiguresOut",
    "GroupPatch",
    "HealthOut",
    "HomeBackupOut",
    "HomeJobsOut",
    "HomeOut",
    "IbanCondition",
    "ImportDetailOut",
    "ImportIn",
    "ImportOut",
    "ImportOutPage",
    "ImportedOut",
    "InboxIn",
    "InboxOut",
    "InboxesOut",
    "IndexRefreshIn",
    "IndexedFolderOut",
    "InvitationIn",
    "InvitationOut",
    "InvitationsOut",
    "InvoiceIn",
    "InvoiceKind",
    "InvoiceOut",
    "InvoicePatch",
    "ItemOut",
    "ItemOutPage",
    "ItemPatch",
    "JobOut",
    "JobOutPage",
    "JobRefOut",
    "JobState",
    "JoinedOut",
    "JunkChoiceIn",
    "JunkKindOut",
    "JunkLeaveIn",
    "JunkOut",
    "JunkOutPage",
    "JunkSearchIn",
    "JunkSearchOut",
    "JunkSearchOutPage",
    "KeyOut",
    "KeyState",
    "Kind",
    "KindCondition",
    "LastPriceOut",
    "LayoutIn",
    "LearnedFileOut",
    "LearnedFileOutPage",
    "LeaveAction",
    "LeftOut",
    "LeftOutOut",
    "LeftOutReason",
    "LessonDoc",
    "LineFiguresOut",
    "LineIn",
    "LineOut",
    "LinePatch",
    "LinkIn",
    "LinkOut",
    "LoginIn",
    "LookedOut",
    "LotOut",
    "LotUseOut",
    "MarkIn",
    "MeOut",
    "MemberOut",
    "MembersOut",
    "MemoryDocumentOut",
    "MemoryEvidenceOut",
    "MemorySummaryOut",
    "MemoryWhyIn",
    "MemoryWhyListOut",
    "MemoryWhyOut",
    "MemoryWhyPlaceOut",
    "MethodOut",
    "MimeCondition",
    "MkdirIn",
    "ModelsOut",
    "ModuleCardOut",
    "ModuleDetailOut",
    "ModuleListOut",
    "ModuleOut",
    "ModuleSettingsIn",
    "ModuleSettingsOut",
    "ModuleState",
    "MoneySettingsOut",
    "MoneySettingsPatch",
    "MoneySourceOut",
    "MonthOut",
    "MonthSumOut",
    "MonthsOut",
    "MoveAction",
    "MoveIn",
    "NameCondition",
    "NameKind",
    "NamePairOut",
    "NamingOut",
    "NamingPatch",
    "NewsOut",
    "NoticeKind",
    "NotificationKindOut",
    "NotificationKindsOut",
    "NotificationOut",
    "Notifications",
    "NotificationsOut",
    "OperationsIn",
    "OptInIn",
    "OptInOut",
    "OptInsOut",
    "OrderOut",
    "OtherIdeasIn",
    "OutlookOut",
    "OwnMonthOut",
    "OwnMonthsOut",
    "OwnPointOut",
    "OwnWorthOut",
    "PaidClaimOut",
    "PaidOut",
    "PartIn",
    "PartOut",
    "PartiesOut",
    "PartySumOut",
    "PasswordChangeIn",
    "PasswordResetIn",
    "PayeeForgetIn",
    "PayeeIn",
    "PayeeMergeIn",
    "PayeeOut",
    "PayeePatch",
    "PayeesOut",
    "PayloadOut",
    "PayloadOutPage",
    "PaymentIn",
    "PaymentOut",
    "PeopleOut",
    "PerformanceOut",
    "PerformancesOut",
    "PersonChangeIn",
    "PersonOut",
    "PlaceDoc",
    "PlanIn",
    "PlanOut",
    "PlanOutPage",
    "PlanPreviewOut",
    "PlanSummaryOut",
    "PluggedDriveOut",
    "PluggedDrivesOut",
    "PointOut",
    "PositionOut",
    "PositionsOut",
    "Preferences",
    "PreferencesIn",
    "PreviewOut",
    "PreviewRowOut",
    "PriceChangeOut",
    "PriceFeedOut",
    "PriceFeedsOut",
    "PriceFetchIn",
    "PriceFetchOut",
    "PriceIn",
    "PriceOut",
    "PriceOutPage",
    "PriceSourceIn",
    "PriceSourceOut",
    "PriceSourcesOut",
    "PricesImportedOut",
    "PricesIn",
    "ProblemOut",
    "ProblemsOut",
    "ProjectIn",
    "ProjectMarkOut",
    "ProjectOut",
    "ProjectOutPage",
    "ProjectPatch",
    "ProjectSummaryOut",
    "ProjectsOut",
    "PurposeOut",
    "PutAwayOut",
    "PutCopiesAwayIn",
    "QrIn",
    "QrOut",
    "QueuedJob",
    "QueuedOut",
    "QuoteOut",
    "RateUsedOut",
    "RatesOut",
    "RatesUpdatedOut",
    "ReauthenticateIn",
    "RecentFoldersOut",
    "RecordedOut",
    "RecoveryCodesOut",
    "RecurringBookingOut",
    "RecurringDetailOut",
    "RecurringIn",
    "RecurringListOut",
    "RecurringNoticeOut",
    "RecurringNoticesOut",
    "RecurringOut",
    "RecurringPatch",
    "RecurringState",
    "RecurringStateIn",
    "RecurringSumOut",
    "RefreshIn",
    "RefusedPriceOut",
    "ReleaseIn",
    "ReleaseKind",
    "ReleaseOut",
    "RememberIn",
    "RememberedOut",
    "RenameAction",
    "RenameIn",
    "ReportKind",
    "ReportTableOut",
    "RestoreIn",
    "RestoreOut",
    "RestoreProblem",
    "RoleIn",
    "RootIn",
    "RootOut",
    "RootsOut",
    "RowFate",
    "RuleBeforeOut",
    "RuleBody",
    "RuleDefinition",
    "RuleFileIn",
    "RuleFileOut",
    "RuleFitOut",
    "RuleFolderTrialOut",
    "RuleHistoryTrialOut",
    "RuleImportOut",
    "RuleIn",
    "RuleInsteadOut",
    "RuleNoteOut",
    "RuleOut",
    "RulePatch",
    "RulePlaceIn",
    "RuleTrialIn",
    "RuleTrialOut",
    "RulesOut",
    "RunOut",
    "RunOutPage",
    "SaidOut",
    "SaleOut",
    "SalePreviewOut",
    "SalesOut",
    "Scheme",
    "SearchGroupOut",
    "SearchHitOut",
    "SearchOut",
    "SearchProblemOut",
    "SearchedOut",
    "SecondFactorOut",
    "SecondFactorStartOut",
    "SecuritiesOut",
    "SecurityIn",
    "SecurityKind",
    "SecurityOut",
    "SecurityPatch",
    "SeenListOut",
    "SeenOut",
    "SeenPatch",
    "SelectionIn",
    "SentPayeeOut",
    "SeriesDetailOut",
    "SeriesDoc",
    "SeriesIn",
    "SeriesOut",
    "SeriesOutPage",
    "SeriesPatch",
    "ServerOut",
    "SettingsOut",
    "SettingsPatch",
    "SettlementOut",
    "SetupIn",
    "SetupOut",
    "SetupState",
    "SetupTokenIn",
    "SharesTransferIn",
    "SharesTransferOut",
    "SignOut",
    "SignedInOut",
    "SiteOut",
    "SizeCondition",
    "SkippedPriceOut",
    "SliceOut",
    "SoldByOut",
    "SourceIn",
    "SourceKind",
    "SourceOut",
    "SourcePatch",
    "SpaceIn",
    "SpaceNeedOut",
    "SpaceOut",
    "SpacesOut",
    "SpanOut",
    "SpentBesideOut",
    "StatementIn",
    "StatusOut",
    "StepAnswerIn",
    "StepAnsweredOut",
    "StepChoiceOut",
    "StepKind",
    "SubfolderOut",
    "SubfolderOutPage",
    "SuggestedBookingOut",
    "SuggestedBookingsOut",
    "SuggestedListOut",
    "SuggestedOut",
    "SuggestionOut",
    "TableChange",
    "TableOut",
    "TagIn",
    "TagOut",
    "TagRenameIn",
    "TagsOut",
    "TakeBackIn",
    "TaxPackOut",
    "TaxPacksOut",
    "TaxReportOut",
    "TemplateOut",
    "TemplatePatch",
    "TemplateTryIn",
    "TemplateTryOut",
    "TemplatesPatch",
    "TextCondition",
    "TokensOut",
    "ToldOut",
    "TradeIn",
    "TradeKind",
    "TradeOut",
    "TradeOutPage",
    "TradePatch",
    "TrailOut",
    "TransactionIn",
    "TransactionOut",
    "TransactionOutPage",
    "TransactionPatch",
    "TransactionsDeletedOut",
    "TransferIn",
    "TransferOut",
    "TransfersOut",
    "TrashAction",
    "TrashIn",
    "TrashItemOut",
    "TrashItemOutPage",
    "TrashVolumeOut",
    "TrashVolumesOut",
    "TreeFolderOut",
    "TreeFolderOutPage",
    "UndoDayIn",
    "UndoFileIn",
    "UndoIn",
    "UnreadOut",
    "UploadLinkIn",
    "UploadLinkOut",
    "UploadOut",
    "UploadOutPage",
    "UsageOut",
    "VerificationOut",
    "VerificationStateOut",
    "VerifyIn",
    "VolumePath",
    "WaitingOut",
    "WaitingOutPage",
    "WatchedIn",
    "WatchedListOut",
    "WatchedOut",
    "WatchedPatch",
    "WhatIfIn",
    "WhatIfOut",
    "Why",
    "WhyIn",
    "WorthOut",
    "WorthPointOut",
    "YearSumOut",
    "YearsOut",
]

AccountKind: TypeAlias = Literal["bank", "card", "cash", "loan", "depot", "asset"]

AttachmentState: TypeAlias = Literal["there", "changed", "missing", "away"]

Cadence: TypeAlias = Literal["weekly", "fortnightly", "monthly", "quarterly", "half_yearly", "yearly"]

Check: TypeAlias = Literal["unverified", "verified", "damaged"]

ConnectionState: TypeAlias = Literal["new", "ready", "failed", "needs_you"]

EventKind: TypeAlias = Literal["recurring", "planned", "booked", "building", "draw", "opening"]

FileState: TypeAlias = Literal["waiting", "booked", "known", "left"]

InvoiceKind: TypeAlias = Literal["partial", "final"]

JobState: TypeAlias = Literal["queued", "running", "cancelling", "done", "failed", "cancelled"]

Kind: TypeAlias = Literal[
    "document",
    "text",
    "spreadsheet",
    "presentation",
    "ebook",
    "picture",
    "video",
    "audio",
    "subtitle",
    "archive",
    "disk_image",
    "installer",
    "code",
    "font",
    "model",
    "design",
    "data",
    "mail",
    "contact",
    "calendar",
    "torrent",
    "key",
    "unknown",
]

LeftOutReason: TypeAlias = Literal["purpose", "currency", "rules", "same", "twice", "place", "net", "uncredited"]

ModuleState: TypeAlias = Literal[
    "disabled",
    "not_loaded",
    "migrating",
    "starting",
    "running",
    "retrying",
    "setup_error",
    "migration_error",
    "stopping",
    "failed_stop",
]

NameKind: TypeAlias = Literal["film", "episode", "daily", "absolute"]

NoticeKind: TypeAlias = Literal["found", "price"]

RecurringState: TypeAlias = Literal["found", "confirmed", "dismissed"]

ReleaseKind: TypeAlias = Literal["cover", "liability"]

ReportKind: TypeAlias = Literal[
    "months", "payees", "people", "years", "net_worth", "news", "recurring", "forecast", "goals"
]

RowFate: TypeAlias = Literal["new", "known", "twin", "earlier", "locked", "unread"]

Scheme: TypeAlias = Literal["oenorm", "din276", "own"]

SecurityKind: TypeAlias = Literal["stock", "bond", "fund_equity", "fund_mixed", "fund_other", "derivative", "crypto"]

SetupState: TypeAlias = Literal["open", "closed", "blocked"]

SourceKind: TypeAlias = Literal["own", "loan", "subsidy"]

StepKind: TypeAlias = Literal["pin", "mechanism", "medium", "tan", "approval"]

TradeKind: TypeAlias = Literal[
    "opening", "buy", "sell", "dividend", "cost_adjustment", "fee", "split", "transfer_out", "transfer_in"
]

Why: TypeAlias = Literal["home", "marker", "person"]


class AcceptIn(TypedDict):
    """A new person with an invitation."""

    code: str
    name: str
    password: str
    display_name: NotRequired[str | None]
    device: NotRequired[str]
    cookie: NotRequired[bool]


class AccountCondition(TypedDict):
    """The line is on one of these accounts of the household (ids)."""

    negate: NotRequired[bool]
    values: list[str]
    what: NotRequired[Literal["account"]]


class AccountFetchedOut(TypedDict):
    """Say what a fetch did in one account. `difference_minor`: what the bank holds more than Homie, where
    it tells.
    """

    account_id: str
    added: int
    bank_account_id: str
    batch_id: str | None
    difference_minor: int | None
    doubts: list[str]
    known: int
    left_out: int
    twins: int


class AccountIn(TypedDict):
    """Open an account. `opening_minor`: held at the end of `opening_date`; bookings count from the day
    after.
    """

    country: NotRequired[str]
    currency: NotRequired[str | None]
    iban: NotRequired[str]
    institution: NotRequired[str]
    kind: NotRequired[AccountKind]
    name: str
    note: NotRequired[str]
    opening_date: NotRequired[str | None]
    opening_minor: NotRequired[int]


class AccountOut(TypedDict):
    """Show an account with what it holds."""

    balance_minor: int
    bookings: int
    closed_on: str | None
    country: str
    currency: str
    iban: str
    id: str
    institution: str
    kind: AccountKind
    last: str | None
    name: str
    note: str
    opening_date: str | None
    opening_minor: int
    reconciled_through: str | None
    version: int


class AccountPatch(TypedDict):
    """Change some of an account."""

    closed_on: NotRequired[str | None]
    country: NotRequired[str | None]
    iban: NotRequired[str | None]
    institution: NotRequired[str | None]
    kind: NotRequired[AccountKind | None]
    name: NotRequired[str | None]
    note: NotRequired[str | None]
    opening_date: NotRequired[str | None]
    opening_minor: NotRequired[int | None]
    reconciled_through: NotRequired[str | None]
    version: NotRequired[int | None]


class AccountsOut(TypedDict):
    """List the accounts by name."""

    items: list[AccountOut]


class ActionOut(TypedDict):
    """Show one step of the history."""

    by: str
    created_at: str
    finished_at: str | None
    id: str
    op: str
    reason: str
    run_id: str
    run_title: str
    seq: int
    size: int | None
    source: VolumePath | None
    state: str
    suggested_by: str
    target: VolumePath | None
    undoes: str | None
    undone_by: str | None
    user_id: str
    why: str


class ActionOutPage(TypedDict):
    """ActionOutPage"""

    items: list[ActionOut]
    next_cursor: NotRequired[str | None]


class AddressIn(TypedDict):
    """Give the address to which the bank led after the yes."""

    address: str


class AddressOut(TypedDict):
    """Show one address of this hub."""

    url: str
    kind: Literal["public", "lan", "this_machine"]
    interface: str


class AddressesOut(TypedDict):
    """List where phones reach this hub, the best first, with the code for it."""

    addresses: list[AddressOut]
    reachable: bool
    discovery: bool
    qr: QrOut | None


class AgeCondition(TypedDict):
    """How long ago the file was changed, made, or taken (pictures)."""

    amount: int
    how: NotRequired[Literal["older", "younger"]]
    negate: NotRequired[bool]
    since: NotRequired[Literal["modified", "created", "taken"]]
    unit: NotRequired[Literal["seconds", "minutes", "hours", "days", "weeks", "months", "years"]]
    what: NotRequired[Literal["age"]]


class AiKeyIn(TypedDict):
    """Carry a provider's key; it is encrypted at once and cannot be read back."""

    key: str


class AiSettingsIn(TypedDict):
    """Replace the household's AI settings."""

    provider: Literal["none", "gemini", "openai"]
    model: NotRequired[str | None]
    base_url: NotRequired[str | None]
    redaction: NotRequired[Literal["none", "standard", "strict"]]
    names: NotRequired[list[str]]
    monthly_budget_micro_usd: NotRequired[int | None]
    monthly_tokens: NotRequired[int | None]
    payload_days: NotRequired[int]
    cache_days: NotRequired[int]
    prices: NotRequired[dict[str, PriceIn]]


class AiSettingsOut(TypedDict):
    """Show the household's AI settings."""

    provider: Literal["none", "gemini", "openai"]
    model: str | None
    base_url: str | None
    redaction: Literal["none", "standard", "strict"]
    names: list[str]
    monthly_budget_micro_usd: int | None
    monthly_tokens: int | None
    payload_days: int
    cache_days: int
    prices: dict[str, PriceOut]
    model_price: PriceOut | None
    keys: list[KeyState]


class AiStatusOut(TypedDict):
    """Say how AI stands for this module."""

    enabled_here: bool
    model: str | None
    provider: str
    ready: bool
    state: str
    text: str


class AllocationOut(TypedDict):
    """Show how what is held in one currency is spread, the largest part first."""

    currency: str
    slices: list[SliceOut]
    total_minor: int
    without_price: list[str]


class AllocationsOut(TypedDict):
    """List the spread, by currency."""

    items: list[AllocationOut]


class AlternativeOut(TypedDict):
    """Show another folder that would do."""

    confidence: float
    place: VolumePath
    reason: str


class AmountCondition(TypedDict):
    """The amount without its sign lies within bounds, both included, in the currency that the bounds are
    in.
    """

    at_least: NotRequired[int | None]
    at_most: NotRequired[int | None]
    currency: NotRequired[str | None]
    negate: NotRequired[bool]
    what: NotRequired[Literal["amount"]]


class AskAction(TypedDict):
    """Always ask a person, however sure Homie is."""

    do: NotRequired[Literal["ask"]]


class AskPreviewOut(TypedDict):
    """Show what asking would send. `would_send`: it really would now; `reason`: why not."""

    body: str | None
    bookings: int
    cost_micro_usd: int | None
    input_tokens: int
    known_payees: int
    left: int
    model: str | None
    payees: list[SentPayeeOut]
    provider: str
    reason: str
    state: str
    would_send: bool


class AskedOut(TypedDict):
    """Say what came of asking. `unsure`: bookings that still wait, with what the AI would say among the
    suggestions.
    """

    asked: int
    filed: int
    known: int
    model: str | None
    notice: str
    provider: str
    unsure: list[FinancialManagerWaitingOut]


class AttachmentIn(TypedDict):
    """Attach a file of an opened folder to a transaction."""

    path: str
    transaction_id: str


class AttachmentOut(TypedDict):
    """Show a file of a transaction. `size`: bytes, when it was attached; `content_hash`: BLAKE3."""

    added_at: str
    content_hash: str
    full_path: str
    id: str
    name: str
    path: str
    size: int
    state: AttachmentState
    transaction_id: str
    volume_id: str


class AttachmentsOut(TypedDict):
    """List the files of a transaction by name."""

    items: list[AttachmentOut]


class AttentionOut(TypedDict):
    """Show one thing that waits for a person."""

    kind: str
    module: str
    severity: Literal["info", "success", "warning", "error"]
    count: int
    text: str
    template: str
    params: dict[str, str | int | float | bool]
    route: str
    since: str | None
    space_id: str | None


class AuditEntryOut(TypedDict):
    """One entry of the security log. `detail` is null once its person was erased."""

    seq: int
    at: str
    actor_id: str | None
    owner_id: str | None
    action: str
    target: str
    detail: dict[str, Any] | None


class AuditEntryOutPage(TypedDict):
    """AuditEntryOutPage"""

    items: list[AuditEntryOut]
    next_cursor: NotRequired[str | None]


class AuditVerifyOut(TypedDict):
    """Whether the security log is whole."""

    ok: bool
    entries: int
    erased_details: int
    head: str
    problems: list[str]


class AverageStepOut(TypedDict):
    """Show how the moving average came about: what a trade left in the pool."""

    average_price: str | None
    cost_minor: int
    date: str
    exempt: bool
    quantity: str
    trade_id: str


class BackupIn(TypedDict):
    """Say what to back up."""

    part: NotRequired[str | None]
    encrypt: NotRequired[bool | None]


class BackupKeyIn(TypedDict):
    """Make the backup key, with a passphrase that opens it too if wished."""

    passphrase: NotRequired[str | None]


class BackupListOut(TypedDict):
    """List backups, newest first; `unreadable` names folders whose manifest is damaged or too new."""

    items: list[BackupOut]
    unreadable: list[str]


class BackupOut(TypedDict):
    """Show one backup."""

    set_id: str
    part: str
    created_at: str
    reason: str
    encrypted: bool
    key_id: str | None
    engine: str
    revision: str | None
    homie_version: str
    rows: int
    tables: dict[str, int]
    database_bytes: int
    blob_count: int
    blob_bytes: int
    check: Check
    checked_at: str | None
    problems: list[str]
    pinned: bool
    drift: list[str]
    on_hold: bool
    notices: list[str]


class BackupSettingsIn(TypedDict):
    """Change how backups are made; what is absent stays."""

    schedule: NotRequired[bool | None]
    hour: NotRequired[int | None]
    directory: NotRequired[str | None]
    encrypt: NotRequired[bool | None]
    keep_last: NotRequired[int | None]
    keep_daily: NotRequired[int | None]
    keep_weekly: NotRequired[int | None]
    keep_monthly: NotRequired[int | None]


class BackupSettingsOut(TypedDict):
    """Show how backups are made."""

    schedule: bool
    hour: int
    directory: str
    encrypt: bool
    keep_last: int
    keep_daily: int
    keep_weekly: int
    keep_monthly: int


class BankAccountOut(TypedDict):
    """Show an account of a bank. `account_id`: the one of yours into which it is booked."""

    account_id: str | None
    balance_minor: int | None
    balance_on: str | None
    currency: str
    fetched_through: str | None
    iban: str
    id: str
    name: str


class BankConnectionOut(TypedDict):
    """Show a connected bank. `problem`: why it needs you, or did not answer; `valid_until`: when the
    consent ends.
    """

    accounts: list[BankAccountOut]
    clock: bool
    created_at: str
    fetched_at: str | None
    id: str
    next_at: str | None
    problem: str
    provider: Literal["simplefin", "enable_banking", "fints"]
    state: ConnectionState
    step: NotRequired[BankStepOut | None]
    title: str
    unattended: bool
    valid_until: str | None


class BankConnectionsOut(TypedDict):
    """List the connected banks, the oldest first."""

    items: list[BankConnectionOut]


class BankKeyIn(TypedDict):
    """Enter the household's own application at Enable Banking."""

    application: str
    private_key: str


class BankKeyOut(TypedDict):
    """Show the application; its key is shown to nobody."""

    application: str
    name: str
    redirects: list[str]


class BankKeyStateOut(TypedDict):
    """Say whether an application was entered."""

    application: str | None


class BankOut(TypedDict):
    """Show a bank that can be connected."""

    consent_days: int
    country: str
    name: str


class BankSaysOut(TypedDict):
    """Compare the bank's balance with Homie's. `difference_minor`: bank minus Homie after the import."""

    closing_date: str | None
    closing_minor: int | None
    difference_minor: int | None
    ledger_minor: int | None
    opening_minor: int | None
    proof_difference_minor: int | None
    proof_holds: bool | None


class BankStepOut(TypedDict):
    """Show what a bank waits for: the PIN, a choice, a TAN, or a yes in its app (answered by "" once
    given).
    """

    choices: list[StepChoiceOut]
    id: str
    kind: StepKind
    picture: str
    text: str
    until: str
    wait_seconds: int


class BanksOut(TypedDict):
    """List the banks of a country, by name."""

    items: list[BankOut]


class BrowsedFolderOut(TypedDict):
    """One folder of the machine."""

    name: str
    path: str
    grantable: bool
    why: str
    granted: bool
    enterable: bool


class BrowsedOut(TypedDict):
    """The folders in one folder of the machine, by name."""

    path: str | None
    parent: str | None
    items: list[BrowsedFolderOut]
    more: bool


class BudgetAmountIn(TypedDict):
    """Say what one category may cost."""

    amount_minor: int
    category_id: str
    currency: NotRequired[str | None]
    rollover: NotRequired[bool]


class BudgetEndIn(TypedDict):
    """End the budget of a category: from `month` on there is none."""

    category_id: str
    currency: NotRequired[str | None]
    month: str
    person_id: NotRequired[str | None]


class BudgetHistoryOut(TypedDict):
    """List the months of a budget."""

    items: list[BudgetMonthOut]


class BudgetIn(TypedDict):
    """Say what a category may cost in each month from `month` on, everybody or one person of the space."""

    amount_minor: int
    category_id: str
    currency: NotRequired[str | None]
    month: str
    person_id: NotRequired[str | None]
    rollover: NotRequired[bool]


class BudgetLineOut(TypedDict):
    """Show a line of the budget."""

    awarded: bool
    contingency: bool
    cost_group: str
    documents: list[str]
    estimate_minor: int
    id: str
    note: str
    project_id: str
    quote_minor: int | None
    title: str
    version: int


class BudgetMonthIn(TypedDict):
    """Name a month."""

    month: str


class BudgetMonthOut(TypedDict):
    """Show one month of a budget."""

    assigned_minor: int
    carried_minor: int
    month: str
    remaining_minor: int
    rollover: bool
    spent_minor: int


class BudgetOut(TypedDict):
    """Show how the budget of a category stands in a month. `person_name`: how they are shown whose it is."""

    assigned_minor: int
    carried_minor: int
    category_id: str
    currency: str
    month: str
    person_id: str | None
    person_left: bool
    person_name: str
    remaining_minor: int
    rollover: bool
    spent_minor: int


class BudgetPersonOut(TypedDict):
    """Name somebody of the space who may have a budget of their own."""

    id: str
    name: str


class BudgetProposalOut(TypedDict):
    """Propose a budget. `median_minor`: of what was spent in each of `months`; `amount_minor`: that,
    rounded up.
    """

    amount_minor: int
    category_id: str
    currency: str
    median_minor: int
    months: int


class BudgetProposalsOut(TypedDict):
    """List proposals, the largest first; categories for which everybody has a budget are left out."""

    items: list[BudgetProposalOut]


class BudgetsIn(TypedDict):
    """Say what several categories may cost everybody in each month from `month` on."""

    items: list[BudgetAmountIn]
    month: str


class BudgetsOut(TypedDict):
    """List the budgets of a month, what was spent beside them, and who may have one of their own."""

    beside: list[SpentBesideOut]
    items: list[BudgetOut]
    people: list[BudgetPersonOut]


class BuildingStatusOut(TypedDict):
    """Show where a project stands: by line, by cost group, by the scheme's totals, and as a whole."""

    contingency: ContingencyOut
    contracts: list[OrderOut]
    currency: str
    groups: list[GroupFiguresOut]
    lines: list[LineFiguresOut]
    scheme: Scheme
    sums: list[GroupFiguresOut]
    total: FiguresOut


class CallOut(TypedDict):
    """Show one entry of the ledger. `pending`: under way, or its process died."""

    id: str
    owner_id: str
    module: str
    task: str
    subject: str
    provider: str
    model: str
    outcome: str
    requests: int
    items: int
    input_tokens: int
    output_tokens: int
    cost_micro_usd: int
    cost_known: bool
    started_at: str
    finished_at: str | None


class CallOutPage(TypedDict):
    """CallOutPage"""

    items: list[CallOut]
    next_cursor: NotRequired[str | None]


class CameraCondition(TypedDict):
    """The camera or phone that a picture says it was taken with contains one of these."""

    negate: NotRequired[bool]
    values: list[str]
    what: NotRequired[Literal["camera"]]


class CategoriesOut(TypedDict):
    """List the categories, in their order."""

    items: list[CategoryOut]


class CategoriseIn(TypedDict):
    """Say what transactions were for; null: nobody knows."""

    category_id: NotRequired[str | None]
    ids: list[str]


class CategorisedOut(TypedDict):
    """Say how many changed. `similar`: others that may be the same, where one was said; nobody decided
    them yet.
    """

    count: int
    similar: list[TransactionOut]


class CategoryCountsOut(TypedDict):
    """Count the items of one category."""

    accepted: NotRequired[int]
    asking: NotRequired[int]
    bytes: NotRequired[int]
    category: str
    done: NotRequired[int]
    failed: NotRequired[int]
    items: NotRequired[int]
    rejected: NotRequired[int]
    skipped: NotRequired[int]
    suggested: NotRequired[int]
    undone: NotRequired[int]


class CategoryIn(TypedDict):
    """Add a category: below a group, or a group of its own."""

    direction: NotRequired[Literal["expense", "income", "transfer"]]
    parent_id: NotRequired[str | None]
    tax_purpose: NotRequired[str]
    title: str


class CategoryOut(TypedDict):
    """Show a category. `key`: the shipped one it began as."""

    direction: Literal["expense", "income", "transfer"]
    hidden: bool
    id: str
    key: str
    parent_id: str | None
    tax_purpose: str
    title: str
    version: int


class CategoryPatch(TypedDict):
    """Change some of a category."""

    hidden: NotRequired[bool | None]
    parent_id: NotRequired[str | None]
    tax_purpose: NotRequired[str | None]
    title: NotRequired[str | None]
    version: NotRequired[int | None]


class CategoryRuleActionIn(TypedDict):
    """What a line gets that fits: a category, tags, or both."""

    category_id: NotRequired[str | None]
    tags: NotRequired[list[str]]


class CategoryRuleChangeIn(TypedDict):
    """Replace what a rule says."""

    rule: CategoryRuleIn
    version: NotRequired[int | None]


class CategoryRuleIn(TypedDict):
    """Say what lines a rule is for, and what they get. The first rule that fits a line decides."""

    action: CategoryRuleActionIn
    conditions: list[
        FinancialManagerTextCondition
        | IbanCondition
        | AmountCondition
        | DirectionCondition
        | AccountCondition
        | CurrencyCondition
    ]
    enabled: NotRequired[bool]
    match: NotRequired[Literal["all", "any"]]
    name: str


class CategoryRuleOut(TypedDict):
    """Show a rule."""

    category_id: str | None
    conditions: list[dict[str, Any]]
    enabled: bool
    id: str
    match: Literal["all", "any"]
    name: str
    position: int
    sentence: str
    tags: list[str]
    version: int


class CategoryRulePlaceIn(TypedDict):
    """Put a rule at a place in the order."""

    index: int


class CategoryRuleTrialIn(TypedDict):
    """Try a rule without saving it. `rule_id`: the one that is edited."""

    rule: CategoryRuleIn
    rule_id: NotRequired[str | None]


class CategoryRuleTrialOut(TypedDict):
    """Say what a rule would do among the newest bookings; nothing was changed."""

    by_hand: int
    changes: int
    decides: int
    earlier: int
    examples: list[TransactionOut]
    fits: int
    looked_at: int


class CategoryRulesOut(TypedDict):
    """List the rules in their order."""

    items: list[CategoryRuleOut]


class ChainOut(TypedDict):
    """Tell what happened to one file, first things first."""

    items: list[ActionOut]


class ChangeOrderIn(TypedDict):
    """Enter a change of a contract, net; negative for what falls away. Without `approved_on` it is only
    asked for.
    """

    approved_on: NotRequired[str | None]
    contract_id: str
    net_minor: int
    title: str


class ChangeOrderOut(TypedDict):
    """Show a change of a contract."""

    approved_on: str | None
    contract_id: str
    id: str
    net_minor: int
    title: str
    version: int


class ChangeOrderPatch(TypedDict):
    """Change or approve a change of a contract."""

    approved_on: NotRequired[str | None]
    net_minor: NotRequired[int | None]
    title: NotRequired[str | None]
    version: NotRequired[int | None]


class ChangeOut(TypedDict):
    """Show one step. `undone`: it was taken back; `undoes`: the step that it took back."""

    at: str
    can_undo: bool
    id: str
    import_id: str | None
    kind: str
    rows: NotRequired[list[ChangedRowOut]]
    title: str
    undoes: str | None
    undone: bool
    user_id: str


class ChangeOutPage(TypedDict):
    """ChangeOutPage"""

    items: list[ChangeOut]
    next_cursor: NotRequired[str | None]


class ChangedOut(TypedDict):
    """Say how many items changed."""

    changed: int
    version: int


class ChangedRowOut(TypedDict):
    """Show one row that a step made, changed or removed: the columns that differ, and what they are to be
    read with.
    """

    after: dict[str, Any] | None
    before: dict[str, Any] | None
    currency: str
    names: dict[str, str]
    of_account: bool
    row_id: str
    subject: str
    table_name: str


class CheckedOut(TypedDict):
    """Say against which text of the law the rule of a figure was checked; `version`: the day of that text."""

    text: SaidOut
    version: str


class ChosenTransactionsIn(TypedDict):
    """Name transactions."""

    ids: list[str]


class ClaimOut(TypedDict):
    """Show what an invoice or a release (by its id) asks for, with VAT. `retain_minor`: held back;
    negative: freed.
    """

    date: str
    due_minor: int
    due_on: str
    gross_minor: int
    id: str
    net_minor: int
    open_minor: int
    paid_minor: int
    retain_minor: int
    skonto_minor: int
    skonto_until: str | None
    taken_minor: int
    vat_minor: int


class ClockIn(TypedDict):
    """Say whether a bank is asked every morning."""

    on: bool


class CodeIn(TypedDict):
    """A code as it was typed."""

    code: str


class ColumnsIn(TypedDict):
    """Say which column is what, by its number in the heading from 0; -1: there is none; left out: found as
    always.
    """

    amount: NotRequired[int | None]
    balance: NotRequired[int | None]
    booking_date: NotRequired[int | None]
    counterparty: NotRequired[int | None]
    credit: NotRequired[int | None]
    currency: NotRequired[int | None]
    debit: NotRequired[int | None]
    iban: NotRequired[int | None]
    purpose: NotRequired[int | None]
    value_date: NotRequired[int | None]


class CompressIn(TypedDict):
    """Pack files and folders of one drive into a new zip file; the originals stay."""

    on_conflict: NotRequired[Literal["skip", "keep_both", "replace_with_trash"]]
    op: Literal["compress"]
    sources: list[str]
    target: str


class ConfidenceBandOut(TypedDict):
    """Count the open items whose confidence is at least `at_least` and below the next band."""

    at_least: float
    items: int
    undecided: int


class ConflictOut(TypedDict):
    """Show one accepted item that will not simply move."""

    item_id: str
    kind: Literal["taken", "same_target", "changed", "gone", "drive_away", "not_writable"]
    source: VolumePath
    target: VolumePath
    text: str


class ConnectionOut(TypedDict):
    """Tell whether the provider can be reached with the stored settings; `text` is for people."""

    ok: bool
    text: str
    models: list[str]


class ConsentIn(TypedDict):
    """Begin to connect a bank. `redirect`: an address of the application, to which the bank leads after
    the yes.
    """

    bank: str
    consent_days: NotRequired[int]
    country: str
    redirect: str


class ConsentOut(TypedDict):
    """Show a connection that waits for a yes, and where it is given."""

    connection: BankConnectionOut
    url: str


class ContingencyOut(TypedDict):
    """Show the reserve: what was put aside, what the rest took of it by becoming dearer, what is left."""

    burnt_minor: int
    left_minor: int
    reserve_minor: int


class ContractIn(TypedDict):
    """Enter a contract, net. `cover_bp`: kept from partial invoices; `liability_bp`: from the final one."""

    cover_bp: NotRequired[int]
    due_days: NotRequired[int]
    liability_bp: NotRequired[int]
    liability_until: NotRequired[str | None]
    line_id: str
    net_minor: int
    note: NotRequired[str]
    signed_on: NotRequired[str | None]
    skonto_bp: NotRequired[int]
    skonto_days: NotRequired[int]
    title: NotRequired[str]
    vat_bp: NotRequired[int]
    vendor: str


class ContractOut(TypedDict):
    """Show a contract."""

    cover_bp: int
    due_days: int
    id: str
    liability_bp: int
    liability_until: str | None
    line_id: str
    net_minor: int
    note: str
    signed_on: str | None
    skonto_bp: int
    skonto_days: int
    title: str
    vat_bp: int
    vendor: str
    version: int


class ContractPatch(TypedDict):
    """Change some of a contract."""

    cover_bp: NotRequired[int | None]
    due_days: NotRequired[int | None]
    liability_bp: NotRequired[int | None]
    liability_until: NotRequired[str | None]
    net_minor: NotRequired[int | None]
    note: NotRequired[str | None]
    signed_on: NotRequired[str | None]
    skonto_bp: NotRequired[int | None]
    skonto_days: NotRequired[int | None]
    title: NotRequired[str | None]
    vat_bp: NotRequired[int | None]
    vendor: NotRequired[str | None]
    version: NotRequired[int | None]


class CopyAction(TypedDict):
    """Copy the file into `folder`; the file stays."""

    do: NotRequired[Literal["copy"]]
    folder: Folder
    name: NotRequired[str | None]


class CopyIn(TypedDict):
    """Copy a file; the copy is read back and compared."""

    on_conflict: NotRequired[Literal["skip", "keep_both", "replace_with_trash"]]
    op: Literal["copy"]
    source: str
    target: str


class CopyOut(TypedDict):
    """Show one file of a group. `path`: full path, for people, empty while its drive is away."""

    explanation: str
    height: int
    id: str
    keep: bool
    label: str
    links: int
    modified: str
    movable: bool
    path: str
    place: VolumePath
    size: int
    state: Literal["there", "trashed", "refused"]
    width: int


class CopyPatch(TypedDict):
    """Decide about one file of a group."""

    keep: bool


class CostGroupOut(TypedDict):
    """Show a cost group, or a named total from its first to its last group. `key`: its one name in this
    scheme.
    """

    code: str
    key: str
    last: str
    title_de: str
    title_en: str


class CostGroupsOut(TypedDict):
    """List the groups of a scheme and its totals."""

    items: list[CostGroupOut]
    sums: list[CostGroupOut]


class CountsOut(TypedDict):
    """Count items by where they stand."""

    accepted: NotRequired[int]
    asking: NotRequired[int]
    bytes: NotRequired[int]
    done: NotRequired[int]
    failed: NotRequired[int]
    items: NotRequired[int]
    rejected: NotRequired[int]
    skipped: NotRequired[int]
    suggested: NotRequired[int]
    undone: NotRequired[int]


class CoverageOut(TypedDict):
    """Show which days the imported files cover, and where some may be missing."""

    gaps: list[FinancialManagerSpanOut]
    spans: list[FinancialManagerSpanOut]


class CurrencyCondition(TypedDict):
    """The line is in one of these currencies (ISO 4217)."""

    negate: NotRequired[bool]
    values: list[str]
    what: NotRequired[Literal["currency"]]


class DayBalanceOut(TypedDict):
    """Say what is there at the end of a day."""

    balance_minor: int
    day: str


class DecisionIn(TypedDict):
    """Say of a line that is perhaps there already: `book` it beside what is there, or it is the same."""

    book: bool
    position: int


class DepotWorthOut(TypedDict):
    """Show one depot in its own currency and in the household's; null where there is no rate into that."""

    currency: str
    depot: str
    depot_id: str
    own_minor: int | None
    value_minor: int


class DepotsWorthOut(TypedDict):
    """Show all depots in the household's own currency. `quotes`: the rates that were used, each with its
    day.
    """

    currency: str
    items: list[DepotWorthOut]
    missing: list[str]
    on: str
    quotes: list[QuoteOut]
    total_minor: int
    without_price: list[str]


class DestinationDoc(TypedDict):
    """What the owner said about a folder."""

    colour: NotRequired[
        Literal["", "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink", "brown", "grey"]
    ]
    folder: str
    purpose: NotRequired[str]
    volume_id: str


class DestinationOut(TypedDict):
    """Show a folder that things are sent to."""

    colour: str
    files: int
    folder: str
    id: str
    last_at: str
    purpose: str
    refused: int
    signs: list[SignOut]
    volume_id: str


class DestinationOutPage(TypedDict):
    """DestinationOutPage"""

    items: list[DestinationOut]
    next_cursor: NotRequired[str | None]


class DestinationPatch(TypedDict):
    """Name or colour a folder, or send what belongs there somewhere else."""

    colour: NotRequired[
        Literal["", "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink", "brown", "grey"] | None
    ]
    folder: NotRequired[VolumePath | None]
    purpose: NotRequired[str | None]


class DeviceOut(TypedDict):
    """One logged-in device."""

    id: str
    name: str
    kind: str
    user_agent: str
    ip: str
    created_at: str
    last_seen_at: str
    current: bool


class DevicesOut(TypedDict):
    """The person's devices, last seen first."""

    items: list[DeviceOut]


class DigestIn(TypedDict):
    """Say when the daily digest is told."""

    hour: int | None
    time_zone: NotRequired[str]


class DigestOut(TypedDict):
    """When the daily digest is told."""

    hour: int | None
    time_zone: str


class DirectionCondition(TypedDict):
    """Money came in, or went out."""

    negate: NotRequired[bool]
    value: Literal["in", "out"]
    what: NotRequired[Literal["direction"]]


class DismissIn(TypedDict):
    """Dismiss notices that were seen."""

    ids: list[str]


class DisplayNameIn(TypedDict):
    """How to be shown."""

    display_name: str


class DocumentOut(TypedDict):
    """Give a document. `content`: its bytes in base64."""

    content: str
    file_name: str


class DrawnOut(TypedDict):
    """Show a source with what was drawn from it."""

    amount_minor: int
    available_on: str | None
    drawn_minor: int
    id: str
    kind: SourceKind
    left_minor: int
    title: str


class DriveAnswerIn(TypedDict):
    """Say what a drive is that was found twice."""

    decision: Literal["copy", "this"]
    mount_point: NotRequired[str | None]


class DriveCopyOut(TypedDict):
    """Show a place where the same drive was found as well: a copy, a clone, or the drive itself elsewhere."""

    kind: Literal["local", "usb", "network", "cloud"]
    label: str
    mount_point: str
    read_only: bool
    size: int


class DriveOut(TypedDict):
    """Show a drive that holds folders of yours."""

    copies: list[DriveCopyOut]
    filesystem: str
    first_seen_at: str
    free: int
    held: bool
    id: str
    kind: Literal["local", "usb", "network", "cloud"]
    label: str
    last_seen_at: str
    mount_point: str
    online: bool
    owner_id: str
    purpose: str
    read_only: bool
    reserve: int
    service: str
    size: int
    status: Literal["online", "offline", "replaced", "clone"]
    volumes: list[str]


class DrivePatch(TypedDict):
    """Say what a drive is for."""

    purpose: str


class DrivesOut(TypedDict):
    """List drives."""

    items: list[DriveOut]


class DuplicateCondition(TypedDict):
    """Another file in the opened folders has exactly the same content, and was there first."""

    negate: NotRequired[bool]
    what: NotRequired[Literal["duplicate"]]


class DuplicateGroupOut(TypedDict):
    """Show files with the same content, or pictures that look alike. In a list only the first few files
    are shown.
    """

    copies: list[CopyOut]
    files: int
    gain: int
    id: str
    kind: Literal["same", "similar"]
    reason: str
    run_id: str | None
    search_id: str
    size: int
    state: Literal["open", "working", "done", "left"]


class DuplicateGroupOutPage(TypedDict):
    """DuplicateGroupOutPage"""

    items: list[DuplicateGroupOut]
    next_cursor: NotRequired[str | None]


class DuplicateSearchIn(TypedDict):
    """Ask for a look through folders for copies."""

    paths: NotRequired[list[str]]
    pictures: NotRequired[bool]


class DuplicateSearchOut(TypedDict):
    """Show a look for copies. `counts`: what it found when it ended."""

    bytes: int
    changed: int
    created_at: str
    empty: int
    files: int
    finished_at: str | None
    id: str
    job_id: str | None
    notice: str
    owner_id: str
    paths: list[str]
    pictures: bool
    problems: list[SearchProblemOut]
    same: WaitingOut
    similar: WaitingOut
    state: Literal["looking", "ready", "stopped", "failed"]
    unreadable: int


class DuplicateSearchOutPage(TypedDict):
    """DuplicateSearchOutPage"""

    items: list[DuplicateSearchOut]
    next_cursor: NotRequired[str | None]


class EmptyIn(TypedDict):
    """Say what is removed for good: named things, all of one volume, or everything in the trash of this
    space.
    """

    everything: NotRequired[bool]
    ids: NotRequired[list[str]]
    volume_id: NotRequired[str | None]


class EndedOut(TypedDict):
    """How many other devices were logged out."""

    devices_logged_out: int


class EndingCondition(TypedDict):
    """The file's ending (extension), without its dot; upper and lower case are the same."""

    negate: NotRequired[bool]
    values: list[str]
    what: NotRequired[Literal["extension"]]


class EraseIn(TypedDict):
    """Confirm an erasure by the id of the space."""

    confirm: str
    replace_backups: NotRequired[bool]


class ErasureOut(TypedDict):
    """Say what an erasure did."""

    owner_id: str
    places: list[str]
    folders: int
    backup_jobs: list[QueuedJob]


class ErrorDetail(TypedDict):
    """Hold one error: a code for programs, a message for people."""

    code: str
    fields: list[FieldProblemOut]
    message: str
    request_id: str


class ErrorOut(TypedDict):
    """Be the body of every answer that is not a success."""

    error: ErrorDetail


class EventOut(TypedDict):
    """Show one event."""

    name: str
    owner_id: str
    event_id: str
    occurred_at: str
    cursor: str
    payload: dict[str, Any]


class EventsOut(TypedDict):
    """List missed events in order; `reload` means that they are not kept any more and views must be read
    anew.
    """

    items: list[EventOut]
    cursor: str
    reload: bool


class ExchangeOut(TypedDict):
    """Show an amount in another currency, with the rate by which it was counted."""

    amount_minor: int
    quote: QuoteOut


class ExecuteIn(TypedDict):
    """Carry a plan out."""

    skip_changed: NotRequired[bool]


class ExpectedOut(TypedDict):
    """Show money that is expected to move. `ref_id`: what is behind it, an account for its opening."""

    account_id: str | None
    amount_minor: int
    currency: str
    day: str
    kind: EventKind
    ref_id: str
    title: str


class ExportListOut(TypedDict):
    """List the finished exports of a space."""

    items: list[ExportOut]


class ExportOut(TypedDict):
    """Show one finished export."""

    id: str
    size: int
    made_at: str


class ExportQueuedOut(TypedDict):
    """Name the export that will be there when the job is done."""

    export_id: str
    job_id: str


class ExtractIn(TypedDict):
    """Unpack an archive (zip, tar, 7z, rar) into a new folder; the archive stays."""

    on_conflict: NotRequired[Literal["skip", "keep_both", "replace_with_trash"]]
    op: Literal["extract"]
    passes: NotRequired[int]
    sort: NotRequired[bool]
    sort_into: NotRequired[str | None]
    source: str
    target: str


class FetchedOut(TypedDict):
    """Say what a fetch did. `step`: what a bank of FinTS waits for before it tells anything."""

    items: list[AccountFetchedOut]
    step: NotRequired[BankStepOut | None]


class FetchedPricesOut(TypedDict):
    """Say what became of one security. `kept`: days with a price by hand or from a file, which stays."""

    added: int
    asked: str
    changed: int
    kept: int
    problem: str
    refused: list[RefusedPriceOut]
    refused_count: int
    same: int
    security: str
    security_id: str
    since: str
    until: str


class FieldProblemOut(TypedDict):
    """Say what is wrong with one input field."""

    name: str
    problem: str
    remedy: str


class FigureChangeOut(TypedDict):
    """Say by how much the sale changes a figure of the year's tax report."""

    amount_minor: int
    label: SaidOut


class FigureOut(TypedDict):
    """Show one key figure of a card."""

    key: str
    text: str
    template: str
    value: float
    unit: Literal["count", "bytes", "percent", "moment"]


class FiguresOut(TypedDict):
    """Show the columns, with VAT. `committed` = contract + changes; `invoiced` = paid + skonto + retained
    + open.
    """

    changes_minor: int
    committed_minor: int
    contract_minor: int
    estimate_minor: int
    forecast_minor: int
    invoiced_minor: int
    open_minor: int
    paid_minor: int
    pending_minor: int
    released_minor: int
    retained_minor: int
    revised_minor: int
    skonto_minor: int
    to_complete_minor: int
    variance_minor: int


class FileIndexOut(TypedDict):
    """The folders whose files can be found by name."""

    files: int
    items: list[IndexedFolderOut]
    size_on_disk: int


class FileOrganizerRestoreIn(TypedDict):
    """Name what goes back to where it was."""

    ids: list[str]


class FileOrganizerRunOut(TypedDict):
    """Show one run of the history."""

    bytes_done: int
    created_at: str
    done: int
    failed: int
    finished_at: str | None
    id: str
    kind: str
    owner_id: str
    plan_id: str
    skipped: int
    state: str
    title: str
    total: int
    undo_of: str | None
    undoable: bool
    user_id: str


class FinancialManagerExportOut(TypedDict):
    """Hold the ledger as a file."""

    file_name: str
    text: str


class FinancialManagerFigureOut(TypedDict):
    """Show one figure. An empty `field`: look at the form. No amount: `needs` says what was not given."""

    amount_minor: int | None
    checked: CheckedOut | None
    field: str
    form: str
    id: str
    label: SaidOut
    law: str
    law_de: str
    needs: str
    note: SaidOut | None
    section: str
    sources: list[SourceOut]
    trail: list[TrailOut]


class FinancialManagerImportIn(TypedDict):
    """Book a statement that was looked at."""

    account_id: str
    book_twins: NotRequired[list[int]]
    content: NotRequired[str | None]
    layout: NotRequired[LayoutIn | None]
    leave_out: NotRequired[list[int]]
    looked_at: NotRequired[str | None]
    name: NotRequired[str]
    path: NotRequired[str | None]
    trust: NotRequired[bool]


class FinancialManagerLeftOutOut(TypedDict):
    """Show something of the year to look at. `same`: it is the cash side of a trade, which counts."""

    purpose: str
    reason: LeftOutReason
    source: SourceOut


class FinancialManagerLinkIn(TypedDict):
    """Say into which of your accounts a bank's account is booked; null: into none."""

    account_id: str | None


class FinancialManagerPartOut(TypedDict):
    """Show one part, seen from the account. `source`: who said what it was for; `reason`: why, in words."""

    account_id: str | None
    amount_minor: int
    category_id: str | None
    confidence: float
    currency: str
    fx_day: str | None
    fx_rate: str
    memo: str
    reason: str
    source: str


class FinancialManagerPriceIn(TypedDict):
    """Say what one share cost on a day; it replaces what was known of that day."""

    currency: NotRequired[str | None]
    date: str
    fx_currency: NotRequired[str | None]
    fx_rate: NotRequired[str | None]
    price: str


class FinancialManagerPriceOut(TypedDict):
    """Show a price. `source`: "hand", or the file or server that said so; `fetched_at`: when a server was
    asked.
    """

    currency: str
    date: str
    fetched_at: str | None
    fx_currency: str
    fx_rate: str | None
    id: str
    price: str
    security_id: str
    source: str


class FinancialManagerProjectIn(TypedDict):
    """Begin a building project. `scheme`: the numbers of its cost groups; `finish_on`: when it shall be
    done.
    """

    currency: NotRequired[str | None]
    finish_on: NotRequired[str | None]
    name: str
    note: NotRequired[str]
    scheme: NotRequired[Scheme]


class FinancialManagerProjectOut(TypedDict):
    """Show a project."""

    currency: str
    finish_on: str | None
    id: str
    name: str
    note: str
    scheme: Scheme
    version: int


class FinancialManagerSpanOut(TypedDict):
    """Show days."""

    first: str
    last: str


class FinancialManagerTextCondition(TypedDict):
    """What the line says; case and accents do not count. `part`: payee, purpose, or both together."""

    how: NotRequired[Literal["contains", "is", "begins", "regex"]]
    negate: NotRequired[bool]
    part: NotRequired[Literal["any", "payee", "purpose"]]
    values: list[str]
    what: NotRequired[Literal["text"]]


class FinancialManagerWaitingOut(TypedDict):
    """Show a booking of the inbox with what Homie would say, the best first, and why."""

    reason: str
    suggestions: list[SuggestionOut]
    transaction: TransactionOut


class FinancingOut(TypedDict):
    """Show where the money comes from, and whether it lasts. `short`: the first day that lacks money."""

    currency: str
    missing_minor: int
    needed_minor: int
    points: list[PointOut]
    short: PointOut | None
    sources: list[DrawnOut]
    unassigned_minor: int


class FindingOut(TypedDict):
    """Show one file that is not as it was."""

    condition: Literal["damaged", "unreadable", "changed", "gone"]
    path: str
    place: VolumePath


class FintsAgainIn(TypedDict):
    """Log in anew."""

    keep_pin: NotRequired[bool]
    pin: str


class FintsLoginIn(TypedDict):
    """Connect a German bank by FinTS. `address`: of the bank's FinTS server (https)."""

    address: str
    bank_code: str
    customer: NotRequired[str]
    keep_pin: NotRequired[bool]
    pin: str
    user_name: str


class FintsProductIn(TypedDict):
    """Enter the product id that the household registered at the German banks (Deutsche Kreditwirtschaft)."""

    product: str


class FintsStateOut(TypedDict):
    """Say whether FinTS can be used: the library is installed, and the household's product id was entered."""

    installed: bool
    product: str | None
    remedy: str


class Folder(TypedDict):
    """A folder of the household; `path` may have placeholders. Without `volume_id`: below the folder that
    is filed into.
    """

    path: NotRequired[str]
    volume_id: NotRequired[str | None]


class FolderCondition(TypedDict):
    """The folder that the file lies in now. `below`: or in a folder inside of it."""

    below: NotRequired[bool]
    negate: NotRequired[bool]
    places: list[VolumePath]
    what: NotRequired[Literal["folder"]]


class FolderEntryOut(TypedDict):
    """Show a folder, or a file that may be a statement. `modified`: seconds since 1970, 0 for folders."""

    is_folder: bool
    modified: int
    name: str
    path: str
    size: int


class FolderHitOut(TypedDict):
    """Show one folder to choose."""

    files: int
    label: str
    name: str
    path: str
    place: VolumePath
    score: float
    why: Literal["learned", "recent", "name", "root"]


class FolderOfStatementsOut(TypedDict):
    """List what lies in a folder; `path` is null at the top. `writable`: files may be sent there."""

    items: list[FolderEntryOut]
    parent: str | None
    path: str | None
    writable: bool


class FolderOut(TypedDict):
    """Show a folder that was opened for you."""

    label: str
    online: bool
    path: str
    purpose: str
    space_writable: bool
    volume_id: str


class FolderOutPage(TypedDict):
    """FolderOutPage"""

    items: list[FolderOut]
    next_cursor: NotRequired[str | None]


class FolderRuleIn(TypedDict):
    """Say what an AI may be told about a folder and all below it."""

    path: str
    rule: Literal["nothing", "names", "content"]


class FolderRuleOut(TypedDict):
    """Show a rule."""

    created_at: str
    id: str
    path: str
    place: VolumePath
    rule: Literal["nothing", "names", "content"]


class FolderRuleOutPage(TypedDict):
    """FolderRuleOutPage"""

    items: list[FolderRuleOut]
    next_cursor: NotRequired[str | None]


class FolderSearchOut(TypedDict):
    """Answer a search for folders, learned and recently used ones first."""

    complete: bool
    items: list[FolderHitOut]


class ForecastOut(TypedDict):
    """Show all outlooks, the household's first; of the chosen one each day, what is expected, what it
    rests on.
    """

    days: list[DayBalanceOut]
    expected: list[ExpectedOut]
    outlooks: list[OutlookOut]
    rests_on: list[str]
    shown: OutlookOut | None
    today: str
    until: str


class ForgetEverythingIn(TypedDict):
    """Forget everything. `confirm` must be true."""

    confirm: bool


class ForgottenOut(TypedDict):
    """Say what was forgotten; `key` takes it back for a day."""

    files: int
    key: str


class GoalAmountIn(TypedDict):
    """Put an amount aside; negative: take it out again. No money moves."""

    amount_minor: int
    date: NotRequired[str | None]
    note: NotRequired[str]


class GoalAmountOut(TypedDict):
    """Show an amount that was put aside."""

    amount_minor: int
    date: str
    id: str
    note: str


class GoalIn(TypedDict):
    """Begin to save for something."""

    account_id: NotRequired[str | None]
    currency: NotRequired[str | None]
    name: str
    note: NotRequired[str]
    target_minor: int
    until: NotRequired[str | None]


class GoalOut(TypedDict):
    """Show a goal with how it stands. `words`: the same in sentences."""

    account_id: str | None
    amounts: list[GoalAmountOut]
    currency: str
    id: str
    left_minor: int
    months_left: int | None
    name: str
    note: str
    on_track: bool | None
    per_month_minor: int | None
    planned_minor: int | None
    reached: bool
    saved_minor: int
    started_on: str
    target_minor: int
    until: str | None
    version: int
    words: list[str]


class GoalPatch(TypedDict):
    """Change some of a goal; null for `until`: no hurry."""

    name: NotRequired[str | None]
    note: NotRequired[str | None]
    target_minor: NotRequired[int | None]
    until: NotRequired[str | None]
    version: NotRequired[int | None]


class GoalsOut(TypedDict):
    """List the goals, the most urgent first."""

    items: list[GoalOut]


class GroupFiguresOut(TypedDict):
    """Show the columns of a cost group (`key`: its code), or of a named total."""

    figures: FiguresOut
    key: str
    title_de: str
    title_en: str


class GroupPatch(TypedDict):
    """Decide about a group: keep this file only, or leave the group as it is."""

    keep_only: NotRequired[str | None]
    leave: NotRequired[bool | None]


class HealthOut(TypedDict):
    """Say how a module is."""

    ok: bool
    problems: list[str]
    facts: dict[str, Any]


class HomeBackupOut(TypedDict):
    """Say how old the backups are; null if there is none."""

    last_backup: str | None
    last_verified: str | None
    failing: bool


class HomeJobsOut(TypedDict):
    """Count your jobs; failed ones of the last week."""

    running: int
    waiting: int
    failed: int


class HomeOut(TypedDict):
    """Show what needs you, the most urgent first, and one card per module."""

    attention: list[AttentionOut]
    modules: list[ModuleCardOut]
    jobs: HomeJobsOut
    backup: HomeBackupOut
    unread: int
    refresh_on: list[str]


class IbanCondition(TypedDict):
    """The other side's account is one of these."""

    negate: NotRequired[bool]
    values: list[str]
    what: NotRequired[Literal["iban"]]


class ImportDetailOut(TypedDict):
    """Show one import with the lines that were not simply booked. `change_id`: the step that undoing takes
    back.
    """

    account: str
    account_id: str
    added: int
    at: str
    change_id: str
    currency: str
    duplicates: int
    file_name: str
    first: str | None
    format: str
    id: str
    last: str | None
    left_out: int
    lines: list[LineOut]
    rows: int
    undone_at: str | None


class ImportIn(TypedDict):
    """Add what was exported before."""

    document: dict[str, Any]


class ImportOut(TypedDict):
    """Show one import."""

    account: str
    account_id: str
    added: int
    at: str
    currency: str
    duplicates: int
    file_name: str
    first: str | None
    format: str
    id: str
    last: str | None
    left_out: int
    rows: int
    undone_at: str | None


class ImportOutPage(TypedDict):
    """ImportOutPage"""

    items: list[ImportOut]
    next_cursor: NotRequired[str | None]


class ImportedOut(TypedDict):
    """Say how many files are new to the memory."""

    files: int


class InboxIn(TypedDict):
    """Make a folder a statement inbox."""

    path: str


class InboxOut(TypedDict):
    """Show an inbox. `path`: None while its drive is not connected, or the folder is not open any more."""

    created_at: str
    id: str
    name: str
    path: str | None


class InboxesOut(TypedDict):
    """List the inboxes, the oldest first."""

    items: list[InboxOut]


class IndexRefreshIn(TypedDict):
    """Say how thoroughly to look."""

    full: NotRequired[bool]


class IndexedFolderOut(TypedDict):
    """What Homie knows by name in one opened folder."""

    bytes: int
    complete: bool
    files: int
    full_at: str | None
    label: str
    looked_at: str | None
    online: bool
    path: str
    volume_id: str


class InvitationIn(TypedDict):
    """What the code invites to: a new account, a household space, or both."""

    space_id: NotRequired[str | None]
    role: NotRequired[Literal["owner", "member"]]
    new_account: NotRequired[bool]
    note: NotRequired[str]
    hours: NotRequired[int]


class InvitationOut(TypedDict):
    """One open invitation; `code` is only set in the answer to making it."""

    id: str
    purpose: Literal["account", "space", "password"]
    space_id: str | None
    role: str
    note: str
    created_by: str | None
    created_at: str
    expires_at: str
    code: NotRequired[str | None]


class InvitationsOut(TypedDict):
    """Open invitations."""

    items: list[InvitationOut]


class InvoiceIn(TypedDict):
    """Enter an invoice. `net_to_date_minor`: everything done so far, net, also what was invoiced before."""

    contract_id: str
    date: str
    kind: NotRequired[InvoiceKind]
    net_to_date_minor: int
    number: str


class InvoiceOut(TypedDict):
    """Show an invoice."""

    contract_id: str
    date: str
    id: str
    kind: InvoiceKind
    net_to_date_minor: int
    number: str
    version: int


class InvoicePatch(TypedDict):
    """Change some of an invoice."""

    date: NotRequired[str | None]
    kind: NotRequired[InvoiceKind | None]
    net_to_date_minor: NotRequired[int | None]
    number: NotRequired[str | None]
    version: NotRequired[int | None]


class ItemOut(TypedDict):
    """Show one suggestion: from where to where, how sure, and why."""

    alternatives: list[AlternativeOut]
    category: str
    confidence: float
    decided_in: int | None
    group_key: str | None
    id: str
    is_folder: bool
    lead: bool
    modified_ns: int
    oddity: str | None
    op: NotRequired[str]
    problem: str | None
    reason: str
    seq: int
    size: int
    source: VolumePath
    state: str
    suggested: VolumePath | None
    suggested_by: str
    target: VolumePath


class ItemOutPage(TypedDict):
    """ItemOutPage"""

    items: list[ItemOut]
    next_cursor: NotRequired[str | None]


class ItemPatch(TypedDict):
    """Decide about one item (its group follows): accept, reject, or send it elsewhere."""

    decision: NotRequired[Literal["accept", "reject"] | None]
    folder: NotRequired[VolumePath | None]
    name: NotRequired[str | None]


class JobOut(TypedDict):
    """Show one job. `progress` is 0..1 or null while unknown; `error` is a sentence for people."""

    id: str
    owner_id: str
    kind: str
    state: JobState
    progress: float | None
    note: str
    counts: dict[str, int]
    attempt: int
    max_attempts: int
    created_at: str
    started_at: str | None
    finished_at: str | None
    result: dict[str, Any] | None
    error: str | None
    part: NotRequired[str | None]


class JobOutPage(TypedDict):
    """JobOutPage"""

    items: list[JobOut]
    next_cursor: NotRequired[str | None]


class JobRefOut(TypedDict):
    """Name the job that does the work; its progress comes on the socket and from `/api/v1/jobs/<id>`."""

    job_id: str
    state: JobState


class JoinedOut(TypedDict):
    """The space that was joined."""

    space_id: str


class JunkChoiceIn(TypedDict):
    """Name oddities, or whole kinds."""

    item_ids: NotRequired[list[str]]
    kinds: NotRequired[
        list[
            Literal[
                "litter",
                "empty_file",
                "empty_folder",
                "broken_link",
                "unfinished",
                "old_installer",
                "disguised",
                "wrong_ending",
                "copy_name",
            ]
        ]
    ]


class JunkKindOut(TypedDict):
    """Count what waits of one kind. `action`: what is suggested."""

    action: Literal["trash", "rename"]
    bytes: int
    items: int
    kind: Literal[
        "litter",
        "empty_file",
        "empty_folder",
        "broken_link",
        "unfinished",
        "old_installer",
        "disguised",
        "wrong_ending",
        "copy_name",
    ]


class JunkLeaveIn(TypedDict):
    """Leave oddities as they are, or (`leave` false) take them up again."""

    item_ids: list[str]
    leave: NotRequired[bool]


class JunkOut(TypedDict):
    """Show one odd thing. `new_name`: what it would be called; `detail`: the ending that its content has."""

    action: Literal["trash", "rename"]
    detail: str
    explanation: str
    folder: bool
    id: str
    kind: Literal[
        "litter",
        "empty_file",
        "empty_folder",
        "broken_link",
        "unfinished",
        "old_installer",
        "disguised",
        "wrong_ending",
        "copy_name",
    ]
    label: str
    modified: str
    new_name: str
    path: str
    place: VolumePath
    size: int
    state: Literal["open", "working", "done", "left"]


class JunkOutPage(TypedDict):
    """JunkOutPage"""

    items: list[JunkOut]
    next_cursor: NotRequired[str | None]


class JunkSearchIn(TypedDict):
    """Ask for a look through folders for what nobody needs and what is called wrongly."""

    paths: NotRequired[list[str]]


class JunkSearchOut(TypedDict):
    """Show a look for oddities, and what of it waits, by kind."""

    created_at: str
    files: int
    finished_at: str | None
    id: str
    job_id: str | None
    kinds: list[JunkKindOut]
    notice: str
    owner_id: str
    paths: list[str]
    problems: list[SearchProblemOut]
    state: Literal["looking", "ready", "stopped", "failed"]
    unreadable: int


class JunkSearchOutPage(TypedDict):
    """JunkSearchOutPage"""

    items: list[JunkSearchOut]
    next_cursor: NotRequired[str | None]


class KeyOut(TypedDict):
    """Show the recovery key, this once."""

    recovery_key: str


class KeyState(TypedDict):
    """Tell whether a key is stored, and whether the provider refused it; never the key."""

    provider: Literal["gemini", "openai"]
    stored: bool
    refused: bool


class KindCondition(TypedDict):
    """What kind of file it is, by its content where the name lies."""

    negate: NotRequired[bool]
    values: list[Kind]
    what: NotRequired[Literal["kind"]]


class LastPriceOut(TypedDict):
    """Show the price that a value was made with, and how old it is."""

    currency: str
    date: str
    fx_rate: str | None
    price: str
    source: str


class LayoutIn(TypedDict):
    """Say how the table is to be read; it is remembered for the account's next file with the same heading."""

    columns: NotRequired[ColumnsIn]
    order: NotRequired[Literal["", "dmy", "mdy", "ymd"]]
    sign: NotRequired[Literal["", "as_written", "turned"]]


class LearnedFileOut(TypedDict):
    """Show one lesson: what happened to one file."""

    at: str
    belongs: bool
    files: int
    folder: str
    how: str
    id: str
    name: str
    volume_id: str


class LearnedFileOutPage(TypedDict):
    """LearnedFileOutPage"""

    items: list[LearnedFileOut]
    next_cursor: NotRequired[str | None]


class LeaveAction(TypedDict):
    """Leave the file where it is, whatever else would be suggested."""

    do: NotRequired[Literal["leave"]]


class LeftOut(TypedDict):
    """Say how many were changed."""

    changed: int


class LeftOutOut(TypedDict):
    """Name a module that could not be asked; one that is just starting answers in a moment."""

    module: str
    title: str
    state: ModuleState
    why: Literal["starting", "stopped", "failed"]


class LessonDoc(TypedDict):
    """One lesson as it is stored."""

    at: str
    batch: NotRequired[int]
    files: NotRequired[int]
    folder: str
    how: NotRequired[str]
    name: str
    no: NotRequired[float]
    signs: NotRequired[list[str]]
    source: NotRequired[PlaceDoc | None]
    taught: NotRequired[bool]
    volume_id: str
    yes: NotRequired[float]


class LineFiguresOut(TypedDict):
    """Show the columns of a line."""

    cost_group: str
    figures: FiguresOut
    line_id: str
    title: str


class LineIn(TypedDict):
    """Add a line to the budget, with VAT. `contingency`: a reserve; `awarded`: all of it is under
    contract.
    """

    awarded: NotRequired[bool]
    contingency: NotRequired[bool]
    cost_group: str
    documents: NotRequired[list[str]]
    estimate_minor: NotRequired[int]
    note: NotRequired[str]
    project_id: str
    quote_minor: NotRequired[int | None]
    title: str


class LineOut(TypedDict):
    """Show a line that was not simply booked. `twin_id`: the transaction that it is, or may be."""

    amount_minor: int | None
    date: str | None
    fate: RowFate
    position: int
    reason: str
    text: str
    twin_id: str | None


class LinePatch(TypedDict):
    """Change some of a line."""

    awarded: NotRequired[bool | None]
    contingency: NotRequired[bool | None]
    cost_group: NotRequired[str | None]
    documents: NotRequired[list[str] | None]
    estimate_minor: NotRequired[int | None]
    note: NotRequired[str | None]
    quote_minor: NotRequired[int | None]
    title: NotRequired[str | None]
    version: NotRequired[int | None]


class LinkIn(TypedDict):
    """Ask for a link to one file or folder: by its full path, or by volume and relative path."""

    path: str
    volume_id: NotRequired[str | None]
    purpose: NotRequired[Literal["view", "download"]]
    ttl: NotRequired[int]


class LinkOut(TypedDict):
    """Show a link. It opens without logging in, for as long as the log-in that made it is good."""

    url: str
    preview_url: str | None
    name: str
    media_type: str
    size: int | None
    inline: bool
    expires_at: str


class LoginIn(TypedDict):
    """Name, password and, when the second factor is on, a code."""

    name: str
    password: str
    code: NotRequired[str | None]
    device: NotRequired[str]
    cookie: NotRequired[bool]


class LookedOut(TypedDict):
    """Say what a look into the inboxes did. `settling`: files that are still being written."""

    away: int
    booked: int
    known: int
    settling: int
    waiting: int


class LotOut(TypedDict):
    """Show shares that were acquired together. `trade_id`: the purchase, or "average" for a pool."""

    acquired: str
    cost_minor: int
    exempt: bool
    quantity: str
    trade_id: str


class LotUseOut(TypedDict):
    """Show what the sale would take from one lot or pool."""

    acquired: str
    cost_minor: int
    exempt: bool
    gain_minor: int
    proceeds_minor: int
    quantity: str
    trade_id: str


class MarkIn(TypedDict):
    """Pin a backup, or accept that its data shrank."""

    pinned: NotRequired[bool | None]
    drift_accepted: NotRequired[bool | None]


class MeOut(TypedDict):
    """The person who asks, their spaces, and the device they ask from."""

    person: PersonOut
    spaces: list[SpaceOut]
    session_id: str | None
    csrf_token: NotRequired[str | None]


class MemberOut(TypedDict):
    """One person in a space."""

    user_id: str
    name: str
    display_name: str
    role: Literal["owner", "member"]
    joined_at: str


class MembersOut(TypedDict):
    """The people of a space."""

    items: list[MemberOut]


class MemoryDocumentOut(TypedDict):
    """Everything that your memory holds, to keep or to carry to another hub."""

    destinations: list[DestinationDoc]
    format: str
    lessons: list[LessonDoc]
    series: list[SeriesDoc]
    tuned: dict[str, Any] | None
    version: int


class MemoryEvidenceOut(TypedDict):
    """Show one reason: `yes` of `total` files with this sign went there."""

    family: str
    last_at: str | None
    text: str
    total: int
    value: str
    yes: int


class MemorySummaryOut(TypedDict):
    """Say how much is remembered."""

    files: int
    folders: int
    last_at: str | None
    learning: bool
    refusals: int
    series: int


class MemoryWhyIn(TypedDict):
    """Ask where files with these names would go. Looks at no file."""

    names: list[str]
    source: NotRequired[str | None]


class MemoryWhyListOut(TypedDict):
    """Answer for each name, in their order."""

    items: list[MemoryWhyOut]


class MemoryWhyOut(TypedDict):
    """Show where a file would go. `new`: how likely a new folder is needed (0..1)."""

    name: str
    new: float
    new_folder: bool
    places: list[MemoryWhyPlaceOut]


class MemoryWhyPlaceOut(TypedDict):
    """Show one folder for a name."""

    confidence: float
    folder: str
    reasons: list[MemoryEvidenceOut]
    volume_id: str


class MethodOut(TypedDict):
    """Say what one method makes of a position. `unrealised_minor`: null where no price is known."""

    average_price: str | None
    cost_minor: int
    lots: list[LotOut]
    realised_minor: int
    unrealised_minor: int | None


class MimeCondition(TypedDict):
    """The MIME type that the name stands for: `image`, or `image/png`."""

    negate: NotRequired[bool]
    values: list[str]
    what: NotRequired[Literal["mimetype"]]


class MkdirIn(TypedDict):
    """Make a folder, and those above it."""

    op: Literal["mkdir"]
    path: str


class ModelsOut(TypedDict):
    """List the models that the provider offers for such questions, the most suitable first."""

    models: list[str]


class ModuleCardOut(TypedDict):
    """Show one module. Where it does not run, `reason` says why and there is no summary."""

    module: str
    title: str
    icon: str
    state: ModuleState
    reason: str
    answered: bool
    text: str
    template: str
    params: dict[str, str | int | float | bool]
    figures: list[FigureOut]
    route: str


class ModuleDetailOut(TypedDict):
    """Show one module with its health."""

    id: str
    title: str
    version: str
    description: str
    icon: str
    state: ModuleState
    reason: str
    enabled: bool
    recoverable: bool
    since: str
    navigation: list[str]
    health: HealthOut


class ModuleListOut(TypedDict):
    """List the installed modules."""

    items: list[ModuleOut]


class ModuleOut(TypedDict):
    """Show one module."""

    id: str
    title: str
    version: str
    description: str
    icon: str
    state: ModuleState
    reason: str
    enabled: bool
    recoverable: bool
    since: str
    navigation: list[str]


class ModuleSettingsIn(TypedDict):
    """Hold new settings of a module; which names exist is told by `schema` of the present ones."""

    values: dict[str, Any]


class ModuleSettingsOut(TypedDict):
    """Show a module's settings with the JSON schema that they follow."""

    values: dict[str, Any]
    json_schema: dict[str, Any]


class MoneySettingsOut(TypedDict):
    """Show the household's own currency, and whose taxes are meant (XX: another country)."""

    country: Literal["AT", "DE", "XX"]
    currency: str


class MoneySettingsPatch(TypedDict):
    """Change some of the settings."""

    country: NotRequired[Literal["AT", "DE", "XX"] | None]
    currency: NotRequired[str | None]


class MoneySourceOut(TypedDict):
    """Show a source of money."""

    amount_minor: int
    available_on: str | None
    id: str
    kind: SourceKind
    note: str
    project_id: str
    title: str
    version: int


class MonthOut(TypedDict):
    """Sum up one month."""

    month: str
    calls: int
    input_tokens: int
    output_tokens: int
    cost_micro_usd: int


class MonthSumOut(TypedDict):
    """Say what a category came to in a month; positive is money that left the household."""

    bookings: int
    category_id: str | None
    currency: str
    month: str
    spent_minor: int


class MonthsOut(TypedDict):
    """List month x category; transfers are left out."""

    items: list[MonthSumOut]


class MoveAction(TypedDict):
    """Move the file into `folder`, under a new name if one is given."""

    do: NotRequired[Literal["move"]]
    folder: Folder
    name: NotRequired[str | None]


class MoveIn(TypedDict):
    """Move a file or folder, also to another drive."""

    on_conflict: NotRequired[Literal["skip", "keep_both", "replace_with_trash"]]
    op: Literal["move"]
    source: str
    target: str


class NameCondition(TypedDict):
    """The file's name. `part`: the whole name, the name without its ending (`stem`), or whichever of them
    fits.
    """

    case_sensitive: NotRequired[bool]
    how: NotRequired[Literal["is", "contains", "begins", "ends", "glob", "regex"]]
    negate: NotRequired[bool]
    part: NotRequired[Literal["any", "stem", "whole"]]
    values: list[str]
    what: NotRequired[Literal["name"]]


class NamePairOut(TypedDict):
    """Show a name before and after."""

    after: str
    before: str


class NamingOut(TypedDict):
    """Show how files are named when they are filed."""

    like_others: bool
    templates: list[TemplateOut]


class NamingPatch(TypedDict):
    """Change what is given."""

    like_others: NotRequired[bool | None]
    templates: NotRequired[TemplatesPatch | None]


class NewsOut(TypedDict):
    """Tell what changed in a month. `complete`: it is over."""

    complete: bool
    items: list[ToldOut]
    month: str


class NotificationKindOut(TypedDict):
    """One kind of news that a person may switch off (`notifications.off` of the preferences)."""

    kind: str
    title: str
    module: str
    severity: Literal["info", "success", "warning", "error"]


class NotificationKindsOut(TypedDict):
    """All kinds of news of the installed modules."""

    items: list[NotificationKindOut]


class NotificationOut(TypedDict):
    """Show one piece of news. `text` is English; apps translate `template` and fill in `params`."""

    id: str
    space_id: str
    module: str
    kind: str
    severity: Literal["info", "success", "warning", "error"]
    text: str
    template: str
    params: dict[str, str | int | float | bool]
    route: str
    count: int
    unread: bool
    created_at: str
    changed_at: str


class Notifications(TypedDict):
    """What the person wants to be told about. `GET /api/v1/notifications/kinds` lists the kinds."""

    enabled: NotRequired[bool]
    off: NotRequired[list[str]]
    quiet_from: NotRequired[int | None]
    quiet_until: NotRequired[int | None]


class NotificationsOut(TypedDict):
    """One page of news, newest first, and how many are unread in all."""

    items: list[NotificationOut]
    next_cursor: NotRequired[str | None]
    unread: int


class OperationsIn(TypedDict):
    """Ask for operations, carried out in this order as one run."""

    operations: list[MkdirIn | MoveIn | CopyIn | RenameIn | TrashIn | ExtractIn | CompressIn]
    title: NotRequired[str | None]


class OptInIn(TypedDict):
    """Agree to (or withdraw from) AI for one module of this space."""

    enabled: bool


class OptInOut(TypedDict):
    """Show one module's agreement and how AI stands for it; `state` is for programs, `text` for people."""

    module: str
    enabled: bool
    ready: bool
    state: str
    text: str
    provider: str
    model: str | None


class OptInsOut(TypedDict):
    """Show the agreements of this space."""

    items: list[OptInOut]


class OrderOut(TypedDict):
    """Show the claims of a contract and what is held back of them."""

    claims: list[ClaimOut]
    contract_id: str
    held_minor: int
    released_minor: int
    retained_minor: int


class OtherIdeasIn(TypedDict):
    """Ask for other folders for some suggestions; their present ones count as refused."""

    item_ids: list[str]


class OutlookOut(TypedDict):
    """Say how an account, or the household (no account), goes on. `below_zero_on`: the first day with less
    than 0.
    """

    account_id: str | None
    below_zero_on: str | None
    currency: str
    end_minor: int
    everyday_minor: int
    lowest_minor: int
    lowest_on: str
    name: str
    start_minor: int
    words: list[str]


class OwnMonthOut(TypedDict):
    """Say what a category came to in a month; positive is money that left the household."""

    bookings: int
    category_id: str | None
    month: str
    spent_minor: int


class OwnMonthsOut(TypedDict):
    """List month x category in the household's own currency: each booking by the rate of its own day."""

    currency: str
    foreign: list[str]
    items: list[OwnMonthOut]
    missing: list[str]
    stale: bool
    through: str


class OwnPointOut(TypedDict):
    """Say what all accounts held at the end of a day."""

    day: str
    worth_minor: int


class OwnWorthOut(TypedDict):
    """Show the series in the household's own currency. `quotes`: the rates of the last day."""

    currency: str
    missing: list[str]
    points: list[OwnPointOut]
    quotes: list[QuoteOut]


class PaidClaimOut(TypedDict):
    """Show what a booking paid already. `source`: the money that it drew, empty for none."""

    amount_minor: int
    claim_id: str
    kind: Literal["invoice", "release"]
    payment_id: str
    project: str
    project_id: str
    skonto_minor: int
    source: str
    title: str
    vendor: str


class PaidOut(TypedDict):
    """Show a payment that was made, and what it did. `change_id`: what undoing takes back."""

    change_id: str
    payment: PaymentOut
    settlement: SettlementOut


class PartIn(TypedDict):
    """One part of a transaction, seen from its account: what was spent is negative."""

    account_id: NotRequired[str | None]
    amount_minor: int
    by_rate: NotRequired[bool]
    category_id: NotRequired[str | None]
    memo: NotRequired[str]
    other_minor: NotRequired[int | None]


class PartOut(TypedDict):
    """Say how one part stands."""

    part: str
    backups: int
    last_backup: str | None
    last_verified: str | None
    last_run: RunOut | None
    problems: list[str]


class PartiesOut(TypedDict):
    """List them, most first."""

    items: list[PartySumOut]


class PartySumOut(TypedDict):
    """Say what went to and came from a payee, or what a person entered. `payee_id`: of one that somebody
    named.
    """

    bookings: int
    currency: str
    key: str
    name: str
    payee_id: str | None
    received_minor: int
    spent_minor: int


class PasswordChangeIn(TypedDict):
    """The present password and the new one."""

    current_password: str
    new_password: str


class PasswordResetIn(TypedDict):
    """A code from an administrator and the new password."""

    code: str
    password: str


class PayeeForgetIn(TypedDict):
    """Name ways in which a payee is not written after all."""

    written: list[str]


class PayeeIn(TypedDict):
    """Call whoever is written so by one name."""

    name: str
    written: list[str]


class PayeeMergeIn(TypedDict):
    """Name the payee that another one becomes a part of."""

    into_id: str


class PayeeOut(TypedDict):
    """Show a payee with the ways in which banks write it."""

    id: str
    name: str
    transactions: int
    written: list[str]


class PayeePatch(TypedDict):
    """Give a payee another name."""

    name: str


class PayeesOut(TypedDict):
    """List the payees by name."""

    items: list[PayeeOut]


class PayloadOut(TypedDict):
    """Show one request exactly as it left the house, with what the call that it belongs to came to."""

    id: str
    owner_id: str
    call_id: str
    module: str
    task: str
    subject: str
    provider: str
    model: str
    outcome: str
    requests: int
    item_count: int
    input_tokens: int
    output_tokens: int
    cost_micro_usd: int | None
    url: str
    body: str
    sent_at: str


class PayloadOutPage(TypedDict):
    """PayloadOutPage"""

    items: list[PayloadOut]
    next_cursor: NotRequired[str | None]


class PaymentIn(TypedDict):
    """Pay an invoice or a release: by a booking (all of it, or a part), or by amount and day without one."""

    amount_minor: NotRequired[int | None]
    date: NotRequired[str | None]
    financing_id: NotRequired[str | None]
    skonto_minor: NotRequired[int | None]
    transaction_id: NotRequired[str | None]


class PaymentOut(TypedDict):
    """Show a payment, for an invoice or a release. `transaction_id`: the booking that it is."""

    amount_minor: int
    contract_id: str
    date: str
    financing_id: str | None
    id: str
    invoice_id: str | None
    release_id: str | None
    skonto_minor: int
    transaction_id: str | None
    version: int


class PeopleOut(TypedDict):
    """Everybody with an account."""

    items: list[PersonOut]


class PerformanceOut(TypedDict):
    """Say how the depots of one currency did. Returns are shares of 1 as text; null where prices are
    missing.
    """

    currency: str
    end: str
    end_minor: int
    gain_minor: int
    money_weighted: str | None
    paid_in_minor: int
    paid_out_minor: int
    start: str
    start_minor: int
    time_weighted: str | None
    time_weighted_yearly: str | None
    without_price: list[str]


class PerformancesOut(TypedDict):
    """List how the depots did, by currency."""

    items: list[PerformanceOut]


class PersonChangeIn(TypedDict):
    """What an administrator changes; what is left out stays."""

    is_admin: NotRequired[bool | None]
    disabled: NotRequired[bool | None]


class PersonOut(TypedDict):
    """One person."""

    id: str
    name: str
    display_name: str
    is_admin: bool
    disabled: bool
    second_factor: bool
    private_space_id: str
    created_at: str
    last_login_at: str | None


class PlaceDoc(TypedDict):
    """A folder on a volume."""

    folder: str
    volume_id: str


class PlanIn(TypedDict):
    """Ask for a plan: scan a folder and suggest places."""

    deep: NotRequired[bool]
    into: NotRequired[str | None]
    path: str
    threshold: NotRequired[float | None]
    use_ai: NotRequired[bool]


class PlanOut(TypedDict):
    """Show a plan. `version` grows with each edit."""

    counts: dict[str, Any]
    created_at: str
    finished_at: str | None
    id: str
    into: VolumePath
    job_id: str | None
    left_alone: dict[str, Any]
    notice: str
    options: dict[str, Any]
    owner_id: str
    root: VolumePath
    root_path: str
    run_id: str | None
    state: str
    title: str
    version: int


class PlanOutPage(TypedDict):
    """PlanOutPage"""

    items: list[PlanOut]
    next_cursor: NotRequired[str | None]


class PlanPreviewOut(TypedDict):
    """Say what carrying out the accepted items would do now; nothing is changed by asking."""

    accepted: int
    bytes: int
    complete: bool
    conflict_examples: list[ConflictOut]
    conflicts: int
    files: int
    folders_moved: int
    new_folder_examples: list[VolumePath]
    new_folders: int
    ready: bool
    spaces: list[SpaceNeedOut]
    undecided: int


class PlanSummaryOut(TypedDict):
    """Count a plan: in all, by category, and by confidence (for "accept all above")."""

    categories: list[CategoryCountsOut]
    confidence: list[ConfidenceBandOut]
    groups: int
    total: CountsOut
    version: int


class PluggedDriveOut(TypedDict):
    """Show a drive of this machine on which no folder is open to anybody."""

    filesystem: str
    free: int
    kind: Literal["local", "usb", "network", "cloud"]
    label: str
    mount_point: str
    read_only: bool
    service: str
    size: int


class PluggedDrivesOut(TypedDict):
    """List drives on which no folder is open."""

    items: list[PluggedDriveOut]


class PointOut(TypedDict):
    """Show the end of a day (null: the end, without a day): what comes, what is needed, what is there
    then.
    """

    comes_minor: int
    day: str | None
    left_minor: int
    needed_minor: int


class PositionOut(TypedDict):
    """Show what is held of one security in one depot. `currency`: the depot's, in which all its figures
    are.
    """

    average: MethodOut
    currency: str
    depot: str
    depot_id: str
    dividends_minor: int
    fees_minor: int
    fifo: MethodOut
    foreign_withheld_minor: int
    isin: str
    on_the_way: bool
    price: LastPriceOut | None
    quantity: str
    security: str
    security_id: str
    surcharge_minor: int
    value_minor: int | None
    withheld_minor: int


class PositionsOut(TypedDict):
    """List positions by depot and security; those that were sold have the quantity 0."""

    items: list[PositionOut]


class Preferences(TypedDict):
    """All preferences with their defaults; what is not listed here is refused."""

    language: NotRequired[Literal["system", "en", "de"]]
    theme: NotRequired[Literal["dark", "light", "system"]]
    text_size: NotRequired[float]
    reduce_motion: NotRequired[bool]
    high_contrast: NotRequired[bool]
    time_zone: NotRequired[str]
    first_weekday: NotRequired[Literal["monday", "sunday", "saturday"]]
    default_space: NotRequired[str | None]
    start_module: NotRequired[str | None]
    notifications: NotRequired[Notifications]


class PreferencesIn(TypedDict):
    """Preferences to set; what is left out stays. `GET` shows all with their defaults."""

    changes: dict[str, Any]


class PreviewOut(TypedDict):
    """Tell what an import would do; nothing was changed."""

    account_id: str
    bank: BankSaysOut
    booked_before: bool
    currency: str
    doubts: list[str]
    file_hash: str
    file_name: str
    first: str | None
    format: str
    known: int
    last: str | None
    left_out: int
    new: int
    opening_date: str | None
    opening_minor: int | None
    rows: list[PreviewRowOut]
    table: TableOut | None
    twins: int


class PreviewRowOut(TypedDict):
    """Show one line with what would become of it, and why a person should look."""

    amount_minor: int | None
    counterparty: str
    date: str | None
    fate: RowFate
    line: int | None
    position: int
    purpose: str
    reasons: list[str]
    text: str
    twin_id: str | None


class PriceChangeOut(TypedDict):
    """From a day on it cost another amount. `text`: in words."""

    after_minor: int
    before_minor: int
    date: str
    text: str


class PriceFeedOut(TypedDict):
    """Show a feed that comes with Homie. `symbol`: what it calls a security, null where it needs none."""

    about: SaidOut
    address: str
    host: str
    id: str
    source: str
    symbol: SaidOut | None
    title: str


class PriceFeedsOut(TypedDict):
    """List the feeds that come with Homie; none is asked before you choose it for a security."""

    items: list[PriceFeedOut]


class PriceFetchIn(TypedDict):
    """Choose whose prices are asked for (all that have a source where left out), and from which day."""

    security_ids: NotRequired[list[str] | None]
    since: NotRequired[str | None]


class PriceFetchOut(TypedDict):
    """List what became of each security. `change_id`: the step that undoing takes back; null where nothing
    changed.
    """

    change_id: str | None
    items: list[FetchedPricesOut]


class PriceIn(TypedDict):
    """Say what a model costs, in millionths of a US dollar per 1,000 tokens (1 USD per million tokens is
    1000).
    """

    input: int
    output: int


class PriceOut(TypedDict):
    """Show a price."""

    input: int
    output: int


class PriceOutPage(TypedDict):
    """PriceOutPage"""

    items: list[FinancialManagerPriceOut]
    next_cursor: NotRequired[str | None]


class PriceSourceIn(TypedDict):
    """Say where a security's prices come from: a preset, or a feed of your own."""

    address: NotRequired[str]
    currency: NotRequired[str]
    currency_path: NotRequired[str]
    date_form: NotRequired[Literal["iso", "dmy", "mdy", "unix", "unix_ms"]]
    date_path: NotRequired[str]
    decimal: NotRequired[Literal[".", ","]]
    format: NotRequired[Literal["json", "csv"]]
    preset: NotRequired[str]
    price_path: NotRequired[str]
    symbol: NotRequired[str]
    version: NotRequired[int | None]


class PriceSourceOut(TypedDict):
    """Show where a security's prices come from. `asks`: the address that would be asked now, with all that
    is sent.
    """

    address: str
    asks: str
    currency: str
    currency_path: str
    date_form: Literal["iso", "dmy", "mdy", "unix", "unix_ms"]
    date_path: str
    decimal: Literal[".", ","]
    format: Literal["json", "csv"]
    host: str
    preset: str
    price_path: str
    problem: str
    security: str
    security_id: str
    symbol: str
    title: str
    version: int


class PriceSourcesOut(TypedDict):
    """List the sources by the security's name."""

    items: list[PriceSourceOut]


class PricesImportedOut(TypedDict):
    """Say what became of a file. `unknown`: securities that you do not have; `skipped`: the first hundred
    rows.
    """

    added: int
    changed: int
    doubts: list[str]
    same: int
    skipped: list[SkippedPriceOut]
    skipped_count: int
    unknown: list[str]


class PricesIn(TypedDict):
    """Give a file of prices in base64. `security_id`: whose they are, where the file names no security."""

    content: str
    name: NotRequired[str]
    security_id: NotRequired[str | None]


class ProblemOut(TypedDict):
    """Count what was not done for one reason."""

    code: str
    count: int
    reason: str
    state: str


class ProblemsOut(TypedDict):
    """List why things of a run were not done, the most frequent first."""

    items: list[ProblemOut]
    total: int


class ProjectIn(TypedDict):
    """Call a folder a project, or say that it is none."""

    hidden: NotRequired[bool]
    path: str
    title: NotRequired[str | None]
    words: NotRequired[str]


class ProjectMarkOut(TypedDict):
    """Name what was stored."""

    hidden: bool
    id: str
    path: str
    title: str


class ProjectOut(TypedDict):
    """Show one project. `id`: null for one that Homie found by itself; `why`: how it is known."""

    folder: str
    id: str | None
    path: str
    title: str
    volume_id: str
    why: Why
    words: list[str]


class ProjectOutPage(TypedDict):
    """ProjectOutPage"""

    items: list[ProjectOut]
    next_cursor: NotRequired[str | None]


class ProjectPatch(TypedDict):
    """Change some of a project."""

    finish_on: NotRequired[str | None]
    name: NotRequired[str | None]
    note: NotRequired[str | None]
    scheme: NotRequired[Scheme | None]
    version: NotRequired[int | None]


class ProjectSummaryOut(TypedDict):
    """Show a project with its sums."""

    currency: str
    finish_on: str | None
    id: str
    name: str
    note: str
    scheme: Scheme
    total: FiguresOut
    version: int


class ProjectsOut(TypedDict):
    """List the projects by name."""

    items: list[ProjectSummaryOut]


class PurposeOut(TypedDict):
    """Show what a booking may be for; a category takes it as its `tax_purpose`."""

    group: str
    key: str
    label: SaidOut


class PutAwayOut(TypedDict):
    """Refer to the job that puts files away. `files`: how many it was asked for."""

    files: int
    job_id: str
    state: str


class PutCopiesAwayIn(TypedDict):
    """Put copies into the trash: those of the named groups, or of all open groups of a kind."""

    group_ids: NotRequired[list[str]]
    kind: NotRequired[Literal["same", "similar"]]


class QrIn(TypedDict):
    """Ask for the code of one of the hub's addresses, with an invitation if one was made."""

    url: str
    invitation: NotRequired[str | None]


class QrOut(TypedDict):
    """Carry a QR code: `rows` of 1 (dark) and 0 with a quiet border of four, and the same as SVG."""

    text: str
    size: int
    rows: list[str]
    svg: str


class QueuedJob(TypedDict):
    """Name a job that was queued, and what for."""

    part: str
    job_id: str


class QueuedOut(TypedDict):
    """List the jobs that were queued."""

    jobs: list[QueuedJob]


class QuoteOut(TypedDict):
    """Say what one unit of `source` was worth in `target`. `as_of`: the day of the rate; `stale`: over a
    week older.
    """

    as_of: str
    rate: str
    source: str
    stale: bool
    target: str


class RateUsedOut(TypedDict):
    """Say what one unit of `currency` counted for. `of`: the booking's own rate, the ECB's, or both in
    turn.
    """

    currency: str
    day: str
    of: Literal["booking", "ecb", "both"]
    rate: str
    stale: bool


class RatesOut(TypedDict):
    """List the ECB's reference rates of a day. `through`: the newest day of which any is known."""

    address: str
    items: list[QuoteOut]
    stale: bool
    through: str


class RatesUpdatedOut(TypedDict):
    """Say how many days came, and which is the newest now."""

    days: int
    through: str


class ReauthenticateIn(TypedDict):
    """The proof that it is still you."""

    password: str
    code: NotRequired[str | None]


class RecentFoldersOut(TypedDict):
    """List folders that files were put into lately, the newest first."""

    items: list[FolderHitOut]


class RecordedOut(TypedDict):
    """Say how many things a step changed. `change_id`: what undoing takes back; null where nothing
    changed.
    """

    change_id: str | None
    count: int


class RecoveryCodesOut(TypedDict):
    """The recovery codes; shown this once."""

    codes: list[str]


class RecurringBookingOut(TypedDict):
    """Name one of its bookings."""

    amount_minor: int
    date: str
    transaction_id: str


class RecurringDetailOut(TypedDict):
    """Show one with its bookings, the newest first, and why it is taken for one, in words."""

    account_id: str
    amount_minor: int
    bookings: int
    by_hand: bool
    cadence: Cadence
    category_id: str | None
    currency: str
    ended: bool
    ends_on: str | None
    id: str
    last_change: PriceChangeOut | None
    last_on: str | None
    name: str
    next_on: str | None
    note: str
    paid: list[RecurringBookingOut]
    per_month_minor: int
    per_year_minor: int
    price_changes: list[PriceChangeOut]
    reasons: list[str]
    state: RecurringState
    steady: bool
    transfer: bool
    version: int


class RecurringIn(TypedDict):
    """Enter a payment that comes again."""

    account_id: str
    amount_minor: int
    cadence: Cadence
    category_id: NotRequired[str | None]
    counterparty: NotRequired[str]
    due_on: str
    ends_on: NotRequired[str | None]
    name: str
    note: NotRequired[str]


class RecurringListOut(TypedDict):
    """List them by name, with sums."""

    items: list[RecurringOut]
    sums: list[RecurringSumOut]


class RecurringNoticeOut(TypedDict):
    """Tell once of a recurring payment that was found, or that became dearer, in words."""

    id: str
    kind: NoticeKind
    recurring_id: str
    text: str
    told_at: str


class RecurringNoticesOut(TypedDict):
    """List what nobody has dismissed yet, the oldest first."""

    items: list[RecurringNoticeOut]


class RecurringOut(TypedDict):
    """Show a payment that comes again."""

    account_id: str
    amount_minor: int
    bookings: int
    by_hand: bool
    cadence: Cadence
    category_id: str | None
    currency: str
    ended: bool
    ends_on: str | None
    id: str
    last_change: PriceChangeOut | None
    last_on: str | None
    name: str
    next_on: str | None
    note: str
    per_month_minor: int
    per_year_minor: int
    state: RecurringState
    steady: bool
    transfer: bool
    version: int


class RecurringPatch(TypedDict):
    """Change some of a recurring payment, which confirms it; null for cadence, amount or day: as found."""

    amount_minor: NotRequired[int | None]
    cadence: NotRequired[Cadence | None]
    category_id: NotRequired[str | None]
    due_on: NotRequired[str | None]
    ends_on: NotRequired[str | None]
    name: NotRequired[str | None]
    note: NotRequired[str | None]
    version: NotRequired[int | None]


class RecurringStateIn(TypedDict):
    """Confirm it, dismiss it (it is never found again), or take that back ("found")."""

    state: RecurringState
    version: NotRequired[int | None]


class RecurringSumOut(TypedDict):
    """Say what all that goes on comes to, in one currency; dismissed ones, ended ones and transfers count
    nowhere.
    """

    currency: str
    received_per_month_minor: int
    received_per_year_minor: int
    spent_per_month_minor: int
    spent_per_year_minor: int


class RefreshIn(TypedDict):
    """A refresh token; browsers send none, theirs is in the cookie."""

    refresh_token: NotRequired[str | None]


class RefusedPriceOut(TypedDict):
    """Show a row of an answer that was left out, and why."""

    reason: str
    text: str


class ReleaseIn(TypedDict):
    """Let money that is held back be paid out."""

    amount_minor: int
    contract_id: str
    date: str
    kind: NotRequired[ReleaseKind]


class ReleaseOut(TypedDict):
    """Show a release of money held back."""

    amount_minor: int
    contract_id: str
    date: str
    id: str
    kind: ReleaseKind
    version: int


class RememberIn(TypedDict):
    """Take forgetting back."""

    key: str


class RememberedOut(TypedDict):
    """Say how many files are remembered again."""

    files: int


class RenameAction(TypedDict):
    """Give the file another name in its place."""

    do: NotRequired[Literal["rename"]]
    name: str


class RenameIn(TypedDict):
    """Give a file or folder another name in its place."""

    name: str
    on_conflict: NotRequired[Literal["skip", "keep_both", "replace_with_trash"]]
    op: Literal["rename"]
    source: str


class ReportTableOut(TypedDict):
    """Hold the table as a file."""

    content: str
    file_name: str


class RestoreIn(TypedDict):
    """Say how to restore. The key is needed only where this machine does not have it."""

    dry_run: NotRequired[bool]
    safety_backup: NotRequired[bool]
    passphrase: NotRequired[str | None]
    recovery_key: NotRequired[str | None]


class RestoreOut(TypedDict):
    """Show one restore."""

    id: str
    set_id: str
    part: str
    dry_run: bool
    state: Literal["running", "done", "failed"]
    fraction: float | None
    note: str
    started_at: str
    tables: list[TableChange]
    files: int
    safety_backup: str | None
    notices: list[str]
    error: RestoreProblem | None


class RestoreProblem(TypedDict):
    """Say why a restore failed."""

    code: str
    message: str


class RoleIn(TypedDict):
    """A role in a space."""

    role: Literal["owner", "member"]


class RootIn(TypedDict):
    """A folder to open to a space."""

    space_id: str
    path: str
    label: NotRequired[str]
    purpose: NotRequired[str]
    writable: NotRequired[bool]


class RootOut(TypedDict):
    """One granted folder."""

    id: str
    space_id: str
    path: str
    label: str
    purpose: str
    writable: bool
    granted_at: str
    online: bool


class RootsOut(TypedDict):
    """Granted folders."""

    items: list[RootOut]


class RuleBeforeOut(TypedDict):
    """Show a rule that comes first for some of the files."""

    files: int
    name: str
    rule_id: str


class RuleBody(TypedDict):
    """What a rule says: when `all` or `any` of the conditions are met, do one thing."""

    action: MoveAction | CopyAction | RenameAction | TrashAction | LeaveAction | AskAction
    conditions: list[
        NameCondition
        | EndingCondition
        | KindCondition
        | MimeCondition
        | SizeCondition
        | AgeCondition
        | FolderCondition
        | TextCondition
        | CameraCondition
        | DuplicateCondition
    ]
    match: NotRequired[Literal["all", "any"]]


class RuleDefinition(TypedDict):
    """A rule with its name, as it is exported, imported and edited."""

    body: RuleBody
    enabled: NotRequired[bool]
    name: str


class RuleFileIn(TypedDict):
    """Bring rules in from a file: Homie's own JSON, or the YAML of `organize`."""

    preview: NotRequired[bool]
    text: str


class RuleFileOut(TypedDict):
    """Hold rules as a file, for keeping or for another Homie."""

    homie_rules: NotRequired[Literal[1]]
    rules: list[dict[str, Any]]


class RuleFitOut(TypedDict):
    """Show a file that the rule fits."""

    problem: str
    source: VolumePath
    target: VolumePath | None


class RuleFolderTrialOut(TypedDict):
    """Tell what the rule would do in a folder now."""

    complete: bool
    earlier: list[RuleBeforeOut]
    examples: list[RuleFitOut]
    fits: int
    looked_at: int
    unknown: int


class RuleHistoryTrialOut(TypedDict):
    """Tell what the rule would have done with what was filed."""

    complete: bool
    earlier: list[RuleBeforeOut]
    elsewhere: int
    examples: list[RuleInsteadOut]
    fits: int
    looked_at: int
    same: int
    unknown: int


class RuleImportOut(TypedDict):
    """Show what came in; imported rules are switched off where something of them could not be taken over."""

    created: list[RuleOut]
    format: Literal["homie", "organize"]
    notes: list[RuleNoteOut]
    rules: list[RuleDefinition]


class RuleIn(TypedDict):
    """Make a rule; it comes last in the order."""

    body: RuleBody
    enabled: NotRequired[bool]
    name: str


class RuleInsteadOut(TypedDict):
    """Show a file of the history that the rule would have put elsewhere."""

    action_id: str
    did: VolumePath
    problem: str
    source: VolumePath
    would: VolumePath | None


class RuleNoteOut(TypedDict):
    """Say what of a file was not taken over, and where it stands."""

    line: int | None
    part: str
    rule: str
    text: str


class RuleOut(TypedDict):
    """Show a rule. `position`: its place in the order; the first rule that fits a file decides."""

    body: dict[str, Any]
    created_at: str
    enabled: bool
    id: str
    name: str
    position: int
    sentence: str
    updated_at: str
    version: int


class RulePatch(TypedDict):
    """Change some of a rule."""

    body: NotRequired[RuleBody | None]
    enabled: NotRequired[bool | None]
    name: NotRequired[str | None]
    version: NotRequired[int | None]


class RulePlaceIn(TypedDict):
    """Put a rule at a place in the order."""

    index: int


class RuleTrialIn(TypedDict):
    """Try a rule without doing anything."""

    body: RuleBody
    days: NotRequired[int]
    path: NotRequired[str | None]
    rule_id: NotRequired[str | None]


class RuleTrialOut(TypedDict):
    """Tell what a rule would do; nothing was changed."""

    folder: RuleFolderTrialOut | None
    history: RuleHistoryTrialOut
    sentence: str
    warnings: list[str]


class RulesOut(TypedDict):
    """List the rules in their order."""

    items: list[RuleOut]


class RunOut(TypedDict):
    """Show one run of a backup, verification, clean-up or restore."""

    part: str
    action: str
    set_id: str | None
    ok: bool
    code: str
    message: str
    started_at: str
    finished_at: str


class RunOutPage(TypedDict):
    """RunOutPage"""

    items: list[FileOrganizerRunOut]
    next_cursor: NotRequired[str | None]


class SaidOut(TypedDict):
    """Hold a text in the languages of the packs."""

    de: str
    en: str


class SaleOut(TypedDict):
    """Show a sale by both methods. `proceeds_minor`: what counts against the cost, after fees."""

    average: SoldByOut
    average_steps: list[AverageStepOut]
    currency: str
    date: str
    fees_minor: int
    fifo: SoldByOut
    gross_minor: int
    proceeds_minor: int
    quantity: str
    security: str
    security_id: str
    surcharge_minor: int
    trade_id: str
    withheld_minor: int


class SalePreviewOut(TypedDict):
    """Say what the sale would bring under one method. `left_minor`: after fees and tax."""

    changes: list[FigureChangeOut]
    cost_minor: int
    fees_minor: int
    gain_minor: int
    gross_minor: int
    left_minor: int
    tax_minor: int
    taxable_gain_minor: int
    uses: list[LotUseOut]


class SalesOut(TypedDict):
    """List sales, newest first."""

    items: list[SaleOut]


class SearchGroupOut(TypedDict):
    """Hold the hits of one kind, the best first."""

    kind: str
    module: str
    text: str
    template: str
    hits: list[SearchHitOut]
    more: bool


class SearchHitOut(TypedDict):
    """Show one thing that was found."""

    kind: str
    module: str
    title: str
    subtitle: str
    route: str
    score: float
    highlights: list[SpanOut]
    space_id: str | None


class SearchOut(TypedDict):
    """Answer a search: groups with the best hit first, what was looked through, and who could not be
    asked.
    """

    query: str
    groups: list[SearchGroupOut]
    searched: list[SearchedOut]
    left_out: list[LeftOutOut]


class SearchProblemOut(TypedDict):
    """Name something that could not be read. `problem`: a folder or a file."""

    path: str
    problem: Literal["folder", "file", "picture"]


class SearchedOut(TypedDict):
    """Name one kind of thing that was looked through."""

    kind: str
    module: str
    text: str
    template: str


class SecondFactorOut(TypedDict):
    """Whether the second factor is on."""

    on: bool
    recovery_codes_left: int


class SecondFactorStartOut(TypedDict):
    """What the authenticator app needs; shown this once."""

    secret: str
    uri: str


class SecuritiesOut(TypedDict):
    """List the securities by name."""

    items: list[SecurityOut]


class SecurityIn(TypedDict):
    """Add a security. `isin` or `symbol` is what files of prices call it; `kind`: as countries tax it."""

    country: NotRequired[str]
    currency: NotRequired[str | None]
    isin: NotRequired[str]
    kind: NotRequired[SecurityKind]
    name: str
    symbol: NotRequired[str]


class SecurityOut(TypedDict):
    """Show a security."""

    country: str
    currency: str
    id: str
    isin: str
    kind: SecurityKind
    name: str
    symbol: str
    version: int


class SecurityPatch(TypedDict):
    """Change some of a security."""

    country: NotRequired[str | None]
    currency: NotRequired[str | None]
    isin: NotRequired[str | None]
    kind: NotRequired[SecurityKind | None]
    name: NotRequired[str | None]
    symbol: NotRequired[str | None]
    version: NotRequired[int | None]


class SeenListOut(TypedDict):
    """List files of the inboxes, the newest first."""

    items: list[SeenOut]


class SeenOut(TypedDict):
    """Show a file of an inbox. `path`: where it lies now, None if it cannot be reached; `undone`: taken
    back.
    """

    account_id: str | None
    batch_id: str | None
    id: str
    name: str
    path: str | None
    reason: str
    seen_at: str
    state: FileState
    undone: bool


class SeenPatch(TypedDict):
    """Want nothing of a waiting file, or let it wait after all."""

    left: bool


class SelectionIn(TypedDict):
    """Choose items: those that meet everything given; `everything` must be true to choose all."""

    category: NotRequired[str | None]
    everything: NotRequired[bool]
    folder: NotRequired[str | None]
    group_key: NotRequired[str | None]
    item_ids: NotRequired[list[str]]
    min_confidence: NotRequired[float | None]
    undecided: NotRequired[bool]


class SentPayeeOut(TypedDict):
    """Show all that is said of one payee: words of its name, a band of the amount, and which way the money
    went.
    """

    amount: str
    direction: str
    text: str


class SeriesDetailOut(TypedDict):
    """Show one series, with how its episodes are named now and what a new one would be called."""

    example: str | None
    files: int
    folder: str
    id: str
    last_at: str
    learned: str | None
    naming: Literal["", "keep", "pattern"]
    path: str | None
    pattern: str
    season_style: str
    taught: bool
    title: str
    volume_id: str


class SeriesDoc(TypedDict):
    """Where a series is kept."""

    files: NotRequired[int]
    folder: str
    last_at: str
    season_style: NotRequired[str]
    taught: NotRequired[bool]
    title: str
    title_key: str
    volume_id: str


class SeriesIn(TypedDict):
    """Say where a series is kept."""

    naming: NotRequired[Literal["", "keep", "pattern"] | None]
    path: str
    pattern: NotRequired[str | None]
    title: str


class SeriesOut(TypedDict):
    """Show where a series is kept and how it is named. `path`: the folder, or null while its drive is
    away.
    """

    files: int
    folder: str
    id: str
    last_at: str
    naming: Literal["", "keep", "pattern"]
    path: str | None
    pattern: str
    season_style: str
    taught: bool
    title: str
    volume_id: str


class SeriesOutPage(TypedDict):
    """SeriesOutPage"""

    items: list[SeriesOut]
    next_cursor: NotRequired[str | None]


class SeriesPatch(TypedDict):
    """Change what is given; what is left out stays."""

    naming: NotRequired[Literal["", "keep", "pattern"] | None]
    path: NotRequired[str | None]
    pattern: NotRequired[str | None]


class ServerOut(TypedDict):
    """Say which hub this is; nothing about its people."""

    id: str
    name: str
    version: str
    api: str


class SettingsOut(TypedDict):
    """Show your settings of the File Organizer."""

    accept_threshold: float
    ai_enabled: bool
    ai_send_content: bool
    ai_send_folders: bool
    conflict: Literal["skip", "keep-both", "replace"]
    language: Literal["en", "de"]
    learning: bool
    look_inside: bool
    trash_days: int
    trash_makes_room: bool


class SettingsPatch(TypedDict):
    """Change some settings."""

    accept_threshold: NotRequired[float | None]
    ai_enabled: NotRequired[bool | None]
    ai_send_content: NotRequired[bool | None]
    ai_send_folders: NotRequired[bool | None]
    conflict: NotRequired[Literal["skip", "keep-both", "replace"] | None]
    language: NotRequired[Literal["en", "de"] | None]
    learning: NotRequired[bool | None]
    look_inside: NotRequired[bool | None]
    trash_days: NotRequired[int | None]
    trash_makes_room: NotRequired[bool | None]


class SettlementOut(TypedDict):
    """Show what a payment does. `difference_minor`: still open after it; negative: paid too much."""

    amount_minor: int
    claim: ClaimOut
    currency: str
    date: str
    difference_minor: int
    skonto_minor: int
    words: str


class SetupIn(TypedDict):
    """The first owner."""

    code: str
    name: str
    password: str
    display_name: NotRequired[str | None]
    household: NotRequired[str]
    folders: NotRequired[list[str]]
    device: NotRequired[str]
    cookie: NotRequired[bool]


class SetupOut(TypedDict):
    """Whether a first owner is awaited."""

    state: SetupState


class SetupTokenIn(TypedDict):
    """Connect by a setup token of SimpleFIN, which works once."""

    setup_token: str


class SharesTransferIn(TypedDict):
    """Move shares to another depot of yours, with their cost and days. `arrived`: the same day where left
    out.
    """

    arrived: NotRequired[str | None]
    date: str
    from_depot_id: str
    note: NotRequired[str]
    quantity: str
    security_id: str
    to_depot_id: str


class SharesTransferOut(TypedDict):
    """Show both sides of a transfer."""

    arrived: TradeOut
    left: TradeOut


class SignOut(TypedDict):
    """Show by what Homie knows some files: `files` of all `total` with this sign went to the folder."""

    files: int
    last_at: str
    sign: str
    total: int


class SignedInOut(TypedDict):
    """A device that was just logged in."""

    tokens: TokensOut
    person: PersonOut


class SiteOut(TypedDict):
    """Show a project with everything in it."""

    change_orders: list[ChangeOrderOut]
    contracts: list[ContractOut]
    currency: str
    finish_on: str | None
    id: str
    invoices: list[InvoiceOut]
    lines: list[BudgetLineOut]
    name: str
    note: str
    payments: list[PaymentOut]
    releases: list[ReleaseOut]
    scheme: Scheme
    sources: list[MoneySourceOut]
    version: int


class SizeCondition(TypedDict):
    """The size in bytes, both bounds included."""

    at_least: NotRequired[int | None]
    at_most: NotRequired[int | None]
    negate: NotRequired[bool]
    what: NotRequired[Literal["size"]]


class SkippedPriceOut(TypedDict):
    """Show a row that is no price, and why."""

    line: int
    reason: str
    text: str


class SliceOut(TypedDict):
    """Show one part of the whole. `share`: hundredths of a percent; they sum to 10,000."""

    label: str
    share: int
    value_minor: int


class SoldByOut(TypedDict):
    """Say what one method makes of a sale, and from which lots (FIFO) or pools (average)."""

    cost_minor: int
    exempt_gain_minor: int
    gain_minor: int
    uses: list[LotUseOut]


class SourceIn(TypedDict):
    """Add money for the project. `available_on`: from that day on; left out: it is there already."""

    amount_minor: int
    available_on: NotRequired[str | None]
    kind: NotRequired[SourceKind]
    note: NotRequired[str]
    project_id: str
    title: str


class SourceOut(TypedDict):
    """Show a trade or transaction behind a figure. `rate`: null where it was in the report's own currency."""

    date: str
    id: str
    kind: Literal["trade", "transaction"]
    rate: RateUsedOut | None
    security: str
    title: str
    trade_kind: str


class SourcePatch(TypedDict):
    """Change some of a source of money."""

    amount_minor: NotRequired[int | None]
    available_on: NotRequired[str | None]
    kind: NotRequired[SourceKind | None]
    note: NotRequired[str | None]
    title: NotRequired[str | None]
    version: NotRequired[int | None]


class SpaceIn(TypedDict):
    """A household space."""

    name: str


class SpaceNeedOut(TypedDict):
    """Say what a drive must hold. `needed`: bytes that come from other drives; a move within one needs
    none.
    """

    enough: bool
    free: int | None
    label: str
    needed: int
    online: bool
    volume_id: str
    writable: bool


class SpaceOut(TypedDict):
    """One space, and the asking person's role in it."""

    id: str
    kind: Literal["private", "household"]
    name: str
    role: Literal["owner", "member"]
    created_at: str


class SpacesOut(TypedDict):
    """The person's spaces, the private one first."""

    items: list[SpaceOut]


class SpanOut(TypedDict):
    """Say where in the title a typed word is."""

    start: int
    end: int


class SpentBesideOut(TypedDict):
    """Say what expenses no budget of the month counts in a currency."""

    currency: str
    spent_minor: int


class StatementIn(TypedDict):
    """Give a statement: its bytes in base64, or its path in an opened folder."""

    account_id: str
    content: NotRequired[str | None]
    layout: NotRequired[LayoutIn | None]
    name: NotRequired[str]
    path: NotRequired[str | None]
    trust: NotRequired[bool]


class StatusOut(TypedDict):
    """Say how the backups stand."""

    directory: str
    reachable: bool
    free_bytes: int | None
    next_run: str | None
    encrypted: bool
    parts: list[PartOut]
    problems: list[str]
    hints: list[str]


class StepAnswerIn(TypedDict):
    """Answer a step: the PIN, one of the choices, the TAN, or nothing after a yes in the bank's app."""

    answer: str
    step: str


class StepAnsweredOut(TypedDict):
    """Say what came of an answer: another step in the connection, or what was booked."""

    connection: BankConnectionOut
    items: list[AccountFetchedOut]


class StepChoiceOut(TypedDict):
    """Offer one answer to a step, with the bank's name of it."""

    answer: str
    name: str


class SubfolderOut(TypedDict):
    """Show a folder inside another."""

    name: str
    place: VolumePath


class SubfolderOutPage(TypedDict):
    """SubfolderOutPage"""

    items: list[SubfolderOut]
    next_cursor: NotRequired[str | None]


class SuggestedBookingOut(TypedDict):
    """Show a booking that may pay an invoice or a release. `amount_minor`: what of it pays for nothing
    yet.
    """

    amount_minor: int
    counterparty: str
    date: str
    purpose: str
    score: float
    settlement: SettlementOut
    transaction_id: str


class SuggestedBookingsOut(TypedDict):
    """List the best few."""

    items: list[SuggestedBookingOut]


class SuggestedListOut(TypedDict):
    """List the best few. `left_minor`: what of the booking pays for nothing yet; `paid`: what it paid."""

    currency: str
    items: list[SuggestedOut]
    left_minor: int
    paid: list[PaidClaimOut]


class SuggestedOut(TypedDict):
    """Show an open invoice or release that a booking may pay. `score`: 0 to 1."""

    claim_id: str
    kind: Literal["invoice", "release"]
    project_id: str
    score: float
    settlement: SettlementOut
    title: str
    vendor: str


class SuggestionOut(TypedDict):
    """Show a category that a booking may have. `confidence`: 0 to 1."""

    category_id: str
    confidence: float


class TableChange(TypedDict):
    """Say how many rows a table has now and will have; `now` is null where the database cannot be read."""

    table: str
    now: int | None
    restored: int


class TableOut(TypedDict):
    """Show how the table was read. `columns`: role -> number of the column; `chosen`: as you said, now or
    earlier.
    """

    chosen: bool
    columns: dict[str, int]
    heading: list[str]


class TagIn(TypedDict):
    """Name a tag."""

    tag: str


class TagOut(TypedDict):
    """Show a tag with how many transactions have it."""

    name: str
    transactions: int


class TagRenameIn(TypedDict):
    """Call a tag otherwise; a name that is a tag already makes one of both."""

    name: str
    tag: str


class TagsOut(TypedDict):
    """List the tags by name."""

    items: list[TagOut]


class TakeBackIn(TypedDict):
    """Name the step to take back by the version that it made (`version` of the answer)."""

    version: int


class TaxPackOut(TypedDict):
    """Show the rules of a country and year. `status`: how far they were checked; `securities`: they count
    depots.
    """

    country: str
    currency: str
    disclaimer: SaidOut
    purposes: list[PurposeOut]
    securities: bool
    status: str
    title: SaidOut
    year: int


class TaxPacksOut(TypedDict):
    """List the rules that there are."""

    items: list[TaxPackOut]


class TaxReportOut(TypedDict):
    """Show every figure of a year. It is no tax advice: `status` and `disclaimer` go wherever figures are
    shown.
    """

    country: str
    currency: str
    disclaimer: SaidOut
    figures: list[FinancialManagerFigureOut]
    left_out: list[FinancialManagerLeftOutOut]
    status: str
    status_de: str
    title: SaidOut
    year: int


class TemplateOut(TypedDict):
    """Show one kind's template. `example`: what it makes of a made-up file."""

    example: str
    fields: list[str]
    kind: NameKind
    on: bool
    template: str


class TemplatePatch(TypedDict):
    """Change one template."""

    on: NotRequired[bool | None]
    template: NotRequired[str | None]


class TemplateTryIn(TypedDict):
    """Try a template without storing it."""

    kind: NameKind
    template: str


class TemplateTryOut(TypedDict):
    """Show what a template would make of names, or what is wrong with it."""

    examples: list[NamePairOut]
    ok: bool
    problem: str | None
    remedy: str | None


class TemplatesPatch(TypedDict):
    """Change the templates that are given."""

    absolute: NotRequired[TemplatePatch | None]
    daily: NotRequired[TemplatePatch | None]
    episode: NotRequired[TemplatePatch | None]
    film: NotRequired[TemplatePatch | None]


class TextCondition(TypedDict):
    """What is written inside of the document. `words`: all words of one value, in any order."""

    case_sensitive: NotRequired[bool]
    how: NotRequired[Literal["words", "phrase", "regex"]]
    negate: NotRequired[bool]
    values: list[str]
    what: NotRequired[Literal["text"]]


class TokensOut(TypedDict):
    """The tokens of a device. With cookies they are null here, and `csrf_token` is set."""

    session_id: str
    access_token: str | None
    refresh_token: str | None
    access_seconds: int
    refresh_seconds: int
    csrf_token: NotRequired[str | None]


class ToldOut(TypedDict):
    """Show one sentence, and where it leads: a category or words in the month, a transaction, a recurring
    payment.
    """

    amount_minor: int
    category_id: str | None
    currency: str
    kind: Literal[
        "total",
        "category_up",
        "category_down",
        "income_up",
        "income_down",
        "new_payee",
        "new_recurring",
        "price",
        "missing_income",
        "large",
    ]
    recurring_id: str | None
    text: str
    transaction_id: str | None
    usual_minor: int | None
    words: str


class TradeIn(TypedDict):
    """Book a trade. `amount_minor`: gross, before fees and taxes. Which values a kind takes: its error
    says so.
    """

    acquired: NotRequired[str | None]
    amount_minor: NotRequired[int]
    country: NotRequired[str]
    currency: NotRequired[str | None]
    date: str
    depot_id: str
    fees_minor: NotRequired[int]
    foreign_withheld_minor: NotRequired[int]
    fx_rate: NotRequired[str | None]
    income_minor: NotRequired[int]
    kind: TradeKind
    note: NotRequired[str]
    quantity: NotRequired[str | None]
    security_id: NotRequired[str | None]
    sequence: NotRequired[int]
    sign: NotRequired[Literal[1, -1]]
    split_new: NotRequired[str | None]
    split_old: NotRequired[str | None]
    surcharge_minor: NotRequired[int]
    transaction_id: NotRequired[str | None]
    transfer: NotRequired[str]
    withheld_minor: NotRequired[int]


class TradeOut(TypedDict):
    """Show a trade."""

    acquired: str | None
    amount_minor: int
    country: str
    currency: str
    date: str
    depot_id: str
    fees_minor: int
    foreign_withheld_minor: int
    fx_rate: str | None
    id: str
    income_minor: int
    kind: TradeKind
    note: str
    quantity: str | None
    security_id: str | None
    sequence: int
    sign: int
    split_new: str | None
    split_old: str | None
    surcharge_minor: int
    transaction_id: str | None
    transfer: str
    version: int
    withheld_minor: int


class TradeOutPage(TypedDict):
    """TradeOutPage"""

    items: list[TradeOut]
    next_cursor: NotRequired[str | None]


class TradePatch(TypedDict):
    """Change some of a trade."""

    acquired: NotRequired[str | None]
    amount_minor: NotRequired[int | None]
    country: NotRequired[str | None]
    currency: NotRequired[str | None]
    date: NotRequired[str | None]
    depot_id: NotRequired[str | None]
    fees_minor: NotRequired[int | None]
    foreign_withheld_minor: NotRequired[int | None]
    fx_rate: NotRequired[str | None]
    income_minor: NotRequired[int | None]
    kind: NotRequired[TradeKind | None]
    note: NotRequired[str | None]
    quantity: NotRequired[str | None]
    security_id: NotRequired[str | None]
    sequence: NotRequired[int | None]
    sign: NotRequired[Literal[1, -1] | None]
    split_new: NotRequired[str | None]
    split_old: NotRequired[str | None]
    surcharge_minor: NotRequired[int | None]
    transaction_id: NotRequired[str | None]
    transfer: NotRequired[str | None]
    version: NotRequired[int | None]
    withheld_minor: NotRequired[int | None]


class TrailOut(TypedDict):
    """Show one line of how a figure was made."""

    amount_minor: int | None
    label: SaidOut
    rate: str
    sign: str


class TransactionIn(TypedDict):
    """Enter a transaction. `amount_minor`: negative for what left the account."""

    account_id: str
    amount_minor: int
    category_id: NotRequired[str | None]
    counterparty: NotRequired[str]
    date: str
    note: NotRequired[str]
    parts: NotRequired[list[PartIn]]
    planned: NotRequired[bool]
    purpose: NotRequired[str]
    tags: NotRequired[list[str]]


class TransactionOut(TypedDict):
    """Show a transaction. `payee`: the name that you gave whoever is written as `counterparty`."""

    account_id: str
    amount_minor: int
    batch_id: str | None
    counterparty: str
    currency: str
    date: str
    iban: str
    id: str
    note: str
    parts: list[FinancialManagerPartOut]
    payee: str
    planned: bool
    purpose: str
    tags: list[str]
    value_date: str | None
    version: int


class TransactionOutPage(TypedDict):
    """TransactionOutPage"""

    items: list[TransactionOut]
    next_cursor: NotRequired[str | None]


class TransactionPatch(TypedDict):
    """Change some of a transaction."""

    account_id: NotRequired[str | None]
    amount_minor: NotRequired[int | None]
    category_id: NotRequired[str | None]
    counterparty: NotRequired[str | None]
    date: NotRequired[str | None]
    note: NotRequired[str | None]
    parts: NotRequired[list[PartIn] | None]
    planned: NotRequired[bool | None]
    purpose: NotRequired[str | None]
    tags: NotRequired[list[str] | None]
    version: NotRequired[int | None]


class TransactionsDeletedOut(TypedDict):
    """Say how many went. `payments`: of houses that went along; undoing `change_id` brings all of it back."""

    change_id: str | None
    count: int
    payments: int


class TransferIn(TypedDict):
    """Name two bookings: the one that took the money, and the one that brought it."""

    in_id: str
    out_id: str


class TransferOut(TypedDict):
    """Show two bookings that may be one transfer, with what speaks for it."""

    into: TransactionOut
    out: TransactionOut
    reason: str
    score: float


class TransfersOut(TypedDict):
    """List the pairs that wait, the surest first."""

    items: list[TransferOut]


class TrashAction(TypedDict):
    """Put the file into the trash of its drive."""

    do: NotRequired[Literal["trash"]]


class TrashIn(TypedDict):
    """Put a file or folder into its drive's trash."""

    op: Literal["trash"]
    source: str


class TrashItemOut(TypedDict):
    """Show one thing in the trash: where it was, since when it is here, who put it here and in which run."""

    expires_at: str | None
    files: int | None
    id: str
    is_folder: bool
    name: str
    online: bool
    owner_id: str
    path: str
    place: VolumePath
    run_id: str
    run_kind: str
    run_title: str
    size: int | None
    trashed_at: str
    user_id: str


class TrashItemOutPage(TypedDict):
    """TrashItemOutPage"""

    items: list[TrashItemOut]
    next_cursor: NotRequired[str | None]


class TrashVolumeOut(TypedDict):
    """Sum up the trash of one folder of yours."""

    bytes: int
    items: int
    label: str
    oldest_at: str
    online: bool
    owner_id: str
    volume_id: str


class TrashVolumesOut(TypedDict):
    """Sum up the trash, volume by volume, the fullest first."""

    bytes: int
    days: int
    items: list[TrashVolumeOut]
    makes_room: bool
    total: int


class TreeFolderOut(TypedDict):
    """Show one folder of a plan: one that files go to or, on the other side, come from."""

    accepted: int
    asking: int
    bytes: int
    highest_confidence: float
    items: int
    lowest_confidence: float
    place: VolumePath
    rejected: int
    suggested: int


class TreeFolderOutPage(TypedDict):
    """TreeFolderOutPage"""

    items: list[TreeFolderOut]
    next_cursor: NotRequired[str | None]


class UndoDayIn(TypedDict):
    """Take back everything of one day."""

    day: str
    keep_both: NotRequired[bool]
    utc_offset_minutes: NotRequired[int]


class UndoFileIn(TypedDict):
    """Take back the step that put a file where it is now."""

    keep_both: NotRequired[bool]
    path: str


class UndoIn(TypedDict):
    """Take something back."""

    keep_both: NotRequired[bool]


class UnreadOut(TypedDict):
    """Say how many are unread."""

    unread: int


class UploadLinkIn(TypedDict):
    """Ask for a link to the upload page."""

    folder: str
    back: NotRequired[str]
    ttl: NotRequired[int]


class UploadLinkOut(TypedDict):
    """Show a link to the upload page."""

    url: str
    folder: str
    expires_at: str


class UploadOut(TypedDict):
    """Show one upload. `received` counts bytes that are safely on the drive."""

    id: str
    owner_id: str
    volume_id: str
    folder: str
    name: str
    size: int
    received: int
    state: Literal["open", "finished"]
    path: str | None
    created_at: str
    expires_at: str


class UploadOutPage(TypedDict):
    """UploadOutPage"""

    items: list[UploadOut]
    next_cursor: NotRequired[str | None]


class UsageOut(TypedDict):
    """Show what AI cost, by month for your spaces; admins also see the household's month against its
    budget.
    """

    months: list[MonthOut]
    household_month: MonthOut | None
    monthly_budget_micro_usd: int | None
    monthly_tokens: int | None


class VerificationOut(TypedDict):
    """Show what was found when files were read again last."""

    at: str
    away: list[str]
    bytes: int
    changed: int
    checked: int
    complete: bool
    damaged: int
    findings: list[FindingOut]
    gone: int
    good: int
    recorded: int
    sample: int | None
    unreadable: int


class VerificationStateOut(TypedDict):
    """Show the last result, if there is one."""

    last: VerificationOut | None


class VerifyIn(TypedDict):
    """Say how many files are read again: a sample, or everything."""

    everything: NotRequired[bool]
    sample: NotRequired[int | None]


class VolumePath(TypedDict):
    """VolumePath"""

    path: str
    volume_id: str


class WaitingOut(TypedDict):
    """Count what still waits for a decision. `gain`: bytes that the suggestions would win."""

    files: NotRequired[int]
    gain: NotRequired[int]
    groups: NotRequired[int]


class WaitingOutPage(TypedDict):
    """WaitingOutPage"""

    items: list[FinancialManagerWaitingOut]
    next_cursor: NotRequired[str | None]


class WatchedIn(TypedDict):
    """Begin to watch a folder."""

    daily_limit: NotRequired[int]
    mode: NotRequired[Literal["suggest", "file"]]
    path: str
    settle_seconds: NotRequired[int]
    threshold: NotRequired[float]


class WatchedListOut(TypedDict):
    """All watched folders, and when the daily digest is told."""

    digest_hour: int | None
    indexed_files: int
    items: list[WatchedOut]
    time_zone: str


class WatchedOut(TypedDict):
    """Show a watched folder."""

    active_at: str | None
    daily_limit: int
    filed_today: int
    held_back: int
    id: str
    mode: Literal["suggest", "file"]
    name: str
    owner_id: str
    path: str
    paused: bool
    place: VolumePath
    plan_id: str | None
    settle_seconds: int
    settling: int
    state: Literal["starting", "watching", "checking", "limit", "away", "gone", "paused"]
    tended_at: str | None
    threshold: float
    waiting: int


class WatchedPatch(TypedDict):
    """Change how a folder is watched; what is left out stays."""

    daily_limit: NotRequired[int | None]
    mode: NotRequired[Literal["suggest", "file"] | None]
    paused: NotRequired[bool | None]
    settle_seconds: NotRequired[int | None]
    threshold: NotRequired[float | None]


class WhatIfIn(TypedDict):
    """Think about a sale. `country`: whose tax rules count (AT, DE), or nobody's; `joint`: with the
    spouse.
    """

    country: NotRequired[str]
    currency: NotRequired[str | None]
    depot_id: str
    fees_minor: NotRequired[int]
    fx_rate: NotRequired[str | None]
    joint: NotRequired[bool]
    on: NotRequired[str | None]
    price: str
    quantity: str
    security_id: str


class WhatIfOut(TypedDict):
    """Put both methods side by side. `method`: the one that the chosen country counts by. This is no tax
    advice.
    """

    average: SalePreviewOut
    currency: str
    disclaimer_de: str
    disclaimer_en: str
    fifo: SalePreviewOut
    method: str | None
    status: str
    status_de: str


class WhyIn(TypedDict):
    """Ask why one suggestion is as it is."""

    language: NotRequired[Literal["en", "de"]]


class WorthOut(TypedDict):
    """List the series, by currency."""

    items: list[WorthPointOut]


class WorthPointOut(TypedDict):
    """Say what the household held at the end of a day."""

    currency: str
    day: str
    worth_minor: int


class YearSumOut(TypedDict):
    """Say what a category came to in a year; positive is money that left the household."""

    bookings: int
    category_id: str | None
    currency: str
    spent_minor: int
    year: int


class YearsOut(TypedDict):
    """List year x category; transfers are left out."""

    items: list[YearSumOut]
