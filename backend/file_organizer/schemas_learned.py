"""Wire types of what was learned."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from backend.file_organizer.memory.exchange import Colour, DestinationDoc, LessonDoc, SeriesDoc
from backend.sdk.files import VolumePath
from backend.sdk.http import In, Out, PageQuery


class SignOut(Out):
    """Show by what Homie knows some files: `files` of all `total` with this sign went to the folder."""

    sign: str = Field(description="family:value, as 'word:stadtwerke', 'camera:pixel 7', 'paper:invoice', 'ext:pdf'.")
    files: int
    total: int
    last_at: datetime


class DestinationOut(Out):
    """Show a folder that things are sent to."""

    id: str
    volume_id: str
    folder: str = Field(description="Way inside its opened folder; `{year}` and `{month}` stand for the file's own.")
    files: int = Field(description="How many files went there.")
    refused: int = Field(description="How often you said that something does not belong there.")
    colour: str = Field(description="The colour that you gave it; empty if none.")
    purpose: str = Field(description="What it is for, in your words.")
    signs: list[SignOut] = Field(description="By what Homie knows files that belong there, the strongest first.")
    last_at: datetime


class DestinationsQuery(PageQuery):
    """Search the folders that things are sent to."""

    q: str | None = Field(None, min_length=1, max_length=100, description="Part of the folder or of its purpose.")


class DestinationPatch(In):
    """Name or colour a folder, or send what belongs there somewhere else."""

    colour: Colour | None = None
    purpose: str | None = Field(None, max_length=120)
    folder: VolumePath | None = Field(None, description="The folder that such files belong to from now on.")


class LearnedFileOut(Out):
    """Show one lesson: what happened to one file."""

    id: str
    name: str = Field(description="The file's name; empty where an older Homie had only counted.")
    files: int
    volume_id: str
    folder: str
    belongs: bool = Field(description="Whether it belongs there, or was refused.")
    how: str = Field(description="accepted, changed, rejected, undone, moved, counted, imported.")
    at: datetime


class LearnedQuery(PageQuery):
    """Search what was learned file by file."""

    q: str | None = Field(None, min_length=1, max_length=100, description="Part of a name or folder.")


class MemorySummaryOut(Out):
    """Say how much is remembered."""

    files: int
    folders: int
    series: int
    refusals: int
    learning: bool = Field(description="False while you have paused it.")
    last_at: datetime | None


class ForgottenOut(Out):
    """Say what was forgotten; `key` takes it back for a day."""

    key: str
    files: int


class ForgetEverythingIn(In):
    """Forget everything. `confirm` must be true."""

    confirm: bool = Field(description="Must be true: nothing else protects from a slip.")


class RememberIn(In):
    """Take forgetting back."""

    key: str = Field(min_length=1, max_length=36)


class RememberedOut(Out):
    """Say how many files are remembered again."""

    files: int


class MemoryWhyIn(In):
    """Ask where files with these names would go. Looks at no file."""

    names: list[Annotated[str, Field(max_length=255)]] = Field(
        min_length=1, max_length=200, description="Names without folders."
    )
    source: str | None = Field(None, max_length=4096, description="The folder that they lie in, inside its drive.")


class MemoryEvidenceOut(Out):
    """Show one reason: `yes` of `total` files with this sign went there."""

    family: str
    value: str
    yes: int
    total: int
    last_at: datetime | None
    text: str


class MemoryWhyPlaceOut(Out):
    """Show one folder for a name."""

    volume_id: str
    folder: str
    confidence: float
    reasons: list[MemoryEvidenceOut]


class MemoryWhyOut(Out):
    """Show where a file would go. `new`: how likely a new folder is needed (0..1)."""

    name: str
    places: list[MemoryWhyPlaceOut]
    new: float
    new_folder: bool


class MemoryWhyListOut(Out):
    """Answer for each name, in their order."""

    items: list[MemoryWhyOut]


class MemoryDocumentOut(Out):
    """Everything that your memory holds, to keep or to carry to another hub."""

    format: str
    version: int
    lessons: list[LessonDoc]
    destinations: list[DestinationDoc]
    series: list[SeriesDoc]
    tuned: dict[str, Any] | None


class ImportIn(In):
    """Add what was exported before."""

    document: dict[str, Any] = Field(max_length=20, description="What `GET /learned/export` gave.")


class ImportedOut(Out):
    """Say how many files are new to the memory."""

    files: int
