"""Goals of the space that an actor acts in: keep them, put money aside, say how they stand."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from backend.financial_manager.currencies import KNOWN, minor_text
from backend.financial_manager.days import EARLIEST, LATEST
from backend.financial_manager.errors import GoalMissing, RowChanged
from backend.financial_manager.goals.models import Goal, GoalAmount
from backend.financial_manager.goals.progress import Plan, Progress, least_from, progress, shared
from backend.financial_manager.ledger.accounts import OwnCurrencyOf, find_account
from backend.financial_manager.ledger.change_log import ChangeLog, step_of
from backend.financial_manager.ledger.models import Posting, UserAccount
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock, local_day
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.ids import NewId
from backend.sdk.names import plain_name

MOST = 200
MOST_AMOUNTS = 2000


@dataclass(frozen=True, slots=True)
class GoalStatus:
    """A goal with how it stands, and the amounts put aside for it, the newest first."""

    goal: Goal
    progress: Progress
    amounts: tuple[GoalAmount, ...]


class Goals:
    """Keep the goals of the space that an actor writes to."""

    def __init__(self, db: Database, log: ChangeLog, clock: Clock, new_id: NewId, own_currency: OwnCurrencyOf) -> None:
        self._db = db
        self._log = log
        self._clock = clock
        self._new_id = new_id
        self._own_currency = own_currency

    def all(self, actor: Actor) -> list[GoalStatus]:
        """Return the goals, the most urgent first."""
        return self._db.read(actor, self._all)

    def get(self, actor: Actor, goal_id: str) -> GoalStatus:
        """Return one goal; raises `GoalMissing`."""
        return self._db.read(actor, self._one, goal_id)

    def create(self, actor: Actor, values: Mapping[str, Any]) -> GoalStatus:
        """Begin a goal: name, target_minor; account_id, currency (else the household's own), until, note where wanted.

        Raises `AccountMissing`, `InvalidInput`.
        """

        def work(session: OwnedSession) -> GoalStatus:
            if len(_goals(session)) >= MOST:
                told = f"There are {MOST} goals already."
                raise InvalidInput(fields=[FieldProblem("body.name", told, "Delete one that you reached.")])
            today = local_day(self._clock)
            given = {**values, "currency": values.get("currency") or self._own_currency(session)}
            row = Goal(id=self._new_id(), **given, started_on=today, created_at=self._clock.now())
            self._check(session, row, today)
            if row.account_id is not None:
                others = [one for one in _goals(session) if one.account_id == row.account_id]
                held = _balances(session, today).get(row.account_id, 0)
                row.start_minor = min(row.target_minor, max(0, held - sum(one.target_minor for one in others)))
            session.add(row)
            session.flush()
            return self._one(session, row.id)

        return self._log.write(actor, "goal.create", work)

    def change(self, actor: Actor, goal_id: str, values: Mapping[str, Any], version: int | None = None) -> GoalStatus:
        """Change some of a goal; raises `GoalMissing`, `RowChanged`, `AccountMissing`, `InvalidInput`."""

        def work(session: OwnedSession) -> GoalStatus:
            row = _find(session, goal_id)
            if version is not None and row.version != version:
                raise RowChanged()
            for name, value in values.items():
                setattr(row, name, value)
            self._check(session, row, row.started_on)
            row.version += 1
            session.flush()
            return self._one(session, goal_id)

        return self._log.write(actor, "goal.change", work)

    def delete(self, actor: Actor, goal_id: str) -> None:
        """Delete a goal with what was put aside for it (no money moves); raises `GoalMissing`."""

        def work(session: OwnedSession) -> None:
            row = _find(session, goal_id)
            step_of(session).title = row.name
            for one in _amounts(session, goal_id):
                session.delete(one)
            session.flush()
            session.delete(row)

        self._log.write(actor, "goal.delete", work)

    def put_aside(
        self, actor: Actor, goal_id: str, amount_minor: int, day: dt.date | None = None, note: str = ""
    ) -> GoalStatus:
        """Put an amount aside for a goal (negative: take it out again); no money moves.

        Raises `GoalMissing`; `InvalidInput` where an account says what is saved, or more is taken than is there.
        """

        def work(session: OwnedSession) -> GoalStatus:
            row, on = _find(session, goal_id), day or local_day(self._clock)
            known = _amounts(session, goal_id)
            self._check_amount(row, known, amount_minor, on)
            amount = GoalAmount(id=self._new_id(), goal_id=row.id, date=on, amount_minor=amount_minor, note=note)
            session.add(amount)
            row.version += 1
            step_of(session).title = f"{row.name}: {minor_text(amount_minor, row.currency)} {row.currency}"
            session.flush()
            return self._one(session, goal_id)

        return self._log.write(actor, "goal.put_aside", work)

    @staticmethod
    def _check_amount(row: Goal, known: Sequence[GoalAmount], amount_minor: int, on: dt.date) -> None:
        if row.account_id is not None:
            told = "What is saved for this goal is what its account holds."
            raise InvalidInput(fields=[FieldProblem("body.amount_minor", told, "Transfer money to that account.")])
        saved = least_from([(one.date, one.amount_minor) for one in known], on)
        if amount_minor == 0 or (amount_minor < 0 and saved + amount_minor < 0):
            told = f"{minor_text(saved, row.currency)} {row.currency} are put aside."
            remedy = "Put something aside, or take out no more than is there."
            raise InvalidInput(fields=[FieldProblem("body.amount_minor", told, remedy)])
        if not EARLIEST <= on <= LATEST:
            problem = FieldProblem("body.date", "This day is not in any household's time.", "Check the year.")
            raise InvalidInput(fields=[problem])
        if len(known) >= MOST_AMOUNTS:
            told = f"{MOST_AMOUNTS} amounts were put aside already."
            raise InvalidInput(fields=[FieldProblem("body.amount_minor", told, "Begin another goal.")])

    def _check(self, session: OwnedSession, row: Goal, begins: dt.date) -> None:
        """Refuse what makes no sense, naming the field; takes the currency of its account."""
        row.name = plain_name(row.name)
        step_of(session).title = row.name
        if not row.name:
            raise InvalidInput(fields=[FieldProblem("body.name", "It has no name.", "Give it one.")])
        if row.account_id is not None:
            row.currency = find_account(session, row.account_id, "body.account_id").currency
        if row.currency not in KNOWN:
            told = f"{row.currency} is no currency."
            raise InvalidInput(fields=[FieldProblem("body.currency", told, "Use the three letters, such as EUR.")])
        if row.until is not None and not begins < row.until <= LATEST:
            told = "The day lies before the goal begins, or too far away."
            raise InvalidInput(fields=[FieldProblem("body.until", told, "Choose a day to come.")])

    def _all(self, session: OwnedSession) -> list[GoalStatus]:
        today = local_day(self._clock)
        goals = _goals(session)
        balances = _balances(session, today)
        put: dict[str, list[GoalAmount]] = defaultdict(list)
        for one in _amounts(session):
            put[one.goal_id].append(one)
        saved = {goal.id: sum(one.amount_minor for one in put[goal.id] if one.date <= today) for goal in goals}
        for account_id in {goal.account_id for goal in goals if goal.account_id is not None}:
            some = [goal for goal in goals if goal.account_id == account_id]
            shares = shared(balances.get(account_id, 0), [one.target_minor for one in some])
            saved |= {goal.id: share for goal, share in zip(some, shares, strict=True)}
        return [
            GoalStatus(
                goal,
                progress(Plan(goal.target_minor, goal.started_on, goal.start_minor, goal.until), saved[goal.id], today),
                tuple(put[goal.id]),
            )
            for goal in goals
        ]

    def _one(self, session: OwnedSession, goal_id: str) -> GoalStatus:
        found = next((one for one in self._all(session) if one.goal.id == goal_id), None)
        if found is None:
            raise GoalMissing()
        return found


def _goals(session: OwnedSession) -> list[Goal]:
    """Return the goals, the most urgent first; of an account they are filled in this order."""
    rows = session.scalars(select(Goal).where(Goal.owner_id == session.actor.owner_id))
    return sorted(rows, key=lambda one: (one.until or dt.date.max, one.created_at, one.id))


def _find(session: OwnedSession, goal_id: str) -> Goal:
    row = session.scalars(select(Goal).where(Goal.owner_id == session.actor.owner_id, Goal.id == goal_id)).first()
    if row is None:
        raise GoalMissing()
    return row


def _amounts(session: OwnedSession, goal_id: str | None = None) -> list[GoalAmount]:
    query = select(GoalAmount).where(GoalAmount.owner_id == session.actor.owner_id)
    if goal_id is not None:
        query = query.where(GoalAmount.goal_id == goal_id)
    return list(session.scalars(query.order_by(GoalAmount.date.desc(), GoalAmount.id.desc())))


def _balances(session: OwnedSession, today: dt.date) -> dict[str, int]:
    """Return what each account holds, with what was booked up to today."""
    owner = session.actor.owner_id
    found = {
        one.id: one.opening_minor if one.opening_date is None or one.opening_date <= today else 0
        for one in session.scalars(select(UserAccount).where(UserAccount.owner_id == owner))
    }
    query = (
        select(Posting.account_id, func.sum(Posting.amount_minor))
        .where(
            Posting.owner_id == owner, Posting.account_id.is_not(None), Posting.booked.is_(True), Posting.date <= today
        )
        .group_by(Posting.account_id)
    )  # fmt: skip
    for account_id, total in session.execute(query):
        found[account_id or ""] = found.get(account_id or "", 0) + int(total)
    return found


def said(found: GoalStatus) -> list[str]:
    """Say how a goal stands, in sentences."""
    told, unit = found.progress, found.goal.currency

    def money(minor: int) -> str:
        return f"{minor_text(minor, unit)} {unit}"

    if told.reached:
        return ["The goal is reached."]
    if found.goal.until is None or told.per_month_minor is None:
        return [f"{money(told.left_minor)} are still missing."]
    until = found.goal.until.isoformat()
    if told.months_left == 0:
        return [f"The day {until} has passed; {money(told.left_minor)} are missing."]
    needed = f"Save {money(told.per_month_minor)} each month to be there on {until}."
    track = "You are on track." if told.on_track else f"You are {money(told.behind_minor)} behind a steady pace."
    return [needed, track]
