"""What building projects look like on the wire."""

from __future__ import annotations

import datetime as dt

from backend.financial_manager.construction.cost_groups import Scheme, scheme_of
from backend.financial_manager.construction.loading import Site
from backend.financial_manager.construction.paying import Settlement
from backend.financial_manager.construction.status import Row
from backend.financial_manager.construction.suggesting import Standing, SuggestedBooking
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
from backend.financial_manager.schemas_construction_status import (
    BuildingStatusOut,
    ContingencyOut,
    CostGroupOut,
    CostGroupsOut,
    DrawnOut,
    FiguresOut,
    FinancingOut,
    GroupFiguresOut,
    LineFiguresOut,
    OrderOut,
    PaidClaimOut,
    PointOut,
    ProjectSummaryOut,
    SettlementOut,
    SiteOut,
    SuggestedBookingOut,
    SuggestedListOut,
    SuggestedOut,
)


def summary_out(site: Site) -> ProjectSummaryOut:
    """Return a project with its sums."""
    values = ProjectOut.model_validate(site.project).model_dump()
    return ProjectSummaryOut(**values, total=FiguresOut.model_validate(site.status().total))


def site_out(site: Site) -> SiteOut:
    """Return a project with everything in it."""
    return SiteOut(
        **ProjectOut.model_validate(site.project).model_dump(),
        lines=[BudgetLineOut.model_validate(one) for one in site.lines],
        contracts=[ContractOut.model_validate(one) for one in site.contracts],
        change_orders=[ChangeOrderOut.model_validate(one) for one in site.changes],
        invoices=[InvoiceOut.model_validate(one) for one in site.invoices],
        releases=[ReleaseOut.model_validate(one) for one in site.releases],
        payments=[PaymentOut.model_validate(one) for one in site.payments],
        sources=[MoneySourceOut.model_validate(one) for one in site.sources],
    )


def status_out(site: Site) -> BuildingStatusOut:
    """Return where a project stands."""
    status, scheme = site.status(), Scheme(site.project.scheme)
    lines = {one.id: one for one in site.lines}
    return BuildingStatusOut(
        currency=site.project.currency,
        scheme=scheme,
        lines=[
            LineFiguresOut(
                line_id=row.key,
                cost_group=lines[row.key].cost_group,
                title=lines[row.key].title,
                figures=FiguresOut.model_validate(row.figures),
            )
            for row in status.lines
        ],
        groups=[_group_out(scheme, row) for row in status.groups],
        sums=[_sum_out(scheme, row) for row in status.sums],
        total=FiguresOut.model_validate(status.total),
        contingency=ContingencyOut.model_validate(status.contingency),
        contracts=[
            OrderOut.model_validate({"contract_id": one.id, **_fields(status.orders[one.id])}) for one in site.contracts
        ],
    )


def _fields(settled: object) -> dict[str, object]:
    names = ("held_minor", "released_minor", "retained_minor", "claims")
    return {name: getattr(settled, name) for name in names}


def _group_out(scheme: Scheme, row: Row) -> GroupFiguresOut:
    group = scheme_of(scheme).title(row.key)
    return GroupFiguresOut(
        key=row.key,
        title_en=group.title_en,
        title_de=group.title_de,
        figures=FiguresOut.model_validate(row.figures),
    )


def _sum_out(scheme: Scheme, row: Row) -> GroupFiguresOut:
    found = next(one for one in scheme_of(scheme).sums if one.key == row.key)
    return GroupFiguresOut(
        key=row.key,
        title_en=found.title_en,
        title_de=found.title_de,
        figures=FiguresOut.model_validate(row.figures),
    )


def financing_out(site: Site, today: dt.date) -> FinancingOut:
    """Return where the money of a project comes from."""
    told = site.financing(site.status(), today)
    rows = {one.id: one for one in site.sources}
    return FinancingOut(
        currency=site.project.currency,
        sources=[
            DrawnOut(
                id=one.source.id,
                kind=one.source.kind,
                title=rows[one.source.id].title,
                amount_minor=one.source.amount_minor,
                available_on=one.source.available_on,
                drawn_minor=one.drawn_minor,
                left_minor=one.left_minor,
            )
            for one in told.sources
        ],
        unassigned_minor=told.unassigned_minor,
        needed_minor=told.needed_minor,
        missing_minor=told.missing_minor,
        points=[PointOut.model_validate(one) for one in told.points],
        short=PointOut.model_validate(told.short) if told.short is not None else None,
    )


def settlement_out(found: Settlement) -> SettlementOut:
    """Return what a payment does."""
    return SettlementOut.model_validate(found)


def standing_out(found: Standing) -> SuggestedListOut:
    """Return what a booking paid, and the open claims that it may pay."""
    return SuggestedListOut(
        currency=found.currency,
        left_minor=found.left_minor,
        paid=[PaidClaimOut.model_validate(one) for one in found.paid],
        items=[SuggestedOut.model_validate(one) for one in found.claims],
    )


def booking_out(found: SuggestedBooking) -> SuggestedBookingOut:
    """Return a booking that may pay an open claim."""
    return SuggestedBookingOut.model_validate(found)


def cost_groups_out(scheme: Scheme) -> CostGroupsOut:
    """Return the groups of a scheme and its totals."""
    found = scheme_of(scheme)
    return CostGroupsOut(
        items=[
            CostGroupOut(key=one.code, code=one.code, last=one.code, title_en=one.title_en, title_de=one.title_de)
            for one in found.groups
        ],
        sums=[
            CostGroupOut(key=one.key, code=one.first, last=one.last, title_en=one.title_en, title_de=one.title_de)
            for one in found.sums
        ],
    )
