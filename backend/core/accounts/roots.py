"""Granted folders: an administrator opens a folder of the machine to one space, and to nobody else."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import select

from backend.core.accounts.context import AccountsContext, UnscopedSession, check_label
from backend.core.accounts.errors import RootRefused
from backend.core.accounts.events import RootsChanged
from backend.core.accounts.models import AllowedRootRow, Membership, Space
from backend.core.accounts.root_browser import BrowsedFolder, RootBrowser
from backend.core.accounts.root_rules import check_folder, overlaps, same_folder
from backend.core.accounts.views import RootView
from backend.sdk.actor import Actor
from backend.sdk.concurrency import run_blocking
from backend.sdk.db import OwnedSession
from backend.sdk.errors import FieldProblem, NotFound
from backend.sdk.files import AllowedRoot, OwnerRoots, claim_root, read_marker


class Roots:
    """Grant folders, list them, take them back; the `OwnerRootsSource` of the whole hub."""

    def __init__(self, context: AccountsContext) -> None:
        self._context = context
        self.also_private: Callable[[], Sequence[Path]] = tuple
        """Folders that other parts chose for themselves at run time (backups); never granted either."""

    def for_actor(self, actor: Actor) -> OwnerRoots:
        """Return the folders of the actor's spaces; those of spaces that it does not write to are read-only."""

        def work(session: OwnedSession) -> tuple[AllowedRoot, ...]:
            rows = session.scalars(select(AllowedRootRow).order_by(AllowedRootRow.id))
            return tuple(_allowed(row) for row in rows)

        return OwnerRoots(self._context.db.read(actor, work))

    def granted_to(self, actor: Actor) -> list[RootView]:
        """Return the granted folders of the actor's spaces."""

        def work(session: OwnedSession) -> list[tuple[AllowedRootRow, AllowedRoot]]:
            return [(row, _allowed(row)) for row in session.scalars(select(AllowedRootRow).order_by(AllowedRootRow.id))]

        rows = self._context.db.read(actor, work)
        online = run_blocking(lambda: [root.online for _, root in rows])
        return [_view(row, there) for (row, _), there in zip(rows, online, strict=True)]

    def granted(self) -> list[RootView]:
        """Return every grant of the installation, for its administrator: paths and spaces, not what is inside."""
        rows = self._context.read("all roots", lambda s: list(s.scalars(select(AllowedRootRow))))
        online = run_blocking(lambda: [_allowed(row).online for row in rows])
        return [_view(row, there) for row, there in zip(rows, online, strict=True)]

    def is_granted(self, folder: Path) -> bool:
        """Tell whether a folder is a granted one, lies in one, or contains one."""
        real = run_blocking(os.path.realpath, folder)
        granted = self._context.read("all roots", lambda s: list(s.scalars(select(AllowedRootRow.path))))
        return any(overlaps(real, path) for path in granted)

    def browse(self, path: str | None) -> list[BrowsedFolder]:
        """Return the folders in a folder of this machine, or where looking begins; for administrators."""
        granted = self._context.read("all roots", lambda s: list(s.scalars(select(AllowedRootRow.path))))
        browser = RootBrowser(self._private_folders(), granted)
        return run_blocking(browser.inside, path) if path is not None else run_blocking(browser.places)

    def _private_folders(self) -> tuple[Path, ...]:
        settings = self._context.settings
        return (settings.data_dir, settings.backups_dir, *self.also_private())

    def check(self, path: str, *, owner_id: str, field: str = "body.path") -> str:
        """Return the real path of a folder that may be granted to the space; raises `RootRefused` otherwise."""
        real = run_blocking(check_folder, path, self._private_folders(), field=field)
        granted = self._context.read("all roots", lambda s: list(s.scalars(select(AllowedRootRow))))
        for row in granted:
            self._check_apart(real, row, owner_id, field)
        return real

    def grant(
        self,
        by: Actor,
        space_id: str,
        path: str,
        *,
        label: str = "",
        purpose: str = "",
        writable: bool = True,
    ) -> RootView:
        """Open a folder to a space. The caller has made sure that `by` is an administrator, or the machine's operator.

        Raises `RootRefused` for a folder that must not be granted, `NotFound` for a space that does not exist.
        """
        real = self.check(path, owner_id=space_id)
        label = check_label(label or os.path.basename(real), "body.label")
        volume_id = run_blocking(claim_root, real, make_id=self._context.new_id).volume_id

        def work(session: UnscopedSession) -> RootView:
            # The space's row is locked on PostgreSQL: two grants of one folder at once see each other.
            if session.get(Space, space_id, with_for_update=True) is None:
                raise NotFound("This space does not exist.")
            for row in session.scalars(select(AllowedRootRow).order_by(AllowedRootRow.id).with_for_update()):
                if row.volume_id == volume_id and (row.owner_id != space_id or _allowed(row).online):
                    raise RootRefused("It was granted already.", "Take that grant back first.")
                if row.volume_id == volume_id:
                    session.delete(row)  # the same drive, mounted at another place now
                else:
                    self._check_apart(real, row, space_id, "body.path")
            session.flush()
            made = AllowedRootRow(
                owner_id=space_id,
                id=self._context.new_id(),
                path=real,
                volume_id=volume_id,
                label=label,
                purpose=purpose[:40],
                writable=writable,
                granted_by=by.user_id,
                granted_at=self._context.clock.now(),
            )
            session.add(made)
            session.flush()
            self._log(session, "accounts.root_granted", by, made)
            return _view(made, True)

        return self._context.write("grant folder", work)

    def follow(self, actor: Actor, volume_id: str, path: str) -> bool:
        """Let a folder of `actor.owner_id` be where its drive is mounted now; False where that is not possible.

        The marker must be at the new place and no longer at the old one, and the place must be one that could be
        granted: a drive decides neither about the system's folders nor about another space's.
        """
        try:
            real = run_blocking(check_folder, path, self._private_folders())
        except RootRefused:
            return False
        marker = run_blocking(read_marker, real)
        if marker is None or marker.volume_id != volume_id:
            return False

        def work(session: UnscopedSession) -> bool:
            rows = list(session.scalars(select(AllowedRootRow).order_by(AllowedRootRow.id).with_for_update()))
            mine = [row for row in rows if row.owner_id == actor.owner_id and row.volume_id == volume_id]
            others = [row for row in rows if row not in mine]
            if not mine or any(_allowed(row).online for row in mine):
                return False
            if any(overlaps(real, row.path) or same_folder(real, row.path) for row in others):
                return False
            for row in mine:
                row.path = real
                self._log(session, "accounts.root_moved", actor, row)
            return True

        return self._context.write("follow a drive", work)

    def take_back(self, by: Actor, root_id: str) -> None:
        """Take a grant back: an administrator any, a space's owner one of theirs. Nothing on the drive changes."""

        def work(session: UnscopedSession) -> None:
            row = session.scalars(select(AllowedRootRow).where(AllowedRootRow.id == root_id)).first()
            if row is None or not self._may_take_back(session, by, row):
                raise NotFound("This grant does not exist.")
            session.delete(row)
            self._log(session, "accounts.root_taken_back", by, row)

        self._context.write("take folder back", work)

    @staticmethod
    def _may_take_back(session: UnscopedSession, by: Actor, row: AllowedRootRow) -> bool:
        if by.is_admin:
            return True
        membership = session.get(Membership, (by.user_id, row.owner_id))
        return membership is not None and membership.role == "owner"

    @staticmethod
    def _check_apart(real: str, row: AllowedRootRow, owner_id: str, field: str) -> None:
        if not overlaps(real, row.path) and not same_folder(real, row.path):
            return
        if row.owner_id == owner_id:
            problem = "This space has it already, or a folder around or inside of it."
            remedy = "Use the folder that is granted, or take that grant back first."
        else:
            # Whose it is stays unsaid: the administrator finds it in the list of grants.
            problem = "Another space uses it, or a folder around or inside of it."
            remedy = "Choose a separate folder, or invite the people to one household space."
        refusal = RootRefused(problem, remedy)
        refusal.fields = (FieldProblem(field, problem, remedy),)
        raise refusal

    def _log(self, session: UnscopedSession, action: str, by: Actor, row: AllowedRootRow) -> None:
        self._context.audit.append(
            session,
            action,
            actor_id=by.user_id,
            owner_id=row.owner_id,
            target=row.id,
            detail={"path": row.path, "writable": row.writable},
        )
        granted = action != "accounts.root_taken_back"
        session.emit(RootsChanged(owner_id=row.owner_id, root_id=row.id, granted=granted))


def _allowed(row: AllowedRootRow) -> AllowedRoot:
    return AllowedRoot(
        path=row.path,
        volume_id=row.volume_id,
        label=row.label,
        purpose=row.purpose,
        writable=row.writable,
        root_id=row.id,
    )


def _view(row: AllowedRootRow, online: bool) -> RootView:
    return RootView(
        id=row.id,
        space_id=row.owner_id,
        path=row.path,
        label=row.label,
        purpose=row.purpose,
        writable=row.writable,
        granted_at=row.granted_at,
        online=online,
    )
