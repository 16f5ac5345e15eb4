"""The coordinator: sets the module up, answers its API, says on Home what waits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from backend.financial_manager.events import LedgerChanged
from backend.financial_manager.finances import Finances
from backend.financial_manager.inboxes.work import LOOK, LookArgs
from backend.financial_manager.recurring.work import NOTICE, NoticeArgs
from backend.sdk.actor import Actor
from backend.sdk.events import Event
from backend.sdk.finding import SearchHit
from backend.sdk.module import Health, ModuleApp, ModuleContext
from backend.sdk.overview import AttentionItem, ModuleSummary

FILES_MOVED = (
    "file_organizer.files_filed", "file_organizer.plan_executed", "file_organizer.operations_done",
    "document_manager.document_filed",
)  # fmt: skip
"""Events after which a new file may lie in a statement inbox."""

BOOKED = ("financial_manager.statement_imported",)
"""Events after which something may newly come again."""


class FinancialManagerApp(ModuleApp):
    """Run the Financial Manager in one process."""

    def __init__(self, ctx: ModuleContext) -> None:
        super().__init__(ctx)
        self.finances: Finances | None = None
        self._wsgi: Any = None
        self._unsubscribe: list[Callable[[], None]] = []

    def setup(self) -> None:
        """Prepare the services; no threads, no disk access beyond the module's own database."""
        self.finances = Finances(self.ctx)

    def start(self) -> None:
        """Hear of files that the File Organizer put away: one of them may be a statement in an inbox.

        Says too whether the resident is to run: for inboxes, and for banks that are asked by the clock.
        """
        self._ready().bank_clock.tell_wanted()  # what a restored backup knows, the machine may not
        self._unsubscribe.append(self.ctx.bus.subscribe(Event, self._on_event))

    def stop(self) -> None:
        """Hear nothing any more."""
        while self._unsubscribe:
            self._unsubscribe.pop()()

    def _on_event(self, event: Event) -> None:
        """Have inboxes looked into when files were moved, and what comes again when bookings came or went.

        Undo may bring an inbox back, or take the last one away: the resident runs for as long as there is one.
        """
        if isinstance(event, LedgerChanged) and event.undone:
            self._ready().bank_clock.tell_wanted()
        if event.name in BOOKED or (isinstance(event, LedgerChanged) and event.undone):
            owner = Actor.of(event.owner_id)
            self.ctx.jobs.enqueue(owner, NOTICE, NoticeArgs(), dedupe=f"recurring-{event.owner_id}")
        if event.name in FILES_MOVED and self._ready().inboxes.all(Actor.of(event.owner_id)):
            self.ctx.jobs.enqueue(Actor.of(event.owner_id), LOOK, LookArgs(), dedupe=f"inbox-{event.owner_id}")

    def erase_owner(self, owner_id: str) -> None:
        """Remove every trace of one owner; the resident ends if it ran for nobody else."""
        super().erase_owner(owner_id)
        self._ready().bank_clock.tell_wanted()

    def wsgi_app(self) -> Any:
        """Return the module's WSGI application."""
        if self._wsgi is None:
            from backend.financial_manager.api import build_api

            self._wsgi = build_api(self.ctx, self._ready()).wsgi
        return self._wsgi

    def attention(self, actor: Actor) -> Sequence[AttentionItem]:
        """Return transfers to confirm, and bookings without a category."""
        return self._ready().overview.attention(actor)

    def summary(self, actor: Actor) -> ModuleSummary:
        """Say how many accounts there are."""
        return self._ready().overview.summary(actor)

    def search(self, actor: Actor, query: str, limit: int) -> Sequence[SearchHit]:
        """Find transactions and accounts."""
        return self._ready().overview.search(actor, query, limit)

    def health(self) -> Health:
        """Tell how the module is."""
        return Health(ok=self.finances is not None)

    def _ready(self) -> Finances:
        if self.finances is None:
            self.setup()
        assert self.finances is not None
        return self.finances
