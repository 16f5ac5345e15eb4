"""Settings of money: the household's own currency, its tax country, and the exchange rates with their day."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import RatesOut
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.rate_words import rate_day, rate_text
from frontend.financial_manager.rates_provider import RatesProvider
from frontend.financial_manager.screens.parts.currency_choice import CURRENCIES
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money
from frontend.i18n import calendar_day, tr, trn
from frontend.kit import (
    GAP,
    Action,
    AllOf,
    Screen,
    Tile,
    body,
    caption,
    choice,
    notice,
    scroll_body,
    section,
    state_of,
    tile_group,
    toast,
    tonal_button,
    use_action,
)


@ft.component
def MoneySettings() -> ft.Control:
    """Show the settings and the rates."""
    ledger = use_ledger()
    found = use_money(RatesProvider, lambda one: one.load())
    change = use_action(found.change_one, done=tr("Saved."))

    async def ask() -> None:
        days = await found.update()
        toast(
            trn("Rates of {n} day came.", "Rates of {n} days came.", days) if days else tr("There are no newer rates.")
        )

    update = use_action(ask)

    def content() -> ft.Control:
        settings, rates = found.settings, found.rates
        if settings is None or rates is None:
            return ft.Container(height=0)
        known = tuple(dict.fromkeys((settings["currency"], *CURRENCIES)))
        countries = [("AT", tr("Austria")), ("DE", tr("Germany")), ("XX", tr("Another country"))]
        return scroll_body(
            ft.Container(height=0),
            choice(
                tr("Own currency"), settings["currency"], [(one, one) for one in known],
                lambda chosen: change(None, "currency", chosen),
            ),
            body(tr("What all accounts hold together is told in it."), muted=True),
            choice(
                tr("Whose taxes are meant"), settings["country"], countries,
                lambda chosen: change(None, "country", chosen),
            ),
            _rates(rates, ledger, update),
            spacing=GAP,
        )  # fmt: skip

    return Screen(tr("Currency and rates"), state_of(AllOf(found, ledger), content), back="/financial_manager/accounts")


def _rates(rates: RatesOut, ledger: LedgerProvider, update: Action) -> ft.Control:
    """Show the rates with their day, and a way to newer ones."""
    return section(
        tr("Exchange rates"),
        body(
            tr(
                "Reference rates of the European Central Bank, up to {day}. They came with Homie; newer ones "
                "are asked for only when you want it.",
                day=calendar_day(rates["through"]),
            ),
            muted=True,
        ),
        *([notice(tr("The newest rates are more than a week old."), "warn")] if rates["stale"] else []),
        ft.Row([tonal_button(tr("Ask for newer rates"), update, icon=ft.Icons.SYNC)]),
        caption(tr("Asked is {address}; nothing of you is sent there.", address=rates["address"]), max_lines=3),
        tile_group(rate_tiles(rates, ledger)),
    )


def rate_tiles(rates: RatesOut, ledger: LedgerProvider) -> list[Tile]:
    """Return the rates of the currencies that accounts have first, then the usual ones."""
    held = {one["currency"] for one in ledger.accounts}
    shown = [one for one in rates["items"] if one["target"] in held or one["target"] in CURRENCIES]
    return [
        Tile(rate_text(one), rate_day(one), ft.Icons.CURRENCY_EXCHANGE, key=one["target"])
        for one in sorted(shown, key=lambda one: (one["target"] not in held, one["target"]))
    ]
