"""The books of AI: what each call cost, what it sent, and whether the month's budget allows another.

A call is reserved at its highest possible cost before anything is sent, in one transaction with the check of
the budget: calls that run at the same time cannot overspend together. It is settled with the provider's
counts. A call whose process died stays reserved: rather counted too much than too little.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from backend.core.ai.errors import NotAsked
from backend.core.ai.models import AiCacheEntry, AiCall, AiPayloadEntry, AiSetting
from backend.core.ai.prices import PriceTable
from backend.core.ai.providers import Prepared
from backend.core.ai.settings import HouseholdAi
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession
from backend.sdk.ids import NewId

PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Booking:
    """Describe a call that is about to be made."""

    module: str
    task: str
    provider: str
    model: str
    items: int
    max_input_tokens: int
    max_output_tokens: int
    subject: str = ""


@dataclass(frozen=True, slots=True)
class MonthTotal:
    """Sum up one month ("2026-01"): of the household, or of what one actor may see."""

    month: str
    calls: int
    input_tokens: int
    output_tokens: int
    cost_micro_usd: int


@dataclass(slots=True)
class Spent:
    """Count what one call used so far, over its retries and its repair round."""

    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


class Ledger:
    """Reserve, settle, log and sum."""

    def __init__(self, db: Database, clock: Clock, new_id: NewId) -> None:
        self._db = db
        self._clock = clock
        self._new_id = new_id

    def reserve(self, actor: Actor, booking: Booking, settings: HouseholdAi) -> str:
        """Book a call at its highest cost; raises `NotAsked` when that would pass the household's budget."""
        now, call_id = self._clock.now(), self._new_id()
        most = PriceTable.of(settings).cost(
            booking.provider, booking.model, booking.max_input_tokens, booking.max_output_tokens
        )

        def work(session: Session) -> None:
            # One booking at a time also where writers run side by side (PostgreSQL); SQLite has one writer anyway.
            session.scalar(select(AiSetting.id).with_for_update())
            total = _total(session, month_of(now))
            _check_budget(total, settings, most[0], booking.max_input_tokens + booking.max_output_tokens)
            session.add(
                AiCall(
                    owner_id=actor.owner_id,
                    id=call_id,
                    module=booking.module,
                    task=booking.task,
                    subject=booking.subject,
                    provider=booking.provider,
                    model=booking.model,
                    month=month_of(now),
                    outcome=PENDING,
                    items=booking.items,
                    input_tokens=booking.max_input_tokens,
                    output_tokens=booking.max_output_tokens,
                    cost_micro_usd=most[0],
                    cost_known=most[1],
                    started_at=now,
                )
            )

        self._db.unscoped("ai: check the household's budget and book a call", work, write=True)
        return call_id

    def settle(
        self, actor: Actor, call_id: str, outcome: str, model: str, spent: Spent, settings: HouseholdAi
    ) -> int | None:
        """Replace the reservation by what was really used; returns the cost, None without a known price."""
        now = self._clock.now()

        def work(session: OwnedSession) -> int | None:
            row = session.find(AiCall, call_id)
            cost, known = PriceTable.of(settings).cost(row.provider, model, spent.input_tokens, spent.output_tokens)
            row.outcome, row.model, row.requests, row.finished_at = outcome, model, spent.requests, now
            row.input_tokens, row.output_tokens = spent.input_tokens, spent.output_tokens
            row.cost_micro_usd, row.cost_known = cost, known
            return cost if known else None

        return self._db.write(actor.only_in(actor.owner_id), work)

    def log_payload(self, actor: Actor, call_id: str, provider: str, prepared: Prepared, days: int) -> None:
        """Write down the exact request before it is sent; drops entries that are older than `days`."""
        now = self._clock.now()

        def work(session: OwnedSession) -> None:
            session.execute(delete(AiPayloadEntry).where(AiPayloadEntry.sent_at < now - timedelta(days=days)))
            if days > 0:
                session.add(
                    AiPayloadEntry(
                        call_id=call_id,
                        provider=provider,
                        url=prepared.url,
                        body=prepared.body.decode(),
                        sent_at=now,
                    )
                )

        self._db.write(actor.only_in(actor.owner_id), work)

    def purge(self, settings: HouseholdAi) -> int:
        """Drop payloads and cached answers past their retention, of every space; returns how many rows went."""
        now = self._clock.now()

        def work(session: Session) -> int:
            gone = 0
            for model, column, days in (
                (AiPayloadEntry, AiPayloadEntry.sent_at, settings.payload_days),
                (AiCacheEntry, AiCacheEntry.created_at, settings.cache_days),
            ):
                result = session.execute(delete(model).where(column < now - timedelta(days=days)))
                gone += int(getattr(result, "rowcount", 0) or 0)
            return gone

        return self._db.unscoped("ai: drop what is past its retention", work, write=True)

    def household_month(self) -> MonthTotal:
        """Return this month's total over all spaces (figures only)."""
        return self._db.unscoped("ai: total of the month", _total, month_of(self._clock.now()))

    def usage(self, actor: Actor) -> list[MonthTotal]:
        """Return the months of what the actor may see, newest first."""

        def work(session: OwnedSession) -> list[MonthTotal]:
            months = session.scalars(select(AiCall.month).distinct().order_by(AiCall.month.desc())).all()
            return [_total(session, month) for month in months]

        return self._db.read(actor, work)


def month_of(moment: datetime) -> str:
    """Return the budget month of a moment (UTC)."""
    return f"{moment:%Y-%m}"


def would_pass(total: MonthTotal, settings: HouseholdAi, cost: int = 1, tokens: int = 1) -> bool:
    """Tell whether a call of that size would pass the household's budget."""
    money, limit = settings.monthly_budget_micro_usd, settings.monthly_tokens
    too_dear = money is not None and cost > 0 and total.cost_micro_usd + cost > money
    return too_dear or (limit is not None and total.input_tokens + total.output_tokens + tokens > limit)


def _check_budget(total: MonthTotal, settings: HouseholdAi, cost: int, tokens: int) -> None:
    if would_pass(total, settings, cost, tokens):
        raise NotAsked(
            "budget_used",
            "This month's AI budget is used up (an admin can raise it in the AI settings)",
            provider=settings.provider,
        )


def _total(session: Session, month: str) -> MonthTotal:
    row = session.execute(
        select(
            func.count(AiCall.id),
            func.coalesce(func.sum(AiCall.input_tokens), 0),
            func.coalesce(func.sum(AiCall.output_tokens), 0),
            func.coalesce(func.sum(AiCall.cost_micro_usd), 0),
        ).where(AiCall.month == month)
    ).one()
    return MonthTotal(month, int(row[0]), int(row[1]), int(row[2]), int(row[3]))
