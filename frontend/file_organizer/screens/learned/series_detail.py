"""One series: its folder, how its episodes are named with a live example, and forgetting it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import flet as ft

from frontend.api.generated.schemas import SeriesDetailOut
from frontend.file_organizer.screens.parts.folder_chooser import FolderChooser
from frontend.file_organizer.series_provider import NamingProvider, SeriesProvider
from frontend.i18n import tr, tr_server
from frontend.kit import (
    GAP,
    Screen,
    TextInput,
    Tile,
    body,
    caption,
    card,
    confirm,
    danger_button,
    navigate,
    notice,
    primary_button,
    quiet_button,
    scroll_body,
    section,
    state_of,
    tile,
    use_action,
    use_form,
    use_loading,
    use_mount,
    use_provider,
    use_session,
)


@ft.component
def SeriesScreen() -> ft.Control:
    """Show one series and let it be changed."""
    series_id = ft.use_route_params()["series_id"]
    provider = use_provider(use_session().of(SeriesProvider))
    loading = use_loading()

    async def load() -> None:
        await loading.loading(lambda: provider.open(series_id))

    use_mount(load, [series_id])
    shown = provider.shown if provider.shown is not None and provider.shown["id"] == series_id else None

    def content() -> ft.Control:
        assert shown is not None
        return scroll_body(
            section(tr("Its folder"), Place(shown)),
            section(tr("How its episodes are named"), Names(shown)),
            Forgetting(shown),
            spacing=GAP * 1.5,
        )

    return Screen(
        shown["title"] if shown else tr("Series"),
        state_of(loading, content, is_empty=shown is None, retry=load),
        back="/file_organizer/series",
    )


@ft.component
def Place(series: SeriesDetailOut) -> ft.Control:
    """Show where the series is kept, and let another folder be chosen."""
    provider = use_session().of(SeriesProvider)
    choosing, set_choosing = ft.use_state(False)

    async def move(path: str) -> None:
        await provider.change(series["id"], path=path)
        set_choosing(False)

    action = use_action(move, done=tr("New episodes go to this folder now."))

    async def take(path: str, _name: str) -> None:
        await action(None, path)

    where = series["path"] or tr("{folder} (not connected)", folder=series["folder"])
    parts: list[ft.Control] = [
        body(where),
        caption(tr("New episodes are suggested for this folder. Files that are somewhere else stay there.")),
        ft.Row(
            [
                quiet_button(
                    tr("Cancel") if choosing else tr("Choose another folder"), lambda: set_choosing(not choosing)
                )
            ]
        ),
    ]
    if choosing:
        parts.append(FolderChooser(take, recent_first=True))
    return card(*parts)


@ft.component
def Names(series: SeriesDetailOut) -> ft.Control:
    """Let the person choose how the episodes of this series are named."""
    session = use_session()
    provider = session.of(SeriesProvider)
    keep = use_action(lambda naming: provider.change(series["id"], naming=naming))
    wanted, set_wanted = ft.use_state(series["naming"])

    def chosen(naming: str) -> Callable[[], Awaitable[None]]:
        async def press() -> None:
            set_wanted(naming)
            if naming != "pattern" or series["pattern"]:
                await keep(None, naming)

        return press

    ways = (
        ("", tr("As set for all series")),
        ("keep", tr("Keep the names they have")),
        ("pattern", tr("By a pattern of its own")),
    )
    parts: list[ft.Control] = [
        tile(
            Tile(
                text,
                "",
                ft.Icons.RADIO_BUTTON_CHECKED if wanted == naming else ft.Icons.RADIO_BUTTON_UNCHECKED,
                chosen(naming),
                ft.Container(width=0, height=0),
                selected=wanted == naming,
            )
        )
        for naming, text in ways
    ]
    if series["learned"]:
        parts.append(caption(tr("Its episodes are named like this now: {pattern}", pattern=series["learned"])))
    if wanted == "pattern":
        parts.append(PatternField(series))
    elif series["example"]:
        parts.append(notice(tr("Season 1, episode 2 becomes: {name}", name=series["example"]), "neutral"))
    else:
        parts.append(caption(tr("Files keep their names when they are filed.")))
    parts.append(ft.Row([quiet_button(tr("Names of all files"), lambda: navigate("/file_organizer/settings/naming"))]))
    return card(*parts)


@ft.component
def PatternField(series: SeriesDetailOut) -> ft.Control:
    """Let a pattern be typed, with what it makes of a name while it is typed."""
    session = use_session()
    provider, naming = session.of(SeriesProvider), use_provider(session.of(NamingProvider))
    form = use_form(pattern=series["pattern"] or series["learned"] or "{title} - S{season:00}E{episode:00}")

    async def save() -> None:
        await provider.change(series["id"], naming="pattern", pattern=form["pattern"])

    action = use_action(save, done=tr("Kept."), quiet=True)
    look = use_action(lambda text: naming.try_out(kind_of(text), text), quiet=True)

    async def typed(text: str) -> None:
        await look(None, text)

    async def first() -> None:
        await look(None, form["pattern"])

    use_mount(first)
    tried = naming.tried.get(kind_of(form["pattern"]))
    parts: list[ft.Control] = [
        TextInput(form, "pattern", tr("Pattern"), on_change=typed, on_submit=action, max_length=200)
    ]
    if tried is not None and tried["ok"]:
        parts += [caption(f"{one['before']} → {one['after']}") for one in tried["examples"]]
    elif tried is not None:
        said = " ".join(tr_server(text) for text in (tried["problem"], tried["remedy"]) if text)
        parts.append(notice(said, "bad"))
    parts.append(ft.Row([primary_button(tr("Keep this pattern"), action)], alignment=ft.MainAxisAlignment.END))
    return ft.Column(parts, spacing=GAP / 2, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def kind_of(pattern: str) -> str:
    """Return which kind of numbering a pattern is for, as the hub tells it."""
    return "daily" if "{date" in pattern else "absolute" if "{absolute" in pattern else "episode"


@ft.component
def Forgetting(series: SeriesDetailOut) -> ft.Control:
    """Let the series be forgotten."""
    provider = use_session().of(SeriesProvider)

    async def forget() -> None:
        text = tr(
            "New episodes of {series} are no longer sent to this folder. No file is moved.", series=series["title"]
        )
        if await confirm(tr("Forget this series?"), text, tr("Forget"), danger=True):
            await provider.forget(series["id"])
            navigate("/file_organizer/series")

    return ft.Row([danger_button(tr("Forget this series"), use_action(forget))])
