"""What an AI is told: a file by what a person would see of it, and the folders that may be chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from backend.file_organizer.analysis.facts import FileFacts
from backend.file_organizer.asking.folder_rules import Openness, Permissions
from backend.file_organizer.asking.instructions import speaks_to_machines
from backend.file_organizer.planning.folder_index import FolderIndex
from backend.file_organizer.planning.local_engine import LocalEngine
from backend.file_organizer.planning.suggestions import join
from backend.file_organizer.planning.taxonomy import PLACES
from backend.file_organizer.settings import Language

MAX_FOLDERS = 150
WORDS = 40


def describe(facts: FileFacts, openness: Openness) -> dict[str, Any]:
    """Return what may be said about a file: neither where it lies nor its id; words only where they are allowed."""
    found: dict[str, Any] = {
        "name": facts.name.encode("utf-8", "replace").decode()[:200],
        "kind": facts.kind.value,
        "year": facts.filing_date().year,
    }
    if facts.members:
        found["inside"] = [member.rpartition("/")[2][:80] for member in facts.members[:8]]
    if openness is Openness.CONTENT and facts.words:
        found["words"] = " ".join(facts.words[:WORDS])
    return found


def may_be_asked(facts: FileFacts, openness: Openness) -> bool:
    """Tell whether a model may be asked: nothing that it would hear is meant for it instead of for people."""
    return not speaks_to_machines(_texts(describe(facts, openness)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        yield from value


def folder_choices(
    engine: LocalEngine,
    index: FolderIndex,
    permissions: Permissions,
    *,
    volume_id: str,
    base: str,
    language: Language,
    own_names: bool = True,
) -> dict[str, str]:
    """Return folder (below the destination) -> what the model reads: the household's own first, then shipped places.

    `own_names`: whether names of the household's folders may be said; without them only Homie's own names for kinds of
    places are, and these still lead to the household's folder for it.
    """
    found: dict[str, str] = {}
    if own_names:
        for folder in index.folders:
            if len(found) >= MAX_FOLDERS:
                break
            if _sayable(folder) and permissions.may_name(volume_id, join(base, folder)):
                found[folder] = folder
    for key, place in PLACES.items():
        folder = engine.place(key)
        label = folder if own_names else place.folder(language)
        if permissions.may_name(volume_id, join(base, folder)) and (not own_names or _sayable(folder)):
            found.setdefault(folder, label)
    return found


def _sayable(folder: str) -> bool:
    return folder.isprintable() and len(folder) <= 200 and not speaks_to_machines([folder])


PlaceOf = Callable[[FileFacts], tuple[str, str]]
"""Return (volume, folder on it) of where a file lies."""
