"""Say what Homie learned: the sign by which it knows a file, how sure that is, and the folder it belongs to."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from frontend.api.generated.schemas import DestinationOut, FolderOut, LearnedFileOut, SignOut
from frontend.file_organizer.suggestion_words import readable
from frontend.i18n import ago, tr, trn

_PAPERS: dict[str, Callable[[], str]] = {
    "invoice": lambda: tr("Invoices"),
    "receipt": lambda: tr("Receipts"),
    "contract": lambda: tr("Contracts"),
    "insurance": lambda: tr("Insurance papers"),
    "bank": lambda: tr("Bank statements"),
    "tax": lambda: tr("Tax papers"),
    "payslip": lambda: tr("Payslips"),
    "medical": lambda: tr("Medical papers"),
    "manual": lambda: tr("Manuals"),
    "travel": lambda: tr("Travel papers"),
    "certificate": lambda: tr("Certificates"),
    "application": lambda: tr("Applications"),
    "letter": lambda: tr("Letters"),
    "warranty": lambda: tr("Warranties"),
    "school": lambda: tr("School papers"),
}
_KINDS: dict[str, Callable[[], str]] = {
    "document": lambda: tr("All documents"),
    "text": lambda: tr("All text files"),
    "spreadsheet": lambda: tr("All spreadsheets"),
    "presentation": lambda: tr("All presentations"),
    "ebook": lambda: tr("All e-books"),
    "picture": lambda: tr("All pictures"),
    "video": lambda: tr("All videos"),
    "audio": lambda: tr("All music and sound"),
    "subtitle": lambda: tr("All subtitles"),
    "archive": lambda: tr("All packed archives"),
    "disk_image": lambda: tr("All disk images"),
    "installer": lambda: tr("All installers"),
    "code": lambda: tr("All program code"),
    "font": lambda: tr("All fonts"),
    "model": lambda: tr("All 3D models"),
    "design": lambda: tr("All designs"),
    "data": lambda: tr("All data files"),
    "mail": lambda: tr("All e-mails"),
    "contact": lambda: tr("All contacts"),
    "calendar": lambda: tr("All calendars"),
    "torrent": lambda: tr("All torrents"),
    "key": lambda: tr("All keys"),
}


COLOURS: dict[str, tuple[str, Callable[[], str]]] = {
    "red": (ft.Colors.RED_400, lambda: tr("Red")),
    "orange": (ft.Colors.ORANGE_400, lambda: tr("Orange")),
    "yellow": (ft.Colors.AMBER_400, lambda: tr("Yellow")),
    "green": (ft.Colors.GREEN_400, lambda: tr("Green")),
    "teal": (ft.Colors.TEAL_400, lambda: tr("Teal")),
    "blue": (ft.Colors.BLUE_400, lambda: tr("Blue")),
    "purple": (ft.Colors.PURPLE_300, lambda: tr("Purple")),
    "pink": (ft.Colors.PINK_300, lambda: tr("Pink")),
    "brown": (ft.Colors.BROWN_400, lambda: tr("Brown")),
    "grey": (ft.Colors.BLUE_GREY_400, lambda: tr("Grey")),
}
"""Colours that a folder can have: how they look, and what they are called."""


def sign_text(sign: str) -> str:
    """Return in words by what Homie knows such files."""
    family, _, value = sign.partition(":")
    if family in ("word", "series"):
        return tr("Files with “{word}” in the name", word=value)
    if family == "text":
        return tr("Papers that say “{word}”", word=value)
    if family == "shape":
        return tr("Files named like “{name}”", name=value.replace("#", "123").replace("~", "…"))
    if family == "sender":
        return tr("Papers from {sender}", sender=value)
    if family == "project":
        return tr("Files about the project “{project}”", project=value)
    if family == "camera":
        return tr("Pictures taken with {camera}", camera=_model(value))
    if family == "ext":
        return tr("Files that end in .{extension}", extension=value)
    if family == "paper" and value in _PAPERS:
        return _PAPERS[value]()
    if family == "kind" and value in _KINDS:
        return _KINDS[value]()
    return tr("Files like “{name}”", name=value or sign)


def sign_evidence(sign: SignOut) -> str:
    """Return how many of all such files went to the folder, and when last."""
    said = trn("{n} of {total} went there", "{n} of {total} went there", sign["files"], total=sign["total"])
    return f"{said} · {ago(sign['last_at'])}"


def _model(name: str) -> str:
    """Write a camera as its maker does: the hub keeps small letters only."""
    return " ".join(
        part.upper() if len(part) <= 3 or any(sign.isdigit() for sign in part) else part.title()
        for part in name.split()
    )


def evidence_text(learned: DestinationOut) -> str:
    """Return in words how many files went to a folder, and how often it was refused."""
    said = trn("{n} file went there", "{n} files went there", learned["files"])
    if not learned["refused"]:
        return said
    refused = trn("you said no once", "you said no {n} times", learned["refused"])
    return tr("{said}, {refused}", said=said, refused=refused)


def is_refused(learned: DestinationOut) -> bool:
    """Tell whether Homie learned that things do not belong there."""
    return learned["refused"] > learned["files"]


def how_text(file: LearnedFileOut) -> str:
    """Return in words how Homie learned it."""
    match file["how"]:
        case "accepted":
            return tr("You agreed")
        case "changed":
            return tr("You sent it there instead") if file["belongs"] else tr("You sent it elsewhere")
        case "rejected":
            return tr("You said no")
        case "undone":
            return tr("You took it back")
        case "moved":
            return tr("You moved it there yourself")
        case "counted":
            return tr("From an earlier Homie")
    return tr("Learned")


def folder_text(volume_id: str, folder: str, opened: tuple[FolderOut, ...]) -> str:
    """Return a folder as a person finds it: the opened folder's name, then the way inside it."""
    shown = folder.replace("{year}-{month}", tr("(year-month)")).replace("{year}", tr("(year)"))
    shown = shown.replace("{month}", tr("(month)"))
    root = next((one["label"] for one in opened if one["volume_id"] == volume_id), "")
    return " › ".join(readable(part) for part in (root, *shown.split("/")) if part) or tr("Top folder")
