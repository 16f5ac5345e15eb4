"""An account counts from the day after its opening, which counts what is before, to the day of its closing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import func, select

from backend.financial_manager.ledger.models import Posting, UserAccount
from backend.sdk.db import OwnedSession
from backend.sdk.errors import FieldProblem, InvalidInput


def check_begun(accounts: Iterable[UserAccount], day: dt.date) -> None:
    """Raise `InvalidInput` if one of the accounts begins on a day or after it."""
    for account in accounts:
        if account.opening_date is not None and day <= account.opening_date:
            told = f"{account.name} begins after {account.opening_date.isoformat()}."
            problem = FieldProblem("body.date", told, "Choose a later day, or move the account's opening.")
            raise InvalidInput(fields=[problem])


def check_opening(session: OwnedSession, account: UserAccount) -> None:
    """Raise `InvalidInput` if bookings lie on the day of an account's opening or before it."""
    if account.opening_date is None:
        return
    query = select(func.count(Posting.transaction_id.distinct()), func.min(Posting.date)).where(
        Posting.owner_id == session.actor.owner_id,
        Posting.account_id == account.id,
        Posting.date <= account.opening_date,
    )
    with session.no_autoflush:  # the account is recorded once, with all that changes of it
        count, first = session.execute(query).one()
    if not count:
        return
    told = f"{count} bookings of {account.name} are on this day or before it; the opening balance counts them already."
    remedy = f"Choose a day before {first.isoformat()}, with the balance of that day, or delete these bookings first."
    raise InvalidInput(fields=[FieldProblem("body.opening_date", told, remedy)])


def check_open(accounts: Iterable[UserAccount], day: dt.date) -> None:
    """Raise `InvalidInput` if one of the accounts was closed before a day."""
    for account in accounts:
        if account.closed_on is not None and day > account.closed_on:
            told = f"{account.name} was closed on {account.closed_on.isoformat()}."
            remedy = "Choose an earlier day or another account, or open the account again."
            raise InvalidInput(fields=[FieldProblem("body.date", told, remedy)])


def check_closing(session: OwnedSession, account: UserAccount) -> None:
    """Raise `InvalidInput` if bookings, planned ones as well, lie after the day on which an account was closed."""
    if account.closed_on is None:
        return
    query = select(func.count(Posting.transaction_id.distinct()), func.max(Posting.date)).where(
        Posting.owner_id == session.actor.owner_id,
        Posting.account_id == account.id,
        Posting.date > account.closed_on,
    )
    with session.no_autoflush:  # as above
        count, last = session.execute(query).one()
    if not count:
        return
    told = f"{count} bookings of {account.name} are after this day."
    remedy = f"Choose {last.isoformat()} or a later day, or move or delete these bookings first."
    raise InvalidInput(fields=[FieldProblem("body.closed_on", told, remedy)])


def earliest_booking(session: OwnedSession, account_id: str) -> dt.date | None:
    """Return the day of an account's first booking, planned ones as well."""
    owner = session.actor.owner_id
    return session.scalar(
        select(func.min(Posting.date)).where(Posting.owner_id == owner, Posting.account_id == account_id)
    )
