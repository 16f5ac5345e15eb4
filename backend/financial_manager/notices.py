"""Which events of this module are news for people, what it can find, and what changes Home; cheap to import."""

from __future__ import annotations

from backend.sdk.finding import SearchKind
from backend.sdk.overview import NoticeRule

NOTICES: tuple[NoticeRule, ...] = (
    NoticeRule(
        event="financial_manager.statement_imported",
        kind="financial_manager.imported",
        title="A statement was imported",
        template="{account}: {added} bookings are new, {duplicates} were there already.",
        severity="success",
        subject="batch_id",
        route="/financial_manager/imports/{batch_id}",
    ),
    NoticeRule(
        event="financial_manager.statement_waits",
        kind="financial_manager.statement_waits",
        title="A statement waits for you",
        template="{file} came into your statement inbox. Look at it before it is booked.",
        subject="seen_id",
        route="/financial_manager/inboxes",
    ),
)

HOME_EVENTS: tuple[str, ...] = (
    "financial_manager.ledger_changed", "financial_manager.statement_imported", "financial_manager.statement_waits",
    "financial_manager.bank_changed",
)  # fmt: skip

FINDS: tuple[SearchKind, ...] = (
    SearchKind("financial_manager.transaction", "Transactions"),
    SearchKind("financial_manager.account", "Accounts"),
)
