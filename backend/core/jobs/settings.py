"""The settings of the job engine (`HOMIE_JOBS__...`)."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class JobSettings(BaseModel):
    """Say how workers run and how long finished jobs are kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    carrier: Literal["embedded", "celery"] = Field(
        "embedded", description="`celery` hands job ids to workers on other machines through HOMIE_REDIS_URL."
    )
    lease_seconds: float = Field(
        30.0, ge=2, le=3600, description="After this long without a sign of life another worker takes the job."
    )
    nice: int = Field(10, ge=0, le=19, description="How far workers step back from the processor (0: not at all).")
    memory_mb: int = Field(0, ge=0, description="Most address space of one worker in MiB; 0 means no limit.")
    per_owner: int = Field(
        0, ge=0, description="Most jobs that one space runs at the same time; 0 means as many as there are workers."
    )
    keep_days: int = Field(30, ge=1, description="Days that finished jobs stay in the list.")
    stop_seconds: float = Field(
        4.0, gt=0, le=60, description="How long workers may take to reach a checkpoint when Homie stops."
    )
