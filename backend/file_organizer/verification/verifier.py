"""Read again a sample, or all, of the files that Homie put where they are, and keep what was found.

A baseline is the hash with size and time. Copies between drives have one in the journal; a file that was only renamed
gets one at its first reading (docs/adr/0152). Nothing is changed on any drive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import sqlalchemy as sa

from backend.file_organizer.memory.models import ModuleData
from backend.file_organizer.verification.models import Condition, ContentBaseline, place_key
from backend.file_organizer.verification.places import (
    FROM_ONE_FOLDER,
    FilePlace,
    files_of,
    steps_after,
    steps_to_sample,
)
from backend.file_organizer.verification.reading import Known, Reading, read_again
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession
from backend.sdk.files import AllowedRoot, OpenRoot, OwnerRootsSource, VolumeAway, encode_path
from backend.sdk.ids import NewId
from backend.sdk.overview import AttentionItem

KEY = "verification"
MOST_FINDINGS = 200
_BATCH = 100
_TOLD = (Condition.DAMAGED, Condition.UNREADABLE, Condition.CHANGED, Condition.GONE)


@dataclass(slots=True)
class VerifyReport:
    """What was found. `findings`: the first of what was not good, damage before changes; `sample`: None for all."""

    sample: int | None = None
    checked: int = 0
    bytes: int = 0
    good: int = 0
    recorded: int = 0
    changed: int = 0
    damaged: int = 0
    unreadable: int = 0
    gone: int = 0
    away: list[str] = field(default_factory=list)
    findings: list[dict[str, str]] = field(default_factory=list)
    complete: bool = True
    at: str = ""

    @property
    def whole(self) -> bool:
        """Tell whether no drive has damaged anything."""
        return not self.damaged and not self.unreadable

    def count(self, place: FilePlace, reading: Reading) -> None:
        """Add one file."""
        self.checked += 1
        name = reading.condition.value
        setattr(self, name, getattr(self, name) + 1)
        if reading.condition in _TOLD:
            self.findings.append({"condition": name, "volume_id": place.volume_id, "path": encode_path(place.path)})
            self.findings.sort(key=lambda one: _TOLD.index(Condition(one["condition"])))
            del self.findings[MOST_FINDINGS:]


Tell = Callable[[float | None, str, int], None]
"""Told the fraction, what is going on, and how many files are through; may raise to stop."""
Keep = Callable[[str, dict[str, Any]], None]
"""Told after which step to go on, with the report so far."""


class Verifier:
    """Read files again, for the space that an actor writes to."""

    def __init__(self, db: Database, roots: OwnerRootsSource, clock: Clock, new_id: NewId) -> None:
        self._db = db
        self._roots = roots
        self._clock = clock
        self._new_id = new_id

    def last(self, actor: Actor) -> dict[str, Any] | None:
        """Return what was found last, or None if nothing was ever read again."""
        return self._db.read(actor, _last)

    def verify(
        self,
        actor: Actor,
        *,
        sample: int | None,
        tell: Tell | None = None,
        keep: Keep | None = None,
        go_on: tuple[str, dict[str, Any]] | None = None,
    ) -> VerifyReport:
        """Read `sample` files, or all, and store the result. `go_on`: where an earlier attempt was, as `keep` heard it.

        What `tell` raises stops it; what was found until then is stored as incomplete.
        """
        home = actor.only_in(actor.owner_id)
        roots = {root.volume_id: root for root in self._roots.for_actor(home).roots}
        here = {volume: root for volume, root in roots.items() if root.online}
        after, known = go_on or ("", {})
        report = VerifyReport(**{**known, "sample": sample})
        report.away = sorted(root.label or volume for volume, root in roots.items() if volume not in here)
        walk = _Walk(self._db, home, here, report, self._clock, self._new_id, tell)
        try:
            if sample is None:
                walk.everything(after, keep)
            else:
                walk.some(sample)
            walk.store()
        except BaseException:
            report.complete = False
            walk.store()
            self._keep_result(home, report)
            raise
        finally:
            walk.close()
        report.complete = True
        self._keep_result(home, report)
        return report

    def _keep_result(self, actor: Actor, report: VerifyReport) -> None:
        report.at = self._clock.now().isoformat()
        self._db.write(actor, _keep, asdict(report), self._clock.now())


class _Walk:
    """Go through files, a batch of baselines at a time."""

    def __init__(
        self,
        db: Database,
        actor: Actor,
        here: dict[str, AllowedRoot],
        report: VerifyReport,
        clock: Clock,
        new_id: NewId,
        tell: Tell | None,
    ) -> None:
        self._db, self._actor, self._here, self._report = db, actor, here, report
        self._clock, self._new_id, self._tell = clock, new_id, tell
        self._open: dict[str, OpenRoot] = {}
        self._found: list[tuple[FilePlace, Reading]] = []
        self._fraction: float | None = None

    def some(self, count: int) -> None:
        steps = self._db.read(self._actor, steps_to_sample, list(self._here), count)
        places = (place for step in steps for place in files_of(step, self._here[step.volume_id], FROM_ONE_FOLDER))
        for batch in _batches(places, count):
            self._fraction = min(1.0, self._report.checked / count)
            self._read(batch)

    def everything(self, after: str, keep: Keep | None) -> None:
        page: str | None = after
        while page is not None:
            steps, page = self._db.read(self._actor, steps_after, list(self._here), page)
            for step in steps:
                for batch in _batches(files_of(step, self._here[step.volume_id]), None):
                    self._read(batch)
                if keep is not None and len(self._found) >= _BATCH:
                    self.store()
                    keep(step.action_id, asdict(self._report))

    def _read(self, places: list[FilePlace]) -> None:
        keys = [place_key(place.volume_id, encode_path(place.path)) for place in places]
        before = [place_key(p.came_from[0], encode_path(p.came_from[1])) if p.came_from else "" for p in places]
        known = self._db.read(self._actor, _baselines, [*keys, *filter(None, before)])
        for place, key, earlier in zip(places, keys, before, strict=True):
            self._say()
            root = self._root(place.volume_id)
            if root is None:
                continue
            reading = read_again(root, place, _known(place, known.get(key), known.get(earlier)), self._bytes)
            try:
                root.check(writing=False)
            except VolumeAway:
                self._lose(place.volume_id)
                continue  # it was pulled out meanwhile: nothing is concluded
            if reading is not None:
                self._report.count(place, reading)
                self._found.append((place, reading))
        if len(self._found) >= _BATCH * 5:
            self.store()

    def _root(self, volume_id: str) -> OpenRoot | None:
        if volume_id not in self._here:
            return None
        if volume_id not in self._open:
            try:
                self._open[volume_id] = OpenRoot(self._here[volume_id])
            except VolumeAway:
                self._lose(volume_id)
                return None
        return self._open[volume_id]

    def _lose(self, volume_id: str) -> None:
        root = self._here.pop(volume_id, None)
        if root is not None:
            self._report.away.append(root.label or volume_id)
        if (opened := self._open.pop(volume_id, None)) is not None:
            opened.close()

    def _bytes(self, count: int) -> None:
        self._report.bytes += count
        self._say()

    def _say(self) -> None:
        if self._tell is not None:
            self._tell(self._fraction, "Reading files again", self._report.checked)

    def store(self) -> None:
        """Keep what was found of the files read so far."""
        found, self._found = self._found, []
        if found:
            self._db.write(self._actor, _store, found, self._clock.now(), self._new_id)

    def close(self) -> None:
        for root in self._open.values():
            root.close()
        self._open.clear()


def _batches(places: Iterator[FilePlace], most: int | None) -> Iterator[list[FilePlace]]:
    batch: list[FilePlace] = []
    for number, place in enumerate(places):
        if most is not None and number >= most:
            break
        batch.append(place)
        if len(batch) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _known(place: FilePlace, row: ContentBaseline | None, earlier: ContentBaseline | None) -> Known | None:
    """Return what is known of a file: from its last reading, else from the journal of a verified copy.

    What Homie moved there later than the last reading is another file; it may have been read where it was before (or
    here, before it went away and came back), and is the same if it has the size and time that it had.
    """
    if row is not None and row.content_hash and row.action_id == place.action_id:
        return Known(row.size, row.mtime_ns, row.content_hash)
    if place.content_hash and place.size is not None and place.mtime_ns is not None:
        return Known(place.size, place.mtime_ns, place.content_hash)
    for other in (earlier, row):
        if other is None or not other.content_hash:
            continue
        if place.size is None or (place.size, place.mtime_ns) == (other.size, other.mtime_ns):
            return Known(other.size, other.mtime_ns, other.content_hash)
    return None


def _baselines(session: OwnedSession, keys: list[str]) -> dict[str, ContentBaseline]:
    query = sa.select(ContentBaseline).where(
        ContentBaseline.owner_id == session.actor.owner_id, ContentBaseline.place_key.in_(keys)
    )
    return {row.place_key: row for row in session.scalars(query)}


def _store(session: OwnedSession, found: list[tuple[FilePlace, Reading]], now: Any, new_id: NewId) -> None:
    keyed = {place_key(p.volume_id, encode_path(p.path)): (p, reading) for p, reading in found}
    rows: dict[str, ContentBaseline] = {}
    keys = list(keyed)
    for start in range(0, len(keys), _BATCH * 5):
        rows |= _baselines(session, keys[start : start + _BATCH * 5])
    for key, (place, reading) in keyed.items():
        row = rows.get(key)
        readable = reading.condition in (Condition.GOOD, Condition.RECORDED, Condition.CHANGED)
        if row is None:
            row = ContentBaseline(
                id=new_id(),
                place_key=key,
                volume_id=place.volume_id,
                path=encode_path(place.path),
                size=place.size or 0,
                mtime_ns=place.mtime_ns or 0,
                content_hash=place.content_hash or "",
                origin="journal" if place.content_hash else "verify",
                known_since=now,
            )
            session.add(row)
        if readable:  # what is damaged or gone keeps what it was: it may come back
            if row.content_hash and row.content_hash != reading.content_hash:
                row.origin, row.known_since = "verify", now
            row.size, row.mtime_ns, row.content_hash = reading.size, reading.mtime_ns, reading.content_hash
        row.action_id, row.condition, row.checked_at = place.action_id, reading.condition.value, now


def _result_row(session: OwnedSession) -> ModuleData | None:
    rows = session.scalars(sa.select(ModuleData).where(ModuleData.key == KEY))
    return next((row for row in rows if row.owner_id == session.actor.owner_id), None)


def _last(session: OwnedSession) -> dict[str, Any] | None:
    row = _result_row(session)
    return dict(row.value) if row is not None else None


def damage_items(session: OwnedSession) -> Iterator[AttentionItem]:
    """Yield what Home says where the last reading found damage; from the stored result."""
    for row in session.scalars(sa.select(ModuleData).where(ModuleData.key == KEY)):
        damaged = int(row.value.get("damaged", 0)) + int(row.value.get("unreadable", 0))
        if damaged:
            yield AttentionItem(
                "file_organizer.damaged",
                "Files that a drive damaged: {count}",
                "/file_organizer/drives",
                {"count": damaged},
                damaged,
                severity="error",
                since=row.updated_at,
                space_id=row.owner_id,
            )


def _keep(session: OwnedSession, result: dict[str, Any], now: Any) -> None:
    row = _result_row(session)
    if row is None:
        session.add(ModuleData(key=KEY, value=result, updated_at=now))
    else:
        row.value, row.updated_at = result, now
