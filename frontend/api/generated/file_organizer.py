"""The operations below /api/v1/file_organizer.

Written by scripts/write-api-client: do not edit. A written file may exceed 400 lines.
"""

from __future__ import annotations

from typing import Literal, cast

from frontend.api.generated.schemas import (
    ActionOutPage,
    AiStatusOut,
    ChainOut,
    ChangedOut,
    CopyPatch,
    DestinationOut,
    DestinationOutPage,
    DestinationPatch,
    DigestIn,
    DigestOut,
    DriveAnswerIn,
    DriveOut,
    DrivePatch,
    DrivesOut,
    DuplicateGroupOut,
    DuplicateGroupOutPage,
    DuplicateSearchIn,
    DuplicateSearchOut,
    DuplicateSearchOutPage,
    EmptyIn,
    ExecuteIn,
    FileIndexOut,
    FileOrganizerRestoreIn,
    FileOrganizerRunOut,
    FolderOutPage,
    FolderRuleIn,
    FolderRuleOut,
    FolderRuleOutPage,
    FolderSearchOut,
    ForgetEverythingIn,
    ForgottenOut,
    GroupPatch,
    ImportedOut,
    ImportIn,
    IndexRefreshIn,
    ItemOut,
    ItemOutPage,
    ItemPatch,
    JobRefOut,
    JunkChoiceIn,
    JunkLeaveIn,
    JunkOutPage,
    JunkSearchIn,
    JunkSearchOut,
    JunkSearchOutPage,
    LearnedFileOutPage,
    LeftOut,
    MemoryDocumentOut,
    MemorySummaryOut,
    MemoryWhyIn,
    MemoryWhyListOut,
    NamingOut,
    NamingPatch,
    OperationsIn,
    OtherIdeasIn,
    PlanIn,
    PlanOut,
    PlanOutPage,
    PlanPreviewOut,
    PlanSummaryOut,
    PluggedDrivesOut,
    ProblemsOut,
    ProjectIn,
    ProjectMarkOut,
    ProjectOutPage,
    PutAwayOut,
    PutCopiesAwayIn,
    RecentFoldersOut,
    RememberedOut,
    RememberIn,
    RuleFileIn,
    RuleFileOut,
    RuleImportOut,
    RuleIn,
    RuleOut,
    RulePatch,
    RulePlaceIn,
    RulesOut,
    RuleTrialIn,
    RuleTrialOut,
    RunOutPage,
    SelectionIn,
    SeriesDetailOut,
    SeriesIn,
    SeriesOutPage,
    SeriesPatch,
    SettingsOut,
    SettingsPatch,
    SubfolderOutPage,
    TakeBackIn,
    TemplateTryIn,
    TemplateTryOut,
    TrashItemOutPage,
    TrashVolumesOut,
    TreeFolderOutPage,
    UndoDayIn,
    UndoFileIn,
    UndoIn,
    VerificationStateOut,
    VerifyIn,
    WatchedIn,
    WatchedListOut,
    WatchedOut,
    WatchedPatch,
    WhyIn,
)
from frontend.api.transport import Transport, new_idempotency_key, segment


class FileOrganizerApi:
    """The operations below /api/v1/file_organizer."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def accept(
        self, plan_id: str, body: SelectionIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> ChangedOut:
        """Accept the chosen suggestions; groups as a whole."""
        return cast(
            "ChangedOut",
            await self._transport.call(
                "POST",
                f"/api/v1/file_organizer/plans/{segment(plan_id)}/accept",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def add_watched(
        self, body: WatchedIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> WatchedOut:
        """Begin to watch a folder."""
        return cast(
            "WatchedOut",
            await self._transport.call(
                "POST",
                "/api/v1/file_organizer/watched",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def answer_about_drive(self, id: str, body: DriveAnswerIn, *, space: str | None = None) -> DrivesOut:
        """Say which one is the drive, when it was found twice or on another filesystem."""
        return cast(
            "DrivesOut",
            await self._transport.call(
                "POST", f"/api/v1/file_organizer/drives/{segment(id)}/answer", body=body, space=space
            ),
        )

    async def ask_why(self, body: MemoryWhyIn, *, space: str | None = None) -> MemoryWhyListOut:
        """Say where files with these names would go by what was learned, and why. Changes nothing."""
        return cast(
            "MemoryWhyListOut",
            await self._transport.call("POST", "/api/v1/file_organizer/learned/why", body=body, space=space),
        )

    async def carry_out(
        self, body: OperationsIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> JobRefOut:
        """Make folders, move, copy, rename, trash, unpack or pack."""
        return cast(
            "JobRefOut",
            await self._transport.call(
                "POST",
                "/api/v1/file_organizer/operations",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def chain_at(self, *, volume_id: str, path: str | None = None, space: str | None = None) -> ChainOut:
        """Tell what happened to the file at a place, first things first; nothing if Homie never moved it."""
        return cast(
            "ChainOut",
            await self._transport.call(
                "GET", "/api/v1/file_organizer/actions/chain", query={"volume_id": volume_id, "path": path}, space=space
            ),
        )

    async def chain_of(self, id: str, *, space: str | None = None) -> ChainOut:
        """Tell what happened to the file of a step, first things first."""
        return cast(
            "ChainOut",
            await self._transport.call("GET", f"/api/v1/file_organizer/actions/{segment(id)}/chain", space=space),
        )

    async def change_destination(self, id: str, body: DestinationPatch, *, space: str | None = None) -> DestinationOut:
        """Name or colour a folder, or say that what went there belongs somewhere else. Moves no file."""
        return cast(
            "DestinationOut",
            await self._transport.call(
                "PATCH", f"/api/v1/file_organizer/destinations/{segment(id)}", body=body, space=space
            ),
        )

    async def change_digest(self, body: DigestIn, *, space: str | None = None) -> DigestOut:
        """Say at which hour you are told what was filed and what waits, or never."""
        return cast(
            "DigestOut",
            await self._transport.call("PATCH", "/api/v1/file_organizer/watched/digest", body=body, space=space),
        )

    async def change_drive(self, id: str, body: DrivePatch, *, space: str | None = None) -> DriveOut:
        """Say what a drive is for."""
        return cast(
            "DriveOut",
            await self._transport.call("PATCH", f"/api/v1/file_organizer/drives/{segment(id)}", body=body, space=space),
        )

    async def change_naming(self, body: NamingPatch, *, space: str | None = None) -> NamingOut:
        """Switch templates on or off, or change them. Files that are filed already keep their names."""
        return cast(
            "NamingOut", await self._transport.call("PATCH", "/api/v1/file_organizer/naming", body=body, space=space)
        )

    async def change_rule(self, id: str, body: RulePatch, *, space: str | None = None) -> RuleOut:
        """Change a rule, or switch it on or off."""
        return cast(
            "RuleOut",
            await self._transport.call("PATCH", f"/api/v1/file_organizer/rules/{segment(id)}", body=body, space=space),
        )

    async def change_series(self, id: str, body: SeriesPatch, *, space: str | None = None) -> SeriesDetailOut:
        """Change the folder of a series or how its episodes are named. No file is moved or renamed by this."""
        return cast(
            "SeriesDetailOut",
            await self._transport.call("PATCH", f"/api/v1/file_organizer/series/{segment(id)}", body=body, space=space),
        )

    async def change_settings(self, body: SettingsPatch, *, space: str | None = None) -> SettingsOut:
        """Change some settings."""
        return cast(
            "SettingsOut",
            await self._transport.call("PATCH", "/api/v1/file_organizer/settings", body=body, space=space),
        )

    async def change_watched(self, id: str, body: WatchedPatch, *, space: str | None = None) -> WatchedOut:
        """Change how a folder is watched, or pause it."""
        return cast(
            "WatchedOut",
            await self._transport.call(
                "PATCH", f"/api/v1/file_organizer/watched/{segment(id)}", body=body, space=space
            ),
        )

    async def clean_up(
        self, clean_id: str, body: JunkChoiceIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> PutAwayOut:
        """Put what is named (or all of the kinds) into the trash, or rename it, as one run that can be taken
        back.
        """
        return cast(
            "PutAwayOut",
            await self._transport.call(
                "POST",
                f"/api/v1/file_organizer/clean/searches/{segment(clean_id)}/apply",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def create_plan(
        self, body: PlanIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> PlanOut:
        """Scan a folder and suggest places."""
        return cast(
            "PlanOut",
            await self._transport.call(
                "POST",
                "/api/v1/file_organizer/plans",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def create_rule(self, body: RuleIn, *, space: str | None = None) -> RuleOut:
        """Make a rule; it comes last in the order."""
        return cast(
            "RuleOut", await self._transport.call("POST", "/api/v1/file_organizer/rules", body=body, space=space)
        )

    async def decide_about_copy(
        self, group_id: str, file_id: str, body: CopyPatch, *, space: str | None = None
    ) -> DuplicateGroupOut:
        """Say whether one file of the group is to stay; one always does."""
        return cast(
            "DuplicateGroupOut",
            await self._transport.call(
                "PATCH",
                f"/api/v1/file_organizer/duplicates/groups/{segment(group_id)}/files/{segment(file_id)}",
                body=body,
                space=space,
            ),
        )

    async def decide_about_group(
        self, group_id: str, body: GroupPatch, *, space: str | None = None
    ) -> DuplicateGroupOut:
        """Keep one file of the group only, or leave all of them as they are."""
        return cast(
            "DuplicateGroupOut",
            await self._transport.call(
                "PATCH", f"/api/v1/file_organizer/duplicates/groups/{segment(group_id)}", body=body, space=space
            ),
        )

    async def delete_ai_folder(self, id: str, *, space: str | None = None) -> None:
        """Drop the rule of a folder; the settings of the space count there again."""
        await self._transport.call("DELETE", f"/api/v1/file_organizer/ai/folders/{segment(id)}", space=space)

    async def delete_rule(self, id: str, *, space: str | None = None) -> None:
        """Delete a rule; `restore` brings it back."""
        await self._transport.call("DELETE", f"/api/v1/file_organizer/rules/{segment(id)}", space=space)

    async def discard(self, plan_id: str, *, space: str | None = None) -> None:
        """Close a plan without doing anything."""
        await self._transport.call("DELETE", f"/api/v1/file_organizer/plans/{segment(plan_id)}", space=space)

    async def edit_item(self, plan_id: str, item_id: str, body: ItemPatch, *, space: str | None = None) -> ItemOut:
        """Accept or reject one suggestion, or send the file (and its group) elsewhere."""
        return cast(
            "ItemOut",
            await self._transport.call(
                "PATCH",
                f"/api/v1/file_organizer/plans/{segment(plan_id)}/items/{segment(item_id)}",
                body=body,
                space=space,
            ),
        )

    async def empty_trash(
        self, body: EmptyIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> JobRefOut:
        """Remove for good. This cannot be taken back; the history keeps that it was done."""
        return cast(
            "JobRefOut",
            await self._transport.call(
                "POST",
                "/api/v1/file_organizer/trash/empty",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def estimate_ai(self, body: PlanIn, *, space: str | None = None) -> JobRefOut:
        """Say what a scan of this folder with AI would ask and cost; the job's result shows it. Sends nothing."""
        return cast(
            "JobRefOut",
            await self._transport.call("POST", "/api/v1/file_organizer/ai/estimate", body=body, space=space),
        )

    async def execute(
        self, plan_id: str, body: ExecuteIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> JobRefOut:
        """Carry out what was accepted."""
        return cast(
            "JobRefOut",
            await self._transport.call(
                "POST",
                f"/api/v1/file_organizer/plans/{segment(plan_id)}/execute",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def explain_item(self, plan_id: str, item_id: str, body: WhyIn, *, space: str | None = None) -> JobRefOut:
        """Ask why a file should go there: Homie's own evidence, and an AI's words where it may be asked."""
        return cast(
            "JobRefOut",
            await self._transport.call(
                "POST",
                f"/api/v1/file_organizer/plans/{segment(plan_id)}/items/{segment(item_id)}/why",
                body=body,
                space=space,
            ),
        )

    async def export_memory(self, *, space: str | None = None) -> MemoryDocumentOut:
        """Give everything that your memory holds as one document."""
        return cast(
            "MemoryDocumentOut", await self._transport.call("GET", "/api/v1/file_organizer/learned/export", space=space)
        )

    async def export_rules(self, *, space: str | None = None) -> RuleFileOut:
        """Return your rules as a file for keeping."""
        return cast(
            "RuleFileOut", await self._transport.call("GET", "/api/v1/file_organizer/rules/export", space=space)
        )

    async def find_other_places(
        self, plan_id: str, body: OtherIdeasIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> JobRefOut:
        """Ask for other folders for suggestions that you do not want; the new ones wait for your decision."""
        return cast(
            "JobRefOut",
            await self._transport.call(
                "POST",
                f"/api/v1/file_organizer/plans/{segment(plan_id)}/other-ideas",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def forget_destination(self, id: str, *, space: str | None = None) -> ForgottenOut:
        """Forget everything learned about one folder. Moves no file; can be taken back for a day."""
        return cast(
            "ForgottenOut",
            await self._transport.call("DELETE", f"/api/v1/file_organizer/destinations/{segment(id)}", space=space),
        )

    async def forget_everything(self, body: ForgetEverythingIn, *, space: str | None = None) -> ForgottenOut:
        """Forget everything about where files belong. Moves no file; can be taken back for a day."""
        return cast(
            "ForgottenOut",
            await self._transport.call(
                "POST", "/api/v1/file_organizer/learned/forget-everything", body=body, space=space
            ),
        )

    async def forget_learned_file(self, id: str, *, space: str | None = None) -> ForgottenOut:
        """Forget one lesson; can be taken back for a day."""
        return cast(
            "ForgottenOut",
            await self._transport.call("DELETE", f"/api/v1/file_organizer/learned/{segment(id)}", space=space),
        )

    async def forget_project(self, id: str, *, space: str | None = None) -> None:
        """Forget what was said about a folder. No file is touched."""
        await self._transport.call("DELETE", f"/api/v1/file_organizer/projects/{segment(id)}", space=space)

    async def forget_series(self, id: str, *, space: str | None = None) -> None:
        """Forget where a series is kept. No file is touched."""
        await self._transport.call("DELETE", f"/api/v1/file_organizer/series/{segment(id)}", space=space)

    async def get_ai_status(self, *, space: str | None = None) -> AiStatusOut:
        """Tell how AI stands for the File Organizer."""
        return cast("AiStatusOut", await self._transport.call("GET", "/api/v1/file_organizer/ai", space=space))

    async def get_destination(self, id: str, *, space: str | None = None) -> DestinationOut:
        """Show one folder that things are sent to."""
        return cast(
            "DestinationOut",
            await self._transport.call("GET", f"/api/v1/file_organizer/destinations/{segment(id)}", space=space),
        )

    async def get_duplicate_group(self, group_id: str, *, space: str | None = None) -> DuplicateGroupOut:
        """Show one group with its files (two hundred at most)."""
        return cast(
            "DuplicateGroupOut",
            await self._transport.call(
                "GET", f"/api/v1/file_organizer/duplicates/groups/{segment(group_id)}", space=space
            ),
        )

    async def get_duplicate_search(self, search_id: str, *, space: str | None = None) -> DuplicateSearchOut:
        """Show one look for copies: how far it is, or what it found."""
        return cast(
            "DuplicateSearchOut",
            await self._transport.call(
                "GET", f"/api/v1/file_organizer/duplicates/searches/{segment(search_id)}", space=space
            ),
        )

    async def get_file_index(self, *, space: str | None = None) -> FileIndexOut:
        """Say how many files of each opened folder can be found by name, and when it was looked at."""
        return cast("FileIndexOut", await self._transport.call("GET", "/api/v1/file_organizer/file-index", space=space))

    async def get_item(self, plan_id: str, item_id: str, *, space: str | None = None) -> ItemOut:
        """Show one suggestion: why here, and what else would do."""
        return cast(
            "ItemOut",
            await self._transport.call(
                "GET", f"/api/v1/file_organizer/plans/{segment(plan_id)}/items/{segment(item_id)}", space=space
            ),
        )

    async def get_junk_search(self, clean_id: str, *, space: str | None = None) -> JunkSearchOut:
        """Show one look for oddities: how far it is, or what of it waits."""
        return cast(
            "JunkSearchOut",
            await self._transport.call(
                "GET", f"/api/v1/file_organizer/clean/searches/{segment(clean_id)}", space=space
            ),
        )

    async def get_memory_summary(self, *, space: str | None = None) -> MemorySummaryOut:
        """Say how much is remembered, and whether Homie learns at the moment."""
        return cast(
            "MemorySummaryOut", await self._transport.call("GET", "/api/v1/file_organizer/learned/summary", space=space)
        )

    async def get_naming(self, *, space: str | None = None) -> NamingOut:
        """Show how files are named when they are filed."""
        return cast("NamingOut", await self._transport.call("GET", "/api/v1/file_organizer/naming", space=space))

    async def get_plan(self, plan_id: str, *, space: str | None = None) -> PlanOut:
        """Show one plan."""
        return cast(
            "PlanOut",
            await self._transport.call("GET", f"/api/v1/file_organizer/plans/{segment(plan_id)}", space=space),
        )

    async def get_rule(self, id: str, *, space: str | None = None) -> RuleOut:
        """Show one rule."""
        return cast(
            "RuleOut", await self._transport.call("GET", f"/api/v1/file_organizer/rules/{segment(id)}", space=space)
        )

    async def get_run(self, id: str, *, space: str | None = None) -> FileOrganizerRunOut:
        """Show one run."""
        return cast(
            "FileOrganizerRunOut",
            await self._transport.call("GET", f"/api/v1/file_organizer/runs/{segment(id)}", space=space),
        )

    async def get_series(self, id: str, *, space: str | None = None) -> SeriesDetailOut:
        """Show one series, and how its episodes on disk are named."""
        return cast(
            "SeriesDetailOut",
            await self._transport.call("GET", f"/api/v1/file_organizer/series/{segment(id)}", space=space),
        )

    async def get_settings(self, *, space: str | None = None) -> SettingsOut:
        """Show your settings."""
        return cast("SettingsOut", await self._transport.call("GET", "/api/v1/file_organizer/settings", space=space))

    async def get_verification(self, *, space: str | None = None) -> VerificationStateOut:
        """Show what was found when files of this space were read again last."""
        return cast(
            "VerificationStateOut",
            await self._transport.call("GET", "/api/v1/file_organizer/verification", space=space),
        )

    async def get_watched(self, id: str, *, space: str | None = None) -> WatchedOut:
        """Show one watched folder."""
        return cast(
            "WatchedOut",
            await self._transport.call("GET", f"/api/v1/file_organizer/watched/{segment(id)}", space=space),
        )

    async def import_memory(self, body: ImportIn, *, space: str | None = None) -> ImportedOut:
        """Add what was exported before; what is known already is left out."""
        return cast(
            "ImportedOut",
            await self._transport.call("POST", "/api/v1/file_organizer/learned/import", body=body, space=space),
        )

    async def import_rules(self, body: RuleFileIn, *, space: str | None = None) -> RuleImportOut:
        """Bring rules in: a file of Homie's, or the YAML of `organize`. With `preview` nothing is stored."""
        return cast(
            "RuleImportOut",
            await self._transport.call("POST", "/api/v1/file_organizer/rules/import", body=body, space=space),
        )

    async def keep_series(self, body: SeriesIn, *, space: str | None = None) -> SeriesDetailOut:
        """Say in which folder a series is kept; new episodes go there. Nothing is moved."""
        return cast(
            "SeriesDetailOut",
            await self._transport.call("POST", "/api/v1/file_organizer/series", body=body, space=space),
        )

    async def leave_junk(self, clean_id: str, body: JunkLeaveIn, *, space: str | None = None) -> LeftOut:
        """Leave what is named as it is, or take it up again."""
        return cast(
            "LeftOut",
            await self._transport.call(
                "POST", f"/api/v1/file_organizer/clean/searches/{segment(clean_id)}/leave", body=body, space=space
            ),
        )

    async def list_actions(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        space: str | None = None,
        run_id: str | None = None,
        q: str | None = None,
        state: Literal["done", "undone", "skipped", "failed", "rolled_back"] | None = None,
        problems: bool | None = None,
        kind: Literal["moved", "renamed", "copied", "trashed", "unpacked", "packed", "made", "undone"] | None = None,
        since: str | None = None,
        until: str | None = None,
        user_id: str | None = None,
        volume_id: str | None = None,
        folder: str | None = None,
    ) -> ActionOutPage:
        """Search the timeline of every file."""
        return cast(
            "ActionOutPage",
            await self._transport.call(
                "GET",
                "/api/v1/file_organizer/actions",
                query={
                    "limit": limit,
                    "cursor": cursor,
                    "space": space,
                    "run_id": run_id,
                    "q": q,
                    "state": state,
                    "problems": problems,
                    "kind": kind,
                    "since": since,
                    "until": until,
                    "user_id": user_id,
                    "volume_id": volume_id,
                    "folder": folder,
                },
            ),
        )

    async def list_ai_folders(
        self, *, limit: int | None = None, cursor: str | None = None, space: str | None = None
    ) -> FolderRuleOutPage:
        """List what an AI may be told about single folders of this space, newest first."""
        return cast(
            "FolderRuleOutPage",
            await self._transport.call(
                "GET", "/api/v1/file_organizer/ai/folders", query={"limit": limit, "cursor": cursor, "space": space}
            ),
        )

    async def list_destination_files(
        self, id: str, *, limit: int | None = None, cursor: str | None = None, space: str | None = None
    ) -> LearnedFileOutPage:
        """List what was learned about one folder file by file, newest first."""
        return cast(
            "LearnedFileOutPage",
            await self._transport.call(
                "GET",
                f"/api/v1/file_organizer/destinations/{segment(id)}/files",
                query={"limit": limit, "cursor": cursor, "space": space},
            ),
        )

    async def list_destinations(
        self, *, limit: int | None = None, cursor: str | None = None, space: str | None = None, q: str | None = None
    ) -> DestinationOutPage:
        """List the folders that things are sent to, newest first."""
        return cast(
            "DestinationOutPage",
            await self._transport.call(
                "GET",
                "/api/v1/file_organizer/destinations",
                query={"limit": limit, "cursor": cursor, "space": space, "q": q},
            ),
        )

    async def list_drives(self, *, space: str | None = None) -> DrivesOut:
        """List the drives that hold your folders, also those that are away."""
        return cast("DrivesOut", await self._transport.call("GET", "/api/v1/file_organizer/drives", space=space))

    async def list_duplicate_groups(
        self,
        search_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        space: str | None = None,
        kind: Literal["same", "similar"] | None = None,
        state: Literal["open", "done", "left"] | None = None,
    ) -> DuplicateGroupOutPage:
        """List the groups that a look found, those that win most space first."""
        return cast(
            "DuplicateGroupOutPage",
            await self._transport.call(
                "GET",
                f"/api/v1/file_organizer/duplicates/searches/{segment(search_id)}/groups",
                query={"limit": limit, "cursor": cursor, "space": space, "kind": kind, "state": state},
            ),
        )

    async def list_duplicate_searches(
        self, *, limit: int | None = None, cursor: str | None = None, space: str | None = None
    ) -> DuplicateSearchOutPage:
        """List the looks for copies, the newest first; a space keeps its last one."""
        return cast(
            "DuplicateSearchOutPage",
            await self._transport.call(
                "GET",
                "/api/v1/file_organizer/duplicates/searches",
                query={"limit": limit, "cursor": cursor, "space": space},
            ),
        )

    async def list_folder_content(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        space: str | None = None,
        volume_id: str,
        path: str | None = None,
    ) -> SubfolderOutPage:
        """List the folders inside a folder, for choosing a destination."""
        return cast(
            "SubfolderOutPage",
            await self._transport.call(
                "GET",
                "/api/v1/file_organizer/folders/content",
                query={"limit": limit, "cursor": cursor, "space": space, "volume_id": volume_id, "path": path},
            ),
        )

    async def list_folders(
        self, *, limit: int | None = None, cursor: str | None = None, space: str | None = None
    ) -> FolderOutPage:
        """List the folders that were opened for you."""
        return cast(
            "FolderOutPage",
            await self._transport.call(
                "GET", "/api/v1/file_organizer/folders", query={"limit": limit, "cursor": cursor, "space": space}
            ),
        )

    async def list_items(
        self,
        plan_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        space: str | None = None,
        state: Literal[
            "undecided", "suggested", "asking", "accepted", "rejected", "done", "skipped", "failed", "undone"
        ]
        | None = None,
        category: str | None = None,
        folder: str | None = None,
        source_folder: str | None = None,
        group: str | None = None,
        min_confidence: float | None = None,
        q: str | None = None,
        sort: Literal["seq", "-confidence", "confidence", "name", "-size", "category", "folder"] | None = None,
    ) -> ItemOutPage:
        """List the suggestions of a plan."""
        return cast(
            "ItemOutPage",
            await self._transport.call(
                "GET",
                f"/api/v1/file_organizer/plans/{segment(plan_id)}/items",
                query={
                    "limit": limit,
                    "cursor": cursor,
                    "space": space,
                    "state": state,
                    "category": category,
                    "folder": folder,
                    "source_folder": source_folder,
                    "group": group,
                    "min_confidence": min_confidence,
                    "q": q,
                    "sort": sort,
                },
            ),
        )

    async def list_junk(
        self,
        clean_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        space: str | None = None,
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
        | None = None,
        state: Literal["open", "done", "left"] | None = None,
    ) -> JunkOutPage:
        """List what was found, in the order of the folders."""
        return cast(
            "JunkOutPage",
            await self._transport.call(
                "GET",
                f"/api/v1/file_organizer/clean/searches/{segment(clean_id)}/items",
                query={"limit": limit, "cursor": cursor, "space": space, "kind": kind, "state": state},
            ),
        )

    async def list_junk_searches(
        self, *, limit: int | None = None, cursor: str | None = None, space: str | None = None
    ) -> JunkSearchOutPage:
        """List the looks for oddities, the newest first; a space keeps its last one."""
        return cast(
            "JunkSearchOutPage",
            await self._transport.call(
                "GET", "/api/v1/file_organizer/clean/searches", query={"limit": limit, "cursor": cursor, "space": space}
            ),
        )

    async def list_learned(
        self, *, limit: int | None = None, cursor: str | None = None, space: str | None = None, q: str | None = None
    ) -> LearnedFileOutPage:
        """List what was learned file by file, newest first."""
        return cast(
            "LearnedFileOutPage",
            await self._transport.call(
                "GET",
                "/api/v1/file_organizer/learned",
                query={"limit": limit, "cursor": cursor, "space": space, "q": q},
            ),
        )

    async def list_plans(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        space: str | None = None,
        state: Literal["building", "ready", "executing", "executed", "discarded", "failed"] | None = None,
    ) -> PlanOutPage:
        """List plans, newest first."""
        return cast(
            "PlanOutPage",
            await self._transport.call(
                "GET",
                "/api/v1/file_organizer/plans",
                query={"limit": limit, "cursor": cursor, "space": space, "state": state},
            ),
        )

    async def list_plugged_drives(self, *, space: str | None = None) -> PluggedDrivesOut:
        """List the drives of this machine on which no folder is open to anybody; for administrators."""
        return cast(
            "PluggedDrivesOut", await self._transport.call("GET", "/api/v1/file_organizer/drives/plugged", space=space)
        )

    async def list_problems(self, id: str, *, space: str | None = None) -> ProblemsOut:
        """Say why things of a run were not done, with how many of each."""
        return cast(
            "ProblemsOut",
            await self._transport.call("GET", f"/api/v1/file_organizer/runs/{segment(id)}/problems", space=space),
        )

    async def list_projects(
        self, *, limit: int | None = None, cursor: str | None = None, space: str | None = None
    ) -> ProjectOutPage:
        """List projects: folders below "Projects", folders with a project's file in them, and those you named."""
        return cast(
            "ProjectOutPage",
            await self._transport.call(
                "GET", "/api/v1/file_organizer/projects", query={"limit": limit, "cursor": cursor, "space": space}
            ),
        )

    async def list_recent_folders(self, *, limit: int | None = None, space: str | None = None) -> RecentFoldersOut:
        """List the folders that files were put into lately."""
        return cast(
            "RecentFoldersOut",
            await self._transport.call(
                "GET", "/api/v1/file_organizer/folders/recent", query={"limit": limit}, space=space
            ),
        )

    async def list_rules(self, *, space: str | None = None) -> RulesOut:
        """List your rules in their order: the first that fits a file decides."""
        return cast("RulesOut", await self._transport.call("GET", "/api/v1/file_organizer/rules", space=space))

    async def list_runs(
        self, *, limit: int | None = None, cursor: str | None = None, space: str | None = None
    ) -> RunOutPage:
        """List what was done, newest first."""
        return cast(
            "RunOutPage",
            await self._transport.call(
                "GET", "/api/v1/file_organizer/runs", query={"limit": limit, "cursor": cursor, "space": space}
            ),
        )

    async def list_series(
        self, *, limit: int | None = None, cursor: str | None = None, space: str | None = None, q: str | None = None
    ) -> SeriesOutPage:
        """List where series are kept, by title."""
        return cast(
            "SeriesOutPage",
            await self._transport.call(
                "GET", "/api/v1/file_organizer/series", query={"limit": limit, "cursor": cursor, "space": space, "q": q}
            ),
        )

    async def list_trash(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        space: str | None = None,
        volume_id: str | None = None,
        q: str | None = None,
    ) -> TrashItemOutPage:
        """List what lies in the trash, newest first; also on drives that are away."""
        return cast(
            "TrashItemOutPage",
            await self._transport.call(
                "GET",
                "/api/v1/file_organizer/trash",
                query={"limit": limit, "cursor": cursor, "space": space, "volume_id": volume_id, "q": q},
            ),
        )

    async def list_watched(self, *, space: str | None = None) -> WatchedListOut:
        """List the watched folders with how they are seen and what waits."""
        return cast("WatchedListOut", await self._transport.call("GET", "/api/v1/file_organizer/watched", space=space))

    async def look_at_watched(
        self, id: str, *, space: str | None = None, idempotency_key: str | None = None
    ) -> JobRefOut:
        """Look for new files in it now."""
        return cast(
            "JobRefOut",
            await self._transport.call(
                "POST",
                f"/api/v1/file_organizer/watched/{segment(id)}/look",
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def look_for_duplicates(
        self, body: DuplicateSearchIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> DuplicateSearchOut:
        """Look through folders for copies."""
        return cast(
            "DuplicateSearchOut",
            await self._transport.call(
                "POST",
                "/api/v1/file_organizer/duplicates/searches",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def look_for_junk(
        self, body: JunkSearchIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> JunkSearchOut:
        """Look through folders for what nobody needs and what is called wrongly."""
        return cast(
            "JunkSearchOut",
            await self._transport.call(
                "POST",
                "/api/v1/file_organizer/clean/searches",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def mark_project(self, body: ProjectIn, *, space: str | None = None) -> ProjectMarkOut:
        """Call a folder a project, with words that its files carry, or say that it is none. No file is
        touched.
        """
        return cast(
            "ProjectMarkOut",
            await self._transport.call("POST", "/api/v1/file_organizer/projects", body=body, space=space),
        )

    async def place_rule(self, id: str, body: RulePlaceIn, *, space: str | None = None) -> RulesOut:
        """Put a rule at another place in the order."""
        return cast(
            "RulesOut",
            await self._transport.call(
                "POST", f"/api/v1/file_organizer/rules/{segment(id)}/place", body=body, space=space
            ),
        )

    async def preview_ai(self, body: PlanIn, *, space: str | None = None) -> JobRefOut:
        """Prepare exactly what would leave the house for this folder; the job's result shows it. Sends
        nothing.
        """
        return cast(
            "JobRefOut", await self._transport.call("POST", "/api/v1/file_organizer/ai/preview", body=body, space=space)
        )

    async def preview_plan(self, plan_id: str, *, space: str | None = None) -> PlanPreviewOut:
        """Say what carrying out the accepted items would do now: conflicts, new folders, space. Changes
        nothing.
        """
        return cast(
            "PlanPreviewOut",
            await self._transport.call("GET", f"/api/v1/file_organizer/plans/{segment(plan_id)}/preview", space=space),
        )

    async def put_ai_folder(self, body: FolderRuleIn, *, space: str | None = None) -> FolderRuleOut:
        """Set what an AI may be told about a folder and all below it; replaces its rule."""
        return cast(
            "FolderRuleOut",
            await self._transport.call("PUT", "/api/v1/file_organizer/ai/folders", body=body, space=space),
        )

    async def put_copies_away(
        self, search_id: str, body: PutCopiesAwayIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> PutAwayOut:
        """Put copies into the trash of their drive, as one run of the history that can be taken back."""
        return cast(
            "PutAwayOut",
            await self._transport.call(
                "POST",
                f"/api/v1/file_organizer/duplicates/searches/{segment(search_id)}/put-away",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def refresh_drives(self, *, space: str | None = None) -> DrivesOut:
        """Look at the drives now."""
        return cast(
            "DrivesOut", await self._transport.call("POST", "/api/v1/file_organizer/drives/refresh", space=space)
        )

    async def refresh_file_index(
        self, body: IndexRefreshIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> JobRefOut:
        """Look for new, moved and vanished files now."""
        return cast(
            "JobRefOut",
            await self._transport.call(
                "POST",
                "/api/v1/file_organizer/file-index/refresh",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def reject(
        self, plan_id: str, body: SelectionIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> ChangedOut:
        """Reject the chosen suggestions; groups as a whole."""
        return cast(
            "ChangedOut",
            await self._transport.call(
                "POST",
                f"/api/v1/file_organizer/plans/{segment(plan_id)}/reject",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def remove_watched(self, id: str, *, space: str | None = None) -> None:
        """Watch a folder no more; what was filed and what waits stays."""
        await self._transport.call("DELETE", f"/api/v1/file_organizer/watched/{segment(id)}", space=space)

    async def restore_from_trash(
        self, body: FileOrganizerRestoreIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> JobRefOut:
        """Put things back to where they were; where the place is taken again, both are kept."""
        return cast(
            "JobRefOut",
            await self._transport.call(
                "POST",
                "/api/v1/file_organizer/trash/restore",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def restore_learned(self, body: RememberIn, *, space: str | None = None) -> RememberedOut:
        """Take forgetting back."""
        return cast(
            "RememberedOut",
            await self._transport.call("POST", "/api/v1/file_organizer/learned/restore", body=body, space=space),
        )

    async def restore_rule(self, id: str, *, space: str | None = None) -> RuleOut:
        """Bring a deleted rule back to its place, within 30 days."""
        return cast(
            "RuleOut",
            await self._transport.call("POST", f"/api/v1/file_organizer/rules/{segment(id)}/restore", space=space),
        )

    async def search_folders(
        self,
        *,
        q: str | None = None,
        volume_id: str | None = None,
        limit: int | None = None,
        writable: bool | None = None,
        space: str | None = None,
    ) -> FolderSearchOut:
        """Find folders by name, for choosing a destination: learned and recently used ones first."""
        return cast(
            "FolderSearchOut",
            await self._transport.call(
                "GET",
                "/api/v1/file_organizer/folders/search",
                query={"q": q, "volume_id": volume_id, "limit": limit, "writable": writable},
                space=space,
            ),
        )

    async def show_tree(
        self,
        plan_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        space: str | None = None,
        side: Literal["after", "before"] | None = None,
    ) -> TreeFolderOutPage:
        """Show the folders of a plan: those that files go to, or (`side=before`) those that they come from."""
        return cast(
            "TreeFolderOutPage",
            await self._transport.call(
                "GET",
                f"/api/v1/file_organizer/plans/{segment(plan_id)}/tree",
                query={"limit": limit, "cursor": cursor, "space": space, "side": side},
            ),
        )

    async def sum_up_trash(self, *, space: str | None = None) -> TrashVolumesOut:
        """Sum up what lies in the trash of each of your folders, and say how long it is kept."""
        return cast(
            "TrashVolumesOut", await self._transport.call("GET", "/api/v1/file_organizer/trash/volumes", space=space)
        )

    async def summarize_plan(self, plan_id: str, *, space: str | None = None) -> PlanSummaryOut:
        """Count a plan as it stands: in all, by category, and by confidence."""
        return cast(
            "PlanSummaryOut",
            await self._transport.call("GET", f"/api/v1/file_organizer/plans/{segment(plan_id)}/summary", space=space),
        )

    async def take_back(
        self, plan_id: str, body: TakeBackIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> ChangedOut:
        """Take one step of deciding back: what it accepted, rejected or sent elsewhere waits again."""
        return cast(
            "ChangedOut",
            await self._transport.call(
                "POST",
                f"/api/v1/file_organizer/plans/{segment(plan_id)}/take-back",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def try_rule(self, body: RuleTrialIn, *, space: str | None = None) -> RuleTrialOut:
        """Say what a rule would do in a folder now and would have done with what was filed. Changes nothing."""
        return cast(
            "RuleTrialOut",
            await self._transport.call("POST", "/api/v1/file_organizer/rules/try", body=body, space=space),
        )

    async def try_template(self, body: TemplateTryIn, *, space: str | None = None) -> TemplateTryOut:
        """Show what a template makes of names; stores nothing."""
        return cast(
            "TemplateTryOut",
            await self._transport.call("POST", "/api/v1/file_organizer/naming/try", body=body, space=space),
        )

    async def undo_action(
        self, id: str, body: UndoIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> JobRefOut:
        """Take one step back."""
        return cast(
            "JobRefOut",
            await self._transport.call(
                "POST",
                f"/api/v1/file_organizer/actions/{segment(id)}/undo",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def undo_day(
        self, body: UndoDayIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> JobRefOut:
        """Take back everything that was done on one day."""
        return cast(
            "JobRefOut",
            await self._transport.call(
                "POST",
                "/api/v1/file_organizer/undo/day",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def undo_file(
        self, body: UndoFileIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> JobRefOut:
        """Put one file back where it came from."""
        return cast(
            "JobRefOut",
            await self._transport.call(
                "POST",
                "/api/v1/file_organizer/undo/file",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def undo_run(
        self, id: str, body: UndoIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> JobRefOut:
        """Take a whole run back; an undo can be taken back too."""
        return cast(
            "JobRefOut",
            await self._transport.call(
                "POST",
                f"/api/v1/file_organizer/runs/{segment(id)}/undo",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def verify_files(
        self, body: VerifyIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> JobRefOut:
        """Read files again that Homie put where they are, and compare them with what they were. Changes
        nothing.
        """
        return cast(
            "JobRefOut",
            await self._transport.call(
                "POST",
                "/api/v1/file_organizer/verification",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )
