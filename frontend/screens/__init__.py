"""Core's own screens, one per file. `SCREENS` lists where they lie."""

from __future__ import annotations

from frontend.kit import AppRoute

SCREENS: tuple[AppRoute, ...] = ()
"""Every screen of core; the screens before log-in stand in `frontend/screens/entrance`."""
