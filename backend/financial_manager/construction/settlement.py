"""What is due for each invoice and release of an order, and what is held back.

Invoices are cumulative: the amount with VAT, and the part held back, are counted and rounded (half up) on the total to
date; an invoice is the difference to the one before. So roundings never add up: the invoices sum to the last total.
Skonto is rounded on what is due for one invoice, after the part held back and what was paid too late for it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from backend.financial_manager.construction.contracts import (
    Contract,
    Invoice,
    InvoiceKind,
    Order,
    Payment,
    Release,
    ReleaseKind,
    gross,
    share,
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a company asks for with one invoice or release (minor units, with VAT).

    `gross_minor`: the amount of the invoice (0 for a release). `retain_minor`: held back from it (negative where held
    money comes free with it). `due_minor`: to be paid. `skonto_minor`: off, if all of it is paid up to
    `skonto_until`, by the share `skonto_bp`; `late_minor`: paid after that day.
    """

    id: str
    date: dt.date
    due_on: dt.date
    net_minor: int
    vat_minor: int
    gross_minor: int
    retain_minor: int
    due_minor: int
    skonto_minor: int = 0
    skonto_until: dt.date | None = None
    paid_minor: int = 0
    taken_minor: int = 0
    skonto_bp: int = 0
    late_minor: int = 0

    @property
    def skonto_left_minor(self) -> int:
        """Return the Skonto that can still be kept: of what was not paid too late, less what was kept already."""
        in_time = max(0, self.due_minor - max(0, self.late_minor))
        return max(0, min(share(in_time, self.skonto_bp) - self.taken_minor, self.open_minor))

    @property
    def open_minor(self) -> int:
        """Return what is still to be paid; negative where too much was."""
        return self.due_minor - self.paid_minor - self.taken_minor


@dataclass(frozen=True, slots=True)
class Settled:
    """The claims of an order in their order, and the money held back. `held_minor`: ever; `released_minor`: of that.

    `ended`: the final invoice is there. Before it, what is held back is of partial invoices and comes free with it.
    """

    claims: tuple[Claim, ...]
    held_minor: int
    released_minor: int
    ended: bool = False

    @property
    def retained_minor(self) -> int:
        """Return what is held back now."""
        return self.held_minor - self.released_minor

    def claim(self, claim_id: str) -> Claim:
        """Return one claim; raises `KeyError`."""
        for one in self.claims:
            if one.id == claim_id:
                return one
        raise KeyError(claim_id)


def invoices_in_order(invoices: Iterable[Invoice]) -> list[Invoice]:
    """Return invoices as they follow each other: by day, the final one last, whatever order they were entered in."""
    return sorted(invoices, key=lambda one: (one.kind is InvoiceKind.FINAL, one.date, one.net_to_date_minor, one.id))


def settle(order: Order) -> Settled:
    """Return what each invoice and release of an order asks for, and what was paid for it."""
    contract = order.contract
    invoices = invoices_in_order(order.invoices)
    final = invoices[-1] if invoices and invoices[-1].kind is InvoiceKind.FINAL else None
    partial = invoices[:-1] if final is not None else invoices
    claims: list[Claim] = []
    steps: list[tuple[dt.date, int]] = []
    net = cover = 0
    for invoice in partial:
        held = share(gross(invoice.net_to_date_minor, contract.vat_bp), contract.cover_bp)
        claims.append(_claim(contract, invoice, net, held - cover))
        net, cover = invoice.net_to_date_minor, held
        steps.append((invoice.date, held))
    early, freed = _releases(order.releases, ReleaseKind.COVER, steps, contract)
    claims += early
    held, released = cover, freed
    if final is not None:
        liability = share(gross(final.net_to_date_minor, contract.vat_bp), contract.liability_bp)
        claims.append(_claim(contract, final, net, liability - (cover - freed)))
        late, freed = _releases(order.releases, ReleaseKind.LIABILITY, [(final.date, liability)], contract)
        claims += late
        held, released = cover + liability, cover + freed
    return Settled(tuple(_with_payments(claims, order.payments)), held, released, final is not None)


def _claim(contract: Contract, invoice: Invoice, net_before: int, retain_minor: int) -> Claim:
    """Return what one invoice asks for, after those before it."""
    net = invoice.net_to_date_minor - net_before
    amount = gross(invoice.net_to_date_minor, contract.vat_bp) - gross(net_before, contract.vat_bp)
    due = amount - retain_minor
    skonto = share(due, contract.skonto_bp) if due > 0 else 0
    return Claim(
        id=invoice.id,
        date=invoice.date,
        due_on=invoice.date + dt.timedelta(days=contract.due_days),
        net_minor=net,
        vat_minor=amount - net,
        gross_minor=amount,
        retain_minor=retain_minor,
        due_minor=due,
        skonto_minor=skonto,
        skonto_until=invoice.date + dt.timedelta(days=contract.skonto_days) if skonto else None,
        skonto_bp=contract.skonto_bp if skonto else 0,
    )


def _releases(
    releases: Iterable[Release], kind: ReleaseKind, steps: Sequence[tuple[dt.date, int]], contract: Contract
) -> tuple[list[Claim], int]:
    """Return the claims of releases of one kind, and their sum. `steps`: (day, held from then on, in minor units).

    Never more comes free than is held on that day.
    """
    claims, freed = [], 0
    for one in sorted(releases, key=lambda release: (release.date, release.id)):
        if one.kind is kind:
            held = max((amount for day, amount in steps if day <= one.date), default=0)
            due = max(0, min(one.amount_minor, held - freed))
            freed += due
            due_on = one.date + dt.timedelta(days=contract.due_days)
            claims.append(Claim(one.id, one.date, due_on, 0, 0, 0, -due, due))
    return claims, freed


def _with_payments(claims: Iterable[Claim], payments: Iterable[Payment]) -> Iterable[Claim]:
    of_claim: dict[str, list[Payment]] = {}
    for one in payments:
        of_claim.setdefault(one.claim_id, []).append(one)
    for claim in claims:
        mine = of_claim.get(claim.id, [])
        until = claim.skonto_until or dt.date.max
        yield replace(
            claim,
            paid_minor=sum(one.amount_minor for one in mine),
            taken_minor=sum(one.skonto_minor for one in mine),
            late_minor=sum(one.amount_minor for one in mine if one.date > until),
        )
