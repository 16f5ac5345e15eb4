"""Walk the headers of a rar: what is locked, what is a part of several, and the check sums that libarchive overlooks.

libarchive (3.6) hands out the bytes of damaged stored members, of both formats, as if they were sound, and those of
locked ones of the old format; so flags and sums are read here, after the formats' technical notes. Unpacks nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

OLD, NEW = b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00"
MAX_BLOCKS = 200_000
MAX_HEADER = 2 << 20
_MAIN, _FILE, _END = 0x73, 0x74, 0x7B


class RarDamaged(ValueError):
    """The headers make no sense."""


@dataclass(frozen=True, slots=True)
class RarBlock:
    """One header. `member`: of a file or folder; `crc`: CRC-32 of its content, None if it has none."""

    member: bool = False
    folder: bool = False
    locked: bool = False
    part: bool = False
    crc: int | None = None


def is_rar(head: bytes) -> bool:
    """Tell by its first bytes whether a file is a rar."""
    return head.startswith(OLD[:6])


def rar_blocks(file: IO[bytes]) -> Iterator[RarBlock]:
    """Yield the headers of the rar that `file` begins with; raises `RarDamaged`."""
    end = file.seek(0, 2)
    file.seek(0)
    head = file.read(len(NEW))
    if head == NEW:
        return _limited(_new_blocks(file, end))
    file.seek(len(OLD))
    return _limited(_old_blocks(file, end))


def _limited(blocks: Iterator[RarBlock]) -> Iterator[RarBlock]:
    for number, block in enumerate(blocks):
        if number >= MAX_BLOCKS:
            raise RarDamaged("too many headers")
        yield block


def _old_blocks(file: IO[bytes], end: int) -> Iterator[RarBlock]:
    while len(head := file.read(7)) == 7:
        kind, flags, size = head[2], int.from_bytes(head[3:5], "little"), int.from_bytes(head[5:7], "little")
        if size < 7:
            raise RarDamaged("a header of no size")
        body = _exactly(file, size - 7)
        more = _number(body, 0, 4) if flags & 0x8000 or kind == _FILE else 0
        if kind == _END:
            return
        if kind == _MAIN:
            yield RarBlock(locked=bool(flags & 0x80), part=bool(flags & 0x01))
            if flags & 0x80:
                return  # what follows is locked, headers too
        elif kind == _FILE:
            if flags & 0x100:
                more |= _number(body, 25, 4) << 32
            yield RarBlock(True, flags & 0xE0 == 0xE0, bool(flags & 0x04), bool(flags & 0x03), _number(body, 9, 4))
        _skip(file, more, end)


def _new_blocks(file: IO[bytes], end: int) -> Iterator[RarBlock]:
    while len(_sum := file.read(4)) == 4:
        body = _exactly(file, _vint_of(file))
        kind, at = _vint(body, 0)
        flags, at = _vint(body, at)
        extra, at = _vint(body, at) if flags & 1 else (0, at)
        more, at = _vint(body, at) if flags & 2 else (0, at)
        if kind == 5:
            return
        if kind == 4:
            yield RarBlock(locked=True)
            return
        if kind == 1:
            yield RarBlock(part=bool(_vint(body, at)[0] & 1))
        elif kind == 2:
            yield _new_member(body, at, extra, bool(flags & 0x18))
        _skip(file, more, end)


def _new_member(body: bytes, at: int, extra: int, part: bool) -> RarBlock:
    flags, at = _vint(body, at)
    _size, at = _vint(body, at)
    _attributes, at = _vint(body, at)
    at += 4 if flags & 2 else 0  # its time
    crc = _number(body, at, 4) if flags & 4 else None
    locked = extra > 0 and _has_lock(body[len(body) - extra :])
    return RarBlock(True, bool(flags & 1), locked, part, crc)


def _has_lock(extra: bytes) -> bool:
    """Tell whether the extra records of a member hold that of its encryption."""
    at = 0
    while at < len(extra):
        size, at = _vint(extra, at)
        if size == 0 or _vint(extra, at)[0] == 1:
            return size > 0
        at += size
    return False


def _skip(file: IO[bytes], size: int, end: int) -> None:
    """Go past a member's packed bytes; `end`: the size of the file."""
    if size > end - file.tell():
        raise RarDamaged("cut off")
    file.seek(size, 1)


def _exactly(file: IO[bytes], size: int) -> bytes:
    if size > MAX_HEADER:
        raise RarDamaged("a header that is too large")
    body = file.read(size)
    if len(body) != size:
        raise RarDamaged("cut off")
    return body


def _number(body: bytes, at: int, size: int) -> int:
    if len(body) < at + size:
        raise RarDamaged("a short header")
    return int.from_bytes(body[at : at + size], "little")


def _vint(body: bytes, at: int) -> tuple[int, int]:
    """Return a number of variable length and where it ends."""
    number = 0
    for shift in range(0, 70, 7):
        byte = _number(body, at, 1)
        at += 1
        number |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return number, at
    raise RarDamaged("an endless number")


def _vint_of(file: IO[bytes]) -> int:
    number = 0
    for shift in range(0, 21, 7):
        byte = _exactly(file, 1)[0]
        number |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return number
    raise RarDamaged("an endless number")
