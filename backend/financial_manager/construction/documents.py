"""Papers and photos of a line: files of the household by their full paths, or words for what lies on a shelf."""

from __future__ import annotations

from collections.abc import Iterable

from backend.sdk.files import OwnerRoots


def check_documents(roots: OwnerRoots, documents: Iterable[str], known: Iterable[str] = ()) -> None:
    """Raise `PathNotAllowed` for a path ("/...") that names no file in an opened folder; blocks on the drive.

    `known` ones are not looked for again: a file that was moved away meanwhile does not stop other changes.
    """
    there = set(known)
    for number, one in enumerate(documents):
        if one.startswith("/") and one not in there:
            roots.resolve_text(one, must_exist=True, field=f"body.documents.{number}")
