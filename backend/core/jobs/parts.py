"""Put the parts of the job engine together, the same way in every process.

parts = JobParts.open(settings, clock, specs, core_handlers)   any role; `parts.service` is what modules are handed
parts.connect(bus)                                             worker, cli: events go to the web process
front = parts.serve(bus, reload_all); front.stop()             web only: workers, and their events onto the bus
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from backend.core.event_bus import EventBus
from backend.core.jobs.carrier import Doorbell
from backend.core.jobs.channel import SOCKET_NAME, BufferedSender, EventReceiver, EventSender
from backend.core.jobs.database import open_jobs_database
from backend.core.jobs.handlers import HandlerRegistry
from backend.core.jobs.service import JobService
from backend.core.jobs.store import JobStore
from backend.core.jobs.supervisor import Supervisor, WorkerPlan
from backend.core.settings import HomieSettings
from backend.sdk.clock import Clock
from backend.sdk.db import Database
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.jobs import JobHandler
from backend.sdk.module import ModuleSpec

if TYPE_CHECKING:
    from backend.core.jobs.celery_carrier import CeleryCarrier


class JobFront:
    """Be what the web process runs for jobs: workers, and the ear for their events."""

    def __init__(
        self, supervisor: Supervisor, receivers: Sequence[Any], keep_place: Callable[[], None] = lambda: None
    ) -> None:
        self.supervisor = supervisor
        self._receivers = receivers
        self._keep_place = keep_place

    def start(self) -> None:
        """Listen first, then start the workers, so that no event finds a closed door."""
        for receiver in self._receivers:
            receiver.start()
        self.supervisor.start()

    def stop(self) -> None:
        """Stop the workers (they put their jobs back), then stop listening."""
        self.supervisor.stop()
        for receiver in self._receivers:
            receiver.stop()

    def keep_place(self) -> None:
        """Remember that clients were told of everything that was heard; call it when that is so, after `stop`."""
        self._keep_place()


@dataclass(slots=True)
class JobParts:
    """Hold the job engine of one process. Register handlers of core with `registry.register`."""

    settings: HomieSettings
    clock: Clock
    db: Database
    store: JobStore
    service: JobService
    registry: HandlerRegistry
    carrier: Doorbell | CeleryCarrier

    @classmethod
    def open(
        cls,
        settings: HomieSettings,
        clock: Clock,
        specs: Iterable[ModuleSpec] = (),
        core: Iterable[JobHandler[Any]] = (),
        *,
        db: Database | None = None,
    ) -> JobParts:
        """Open the job table (its schema must be current before it is used) and everything that stands on it."""
        db = db or open_jobs_database(settings.database_target("jobs"))
        options = settings.jobs
        store = JobStore(db, clock, lease_seconds=options.lease_seconds, per_owner=options.per_owner)
        registry = HandlerRegistry(specs, core)
        carrier = _carrier(settings, clock)
        service = JobService(db, clock, carrier=carrier, find_handler=registry.find)
        return cls(settings, clock, db, store, service, registry, carrier)

    def connect(self, bus: EventBus) -> Callable[[], None]:
        """Send everything that this process publishes to the web process; returns what flushes and ends it.

        By the socket where a server of this data folder listens, else (another machine) by Redis if that is set.
        """
        sender: BufferedSender
        if self.settings.redis and not (self.settings.run_dir / SOCKET_NAME).exists():
            from backend.core.jobs.redis_channel import RedisEventSender

            sender = RedisEventSender(self.settings.redis)
        else:
            sender = EventSender(self.settings.run_dir)
        remove = bus.add_sink(sender.send)

        def end() -> None:
            remove()
            sender.close()

        return end

    def serve(self, bus: EventBus, reload_all: Callable[[], None]) -> JobFront:
        """Return the web process' part, not started yet. `reload_all` is called when events of workers were lost."""
        settings = self.settings
        supervisor, here = self.supervisor(on_lost=reload_all), EventReceiver(settings.run_dir, bus.accept, reload_all)
        if not settings.redis:
            return JobFront(supervisor, [here])
        from backend.core.jobs.redis_channel import RedisEventReceiver

        place = settings.run_dir / "event-place"
        elsewhere = RedisEventReceiver(settings.redis, bus.accept, reload_all, place)
        return JobFront(supervisor, [here, elsewhere], elsewhere.keep_place)

    def supervisor(
        self,
        *,
        count: int | None = None,
        module: str = "backend.core.jobs.worker",
        group: str = "",
        modules: Sequence[str] | None = None,
        on_lost: Callable[[], None] = lambda: None,
    ) -> Supervisor:
        """Return a supervisor of `count` workers (the settings' number if None), not started yet.

        `module` is what each worker process runs; `group` must differ from other supervisors' here;
        `modules` say whose work it does (the chosen ones if None);
        `on_lost` is called when jobs were taken back from vanished workers.
        """
        environment = {"HOMIE_DATA_DIR": str(self.settings.data_dir)}
        if self.settings.redis:
            environment["HOMIE_REDIS_URL"] = self.settings.redis
        options = self.settings.jobs
        plan = WorkerPlan(
            run_dir=self.settings.run_dir,
            count=self._count() if count is None else count,
            nice=options.nice,
            memory_mb=options.memory_mb,
            stop_seconds=options.stop_seconds,
            modules=tuple(self._modules(module) if modules is None else modules),
            env=environment,
            keep=timedelta(days=options.keep_days),
            module=module,
            group=group,
        )
        bell = Doorbell(self.settings.run_dir)
        carrier = self.carrier
        carry_again = None if isinstance(carrier, Doorbell) else carrier.carry_unheard
        return Supervisor(self.store, plan, self.clock, ring=bell.ring, carry_again=carry_again, on_lost=on_lost)

    def _modules(self, module: str) -> Sequence[str]:
        """Return whose jobs workers take: the chosen modules' and core's; Celery must have them by name."""
        chosen = self.settings.modules
        if chosen is None and not module.endswith("celery_worker"):
            return ()
        return sorted({*(chosen if chosen is not None else self.registry.modules()), *self.registry.core_modules()})

    def _count(self) -> int:
        """Return how many embedded workers this process runs: none when Celery's do the work."""
        return 0 if self.settings.jobs.carrier == "celery" else self.settings.workers


def _carrier(settings: HomieSettings, clock: Clock) -> Doorbell | CeleryCarrier:
    if settings.jobs.carrier == "embedded":
        return Doorbell(settings.run_dir)
    check_celery(settings)
    from backend.core.jobs.celery_carrier import CeleryCarrier, celery_app

    assert settings.redis is not None
    return CeleryCarrier(celery_app(settings.redis), clock)


def check_celery(settings: HomieSettings) -> None:
    """Raise `InvalidInput` unless the settings let Celery workers work: Redis as carrier, PostgreSQL as the truth."""
    problems = []
    if settings.redis is None:
        problems.append(FieldProblem("HOMIE_REDIS_URL", "Celery needs Redis.", "Set it, like redis://host:6379/0."))
    if not str(settings.database_target("jobs")).startswith("postgresql"):
        problems.append(
            FieldProblem(
                "HOMIE_DB__JOBS",
                "Workers on other machines cannot share an SQLite file.",
                "Set it to a postgresql+psycopg:// URL.",
            )
        )
    if problems:
        raise InvalidInput("HOMIE_JOBS__CARRIER=celery needs more settings.", fields=problems)
