"""The rows of a building project: what each kind stands on, what stands on it, and how one is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from backend.financial_manager.construction.errors import (
    BuildingInUse,
    ChangeOrderMissing,
    ContractMissing,
    InvoiceMissing,
    LineMissing,
    PaymentMissing,
    ProjectMissing,
    ReleaseMissing,
    SourceMissing,
)
from backend.financial_manager.construction.models import (
    BudgetEntry,
    BuildingContract,
    BuildingInvoice,
    BuildingPayment,
    BuildingProject,
    BuildingRelease,
    ContractChange,
    MoneySource,
)
from backend.financial_manager.errors import RowChanged
from backend.sdk.db import OwnedSession
from backend.sdk.errors import FieldProblem, InvalidInput, NotFound

MOST_ROWS = 500
"""Rows of one kind on one parent, at most: no house has more."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of row. `parent`: its column, and the kind that it stands on. `fixed`: what does not change later."""

    name: str
    model: Any
    missing: type[NotFound]
    remedy: str
    parent: tuple[str, str] | None
    children: tuple[tuple[str, str], ...] = ()
    fixed: tuple[str, ...] = ()

    @property
    def changeable(self) -> frozenset[str]:
        """Return the columns that a person may change."""
        kept = {"id", "owner_id", "version", "created_at", *self.fixed, *(self.parent[:1] if self.parent else ())}
        return frozenset(column.key for column in self.model.__table__.columns) - kept


KINDS: dict[str, Kind] = {
    one.name: one
    for one in (
        Kind(
            "project", BuildingProject, ProjectMissing, "Choose one of your building projects.", None,
            (("line", "project_id"), ("source", "project_id")), ("currency",),
        ),
        Kind(
            "line", BudgetEntry, LineMissing, "Choose a line of the budget.", ("project_id", "project"),
            (("contract", "line_id"),),
        ),
        Kind(
            "source", MoneySource, SourceMissing, "Choose one of the project's sources of money.",
            ("project_id", "project"), (("payment", "financing_id"),),
        ),
        Kind(
            "contract", BuildingContract, ContractMissing, "Choose a contract of the project.", ("line_id", "line"),
            tuple((name, "contract_id") for name in ("change_order", "invoice", "release", "payment")),
        ),
        Kind(
            "change_order", ContractChange, ChangeOrderMissing, "Choose a change of the contract.",
            ("contract_id", "contract"),
        ),
        Kind(
            "invoice", BuildingInvoice, InvoiceMissing, "Choose an invoice of the contract.",
            ("contract_id", "contract"), (("payment", "invoice_id"),),
        ),
        Kind(
            "release", BuildingRelease, ReleaseMissing, "Choose a release of the contract.",
            ("contract_id", "contract"), (("payment", "release_id"),),
        ),
        Kind(
            "payment", BuildingPayment, PaymentMissing, "Choose a payment of the contract.",
            ("contract_id", "contract"),
        ),
    )
}  # fmt: skip


def find(session: OwnedSession, kind: str, row_id: str, field: str = "") -> Any:
    """Return a row of the acting space; raises the kind's own error, naming `field` where one is given."""
    of = KINDS[kind]
    query = select(of.model).where(of.model.owner_id == session.actor.owner_id, of.model.id == row_id)
    row = session.scalars(query).first()
    if row is None:
        raise of.missing(fields=[FieldProblem(field, of.missing.message, of.remedy)] if field else [])
    return row


def below(session: OwnedSession, kind: str, column: str, parent_ids: list[str]) -> list[Any]:
    """Return the rows of a kind that stand on some parents, in the order in which they were made."""
    model = KINDS[kind].model
    if not parent_ids:
        return []
    query = select(model).where(model.owner_id == session.actor.owner_id, getattr(model, column).in_(parent_ids))
    return list(session.scalars(query.order_by(model.id)))


def within(session: OwnedSession, kind: str, project_id: str) -> list[Any]:
    """Return the rows of a kind in a project, in the order in which they were made."""
    of = KINDS[kind]
    query = select(of.model).where(of.model.owner_id == session.actor.owner_id)
    return list(session.scalars(query.where(_stands_in(session, of, project_id)).order_by(of.model.id)))


def _stands_in(session: OwnedSession, of: Kind, project_id: str) -> Any:
    """Return the condition that a row of a kind stands in a project, through whatever it stands on."""
    if of.parent is None:
        return of.model.id == project_id
    column, parent = of.parent
    if parent == "project":
        return getattr(of.model, column) == project_id
    on = KINDS[parent]
    own = on.model.owner_id == session.actor.owner_id
    return getattr(of.model, column).in_(select(on.model.id).where(own, _stands_in(session, on, project_id)))


def add(session: OwnedSession, kind: str, row_id: str, values: Mapping[str, Any]) -> Any:
    """Add a row on its parent; raises the parent's error, and `InvalidInput` where it has too many already."""
    of = KINDS[kind]
    if of.parent is not None:
        column, parent = of.parent
        find(session, parent, values[column], f"body.{column}")
        model = of.model
        own = model.owner_id == session.actor.owner_id
        count = session.scalar(
            select(func.count()).select_from(model).where(own, getattr(model, column) == values[column])
        )
        if int(count or 0) >= MOST_ROWS:
            problem = FieldProblem(
                f"body.{column}", f"There are {MOST_ROWS} already.", "Put some of them together, or begin another one."
            )
            raise InvalidInput(fields=[problem])
    row = of.model(id=row_id, **values)
    session.add(row)
    return row


def amend(session: OwnedSession, kind: str, row_id: str, values: Mapping[str, Any], version: int | None) -> Any:
    """Change some of a row; raises `RowChanged` if it is no longer at `version`, `InvalidInput` for an empty value."""
    row = find(session, kind, row_id)
    if version is not None and row.version != version:
        raise RowChanged()
    of = KINDS[kind]
    for name in sorted(of.changeable & set(values)):
        if values[name] is None and not of.model.__table__.columns[name].nullable:
            problem = FieldProblem(f"body.{name}", "It cannot be nothing.", "Leave it out, or give a value.")
            raise InvalidInput(fields=[problem])
        setattr(row, name, values[name])
    row.version += 1
    return row


def take_away(session: OwnedSession, kind: str, row_id: str) -> Any:
    """Delete a row on which nothing stands; raises `BuildingInUse` otherwise."""
    row = find(session, kind, row_id)
    for child, column in KINDS[kind].children:
        if below(session, child, column, [row_id]):
            raise BuildingInUse()
    session.delete(row)
    return row


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
