"""Core's own screens, one per file. `SCREENS` lists where they lie."""

from __future__ import annotations

from frontend.kit import AppRoute
from frontend.screens.about import About
from frontend.screens.account.account import Account
from frontend.screens.account.devices import Devices
from frontend.screens.account.my_data import MyData
from frontend.screens.account.password import ChangePassword
from frontend.screens.account.second_factor import SecondFactorSettings
from frontend.screens.activity import Activity
from frontend.screens.ai_sent import AiSent
from frontend.screens.ai_sent_detail import AiSentDetail
from frontend.screens.ai_settings import AiSettings
from frontend.screens.backup_set import BackupSet
from frontend.screens.backup_settings import BackupSettings
from frontend.screens.backups import Backups
from frontend.screens.connect import Connect
from frontend.screens.entrance.welcome import Welcome
from frontend.screens.home import Home
from frontend.screens.job_detail import JobDetail
from frontend.screens.module_detail import ModuleDetail
from frontend.screens.modules import Modules
from frontend.screens.more import More
from frontend.screens.notification_settings import NotificationSettings
from frontend.screens.notifications import Notifications
from frontend.screens.people.everybody import Everybody
from frontend.screens.people.folders import Folders, OpenFolder
from frontend.screens.people.invite import Invite
from frontend.screens.people.join import Join
from frontend.screens.people.people import People
from frontend.screens.people.space import Space
from frontend.screens.restore import Restore
from frontend.screens.search import Search
from frontend.screens.security_log import SecurityLog
from frontend.screens.settings.appearance import Appearance
from frontend.screens.settings.settings import Settings
from frontend.screens.settings.time_zone import TimeZone

SCREENS: tuple[AppRoute, ...] = (
    AppRoute("", Home),
    AppRoute("about", About),
    AppRoute("account", Account),
    AppRoute("account/data", MyData),
    AppRoute("account/password", ChangePassword),
    AppRoute("account/second-factor", SecondFactorSettings),
    AppRoute("activity", Activity),
    AppRoute("activity/:job_id", JobDetail),
    AppRoute("backups", Backups),
    AppRoute("backups/:set_id", BackupSet),
    AppRoute("backups/:set_id/restore", Restore),
    AppRoute("backups/settings", BackupSettings),
    AppRoute("connect", Connect),
    AppRoute("devices", Devices),
    AppRoute("folders", Folders),
    AppRoute("folders/open", OpenFolder),
    AppRoute("invite", Join),
    AppRoute("join", Join),
    AppRoute("modules", Modules),
    AppRoute("modules/:module_id", ModuleDetail),
    AppRoute("more", More),
    AppRoute("notifications", Notifications),
    AppRoute("people", People),
    AppRoute("people/:space_id", Space),
    AppRoute("people/everybody", Everybody),
    AppRoute("people/invite", Invite),
    AppRoute("search", Search),
    AppRoute("security-log", SecurityLog),
    AppRoute("settings", Settings),
    AppRoute("settings/ai", AiSettings),
    AppRoute("settings/ai/sent", AiSent),
    AppRoute("settings/ai/sent/:payload_id", AiSentDetail),
    AppRoute("settings/appearance", Appearance),
    AppRoute("settings/connect", Connect),
    AppRoute("settings/notifications", NotificationSettings),
    AppRoute("settings/time-zone", TimeZone),
    AppRoute("welcome", Welcome, alone=True),
)
"""Every screen of core; the screens before log-in stand in `frontend/screens/entrance`."""
