"""A suggestion: where one file could go, how sure Homie is, why, and what else would do."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass, field

from backend.file_organizer.analysis.names import NameDate
from backend.sdk.files import check_new_name
from backend.sdk.files.errors import NameNotPossible

YEAR_MARK = "{year}"
MONTH_MARK = "{month}"
WORTH_SAYING = 0.02
"""A place that is less likely than this helps nobody to choose."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_BAD = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\ud800-\udfff\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')


class Source(enum.StrEnum):
    """Say who suggests: what the household did before, shipped rules, an AI, the person, or a rule of the household."""

    MEMORY = "memory"
    RULES = "rules"
    AI = "ai"
    PERSON = "person"
    OWNER_RULE = "owner_rule"


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another possible folder of the same kind as `Suggestion.folder`."""

    volume_id: str
    folder: str
    confidence: float
    reason: str


@dataclass(slots=True)
class Suggestion:
    """Suggest `folder` (relative to the root of `volume_id`) with a confidence of 0..1 and a reason in plain words.

    `specific`: memory knows this very thing (a word, a camera, a series), not only its kind. `name`: another name for
    the file; `needs_new`: how likely (0..1) none of the known folders fits; `op`: "move" or, where a rule of
    the household says so, "copy", "trash", "leave" or "ask".
    """

    volume_id: str
    folder: str
    confidence: float
    reason: str
    source: Source
    category: str
    alternatives: list[Alternative] = field(default_factory=list)
    specific: bool = False
    name: str | None = None
    needs_new: float = 0.0
    op: str = "move"

    def as_alternative(self) -> Alternative:
        """Return this as the second choice of another suggestion."""
        return Alternative(self.volume_id, self.folder, self.confidence, self.reason)

    def also(self, other: Alternative | Suggestion | None) -> None:
        """Add another choice, unless it is this one, nearly sure to be wrong, or there are three already."""
        if other is None or other.confidence < WORTH_SAYING or len(self.alternatives) >= 3:
            return
        known = {(self.volume_id, self.folder), *((a.volume_id, a.folder) for a in self.alternatives)}
        if (other.volume_id, other.folder) not in known:
            self.alternatives.append(other.as_alternative() if isinstance(other, Suggestion) else other)


def folder_name(raw: str) -> str | None:
    """Return `raw` as a name that a new folder may have on every drive, or None if nothing usable is left."""
    name = re.sub(r"\s+", " ", _BAD.sub(" ", raw)).strip(" .")[:120].strip(" .")
    try:
        check_new_name(name)
    except NameNotPossible:
        return None
    return name


def fill_date(folder: str, date: NameDate) -> str:
    """Fill a file's date into a learned folder; a month that is not known falls out with its folder."""
    if "{" not in folder:
        return folder
    if not date.month:
        folder = "/".join(part for part in folder.split("/") if MONTH_MARK not in part)
    return folder.replace(YEAR_MARK, str(date.year)).replace(MONTH_MARK, f"{date.month:02d}")


def date_template(folder: str, date: NameDate) -> str:
    """Return a folder as it is learned: the file's own year and month become marks, so that later files follow."""
    if not _YEAR.search(folder):
        return folder
    year, marks = str(date.year), {str(date.year): YEAR_MARK}
    if date.month:
        for separator in "-_. ":
            marks[f"{year}{separator}{date.month:02d}"] = f"{YEAR_MARK}{separator}{MONTH_MARK}"
    return "/".join(marks.get(part, part) for part in folder.split("/"))


def join(folder: str, name: str) -> str:
    """Join two relative paths, either of which may be empty."""
    return f"{folder}/{name}" if folder and name else folder or name
