"""Unpack archives without trusting a word in them.

Nothing of an archive decides where bytes go: each member's path is checked part by part, links and devices are refused.
An archive is looked through before anything of it is written, by what it claims; and what is written is counted as it
is written (the claims may lie). All members land in a temporary folder; only a complete one gets its final name.

Archives inside are unpacked in further passes, each beside its file into a folder of its own. One of them that is
locked, damaged or unsafe stays packed; what all passes together write is held to one budget.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any

from backend.file_organizer.execution.archive_members import BROKEN, Member, Spellings, is_archive_name, members_of
from backend.file_organizer.execution.errors import (
    ArchiveLocked,
    ArchiveTooLarge,
    ArchiveToolMissing,
    ArchiveUnsafe,
    Reason,
    Refused,
)
from backend.file_organizer.execution.reserve import room_of
from backend.sdk.errors import HomieError
from backend.sdk.files import collision_key, encode_path, free_name, open_beneath, split_extension
from backend.sdk.files.hashing import CHUNK
from backend.sdk.files.primitives import open_folder, sync_filesystem

OnBytes = Callable[[int], None]
MAX_MEMBERS = 100_000
MAX_PASSES = 3
MAX_RATIO = 200
RATIO_COUNTS_FROM = 100 << 20
"""Bytes that any archive may unpack to before the ratio is looked at."""
BEAT_EVERY = 64
"""Reads of some kilobytes after which is told that the work goes on."""
MAX_INSIDE = 10_000
"""Archives inside that are unpacked: each costs a look at its folder and maybe a process."""
MAX_TOLD = 200
"""Archives inside that the journal names; the rest is counted only."""


@dataclass(slots=True)
class Unpacked:
    """What was unpacked: members of all passes, archives inside by path, and those left packed with the reason."""

    members: int = 0
    passes: int = 1
    inside: list[str] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    names: dict[tuple[str, ...], set[str]] = field(default_factory=dict)
    """Collision keys of what is in folders that archives were found in."""

    def stored(self) -> dict[str, Any]:
        """Return what the journal keeps of it."""
        stored: dict[str, Any] = {"members": self.members}
        if self.passes > 1:
            stored["passes"] = self.passes
        if self.inside:
            stored["inside"] = [encode_path(path) for path in self.inside[:MAX_TOLD]]
        if self.left:
            stored["left_packed"] = [[encode_path(path), reason] for path, reason in self.left[:MAX_TOLD]]
        return stored


def remove_tree(folder: int, name: str) -> None:
    """Remove one of Homie's own temporary files or folders; anything with another name is refused."""
    if not (name.startswith(".homie-") and name.endswith(".part")):
        raise ValueError("only temporary names are ever removed")
    try:
        info = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return
    if stat.S_ISDIR(info.st_mode):
        shutil.rmtree(name, dir_fd=folder)
    else:
        os.unlink(name, dir_fd=folder)


def extract_to(
    source_folder: int,
    name: str,
    folder: int,
    part: str,
    on_bytes: OnBytes,
    *,
    passes: int = 1,
    on_pass: Callable[[], None] = lambda: None,
) -> Unpacked:
    """Unpack the archive, and with more `passes` those inside, into the new folder `part`.

    Raises `ArchiveUnsafe`, `ArchiveLocked`, `ArchiveToolMissing`; `Refused(NO_ROOM)`, `OSError`.
    """
    done = Unpacked()
    with open_archive(source_folder, name) as file:
        budget = _Budget(os.fstat(file.fileno()).st_size, folder, on_bytes)
        _survey(file, budget)
        os.mkdir(part, 0o777, dir_fd=folder)
        root = open_folder(part, dir_fd=folder)
        try:
            found = [*_unpack(file, root, budget, done)]
            for number in range(2, min(passes, MAX_PASSES) + 1):
                if not found:
                    break
                on_pass()
                found = [deeper for inner in found for deeper in _unpack_inside(root, inner, budget, done, number)]
            sync_filesystem(root)
        finally:
            os.close(root)
    return done


@contextmanager
def open_archive(folder: int, name: str) -> Iterator[IO[bytes]]:
    """Open an archive; what its parser chokes on becomes `ArchiveUnsafe`."""
    with os.fdopen(open_beneath(folder, name), "rb") as file:
        try:
            yield file
        except BROKEN:
            raise ArchiveUnsafe() from None
        except OSError as error:
            if error.errno is None:  # bz2 and gzip say so when the data is damaged
                raise ArchiveUnsafe() from None
            raise


class _Budget:
    """Count what all passes really write, against the ratio, the number of members and the room on the drive."""

    def __init__(self, archive_size: int, folder: int, on_bytes: OnBytes) -> None:
        self._room = room_of(os.fstatvfs(folder))
        self._limit = RATIO_COUNTS_FROM + MAX_RATIO * archive_size
        self._written = 0
        self._members = 0
        self._beats = 0
        self._on_bytes = on_bytes

    def beat(self) -> None:
        """Say that the work goes on, though nothing is written."""
        self._beats += 1
        if self._beats % BEAT_EVERY == 0:
            self._on_bytes(0)

    def say_alive(self) -> None:
        """Say that the work goes on, and stop it if it was cancelled."""
        self._on_bytes(0)

    def foresee(self, members: int, size: int) -> None:
        """Raise when so much more would be too many; nothing is noted."""
        if self._members + members > MAX_MEMBERS:
            raise ArchiveTooLarge("This archive holds too many files.")
        if self._written + size > self._limit:
            raise ArchiveTooLarge("This archive unpacks to far more than it should, so it was left alone.")
        if self._written + size > self._room:
            raise Refused(Reason.NO_ROOM)

    def take_member(self) -> None:
        """Note one more member."""
        self.foresee(1, 0)
        self._members += 1

    def spend(self, count: int) -> None:
        """Note `count` bytes; raises when they are too many."""
        self.foresee(0, count)
        self._written += count
        self._on_bytes(count)


def _survey(file: IO[bytes], budget: _Budget) -> None:
    """Look through an archive without writing: all names, the number of members, what they claim to unpack to."""
    spellings, count, size = Spellings(), 0, 0
    with members_of(file, budget.beat) as members:
        for member in members:
            spellings.take(member)
            count += 1
            size += member.size if member.open is not None else 0
            budget.foresee(count, size)


def _unpack(file: IO[bytes], root: int, budget: _Budget, done: Unpacked) -> Iterator[tuple[str, ...]]:
    """Write all members; yields the paths of those that are archives themselves."""
    spellings = Spellings()
    with members_of(file, budget.beat) as members:
        for member in members:
            budget.take_member()
            spellings.take(member)
            _write_member(root, member, budget)
            done.members += 1
            if member.open is not None and is_archive_name(member.path[-1]):
                yield member.path


def _unpack_inside(
    root: int, path: tuple[str, ...], budget: _Budget, done: Unpacked, number: int
) -> list[tuple[str, ...]]:
    """Unpack an archive that came out of another, beside it; returns the paths of archives in it."""
    if len(done.inside) + len(done.left) >= MAX_INSIDE:
        raise ArchiveTooLarge("This archive holds too many files.")
    budget.say_alive()
    beside = _folder_for(root, path[:-1])
    try:
        if path[:-1] not in done.names:
            done.names[path[:-1]] = {collision_key(name) for name in os.listdir(beside)}
        name = _folder_name(done.names[path[:-1]], path[-1])
        found = _unpack_beside(beside, path[-1], name, budget, done)
    except (ArchiveUnsafe, ArchiveLocked, ArchiveToolMissing) as error:
        if isinstance(error, ArchiveTooLarge):
            raise
        done.left.append(("/".join(path), error.code))
        return []
    finally:
        os.close(beside)
    done.passes = number
    done.names[path[:-1]].add(collision_key(name))
    done.inside.append("/".join(path))
    return [(*path[:-1], name, *deeper) for deeper in found]


def _unpack_beside(beside: int, archive: str, name: str, budget: _Budget, done: Unpacked) -> list[tuple[str, ...]]:
    with open_archive(beside, archive) as file:
        _survey(file, budget)
        os.mkdir(name, 0o777, dir_fd=beside)
        root = open_folder(name, dir_fd=beside)
        before = done.members
        try:
            return [*_unpack(file, root, budget, done)]
        except (*BROKEN, HomieError, OSError):
            done.members = before
            shutil.rmtree(name, dir_fd=beside)
            raise
        finally:
            os.close(root)


def _folder_name(taken: set[str], archive: str) -> str:
    """Return the free name of the folder that an archive is unpacked into: its own, without the ending."""
    stem = split_extension(archive)[0].rstrip(" .") or archive
    return stem if collision_key(stem) not in taken else free_name(stem, taken)


def _write_member(root: int, member: Member, budget: _Budget) -> None:
    folder = _folder_for(root, member.path if member.open is None else member.path[:-1])
    try:
        if member.open is None:
            return
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            fd = os.open(member.path[-1], flags, 0o777 if member.executable else 0o666, dir_fd=folder)
        except FileExistsError:
            raise ArchiveUnsafe("This archive holds the same file twice, so it was left alone.") from None
        with os.fdopen(fd, "wb", buffering=0) as target, member.open() as source:
            while chunk := source.read(CHUNK):
                budget.spend(len(chunk))
                _write_all(target, chunk)
            if 0 < member.mtime < 1 << 33:
                os.utime(fd, (member.mtime, member.mtime))
    finally:
        os.close(folder)


def _write_all(target: Any, chunk: bytes) -> None:
    view = memoryview(chunk)
    while view:
        view = view[target.write(view) :]


def _folder_for(root: int, parts: tuple[str, ...]) -> int:
    """Return a descriptor of the folder, made as needed; a file in its way makes the archive unsafe."""
    fd = os.dup(root)
    for part in parts:
        try:
            try:
                os.mkdir(part, 0o777, dir_fd=fd)
            except FileExistsError:
                pass
            deeper = open_folder(part, dir_fd=fd)
        except NotADirectoryError:
            raise ArchiveUnsafe("This archive holds a file and a folder of one name.") from None
        finally:
            os.close(fd)
        fd = deeper
    return fd
