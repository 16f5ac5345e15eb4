"""Know projects by their folders, and tell which project a file speaks of, with the words that show it."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from backend.file_organizer.analysis.facts import FileFacts
from backend.file_organizer.analysis.kinds import Kind
from backend.file_organizer.planning.folder_index import FolderIndex
from backend.file_organizer.planning.suggestions import Source, Suggestion
from backend.file_organizer.planning.taxonomy import PLACES, fold

HOMES = frozenset({"projects", "project", "projekte", "projekt", "projets", "proyectos", "progetti", "projecten"})
"""What households call the folder that their projects lie in, folded."""
_NO_NAMES = frozenset(
    (
        *("a", "an", "and", "the", "of", "for", "in", "on", "to", "my", "our", "new", "old", "test", "misc"),
        *("neu", "alt", "und", "der", "die", "das", "von", "fuer", "mit", "im", "am", "zu", "mein", "unser"),
    )
)
_IN_NAME, _IN_TEXT, _WORD_IN_NAME = 0.84, 0.72, 0.86


class Why(enum.StrEnum):
    """Say why a folder is a project: it lies among projects, it has a project's file in it, a person said so."""

    HOME = "home"
    MARKER = "marker"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Project:
    """One project. `folder`: relative to the root of `volume_id`; `words`: what a person added, folded."""

    title: str
    volume_id: str
    folder: str
    why: Why
    words: tuple[str, ...] = ()

    @property
    def telling(self) -> tuple[str, ...]:
        """Return the words of the title that can tell a file of it."""
        return tuple(word for word in fold(self.title).split() if len(word) >= 3 and word not in _NO_NAMES)


def find_projects(index: FolderIndex, *, volume_id: str, base: str) -> list[Project]:
    """Return the projects below a destination: folders among projects, and folders with a project's file in them."""
    found: dict[str, Project] = {}
    for path in index.folders:
        parent, _, name = path.rpartition("/")
        why = Why.HOME if fold(parent.rpartition("/")[2]) in HOMES else None
        if why is None and path in index.project_marked:
            why = Why.MARKER
        inside = any(path.startswith(known + "/") for known in found)
        if why is not None and not inside and fold(name):
            found[path] = Project(name, volume_id, f"{base}/{path}" if base else path, why)
    return list(found.values())


@dataclass(slots=True)
class ProjectShelf:
    """Hold the projects that a plan may offer. `index`, `base`: to find a fitting folder inside a project."""

    projects: Sequence[Project]
    index: FolderIndex | None = None
    base: str = ""
    _common: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Find words that several projects share: they tell none of them."""
        seen: set[str] = set()
        for project in self.projects:
            for word in set(project.telling):
                (self._common if word in seen else seen).add(word)

    def offer(self, facts: FileFacts) -> Suggestion | None:
        """Return a place in the project that a file speaks of; None if none, or if two are meant equally.

        The project's title is noted in the facts: it is a sign by which memory knows such files.
        """
        if facts.is_folder or not self.projects:
            return None
        in_name = set(fold(facts.stem).split()) | {fold(token) for token in facts.tokens}
        in_text = {fold(word) for word in facts.words[:2000]}
        offers = [(one, project) for project in self.projects if (one := self._weigh(project, facts, in_name, in_text))]
        offers.sort(key=lambda pair: -pair[0].confidence)
        if not offers or (len(offers) > 1 and offers[0][0].confidence == offers[1][0].confidence):
            return None
        best, project = offers[0]
        facts.project = project.title
        for other, _ in offers[1:]:
            best.also(other)
        return best

    def _weigh(self, project: Project, facts: FileFacts, in_name: set[str], in_text: set[str]) -> Suggestion | None:
        """Return what one project offers, with its evidence, or None."""
        title, shown = project.telling, project.title
        if word := next((word for word in project.words if word in in_name), ""):
            return self._place(project, facts, _WORD_IN_NAME, f"Its name has '{word}', a word of your project {shown}.")
        if self._tells(title) and all(word in in_name for word in title):
            more = 0.02 * (len(title) - 1)
            return self._place(project, facts, _IN_NAME + min(0.06, more), f"Its name speaks of your project {shown}.")
        if word := next((word for word in project.words if word in in_text), ""):
            return self._place(project, facts, _IN_TEXT, f"Its text has '{word}', a word of your project {shown}.")
        if len(title) >= 2 and self._tells(title) and all(word in in_text for word in title):
            return self._place(project, facts, _IN_TEXT, f"Its text speaks of your project {shown}.")
        return None

    def _tells(self, title: Sequence[str]) -> bool:
        """Tell whether a title's words can point to one project: two of them, or one long one that is nobody else's."""
        rare = [word for word in title if word not in self._common]
        return bool(rare) and (len(title) >= 2 or len(rare[0]) >= 5)

    def _place(self, project: Project, facts: FileFacts, confidence: float, reason: str) -> Suggestion:
        folder = project.folder
        if self.index is not None and (inside := self._inside(project, facts)) is not None:
            folder = inside
        return Suggestion(project.volume_id, folder, confidence, reason, Source.RULES, "project", specific=True)

    def _inside(self, project: Project, facts: FileFacts) -> str | None:
        """Return the project's own folder for this kind of file ("Invoices", "Pictures"), if it has one."""
        assert self.index is not None
        start = f"{self.base}/" if self.base else ""
        if not project.folder.startswith(start):
            return None
        kind = facts.paper.value if facts.paper is not None else facts.kind.value
        place = PLACES.get(kind)
        for path in self.index.children(project.folder[len(start) :]):
            name = fold(path.rpartition("/")[2])
            if place is not None and name in place.names:
                return start + path
            if facts.kind is Kind.PICTURE and name in ("fotos", "photos", "pictures", "bilder"):
                return start + path
        return None


def words_of(text: str) -> tuple[str, ...]:
    """Return typed words as they are compared: folded, each once, at least three letters."""
    return tuple(dict.fromkeys(word for word in fold(text).split() if len(word) >= 3))


def without(projects: Iterable[Project], hidden: set[tuple[str, str]]) -> list[Project]:
    """Return the projects that nobody said are none."""
    return [project for project in projects if (project.volume_id, project.folder) not in hidden]
