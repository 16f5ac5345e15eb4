"""Say of copies why one of them should stay, what would be won, and where each lies."""

from __future__ import annotations

from collections.abc import Callable

from frontend.api.generated.schemas import CopyOut, DuplicateGroupOut
from frontend.i18n import count, size, tr, trn

_REASONS: dict[str, Callable[[], str]] = {
    "read_only": lambda: tr("This one stays because Homie may only look at it."),
    "linked": lambda: tr("This one stays because it is known under several names."),
    "tidy_place": lambda: tr(
        "This one stays because it lies in a tidy place, the others among downloads and the like."
    ),
    "original_name": lambda: tr("This one stays because it has the original name."),
    "oldest": lambda: tr("This one stays because it is the oldest."),
    "nearest": lambda: tr("This one stays because it lies less deep in the folders."),
    "largest": lambda: tr("This one stays because the picture is the largest."),
    "sharpest": lambda: tr("This one stays because the picture is the sharpest."),
    "chosen": lambda: tr("You chose what stays."),
}
PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".avif", ".heic", ".mpo")


def reason_text(group: DuplicateGroupOut) -> str:
    """Return why the copy that stays is suggested to."""
    known = _REASONS.get(group["reason"])
    return known() if known else tr("All copies are as good as each other; this one comes first.")


def name_of(copy: CopyOut) -> str:
    """Return a file's name."""
    return copy["place"]["path"].rpartition("/")[2]


def folder_of(copy: CopyOut) -> str:
    """Return where a file lies, for people: the opened folder, and the way inside of it."""
    inside = copy["place"]["path"].rpartition("/")[0]
    label = copy["label"] or tr("A folder that is not open any more")
    return f"{label} › {inside.replace('/', ' › ')}" if inside else label


def is_picture(copy: CopyOut) -> bool:
    """Tell whether a file is likely to have a small picture."""
    return name_of(copy).lower().endswith(PICTURES)


def going(group: DuplicateGroupOut) -> int:
    """Return how many files of a group would go (as far as they are shown)."""
    return sum(not one["keep"] and one["movable"] and one["state"] != "trashed" for one in group["copies"])


def group_title(group: DuplicateGroupOut) -> str:
    """Return the name of a group: that of the file which stays."""
    kept = [one for one in group["copies"] if one["keep"]] or group["copies"]
    return name_of(kept[0]) if kept else tr("Files")


def group_words(group: DuplicateGroupOut) -> str:
    """Return how often a file is there, and what would be won."""
    if group["kind"] == "similar":
        said = trn("{n} picture that looks alike", "{n} pictures that look alike", group["files"])
    else:
        said = tr("There {n} times", n=count(group["files"]))
    return tr("{what}, {space} to win", what=said, space=size(group["gain"])) if group["gain"] else said


def put_away_words(done: int, kept: int) -> str:
    """Return what became of putting copies away."""
    said = trn("{n} copy is in the trash.", "{n} copies are in the trash.", done)
    if not kept:
        return said
    return said + " " + tr("{n} stayed, because Homie could not prove that they are copies.", n=count(kept))
