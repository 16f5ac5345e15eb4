"""Put Home together: core's own matters, and what each module that runs has to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend.core.home.asking import ModuleAsker
from backend.core.home.own_matters import OwnMatters
from backend.core.home.schemas import AttentionOut, HomeBackupOut, HomeJobsOut, HomeOut, ModuleCardOut
from backend.sdk.actor import Actor
from backend.sdk.module import ModuleApp, ModuleState
from backend.sdk.overview import AttentionItem, ModuleSummary

if TYPE_CHECKING:
    from backend.core.platform import Platform

CORE = "core"
_URGENCY = {"error": 0, "warning": 1, "success": 2, "info": 3}
CORE_EVENTS = (
    "accounts.access_changed",
    "accounts.roots_changed",
    "jobs.cancelled",
    "jobs.failed",
    "jobs.finished",
    "jobs.queued",
    "jobs.started",
    "modules.changed",
    "notifications.changed",
)
_BROKEN = (ModuleState.SETUP_ERROR, ModuleState.MIGRATION_ERROR, ModuleState.FAILED_STOP, ModuleState.RETRYING)


@dataclass(frozen=True, slots=True)
class _Said:
    attention: Sequence[AttentionItem]
    summary: ModuleSummary


class HomeOverview:
    """Answer `GET /home` for one person."""

    def __init__(self, platform: Platform, asker: ModuleAsker) -> None:
        self._platform = platform
        self._asker = asker
        self._own = OwnMatters(platform)
        named = {name for spec in platform.apps.specs() for name in spec.home_events}
        self._refresh_on = sorted({*CORE_EVENTS, *named})

    def show(self, actor: Actor) -> HomeOut:
        """Return what needs the person, and a card per module."""
        answers = self._asker.ask_all("home", lambda app: _said(app, actor))
        jobs, backups = self._own.jobs(actor), self._own.backups()
        items = [AttentionOut.of(CORE, item) for item in self._own.attention(actor, jobs, backups)]
        cards: list[ModuleCardOut] = []
        for answer in answers:
            status, said = answer.status, answer.value
            if status.state is ModuleState.DISABLED:
                continue
            cards.append(ModuleCardOut.of(status, said.summary if said else None))
            items += [AttentionOut.of(status.id, item) for item in (said.attention if said else ())]
            if status.state in _BROKEN and actor.is_admin:
                params = {"title": status.title, "reason": status.reason}
                broken = AttentionItem(
                    "core.module_failed",
                    "{title} does not work: {reason}",
                    f"/modules/{status.id}",
                    params=params,
                    severity="error",
                    since=status.since,
                )
                items.append(AttentionOut.of(CORE, broken))
        items.sort(key=lambda item: _URGENCY[item.severity])
        return HomeOut(
            attention=items,
            modules=cards,
            jobs=HomeJobsOut.model_validate(jobs),
            backup=HomeBackupOut.model_validate(backups),
            unread=self._platform.notifications.unread(actor),
            refresh_on=self._refresh_on,
        )


def _said(app: ModuleApp, actor: Actor) -> _Said:
    return _Said(app.attention(actor), app.summary(actor))
