"""Ask the AI about the inbox: first all that it would be told, then, only on a touch, the question."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import AskPreviewOut, SentPayeeOut
from frontend.financial_manager.asking_provider import AskingProvider
from frontend.financial_manager.inbox_provider import InboxProvider
from frontend.financial_manager.places import ROOT
from frontend.financial_manager.screens.parts.footer import footer
from frontend.financial_manager.screens.parts.use_money import use_money
from frontend.i18n import tr, tr_server, trn
from frontend.kit import (
    GAP,
    Action,
    Screen,
    body,
    caption,
    card,
    confirm,
    empty_state,
    navigate,
    notice,
    primary_button,
    quiet_button,
    scroll_body,
    section,
    state_of,
    toast,
    use_action,
    use_session,
)
from frontend.kit.ai_words import dollars, provider_name
from frontend.kit.facts import facts

BACK = f"{ROOT}/inbox"


@ft.component
def AskInbox() -> ft.Control:
    """Show what would be sent, and offer to send it."""
    asking = use_money(AskingProvider, lambda one: one.load())
    inbox = use_session().of(InboxProvider)
    failed, set_failed = ft.use_state("")

    async def ask() -> None:
        set_failed("")
        told = await asking.ask()
        if told["notice"]:
            set_failed(told["notice"])
            return
        inbox.stand_in(asking.space)
        inbox.hear(told["unsure"])
        toast(trn("{n} booking is filed as the AI said.", "{n} bookings are filed as the AI said.", told["filed"]))
        navigate(BACK)

    async def agree() -> None:
        text = tr(
            "Homie sends words of a payee's name, a rough amount such as 20–50, and whether it was paid or received. "
            "Never account numbers, days, exact amounts, or names of people that you sent money to."
        )
        if await confirm(tr("Let the AI help with money?"), text, tr("I agree")):
            await asking.agree()

    act, consent = use_action(ask), use_action(agree)
    shown = asking.preview
    return Screen(
        tr("Ask the AI"),
        state_of(asking, lambda: _content(shown, failed), retry=asking.load),
        back=BACK,
        footer=_buttons(shown, act, consent) if shown is not None and shown["payees"] else None,
    )


def _content(shown: AskPreviewOut | None, failed: str) -> ft.Control:
    if shown is None or not shown["payees"]:
        return empty_state(
            ft.Icons.AUTO_AWESOME_OUTLINED,
            tr("Nothing to ask about"),
            tr("What waits has no payee, or may be money to people: that stays in the house."),
            quiet_button(tr("To the inbox"), lambda: navigate(BACK)),
        )
    parts: list[ft.Control] = []
    if failed:
        parts.append(notice(tr_server(failed), "bad"))
    if not shown["would_send"]:
        parts.append(notice(tr_server(shown["reason"]), "warn"))
    lines: list[ft.Control] = [_payee(one) for one in shown["payees"]]
    parts.append(facts(_facts(shown)))
    parts.append(section(tr("This is all that it is told"), card(ft.Column(lines, spacing=8, tight=True))))
    if shown["body"]:
        parts.append(ExactText(shown["body"]))
    return scroll_body(*parts, spacing=GAP * 1.25)


def _facts(shown: AskPreviewOut) -> list[tuple[str, str]]:
    cost = shown["cost_micro_usd"]
    known = [
        (tr("Whom"), provider_name(shown["provider"]) if shown["provider"] != "none" else ""),
        (tr("Model"), shown["model"] or ""),
        (tr("Bookings"), str(shown["bookings"])),
        (tr("Answered before"), str(shown["known_payees"] or "")),
        (tr("Asked another time"), str(shown["left"] or "")),
        (tr("Cost"), dollars(cost) if cost else tr("nothing") if cost == 0 else tr("not known")),
    ]
    return [(name, value) for name, value in known if value]


def _payee(one: SentPayeeOut) -> ft.Control:
    way = tr("received") if one["direction"] == "in" else tr("paid")
    return ft.Row([ft.Container(body(one["text"]), expand=True), caption(f"{one['amount']}, {way}")], spacing=12)


def _buttons(shown: AskPreviewOut, ask: Action, consent: Action) -> ft.Control:
    if shown["state"] == "not_opted_in":
        return footer(primary_button(tr("Let the AI help"), consent))
    text = trn("Ask about {n} payee", "Ask about {n} payees", len(shown["payees"]))
    return footer(primary_button(text, ask, disabled=shown["state"] != "ready"))


@ft.component
def ExactText(text: str) -> ft.Control:
    """Show the request as it is sent, where somebody asks for it."""
    shown, show = ft.use_state(False)
    name = tr("Hide the exact text") if shown else tr("Show the exact text")
    parts: list[ft.Control] = [ft.Row([quiet_button(name, lambda: show(not shown), icon=ft.Icons.DATA_OBJECT)])]
    if shown:
        small = ft.TextThemeStyle.BODY_SMALL
        parts.append(card(ft.SelectionArea(content=ft.Text(text, font_family="monospace", theme_style=small))))
    return ft.Column(parts, spacing=8, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
