"""Decisions about a plan's items: what was decided in one step, and taking that step back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, select, update

from backend.file_organizer.planning.plan_models import ItemState, Plan, PlanItem
from backend.file_organizer.planning.suggestions import Suggestion
from backend.sdk.db import OwnedSession
from backend.sdk.files import encode_path


@dataclass(frozen=True, slots=True)
class Proposal:
    """Suggest another place for an item whose present one a person refused."""

    item_id: str
    suggestion: Suggestion


UNDECIDED = (ItemState.SUGGESTED.value, ItemState.ASKING.value)
_DECIDED = (ItemState.ACCEPTED.value, ItemState.REJECTED.value)


def take_back(session: OwnedSession, plan: Plan, version: int) -> int:
    """Let what was decided in `version` of the plan wait again, where Homie had suggested; returns how many items.

    What was decided anew since then is not touched.
    """
    here: list[Any] = [
        PlanItem.plan_id == plan.id,
        PlanItem.decided_in == version,
        PlanItem.state.in_(_DECIDED),
    ]
    for item in session.scalars(select(PlanItem).where(*here, PlanItem.suggested_path.is_not(None))):
        _send_back(item)
    session.flush()
    threshold = float(plan.options.get("threshold", 0.0))
    waiting = case((PlanItem.confidence >= threshold, UNDECIDED[0]), else_=UNDECIDED[1])
    found = session.execute(
        update(PlanItem)
        .where(*here)
        .values(state=waiting, taught=False, decided_in=None)
        .execution_options(synchronize_session=False)
    )
    return int(found.rowcount)  # type: ignore[attr-defined]


def _send_back(item: PlanItem) -> None:
    """Let an item go where Homie had suggested again."""
    place = item.suggested_path or item.target_path
    item.target_volume = item.suggested_volume or item.target_volume
    item.target_path, item.target_folder = place, place.rpartition("/")[0]
    item.suggested_path = item.suggested_volume = None
    if (item.target_volume, item.target_path) == (item.source_volume, item.source_path):
        item.op = "trash"  # nothing else is ever suggested to go where it is


def propose(item: PlanItem, together: list[PlanItem], suggestion: Suggestion, threshold: float) -> None:
    """Let an item (with what travels with it) wait with another suggestion; its present place counts as refused."""
    noes = [*item.refused, {"volume_id": item.target_volume, "folder": item.target_folder}]
    folder = encode_path(suggestion.folder)
    state = UNDECIDED[0] if suggestion.confidence >= threshold else UNDECIDED[1]
    for one in together:
        name = one.target_path.rpartition("/")[2]
        one.target_volume, one.target_folder = suggestion.volume_id, folder
        one.target_path = f"{folder}/{name}" if folder else name
        one.suggested_path = one.suggested_volume = None
        one.op = "move" if one.op == "trash" else one.op
        one.state, one.decided_in, one.taught = state, None, False
        one.confidence, one.source = round(suggestion.confidence, 4), suggestion.source.value
    item.reason = encode_path(suggestion.reason)
    item.refused = noes
    item.alternatives = [
        {
            "volume_id": one.volume_id,
            "folder": encode_path(one.folder),
            "confidence": round(one.confidence, 4),
            "reason": encode_path(one.reason),
        }
        for one in suggestion.alternatives
    ]
