"""Registration, start and stop on demand, and health of modules. One module's failure never reaches core.

NOT_LOADED -> MIGRATING -> STARTING -> RUNNING -> STOPPING -> NOT_LOADED
                  |            |                     `-> FAILED_STOP
                  |            |-> RETRYING (the module said "not yet", or the fault passes: again with back-off)
                  |            `-> SETUP_ERROR
                  `-> RETRYING | MIGRATION_ERROR                       DISABLED: an admin does not want it
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import structlog
from pydantic import BaseModel, ValidationError

from backend.core.module_faults import passing_fault
from backend.core.module_records import Discovered, ModuleRecord, ModuleStatus, ModuleStopped, ModuleStore
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.concurrency import run_blocking, spawn
from backend.sdk.errors import FieldProblem, HomieError, InvalidInput, NotFound, Unavailable
from backend.sdk.module import Health, ModuleApp, ModuleNotReady, ModuleSpec, ModuleState

if TYPE_CHECKING:
    from backend.sdk.db import Database

log = structlog.get_logger(__name__)

Statuses = list[ModuleStatus]
Specs = list[ModuleSpec]
Documents = list[tuple[str, dict[str, Any]]]

_WHY = {
    ModuleState.DISABLED: ("module_disabled", "{title} is switched off in this household."),
    ModuleState.NOT_LOADED: ("module_stopped", "{title} is stopped. An admin can start it again."),
    ModuleState.STOPPING: ("module_stopped", "{title} is just being stopped."),
    ModuleState.RETRYING: ("module_not_ready", "{title} waits for something it needs: {reason}"),
    ModuleState.SETUP_ERROR: ("module_failed", "{title} could not start: {reason}"),
    ModuleState.MIGRATION_ERROR: ("module_failed", "{title} could not open its data: {reason}"),
    ModuleState.FAILED_STOP: ("module_failed", "{title} did not stop cleanly: {reason}"),
}


_PASSING = (
    ModuleState.DISABLED,
    ModuleState.RETRYING,
    ModuleState.SETUP_ERROR,
    ModuleState.MIGRATION_ERROR,
    ModuleState.FAILED_STOP,
)
"""States of a wanted module in a worker that the next job finds out about anew: the data was restored, perhaps."""


class ModuleMaker(Protocol):
    """Make what a module needs (`SharedServices`)."""

    def open_database(self, spec: ModuleSpec) -> Database:
        """Open the module's database and bring it to the newest schema."""
        ...

    def load(self, spec: ModuleSpec) -> None:
        """Import the module's code; may take a second."""
        ...

    def make_app(self, spec: ModuleSpec, db: Database) -> tuple[ModuleApp, Callable[[], None]]:
        """Return the module's app with its context, and what takes back everything it was lent."""
        ...

    def settings_type(self, spec: ModuleSpec) -> type[BaseModel] | None:
        """Return the pydantic type of the module's settings."""
        ...


class AppManager:
    """Own every module of this process. `role` "web" starts them; workers and the command line only set them up."""

    def __init__(
        self,
        found: Iterable[Discovered],
        maker: ModuleMaker,
        store: ModuleStore,
        clock: Clock,
        *,
        role: str = "web",
        retry_seconds: Callable[[int], float] = lambda attempt: min(60.0, 2.0**attempt),
    ) -> None:
        self._maker = maker
        self._store = store
        self._clock = clock
        self._role = role
        self._retry_seconds = retry_seconds
        self._closing = False
        self._importing = threading.Lock()
        """Held while a module's code is imported: two native threads that declare classes at once wait for each other
        for ever, for under gevent the locks of importlib and SQLAlchemy belong to greenlets."""
        self.on_state: Callable[[ModuleStatus], None] | None = None
        """Told each new state of a module; must not block."""
        chosen = store.enabled()
        self._records = {item.id: self._record(item, chosen.get(item.id, True)) for item in found}

    def _record(self, item: Discovered, enabled: bool) -> ModuleRecord:
        record = ModuleRecord(id=item.id, spec=item.spec, since=self._clock.now(), enabled=enabled)
        if item.problem:
            record.state, record.reason, record.misfit = ModuleState.SETUP_ERROR, item.problem, True
        elif not enabled:
            record.state = ModuleState.DISABLED
        return record

    # ------------------------------------------------------------------ looking

    def specs(self) -> Specs:
        """Return the declarations of all modules that can be loaded here."""
        return [r.spec for r in self._records.values() if r.spec is not None]

    def list(self) -> Statuses:
        """Return every installed module with its state."""
        return [record.status() for record in self._records.values()]

    def status(self, module_id: str) -> ModuleStatus:
        """Return one module; raises `NotFound`."""
        return self._find(module_id).status()

    def knows(self, module_id: str) -> bool:
        """Tell whether such a module is installed here."""
        return module_id in self._records

    def documents(self) -> Documents:
        """Return the OpenAPI documents of the modules that run; asking for it starts those that may start."""
        from werkzeug.test import Client

        found = []
        for module_id in self._records:
            try:
                app = self.ensure(module_id)
            except ModuleStopped:
                continue
            # Outside the server modules are set up but not started, and have no mounted application.
            answer = Client(self._find(module_id).wsgi or app.wsgi_app()).get("/openapi.json")
            if answer.status_code == 200 and answer.is_json:
                found.append((module_id, answer.get_json()))
        return found

    def health(self, module_id: str) -> Health:
        """Return how a module is, in its own words while it runs."""
        record = self._find(module_id)
        if record.app is None or record.state is not ModuleState.RUNNING:
            idle = record.state in (ModuleState.NOT_LOADED, ModuleState.DISABLED)
            return Health(ok=idle, problems=() if idle else (record.reason,), facts={"state": record.state.value})
        try:
            return record.app.health()
        except Exception:
            log.exception("a module's health check failed", module=module_id)
            return Health(ok=False, problems=("Its health check failed. See the log.",))

    def loaded(self) -> Mapping[str, ModuleApp]:
        """Return the modules that are set up in this process."""
        for record in self._records.values():
            if record.state is ModuleState.RUNNING and _is_damaged(record):
                with record.lock, contextlib.suppress(ModuleStopped):
                    self.ensure(record.id)
        return {r.id: r.app for r in self._records.values() if r.app is not None}

    # ------------------------------------------------------------------ on demand

    def ensure(self, module_id: str) -> ModuleApp:
        """Return the module, started on first use; raises `ModuleStopped` with the reason when it cannot be used."""
        record = self._find(module_id)
        if self._role != "web":
            self._keep_up(record)
        if record.state is ModuleState.RUNNING and record.app is not None and not _is_damaged(record):
            return record.app
        with record.lock:
            if record.state is ModuleState.RUNNING and _is_damaged(record):
                self._give_up(record)
            may = not (record.held or record.kept_still or self._closing)
            if record.state is ModuleState.NOT_LOADED and may:
                self._start(record)
            if record.state is not ModuleState.RUNNING or record.app is None:
                raise self._stopped(record)
            return record.app

    def wsgi(self, module_id: str) -> Any:
        """Return the module's WSGI application, started on first use; raises `ModuleStopped`."""
        self.ensure(module_id)
        return self._find(module_id).wsgi

    def ask(self, name: str, actor: Actor, query: BaseModel) -> BaseModel:
        """Ask another module a named query ("documents.find"); raises `Unavailable` when nobody answers it."""
        module_id = name.partition(".")[0]
        if module_id not in self._records:
            raise Unavailable("The part of Homie that knows this is not installed.", code="module_missing")
        answer = self.ensure(module_id).queries().get(name)
        if answer is None:
            raise Unavailable("The part of Homie that knows this cannot answer.", code="query_unknown")
        return answer(actor, query)

    # ------------------------------------------------------------------ on purpose

    def start(self, module_id: str) -> ModuleStatus:
        """Start a module now, also after a failure; the outcome is in the returned state."""
        record = self._find(module_id)
        with record.lock:
            record.held = False
            if record.state is ModuleState.DISABLED:
                raise self._stopped(record)
            if record.spec is not None and record.state is not ModuleState.RUNNING:
                self._end(record)
                record.attempts = 0
                self._start(record)
            return record.status()

    def stop(self, module_id: str) -> ModuleStatus:
        """Stop a module; it stays stopped until it is started on purpose or the server restarts."""
        record = self._find(module_id)
        with record.lock:
            record.held = True
            if record.state is not ModuleState.DISABLED:
                self._end(record)
            return record.status()

    def enable(self, module_id: str) -> ModuleStatus:
        """Let the household use a module; it starts on first use."""
        record = self._find(module_id)
        with record.lock:
            self._store.set_enabled(module_id, True)
            record.enabled, record.held = True, False
            if record.state is ModuleState.DISABLED:
                self._set(record, ModuleState.NOT_LOADED)
            return record.status()

    def disable(self, module_id: str) -> ModuleStatus:
        """Switch a module off for everybody; its data stays."""
        record = self._find(module_id)
        with record.lock:
            self._store.set_enabled(module_id, False)
            record.enabled = False
            self._end(record)
            if record.state is not ModuleState.FAILED_STOP:
                self._set(record, ModuleState.DISABLED)
            return record.status()

    def follow(self, module_id: str) -> None:
        """Take over what an admin chose in another process: stop a module that was disabled, allow one again."""
        record = self._records.get(module_id)
        if record is None:
            return
        enabled = self._store.enabled().get(module_id, True)
        if enabled and not record.enabled:
            self.enable(module_id)
        elif not enabled and record.enabled:
            self.disable(module_id)

    def settings(self, module_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return a module's settings and their JSON schema."""
        kind = self._settings_type(module_id)
        if kind is None:
            return {}, {"type": "object", "properties": {}}
        stored = self._store.settings(module_id)
        return kind.model_validate(stored).model_dump(mode="json"), kind.model_json_schema()

    def set_settings(self, module_id: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Check and store settings; a running module is restarted to take them up. Raises `InvalidInput`."""
        kind = self._settings_type(module_id)
        if kind is None:
            raise InvalidInput(fields=[FieldProblem("body", "This module has no settings.", "Send nothing.")])
        try:
            checked = kind.model_validate(dict(values), extra="forbid").model_dump(mode="json")
        except ValidationError as error:
            raise InvalidInput(fields=_setting_problems(error)) from None
        self._store.set_settings(module_id, checked)
        record = self._find(module_id)
        with record.lock:
            if record.state is ModuleState.RUNNING:
                self._end(record)
                self._start(record)
        return checked

    @contextlib.contextmanager
    def kept_still(self, module_id: str) -> Iterator[None]:
        """Stop a module for the length of the block (a restore) and start it again if it ran; others go on."""
        record = self._find(module_id)
        with record.lock:
            ran = record.state in (ModuleState.RUNNING, ModuleState.RETRYING)
            record.kept_still = True
            self._end(record)
        try:
            yield
        finally:
            with record.lock:
                record.kept_still = False
                if ran and not self._closing:
                    self._start(record)

    def close(self) -> None:
        """Stop every module, for the end of the process."""
        self._closing = True
        for record in self._records.values():
            with record.lock:
                self._end(record)

    # ------------------------------------------------------------------ inside

    def _keep_up(self, record: ModuleRecord) -> None:
        """Follow what an admin chose in the server, and try again what failed: nobody tells a worker of either."""
        if record.misfit:
            return
        enabled, chosen_at = self._store.choice(record.id)
        with record.lock:
            changed, record.chosen_at = record.chosen_at != chosen_at, chosen_at
            if enabled is not record.enabled or (changed and record.state is ModuleState.RUNNING):
                record.enabled = enabled
                self._end(record)
            if not enabled:
                if record.state is not ModuleState.DISABLED:
                    self._set(record, ModuleState.DISABLED)
            elif record.state in _PASSING:
                self._set(record, ModuleState.NOT_LOADED)

    def _find(self, module_id: str) -> ModuleRecord:
        record = self._records.get(module_id)
        if record is None:
            raise NotFound("This module is not installed here.")
        return record

    def _settings_type(self, module_id: str) -> type[BaseModel] | None:
        record = self._find(module_id)
        return self._maker.settings_type(record.spec) if record.spec else None

    def _set(self, record: ModuleRecord, state: ModuleState, reason: str = "") -> None:
        record.state, record.reason, record.since = state, reason, self._clock.now()
        log.info("module state", module=record.id, state=state.value, reason=reason)
        if self.on_state is not None and not self._closing:
            self.on_state(record.status())

    def _start(self, record: ModuleRecord) -> None:
        assert record.spec is not None
        try:
            self._set(record, ModuleState.MIGRATING)
            with self._importing:
                record.db = run_blocking(self._maker.open_database, record.spec)
        except Exception as error:
            if isinstance(error, HomieError):  # its message says it all
                log.error("a module's database could not be opened", module=record.id, reason=error.message)
            else:
                log.exception("a module's database could not be opened", module=record.id)
            if waits_for := passing_fault(error):
                self._retry_later(record, waits_for)
            else:
                self._set(record, ModuleState.MIGRATION_ERROR, _reason(error))
            return
        try:
            self._set(record, ModuleState.STARTING)
            with self._importing:
                run_blocking(self._maker.load, record.spec)
            record.app, record.release = self._maker.make_app(record.spec, record.db)
            record.app.setup()
            if self._role == "web":
                record.app.start()
                record.wsgi = record.app.wsgi_app()
        except ModuleNotReady as error:
            self._undo(record)
            self._retry_later(record, str(error) or "something it needs is not there yet")
        except Exception as error:
            log.exception("a module could not start", module=record.id)
            self._undo(record)
            if waits_for := passing_fault(error):
                self._retry_later(record, waits_for)
            else:
                self._set(record, ModuleState.SETUP_ERROR, _reason(error))
        else:
            record.attempts = 0
            self._set(record, ModuleState.RUNNING)

    def _undo(self, record: ModuleRecord) -> None:
        """Take back a half-done start; what fails here is logged, the first error is the one that counts."""
        if record.app is not None:
            try:
                record.app.stop()
            except Exception:
                log.exception("a module did not clean up after a failed start", module=record.id)
        self._drop(record)

    def _drop(self, record: ModuleRecord) -> None:
        if record.release is not None:
            record.release()
        if record.db is not None:
            record.db.close()
        record.app = record.wsgi = record.db = record.release = None

    def _end(self, record: ModuleRecord) -> None:
        """Stop whatever is there: a running app, or a waiting retry."""
        if record.retry is not None:
            record.retry.set()
            record.retry = None
        if record.app is None:
            if record.state in (ModuleState.RETRYING, ModuleState.SETUP_ERROR, ModuleState.FAILED_STOP) and record.spec:
                self._set(record, ModuleState.NOT_LOADED)
            return
        self._set(record, ModuleState.STOPPING)
        problem = ""
        try:
            if self._role == "web":
                record.app.stop()
        except Exception as error:
            log.exception("a module did not stop cleanly", module=record.id)
            problem = _reason(error)
        self._drop(record)
        self._set(record, ModuleState.FAILED_STOP if problem else ModuleState.NOT_LOADED, problem)

    def _give_up(self, record: ModuleRecord) -> None:
        """End a module whose database was found damaged, here or by a worker; it says so until it is restored."""
        damage = record.db.damage if record.db is not None else None
        if damage is not None:
            log.error("a module's database is damaged: it is not used any more", module=record.id)
            self._end(record)
            self._set(record, ModuleState.MIGRATION_ERROR, damage.message)

    def _retry_later(self, record: ModuleRecord, reason: str) -> None:
        self._set(record, ModuleState.RETRYING, reason)
        if self._role != "web":
            return
        cancelled = record.retry = threading.Event()
        wait = self._retry_seconds(record.attempts)
        record.attempts += 1

        def again() -> None:
            if cancelled.wait(wait) or self._closing:
                return
            with record.lock:
                if not cancelled.is_set() and record.state is ModuleState.RETRYING:
                    self._start(record)

        spawn(again, name=f"retry-{record.id}")

    def _stopped(self, record: ModuleRecord) -> ModuleStopped:
        title = record.spec.title if record.spec else record.id
        if record.kept_still:
            text = f"{title} is being restored. It will be back in a moment."
            return ModuleStopped(text, code="module_maintenance", retry_after=5.0)
        code, text = _WHY.get(record.state, ("module_stopped", "{title} is not ready yet."))
        wait = 5.0 if record.state in (ModuleState.RETRYING, ModuleState.STOPPING) else None
        return ModuleStopped(text.format(title=title, reason=record.reason), code=code, retry_after=wait)


def _is_damaged(record: ModuleRecord) -> bool:
    return record.db is not None and record.db.damage is not None


def _reason(error: Exception) -> str:
    """Say why, without the text of a foreign exception (it may hold paths, SQL or secrets)."""
    if isinstance(error, HomieError):
        return error.message
    return f"An unforeseen problem ({type(error).__name__}). The details are in the log."


def _setting_problems(error: ValidationError) -> list[FieldProblem]:
    return [
        FieldProblem(".".join(["body", *(str(part)[:80] for part in item["loc"])]), item["msg"], "Correct the value.")
        for item in error.errors(include_url=False, include_context=False, include_input=False)
    ]
