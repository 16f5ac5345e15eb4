"""Names that come with an upload: made possible on every drive instead of refused, for people do not choose them.

A phone or a Mac sends `12:30 Uhr.jpg`; it arrives as `12_30 Uhr.jpg`.
"""

from __future__ import annotations

import re
import unicodedata

from backend.core.transfers.errors import UploadRefused
from backend.sdk.files import NameNotPossible, check_new_name, split_extension
from backend.sdk.files.names import MAX_NAME_BYTES, clip_bytes, is_private

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\ud800-\udfff]')
MOST_FOLDERS = 32


def clean_name(name: str) -> str:
    """Return the nearest name that every drive can hold; never empty, never one of Homie's own."""
    text = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", name)).strip(" ").rstrip(". ") or "file"
    if is_private(text):
        text = "_" + text
    if len(text.encode()) > MAX_NAME_BYTES:
        stem, ending = split_extension(text)
        ending = ending if len(ending.encode()) <= 20 else ""
        text = clip_bytes(stem, MAX_NAME_BYTES - len(ending.encode())).rstrip(". ") + ending
    try:
        check_new_name(text)
    except NameNotPossible:
        text = "_" + clip_bytes(text, MAX_NAME_BYTES - 1).rstrip(". ")
        check_new_name(text)
    return text


def split_relative(path: str) -> tuple[str, str]:
    """Return (folder, name) of a path that a browser gave for a file of a chosen folder, each part cleaned.

    Raises `UploadRefused` for `..` and for a path that is deeper than anything sensible.
    """
    parts = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".")]
    if not parts or ".." in parts or len(parts) > MOST_FOLDERS:
        raise UploadRefused("Upload-Metadata", "The relative path is not possible.", "Send a plain relative path.")
    cleaned = [clean_name(part) for part in parts]
    return "/".join(cleaned[:-1]), cleaned[-1]
