"""Films go to the drive for films: a drive that the person gave a purpose is where files of that kind are suggested.

Only rules are steered, never what the household taught: memory knows better where this family keeps its films. Nothing
is suggested onto a drive that is away, may only be read, or would be filled below its reserve.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from backend.file_organizer.execution.reserve import room_of
from backend.file_organizer.planning.folder_index import FolderIndex
from backend.file_organizer.planning.local_engine import LocalEngine
from backend.file_organizer.planning.suggestions import Source, Suggestion
from backend.file_organizer.planning.taxonomy import PLACES, fold
from backend.file_organizer.settings import Language
from backend.sdk.files import AllowedRoot

CATEGORIES: Mapping[str, frozenset[str]] = {
    "films": frozenset(("film", "series", "video", "subtitle")),
    "photos": frozenset(("picture", "photo_album", "camera", "screenshot")),
    "music": frozenset(("audio",)),
    "documents": frozenset(
        (
            *("invoice", "receipt", "contract", "insurance", "bank", "tax", "payslip", "medical", "manual", "travel"),
            *("certificate", "application", "letter", "warranty", "school", "document", "text", "spreadsheet"),
            *("presentation", "mail"),
        )
    ),
    "games": frozenset(("installer", "disk_image")),
}
"""Which kinds of files a purpose draws; "everything", "archive", "backup" and own words draw none."""
_OTHER_WORDS = {
    "film": "films",
    "movies": "films",
    "series": "films",
    "filme": "films",
    "videos": "films",
    "pictures": "photos",
    "fotos": "photos",
    "bilder": "photos",
    "musik": "music",
    "dokumente": "documents",
    "papers": "documents",
    "spiele": "games",
}


@dataclass(slots=True)
class PurposePlace:
    """One opened folder on a drive with a purpose. `room`: bytes that still fit, less what this plan puts there."""

    root: AllowedRoot
    label: str
    purpose: str
    room: int
    engine: LocalEngine | None = None


@dataclass(slots=True)
class DrivePurposes:
    """Where files of each kind are drawn to. Made for one plan: it remembers what the plan has put where."""

    places: list[PurposePlace] = field(default_factory=list)
    language: Language = "en"

    def __bool__(self) -> bool:
        """Tell whether any drive draws anything."""
        return bool(self.places)

    def steer(
        self, suggestion: Suggestion, size: int, think: Callable[[LocalEngine], Suggestion], at: str
    ) -> Suggestion:
        """Return the suggestion on the drive for its kind, or as it was. `at`: the volume that the file lies on now.

        A file that lies on such a drive already stays there, whichever of several it is.
        """
        if suggestion.source is not Source.RULES:
            return suggestion
        drawing = [one for one in self.places if suggestion.category in CATEGORIES[one.purpose]]
        if any(one.root.volume_id in (suggestion.volume_id, at) for one in drawing):
            return suggestion
        place = max((one for one in drawing if size <= one.room), key=lambda one: one.room, default=None)
        if place is None:
            return suggestion
        there = self._without_own_name(think(self._engine(place)), place)
        place.room -= size
        there.confidence = min(there.confidence, suggestion.confidence)
        there.category = suggestion.category
        there.reason = f"{suggestion.reason} The drive {place.label} is for such files."
        there.also(suggestion)
        return there

    def _engine(self, place: PurposePlace) -> LocalEngine:
        if place.engine is None:
            index = FolderIndex(place.root.path)
            place.engine = LocalEngine(index, volume_id=place.root.volume_id, base="", language=self.language)
        return place.engine

    def _without_own_name(self, there: Suggestion, place: PurposePlace) -> Suggestion:
        """An opened folder "Films" needs no folder "Films" inside it."""
        name = fold(os.path.basename(place.root.path.rstrip("/")))
        top, _, rest = there.folder.partition("/")
        own = PLACES.get(there.category)
        doubled = own is not None and name in own.names and fold(top) in own.names
        if doubled and not os.path.isdir(os.path.join(place.root.path, top)):
            there.folder = rest
        return there


def known_purpose(said: str) -> str | None:
    """Return the purpose that a person's word means, or None for one that draws nothing."""
    word = fold(said)
    return word if word in CATEGORIES else _OTHER_WORDS.get(word)


def purposes_of(
    drives: Iterable[tuple[str, str, Sequence[str]]], roots: Sequence[AllowedRoot], language: Language
) -> DrivePurposes:
    """Return where files are drawn to. `drives`: (label, purpose, volume ids) of usable drives. Looks at the drives."""
    found = DrivePurposes(language=language)
    for label, said, volumes in drives:
        purpose = known_purpose(said)
        if purpose is None:
            continue
        for root in roots:
            if root.volume_id in volumes and root.writable and root.online:
                try:
                    room = room_of(os.statvfs(root.path))
                except OSError:
                    continue
                found.places.append(PurposePlace(root, label, purpose, room))
    return found
