"""API of building projects: budget, contracts, changes, invoices, payments, releases, money; status and financing."""

from __future__ import annotations

from backend.financial_manager.api_ledger import given
from backend.financial_manager.construction.bookings import INVOICE, RELEASE
from backend.financial_manager.construction.settling import Money
from backend.financial_manager.finances import Finances
from backend.financial_manager.schemas import IdPath
from backend.financial_manager.schemas_construction import (
    BudgetLineOut,
    ChangeOrderIn,
    ChangeOrderOut,
    ChangeOrderPatch,
    ContractIn,
    ContractOut,
    ContractPatch,
    CostGroupsQuery,
    InvoiceIn,
    InvoiceOut,
    InvoicePatch,
    LineIn,
    LinePatch,
    MoneySourceOut,
    PaymentIn,
    ProjectIn,
    ProjectOut,
    ProjectPatch,
    ReleaseIn,
    ReleaseOut,
    SourceIn,
    SourcePatch,
    SuggestionsQuery,
)
from backend.financial_manager.schemas_construction_status import (
    BuildingStatusOut,
    CostGroupsOut,
    FinancingOut,
    PaidOut,
    ProjectsOut,
    SettlementOut,
    SiteOut,
    SuggestedBookingsOut,
    SuggestedListOut,
)
from backend.financial_manager.views_construction import (
    booking_out,
    cost_groups_out,
    financing_out,
    settlement_out,
    site_out,
    standing_out,
    status_out,
    summary_out,
)
from backend.sdk.http import Group, current_actor

TAG = "Construction"


def construction_groups(finances: Finances) -> list[Group]:
    """Return the groups of building projects."""
    makers = (
        _projects, _figures, _budget, _sources, _contracts, _change_orders, _invoices, _releases, _payments,
        _suggestions,
    )  # fmt: skip
    return [make(finances) for make in makers]


def _projects(finances: Finances) -> Group:
    group = Group("construction_projects", url_prefix="/construction/projects", tag=TAG)
    projects = finances.projects

    @group.get("", returns=ProjectsOut)
    def list_building_projects() -> ProjectsOut:
        """List your building projects by name, with their sums."""
        return ProjectsOut(items=[summary_out(one) for one in projects.all(current_actor())])

    @group.post("", returns=ProjectOut, status=201, idempotent=True)
    def begin_building_project(body: ProjectIn) -> ProjectOut:
        """Begin a building project."""
        return ProjectOut.model_validate(projects.create(current_actor(), "project", body.model_dump()))

    @group.get("/<id>", returns=SiteOut, errors=[404])
    def get_building_project(path: IdPath) -> SiteOut:
        """Show a project with everything that was entered in it."""
        return site_out(projects.get(current_actor(), path.id))

    @group.patch("/<id>", returns=ProjectOut, errors=[404, 409])
    def change_building_project(path: IdPath, body: ProjectPatch) -> ProjectOut:
        """Change some of a project."""
        found = projects.change(current_actor(), "project", path.id, given(body), body.version)
        return ProjectOut.model_validate(found)

    @group.delete("/<id>", errors=[404, 409])
    def delete_building_project(path: IdPath) -> None:
        """Delete a project in which nothing stands."""
        projects.delete(current_actor(), "project", path.id)

    return group


def _figures(finances: Finances) -> Group:
    group = Group("construction_figures", url_prefix="/construction/projects", tag=TAG)
    projects = finances.projects

    @group.get("/<id>/status", returns=BuildingStatusOut, errors=[404])
    def show_building_status(path: IdPath) -> BuildingStatusOut:
        """Show where a project stands: estimate to forecast, by line, cost group and as a whole."""
        return status_out(projects.get(current_actor(), path.id))

    @group.get("/<id>/financing", returns=FinancingOut, errors=[404])
    def show_building_financing(path: IdPath) -> FinancingOut:
        """Show where the money comes from, what was drawn, and on which day it would not suffice."""
        return financing_out(projects.get(current_actor(), path.id), finances.today())

    return group


def _budget(finances: Finances) -> Group:
    group = Group("construction_budget", url_prefix="/construction", tag=TAG)
    projects = finances.projects

    @group.get("/cost-groups", returns=CostGroupsOut)
    def list_cost_groups(query: CostGroupsQuery) -> CostGroupsOut:
        """List the cost groups of a scheme, with the totals that it names."""
        return cost_groups_out(query.scheme)

    @group.post("/lines", returns=BudgetLineOut, status=201, errors=[404], idempotent=True)
    def add_budget_line(body: LineIn) -> BudgetLineOut:
        """Add a line to the budget of a project."""
        return BudgetLineOut.model_validate(projects.create(current_actor(), "line", body.model_dump()))

    @group.patch("/lines/<id>", returns=BudgetLineOut, errors=[404, 409])
    def change_budget_line(path: IdPath, body: LinePatch) -> BudgetLineOut:
        """Change some of a line: estimate, quote, cost group, documents."""
        found = projects.change(current_actor(), "line", path.id, given(body), body.version)
        return BudgetLineOut.model_validate(found)

    @group.delete("/lines/<id>", errors=[404, 409])
    def delete_budget_line(path: IdPath) -> None:
        """Delete a line on which no contract stands."""
        projects.delete(current_actor(), "line", path.id)

    return group


def _sources(finances: Finances) -> Group:
    group = Group("construction_sources", url_prefix="/construction", tag=TAG)
    projects = finances.projects

    @group.post("/sources", returns=MoneySourceOut, status=201, errors=[404], idempotent=True)
    def add_money_source(body: SourceIn) -> MoneySourceOut:
        """Add money for a project: own means, a loan's tranche, a subsidy."""
        return MoneySourceOut.model_validate(projects.create(current_actor(), "source", body.model_dump()))

    @group.patch("/sources/<id>", returns=MoneySourceOut, errors=[404, 409])
    def change_money_source(path: IdPath, body: SourcePatch) -> MoneySourceOut:
        """Change some of a source of money."""
        found = projects.change(current_actor(), "source", path.id, given(body), body.version)
        return MoneySourceOut.model_validate(found)

    @group.delete("/sources/<id>", errors=[404, 409])
    def delete_money_source(path: IdPath) -> None:
        """Delete a source from which nothing was drawn."""
        projects.delete(current_actor(), "source", path.id)

    return group


def _contracts(finances: Finances) -> Group:
    group = Group("construction_contracts", url_prefix="/construction", tag=TAG)
    projects = finances.projects

    @group.post("/contracts", returns=ContractOut, status=201, errors=[404], idempotent=True)
    def enter_contract(body: ContractIn) -> ContractOut:
        """Enter a contract with a company, or a purchase."""
        return ContractOut.model_validate(projects.create(current_actor(), "contract", body.model_dump()))

    @group.patch("/contracts/<id>", returns=ContractOut, errors=[404, 409])
    def change_contract(path: IdPath, body: ContractPatch) -> ContractOut:
        """Change some of a contract; what the company changes of its work is a change order."""
        found = projects.change(current_actor(), "contract", path.id, given(body), body.version)
        return ContractOut.model_validate(found)

    @group.delete("/contracts/<id>", errors=[404, 409])
    def delete_contract(path: IdPath) -> None:
        """Delete a contract on which nothing stands."""
        projects.delete(current_actor(), "contract", path.id)

    return group


def _change_orders(finances: Finances) -> Group:
    group = Group("construction_change_orders", url_prefix="/construction", tag=TAG)
    projects = finances.projects

    @group.post("/change-orders", returns=ChangeOrderOut, status=201, errors=[404], idempotent=True)
    def enter_change_order(body: ChangeOrderIn) -> ChangeOrderOut:
        """Enter a change of a contract, approved or only asked for."""
        return ChangeOrderOut.model_validate(projects.create(current_actor(), "change_order", body.model_dump()))

    @group.patch("/change-orders/<id>", returns=ChangeOrderOut, errors=[404, 409])
    def change_change_order(path: IdPath, body: ChangeOrderPatch) -> ChangeOrderOut:
        """Change a change of a contract, approve it, or take the approval back."""
        found = projects.change(current_actor(), "change_order", path.id, given(body), body.version)
        return ChangeOrderOut.model_validate(found)

    @group.delete("/change-orders/<id>", errors=[404, 409])
    def delete_change_order(path: IdPath) -> None:
        """Delete a change of a contract."""
        projects.delete(current_actor(), "change_order", path.id)

    return group


def _invoices(finances: Finances) -> Group:
    group = Group("construction_invoices", url_prefix="/construction", tag=TAG)
    projects = finances.projects

    @group.post("/invoices", returns=InvoiceOut, status=201, errors=[404], idempotent=True)
    def enter_building_invoice(body: InvoiceIn) -> InvoiceOut:
        """Enter an invoice of a contract: partial or final, with everything done so far."""
        return InvoiceOut.model_validate(projects.create(current_actor(), "invoice", body.model_dump()))

    @group.patch("/invoices/<id>", returns=InvoiceOut, errors=[404, 409])
    def change_building_invoice(path: IdPath, body: InvoicePatch) -> InvoiceOut:
        """Change some of an invoice."""
        found = projects.change(current_actor(), "invoice", path.id, given(body), body.version)
        return InvoiceOut.model_validate(found)

    @group.delete("/invoices/<id>", errors=[404, 409])
    def delete_building_invoice(path: IdPath) -> None:
        """Delete an invoice for which nothing was paid."""
        projects.delete(current_actor(), "invoice", path.id)

    return group


def _releases(finances: Finances) -> Group:
    group = Group("construction_releases", url_prefix="/construction", tag=TAG)
    projects = finances.projects

    @group.post("/releases", returns=ReleaseOut, status=201, errors=[404], idempotent=True)
    def release_retention(body: ReleaseIn) -> ReleaseOut:
        """Let money that is held back be paid out; what was invoiced stays."""
        return ReleaseOut.model_validate(projects.create(current_actor(), "release", body.model_dump()))

    @group.delete("/releases/<id>", errors=[404, 409])
    def delete_release(path: IdPath) -> None:
        """Delete a release for which nothing was paid: the money is held back again."""
        projects.delete(current_actor(), "release", path.id)

    return group


def _payments(finances: Finances) -> Group:
    group = Group("construction_payments", url_prefix="/construction", tag=TAG)
    settling = finances.settling

    def paid(kind: str, row_id: str, body: PaymentIn) -> PaidOut:
        return PaidOut.model_validate(settling.settle(current_actor(), kind, row_id, _money(body)))

    @group.post("/invoices/<id>/payments/preview", returns=SettlementOut, status=200, errors=[404])
    def preview_invoice_payment(path: IdPath, body: PaymentIn) -> SettlementOut:
        """Show what a payment of an invoice would do: due, Skonto, what stays open, in words; changes nothing."""
        return settlement_out(settling.preview(current_actor(), INVOICE, path.id, _money(body)))

    @group.post("/invoices/<id>/payments", returns=PaidOut, status=201, errors=[404], idempotent=True)
    def pay_building_invoice(path: IdPath, body: PaymentIn) -> PaidOut:
        """Pay an invoice, by a booking of the ledger or by amount and day; may draw a loan's tranche."""
        return paid(INVOICE, path.id, body)

    @group.post("/releases/<id>/payments/preview", returns=SettlementOut, status=200, errors=[404])
    def preview_release_payment(path: IdPath, body: PaymentIn) -> SettlementOut:
        """Show what paying out money that was held back would do; changes nothing."""
        return settlement_out(settling.preview(current_actor(), RELEASE, path.id, _money(body)))

    @group.post("/releases/<id>/payments", returns=PaidOut, status=201, errors=[404], idempotent=True)
    def pay_release(path: IdPath, body: PaymentIn) -> PaidOut:
        """Pay out money that was held back."""
        return paid(RELEASE, path.id, body)

    @group.delete("/payments/<id>", errors=[404, 409])
    def delete_building_payment(path: IdPath) -> None:
        """Delete a payment; the booking of the ledger stays."""
        finances.projects.delete(current_actor(), "payment", path.id)

    return group


def _suggestions(finances: Finances) -> Group:
    group = Group("construction_suggestions", url_prefix="/construction", tag=TAG)
    settling = finances.settling

    @group.get("/suggestions", returns=SuggestedListOut, errors=[404])
    def suggest_building_invoices(query: SuggestionsQuery) -> SuggestedListOut:
        """List the open invoices and releases that a booking may pay, the best first; and what it paid already."""
        return standing_out(settling.standing(current_actor(), query.transaction_id))

    @group.get("/invoices/<id>/suggestions", returns=SuggestedBookingsOut, errors=[404])
    def suggest_bookings_for_invoice(path: IdPath) -> SuggestedBookingsOut:
        """List the bookings that may pay an invoice, the best first."""
        found = settling.bookings(current_actor(), INVOICE, path.id)
        return SuggestedBookingsOut(items=[booking_out(one) for one in found])

    @group.get("/releases/<id>/suggestions", returns=SuggestedBookingsOut, errors=[404])
    def suggest_bookings_for_release(path: IdPath) -> SuggestedBookingsOut:
        """List the bookings that may pay out a release, the best first."""
        found = settling.bookings(current_actor(), RELEASE, path.id)
        return SuggestedBookingsOut(items=[booking_out(one) for one in found])

    return group


def _money(body: PaymentIn) -> Money:
    return Money(body.transaction_id, body.amount_minor, body.date, body.skonto_minor, body.financing_id)
