"""One line of what is expected: who, when, where, how much; it leads to what is behind it."""

from __future__ import annotations

from frontend.api.generated.schemas import ExpectedOut
from frontend.financial_manager.insight_words import event_icon
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.screens.parts.amounts import amount
from frontend.i18n import short_day, tr
from frontend.kit import Tile, navigate

ROOT = "/financial_manager"


def expected_tile(one: ExpectedOut, ledger: LedgerProvider) -> Tile:
    """Return the line."""
    account = ledger.account(one["account_id"])
    where = account["name"] if account is not None else tr("Building")
    place = {
        "recurring": f"{ROOT}/recurring/{one['ref_id']}",
        "planned": f"{ROOT}/transactions/{one['ref_id']}",
        "booked": f"{ROOT}/transactions/{one['ref_id']}",
        "opening": f"{ROOT}/accounts/{one['ref_id']}",
    }.get(one["kind"])
    return Tile(
        one["title"] or tr("Without a text"),
        f"{short_day(one['day'])} · {where}",
        event_icon(one["kind"]),
        (lambda: navigate(place)) if place is not None else None,
        trailing=amount(one["amount_minor"], one["currency"]),
    )
