"""Rules for categories: the list in its order, each in a sentence; moving, switching, applying, deleting with undo."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import CategoryRuleOut
from frontend.financial_manager.category_rule_words import rule_sentence
from frontend.financial_manager.category_rules_provider import CategoryRulesProvider
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money, use_own_currency
from frontend.financial_manager.screens.parts.use_undo import use_undo_offer
from frontend.i18n import tr, trn
from frontend.kit import (
    AllOf,
    Screen,
    Tile,
    body,
    caption,
    card,
    chip,
    choose_sheet,
    confirm,
    empty_state,
    icon_action,
    keyed,
    navigate,
    primary_button,
    scroll_body,
    state_of,
    title,
    tonal_button,
    use_action,
)

ROOT = "/financial_manager"


@ft.component
def CategoryRules() -> ft.Control:
    """Show the rules."""
    ledger, own = use_ledger(), use_own_currency()
    rules = use_money(CategoryRulesProvider, lambda one: one.load())
    offer = use_undo_offer()

    async def apply() -> None:
        text = tr("The rules decide about what is booked already. What you said by hand stays.")
        if not await confirm(tr("Apply all rules now?"), text, tr("Apply")):
            return
        done = await rules.apply()
        if done["count"]:
            offer(trn("{n} booking changed.", "{n} bookings changed.", done["count"]), done["change_id"])
        else:
            offer(tr("Everything is as the rules say already."), None)

    applying = use_action(apply)

    def content() -> ft.Control:
        last = len(rules.rules) - 1
        rows = [
            keyed(RuleRow, one["id"], one, at, last, rules, ledger, own.currency, ledger.categories)
            for at, one in enumerate(rules.rules)
        ]
        return scroll_body(
            body(tr("The first rule that fits a booking decides. What you say by hand always stays."), muted=True),
            *rows,
            ft.Row(
                [
                    primary_button(tr("New rule"), _new, icon=ft.Icons.ADD),
                    tonal_button(tr("Apply to what is booked"), applying, icon=ft.Icons.PLAYLIST_ADD_CHECK),
                ],
                wrap=True,
            ),
        )

    return Screen(
        tr("Rules"),
        state_of(AllOf(rules, ledger, own), content, is_empty=not rules.rules, empty=_none_yet),
        back=f"{ROOT}/accounts",
    )


def _new() -> None:
    navigate(f"{ROOT}/rules/new")


def _none_yet() -> ft.Control:
    return empty_state(
        ft.Icons.RULE,
        tr("No rules yet"),
        tr("A rule files what comes in by itself: “Billa” goes to Groceries. You see first what it does."),
        primary_button(tr("New rule"), _new, icon=ft.Icons.ADD),
    )


@ft.component
def RuleRow(
    rule: CategoryRuleOut,
    at: int,
    last: int,
    rules: CategoryRulesProvider,
    ledger: LedgerProvider,
    own: str,
    *_names: Any,
) -> ft.Control:
    """Show one rule: its place, what it says, its switch, arrows, and what else can be done."""
    offer = use_undo_offer()
    switch = use_action(lambda on: rules.switch(rule, on))
    move = use_action(lambda index: rules.place(rule, index))
    place = f"{ROOT}/rules/{rule['id']}"

    async def delete() -> None:
        done = await rules.delete(rule)
        offer(tr("The rule “{name}” is deleted.", name=rule["name"]), done["change_id"])

    remove = use_action(delete)

    async def up() -> None:
        await move(None, at - 1)

    async def down() -> None:
        await move(None, at + 1)

    async def more() -> None:
        choices = [
            ("edit", Tile(tr("Change"), "", ft.Icons.EDIT_OUTLINED)),
            ("delete", Tile(tr("Delete"), tr("It can be brought back"), ft.Icons.DELETE_OUTLINE)),
        ]
        chosen = await choose_sheet(rule["name"], choices)
        if chosen == "edit":
            navigate(place)
        elif chosen == "delete":
            await remove()

    name = rule["name"]
    buttons: list[ft.Control] = [
        _switch(rule, switch),
        icon_action(ft.Icons.ARROW_UPWARD, tr("{name}: one up", name=name), up, disabled=at == 0),
        icon_action(ft.Icons.ARROW_DOWNWARD, tr("{name}: one down", name=name), down, disabled=at == last),
        icon_action(ft.Icons.MORE_VERT, tr("More for {name}", name=name), use_action(more)),
    ]
    row = ft.Row(buttons, spacing=0, alignment=ft.MainAxisAlignment.END)
    column = ft.Column(
        [_texts(rule, at, ledger, own), row], spacing=4, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )
    return card(column, on_click=lambda: navigate(place), padding=12)


def _switch(rule: CategoryRuleOut, switch: Any) -> ft.Control:
    async def switched(event: Any) -> None:
        await switch(None, bool(event.control.value))

    named = tr("Rule {name} is on", name=rule["name"])
    return ft.MergeSemantics(ft.Semantics(label=named, content=ft.Switch(value=rule["enabled"], on_change=switched)))


def _texts(rule: CategoryRuleOut, at: int, ledger: LedgerProvider, own: str) -> ft.Control:
    texts: list[ft.Control] = [
        title(f"{at + 1}. {rule['name']}", max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
        caption(rule_sentence(rule, ledger, own), max_lines=8, overflow=ft.TextOverflow.ELLIPSIS),
    ]
    if not rule["enabled"]:
        texts.append(ft.Row([chip(tr("Switched off"))], tight=True))
    return ft.Column(texts, spacing=4, tight=True)
