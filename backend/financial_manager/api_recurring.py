"""API of recurring payments."""

from __future__ import annotations

from typing import Any

from backend.financial_manager.api_ledger import given
from backend.financial_manager.finances import Finances
from backend.financial_manager.schemas import IdPath
from backend.financial_manager.schemas_recurring import (
    DismissIn,
    RecurringDetailOut,
    RecurringIn,
    RecurringListOut,
    RecurringNoticeOut,
    RecurringNoticesOut,
    RecurringPatch,
    RecurringStateIn,
)
from backend.financial_manager.views_recurring import recurring_detail_out, recurring_list_out
from backend.sdk.concurrency import run_blocking
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.http import Group, current_actor


def recurring_group(finances: Finances) -> Group:
    """Return the group of recurring payments."""
    group = Group("recurring", url_prefix="/recurring", tag="Recurring payments")
    recurring = finances.recurring

    @group.get("", returns=RecurringListOut)
    def list_recurring() -> RecurringListOut:
        """List what comes again, found in bookings or entered, dismissed ones too; with what it comes to."""
        return recurring_list_out(run_blocking(recurring.all, current_actor()))

    @group.post("", returns=RecurringDetailOut, status=201, errors=[404], idempotent=True)
    def enter_recurring(body: RecurringIn) -> RecurringDetailOut:
        """Enter a payment that comes again, such as the rent; it is expected from then on."""
        return recurring_detail_out(recurring.enter(current_actor(), body.model_dump()))

    @group.get("/<id>", returns=RecurringDetailOut, errors=[404])
    def get_recurring(path: IdPath) -> RecurringDetailOut:
        """Show one with its bookings, its prices, and why it is taken for one."""
        return recurring_detail_out(run_blocking(recurring.get, current_actor(), path.id))

    @group.patch("/<id>", returns=RecurringDetailOut, errors=[404, 409])
    def change_recurring(path: IdPath, body: RecurringPatch) -> RecurringDetailOut:
        """Rename one, or say how often, when or how much; that confirms it."""
        return recurring_detail_out(recurring.change(current_actor(), path.id, _changes_of(body), body.version))

    @group.put("/<id>/state", returns=RecurringDetailOut, errors=[404, 409])
    def decide_recurring(path: IdPath, body: RecurringStateIn) -> RecurringDetailOut:
        """Confirm one, dismiss it for ever, or take the decision back."""
        return recurring_detail_out(recurring.decide(current_actor(), path.id, body.state, body.version))

    @group.delete("/<id>", errors=[404])
    def delete_recurring(path: IdPath) -> None:
        """Delete what was entered or decided; what is found in bookings shows as found again."""
        recurring.delete(current_actor(), path.id)

    return group


def recurring_notices_group(finances: Finances) -> Group:
    """Return the group of what was told of recurring payments."""
    group = Group("recurring_notices", url_prefix="/recurring-notices", tag="Recurring payments")
    noticing = finances.noticing

    @group.get("", returns=RecurringNoticesOut)
    def list_recurring_notices() -> RecurringNoticesOut:
        """List what newly comes again and what became dearer, until somebody dismisses it."""
        found = noticing.open(current_actor())
        return RecurringNoticesOut(items=[RecurringNoticeOut.model_validate(one) for one in found])

    @group.post("/dismiss", errors=[404])
    def dismiss_recurring_notices(body: DismissIn) -> None:
        """Dismiss some: they are not told again."""
        noticing.dismiss(current_actor(), body.ids)

    return group


def _changes_of(body: RecurringPatch) -> dict[str, Any]:
    """Return what a request changes, as columns; raises `InvalidInput` for a name or note that is nothing."""
    values = given(body)
    for name in ("name", "note"):
        if name in values and values[name] is None:
            problem = FieldProblem(f"body.{name}", "It cannot be nothing.", "Leave it out, or give a value.")
            raise InvalidInput(fields=[problem])
    if "cadence" in values:
        values["cadence"] = values["cadence"].value if values["cadence"] is not None else ""
    return values
