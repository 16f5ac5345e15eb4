"""Tell every person's clients when a module starts, stops or fails, so that screens show it at once."""

from __future__ import annotations

from collections.abc import Callable

from backend.core.app_manager import AppManager
from backend.core.module_events import ModulesChanged, ModuleStateChanged
from backend.core.module_records import ModuleStatus
from backend.sdk.concurrency import spawn
from backend.sdk.events import EventBus
from backend.sdk.module import ModuleState

FAILED = (ModuleState.SETUP_ERROR, ModuleState.MIGRATION_ERROR, ModuleState.FAILED_STOP)
SETTLED = (*FAILED, ModuleState.RUNNING, ModuleState.NOT_LOADED, ModuleState.DISABLED, ModuleState.RETRYING)
"""States that last; those in between are over before anybody sees them."""


class ModuleNews:
    """Watch the modules of this process. `spaces` gives the private space of each person who may log in."""

    def __init__(self, apps: AppManager, bus: EventBus, spaces: Callable[[], list[str]]) -> None:
        self._bus = bus
        self._spaces = spaces
        apps.on_state = self._changed

    def _changed(self, status: ModuleStatus) -> None:
        # Called while the module is locked: the telling must not hold up its start.
        if status.state in SETTLED:
            spawn(self._tell, status, name="module-news")

    def _tell(self, status: ModuleStatus) -> None:
        state, failed = status.state.value, status.state in FAILED
        self._bus.publish(
            ModuleStateChanged(
                module_id=status.id, title=status.title, state=state, reason=status.reason, failed=failed
            )
        )
        for space in self._spaces():
            self._bus.publish(ModulesChanged(owner_id=space, module_id=status.id, state=state))
