"""One request as it left the house: when, to whom, for what, what it came to, and its exact text."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import flet as ft

from frontend.api.generated.schemas import PayloadOut
from frontend.i18n import count, date_and_time, size, tr, tr_server, trn
from frontend.kit import (
    Screen,
    body,
    caption,
    card,
    chip,
    icon_badge,
    navigate,
    quiet_button,
    scroll_body,
    section,
    state_of,
    title,
    use_mount,
    use_provider,
    use_session,
)
from frontend.screens.ai_sent import LONGEST_SHOWN, pretty

MICRO = 1_000_000


@ft.component
def AiSentDetail() -> ft.Control:
    """Show one request closely."""
    session = use_session()
    ai = use_provider(session.ai)
    reading = use_provider(ai.payload_state)
    modules = use_provider(session.modules)
    payload_id = ft.use_route_params()["payload_id"]

    async def load() -> None:
        await ai.show_payload(payload_id)

    use_mount(load, [payload_id])
    shown = ai.payload if ai.payload is not None and ai.payload["id"] == payload_id else None

    def content() -> ft.Control:
        assert shown is not None
        names = {one["id"]: tr_server(one["title"]) for one in modules.modules}
        return scroll_body(_facts(shown, names.get(shown["module"], shown["module"])), _text(shown))

    if shown is None:
        return Screen(tr("One request"), state_of(reading, lambda: body(""), retry=load), back=_BACK)
    return Screen(tr("One request"), content(), subtitle=date_and_time(shown["sent_at"]), back=_BACK)


_BACK = "/settings/ai/sent"


def _facts(of: PayloadOut, module: str) -> ft.Control:
    tokens = of["input_tokens"] + of["output_tokens"]
    host = urlsplit(of["url"]).hostname or ""
    lines: list[ft.Control] = [
        ft.Row(
            [
                icon_badge(ft.Icons.NORTH_EAST, "neutral", size=48),
                ft.Column(
                    [
                        title(tr("To {server}", server=host)),
                        caption(tr("Model: {model}", model=of["model"])),
                    ],
                    spacing=2,
                    tight=True,
                    expand=True,
                ),
            ],
            spacing=12,
        ),
        ft.Row([_outcome(of["outcome"]), chip(cost_words(of["cost_micro_usd"]))], spacing=8, wrap=True),
        body(trn("About {n} file", "About {n} files", of["item_count"])),
        body(
            tr(
                "{tokens} tokens: {out} out of the house, {back} back",
                tokens=count(tokens),
                out=count(of["input_tokens"]),
                back=count(of["output_tokens"]),
            )
        ),
        body(tr("{size} of text", size=size(len(of["body"].encode("utf-8", "replace"))))),
        caption(tr("Asked by: {module}", module=module)),
    ]
    if of["requests"] > 1:
        lines.append(
            caption(
                trn(
                    "The figures are those of the whole question: {n} request, because one had to be repeated.",
                    "The figures are those of the whole question: {n} requests, because some had to be repeated.",
                    of["requests"],
                )
            )
        )
    if of["subject"]:
        route = f"/{of['module']}/{of['subject']}"
        lines.append(
            ft.Row([quiet_button(tr("Open what it was for"), lambda: navigate(route), icon=ft.Icons.OPEN_IN_NEW)])
        )
    return card(*lines)


def _outcome(outcome: str) -> ft.Control:
    if outcome == "answered":
        return chip(tr("Answered"), "good", ft.Icons.CHECK)
    if outcome == "pending":
        return chip(tr("No answer yet"), "warn", ft.Icons.HOURGLASS_EMPTY)
    return chip(tr("No usable answer; Homie decided by itself"), "warn", ft.Icons.HOME_OUTLINED)


def cost_words(micro_usd: int | None) -> str:
    """Write what a question cost; a price that nobody knows is said to be unknown."""
    if micro_usd is None:
        return tr("Cost unknown")
    if not micro_usd:
        return tr("Free of charge")
    amount = micro_usd / MICRO
    return tr("less than 1 US cent") if amount < 0.01 else tr("{amount} US dollars", amount=f"{amount:.2f}")


def _text(of: PayloadOut) -> ft.Control:
    text: Any = pretty(of["body"])
    parts: list[ft.Control] = [
        card(ft.SelectionArea(content=ft.Text(text, font_family="monospace", theme_style=ft.TextThemeStyle.BODY_SMALL)))
    ]
    if len(of["body"]) > LONGEST_SHOWN:
        parts.append(caption(tr("The text is longer than can be shown here; `homie ai log` prints all of it.")))
    return section(tr("Its exact text"), *parts)
