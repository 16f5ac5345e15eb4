"""What the API of reading files again reads and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field, model_validator

from backend.sdk.files import VolumePath
from backend.sdk.http import In, Out


class VerifyIn(In):
    """Say how many files are read again: a sample, or everything."""

    sample: int | None = Field(None, ge=1, le=1_000_000)
    everything: bool = False

    @model_validator(mode="after")
    def _one_choice(self) -> VerifyIn:
        if (self.sample is not None) == self.everything:
            raise ValueError("say either sample or everything")
        return self


class FindingOut(Out):
    """Show one file that is not as it was."""

    condition: Literal["damaged", "unreadable", "changed", "gone"] = Field(
        description="damaged: same size and time, other content; changed: somebody worked on it."
    )
    place: VolumePath
    path: str = Field(description="Full path, for people; empty while its drive is not known.")


class VerificationOut(Out):
    """Show what was found when files were read again last."""

    at: datetime
    sample: int | None = Field(description="How many were to be read; null for all.")
    complete: bool
    checked: int
    bytes: int
    good: int
    recorded: int = Field(description="Read for the first time, known from now on.")
    changed: int
    damaged: int
    unreadable: int
    gone: int
    away: list[str] = Field(description="Folders whose drive was not connected; their files were not read.")
    findings: list[FindingOut]


class VerificationStateOut(Out):
    """Show the last result, if there is one."""

    last: VerificationOut | None
