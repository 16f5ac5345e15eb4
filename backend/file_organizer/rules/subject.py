"""What rules look at: one file, as a scan or the history knows it. What is dear is asked only when a rule needs it."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from backend.file_organizer.analysis.facts import FileFacts
from backend.file_organizer.analysis.kinds import Kind, kind_of_extension, split_extension
from backend.file_organizer.rules.copies import IsCopy
from backend.sdk.files import VolumePath, encode_path

Moment = Callable[[], datetime | None]


def _nothing() -> None:
    return None


@dataclass(slots=True)
class Subject:
    """One file. `None` means that it is not known, and then no rule about it is met.

    `folder`: the place of its folder. `text`: what is written inside; `created`: when it was made; both are called at
    most once, by `known_text` and `known_created`; so is `copy`, whether it is a copy of another file, by `known_copy`.
    """

    name: str
    folder: VolumePath
    size: int | None
    modified: datetime | None
    kind: Kind | None = None
    camera: str | None = None
    taken: datetime | None = None
    filed_as: tuple[int, int, int] | None = None
    text: Callable[[], str | None] = _nothing
    created: Moment = _nothing
    copy: Callable[[], bool | None] = _nothing
    stem: str = field(init=False)
    extension: str = field(init=False)
    _text: list[str | None] = field(init=False, default_factory=list)
    _created: list[datetime | None] = field(init=False, default_factory=list)
    _copy: list[bool | None] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.stem, self.extension = split_extension(self.name)
        if self.kind is None:
            self.kind = kind_of_extension(self.extension)

    def known_text(self) -> str | None:
        """Return the text inside, read once."""
        if not self._text:
            self._text.append(self.text())
        return self._text[0]

    def known_created(self) -> datetime | None:
        """Return when the file was made, asked once."""
        if not self._created:
            self._created.append(self.created())
        return self._created[0]

    def known_copy(self) -> bool | None:
        """Tell whether it is a copy of another file, asked once."""
        if not self._copy:
            self._copy.append(self.copy())
        return self._copy[0]

    def values(self) -> dict[str, str]:
        """Return what the placeholders of a template stand for; what is not known is left out."""
        year, month, day = self.filed_as or (0, 0, 0)
        moments = {"modified": self.modified, "taken": self.taken}
        found = {
            "name": self.stem,
            "file": self.name,
            "ext": self.name[len(self.stem) + 1 :] if self.extension else "",
            "year": f"{year:04d}" if year else "",
            "month": f"{month:02d}" if month else "",
            "day": f"{day:02d}" if day else "",
            "camera": self.camera or "",
            "kind": self.kind.value if self.kind is not None else "",
            "folder": self.folder.text.rpartition("/")[2],
        }
        for name, moment in moments.items():
            found |= dated(name, moment)
        return found


def dated(name: str, moment: datetime | None) -> dict[str, str]:
    """Return the three placeholders of a moment, by the clock of this machine."""
    if moment is None:
        return {}
    here = moment.astimezone()
    return {f"{name}_year": f"{here.year:04d}", f"{name}_month": f"{here.month:02d}", f"{name}_day": f"{here.day:02d}"}


def subject_of(
    facts: FileFacts, folder: VolumePath, text: Callable[[], str | None], is_copy: IsCopy | None = None
) -> Subject:
    """Return a scanned file as rules see it."""
    when = facts.filing_date()
    taken = None
    if facts.date_source == "exif" and facts.dated is not None and facts.dated.month and facts.dated.day:
        taken = datetime(facts.dated.year, facts.dated.month, facts.dated.day).astimezone()
    path = facts.path
    return Subject(
        encode_path(facts.name),
        folder,
        facts.size,
        moment_of(facts.mtime_ns),
        facts.kind,
        facts.camera,
        taken,
        (when.year, when.month or 0, when.day or 0),
        text,
        lambda: birth_time(path),
        (lambda: is_copy(folder.child(facts.name), path)) if is_copy is not None else _nothing,
    )


def moment_of(mtime_ns: int | None) -> datetime | None:
    """Return a time of the file system; None where it is none that a calendar has."""
    if mtime_ns is None:
        return None
    try:
        return datetime.fromtimestamp(mtime_ns / 1e9, UTC)
    except (OverflowError, ValueError, OSError):
        return None


class _Timestamp(ctypes.Structure):
    _fields_ = (("seconds", ctypes.c_int64), ("nanoseconds", ctypes.c_uint32), ("reserved", ctypes.c_int32))


class _Statx(ctypes.Structure):
    """`struct statx` of Linux (man 2 statx); Python offers it from 3.15 only."""

    _fields_ = (
        ("mask", ctypes.c_uint32),
        ("head", ctypes.c_uint8 * 60),
        ("accessed", _Timestamp),
        ("born", _Timestamp),
        ("rest", ctypes.c_uint8 * 160),
    )


_AT_FDCWD, _NO_FOLLOW, _BORN = -100, 0x100, 0x800


def birth_time(path: str) -> datetime | None:
    """Return when a file was made; None where the file system does not keep it."""
    try:
        born = getattr(os.lstat(path), "st_birthtime", None)
    except OSError:
        return None
    if born is None:
        born = _born_on_linux(path)
    return datetime.fromtimestamp(born, UTC) if born else None


def _born_on_linux(path: str) -> float | None:
    statx = getattr(ctypes.CDLL(None, use_errno=True), "statx", None)
    found = _Statx()
    if statx is None or statx(_AT_FDCWD, os.fsencode(path), _NO_FOLLOW, _BORN, ctypes.byref(found)) != 0:
        return None
    return found.born.seconds + found.born.nanoseconds / 1e9 if found.mask & _BORN else None
