"""Offer the European Central Bank's rate of a trade's day, and say of which day it is."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import flet as ft

from frontend.api.generated.schemas import QuoteOut
from frontend.financial_manager.rate_words import rate_day, rate_text
from frontend.financial_manager.rates_provider import RatesProvider
from frontend.financial_manager.screens.parts.use_money import use_money
from frontend.i18n import parse_day, plain_decimal, tr
from frontend.kit import Form, caption, notice, quiet_button, toast, use_action

_DECIMALS = Decimal("0.000000000001")
"""As many as the hub takes."""


@ft.component
def RateOffer(form: Form, currency: str, own: str, filled: Callable[[], None]) -> ft.Control:
    """Show the button; a touch fills the rate of the typed day in. An old rate is said to be old."""
    rates = use_money(RatesProvider, _nothing)
    none: QuoteOut | None = None
    told, tell = ft.use_state(none)

    async def take() -> None:
        day = parse_day(form["day"])
        if day is None:
            toast(tr("Choose the day first."), error=True)
            return
        found = (await rates.exchange(0, currency, own, day.isoformat()))["quote"]
        number = format(Decimal(found["rate"]).quantize(_DECIMALS).normalize(), "f")
        form.fill(rate=plain_decimal(number))
        tell(found)
        filled()

    button = quiet_button(tr("Take the ECB's rate of that day"), use_action(take), icon=ft.Icons.CURRENCY_EXCHANGE)
    parts: list[ft.Control] = [button]
    if told is not None:
        words = f"{rate_text(told)} · {rate_day(told)}"
        parts.append(notice(words, "warn") if told["stale"] else caption(words, max_lines=2))
    return ft.Column(parts, spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.START)


async def _nothing(_: RatesProvider) -> None:
    return None
