"""The module's settings: defaults of the installation; each owner may override theirs (`module_data`)."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Language = Literal["en", "de"]
ConflictChoice = Literal["skip", "keep-both", "replace"]


class OwnerSettings(BaseModel):
    """What one owner may choose. `accept_threshold`: below it Homie asks instead of filing (0..1)."""

    model_config = ConfigDict(extra="forbid")

    accept_threshold: float = Field(default=0.6, ge=0.0, le=1.0)
    language: Language = "en"
    conflict: ConflictChoice = "keep-both"
    learning: bool = True
    look_inside: bool = Field(default=True, description="Read documents, pictures and archives to understand them.")
    digest_hour: int | None = Field(default=8, ge=0, le=23, description="When to tell what was filed; null: never.")
    time_zone: str = Field(default="UTC", min_length=1, max_length=64, description="Whose hours are meant.")
    trash_days: int = Field(
        default=30, ge=0, le=3650, description="Days until what lies in the trash is removed for good; 0 keeps it."
    )
    trash_makes_room: bool = Field(
        default=False, description="On a nearly full drive, remove the oldest from its trash before its time."
    )
    ai_enabled: bool = Field(default=False, description="Ask the configured AI about files that memory does not know.")
    ai_send_content: bool = Field(default=False, description="Let the AI see words of documents, not only names.")
    ai_send_folders: bool = Field(default=True, description="Let the AI see the names of the household's own folders.")


class FileOrganizerSettings(BaseModel):
    """What the installation decides; an administrator sets it by `PUT /modules/file_organizer/settings`."""

    model_config = ConfigDict(extra="forbid")

    defaults: OwnerSettings = Field(default_factory=OwnerSettings)
    settle_seconds: float = Field(default=600.0, ge=0.0, description="Younger files are checked for open writers.")
    reader_seconds: float = Field(default=5.0, gt=0.0, description="Time a document may take to be read.")
    reader_memory_mb: int = Field(default=768, ge=128)
    max_text_chars: int = Field(default=20_000, ge=100)
    watch_drives: bool = True
    index_hours: float = Field(default=3.0, ge=0.0, description="Hours between two looks for new files; 0: never.")
