"""Asking closer about one suggestion: why there, and where else after a no."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import ItemOut
from frontend.file_organizer.asking_provider import AskingProvider
from frontend.file_organizer.review_provider import ReviewProvider
from frontend.file_organizer.suggestion_words import name_of, readable
from frontend.i18n import current_language, tr, tr_server, trn
from frontend.kit import (
    body,
    caption,
    quiet_button,
    toast,
    tonal_button,
    use_action,
    use_provider,
    use_session,
)
from frontend.kit.actions import busy_text

ASKABLE = ("suggested", "asking", "rejected")


@ft.component
def AskWhy(plan_id: str, item: ItemOut) -> ft.Control:
    """Offer to ask why, and show the answer: an AI's sentence where there is one, and Homie's own evidence."""
    asking = use_provider(use_session().of(AskingProvider))
    found = asking.whys.get(item["id"])

    async def look() -> None:
        progress = await asking.why(plan_id, item["id"], current_language())
        if progress.state != "done":
            toast(tr_server(progress.error) or tr("There was no answer. Try it again."), error=True)

    ask = use_action(look)
    name = name_of(item["source"])
    if found is None:
        text = busy_text(ask, tr("Tell me more"))
        return ft.Row([quiet_button(text, ask, icon=ft.Icons.HELP_OUTLINE, about=name)])
    lines: list[ft.Control] = []
    if found["by"] == "ai" and found["sentence"]:
        lines += [
            body(str(found["sentence"])),
            caption(tr("Said by the AI ({model})", model=str(found["model"] or ""))),
        ]
    said_already = readable(item["reason"]).rstrip(".").casefold()
    for point in found["points"]:
        if readable(str(point)).rstrip(".").casefold() in said_already:
            continue  # it stands above, as the reason
        lines.append(
            ft.Row(
                [
                    ft.Icon(ft.Icons.ARROW_RIGHT, size=18, color=ft.Colors.ON_SURFACE_VARIANT),
                    body(tr_server(readable(str(point))), expand=True),
                ],
                spacing=4,
                vertical_alignment=ft.CrossAxisAlignment.START,
            )
        )
    if found["notice"]:
        lines.append(caption(tr_server(str(found["notice"]))))
    if not lines:
        lines.append(body(tr("Homie knows no more about it."), muted=True))
    return ft.Semantics(live_region=True, container=True, content=ft.Column(lines, spacing=6, tight=True))


@ft.component
def AnotherIdea(review: ReviewProvider, item: ItemOut) -> ft.Control:
    """Ask for another folder than the one that is not wanted."""
    asking = use_session().of(AskingProvider)

    async def look() -> None:
        said(await asking.other_ideas(review.plan_id, [item["id"]]))
        await review.load()
        await review.show_item(item["id"])

    ask = use_action(look)
    return ft.Row(
        [
            tonal_button(
                busy_text(ask, tr("Another idea")), ask, icon=ft.Icons.LIGHTBULB_OUTLINE, about=name_of(item["source"])
            )
        ]
    )


@ft.component
def OtherIdeas(review: ReviewProvider) -> ft.Control:
    """Ask for other folders for all rejected files that are listed, at once."""
    use_provider(review.items)
    asking = use_session().of(AskingProvider)
    ids = [one["id"] for one in review.items.items if one["lead"] and one["state"] == "rejected"][:200]

    async def look() -> None:
        said(await asking.other_ideas(review.plan_id, ids))
        await review.load()

    ask = use_action(look)
    if not ids:
        return ft.Container(height=0)
    text = trn("Another idea for {n} file", "Other ideas for {n} files", len(ids))
    return ft.Row([tonal_button(busy_text(ask, text), ask, icon=ft.Icons.LIGHTBULB_OUTLINE)])


def said(found: dict[str, Any]) -> None:
    """Say what came of asking for other ideas."""
    got, none = len(found.get("found", ())), len(found.get("none", ()))
    if got:
        text = trn("There is another idea for {n} file.", "There are other ideas for {n} files.", got)
    else:
        text = tr("There is no other idea. Choose a folder yourself.")
    if got and none:
        text = f"{text} " + trn("None for {n}.", "None for {n}.", none)
    toast(text)
