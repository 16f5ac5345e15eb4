"""Wire types of what is counted of a building project: status, claims, money, settlements."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from backend.financial_manager.construction.cost_groups import Scheme
from backend.financial_manager.construction.financing import SourceKind
from backend.financial_manager.schemas import Minor
from backend.financial_manager.schemas_construction import (
    BudgetLineOut,
    ChangeOrderOut,
    ContractOut,
    InvoiceOut,
    MoneySourceOut,
    PaymentOut,
    ProjectOut,
    ReleaseOut,
)
from backend.sdk.http import Out


class FiguresOut(Out):
    """Show the columns, with VAT. `committed` = contract + changes; `invoiced` = paid + skonto + retained + open.

    `variance_minor`: how much dearer than estimated it becomes.
    """

    estimate_minor: Minor
    revised_minor: Minor
    contract_minor: Minor
    changes_minor: Minor
    committed_minor: Minor
    pending_minor: Minor = Field(description="Changes that are asked for and not approved; in no other column.")
    invoiced_minor: Minor
    paid_minor: Minor
    skonto_minor: Minor
    retained_minor: Minor
    released_minor: Minor
    open_minor: Minor
    to_complete_minor: Minor
    forecast_minor: Minor
    variance_minor: Minor


class ProjectSummaryOut(ProjectOut):
    """Show a project with its sums."""

    total: FiguresOut


class ProjectsOut(Out):
    """List the projects by name."""

    items: list[ProjectSummaryOut]


class SiteOut(ProjectOut):
    """Show a project with everything in it."""

    lines: list[BudgetLineOut]
    contracts: list[ContractOut]
    change_orders: list[ChangeOrderOut]
    invoices: list[InvoiceOut]
    releases: list[ReleaseOut]
    payments: list[PaymentOut]
    sources: list[MoneySourceOut]


class GroupFiguresOut(Out):
    """Show the columns of a cost group (`key`: its code), or of a named total."""

    key: str
    title_en: str
    title_de: str
    figures: FiguresOut


class LineFiguresOut(Out):
    """Show the columns of a line."""

    line_id: str
    cost_group: str
    title: str
    figures: FiguresOut


class ClaimOut(Out):
    """Show what an invoice or a release (by its id) asks for, with VAT. `retain_minor`: held back; negative: freed."""

    id: str
    date: dt.date
    due_on: dt.date
    net_minor: Minor
    vat_minor: Minor
    gross_minor: Minor
    retain_minor: Minor
    due_minor: Minor
    skonto_minor: Minor = Field(description="Off, if it is paid up to `skonto_until`.")
    skonto_until: dt.date | None
    paid_minor: Minor
    taken_minor: Minor = Field(description="Skonto that was kept.")
    open_minor: Minor


class OrderOut(Out):
    """Show the claims of a contract and what is held back of them."""

    contract_id: str
    held_minor: Minor
    released_minor: Minor
    retained_minor: Minor
    claims: list[ClaimOut]


class ContingencyOut(Out):
    """Show the reserve: what was put aside, what the rest took of it by becoming dearer, what is left."""

    reserve_minor: Minor
    burnt_minor: Minor
    left_minor: Minor


class BuildingStatusOut(Out):
    """Show where a project stands: by line, by cost group, by the scheme's totals, and as a whole."""

    currency: str
    scheme: Scheme
    lines: list[LineFiguresOut]
    groups: list[GroupFiguresOut]
    sums: list[GroupFiguresOut]
    total: FiguresOut
    contingency: ContingencyOut
    contracts: list[OrderOut]


class DrawnOut(Out):
    """Show a source with what was drawn from it."""

    id: str
    kind: SourceKind
    title: str
    amount_minor: Minor
    available_on: dt.date | None
    drawn_minor: Minor
    left_minor: Minor


class PointOut(Out):
    """Show the end of a day (null: the end, without a day): what comes, what is needed, what is there then."""

    day: dt.date | None
    comes_minor: Minor
    needed_minor: Minor
    left_minor: Minor


class FinancingOut(Out):
    """Show where the money comes from, and whether it lasts. `short`: the first day that lacks money."""

    currency: str
    sources: list[DrawnOut]
    unassigned_minor: Minor = Field(description="Paid already, from no source that is known.")
    needed_minor: Minor = Field(description="Still to be paid.")
    missing_minor: Minor
    points: list[PointOut]
    short: PointOut | None


class SettlementOut(Out):
    """Show what a payment does. `difference_minor`: still open after it; negative: paid too much."""

    claim: ClaimOut
    currency: str
    amount_minor: Minor
    date: dt.date
    skonto_minor: Minor
    difference_minor: Minor
    words: str


class PaidOut(Out):
    """Show a payment that was made, and what it did. `change_id`: what undoing takes back."""

    payment: PaymentOut
    settlement: SettlementOut
    change_id: str


class SuggestedOut(Out):
    """Show an open invoice or release that a booking may pay. `score`: 0 to 1."""

    kind: Literal["invoice", "release"]
    claim_id: str
    vendor: str
    title: str
    project_id: str
    score: float
    settlement: SettlementOut


class PaidClaimOut(Out):
    """Show what a booking paid already. `source`: the money that it drew, empty for none."""

    payment_id: str
    kind: Literal["invoice", "release"]
    claim_id: str
    vendor: str
    title: str
    project_id: str
    project: str
    amount_minor: Minor
    skonto_minor: Minor
    source: str


class SuggestedListOut(Out):
    """List the best few. `left_minor`: what of the booking pays for nothing yet; `paid`: what it paid."""

    currency: str
    left_minor: Minor
    paid: list[PaidClaimOut]
    items: list[SuggestedOut]


class SuggestedBookingOut(Out):
    """Show a booking that may pay an invoice or a release. `amount_minor`: what of it pays for nothing yet."""

    transaction_id: str
    date: dt.date
    counterparty: str
    purpose: str
    amount_minor: Minor
    score: float
    settlement: SettlementOut


class SuggestedBookingsOut(Out):
    """List the best few."""

    items: list[SuggestedBookingOut]


class CostGroupOut(Out):
    """Show a cost group, or a named total from its first to its last group. `key`: its one name in this scheme."""

    key: str
    code: str
    last: str
    title_en: str
    title_de: str


class CostGroupsOut(Out):
    """List the groups of a scheme and its totals."""

    items: list[CostGroupOut]
    sums: list[CostGroupOut]
