"""What all depots are worth in the household's own currency, with the rates that were used and their days."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import DepotsWorthOut
from frontend.financial_manager.rate_words import rate_day, rate_text
from frontend.financial_manager.screens.parts.amounts import balance
from frontend.i18n import tr
from frontend.kit import caption, card, notice


def depots_worth(of: DepotsWorthOut | None) -> list[ft.Control]:
    """Return a card where something is held in another currency; else the worth of each currency says it already."""
    if of is None or all(one["currency"] == of["currency"] for one in of["items"]):
        return []
    parts: list[ft.Control] = [
        caption(tr("All depots in your own currency")),
        balance(of["total_minor"], of["currency"], style=ft.TextThemeStyle.HEADLINE_MEDIUM),
        *(caption(f"{rate_text(one)} · {rate_day(one)}", max_lines=2) for one in of["quotes"]),
    ]
    if of["missing"]:
        missing = ", ".join(of["missing"])
        told = tr("There is no exchange rate of {currencies}; what is held in it is not counted.", currencies=missing)
        parts.append(notice(told, "warn"))
    return [card(*parts)]
