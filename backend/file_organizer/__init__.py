"""The File Organizer: learns where this household puts things, suggests, files safely, and takes it back."""

from __future__ import annotations

from backend.file_organizer.notices import FINDS, HOME_EVENTS, NOTICES
from backend.sdk.module import ModuleSpec

MODULE = ModuleSpec(
    id="file_organizer",
    title="File Organizer",
    version="0.1.0",
    app="backend.file_organizer.file_organizer_app:FileOrganizerApp",
    models="backend.file_organizer.models:Base",
    jobs="backend.file_organizer.jobs:HANDLERS",
    resident="backend.file_organizer.watching.resident:run",
    settings="backend.file_organizer.settings:FileOrganizerSettings",
    migrations="migrations",
    icon="folder_special",
    description="Sorts messy folders into the places this household uses, and can undo every step.",
    durable=True,
    permissions=("files.read", "files.write"),
    notices=NOTICES,
    home_events=HOME_EVENTS,
    finds=FINDS,
    navigation=("inbox", "plans", "history", "drives", "memory"),
)

__all__ = ["MODULE"]
