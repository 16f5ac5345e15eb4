"""Core's own screens, one per file. `SCREENS` lists where they lie."""

from __future__ import annotations

from frontend.kit import AppRoute
from frontend.screens.about import About
from frontend.screens.activity import Activity
from frontend.screens.connect import Connect
from frontend.screens.entrance.welcome import Welcome
from frontend.screens.home import Home
from frontend.screens.job_detail import JobDetail
from frontend.screens.more import More

SCREENS: tuple[AppRoute, ...] = (
    AppRoute("", Home),
    AppRoute("about", About),
    AppRoute("activity", Activity),
    AppRoute("activity/:job_id", JobDetail),
    AppRoute("connect", Connect),
    AppRoute("jobs", Activity),
    AppRoute("jobs/:job_id", JobDetail),
    AppRoute("more", More),
    AppRoute("settings/connect", Connect),
    AppRoute("welcome", Welcome, alone=True),
)
"""Every screen of core; the screens before log-in stand in `frontend/screens/entrance`."""
