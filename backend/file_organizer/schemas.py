"""What the module's API reads and answers. Paths travel as `{volume_id, path}`; full paths are for people."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from backend.file_organizer.settings import ConflictChoice, Language
from backend.sdk.files import VolumePath
from backend.sdk.http import In, Out, PageQuery
from backend.sdk.jobs import JobState

Confidence = Field(ge=0.0, le=1.0, description="How sure, from 0 to 1.")


class PlanPath(In):
    """Name one plan."""

    plan_id: str = Field(min_length=1, max_length=64, description="Id of the plan.")


class ItemPath(PlanPath):
    """Name one item of a plan."""

    item_id: str = Field(min_length=1, max_length=64, description="Id of the item.")


class IdPath(In):
    """Name one thing."""

    id: str = Field(min_length=1, max_length=64, description="Its id.")


class FolderOut(Out):
    """Show a folder that was opened for you."""

    volume_id: str
    label: str
    path: str = Field(description="Full path, for people.")
    space_writable: bool = Field(description="Whether files may be moved there.")
    online: bool = Field(description="Whether its drive is connected.")
    purpose: str


class ContentQuery(PageQuery):
    """Look into a folder for choosing a destination."""

    volume_id: str = Field(min_length=1, max_length=64)
    path: str = Field("", max_length=16384, description="Relative path; empty is the root.")


class SubfolderOut(Out):
    """Show a folder inside another."""

    name: str
    place: VolumePath


class PlanIn(In):
    """Ask for a plan: scan a folder and suggest places."""

    path: str = Field(min_length=1, max_length=16384, description="Full path of the folder to organise.")
    into: str | None = Field(None, max_length=16384, description="Where to file; the folder itself if unset.")
    deep: bool = Field(False, description="Also take tidy subfolders apart.")
    threshold: float | None = Field(None, ge=0.0, le=1.0, description="Below it Homie asks; your setting if unset.")
    use_ai: bool = Field(False, description="Ask the AI about unclear files, if you switched that on.")


class PlanOut(Out):
    """Show a plan. `version` grows with each edit."""

    id: str
    owner_id: str
    title: str
    state: str
    root: VolumePath
    into: VolumePath
    root_path: str = Field(description="Full path, for people; empty while the drive is away.")
    options: dict[str, Any]
    counts: dict[str, Any]
    left_alone: dict[str, Any] = Field(description="What was not touched: reason, count, examples.")
    notice: str
    run_id: str | None
    job_id: str | None
    version: int
    created_at: datetime
    finished_at: datetime | None


class PlansQuery(PageQuery):
    """Narrow the list of plans."""

    state: Literal["building", "ready", "executing", "executed", "discarded", "failed"] | None = None


class ItemsQuery(PageQuery):
    """Narrow the items of a plan."""

    state: (
        Literal["undecided", "suggested", "asking", "accepted", "rejected", "done", "skipped", "failed", "undone"]
        | None
    ) = Field(None, description="`undecided`: suggested or asking.")
    category: str | None = Field(None, max_length=32)
    folder: str | None = Field(None, max_length=16384, description="Only those that go to this folder.")
    source_folder: str | None = Field(None, max_length=16384, description="Only those that come from this folder.")
    group: str | None = Field(None, max_length=64, description="Only the items of this group (`group_key`).")
    min_confidence: float | None = Field(None, ge=0.0, le=1.0)
    q: str | None = Field(None, min_length=1, max_length=200, description="Words in the file's name.")
    sort: Literal["seq", "-confidence", "confidence", "name", "-size", "category", "folder"] = Field(
        "seq", description="`seq`: as they were found; with `-` the largest first; `folder`: by destination."
    )


class TreeQuery(PageQuery):
    """Choose the side of the tree."""

    side: Literal["after", "before"] = Field(
        "after", description="`after`: the folders that files go to; `before`: those that they come from."
    )


class AlternativeOut(Out):
    """Show another folder that would do."""

    place: VolumePath
    confidence: float
    reason: str


class ItemOut(Out):
    """Show one suggestion: from where to where, how sure, and why."""

    id: str
    seq: int
    group_key: str | None = Field(description="Items with one key travel together.")
    lead: bool
    is_folder: bool
    source: VolumePath
    target: VolumePath
    suggested: VolumePath | None = Field(description="What Homie had suggested, if a person changed it.")
    size: int
    modified_ns: int
    category: str
    confidence: float
    reason: str
    suggested_by: str = Field(description="memory, rules, ai, person or owner_rule.")
    op: str = Field("move", description="move, copy or trash; a rule of yours may ask for the latter two.")
    oddity: str | None = Field(description="What is strange about the file, if anything.")
    alternatives: list[AlternativeOut]
    state: str
    problem: str | None
    decided_in: int | None = Field(description="The version that the last decision about it made; see take-back.")


class TreeFolderOut(Out):
    """Show one folder of a plan: one that files go to or, on the other side, come from."""

    place: VolumePath
    items: int
    suggested: int
    asking: int
    accepted: int
    rejected: int
    bytes: int
    lowest_confidence: float
    highest_confidence: float


class ItemPatch(In):
    """Decide about one item (its group follows): accept, reject, or send it elsewhere."""

    decision: Literal["accept", "reject"] | None = None
    folder: VolumePath | None = Field(None, description="Another destination folder.")
    name: str | None = Field(None, min_length=1, max_length=255, description="Another name for this file.")

    @model_validator(mode="after")
    def _something(self) -> ItemPatch:
        if self.decision is None and self.folder is None and self.name is None:
            raise ValueError("say what to change: decision, folder or name")
        if self.decision == "reject" and (self.folder is not None or self.name is not None):
            raise ValueError("a rejected file needs no folder and no name")
        return self


class SelectionIn(In):
    """Choose items: those that meet everything given; `everything` must be true to choose all."""

    item_ids: list[Annotated[str, Field(min_length=1, max_length=64)]] = Field(default_factory=list, max_length=500)
    group_key: str | None = Field(None, max_length=64)
    folder: str | None = Field(None, max_length=16384)
    category: str | None = Field(None, max_length=32)
    min_confidence: float | None = Field(None, ge=0.0, le=1.0)
    everything: bool = False
    undecided: bool = Field(False, description="Of these, only what nobody has decided yet.")

    @model_validator(mode="after")
    def _something(self) -> SelectionIn:
        given = (self.item_ids, self.group_key, self.folder is not None, self.category, self.min_confidence is not None)
        if not any(given) and not self.everything:
            raise ValueError("choose items, a group, a folder, a category, a confidence, or everything")
        return self


class ChangedOut(Out):
    """Say how many items changed."""

    changed: int
    version: int


class TakeBackIn(In):
    """Name the step to take back by the version that it made (`version` of the answer)."""

    version: int = Field(ge=1)


class ExecuteIn(In):
    """Carry a plan out."""

    skip_changed: bool = Field(False, description="Skip files that changed since the scan instead of refusing.")


class JobRefOut(Out):
    """Name the job that does the work; its progress comes on the socket and from `/api/v1/jobs/<id>`."""

    job_id: str
    state: JobState


class RunOut(Out):
    """Show one run of the history."""

    id: str
    owner_id: str
    plan_id: str
    kind: str
    state: str
    title: str
    user_id: str
    undo_of: str | None
    total: int
    done: int
    skipped: int
    failed: int
    bytes_done: int
    undoable: bool = Field(description="Whether something of it is in effect and can be taken back.")
    created_at: datetime
    finished_at: datetime | None


class ActionOut(Out):
    """Show one step of the history."""

    id: str
    run_id: str
    seq: int
    op: str
    state: str
    source: VolumePath | None
    target: VolumePath | None
    size: int | None
    reason: str = Field(description="Why it was not done, in words; empty if it was.")
    why: str = Field(description="Why it was suggested, in words; empty if nobody suggested it.")
    suggested_by: str = Field(description="Who suggested it: memory, rules, ai, person, owner_rule; empty for nobody.")
    by: str = Field(description="person, watched (a watched folder) or homie (filed by itself).")
    user_id: str = Field(description="The person who had it done.")
    run_title: str
    undoes: str | None
    undone_by: str | None
    created_at: datetime
    finished_at: datetime | None


class ActionsQuery(PageQuery):
    """Search the history."""

    run_id: str | None = Field(None, max_length=64)
    q: str | None = Field(None, min_length=1, max_length=200, description="Words of names and folders, all of them.")
    state: Literal["done", "undone", "skipped", "failed", "rolled_back"] | None = None
    problems: bool = Field(False, description="Only what was not done.")
    kind: Literal["moved", "renamed", "copied", "trashed", "unpacked", "packed", "made", "undone"] | None = Field(
        None, description="What was done; `undone`: whatever took something back."
    )
    since: datetime | None = Field(None, description="Begun at this moment or later, with its time zone.")
    until: datetime | None = Field(None, description="Begun before this moment.")
    user_id: str | None = Field(None, max_length=64, description="Only what this person had done.")
    volume_id: str | None = Field(None, min_length=1, max_length=64, description="Only in this folder of yours.")
    folder: str = Field("", max_length=16384, description="With `volume_id`: only in or below this relative path.")


class ChainQuery(In):
    """Name a file of which to tell the story: the place where it is, or was."""

    volume_id: str = Field(min_length=1, max_length=64)
    path: str = Field("", max_length=16384, description="Relative path.")


class ChainOut(Out):
    """Tell what happened to one file, first things first."""

    items: list[ActionOut]


class UndoIn(In):
    """Take something back."""

    keep_both: bool = Field(False, description="Where a place is taken again or a file changed, keep both.")


class UndoFileIn(UndoIn):
    """Take back the step that put a file where it is now."""

    path: str = Field(min_length=1, max_length=16384, description="Full path of the file as it is now.")


class UndoDayIn(UndoIn):
    """Take back everything of one day."""

    day: date
    utc_offset_minutes: int = Field(0, ge=-1440, le=1440, description="Your clock minus UTC, in minutes.")


class SettingsOut(Out):
    """Show your settings of the File Organizer."""

    accept_threshold: float
    language: Language
    conflict: ConflictChoice
    learning: bool
    look_inside: bool
    trash_days: int
    trash_makes_room: bool
    ai_enabled: bool
    ai_send_content: bool
    ai_send_folders: bool


class SettingsPatch(In):
    """Change some settings."""

    accept_threshold: float | None = Field(None, ge=0.0, le=1.0)
    language: Language | None = None
    conflict: ConflictChoice | None = None
    learning: bool | None = None
    look_inside: bool | None = None
    trash_days: int | None = Field(None, ge=0, le=3650, description="0 keeps everything.")
    trash_makes_room: bool | None = None
    ai_enabled: bool | None = None
    ai_send_content: bool | None = None
    ai_send_folders: bool | None = None


class AiStatusOut(Out):
    """Say how AI stands for this module."""

    ready: bool
    state: str
    text: str
    provider: str
    model: str | None
    enabled_here: bool = Field(description="Whether you switched it on for the File Organizer.")
