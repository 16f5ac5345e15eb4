"""Ask the household's AI about the inbox: once for each payee, and only after somebody saw what would be sent.

What leaves the house is in `categories/asking.py`. What the AI is sure of is filed as its word (source "ai"), in one
step that can be taken back; what it is not sure of comes back as a suggestion. What a person, a rule or the household's
own history says always comes first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from backend.financial_manager.categories import AiWord, Source
from backend.financial_manager.categories.asking import TASK, PayeeCategories, payload_of, words_of
from backend.financial_manager.categorising import Categorising, Heard, Waiting
from backend.financial_manager.errors import AiNotReady
from backend.financial_manager.ledger.categories import Categories
from backend.financial_manager.ledger.change_log import ChangeLog, step_of
from backend.financial_manager.ledger.listing import Listing, Wanted
from backend.financial_manager.ledger.models import Transaction, UserAccount
from backend.financial_manager.ledger.transactions import Entered, with_postings
from backend.financial_manager.lines import line_of
from backend.sdk.actor import Actor
from backend.sdk.ai import AiEstimate, AiPayload, AiPreview, AiService
from backend.sdk.db import Database, OwnedSession

LOOKED_AT = 1000
"""Waiting bookings that are looked at for payees: the newest. One question is about at most `TASK.max_items` payees."""
SUBJECT = "inbox"


@dataclass(frozen=True, slots=True)
class Question:
    """What would be asked, of which bookings, and what that takes. Nothing was sent."""

    payload: AiPayload
    preview: AiPreview
    estimate: AiEstimate
    bookings: int
    left: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a question: how many payees were sent and how many known, how many bookings were filed.

    `unsure`: bookings that still wait, with what the AI would say among the suggestions. `notice`: why no AI decided.
    """

    asked: int
    known: int
    filed: int
    unsure: tuple[Waiting, ...]
    notice: str
    provider: str
    model: str | None


class InboxAsking:
    """Ask about the inbox of the space that an actor acts in."""

    def __init__(
        self,
        db: Database,
        log: ChangeLog,
        ai: AiService,
        categorising: Categorising,
        listing: Listing,
        categories: Categories,
    ) -> None:
        self._db = db
        self._log = log
        self._ai = ai
        self._categorising = categorising
        self._listing = listing
        self._categories = categories

    def question(self, actor: Actor) -> Question:
        """Return what `ask` would send now; sends nothing."""
        rows = self._waiting(actor)
        whole = self._payload(actor, rows)
        payload = _first(whole)
        keys = {item.id for item in payload.items}
        return Question(
            payload=payload,
            preview=self._ai.preview(actor, TASK, payload),
            estimate=self._ai.estimate(actor, TASK, [payload]),
            bookings=sum(line_of(one).group_key in keys for one in rows),
            left=len(whole.items) - len(payload.items),
        )

    def ask(self, actor: Actor) -> Asked:
        """Ask, and file what the AI is sure of. Raises `AiNotReady` where no provider may be asked.

        A provider that fails changes nothing: `notice` says why. What was answered before is not sent again.
        """
        status = self._ai.status(actor, TASK.module)
        if not status.ready:
            raise AiNotReady(status.text)
        rows = self._waiting(actor)
        payload = _first(self._payload(actor, rows))
        if not payload.items:
            return Asked(0, 0, 0, (), "", status.provider, status.model)
        answer = self._ai.run(actor, TASK, payload, local=lambda: PayeeCategories(payees=[]))
        titles = {choice.id: choice.label for choice in payload.choices["categories"]}
        words = {} if answer.is_local else words_of(answer.value.payees, titles)
        filed, unsure = self._file(actor, [one.transaction.id for one in rows], words) if words else (0, ())
        return Asked(
            asked=0 if answer.is_local else len(payload.items) - answer.known_items,
            known=answer.known_items,
            filed=filed,
            unsure=unsure,
            notice=answer.notice or "",
            provider=status.provider,
            model=answer.model or status.model,
        )

    def _waiting(self, actor: Actor) -> list[Entered]:
        """Return the newest waiting bookings that are not split."""
        self._categories.all(actor)  # a space that has none yet gets Homie's: the question offers them
        rows = self._listing.page(actor, Wanted(inbox=True, planned=False), limit=LOOKED_AT)
        return [one for one in rows[:LOOKED_AT] if _still_waits(one)]

    def _payload(self, actor: Actor, rows: Sequence[Entered]) -> AiPayload:
        """Return the whole question about some bookings; the names of the household's accounts are never sent."""

        def work(session: OwnedSession) -> AiPayload:
            own = UserAccount.owner_id == session.actor.owner_id
            hidden = list(session.scalars(select(UserAccount.name).where(own)))
            titles = self._categorising.offered(session)
            return payload_of([line_of(one) for one in rows], titles, hidden=hidden, subject=SUBJECT)

        return self._db.read(actor, work)

    def _file(self, actor: Actor, ids: Sequence[str], words: Mapping[str, AiWord]) -> tuple[int, tuple[Waiting, ...]]:
        """Write what the AI is sure of, as one step; bookings that somebody filed meanwhile are left alone."""

        def work(session: OwnedSession) -> tuple[int, tuple[Waiting, ...]]:
            query = select(Transaction).where(
                Transaction.owner_id == session.actor.owner_id, Transaction.id.in_(list(ids))
            )
            rows = with_postings(session, list(session.scalars(query)))
            rows = [one for one in rows if _still_waits(one) and line_of(one).group_key in words]
            filed, unsure = 0, []
            for heard in self._categorising.heard(session, rows, words):
                if heard.source is Source.AI and heard.category_id is not None:
                    _store(heard)
                    filed += 1
                else:
                    unsure.append(heard.waiting)
            step_of(session).title = f"{filed} transactions"
            return filed, tuple(unsure)

        return self._log.write(actor, "category.ask", work)


def _store(heard: Heard) -> None:
    """Let a booking be what the AI said."""
    entered = heard.waiting.entered
    part = entered.postings[1]
    part.category_id, part.source = heard.category_id, Source.AI.value
    part.confidence, part.reason = round(heard.confidence, 3), heard.reason
    entered.transaction.version += 1


def _still_waits(entered: Entered) -> bool:
    """Tell whether nobody said yet what a booking was for, and it is not split."""
    parts = entered.postings[1:]
    return len(parts) == 1 and parts[0].account_id is None and parts[0].category_id is None


def _first(payload: AiPayload) -> AiPayload:
    """Return as much of a question as is asked at once."""
    return next(iter(payload.batches(TASK.max_items)), payload)
