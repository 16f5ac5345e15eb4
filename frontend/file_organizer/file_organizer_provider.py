"""Tidying a folder: scan it into a plan, look at the suggestions, decide, carry out, take back.

One plan is open at a time. What the person decides shows at once and is taken back if the hub refuses; what other
people of the household decide arrives by events.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from frontend.api.errors import ApiError
from frontend.api.generated.schemas import (
    FileOrganizerRunOut,
    ItemOut,
    PlanIn,
    PlanOut,
    PlanPreviewOut,
    PlanSummaryOut,
    ProblemOut,
    TreeFolderOut,
    VolumePath,
)
from frontend.file_organizer.decisions import Decisions, place_key
from frontend.file_organizer.item_filter import ItemFilter
from frontend.providers.base import Event
from frontend.providers.jobs_provider import JobProgress, is_job_event
from frontend.providers.paged import Paged


@dataclass(eq=False)
class FileOrganizerProvider(Decisions):
    """Hold the plans, and of the open plan everything that the review shows."""

    plans: Paged[PlanOut] = field(init=False)
    filter: ItemFilter = field(default_factory=ItemFilter)
    tree: Paged[TreeFolderOut] = field(init=False)
    tree_before: Paged[TreeFolderOut] = field(init=False)
    preview: PlanPreviewOut | None = None
    """What carrying out would do now."""
    scanning: JobProgress | None = None
    files_seen: int = 0
    executing: JobProgress | None = None
    run: FileOrganizerRunOut | None = None
    """What the last execution of the open plan did."""
    problems: tuple[ProblemOut, ...] = ()

    def __post_init__(self) -> None:
        """Make the lists."""
        self.plans = Paged(source=self._plans)
        self.items = Paged(source=self._items)
        self.tree = Paged(source=self._tree, key=place_key)
        self.tree_before = Paged(source=self._tree_before, key=place_key)

    # ------------------------------------------------------------------ plans

    async def fetch(self) -> None:
        """Read the plans as far as they are shown, and the open plan again."""
        await self.plans.refresh()
        if self.plans.error:
            raise self.plans.error
        if self.plan is not None:
            await self._read_open()

    async def scan(
        self,
        path: str,
        *,
        into: str | None = None,
        deep: bool = False,
        use_ai: bool = False,
        threshold: float | None = None,
        space: str | None = None,
    ) -> PlanOut:
        """Start to look through a folder; the new plan is open and `scanning` follows it; raises `ApiError`."""
        body: PlanIn = {"path": path, "deep": deep, "use_ai": use_ai}
        if into is not None:
            body["into"] = into
        if threshold is not None:
            body["threshold"] = threshold
        plan = await self.api.file_organizer.create_plan(body, space=space)
        self.plans.insert(plan)
        self._forget_open()
        self._take(plan)
        # Events that came before this answer knew no plan here: the row tells how far it is.
        await self._read_open()
        return plan

    async def scan_again(self) -> PlanOut:
        """Look through the open plan's folder anew, with the same options; raises `ApiError`."""
        assert self.plan is not None
        options = self.plan["options"]
        return await self.scan(
            self.plan["root_path"], deep=bool(options.get("deep")), use_ai=bool(options.get("use_ai"))
        )

    async def cancel_scan(self) -> None:
        """Stop looking through the folder; raises `ApiError`."""
        await self._cancel(self.scanning)

    async def open_plan(self, plan_id: str) -> None:
        """Open a plan: its suggestions, counts and running work; raises `ApiError`."""
        if self.plan is None or self.plan["id"] != plan_id:
            self._forget_open()
        self._take(await self.api.file_organizer.get_plan(plan_id))
        await self._read_open()

    def close_plan(self) -> None:
        """Look at no plan."""
        self._forget_open()

    async def discard(self, plan_id: str | None = None) -> None:
        """Throw a plan away, the open one if none is named; files are not touched. Shown at once; raises `ApiError`."""
        target = plan_id or (self.plan["id"] if self.plan else "")
        undo = self.plans.remove(target)
        try:
            await self.api.file_organizer.discard(target)
        except ApiError:
            undo()
            raise
        if self.plan is not None and self.plan["id"] == target:
            self._forget_open()

    # ------------------------------------------------------------------ looking

    async def show_items(self, filter_: ItemFilter) -> None:
        """List only the suggestions that fit; the state is that of `items`."""
        self.filter = filter_
        await self.items.load()

    async def show_item(self, item_id: str) -> ItemOut:
        """Look at one suggestion closely; raises `ApiError`."""
        assert self.plan is not None
        self.item = self.items.get(item_id) or self.item
        self.item = await self.api.file_organizer.get_item(self.plan["id"], item_id)
        return self.item

    def close_item(self) -> None:
        """Look at no suggestion closely."""
        self.item = None

    async def load_summary(self) -> PlanSummaryOut:
        """Count the open plan as it stands; raises `ApiError`."""
        assert self.plan is not None
        self.summary = await self.api.file_organizer.summarize_plan(self.plan["id"])
        return self.summary

    async def load_preview(self) -> PlanPreviewOut:
        """Ask what carrying out would do now: new folders, conflicts, space; changes nothing; raises `ApiError`."""
        assert self.plan is not None
        self.preview = await self.api.file_organizer.preview_plan(self.plan["id"])
        return self.preview

    async def load_tree(self, *, before: bool = False) -> None:
        """List the folders that files go to, or come from; the state is that of `tree` or `tree_before`."""
        await (self.tree_before if before else self.tree).refresh()

    # ------------------------------------------------------------------ carrying out

    async def execute(self, *, skip_changed: bool = False) -> None:
        """Carry out what was accepted; `executing` follows it, then `run` tells the result; raises `ApiError`."""
        assert self.plan is not None
        started = await self.api.file_organizer.execute(self.plan["id"], {"skip_changed": skip_changed})
        self.run, self.problems = None, ()
        self.executing = JobProgress(started["job_id"], started["state"])
        self._take({**self.plan, "state": "executing"})
        self.executing.take(await self.api.jobs.get_job(started["job_id"]))
        if not self.executing.live:
            await self._read_open()

    async def cancel_execution(self) -> None:
        """Stop carrying out; what was done stays done and can be taken back; raises `ApiError`."""
        await self._cancel(self.executing)

    async def load_result(self) -> None:
        """Read what the open plan's execution did, and why things were not done; raises `ApiError`."""
        if self.plan is None or self.plan["run_id"] is None:
            return
        self.run = await self.api.file_organizer.get_run(self.plan["run_id"])
        if self.run["failed"] or self.run["skipped"]:
            self.problems = tuple((await self.api.file_organizer.list_problems(self.run["id"]))["items"])

    async def undo_execution(self, *, keep_both: bool = False) -> JobProgress:
        """Put everything of the open plan's execution back; returns what follows it; raises `ApiError`."""
        assert self.plan is not None
        assert self.plan["run_id"] is not None
        started = await self.api.file_organizer.undo_run(self.plan["run_id"], {"keep_both": keep_both})
        self.executing = JobProgress(started["job_id"], started["state"])
        self.executing.take(await self.api.jobs.get_job(started["job_id"]))
        return self.executing

    # ------------------------------------------------------------------ events

    def on_event(self, event: Event) -> None:
        """Follow the jobs of the open plan, and read anew what changed."""
        name, payload = event["name"], event["payload"]
        for progress in (self.scanning, self.executing):
            if progress is not None and is_job_event(event, progress.job_id):
                progress.hear(event)
                if not progress.live:
                    self._read_soon()
        if name in ("jobs.failed", "jobs.cancelled"):
            if any(one["job_id"] == payload.get("job_id") for one in self.plans.items):
                self.reload_soon()  # a scan that was stopped leaves no plan to wait for
            return
        if not name.startswith("file_organizer."):
            return
        mine = self.plan is not None and payload.get("plan_id") == self.plan["id"]
        if name == "file_organizer.scan_progressed":
            if mine:
                self.files_seen = int(payload.get("files_seen") or 0)
        elif name == "file_organizer.plan_changed":
            if mine:
                self._read_soon()
        elif name in ("file_organizer.plan_ready", "file_organizer.plan_executed", "file_organizer.run_undone"):
            self.reload_soon()
            if mine and self.state == "idle":
                self._read_soon()

    # ------------------------------------------------------------------ inside

    async def _read_open(self) -> None:
        """Read the open plan and what is shown of it again; decisions on their way are waited for."""
        if self.plan is None:
            return
        if self._deciding:
            self._stale = True
            return
        plan_id = self.plan["id"]
        plan = await self.api.file_organizer.get_plan(plan_id)
        if self.plan is None or self.plan["id"] != plan_id:
            return
        self._take(plan)
        await self._read_work(plan)
        if plan["state"] == "building":
            return
        await self.load_summary()  # first: a list whose counts are not known would seem to be decided
        await self.items.refresh()
        for tree in (self.tree, self.tree_before):
            if tree.loaded:
                await tree.refresh()
        if plan["run_id"] is not None:
            await self.load_result()

    async def _read_work(self, plan: PlanOut) -> None:
        """Follow the job that works on the plan now."""
        if plan["job_id"] and plan["state"] in ("building", "executing", "failed"):
            which = "executing" if plan["state"] == "executing" else "scanning"
            progress: JobProgress | None = getattr(self, which)
            if progress is None or (which == "scanning" and progress.job_id != plan["job_id"]):
                progress = JobProgress(plan["job_id"])
                setattr(self, which, progress)
        for following in (self.scanning, self.executing):
            if following is not None and following.live:
                following.take(await self.api.jobs.get_job(following.job_id))

    def _take(self, plan: PlanOut) -> None:
        self.plan = plan
        if self.plans.get(plan["id"]) is not None:
            self.plans.insert(plan)

    def _forget_open(self) -> None:
        self.plan, self.item, self.summary, self.preview = None, None, None, None
        self.scanning, self.executing, self.run, self.problems, self.files_seen = None, None, None, (), 0
        self.filter = ItemFilter()
        for one in (self.items, self.tree, self.tree_before):
            one.reset()

    async def _cancel(self, progress: JobProgress | None) -> None:
        if progress is None or not progress.live:
            return
        before, progress.state = progress.state, "cancelling"
        try:
            progress.take(await self.api.jobs.cancel_job(progress.job_id))
        except ApiError:
            if progress.state == "cancelling":
                progress.state = before
            raise

    async def _plans(self, cursor: str | None, limit: int) -> Any:
        return await self.api.file_organizer.list_plans(cursor=cursor, limit=limit)

    async def _items(self, cursor: str | None, limit: int) -> Any:
        if self.plan is None:
            return {"items": []}
        query = cast("Any", self.filter.query())
        return await self.api.file_organizer.list_items(self.plan["id"], cursor=cursor, limit=limit, **query)

    async def _tree(self, cursor: str | None, limit: int) -> Any:
        return await self._folders(cursor, limit, "after")

    async def _tree_before(self, cursor: str | None, limit: int) -> Any:
        return await self._folders(cursor, limit, "before")

    async def _folders(self, cursor: str | None, limit: int, side: Any) -> Any:
        if self.plan is None:
            return {"items": []}
        return await self.api.file_organizer.show_tree(self.plan["id"], cursor=cursor, limit=limit, side=side)

    def reset(self) -> None:
        """Forget every plan."""
        super().reset()
        self.plans.reset()
        self._forget_open()


__all__ = ["FileOrganizerProvider", "ItemFilter", "VolumePath"]
