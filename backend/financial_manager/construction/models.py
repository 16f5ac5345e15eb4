"""Tables of building a house. Money is integer minor units of the project's currency; rates are basis points.

A project has lines of a budget and sources of money; a line has contracts; a contract has changes, invoices, releases
and payments.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.financial_manager.base import Base
from backend.sdk.db import JsonList, Owned, UtcDateTime, owned_fk


class BuildingProject(Owned, Base):
    """A house that is built or renewed. `scheme`: which cost groups it has; `finish_on`: when it shall be done."""

    __tablename__ = "con_projects"

    name: Mapped[str] = mapped_column(sa.String(120))
    scheme: Mapped[str] = mapped_column(sa.String(12))
    currency: Mapped[str] = mapped_column(sa.String(3))
    finish_on: Mapped[dt.date | None] = mapped_column(sa.Date(), default=None)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())


class BudgetEntry(Owned, Base):
    """A line of the budget, with VAT. `documents`: full paths of files of the household, or words for papers.

    `awarded`: all of it is under contract; `contingency`: put aside for the unforeseen.
    """

    __tablename__ = "construction_budget"
    __table_args__ = (
        owned_fk("project_id", "con_projects"),
        sa.Index("ix_construction_budget_owner_id_project_id", "owner_id", "project_id"),
    )

    project_id: Mapped[str] = mapped_column(sa.String(36))
    cost_group: Mapped[str] = mapped_column(sa.String(40))
    title: Mapped[str] = mapped_column(sa.String(200))
    estimate_minor: Mapped[int] = mapped_column(default=0)
    quote_minor: Mapped[int | None] = mapped_column(default=None)
    awarded: Mapped[bool] = mapped_column(default=False)
    contingency: Mapped[bool] = mapped_column(default=False)
    documents: Mapped[list[str]] = mapped_column(JsonList(), default=list)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(default=1)


class BuildingContract(Owned, Base):
    """What was agreed with a company; a purchase is a contract with one final invoice. See `contracts.Contract`."""

    __tablename__ = "con_contracts"
    __table_args__ = (
        owned_fk("line_id", "construction_budget"),
        sa.Index("ix_con_contracts_owner_id_line_id", "owner_id", "line_id"),
    )

    line_id: Mapped[str] = mapped_column(sa.String(36))
    vendor: Mapped[str] = mapped_column(sa.String(200))
    title: Mapped[str] = mapped_column(sa.String(200), default="")
    signed_on: Mapped[dt.date | None] = mapped_column(sa.Date(), default=None)
    net_minor: Mapped[int]
    vat_bp: Mapped[int] = mapped_column(default=0)
    skonto_bp: Mapped[int] = mapped_column(default=0)
    skonto_days: Mapped[int] = mapped_column(default=0)
    due_days: Mapped[int] = mapped_column(default=30)
    cover_bp: Mapped[int] = mapped_column(default=0)
    liability_bp: Mapped[int] = mapped_column(default=0)
    liability_until: Mapped[dt.date | None] = mapped_column(sa.Date(), default=None)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(default=1)


class ContractChange(Owned, Base):
    """A change of a contract, net. `approved_on`: None while it is only asked for."""

    __tablename__ = "con_change_orders"
    __table_args__ = (
        owned_fk("contract_id", "con_contracts"),
        sa.Index("ix_con_change_orders_owner_id_contract_id", "owner_id", "contract_id"),
    )

    contract_id: Mapped[str] = mapped_column(sa.String(36))
    title: Mapped[str] = mapped_column(sa.String(200))
    net_minor: Mapped[int]
    approved_on: Mapped[dt.date | None] = mapped_column(sa.Date(), default=None)
    version: Mapped[int] = mapped_column(default=1)


class BuildingInvoice(Owned, Base):
    """An invoice. `net_to_date_minor`: everything done so far, net; `kind`: partial or final."""

    __tablename__ = "con_invoices"
    __table_args__ = (
        owned_fk("contract_id", "con_contracts"),
        sa.Index("ix_con_invoices_owner_id_contract_id", "owner_id", "contract_id"),
    )

    contract_id: Mapped[str] = mapped_column(sa.String(36))
    number: Mapped[str] = mapped_column(sa.String(60))
    date: Mapped[dt.date] = mapped_column(sa.Date())
    net_to_date_minor: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(12))
    version: Mapped[int] = mapped_column(default=1)


class BuildingRelease(Owned, Base):
    """Money held back that is to be paid out. `kind`: of partial invoices (cover), or of the final one (liability)."""

    __tablename__ = "con_releases"
    __table_args__ = (
        owned_fk("contract_id", "con_contracts"),
        sa.Index("ix_con_releases_owner_id_contract_id", "owner_id", "contract_id"),
    )

    contract_id: Mapped[str] = mapped_column(sa.String(36))
    date: Mapped[dt.date] = mapped_column(sa.Date())
    amount_minor: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(12))
    version: Mapped[int] = mapped_column(default=1)


class MoneySource(Owned, Base):
    """Money for a project: own means, a loan's tranche, a subsidy. `available_on`: None where it is there already."""

    __tablename__ = "con_financing"
    __table_args__ = (
        owned_fk("project_id", "con_projects"),
        sa.Index("ix_con_financing_owner_id_project_id", "owner_id", "project_id"),
    )

    project_id: Mapped[str] = mapped_column(sa.String(36))
    kind: Mapped[str] = mapped_column(sa.String(12))
    title: Mapped[str] = mapped_column(sa.String(200))
    amount_minor: Mapped[int]
    available_on: Mapped[dt.date | None] = mapped_column(sa.Date(), default=None)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(default=1)


class BuildingPayment(Owned, Base):
    """Money that went to a company, for an invoice or a release. `skonto_minor`: kept for paying early.

    `transaction_id`: the booking of the ledger that it is; it goes with that (`construction/following.py`).
    `financing_id`: the source that it was drawn from.
    """

    __tablename__ = "con_payments"
    __table_args__ = (
        owned_fk("contract_id", "con_contracts"),
        owned_fk("invoice_id", "con_invoices"),
        owned_fk("release_id", "con_releases"),
        owned_fk("financing_id", "con_financing"),
        sa.Index("ix_con_payments_owner_id_contract_id", "owner_id", "contract_id"),
        sa.Index("ix_con_payments_owner_id_transaction_id", "owner_id", "transaction_id"),
    )

    contract_id: Mapped[str] = mapped_column(sa.String(36))
    invoice_id: Mapped[str | None] = mapped_column(sa.String(36), default=None)
    release_id: Mapped[str | None] = mapped_column(sa.String(36), default=None)
    financing_id: Mapped[str | None] = mapped_column(sa.String(36), default=None)
    transaction_id: Mapped[str | None] = mapped_column(sa.String(36), default=None)
    date: Mapped[dt.date] = mapped_column(sa.Date())
    amount_minor: Mapped[int]
    skonto_minor: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
