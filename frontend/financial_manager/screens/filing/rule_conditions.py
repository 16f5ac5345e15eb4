"""One condition of a rule for categories: what it is about, how, and which words, amounts or accounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import flet as ft

from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.screens.parts.amounts import amount_error, amount_input
from frontend.i18n import parse_amount, plain_amount, tr
from frontend.kit import TextInput, card, choice, filter_chips, icon_action, toggle, use_form

Put = Callable[..., Any]


def fresh_condition(what: str, ledger: LedgerProvider, currency: str = "") -> dict[str, Any]:
    """Return a condition of this kind as it is offered at first; `currency`: what one for a currency begins with."""
    accounts = [one["id"] for one in ledger.accounts[:1]]
    more: dict[str, dict[str, Any]] = {
        "text": {"part": "any", "how": "contains", "values": []},
        "amount": {},
        "direction": {"value": "out"},
        "account": {"values": accounts},
        "iban": {"values": []},
        "currency": {"values": [currency] if currency else []},
    }
    return {"what": what, **more[what]}


def kinds() -> list[tuple[str, str]]:
    """Return what a condition can be about."""
    return [
        ("text", tr("What it says")),
        ("amount", tr("The amount")),
        ("direction", tr("In or out")),
        ("account", tr("The account it is on")),
        ("iban", tr("Their account")),
        ("currency", tr("The currency")),
    ]


@ft.component
def ConditionCard(
    condition: Mapping[str, Any], ledger: LedgerProvider, currency: str, changed: Put, remove: Any, number: int
) -> ft.Control:
    """Show one condition and let it be changed; `changed` hears the new one. `number` counts them from 1.

    `currency`: in which the rule's amounts are written.
    """
    form = use_form(**_texts(condition, currency))
    latest: Any = ft.use_ref(None)
    latest.current = condition
    written: Any = ft.use_ref(currency)
    if written.current != currency:
        written.current = currency
        if condition["what"] == "amount":  # another condition said which currency is meant
            form.fill(**_texts(condition, currency))

    async def put(**changes: Any) -> None:
        now = {key: value for key, value in {**latest.current, **changes}.items() if value is not None}
        latest.current = now
        await changed(now)

    async def chosen(what: str) -> None:
        fresh = fresh_condition(what, ledger, currency)
        form.fill(**_texts(fresh, currency))
        latest.current = fresh
        await changed(fresh)

    async def negate(on: bool) -> None:
        await put(negate=on or None)

    what = str(condition["what"])
    said = str(number)
    head: list[ft.Control] = [
        ft.Container(choice(tr("Condition {number}", number=said), what, kinds(), chosen, expand=True), expand=True)
    ]
    if remove is not None:
        head.append(icon_action(ft.Icons.DELETE_OUTLINE, tr("Remove condition {number}", number=said), remove))
    rows: list[ft.Control] = [ft.Row(head, spacing=8), *_PARTS[what](condition, form, put, ledger, currency)]
    opposite = tr("The opposite of condition {number} is meant", number=said)
    rows.append(toggle(opposite, bool(condition.get("negate")), negate))
    return card(ft.Column(rows, spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH))


def _texts(condition: Mapping[str, Any], currency: str) -> dict[str, str]:
    values = [str(one) for one in condition.get("values", ())]
    bounds = {
        key: plain_amount(condition[key], currency) if condition.get(key) is not None else ""
        for key in ("at_least", "at_most")
    }
    return {"values": ("|" if condition.get("how") == "regex" else ", ").join(values), **bounds}


def _typed_values(text: str, how: str) -> list[str]:
    if how == "regex":
        return [text.strip()] if text.strip() else []
    return [part.strip() for part in text.split(",") if part.strip()]


def _text(condition: Mapping[str, Any], form: Any, put: Put, *_: Any) -> list[ft.Control]:
    async def part(value: str) -> None:
        await put(part=value)

    async def how(value: str) -> None:
        await put(how=value, values=_typed_values(form["values"], value))

    async def typed(text: str) -> None:
        await put(values=_typed_values(text, str(condition.get("how", "contains"))))

    parts = [("any", tr("Payee or purpose")), ("payee", tr("Payee")), ("purpose", tr("Purpose"))]
    hows = [
        ("contains", tr("has")), ("is", tr("is exactly")), ("begins", tr("begins with")),
        ("regex", tr("fits the pattern")),
    ]  # fmt: skip
    return [
        filter_chips(str(condition.get("part", "any")), parts, part),
        filter_chips(str(condition.get("how", "contains")), hows, how),
        TextInput(form, "values", tr("Words, with commas between them"), on_change=typed),
    ]


def _amount(_: Mapping[str, Any], form: Any, put: Put, _ledger: LedgerProvider, currency: str) -> list[ft.Control]:
    def typed(key: str) -> Any:
        async def heard(text: str) -> None:
            minor = parse_amount(text, currency) if text.strip() else None
            if not text.strip() or (minor is not None and minor >= 0):
                await put(**{key: minor})

        return heard

    def field(key: str, label: str) -> ft.Control:
        wrong = amount_error(form[key], currency) if form[key].strip() else ""
        return amount_input(form, key, label, currency, error=wrong or None, on_change=typed(key))

    return [field("at_least", tr("At least")), field("at_most", tr("At most"))]


def _direction(condition: Mapping[str, Any], _: Any, put: Put, *_ledger: Any) -> list[ft.Control]:
    async def chosen(value: str) -> None:
        await put(value=value)

    ways = [("out", tr("Money goes out")), ("in", tr("Money comes in"))]
    return [filter_chips(str(condition.get("value")), ways, chosen)]


def _account(
    condition: Mapping[str, Any], _: Any, put: Put, ledger: LedgerProvider, *_currency: Any
) -> list[ft.Control]:
    async def chosen(value: str) -> None:
        await put(values=[value])

    names = [(one["id"], one["name"]) for one in ledger.accounts]
    return [filter_chips(str((condition.get("values") or [""])[0]), names, chosen)]


def _listed(label: Callable[[], str]) -> Callable[..., list[ft.Control]]:
    def parts(_: Mapping[str, Any], form: Any, put: Put, *_ledger: Any) -> list[ft.Control]:
        async def typed(text: str) -> None:
            await put(values=_typed_values(text, ""))

        return [TextInput(form, "values", label(), on_change=typed)]

    return parts


_PARTS: Mapping[str, Callable[..., list[ft.Control]]] = {
    "text": _text,
    "amount": _amount,
    "direction": _direction,
    "account": _account,
    "iban": _listed(lambda: tr("IBAN, with commas between several")),
    "currency": _listed(lambda: tr("Currency, such as EUR")),
}
