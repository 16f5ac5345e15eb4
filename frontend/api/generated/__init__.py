"""The whole API of the hub: `api.jobs.list_jobs(...)`.

Written by scripts/write-api-client: do not edit. A written file may exceed 400 lines.
"""

from __future__ import annotations

from frontend.api.generated.accounts import AccountsApi
from frontend.api.generated.ai import AiApi
from frontend.api.generated.backups import BackupsApi
from frontend.api.generated.events import EventsApi
from frontend.api.generated.file_organizer import FileOrganizerApi
from frontend.api.generated.financial_manager import FinancialManagerApi
from frontend.api.generated.home import HomeApi
from frontend.api.generated.jobs import JobsApi
from frontend.api.generated.modules import ModulesApi
from frontend.api.generated.notifications import NotificationsApi
from frontend.api.generated.owners import OwnersApi
from frontend.api.generated.search import SearchApi
from frontend.api.generated.server import ServerApi
from frontend.api.generated.transfers import TransfersApi
from frontend.api.transport import Transport


class HomieApi:
    """Every operation of the hub, by namespace."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        self.accounts = AccountsApi(transport)
        self.ai = AiApi(transport)
        self.backups = BackupsApi(transport)
        self.events = EventsApi(transport)
        self.file_organizer = FileOrganizerApi(transport)
        self.financial_manager = FinancialManagerApi(transport)
        self.home = HomeApi(transport)
        self.jobs = JobsApi(transport)
        self.modules = ModulesApi(transport)
        self.notifications = NotificationsApi(transport)
        self.owners = OwnersApi(transport)
        self.search = SearchApi(transport)
        self.server = ServerApi(transport)
        self.transfers = TransfersApi(transport)
