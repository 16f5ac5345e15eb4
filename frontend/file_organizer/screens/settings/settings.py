"""How the File Organizer works for you: how sure it must be, names and conflicts, learning, and privacy."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import SettingsOut
from frontend.file_organizer.file_organizer_provider import FileOrganizerProvider
from frontend.file_organizer.organizer_settings_provider import OrganizerSettingsProvider
from frontend.file_organizer.screens.settings.privacy import Privacy
from frontend.file_organizer.threshold import newest_counted, threshold_example, threshold_words
from frontend.i18n import percent, tr
from frontend.kit import (
    GAP,
    Screen,
    Tile,
    body,
    card,
    choice,
    navigate,
    notice,
    scroll_body,
    section,
    slider,
    state_of,
    tile_group,
    toggle,
    use_action,
    use_mount,
    use_provider,
    use_session,
)

LOWEST, HIGHEST, STEPS = 0.3, 0.95, 13


@ft.component
def OrganizerSettings() -> ft.Control:
    """Show the settings; each is kept as soon as it is changed."""
    session = use_session()
    settings = use_provider(session.of(OrganizerSettingsProvider))
    use_mount(settings.load)

    def content() -> ft.Control:
        assert settings.settings is not None
        return scroll_body(
            section(tr("How sure Homie must be"), Certainty(settings.settings["accept_threshold"])),
            section(tr("How files are put away"), Habits(settings.settings)),
            tile_group(
                [
                    Tile(
                        tr("Names of files"),
                        tr("Name films and episodes when they are put away"),
                        ft.Icons.DRIVE_FILE_RENAME_OUTLINE,
                        lambda: navigate("/file_organizer/settings/naming"),
                    )
                ]
            ),
            section(tr("Privacy"), Privacy()),
            spacing=GAP * 1.5,
        )

    return Screen(tr("Settings"), state_of(settings, content), back="/file_organizer")


@ft.component
def Certainty(threshold: float) -> ft.Control:
    """Let the person choose from which certainty Homie suggests, with what that means for real files."""
    session = use_session()
    settings = session.of(OrganizerSettingsProvider)
    plans = use_provider(session.of(FileOrganizerProvider).plans)
    bands, set_bands = ft.use_state(_nothing)

    async def count() -> None:
        await session.of(FileOrganizerProvider).load()
        found = await newest_counted(session, plans.items)
        set_bands(lambda _: found)

    use_mount(count)
    change = use_action(lambda value: settings.change(accept_threshold=round(value, 2)))

    async def changed(value: float) -> None:
        await change(None, value)

    name, means = threshold_words(threshold)
    parts: list[ft.Control] = [
        slider(
            tr("Suggest from"),
            min(HIGHEST, max(LOWEST, threshold)),
            LOWEST,
            HIGHEST,
            STEPS,
            changed,
            shown=f"{name} · {percent(threshold)}",
        ),
        body(means, muted=True),
    ]
    if bands is not None and (example := threshold_example(bands, threshold)):
        parts.append(notice(example, "neutral", ft.Icons.LIGHTBULB_OUTLINE))
    return card(*parts)


def _nothing() -> Any:
    return None


@ft.component
def Habits(settings: SettingsOut) -> ft.Control:
    """Show what is decided once: names that are taken, language of folders, learning, looking inside."""
    provider = use_session().of(OrganizerSettingsProvider)
    keep = use_action(lambda changes: provider.change(**changes))

    async def conflict(value: str) -> None:
        await keep(None, {"conflict": value})

    async def language(value: str) -> None:
        await keep(None, {"language": value})

    async def learning(on: bool) -> None:
        await keep(None, {"learning": on})

    async def look_inside(on: bool) -> None:
        await keep(None, {"look_inside": on})

    return card(
        ft.Container(
            ft.Column(
                [
                    choice(
                        tr("When the name is taken already"),
                        settings["conflict"],
                        [
                            ("keep-both", tr("Keep both")),
                            ("skip", tr("Leave the file")),
                            ("replace", tr("Old one to the trash")),
                        ],
                        conflict,
                        expand=True,
                    ),
                    choice(
                        tr("Language of new folders"),
                        settings["language"],
                        [("en", tr("English (Documents, Bills)")), ("de", tr("German (Dokumente, Rechnungen)"))],
                        language,
                        expand=True,
                    ),
                ],
                spacing=GAP,
                tight=True,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
            padding=ft.Padding.only(left=GAP, right=GAP, top=GAP),
        ),
        toggle(
            tr("Learn from what I decide"),
            settings["learning"],
            learning,
            about=tr("What you accept, change or take back makes the next suggestions better."),
        ),
        toggle(
            tr("Look into documents and pictures"),
            settings["look_inside"],
            look_inside,
            about=tr("Homie reads them on this machine to understand them. Otherwise it only goes by names."),
        ),
        padding=4,
    )
