"""What budgets could be: the median of the last months, taken one by one or all at once."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import BudgetProposalOut
from frontend.financial_manager.budgets_provider import BudgetsProvider
from frontend.financial_manager.category_names import category_title
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.screens.parts.use_undo import use_undo_offer
from frontend.i18n import money, tr, trn
from frontend.kit import (
    body,
    caption,
    card,
    keyed,
    primary_button,
    quiet_button,
    section,
    title,
    tonal_button,
    use_action,
)

SHOWN = 6


@ft.component
def Proposals(budgets: BudgetsProvider, ledger: LedgerProvider, currency: str) -> ft.Control:
    """Show the proposals of a currency; nothing where there are none."""
    every, show_all = ft.use_state(False)
    offer = use_undo_offer()
    known = {one["id"] for one in ledger.categories}
    found = [one for one in budgets.proposals if one["currency"] == currency and one["category_id"] in known]

    async def take_all() -> None:
        done = await budgets.accept(found)
        offer(trn("{n} budget is set.", "{n} budgets are set.", done["count"]), done["change_id"])

    action = use_action(take_all)
    if not found:
        return ft.Container(height=0)
    shown = found if every else found[:SHOWN]
    rows: list[ft.Control] = [keyed(Proposal, one["category_id"], one, budgets, ledger) for one in shown]
    if len(found) > len(shown):
        rows.append(ft.Row([quiet_button(tr("Show {n} more", n=len(found) - len(shown)), lambda: show_all(True))]))
    button = tonal_button if budgets.budgets else primary_button
    return section(
        tr("Proposed from your usual months"),
        body(tr("The middle one of the last months: a single expensive month does not count."), muted=True),
        card(ft.Column(rows, spacing=0, tight=True), padding=4),
        ft.Row(
            [button(trn("Take {n} proposal", "Take all {n} proposals", len(found)), action, icon=ft.Icons.CHECK)],
            wrap=True,
        ),
    )


@ft.component
def Proposal(proposal: BudgetProposalOut, budgets: BudgetsProvider, ledger: LedgerProvider) -> ft.Control:
    """Show one proposal with its button."""
    offer = use_undo_offer()
    category = ledger.category(proposal["category_id"])
    name = category_title(category) if category is not None else ""

    async def take() -> None:
        done = await budgets.accept([proposal])
        offer(trn("{n} budget is set.", "{n} budgets are set.", 1), done["change_id"])

    told = trn("Usual in the last month", "Usual in the last {n} months", proposal["months"])
    return ft.Container(
        ft.Row(
            [
                ft.Column([title(name, max_lines=2), caption(told)], spacing=2, tight=True, expand=True),
                title(money(proposal["amount_minor"], proposal["currency"])),
                quiet_button(tr("Set"), use_action(take), about=name),
            ],
            spacing=8,
        ),
        padding=ft.Padding.only(left=12, top=4, bottom=4, right=4),
    )
