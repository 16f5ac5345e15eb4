"""Read and change what a person said about projects, and list the projects of the opened folders."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from backend.file_organizer.errors import MappingMissing
from backend.file_organizer.planning.folder_index import FolderIndex
from backend.file_organizer.projects.models import ProjectFolder
from backend.file_organizer.projects.shelf import Project, ProjectShelf, Why, find_projects, without, words_of
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.files import OwnerRoots, SafePath, decode_path

MOST = 500
"""Projects that are listed at most; a household with more has folders of another kind there."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said, as plain data."""

    projects: tuple[Project, ...]
    hidden: frozenset[tuple[str, str]]
    ids: dict[tuple[str, str], str]


class ProjectStore:
    """Know the projects of the space that an actor writes to."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def said(self, actor: Actor) -> Said:
        """Return what a person said about projects."""
        return self._db.read(actor, _said)

    def mark(self, actor: Actor, place: SafePath, *, title: str | None, words: str, hidden: bool = False) -> str:
        """Call a folder a project (or say that it is none); returns its id. Said again, it is changed."""
        name = " ".join((title or place.relpath.rpartition("/")[2] or place.root.label or "").split())[:200]
        if not name:
            raise InvalidInput(fields=[FieldProblem("body.title", "A project has a name.", "Give it a name.")])

        def work(session: OwnedSession) -> str:
            folder = place.volume_path.text
            row = _own(session, place.root.volume_id, folder)
            if row is None:
                row = ProjectFolder(volume_id=place.root.volume_id, folder=folder)
                session.add(row)
            row.title, row.hidden, row.changed_at = name, hidden, self._clock.now()
            row.detail = {"words": list(words_of(words))[:20]}
            session.flush()
            return row.id

        return self._db.write(actor, work)

    def forget(self, actor: Actor, project_id: str) -> None:
        """Forget what was said about a folder; raises `MappingMissing`. No file is touched."""

        def work(session: OwnedSession) -> None:
            row = session.scalars(select(ProjectFolder).where(ProjectFolder.id == project_id)).first()
            if row is None or row.owner_id != session.actor.owner_id:
                raise MappingMissing()
            session.delete(row)

        self._db.write(actor, work)

    def known(self, said: Said, roots: OwnerRoots) -> list[Project]:
        """Return all projects in the opened folders: those that a person named, and those that look like one."""
        found: dict[tuple[str, str], Project] = {(one.volume_id, one.folder): one for one in said.projects}
        for root in roots.roots:
            index = FolderIndex(root.path, depth=4, limit=3000)
            for project in find_projects(index, volume_id=root.volume_id, base=""):
                found.setdefault((project.volume_id, project.folder), project)
        return without(found.values(), set(said.hidden))[:MOST]

    def shelf(self, actor: Actor, index: FolderIndex, *, volume_id: str, base: str) -> ProjectShelf:
        """Return what a plan into one destination may offer: its projects, and those that a person named anywhere."""
        said = self.said(actor)
        found = {(one.volume_id, one.folder): one for one in said.projects}
        for project in find_projects(index, volume_id=volume_id, base=base):
            found.setdefault((project.volume_id, project.folder), project)
        return ProjectShelf(without(found.values(), set(said.hidden))[:MOST], index, base)


def _said(session: OwnedSession) -> Said:
    rows = list(session.scalars(select(ProjectFolder).order_by(ProjectFolder.title, ProjectFolder.id)))
    projects = tuple(
        Project(row.title, row.volume_id, decode_path(row.folder), Why.PERSON, tuple(row.detail.get("words", ())))
        for row in rows
        if not row.hidden
    )
    hidden = frozenset((row.volume_id, decode_path(row.folder)) for row in rows if row.hidden)
    return Said(projects, hidden, {(row.volume_id, decode_path(row.folder)): row.id for row in rows})


def _own(session: OwnedSession, volume_id: str, folder: str) -> ProjectFolder | None:
    rows = session.scalars(
        select(ProjectFolder).where(ProjectFolder.volume_id == volume_id, ProjectFolder.folder == folder)
    )
    return next((row for row in rows if row.owner_id == session.actor.owner_id), None)
