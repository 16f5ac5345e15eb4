"""Receive files in parts, so that a cut, a reload or a kill costs only what was not yet on the drive.

    create    a partial file beside its destination, and a row
    receive   blocks as they come -> the partial file; written through and noted every 64 MiB and at the end
    finish    rights and time; the chosen name is noted; renamed without overwriting; noted as finished

The offset that a client is told is the one in the row: bytes that were written through before it was committed. What
a kill left behind it is cut off when the upload goes on.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from backend.core.transfers.claims import Claims
from backend.core.transfers.errors import ChecksumMismatch, OffsetMismatch, UploadNotKnown, UploadTooLarge
from backend.core.transfers.models import FINISHED
from backend.core.transfers.parts import Part, is_at, remove_strays
from backend.core.transfers.upload_store import Upload, UploadStore, Wanted
from backend.sdk.actor import Actor
from backend.sdk.concurrency import hop_pool
from backend.sdk.errors import HomieError, NotFound
from backend.sdk.files import AllowedRoot, OwnerRootsSource, VolumeReadOnly, decode_path
from backend.sdk.ids import NewId

BLOCK = 1 << 18
DURABLE_EVERY = 64 << 20
MOST_NAMES = 50
THREADS = 4
"""Slow drives hold these threads up and nobody else's."""

log = structlog.get_logger("homie.transfers")


@dataclass(slots=True)
class Incoming:
    """The body of one request. `read(n)` returns at most n bytes, b"" at its end, and raises `OSError` on a cut."""

    read: Callable[[int], bytes]
    connection: Any = None
    digest: Any = None
    expected: bytes = b""


class Uploads:
    """Begin, continue, finish and give up uploads."""

    def __init__(
        self,
        store: UploadStore,
        roots: OwnerRootsSource,
        space_of: Callable[[Actor, str], str],
        new_id: NewId,
    ) -> None:
        self.store = store
        self.claims = Claims()
        self._roots = roots
        self._space_of = space_of
        self._new_id = new_id
        self._pool = hop_pool(THREADS)

    def create(self, actor: Actor, wanted: Wanted) -> Upload:
        """Begin an upload into a granted folder; an empty file is finished at once.

        Raises `PathNotAllowed`, `VolumeAway`, `VolumeReadOnly`, `DriveFull`, `UploadsTooMany`.
        """
        allowed = self._root(actor, wanted.volume_id)
        self.store.check_room(actor)
        acting = actor.acting_in(self._space_of(actor, allowed.root_id))
        upload_id = self._new_id()
        part = self._pool.run(Part.make, allowed, upload_id, wanted.size)
        try:
            upload = self.store.add(acting, upload_id, wanted, part.inode)
        except BaseException:
            self._pool.run(part.discard)
            raise
        finally:
            self._pool.run(part.close)
        return self._settled(actor, upload)

    def show(self, actor: Actor, upload_id: str, *, take_over: bool = False) -> Upload:
        """Return how an upload stands. With `take_over` a connection that still sends it is ended first."""
        upload = self.store.find(actor, upload_id)
        if take_over and upload.state != FINISHED:
            self.claims.end(upload_id)
            upload = self._settled(actor, self.store.find(actor, upload_id))
        return upload

    def receive(self, actor: Actor, upload_id: str, offset: int, incoming: Incoming) -> Upload:
        """Take in one part that begins at `offset`, and finish the file when it is the last one.

        Raises `OffsetMismatch`, `UploadLocked`, `ChecksumMismatch`, `UploadTooLarge`, `DriveFull`, and `OSError` when
        the connection was cut; what had arrived is kept.
        """
        upload = self.store.find(actor, upload_id)
        with self.claims.hold(upload_id, actor.session_id, incoming.connection):
            upload = self.store.find(actor, upload_id)
            if offset != upload.received:
                raise OffsetMismatch()
            if upload.state == FINISHED:
                return upload
            if upload.received < upload.size:
                upload = self._take_in(actor, upload, incoming)
            return self._finish(actor, upload) if upload.received == upload.size else upload

    def remove(self, actor: Actor, upload_id: str) -> None:
        """Give an upload up; a finished file stays where it is, only the record of its upload goes."""
        upload = self.store.find(actor, upload_id)
        self.claims.end(upload_id)
        with self.claims.hold(upload_id, actor.session_id, None):
            if upload.state != FINISHED:
                self._drop_part(self._roots.for_actor(actor).root(upload.volume_id), upload)
            self.store.remove(actor, upload)

    # ------------------------------------------------------------------ one part

    def _take_in(self, actor: Actor, upload: Upload, incoming: Incoming) -> Upload:
        part = self._open(actor, upload)
        before = upload
        try:
            self._pool.run(part.cut, upload.received)
            upload = self._copy(actor, upload, part, incoming)
        finally:
            self._pool.run(part.close)
        if incoming.digest is not None and not hmac.compare_digest(incoming.digest.digest(), incoming.expected):
            assert upload == before
            raise ChecksumMismatch()
        return upload

    def _copy(self, actor: Actor, upload: Upload, part: Part, incoming: Incoming) -> Upload:
        """Copy blocks to the drive; whatever ends it, what came is written through and noted before."""
        got, noted, problem = upload.received, upload.received, None
        try:
            while True:
                block = incoming.read(min(BLOCK, upload.size - got + 1))
                if not block:
                    break
                fits = block[: upload.size - got]
                done = self._pool.run(part.write, fits, incoming.digest)
                got += done
                if done < len(fits):
                    problem = self._pool.run(part.why_stopped)
                    break
                if len(fits) < len(block):
                    problem = UploadTooLarge()
                    break
                if got - noted >= DURABLE_EVERY and incoming.digest is None:
                    self._pool.run(part.sync)
                    upload, noted = self.store.received(actor, upload, got), got
        except OSError as error:
            problem = error
        good = incoming.digest is None or (
            problem is None and hmac.compare_digest(incoming.digest.digest(), incoming.expected)
        )
        if good and got > noted:
            self._pool.run(part.sync)
            upload = self.store.received(actor, upload, got)
        if problem is not None:
            raise problem
        return upload

    def _open(self, actor: Actor, upload: Upload) -> Part:
        part = self._pool.run(Part.open, self._root(actor, upload.volume_id), upload.id, upload.inode)
        if part is None:
            self.store.remove(actor, upload)  # somebody cleared Homie's folder: there is nothing to go on from
            raise UploadNotKnown()
        return part

    # ------------------------------------------------------------------ the end of a file

    def _settled(self, actor: Actor, upload: Upload) -> Upload:
        """Finish an upload that came whole but was killed before it got its name, or an empty file."""
        if upload.state == FINISHED or upload.received < upload.size:
            return upload
        with self.claims.hold(upload.id, actor.session_id, None):
            return self._finish(actor, self.store.find(actor, upload.id))

    def _finish(self, actor: Actor, upload: Upload) -> Upload:
        allowed = self._root(actor, upload.volume_id)
        part = self._pool.run(Part.open, allowed, upload.id, upload.inode)
        if part is None:
            if upload.placed is None or not self._pool.run(is_at, allowed, decode_path(upload.placed), upload.inode):
                self.store.remove(actor, upload)
                raise UploadNotKnown()
            return self.store.finish(actor, upload)
        try:
            folder, subfolder = decode_path(upload.folder), decode_path(upload.subfolder)
            self._pool.run(part.seal, folder, upload.modified)
            for _ in range(MOST_NAMES):
                path = self._pool.run(part.choose, folder, subfolder, upload.name)
                upload = self.store.announce(actor, upload, path)
                try:
                    self._pool.run(part.place, path)
                    break
                except FileExistsError:
                    continue  # somebody else took the name just now
            else:
                raise UploadNotKnown()
        finally:
            self._pool.run(part.close)
        return self.store.finish(actor, upload)

    # ------------------------------------------------------------------ folders

    def _root(self, actor: Actor, volume_id: str) -> AllowedRoot:
        """Return the granted folder to write to; one that was taken back meanwhile is as unknown as none."""
        root = self._roots.for_actor(actor).root(volume_id)
        if root is None:
            raise UploadNotKnown()
        if not root.writable:
            raise VolumeReadOnly()
        return root

    def _drop_part(self, root: AllowedRoot | None, upload: Upload) -> None:
        """Remove the partial file if its drive is there."""
        if root is None:
            return
        part = self._pool.run(Part.open, root, upload.id, upload.inode)
        if part is not None:
            try:
                self._pool.run(part.discard)
            finally:
                self._pool.run(part.close)

    def sweep(self, roots: Mapping[str, AllowedRoot], before: float) -> int:
        """Remove uploads whose time is over, and parts without an upload that are older than `before` (seconds).

        Returns how many. `roots` are all granted folders by volume. For housekeeping.
        """
        gone = self._sweep_expired(roots)
        known = self.store.known()
        for root in roots.values():
            try:
                gone += self._pool.run(remove_strays, root, known, before)
            except (HomieError, OSError) as error:
                log.debug("a drive was not tidied", root=root.root_id, reason=type(error).__name__)
        return gone

    def _sweep_expired(self, roots: Mapping[str, AllowedRoot]) -> int:
        gone = 0
        for upload in self.store.expired():
            try:
                if upload.state != FINISHED:
                    self._drop_part(roots.get(upload.volume_id), upload)
                self.store.forget(upload)
                gone += 1
            except NotFound:
                continue
            except HomieError as error:
                log.info("an expired upload waits for its drive", upload=upload.id, code=error.code)
        return gone
