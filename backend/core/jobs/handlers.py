"""Which function runs a job kind: found from the declarations of the modules, imported on first use only."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.jobs import JobHandler
from backend.sdk.module import ModuleSpec


class UnknownJobKind(InvalidInput):
    """No installed module declares this kind of job."""

    code, message = "unknown_job_kind", "No installed module knows this kind of work."


class HandlerRegistry:
    """Find the `JobHandler` of a kind (`<module>.<verb_noun>`).

    `specs` are the installed modules; `core` handlers belong to parts of the platform itself and are given as objects.
    """

    def __init__(self, specs: Iterable[ModuleSpec] = (), core: Iterable[JobHandler[Any]] = ()) -> None:
        self._specs: dict[str, ModuleSpec] = {spec.id: spec for spec in specs}
        self._core: dict[str, JobHandler[Any]] = {handler.kind: handler for handler in core}
        self._loaded: dict[str, Mapping[str, JobHandler[Any]]] = {}
        self._later: dict[str, Callable[[], Iterable[JobHandler[Any]]]] = {}

    def register(self, *handlers: JobHandler[Any]) -> None:
        """Add handlers of a part of the platform."""
        self._core |= {handler.kind: handler for handler in handlers}

    def register_later(self, module: str, make: Callable[[], Iterable[JobHandler[Any]]]) -> None:
        """Add the handlers of a part of the platform, all kinds `module.*`; made when one of them is asked for."""
        self._later[module] = make

    def modules(self) -> frozenset[str]:
        """Return the ids of the installed modules that declare jobs."""
        return frozenset(id for id, spec in self._specs.items() if spec.jobs is not None)

    def core_modules(self) -> frozenset[str]:
        """Return the module part of the platform's own kinds ("backup")."""
        return frozenset({*map(module_of, self._core), *self._later})

    def is_core(self, kind: str) -> bool:
        """Tell whether the platform itself handles the kind, without a module."""
        return kind in self._of_core(module_of(kind))

    def find(self, kind: str) -> JobHandler[Any]:
        """Return the handler of `kind`; raise `UnknownJobKind`."""
        module = module_of(kind)
        handler = self._of_core(module).get(kind) or self._of_module(module).get(kind)
        if handler is None:
            raise UnknownJobKind(fields=[FieldProblem("kind", f"{kind!r} is not known", "Is its module installed?")])
        return handler

    def _of_core(self, module: str) -> Mapping[str, JobHandler[Any]]:
        make = self._later.get(module)
        if make is not None:
            self.register(*make())
            self._later.pop(module, None)
        return self._core

    def _of_module(self, module_id: str) -> Mapping[str, JobHandler[Any]]:
        spec = self._specs.get(module_id)
        if spec is None or spec.jobs is None:
            return {}
        if module_id not in self._loaded:
            module, _, name = spec.jobs.partition(":")
            handlers = getattr(importlib.import_module(module), name)
            self._loaded[module_id] = {handler.kind: handler for handler in handlers}
        return self._loaded[module_id]


def module_of(kind: str) -> str:
    """Return the module part of a job kind ("file_organizer.scan_folder" -> "file_organizer")."""
    return kind.partition(".")[0]
