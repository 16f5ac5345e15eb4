"""What looking for recurring payments is called among the jobs."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

NOTICE = "financial_manager.notice_recurring"


class NoticeArgs(BaseModel):
    """Look for what newly comes again in a space, and what became dearer."""

    model_config = ConfigDict(extra="forbid")
