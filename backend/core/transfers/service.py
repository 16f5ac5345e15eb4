"""Transfers of one installation: who may open what by which link, and what is being uploaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from backend.core.accounts.models import AllowedRootRow
from backend.core.accounts.service import Accounts
from backend.core.secrets import SecretBox
from backend.core.transfers.errors import LinkNotValid
from backend.core.transfers.media import can_be_shown, media_type
from backend.core.transfers.pictures import Pictures
from backend.core.transfers.sources import Source, insist_on_drive, open_again, open_safe
from backend.core.transfers.tickets import FILE, FOLDER, UPLOAD, Ticket, Tickets, rounded_end
from backend.core.transfers.upload_store import KEPT_OPEN, UploadStore
from backend.core.transfers.uploads import Uploads
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.concurrency import hop_pool
from backend.sdk.db import Database, OwnedSession, UnscopedSession
from backend.sdk.errors import NotAuthenticated, NotFound
from backend.sdk.files import AllowedRoot, SafePath, VolumePath, VolumeReadOnly, decode_path, encode_path
from backend.sdk.ids import NewId

READERS = 8
"""Native threads that open files for links; a drive that sleeps holds up these only."""


@dataclass(frozen=True, slots=True)
class Link:
    """An address that opens without logging in, and what it opens."""

    ticket: Ticket
    text: str
    name: str
    size: int | None

    @property
    def media_type(self) -> str:
        """Return the media type that the file goes out as."""
        return "application/zip" if self.size is None else media_type(self.name)


class Transfers:
    """Make links and open what they name; `uploads` receives, `pictures` shows small."""

    def __init__(
        self, accounts: Accounts, core_db: Database, box: SecretBox, clock: Clock, new_id: NewId, cache: Path
    ) -> None:
        self._accounts = accounts
        self._db = core_db
        self._clock = clock
        self._tickets = Tickets(box)
        self.pool = hop_pool(READERS)
        self.pictures = Pictures(cache, box)
        self.uploads = Uploads(UploadStore(core_db, clock), accounts.roots, self._space_of, new_id)
        accounts.on_revoked(self._ended)

    # ------------------------------------------------------------------ links

    def link(self, actor: Actor, path: str, *, shown: bool, seconds: int, field: str = "body.path") -> Link:
        """Return a link to the file or folder with the full path `path` (text form).

        Raises `PathNotAllowed`, `NotARegularFile`, `VolumeAway`, `NotAuthenticated` (nobody logged in behind it).
        """
        roots = self._accounts.roots.for_actor(actor)

        def look() -> Source:
            insist_on_drive(roots.resolve_text(path, field=field))
            source = open_safe(roots.resolve_text(path, must_exist=True, field=field))
            source.close()
            return source

        return self._link(actor, self.pool.run(look), shown, seconds)

    def link_to(self, actor: Actor, place: VolumePath, *, shown: bool, seconds: int, field: str = "body.path") -> Link:
        """Return a link to a place on a volume; the same errors."""
        roots = self._accounts.roots.for_actor(actor)

        def look() -> Source:
            insist_on_drive(roots.locate(place, field=field))
            source = open_safe(roots.locate(place, must_exist=True, field=field))
            source.close()
            return source

        return self._link(actor, self.pool.run(look), shown, seconds)

    def _link(self, actor: Actor, source: Source, shown: bool, seconds: int) -> Link:
        ticket = Ticket(
            kind=FOLDER if source.is_folder else FILE,
            session_id=self._session(actor),
            user_id=actor.user_id,
            volume_id=source.place.volume_id,
            path=source.place.text,
            seen=source.seen,
            shown=shown and not source.is_folder and can_be_shown(source.name),
            back="",
            expires=rounded_end(self._clock.now(), seconds),
        )
        size = None if source.is_folder else source.stat.st_size
        return Link(ticket, self._tickets.seal(ticket), source.name, size)

    def upload_link(self, actor: Actor, folder: str, *, back: str, seconds: int, field: str = "body.folder") -> Link:
        """Return a link to the upload page for the folder with the full path `folder` (text form).

        Raises the same errors, and `VolumeReadOnly` for a folder that may only be read.
        """
        safe = self.writable_folder(actor, folder, field)
        ticket = Ticket(
            kind=UPLOAD,
            session_id=self._session(actor),
            user_id=actor.user_id,
            volume_id=safe.root.volume_id,
            path=encode_path(safe.relpath),
            seen="",
            shown=False,
            back=back,
            expires=rounded_end(self._clock.now(), seconds),
        )
        name = safe.volume_path.name or safe.root.label
        # Whoever holds the address may write into the folder until it ends: that is worth an entry.
        owner = self._space_of(actor, safe.root.root_id)
        self._accounts.audit.record("transfers.upload_link_made", actor=actor, owner_id=owner, target=safe.root.root_id)
        return Link(ticket, self._tickets.seal(ticket), name, None)

    def writable_folder(self, actor: Actor, folder: str, field: str) -> SafePath:
        """Return the existing folder with a full path (text form), where files may be sent to."""
        roots = self._accounts.roots.for_actor(actor)

        def look() -> SafePath:
            insist_on_drive(roots.resolve_text(folder, field=field))
            return roots.resolve_text(folder, must_exist=True, folder=True, field=field)

        safe = self.pool.run(look)
        if not safe.root.writable:
            raise VolumeReadOnly()
        return safe

    @staticmethod
    def _session(actor: Actor) -> str:
        if actor.session_id is None:
            raise NotAuthenticated("Links are made for a device that is logged in.")
        return actor.session_id

    # ------------------------------------------------------------------ opening

    def holder(self, text: str, *kinds: str) -> tuple[Ticket, Actor]:
        """Return the ticket of an address and the person behind it; raises `LinkNotValid`.

        The log-in that made it must still be good, and still be that person's.
        """
        ticket = self._tickets.open(text, self._clock.now())
        if ticket.kind not in kinds:
            raise LinkNotValid()
        try:
            actor = self._accounts.actor_of_session(ticket.session_id)
        except NotAuthenticated:
            raise LinkNotValid() from None
        if actor.user_id != ticket.user_id:
            raise LinkNotValid()
        return ticket, actor

    def open(self, ticket: Ticket, actor: Actor) -> Source:
        """Open what a ticket names; raises `LinkNotValid`, `LinkOutdated`, `VolumeAway`. The caller closes it."""
        roots = self._accounts.roots.for_actor(actor)
        return self.pool.run(open_again, roots, ticket.volume_id, ticket.path, ticket.seen)

    def upload_folder(self, ticket: Ticket, actor: Actor) -> AllowedRoot:
        """Return the granted folder that an upload ticket leads into, if it still does; raises `LinkNotValid`."""
        root = self._accounts.roots.for_actor(actor).root(ticket.volume_id)
        if root is None or not root.writable:
            raise LinkNotValid()
        return root

    def owner_of(self, actor: Actor, volume_id: str) -> str:
        """Return the space that a granted folder belongs to; raises `LinkNotValid` when it is none of the actor's."""
        root = self._accounts.roots.for_actor(actor).root(volume_id)
        if root is None:
            raise LinkNotValid()
        return self._space_of(actor, root.root_id)

    def _space_of(self, actor: Actor, root_id: str) -> str:
        def work(session: OwnedSession) -> str:
            owner = session.scalar(select(AllowedRootRow.owner_id).where(AllowedRootRow.id == root_id))
            if owner is None:
                raise NotFound()
            return owner

        return self._db.read(actor, work)

    # ------------------------------------------------------------------ life

    def sweep(self) -> int:
        """Drop uploads and pictures whose time is over. For housekeeping."""

        def work(session: UnscopedSession) -> list[AllowedRoot]:
            rows = session.scalars(select(AllowedRootRow))
            return [AllowedRoot(row.path, row.volume_id, root_id=row.id) for row in rows]

        granted = {root.volume_id: root for root in self._db.unscoped("transfers: granted folders", work)}
        now = self._clock.now()
        uploads = self.uploads.sweep(granted, (now - KEPT_OPEN).timestamp())
        return uploads + self.pool.run(self.pictures.sweep, now)

    def close(self) -> None:
        """End the process that draws pictures."""
        self.pictures.close()

    def _ended(self, session_ids: Sequence[str]) -> None:
        self.uploads.claims.end_of_sessions(session_ids)


def place_of(volume_id: str, text: str) -> VolumePath:
    """Return the place that an API names by volume and relative path (text form)."""
    return VolumePath(volume_id, decode_path(text))
