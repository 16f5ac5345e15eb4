"""Choose a category in a form: the likely ones as chips, all of them behind the last."""

from __future__ import annotations

from collections import Counter
from typing import Any

import flet as ft

from frontend.api.generated.schemas import TransactionOut
from frontend.financial_manager.category_names import category_title
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.screens.filing.category_picker import NOBODY_KNOWS, pick_category
from frontend.i18n import tr
from frontend.kit import Form, label, use_action

OTHER = "other"
USUAL = ("food.groceries", "food.restaurants", "transport.fuel", "shopping.clothing", "health.pharmacy")
USUAL_INCOME = ("income.salary", "income.gifts", "income.other")
OFFERED = 6


def offered_categories(ledger: LedgerProvider, recent: tuple[TransactionOut, ...], direction: str) -> list[str]:
    """Return the categories that are offered at once: those used most lately, then the usual ones."""
    known = {one["id"]: one for one in ledger.leaves if one["direction"] == direction}
    used = Counter(part["category_id"] for one in recent for part in one["parts"] if part["category_id"] in known)
    found = [str(category) for category, _ in used.most_common(OFFERED)]
    usual = USUAL_INCOME if direction == "income" else USUAL
    found += [one["id"] for key in usual for one in known.values() if one["key"] == key and one["id"] not in found]
    return found[:OFFERED]


@ft.component
def CategoryChoice(
    form: Form, ledger: LedgerProvider, recent: tuple[TransactionOut, ...], direction: str
) -> ft.Control:
    """Offer the likely categories as chips, and all of them behind the last."""
    chosen, set_chosen = ft.use_state(form["category"])

    def take(category_id: str) -> None:
        form.values["category"] = category_id
        set_chosen(category_id)

    async def other() -> None:
        picked = await pick_category(ledger, direction=direction, none=True)
        if picked is not None:
            take("" if picked == NOBODY_KNOWS else picked)

    pick = use_action(other)

    async def choose(key: str) -> None:
        if key == OTHER:
            await pick()
        else:
            take("" if key == chosen else key)

    options = [*_options(ledger, recent, direction, chosen), (OTHER, tr("Other…"))]
    chips: list[ft.Control] = [_chip(key, name, key == chosen, choose) for key, name in options]
    return ft.Column(
        [label(tr("What was it for?")), ft.Row(chips, wrap=True, spacing=8, run_spacing=0)], spacing=4, tight=True
    )


def _options(
    ledger: LedgerProvider, recent: tuple[TransactionOut, ...], direction: str, chosen: str
) -> list[tuple[str, str]]:
    found = offered_categories(ledger, recent, direction)
    if chosen and chosen not in found:
        found = [chosen, *found][: OFFERED + 1]
    known = [category for one in found if (category := ledger.category(one)) is not None]
    return [(one["id"], category_title(one)) for one in known]


def _chip(key: str, name: str, chosen: bool, choose: Any) -> ft.Control:
    async def press(_: object) -> None:
        await choose(key)

    chip = ft.Chip(label=ft.Text(name), selected=chosen, on_select=press, show_checkmark=False)
    return ft.Row([chip], tight=True, height=48, key=key)  # a container that centres would take a line of its own
