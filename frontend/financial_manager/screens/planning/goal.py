"""One goal: how it stands, the amounts put aside, and what can be done with it."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import GoalOut
from frontend.financial_manager.goals_provider import GoalsProvider
from frontend.financial_manager.screens.parts.amounts import amount, amount_error, amount_input
from frontend.financial_manager.screens.parts.footer import footer
from frontend.financial_manager.screens.parts.gone import gone
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money
from frontend.financial_manager.screens.planning.goals import goal_parts
from frontend.i18n import calendar_day, parse_amount, tr
from frontend.kit import (
    GAP,
    Action,
    AllOf,
    Form,
    Screen,
    Tile,
    body,
    caption,
    card,
    confirm,
    danger_button,
    dialog,
    heading,
    navigate,
    primary_button,
    quiet_button,
    scroll_body,
    state_of,
    tile_group,
    toast,
    use_action,
)
from frontend.kit.standalone import standalone

ROOT = "/financial_manager"


@ft.component
def Goal() -> ft.Control:
    """Show the goal that the address names."""
    goal_id = ft.use_route_params()["goal_id"]
    ledger = use_ledger()
    goals = use_money(GoalsProvider, lambda one: one.load())
    goal = goals.goal(goal_id)
    put, take, remove = _use_work(goals, goal)

    def content() -> ft.Control:
        if goal is None:
            return gone(ft.Icons.SAVINGS_OUTLINED, tr("This goal is not here."), "/financial_manager/goals")
        account = ledger.account(goal["account_id"])
        parts: list[ft.Control] = [card(*goal_parts(goal, ledger))]
        if account is not None:
            parts.append(caption(tr("What {account} holds counts.", account=account["name"])))
        elif goal["amounts"]:
            parts.append(heading(tr("Put aside")))
            tiles = [
                Tile(calendar_day(one["date"]), one["note"], trailing=amount(one["amount_minor"], goal["currency"]))
                for one in goal["amounts"]
            ]
            parts.append(tile_group(tiles))
        if goal["note"]:
            parts.append(body(goal["note"]))
        return scroll_body(*parts, spacing=GAP * 1.25)

    buttons: list[ft.Control] = []
    if goal is not None:
        buttons.append(danger_button(tr("Delete"), remove))
        if goal["account_id"] is None:
            buttons += [quiet_button(tr("Take out"), take), primary_button(tr("Put aside"), put)]
    return Screen(
        goal["name"] if goal is not None else tr("Goal"),
        state_of(AllOf(goals, ledger), content),
        back=f"{ROOT}/goals",
        footer=footer(*buttons) if buttons else None,
    )


def _use_work(goals: GoalsProvider, goal: GoalOut | None) -> tuple[Action, Action, Action]:
    """Return what can be done: put aside, take out, delete."""

    async def move(sign: int, name: str) -> None:
        if goal is not None and (minor := await _ask_amount(goal, name)) is not None:
            await goals.put_aside(goal, sign * minor)

    async def put() -> None:
        await move(1, tr("Put aside"))

    async def take() -> None:
        await move(-1, tr("Take out"))

    async def delete() -> None:
        text = tr("What was put aside for it is forgotten; no money moves. The list of changes brings it back.")
        if goal is not None and await confirm(tr("Delete {name}?", name=goal["name"]), text, tr("Delete"), danger=True):
            await goals.delete(goal)
            navigate(f"{ROOT}/goals")

    return use_action(put), use_action(take), use_action(delete)


async def _ask_amount(goal: GoalOut, name: str) -> int | None:
    """Ask for an amount; None where it was dismissed or is none."""
    form = Form()
    if await dialog(name, lambda close: standalone(_Amount, form, goal), actions=[(name, "typed")]) != "typed":
        return None
    if said := amount_error(form["amount"], goal["currency"]):
        toast(said, error=True)
        return None
    return abs(parse_amount(form["amount"], goal["currency"]) or 0) or None


@ft.component
def _Amount(form: Form, goal: GoalOut) -> ft.Control:
    return ft.Column(
        [
            body(tr("No money moves: it only says what of it is meant for this goal."), muted=True),
            amount_input(form, "amount", tr("Amount"), goal["currency"], autofocus=True),
        ],
        spacing=12,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
