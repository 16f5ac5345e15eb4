"""API of the file index: what is known by name, and looking again."""

from __future__ import annotations

from backend.file_organizer.jobs_index import IndexFilesArgs
from backend.file_organizer.organizer import Organizer
from backend.file_organizer.schemas import JobRefOut
from backend.file_organizer.schemas_index import FileIndexOut, IndexedFolderOut, IndexRefreshIn
from backend.sdk.actor import Actor
from backend.sdk.concurrency import run_blocking
from backend.sdk.files import encode_path
from backend.sdk.http import Group, current_actor
from backend.sdk.module import ModuleContext


def index_group(ctx: ModuleContext, organizer: Organizer) -> Group:
    """Return the operations below `/file-index`."""
    group = Group("file_index", url_prefix="/file-index", tag="Files")

    @group.get("", returns=FileIndexOut)
    def get_file_index() -> FileIndexOut:
        """Say how many files of each opened folder can be found by name, and when it was looked at."""
        actor = current_actor()
        organizer.index.prepare(actor)
        return run_blocking(index_state, organizer, actor)

    @group.post("/refresh", returns=JobRefOut, status=202, idempotent=True)
    def refresh_file_index(body: IndexRefreshIn) -> JobRefOut:
        """Look for new, moved and vanished files now."""
        actor = current_actor()
        args = IndexFilesArgs(full=body.full)
        key = f"index-{'full' if body.full else 'fast'}-{actor.owner_id}"
        job = ctx.jobs.enqueue(actor, "file_organizer.index_files", args, dedupe=key)
        return JobRefOut(job_id=job.id, state=job.state)

    return group


def index_state(organizer: Organizer, actor: Actor) -> FileIndexOut:
    """Return the state of the index for the folders that are open for the actor now."""
    known = {state.volume_id: state for state in organizer.index.states(actor)}
    items = []
    for root in organizer.roots.for_actor(actor).roots:
        state = known.get(root.volume_id)
        items.append(
            IndexedFolderOut(
                volume_id=root.volume_id,
                label=root.label,
                path=encode_path(root.path),
                online=root.online,
                files=state.files if state else 0,
                bytes=state.size if state else 0,
                complete=bool(state and state.complete),
                looked_at=state.looked_at if state else None,
                full_at=state.full_at if state else None,
            )
        )
    return FileIndexOut(
        items=items, files=sum(item.files for item in items), size_on_disk=organizer.index.size() if items else 0
    )
