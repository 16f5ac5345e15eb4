"""From events to news: hears what is committed in this process and in workers, and keeps what is news for people."""

from __future__ import annotations

import queue
from collections.abc import Callable

import structlog

from backend.core.module_events import HOUSEHOLD
from backend.core.notifications.rules import KnownRule, NoticeRules
from backend.core.notifications.store import News, NotificationStore
from backend.sdk.concurrency import Task, hub_caller, spawn
from backend.sdk.events import Event
from backend.sdk.overview import render, used_params

log = structlog.get_logger("homie.notifications")

MOST_WAITING = 5000


class NotificationCenter:
    """Turn events into news, one after the other, in the web process.

    News about the whole hub (owner `system`) go to the private space of each administrator; `admins` names these.
    """

    def __init__(self, store: NotificationStore, rules: NoticeRules, admins: Callable[[], list[str]]) -> None:
        self._store = store
        self._rules = rules
        self._admins = admins
        self._queue: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._on_hub = hub_caller()
        self._pump: Task | None = None

    def start(self) -> None:
        """Begin to keep news."""
        self._pump = spawn(self._run, name="notifications")

    def stop(self) -> None:
        """Keep what waits, then end."""
        self._queue.put(None)
        if self._pump is not None:
            self._pump.join(2)

    def hear(self, event: Event) -> None:
        """Take an event in; cheap, callable from any thread. Subscribe it to every event of the bus."""
        if self._rules.concerns(event.name):
            self._on_hub(lambda: self._put(event))

    def take(self, event: Event) -> None:
        """Keep an event at once if it is news."""
        payload = event.payload()
        known = self._rules.find(event.name, payload)
        if known is None:
            return
        for owner in self._admins() if event.owner_id == HOUSEHOLD else [event.owner_id]:
            self._store.keep(owner, _news(known, event))

    def _put(self, event: Event) -> None:
        # A flood of events must not eat the memory; coalesced as they are, the rows lose nothing but counts.
        if self._queue.qsize() < MOST_WAITING:
            self._queue.put(event)

    def _run(self) -> None:
        while (event := self._queue.get()) is not None:
            try:
                self.take(event)
            except Exception:
                log.exception("news could not be kept", event_name=event.name)


def _news(known: KnownRule, event: Event) -> News:
    rule, payload = known.rule, event.payload()
    params = {
        name: value[:500] if isinstance(value, str) else value
        for name, value in used_params(rule.template, rule.route, payload).items()
    }
    return News(
        kind=rule.kind,
        subject=str(payload.get(rule.subject) or "")[:120] if rule.subject else "",
        module=known.module,
        severity=rule.severity,
        template=rule.template,
        params=params,
        route=render(rule.route, params)[:300],
        event_id=event.event_id,
    )
