"""API of the files that belong to transactions."""

from __future__ import annotations

from backend.financial_manager.attachments import Attached
from backend.financial_manager.finances import Finances
from backend.financial_manager.schemas import IdPath, RecordedOut
from backend.financial_manager.schemas_attachments import (
    AttachmentIn,
    AttachmentOut,
    AttachmentsOut,
    AttachmentsQuery,
)
from backend.sdk.concurrency import run_blocking
from backend.sdk.http import Group, current_actor


def attachment_group(finances: Finances) -> Group:
    """Return the group of attachments."""
    group = Group("attachments", url_prefix="/attachments", tag="Transactions")
    attachments = finances.attachments

    @group.get("", returns=AttachmentsOut, errors=[404])
    def list_attachments(query: AttachmentsQuery) -> AttachmentsOut:
        """List the files of a transaction, each with what is at its place now."""
        found = run_blocking(attachments.of_transaction, current_actor(), query.transaction_id)
        return AttachmentsOut(items=[attachment_out(one) for one in found])

    @group.post("", returns=AttachmentOut, status=201, errors=[403, 404, 503])
    def attach_file(body: AttachmentIn) -> AttachmentOut:
        """Attach a file of an opened folder; it stays where it is. The same file again changes nothing."""
        return attachment_out(run_blocking(attachments.attach, current_actor(), body.transaction_id, body.path))

    @group.delete("/<id>", returns=RecordedOut, errors=[404])
    def detach_file(path: IdPath) -> RecordedOut:
        """Take an attachment away; the file itself stays. Undoing the change attaches it again."""
        return RecordedOut.model_validate(attachments.detach(current_actor(), path.id))

    return group


def attachment_out(found: Attached) -> AttachmentOut:
    """Return an attachment as the API shows it; where it lies only to whoever may see the folder."""
    row = found.row
    return AttachmentOut(
        id=row.id,
        transaction_id=row.transaction_id,
        name=row.name,
        size=row.size,
        content_hash=row.content_hash,
        added_at=row.added_at,
        volume_id=row.volume_id,
        path=row.path if found.full_path else "",
        full_path=found.full_path,
        state=found.state,
    )
