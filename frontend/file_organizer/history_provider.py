"""What was done with the household's files, and taking it back: a run, a step, a file, a day."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from frontend.api.errors import ApiError
from frontend.api.generated.schemas import ActionOut, FileOrganizerRunOut, JobRefOut, ProblemOut, VolumePath
from frontend.providers.base import Event, Provider
from frontend.providers.jobs_provider import JobProgress, is_job_event
from frontend.providers.paged import Paged


@dataclass(eq=False)
class HistoryProvider(Provider):
    """Hold the runs, the steps (of one run, or those that fit a search), and the undo that goes on."""

    hears = (
        "file_organizer.plan_executed",
        "file_organizer.operations_done",
        "file_organizer.run_undone",
        "file_organizer.trash_emptied",
    )

    runs: Paged[FileOrganizerRunOut] = field(init=False)
    actions: Paged[ActionOut] = field(init=False)
    run: FileOrganizerRunOut | None = None
    problems: tuple[ProblemOut, ...] = ()
    query: str = ""
    only_problems: bool = False
    kind: str = ""
    since: str = ""
    until: str = ""
    last_days: int | None = None
    folder: VolumePath | None = None
    user_id: str = ""
    story: tuple[ActionOut, ...] | None = None
    story_of: str = ""
    people: Mapping[str, str] = field(default_factory=dict)
    me: str = ""
    undoing: JobProgress | None = None

    def __post_init__(self) -> None:
        """Make the lists."""
        self.runs = Paged(source=self._runs)
        self.actions = Paged(source=self._actions)

    async def fetch(self) -> None:
        """Read the runs as far as they are shown, and what is looked at."""
        await self.runs.refresh()
        if self.runs.error:
            raise self.runs.error
        if self.run is not None:
            self.run = await self.api.file_organizer.get_run(self.run["id"])
        if self.actions.loaded:
            await self.actions.refresh()
        if self.story is not None:
            await self.tell_story(self.story_of)

    async def open_run(self, run_id: str) -> None:
        """Look at one run: its steps and what was not done; raises `ApiError`."""
        self.actions.reset()
        self.run = await self.api.file_organizer.get_run(run_id)
        self.problems = tuple((await self.api.file_organizer.list_problems(run_id))["items"])
        await self.actions.load()

    def close_run(self) -> None:
        """Look at no run."""
        self.run, self.problems = None, ()
        self.actions.reset()

    async def search(self, query: str = "", *, problems: bool = False) -> None:
        """List the steps whose paths hold the words of `query`; the state is that of `actions`."""
        self.query, self.only_problems = query.strip(), problems
        await self.actions.load()

    @property
    def is_narrowed(self) -> bool:
        """Tell whether the search is narrowed by more than words."""
        return bool(self._narrowed())

    def widen(self) -> None:
        """Ask for steps of every kind, time, folder and person again."""
        self.kind = self.since = self.until = self.user_id = ""
        self.folder = self.last_days = None

    async def narrow(self, **changes: Any) -> None:
        """Show only steps of this `kind`, begun from `since` on and before `until`, in or below this `folder`, or of
        this person (`user_id`). `last_days`: as how many days `since` was chosen; None if a day was."""
        for name, value in changes.items():
            setattr(self, name, value)
        await self.actions.load()

    async def know_people(self) -> None:
        """Read who lives here, for saying who did what; where one may not know, names stay out."""
        me = (await self.api.accounts.show_me())["person"]
        self.me = me["id"]
        found = {me["id"]: me["display_name"] or me["name"]}
        for space in (await self.api.accounts.list_spaces())["items"]:
            with suppress(ApiError):
                members = await self.api.accounts.list_members(space["id"])
                found |= {one["user_id"]: one["display_name"] or one["name"] for one in members["items"]}
        self.people = found

    async def tell_story(self, action_id: str) -> None:
        """Read what happened to the file of a step, first things first; raises `ApiError`."""
        if action_id != self.story_of:
            self.story = None
        self.story_of = action_id
        self.story = tuple((await self.api.file_organizer.chain_of(action_id))["items"])

    async def undo_run(self, run_id: str, *, keep_both: bool = False) -> JobProgress:
        """Put everything of a run back; raises `ApiError`."""
        return await self._follow(await self.api.file_organizer.undo_run(run_id, {"keep_both": keep_both}))

    async def undo_action(self, action_id: str, *, keep_both: bool = False) -> JobProgress:
        """Take one step back; raises `ApiError`."""
        return await self._follow(await self.api.file_organizer.undo_action(action_id, {"keep_both": keep_both}))

    async def undo_file(self, path: str, *, keep_both: bool = False) -> JobProgress:
        """Put one file back to where it first was; raises `ApiError`."""
        body: Any = {"path": path, "keep_both": keep_both}
        return await self._follow(await self.api.file_organizer.undo_file(body))

    async def undo_day(self, day: str, *, utc_offset_minutes: int = 0, keep_both: bool = False) -> JobProgress:
        """Take everything of a day (YYYY-MM-DD, in the person's time) back; raises `ApiError`."""
        body: Any = {"day": day, "utc_offset_minutes": utc_offset_minutes, "keep_both": keep_both}
        return await self._follow(await self.api.file_organizer.undo_day(body))

    def on_event(self, event: Event) -> None:
        """Follow the undo, and read anew after runs."""
        if self.undoing is not None and is_job_event(event, self.undoing.job_id):
            self.undoing.hear(event)
            if not self.undoing.live:
                self.reload_soon()
        super().on_event(event)

    async def reload(self) -> None:
        """Read anew, the undo that goes on included."""
        if self.undoing is not None and self.undoing.live:
            self.undoing.take(await self.api.jobs.get_job(self.undoing.job_id))
        await super().reload()

    async def _follow(self, started: JobRefOut) -> JobProgress:
        self.undoing = progress = JobProgress(started["job_id"], started["state"])
        # It may have ended before this answer came; then its events are gone.
        progress.take(await self.api.jobs.get_job(started["job_id"]))
        if not progress.live:
            self.reload_soon()
        return progress

    async def _runs(self, cursor: str | None, limit: int) -> Any:
        return await self.api.file_organizer.list_runs(cursor=cursor, limit=limit)

    async def _actions(self, cursor: str | None, limit: int) -> Any:
        return await self.api.file_organizer.list_actions(
            cursor=cursor,
            limit=limit,
            run_id=self.run["id"] if self.run else None,
            q=self.query or None,
            problems=self.only_problems or None,
            **self._narrowed(),
        )

    def _narrowed(self) -> dict[str, Any]:
        """Return what the search is narrowed to; the steps of one run are shown as a whole."""
        if self.run is not None:
            return {}
        wanted = {"kind": self.kind, "since": self.since, "until": self.until, "user_id": self.user_id}
        if self.folder is not None:
            wanted |= {"volume_id": self.folder["volume_id"], "folder": self.folder["path"]}
        return {name: value for name, value in wanted.items() if value}

    def reset(self) -> None:
        """Forget the history."""
        super().reset()
        self.widen()
        self.query = ""
        self.story, self.story_of, self.people = None, "", {}
        self.runs.reset()
        self.actions.reset()
