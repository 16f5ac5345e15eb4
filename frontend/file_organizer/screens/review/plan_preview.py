"""Before anything happens: what moves, where, what is new, what is in the way, and whether there is room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import flet as ft

from frontend.api.errors import ApiError
from frontend.api.generated.schemas import ConflictOut, PlanPreviewOut, SpaceNeedOut, VolumePath
from frontend.file_organizer.review_provider import ReviewProvider
from frontend.file_organizer.suggestion_words import crumbs, name_of, shortened
from frontend.i18n import count, size, tr, tr_server, trn
from frontend.kit import (
    GAP,
    Screen,
    body,
    caption,
    card,
    chip,
    empty_state,
    error_state,
    icon_badge,
    key_figure,
    loading_state,
    meter,
    navigate,
    notice,
    primary_button,
    quiet_button,
    scroll_body,
    section,
    title,
    tonal_button,
    use_action,
    use_mount,
    use_provider,
    use_session,
)

_SHOWN = 8
"""Examples that are shown before "Show all"."""
_SKIPPED = ("changed", "gone", "drive_away", "not_writable")


@ft.component
def PlanPreview() -> ft.Control:
    """Say what will happen, and let it happen."""
    plan_id = ft.use_route_params()["plan_id"]
    review = use_provider(use_session().of(ReviewProvider))
    problem, set_problem = ft.use_state(_none)
    back = f"/file_organizer/plans/{plan_id}"

    async def load() -> None:
        set_problem(lambda _: None)
        try:
            if review.plan_id != plan_id or review.plan is None:
                await review.open(plan_id)
            if review.plan is not None:
                await review.load_preview()
        except ApiError as error:
            caught = error
            set_problem(lambda _: caught)

    async def begin() -> None:
        preview = review.preview
        await review.execute(skip_changed=bool(preview and _skips(preview)))
        navigate(back)

    use_mount(load, [plan_id])
    start = use_action(begin)
    preview = review.preview if review.plan_id == plan_id else None
    if preview is None:
        wrong = problem or (review.error if review.plan is None else None)
        return Screen(tr("What will happen"), error_state(wrong, load) if wrong else loading_state(5), back=back)
    if not preview["accepted"]:
        nothing = empty_state(
            ft.Icons.INBOX_OUTLINED,
            tr("Nothing is accepted yet"),
            tr("Accept suggestions first. Only what you accept is moved."),
            primary_button(tr("Back to the suggestions"), lambda: navigate(back)),
        )
        return Screen(tr("What will happen"), nothing, back=back)
    moving = preview["accepted"] - _skips(preview)
    footer = ft.Row(
        [
            ft.Container(tonal_button(tr("Not yet"), lambda: navigate(back)), expand=2),
            ft.Container(
                primary_button(
                    trn("Move {n} file", "Move {n} files", moving),
                    start,
                    icon=ft.Icons.DRIVE_FILE_MOVE_OUTLINED,
                    disabled=moving <= 0 or not all(one["enough"] or not one["online"] for one in preview["spaces"]),
                ),
                expand=3,
            ),
        ],
        spacing=8,
    )
    return Screen(
        tr("What will happen"),
        scroll_body(*_parts(review, preview, moving), spacing=GAP * 1.25),
        subtitle=review.plan["title"] if review.plan else "",
        back=back,
        footer=footer,
    )


def _skips(preview: PlanPreviewOut) -> int:
    """Return how many of the conflicts that are known leave their file where it is."""
    return sum(1 for one in preview["conflict_examples"] if one["kind"] in _SKIPPED)


def _parts(review: ReviewProvider, preview: PlanPreviewOut, moving: int) -> list[ft.Control]:
    figures = [key_figure(count(moving), trn("file moves", "files move", moving))]
    if preview["new_folders"]:
        figures.append(
            key_figure(count(preview["new_folders"]), trn("new folder", "new folders", preview["new_folders"]))
        )
    figures.append(key_figure(size(preview["bytes"]), tr("in all")))
    parts: list[ft.Control] = [
        card(ft.Row(figures, spacing=GAP * 2, run_spacing=GAP, wrap=True)),
        notice(
            tr("Nothing is deleted or overwritten, and you can put everything back afterwards."),
            "accent",
            ft.Icons.SHIELD_OUTLINED,
        ),
    ]
    if preview["spaces"]:
        parts.append(section(tr("Where to"), *[_space(one) for one in preview["spaces"]]))
    if preview["conflicts"]:
        parts.append(_conflicts(review, preview))
    if preview["new_folder_examples"]:
        parts.append(_new_folders(review, preview["new_folder_examples"], preview["new_folders"]))
    if preview["undecided"]:
        parts.append(
            body(
                trn(
                    "{n} file is not decided yet. It stays where it is.",
                    "{n} files are not decided yet. They stay where they are.",
                    preview["undecided"],
                ),
                muted=True,
            )
        )
    if not preview["complete"]:
        parts.append(
            body(
                tr("This is a very large plan. Homie looked at the first part, and checks each file again."), muted=True
            )
        )
    return parts


def _space(one: SpaceNeedOut) -> ft.Control:
    free, needed = one["free"], one["needed"]
    if not one["online"]:
        state: ft.Control = chip(tr("Not connected"), "bad", ft.Icons.USB_OFF_OUTLINED)
        said = tr("Connect this drive first. Its files wait.")
    elif not one["enough"]:
        state = chip(tr("Too full"), "bad", ft.Icons.ERROR_OUTLINE)
        said = tr("Needs {needed}, but only {free} is free. Make room first.", needed=size(needed), free=size(free))
    elif needed:
        state = chip(tr("Enough room"), "good", ft.Icons.CHECK)
        said = tr("Needs {needed}; {free} is free.", needed=size(needed), free=size(free))
    else:
        state = chip(tr("Same drive"), "good", ft.Icons.CHECK)
        said = tr("Needs no extra room; {free} is free.", free=size(free))
    lines: list[ft.Control] = [title(one["label"], max_lines=1, overflow=ft.TextOverflow.ELLIPSIS), caption(said)]
    if needed and free:
        lines.append(meter(min(1.0, needed / free), tr("Of the free space"), tone="" if one["enough"] else "bad"))
    return card(
        ft.Row(
            [
                icon_badge(ft.Icons.STORAGE if one["online"] else ft.Icons.USB_OFF_OUTLINED),
                ft.Column(lines, spacing=4, tight=True, expand=True),
                state,
            ],
            spacing=12,
        ),
        padding=12,
    )


def _conflicts(review: ReviewProvider, preview: PlanPreviewOut) -> ft.Control:
    rows = [_conflict(review, one) for one in preview["conflict_examples"][: _SHOWN * 2]]
    more = preview["conflicts"] - len(rows)
    if more > 0:
        rows.append(caption(trn("and {n} more", "and {n} more", more)))
    return section(
        trn("{n} file needs a look", "{n} files need a look", preview["conflicts"]),
        card(ft.Column(rows, spacing=12, tight=True)),
    )


def _conflict(review: ReviewProvider, one: ConflictOut) -> ft.Control:
    stays = one["kind"] in _SKIPPED

    async def look() -> None:
        navigate(f"/file_organizer/plans/{review.plan_id}/items/{one['item_id']}")

    return ft.Row(
        [
            ft.Icon(
                ft.Icons.SKIP_NEXT_OUTLINED if stays else ft.Icons.CONTENT_COPY,
                size=20,
                color=ft.Colors.ERROR if stays else ft.Colors.PRIMARY,
            ),
            ft.Column(
                [title(shortened(name_of(one["source"])), max_lines=1), caption(tr_server(one["text"]))],
                spacing=0,
                tight=True,
                expand=True,
            ),
            quiet_button(tr("Look"), look, about=name_of(one["source"])),
        ],
        spacing=12,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _new_folders(review: ReviewProvider, places: Sequence[VolumePath], total: int) -> ft.Control:
    shown = sorted(places, key=lambda one: one["path"])[:_SHOWN]
    rows: list[ft.Control] = [
        ft.Row(
            [
                ft.Icon(ft.Icons.CREATE_NEW_FOLDER_OUTLINED, size=20, color=ft.Colors.PRIMARY),
                body(crumbs(one, most=60), expand=True, max_lines=1, overflow=ft.TextOverflow.ELLIPSIS),
            ],
            spacing=12,
        )
        for one in shown
    ]
    if total > len(shown):
        rows.append(caption(trn("and {n} more", "and {n} more", total - len(shown))))
    return section(tr("New folders"), card(ft.Column(rows, spacing=10, tight=True)))


def _none() -> Any:
    return None
