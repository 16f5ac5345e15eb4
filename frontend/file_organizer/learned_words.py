"""Say what Homie learned: the sign by which it knows a file, how sure that is, and the folder it belongs to."""

from __future__ import annotations

from collections.abc import Callable

from frontend.api.generated.schemas import DestinationOut, FolderOut
from frontend.i18n import tr, trn

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


def feature_text(feature: str) -> str:
    """Return in words by what Homie knows such files."""
    family, _, value = feature.partition(":")
    if family == "word":
        return tr("Files with “{word}” in the name", word=value)
    if family == "name":
        return tr("Files named “{name}”", name=value)
    if family == "camera":
        return tr("Pictures taken with {camera}", camera=_model(value))
    if family == "ext":
        return tr("Files that end in .{extension}", extension=value)
    if family == "paper" and value in _PAPERS:
        return _PAPERS[value]()
    if family == "kind" and value in _KINDS:
        return _KINDS[value]()
    return tr("Files like “{name}”", name=value or feature)


def _model(name: str) -> str:
    """Write a camera as its maker does: the hub keeps small letters only."""
    return " ".join(
        part.upper() if len(part) <= 3 or any(sign.isdigit() for sign in part) else part.title()
        for part in name.split()
    )


def evidence_text(learned: DestinationOut) -> str:
    """Return in words how often that was so, and how often it was not."""
    said = trn("{n} file went there", "{n} files went there", learned["yes"])
    if not learned["no"]:
        return said
    return tr("{said}, {refused}", said=said, refused=trn("you said no once", "you said no {n} times", learned["no"]))


def certainty(learned: DestinationOut) -> float:
    """Return how much the hub trusts it (0..1): Laplace's rule, as the memory itself counts."""
    return (learned["yes"] + 1) / (learned["yes"] + learned["no"] + 2)


def is_refused(learned: DestinationOut) -> bool:
    """Tell whether Homie learned that such files do not belong there."""
    return learned["no"] > learned["yes"]


def folder_text(volume_id: str, folder: str, opened: tuple[FolderOut, ...]) -> str:
    """Return a folder as a person finds it: the opened folder's name, then the way inside it."""
    shown = folder.replace("{year}-{month}", tr("(year-month)")).replace("{year}", tr("(year)"))
    shown = shown.replace("{month}", tr("(month)"))
    root = next((one["label"] for one in opened if one["volume_id"] == volume_id), "")
    return " › ".join(part for part in (root, *shown.split("/")) if part)
