"""Ask which one is the drive, when it was found twice or on another filesystem. Waiting loses nothing."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import DriveOut
from frontend.file_organizer.drives_provider import DrivesProvider
from frontend.i18n import tr
from frontend.kit import Tile, choose_sheet, notice, toast, tonal_button, use_action, use_session


@ft.component
def DriveQuestion(drive: DriveOut) -> ft.Control:
    """Say what was found, and let the person say which one it is."""
    drives = use_session().of(DrivesProvider)

    async def ask() -> None:
        chosen = await choose_sheet(tr("Which one is {drive}?", drive=drive["label"]), choices_of(drive))
        if chosen is None:
            return
        decision, _, place = chosen.partition(":")
        await drives.answer(drive, decision, place or None)
        toast(tr("Homie has understood."))

    answer = use_action(ask)
    button = tonal_button(tr("Answer"), answer, about=tr("which one is {drive}", drive=drive["label"]))
    return ft.Column(
        [
            notice(question_words(drive), "warn", ft.Icons.HELP_OUTLINE),
            ft.Row([button], alignment=ft.MainAxisAlignment.END),
        ],
        spacing=8,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def question_words(drive: DriveOut) -> str:
    """Say what was found, and what happens until the answer."""
    places = ", ".join(one["mount_point"] for one in drive["copies"])
    if not drive["copies"]:
        found = tr("What is plugged in now holds the same folders, but it is another drive.")
    elif drive["online"] or drive["held"]:
        found = tr("The same drive was found a second time, at {place}.", place=places)
    else:
        found = tr("It is not connected, but something that looks like it is at {place}.", place=places)
    if drive["held"]:
        return found + " " + tr("Until you say which one is right, Homie changes nothing on it.")
    return found


def choices_of(drive: DriveOut) -> list[tuple[str, Tile]]:
    """Return the answers: `copy`, `this`, or `this:<place>`."""
    only_copy = tr("It only gets a mark of its own. Its files stay as they are.")
    from_now = tr("Homie works with this one from now on.")
    if not drive["copies"]:
        return [
            ("this", Tile(tr("This is the drive now"), from_now, ft.Icons.CHECK)),
            ("copy", Tile(tr("It is only a copy"), only_copy, ft.Icons.CONTENT_COPY)),
        ]
    here = drive["online"] or drive["held"]
    stay = tr("The one at {place}", place=drive["mount_point"]) if here else tr("It is only a copy")
    answers = [("copy", Tile(stay, tr("The other is only a copy.") if here else only_copy, ft.Icons.STORAGE))]
    for one in drive["copies"]:
        words = tr("The one at {place}", place=one["mount_point"])
        answers.append((f"this:{one['mount_point']}", Tile(words, from_now, ft.Icons.DRIVE_FILE_MOVE_OUTLINED)))
    return answers
