"""Stand a worker process on the platform in its "worker" role."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

import structlog

from backend.core.jobs.handlers import module_of
from backend.sdk.jobs import JobHandler
from backend.sdk.module import ModuleApp, ModuleContext

if TYPE_CHECKING:
    from backend.core.platform import Platform


class PlatformHost:
    """Implement `JobHost` on a `Platform`; a module is set up when its first job comes."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self.clock = platform.clock
        self.store = platform.job_parts.store
        self.log: Any = structlog.get_logger("homie.worker")

    def handler(self, kind: str) -> JobHandler[Any]:
        """Return the handler of a kind; raise `UnknownJobKind`."""
        return self._platform.job_parts.registry.find(kind)

    def context(self, kind: str) -> ModuleContext:
        """Return the module's context, set up in this process; core's own jobs get core's."""
        if self._platform.job_parts.registry.is_core(kind):
            return self._platform.core_context()
        return self._platform.module(module_of(kind)).ctx

    def module(self, module_id: str) -> ModuleApp:
        """Return one module, set up in this process."""
        return self._platform.module(module_id)

    def close(self) -> None:
        """Flush events and close the databases."""
        self._platform.close()


def open_host(options: argparse.Namespace) -> PlatformHost:
    """Open the platform from the environment's settings, as the server did."""
    from backend.core.logs import configure_logs
    from backend.core.platform import Platform
    from backend.core.settings import load_settings

    settings = load_settings()
    configure_logs(settings)
    return PlatformHost(Platform.open(settings, role="worker"))
