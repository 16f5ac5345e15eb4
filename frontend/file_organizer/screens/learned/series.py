"""The household's series: where each is kept and how its episodes are named, to see, change and forget."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import SeriesOut
from frontend.file_organizer.screens.parts.folder_chooser import FolderChooser
from frontend.file_organizer.series_provider import SeriesProvider
from frontend.i18n import tr, trn
from frontend.kit import (
    GAP,
    PagedList,
    Screen,
    TextInput,
    body,
    caption,
    card,
    empty_state,
    field_errors,
    icon_action,
    navigate,
    notice,
    primary_button,
    scroll_body,
    section,
    state_of,
    title,
    use_action,
    use_form,
    use_mount,
    use_provider,
    use_session,
)


@ft.component
def SeriesList() -> ft.Control:
    """Show all series by title, with search."""
    session = use_session()
    provider = session.of(SeriesProvider)
    found = use_provider(provider.series)
    form = use_form()
    use_mount(provider.load)

    async def typed(text: str) -> None:
        await provider.search(text)

    rows = state_of(
        found,
        lambda: PagedList(
            found.items, SeriesLine, key_of=lambda one: str(one["id"]), more=found.load_more, has_more=found.has_more
        ),
        is_empty=not found.items,
        empty=lambda: _nothing_found() if provider.query else _no_series(),
    )
    controls: list[ft.Control] = []
    if found.items or provider.query:
        controls = [TextInput(form, "search", tr("Part of the title"), on_change=typed, prefix_icon=ft.Icons.SEARCH)]
    return Screen(
        tr("Series"),
        ft.Column(
            [*controls, ft.Container(rows, expand=True)],
            expand=True,
            spacing=12,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        back="/file_organizer",
        actions=[icon_action(ft.Icons.ADD, tr("Add a series"), lambda: navigate("/file_organizer/series/new"))],
    )


def _nothing_found() -> ft.Control:
    return empty_state(ft.Icons.SEARCH_OFF, tr("Nothing found"), tr("No series has this in its title."))


def _no_series() -> ft.Control:
    return empty_state(
        ft.Icons.TV_OUTLINED,
        tr("No series yet"),
        tr("When an episode is filed, Homie remembers the folder of its series. You can also name one yourself."),
        primary_button(tr("Add a series"), lambda: navigate("/file_organizer/series/new")),
    )


@ft.component
def SeriesLine(series: SeriesOut) -> ft.Control:
    """Show one series: its title, its folder, how its episodes are named."""
    where = series["path"] or tr("{folder} (not connected)", folder=series["folder"])
    said = [naming_words(series["naming"])]
    if series["files"]:
        said.append(trn("{n} file filed", "{n} files filed", series["files"]))
    return card(
        ft.Row(
            [
                ft.Icon(ft.Icons.TV_OUTLINED, color=ft.Colors.ON_SURFACE_VARIANT),
                ft.Column(
                    [
                        title(series["title"], max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
                        caption(where, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
                        caption(" · ".join(said), max_lines=2),
                    ],
                    spacing=4,
                    tight=True,
                    expand=True,
                ),
                ft.Icon(ft.Icons.CHEVRON_RIGHT, color=ft.Colors.ON_SURFACE_VARIANT),
            ],
            spacing=12,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        padding=12,
        on_click=lambda: navigate(f"/file_organizer/series/{series['id']}"),
    )


def naming_words(naming: str) -> str:
    """Say how the episodes of a series are named."""
    if naming == "keep":
        return tr("Names stay as they are")
    return tr("A pattern of its own") if naming == "pattern" else tr("Named as set for all series")


@ft.component
def NewSeries() -> ft.Control:
    """Let a person say where a series is kept: its title, then its folder."""
    provider = use_session().of(SeriesProvider)
    form = use_form()

    async def keep(path: str) -> None:
        made = await provider.keep(form["title"].strip(), path)
        navigate(f"/file_organizer/series/{made}")

    action = use_action(keep, quiet=True)
    errors = field_errors(action)

    async def take(path: str, _name: str) -> None:
        await action(None, path)

    parts: list[ft.Control] = [
        body(tr("What is the series called, and in which folder are its episodes?"), muted=True),
        TextInput(form, "title", tr("Title"), error=errors.get("title"), max_length=200, autofocus=True),
    ]
    if action.error is not None and "title" not in errors:
        parts.append(notice(errors.get("path") or tr("This folder cannot be used. Choose another one."), "bad"))
    parts.append(section(tr("Its folder"), FolderChooser(take, recent_first=True)))
    return Screen(tr("Add a series"), scroll_body(*parts, spacing=GAP), back="/file_organizer/series")
