"""The types of the hub's API.

Written by scripts/write-api-client: do not edit. A written file may exceed 400 lines.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

__all__ = [
    "AcceptIn",
    "ActionOut",
    "ActionOutPage",
    "AddressOut",
    "AddressesOut",
    "AgeCondition",
    "AiKeyIn",
    "AiSettingsIn",
    "AiSettingsOut",
    "AiStatusOut",
    "AlternativeOut",
    "AskAction",
    "AttentionOut",
    "AuditEntryOut",
    "AuditEntryOutPage",
    "AuditVerifyOut",
    "BackupIn",
    "BackupKeyIn",
    "BackupListOut",
    "BackupOut",
    "BackupSettingsIn",
    "BackupSettingsOut",
    "BrowsedFolderOut",
    "BrowsedOut",
    "CallOut",
    "CallOutPage",
    "CameraCondition",
    "CategoryCountsOut",
    "ChainOut",
    "ChangedOut",
    "Check",
    "CodeIn",
    "CompressIn",
    "ConfidenceBandOut",
    "ConflictOut",
    "ConnectionOut",
    "CopyAction",
    "CopyIn",
    "CopyOut",
    "CopyPatch",
    "CountsOut",
    "DestinationDoc",
    "DestinationOut",
    "DestinationOutPage",
    "DestinationPatch",
    "DeviceOut",
    "DevicesOut",
    "DigestIn",
    "DigestOut",
    "DisplayNameIn",
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
    "EventOut",
    "EventsOut",
    "ExecuteIn",
    "ExportListOut",
    "ExportOut",
    "ExportQueuedOut",
    "ExtractIn",
    "FieldProblemOut",
    "FigureOut",
    "FileIndexOut",
    "FileOrganizerRestoreIn",
    "FileOrganizerRunOut",
    "FindingOut",
    "Folder",
    "FolderCondition",
    "FolderHitOut",
    "FolderOut",
    "FolderOutPage",
    "FolderRuleIn",
    "FolderRuleOut",
    "FolderRuleOutPage",
    "FolderSearchOut",
    "ForgetEverythingIn",
    "ForgottenOut",
    "GroupPatch",
    "HealthOut",
    "HomeBackupOut",
    "HomeJobsOut",
    "HomeOut",
    "ImportIn",
    "ImportedOut",
    "IndexRefreshIn",
    "IndexedFolderOut",
    "InvitationIn",
    "InvitationOut",
    "InvitationsOut",
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
    "LearnedFileOut",
    "LearnedFileOutPage",
    "LeaveAction",
    "LeftOut",
    "LeftOutOut",
    "LessonDoc",
    "LinkIn",
    "LinkOut",
    "LoginIn",
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
    "MonthOut",
    "MoveAction",
    "MoveIn",
    "NameCondition",
    "NameKind",
    "NamePairOut",
    "NamingOut",
    "NamingPatch",
    "NotificationKindOut",
    "NotificationKindsOut",
    "NotificationOut",
    "Notifications",
    "NotificationsOut",
    "OperationsIn",
    "OptInIn",
    "OptInOut",
    "OptInsOut",
    "OtherIdeasIn",
    "PartOut",
    "PasswordChangeIn",
    "PasswordResetIn",
    "PayloadOut",
    "PayloadOutPage",
    "PeopleOut",
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
    "Preferences",
    "PreferencesIn",
    "PriceIn",
    "PriceOut",
    "ProblemOut",
    "ProblemsOut",
    "ProjectIn",
    "ProjectMarkOut",
    "ProjectOut",
    "ProjectOutPage",
    "PutAwayOut",
    "PutCopiesAwayIn",
    "QrIn",
    "QrOut",
    "QueuedJob",
    "QueuedOut",
    "ReauthenticateIn",
    "RecentFoldersOut",
    "RecoveryCodesOut",
    "RefreshIn",
    "RememberIn",
    "RememberedOut",
    "RenameAction",
    "RenameIn",
    "RestoreIn",
    "RestoreOut",
    "RestoreProblem",
    "RoleIn",
    "RootIn",
    "RootOut",
    "RootsOut",
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
    "SearchGroupOut",
    "SearchHitOut",
    "SearchOut",
    "SearchProblemOut",
    "SearchedOut",
    "SecondFactorOut",
    "SecondFactorStartOut",
    "SelectionIn",
    "SeriesDetailOut",
    "SeriesDoc",
    "SeriesIn",
    "SeriesOut",
    "SeriesOutPage",
    "SeriesPatch",
    "ServerOut",
    "SettingsOut",
    "SettingsPatch",
    "SetupIn",
    "SetupOut",
    "SetupState",
    "SignOut",
    "SignedInOut",
    "SizeCondition",
    "SpaceIn",
    "SpaceNeedOut",
    "SpaceOut",
    "SpacesOut",
    "SpanOut",
    "StatusOut",
    "SubfolderOut",
    "SubfolderOutPage",
    "TableChange",
    "TakeBackIn",
    "TemplateOut",
    "TemplatePatch",
    "TemplateTryIn",
    "TemplateTryOut",
    "TemplatesPatch",
    "TextCondition",
    "TokensOut",
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
    "WatchedIn",
    "WatchedListOut",
    "WatchedOut",
    "WatchedPatch",
    "Why",
    "WhyIn",
]

Check: TypeAlias = Literal["unverified", "verified", "damaged"]

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

SetupState: TypeAlias = Literal["open", "closed", "blocked"]

Why: TypeAlias = Literal["home", "marker", "person"]


class AcceptIn(TypedDict):
    """A new person with an invitation."""

    code: str
    name: str
    password: str
    display_name: NotRequired[str | None]
    device: NotRequired[str]
    cookie: NotRequired[bool]


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


class AlternativeOut(TypedDict):
    """Show another folder that would do."""

    confidence: float
    place: VolumePath
    reason: str


class AskAction(TypedDict):
    """Always ask a person, however sure Homie is."""

    do: NotRequired[Literal["ask"]]


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


class ChainOut(TypedDict):
    """Tell what happened to one file, first things first."""

    items: list[ActionOut]


class ChangedOut(TypedDict):
    """Say how many items changed."""

    changed: int
    version: int


class CodeIn(TypedDict):
    """A code as it was typed."""

    code: str


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


class DisplayNameIn(TypedDict):
    """How to be shown."""

    display_name: str


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


class ExecuteIn(TypedDict):
    """Carry a plan out."""

    skip_changed: NotRequired[bool]


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


class FieldProblemOut(TypedDict):
    """Say what is wrong with one input field."""

    name: str
    problem: str
    remedy: str


class FigureOut(TypedDict):
    """Show one key figure of a card."""

    key: str
    text: str
    template: str
    value: float
    unit: Literal["count", "bytes", "percent", "moment"]


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


class FindingOut(TypedDict):
    """Show one file that is not as it was."""

    condition: Literal["damaged", "unreadable", "changed", "gone"]
    path: str
    place: VolumePath


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


class FolderHitOut(TypedDict):
    """Show one folder to choose."""

    files: int
    label: str
    name: str
    path: str
    place: VolumePath
    score: float
    why: Literal["learned", "recent", "name", "root"]


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


class ForgetEverythingIn(TypedDict):
    """Forget everything. `confirm` must be true."""

    confirm: bool


class ForgottenOut(TypedDict):
    """Say what was forgotten; `key` takes it back for a day."""

    files: int
    key: str


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


class ImportIn(TypedDict):
    """Add what was exported before."""

    document: dict[str, Any]


class ImportedOut(TypedDict):
    """Say how many files are new to the memory."""

    files: int


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


class MonthOut(TypedDict):
    """Sum up one month."""

    month: str
    calls: int
    input_tokens: int
    output_tokens: int
    cost_micro_usd: int


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


class OtherIdeasIn(TypedDict):
    """Ask for other folders for some suggestions; their present ones count as refused."""

    item_ids: list[str]


class PartOut(TypedDict):
    """Say how one part stands."""

    part: str
    backups: int
    last_backup: str | None
    last_verified: str | None
    last_run: RunOut | None
    problems: list[str]


class PasswordChangeIn(TypedDict):
    """The present password and the new one."""

    current_password: str
    new_password: str


class PasswordResetIn(TypedDict):
    """A code from an administrator and the new password."""

    code: str
    password: str


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


class PeopleOut(TypedDict):
    """Everybody with an account."""

    items: list[PersonOut]


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


class ReauthenticateIn(TypedDict):
    """The proof that it is still you."""

    password: str
    code: NotRequired[str | None]


class RecentFoldersOut(TypedDict):
    """List folders that files were put into lately, the newest first."""

    items: list[FolderHitOut]


class RecoveryCodesOut(TypedDict):
    """The recovery codes; shown this once."""

    codes: list[str]


class RefreshIn(TypedDict):
    """A refresh token; browsers send none, theirs is in the cookie."""

    refresh_token: NotRequired[str | None]


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


class SelectionIn(TypedDict):
    """Choose items: those that meet everything given; `everything` must be true to choose all."""

    category: NotRequired[str | None]
    everything: NotRequired[bool]
    folder: NotRequired[str | None]
    group_key: NotRequired[str | None]
    item_ids: NotRequired[list[str]]
    min_confidence: NotRequired[float | None]
    undecided: NotRequired[bool]


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


class SizeCondition(TypedDict):
    """The size in bytes, both bounds included."""

    at_least: NotRequired[int | None]
    at_most: NotRequired[int | None]
    negate: NotRequired[bool]
    what: NotRequired[Literal["size"]]


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


class SubfolderOut(TypedDict):
    """Show a folder inside another."""

    name: str
    place: VolumePath


class SubfolderOutPage(TypedDict):
    """SubfolderOutPage"""

    items: list[SubfolderOut]
    next_cursor: NotRequired[str | None]


class TableChange(TypedDict):
    """Say how many rows a table has now and will have; `now` is null where the database cannot be read."""

    table: str
    now: int | None
    restored: int


class TakeBackIn(TypedDict):
    """Name the step to take back by the version that it made (`version` of the answer)."""

    version: int


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


class WhyIn(TypedDict):
    """Ask why one suggestion is as it is."""

    language: NotRequired[Literal["en", "de"]]
