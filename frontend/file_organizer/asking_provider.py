"""Asking about files: what it would cost, why a file goes there, where else, and folders that are closed to an AI."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from frontend.api.generated.schemas import FolderRuleOut, PlanIn
from frontend.providers.base import Event, Provider
from frontend.providers.jobs_provider import JobProgress, is_job_event
from frontend.providers.paged import Paged

Rule = Literal["nothing", "names", "content"]
LOOK_AGAIN_SECONDS = 2.0
"""An event may be missed while the line is down: the job itself is asked then."""


@dataclass(eq=False)
class AskingProvider(Provider):
    """Hold the rules about folders, the estimate of a scan, and the answers to "why?" by item."""

    estimating: JobProgress | None = None
    whys: dict[str, dict[str, Any]] = field(default_factory=dict)
    rules: Paged[FolderRuleOut] = field(init=False)
    _followed: dict[str, JobProgress] = field(default_factory=dict, init=False, repr=False)
    _news: asyncio.Event = field(default_factory=asyncio.Event, init=False, repr=False)

    def __post_init__(self) -> None:
        """Make the list."""
        self.rules = Paged(source=self._rules)

    async def _rules(self, cursor: str | None, limit: int) -> Any:
        return await self.api.file_organizer.list_ai_folders(cursor=cursor, limit=limit)

    def reset(self) -> None:
        """Forget everything."""
        super().reset()
        self.rules.reset()

    # ------------------------------------------------------------------ folders

    async def set_rule(self, path: str, rule: Rule) -> None:
        """Set what an AI may be told about a folder; raises `ApiError`."""
        await self.api.file_organizer.put_ai_folder({"path": path, "rule": rule})
        await self.rules.refresh()

    async def drop_rule(self, rule_id: str) -> None:
        """Let the settings of the space count again for a folder; raises `ApiError`."""
        await self.api.file_organizer.delete_ai_folder(rule_id)
        await self.rules.refresh()

    # ------------------------------------------------------------------ work that takes a moment

    async def estimate(self, path: str, into: str | None, *, deep: bool, threshold: float | None) -> JobProgress:
        """Have looked what a scan with AI would ask; sends nothing; raises `ApiError`."""
        body: PlanIn = {"path": path, "into": into, "deep": deep, "threshold": threshold, "use_ai": True}
        started = await self.api.file_organizer.estimate_ai(body)
        self.estimating = await self._follow(started["job_id"])
        return self.estimating

    async def stop_estimate(self) -> None:
        """Stop looking; raises `ApiError`."""
        if self.estimating is not None and self.estimating.live:
            await self.api.jobs.cancel_job(self.estimating.job_id)

    async def why(self, plan_id: str, item_id: str, language: str) -> JobProgress:
        """Ask why a file should go there, and wait for the answer (in `whys`) in a language; raises `ApiError`."""
        spoken: Any = language
        started = await self.api.file_organizer.explain_item(plan_id, item_id, {"language": spoken})
        progress = await self._finished(started["job_id"])
        if progress.result is not None:
            self.whys = {**self.whys, item_id: dict(progress.result)}
        return progress

    async def other_ideas(self, plan_id: str, item_ids: Sequence[str]) -> dict[str, Any]:
        """Ask for other folders and wait; returns what was found by item id; raises `ApiError`."""
        started = await self.api.file_organizer.find_other_places(plan_id, {"item_ids": list(item_ids)})
        progress = await self._finished(started["job_id"])
        gone = set(item_ids)
        self.whys = {key: value for key, value in self.whys.items() if key not in gone}
        return dict(progress.result or {})

    async def _follow(self, job_id: str) -> JobProgress:
        progress = self._followed[job_id] = JobProgress(job_id)
        progress.take(await self.api.jobs.get_job(job_id))
        return progress

    async def _finished(self, job_id: str) -> JobProgress:
        """Wait for the end of a job."""
        progress = await self._follow(job_id)
        while progress.live:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), LOOK_AGAIN_SECONDS)
            except TimeoutError:
                progress.take(await self.api.jobs.get_job(job_id))
        self._followed.pop(job_id, None)
        return progress

    def on_event(self, event: Event) -> None:
        """Follow the work."""
        for job_id, progress in tuple(self._followed.items()):
            if is_job_event(event, job_id):
                progress.hear(event)
                self._news.set()

    async def reload(self) -> None:
        """Read anew, an estimate that goes on included."""
        if self.estimating is not None and self.estimating.live:
            self.estimating.take(await self.api.jobs.get_job(self.estimating.job_id))
        await super().reload()


def rule_of(text: str) -> Rule:
    """Return a rule from the text of a choice."""
    return cast("Rule", text)
