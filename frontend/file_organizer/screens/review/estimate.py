"""What asking the AI about a folder would take, before anything is asked: files, questions, tokens, money."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import flet as ft

from frontend.file_organizer.asking_provider import AskingProvider
from frontend.i18n import count, tr, tr_server, trn
from frontend.kit import (
    Live,
    body,
    caption,
    card,
    meter,
    navigate,
    notice,
    quiet_button,
    title,
    tonal_button,
    use_action,
    use_mount,
    use_provider,
    use_session,
)
from frontend.kit.actions import busy_text
from frontend.kit.ai_words import dollars
from frontend.providers.jobs_provider import JobProgress


@ft.component
def Estimate(path: str, into: str, deep: bool, threshold: float | None) -> ft.Control:
    """Offer to look what a scan with AI would take, and show it."""
    asking = use_provider(use_session().of(AskingProvider))

    def forget() -> None:
        asking.estimating = None

    use_mount(forget, [path, into, deep, threshold])

    async def look() -> None:
        await asking.estimate(path, into or None, deep=deep, threshold=threshold)

    start = use_action(look)
    stop = use_action(asking.stop_estimate)
    ways = ft.Row(
        [
            tonal_button(busy_text(start, tr("What would it cost?")), start, icon=ft.Icons.CALCULATE_OUTLINED),
            quiet_button(
                tr("See what would be sent"),
                lambda: navigate(f"/file_organizer/settings/preview?{urlencode({'path': path})}"),
                icon=ft.Icons.VISIBILITY_OUTLINED,
            ),
        ],
        wrap=True,
        spacing=8,
        run_spacing=4,
    )
    parts: list[ft.Control] = [
        title(tr("Before the AI is asked")),
        body(tr("Homie can look first how much there would be to ask. Looking sends nothing."), muted=True),
    ]
    if asking.estimating is not None:

        def shown(progress: JobProgress) -> ft.Control:
            if progress.live:
                seen = int(progress.counts.get("files", 0))
                words = trn("{n} file seen", "{n} files seen", seen) if seen else tr("Starting…")
                return ft.Column(
                    [
                        meter(progress.fraction, tr("Looking how much there would be to ask")),
                        ft.Row([body(words, muted=True, expand=True), quiet_button(tr("Stop"), stop)]),
                    ],
                    spacing=8,
                    tight=True,
                )
            return estimated(progress)

        parts.append(Live(asking.estimating, shown))
    parts.append(ways)
    return card(*parts)


def estimated(progress: JobProgress) -> ft.Control:
    """Show an estimate in words, or why there is none."""
    found = progress.result
    if progress.state == "cancelled":
        return body(tr("Stopped. Nothing was sent."), muted=True)
    if progress.state != "done" or found is None:
        words = tr_server(progress.error) or tr("It could not be found out. Try it again.")
        return notice(words, "bad", ft.Icons.ERROR_OUTLINE)
    lines: list[ft.Control] = []
    calls, unsure = int(found["calls"]), int(found["unsure"])
    if not calls:
        words = (
            tr("Nothing would be asked: the AI has answered about all unclear files before.")
            if found["known_items"]
            else tr("Nothing would be asked: Homie is sure of the files that may be asked about.")
        )
        lines.append(notice(words, "good", ft.Icons.CHECK_CIRCLE_OUTLINE))
    else:
        files = trn("{n} unclear file", "{n} unclear files", unsure)
        asked = trn("{n} question", "{n} questions", calls)
        lines.append(body(f"{files} · {asked}"))
        tokens = count(int(found["input_tokens"]) + int(found["output_tokens"]))
        lines.append(caption(tr("About {tokens} tokens", tokens=tokens)))
        lines.append(_cost(found))
        if not found["would_send"]:
            lines.append(caption(tr_server(str(found["reason"]))))
    if found["known_items"] and calls:
        lines.append(
            caption(trn("{n} file was asked about before.", "{n} files were asked about before.", found["known_items"]))
        )
    if found["private"]:
        text = trn("{n} file lies in a closed folder.", "{n} files lie in closed folders.", int(found["private"]))
        lines.append(caption(text))
    if found["speaking"]:
        lines.append(
            caption(
                trn(
                    "{n} file is not asked about: its text looks like an order to a machine.",
                    "{n} files are not asked about: their text looks like orders to a machine.",
                    int(found["speaking"]),
                )
            )
        )
    if not found["complete"]:
        lines.append(caption(tr("This folder is very large; only its first part was looked at.")))
    return ft.Semantics(live_region=True, container=True, content=ft.Column(lines, spacing=4, tight=True, expand=False))


def _cost(found: dict[str, Any]) -> ft.Control:
    cost = found["cost_micro_usd"]
    if cost is None:
        words = tr(
            "The cost is unknown: no price is known for this model. An administrator can enter one in the AI settings."
        )
        return notice(words, "warn", ft.Icons.HELP_OUTLINE)
    if not cost:
        return body(tr("It costs nothing: the AI server is in your own network."))
    parts = tr("About {cost}, at most {most}", cost=dollars(cost), most=dollars(found["most_cost_micro_usd"] or 0))
    left = found["budget_left_micro_usd"]
    if left is not None and left < (found["most_cost_micro_usd"] or 0):
        return notice(
            tr(
                "{cost}. That may be more than is left of this month's budget; Homie then decides by itself.",
                cost=parts,
            ),
            "warn",
            ft.Icons.SAVINGS_OUTLINED,
        )
    return body(parts)
