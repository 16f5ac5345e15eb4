"""Artificial intelligence: off, in the house or in the cloud; who agreed; what it cost; what left the house."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import MonthOut, OptInOut, UsageOut
from frontend.i18n import count, tr, tr_server
from frontend.kit import (
    Screen,
    Tile,
    body,
    caption,
    card,
    chip,
    confirm,
    icon_badge,
    meter,
    navigate,
    scroll_body,
    section,
    state_of,
    tile_group,
    title,
    toggle,
    use_action,
    use_mount,
    use_provider,
    use_session,
)
from frontend.screens.ai_household import HouseholdAi

MICRO = 1_000_000


def money(micro_usd: int) -> str:
    """Write millionths of a US dollar as an amount."""
    return tr("{amount} US dollars", amount=f"{micro_usd / MICRO:.2f}")


@ft.component
def AiSettings() -> ft.Control:
    """Show everything about AI: the household's choice for administrators, agreements and record for everybody."""
    session = use_session()
    ai = use_provider(session.ai)
    auth = use_provider(session.auth)
    modules = use_provider(session.modules)

    async def load() -> None:
        if auth.is_admin:
            await ai.load_settings()
        await ai.load()
        if not ai.error:
            await ai.load_agreements(tuple(one["id"] for one in modules.modules if one["enabled"]))

    use_mount(load)

    def content() -> ft.Control:
        parts: list[ft.Control] = [_promise()]
        if auth.is_admin and ai.settings is not None:
            parts.append(HouseholdAi())
        parts.append(Agreements())
        if ai.usage is not None:
            parts.append(section(tr("What it cost"), _usage(ai.usage)))
        seen = Tile(
            tr("Exactly what was sent"),
            tr("Every request, word for word, and erasing it"),
            ft.Icons.RECEIPT_LONG_OUTLINED,
            lambda: navigate("/settings/ai/sent"),
        )
        parts.append(tile_group([seen]))
        return scroll_body(*parts)

    return Screen(tr("Artificial intelligence"), state_of(ai, content, retry=load), back="/more")


def _promise() -> ft.Control:
    return card(
        ft.Row(
            [
                icon_badge(ft.Icons.HOME_OUTLINED, "good"),
                ft.Column(
                    [
                        title(tr("Homie thinks at home")),
                        body(
                            tr(
                                "It works completely without any AI service. One can help with what Homie does not "
                                "know by itself, and only if two people say yes: an administrator chooses a service, "
                                "and the owner of a space agrees for each module. Both can be taken back at any time."
                            ),
                            muted=True,
                        ),
                    ],
                    spacing=6,
                    tight=True,
                    expand=True,
                ),
            ],
            spacing=16,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    )


@ft.component
def Agreements() -> ft.Control:
    """Agree for each module of the person's space, or withdraw."""
    session = use_session()
    ai = use_provider(session.ai)
    modules = use_provider(session.modules)
    names = {one["id"]: tr_server(one["title"]) for one in modules.modules}

    async def decide(of: OptInOut, on: bool) -> None:
        name = names.get(of["module"], of["module"])
        if on and not await confirm(tr("May {name} ask the AI?", name=name), _leaves(of["provider"]), tr("Agree")):
            await ai.load_agreements(tuple(one["module"] for one in ai.agreements))
            return
        await ai.agree(of["module"], on)

    change = use_action(decide)

    def line(of: OptInOut) -> ft.Control:
        async def switched(on: bool) -> None:
            await change(None, of, on)

        return toggle(names.get(of["module"], of["module"]), of["enabled"], switched, about=tr_server(of["text"]))

    if not ai.agreements:
        return ft.Container(height=0)
    return section(
        tr("Who may ask"),
        card(ft.Column([line(one) for one in ai.agreements], spacing=0, tight=True), padding=4),
        caption(tr("This counts for the space that you are in. Each space decides for itself.")),
    )


def _leaves(provider: str) -> str:
    """Say honestly what leaves the house if one agrees."""
    to = {
        "gemini": tr("It goes over the internet to Google. What Google does with it is governed by Google's terms."),
        "openai": tr(
            "It goes to the server whose address your administrator entered. If it is yours, it stays with you."
        ),
    }.get(provider, tr("No service is chosen at present, so nothing is sent before an administrator chooses one."))
    what = tr(
        "Sent are, for up to 40 files per question: names, sizes, dates, kinds, short excerpts if you allow them, and "
        "the names of the folders to choose from. Addresses, account and phone numbers and the names on your list are "
        "hidden first. Never sent: files themselves, full paths, anything of other spaces, passwords or keys. A name "
        "that nobody listed is not recognised."
    )
    return f"{what}\n\n{to}"


def _usage(of: UsageOut) -> ft.Control:
    parts: list[ft.Control] = []
    mine = of["household_month"]
    budget = of["monthly_budget_micro_usd"]
    if mine is not None and budget:
        share = min(1.0, mine["cost_micro_usd"] / budget)
        words = tr(
            "The household this month: {cost} of {budget}", cost=money(mine["cost_micro_usd"]), budget=money(budget)
        )
        parts += [body(words), meter(share, tr("Budget of this month"), tone="bad" if share > 0.9 else "")]
    parts += [_month(one) for one in of["months"][:12]]
    if not of["months"]:
        parts.append(body(tr("Nothing so far: no question was ever sent."), muted=True))
    return card(*parts)


def _month(of: MonthOut) -> ft.Control:
    tokens = count(of["input_tokens"] + of["output_tokens"])
    return ft.Row(
        [
            body(of["month"], expand=True),
            caption(tr("{calls} questions, {tokens} tokens", calls=count(of["calls"]), tokens=tokens)),
            chip(money(of["cost_micro_usd"])),
        ],
        spacing=8,
        wrap=False,
    )
