"""What runs of this module for as long as the hub does: the look at statement inboxes, and the clock of the banks.

It runs in a process of its own (`ModuleSpec.resident`) and decides nothing: the work is done by jobs.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from backend.financial_manager.banks.watch import BankWatch
from backend.financial_manager.finances import Finances
from backend.financial_manager.inboxes.watch import TICK, InboxWatch
from backend.sdk.module import ModuleContext


def run(ctx: ModuleContext, stopping: Callable[[], bool]) -> None:
    """Be the module's resident: what `ModuleSpec.resident` names."""
    inboxes, banks = InboxWatch(ctx), BankWatch(Finances(ctx).bank_clock, ctx.jobs)
    while not stopping():
        for tick in (inboxes.tick, banks.tick):
            try:
                tick()
            except Exception:
                ctx.log.exception("the round of the resident failed; trying again")
        until = time.monotonic() + TICK
        while not stopping() and time.monotonic() < until:
            time.sleep(0.2)
