"""One payment that comes again: why Homie thinks so, its prices and bookings; confirm, change, dismiss."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import RecurringBookingOut, RecurringDetailOut
from frontend.financial_manager.insight_words import how_often, next_words, sentence
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.recurring_provider import RecurringProvider
from frontend.financial_manager.screens.parts.amounts import amount
from frontend.financial_manager.screens.parts.footer import footer
from frontend.financial_manager.screens.parts.gone import gone
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money
from frontend.i18n import calendar_day, money, today, tr
from frontend.kit import (
    GAP,
    AllOf,
    Screen,
    Tile,
    body,
    caption,
    card,
    danger_button,
    heading,
    icon_action,
    navigate,
    primary_button,
    quiet_button,
    scroll_body,
    section,
    state_of,
    tile_group,
    toast,
    use_action,
)

ROOT = "/financial_manager"


@ft.component
def RecurringDetail() -> ft.Control:
    """Show the one that the address names."""
    recurring_id = ft.use_route_params()["recurring_id"]
    ledger = use_ledger()
    recurring = use_money(RecurringProvider, lambda one: one.open(recurring_id), [recurring_id])
    shown = recurring.shown if recurring.shown is not None and recurring.shown["id"] == recurring_id else None

    def content() -> ft.Control:
        if shown is None:
            return gone(ft.Icons.AUTORENEW, tr("This recurring payment is not here."), f"{ROOT}/recurring")
        return scroll_body(*_parts(shown, ledger), spacing=GAP * 1.25)

    actions = []
    if shown is not None:
        place = f"{ROOT}/recurring/{recurring_id}/edit"
        actions.append(icon_action(ft.Icons.EDIT_OUTLINED, tr("Change"), lambda: navigate(place)))
    return Screen(
        shown["name"] if shown is not None else tr("Recurring payment"),
        state_of(AllOf((recurring, lambda: recurring.open(recurring_id)), ledger), content),
        back=f"{ROOT}/recurring",
        actions=actions,
        footer=Decision(recurring, shown) if shown is not None else None,
    )


def _parts(one: RecurringDetailOut, ledger: LedgerProvider) -> list[ft.Control]:
    account = ledger.account(one["account_id"])
    yearly = money(abs(one["per_year_minor"]), one["currency"])
    parts: list[ft.Control] = [
        card(
            amount(one["amount_minor"], one["currency"], style=ft.TextThemeStyle.HEADLINE_MEDIUM),
            body(f"{how_often(one['cadence'])} · {next_words(one, today().isoformat())}"),
            caption(tr("{amount} a year", amount=yearly)),
            caption(account["name"] if account is not None else tr("another account")),
            *([body(one["note"])] if one["note"] else []),
        )
    ]
    if one["reasons"]:
        said = [body(sentence(text, ledger)) for text in one["reasons"]]
        parts.append(section(tr("Why Homie thinks so"), card(*said)))
    parts.append(heading(tr("Its bookings")))
    if one["paid"]:
        parts.append(tile_group([_booking(paid, one["currency"]) for paid in one["paid"]]))
    else:
        parts.append(body(tr("None is booked yet."), muted=True))
    return parts


def _booking(one: RecurringBookingOut, currency: str) -> Tile:
    return Tile(
        calendar_day(one["date"]),
        on_click=lambda: navigate(f"{ROOT}/transactions/{one['transaction_id']}"),
        trailing=amount(one["amount_minor"], currency),
    )


@ft.component
def Decision(recurring: RecurringProvider, one: RecurringDetailOut) -> ft.Control:
    """Offer what can be decided about it in its state."""

    async def decide(state: str) -> None:
        await recurring.decide(one, state)  # type: ignore[arg-type]
        toast({"confirmed": tr("It is confirmed."), "dismissed": tr("It is not shown any more.")}.get(
            state, tr("It is as Homie found it.")))  # fmt: skip

    async def delete() -> None:
        await recurring.delete(one)
        navigate(f"{ROOT}/recurring")

    action, remove = use_action(decide), use_action(delete)

    async def confirm() -> None:
        await action(None, "confirmed")

    async def dismiss() -> None:
        await action(None, "dismissed")

    async def forget() -> None:
        await action(None, "found")

    if one["by_hand"]:
        return footer(danger_button(tr("Delete"), remove))
    if one["state"] == "found":
        return footer(
            quiet_button(tr("Not recurring"), dismiss), primary_button(tr("Confirm"), confirm, icon=ft.Icons.CHECK)
        )
    if one["state"] == "dismissed":
        return footer(quiet_button(tr("Show it again"), forget))
    return footer(quiet_button(tr("Not recurring"), dismiss), quiet_button(tr("As found"), forget))
