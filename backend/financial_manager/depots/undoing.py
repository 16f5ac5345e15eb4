"""What must still hold in depots after a step was taken back."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from backend.financial_manager.depots.depots import recount
from backend.financial_manager.depots.keeping import check_last_trade, check_security, check_stays_depot
from backend.financial_manager.depots.models import Security, SecurityTrade
from backend.financial_manager.ledger.accounts import find_account
from backend.financial_manager.ledger.models import ChangedRow, UserAccount
from backend.sdk.db import OwnedSession


def check_undone(session: OwnedSession, rows: Iterable[ChangedRow]) -> None:
    """Raise `TradeInvalid` where later trades need what was taken back.

    Raises `InvalidInput` where two names would be one, or an account with trades would be no depot, or closed before.
    """
    counted: set[str | None] = set()
    for row in rows:
        if row.table_name == SecurityTrade.__tablename__:
            counted |= {
                (values or {})["security_id"] for values in (row.before, row.after) if "security_id" in (values or {})
            }
            found = session.scalars(select(SecurityTrade).where(SecurityTrade.id == row.row_id)).first()
            if found is not None:
                counted.add(found.security_id)
                check_stays_depot(session, find_account(session, found.depot_id))
        if row.table_name == Security.__tablename__:
            security = session.scalars(select(Security).where(Security.id == row.row_id)).first()
            if security is not None:
                check_security(session, security)
                counted.add(security.id)
        if row.table_name == UserAccount.__tablename__:
            account = session.scalars(select(UserAccount).where(UserAccount.id == row.row_id)).first()
            if account is not None:
                check_stays_depot(session, account)
                if "closed_on" in (row.before or {}):
                    check_last_trade(session, account)
    recount(session, counted)
