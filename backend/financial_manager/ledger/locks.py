"""What was reconciled with the bank is locked: nothing in that time changes until somebody unlocks the account."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import select

from backend.financial_manager.errors import PeriodReconciled
from backend.financial_manager.ledger.models import Posting, UserAccount
from backend.sdk.db import OwnedSession
from backend.sdk.errors import FieldProblem

_ASKED_AT_ONCE = 500
FREE = frozenset({"category_id", "source", "confidence", "reason", "payee_id", "tags", "search", "version"})
"""Columns of bookings that may change in a locked time: what they were for, and who is meant. No amount, no day."""


def check_unlocked(session: OwnedSession, transaction_ids: Sequence[str], *, days: Iterable[dt.date] = ()) -> None:
    """Raise `PeriodReconciled` if a transaction stands, or would stand on one of `days`, in a locked time."""
    for start in range(0, len(transaction_ids), _ASKED_AT_ONCE):
        some = transaction_ids[start : start + _ASKED_AT_ONCE]
        rows = session.execute(
            select(UserAccount.name, UserAccount.reconciled_through, Posting.date)
            .join(Posting, (Posting.account_id == UserAccount.id) & (Posting.owner_id == UserAccount.owner_id))
            .where(Posting.transaction_id.in_(some), UserAccount.reconciled_through.is_not(None))
        )
        for name, through, day in rows:
            if through is not None and any(one <= through for one in (day, *days)):
                raise locked(name, through)


def check_days(session: OwnedSession, accounts: Iterable[UserAccount], day: dt.date) -> None:
    """Raise `PeriodReconciled` if one of the accounts is locked on a day."""
    for account in accounts:
        if account.reconciled_through is not None and day <= account.reconciled_through:
            raise locked(account.name, account.reconciled_through)


def check_opening_unlocked(account: UserAccount, opening: tuple[dt.date | None, int], through: dt.date | None) -> None:
    """Raise `PeriodReconciled` if the opening of an account changed that was, and is, reconciled.

    `opening`: its day and amount before; `through`: up to when it was reconciled then.
    """
    if through is not None and account.reconciled_through is not None and opening_of(account) != opening:
        raise locked(account.name, account.reconciled_through)


def opening_of(account: UserAccount) -> tuple[dt.date | None, int]:
    """Return the day and amount with which an account begins."""
    return account.opening_date, account.opening_minor


def locked(name: str, through: dt.date) -> PeriodReconciled:
    """Return the error that names the account and the day."""
    return PeriodReconciled(
        fields=[
            FieldProblem(
                "date",
                f"{name} is reconciled up to {through.isoformat()}.",
                "Unlock the account, or choose a later day.",
            )
        ]
    )
