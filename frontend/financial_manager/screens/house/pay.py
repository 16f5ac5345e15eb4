"""Pay an invoice or a release of a house, by a bank line that fits or an amount; first it says what that does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import flet as ft

from frontend.api.generated.schemas import ClaimOut, SuggestedBookingOut
from frontend.financial_manager.house_provider import INVOICE, RELEASE, HouseProvider
from frontend.financial_manager.house_words import claim_name, place, settlement_words
from frontend.financial_manager.screens.house.figures import claim_ladder
from frontend.financial_manager.screens.house.use_house import house_screen, use_house
from frontend.financial_manager.screens.parts.amounts import amount_error, amount_input
from frontend.financial_manager.screens.parts.day_field import DayChoice, day_error
from frontend.financial_manager.screens.parts.footer import footer
from frontend.financial_manager.screens.parts.use_money import use_money
from frontend.financial_manager.settle_provider import SettleProvider
from frontend.i18n import calendar_day, money, parse_amount, parse_day, plain_amount, today, tr, typed_day
from frontend.kit import (
    GAP,
    Action,
    Form,
    Screen,
    Tile,
    body,
    card,
    field_errors,
    filter_chips,
    keyed,
    navigate,
    notice,
    primary_button,
    scroll_body,
    section,
    state_of,
    tile,
    title,
    toast,
    tonal_button,
    use_action,
    use_form,
)

BY_HAND = "hand"


@ft.component
def HousePay() -> ft.Control:
    """Show how the invoice or the release of the address can be paid."""
    house = use_house()
    params = ft.use_route_params()
    kind = INVOICE if "invoice_id" in params else RELEASE
    row_id = params.get("invoice_id") or params.get("release_id") or ""
    settle = use_money(SettleProvider, lambda one: one.open(kind, row_id), [row_id])
    back = place(house.house_id, f"{kind}s", row_id)

    def make() -> ft.Control | None:
        row = house.row(kind, row_id)
        claim = house.claim(row["contract_id"], row_id) if row is not None else None
        if claim is None:
            return None
        return keyed(Pay, row_id, house, settle, kind, claim, back)

    return house_screen(house, tr("Enter payment"), back, make)


@ft.component
def Pay(house: HouseProvider, settle: SettleProvider, kind: str, claim: ClaimOut, back: str) -> ft.Control:
    """Let a bank line or an amount be chosen, say what it does, and enter it."""
    assert house.status is not None
    unit = house.status["currency"]
    form = use_form(**_begin(claim, unit))
    chosen, set_chosen = ft.use_state("")
    source, set_source = ft.use_state("")
    typed = Typed(form, unit, chosen, source)

    async def look(way: str) -> None:
        settle.looked = None
        set_chosen(way)
        if way != BY_HAND:
            await settle.look(_body(way, typed))

    choose = use_action(look)
    preview, action, errors = _use_paying(house, settle, typed, back)
    return Screen(
        tr("Enter payment"),
        scroll_body(
            claim_ladder(claim, unit, invoice=kind == INVOICE),
            section(tr("Which bank line is it?"), state_of(settle, lambda: _ways(settle, unit, chosen, choose))),
            *_chosen(house, settle, typed, errors, preview, set_source),
            spacing=GAP * 1.25,
        ),
        back=back,
        subtitle=claim_name(house, claim["id"]),
        footer=footer(primary_button(tr("Enter payment"), action, disabled=not chosen)),
    )


@dataclass(frozen=True, eq=False)
class Typed:
    """Hold what was chosen and typed. `chosen`: a booking, `BY_HAND`, or nothing; `source`: the money that it draws."""

    form: Form
    unit: str
    chosen: str
    source: str


def _use_paying(
    house: HouseProvider, settle: SettleProvider, typed: Typed, back: str
) -> tuple[Action, Action, dict[str, str]]:
    """Return how to see what an amount does, how to enter the payment, and what was refused, by field."""
    nothing: dict[str, str] = {}
    wrong, set_wrong = ft.use_state(nothing)

    def valid() -> bool:
        said = _errors(typed) if typed.chosen == BY_HAND else {}
        set_wrong(said)
        return not said

    async def check() -> None:
        if valid():
            await settle.look(_body(BY_HAND, typed))

    async def save() -> None:
        if not typed.chosen or not valid():
            return
        await settle.pay(_body(typed.chosen, typed))
        await house.load()
        toast(tr("The payment is entered."))
        navigate(back)

    preview, action = use_action(check), use_action(save)
    return preview, action, {**field_errors(preview), **field_errors(action), **wrong}


def _chosen(
    house: HouseProvider, settle: SettleProvider, typed: Typed, errors: dict[str, str], preview: Any, set_source: Any
) -> list[ft.Control]:
    """Show what follows a choice: amount and day, the money it draws, what it does, and what was refused."""
    parts: list[ft.Control] = []
    if typed.chosen == BY_HAND:
        parts.append(keyed(ByHand, "hand", typed.form, errors, typed.unit, preview))
    if typed.chosen:
        parts += [*_sources(house, typed.source, set_source), *_outcome(settle)]
    shown = ("amount", "amount_minor", "day", "date")
    return [*parts, *[notice(text, "bad") for name, text in errors.items() if name not in shown]]


def _begin(claim: ClaimOut, unit: str) -> dict[str, str]:
    """Propose what is open, less the Skonto while there is time for it."""
    open_minor = max(0, claim["open_minor"])
    early = claim["skonto_until"] is not None and today().isoformat() <= claim["skonto_until"]
    less = claim["skonto_minor"] - claim["taken_minor"] if early else 0
    return {"amount": plain_amount(max(0, open_minor - less), unit), "day": typed_day(today())}


def _errors(typed: Typed) -> dict[str, str]:
    found = {"amount": amount_error(typed.form["amount"], typed.unit), "day": day_error(typed.form["day"])}
    return {name: text for name, text in found.items() if text}


def _body(way: str, typed: Typed) -> Any:
    """Return what is sent for a bank line, or for what was typed."""
    body: dict[str, Any] = {"financing_id": typed.source or None}
    if way != BY_HAND:
        return body | {"transaction_id": way}
    day = parse_day(typed.form["day"])
    return body | {
        "amount_minor": parse_amount(typed.form["amount"], typed.unit),
        "date": day.isoformat() if day is not None else None,
    }


def _ways(settle: SettleProvider, unit: str, chosen: str, choose: Any) -> ft.Control:
    """List the bank lines that fit, and the way without one."""
    rows: list[ft.Control] = [
        keyed(BookingLine, one["transaction_id"], one, unit, one["transaction_id"] == chosen, choose)
        for one in settle.bookings
    ]
    if not rows:
        told = tr("No bank line fits yet. Import the statement, or enter the amount.")
        rows.append(ft.Container(body(told, muted=True), padding=12))
    rows.append(keyed(HandLine, "hand", chosen == BY_HAND, choose))
    return card(ft.Column(rows, spacing=0, tight=True), padding=4)


@ft.component
def BookingLine(one: SuggestedBookingOut, unit: str, chosen: bool, choose: Any) -> ft.Control:
    """Show a bank line with what it would do."""

    async def take() -> None:
        await choose(None, one["transaction_id"])

    return tile(
        Tile(
            one["counterparty"] or one["purpose"] or tr("Without a text"),
            f"{calendar_day(one['date'])} · {settlement_words(one['settlement'])}",
            ft.Icons.RADIO_BUTTON_CHECKED if chosen else ft.Icons.RADIO_BUTTON_UNCHECKED,
            take,
            title(money(one["amount_minor"], unit), max_lines=1),
            selected=chosen,
        )
    )


@ft.component
def HandLine(chosen: bool, choose: Any) -> ft.Control:
    """Offer to pay by an amount and a day."""

    async def take() -> None:
        await choose(None, BY_HAND)

    icon = ft.Icons.RADIO_BUTTON_CHECKED if chosen else ft.Icons.RADIO_BUTTON_UNCHECKED
    told = tr("Paid in cash, or from an account that is not in Homie")
    return tile(Tile(tr("Another amount"), told, icon, take, ft.Container(width=0), selected=chosen))


@ft.component
def ByHand(form: Form, errors: dict[str, str], unit: str, preview: Any) -> ft.Control:
    """Ask for the amount and the day."""
    amount = amount_input(
        form, "amount", tr("Amount"), unit, error=errors.get("amount") or errors.get("amount_minor"), signed=True
    )
    return ft.Column(
        [
            amount,
            DayChoice(form, "day", tr("Day"), errors.get("day") or errors.get("date")),
            ft.Row([tonal_button(tr("What does it do?"), preview)]),
        ],
        spacing=GAP,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _sources(house: HouseProvider, source: str, set_source: Any) -> list[ft.Control]:
    """Let the money be chosen that the payment draws; nothing where none was entered."""
    if house.site is None or not house.site["sources"]:
        return []
    options = [("", tr("Not said")), *((one["id"], one["title"]) for one in house.site["sources"])]
    return [section(tr("From which money?"), filter_chips(source, options, set_source))]


def _outcome(settle: SettleProvider) -> list[ft.Control]:
    """Say what the payment would do, once it is known."""
    if settle.looked is None:
        return []
    left = settle.looked["difference_minor"]
    tone = "good" if left == 0 else "warn" if left < 0 else "accent"
    icon = ft.Icons.CHECK_CIRCLE_OUTLINE if left == 0 else ft.Icons.INFO_OUTLINE
    return [notice(settlement_words(settle.looked), tone, icon)]
