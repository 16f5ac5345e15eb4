"""What Homie learned: where which files belong, where series are kept, and forgetting it."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import DestinationOut, FolderOut, SeriesOut
from frontend.file_organizer.folders_provider import FoldersProvider
from frontend.file_organizer.learned_provider import LearnedProvider
from frontend.file_organizer.learned_words import certainty, evidence_text, feature_text, folder_text, is_refused
from frontend.i18n import ago, percent, tr, trn
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
    state_of,
    title,
    use_action,
    use_form,
    use_mount,
    use_provider,
    use_session,
)


@ft.component
def Learned() -> ft.Control:
    """Show destinations or series, with search and forgetting."""
    session = use_session()
    learned = session.of(LearnedProvider)
    view, set_view = ft.use_state("series" if "tab=series" in (ft.context.page.route or "") else "destinations")
    form = use_form(keep="learned")

    async def load() -> None:
        await session.of(FoldersProvider).load()
        await learned.load()

    use_mount(load)

    async def typed(text: str) -> None:
        await learned.search(text.strip())

    def chosen(event: Any) -> None:
        set_view(next(iter(event.control.selected), "destinations"))

    controls: list[ft.Control] = [
        ft.SegmentedButton(
            segments=[
                ft.Segment(value="destinations", label=ft.Text(tr("Folders"))),
                ft.Segment(value="series", label=ft.Text(tr("Series"))),
            ],
            selected=[view],
            show_selected_icon=False,
            on_change=chosen,
        )
    ]
    if view == "destinations":
        controls.append(
            TextInput(form, "search", tr("Part of a word or folder"), on_change=typed, prefix_icon=ft.Icons.SEARCH)
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
    )


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
    """Show one thing that was learned: which files, where to, how often, since when; and forgetting it."""
    provider = use_session().of(LearnedProvider)
    what = feature_text(learned["feature"])
    where = folder_text(learned["volume_id"], learned["folder"], folders)

    async def forget() -> None:
        text = tr("{what} are no longer suggested for {folder}. No file is moved.", what=what, folder=where)
        if await confirm(tr("Forget this?"), text, tr("Forget"), danger=True):
            await provider.forget_destination(learned["id"])

    action = use_action(forget, quiet=False)
    refused = is_refused(learned)
    said = [evidence_text(learned), ago(learned["last_at"])]
    if not refused:
        said.append(tr("{share} sure", share=percent(certainty(learned))))
    texts: list[ft.Control] = [
        title(what, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
        _folder_line(where, refused),
        caption(" · ".join(said), max_lines=2),
        *([ft.Row([chip(tr("Does not belong there"), "bad")], tight=True)] if refused else []),
    ]
    return _row(ft.Icons.BLOCK if refused else ft.Icons.LABEL_OUTLINED, texts, tr("Forget {what}", what=what), action)


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
        _folder_line(where, False),
        caption(f"{trn('{n} file', '{n} files', series['files'])} · {ago(series['last_at'])}", max_lines=2),
    ]
    return _row(ft.Icons.TV_OUTLINED, texts, tr("Forget {what}", what=series["title"]), action)


def _folder_line(where: str, refused: bool) -> ft.Control:
    return ft.Row(
        [
            ft.Icon(
                ft.Icons.FOLDER_OFF_OUTLINED if refused else ft.Icons.FOLDER_OUTLINED,
                size=16,
                color=ft.Colors.ON_SURFACE_VARIANT,
            ),
            caption(where, expand=True, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
        ],
        spacing=6,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _row(icon: Any, texts: list[ft.Control], name: str, action: Any) -> ft.Control:
    return card(
        ft.Row(
            [
                ft.Icon(icon, color=ft.Colors.ON_SURFACE_VARIANT),
                ft.Column(texts, spacing=4, tight=True, expand=True),
                icon_action(ft.Icons.DELETE_OUTLINE, name, action),
            ],
            spacing=12,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        padding=12,
    )
