"""What the Financial Manager says on Home, and what it finds in a search; from the module's own rows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from sqlalchemy import func, select

from backend.financial_manager.banks.fetching import FORMAT
from backend.financial_manager.banks.models import BankConnection, ConnectionState
from backend.financial_manager.currencies import minor_text
from backend.financial_manager.importing.models import FileState, ImportBatch, RawRow, RowFate, StatementSeen
from backend.financial_manager.ledger.models import (
    LinkState,
    Posting,
    Transaction,
    TransactionState,
    TransferLink,
    UserAccount,
)
from backend.financial_manager.months import month_end
from backend.financial_manager.recurring.models import NoticeKind
from backend.financial_manager.recurring.noticing import open_notices
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock, local_day
from backend.sdk.db import Database, OwnedSession
from backend.sdk.finding import SearchHit, match, words_of
from backend.sdk.overview import AttentionItem, Figure, ModuleSummary

CANDIDATES = 200
MOST_IMPORTS = 20
REMIND_BEFORE = dt.timedelta(days=7)
"""How long before a bank's consent ends a person is reminded."""


class Overview:
    """Read what Home and the search show, in all spaces that a person sees."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def attention(self, actor: Actor) -> list[AttentionItem]:
        """Return what waits: transfers to confirm, and bookings of which nobody said what they were for."""
        now = self._clock.now()
        return self._db.read(actor, lambda session: list(_attention(session, now)))

    def summary(self, actor: Actor) -> ModuleSummary:
        """Say how many accounts there are, with what was booked this month."""

        def work(session: OwnedSession) -> ModuleSummary:
            accounts = session.scalar(select(func.count()).select_from(UserAccount)) or 0
            if not accounts:
                return ModuleSummary("No account yet. Add one to begin.")
            first = local_day(self._clock).replace(day=1)
            bookings = session.scalar(
                select(func.count())
                .select_from(Transaction)
                .where(
                    Transaction.date.between(first, month_end(first)),
                    Transaction.state == TransactionState.BOOKED.value,
                )
            )
            figures = (
                Figure("accounts", "Accounts", float(accounts)),
                Figure("bookings", "Bookings this month", float(bookings or 0)),
            )
            return ModuleSummary("{accounts} accounts are in the ledger", {"accounts": accounts}, figures)

        return self._db.read(actor, work)

    def search(self, actor: Actor, query: str, limit: int) -> list[SearchHit]:
        """Return transactions and accounts that have all the words, the best first."""
        words = words_of(query)
        if not words:
            return []

        def work(session: OwnedSession) -> list[SearchHit]:
            return [*_best(_transactions(session, words), limit), *_best(_accounts(session, words), limit)]

        return self._db.read(actor, work)


def _attention(session: OwnedSession, now: dt.datetime) -> Iterator[AttentionItem]:
    asked = session.execute(
        select(TransferLink.owner_id, func.count())
        .where(TransferLink.state == LinkState.SUGGESTED.value)
        .group_by(TransferLink.owner_id)
    )
    for owner_id, count in asked:
        yield AttentionItem(
            "financial_manager.transfers",
            "Perhaps transfers between your accounts: {count}",
            "/financial_manager/transfers",
            {"count": int(count)},
            count=int(count),
            space_id=owner_id,
        )
    yield from _statements(session)
    yield from _twins(session)
    yield from _banks(session, now)
    yield from _recurring(session)
    open_ones = session.execute(
        select(Posting.owner_id, func.count())
        .where(Posting.account_id.is_(None), Posting.category_id.is_(None), Posting.booked.is_(True))
        .group_by(Posting.owner_id)
    )
    for owner_id, count in open_ones:
        yield AttentionItem(
            "financial_manager.inbox",
            "Bookings without a category: {count}",
            "/financial_manager/inbox",
            {"count": int(count)},
            count=int(count),
            space_id=owner_id,
        )


def _statements(session: OwnedSession) -> Iterator[AttentionItem]:
    """Give the files of statement inboxes that wait."""
    files = session.execute(
        select(StatementSeen.owner_id, func.count())
        .where(StatementSeen.state == FileState.WAITING.value)
        .group_by(StatementSeen.owner_id)
    )
    for owner_id, count in files:
        yield AttentionItem(
            "financial_manager.statements",
            "Statements to look at: {count}",
            "/financial_manager/inboxes",
            {"count": int(count)},
            count=int(count),
            space_id=owner_id,
        )


def _twins(session: OwnedSession) -> Iterator[AttentionItem]:
    """Give the lines that a bank sent and that are perhaps there already, by their import."""
    waiting = session.execute(
        select(ImportBatch.owner_id, ImportBatch.id, ImportBatch.file_name, func.count())
        .join(RawRow, (RawRow.batch_id == ImportBatch.id) & (RawRow.owner_id == ImportBatch.owner_id))
        .where(ImportBatch.format == FORMAT, ImportBatch.undone_at.is_(None), RawRow.fate == RowFate.TWIN.value)
        .group_by(ImportBatch.owner_id, ImportBatch.id, ImportBatch.file_name)
        .order_by(ImportBatch.id)
        .limit(MOST_IMPORTS)
    )
    for owner_id, batch_id, name, count in waiting:
        yield AttentionItem(
            "financial_manager.twins",
            "{bank}: is it there already? Lines to decide: {count}",
            f"/financial_manager/imports/{batch_id}",
            {"bank": name, "count": int(count)},
            count=int(count),
            space_id=owner_id,
        )


def _banks(session: OwnedSession, now: dt.datetime) -> Iterator[AttentionItem]:
    """Give the connected banks that refused, and those whose consent ends soon or has ended."""
    for row in session.scalars(select(BankConnection).order_by(BankConnection.id)):
        route = f"/financial_manager/banks/{row.id}"
        ended = row.valid_until is not None and row.valid_until <= now
        if row.state == ConnectionState.NEEDS_YOU.value or ended:
            yield AttentionItem(
                "financial_manager.banks", "{bank} needs you: connect it again", route, {"bank": row.title},
                severity="warning", space_id=row.owner_id,
            )  # fmt: skip
        elif row.valid_until is not None and row.valid_until <= now + REMIND_BEFORE:
            yield AttentionItem(
                "financial_manager.banks", "{bank} wants your consent again by {day}", route,
                {"bank": row.title, "day": row.valid_until.date().isoformat()}, severity="warning",
                space_id=row.owner_id,
            )  # fmt: skip


def _recurring(session: OwnedSession) -> Iterator[AttentionItem]:
    """Give what newly comes again, and what became dearer, until somebody has seen it."""
    counts = Counter((row.owner_id, row.kind) for row in session.scalars(open_notices()))
    for (owner_id, kind), count in sorted(counts.items()):
        route, params = "/financial_manager/recurring", {"count": count}
        if kind == NoticeKind.PRICE:
            yield AttentionItem(
                "financial_manager.recurring", "Payments that cost more than before: {count}", route, params,
                count=count, space_id=owner_id,
            )  # fmt: skip
        else:
            yield AttentionItem(
                "financial_manager.recurring", "Payments that come again, found: {count}", route, params,
                count=count, space_id=owner_id,
            )  # fmt: skip


def _transactions(session: OwnedSession, words: list[str]) -> Iterator[SearchHit]:
    query = select(Transaction)
    for word in words:
        query = query.where(Transaction.search.contains(word, autoescape=True))
    for row in session.scalars(query.order_by(Transaction.date.desc(), Transaction.id.desc()).limit(CANDIDATES)):
        title = row.counterparty or row.purpose or row.note
        score, places = match(title, words) or (0.3, ())
        yield SearchHit(
            "financial_manager.transaction",
            title,
            f"/financial_manager/transactions/{row.id}",
            _subtitle(session, row),
            score,
            places,
            row.owner_id,
        )


def _subtitle(session: OwnedSession, row: Transaction) -> str:
    posting = session.scalars(
        select(Posting).where(Posting.transaction_id == row.id, Posting.position == 0).limit(1)
    ).first()
    amount = f", {minor_text(posting.amount_minor, posting.currency)} {posting.currency}" if posting is not None else ""
    return f"{row.date.isoformat()}{amount}"


def _accounts(session: OwnedSession, words: list[str]) -> Iterator[SearchHit]:
    for row in session.scalars(select(UserAccount).order_by(UserAccount.name)):
        found = match(row.name, words)
        if found is not None:
            score, places = found
            yield SearchHit(
                "financial_manager.account",
                row.name,
                f"/financial_manager/accounts/{row.id}",
                row.institution,
                score,
                places,
                row.owner_id,
            )


def _best(hits: Iterator[SearchHit], limit: int) -> list[SearchHit]:
    return sorted(hits, key=lambda hit: -hit.score)[:limit]
