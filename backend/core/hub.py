"""The server process: a platform in the web role, with HTTP, sockets, events of workers, and the workers themselves."""

from __future__ import annotations

import fcntl
import json
import os
from urllib.parse import urlsplit

import structlog

from backend.core.accounts.setup import SetupState
from backend.core.core_api import core_api
from backend.core.dispatcher import Dispatcher
from backend.core.event_bus import SocketBridge
from backend.core.event_log import EventLog, MemoryEventLog, RedisEventLog
from backend.core.housekeeping import Housekeeping
from backend.core.idempotency import DatabaseIdempotencyStore
from backend.core.limits import Limits, MemoryLimits, RedisLimits
from backend.core.metrics import Metrics
from backend.core.module_events import ModuleSwitched, ResidentWanted
from backend.core.notifications.service import BackupWatch, make_news
from backend.core.platform import Platform
from backend.core.residents import Residents
from backend.core.server.discovery import Discovery
from backend.core.settings import HomieSettings
from backend.core.transfers.site import TransfersSite
from backend.core.web_server import WebServer
from backend.sdk.concurrency import spawn
from backend.sdk.errors import Unavailable
from backend.sdk.events import Event
from backend.sdk.http import HttpServices

log = structlog.get_logger("homie.hub")


class AlreadyRunning(Unavailable):
    """Another server works on this data directory."""

    code = "already_running"


class Hub:
    """Start the parts of the server in order, and end them in the reverse one."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        settings, clock = platform.settings, platform.clock
        self._lock = _take_lock(settings)
        self.limits, self.events = _limits_and_events(platform)
        self.metrics = Metrics()
        self.metrics.count_unscoped(platform.unscoped_counts)
        services = HttpServices(
            limiter=self.limits,
            idempotency=DatabaseIdempotencyStore(platform.core_db, clock),
            max_body_bytes=settings.max_body_bytes,
        )
        dispatcher = Dispatcher(
            settings,
            core_api(platform, self.events),
            platform.apps,
            platform.accounts,
            services,
            self.metrics,
            new_id=platform.new_id,
            needs_setup=lambda: platform.accounts.setup.state() is not SetupState.CLOSED,
            check=lambda: platform.core_db.unscoped("health", lambda session: None),
            version=platform.version,
            transfers=TransfersSite(platform.transfers),
        )
        self.web = WebServer(settings, dispatcher, metrics=self.metrics)
        self.clients = self.web.attach_clients(platform.accounts, self.events, self.limits, platform.apps.ensure)
        self.bridge = SocketBridge(self.events, self.web.emit)
        platform.bus.add_sink(self.bridge.send)
        platform.accounts.on_revoked(self.clients.revoke)
        platform.accounts.on_access_changed(self.clients.access_changed)
        platform.bus.on_remote = self._follow
        self.workers = platform.job_parts.serve(platform.bus, self.bridge.reload_all)
        self.residents = Residents(platform)
        platform.bus.subscribe(ResidentWanted, self.residents.hear)
        self.news = make_news(platform)
        self.discovery = Discovery(platform)
        self.housekeeping = Housekeeping.of(
            platform.core_db,
            clock,
            ai=platform.ai.purge,
            transfers=platform.transfers.sweep,
            notifications=platform.notifications.sweep,
            backups=BackupWatch(platform).look,
        )

    def start(self) -> str:
        """Start serving and working; return the address."""
        # A provider's library is imported before anybody waits for it: later it would hold up every client.
        self.platform.ai.warm_up()
        self.bridge.start()
        self.news.start()
        address = self.web.start()
        self.platform.port = urlsplit(address).port
        self.workers.start()
        self.residents.start()
        self.platform.backup.start(self.events)
        self.housekeeping.start()
        self.discovery.start()
        ready = {"address": address, "pid": os.getpid(), "version": self.platform.version}
        path = self.platform.settings.run_dir / "ready"
        path.write_text(json.dumps(ready), encoding="utf-8")
        return address

    def stop(self) -> None:
        """End in order: no new work, requests in flight finish, workers reach a checkpoint, databases close."""
        (self.platform.settings.run_dir / "ready").unlink(missing_ok=True)
        self.discovery.stop()
        self.housekeeping.stop()
        self.platform.backup.stop()
        residents = spawn(self.residents.stop, name="stop-residents")
        workers = spawn(self.workers.stop, name="stop-workers")
        self.web.stop()
        workers.join(self.platform.settings.jobs.stop_seconds + 1.0)
        residents.join(self.platform.settings.jobs.stop_seconds + 1.0)
        self.news.stop()
        if self.bridge.stop():
            self.workers.keep_place()
        self.platform.transfers.close()
        self.platform.close()
        os.close(self._lock)

    def _follow(self, event: Event) -> None:
        """Hear what happened in another process: caches, sockets and modules here must follow."""
        payload = dict(event.payload())
        if event.name == ModuleSwitched.name:
            spawn(self.platform.apps.follow, str(payload.get("module_id", "")), name="follow-module")
        elif event.name == ResidentWanted.name:
            self.residents.follow(str(payload.get("module_id", "")))
        else:
            self.platform.accounts.note_remote(event.name, payload)


def _limits_and_events(platform: Platform) -> tuple[Limits, EventLog]:
    settings, clock = platform.settings, platform.clock
    if settings.redis is None:
        return MemoryLimits(clock), MemoryEventLog(
            clock, most=settings.events_kept, seconds=settings.events_kept_seconds
        )
    import redis

    # These calls are short; pub/sub, which must never time out, has its own connection inside Socket.IO.
    client = redis.Redis.from_url(settings.redis, socket_timeout=2.0, socket_connect_timeout=2.0)
    return RedisLimits(client, clock), RedisEventLog(
        client, most=settings.events_kept, seconds=settings.events_kept_seconds
    )


def _take_lock(settings: HomieSettings) -> int:
    """Hold `run/hub.lock` for the life of the process, so that two servers never share sockets and workers."""
    fd = os.open(settings.run_dir / "hub.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        raise AlreadyRunning(
            f"Homie is already running on {settings.data_dir}. Stop it first, or set another HOMIE_DATA_DIR."
        ) from None
    return fd
