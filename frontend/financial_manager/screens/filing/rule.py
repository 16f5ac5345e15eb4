"""Change a rule for categories, and see before it is kept which bookings it would change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flet as ft

from frontend.financial_manager.category_names import category_title
from frontend.financial_manager.category_rule_words import currency_of_rule, rule_sentence, with_currency
from frontend.financial_manager.category_rules_provider import CategoryRulesProvider, is_whole
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.screens.filing.category_picker import pick_category
from frontend.financial_manager.screens.filing.rule_conditions import ConditionCard, fresh_condition
from frontend.financial_manager.screens.filing.rule_trial import Trial
from frontend.financial_manager.screens.parts.footer import footer
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money, use_own_currency
from frontend.i18n import tr
from frontend.kit import (
    AllOf,
    Screen,
    TextInput,
    body,
    caption,
    card,
    empty_state,
    filter_chips,
    heading,
    keyed,
    loading_state,
    navigate,
    notice,
    primary_button,
    quiet_button,
    scroll_body,
    state_of,
    tonal_button,
    use_action,
    use_form,
    use_loading,
    use_provider,
    use_session,
)

BACK = "/financial_manager/rules"


@ft.component
def CategoryRule() -> ft.Control:
    """Show the editor of the rule that the address names, or of a new one ("new")."""
    rule_id = ft.use_route_params()["category_rule_id"]
    session = use_session()
    ledger, own = use_ledger(), use_own_currency()
    there, set_there = ft.use_state("")
    rules = session.of(CategoryRulesProvider)
    opening = use_loading()

    async def read() -> None:
        set_there("")
        fresh: dict[str, Any] = {
            "match": "all", "enabled": True, "action": {"tags": []}, "conditions": [fresh_condition("text", ledger)],
        }  # fmt: skip
        found = await rules.open(None if rule_id == "new" else rule_id, fresh)
        if found is not None:
            set_there("yes" if found else "no")

    async def load() -> None:
        await opening.loading(read)

    use_money(CategoryRulesProvider, lambda _: load(), [rule_id])
    name = tr("New rule") if rule_id == "new" else tr("Change the rule")
    everything = AllOf((opening, load), ledger, own)
    if everything.loaded and there == "yes" and rules.draft is not None:
        return keyed(Editor, rule_id, name, rules, ledger, own.currency)
    return Screen(name, state_of(everything, _gone if there == "no" else loading_state), back=BACK)


def _gone() -> ft.Control:
    return empty_state(
        ft.Icons.RULE,
        tr("This rule is not here"),
        tr("It was deleted, or it belongs to another space."),
        primary_button(tr("All rules"), lambda: navigate(BACK)),
    )


@ft.component
def Editor(name: str, rules: CategoryRulesProvider, ledger: LedgerProvider, own: str) -> ft.Control:
    """Show name, conditions, what is done, and what that would mean. `own`: the household's own currency."""
    use_provider(rules)
    draft: Mapping[str, Any] = rules.draft or {"conditions": [], "action": {}, "match": "all"}
    form = use_form(name=str(draft.get("name", "")))
    wrong, set_wrong = ft.use_state("")

    async def save() -> None:
        now = rules.draft or {}
        if not is_whole(now):
            set_wrong(tr("Give each condition a value, and choose what the rule does."))
            return
        set_wrong("")
        await rules.save(form["name"].strip()[:120] or suggested_name(now, ledger))
        navigate(BACK)

    saving = use_action(save, done=tr("The rule is kept."))
    said: list[ft.Control] = [notice(wrong, "bad")] if wrong else []
    shown = {**draft, "category_id": draft["action"].get("category_id"), "tags": draft["action"].get("tags", [])}
    whole = is_whole(dict(draft))
    return Screen(
        name,
        scroll_body(
            ft.Container(
                TextInput(form, "name", tr("Name of the rule"), max_length=120, counter=""),
                padding=ft.Padding.only(top=8),
            ),
            heading(tr("If a booking fits this")),
            Conditions(rules, ledger, own),
            heading(tr("then")),
            ActionCard(rules, ledger),
            heading(tr("What this rule would do")),
            *([body(rule_sentence(shown, ledger, own), muted=True)] if whole else []),
            Trial(rules, ledger),
            *said,
        ),
        back=BACK,
        footer=footer(
            quiet_button(tr("Cancel"), lambda: navigate(BACK)),
            primary_button(tr("Keep the rule"), saving, icon=ft.Icons.CHECK),
        ),
    )


def suggested_name(draft: Mapping[str, Any], ledger: LedgerProvider) -> str:
    """Return a name for a rule that was given none."""
    values = draft["conditions"][0].get("values") if draft["conditions"] else None
    category = ledger.category(draft["action"].get("category_id"))
    if values and draft["conditions"][0]["what"] == "text":
        return str(values[0])[:120]
    return category_title(category) if category is not None else tr("Rule")


@ft.component
def Conditions(rules: CategoryRulesProvider, ledger: LedgerProvider, own: str) -> ft.Control:
    """Show the conditions, how they go together, and a way to add one."""
    use_provider(rules)
    draft: Mapping[str, Any] = rules.draft or {"conditions": []}
    conditions = list(draft["conditions"])
    currency = currency_of_rule(draft, ledger, own)
    count: Any = ft.use_ref(0)
    keys: Any = ft.use_ref(None)
    if keys.current is None:
        keys.current = [str(number) for number in range(len(conditions))]

    async def put(conditions: list[Mapping[str, Any]]) -> None:
        now = {**(rules.draft or draft), "conditions": conditions}
        await rules.change(conditions=with_currency(now, ledger, own))

    def set_condition(at: int) -> Any:
        async def changed(one: Mapping[str, Any]) -> None:
            now = (rules.draft or draft)["conditions"]
            await put([*now[:at], one, *now[at + 1 :]])

        return changed

    def remove(at: int) -> Any:
        async def gone(_: Any = None) -> None:
            del keys.current[at]
            now = (rules.draft or draft)["conditions"]
            await put([*now[:at], *now[at + 1 :]])

        return gone

    async def more(_: Any = None) -> None:
        count.current += 1
        keys.current.append(f"new-{count.current}")
        now = (rules.draft or draft)["conditions"]
        kind = "amount" if any(one["what"] == "text" for one in now) else "text"
        await put([*now, fresh_condition(kind, ledger, own)])

    async def match(value: str) -> None:
        now = {**(rules.draft or draft), "match": value}
        await rules.change(match=value, conditions=with_currency(now, ledger, own))

    every = [("all", tr("All must fit")), ("any", tr("One is enough"))]
    parts = [filter_chips(str(draft.get("match", "all")), every, match)] if len(conditions) > 1 else []
    for at, one in enumerate(conditions):
        taken = None if len(conditions) == 1 else remove(at)
        heard = set_condition(at)
        unit = currency or one.get("currency") or own
        parts.append(keyed(ConditionCard, keys.current[at], one, ledger, unit, heard, taken, at + 1))
    amounts = [one for one in conditions if one["what"] == "amount"]
    if not currency and amounts:
        kept = amounts[0].get("currency")
        said = (
            tr("Amounts count in {currency} only. A condition for the currency asks for another one.", currency=kept)
            if kept
            else tr("The number counts in every currency alike. A condition for the currency limits it to one.")
        )
        parts.append(caption(said, max_lines=3))
    parts.append(ft.Row([quiet_button(tr("Add a condition"), more, icon=ft.Icons.ADD)], wrap=True))
    return ft.Column(parts, spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


@ft.component
def ActionCard(rules: CategoryRulesProvider, ledger: LedgerProvider) -> ft.Control:
    """Choose the category, and tags."""
    use_provider(rules)
    action: Mapping[str, Any] = (rules.draft or {}).get("action", {})
    form = use_form(tags=", ".join(action.get("tags", ())))
    category = ledger.category(action.get("category_id"))

    async def put(**changes: Any) -> None:
        now = {**(rules.draft or {}).get("action", {}), **changes}
        await rules.change(action={key: value for key, value in now.items() if value is not None})

    async def choose() -> None:
        if (chosen := await pick_category(ledger)) is not None:
            await put(category_id=chosen)

    async def none() -> None:
        await put(category_id=None)

    async def typed(text: str) -> None:
        await put(tags=[part.strip()[:60] for part in text.split(",") if part.strip()][:20])

    said = tr("File under {category}", category=category_title(category)) if category else tr("Choose a category")
    buttons: list[ft.Control] = [tonal_button(said, use_action(choose), icon=ft.Icons.SELL_OUTLINED)]
    taking_away = use_action(none)
    if category is not None:
        buttons.append(quiet_button(tr("No category"), taking_away))
    tags = TextInput(form, "tags", tr("Tags, with commas between them"), on_change=typed)
    parts: list[ft.Control] = [ft.Row(buttons, wrap=True), tags]
    return card(ft.Column(parts, spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH))
