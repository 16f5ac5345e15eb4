"""Long work of this module, run by workers at least once: inboxes, the clock of the banks, what comes again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from backend.financial_manager.banks.provider import BankAsking
from backend.financial_manager.banks.work import FETCH, FetchArgs
from backend.financial_manager.finances import Finances
from backend.financial_manager.inboxes.work import LOOK, LookArgs
from backend.financial_manager.recurring.work import NOTICE, NoticeArgs
from backend.sdk.jobs import JobContext, JobHandler, JobRetryLater


def look_into_inboxes(ctx: JobContext, args: LookArgs) -> Mapping[str, Any]:
    """Read what is new and book what is beyond doubt; what is still being written is looked at a little later."""
    looked = Finances(ctx.module).looking.look(ctx.actor, lambda part: ctx.progress(part, "Reading statements"))
    if looked.settling:
        raise JobRetryLater("A file is still being written.", seconds=10.0)
    return asdict(looked)


def fetch_bank(ctx: JobContext, args: FetchArgs) -> Mapping[str, Any]:
    """Ask a bank whose morning has come, as a person does by the button; run twice, it is asked once."""
    try:
        done = Finances(ctx.module).bank_clock.fetch(ctx.actor, args.connection_id)
    except BankAsking as error:
        raise JobRetryLater(error.message, seconds=60.0) from None
    return {"accounts": len(done), "booked": sum(one.added for one in done), "twins": sum(one.twins for one in done)}


def notice_recurring(ctx: JobContext, args: NoticeArgs) -> Mapping[str, Any]:
    """Look for what newly comes again and what became dearer; what was told already is not told again."""
    return {"told": Finances(ctx.module).noticing.look(ctx.actor)}


HANDLERS: tuple[JobHandler[Any], ...] = (
    JobHandler(LOOK, LookArgs, look_into_inboxes),
    JobHandler(FETCH, FetchArgs, fetch_bank),
    JobHandler(NOTICE, NoticeArgs, notice_recurring),
)
