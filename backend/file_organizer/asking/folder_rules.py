"""Which folders an AI may hear of: the owner's rules, and what follows from them for one file."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import select

from backend.file_organizer.asking.models import AiFolderRule
from backend.file_organizer.errors import FolderRuleMissing
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession
from backend.sdk.files import SafePath, encode_path
from backend.sdk.ids import NewId


class Openness(enum.StrEnum):
    """Say how much an AI may be told about what lies in a folder."""

    NOTHING = "nothing"
    NAMES = "names"
    CONTENT = "content"


@dataclass(frozen=True, slots=True)
class Permissions:
    """Answer for any place what may be said. `usual`: where no rule speaks."""

    usual: Openness = Openness.NAMES
    rules: dict[tuple[str, str], Openness] = field(default_factory=dict)

    def of(self, volume_id: str, folder: str) -> Openness:
        """Return what may be said about what lies in `folder` (relative, as on disk).

        "Nothing" holds for all that is below it, whatever a folder inside says; else the nearest rule counts.
        """
        if not self.rules:
            return self.usual
        found: Openness | None = None
        for place in _upwards(encode_path(folder)):
            rule = self.rules.get((volume_id, place))
            if rule is Openness.NOTHING:
                return rule
            found = found or rule
        return found or self.usual

    def may_name(self, volume_id: str, folder: str) -> bool:
        """Tell whether a folder may be offered as a choice, by its name."""
        return self.of(volume_id, folder) is not Openness.NOTHING


def _upwards(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]
    yield ""


class FolderRules:
    """Keep the rules of each owner: those of the space that an actor writes to."""

    def __init__(self, db: Database, clock: Clock, new_id: NewId) -> None:
        self._db = db
        self._clock = clock
        self._new_id = new_id

    def all(self, actor: Actor) -> list[AiFolderRule]:
        """Return the rules by place."""
        query = select(AiFolderRule).order_by(AiFolderRule.volume_id, AiFolderRule.path)
        return self._db.read(actor.only_in(actor.owner_id), lambda session: list(session.scalars(query)))

    def page(self, actor: Actor, *, limit: int, before: str | None = None) -> list[AiFolderRule]:
        """Return rules, newest first, `limit + 1` of them for paging."""
        query = select(AiFolderRule).order_by(AiFolderRule.id.desc()).limit(limit + 1)
        if before is not None:
            query = query.where(AiFolderRule.id < before)
        return self._db.read(actor.only_in(actor.owner_id), lambda session: list(session.scalars(query)))

    def put(self, actor: Actor, place: SafePath, rule: Openness) -> AiFolderRule:
        """Set the rule of a folder; it replaces the one that was there."""
        volume_id, path, now = place.root.volume_id, encode_path(place.relpath), self._clock.now()

        def work(session: OwnedSession) -> AiFolderRule:
            found = session.scalar(
                select(AiFolderRule).where(AiFolderRule.volume_id == volume_id, AiFolderRule.path == path)
            )
            if found is None:
                found = AiFolderRule(id=self._new_id(), volume_id=volume_id, path=path, created_at=now)
                session.add(found)
            found.rule = rule.value
            return found

        return self._db.write(actor.only_in(actor.owner_id), work)

    def remove(self, actor: Actor, rule_id: str) -> None:
        """Drop a rule; raises `FolderRuleMissing`."""

        def work(session: OwnedSession) -> None:
            found = session.scalar(select(AiFolderRule).where(AiFolderRule.id == rule_id))
            if found is None:
                raise FolderRuleMissing()
            session.delete(found)

        self._db.write(actor.only_in(actor.owner_id), work)

    def permissions(self, actor: Actor, *, send_content: bool) -> Permissions:
        """Return what may be said for this owner."""
        return permissions_of(self.all(actor), send_content=send_content)


def permissions_of(rules: Iterable[AiFolderRule], *, send_content: bool) -> Permissions:
    """Return what follows from rules; `send_content`: whether words of documents may be said where no rule speaks."""
    usual = Openness.CONTENT if send_content else Openness.NAMES
    return Permissions(usual, {(rule.volume_id, rule.path): Openness(rule.rule) for rule in rules})
