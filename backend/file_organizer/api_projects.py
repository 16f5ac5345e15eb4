"""API of projects: list them, call a folder a project or none, forget what was said."""

from __future__ import annotations

from backend.file_organizer.organizer import Organizer
from backend.file_organizer.projects.shelf import Project
from backend.file_organizer.schemas import IdPath
from backend.file_organizer.schemas_projects import ProjectIn, ProjectMarkOut, ProjectOut
from backend.sdk.concurrency import run_blocking
from backend.sdk.errors import HomieError
from backend.sdk.files import OwnerRoots, VolumePath, encode_path
from backend.sdk.http import Group, Page, PageQuery, current_actor, page


def project_group(organizer: Organizer) -> Group:
    """Return the group of projects."""
    group = Group("projects", url_prefix="/projects", tag="Projects")
    store = organizer.projects

    @group.get("", returns=Page[ProjectOut])
    def list_projects(query: PageQuery) -> Page[ProjectOut]:
        """List projects: folders below "Projects", folders with a project's file in them, and those you named."""
        actor = current_actor()
        roots, said = organizer.roots.for_actor(actor), store.said(actor)
        found = run_blocking(store.known, said, roots)
        items = [project_out(project, said.ids.get((project.volume_id, project.folder)), roots) for project in found]
        shown = sorted((one for one in items if one is not None), key=_order)
        after = query.after(str, str)
        rest = [one for one in shown if after is None or _order(one) > (after[0], after[1])]
        return page(rest[: query.limit + 1], query.limit, _order)

    @group.post("", returns=ProjectMarkOut, status=201, errors=[403])
    def mark_project(body: ProjectIn) -> ProjectMarkOut:
        """Call a folder a project, with words that its files carry, or say that it is none. No file is touched."""
        actor = current_actor()
        roots = organizer.roots.for_actor(actor)
        place = run_blocking(roots.resolve_text, body.path, must_exist=True, folder=True, field="body.path")
        made = store.mark(actor, place, title=body.title, words=body.words, hidden=body.hidden)
        title = body.title or place.volume_path.name or place.root.label
        return ProjectMarkOut(id=made, title=title, path=encode_path(place.absolute), hidden=body.hidden)

    @group.delete("/<id>", errors=[404])
    def forget_project(path: IdPath) -> None:
        """Forget what was said about a folder. No file is touched."""
        store.forget(current_actor(), path.id)

    return group


def _order(project: ProjectOut) -> tuple[str, str]:
    """Return by what projects are sorted: their title, then their folder."""
    return project.title.casefold(), project.path


def project_out(project: Project, project_id: str | None, roots: OwnerRoots) -> ProjectOut | None:
    """Return what is shown of a project; None for one whose folder is not reachable for this actor."""
    try:
        path = encode_path(roots.locate(VolumePath(project.volume_id, project.folder)).absolute)
    except HomieError:
        return None
    return ProjectOut(
        id=project_id,
        title=encode_path(project.title),
        path=path,
        volume_id=project.volume_id,
        folder=encode_path(project.folder),
        why=project.why,
        words=list(project.words),
    )
