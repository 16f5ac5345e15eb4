"""Wire types of building projects. Amounts are integers in the currency's minor unit, rates basis points (2000 = 20 %).

Budget, status and payments are with VAT; contracts, changes and invoices are net, as companies write them.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field

from backend.financial_manager.construction.contracts import WHOLE_BP, InvoiceKind, ReleaseKind
from backend.financial_manager.construction.cost_groups import Scheme
from backend.financial_manager.construction.financing import SourceKind
from backend.financial_manager.schemas import LARGEST, Id, Minor
from backend.sdk.http import In, Out

Positive = Annotated[int, Field(ge=0, le=LARGEST)]
Rate = Annotated[int, Field(ge=0, le=WHOLE_BP, description="Basis points: 2000 is 20 %.")]
Days = Annotated[int, Field(ge=0, le=3650)]
Document = Annotated[str, Field(min_length=1, max_length=500)]
Seen = Annotated[int | None, Field(ge=1, description="What you saw; refused if somebody changed it since.")]


class ProjectIn(In):
    """Begin a building project. `scheme`: the numbers of its cost groups; `finish_on`: when it shall be done."""

    name: str = Field(min_length=1, max_length=120)
    scheme: Scheme = Scheme.OENORM
    currency: str | None = Field(None, pattern="^[A-Z]{3}$", description="Unset: the household's own.")
    finish_on: dt.date | None = None
    note: str = Field("", max_length=2000)


class ProjectPatch(In):
    """Change some of a project."""

    name: str | None = Field(None, min_length=1, max_length=120)
    scheme: Scheme | None = None
    finish_on: dt.date | None = None
    note: str | None = Field(None, max_length=2000)
    version: Seen = None


class LineIn(In):
    """Add a line to the budget, with VAT. `contingency`: a reserve; `awarded`: all of it is under contract."""

    project_id: Id
    cost_group: str = Field(min_length=1, max_length=40)
    title: str = Field(min_length=1, max_length=200)
    estimate_minor: Positive = 0
    quote_minor: Positive | None = None
    awarded: bool = False
    contingency: bool = False
    documents: list[Document] = Field(default_factory=list, max_length=100)
    note: str = Field("", max_length=2000)


class LinePatch(In):
    """Change some of a line."""

    cost_group: str | None = Field(None, min_length=1, max_length=40)
    title: str | None = Field(None, min_length=1, max_length=200)
    estimate_minor: Positive | None = None
    quote_minor: Positive | None = None
    awarded: bool | None = None
    contingency: bool | None = None
    documents: list[Document] | None = Field(None, max_length=100)
    note: str | None = Field(None, max_length=2000)
    version: Seen = None


class ContractIn(In):
    """Enter a contract, net. `cover_bp`: kept from partial invoices; `liability_bp`: from the final one."""

    line_id: Id
    vendor: str = Field(min_length=1, max_length=200)
    title: str = Field("", max_length=200)
    signed_on: dt.date | None = None
    net_minor: Positive
    vat_bp: Rate = 0
    skonto_bp: Rate = 0
    skonto_days: Days = 0
    due_days: Days = 30
    cover_bp: Rate = 0
    liability_bp: Rate = 0
    liability_until: dt.date | None = None
    note: str = Field("", max_length=2000)


class ContractPatch(In):
    """Change some of a contract."""

    vendor: str | None = Field(None, min_length=1, max_length=200)
    title: str | None = Field(None, max_length=200)
    signed_on: dt.date | None = None
    net_minor: Positive | None = None
    vat_bp: Rate | None = None
    skonto_bp: Rate | None = None
    skonto_days: Days | None = None
    due_days: Days | None = None
    cover_bp: Rate | None = None
    liability_bp: Rate | None = None
    liability_until: dt.date | None = None
    note: str | None = Field(None, max_length=2000)
    version: Seen = None


class ChangeOrderIn(In):
    """Enter a change of a contract, net; negative for what falls away. Without `approved_on` it is only asked for."""

    contract_id: Id
    title: str = Field(min_length=1, max_length=200)
    net_minor: Minor = Field(ge=-LARGEST, le=LARGEST)
    approved_on: dt.date | None = None


class ChangeOrderPatch(In):
    """Change or approve a change of a contract."""

    title: str | None = Field(None, min_length=1, max_length=200)
    net_minor: Minor | None = Field(None, ge=-LARGEST, le=LARGEST)
    approved_on: dt.date | None = None
    version: Seen = None


class InvoiceIn(In):
    """Enter an invoice. `net_to_date_minor`: everything done so far, net, also what was invoiced before."""

    contract_id: Id
    number: str = Field(min_length=1, max_length=60)
    date: dt.date
    net_to_date_minor: Positive
    kind: InvoiceKind = InvoiceKind.PARTIAL


class InvoicePatch(In):
    """Change some of an invoice."""

    number: str | None = Field(None, min_length=1, max_length=60)
    date: dt.date | None = None
    net_to_date_minor: Positive | None = None
    kind: InvoiceKind | None = None
    version: Seen = None


class ReleaseIn(In):
    """Let money that is held back be paid out."""

    contract_id: Id
    date: dt.date
    amount_minor: int = Field(ge=1, le=LARGEST)
    kind: ReleaseKind = ReleaseKind.LIABILITY


class SourceIn(In):
    """Add money for the project. `available_on`: from that day on; left out: it is there already."""

    project_id: Id
    kind: SourceKind = SourceKind.OWN
    title: str = Field(min_length=1, max_length=200)
    amount_minor: Positive
    available_on: dt.date | None = None
    note: str = Field("", max_length=2000)


class SourcePatch(In):
    """Change some of a source of money."""

    kind: SourceKind | None = None
    title: str | None = Field(None, min_length=1, max_length=200)
    amount_minor: Positive | None = None
    available_on: dt.date | None = None
    note: str | None = Field(None, max_length=2000)
    version: Seen = None


class PaymentIn(In):
    """Pay an invoice or a release: by a booking (all of it, or a part), or by amount and day without one.

    `skonto_minor`: left out, it is what the contract allows, where the amount fits. `financing_id`: what it draws.
    """

    transaction_id: Id | None = None
    amount_minor: int | None = Field(None, ge=-LARGEST, le=LARGEST, description="Negative: money that came back.")
    date: dt.date | None = None
    skonto_minor: Positive | None = None
    financing_id: Id | None = None


class SuggestionsQuery(In):
    """Name a booking."""

    transaction_id: Id


class CostGroupsQuery(In):
    """Choose a scheme."""

    scheme: Scheme = Scheme.OENORM


class BudgetLineOut(Out):
    """Show a line of the budget."""

    id: str
    project_id: str
    cost_group: str
    title: str
    estimate_minor: Minor
    quote_minor: Minor | None
    awarded: bool
    contingency: bool
    documents: list[str]
    note: str
    version: int


class ContractOut(Out):
    """Show a contract."""

    id: str
    line_id: str
    vendor: str
    title: str
    signed_on: dt.date | None
    net_minor: Minor
    vat_bp: int
    skonto_bp: int
    skonto_days: int
    due_days: int
    cover_bp: int
    liability_bp: int
    liability_until: dt.date | None
    note: str
    version: int


class ChangeOrderOut(Out):
    """Show a change of a contract."""

    id: str
    contract_id: str
    title: str
    net_minor: Minor
    approved_on: dt.date | None
    version: int


class InvoiceOut(Out):
    """Show an invoice."""

    id: str
    contract_id: str
    number: str
    date: dt.date
    net_to_date_minor: Minor
    kind: InvoiceKind
    version: int


class ReleaseOut(Out):
    """Show a release of money held back."""

    id: str
    contract_id: str
    date: dt.date
    amount_minor: Minor
    kind: ReleaseKind
    version: int


class MoneySourceOut(Out):
    """Show a source of money."""

    id: str
    project_id: str
    kind: SourceKind
    title: str
    amount_minor: Minor
    available_on: dt.date | None
    note: str
    version: int


class PaymentOut(Out):
    """Show a payment, for an invoice or a release. `transaction_id`: the booking that it is."""

    id: str
    contract_id: str
    invoice_id: str | None
    release_id: str | None
    financing_id: str | None
    transaction_id: str | None
    date: dt.date
    amount_minor: Minor
    skonto_minor: Minor
    version: int


class ProjectOut(Out):
    """Show a project."""

    id: str
    name: str
    scheme: Scheme
    currency: str
    finish_on: dt.date | None
    note: str
    version: int
