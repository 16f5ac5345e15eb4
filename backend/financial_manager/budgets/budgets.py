"""Keep budgets, and say how each stands in a month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from backend.financial_manager.budgets.envelopes import Envelope
from backend.financial_manager.budgets.models import Budget
from backend.financial_manager.budgets.proposals import Proposal, propose
from backend.financial_manager.budgets.standing import (
    BudgetKey,
    all_budgets,
    at_month,
    budget_of,
    key_of,
    parents,
    series,
    spent_beside,
)
from backend.financial_manager.currencies import LARGEST, check_currency
from backend.financial_manager.days import check_day
from backend.financial_manager.errors import BudgetMissing, PersonMissing
from backend.financial_manager.ledger.accounts import OwnCurrencyOf
from backend.financial_manager.ledger.categories import check_category
from backend.financial_manager.ledger.change_log import ChangeLog, Recorded, recorded, step_of
from backend.financial_manager.ledger.entered_by import NamesOf
from backend.financial_manager.ledger.models import Category
from backend.financial_manager.ledger.reports import sum_months
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.ids import NewId


@dataclass(frozen=True, slots=True)
class BudgetStatus:
    """How a budget stands at the end of a month. `person`: how they are shown whose it is, "" where everybody's.

    `person_left`: they do not belong to the space any more.
    """

    key: BudgetKey
    envelope: Envelope
    person: str = ""
    person_left: bool = False


@dataclass(frozen=True, slots=True)
class BudgetsOfMonth:
    """The budgets of a month. `beside`: currency -> what expenses none of them counts (minor units).

    `people`: who may have one of their own, by user id.
    """

    budgets: tuple[BudgetStatus, ...]
    beside: Mapping[str, int]
    people: Mapping[str, str]


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

    def __init__(
        self, db: Database, log: ChangeLog, new_id: NewId, own_currency: OwnCurrencyOf, names: NamesOf
    ) -> None:
        self._db = db
        self._log = log
        self._new_id = new_id
        self._own_currency = own_currency
        self._names = names

    def set(self, actor: Actor, key: BudgetKey, month: dt.date, amount_minor: int, *, rollover: bool) -> Recorded:
        """Say what a category may cost from a month on; earlier months keep theirs.

        Raises `CategoryMissing`, `PersonMissing`, `InvalidInput`.
        """
        if key.currency:
            check_currency(key.currency)
        _check(month, ("body.amount_minor", amount_minor))
        name = self._name(actor, key.person_id)

        def work(session: OwnedSession) -> Recorded:
            own = self._in_own(session, key)
            self._put(session, own, month, amount_minor, rollover=rollover, name=name)
            return recorded(session, 1)

        return self._log.write(actor, "budget.set", work)

    def set_several(self, actor: Actor, month: dt.date, amounts: Sequence[Amount]) -> Recorded:
        """Say what several categories may cost everybody from a month on, in one step. Raises what `set` raises."""
        _check(month, *[(f"body.items.{number}.amount_minor", one.amount_minor) for number, one in enumerate(amounts)])
        for number, one in enumerate(amounts):
            if one.currency is not None:
                check_currency(one.currency, f"body.items.{number}.currency")

        def work(session: OwnedSession) -> Recorded:
            for number, one in enumerate(amounts):
                field = f"body.items.{number}.category_id"
                key = self._in_own(session, BudgetKey(one.category_id, one.currency or ""))
                self._put(session, key, month, one.amount_minor, rollover=one.rollover, field=field)
            step_of(session).title = ""
            return recorded(session, len(amounts))

        return self._log.write(actor, "budget.set_several", work)

    def copy(self, actor: Actor, month: dt.date) -> Recorded:
        """Give each budget of the month before the same amount in a month, also if it was ended or changed since.

        Not those of a person who left the space.
        """
        _check(month)
        first = month.replace(day=1)
        before, known = first - dt.timedelta(days=1), self._names(actor)

        def work(session: OwnedSession) -> Recorded:
            now = at_month(session, first)
            copied = 0
            for key, was in at_month(session, before).items():
                has = now.get(key)
                if has is not None and (has.assigned_minor, has.rollover) == (was.assigned_minor, was.rollover):
                    continue
                if key.person_id and key.person_id not in known:
                    continue
                name = known.get(key.person_id, "")
                self._put(session, key, first, was.assigned_minor, rollover=was.rollover, name=name)
                copied += 1
            step_of(session).title = ""
            return recorded(session, copied)

        return self._log.write(actor, "budget.copy", work)

    def end(self, actor: Actor, key: BudgetKey, month: dt.date) -> Recorded:
        """End a budget, also one of a person who left: from a month on there is none.

        Raises `BudgetMissing` where there was none.
        """
        _check(month)
        known = self._names(actor)

        def work(session: OwnedSession) -> Recorded:
            whole = self._in_own(session, key)
            rows = [one for one in all_budgets(session) if key_of(one) == whole]
            if not rows:
                raise BudgetMissing()
            for later in rows:
                if later.since > month.replace(day=1):
                    session.delete(later)
            name = known.get(key.person_id) or rows[-1].person_name
            self._put(session, whole, month, 0, rollover=False, ended=True, name=name)
            return recorded(session, 1)

        return self._log.write(actor, "budget.end", work)

    def proposals(self, actor: Actor, month: dt.date, months: int, today: dt.date) -> list[Proposal]:
        """Propose budgets for a month from the full months before it (and before today's), where everybody has none."""
        _check(month)
        last = min(month, today).replace(day=1) - dt.timedelta(days=1)
        looked_at = [last.replace(day=1)]
        while len(looked_at) < months:
            looked_at.insert(0, (looked_at[0] - dt.timedelta(days=1)).replace(day=1))

        def work(session: OwnedSession) -> list[Proposal]:
            taken = {(key.category_id, key.currency) for key in at_month(session, month) if not key.person_id}
            query = select(Category).where(Category.owner_id == session.actor.owner_id)
            fits = {one.id: one for one in session.scalars(query) if one.direction == "expense" and not one.hidden}
            return [
                one
                for one in propose(sum_months(session, looked_at[0], last), looked_at, parents(session))
                if (category := fits.get(one.category_id)) is not None
                and not {(category.id, one.currency), (category.parent_id, one.currency)} & taken
            ]

        return self._db.read(actor, work)

    def status(self, actor: Actor, month: dt.date) -> list[BudgetStatus]:
        """Return how each budget stands at the end of a month; a group's counts what lies in it."""
        return list(self.month(actor, month).budgets)

    def month(self, actor: Actor, month: dt.date) -> BudgetsOfMonth:
        """Return the budgets of a month, what was spent beside them, and who may have one of their own."""
        _check(month)
        known = self._names(actor)

        def work(session: OwnedSession) -> BudgetsOfMonth:
            kept = {row.person_id: row.person_name for row in all_budgets(session)}
            found = at_month(session, month)
            budgets = tuple(
                BudgetStatus(
                    key, envelope, known.get(key.person_id) or kept[key.person_id],
                    bool(key.person_id) and key.person_id not in known,
                )
                for key, envelope in found.items()
            )  # fmt: skip
            return BudgetsOfMonth(budgets, spent_beside(session, month, found), known)

        return self._db.read(actor, work)

    def history(self, actor: Actor, key: BudgetKey, until: dt.date) -> list[Envelope]:
        """Return a budget month by month; raises `BudgetMissing`."""
        _check(until)

        def work(session: OwnedSession) -> list[Envelope] | None:
            return series(session, until).get(self._in_own(session, key))

        found = self._db.read(actor, work)
        if found is None:
            raise BudgetMissing()
        return found

    def _name(self, actor: Actor, person_id: str) -> str:
        """Return how a person of the space is shown, "" for everybody; raises `PersonMissing`."""
        if not person_id:
            return ""
        name = self._names(actor).get(person_id)
        if name is None:
            raise PersonMissing()
        return name

    def _in_own(self, session: OwnedSession, key: BudgetKey) -> BudgetKey:
        """Return the key with its currency: the household's own where none was given."""
        return key if key.currency else replace(key, currency=self._own_currency(session))

    def _put(
        self,
        session: OwnedSession,
        key: BudgetKey,
        month: dt.date,
        amount_minor: int,
        *,
        rollover: bool,
        ended: bool = False,
        name: str = "",
        field: str = "body.category_id",
    ) -> None:
        """Write the row of a month. `name`: how the person is shown whose it is."""
        category = check_category(session, key.category_id, field)
        since = month.replace(day=1)
        row = budget_of(session, key, since)
        if row is None:
            row = Budget(
                id=self._new_id(), category_id=key.category_id, currency=key.currency, person_id=key.person_id,
                since=since,
            )  # fmt: skip
            session.add(row)
        else:
            row.version += 1
        row.amount_minor, row.rollover, row.ended, row.person_name = amount_minor, rollover, ended, name
        step_of(session).title = category.title if category is not None else ""
