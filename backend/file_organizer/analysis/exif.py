"""Read date and camera from the first bytes of a JPEG or TIFF: a bounded walk over EXIF, safe on hostile bytes.

Written against the Exif 2.32 specification (CIPA DC-008), sections 4.5 and 4.6. Pillow is asked for other formats in
the reader process (`reader_process.py`); this path needs no import and no process, so that thousands of
photographs take no time.
"""

from __future__ import annotations

import struct
from datetime import datetime
from typing import NamedTuple

_MAKE, _MODEL, _DATETIME, _EXIF_IFD, _ORIGINAL = 0x010F, 0x0110, 0x0132, 0x8769, 0x9003
_MAX_ENTRIES = 200


class PictureFacts(NamedTuple):
    """When and with what a picture was taken; either may be unknown."""

    taken: datetime | None
    camera: str


def read_exif(head: bytes) -> PictureFacts | None:
    """Return what EXIF in the first bytes says, or None where there is none (or it is damaged)."""
    if head[:3] == b"\xff\xd8\xff":
        block = _app1(head)
    elif head[:4] in (b"II*\x00", b"MM\x00*"):
        block = head
    else:
        return None
    if block is None:
        return None
    try:
        return _tiff(block)
    except (struct.error, ValueError, IndexError):
        return None


def _app1(head: bytes) -> bytes | None:
    """Return the TIFF block of a JPEG's Exif segment."""
    position = 2
    for _ in range(20):
        if position + 4 > len(head) or head[position] != 0xFF:
            return None
        marker, length = head[position + 1], int.from_bytes(head[position + 2 : position + 4], "big")
        if marker == 0xE1 and head[position + 4 : position + 10] == b"Exif\0\0":
            return head[position + 10 : position + 2 + length]
        if marker == 0xDA or length < 2:
            return None
        position += 2 + length
    return None


def _tiff(block: bytes) -> PictureFacts | None:
    """Walk the first directory and the Exif directory, nothing else, each entry at most once."""
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None or struct.unpack_from(order + "H", block, 2)[0] != 42:
        return None
    first = _directory(block, order, struct.unpack_from(order + "I", block, 4)[0])
    pointer = first.get(_EXIF_IFD)
    second = _directory(block, order, pointer) if isinstance(pointer, int) else {}
    stamp = second.get(_ORIGINAL) or first.get(_DATETIME)
    taken = _moment(stamp) if isinstance(stamp, str) else None
    make, model = first.get(_MAKE), first.get(_MODEL)
    make, model = (make if isinstance(make, str) else ""), (model if isinstance(model, str) else "")
    camera = model if model.lower().startswith(make.lower().split(" ")[0]) else f"{make} {model}".strip()
    return PictureFacts(taken, camera[:60]) if taken or camera else None


def _directory(block: bytes, order: str, offset: int) -> dict[int, str | int]:
    """Return the ASCII and LONG values of the tags that matter in one directory."""
    found: dict[int, str | int] = {}
    count = min(struct.unpack_from(order + "H", block, offset)[0], _MAX_ENTRIES)
    for index in range(count):
        entry = offset + 2 + index * 12
        tag, kind, length = struct.unpack_from(order + "HHI", block, entry)
        if tag == _EXIF_IFD:
            found[tag] = struct.unpack_from(order + "I", block, entry + 8)[0]
        elif kind == 2 and tag in (_MAKE, _MODEL, _DATETIME, _ORIGINAL) and length <= 200:
            start = entry + 8 if length <= 4 else struct.unpack_from(order + "I", block, entry + 8)[0]
            raw = block[start : start + length].split(b"\0")[0]
            found[tag] = "".join(c for c in raw.decode("ascii", "replace").strip() if c.isprintable())
    return found


def _moment(stamp: str) -> datetime | None:
    """Return EXIF's `YYYY:MM:DD HH:MM:SS`; cameras without a clock write zeros."""
    try:
        found = datetime.strptime(stamp[:19], "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    return found if 1980 <= found.year <= 2200 else None
