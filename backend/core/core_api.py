"""Core's own API: one WSGI application made of the groups of its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.core.accounts.api import accounts_groups
from backend.core.ai.admin import AiAdmin, space_owner_or_admin
from backend.core.ai.api import ai_group
from backend.core.backup.api import backups_group, owners_group
from backend.core.event_log import EventLog
from backend.core.events_api import events_group
from backend.core.home.api import home_groups
from backend.core.jobs.api import jobs_group
from backend.core.modules_api import modules_group
from backend.core.notifications.api import notifications_group
from backend.core.server.api import server_group
from backend.core.transfers.api import transfers_group
from backend.sdk.http import Api

if TYPE_CHECKING:
    from backend.core.platform import Platform


def core_api(platform: Platform, events: EventLog) -> Api:
    """Return the API of everything that is no module: accounts, Home, search, jobs, backups and the rest."""
    return Api("core", "Homie", platform.version, mount="/api/v1").include(
        *accounts_groups(platform.accounts),
        jobs_group(platform.jobs),
        modules_group(platform.apps, platform.audit),
        events_group(events),
        transfers_group(platform.transfers),
        *home_groups(platform),
        notifications_group(platform.notifications, platform.notice_rules),
        server_group(platform),
        backups_group(platform.backup),
        owners_group(platform.backup),
        ai_group(AiAdmin(platform.ai, platform.core_db, platform.audit, space_owner_or_admin(platform.core_db))),
    )
