"""What is answered about a plan before it is carried out, about a run's problems, and about folders to choose from."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from backend.sdk.files import VolumePath
from backend.sdk.http import In, Out


class CountsOut(Out):
    """Count items by where they stand."""

    items: int = 0
    suggested: int = 0
    asking: int = 0
    accepted: int = 0
    rejected: int = 0
    done: int = 0
    skipped: int = 0
    failed: int = 0
    undone: int = 0
    bytes: int = 0


class CategoryCountsOut(CountsOut):
    """Count the items of one category."""

    category: str


class ConfidenceBandOut(Out):
    """Count the open items whose confidence is at least `at_least` and below the next band."""

    at_least: float
    items: int
    undecided: int = Field(description="Of these, how many nobody has accepted or rejected.")


class PlanSummaryOut(Out):
    """Count a plan: in all, by category, and by confidence (for "accept all above")."""

    total: CountsOut
    groups: int = Field(description="How many groups of files that travel together.")
    categories: list[CategoryCountsOut]
    confidence: list[ConfidenceBandOut]
    version: int


ConflictKind = Literal["taken", "same_target", "changed", "gone", "drive_away", "not_writable"]


class ConflictOut(Out):
    """Show one accepted item that will not simply move."""

    item_id: str
    source: VolumePath
    target: VolumePath
    kind: ConflictKind
    text: str = Field(description="What is in the way and what will happen, in words.")


class SpaceNeedOut(Out):
    """Say what a drive must hold. `needed`: bytes that come from other drives; a move within one needs none."""

    volume_id: str
    label: str
    online: bool
    writable: bool
    free: int | None
    needed: int
    enough: bool


class PlanPreviewOut(Out):
    """Say what carrying out the accepted items would do now; nothing is changed by asking."""

    accepted: int = Field(description="How many items would be carried out.")
    files: int
    folders_moved: int
    bytes: int
    undecided: int
    new_folders: int
    new_folder_examples: list[VolumePath]
    spaces: list[SpaceNeedOut]
    conflicts: int
    conflict_examples: list[ConflictOut]
    complete: bool = Field(description="Whether every item was looked at; a very large plan is looked at in part.")
    ready: bool = Field(description="Whether everything accepted can move as it is.")


class ProblemOut(Out):
    """Count what was not done for one reason."""

    code: str
    reason: str
    state: str
    count: int


class ProblemsOut(Out):
    """List why things of a run were not done, the most frequent first."""

    items: list[ProblemOut]
    total: int


class FolderSearchQuery(In):
    """Look for a folder by name."""

    q: str = Field("", max_length=200, description="Words; each must be in the path. Empty: where to begin.")
    volume_id: str | None = Field(None, min_length=1, max_length=64, description="Only in this folder of yours.")
    limit: int = Field(20, ge=1, le=100)
    writable: bool = Field(False, description="Only where files may be put.")


class FolderHitOut(Out):
    """Show one folder to choose."""

    name: str
    place: VolumePath
    path: str = Field(description="Full path, for people.")
    label: str = Field(description="The opened folder that it is in.")
    why: Literal["learned", "recent", "name", "root"]
    files: int = Field(description="How many files were put there so far.")
    score: float


class FolderSearchOut(Out):
    """Answer a search for folders, learned and recently used ones first."""

    items: list[FolderHitOut]
    complete: bool = Field(description="Whether all folders were looked at in the time that a search may take.")


class RecentQuery(In):
    """Ask for folders that were used lately."""

    limit: int = Field(10, ge=1, le=50)


class RecentFoldersOut(Out):
    """List folders that files were put into lately, the newest first."""

    items: list[FolderHitOut]
