"""The app's entry: one session per window, what to show at each stage, and the hooks of the page."""

from __future__ import annotations

import logging
from typing import Any, cast

import flet as ft

from frontend.i18n import set_language, set_time_zone
from frontend.kit import SessionContext, Viewport, apply_appearance, end_dialogs, keyed, use_provider
from frontend.kit.context import ViewportContext
from frontend.kit.keys import is_typing, key_name
from frontend.providers.session import Session
from frontend.screens.entrance import Entrance, StartingUp
from frontend.shell.make_session import make_session
from frontend.shell.routes import app_routes
from frontend.shell.storage import BrowserStorage

log = logging.getLogger("homie.app")


@ft.component
def App(session: Session, viewport: Viewport) -> ft.Control:
    """Show the stage that the person is at: starting, entrance (set-up, log-in), or the app itself."""
    auth = use_provider(session.auth)
    preferences = use_provider(session.preferences)
    page = ft.context.page
    set_language(preferences.language)
    set_time_zone(str(preferences.preferences.get("time_zone") or ""))
    appearance, text_size = preferences.appearance, float(preferences.text_size)

    still = bool(preferences.preferences.get("reduce_motion"))

    async def dress() -> None:
        apply_appearance(page, appearance, text_size, still=still)
        # What the engine says itself, and the language that screen readers speak.
        page.locale_configuration = _locale(preferences.language)
        page.update()
        # The page's boot screen reads it before there is any Python: no flash of the wrong colour.
        await BrowserStorage().set("appearance", appearance)

    ft.use_effect(dress, [appearance, text_size, still, preferences.language])
    logged_in = auth.stage == "logged_in"

    def forget() -> None:
        if not logged_in:
            end_dialogs(page)

    ft.use_effect(forget, [logged_in])

    def stage() -> Any:
        if auth.stage in ("starting", "unreachable"):
            return StartingUp()
        if auth.stage != "logged_in":
            return Entrance()
        # A new key draws everything anew: other words, or another person.
        return keyed(Routes, f"{preferences.language}-{auth.person_id}")

    return cast("ft.Control", SessionContext(session, lambda: ViewportContext(viewport, stage)))


def _locale(language: str) -> ft.LocaleConfiguration:
    spoken = ft.Locale(language)
    return ft.LocaleConfiguration(supported_locales=[spoken], current_locale=spoken)


@ft.component
def Routes() -> ft.Control:
    """Show the place that the address names."""
    return ft.Router(app_routes())


async def main(page: ft.Page) -> None:
    """Build one window's session and render the app in it. Flet calls this for every new window."""
    page.title = "Homie"
    page.padding = 0
    apply_appearance(page)
    viewport = Viewport()
    viewport.resize(page.width, page.height)
    session = make_session(page)

    def resized(event: Any) -> None:
        viewport.resize(event.width, event.height)

    async def pressed(event: Any) -> None:
        name = key_name(event.key, ctrl=event.ctrl, shift=event.shift, alt=event.alt, meta=event.meta)
        if name == "Escape" and any(getattr(one, "open", False) for one in page._dialogs.controls):
            return  # it closes what is open above the screen
        # While somebody types, only those hear of it who ask for it by name ("Typing+Arrow Down").
        await session.keys.press(name if not is_typing(page) or name == "Escape" else f"Typing+{name}")

    async def connected(_: Any) -> None:
        viewport.resize(page.width, page.height)
        await session.resume()

    async def closed(_: Any) -> None:
        await session.close()

    page.on_resize = resized
    page.on_keyboard_event = pressed
    page.on_connect = connected
    page.on_close = closed
    page.render(App, session, viewport)
    await session.start()
