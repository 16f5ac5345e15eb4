"""The transfers API: make links, look at uploads, and the tus protocol for clients that hold a token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import Response, request

from backend.core.transfers import tus
from backend.core.transfers.schemas import (
    LinkIn,
    LinkOut,
    UploadLinkIn,
    UploadLinkOut,
    UploadOut,
    UploadPath,
    UploadsQuery,
)
from backend.core.transfers.service import Link, Transfers, place_of
from backend.core.transfers.tickets import FILE
from backend.sdk.actor import Actor
from backend.sdk.files import encode_path
from backend.sdk.http import Group, Page, current_actor, page

UPLOADS = "/api/v1/transfers/uploads"
MOST_BODY = tus.MOST_BYTES


def transfers_group(transfers: Transfers) -> Group:
    """Return the operations below `/transfers`."""
    group = Group("transfers", url_prefix="/transfers", tag="Transfers")
    _links(group, transfers)
    _uploads(group, transfers)
    return group


def _links(group: Group, transfers: Transfers) -> None:
    @group.post("/links", returns=LinkOut, limit="600/minute", errors=[403, 503])
    def make_link(body: LinkIn) -> LinkOut:
        """Make a short-lived link to a file (also for images and films), or to a folder as a zip.

        It is bound to this log-in and to the file as it is now: a changed file needs a new link.
        """
        actor, shown = current_actor(), body.purpose == "view"
        if body.volume_id is None:
            return link_out(transfers.link(actor, body.path, shown=shown, seconds=body.ttl))
        place = place_of(body.volume_id, body.path)
        return link_out(transfers.link_to(actor, place, shown=shown, seconds=body.ttl))

    @group.post("/upload_links", returns=UploadLinkOut, limit="60/minute", errors=[403, 409, 503])
    def make_upload_link(body: UploadLinkIn) -> UploadLinkOut:
        """Make a short-lived link to the upload page for one folder."""
        link = transfers.upload_link(current_actor(), body.folder, back=body.back, seconds=body.ttl)
        return UploadLinkOut(
            url=f"/transfers/upload/{link.text}", folder=encode_path(link.name), expires_at=link.ticket.expires_at
        )


def link_out(link: Link) -> LinkOut:
    """Return a link as it is shown."""
    name = link.name.encode("utf-8", "replace").decode()
    saved = quote(name + ("" if link.ticket.kind == FILE else ".zip"), safe="")
    picture = link.ticket.kind == FILE and link.media_type.startswith("image/")
    return LinkOut(
        url=f"/transfers/d/{link.text}/{saved}",
        preview_url=f"/transfers/p/{link.text}" if picture else None,
        name=encode_path(link.name),
        media_type=link.media_type,
        size=link.size,
        inline=link.ticket.shown,
        expires_at=link.ticket.expires_at,
    )


def _uploads(group: Group, transfers: Transfers) -> None:
    uploads = transfers.uploads

    @group.get("/uploads", returns=Page[UploadOut])
    def list_uploads(query: UploadsQuery) -> Page[Any]:
        """List one's own uploads, newest first; finished ones stay for a day."""
        after = query.after(str)
        rows = uploads.store.page(current_actor(), after[0] if after else None, query.limit + 1, live=query.live)
        return page(rows, query.limit, lambda upload: (upload.id,))

    @group.post("/uploads", status=201, max_body=MOST_BODY, errors=[400, 403, 409, 412, 413, 415, 423, 503, 507])
    def create_upload() -> Response:
        """Begin an upload by the tus 1.0.0 protocol.

        `Upload-Length` in bytes; `Upload-Metadata` with `folder` (full path) and `filename` or `relativePath`, and
        `lastModified` (ms) if known. The answer's `Location` takes the parts.
        """
        actor = current_actor()
        return tus.answered(request.environ, lambda: _door(actor).create(lambda given: target(actor, given)))

    @group.get("/uploads/<upload_id>", returns=UploadOut, errors=[404, 412, 423])
    def get_upload(path: UploadPath) -> Any:
        """Show one upload; HEAD answers in the tus protocol and ends a connection that still sends it."""
        actor = current_actor()
        if request.method == "HEAD":
            return tus.answered(request.environ, lambda: _door(actor).look(path.upload_id))
        return uploads.show(actor, path.upload_id)

    @group.patch(
        "/uploads/<upload_id>",
        max_body=MOST_BODY,
        errors=[400, 404, 409, 412, 413, 415, 423, 503, 507],
    )
    def send_part(path: UploadPath) -> Response:
        """Send a part of a file by the tus 1.0.0 protocol: `Upload-Offset`, and the bytes as the body."""
        actor = current_actor()
        uploads.store.find(actor, path.upload_id)  # what is not there is not there in any version of the protocol
        return tus.answered(request.environ, lambda: _door(actor).patch(path.upload_id))

    @group.delete("/uploads/<upload_id>", errors=[404, 423, 503])
    def cancel_upload(path: UploadPath) -> Response:
        """Give an upload up: nothing of an unfinished one is left; a finished file stays."""
        actor = current_actor()
        if "Tus-Resumable" in request.headers:
            return tus.answered(request.environ, lambda: _door(actor).delete(path.upload_id))
        uploads.remove(actor, path.upload_id)
        return Response(status=204)

    def _door(actor: Actor) -> tus.TusDoor:
        return tus.TusDoor(uploads, actor, request.environ, UPLOADS)

    def target(actor: Actor, given: Mapping[str, str]) -> tuple[str, str]:
        if not given.get("folder"):
            raise tus.folder_needed("It is missing.")
        safe = transfers.writable_folder(actor, given["folder"], "Upload-Metadata.folder")
        return safe.root.volume_id, encode_path(safe.relpath)
