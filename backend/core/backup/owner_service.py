"""Export and erasure of one owner, as people may ask for them: who may, what is written down, in which order."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.accounts.errors import LastAdmin
from backend.core.accounts.models import Space, User
from backend.core.backup.owners import Erasure, OwnerPlace, erase_owner, export_owner
from backend.core.backup.service import Progress, silent
from backend.core.jobs.models import LIVE_STATES
from backend.core.jobs.service import JobFilter, JobService
from backend.sdk.actor import Actor
from backend.sdk.concurrency import run_blocking
from backend.sdk.db import Database
from backend.sdk.errors import Conflict, NotAllowed, NotFound
from backend.sdk.events import Event, EventBus

if TYPE_CHECKING:
    from backend.core.accounts.audit import Audit

KEEP_EXPORTS = timedelta(days=7)
_EXPORT_ID = re.compile(r"[0-9a-f-]{36}")


class OwnerBusy(Conflict):
    """Work of this owner still runs; it was asked to stop."""

    code = "owner_busy"
    message = "Some work of this space is still running and was asked to stop. Try again in a few seconds."


@dataclass(frozen=True, kw_only=True)
class OwnerErased(Event):
    """A space was erased: whoever remembers something of it forgets it."""

    name: ClassVar[str] = "core.owner_erased"


@dataclass(frozen=True, slots=True)
class ExportView:
    """Show one finished export; `size` in bytes."""

    id: str
    size: int
    made_at: datetime


class OwnerService:
    """Export and erase owners. `places(by)` gives everything that keeps something of owners, the accounts last."""

    def __init__(
        self,
        *,
        data_dir: Path,
        core_db: Database,
        jobs: JobService,
        bus: EventBus,
        audit: Audit,
        places: Callable[[str | None], Sequence[OwnerPlace]],
        role_of: Callable[[str, str], str | None],
        scrub: Callable[[], None],
    ) -> None:
        self._data_dir = data_dir
        self._core_db = core_db
        self._jobs = jobs
        self._bus = bus
        self._audit = audit
        self._places = places
        self._role_of = role_of
        self._scrub = scrub

    # -- export ----------------------------------------------------------------------------------------------------

    def check_may_export(self, actor: Actor, owner_id: str) -> None:
        """Raise unless the person belongs to the space (`NotFound`) and, for a household, leads it (`NotAllowed`).

        Being an admin of the machine is no right to read what others keep.
        """
        role = self._role_of(actor.user_id, owner_id)
        if role is None:
            raise NotFound("This space does not exist.")
        if role != "owner":
            raise NotAllowed("Only an owner of this space may export or erase it.")

    def export(self, actor: Actor, owner_id: str, export_id: str, progress: Progress = silent) -> Path:
        """Write the archive (in a job); the same id twice gives the same file."""
        self.check_may_export(actor, owner_id)
        dest = self._export_path(owner_id, export_id)
        if not dest.exists():
            scratch = self._data_dir / "cache" / "scratch"
            export_owner(owner_id, self._places(None), dest, scratch, progress=progress)
            self._audit.record("owners.exported", actor=actor, owner_id=owner_id, target=owner_id)
        return dest

    def exports(self, actor: Actor, owner_id: str) -> list[ExportView]:
        """Return the finished exports of a space."""
        self.check_may_export(actor, owner_id)
        folder = self._data_dir / "exports" / owner_id
        found = sorted(folder.glob("*.zip")) if folder.is_dir() else []
        return [
            ExportView(p.stem, p.stat().st_size, datetime.fromtimestamp(p.stat().st_mtime, UTC))
            for p in found
            if not p.name.startswith(".")
        ]

    def export_file(self, actor: Actor, owner_id: str, export_id: str) -> Path:
        """Return a finished export; `NotFound` while there is none."""
        self.check_may_export(actor, owner_id)
        path = self._export_path(owner_id, export_id)
        if not path.is_file():
            raise NotFound("This export does not exist (any more).")
        return path

    def delete_export(self, actor: Actor, owner_id: str, export_id: str) -> None:
        """Remove a finished export."""
        self.export_file(actor, owner_id, export_id).unlink()

    def remove_old_exports(self, now: datetime) -> int:
        """Remove exports that nobody fetched for a week; return how many."""
        old = [
            path
            for path in (self._data_dir / "exports").glob("*/*.zip")
            if now - datetime.fromtimestamp(path.stat().st_mtime, UTC) > KEEP_EXPORTS
        ]
        for path in old:
            path.unlink()
        return len(old)

    # -- erasure ---------------------------------------------------------------------------------------------------

    def erase(self, actor: Actor, owner_id: str, *, progress: Progress = silent) -> Erasure:
        """Erase a space, and with a private one its person. May be repeated after a failure.

        An owner of the space may, and an admin may (somebody has to, for people who left).
        """
        if self._role_of(actor.user_id, owner_id) != "owner" and not actor.is_admin:
            self.check_may_export(actor, owner_id)
        self._core_db.unscoped("erase: may this space go", _check_may_go, owner_id)
        self._stop_work(owner_id)
        self._audit.record("owners.erase_begun", actor=actor, owner_id=owner_id, target=owner_id)
        done = erase_owner(
            owner_id,
            self._places(actor.user_id),
            self._data_dir,
            lambda: run_blocking(self._scrub),
            progress=progress,
        )
        self._bus.publish(OwnerErased(owner_id=owner_id))
        return done

    def _stop_work(self, owner_id: str) -> None:
        them = Actor.of(owner_id)
        live = self._jobs.list(them, JobFilter(states=LIVE_STATES, limit=500))
        still = [job for job in live if not self._jobs.cancel(them, job.id).state.final]
        if still:
            raise OwnerBusy(retry_after=5.0)

    def _export_path(self, owner_id: str, export_id: str) -> Path:
        if not _EXPORT_ID.fullmatch(export_id):
            raise NotFound("This export does not exist (any more).")
        return self._data_dir / "exports" / owner_id / f"{export_id}.zip"


def _check_may_go(session: Session, owner_id: str) -> None:
    """Refuse before anything is erased what the accounts would refuse at the end."""
    if session.get(Space, owner_id) is None:
        raise NotFound("This space does not exist.")
    person = session.scalars(select(User).where(User.private_space_id == owner_id)).first()
    if person is None or not person.is_admin:
        return
    others = session.scalars(select(User).where(User.id != person.id, User.disabled_at.is_(None))).all()
    if others and not any(other.is_admin for other in others):
        raise LastAdmin
