"""What can go wrong while keeping a building project.

NotFound   ProjectMissing, LineMissing, ContractMissing, ChangeOrderMissing, InvoiceMissing, ReleaseMissing,
           PaymentMissing, SourceMissing
Conflict   BuildingInUse (others stand on it), BuildingBroken (a contract would no longer add up),
           BookingPays (an import whose bookings paid something)
"""

from __future__ import annotations

from backend.sdk.errors import Conflict, FieldProblem, InvalidInput, NotFound


class ProjectMissing(NotFound):
    """No such project for this caller."""

    code, message = "building_project_missing", "This building project does not exist."


class LineMissing(NotFound):
    """No such line of a budget for this caller."""

    code, message = "budget_line_missing", "This line of the budget does not exist."


class ContractMissing(NotFound):
    """No such contract for this caller."""

    code, message = "contract_missing", "This contract does not exist."


class ChangeOrderMissing(NotFound):
    """No such change of a contract for this caller."""

    code, message = "change_order_missing", "This change of a contract does not exist."


class InvoiceMissing(NotFound):
    """No such invoice for this caller."""

    code, message = "invoice_missing", "This invoice does not exist."


class ReleaseMissing(NotFound):
    """No such release for this caller."""

    code, message = "release_missing", "This release does not exist."


class PaymentMissing(NotFound):
    """No such payment for this caller."""

    code, message = "payment_missing", "This payment does not exist."


class SourceMissing(NotFound):
    """No such source of money for this caller."""

    code, message = "financing_missing", "This source of money does not exist."


class BuildingInUse(Conflict):
    """Something else stands on it."""

    code, message = "building_in_use", "Something stands on this. Take that away first."


class BookingPays(Conflict):
    """A booking that would go for good paid something; `fields` say what."""

    code, message = "booking_pays", "Invoices of your building project were paid by this."


class BuildingBroken(Conflict):
    """Without it, a contract or a project would be in a state that cannot be; `fields` say why, and the remedy."""

    code, message = "building_broken", "Other entries of this building project need it as it is."

    @classmethod
    def by(cls, error: InvalidInput) -> BuildingBroken:
        """Return the error for what a check found; no field of a request is to blame."""
        return cls(fields=[FieldProblem("", one.problem, one.remedy) for one in error.fields])
