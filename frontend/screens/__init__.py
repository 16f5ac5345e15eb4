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
from frontend.screens.notification_settings import NotificationSettings
from frontend.screens.notifications import Notifications
from frontend.screens.search import Search

SCREENS: tuple[AppRoute, ...] = (
    AppRoute("", Home),
    AppRoute("about", About),
    AppRoute("activity", Activity),
    AppRoute("activity/:job_id", JobDetail),
    AppRoute("connect", Connect),
    AppRoute("more", More),
    AppRoute("notifications", Notifications),
    AppRoute("search", Search),
    AppRoute("settings/connect", Connect),
    AppRoute("settings/notifications", NotificationSettings),
    AppRoute("welcome", Welcome, alone=True),
)
"""Every screen of core; the screens before log-in stand in `frontend/screens/entrance`."""
