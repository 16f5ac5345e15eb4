"""Search: everything that the person may see, found while typing."""

from __future__ import annotations

import asyncio
from typing import Any

import flet as ft

from frontend.api.generated.schemas import SearchGroupOut, SearchHitOut, SearchOut
from frontend.i18n import tr, tr_server
from frontend.kit import (
    GAP,
    Screen,
    TextInput,
    Tile,
    body,
    caption,
    card,
    empty_state,
    error_state,
    heading,
    icon_action,
    loading_state,
    navigate,
    tile_group,
    use_form,
    use_keys,
    use_mount,
    use_provider,
    use_session,
)
from frontend.kit.theme import RADIUS, TARGET
from frontend.providers.recent_searches import RecentSearches
from frontend.screens.module_words import module_icon

PAUSE = 0.18
"""Seconds without a keystroke after which is asked: people type a letter in about that time."""

_ICONS = {
    "core.page": ft.Icons.ARTICLE_OUTLINED,
    "core.person": ft.Icons.PERSON_OUTLINE,
    "core.space": ft.Icons.GROUP_OUTLINED,
    "core.module": ft.Icons.EXTENSION_OUTLINED,
    "core.job": ft.Icons.HISTORY,
}


@ft.component
def Search() -> ft.Control:
    """Show the field, and what is found as it is typed."""
    session = use_session()
    search = use_provider(session.search)
    recent = use_provider(session.of(RecentSearches))
    form = use_form(keep="search", words=search.query)
    chosen, choose = ft.use_state(0)
    typed = ft.use_ref(object())
    hits = [hit for group in search.groups for hit in group["hits"]]

    async def ask(words: str) -> None:
        mine = typed.current = object()
        if words.strip():
            await asyncio.sleep(PAUSE)
        if mine is typed.current:  # otherwise more was typed meanwhile
            choose(0)
            await search.search(words)

    def open_hit(hit: SearchHitOut) -> None:
        recent.remember(search.query)
        navigate(hit["route"])

    async def submit() -> None:
        if search.query == form["words"].strip() and search.state == "ready":
            if hits:
                open_hit(hits[min(chosen, len(hits) - 1)])
            return
        typed.current = object()
        await search.search(form["words"])

    async def again(words: str) -> None:
        form.fill(words=words)
        await search.search(words)

    async def clear() -> None:
        typed.current = object()
        form.clear()
        await search.search("")

    def step(by: int) -> None:
        choose(lambda at: max(0, min(len(hits) - 1, at + by)))

    use_keys(
        {
            "Arrow Down": lambda: step(1),
            "Arrow Up": lambda: step(-1),
            "Typing+Arrow Down": lambda: step(1),
            "Typing+Arrow Up": lambda: step(-1),
            "Enter": submit,
            "Escape": lambda: navigate("/"),
        }
    )
    use_mount(lambda: ask(form["words"]) if form["words"] and search.state != "ready" else None)
    field = TextInput(
        form,
        "words",
        tr("What are you looking for?"),
        on_submit=submit,
        on_change=ask,
        autofocus=True,
        prefix_icon=ft.Icons.SEARCH,
        suffix_icon=icon_action(ft.Icons.CLOSE, tr("Clear"), clear),
        keyboard_type=ft.KeyboardType.TEXT,
        capitalization=ft.TextCapitalization.NONE,
    )
    return Screen(
        tr("Search"),
        ft.Column(
            [field, _outcome(search, recent, min(chosen, len(hits) - 1), open_hit, again)],
            expand=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        back="/",
    )


def _outcome(search: Any, recent: RecentSearches, chosen: int, open_hit: Any, again: Any) -> ft.Control:
    if not search.query:
        return _before(recent, again)
    if search.error is not None and search.state != "loading":
        return error_state(search.error, search.load)
    if search.found is None:
        return loading_state(3)
    if not search.groups:
        return _nothing(search.found, search.query)
    parts: list[ft.Control] = []
    number = 0
    for group in search.groups:
        parts.append(_group(group, chosen - number, open_hit))
        number += len(group["hits"])
    if left_out := _left_out(search.found):
        parts.append(left_out)
    return ft.Column(
        [ft.ProgressBar(bar_height=2) if search.state == "loading" else ft.Container(height=2), *parts],
        scroll=ft.ScrollMode.AUTO,
        expand=True,
        spacing=GAP,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _before(recent: RecentSearches, again: Any) -> ft.Control:
    if not recent.words:
        return empty_state(
            ft.Icons.MANAGE_SEARCH,
            tr("Find it by name"),
            tr("Files, folders, suggestions, people, pages and work: type a few letters of the name."),
        )

    def line(words: str) -> Tile:
        async def choose() -> None:
            await again(words)

        return Tile(words, icon=ft.Icons.HISTORY, on_click=choose, trailing=ft.Icon(ft.Icons.NORTH_WEST), key=words)

    return ft.Column(
        [heading(tr("Looked for before")), tile_group([line(words) for words in recent.words])],
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _nothing(found: SearchOut, words: str) -> ft.Control:
    if any(one["why"] == "starting" for one in found["left_out"]):
        explanation = tr("A part of Homie is just waking up. It is asked again in a moment.")
    else:
        explanation = tr("Try fewer letters, or another word of the name. Case and accents do not matter.")
    return empty_state(ft.Icons.SEARCH_OFF, tr("Nothing is called “{words}”", words=words), explanation)


def _left_out(found: SearchOut) -> ft.Control | None:
    names = ", ".join(tr_server(one["title"]) for one in found["left_out"])
    return caption(tr("Could not be asked just now: {names}", names=names)) if names else None


def _group(group: SearchGroupOut, chosen: int, open_hit: Any) -> ft.Control:
    lines: list[ft.Control] = [_hit(hit, group, at == chosen, open_hit) for at, hit in enumerate(group["hits"])]
    if group["more"]:
        lines.append(
            ft.Container(
                caption(tr("There is more. Type another letter.")), padding=ft.Padding.only(left=GAP, bottom=8)
            )
        )
    return ft.Column(
        [
            heading(tr_server(group["text"], group["template"])),
            card(
                ft.Column(lines, spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH), padding=4
            ),
        ],
        spacing=8,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _hit(hit: SearchHitOut, group: SearchGroupOut, chosen: bool, open_hit: Any) -> ft.Control:
    def go() -> None:
        open_hit(hit)

    of_page = group["kind"] in ("core.page", "core.module", "core.job")
    shown = tr_server(hit["title"]) if of_page else hit["title"]
    spans = hit["highlights"] if shown == hit["title"] else []
    icon = _ICONS.get(hit["kind"]) or module_icon(hit["module"])
    return ft.ListTile(
        title=highlighted(shown, [(span["start"], span["end"]) for span in spans]),
        subtitle=caption(tr_server(hit["subtitle"]), max_lines=1, overflow=ft.TextOverflow.ELLIPSIS)
        if hit["subtitle"]
        else None,
        leading=ft.Icon(icon, color=ft.Colors.ON_SURFACE_VARIANT),
        trailing=ft.Icon(ft.Icons.CHEVRON_RIGHT, color=ft.Colors.ON_SURFACE_VARIANT),
        on_click=go,
        bgcolor=ft.Colors.SECONDARY_CONTAINER if chosen else None,
        min_height=TARGET + 8,
        shape=ft.RoundedRectangleBorder(radius=RADIUS),
        key=f"{hit['kind']}-{hit['route']}-{hit['title']}",
    )


def highlighted(text: str, spans: list[tuple[int, int]]) -> ft.Control:
    """Show a text with what was typed in it standing out."""
    if not spans:
        return body(text, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS)
    parts: list[ft.TextSpan] = []
    at = 0
    strong = ft.TextStyle(color=ft.Colors.PRIMARY, decoration=ft.TextDecoration.UNDERLINE)
    for start, end in sorted(spans):
        if start > at:
            parts.append(ft.TextSpan(text[at:start]))
        parts.append(ft.TextSpan(text[max(start, at) : end], style=strong))
        at = max(at, end)
    parts.append(ft.TextSpan(text[at:]))
    return ft.Text(
        spans=parts,
        theme_style=ft.TextThemeStyle.BODY_MEDIUM,
        max_lines=2,
        overflow=ft.TextOverflow.ELLIPSIS,
        semantics_label=text,
    )
