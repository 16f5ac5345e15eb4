"""Which account of the ledger a bank's account is booked into: found, checked, let go; what must be asked for again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select

from backend.financial_manager.banks.models import BankAccount
from backend.financial_manager.banks.provider import RemoteAccount
from backend.financial_manager.ledger.models import UserAccount
from backend.sdk.db import OwnedSession
from backend.sdk.errors import FieldProblem, InvalidInput


def book_into(row: BankAccount, account_id: str | None) -> None:
    """Book a bank's account into one of the ledger (None: into none); into another one from its first day on."""
    if row.account_id != account_id:
        row.account_id, row.fetched_through = account_id, None


def detach(session: OwnedSession, account_id: str) -> None:
    """Let go of an account of the ledger that goes: the bank's account stays, and can be booked into another one."""
    for row in _booked_into(session, account_id):
        book_into(row, None)
    session.flush()


def ask_again(session: OwnedSession, account_id: str) -> None:
    """Forget how far an account of the ledger was fetched: what was taken back comes again."""
    for row in _booked_into(session, account_id):
        row.fetched_through = None


def check_link(session: OwnedSession, row: BankAccount, account: UserAccount) -> None:
    """Refuse an account of another currency, and one into which another bank account is booked."""
    if account.currency != row.currency:
        told = f"{account.name} is in {account.currency}, the bank's account in {row.currency}."
        raise InvalidInput(fields=[FieldProblem("body.account_id", told, "Choose an account of the same currency.")])
    if any(one.id != row.id for one in _booked_into(session, account.id)):
        told = f"{account.name} is connected with another account of a bank."
        raise InvalidInput(fields=[FieldProblem("body.account_id", told, "End that connection first.")])


def same_iban(session: OwnedSession, row: BankAccount) -> str | None:
    """Return the one account of the ledger with the IBAN and currency of a bank's account, if none has it yet."""
    if not row.iban:
        return None
    owner = session.actor.owner_id
    taken = select(BankAccount.account_id).where(BankAccount.owner_id == owner, BankAccount.account_id.is_not(None))
    with session.no_autoflush:
        found = session.scalars(
            select(UserAccount.id).where(
                UserAccount.owner_id == owner, UserAccount.iban == row.iban, UserAccount.currency == row.currency,
                UserAccount.id.not_in(taken),
            )
        ).all()  # fmt: skip
    return found[0] if len(found) == 1 else None


def distinct(told: Sequence[RemoteAccount]) -> dict[str, RemoteAccount]:
    """Return stable id -> account; those that share one are told apart by their currency, what is told twice is one."""
    found: dict[str, dict[str, RemoteAccount]] = {}
    for one in told:
        found.setdefault(one.stable_id, {}).setdefault(one.currency, one)
    named = [
        replace(one, stable_id=in_currency(stable_id, one.currency) if len(same) > 1 else stable_id)
        for stable_id, same in found.items()
        for one in same.values()
    ]
    return {one.stable_id: one for one in named}


def in_currency(stable_id: str, currency: str) -> str:
    """Return the stable id of one of several accounts that share one."""
    return f"{stable_id[:190]}:{currency}"


def _booked_into(session: OwnedSession, account_id: str) -> list[BankAccount]:
    owner = session.actor.owner_id
    query = select(BankAccount).where(BankAccount.owner_id == owner, BankAccount.account_id == account_id)
    return list(session.scalars(query))
