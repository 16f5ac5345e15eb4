"""Who may be let in, and into what: people, spaces, devices, granted folders, and the log that shows it.

    accounts = Accounts(core_db, bus, audit, clock, new_id, settings)
    actor, session_id = accounts.authenticate(token, ip, user_agent)

See `docs/subsystems/accounts.md`.
"""

from __future__ import annotations

from backend.core.accounts.audit import Audit, AuditEntry, AuditReport
from backend.core.accounts.service import Accounts
from backend.core.accounts.sign_in import Visitor

__all__ = ["Accounts", "Audit", "AuditEntry", "AuditReport", "Visitor"]
