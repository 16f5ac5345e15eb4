"""The fields of a transaction: what moved, which way, for what; the same for a new one and for changing one."""

from __future__ import annotations

from collections import Counter
from typing import Any

import flet as ft

from frontend.api.generated.schemas import AccountOut, TransactionOut
from frontend.financial_manager.category_names import category_title
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.screens.amounts import amount_error, amount_input
from frontend.financial_manager.screens.arriving import Arrives
from frontend.financial_manager.screens.category_picker import pick_category
from frontend.financial_manager.screens.day_field import DayChoice, day_error
from frontend.financial_manager.screens.parts_editor import (
    Parts,
    PartsEditor,
    left_over,
    parts_body,
)
from frontend.i18n import parse_amount, parse_day, plain_amount, today, tr, typed_day
from frontend.kit import GAP, Form, TextInput, body, filter_chips, keyed, label, quiet_button, use_action

EXPENSE, INCOME, TRANSFER = "expense", "income", "transfer"
OTHER = "other"
USUAL = ("food.groceries", "food.restaurants", "transport.fuel", "shopping.clothing", "health.pharmacy")
USUAL_INCOME = ("income.salary", "income.gifts", "income.other")
OFFERED = 6


def transaction_values(transaction: TransactionOut | None, account: AccountOut | None) -> dict[str, str]:
    """Return what the fields begin with."""
    if transaction is None:
        return {"direction": EXPENSE, "account": account["id"] if account else "", "day": typed_day(today())}
    parts = transaction["parts"]
    moved = next((one["account_id"] for one in parts if one["account_id"]), None)
    return {
        "direction": TRANSFER if moved else INCOME if transaction["amount_minor"] > 0 else EXPENSE,
        "account": transaction["account_id"],
        "other": moved or "",
        "amount": plain_amount(abs(transaction["amount_minor"]), transaction["currency"]),
        "category": (parts[0]["category_id"] or "") if len(parts) == 1 else "",
        "day": typed_day(transaction["date"]),
        "counterparty": transaction["counterparty"],
        "purpose": transaction["purpose"],
        "note": transaction["note"],
    }


def transaction_errors(form: Form, ledger: LedgerProvider, parts: Parts) -> dict[str, str]:
    """Return what is wrong with what was typed, by field; the hub checks the rest."""
    account = ledger.account(form["account"])
    if account is None:
        return {"account": tr("Choose an account.")}
    currency = account["currency"]
    said = {"amount": amount_error(form["amount"], currency), "day": day_error(form["day"])}
    minor = parse_amount(form["amount"], currency)
    if minor is not None and minor <= 0:
        said["amount"] = tr("Type it without a minus; choose above whether it was spent.")
    if form["direction"] == TRANSFER and not form["other"]:
        said["other"] = tr("Choose the other account.")
    if form["direction"] == TRANSFER and form["other"] == form["account"]:
        said["other"] = tr("It is the same account. Choose another one.")
    if parts and not said["amount"] and left_over(form, parts, minor or 0, currency):
        said["parts"] = tr("The parts do not add up to the whole amount.")
    return {name: text for name, text in said.items() if text}


def transaction_body(form: Form, ledger: LedgerProvider, parts: Parts) -> Any:
    """Return what is sent; what was typed was found right."""
    account = ledger.account(form["account"])
    day = parse_day(form["day"])
    assert account is not None
    assert day is not None
    minor = parse_amount(form["amount"], account["currency"]) or 0
    sign = 1 if form["direction"] == INCOME else -1
    found: dict[str, Any] = {
        "account_id": account["id"],
        "date": day.isoformat(),
        "amount_minor": sign * minor,
        "counterparty": form["counterparty"].strip(),
        "purpose": form["purpose"].strip(),
        "note": form["note"].strip(),
    }
    if form["direction"] == TRANSFER:
        part: dict[str, Any] = {"amount_minor": sign * minor, "account_id": form["other"]}
        other = ledger.account(form["other"])
        if other is not None and other["currency"] != account["currency"]:
            if form["by_rate"]:
                part["by_rate"] = True
            else:
                part["other_minor"] = parse_amount(form["arrives"], other["currency"])
        return found | {"parts": [part]}
    if parts:
        return found | {"parts": parts_body(form, parts, sign, account["currency"])}
    return found | {"category_id": form["category"] or None}


def offered_categories(ledger: LedgerProvider, recent: tuple[TransactionOut, ...], direction: str) -> list[str]:
    """Return the categories that are offered at once: those used most lately, then the usual ones."""
    known = {one["id"]: one for one in ledger.leaves if one["direction"] == direction}
    used = Counter(part["category_id"] for one in recent for part in one["parts"] if part["category_id"] in known)
    found = [str(category) for category, _ in used.most_common(OFFERED)]
    usual = USUAL_INCOME if direction == INCOME else USUAL
    found += [one["id"] for key in usual for one in known.values() if one["key"] == key and one["id"] not in found]
    return found[:OFFERED]


@ft.component
def TransactionFields(
    form: Form,
    ledger: LedgerProvider,
    errors: dict[str, str],
    parts: Parts,
    set_parts: Any,
    recent: tuple[TransactionOut, ...],
    of: TransactionOut | None = None,
) -> ft.Control:
    """Show the fields; what is chosen lies in the form, as what is typed does."""
    drawn, draw = ft.use_state(0)
    more, show_more = ft.use_state(of is not None)

    def choose(**values: str) -> None:
        form.values.update(values)
        draw(drawn + 1)

    async def typed(_: str) -> None:
        if parts:
            draw(drawn + 1)

    async def direct(event: Any) -> None:
        choose(direction=next(iter(event.control.selected), EXPENSE), category="")

    def split() -> None:
        set_parts((("part0", form["category"] or None), ("part1", None)))

    direction = form["direction"]
    account = ledger.account(form["account"])
    currency = account["currency"] if account is not None else "EUR"
    names = ((EXPENSE, tr("Spent")), (INCOME, tr("Received")), (TRANSFER, tr("Transfer")))
    rows: list[ft.Control] = [
        ft.SegmentedButton(
            segments=[ft.Segment(value=key, label=ft.Text(name)) for key, name in names],
            selected=[direction],
            show_selected_icon=False,
            on_change=direct,
        ),
        amount_input(
            form, "amount", tr("Amount"), currency, error=errors.get("amount"), on_change=typed,
            autofocus=of is None, text_size=28,
        ),
    ]  # fmt: skip
    rows.extend(_account_rows(form, ledger, errors, choose))
    if direction != TRANSFER:
        if parts:
            total = parse_amount(form["amount"], currency) or 0
            rows.append(PartsEditor(form, parts, set_parts, ledger, total, currency, errors.get("parts", "")))
        else:
            rows.append(keyed(CategoryChoice, direction, form, ledger, recent, direction))
    rows.append(DayChoice(form, "day", tr("Day"), errors.get("day")))
    who = tr("From whom") if direction == INCOME else tr("To whom")
    rows.append(TextInput(form, "counterparty", who, max_length=200, counter=""))
    if more:
        rows.append(TextInput(form, "purpose", tr("What for"), max_length=4000, counter="", multiline=True))
        rows.append(TextInput(form, "note", tr("Note"), max_length=4000, counter="", multiline=True))
    ways: list[ft.Control] = []
    if direction != TRANSFER and not parts:
        ways.append(quiet_button(tr("Split into parts"), split, icon=ft.Icons.CALL_SPLIT))
    if not more:
        ways.append(quiet_button(tr("More fields"), lambda: show_more(True), icon=ft.Icons.EXPAND_MORE))
    if ways:
        rows.append(ft.Row(ways, wrap=True))
    return ft.Column(rows, spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _account_rows(form: Form, ledger: LedgerProvider, errors: dict[str, str], choose: Any) -> list[ft.Control]:
    """Let the account be chosen where there are several, and the other one of a transfer."""
    chosen = ledger.account(form["account"])
    accounts = [(one["id"], one["name"]) for one in ledger.open_accounts]
    if chosen is not None and chosen["closed_on"]:
        accounts.insert(0, (chosen["id"], chosen["name"]))
    rows: list[ft.Control] = []
    transfer = form["direction"] == TRANSFER
    if len(accounts) > 1 or transfer:
        rows.append(_named(tr("From account") if transfer else tr("Account"), errors.get("account")))
        rows.append(filter_chips(form["account"], accounts, lambda one: choose(account=one)))
    if transfer:
        rows.append(_named(tr("To account"), errors.get("other")))
        others = [one for one in accounts if one[0] != form["account"]]
        if others:
            rows.append(filter_chips(form["other"], others, lambda one: choose(other=one)))
        else:
            rows.append(body(tr("There is no other account yet. Add it first."), muted=True))
        other = ledger.account(form["other"])
        if other is not None and chosen is not None and other["currency"] != chosen["currency"]:
            rows.append(keyed(Arrives, f"{chosen['id']} {other['id']}", form, chosen, other))
    return rows


def _named(text: str, error: str | None) -> ft.Control:
    return label(f"{text}: {error}" if error else text, color=ft.Colors.ERROR if error else None)


@ft.component
def CategoryChoice(
    form: Form, ledger: LedgerProvider, recent: tuple[TransactionOut, ...], direction: str
) -> ft.Control:
    """Offer the likely categories as chips, and all of them behind the last."""
    chosen, set_chosen = ft.use_state(form["category"])
    found = offered_categories(ledger, recent, direction)
    if chosen and chosen not in found:
        found = [chosen, *found][: OFFERED + 1]
    options = []
    for one in found:
        category = ledger.category(one)
        if category is not None:
            options.append((one, category_title(category)))

    def take(category_id: str) -> None:
        form.values["category"] = category_id
        set_chosen(category_id)

    async def other() -> None:
        picked = await pick_category(ledger, direction=direction, none=True)
        if picked is not None:
            take("" if picked == "none" else picked)

    pick = use_action(other)

    async def choose(key: str) -> None:
        if key == OTHER:
            await pick()
        else:
            take("" if key == chosen else key)

    chips: list[ft.Control] = []
    for key, name in [*options, (OTHER, tr("Other…"))]:
        chips.append(_chip(key, name, key == chosen, choose))
    return ft.Column(
        [label(tr("What was it for?")), ft.Row(chips, wrap=True, spacing=8, run_spacing=0)], spacing=4, tight=True
    )


def _chip(key: str, name: str, chosen: bool, choose: Any) -> ft.Control:
    async def press(_: object) -> None:
        await choose(key)

    chip = ft.Chip(label=ft.Text(name), selected=chosen, on_select=press, show_checkmark=False)
    return ft.Row([chip], tight=True, height=48, key=key)  # a container that centres would take a line of its own
