"""What must always hold in a contract with its invoices, releases and payments.

`check_contract` looks at all of it after every step that touches any of it, whichever row was entered, changed, deleted
or put back: a release needs the money that is held back, and a payment needs what it pays.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from backend.financial_manager.construction.checks import wrong
from backend.financial_manager.construction.contracts import InvoiceKind, ReleaseKind
from backend.financial_manager.construction.loading import settled_of
from backend.financial_manager.construction.models import BuildingRelease
from backend.financial_manager.construction.rows import below, find, project_of
from backend.financial_manager.construction.settlement import Claim, Settled
from backend.financial_manager.currencies import minor_text
from backend.sdk.db import OwnedSession

IN_CONTRACT = frozenset({"contract", "change_order", "invoice", "release", "payment"})
"""Kinds of rows after which a contract is checked."""


def check_contract(session: OwnedSession, contract_id: str, kind: str) -> None:
    """Raise `InvalidInput` where a contract can no longer be; `kind`: what was touched, so that its field is named."""
    session.flush()
    contract = find(session, "contract", contract_id)
    if find(session, "line", contract.line_id).contingency:
        remedy = "Put the contract on another line; the reserve shrinks by itself."
        raise wrong("line_id", "This line is a reserve.", remedy)
    invoices = below(session, "invoice", "contract_id", [contract_id])
    currency = project_of(session, "contract", contract).currency
    _check_invoices(invoices, currency)
    settled = settled_of(session, contract)
    releases = below(session, "release", "contract_id", [contract_id])
    _check_releases(releases, invoices, settled, kind, currency)
    payments = below(session, "payment", "contract_id", [contract_id])
    _check_payments(payments, settled, kind, currency)


def _check_invoices(invoices: list[Any], currency: str) -> None:
    """Invoices grow: each tells everything done so far, each has its number, and nothing follows the final one."""
    numbers = [one.number.casefold() for one in invoices]
    if len(set(numbers)) < len(numbers):
        raise wrong("number", "The contract has an invoice of this number already.", "Look at that one first.")
    final = [one for one in invoices if one.kind == InvoiceKind.FINAL.value]
    if len(final) > 1:
        raise wrong("kind", "The contract has a final invoice already.", "Make that one partial, or change it.")
    if final and any(one.date > final[0].date for one in invoices):
        raise wrong("date", "An invoice would follow the final one.", "Check the days and which one is the final one.")
    partial = sorted(
        (one for one in invoices if one.kind == InvoiceKind.PARTIAL.value),
        key=lambda one: (one.date, one.net_to_date_minor),
    )
    for first, second in pairwise(partial):
        if second.net_to_date_minor < first.net_to_date_minor:
            told = f"The invoice before it came to {minor_text(first.net_to_date_minor, currency)} already."
            raise wrong("net_to_date_minor", told, "Give everything done so far, net, not only what is new.")


def _check_releases(
    releases: list[BuildingRelease], invoices: list[Any], settled: Settled, kind: str, currency: str
) -> None:
    """No more comes free than is held back; what was kept from partial invoices comes free with the final one."""
    final = next((one for one in invoices if one.kind == InvoiceKind.FINAL.value), None)
    dues = {one.id: one.due_minor for one in settled.claims}
    for release in sorted(releases, key=lambda one: (one.date, one.id)):
        cover = release.kind == ReleaseKind.COVER.value
        if cover and final is not None and final.date < release.date:
            if kind == "release":
                raise wrong("kind", "This money came free with the final invoice.", "Pay it with the final invoice.")
            told = f"Money was released on {release.date}, later than the final invoice."
            raise wrong("date", told, "Choose a later day, or take the release back first.")
        freed = dues.get(release.id, 0)
        if freed < release.amount_minor:
            raise _not_held(release, freed, kind, currency, has_final=final is not None)


def _not_held(release: BuildingRelease, freed: int, kind: str, currency: str, *, has_final: bool) -> Exception:
    """Say of which release the money is no longer held back."""
    amount, left = minor_text(release.amount_minor, currency), minor_text(freed, currency)
    if kind == "release":
        remedy = "Give less; what is held back from the final invoice can come free only after it."
        return wrong("amount_minor", f"Only {left} of this kind can come free.", remedy)
    lost_final = release.kind == ReleaseKind.LIABILITY.value and not has_final
    field = {"contract": f"{release.kind}_bp", "invoice": "kind" if lost_final else "net_to_date_minor"}
    told = f"{amount} were released on {release.date}; of that only {left} would be held back."
    return wrong(field.get(kind, "kind"), told, "Take the release back first.")


def _check_payments(payments: Iterable[Any], settled: Settled, kind: str, currency: str) -> None:
    """A payment pays something that is asked for, and Skonto is never more than that."""
    claims: dict[str, Claim] = {one.id: one for one in settled.claims}
    for payment in payments:
        claim = claims.get(payment.invoice_id or payment.release_id or "")
        if claim is None:
            told = f"What was paid on {payment.date} would be asked for by nothing."
            raise wrong("kind", told, "Take the payment back first.")
        if claim.taken_minor > max(0, claim.due_minor):
            amount, due = minor_text(claim.taken_minor, currency), minor_text(claim.due_minor, currency)
            field = {"payment": "skonto_minor", "contract": "net_minor"}.get(kind, "net_to_date_minor")
            told = f"{amount} were kept for paying early, and only {due} would be due."
            raise wrong(field, told, "Take the payment back first.")
