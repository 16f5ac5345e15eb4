"""What core itself has for Home: backups, jobs, and what of the set-up is unfinished."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from backend.core.backup.models import BackupRun
from backend.core.jobs.models import Job
from backend.core.jobs.store import ACTIVE
from backend.sdk.actor import Actor
from backend.sdk.db import OwnedSession, UnscopedSession
from backend.sdk.jobs import JobState
from backend.sdk.overview import AttentionItem

if TYPE_CHECKING:
    from backend.core.platform import Platform

FAILED_JOBS_FOR = timedelta(days=7)
BACKUP_OVERDUE = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class JobCounts:
    """How many jobs of somebody are going on, wait, and failed lately."""

    running: int = 0
    waiting: int = 0
    failed: int = 0
    failed_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class BackupAge:
    """When everything was backed up last and when a backup was last proven good; None if never."""

    last_backup: datetime | None = None
    last_verified: datetime | None = None
    failing: bool = False


class OwnMatters:
    """Answer for core."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def jobs(self, actor: Actor) -> JobCounts:
        """Count the actor's jobs."""
        since = self._platform.clock.now() - FAILED_JOBS_FOR
        return self._platform.jobs_db.read(actor, _count_jobs, since)

    def backups(self) -> BackupAge:
        """Tell how old the backups are; from the history of runs, without looking at the backup drive."""
        return self._platform.core_db.unscoped("home: age of the backups", _backup_age)

    def attention(self, actor: Actor, jobs: JobCounts, backups: BackupAge) -> list[AttentionItem]:
        """Return what core wants a person to look at."""
        found = [*self._job_items(jobs), *self._setup_items(actor)]
        return [*(self._backup_items(backups) if actor.is_admin else ()), *found]

    def _backup_items(self, age: BackupAge) -> Iterator[AttentionItem]:
        now = self._platform.clock.now()
        if age.failing:
            yield AttentionItem("core.backup_failed", "The last backup did not succeed.", "/backups", severity="error")
        elif age.last_backup is None:
            yield AttentionItem("core.no_backup", "There is no backup yet.", "/backups", severity="warning")
        elif now - (age.last_verified or age.last_backup) > BACKUP_OVERDUE:
            yield AttentionItem(
                "core.backup_overdue",
                "The last backup is too old.",
                "/backups",
                severity="warning",
                since=age.last_verified or age.last_backup,
            )

    @staticmethod
    def _job_items(jobs: JobCounts) -> Iterator[AttentionItem]:
        if jobs.failed:
            yield AttentionItem(
                "core.jobs_failed",
                "Work that did not succeed: {count}",
                "/activity?state=failed",
                params={"count": jobs.failed},
                count=jobs.failed,
                severity="error",
                since=jobs.failed_since,
            )
        if jobs.running:
            yield AttentionItem(
                "core.jobs_running",
                "Work going on: {count}",
                "/activity",
                params={"count": jobs.running},
                count=jobs.running,
            )

    def _setup_items(self, actor: Actor) -> Iterator[AttentionItem]:
        accounts = self._platform.accounts
        if not accounts.roots.for_actor(actor).roots:
            text = "Choose the folders that Homie may look after."
            if not actor.is_admin:
                text = "Ask an administrator to open a folder for you."
            yield AttentionItem("core.no_folders", text, "/folders", severity="warning")
        if actor.is_admin and not accounts.second_factors.show(actor.user_id).on:
            text = "Protect your account with a second factor."
            yield AttentionItem("core.second_factor_off", text, "/account/second-factor")


def _count_jobs(session: OwnedSession, since: datetime) -> JobCounts:
    failed = (JobState.FAILED.value, JobState.CANCELLED.value)
    live = {
        state: int(count)
        for state, count in session.execute(
            select(Job.state, func.count(Job.id)).where(Job.state.not_in((*failed, "done"))).group_by(Job.state)
        )
    }
    lately = (Job.state == JobState.FAILED.value, Job.finished_at > since)
    count, first = session.execute(select(func.count(Job.id), func.min(Job.finished_at)).where(*lately)).one()
    running = sum(live.get(state, 0) for state in ACTIVE)
    return JobCounts(running, live.get(JobState.QUEUED.value, 0), int(count), first)


def _backup_age(session: UnscopedSession) -> BackupAge:
    ages = session.execute(
        select(BackupRun.action, func.max(BackupRun.finished_at))
        .where(BackupRun.ok, BackupRun.action.in_(("backup", "verify")))
        .group_by(BackupRun.action)
    )
    newest = {row[0]: row[1] for row in ages}
    last = session.execute(
        select(BackupRun.ok)
        .where(BackupRun.action.in_(("backup", "verify")))
        .order_by(BackupRun.finished_at.desc(), BackupRun.id.desc())
        .limit(1)
    ).scalar()
    return BackupAge(newest.get("backup"), newest.get("verify"), last is False)
