"""What asking a bank by the clock is called among the jobs."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

FETCH = "financial_manager.fetch_bank"


class FetchArgs(BaseModel):
    """Ask one connected bank of a space."""

    model_config = ConfigDict(extra="forbid")

    connection_id: str
