"""The tree of a plan: its destination folders with what would go to each, and the folders that files come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, func, or_, select

from backend.file_organizer.planning.plan_models import ItemState, PlanItem
from backend.sdk.db import OwnedSession


@dataclass(frozen=True, slots=True)
class TreeFolder:
    """One folder of a plan with what goes there (or, before, is there)."""

    volume_id: str
    folder: str
    items: int
    suggested: int
    asking: int
    accepted: int
    rejected: int
    bytes: int
    lowest: float
    highest: float


def read_tree(
    session: OwnedSession, plan_id: str, limit: int, after: tuple[str, str] | None, *, before: bool = False
) -> list[TreeFolder]:
    """Return the destination folders of a plan in the order of their paths, at most `limit + 1`.

    With `before`, the folders that the files come from.
    """
    item = PlanItem
    volume_id: Any = item.source_volume if before else item.target_volume
    path: Any = item.source_folder if before else item.target_folder

    def of_state(state: ItemState) -> Any:
        return func.sum(case((item.state == state.value, 1), else_=0))

    query = (
        select(
            volume_id,
            path,
            func.count(item.id),
            of_state(ItemState.SUGGESTED),
            of_state(ItemState.ASKING),
            of_state(ItemState.ACCEPTED),
            of_state(ItemState.REJECTED),
            func.sum(item.size),
            func.min(item.confidence),
            func.max(item.confidence),
        )
        .where(item.plan_id == plan_id)
        .group_by(volume_id, path)
        .order_by(volume_id, path)
        .limit(limit + 1)
    )
    if after is not None:
        volume, folder = after
        query = query.where(or_(volume_id > volume, and_(volume_id == volume, path > folder)))
    # PostgreSQL sums 64-bit numbers as decimals.
    return [
        TreeFolder(
            volume_id=row[0],
            folder=row[1],
            items=int(row[2]),
            suggested=int(row[3] or 0),
            asking=int(row[4] or 0),
            accepted=int(row[5] or 0),
            rejected=int(row[6] or 0),
            bytes=int(row[7] or 0),
            lowest=row[8],
            highest=row[9],
        )
        for row in session.execute(query)
    ]
