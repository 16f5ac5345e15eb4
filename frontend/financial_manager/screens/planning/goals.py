"""What is saved for: each goal with its bar, what is needed each month, on track or not."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import GoalOut
from frontend.financial_manager.goals_provider import GoalsProvider
from frontend.financial_manager.insight_words import sentence
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money
from frontend.i18n import money, tr
from frontend.kit import (
    AllOf,
    Screen,
    body,
    caption,
    card,
    empty_state,
    icon_action,
    meter,
    navigate,
    primary_button,
    scroll_body,
    state_of,
    title,
)

ROOT = "/financial_manager"


@ft.component
def Goals() -> ft.Control:
    """Show the goals, the most urgent first."""
    ledger = use_ledger()
    goals = use_money(GoalsProvider, lambda one: one.load())

    def content() -> ft.Control:
        return scroll_body(*(_goal(one, ledger) for one in goals.goals))

    add = icon_action(ft.Icons.ADD, tr("Add goal"), lambda: navigate(f"{ROOT}/goals/new"))
    return Screen(
        tr("Goals"),
        state_of(AllOf(goals, ledger), content, is_empty=not goals.goals, empty=_nothing),
        back=f"{ROOT}/accounts",
        actions=[add] if goals.goals else [],  # where there is none, the page itself offers it
    )


def _nothing() -> ft.Control:
    return empty_state(
        ft.Icons.SAVINGS_OUTLINED,
        tr("No goals yet"),
        tr("Say what you save for and until when: Homie says what is needed each month."),
        primary_button(tr("Add goal"), lambda: navigate(f"{ROOT}/goals/new"), icon=ft.Icons.ADD),
    )


def _goal(one: GoalOut, ledger: LedgerProvider) -> ft.Control:
    return card(
        title(one["name"]),
        *goal_parts(one, ledger),
        on_click=lambda: navigate(f"{ROOT}/goals/{one['id']}"),
        key=one["id"],
    )


def goal_parts(one: GoalOut, ledger: LedgerProvider) -> list[ft.Control]:
    """Return how a goal stands: amounts, a bar, and the hub's words."""
    saved, target = money(one["saved_minor"], one["currency"]), money(one["target_minor"], one["currency"])
    share = min(1.0, max(0.0, one["saved_minor"] / one["target_minor"]))
    tone = "warn" if one["on_track"] is False and not one["reached"] else ""
    return [
        caption(tr("{saved} of {target}", saved=saved, target=target)),
        meter(share, one["name"], tone=tone),
        *(body(sentence(text, ledger)) for text in one["words"]),
    ]
