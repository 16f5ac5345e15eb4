"""How far the events of each space were heard (`"<epoch>-<number>"`, docs/subsystems/events.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Cursors:
    """Keep the cursor per space. Until the hub said `ready`, live events may overtake missed ones: those wait aside."""

    _held: dict[str, str] = field(default_factory=dict)
    _ahead: dict[str, str] = field(default_factory=dict)
    _settled: bool = False

    def shown(self) -> dict[str, str]:
        """Return the cursors to show at the next connection; from now on what comes is unsettled until `ready`."""
        self._ahead, self._settled = {}, False
        return dict(self._held)

    def saw(self, owner_id: str, cursor: str) -> None:
        """Note that an event was heard."""
        kept = self._held if self._settled else self._ahead
        kept[owner_id] = later(kept.get(owner_id), cursor)

    def move(self, owner_id: str, cursor: str) -> None:
        """Begin anew at `cursor`: what lies before it is read from the views."""
        self._held[owner_id] = cursor
        self._ahead.pop(owner_id, None)

    def ready(self, present: Mapping[str, str]) -> bool:
        """Take the cursors that end the replay; tell whether there is a space that was not followed before."""
        unheard = bool(present.keys() - self._held.keys())
        self._held = {owner: later(self._ahead.get(owner), cursor) for owner, cursor in present.items()}
        self._ahead, self._settled = {}, True
        return unheard

    def keep_only(self, present: Mapping[str, str]) -> None:
        """Follow exactly these spaces; those that were followed before keep their place."""
        self._held = {owner: self._held.get(owner, cursor) for owner, cursor in present.items()}


def later(one: str | None, other: str) -> str:
    """Return the later of two cursors; of two epochs the other one, which came last."""
    if one is None:
        return other
    epoch, _, number = one.rpartition("-")
    other_epoch, _, other_number = other.rpartition("-")
    if epoch != other_epoch or not (number.isdigit() and other_number.isdigit()):
        return other
    return one if int(number) > int(other_number) else other
