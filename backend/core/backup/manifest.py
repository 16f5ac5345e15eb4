"""What a backup says about itself. The manifest is written last: a folder without one is no backup.

<backup folder>/
  .homie-backups.json              marker: this is the backup folder, and which one
  blobs/<ab>/<stored name>         file contents, once for all backups
  <set id>/manifest.json           this file: plain, sealed, also readable without the key
  <set id>/database[.enc]          the database copy
  <set id>/contents.jsonl[.enc]    one line per file of the module: where it was, its hash, its stored name
  <set id>/blobs.list              stored name and size per line, so that clean-up needs no key
  <set id>/secrets.json.enc        encrypted backups of core only
  <set id>/state.json              what happened since: verified, pinned, accepted (not part of the seal)
"""

from __future__ import annotations

import hmac
import json
import os
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from blake3 import blake3
from pydantic import BaseModel, ConfigDict, ValidationError

from backend.core.backup.encryption import BackupKey, KeyHeader
from backend.core.backup.errors import BackupDamaged, BackupTooNew
from backend.core.backup.retention import Check
from backend.sdk.errors import FieldProblem

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database"
CONTENTS = "contents.jsonl"
BLOB_LIST = "blobs.list"
SECRETS = "secrets.json"
STATE = "state.json"
SET_ID = re.compile(r"(\d{8}T\d{6}Z)-([a-z][a-z0-9_]*)-([0-9a-f]{8})")

Reason = Literal["manual", "scheduled", "before_restore", "before_update"]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StoredFile(_Record):
    """Describe one file of the set as it is stored (encrypted or not): name, size in bytes, BLAKE3 in hex."""

    name: str
    size: int
    blake3: str


class Manifest(_Record):
    """Describe one backup of one part (`core` or a module id)."""

    format: int = FORMAT
    homie_version: str
    set_id: str
    part: str
    part_version: str
    engine: str
    revision: str | None
    created_at: datetime
    reason: Reason
    tables: dict[str, int]
    database_bytes: int
    blob_count: int = 0
    blob_bytes: int = 0
    files: tuple[StoredFile, ...]
    key: KeyHeader | None = None
    notices: tuple[str, ...] = ()
    drift: tuple[str, ...] = ()
    seal: str = ""
    mac: str | None = None

    @property
    def encrypted(self) -> bool:
        """Tell whether a key is needed to read the contents."""
        return self.key is not None

    @property
    def rows(self) -> int:
        """Return the number of rows of all tables."""
        return sum(self.tables.values())

    def stored_file(self, name: str) -> StoredFile | None:
        """Return the stored file of that plain name ("database"), encrypted or not."""
        wanted = (name, name + ".enc")
        return next((f for f in self.files if f.name in wanted), None)

    def sealed(self, key: BackupKey | None) -> Manifest:
        """Return the manifest with its checksum, and with the keyed one when there is a key."""
        body = self._body()
        return self.model_copy(update={"seal": blake3(body).hexdigest(), "mac": key.mac(body) if key else None})

    def check_seal(self, key: BackupKey | None = None) -> None:
        """Raise `BackupDamaged` when a character of the manifest is not as written."""
        body = self._body()
        good = hmac.compare_digest(self.seal, blake3(body).hexdigest())
        if good and key is not None and self.key is not None:
            good = hmac.compare_digest(self.mac or "", key.mac(body))
        if not good:
            raise BackupDamaged(fields=[FieldProblem(MANIFEST, "it was changed after it was written")])

    def to_bytes(self) -> bytes:
        """Return the JSON text that is stored."""
        return json.dumps(self.model_dump(mode="json"), indent=1, sort_keys=True).encode() + b"\n"

    @classmethod
    def from_bytes(cls, raw: bytes) -> Manifest:
        """Read a stored manifest; raises `BackupDamaged` or, for a later format, `BackupTooNew`."""
        try:
            data = json.loads(raw)
            if isinstance(data, dict) and isinstance(data.get("format"), int) and data["format"] > FORMAT:
                raise BackupTooNew
            manifest = cls.model_validate_json(raw)
        except (ValueError, ValidationError) as problem:
            raise BackupDamaged(fields=[FieldProblem(MANIFEST, "it cannot be read")]) from problem
        manifest.check_seal()
        return manifest

    def _body(self) -> bytes:
        data = self.model_dump(mode="json", exclude={"seal", "mac"})
        return json.dumps(data, sort_keys=True, separators=(",", ":")).encode()


class BlobEntry(_Record):
    """Say where a file of the module was (`folder` key, `path` in it) and under which name its content is stored.

    `path` is text with surrogate escapes written as JSON; `mode` and `mtime_ns` are put back by a restore.
    """

    folder: str
    path: str
    size: int
    blake3: str
    stored: str
    mode: int = 0o600
    mtime_ns: int = 0


class Contents(_Record):
    """List what a backup holds besides rows: the database copy's plain hash, the folders, and every file."""

    database: StoredFile
    folders: tuple[str, ...] = ()
    blobs: tuple[BlobEntry, ...] = ()

    def lines(self) -> Iterator[bytes]:
        """Yield the JSON lines that are stored."""
        yield _line({"database": self.database.model_dump(), "folders": list(self.folders)})
        for blob in self.blobs:
            yield _line(blob.model_dump())

    @classmethod
    def from_lines(cls, raw: bytes) -> Contents:
        """Read stored lines; raises `BackupDamaged`."""
        try:
            head, *rest = [json.loads(line) for line in raw.splitlines()]
            return cls(
                database=StoredFile(**head["database"]),
                folders=tuple(head["folders"]),
                blobs=tuple(BlobEntry(**item) for item in rest),
            )
        except (ValueError, KeyError, TypeError) as problem:
            raise BackupDamaged(fields=[FieldProblem(CONTENTS, "it cannot be read")]) from problem


class SetState(_Record):
    """Hold what happened to a backup after it was made."""

    check: Check = Check.UNVERIFIED
    checked_at: datetime | None = None
    problems: tuple[str, ...] = ()
    pinned: bool = False
    drift_accepted: bool = False


class BackupEntry(_Record):
    """Show one backup in a list: its manifest and its state."""

    manifest: Manifest
    state: SetState

    @property
    def set_id(self) -> str:
        """Return the backup's name."""
        return self.manifest.set_id

    @property
    def on_hold(self) -> bool:
        """Tell whether sharply shrunken data forbids pruning until somebody looked at it."""
        return bool(self.manifest.drift) and not self.state.drift_accepted


def new_set_id(part: str, at: datetime) -> str:
    """Return the name of a new backup: UTC time, part and a random tail, so that names sort by time."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{part}-{os.urandom(4).hex()}"


def find_drift(before: Mapping[str, int], after: Mapping[str, int]) -> tuple[str, ...]:
    """Say which tables lost a suspicious share of their rows since the previous backup (half, and at least 20)."""
    found = []
    for table, old in sorted(before.items()):
        new = after.get(table, 0)
        if old - new >= 20 and new < old / 2:
            found.append(f"{table}: {old} rows before, {new} now")
    return tuple(found)


def _line(data: dict[str, Any]) -> bytes:
    # ensure_ascii keeps undecodable names (surrogates) representable; they come back exactly.
    return json.dumps(data, sort_keys=True, separators=(",", ":")).encode("ascii") + b"\n"
