"""API of statement inboxes: folders whose statements are read by themselves, and the files that wait for a person."""

from __future__ import annotations

from dataclasses import asdict

from backend.financial_manager.finances import Finances
from backend.financial_manager.inboxes.inboxes import Seen
from backend.financial_manager.inboxes.models import StatementInbox
from backend.financial_manager.schemas import IdPath
from backend.financial_manager.schemas_inboxes import (
    InboxesOut,
    InboxIn,
    InboxOut,
    LookedOut,
    SeenListOut,
    SeenOut,
    SeenPatch,
    SeenQuery,
)
from backend.sdk.concurrency import run_blocking
from backend.sdk.files import OwnerRoots, PathNotAllowed, VolumePath, decode_path, encode_path
from backend.sdk.http import Group, current_actor
from backend.sdk.module import ModuleContext


def inbox_groups(ctx: ModuleContext, finances: Finances) -> list[Group]:
    """Return the groups of inboxes and of their files."""
    return [_inboxes(ctx, finances), _files(ctx, finances)]


def _inboxes(ctx: ModuleContext, finances: Finances) -> Group:
    group = Group("statement_inboxes", url_prefix="/statement-inboxes", tag="Imports")
    inboxes = finances.inboxes

    @group.get("", returns=InboxesOut)
    def list_inboxes() -> InboxesOut:
        """List the folders whose statements are read by themselves."""
        roots = ctx.roots.for_actor(current_actor())
        return InboxesOut(items=[_inbox_out(roots, one) for one in inboxes.all(current_actor())])

    @group.post("", returns=InboxOut, status=201, errors=[403, 409], idempotent=True)
    def add_inbox(body: InboxIn) -> InboxOut:
        """Make an opened folder a statement inbox: new files in it are read; what is beyond doubt is booked."""
        roots = ctx.roots.for_actor(current_actor())
        place = run_blocking(roots.resolve_text, body.path, must_exist=True, folder=True, field="body.path")
        return _inbox_out(roots, inboxes.add(current_actor(), place))

    @group.delete("/<id>", errors=[404])
    def remove_inbox(path: IdPath) -> None:
        """Look into a folder no more; what was booked stays."""
        inboxes.remove(current_actor(), path.id)

    @group.post("/look", returns=LookedOut, status=200)
    def look_into_inboxes() -> LookedOut:
        """Look into the inboxes now."""
        return LookedOut.model_validate(asdict(run_blocking(finances.looking.look, current_actor())))

    return group


def _files(ctx: ModuleContext, finances: Finances) -> Group:
    group = Group("statements_seen", url_prefix="/statements-seen", tag="Imports")

    @group.get("", returns=SeenListOut)
    def list_statements_seen(query: SeenQuery) -> SeenListOut:
        """List the files of the inboxes that wait (or were booked, held nothing new, are not wanted), newest first."""
        roots = ctx.roots.for_actor(current_actor())
        found = finances.inboxes.seen(current_actor(), query.state)
        return SeenListOut(items=[_seen_out(roots, one) for one in found])

    @group.patch("/<id>", returns=SeenOut, errors=[404, 409])
    def leave_statement(path: IdPath, body: SeenPatch) -> SeenOut:
        """Want nothing of a waiting file, or let it wait after all; the file itself is never changed."""
        row = finances.inboxes.leave(current_actor(), path.id, left=body.left)
        return _seen_out(ctx.roots.for_actor(current_actor()), Seen(row, False))

    return group


def _inbox_out(roots: OwnerRoots, row: StatementInbox) -> InboxOut:
    path = _where(roots, row.volume_id, row.path)
    name = (path or row.path).rpartition("/")[2]
    return InboxOut(id=row.id, name=name, path=path, created_at=row.created_at)


def _seen_out(roots: OwnerRoots, seen: Seen) -> SeenOut:
    row = seen.row
    names = ("id", "name", "state", "reason", "account_id", "batch_id", "seen_at")
    path = _where(roots, row.volume_id, row.path)
    return SeenOut(**{name: getattr(row, name) for name in names}, path=path, undone=seen.undone)


def _where(roots: OwnerRoots, volume_id: str, path: str) -> str | None:
    """Return the full path of a place, in text form; None where it cannot be reached now."""
    try:
        return encode_path(run_blocking(roots.locate, VolumePath(volume_id, decode_path(path))).absolute)
    except PathNotAllowed:
        return None
