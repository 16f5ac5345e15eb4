"""The long-lived watcher: sees that something happened in a watched folder, waits until it is quiet, asks for work.

It runs in a process of its own (`ModuleSpec.resident`), decides nothing and moves nothing: the work is a job, which is
done once however often this process is killed. At its start it asks for a look at every folder, which makes up for
whatever happened while it was away.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import select, update

from backend.file_organizer.events import WatchingChanged
from backend.file_organizer.jobs_watching import SendDigestArgs, TendFolderArgs
from backend.file_organizer.mounts import mount_of, read_mounts
from backend.file_organizer.organizer import Organizer
from backend.file_organizer.watching.digest import digest_due
from backend.file_organizer.watching.eyes import Eyes, tree_mark
from backend.file_organizer.watching.models import WatchedFolder, WatchSight
from backend.sdk.actor import Actor
from backend.sdk.files import AllowedRoot, decode_path
from backend.sdk.jobs import JobState
from backend.sdk.module import ModuleContext

TICK = 1.0
"""Seconds between two looks at what is watched and at the drives."""
CHECK_EVERY = 60.0
"""Seconds between two looks at a tree that has no events."""
LONGEST_WAIT = 20
"""So many settle times after the first event a folder is tended although something happens in it all the time."""
_EVENTLESS = ("network", "cloud")
_LIMIT_TEXT = "Linux watches no more folders for this user, so some folders are only looked at once a minute."
_LIMIT_REMEDY = (
    "Raise the limit: echo fs.inotify.max_user_watches=524288 | sudo tee /etc/sysctl.d/60-homie.conf && "
    "sudo sysctl --system"
)


class WatchedRow(NamedTuple):
    """What the watcher needs to know of a watched folder; fields as in `WatchedFolder`."""

    owner_id: str
    id: str
    volume_id: str
    path: str
    settle_seconds: int
    paused: bool
    sight: str
    due_at: Any


@dataclass(slots=True)
class _Attention:
    """When a folder is to be tended (monotonic seconds): `due`, at the latest `latest`."""

    due: float
    latest: float


class Watcher:
    """Look after all watched folders of the installation. `tick` does one round, so that tests need no threads."""

    def __init__(self, ctx: ModuleContext, organizer: Organizer | None = None) -> None:
        self._ctx = ctx
        self._organizer = organizer or Organizer(ctx)
        self.eyes = Eyes()
        self._waiting: dict[str, _Attention] = {}
        self._marks: dict[str, tuple[float, bytes | None]] = {}
        self._rows: dict[str, WatchedRow] = {}
        self._asked_for: dict[str, Any] = {}
        self._digest_looked = 0.0

    def run(self, stopping: Callable[[], bool]) -> None:
        """Watch until told to stop; what one round runs into must not end the watching."""
        try:
            while not stopping():
                try:
                    self.tick(TICK)
                except Exception:
                    self._ctx.log.exception("watched folders could not be looked at; trying again")
                    time.sleep(TICK)
        finally:
            self.eyes.close()
            self._organizer.close()

    def tick(self, seconds: float) -> None:
        """Follow what is to be watched, wait for events, ask for the work that is due."""
        self._follow_rows()
        now = time.monotonic()
        wait = min([seconds, *(max(0.0, one.due - now) for one in self._waiting.values())])
        for key in self.eyes.look(wait):
            self._touched(key)
        self._check_eventless()
        self._ask_for_work()
        self._send_digests()

    # ------------------------------------------------------------------ what is watched

    def _follow_rows(self) -> None:
        rows = {row.id: row for row in self._ctx.db.unscoped("which folders are watched", _read_rows)}
        for key in [key for key in self.eyes.trees if key not in rows or rows[key].paused]:
            self._let_go(key)
        mounts = read_mounts()
        limited = False
        for key, row in rows.items():
            if not row.paused:
                sight = self._follow(row, mounts)
                limited = limited or sight is WatchSight.LIMIT
                if sight.value != row.sight:
                    self._ctx.db.write(Actor.of(row.owner_id), _store_sight, key, sight)
            before = self._rows.get(key)
            changed = before is not None and before.paused != row.paused
            if changed and not row.paused:
                self._attend(row, 0.0)
        self._rows = rows
        write_notes(self._ctx, [(_LIMIT_TEXT, _LIMIT_REMEDY)] if limited else [])

    def _follow(self, row: WatchedRow, mounts: Sequence[Any]) -> WatchSight:
        """Watch one folder if its drive is here; returns how well it is seen."""
        root = self._organizer.roots.for_actor(Actor.of(row.owner_id)).root(row.volume_id)
        if root is None or not root.online:
            self._let_go(row.id)
            return WatchSight.AWAY
        path = _full(root, row.path)
        tree = self.eyes.trees.get(row.id)
        if tree is not None and (tree.lost or tree.path != path):
            self._let_go(row.id)
            tree = None
        if not os.path.isdir(path):
            self._let_go(row.id)
            return WatchSight.GONE
        if tree is None:
            mount = mount_of(os.path.realpath(path), list(mounts))
            tree = self.eyes.add(row.id, path, events=mount is None or mount.kind not in _EVENTLESS)
            self._attend(row, 0.0)  # what happened while nobody watched
        if tree.sees:
            return WatchSight.WATCHING
        return WatchSight.LIMIT if tree.limited else WatchSight.CHECKING

    def _let_go(self, key: str) -> None:
        self.eyes.remove(key)
        self._waiting.pop(key, None)
        self._marks.pop(key, None)

    # ------------------------------------------------------------------ when to work

    def _touched(self, key: str) -> None:
        row = self._rows.get(key)
        if row is not None:
            self._attend(row, float(row.settle_seconds))

    def _attend(self, row: WatchedRow, wait: float) -> None:
        """Have the folder tended after `wait` quiet seconds."""
        now = time.monotonic()
        known = self._waiting.get(row.id)
        latest = known.latest if known is not None else now + max(wait, 1.0) * LONGEST_WAIT
        self._waiting[row.id] = _Attention(min(now + wait, latest), latest)

    def _check_eventless(self) -> None:
        """Look at the trees that have no events, each once in a while."""
        now = time.monotonic()
        for key, tree in self.eyes.trees.items():
            if tree.sees:
                continue
            looked, mark = self._marks.get(key, (float("-inf"), None))
            if now - looked < CHECK_EVERY:
                continue
            fresh = tree_mark(tree.path)
            self._marks[key] = (now, fresh)
            if fresh is not None and fresh != mark:
                self._touched(key)

    def _ask_for_work(self) -> None:
        now, clock = time.monotonic(), self._ctx.clock.now()
        for key, row in self._rows.items():
            if row.paused or key not in self.eyes.trees:
                continue
            attention = self._waiting.get(key)
            due = attention is not None and attention.due <= now
            grown_old = row.due_at is not None and row.due_at <= clock and self._asked_for.get(key) != row.due_at
            if not due and not grown_old:
                continue
            job = self._ctx.jobs.enqueue(
                Actor.of(row.owner_id),
                "file_organizer.tend_folder",
                TendFolderArgs(watched_id=key),
                dedupe=f"tend-{key}",
            )
            if job.state == JobState.QUEUED:
                self._waiting.pop(key, None)
                if grown_old:
                    self._asked_for[key] = row.due_at
            else:
                # One is running that may have looked already: another has to follow it.
                self._waiting[key] = _Attention(now + TICK, now + TICK)

    def _send_digests(self) -> None:
        """Once a minute, ask for the digests whose hour has come."""
        now = time.monotonic()
        if now - self._digest_looked < CHECK_EVERY and self._digest_looked:
            return
        self._digest_looked = now
        for owner_id in sorted({row.owner_id for row in self._rows.values()}):
            actor = Actor.of(owner_id)
            day = digest_due(self._ctx.db, actor, self._organizer.settings.get(actor), self._ctx.clock.now())
            if day is not None:
                self._ctx.jobs.enqueue(
                    actor, "file_organizer.send_digest", SendDigestArgs(day=day), dedupe=f"digest-{owner_id}-{day}"
                )


def run(ctx: ModuleContext, stopping: Callable[[], bool]) -> None:
    """Be the module's resident: what `ModuleSpec.resident` names."""
    Watcher(ctx).run(stopping)


def write_notes(ctx: ModuleContext, problems: Sequence[tuple[str, str]]) -> None:
    """Leave a note for `homie doctor`: what does not work as it should, each with its remedy."""
    path = ctx.data_dir / "resident.json"
    text = json.dumps([{"says": says, "remedy": remedy} for says, remedy in problems])
    with suppress(OSError):
        if problems and (not path.exists() or path.read_text("utf-8") != text):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        elif not problems:
            path.unlink(missing_ok=True)


def _full(root: AllowedRoot, text: str) -> str:
    return os.path.join(root.path, decode_path(text)) if text else root.path


def _read_rows(session: Any) -> list[WatchedRow]:
    columns = [getattr(WatchedFolder, name) for name in WatchedRow._fields]
    return [WatchedRow(*row) for row in session.execute(select(*columns))]


def _store_sight(session: Any, watched_id: str, sight: WatchSight) -> None:
    owner = session.actor.owner_id
    session.execute(update(WatchedFolder).where(WatchedFolder.id == watched_id).values(sight=sight.value))
    session.emit(WatchingChanged(owner_id=owner, watched_id=watched_id))
