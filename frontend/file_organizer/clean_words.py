"""Say of oddities what they are, why they can go, and what would be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from frontend.api.generated.schemas import JunkKindOut, JunkOut
from frontend.i18n import size, tr, trn

_KINDS: dict[str, tuple[Callable[[], str], Callable[[], str], Any]] = {
    "litter": (
        lambda: tr("Left behind by computers"),
        lambda: tr("Small files that systems and office programs make for themselves. Nobody misses them."),
        ft.Icons.CLEANING_SERVICES_OUTLINED,
    ),
    "empty_file": (
        lambda: tr("Empty files"),
        lambda: tr("There is nothing in them."),
        ft.Icons.INSERT_DRIVE_FILE_OUTLINED,
    ),
    "empty_folder": (
        lambda: tr("Empty folders"),
        lambda: tr("There is no file in them. Each goes only if it is still empty then."),
        ft.Icons.FOLDER_OFF_OUTLINED,
    ),
    "broken_link": (
        lambda: tr("Links that lead to nothing"),
        lambda: tr("What they pointed to in the same folders is gone."),
        ft.Icons.LINK_OFF,
    ),
    "unfinished": (
        lambda: tr("Unfinished downloads"),
        lambda: tr("They were begun and not touched for a week or more."),
        ft.Icons.DOWNLOADING,
    ),
    "old_installer": (
        lambda: tr("Old installers"),
        lambda: tr("Programs to install, half a year old or more, among the downloads."),
        ft.Icons.INSTALL_DESKTOP,
    ),
    "disguised": (
        lambda: tr("Programs with a false name"),
        lambda: tr("They are called a document or a picture, but they are programs. Do not open them."),
        ft.Icons.GPP_MAYBE_OUTLINED,
    ),
    "wrong_ending": (
        lambda: tr("Wrong endings"),
        lambda: tr("The end of the name does not fit what is inside, so programs may refuse to open them."),
        ft.Icons.DRIVE_FILE_RENAME_OUTLINE,
    ),
    "copy_name": (
        lambda: tr("Names of copies"),
        lambda: tr("They are called a copy, but the original is not beside them. They can have its name."),
        ft.Icons.DRIVE_FILE_RENAME_OUTLINE,
    ),
}


def kind_title(kind: str) -> str:
    """Return what a kind is called."""
    return _KINDS[kind][0]() if kind in _KINDS else tr("Other oddities")


def kind_why(kind: str) -> str:
    """Return why things of a kind are odd, and that they can go."""
    return _KINDS[kind][1]() if kind in _KINDS else ""


def kind_icon(kind: str) -> Any:
    """Return the icon of a kind."""
    return _KINDS[kind][2] if kind in _KINDS else ft.Icons.HELP_OUTLINE


def kind_counts(of: JunkKindOut) -> str:
    """Return how many there are, and the space that they take."""
    said = trn("{n} found", "{n} found", of["items"])
    return f"{said} · {size(of['bytes'])}" if of["action"] == "trash" and of["bytes"] else said


def action_text(of: JunkKindOut) -> str:
    """Return what would be done with all of a kind."""
    if of["action"] == "rename":
        return trn("Rename {n}", "Rename all {n}", of["items"])
    return trn("Put {n} into the trash", "Put all {n} into the trash", of["items"])


def item_name(item: JunkOut) -> str:
    """Return what one is called."""
    return item["place"]["path"].rpartition("/")[2]


def item_folder(item: JunkOut) -> str:
    """Return where one lies."""
    inside = item["place"]["path"].rpartition("/")[0]
    label = item["label"] or tr("A folder that is not open any more")
    return f"{label} › {inside.replace('/', ' › ')}" if inside else label


def cleaned_words(done: int, kept: int) -> str:
    """Return what became of cleaning up."""
    said = trn("{n} cleaned up.", "{n} cleaned up.", done)
    if kept:
        said += " " + trn("{n} was changed meanwhile and stayed.", "{n} were changed meanwhile and stayed.", kept)
    return said
