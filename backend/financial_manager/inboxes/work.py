"""What a look at statement inboxes is called among the jobs."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

LOOK = "financial_manager.look_into_inboxes"


class LookArgs(BaseModel):
    """Look into all inboxes of a space."""

    model_config = ConfigDict(extra="forbid")
