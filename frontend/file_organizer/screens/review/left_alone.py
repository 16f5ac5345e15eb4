"""What the scan saw and Homie will not touch, with the reason of each."""

from __future__ import annotations

import flet as ft

from frontend.file_organizer.review_provider import ReviewProvider
from frontend.file_organizer.suggestion_words import readable
from frontend.i18n import tr, tr_server, trn
from frontend.kit import (
    Screen,
    body,
    caption,
    card,
    empty_state,
    icon_badge,
    loading_state,
    scroll_body,
    state_of,
    title,
    use_mount,
    use_provider,
    use_session,
)


@ft.component
def LeftAlone() -> ft.Control:
    """List the reasons with counts and examples."""
    plan_id = ft.use_route_params()["plan_id"]
    review = use_provider(use_session().of(ReviewProvider))

    async def load() -> None:
        if review.plan_id != plan_id or review.plan is None:
            await review.open(plan_id)

    use_mount(load, [plan_id])
    name, back = tr("What Homie leaves alone"), f"/file_organizer/plans/{plan_id}"
    if review.plan is None or review.plan_id != plan_id:
        return Screen(name, state_of(review, lambda: loading_state(4), retry=load), back=back)
    reasons = review.plan["left_alone"]
    if not reasons:
        nothing = empty_state(ft.Icons.CHECK_CIRCLE_OUTLINE, tr("Nothing was left alone"))
        return Screen(name, nothing, back=back)
    said = tr("Homie never touches these: moving them could break something, or they are not finished.")
    cards = [_reason(reason, found) for reason, found in reasons.items()]
    return Screen(name, scroll_body(body(said, muted=True), *cards), subtitle=review.plan["title"], back=back)


def _reason(reason: str, found: dict[str, object]) -> ft.Control:
    examples = [readable(str(one)) for one in (found.get("examples") or ())][:5]  # type: ignore[attr-defined]
    number = int(str(found.get("count") or 0))
    lines: list[ft.Control] = [
        title(tr_server(reason[:1].upper() + reason[1:])),
        caption(trn("{n} thing", "{n} things", number)),
        *(caption(one, max_lines=1, overflow=ft.TextOverflow.ELLIPSIS) for one in examples),
    ]
    return card(
        ft.Row(
            [icon_badge(ft.Icons.SHIELD_OUTLINED), ft.Column(lines, spacing=2, tight=True, expand=True)],
            spacing=12,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        padding=12,
    )
