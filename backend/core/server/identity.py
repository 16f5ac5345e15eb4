"""Who this hub is: a random id that stays, the name that its people gave it, and its version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend.core.accounts.models import Installation
from backend.core.accounts.upsert import insert_if_absent

if TYPE_CHECKING:
    from backend.core.platform import Platform
    from backend.sdk.db import UnscopedSession

_ID = "server_id"
API_VERSION = "v1"


@dataclass(frozen=True, slots=True)
class ServerIdentity:
    """What anybody may know about this hub, logged in or not."""

    id: str
    name: str
    version: str
    api: str = API_VERSION


def server_identity(platform: Platform) -> ServerIdentity:
    """Return who this hub is; its id is made at the first question and never changes."""

    def work(session: UnscopedSession) -> str | None:
        row = session.get(Installation, _ID)
        return row.value if row is not None else None

    def make(session: UnscopedSession) -> str:
        values = {"name": _ID, "value": platform.new_id(), "at": platform.clock.now()}
        insert_if_absent(session, Installation, values)
        return session.get_one(Installation, _ID).value

    found = platform.core_db.unscoped("id of this hub", work)
    server_id = found or platform.core_db.unscoped("id of this hub", make, write=True)
    return ServerIdentity(server_id, platform.settings.name, platform.version)
