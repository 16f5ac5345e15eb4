"""The household's accounts: make, change, close, delete, reconcile; and what each holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from backend.financial_manager.currencies import check_currency
from backend.financial_manager.days import check_day
from backend.financial_manager.errors import AccountInUse, AccountMissing, RowChanged
from backend.financial_manager.ledger.change_log import ChangeLog, step_of
from backend.financial_manager.ledger.kept import KeptByState
from backend.financial_manager.ledger.locks import check_opening_unlocked, opening_of
from backend.financial_manager.ledger.models import Posting, UserAccount
from backend.financial_manager.ledger.openings import check_closing, check_opening
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock, local_day
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.ids import NewId
from backend.sdk.names import plain_name

CHANGEABLE = (
    "name", "kind", "iban", "institution", "country", "opening_minor", "opening_date", "closed_on", "note",
    "reconciled_through",
)  # fmt: skip


Check = Callable[[OwnedSession, UserAccount], None]
"""Refuse a changed account that what stands on it does not allow; raises `InvalidInput`."""


LetGo = Callable[[OwnedSession, str], None]
"""Part what only points to an account (by its id) from it, before it is deleted."""


OwnCurrencyOf = Callable[[OwnedSession], str]
"""Return the household's own currency, in which a new account is held unless another one is named."""
Sums = Mapping[str, tuple[int, int, dt.date | None]]
"""Account -> (sum in minor units, bookings, last day)."""


@dataclass(frozen=True, slots=True)
class AccountBalance:
    """An account with what it holds. `balance_minor`: everything booked up to the day asked; `bookings`: how many."""

    account: UserAccount
    balance_minor: int
    bookings: int
    last: dt.date | None


class Accounts:
    """Keep the accounts of the space that an actor writes to."""

    def __init__(
        self,
        db: Database,
        log: ChangeLog,
        clock: Clock,
        new_id: NewId,
        check: Check,
        let_go: LetGo,
        own_currency: OwnCurrencyOf,
    ) -> None:
        self._db = db
        self._log = log
        self._clock = clock
        self._new_id = new_id
        self._check = check
        self._let_go = let_go
        self._own_currency = own_currency
        self._sums: KeptByState[Sums] = KeptByState()

    def all(self, actor: Actor, *, on: dt.date | None = None) -> list[AccountBalance]:
        """Return the accounts by name, with what they held at the end of a day (today, where none is named)."""
        return self._db.read(actor, _balances, on or local_day(self._clock), None, self._sums)

    def get(self, actor: Actor, account_id: str, *, on: dt.date | None = None) -> AccountBalance:
        """Return one account; raises `AccountMissing`."""
        found = self._db.read(actor, _balances, on or local_day(self._clock), account_id, self._sums)
        if not found:
            raise AccountMissing()
        return found[0]

    def create(self, actor: Actor, values: Mapping[str, Any]) -> UserAccount:
        """Open an account; `values` are columns of `UserAccount`; no currency: the household's own one.

        Raises `InvalidInput` for a bad currency or IBAN.
        """
        return self._db.write(actor, self.create_within, values)

    def create_within(self, session: OwnedSession, values: Mapping[str, Any]) -> UserAccount:
        """Do what `create` does inside a write that is going on."""

        def work(session: OwnedSession) -> UserAccount:
            currency = values.get("currency") or self._own_currency(session)
            held = checked({**values, "currency": currency})
            account = UserAccount(id=self._new_id(), created_at=self._clock.now(), **held)
            refuse_same_iban(session, account)
            session.add(account)
            step_of(session).title = account.name
            return account

        return self._log.within(session, "account.create", work)

    def change(
        self, actor: Actor, account_id: str, values: Mapping[str, Any], version: int | None = None
    ) -> UserAccount:
        """Change some of an account.

        Raises `AccountMissing`, `RowChanged` if it is no longer at `version`, `PeriodReconciled` where the opening of
        a reconciled account would change, and `InvalidInput` where bookings lie outside of its opening and closing.
        """

        def work(session: OwnedSession) -> UserAccount:
            account = find_account(session, account_id)
            if version is not None and account.version != version:
                raise RowChanged()
            opening, through = opening_of(account), account.reconciled_through
            for name, value in checked(values).items():
                if name in CHANGEABLE:
                    setattr(account, name, value)
            check_opening_unlocked(account, opening, through)
            refuse_same_iban(session, account)
            if "opening_date" in values:
                check_opening(session, account)
            if "closed_on" in values:
                check_closing(session, account)
            self._check(session, account)
            account.version += 1
            step_of(session).title = account.name
            return account

        kind = "account.reconcile" if set(values) == {"reconciled_through"} else "account.change"
        return self._log.write(actor, kind, work)

    def delete(self, actor: Actor, account_id: str) -> None:
        """Delete an account on which nothing stands; raises `AccountInUse` otherwise."""

        def work(session: OwnedSession) -> None:
            account = find_account(session, account_id)
            used = session.scalars(select(Posting.id).where(Posting.account_id == account_id).limit(1)).first()
            if used is not None:
                raise AccountInUse()
            step_of(session).title = account.name
            self._let_go(session, account_id)
            session.delete(account)
            try:
                session.flush()
            except IntegrityError:  # trades of a depot stand on it
                raise AccountInUse() from None

        self._log.write(actor, "account.delete", work)


def find_account(session: OwnedSession, account_id: str, field: str = "") -> UserAccount:
    """Return an account of the acting space; raises `AccountMissing`, naming `field` where one is given."""
    query = select(UserAccount).where(UserAccount.owner_id == session.actor.owner_id, UserAccount.id == account_id)
    account = session.scalars(query).first()
    if account is None:
        problem = [FieldProblem(field, "This account does not exist.", "Choose one of your accounts.")] if field else []
        raise AccountMissing(fields=problem)
    return account


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return an account's values as they are stored; raises `InvalidInput` for a currency, IBAN or day that is none."""
    found = dict(values)
    for name in ("opening_date", "closed_on", "reconciled_through"):
        check_day(found.get(name), f"body.{name}")
    currency = found.get("currency")
    if currency is not None:
        check_currency(currency)
    if found.get("iban"):
        found["iban"] = iban_of(str(found["iban"]))
    if found.get("country"):
        found["country"] = country_of(str(found["country"]))
    if "name" in found:
        found["name"] = plain_name(str(found["name"]))
        if not found["name"]:
            raise InvalidInput(fields=[FieldProblem("body.name", "An account has a name.", "Give it a name.")])
    return found


def country_of(text: str) -> str:
    """Return a country's two letters (ISO 3166) as capitals; raises `InvalidInput` for what has another shape."""
    country = text.strip().upper()
    if len(country) != 2 or not (country.isascii() and country.isalpha()):
        problem = FieldProblem("body.country", "A country has two letters.", "Use its code, such as AT or DE.")
        raise InvalidInput(fields=[problem])
    return country


def iban_of(text: str) -> str:
    """Return an IBAN without spaces; raises `InvalidInput` if its check digits are wrong (ISO 13616, mod 97 = 1)."""
    iban = "".join(text.split()).upper()
    right = 15 <= len(iban) <= 34 and iban.isascii() and iban.isalnum() and iban[:2].isalpha() and iban[2:4].isdigit()
    if not right or int("".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])) % 97 != 1:
        problem = FieldProblem("body.iban", "This IBAN is not right.", "Copy it from the bank once more.")
        raise InvalidInput(fields=[problem])
    return iban


def refuse_same_iban(session: OwnedSession, account: UserAccount) -> None:
    """Raise `InvalidInput` where another account of the same currency has an account's IBAN."""
    if not account.iban:
        return
    query = select(UserAccount).where(
        UserAccount.owner_id == session.actor.owner_id,
        UserAccount.iban == account.iban,
        UserAccount.currency == account.currency,
        UserAccount.id != account.id,
    )
    with session.no_autoflush:
        other = session.scalars(query).first()
    if other is not None:
        problem = FieldProblem(
            "body.iban", f"{other.name} has this IBAN already.", "Use that account, or another IBAN."
        )
        raise InvalidInput(fields=[problem])


def _balances(
    session: OwnedSession, on: dt.date, account_id: str | None, kept: KeptByState[Sums]
) -> list[AccountBalance]:
    owner = session.actor.owner_id
    query = select(UserAccount).where(UserAccount.owner_id == owner).order_by(UserAccount.name, UserAccount.id)
    accounts: Sequence[UserAccount] = list(
        session.scalars(query if account_id is None else query.where(UserAccount.id == account_id))
    )
    ids = [account.id for account in accounts]
    sums = kept.get(session, (on, account_id), lambda: balances_of(session, ids, on))
    found = []
    for account in accounts:
        total, count, last = sums.get(account.id, (0, 0, None))
        counts = account.opening_date is None or account.opening_date <= on
        found.append(AccountBalance(account, total + (account.opening_minor if counts else 0), count, last))
    return found


def balances_of(session: OwnedSession, ids: Sequence[str], on: dt.date) -> Sums:
    """Return account -> (sum in minor units, bookings, last day) of what was booked up to a day, openings apart."""
    if not ids:
        return {}
    rows = session.execute(
        select(Posting.account_id, func.sum(Posting.amount_minor), func.count(), func.max(Posting.date))
        .where(
            Posting.owner_id == session.actor.owner_id,
            Posting.account_id.in_(ids),
            Posting.date <= on,
            Posting.booked.is_(True),
        )
        .group_by(Posting.account_id)
    )
    return {str(account): (int(total or 0), int(count), last) for account, total, count, last in rows}
