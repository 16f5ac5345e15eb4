"""What every component can ask for: its session, the window, where to go, keys and first mounting."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlsplit

import flet as ft

from frontend.api.errors import ApiError

if TYPE_CHECKING:
    from frontend.kit.viewport import Viewport
    from frontend.providers.session import Session

T = TypeVar("T")
log = logging.getLogger("homie.app")
SessionContext = ft.create_context(cast("Any", None))
ViewportContext = ft.create_context(cast("Any", None))


def use_session() -> Session:
    """Return the session's providers. Subscribe to the ones that are rendered with `use_provider`."""
    return cast("Session", ft.use_context(SessionContext))


def use_provider(provider: T) -> T:
    """Render this component again whenever a field of `provider` changes; return it.

    `provider` may be another object at a later rendering: the subscription moves with it.
    """
    held, hold = ft.use_state(cast("Any", provider))
    if held is not provider:
        hold(lambda _: provider)
    return provider


def use_viewport() -> Viewport:
    """Return the window's size class and follow it."""
    return cast("Viewport", use_provider(ft.use_context(ViewportContext)))


def use_mount(work: Callable[[], Awaitable[None] | None], again: list[Any] | None = None) -> None:
    """Run `work` after the first rendering, and again whenever a value of `again` changes.

    What the hub refused lies in the provider that asked; it is not an error of the component.
    """

    async def setup() -> None:
        try:
            if (waiting := work()) is not None:
                await waiting
        except ApiError:
            log.info("loading a screen's data was refused", exc_info=True)
        except Exception:
            log.exception("loading a screen's data failed")

    ft.use_effect(setup, again or [])


_begun_at: ContextVar[str | None] = ContextVar("begun_at", default=None)
"""Where the running action was begun: the path of the screen."""


@contextmanager
def begun_here() -> Iterator[None]:
    """Tie what runs inside to the present screen: it leads nobody away from another one (`navigate`)."""
    token = _begun_at.set(place_of(ft.context.page))
    try:
        yield
    finally:
        _begun_at.reset(token)


def navigate(route: str) -> None:
    """Go to a place of the app; the browser's back button returns.

    An action that took long and whose screen the person has left meanwhile leads nowhere: they are busy elsewhere.
    """
    begun_at = _begun_at.get()
    if begun_at is None or begun_at == place_of(ft.context.page):
        ft.context.page.navigate(route)


def place_of(page: Any) -> str:
    """Return the place of the app that a window is at, without what is asked of it."""
    return urlsplit(page.route or "/").path


def use_keys(keys: Mapping[str, Callable[[], Awaitable[None] | None]]) -> None:
    """Listen to keys while this component is shown: names as Flet gives them ("A", "Arrow Down", "Ctrl+Z").

    Whoever mounted last answers first; the shell passes on keys only while no text field has them.
    """
    session = use_session()
    current: Any = ft.use_ref(None)
    current.current = keys
    end: Any = ft.use_ref(None)

    def mount() -> None:
        end.current = session.keys.listen(lambda: current.current)

    def unmount() -> None:
        if end.current is not None:
            end.current()

    # Flet forgets a clean-up that the set-up returned as soon as the component is rendered again: give it by name.
    ft.use_effect(mount, [], unmount)
