"""Keep budgets, and say how each stands in a month."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from backend.financial_manager.budgets.envelopes import Envelope, Setting, envelopes, next_month
from backend.financial_manager.budgets.models import Budget
from backend.financial_manager.budgets.proposals import Proposal, propose
from backend.financial_manager.currencies import LARGEST, check_currency
from backend.financial_manager.days import check_day
from backend.financial_manager.errors import BudgetMissing
from backend.financial_manager.ledger.accounts import OwnCurrencyOf
from backend.financial_manager.ledger.categories import check_category
from backend.financial_manager.ledger.change_log import ChangeLog, Recorded, recorded, step_of
from backend.financial_manager.ledger.models import Category
from backend.financial_manager.ledger.reports import sum_months
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.ids import NewId


@dataclass(frozen=True, slots=True)
class BudgetStatus:
    """How the budget of a category stands at the end of a month."""

    category_id: str
    currency: str
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class Amount:
    """What one category may cost in a month (minor units). No currency: the household's own."""

    category_id: str
    currency: str | None
    amount_minor: int
    rollover: bool


def _check(month: dt.date, *amounts: tuple[str, int]) -> None:
    """Refuse a month of no household's time, and amounts (field, minor units) below zero."""
    check_day(month, "body.month")
    for field, amount_minor in amounts:
        if not 0 <= amount_minor <= LARGEST:
            problem = "A budget is zero or more, and no more than an account holds."
            raise InvalidInput(fields=[FieldProblem(field, problem, "Check the amount.")])


class Budgets:
    """Keep the budgets of the space that an actor writes to."""

    def __init__(self, db: Database, log: ChangeLog, new_id: NewId, own_currency: OwnCurrencyOf) -> None:
        self._db = db
        self._log = log
        self._new_id = new_id
        self._own_currency = own_currency

    def set(
        self, actor: Actor, category_id: str, currency: str | None, month: dt.date, amount_minor: int, *, rollover: bool
    ) -> Recorded:
        """Say what a category may cost from a month on; earlier months keep theirs. No currency: the household's own.

        Raises `CategoryMissing`, `InvalidInput`.
        """
        if currency is not None:
            check_currency(currency)
        _check(month, ("body.amount_minor", amount_minor))

        def work(session: OwnedSession) -> Recorded:
            unit = currency or self._own_currency(session)
            self._put(session, category_id, unit, month, amount_minor, rollover=rollover, ended=False)
            return recorded(session, 1)

        return self._log.write(actor, "budget.set", work)

    def set_several(self, actor: Actor, month: dt.date, amounts: Sequence[Amount]) -> Recorded:
        """Say what several categories may cost from a month on, in one step. Raises what `set` raises."""
        _check(month, *[(f"body.items.{number}.amount_minor", one.amount_minor) for number, one in enumerate(amounts)])
        for number, one in enumerate(amounts):
            if one.currency is not None:
                check_currency(one.currency, f"body.items.{number}.currency")

        def work(session: OwnedSession) -> Recorded:
            for number, one in enumerate(amounts):
                field, unit = f"body.items.{number}.category_id", one.currency or self._own_currency(session)
                self._put(
                    session, one.category_id, unit, month, one.amount_minor, rollover=one.rollover, ended=False,
                    field=field,
                )  # fmt: skip
            step_of(session).title = ""
            return recorded(session, len(amounts))

        return self._log.write(actor, "budget.set_several", work)

    def copy(self, actor: Actor, month: dt.date) -> Recorded:
        """Give each budget of the month before the same amount in a month, also if it was ended or changed since."""
        _check(month)
        first = month.replace(day=1)
        before = first - dt.timedelta(days=1)

        def work(session: OwnedSession) -> Recorded:
            now = {(one.category_id, one.currency): one.envelope for one in _status(session, first)}
            copied = 0
            for one in _status(session, before):
                was, has = one.envelope, now.get((one.category_id, one.currency))
                if has is not None and (has.assigned_minor, has.rollover) == (was.assigned_minor, was.rollover):
                    continue
                self._put(
                    session, one.category_id, one.currency, first, was.assigned_minor, rollover=was.rollover,
                    ended=False,
                )  # fmt: skip
                copied += 1
            step_of(session).title = ""
            return recorded(session, copied)

        return self._log.write(actor, "budget.copy", work)

    def end(self, actor: Actor, category_id: str, currency: str | None, month: dt.date) -> Recorded:
        """End a budget: from a month on there is none. Raises `BudgetMissing` where there was none."""
        _check(month)

        def work(session: OwnedSession) -> Recorded:
            unit = currency or self._own_currency(session)
            known = [one for one in _all(session) if (one.category_id, one.currency) == (category_id, unit)]
            if not known:
                raise BudgetMissing()
            for later in known:
                if later.since > month.replace(day=1):
                    session.delete(later)
            self._put(session, category_id, unit, month, 0, rollover=False, ended=True)
            return recorded(session, 1)

        return self._log.write(actor, "budget.end", work)

    def proposals(self, actor: Actor, month: dt.date, months: int, today: dt.date) -> list[Proposal]:
        """Propose budgets for a month from the full months before it (and before today's), where there is none yet."""
        _check(month)
        last = min(month, today).replace(day=1) - dt.timedelta(days=1)
        looked_at = [last.replace(day=1)]
        while len(looked_at) < months:
            looked_at.insert(0, (looked_at[0] - dt.timedelta(days=1)).replace(day=1))

        def work(session: OwnedSession) -> list[Proposal]:
            taken = {(one.category_id, one.currency) for one in _status(session, month)}
            query = select(Category).where(Category.owner_id == session.actor.owner_id)
            fits = {one.id: one for one in session.scalars(query) if one.direction == "expense" and not one.hidden}
            return [
                one
                for one in propose(sum_months(session, looked_at[0], last), looked_at)
                if (category := fits.get(one.category_id)) is not None
                and not {(category.id, one.currency), (category.parent_id, one.currency)} & taken
            ]

        return self._db.read(actor, work)

    def status(self, actor: Actor, month: dt.date) -> list[BudgetStatus]:
        """Return how each budget stands at the end of a month; a group's counts what lies in it."""
        _check(month)
        return self._db.read(actor, _status, month)

    def history(self, actor: Actor, category_id: str, currency: str | None, until: dt.date) -> list[Envelope]:
        """Return a budget month by month; raises `BudgetMissing`."""
        _check(until)

        def work(session: OwnedSession) -> list[Envelope] | None:
            return _series(session, until).get((category_id, currency or self._own_currency(session)))

        found = self._db.read(actor, work)
        if found is None:
            raise BudgetMissing()
        return found

    def _put(
        self,
        session: OwnedSession,
        category_id: str,
        currency: str,
        month: dt.date,
        amount_minor: int,
        *,
        rollover: bool,
        ended: bool,
        field: str = "body.category_id",
    ) -> None:
        category = check_category(session, category_id, field)
        since = month.replace(day=1)
        row = next(
            (
                one
                for one in _all(session)
                if (one.category_id, one.currency, one.since) == (category_id, currency, since)
            ),
            None,
        )
        if row is None:
            row = Budget(id=self._new_id(), category_id=category_id, currency=currency, since=since)
            session.add(row)
        else:
            row.version += 1
        row.amount_minor, row.rollover, row.ended = amount_minor, rollover, ended
        step_of(session).title = category.title if category is not None else ""


def _status(session: OwnedSession, month: dt.date) -> list[BudgetStatus]:
    return [
        BudgetStatus(category_id, currency, months[-1])
        for (category_id, currency), months in _series(session, month).items()
        if months and months[-1].month == month.replace(day=1)
    ]


def _all(session: OwnedSession) -> list[Budget]:
    query = select(Budget).where(Budget.owner_id == session.actor.owner_id)
    return list(session.scalars(query.order_by(Budget.since, Budget.id)))


def _series(session: OwnedSession, until: dt.date) -> dict[tuple[str, str], list[Envelope]]:
    """Return (category, currency) -> its months, up to the month of a day."""
    rows = _all(session)
    if not rows:
        return {}
    settings: dict[tuple[str, str], list[Setting]] = defaultdict(list)
    for row in rows:
        amount = None if row.ended else row.amount_minor
        settings[(row.category_id, row.currency)].append(Setting(row.since, amount, row.rollover))
    last = next_month(until) - dt.timedelta(days=1)
    spent: dict[tuple[str, str], dict[dt.date, int]] = defaultdict(lambda: defaultdict(int))
    parents = dict(_parents(session))
    for one in sum_months(session, rows[0].since, last):
        for category_id in (one.category_id, parents.get(one.category_id or "")):
            if category_id is not None:
                spent[(category_id, one.currency)][one.month] += one.spent_minor
    return {key: envelopes(some, spent.get(key, {}), until) for key, some in settings.items()}


def _parents(session: OwnedSession) -> list[tuple[str, str | None]]:
    query = select(Category.id, Category.parent_id).where(Category.owner_id == session.actor.owner_id)
    return [(row[0], row[1]) for row in session.execute(query)]
