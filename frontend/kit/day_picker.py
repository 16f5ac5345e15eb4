"""Choose a day from a calendar."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import flet as ft

from frontend.i18n import current_language, today, tr
from frontend.kit.dialogs import Asked

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


async def pick_day(name: str, value: date | None) -> date | None:
    """Show a calendar that is called `name` and begins at `value` (today where there is none); None if none was chosen.

    The calendar has a pencil for typing, and its year for going far.
    """
    asked = Asked(None)
    begun = value if value is not None and EARLIEST <= value <= LATEST else None
    country = {"de": "AT"}.get(current_language(), "GB")

    def chosen(event: Any) -> None:
        asked.close(day_of(event.data or event.control.value))

    # Days, not moments: the browser reads a date as its own midnight, wherever it is.
    found = await asked.show(
        ft.DatePicker(
            value=begun,
            first_date=EARLIEST,
            last_date=LATEST,
            current_date=today(),
            help_text=name,
            cancel_text=tr("Cancel"),
            confirm_text=tr("Choose"),
            locale=ft.Locale(current_language(), country),
            on_change=chosen,
            on_dismiss=asked.dismissed,
        )
    )
    return found if isinstance(found, date) else None


def day_of(picked: Any) -> date | None:
    """Return the day that a calendar sent: midnight of the browser's own clock, as that clock or as UTC says it."""
    moment = datetime.fromisoformat(picked) if isinstance(picked, str) else picked
    if not isinstance(moment, datetime):
        return moment if isinstance(moment, date) else None
    return (moment + timedelta(hours=12)).date() if moment.tzinfo is not None else moment.date()
