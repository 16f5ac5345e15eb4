"""The coordinator: sets the module up, answers its API, watches drives, listens to the bus."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from backend.file_organizer.daily import Daily
from backend.file_organizer.events import DriveAdded, DriveStatus
from backend.file_organizer.history import owners_with_open_runs
from backend.file_organizer.index_keeper import IndexKeeper
from backend.file_organizer.organizer import Organizer
from backend.file_organizer.trash.trash_can import owners_with_trash
from backend.sdk.actor import Actor
from backend.sdk.events import Event
from backend.sdk.finding import SearchHit
from backend.sdk.module import Health, ModuleApp, ModuleContext
from backend.sdk.overview import AttentionItem, ModuleSummary

WAITING_FOR_DRIVES = tuple(
    f"file_organizer.{kind}" for kind in ("execute_plan", "operate", "undo", "recover", "empty_trash", "keep_trash")
)
"""The work that waits where a drive is away, and goes on by itself when it is back."""


class FileOrganizerApp(ModuleApp):
    """Run the File Organizer in one process."""

    def __init__(self, ctx: ModuleContext) -> None:
        super().__init__(ctx)
        self.organizer: Organizer | None = None
        self._unsubscribe: list[Callable[[], None]] = []
        self._daily: Daily | None = None
        self._trash_kept: dict[str, str] = {}
        self._wsgi: Any = None
        self._keeper: IndexKeeper | None = None

    def setup(self) -> None:
        """Prepare the services; no threads, no disk access beyond the module's own database."""
        self.organizer = Organizer(self.ctx)

    def start(self) -> None:
        """Have interrupted runs recovered, listen to the bus, watch drives."""
        organizer = self._ready()
        self._recover()
        self._unsubscribe.append(self.ctx.bus.subscribe(Event, self._on_event))
        if organizer.installation.watch_drives:
            organizer.drives.start_watching()
        self._keeper = IndexKeeper(self.ctx, organizer.installation.index_hours)
        self._keeper.start()
        self._daily = Daily((self.keep_trash,), self.ctx.log)
        self._daily.start()

    def stop(self) -> None:
        """Stop listening and watching."""
        while self._unsubscribe:
            self._unsubscribe.pop()()
        if self._keeper is not None:
            self._keeper.stop()
        if self._daily is not None:
            self._daily.stop()
        if self.organizer is not None:
            self.organizer.drives.stop_watching()
            self.organizer.close()

    def wsgi_app(self) -> Any:
        """Return the module's WSGI application."""
        if self._wsgi is None:
            from backend.file_organizer.api import build_api

            self._wsgi = build_api(self.ctx, self._ready()).wsgi
        return self._wsgi

    def attention(self, actor: Actor) -> Sequence[AttentionItem]:
        """Return plans with suggestions and questions, drives that are away, runs that were cut off."""
        return self._ready().overview.attention(actor)

    def summary(self, actor: Actor) -> ModuleSummary:
        """Say what was tidied last."""
        return self._ready().overview.summary(actor)

    def search(self, actor: Actor, query: str, limit: int) -> Sequence[SearchHit]:
        """Find files of plans and of the history, plans, runs, folders, drives."""
        return self._ready().finder.search(actor, query, limit)

    def erase_owner(self, owner_id: str) -> None:
        """Remove every trace of one owner, also from the file index."""
        super().erase_owner(owner_id)
        self._ready().index.erase_owner(owner_id)

    def health(self) -> Health:
        """Tell how the module is."""
        return Health(ok=self.organizer is not None)

    def _ready(self) -> Organizer:
        if self.organizer is None:
            self.setup()
        assert self.organizer is not None
        return self.organizer

    def _recover(self) -> None:
        """Ask a worker to resolve what a crash left open, for each owner that has such a run."""
        from backend.file_organizer.jobs import RecoverArgs

        for owner_id in self.ctx.db.unscoped("start: whose runs were interrupted", owners_with_open_runs):
            actor = Actor.of(owner_id)
            self.ctx.jobs.enqueue(actor, "file_organizer.recover", RecoverArgs(), dedupe=f"recover-{owner_id}")

    def keep_trash(self) -> None:
        """Ask a worker once a day, for each owner with something in the trash, to remove what has served its time."""
        from backend.file_organizer.jobs_trash import KeepTrashArgs

        today = self.ctx.clock.now().date().isoformat()
        for owner_id in self.ctx.db.unscoped("daily: who has something in the trash", owners_with_trash):
            if self._trash_kept.get(owner_id) != today:
                self._trash_kept[owner_id] = today
                self.ctx.jobs.enqueue(
                    Actor.of(owner_id),
                    "file_organizer.keep_trash",
                    KeepTrashArgs(day=today),
                    dedupe=f"keep-trash-{owner_id}",
                )

    def _on_event(self, event: Event) -> None:
        """Look at the drives when folders are granted or taken back; go on with what waited for a drive."""
        if isinstance(event, DriveAdded | DriveStatus):
            self.ctx.jobs.hasten(Actor.of(event.owner_id), WAITING_FOR_DRIVES)
        if event.name == "accounts.roots_changed":
            from backend.file_organizer.jobs import RefreshDrivesArgs
            from backend.file_organizer.jobs_index import IndexFilesArgs

            actor = Actor.of(event.owner_id)
            self.ctx.jobs.enqueue(
                actor, "file_organizer.refresh_drives", RefreshDrivesArgs(), dedupe=f"drives-{event.owner_id}"
            )
            self.ctx.jobs.enqueue(
                actor, "file_organizer.index_files", IndexFilesArgs(), dedupe=f"index-fast-{event.owner_id}"
            )
