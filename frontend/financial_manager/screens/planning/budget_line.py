"""One budget of a month: what is left, said and drawn; a touch opens it in place."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import BudgetOut
from frontend.financial_manager.budget_words import available, budget_details, left_words, share_spent, whose
from frontend.financial_manager.budgets_provider import BudgetsProvider
from frontend.financial_manager.category_names import category_title
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.screens.planning.budget_editor import BudgetEditor
from frontend.i18n import tr
from frontend.kit import caption, meter, title


@ft.component
def BudgetLine(budget: BudgetOut, budgets: BudgetsProvider, ledger: LedgerProvider) -> ft.Control:
    """Show the line, and below it the editor once it was touched."""
    opened, set_opened = ft.use_state(False)
    category = ledger.category(budget["category_id"])
    name = category_title(category) if category is not None else tr("Another category")
    if category is not None and category["parent_id"] is None and ledger.inside(category["id"]):
        name = tr("All of {group}", group=name)
    left = left_words(budget["remaining_minor"], budget["currency"])
    over = budget["remaining_minor"] < 0
    head: list[ft.Control] = [
        title(name, expand=True, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
        title(left, color=ft.Colors.ERROR if over else None),
    ]
    if over:
        head.insert(1, ft.Icon(ft.Icons.WARNING_AMBER, size=18, color=ft.Colors.ERROR))
    share = share_spent(budget["spent_minor"], available(budget))
    bar = meter(share, name, tone="bad" if over else "")
    person = whose(budget)
    rows: list[ft.Control] = [
        ft.Row(head, spacing=8),
        *([caption(person, max_lines=1, overflow=ft.TextOverflow.ELLIPSIS)] if person else []),
        ft.Semantics(exclude_semantics=True, content=bar),  # said below; the line is one button to screen readers
        caption(budget_details(budget), max_lines=3),
    ]
    line = ft.Container(
        ft.Column(rows, spacing=6, tight=True),
        padding=ft.Padding.symmetric(horizontal=12, vertical=10),
        border_radius=12,
        ink=True,
        on_click=lambda: set_opened(not opened),
    )
    if not opened:
        return line
    editor = BudgetEditor(budgets, ledger, category, budget["currency"], lambda: set_opened(False), budget)
    return ft.Column([line, ft.Container(editor, padding=8)], spacing=0, tight=True)
