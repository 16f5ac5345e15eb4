"""Where a project stands: the columns of a job-cost report for each line, cost group, named total and the whole.

All amounts are with VAT, in minor units. `forecast`: what it will have cost in the end, before Skonto; never less than
what was invoiced.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from backend.financial_manager.construction.contracts import InvoiceKind, Order, gross
from backend.financial_manager.construction.cost_groups import Scheme, group_of, in_order, scheme_of
from backend.financial_manager.construction.lines import BudgetLine
from backend.financial_manager.construction.settlement import Settled, settle


@dataclass(frozen=True, slots=True)
class Figures:
    """The columns. `committed` = `contract` + `changes`; `invoiced` = `paid` + `skonto` + `retained` + `open`.

    `pending`: changes that are asked for and not approved; in no other column.
    """

    estimate_minor: int = 0
    revised_minor: int = 0
    contract_minor: int = 0
    changes_minor: int = 0
    pending_minor: int = 0
    invoiced_minor: int = 0
    paid_minor: int = 0
    skonto_minor: int = 0
    retained_minor: int = 0
    released_minor: int = 0
    open_minor: int = 0
    forecast_minor: int = 0

    @property
    def committed_minor(self) -> int:
        """Return what was ordered: contracts and approved changes."""
        return self.contract_minor + self.changes_minor

    @property
    def to_complete_minor(self) -> int:
        """Return what will still be invoiced."""
        return self.forecast_minor - self.invoiced_minor

    @property
    def variance_minor(self) -> int:
        """Return how much dearer than estimated it becomes; negative: cheaper."""
        return self.forecast_minor - self.estimate_minor

    def __add__(self, other: Figures) -> Figures:
        """Return the sum, column by column."""
        return Figures(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


@dataclass(frozen=True, slots=True)
class Contingency:
    """What was put aside for the unforeseen, what of it is used up, and what is left (negative: more than all)."""

    reserve_minor: int
    burnt_minor: int

    @property
    def left_minor(self) -> int:
        """Return what is left."""
        return self.reserve_minor - self.burnt_minor


@dataclass(frozen=True, slots=True)
class Row:
    """Figures of a line, a group or a named total, by its id, code or key."""

    key: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Status:
    """The whole report. `orders`: claims and money held back of each contract, by its id."""

    lines: tuple[Row, ...]
    groups: tuple[Row, ...]
    sums: tuple[Row, ...]
    total: Figures
    contingency: Contingency
    orders: dict[str, Settled]


def order_figures(order: Order, settled: Settled) -> Figures:
    """Return the columns of one contract. The VAT of the committed amount is rounded once, as the final invoice's is.

    A final invoice ends the forecast; before it at least what was ordered is expected.
    """
    vat, net = order.contract.vat_bp, order.contract.net_minor
    approved = sum(one.net_minor for one in order.changes if one.approved)
    asked = sum(one.net_minor for one in order.changes if not one.approved)
    contract, committed = gross(net, vat), gross(net + approved, vat)
    invoiced = sum(one.gross_minor for one in settled.claims)
    ended = any(one.kind is InvoiceKind.FINAL for one in order.invoices)
    return Figures(
        contract_minor=contract,
        changes_minor=committed - contract,
        pending_minor=gross(net + approved + asked, vat) - committed,
        invoiced_minor=invoiced,
        paid_minor=sum(one.paid_minor for one in settled.claims),
        skonto_minor=sum(one.taken_minor for one in settled.claims),
        retained_minor=settled.retained_minor,
        released_minor=settled.released_minor,
        open_minor=sum(one.open_minor for one in settled.claims),
        forecast_minor=invoiced if ended else max(committed, invoiced),
    )


def line_figures(line: BudgetLine, settled: dict[str, Settled]) -> Figures:
    """Return the columns of a line: its contracts, and what of the plan is not under contract yet."""
    total = Figures()
    for order in line.orders:
        total += order_figures(order, settled[order.id])
    rest = 0 if line.awarded else max(0, line.revised_minor - total.contract_minor)
    return total + Figures(estimate_minor=line.estimate_minor, revised_minor=line.revised_minor, forecast_minor=rest)


def status_of(scheme: Scheme, lines: Iterable[BudgetLine]) -> Status:
    """Return the report of a project. What becomes dearer than estimated burns the contingency before it costs more."""
    known = sorted(lines, key=lambda one: (one.cost_group, one.id))
    settled = {order.id: settle(order) for line in known for order in line.orders}
    figures = {line.id: line_figures(line, settled) for line in known if not line.contingency}
    reserves = [line for line in known if line.contingency]
    contingency = Contingency(
        reserve_minor=sum(line.revised_minor for line in reserves),
        burnt_minor=max(0, sum(one.variance_minor for one in figures.values())),
    )
    burnt = contingency.burnt_minor
    for line in reserves:
        used = min(burnt, max(0, line.revised_minor))
        burnt -= used
        figures[line.id] = Figures(line.estimate_minor, line.revised_minor, forecast_minor=line.revised_minor - used)
    groups: dict[str, Figures] = {}
    for line in known:
        code = group_of(scheme, line.cost_group)
        groups[code] = groups.get(code, Figures()) + figures[line.id]
    return Status(
        lines=tuple(Row(line.id, figures[line.id]) for line in known),
        groups=tuple(Row(code, groups[code]) for code in in_order(scheme, groups) if code in groups),
        sums=tuple(
            Row(one.key, _total(found for code, found in groups.items() if one.holds(code)))
            for one in scheme_of(scheme).sums
        ),
        total=_total(groups.values()),
        contingency=contingency,
        orders=settled,
    )


def _total(figures: Iterable[Figures]) -> Figures:
    total = Figures()
    for one in figures:
        total += one
    return total
