"""Wire types of attachments."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from backend.financial_manager.attachments import AttachmentState
from backend.financial_manager.schemas import Id
from backend.sdk.http import In, Out


class AttachmentIn(In):
    """Attach a file of an opened folder to a transaction."""

    transaction_id: Id
    path: str = Field(min_length=1, max_length=4096, description="Where it lies, as the list of a folder names it.")


class AttachmentsQuery(In):
    """Choose a transaction."""

    transaction_id: Id


class AttachmentOut(Out):
    """Show a file of a transaction. `size`: bytes, when it was attached; `content_hash`: BLAKE3.

    `state`: what is at its place now: it, another content, nothing, or a folder that is away or not open to you.
    """

    id: str
    transaction_id: str
    name: str
    size: int
    content_hash: str
    added_at: dt.datetime
    volume_id: str
    path: str = Field(description="On its drive.")
    full_path: str = Field(description='As links take it; "" where you may not see the folder.')
    state: AttachmentState


class AttachmentsOut(Out):
    """List the files of a transaction by name."""

    items: list[AttachmentOut]
