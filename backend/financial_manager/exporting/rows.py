"""What is exported: every booked transaction with its sides, named as people know them, in the order of the days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from backend.financial_manager.ledger.categories import CONVERSION
from backend.financial_manager.ledger.models import Category, Payee, Posting, Transaction, TransactionState, UserAccount
from backend.sdk.db import OwnedSession

LIABILITIES = frozenset({"card", "loan"})


@dataclass(frozen=True, slots=True)
class Name:
    """An account or category for an export: its root ("assets", "expenses", ...) and the names below it.

    `id`: of which one; two accounts may have one name.
    """

    root: str
    parts: tuple[str, ...]
    id: str = ""


OPENING = Name("equity", ("opening",))
UNKNOWN = Name("expenses", ("unknown",))
CONVERTED = Name("equity", ("conversion",))


@dataclass(frozen=True, slots=True)
class ExportSide:
    """One posting: minor units of `currency`."""

    name: Name
    amount_minor: int
    currency: str
    memo: str = ""


@dataclass(frozen=True, slots=True)
class ExportTransaction:
    """One transaction; its sides sum to zero in each currency."""

    day: dt.date
    payee: str
    purpose: str
    note: str
    tags: tuple[str, ...]
    sides: tuple[ExportSide, ...]


@dataclass(frozen=True, slots=True)
class ExportAccount:
    """An account with what it began with, at the end of `opening_date`."""

    name: Name
    currency: str
    opening_minor: int
    opening_date: dt.date | None


@dataclass(frozen=True, slots=True)
class ExportLedger:
    """The ledger of one space."""

    accounts: tuple[ExportAccount, ...]
    transactions: tuple[ExportTransaction, ...]


def read_ledger(session: OwnedSession) -> ExportLedger:
    """Return the ledger of the acting space; what is only planned is left out."""
    owner = session.actor.owner_id
    accounts = list(session.scalars(select(UserAccount).where(UserAccount.owner_id == owner).order_by(UserAccount.id)))
    names = {
        one.id: Name("liabilities" if one.kind in LIABILITIES else "assets", (one.name,), one.id) for one in accounts
    }
    categories = {one.id: one for one in session.scalars(select(Category).where(Category.owner_id == owner))}
    names |= {key: _category_name(one, categories) for key, one in categories.items()}
    payees = {row[0]: row[1] for row in session.execute(select(Payee.id, Payee.name).where(Payee.owner_id == owner))}
    sides: dict[str, list[ExportSide]] = {}
    query = select(
        Posting.transaction_id, Posting.account_id, Posting.category_id, Posting.amount_minor, Posting.currency,
        Posting.memo,
    ).where(Posting.owner_id == owner, Posting.booked.is_(True))  # fmt: skip
    for row in session.execute(query.order_by(Posting.transaction_id, Posting.position)):
        name = names.get(row[1] or row[2] or "", UNKNOWN)
        sides.setdefault(row[0], []).append(ExportSide(name, row[3], row[4], row[5]))
    booked = select(Transaction).where(
        Transaction.owner_id == owner, Transaction.state == TransactionState.BOOKED.value
    )
    return ExportLedger(
        tuple(ExportAccount(names[one.id], one.currency, one.opening_minor, one.opening_date) for one in accounts),
        tuple(
            ExportTransaction(
                row.date, payees.get(row.payee_id or "", row.counterparty), row.purpose, row.note, tuple(row.tags),
                tuple(sides.get(row.id, ())),
            )
            for row in session.scalars(booked.order_by(Transaction.date, Transaction.id))
        ),
    )  # fmt: skip


def _category_name(category: Category, categories: dict[str, Category]) -> Name:
    if category.key == CONVERSION:
        return CONVERTED
    root = {"income": "income", "transfer": "equity"}.get(category.direction, "expenses")
    parent = categories.get(category.parent_id or "")
    return Name(root, (parent.title, category.title) if parent is not None else (category.title,), category.id)


def unique_names(names: Sequence[Name], spelled: Sequence[str]) -> dict[Name, str]:
    """Return name -> spelling, where equal spellings of different names are told apart by a number."""
    found: dict[Name, str] = {}
    taken: set[str] = set()
    for name, text in zip(names, spelled, strict=True):
        if name in found:
            continue
        number, free = 2, text
        while free in taken:
            free, number = f"{text}-{number}", number + 1
        found[name] = free
        taken.add(free)
    return found


def all_names(ledger: ExportLedger) -> list[Name]:
    """Return every name that the ledger uses, in the order of their first use."""
    used = [one.name for one in ledger.accounts]
    used += [side.name for one in ledger.transactions for side in one.sides]
    return list(dict.fromkeys([*used, OPENING]))
