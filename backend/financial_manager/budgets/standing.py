"""Read budgets, how each stands month by month, and what was spent beside them; inside a session."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from backend.financial_manager.budgets.envelopes import Envelope, Setting, envelopes, next_month
from backend.financial_manager.budgets.models import Budget
from backend.financial_manager.ledger.models import Category
from backend.financial_manager.ledger.person_sums import PersonSum, sum_persons
from backend.financial_manager.ledger.reports import sum_months
from backend.sdk.db import OwnedSession


@dataclass(frozen=True, slots=True)
class BudgetKey:
    """Which budget of a space. `person_id`: whose spending it counts; "" for everybody's.

    `currency`: ISO code; "" where it is asked for or written stands for the household's own.
    """

    category_id: str
    currency: str
    person_id: str = ""


def all_budgets(session: OwnedSession) -> list[Budget]:
    """Return every row of the acting space, by month."""
    query = select(Budget).where(Budget.owner_id == session.actor.owner_id)
    return list(session.scalars(query.order_by(Budget.since, Budget.id)))


def budget_of(session: OwnedSession, key: BudgetKey, since: dt.date) -> Budget | None:
    """Return the row of a budget that begins in a month, or None."""
    query = select(Budget).where(
        Budget.owner_id == session.actor.owner_id, Budget.category_id == key.category_id,
        Budget.currency == key.currency, Budget.person_id == key.person_id, Budget.since == since,
    )  # fmt: skip
    return session.scalars(query).first()


def key_of(row: Budget) -> BudgetKey:
    """Return which budget a row is of."""
    return BudgetKey(row.category_id, row.currency, row.person_id)


def series(session: OwnedSession, until: dt.date) -> dict[BudgetKey, list[Envelope]]:
    """Return each budget with its months, up to the month of a day."""
    rows = all_budgets(session)
    if not rows:
        return {}
    settings: dict[BudgetKey, list[Setting]] = defaultdict(list)
    for row in rows:
        amount = None if row.ended else row.amount_minor
        settings[key_of(row)].append(Setting(row.since, amount, row.rollover))
    last = next_month(until) - dt.timedelta(days=1)
    spent: dict[BudgetKey, dict[dt.date, int]] = defaultdict(lambda: defaultdict(int))
    above = parents(session)
    for one in sum_months(session, rows[0].since, last):
        for category_id in _upwards(one.category_id, above):
            spent[BudgetKey(category_id, one.currency)][one.month] += one.spent_minor
    for own in _of_persons(session, settings, rows[0].since, last, above):
        for category_id in _upwards(own.category_id, above):
            spent[BudgetKey(category_id, own.currency, own.person_id)][own.month] += own.spent_minor
    return {key: envelopes(some, spent.get(key, {}), until) for key, some in settings.items()}


def at_month(session: OwnedSession, month: dt.date) -> dict[BudgetKey, Envelope]:
    """Return how each budget stands that there is in the month of a day."""
    first = month.replace(day=1)
    return {key: some[-1] for key, some in series(session, month).items() if some and some[-1].month == first}


def spent_beside(session: OwnedSession, month: dt.date, budgets: Iterable[BudgetKey]) -> dict[str, int]:
    """Return what expenses no budget counts in a month, by currency: of a category that only single persons have a
    budget for, what the others spent. What came back without a category is left out.
    """
    first, last = month.replace(day=1), next_month(month) - dt.timedelta(days=1)
    keys, above = set(budgets), parents(session)
    query = select(Category.id).where(Category.owner_id == session.actor.owner_id, Category.direction == "expense")
    expenses = set(session.scalars(query))
    beside: dict[str, int] = defaultdict(int)

    def counted(category_id: str | None, currency: str, person_id: str = "") -> bool:
        return any(BudgetKey(one, currency, person_id) in keys for one in _upwards(category_id, above))

    for one in sum_months(session, first, last):
        if one.spent_minor > 0 if one.category_id is None else one.category_id in expenses:
            beside[one.currency] += 0 if counted(one.category_id, one.currency) else one.spent_minor
    for own in _of_persons(session, keys, first, last, above):
        if own.category_id in expenses and not counted(own.category_id, own.currency):
            beside[own.currency] -= own.spent_minor if counted(own.category_id, own.currency, own.person_id) else 0
    return dict(beside)


def parents(session: OwnedSession) -> Mapping[str, str | None]:
    """Return category -> the group that it lies in."""
    query = select(Category.id, Category.parent_id).where(Category.owner_id == session.actor.owner_id)
    return {row[0]: row[1] for row in session.execute(query)}


def _upwards(category_id: str | None, above: Mapping[str, str | None]) -> list[str]:
    """Return a category and the group that counts it too."""
    return [one for one in (category_id, above.get(category_id or "")) if one is not None]


def _of_persons(
    session: OwnedSession, keys: Iterable[BudgetKey], first: dt.date, last: dt.date, above: Mapping[str, str | None]
) -> list[PersonSum]:
    """Return what each person spent in the categories for which a single person has a budget."""
    wanted = {key.category_id for key in keys if key.person_id}
    return sum_persons(session, first, last, wanted | {one for one, group in above.items() if group in wanted})
