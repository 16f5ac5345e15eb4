"""Keep building projects: lines, contracts, changes, invoices, releases, sources of money; and say where one stands.

Each write is one step of the record of changes. Payments are made in `settling`.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from backend.financial_manager.construction.contracts import InvoiceKind, ReleaseKind
from backend.financial_manager.construction.cost_groups import Scheme, is_code
from backend.financial_manager.construction.errors import ProjectMissing
from backend.financial_manager.construction.loading import Site, load_site, settled_of
from backend.financial_manager.construction.models import BuildingProject
from backend.financial_manager.construction.rows import KINDS, MOST_ROWS, add, amend, below, find, take_away
from backend.financial_manager.currencies import KNOWN, minor_text
from backend.financial_manager.ledger.change_log import ChangeLog, step_of
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.ids import NewId


class Projects:
    """Keep the building projects of the space that an actor writes to. `kind`: a name of `rows.KINDS`."""

    def __init__(self, db: Database, log: ChangeLog, clock: Clock, new_id: NewId) -> None:
        self._db = db
        self._log = log
        self._clock = clock
        self._new_id = new_id

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
        """Add a row; `values` are its columns. Raises what is missing by its own error, `InvalidInput` for nonsense."""
        row_id, more = self._new_id(), {"created_at": self._clock.now()} if kind == "project" else {}

        def work(session: OwnedSession) -> Any:
            row = add(session, kind, row_id, {**values, **more})
            _check(session, kind, row)
            return row

        return self._log.write(actor, f"building.{kind}.create", work)

    def change(
        self, actor: Actor, kind: str, row_id: str, values: Mapping[str, Any], version: int | None = None
    ) -> Any:
        """Change some of a row; raises what `create` raises, and `RowChanged` if it is no longer at `version`."""

        def work(session: OwnedSession) -> Any:
            row = amend(session, kind, row_id, values, version)
            _check(session, kind, row)
            return row

        return self._log.write(actor, f"building.{kind}.change", work)

    def delete(self, actor: Actor, kind: str, row_id: str) -> None:
        """Delete a row; raises `BuildingInUse` where something stands on it."""

        def work(session: OwnedSession) -> None:
            step_of(session).title = title_of(session, kind, take_away(session, kind, row_id))

        self._log.write(actor, f"building.{kind}.delete", work)


def title_of(session: OwnedSession, kind: str, row: Any) -> str:
    """Return what a step about a row is called: its own name, and the company's."""
    name = next((str(getattr(row, one)) for one in ("name", "title", "number") if getattr(row, one, "")), "")
    if hasattr(row, "contract_id"):
        name = f"{find(session, 'contract', row.contract_id).vendor} {name}".strip()
    elif kind == "contract":
        name = f"{row.vendor} {name}".strip()
    return name[:300]


def project_of(session: OwnedSession, kind: str, row: Any) -> BuildingProject:
    """Return the project in which a row stands."""
    parent = KINDS[kind].parent
    while parent is not None:
        column, kind = parent
        row, parent = find(session, kind, getattr(row, column)), KINDS[kind].parent
    found: BuildingProject = row
    return found


def _check(session: OwnedSession, kind: str, row: Any) -> None:
    """Refuse what makes no sense, naming the field; gives the step its title."""
    for name in ("name", "title", "vendor", "number", "cost_group"):
        if isinstance(getattr(row, name, None), str):
            setattr(row, name, " ".join(getattr(row, name).split()))
            if not getattr(row, name) and not (kind == "contract" and name == "title"):
                raise _wrong(name, "It is empty.", "Give it a name.")
    check = {
        "project": _check_project, "line": _check_line, "contract": _check_contract, "invoice": _check_invoice,
        "release": _check_release,
    }.get(kind)  # fmt: skip
    if check is not None:
        check(session, row)
    session.flush()
    step_of(session).title = title_of(session, kind, row)


def _wrong(field: str, problem: str, remedy: str) -> InvalidInput:
    return InvalidInput(fields=[FieldProblem(f"body.{field}", problem, remedy)])


def _check_project(session: OwnedSession, row: Any) -> None:
    if row.currency not in KNOWN:
        raise _wrong("currency", f"{row.currency} is no currency.", "Use the three letters, such as EUR.")
    for line in below(session, "line", "project_id", [row.id]):
        if not is_code(Scheme(row.scheme), line.cost_group):
            told = f"The line {line.title} has the cost group {line.cost_group}, which these groups do not know."
            raise _wrong("scheme", told, "Change the line first, or keep the groups.")


def _check_line(session: OwnedSession, row: Any) -> None:
    scheme = Scheme(find(session, "project", row.project_id).scheme)
    if not is_code(scheme, row.cost_group):
        remedy = {
            Scheme.OENORM: "Use a number from 0 to 9, also with more behind it, such as 2 or 2.D.",
            Scheme.DIN276: "Use a number from 100 to 899, such as 300 or 334.",
            Scheme.OWN: "Give the cost group a name.",
        }[scheme]
        raise _wrong("cost_group", f"{row.cost_group} is no cost group of this project.", remedy)
    if row.contingency and below(session, "contract", "line_id", [row.id]):
        raise _wrong("contingency", "Contracts stand on this line.", "Add a line of its own for the reserve.")


def _check_contract(session: OwnedSession, row: Any) -> None:
    if find(session, "line", row.line_id).contingency:
        raise _wrong(
            "line_id", "This line is a reserve.", "Put the contract on another line; the reserve shrinks by itself."
        )


def _check_invoice(session: OwnedSession, row: Any) -> None:
    """Invoices grow: each tells everything done so far, and nothing follows the final one."""
    session.flush()
    many = below(session, "invoice", "contract_id", [row.contract_id])
    if any(one.number.casefold() == row.number.casefold() and one.id != row.id for one in many):
        raise _wrong("number", "The contract has an invoice of this number already.", "Look at that one first.")
    final = [one for one in many if one.kind == InvoiceKind.FINAL.value]
    if len(final) > 1:
        raise _wrong("kind", "The contract has a final invoice already.", "Make that one partial, or change it.")
    if final and any(one.date > final[0].date for one in many):
        raise _wrong("date", "An invoice would follow the final one.", "Check the days and which one is the final one.")
    partial = sorted(
        (one for one in many if one.kind == InvoiceKind.PARTIAL.value),
        key=lambda one: (one.date, one.net_to_date_minor),
    )
    for first, second in pairwise(partial):
        if second.net_to_date_minor < first.net_to_date_minor:
            currency = project_of(session, "invoice", row).currency
            told = f"The invoice before it came to {minor_text(first.net_to_date_minor, currency)} already."
            raise _wrong("net_to_date_minor", told, "Give everything done so far, net, not only what is new.")


def _check_release(session: OwnedSession, row: Any) -> None:
    """No more comes free than is held back; what was kept from partial invoices comes free with the final one."""
    session.flush()
    project = project_of(session, "release", row)
    cover, final = row.kind == ReleaseKind.COVER.value, InvoiceKind.FINAL.value
    many = below(session, "invoice", "contract_id", [row.contract_id])
    if cover and any(one.kind == final and one.date < row.date for one in many):
        raise _wrong("kind", "This money came free with the final invoice.", "Pay it with the final invoice.")
    settled = settled_of(session, project, find(session, "contract", row.contract_id))
    freed = sum(one.due_minor for one in settled.claims if one.id == row.id)
    if freed < row.amount_minor:
        told = f"Only {minor_text(freed, project.currency)} of this kind can come free."
        remedy = "Give less; what is held back from the final invoice can come free only after it."
        raise _wrong("amount_minor", told, remedy)
