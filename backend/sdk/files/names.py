"""Names: which are possible everywhere, which are "the same" on some drive, and how to find a free one.

A household's drives differ: FAT and exFAT fold case, APFS folds case and Unicode forms, Windows reserves names. Two
names with one `collision_key` cannot live side by side on each of them, so Homie treats them as a collision.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

from backend.sdk.files.errors import NameNotPossible

MAX_NAME_BYTES = 255
"""NAME_MAX of ext4, xfs, btrfs and tmpfs; NTFS and exFAT count 255 UTF-16 units, which is never less."""
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])( *\..*)?$", re.DOTALL)
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
_NUMBERED = re.compile(r" \((\d{1,6})\)$")
_COMPOUND = (".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst", ".tar.lz")


def collision_key(name: str) -> str:
    """Return a key that is equal for names which a case- or form-insensitive drive takes for the same."""
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def is_private(relpath: str) -> bool:
    """Tell whether a path leads into Homie's own folder, however it is spelled, or names one of its temporary files."""
    if ".homie" not in relpath and relpath.isascii() and ".homie" not in relpath.lower():
        return False
    return any(
        key == ".homie" or (key.startswith(".homie-") and key.endswith(".part"))
        for key in map(collision_key, relpath.split("/"))
    )


def check_new_name(name: str) -> None:
    """Raise `NameNotPossible` for a name that Homie should not give; existing files may be called anything."""
    if not name or name in (".", ".."):
        raise NameNotPossible("The name is empty.")
    if any("\ud800" <= char <= "\udfff" for char in name):
        raise NameNotPossible("The name has bytes that are not UTF-8.")
    if _FORBIDDEN.search(name):
        raise NameNotPossible("The name has a character that not every drive can store.")
    if name[-1] in ". " or name[0] == " ":
        raise NameNotPossible("The name begins or ends with a space, or ends with a dot.")
    if _RESERVED.match(name):
        raise NameNotPossible("Windows reserves this name.")
    if len(name.encode()) > MAX_NAME_BYTES:
        raise NameNotPossible(f"The name is longer than {MAX_NAME_BYTES} bytes.")
    if is_private(name):
        raise NameNotPossible("Homie uses this name itself.")


def split_extension(name: str) -> tuple[str, str]:
    """Return `(stem, extension with its dot)`; knows `.tar.gz`, and that `.profile` has no extension."""
    lower = name.lower()
    for ending in _COMPOUND:
        if lower.endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)], name[-len(ending) :]
    stem, dot, ending = name.rpartition(".")
    if not dot or not stem.strip("."):
        return name, ""
    return stem, "." + ending


def clip_bytes(text: str, limit: int) -> str:
    """Return the longest beginning of `text` that fits into `limit` bytes without cutting a character."""
    raw = text.encode("utf-8", "surrogateescape")
    if len(raw) <= limit:
        return text
    cut = raw[:limit]
    while cut and (raw[len(cut)] & 0xC0) == 0x80:
        cut = cut[:-1]
    return cut.decode("utf-8", "surrogateescape")


def free_name(name: str, taken: Container[str]) -> str:
    """Return `name`, or `name (2)`, `name (3)`, ... whose collision key is not in `taken`; at most 255 bytes."""
    if collision_key(name) not in taken:
        return name
    stem, ending = split_extension(name)
    match = _NUMBERED.search(stem)
    number = int(match[1]) if match else 1
    stem = stem[: match.start()] if match else stem
    while True:
        number += 1
        tail = f" ({number}){ending}"
        if len(tail.encode("utf-8", "surrogateescape")) >= MAX_NAME_BYTES:
            stem, ending = clip_bytes(name, 200), ""
            continue
        room = MAX_NAME_BYTES - len(tail.encode("utf-8", "surrogateescape"))
        candidate = clip_bytes(stem, room) + tail
        if collision_key(candidate) not in taken:
            return candidate
