"""Amounts of a statement in minor units; one that no account holds is an error of the file, with its place."""

from __future__ import annotations

from decimal import Decimal

from backend.financial_manager import currencies
from backend.financial_manager.statements.errors import AGAIN, StatementError


def to_minor(amount: Decimal, currency: str | None, *, where: str = "file") -> tuple[int, bool]:
    """Return an amount in minor units, and whether it had to be rounded (half up); raises `StatementError`."""
    try:
        return currencies.to_minor(amount, currency)
    except currencies.AmountTooLarge:
        told = f"The file has an amount beyond anything an account holds ({str(amount)[:40]})."
        raise StatementError(told, where=where, remedy=AGAIN) from None
