"""Core's own screens, one per file. `SCREENS` lists where they lie."""

from __future__ import annotations

from frontend.kit import AppRoute
from frontend.screens.entrance.welcome import Welcome

SCREENS: tuple[AppRoute, ...] = (AppRoute("welcome", Welcome, alone=True),)
"""Every screen of core; the screens before log-in stand in `frontend/screens/entrance`."""
