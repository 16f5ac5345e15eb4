"""What is known of an order: the contract, its changes, invoices, payments, releases. Money is integer minor units.

Rates are basis points (2000 = 20 %). All rules are data of the contract: what was agreed holds, not what a standard
proposes. The terms are those of ÖNORM B 2110 (Deckungsrücklass: `cover`, Haftungsrücklass: `liability`) and of VOB/B
§ 16, 17 (cumulative Abschlagsrechnungen, Sicherheitseinbehalt). No legal advice.
"""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass

WHOLE_BP = 10_000
"""Basis points of 100 %."""


class InvoiceKind(enum.StrEnum):
    """Say whether more invoices follow (Teil-, Abschlagsrechnung) or this is the last one (Schlussrechnung)."""

    PARTIAL = "partial"
    FINAL = "final"


class ReleaseKind(enum.StrEnum):
    """Say which money held back comes free: that of partial invoices, or that of the final one."""

    COVER = "cover"
    LIABILITY = "liability"


@dataclass(frozen=True, slots=True)
class Contract:
    """What was agreed with a company, net of VAT.

    `cover_bp`: held back from each partial invoice until the final one; `liability_bp`: held back from the final
    invoice until `liability_until`; both of the amount with VAT. `skonto_bp`: off what is due if it is paid within
    `skonto_days` of the invoice; `due_days`: otherwise.
    """

    net_minor: int
    vat_bp: int = 0
    skonto_bp: int = 0
    skonto_days: int = 0
    due_days: int = 30
    cover_bp: int = 0
    liability_bp: int = 0
    liability_until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class ChangeOrder:
    """A change of a contract (Nachtrag), net, negative for what falls away. Only approved ones are committed."""

    net_minor: int
    approved: bool = False


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice. `net_to_date_minor`: everything done so far, net, also what earlier invoices asked for already."""

    id: str
    date: dt.date
    net_to_date_minor: int
    kind: InvoiceKind = InvoiceKind.PARTIAL


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that went to the company for a claim: an invoice, or a release. `skonto_minor`: kept for paying early.

    `source_id`: where the money came from (a loan's tranche), if it is known.
    """

    claim_id: str
    date: dt.date
    amount_minor: int
    skonto_minor: int = 0
    source_id: str | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """Money held back that is to be paid out now: it moves from retained to open, and nothing else changes."""

    id: str
    date: dt.date
    amount_minor: int
    kind: ReleaseKind = ReleaseKind.LIABILITY


@dataclass(frozen=True, slots=True)
class Order:
    """A contract with everything that happened to it, in any order."""

    contract: Contract
    changes: tuple[ChangeOrder, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    payments: tuple[Payment, ...] = ()
    releases: tuple[Release, ...] = ()
    id: str = ""


def share(amount_minor: int, rate_bp: int) -> int:
    """Return a rate of an amount in minor units, halves away from zero."""
    part = (2 * abs(amount_minor) * rate_bp + WHOLE_BP) // (2 * WHOLE_BP)
    return part if amount_minor >= 0 else -part


def gross(net_minor: int, vat_bp: int) -> int:
    """Return a net amount with VAT; the VAT is rounded half up."""
    return net_minor + share(net_minor, vat_bp)
