"""Mend what Flet 1.0.5 gets wrong, each in one place and with a test of its own (docs/adr/0092).

These reach into Flet's internals, which is why Flet is pinned exactly: `apply` refuses another version.
"""

from __future__ import annotations

import itertools
import logging
import os
from typing import Any

import flet.version
from flet.controls.id_counter import ControlId
from flet.messaging.session import Session
from flet_web.fastapi.flet_app_manager import FletAppManager, app_manager

KNOWN_VERSION = "1.0.5"
FIRST_FREE_ID = 3
"""Ids 1 and 2 are the page's own and known to the client."""
log = logging.getLogger("homie.front")


class FletChanged(RuntimeError):
    """Flet is another version than the one that the mends were written for."""


def apply() -> None:
    """Mend Flet for this process; does nothing the second time. Raises `FletChanged`."""
    if flet.version.flet_version != KNOWN_VERSION:
        raise FletChanged(f"Flet {flet.version.flet_version} is installed; the mends are for {KNOWN_VERSION}.")
    if getattr(FletAppManager.get_session, "mended", False):
        return
    _give_new_ids_on_reconnect()
    _keep_traces_off_the_screen()


def _give_new_ids_on_reconnect() -> None:
    """Make the client take a returning session's tree as new.

    It compares the old and the sent tree deeply, which costs 2 to the power of the nesting depth: 20 nested containers
    froze a tab for 36 s. With new ids the comparison ends at once; the Python state stays as it is.
    """
    # Ids differ after a restart too, so that a client never takes a new control for an old one.
    ControlId._counter = itertools.count(FIRST_FREE_ID + int.from_bytes(os.urandom(4), "big") % 2**28)
    original = FletAppManager.get_session

    async def get_session(self: FletAppManager, session_id: str) -> Session | None:
        session = await original(self, session_id)
        if session is not None and session.connection is None:
            _renumber(session)
        return session

    get_session.mended = True  # type: ignore[attr-defined]
    FletAppManager.get_session = get_session  # type: ignore[method-assign]


def _renumber(session: Session) -> None:
    controls = list(session.index.values())
    session.index.clear()
    for control in controls:
        if control._i >= FIRST_FREE_ID:
            object.__setattr__(control, "_i", ControlId.next())
        session.index[control._i] = control


def _keep_traces_off_the_screen() -> None:
    """Log what a handler raised instead of replacing the app by a page with a stack trace."""

    def error(self: Session, message: str) -> None:
        log.error("a handler of the app failed: %s", message)

    Session.error = error  # type: ignore[method-assign]


def sessions() -> dict[str, Any]:
    """Return the living sessions of this process by their id."""
    found: dict[str, Any] = app_manager._FletAppManager__sessions  # type: ignore[attr-defined]
    return found
