"""Long work of this module, run by workers at least once: a look into the statement inboxes of a space."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from backend.financial_manager.finances import Finances
from backend.financial_manager.inboxes.work import LOOK, LookArgs
from backend.sdk.jobs import JobContext, JobHandler, JobRetryLater


def look_into_inboxes(ctx: JobContext, args: LookArgs) -> Mapping[str, Any]:
    """Read what is new and book what is beyond doubt; what is still being written is looked at a little later."""
    looked = Finances(ctx.module).looking.look(ctx.actor, lambda part: ctx.progress(part, "Reading statements"))
    if looked.settling:
        raise JobRetryLater("A file is still being written.", seconds=10.0)
    return asdict(looked)


HANDLERS: tuple[JobHandler[Any], ...] = (JobHandler(LOOK, LookArgs, look_into_inboxes),)
