"""Which language a session speaks: one process serves many, so it lies in the session and never in a global."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flet.controls.context import context

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""Code (ISO 639-1) and own name of every language that has a catalog; English is the source."""

_KEY = "homie.language"
_ZONE = "homie.zone"


def supported(wanted: str | None) -> str:
    """Return the language that comes nearest to a wish such as `de-AT`; English when there is none."""
    code = (wanted or "").replace("_", "-").split("-")[0].lower()
    return code if code in LANGUAGES else "en"


def set_language(code: str) -> None:
    """Let the current session speak `code` from the next rendering on."""
    context.page.session.store.set(_KEY, supported(code))


def current_language() -> str:
    """Return the language of the session that renders now; English outside of any session."""
    try:
        session = context.page.session
    except RuntimeError:
        return "en"
    return str(session.store.get(_KEY) or "en")


def set_time_zone(name: str) -> None:
    """Write times of the current session in this zone (IANA name); an unknown one leaves the machine's own."""
    try:
        context.page.session.store.set(_ZONE, ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError):
        context.page.session.store.set(_ZONE, None)


def current_zone() -> ZoneInfo | None:
    """Return the session's time zone; None means the machine's own."""
    try:
        zone = context.page.session.store.get(_ZONE)
    except RuntimeError:
        return None
    return zone if isinstance(zone, ZoneInfo) else None
