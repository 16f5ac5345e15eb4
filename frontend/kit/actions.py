"""Run what a button does: once at a time, with a busy state, and errors turned into words beside it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import flet as ft

from frontend.api.errors import ApiError
from frontend.i18n import tr
from frontend.kit.errors import describe_error
from frontend.kit.messages import toast

log = logging.getLogger("homie.app")


class Action:
    """One action of a component, for `on_click`. No dataclass: Flet walks into those that it finds in controls."""

    def __init__(self, run: Callable[..., Awaitable[None]], *, busy: bool, error: BaseException | None) -> None:
        self.run = run
        self.busy = busy
        self.error = error
        """What the last try ended with; None after a success."""

    async def __call__(self, _event: Any = None, *args: Any) -> None:
        """Run the action, unless it runs already."""
        await self.run(*args)

    @property
    def field_errors(self) -> dict[str, str]:
        """Return the words for each field that the hub refused, by the field's last name."""
        fields = self.error.fields if isinstance(self.error, ApiError) else {}
        return {name.rsplit(".", 1)[-1]: text for name, text in fields.items()}


def use_action(work: Callable[..., Awaitable[Any]], *, done: str | None = None, quiet: bool = False) -> Action:
    """Make an action of `work`. `done` is said when it succeeded; `quiet` leaves showing errors to the component."""
    busy, set_busy = ft.use_state(False)
    error, set_error = ft.use_state(_none)
    running = ft.use_ref(False)
    current = ft.use_ref(_none)  # not `work`: a callable would be called for its value
    current.current = work

    async def run(*args: Any) -> None:
        if running.current:
            return  # the same click twice
        running.current = True
        set_busy(True)
        set_error(lambda _: None)
        try:
            await current.current(*args)
            if done:
                toast(done)
        except Exception as problem:
            caught = problem
            if not isinstance(problem, ApiError):
                log.exception("an action of the app failed")
            set_error(lambda _: caught)
            if not quiet:
                what, remedy = describe_error(problem)
                toast(f"{what} {remedy}".strip(), error=True)
        finally:
            running.current = False
            set_busy(False)

    return Action(run, busy=busy, error=error)


def _none() -> Any:
    return None


def busy_text(action: Action, text: str) -> str:
    """Return the button's text: what it does, or that it is at it."""
    return tr("Please wait…") if action.busy else text
