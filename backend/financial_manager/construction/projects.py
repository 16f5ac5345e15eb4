"""Keep building projects: lines, contracts, changes, invoices, releases, sources of money; and say where one stands.

Each write is one step of the record of changes. Payments are made in `settling`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from backend.financial_manager.construction.agreement import IN_CONTRACT, check_contract
from backend.financial_manager.construction.checks import check_row
from backend.financial_manager.construction.documents import check_documents
from backend.financial_manager.construction.errors import BuildingBroken, ProjectMissing
from backend.financial_manager.construction.loading import Site, load_site
from backend.financial_manager.construction.models import BuildingProject
from backend.financial_manager.construction.rows import MOST_ROWS, add, amend, find, take_away, title_of
from backend.financial_manager.ledger.accounts import OwnCurrencyOf
from backend.financial_manager.ledger.change_log import ChangeLog, step_of
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.concurrency import run_blocking
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import InvalidInput
from backend.sdk.files import OwnerRootsSource
from backend.sdk.ids import NewId


class Projects:
    """Keep the building projects of the space that an actor writes to. `kind`: a name of `rows.KINDS`."""

    def __init__(
        self,
        db: Database,
        log: ChangeLog,
        clock: Clock,
        new_id: NewId,
        roots: OwnerRootsSource,
        own_currency: OwnCurrencyOf,
    ) -> None:
        self._db = db
        self._log = log
        self._clock = clock
        self._new_id = new_id
        self._roots = roots
        self._own_currency = own_currency

    def all(self, actor: Actor) -> list[Site]:
        """Return the projects by name, each with everything in it."""

        def work(session: OwnedSession) -> list[Site]:
            own = BuildingProject.owner_id == session.actor.owner_id
            query = select(BuildingProject).where(own).order_by(BuildingProject.name, BuildingProject.id)
            return [load_site(session, one) for one in session.scalars(query.limit(MOST_ROWS))]

        return self._db.read(actor, work)

    def get(self, actor: Actor, project_id: str) -> Site:
        """Return one project with everything in it; raises `ProjectMissing`."""

        def work(session: OwnedSession) -> Site:
            return load_site(session, find(session, "project", project_id))

        return self._db.read(actor, work)

    def named(self, actor: Actor, name: str) -> Site:
        """Return a project by its name or id, the only one where `name` is empty; raises `ProjectMissing`."""
        found = [
            one
            for one in self.all(actor)
            if not name or one.project.id == name or one.project.name.casefold() == name.casefold()
        ]
        if len(found) != 1:
            raise ProjectMissing()
        return found[0]

    def create(self, actor: Actor, kind: str, values: Mapping[str, Any]) -> Any:
        """Add a row; `values` are its columns; a project without a currency is in the household's own one.

        Raises what is missing by its own error, `InvalidInput` for nonsense.
        """
        self._check_documents(actor, values)
        row_id = self._new_id()

        def work(session: OwnedSession) -> Any:
            more: dict[str, Any] = {}
            if kind == "project":
                currency = values.get("currency") or self._own_currency(session)
                more = {"created_at": self._clock.now(), "currency": currency}
            row = add(session, kind, row_id, {**values, **more})
            _finish(session, kind, row)
            return row

        return self._log.write(actor, f"building.{kind}.create", work)

    def change(
        self, actor: Actor, kind: str, row_id: str, values: Mapping[str, Any], version: int | None = None
    ) -> Any:
        """Change some of a row; raises what `create` raises, and `RowChanged` if it is no longer at `version`."""
        if values.get("documents"):
            known = self._db.read(actor, lambda session: list(find(session, kind, row_id).documents))
            self._check_documents(actor, values, known)

        def work(session: OwnedSession) -> Any:
            row = amend(session, kind, row_id, values, version)
            _finish(session, kind, row)
            return row

        return self._log.write(actor, f"building.{kind}.change", work)

    def _check_documents(self, actor: Actor, values: Mapping[str, Any], known: Iterable[str] = ()) -> None:
        """Look for the files that a line names, before anything is written."""
        if documents := values.get("documents"):
            run_blocking(check_documents, self._roots.for_actor(actor), documents, known)

    def delete(self, actor: Actor, kind: str, row_id: str) -> None:
        """Delete a row; raises `BuildingInUse` if something stands on it, `BuildingBroken` if a release needs it."""

        def work(session: OwnedSession) -> None:
            row = take_away(session, kind, row_id)
            step_of(session).title = title_of(session, kind, row)
            if kind in IN_CONTRACT and kind != "contract":
                try:
                    check_contract(session, row.contract_id, kind)
                except InvalidInput as error:
                    raise BuildingBroken.by(error) from None

        self._log.write(actor, f"building.{kind}.delete", work)


def _finish(session: OwnedSession, kind: str, row: Any) -> None:
    """Refuse what makes no sense, of the row and of its contract; gives the step its title."""
    check_row(session, kind, row)
    session.flush()
    if kind in IN_CONTRACT:
        check_contract(session, row.id if kind == "contract" else row.contract_id, kind)
    step_of(session).title = title_of(session, kind, row)
