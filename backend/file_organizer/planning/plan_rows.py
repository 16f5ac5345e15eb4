"""From a thought to the rows of a plan: its lead, what travels with it, and the counts of the whole build."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from backend.file_organizer.analysis.facts import FileFacts
from backend.file_organizer.memory.view import extra_signs
from backend.file_organizer.naming.namer import follow
from backend.file_organizer.planning.collector import Find, LeftAloneReport
from backend.file_organizer.planning.plan_models import ItemState
from backend.file_organizer.planning.scanner import LeftAlone
from backend.file_organizer.planning.suggestions import Suggestion, folder_name
from backend.sdk.files import encode_path
from backend.sdk.finding import name_key
from backend.sdk.ids import NewId

REASON_RULE = "one of your rules says so"

Row = dict[str, Any]


@dataclass(slots=True)
class Thought:
    """A find with what is known and suggested about it, before it becomes rows."""

    find: Find
    facts: FileFacts
    features: tuple[str, ...]
    suggestion: Suggestion


@dataclass(slots=True)
class BuildCounts:
    """Count what a build found."""

    files: int = 0
    bytes: int = 0
    items: int = 0
    suggested: int = 0
    asking: int = 0
    in_place: int = 0
    by_category: dict[str, int] = field(default_factory=dict)


class PlanRows:
    """Write the rows of one plan; `name` gives a file another name, where the household wants that."""

    def __init__(
        self,
        *,
        owner_id: str,
        volume_id: str,
        threshold: float,
        new_id: NewId,
        relative: Callable[[str], str],
        name: Callable[[FileFacts, Suggestion], str] | None,
    ) -> None:
        self._owner_id = owner_id
        self._volume_id = volume_id
        self._threshold = threshold
        self._new_id = new_id
        self._relative = relative
        self._name = name
        self.left_by_rule = LeftAloneReport()
        self.counts = BuildCounts()
        self._seq = 0

    def write(self, plan_id: str, thought: Thought, rows: list[Row]) -> None:
        """Turn one thought into the rows of its lead and companions."""
        find, facts, suggestion = thought.find, thought.facts, thought.suggestion
        folder = self._relative(find.folder)
        counts = self.counts
        group = find.group
        companions = len(group.companions) + len(group.folders) if group else 0
        counts.files += 1 + (len(group.companions) if group else 0)
        counts.bytes += facts.size
        if suggestion.op == "leave":
            self.left_by_rule.add(LeftAlone(facts.path, REASON_RULE))
            return
        if self._name is not None and suggestion.name is None and suggestion.op in ("move", "ask"):
            name = self._name(facts, suggestion)
            suggestion.name = name if name != facts.name else None
        stays = (suggestion.volume_id, suggestion.folder) == (self._volume_id, folder)
        if stays and suggestion.name in (None, facts.name) and suggestion.op != "trash":
            counts.in_place += 1 + companions
            return
        sure = suggestion.confidence >= self._threshold and suggestion.op != "ask"
        state = ItemState.SUGGESTED if sure else ItemState.ASKING
        target = encode_path(suggestion.folder)
        source = encode_path(folder)
        lead = self._row(plan_id, thought, source, target, state)
        if companions:
            lead["group_key"] = self._new_id()
        rows.append(lead)
        added = 1
        if group is not None and companions:
            added += self._write_companions(lead, find, rows, source, target)
        counts.items += added
        counts.by_category[suggestion.category] = counts.by_category.get(suggestion.category, 0) + added
        if state is ItemState.SUGGESTED:
            counts.suggested += added
        else:
            counts.asking += added

    def _row(self, plan_id: str, thought: Thought, source: str, target: str, state: ItemState) -> Row:
        """Return the row of a find's lead."""
        facts, suggestion = thought.facts, thought.suggestion
        name = encode_path(facts.name)
        new_name = encode_path(suggestion.name or facts.name)
        self._seq += 1
        return {
            "owner_id": self._owner_id,
            "id": self._new_id(),
            "plan_id": plan_id,
            "seq": self._seq,
            "group_key": None,
            "lead": True,
            "is_folder": facts.is_folder,
            "source_volume": self._volume_id,
            "source_path": f"{source}/{name}" if source else name,
            "source_folder": source,
            "name_key": name_key(name),
            "size": facts.size,
            "mtime_ns": facts.mtime_ns,
            "inode": facts.inode,
            "device": facts.device,
            "category": suggestion.category,
            "target_volume": suggestion.volume_id,
            "target_folder": target,
            "target_path": f"{target}/{new_name}" if target else new_name,
            "suggested_path": None,
            "confidence": round(suggestion.confidence, 4),
            "reason": encode_path(suggestion.reason),
            "source": suggestion.source.value,
            "oddity": facts.oddity,
            "alternatives": [
                {
                    "volume_id": a.volume_id,
                    "folder": encode_path(a.folder),
                    "confidence": round(a.confidence, 4),
                    "reason": encode_path(a.reason),
                }
                for a in suggestion.alternatives
            ],
            "features": "" if suggestion.op in ("copy", "trash") else "\n".join(_lasting(thought)),
            "op": suggestion.op if suggestion.op in ("copy", "trash") else "move",
            "state": state.value,
            "problem": None,
            "taught": False,
        }

    def _write_companions(self, lead: Row, find: Find, rows: list[Row], source: str, target: str) -> int:
        """Add the rows of what travels with a lead."""
        group = find.group
        if group is None:
            return 0
        reason = f"{group.reason[:1].upper()}{group.reason[1:]}." if group.reason else ""
        members: list[tuple[str, bool, int, int, int]] = [
            (e.name, False, e.size, e.mtime_ns, e.inode) for e in group.companions
        ]
        # A copy is of files only; what a folder holds stays where it is, with the original.
        for name in group.folders if lead["op"] != "copy" else ():
            try:
                status = os.lstat(f"{find.folder}/{name}")
            except OSError:
                continue
            members.append((name, True, 0, status.st_mtime_ns, status.st_ino))
        for name, is_folder, size, mtime_ns, inode in members:
            text = encode_path(name)
            new = _renamed_along(text, lead)
            self._seq += 1
            rows.append(
                lead
                | {
                    "id": self._new_id(),
                    "seq": self._seq,
                    "lead": False,
                    "is_folder": is_folder,
                    "source_path": f"{source}/{text}" if source else text,
                    "name_key": name_key(text),
                    "target_path": f"{target}/{new}" if target else new,
                    "size": size,
                    "mtime_ns": mtime_ns,
                    "inode": inode,
                    "reason": encode_path(reason),
                    "oddity": None,
                    "alternatives": [],
                    "features": "",
                }
            )
        return len(members)


def _renamed_along(name: str, lead: Row) -> str:
    """Return what a companion is called when its lead gets another name: the part they share changes with it."""
    old, new = (lead[key].rpartition("/")[2] for key in ("source_path", "target_path"))
    return follow(name, old, new)


def _lasting(thought: Thought) -> list[str]:
    """Return the features that are stored with the item, with the series and the year that learning needs."""
    facts = thought.facts
    date = facts.filing_date()
    found = [*extra_signs(facts), f"_date:{date.year}-{date.month}"]
    if facts.media is not None and facts.media.kind == "episode":
        title = folder_name(facts.media.title)
        if title:
            found.append(f"_series:{facts.media.season if facts.media.season is not None else ''}:{title}")
    return found
