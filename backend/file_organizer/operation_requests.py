"""What people may ask for by name: the seven operations with full paths, and how they become the executor's.

A request knows neither volumes nor preconditions. Here each path goes through the owner's roots, and each existing
thing is looked at, so that the executor refuses when it is another one by the time it is its turn. Changes nothing.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Sequence
from typing import Annotated, Literal

from pydantic import Field

from backend.file_organizer.errors import DestinationNotUsable
from backend.file_organizer.execution.errors import OperationNotPossible
from backend.file_organizer.execution.operations import (
    Compress,
    Copy,
    Extract,
    Mkdir,
    Move,
    OnConflict,
    Operation,
    Rename,
    Seen,
    Trash,
)
from backend.file_organizer.execution.plan_steps import check_operations
from backend.sdk.errors import FieldProblem
from backend.sdk.files import (
    NameNotPossible,
    OpenRoot,
    OwnerRoots,
    PathNotAllowed,
    SafePath,
    VolumeAway,
    VolumePath,
    check_new_name,
    decode_path,
)
from backend.sdk.http import In

FullPath = Annotated[str, Field(min_length=1, max_length=16384)]
Naming = Callable[[int, str], str]
"""Told the number of a request and its field, says how the caller knows it."""
Taken = Annotated[
    Literal["skip", "keep_both", "replace_with_trash"],
    Field(
        description="When the name is taken: leave it, take a second name, or put what is there into the trash first."
    ),
]


class MkdirIn(In):
    """Make a folder, and those above it."""

    op: Literal["mkdir"]
    path: FullPath = Field(description="Full path of the new folder.")


class MoveIn(In):
    """Move a file or folder, also to another drive."""

    op: Literal["move"]
    source: FullPath = Field(description="Full path of what is there.")
    target: FullPath = Field(description="Full path that it gets, its name included.")
    on_conflict: Taken = "skip"


class CopyIn(In):
    """Copy a file; the copy is read back and compared."""

    op: Literal["copy"]
    source: FullPath = Field(description="Full path of the file.")
    target: FullPath = Field(description="Full path of the copy, its name included.")
    on_conflict: Taken = "skip"


class RenameIn(In):
    """Give a file or folder another name in its place."""

    op: Literal["rename"]
    source: FullPath = Field(description="Full path of what is there.")
    name: str = Field(min_length=1, max_length=1024, description="The new name, without a folder.")
    on_conflict: Taken = "skip"


class TrashIn(In):
    """Put a file or folder into its drive's trash."""

    op: Literal["trash"]
    source: FullPath = Field(description="Full path of what is there.")


class ExtractIn(In):
    """Unpack an archive (zip, tar, 7z, rar) into a new folder; the archive stays."""

    op: Literal["extract"]
    source: FullPath = Field(description="Full path of the archive.")
    target: FullPath = Field(description="Full path of the new folder.")
    on_conflict: Taken = "skip"
    passes: int = Field(
        1, ge=1, le=3, description="2 and 3 also unpack the archives inside, and those inside of them; all stay."
    )
    sort: bool = Field(False, description="Then begin a plan that sorts what was unpacked.")
    sort_into: FullPath | None = Field(
        None, description="With `sort`: full path of the folder to file into; the new folder itself if unset."
    )


class CompressIn(In):
    """Pack files and folders of one drive into a new zip file; the originals stay."""

    op: Literal["compress"]
    sources: list[FullPath] = Field(min_length=1, max_length=1000, description="Full paths of what is packed.")
    target: FullPath = Field(description="Full path of the new zip file.")
    on_conflict: Taken = "skip"


OperationIn = Annotated[
    MkdirIn | MoveIn | CopyIn | RenameIn | TrashIn | ExtractIn | CompressIn, Field(discriminator="op")
]


class OperationsIn(In):
    """Ask for operations, carried out in this order as one run."""

    operations: list[OperationIn] = Field(min_length=1, max_length=500)
    title: str | None = Field(None, min_length=1, max_length=200, description="What the history calls it.")


def operations_of_requests(requests: Sequence[OperationIn], roots: OwnerRoots, naming: Naming) -> list[Operation]:
    """Return the executor's operations for the requests; their ids are their numbers.

    Raises `PathNotAllowed` (not yours, or not there), `VolumeAway`, `DestinationNotUsable`, `OperationNotPossible` and
    `NameNotPossible`, each naming the field of the request.
    """
    operations = [_Reader(roots, index, naming).read(request) for index, request in enumerate(requests)]
    try:
        check_operations(operations)
    except OperationNotPossible as error:
        (field,) = error.fields
        _, number, name = field.name.split(".", 2)
        raise OperationNotPossible(naming(int(number), name), field.problem, field.remedy) from None
    return operations


def sorting_of_requests(
    requests: Sequence[OperationIn], roots: OwnerRoots, naming: Naming
) -> list[tuple[str, VolumePath | None]]:
    """Return which of the operations are to be followed by a scan of what they unpacked: id, and where to file.

    Raises as `operations_of_requests` does.
    """
    wishes: list[tuple[str, VolumePath | None]] = []
    for index, request in enumerate(requests):
        if isinstance(request, ExtractIn) and request.sort:
            wishes.append((str(index), _sort_place(request, roots, naming(index, "sort_into"))))
    return wishes


def _sort_place(request: ExtractIn, roots: OwnerRoots, field: str) -> VolumePath | None:
    if request.sort_into is None:
        return None
    place = roots.resolve_text(request.sort_into, folder=True, field=field)
    if not place.root.writable:
        remedy = "Choose another folder."
        raise DestinationNotUsable(fields=[FieldProblem(field, "Nothing may be written there.", remedy)])
    return place.volume_path


_VERBS = {
    "mkdir": "Make folder",
    "move": "Move",
    "copy": "Copy",
    "rename": "Rename",
    "trash": "Trash",
    "extract": "Unpack",
    "compress": "Pack",
}


def title_of(operations: Sequence[Operation]) -> str:
    """Return what the history calls a run that nobody gave a title: the first operation, and how many follow."""
    first = operations[0]
    named = {"mkdir": "path", "compress": "target"}.get(first.op, "source")
    name = getattr(first, named).text.rpartition("/")[2]
    more = f" and {len(operations) - 1} more" if len(operations) > 1 else ""
    return f"{_VERBS[first.op]} {name}{more}"


class _Reader:
    """Turn one request into one operation."""

    def __init__(self, roots: OwnerRoots, index: int, naming: Naming) -> None:
        self._roots = roots
        self._id = str(index)
        self._name: Callable[[str], str] = lambda field: naming(index, field)

    def read(self, request: OperationIn) -> Operation:
        """Return the operation that is asked for."""
        if isinstance(request, MkdirIn):
            return Mkdir(id=self._id, path=self._target(request.path, "path"))
        if isinstance(request, CompressIn):
            sources = [self._source(text, f"sources.{i}")[0] for i, text in enumerate(request.sources)]
            target = self._target(request.target, "target")
            conflict = OnConflict(request.on_conflict)
            return Compress(id=self._id, sources=tuple(sources), target=target, on_conflict=conflict)
        goes = isinstance(request, MoveIn | RenameIn | TrashIn)
        source, seen = self._source(request.source, "source", goes=goes)
        if isinstance(request, TrashIn):
            return Trash(id=self._id, source=source, seen=seen)
        conflict = OnConflict(request.on_conflict)
        if isinstance(request, RenameIn):
            name = self._new_name(request.name)
            return Rename(id=self._id, source=source, seen=seen, name=name, on_conflict=conflict)
        target = self._target(request.target, "target")
        if isinstance(request, ExtractIn):
            return Extract(
                id=self._id, source=source, target=target, seen=seen, on_conflict=conflict, passes=request.passes
            )
        kind: type[Move | Copy] = Move if isinstance(request, MoveIn) else Copy
        return kind(id=self._id, source=source, target=target, seen=seen, on_conflict=conflict)

    def _source(self, text: str, field: str, *, goes: bool = False) -> tuple[VolumePath, Seen]:
        """Return an existing place and what is there; `goes`: it will not be there afterwards."""
        place = self._roots.resolve_text(text, must_exist=True, field=self._name(field))
        self._check_inside(place, field)
        if goes:
            self._check_writable(place, field)
        return place.volume_path, self._look(place, field)

    def _target(self, text: str, field: str) -> VolumePath:
        place = self._roots.resolve_text(text, field=self._name(field))
        if not place.root.online:
            raise VolumeAway()
        self._check_inside(place, field)
        self._check_writable(place, field)
        return place.volume_path

    def _check_inside(self, place: SafePath, field: str) -> None:
        if not place.relpath:
            problem = "This is a whole folder that was opened for you; it stays as it is."
            raise OperationNotPossible(self._name(field), problem, "Name something inside of it.")

    def _check_writable(self, place: SafePath, field: str) -> None:
        if not place.root.writable:
            remedy = "Choose another folder, or act in the space that it belongs to."
            raise DestinationNotUsable(
                fields=[FieldProblem(self._name(field), "Nothing may be changed there.", remedy)]
            )

    def _look(self, place: SafePath, field: str) -> Seen:
        """Return what is there, reached through real folders only."""
        with OpenRoot(place.root) as root:
            try:
                info = root.stat(place.relpath)
            except OSError:
                info = None
        if info is None:  # gone since it was resolved
            raise PathNotAllowed(field=self._name(field))
        if stat.S_IFMT(info.st_mode) not in (stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK):
            problem = "This is not an ordinary file or folder."
            raise OperationNotPossible(self._name(field), problem, "Homie leaves such things alone.")
        return Seen.of(info)

    def _new_name(self, text: str) -> str:
        try:
            name = decode_path(text)
            check_new_name(name)
        except (PathNotAllowed, NameNotPossible) as error:
            problem = error.fields[0].problem if error.fields else error.message
            raise OperationNotPossible(self._name("name"), problem, "Choose another name.") from None
        return name
