"""What Homie learned: which folders things go to, where series are kept; pausing, naming, forgetting, taking along."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import DestinationOut, FolderOut, MemorySummaryOut, SeriesOut
from frontend.file_organizer.folders_provider import FoldersProvider
from frontend.file_organizer.learned_provider import LearnedProvider
from frontend.file_organizer.learned_words import COLOURS, evidence_text, folder_text, is_refused, sign_text
from frontend.file_organizer.screens.learned.hands import offer_undo, use_memory_menu
from frontend.i18n import ago, tr, trn
from frontend.kit import (
    PagedList,
    Screen,
    TextInput,
    caption,
    card,
    chip,
    confirm,
    empty_state,
    icon_action,
    keyed,
    navigate,
    state_of,
    title,
    toggle,
    use_action,
    use_form,
    use_mount,
    use_provider,
    use_session,
)

SIGNS_IN_A_ROW = 3


@ft.component
def Learned() -> ft.Control:
    """Show destinations or series, with search and forgetting, and whether Homie learns at all."""
    session = use_session()
    learned = use_provider(session.of(LearnedProvider))
    view, set_view = ft.use_state("series" if "tab=series" in (ft.context.page.route or "") else "destinations")
    form = use_form()
    menu = use_memory_menu()

    async def load() -> None:
        await session.of(FoldersProvider).load()
        await learned.load()

    use_mount(load)

    async def typed(text: str) -> None:
        await learned.search(text.strip())

    def chosen(event: Any) -> None:
        set_view(next(iter(event.control.selected), "destinations"))

    controls: list[ft.Control] = [
        *([Pause(learned.summary)] if learned.summary is not None else []),
        ft.SegmentedButton(
            segments=[
                ft.Segment(value="destinations", label=ft.Text(tr("Folders"))),
                ft.Segment(value="series", label=ft.Text(tr("Series"))),
            ],
            selected=[view],
            show_selected_icon=False,
            on_change=chosen,
        ),
    ]
    if view == "destinations":
        controls.append(
            TextInput(form, "search", tr("Part of a folder or purpose"), on_change=typed, prefix_icon=ft.Icons.SEARCH)
        )
    content = keyed(_Destinations if view == "destinations" else _Series, view)
    return Screen(
        tr("What Homie learned"),
        ft.Column(
            [*controls, ft.Container(content, expand=True)],
            expand=True,
            spacing=12,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        back="/file_organizer",
        actions=[
            icon_action(ft.Icons.HELP_OUTLINE, tr("Ask where a file would go"), menu.ask),
            icon_action(ft.Icons.MORE_VERT, tr("Save, bring in or forget everything"), menu.open),
        ],
    )


@ft.component
def Pause(summary: MemorySummaryOut) -> ft.Control:
    """Say how much is remembered, and let learning be paused."""
    provider = use_session().of(LearnedProvider)

    async def change(on: bool) -> None:
        await provider.set_learning(on)

    action = use_action(change)
    files = trn("{n} file remembered", "{n} files remembered", summary["files"])
    about = tr("{files} in {folders}", files=files, folders=trn("{n} folder", "{n} folders", summary["folders"]))
    if not summary["learning"]:
        about = tr("Paused: nothing new is remembered. {known}.", known=about)

    async def switched(on: bool) -> None:
        await action(None, on)

    return card(toggle(tr("Homie learns from what you do"), summary["learning"], switched, about=about), padding=4)


@ft.component
def _Destinations() -> ft.Control:
    session = use_session()
    learned = use_provider(session.of(LearnedProvider))
    found = use_provider(learned.destinations)
    folders = use_provider(session.of(FoldersProvider).roots).items
    return state_of(
        found,
        lambda: PagedList(
            found.items,
            DestinationRow,
            key_of=lambda one: str(one["id"]),
            more=found.load_more,
            has_more=found.has_more,
            arguments=(folders,),
        ),
        is_empty=not found.items,
        empty=lambda: _nothing_found() if learned.query else _nothing_learned(),
    )


def _nothing_found() -> ft.Control:
    return empty_state(
        ft.Icons.SEARCH_OFF, tr("Nothing found"), tr("Homie learned nothing with this word. Try fewer letters.")
    )


def _nothing_learned() -> ft.Control:
    return empty_state(
        ft.Icons.SCHOOL_OUTLINED,
        tr("Homie has learned nothing yet"),
        tr(
            "Each time you accept a suggestion or send a file to another folder, Homie remembers where such files "
            "belong. When you take something back, it learns that too. All of it stays in your house."
        ),
    )


@ft.component
def DestinationRow(learned: DestinationOut, folders: tuple[FolderOut, ...]) -> ft.Control:
    """Show one folder: its colour, purpose, how many files went there, by what they are known; and forgetting."""
    provider = use_session().of(LearnedProvider)
    where = folder_text(learned["volume_id"], learned["folder"], folders)

    async def forget() -> None:
        text = tr("Homie no longer suggests {folder} until you teach it again. No file is moved.", folder=where)
        if await confirm(tr("Forget this folder?"), text, tr("Forget"), danger=True):
            offer_undo(provider, await provider.forget_destination(learned["id"]))

    action = use_action(forget, quiet=False)
    refused = is_refused(learned)
    texts: list[ft.Control] = [
        title(where, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
        *([caption(learned["purpose"], max_lines=2)] if learned["purpose"] else []),
        caption(" · ".join([evidence_text(learned), ago(learned["last_at"])]), max_lines=2),
    ]
    if signs := [sign_text(one["sign"]) for one in learned["signs"][:SIGNS_IN_A_ROW]]:
        texts.append(caption(" · ".join(signs), max_lines=2, overflow=ft.TextOverflow.ELLIPSIS))
    if refused:
        texts.append(ft.Row([chip(tr("Does not belong there"), "bad")], tight=True))
    return _row(
        folder_icon(learned),
        texts,
        tr("Forget {what}", what=where),
        action,
        on_click=lambda: navigate(f"/file_organizer/learned/{learned['id']}"),
    )


def folder_icon(learned: DestinationOut) -> ft.Control:
    """Show a folder in the colour that it was given; the colour is read out too."""
    colour = COLOURS.get(learned["colour"])
    return ft.Icon(
        ft.Icons.FOLDER_OFF_OUTLINED if is_refused(learned) else ft.Icons.FOLDER_OUTLINED,
        color=colour[0] if colour else ft.Colors.ON_SURFACE_VARIANT,
        semantics_label=colour[1]() if colour else None,
    )


@ft.component
def _Series() -> ft.Control:
    session = use_session()
    series = use_provider(session.of(LearnedProvider).series)
    folders = use_provider(session.of(FoldersProvider).roots).items
    return state_of(
        series,
        lambda: PagedList(
            series.items,
            SeriesRow,
            key_of=lambda one: str(one["id"]),
            more=series.load_more,
            has_more=series.has_more,
            arguments=(folders,),
        ),
        is_empty=not series.items,
        empty=lambda: empty_state(
            ft.Icons.TV_OUTLINED,
            tr("No series yet"),
            tr("When an episode is filed, Homie remembers the folder of its series, and new episodes follow."),
        ),
    )


@ft.component
def SeriesRow(series: SeriesOut, folders: tuple[FolderOut, ...]) -> ft.Control:
    """Show where one series is kept."""
    provider = use_session().of(LearnedProvider)
    where = folder_text(series["volume_id"], series["folder"], folders)

    async def forget() -> None:
        text = tr(
            "New episodes of {series} are no longer sent to {folder}. No file is moved.",
            series=series["title"],
            folder=where,
        )
        if await confirm(tr("Forget this?"), text, tr("Forget"), danger=True):
            await provider.forget_series(series["id"])

    action = use_action(forget)
    texts: list[ft.Control] = [
        title(series["title"], max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
        caption(where, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
        caption(f"{trn('{n} file', '{n} files', series['files'])} · {ago(series['last_at'])}", max_lines=2),
    ]
    icon = ft.Icon(ft.Icons.TV_OUTLINED, color=ft.Colors.ON_SURFACE_VARIANT)
    return _row(icon, texts, tr("Forget {what}", what=series["title"]), action)


def _row(icon: ft.Control, texts: list[ft.Control], name: str, action: Any, *, on_click: Any = None) -> ft.Control:
    return card(
        ft.Row(
            [
                icon,
                ft.Column(texts, spacing=4, tight=True, expand=True),
                icon_action(ft.Icons.DELETE_OUTLINE, name, action),
            ],
            spacing=12,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        padding=12,
        on_click=on_click,
    )
