"""Orders in which the items of a plan are shown, and where a page of each goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_

from backend.file_organizer.planning.plan_models import PlanItem


@dataclass(frozen=True, slots=True)
class ItemOrder:
    """One order: `name` is one of the API's `sort` but "seq"; `after`: (value, seq) of the last item."""

    name: str
    after: tuple[Any, int] | None = None

    @property
    def value_type(self) -> type:
        """Return the type of the values in cursors."""
        return _TYPES.get(self.name, float)

    def value_of(self, item: PlanItem) -> Any:
        """Return what an item is ordered by."""
        return getattr(item, self._column_name)

    def applied(self, query: Any) -> Any:
        """Return the query in this order, after the last item."""
        column: Any = getattr(PlanItem, self._column_name)
        down = self.name.startswith("-")
        if self.after is not None:
            value, seq = self.after
            beyond = column < value if down else column > value
            query = query.where(or_(beyond, and_(column == value, PlanItem.seq > seq)))
        return query.order_by(column.desc() if down else column, PlanItem.seq)

    @property
    def _column_name(self) -> str:
        return _COLUMNS.get(self.name, "confidence")


_COLUMNS = {"name": "name_key", "-size": "size", "category": "category", "folder": "target_folder"}
_TYPES: dict[str, type] = {"name": str, "-size": int, "category": str, "folder": str}
