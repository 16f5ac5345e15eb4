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
    NoticeRule(
        event="financial_manager.recurring_found",
        kind="financial_manager.recurring_found",
        title="Payments that come again were found",
        template="{payee} comes again and again. Look whether that is right.",
        subject="recurring_id",
        route="/financial_manager/recurring/{recurring_id}",
        only=(("count", 1),),
    ),
    NoticeRule(
        event="financial_manager.recurring_found",
        kind="financial_manager.recurring_found",
        title="Payments that come again were found",
        template="Payments that come again were found: {count}.",
        subject="recurring_id",
        route="/financial_manager/recurring",
    ),
    NoticeRule(
        event="financial_manager.prices_rose",
        kind="financial_manager.prices_rose",
        title="Something costs more than before",
        template="{payee} costs more than before.",
        severity="warning",
        subject="recurring_id",
        route="/financial_manager/recurring/{recurring_id}",
        only=(("count", 1),),
    ),
    NoticeRule(
        event="financial_manager.prices_rose",
        kind="financial_manager.prices_rose",
        title="Something costs more than before",
        template="Recurring payments that cost more than before: {count}.",
        severity="warning",
        subject="recurring_id",
        route="/financial_manager/recurring",
    ),
)

HOME_EVENTS: tuple[str, ...] = (
    "financial_manager.ledger_changed", "financial_manager.statement_imported", "financial_manager.statement_waits",
    "financial_manager.bank_changed", "financial_manager.recurring_found", "financial_manager.prices_rose",
    "financial_manager.recurring_seen",
)  # fmt: skip

FINDS: tuple[SearchKind, ...] = (
    SearchKind("financial_manager.transaction", "Transactions"),
    SearchKind("financial_manager.account", "Accounts"),
)
