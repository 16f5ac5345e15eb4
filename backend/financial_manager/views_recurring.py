"""What recurring payments look like on the wire."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backend.financial_manager.recurring.detector import PriceChange
from backend.financial_manager.recurring.matching import Recurring
from backend.financial_manager.recurring.models import RecurringState
from backend.financial_manager.recurring.words import price_words, reasons
from backend.financial_manager.schemas_recurring import (
    PriceChangeOut,
    RecurringBookingOut,
    RecurringDetailOut,
    RecurringListOut,
    RecurringOut,
    RecurringSumOut,
)


def recurring_out(found: Recurring) -> RecurringOut:
    """Return one as the list shows it."""
    return RecurringOut(**_values(found))


def recurring_detail_out(found: Recurring) -> RecurringDetailOut:
    """Return one with its bookings and reasons."""
    changes = found.series.price_changes if found.series is not None else ()
    return RecurringDetailOut(
        **_values(found),
        reasons=reasons(found),
        price_changes=[_change_out(found, one) for one in changes],
        paid=[
            RecurringBookingOut(transaction_id=one.id, date=one.day, amount_minor=one.amount_minor)
            for one in reversed(found.bookings)
        ],
    )


def recurring_list_out(found: Sequence[Recurring]) -> RecurringListOut:
    """Return the list with its sums."""
    counted = [one for one in found if one.state is not RecurringState.DISMISSED and not one.ended and not one.transfer]
    return RecurringListOut(
        items=[recurring_out(one) for one in found],
        sums=[
            _sum_out(currency, [one for one in counted if one.currency == currency])
            for currency in sorted({one.currency for one in counted})
        ],
    )


def _sum_out(currency: str, some: Sequence[Recurring]) -> RecurringSumOut:
    spent, got = [one for one in some if one.amount_minor < 0], [one for one in some if one.amount_minor > 0]
    return RecurringSumOut(
        currency=currency,
        spent_per_month_minor=sum(one.cadence.per_month(-one.amount_minor) for one in spent),
        spent_per_year_minor=sum(one.cadence.per_year(-one.amount_minor) for one in spent),
        received_per_month_minor=sum(one.cadence.per_month(one.amount_minor) for one in got),
        received_per_year_minor=sum(one.cadence.per_year(one.amount_minor) for one in got),
    )


def _values(found: Recurring) -> dict[str, Any]:
    changes = found.series.price_changes if found.series is not None else ()
    names = (
        "id", "name", "account_id", "currency", "cadence", "amount_minor", "next_on", "ends_on", "ended", "transfer",
        "by_hand", "state", "category_id",
    )  # fmt: skip
    return {
        **{name: getattr(found, name) for name in names},
        "per_month_minor": found.cadence.per_month(found.amount_minor),
        "per_year_minor": found.cadence.per_year(found.amount_minor),
        "last_on": found.bookings[-1].day if found.bookings else None,
        "steady": found.series is None or found.series.steady,
        "note": found.row.note if found.row is not None else "",
        "bookings": len(found.bookings),
        "last_change": _change_out(found, changes[-1]) if changes else None,
        "version": found.row.version if found.row is not None else 0,
    }


def _change_out(found: Recurring, change: PriceChange) -> PriceChangeOut:
    return PriceChangeOut(
        date=change.day,
        before_minor=change.before_minor,
        after_minor=change.after_minor,
        text=price_words(found.name, change, found.currency).text,
    )
