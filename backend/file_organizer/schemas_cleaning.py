"""What is asked and answered about copies, pictures that look alike, and junk."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from backend.sdk.files import VolumePath
from backend.sdk.http import In, Out, PageQuery

GroupKindName = Literal["same", "similar"]
FullPath = Annotated[str, Field(min_length=1, max_length=16384)]
Id = Annotated[str, Field(min_length=1, max_length=64)]


class DuplicateSearchIn(In):
    """Ask for a look through folders for copies."""

    paths: list[FullPath] = Field(
        default_factory=list, max_length=100, description="Full paths of folders; all folders of the space if empty."
    )
    pictures: bool = Field(True, description="Also look for pictures that look alike, with open eyes: it takes longer.")


class SearchProblemOut(Out):
    """Name something that could not be read. `problem`: a folder or a file."""

    path: str
    problem: Literal["folder", "file", "picture"]


class WaitingOut(Out):
    """Count what still waits for a decision. `gain`: bytes that the suggestions would win."""

    groups: int = 0
    files: int = 0
    gain: int = 0


class DuplicateSearchOut(Out):
    """Show a look for copies. `counts`: what it found when it ended."""

    id: str
    owner_id: str
    state: Literal["looking", "ready", "stopped", "failed"]
    paths: list[str]
    pictures: bool
    files: int
    bytes: int
    empty: int = Field(description="Empty files, which are never called copies of each other.")
    unreadable: int
    changed: int = Field(description="Files that changed while Homie looked; look again to see them.")
    problems: list[SearchProblemOut] = Field(description="Some of what could not be read.")
    same: WaitingOut
    similar: WaitingOut
    notice: str
    job_id: str | None
    created_at: datetime
    finished_at: datetime | None


class SearchPath(In):
    """Name one search."""

    search_id: Id


class GroupsQuery(PageQuery):
    """Choose groups of a search."""

    kind: GroupKindName | None = Field(None, description="Equal files, or pictures that look alike.")
    state: Literal["open", "done", "left"] | None = Field(None, description="Those that wait, if unset.")


class CopyOut(Out):
    """Show one file of a group. `path`: full path, for people, empty while its drive is away."""

    id: str
    place: VolumePath
    path: str
    label: str = Field(description="The opened folder that it lies in.")
    size: int
    modified: datetime
    keep: bool
    movable: bool = Field(description="Whether Homie may put it away.")
    links: int = Field(description="How many names this very file has; putting one of several away wins no space.")
    width: int
    height: int
    state: Literal["there", "trashed", "refused"]
    explanation: str = Field(description="Why it was not put away.")


class DuplicateGroupOut(Out):
    """Show files with the same content, or pictures that look alike. In a list only the first few files are shown."""

    id: str
    search_id: str
    kind: GroupKindName
    state: Literal["open", "working", "done", "left"]
    size: int
    files: int
    gain: int
    reason: str = Field(description="Why this copy is suggested to stay, as a word.")
    run_id: str | None
    copies: list[CopyOut]


class GroupPath(In):
    """Name one group."""

    group_id: Id


class CopyPath(GroupPath):
    """Name one file of a group."""

    file_id: Id


class GroupPatch(In):
    """Decide about a group: keep this file only, or leave the group as it is."""

    keep_only: Id | None = None
    leave: bool | None = None


class CopyPatch(In):
    """Decide about one file of a group."""

    keep: bool


class PutCopiesAwayIn(In):
    """Put copies into the trash: those of the named groups, or of all open groups of a kind."""

    group_ids: list[Id] = Field(default_factory=list, max_length=500)
    kind: GroupKindName = Field("same", description="Which groups, where none are named.")


class PutAwayOut(Out):
    """Refer to the job that puts files away. `files`: how many it was asked for."""

    job_id: str
    state: str
    files: int


OddityName = Literal[
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


class JunkSearchIn(In):
    """Ask for a look through folders for what nobody needs and what is called wrongly."""

    paths: list[FullPath] = Field(
        default_factory=list, max_length=100, description="Full paths of folders; all folders of the space if empty."
    )


class JunkPath(In):
    """Name one search for oddities."""

    clean_id: Id


class JunkKindOut(Out):
    """Count what waits of one kind. `action`: what is suggested."""

    kind: OddityName
    action: Literal["trash", "rename"]
    items: int
    bytes: int


class JunkSearchOut(Out):
    """Show a look for oddities, and what of it waits, by kind."""

    id: str
    owner_id: str
    state: Literal["looking", "ready", "stopped", "failed"]
    paths: list[str]
    files: int
    unreadable: int
    problems: list[SearchProblemOut]
    kinds: list[JunkKindOut]
    notice: str
    job_id: str | None
    created_at: datetime
    finished_at: datetime | None


class JunkQuery(PageQuery):
    """Choose oddities of a search."""

    kind: OddityName | None = None
    state: Literal["open", "done", "left"] | None = Field(None, description="Those that wait, if unset.")


class JunkOut(Out):
    """Show one odd thing. `new_name`: what it would be called; `detail`: the ending that its content has."""

    id: str
    kind: OddityName
    action: Literal["trash", "rename"]
    state: Literal["open", "working", "done", "left"]
    place: VolumePath
    path: str
    label: str
    folder: bool
    size: int
    modified: datetime
    new_name: str
    detail: str
    explanation: str = Field(description="Why it was not done.")


class JunkChoiceIn(In):
    """Name oddities, or whole kinds."""

    item_ids: list[Id] = Field(default_factory=list, max_length=500)
    kinds: list[OddityName] = Field(default_factory=list, max_length=9, description="Used where none are named.")


class JunkLeaveIn(In):
    """Leave oddities as they are, or (`leave` false) take them up again."""

    item_ids: list[Id] = Field(min_length=1, max_length=500)
    leave: bool = True


class LeftOut(Out):
    """Say how many were changed."""

    changed: int
