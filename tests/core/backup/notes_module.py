"""A small real module for the tests of backups on a whole platform."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Mapped

from backend.sdk.db import ModuleBase, Owned
from backend.sdk.http import Api
from backend.sdk.module import ModuleApp, ModuleSpec


class NotesBase(ModuleBase, module="test_notes"):
    """Be the base of the test module's tables."""


class Note(Owned, NotesBase):
    """Hold one note."""

    __tablename__ = "notes"

    body: Mapped[str]


class NotesApp(ModuleApp):
    """Keep notes, and a file per module in a folder of its own."""

    def setup(self) -> None:
        (self.ctx.data_dir / "extra").mkdir(exist_ok=True)

    def start(self) -> None:
        pass

    def stop(self) -> None:
        pass

    def wsgi_app(self) -> Any:
        return Api("test_notes", "Notes", "1.0").wsgi

    def blob_folders(self) -> Sequence[Path]:
        return (self.ctx.data_dir / "extra",)


MODULE = ModuleSpec(
    id="test_notes",
    title="Notes",
    version="1.0",
    app="tests.core.backup.notes_module:NotesApp",
    models="tests.core.backup.notes_module:NotesBase",
)
