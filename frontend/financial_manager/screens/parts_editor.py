"""Split an amount into parts: a category and an amount each; what is left goes to the last."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import FinancialManagerPartOut
from frontend.financial_manager.category_names import category_title
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.screens.amounts import amount_input
from frontend.financial_manager.screens.category_picker import pick_category
from frontend.i18n import money, parse_amount, plain_amount, tr
from frontend.kit import Form, card, icon_action, keyed, label, quiet_button, tonal_button, use_action

Parts = tuple[tuple[str, str | None], ...]
"""(name of the amount's field, category) of each part."""


def begin_parts(form: Form, of: list[FinancialManagerPartOut]) -> Parts:
    """Fill the form with the parts of a transaction; return them."""
    found = []
    for number, one in enumerate(of):
        form.values[f"part{number}"] = plain_amount(abs(one["amount_minor"]), one["currency"])
        found.append((f"part{number}", one["category_id"]))
    return tuple(found)


def left_over(form: Form, parts: Parts, total: int, currency: str) -> int:
    """Return what of `total` (minor units, no sign) no part has taken yet."""
    return total - sum(parse_amount(form[name], currency) or 0 for name, _ in parts)


def parts_body(form: Form, parts: Parts, sign: int, currency: str) -> list[Any]:
    """Return the parts as they are sent; `sign`: -1 for what was spent."""
    return [
        {"amount_minor": sign * (parse_amount(form[name], currency) or 0), "category_id": category}
        for name, category in parts
        if parse_amount(form[name], currency)
    ]


@ft.component
def PartsEditor(
    form: Form, parts: Parts, set_parts: Any, ledger: LedgerProvider, total: int, currency: str, error: str = ""
) -> ft.Control:
    """Show the parts; `total` is the whole amount (minor units, no sign)."""
    count, set_count = ft.use_state(0)  # typing renders what is left, and nothing else

    async def typed(_: str) -> None:
        set_count(count + 1)

    def add() -> None:
        name = f"part{max((int(one.removeprefix('part')) for one, _ in parts), default=-1) + 1}"
        rest = left_over(form, parts, total, currency)
        form.values[name] = plain_amount(rest, currency) if rest > 0 else ""
        set_parts((*parts, (name, None)))

    rows: list[ft.Control] = []
    for number, (name, category) in enumerate(parts, 1):
        rows.append(keyed(PartLine, name, form, name, category, parts, set_parts, ledger, currency, typed, number))
    rest = left_over(form, parts, total, currency)
    said = error or (tr("Still to be split: {amount}", amount=money(rest, currency)) if rest else tr("It adds up."))
    rows.append(label(said, color=ft.Colors.ERROR if error else None))
    rows.append(ft.Row([tonal_button(tr("Add part"), add, icon=ft.Icons.ADD)]))
    return card(ft.Column(rows, spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH))


@ft.component
def PartLine(
    form: Form, name: str, category: str | None, parts: Parts, set_parts: Any, ledger: LedgerProvider, currency: str,
    typed: Any, number: int,
) -> ft.Control:  # fmt: skip
    """Show one part: its category, its amount, and a way to take it out."""

    async def choose() -> None:
        chosen = await pick_category(ledger)
        if chosen is not None:
            set_parts(tuple((one, chosen if one == name else of) for one, of in parts))

    found = ledger.category(category)
    text = category_title(found) if found is not None else tr("Choose a category")
    pick = quiet_button(text, use_action(choose), icon=ft.Icons.SELL_OUTLINED)

    def drop() -> None:
        set_parts(tuple(one for one in parts if one[0] != name))

    return ft.Column(
        [
            ft.Row(
                [
                    ft.Container(ft.Row([pick]), expand=True),
                    icon_action(ft.Icons.CLOSE, tr("Take part {number} out", number=number), drop),
                ]
            ),
            amount_input(form, name, tr("Amount of part {number}", number=number), currency, on_change=typed),
        ],
        spacing=4,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
