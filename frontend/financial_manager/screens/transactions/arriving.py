"""What arrives at an account of another currency: typed, or counted by the ECB's rate of the day."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import AccountOut, ExchangeOut
from frontend.financial_manager.rate_words import rate_day, rate_text
from frontend.financial_manager.rates_provider import RatesProvider
from frontend.financial_manager.screens.parts.amounts import amount_input
from frontend.financial_manager.screens.parts.use_money import use_money
from frontend.i18n import money, parse_amount, parse_day, tr
from frontend.kit import Form, caption, quiet_button, use_action


async def _nothing(_: RatesProvider) -> None:
    """Load nothing: a rate is looked up when it is asked for."""


@ft.component
def Arrives(form: Form, source: AccountOut, target: AccountOut, error: str | None = None) -> ft.Control:
    """Let the amount be typed, or suggest it by the rate; the rate that was used is kept with the booking."""
    rates = use_money(RatesProvider, _nothing)
    none: ExchangeOut | None = None
    told, tell = ft.use_state(none)
    drawn, draw = ft.use_state(0)

    async def suggest() -> None:
        minor, day = parse_amount(form["amount"], source["currency"]), parse_day(form["day"])
        if minor is None or day is None:
            return
        tell(await rates.exchange(minor, source["currency"], target["currency"], day.isoformat()))
        form.values["by_rate"] = "yes"
        draw(drawn + 1)

    def typed_instead() -> None:
        form.values["by_rate"] = ""
        draw(drawn + 1)

    action = use_action(suggest)
    if form["by_rate"] and told is not None:
        quote = told["quote"]
        arrives = money(told["amount_minor"], target["currency"])
        rows: list[ft.Control] = [
            caption(tr("About {amount} arrive, counted when it is saved.", amount=arrives), max_lines=2),
            caption(f"{rate_text(quote)} · {rate_day(quote)}", max_lines=2),
            ft.Row(
                [quiet_button(tr("Type it instead"), typed_instead), quiet_button(tr("Count again"), action)], wrap=True
            ),
        ]
    else:
        rows = [
            amount_input(form, "arrives", tr("What arrives"), target["currency"], error=error),
            ft.Row([quiet_button(tr("Count by the ECB's rate"), action, icon=ft.Icons.CURRENCY_EXCHANGE)], wrap=True),
        ]
    return ft.Column(rows, spacing=4, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
