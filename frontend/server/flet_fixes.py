"""Mend what Flet 1.0.5 gets wrong, each in one place and with a test of its own (docs/adr/0092).

These reach into Flet's internals, which is why Flet is pinned exactly: `apply` refuses another version.
"""

from __future__ import annotations

import asyncio
import inspect
import itertools
import logging
import os
from typing import Any

import flet.version
from flet.components.component import Component
from flet.components.hooks.use_state import StateHook
from flet.components.observable import Observable
from flet.controls.id_counter import ControlId
from flet.messaging.session import Session
from flet_web.fastapi.flet_app import FletApp
from flet_web.fastapi.flet_app_manager import FletAppManager, app_manager

KNOWN_VERSION = "1.0.5"
FIRST_FREE_ID = 3
"""Ids 1 and 2 are the page's own and known to the client."""
log = logging.getLogger("homie.front")


_MENDED: tuple[tuple[type, str], ...] = (
    (FletAppManager, "get_session"),
    (FletApp, "_FletApp__receive_loop"),
    (Session, "error"),
    (Session, "disconnect"),
    (Session, "attach_connection"),
    (Session, "schedule_update"),
    (Session, "schedule_effect"),
    (Session, "_Session__updates_scheduler"),
    (Component, "_detach_observable_subscriptions"),
    (Component, "_subscribe_observable_args"),
    (Component, "_attach_observable_subscription"),
)


class FletChanged(RuntimeError):
    """Flet is another version, or built in another way, than the one that the mends were written for."""


def apply() -> None:
    """Mend Flet for this process; does nothing the second time. Raises `FletChanged`."""
    check_shape(flet.version.flet_version)
    if getattr(FletAppManager.get_session, "mended", False):
        return
    _give_new_ids_on_reconnect()
    _keep_what_changes_while_away()
    _keep_drawing_after_a_failure()
    _let_early_leavers_go()
    _keep_traces_off_the_screen()
    _note_the_language()


def check_shape(version: str) -> None:
    """Insist that Flet is what the mends were written for. Raises `FletChanged`."""
    if version != KNOWN_VERSION:
        raise FletChanged(f"Flet {version} is installed; the mends are for {KNOWN_VERSION}.")
    missing = [f"{owner.__name__}.{name}" for owner, name in _MENDED if not callable(getattr(owner, name, None))]
    if missing:
        raise FletChanged(f"Flet {version} does not have {', '.join(missing)} any more.")


def _give_new_ids_on_reconnect() -> None:
    """Make the client take a returning session's tree as new.

    It compares the old and the sent tree deeply, which costs 2 to the power of the nesting depth: 20 nested containers
    froze a tab for 36 s. With new ids the comparison ends at once; the Python state stays as it is.
    """
    # Ids differ after a restart too, so that a client never takes a new control for an old one.
    ControlId._counter = itertools.count(FIRST_FREE_ID + int.from_bytes(os.urandom(4), "big") % 2**28)
    original = FletAppManager.get_session

    async def get_session(self: FletAppManager, session_id: str) -> Any:
        session: Any = await original(self, session_id)
        if session is not None and session.connection is None:
            _renumber(session)
        return session

    get_session.mended = True  # type: ignore[attr-defined]
    FletAppManager.get_session = get_session


def _note_the_language() -> None:
    """Keep which languages the browser asks for on the window's connection: Flet passes on everything but that."""
    original = FletApp.handle

    async def handle(self: Any, websocket: Any) -> None:
        self.accept_language = websocket.headers.get("accept-language", "")
        await original(self, websocket)

    FletApp.handle = handle


def _renumber(session: Session) -> None:
    controls = list(session.index.values())
    session.index.clear()
    for control in controls:
        if control._i >= FIRST_FREE_ID:
            object.__setattr__(control, "_i", ControlId.next())
        session.index[control._i] = control


def _keep_what_changes_while_away() -> None:
    """Draw after a return what changed while the window was away.

    Flet drops what is to be drawn for a session without connection, and never draws it again: people saw yesterday's
    list after their phone had slept.
    """
    disconnect, attach = Session.disconnect, Session.attach_connection
    schedule_update, schedule_effect = Session.schedule_update, Session.schedule_effect

    def missed(session: Any) -> tuple[dict[Any, None], list[Any]]:
        if not hasattr(session, "_homie_missed"):
            session._homie_missed = ({}, [])
        found: tuple[dict[Any, None], list[Any]] = session._homie_missed
        return found

    def is_away(session: Any) -> bool:
        return session.connection is None and session.expires_at is not None

    async def keep_and_disconnect(self: Any, session_timeout_seconds: int) -> None:
        controls, effects = missed(self)
        controls.update(dict.fromkeys(self._Session__pending_updates))
        effects.extend(self._Session__pending_effects)
        await disconnect(self, session_timeout_seconds)

    def attach_and_catch_up(self: Any, conn: Any) -> None:
        attach(self, conn)
        controls, effects = missed(self)
        del self._homie_missed
        for control in controls:
            schedule_update(self, control)
        for hook, is_cleanup in effects:
            schedule_effect(self, hook, is_cleanup)

    def keep_update(self: Any, control: Any) -> None:
        if is_away(self):
            missed(self)[0][control] = None
        else:
            schedule_update(self, control)

    def keep_effect(self: Any, hook: Any, is_cleanup: bool) -> None:
        if is_away(self):
            missed(self)[1].append((hook, is_cleanup))
        else:
            schedule_effect(self, hook, is_cleanup)

    Session.disconnect = keep_and_disconnect  # type: ignore[method-assign]
    Session.attach_connection = attach_and_catch_up  # type: ignore[method-assign]
    Session.schedule_update = keep_update  # type: ignore[method-assign]
    Session.schedule_effect = keep_effect  # type: ignore[method-assign]


def _keep_drawing_after_a_failure() -> None:
    """Go on when drawing one part fails: Flet ended the task that draws, and the window never changed again."""

    async def scheduler(self: Any) -> None:
        while not self._Session__closed:
            await self._Session__updates_ready.wait()
            self._Session__updates_ready.clear()
            controls, self._Session__pending_updates = list(self._Session__pending_updates), set()
            for control in controls:
                try:
                    control.update()
                except Exception:
                    log.exception("a part of the app could not be drawn")
                    _hear_again(control)
            effects, self._Session__pending_effects = list(self._Session__pending_effects), []
            for hook, is_cleanup in effects:
                try:
                    _run_effect(hook, is_cleanup)
                except Exception:
                    log.exception("an effect of the app failed")

    Session._Session__updates_scheduler = scheduler  # type: ignore[attr-defined]


def _hear_again(drawn: Any) -> None:
    """Subscribe a component anew: Flet ends its subscriptions before it draws, and it failed before they were renewed.

    It is drawn again with the next change of whatever it shows, instead of standing still for the rest of the session.
    """
    if not isinstance(drawn, Component) or not drawn._state.mounted:
        return
    control: Any = drawn
    control._detach_observable_subscriptions()
    control._subscribe_observable_args(control.args, control.kwargs)
    for hook in control._state.hooks:
        if isinstance(hook, StateHook):
            observed = isinstance(hook.value, Observable)
            hook.subscription = control._attach_observable_subscription(hook.value) if observed else None


def _run_effect(hook: Any, is_cleanup: bool) -> None:
    """Run one `use_effect` as Flet does."""
    if hook and hook.setup and not is_cleanup:
        hook.cancel()
        if inspect.iscoroutinefunction(hook.setup):
            hook._setup_task = asyncio.create_task(hook.setup())
        elif callable(result := hook.setup()):
            hook.cleanup = result
    elif hook and hook.cleanup and is_cleanup:
        hook.cancel()
        if inspect.iscoroutinefunction(hook.cleanup):
            hook._cleanup_task = asyncio.create_task(hook.cleanup())
        else:
            hook.cleanup()


def _let_early_leavers_go() -> None:
    """End the connection of somebody who left before saying who they are: Flet waited for it forever."""
    original = FletApp._FletApp__receive_loop

    async def receive_loop(self: Any) -> None:
        await original(self)
        if self._FletApp__session is None and self._FletApp__send_queue is not None:
            await self._FletApp__send_queue.put(None)

    FletApp._FletApp__receive_loop = receive_loop


def _keep_traces_off_the_screen() -> None:
    """Log what a handler raised instead of replacing the app by a page with a stack trace."""

    def error(self: Session, message: str) -> None:
        log.error("a handler of the app failed: %s", message)

    Session.error = error  # type: ignore[method-assign]


def sessions() -> dict[str, Any]:
    """Return the living sessions of this process by their id."""
    found: dict[str, Any] = app_manager._FletAppManager__sessions
    return found


async def part(window: Any, seconds: int) -> None:
    """Let a window's session wait for its return, also when the connection broke while something was being sent.

    Flet forgot to in that case: the session could neither be returned to nor was it ever evicted.
    """
    session = window._FletApp__session
    if session is not None and session.connection is window:
        await session.disconnect(seconds)
