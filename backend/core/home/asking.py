"""Ask every module something without ever waiting for one that does not answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import structlog

from backend.core.app_manager import AppManager
from backend.core.module_records import ModuleStatus
from backend.sdk.concurrency import Task, spawn
from backend.sdk.errors import HomieError
from backend.sdk.module import ModuleApp, ModuleState

T = TypeVar("T")

PATIENCE = 1.0
"""Seconds after which a module that does not answer is left out."""

log = structlog.get_logger("homie.home")


@dataclass(slots=True)
class Answered(Generic[T]):
    """What one module said; `value` is None when it was not asked, failed, or took too long (`failed`)."""

    status: ModuleStatus
    value: T | None = None
    failed: bool = False


class ModuleAsker:
    """Ask the modules that run. One that is asleep is woken in the background and answers the next time."""

    def __init__(self, apps: AppManager, *, patience: float = PATIENCE) -> None:
        self._apps = apps
        self._patience = patience

    def ask_all(self, what: str, question: Callable[[ModuleApp], T]) -> list[Answered[T]]:
        """Return what each module answers, in the order of their ids; `what` names the question in the log."""
        loaded = self._apps.loaded()
        answers = [Answered[T](status) for status in self._apps.list()]
        asked: list[tuple[Answered[T], Task]] = []
        for answer in answers:
            app = loaded.get(answer.status.id)
            if app is not None and answer.status.state is ModuleState.RUNNING:
                answer.failed = True  # until it has answered
                asked.append((answer, spawn(_ask, answer, app, what, question, name=f"ask-{answer.status.id}")))
            elif answer.status.state is ModuleState.NOT_LOADED:
                spawn(self._wake, answer.status.id, name=f"wake-{answer.status.id}")
        for _, task in asked:
            task.join(self._patience)
        return answers

    def _wake(self, module_id: str) -> None:
        try:
            self._apps.ensure(module_id)
        except HomieError:
            pass  # its state tells why; whoever looks at Home sees it there


def _ask(answer: Answered[T], app: ModuleApp, what: str, question: Callable[[ModuleApp], T]) -> None:
    try:
        answer.value = question(app)
        answer.failed = False
    except Exception:
        log.exception("a module could not answer", module=answer.status.id, question=what)


def failed_ids(answers: Sequence[Answered[T]]) -> list[str]:
    """Return the modules that were asked in vain or do not run."""
    return [answer.status.id for answer in answers if answer.failed or answer.value is None]
