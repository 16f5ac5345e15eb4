"""What a look for copies found and has not stored yet: rows of groups and files, with the one that should stay."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.file_organizer.cleaning.alike import AlikeGroup
from backend.file_organizer.cleaning.finder import FoundGroup
from backend.file_organizer.cleaning.inventory import Inventory, KnownFile
from backend.file_organizer.cleaning.keepers import Candidate, KeeperReason, choose_keeper
from backend.file_organizer.cleaning.models import FileState, FindState, GroupKind
from backend.sdk.files import encode_path
from backend.sdk.ids import NewId


@dataclass(slots=True)
class Found:
    """Collect rows. `twins`: files that are equal to another one, by their number; `counts` over everything."""

    new_id: NewId
    search_id: str
    inventory: Inventory
    groups: list[dict[str, Any]] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    twins: set[int] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=lambda: {"groups": 0, "copies": 0, "gain": 0, "similar": 0})
    unreadable: int = 0
    changed: int = 0

    def take_equal(self, group: FoundGroup) -> None:
        """Take a group of equal files."""
        candidates = [
            Candidate(
                os.fsdecode(self.inventory.path(copy.file.index)),  # an opened folder may itself be called Downloads
                copy.file.mtime_ns,
                copy.links,
                self._movable(copy.file),
            )
            for copy in group.copies
        ]
        best, reason = choose_keeper(candidates)
        self.twins.update(copy.file.index for at, copy in enumerate(group.copies) if at != best)
        keeps = [at == best or not one.movable or one.links > 1 for at, one in enumerate(candidates)]
        rows = [
            self._file(copy.file, seq, keep) | {"links": copy.links}
            for seq, (copy, keep) in enumerate(zip(group.copies, keeps, strict=True))
        ]
        gain = self._group(GroupKind.SAME, rows, reason, group.content_hash)
        self.counts["groups"] += 1
        self.counts["copies"] += len(rows) - 1
        self.counts["gain"] += gain

    def take_alike(self, group: AlikeGroup) -> None:
        """Take a group of pictures; the first one is the best, and stays."""
        rows = []
        for seq, picture in enumerate(group.pictures):
            file = self.inventory.file(picture.key)
            rows.append(
                self._file(file, seq, not seq or not self._movable(file))
                | {"width": picture.width, "height": picture.height, "sharpness": picture.sharpness}
            )
        self._group(GroupKind.SIMILAR, rows, KeeperReason.SHARPEST if group.sharpest else KeeperReason.LARGEST)
        self.counts["similar"] += 1

    def _movable(self, file: KnownFile) -> bool:
        return self.inventory.places[file.place].root.writable

    def _file(self, file: KnownFile, seq: int, keep: bool) -> dict[str, Any]:
        return {
            "id": self.new_id(),
            "seq": seq,
            "volume": self.inventory.places[file.place].root.volume_id,
            "path": encode_path(file.relpath),
            "size": file.size,
            "mtime_ns": file.mtime_ns,
            "inode": file.inode,
            "device": file.device,
            "links": 1,
            "movable": self._movable(file),
            "keep": keep,
            "width": 0,
            "height": 0,
            "sharpness": 0.0,
            "state": FileState.THERE.value,
        }

    def _group(
        self, kind: GroupKind, rows: Sequence[dict[str, Any]], reason: KeeperReason, content_hash: str = ""
    ) -> int:
        """Add a group with its files; returns the bytes that its suggestion would win."""
        group_id = self.new_id()
        gain: int = sum(row["size"] for row in rows if not row["keep"] and row["links"] == 1)
        self.files += [row | {"group_id": group_id} for row in rows]
        self.groups.append(
            {
                "id": group_id,
                "search_id": self.search_id,
                "kind": kind.value,
                "state": FindState.OPEN.value,
                "content_hash": content_hash,
                "size": max(row["size"] for row in rows),
                "files": len(rows),
                "gain": gain,
                "keeper_reason": reason.value,
            }
        )
        return gain
