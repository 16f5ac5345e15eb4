"""Run what a button does: once at a time, with a busy state, and errors turned into words beside it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, cast

import flet as ft

from frontend.api.errors import ApiError
from frontend.i18n import tr, tr_server
from frontend.kit.context import begun_here
from frontend.kit.errors import describe_error
from frontend.kit.messages import toast

log = logging.getLogger("homie.app")


class Action(Protocol):
    """One action of a component, for `on_click`: `await action(None, ...)` passes arguments on to its work.

    It is a plain async function with two attributes: Flet awaits only real coroutine functions.
    """

    busy: bool
    error: BaseException | None
    """What the last try ended with; None after a success."""

    async def __call__(self, _event: Any = None, *args: Any) -> None:
        """Run the action, unless it runs already."""


def use_action(work: Callable[..., Awaitable[Any]], *, done: str | None = None, quiet: bool = False) -> Action:
    """Make an action of `work`. `done` is said when it succeeded; `quiet` leaves showing errors to the component."""
    busy, set_busy = ft.use_state(False)
    error, set_error = ft.use_state(_none)
    running = ft.use_ref(False)
    current: Any = ft.use_ref(None)  # not `work`: a callable would be called for its value
    current.current = work

    async def act(_event: Any = None, *args: Any) -> None:
        if running.current:
            return  # the same click twice
        running.current = True
        set_busy(True)
        set_error(lambda _: None)
        try:
            with begun_here():
                await current.current(*args)
            if done:
                toast(done)
        except Exception as problem:
            caught = problem
            if not isinstance(problem, ApiError):
                log.exception("an action of the app failed")
            set_error(lambda _: caught)
            if not quiet and getattr(problem, "code", "") != "cancelled":  # whoever cancelled knows it
                what, remedy = describe_error(problem)
                toast(f"{what} {remedy}".strip(), error=True)
        finally:
            running.current = False
            set_busy(False)

    action = cast("Action", act)
    action.busy, action.error = busy, error
    return action


def field_errors(action: Action) -> dict[str, str]:
    """Return the words for each field that the hub refused at the last try, by the field's last name."""
    fields = action.error.fields if isinstance(action.error, ApiError) else {}
    return {name.rsplit(".", 1)[-1]: tr_server(text) for name, text in fields.items()}


def _none() -> Any:
    return None


def busy_text(action: Action, text: str) -> str:
    """Return the button's text: what it does, or that it is at it."""
    return tr("Please wait…") if action.busy else text
