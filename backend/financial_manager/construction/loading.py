"""Read a project with everything in it, and hand it to the engine."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from backend.financial_manager.construction.contracts import (
    ChangeOrder,
    Contract,
    Invoice,
    InvoiceKind,
    Order,
    Payment,
    Release,
    ReleaseKind,
)
from backend.financial_manager.construction.cost_groups import Scheme
from backend.financial_manager.construction.financing import (
    Financing,
    Source,
    SourceKind,
    financing_of,
    needs_of,
)
from backend.financial_manager.construction.lines import BudgetLine
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
from backend.financial_manager.construction.rows import below, within
from backend.financial_manager.construction.settlement import Settled, settle
from backend.financial_manager.construction.status import Status, status_of
from backend.sdk.db import OwnedSession

RULES = (
    "net_minor", "vat_bp", "skonto_bp", "skonto_days", "due_days", "cover_bp", "liability_bp", "liability_until",
)  # fmt: skip
"""What a contract agrees on, by the names of `Contract`."""


@dataclass(frozen=True, slots=True)
class Site:
    """A project with its rows."""

    project: BuildingProject
    lines: list[BudgetEntry]
    contracts: list[BuildingContract]
    changes: list[ContractChange]
    invoices: list[BuildingInvoice]
    releases: list[BuildingRelease]
    payments: list[BuildingPayment]
    sources: list[MoneySource]

    def orders(self) -> dict[str, Order]:
        """Return each contract with what happened to it, by its id."""
        changes, invoices = _by(self.changes), _by(self.invoices)
        releases, payments = _by(self.releases), _by(self.payments)
        return {
            one.id: order_of(one, changes[one.id], invoices[one.id], releases[one.id], payments[one.id])
            for one in self.contracts
        }

    def status(self) -> Status:
        """Return the report."""
        orders, on = self.orders(), defaultdict(list)
        for one in self.contracts:
            on[one.line_id].append(orders[one.id])
        lines = [
            BudgetLine(
                row.cost_group, row.estimate_minor, row.quote_minor, row.awarded, row.contingency, tuple(on[row.id]),
                row.id,
            )
            for row in self.lines
        ]  # fmt: skip
        return status_of(Scheme(self.project.scheme), lines)

    def financing(self, status: Status, today: dt.date) -> Financing:
        """Return where the money comes from, and whether it suffices from today on."""
        orders: list[tuple[Settled, Any]] = [(status.orders[one.id], one.liability_until) for one in self.contracts]
        needs = needs_of(orders, status.total.to_complete_minor, self.project.finish_on, today)
        sources = [Source(row.id, SourceKind(row.kind), row.amount_minor, row.available_on) for row in self.sources]
        return financing_of(sources, [payment_of(row) for row in self.payments], needs)


def order_of(
    contract: BuildingContract,
    changes: Iterable[ContractChange],
    invoices: Iterable[BuildingInvoice],
    releases: Iterable[BuildingRelease],
    payments: Iterable[BuildingPayment],
) -> Order:
    """Return a contract with what happened to it, as the engine knows it."""
    return Order(
        Contract(**{name: getattr(contract, name) for name in RULES}),
        tuple(ChangeOrder(row.net_minor, row.approved_on is not None) for row in changes),
        tuple(Invoice(row.id, row.date, row.net_to_date_minor, InvoiceKind(row.kind)) for row in invoices),
        tuple(payment_of(row) for row in payments),
        tuple(Release(row.id, row.date, row.amount_minor, ReleaseKind(row.kind)) for row in releases),
        contract.id,
    )


def payment_of(row: BuildingPayment) -> Payment:
    """Return a payment as the engine knows it."""
    claim = row.invoice_id or row.release_id or ""
    return Payment(claim, row.date, row.amount_minor, row.skonto_minor, row.financing_id)


def _by(rows: Iterable[Any]) -> defaultdict[str, list[Any]]:
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.contract_id].append(row)
    return found


def load_site(session: OwnedSession, project: BuildingProject) -> Site:
    """Read everything of a project: one query for each kind of rows, however many there are."""
    return Site(
        project,
        within(session, "line", project.id),
        within(session, "contract", project.id),
        within(session, "change_order", project.id),
        within(session, "invoice", project.id),
        within(session, "release", project.id),
        within(session, "payment", project.id),
        within(session, "source", project.id),
    )


def settled_of(session: OwnedSession, contract: BuildingContract) -> Settled:
    """Return what each invoice and release of a contract asks for; reads the rows of that contract only."""

    def rows(kind: str) -> list[Any]:
        return below(session, kind, "contract_id", [contract.id])

    return settle(order_of(contract, [], rows("invoice"), rows("release"), rows("payment")))
