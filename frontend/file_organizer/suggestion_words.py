"""Say of suggestions what they are about: kinds of files, how sure Homie is, places shortened in the middle."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import flet as ft

from frontend.api.generated.schemas import ItemOut, VolumePath
from frontend.i18n import percent, tr

SURE = 0.9
"""From here on Homie calls itself sure; "accept all sure" means these."""
_I = ft.Icons

KINDS: Mapping[str, tuple[Any, Callable[[], str]]] = {
    "invoice": (_I.RECEIPT_LONG_OUTLINED, lambda: tr("Invoices")),
    "receipt": (_I.RECEIPT_OUTLINED, lambda: tr("Receipts")),
    "contract": (_I.HANDSHAKE_OUTLINED, lambda: tr("Contracts")),
    "insurance": (_I.SHIELD_OUTLINED, lambda: tr("Insurance")),
    "bank": (_I.ACCOUNT_BALANCE_OUTLINED, lambda: tr("Bank")),
    "tax": (_I.CALCULATE_OUTLINED, lambda: tr("Taxes")),
    "payslip": (_I.PAYMENTS_OUTLINED, lambda: tr("Payslips")),
    "medical": (_I.MEDICAL_SERVICES_OUTLINED, lambda: tr("Health")),
    "manual": (_I.MENU_BOOK_OUTLINED, lambda: tr("Manuals")),
    "travel": (_I.FLIGHT_OUTLINED, lambda: tr("Travel")),
    "certificate": (_I.WORKSPACE_PREMIUM_OUTLINED, lambda: tr("Certificates")),
    "application": (_I.WORK_OUTLINE, lambda: tr("Applications")),
    "letter": (_I.MAIL_OUTLINE, lambda: tr("Letters")),
    "warranty": (_I.VERIFIED_OUTLINED, lambda: tr("Warranties")),
    "school": (_I.SCHOOL_OUTLINED, lambda: tr("School")),
    "document": (_I.DESCRIPTION_OUTLINED, lambda: tr("Documents")),
    "text": (_I.NOTES, lambda: tr("Notes")),
    "spreadsheet": (_I.TABLE_CHART_OUTLINED, lambda: tr("Spreadsheets")),
    "presentation": (_I.SLIDESHOW, lambda: tr("Presentations")),
    "ebook": (_I.AUTO_STORIES_OUTLINED, lambda: tr("Books")),
    "picture": (_I.IMAGE_OUTLINED, lambda: tr("Pictures")),
    "screenshot": (_I.SCREENSHOT_MONITOR_OUTLINED, lambda: tr("Screenshots")),
    "photo_album": (_I.PHOTO_ALBUM_OUTLINED, lambda: tr("Photo albums")),
    "camera": (_I.PHOTO_CAMERA_OUTLINED, lambda: tr("Camera")),
    "video": (_I.VIDEOCAM_OUTLINED, lambda: tr("Videos")),
    "film": (_I.MOVIE_OUTLINED, lambda: tr("Films")),
    "series": (_I.LIVE_TV_OUTLINED, lambda: tr("Series")),
    "subtitle": (_I.SUBTITLES_OUTLINED, lambda: tr("Subtitles")),
    "audio": (_I.MUSIC_NOTE_OUTLINED, lambda: tr("Music")),
    "archive": (_I.FOLDER_ZIP_OUTLINED, lambda: tr("Archives")),
    "disk_image": (_I.ALBUM_OUTLINED, lambda: tr("Disk images")),
    "installer": (_I.INSTALL_DESKTOP_OUTLINED, lambda: tr("Programs")),
    "code": (_I.CODE, lambda: tr("Code")),
    "project": (_I.FOLDER_SPECIAL_OUTLINED, lambda: tr("Projects")),
    "font": (_I.FONT_DOWNLOAD_OUTLINED, lambda: tr("Fonts")),
    "model": (_I.VIEW_IN_AR_OUTLINED, lambda: tr("3D models")),
    "design": (_I.BRUSH_OUTLINED, lambda: tr("Designs")),
    "data": (_I.DATASET_OUTLINED, lambda: tr("Data")),
    "mail": (_I.ALTERNATE_EMAIL, lambda: tr("E-mails")),
    "contact": (_I.CONTACTS_OUTLINED, lambda: tr("Contacts")),
    "calendar": (_I.CALENDAR_MONTH_OUTLINED, lambda: tr("Calendars")),
    "torrent": (_I.DOWNLOADING, lambda: tr("Torrents")),
    "key": (_I.KEY_OUTLINED, lambda: tr("Keys")),
}
"""Icon and name of each kind of file that the hub knows (`category`)."""

_ESCAPED = re.compile(r"\\(\\|x[0-9A-Fa-f]{2})")


def kind_icon(category: str, *, is_folder: bool = False) -> Any:
    """Return the icon of a kind of file."""
    known = KINDS.get(category)
    return known[0] if known else _I.FOLDER_OUTLINED if is_folder else _I.INSERT_DRIVE_FILE_OUTLINED


def kind_name(category: str) -> str:
    """Return the name of a kind of file; what a newer hub invents is called "Other"."""
    known = KINDS.get(category)
    return known[1]() if known else tr("Other")


def confidence_words(confidence: float) -> tuple[str, str]:
    """Return (words with percent, tone) for how sure Homie is."""
    share = percent(confidence)
    if confidence >= SURE:
        return tr("Sure · {share}", share=share), "good"
    if confidence >= 0.6:
        return tr("Likely · {share}", share=share), "accent"
    return tr("Unsure · {share}", share=share), "warn"


def readable(path: str) -> str:
    """Return a path of the hub as people read it: its signs for special characters are undone."""
    return _ESCAPED.sub(lambda found: "\\" if found.group(1) == "\\" else "\N{REPLACEMENT CHARACTER}", path)


def name_of(place: VolumePath) -> str:
    """Return the last part of a place: the file's name."""
    return readable(place["path"].rpartition("/")[2])


def folder_of(place: VolumePath) -> VolumePath:
    """Return the folder that a place is in."""
    return {"volume_id": place["volume_id"], "path": place["path"].rpartition("/")[0]}


def crumbs(place: VolumePath, root: str = "", most: int = 44) -> str:
    """Write a folder as a trail, shortened in its middle: "Documents › … › 2024". `root` names its opened folder."""
    parts = [readable(part) for part in place["path"].split("/") if part]
    if root:
        parts = [root, *parts]
    if not parts:
        return tr("Top folder")
    trail = " › ".join(parts)
    for dropped in range(1, len(parts) - 1):
        if len(trail) <= most:
            break
        trail = " › ".join([parts[0], "…", *parts[1 + dropped :]])
    return trail


def shortened(name: str, most: int = 48) -> str:
    """Shorten a file's name in its middle: its beginning and its ending say most."""
    return name if len(name) <= most else f"{name[: most - 16]}…{name[-15:]}"


def destination(item: ItemOut, labels: Mapping[str, str], most: int = 44) -> str:
    """Write where an item goes; the opened folder is named when it is another one than the file's."""
    op = item.get("op", "move")
    if op == "trash":
        return tr("Trash")
    target = item["target"]
    other = target["volume_id"] != item["source"]["volume_id"]
    where = crumbs(folder_of(target), labels.get(target["volume_id"], "") if other else "", most)
    return tr("{folder} (a copy)", folder=where) if op == "copy" else where


def is_renamed(item: ItemOut) -> bool:
    """Tell whether the item gets another name on its way."""
    return name_of(item["source"]) != name_of(item["target"])
