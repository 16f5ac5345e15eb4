"""What the API of the trash reads and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, model_validator

from backend.sdk.files import VolumePath
from backend.sdk.http import In, Out, PageQuery

StepId = Annotated[str, Field(min_length=1, max_length=64)]


class TrashQuery(PageQuery):
    """Narrow the list."""

    volume_id: str | None = Field(None, min_length=1, max_length=64, description="Only of this folder of yours.")
    q: str | None = Field(None, min_length=1, max_length=200, description="Part of the path it had.")


class TrashItemOut(Out):
    """Show one thing in the trash: where it was, since when it is here, who put it here and in which run."""

    id: str = Field(description="The step that put it here; restoring and removing name it.")
    owner_id: str
    name: str
    place: VolumePath = Field(description="Where it was.")
    path: str = Field(description="Full path where it was, for people; empty while its drive is not known.")
    is_folder: bool
    size: int | None = Field(description="Bytes; unknown for a folder whose content was not counted.")
    files: int | None
    trashed_at: datetime
    run_id: str
    run_title: str
    run_kind: str
    user_id: str = Field(description="Who had it put here.")
    online: bool = Field(description="Whether its drive is connected; restoring waits for it.")
    expires_at: datetime | None = Field(description="When it is removed by itself; never while its drive is away.")


class TrashVolumeOut(Out):
    """Sum up the trash of one folder of yours."""

    owner_id: str
    volume_id: str
    label: str
    online: bool
    items: int
    bytes: int
    oldest_at: datetime


class TrashVolumesOut(Out):
    """Sum up the trash, volume by volume, the fullest first."""

    items: list[TrashVolumeOut]
    total: int
    bytes: int
    days: int = Field(description="Days that things are kept; 0 is for ever.")
    makes_room: bool


class RestoreIn(In):
    """Name what goes back to where it was."""

    ids: list[StepId] = Field(min_length=1, max_length=500)


class EmptyIn(In):
    """Say what is removed for good: named things, all of one volume, or everything in the trash of this space."""

    ids: list[StepId] = Field(default_factory=list, max_length=500)
    volume_id: str | None = Field(None, min_length=1, max_length=64)
    everything: bool = False

    @model_validator(mode="after")
    def _one_choice(self) -> EmptyIn:
        if sum((bool(self.ids), self.volume_id is not None, self.everything)) != 1:
            raise ValueError("say one of: ids, volume_id, everything")
        return self
