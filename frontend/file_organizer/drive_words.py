"""Say of drives what they are for, how they stand and how full they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from frontend.api.generated.schemas import DriveOut
from frontend.i18n import ago, size, tr

NEARLY_FULL = 0.95
FILLING_UP = 0.85

PURPOSES: dict[str, Callable[[], str]] = {
    "everything": lambda: tr("Everything"),
    "documents": lambda: tr("Documents"),
    "photos": lambda: tr("Photos"),
    "films": lambda: tr("Films and series"),
    "music": lambda: tr("Music"),
    "games": lambda: tr("Games and programs"),
    "archive": lambda: tr("Archive"),
    "backup": lambda: tr("Backups"),
}
"""What a drive can be for, by the word that the hub keeps; anything else is the person's own words."""

_ICONS = {
    "photos": ft.Icons.PHOTO_LIBRARY_OUTLINED,
    "films": ft.Icons.MOVIE_OUTLINED,
    "music": ft.Icons.LIBRARY_MUSIC_OUTLINED,
    "documents": ft.Icons.DESCRIPTION_OUTLINED,
    "games": ft.Icons.SPORTS_ESPORTS_OUTLINED,
    "archive": ft.Icons.INVENTORY_2_OUTLINED,
    "backup": ft.Icons.BACKUP_OUTLINED,
}


def purpose_text(purpose: str) -> str:
    """Return what a drive is for, in the person's words; empty when nobody said."""
    known = PURPOSES.get(purpose)
    return known() if known else purpose


def purpose_icon(purpose: str) -> Any:
    """Return the icon of a purpose."""
    return _ICONS.get(purpose, ft.Icons.LABEL_OUTLINED)


def drive_icon(drive: DriveOut) -> Any:
    """Return the icon of a drive: what kind it is, and whether it is there."""
    if not drive["online"]:
        return ft.Icons.USB_OFF_OUTLINED
    if drive["copies"]:
        return ft.Icons.CONTENT_COPY
    icons = {"network": ft.Icons.LAN_OUTLINED, "usb": ft.Icons.USB, "cloud": ft.Icons.CLOUD_OUTLINED}
    return icons.get(drive["kind"], ft.Icons.STORAGE)


def drive_state(drive: DriveOut) -> tuple[str, str]:
    """Return (words, tone) for how a drive stands."""
    if drive["held"]:
        return tr("Which one is it?"), "warn"
    if drive["status"] == "replaced":
        return tr("Another drive is in its place"), "warn"
    if not drive["online"]:
        return tr("Not connected"), "warn"
    if drive["read_only"]:
        return tr("Can only be read"), "neutral"
    return tr("Connected"), "good"


def kind_words(kind: str, service: str) -> str:
    """Return what kind of drive it is."""
    if kind == "cloud":
        return tr("Kept by {service}", service=service) if service else tr("Cloud drive")
    known = {"usb": tr("USB drive"), "network": tr("Network drive")}
    return known.get(kind, tr("Built-in drive"))


def last_seen(drive: DriveOut) -> str:
    """Say when a drive was here last, and that nothing of it is lost."""
    return tr("Last seen {when}. Homie remembers its files.", when=ago(drive["last_seen_at"]))


def used_share(drive: DriveOut) -> float | None:
    """Return the used share of a drive (0..1); None while its size is not known."""
    whole = drive["size"]
    return min(1.0, max(0.0, 1 - drive["free"] / whole)) if whole > 0 else None


def space_words(drive: DriveOut) -> tuple[str, str]:
    """Return (words, tone) for the space on a drive."""
    share = used_share(drive)
    if share is None:
        return tr("Its size is not known"), ""
    words = tr("{free} free of {size}", free=size(drive["free"]), size=size(drive["size"]))
    if share >= NEARLY_FULL:
        return tr("Nearly full: {words}", words=words), "bad"
    if share >= FILLING_UP:
        return tr("Filling up: {words}", words=words), "warn"
    return words, ""
