"""Split an amount into parts: a category and an amount each; what is left goes to the last."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import flet as ft

from frontend.financial_manager.category_names import category_title
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.screens.filing.category_picker import pick_category
from frontend.financial_manager.screens.parts.amounts import amount_input
from frontend.financial_manager.screens.transactions.split import Parts, SplitPart, left_over
from frontend.i18n import money, plain_amount, tr
from frontend.kit import Form, caption, card, icon_action, keyed, label, quiet_button, tonal_button, use_action


@ft.component
def PartsEditor(
    form: Form, parts: Parts, set_parts: Any, ledger: LedgerProvider, total: int, currency: str, error: str = ""
) -> ft.Control:
    """Show the parts; `total` is the whole amount (minor units, no sign)."""
    count, set_count = ft.use_state(0)  # typing renders what is left, and nothing else

    async def typed(_: str) -> None:
        set_count(count + 1)

    def add() -> None:
        name = f"part{max((int(one.field.removeprefix('part')) for one in parts), default=-1) + 1}"
        rest = left_over(form, parts, total, currency)
        form.values[name] = plain_amount(rest, currency) if rest > 0 else ""
        set_parts((*parts, SplitPart(name)))

    rows: list[ft.Control] = []
    for number, one in enumerate(parts, 1):
        rows.append(keyed(PartLine, one.field, form, one, parts, set_parts, ledger, currency, typed, number))
    rest = left_over(form, parts, total, currency)
    said = error or (tr("Still to be split: {amount}", amount=money(rest, currency)) if rest else tr("It adds up."))
    rows.append(label(said, color=ft.Colors.ERROR if error else None))
    rows.append(ft.Row([tonal_button(tr("Add part"), add, icon=ft.Icons.ADD)]))
    return card(ft.Column(rows, spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH))


@ft.component
def PartLine(
    form: Form, part: SplitPart, parts: Parts, set_parts: Any, ledger: LedgerProvider, currency: str, typed: Any,
    number: int,
) -> ft.Control:  # fmt: skip
    """Show one part: its category, its amount, its note, and a way to take it out."""

    async def choose() -> None:
        chosen = await pick_category(ledger)
        if chosen is not None:
            set_parts(tuple(replace(one, category_id=chosen) if one.field == part.field else one for one in parts))

    found = ledger.category(part.category_id)
    text = category_title(found) if found is not None else tr("Choose a category")
    pick = quiet_button(text, use_action(choose), icon=ft.Icons.SELL_OUTLINED)

    def drop() -> None:
        set_parts(tuple(one for one in parts if one.field != part.field))

    out = icon_action(ft.Icons.CLOSE, tr("Take part {number} out", number=number), drop)
    rows: list[ft.Control] = [
        ft.Row([ft.Container(ft.Row([pick]), expand=True), out]),
        amount_input(form, part.field, tr("Amount of part {number}", number=number), currency, on_change=typed),
    ]
    if part.memo:
        rows.append(caption(part.memo, max_lines=3))
    return ft.Column(rows, spacing=4, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
