"""A small hub on disk: core and two modules as real SQLite files with blobs, and a backup service over them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from backend.core.backup.blobs import LocalBlobStore
from backend.core.backup.keyring import KeyRing
from backend.core.backup.restore import Restorer
from backend.core.backup.service import BackupService
from backend.core.backup.settings import BackupSettings
from backend.core.backup.sqlite_part import SqlitePart
from backend.sdk.clock import FakeClock
from backend.sdk.db import NewerDatabase
from backend.sdk.errors import NotFound

LATEST = "notes_0002"
SCHEMA = """
PRAGMA journal_mode=WAL;
CREATE TABLE folders (owner_id TEXT, id TEXT, name TEXT, PRIMARY KEY (owner_id, id));
CREATE TABLE notes (owner_id TEXT, id TEXT, folder_id TEXT, body TEXT, raw BLOB, n REAL, PRIMARY KEY (owner_id, id),
    FOREIGN KEY (owner_id, folder_id) REFERENCES folders (owner_id, id));
CREATE TABLE alembic_version (version_num TEXT);
"""


def make_database(path: Path, rows: int = 50, revision: str = LATEST) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(path) as db:
        db.executescript(SCHEMA)
        db.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
        if revision == LATEST:
            db.execute("ALTER TABLE notes ADD COLUMN star INTEGER DEFAULT 0")
        for owner in ("ann", "bob"):
            db.execute("INSERT INTO folders VALUES (?, 'f1', ?)", (owner, f"of {owner}"))
            for i in range(rows):
                db.execute(
                    "INSERT INTO notes (owner_id, id, folder_id, body, raw, n) VALUES (?, ?, 'f1', ?, ?, ?)",
                    (owner, f"n{i}", f"{owner} says grüß {i}\0x", bytes([i % 256, 0, 255]), i / 7),
                )
    db.close()


def dump(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table, in order."""
    db = sqlite3.connect(path)
    try:
        names = [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type='table' ORDER BY name")]
        return {name: sorted(db.execute(f"SELECT * FROM {name}"), key=repr) for name in names}
    finally:
        db.close()


def upgrade(copy: Path) -> str:
    """Stand in for the migrations: one step, and a refusal of what is unknown."""
    db = sqlite3.connect(copy)
    try:
        (revision,) = db.execute("SELECT version_num FROM alembic_version").fetchone()
        if revision == "notes_0001":
            db.execute("ALTER TABLE notes ADD COLUMN star INTEGER DEFAULT 0")
            db.execute("UPDATE alembic_version SET version_num = ?", (LATEST,))
            db.commit()
        elif revision != LATEST:
            raise NewerDatabase
        return LATEST
    finally:
        db.close()


class HubParts:
    """Know the parts of the test hub, and write down who was stopped and started."""

    def __init__(self, data_dir: Path) -> None:
        self.log: list[str] = []
        self.parts = {
            "core": SqlitePart(
                "core",
                data_dir / "homie_users.db",
                version="1",
                upgrade=upgrade,
                secrets=data_dir / "secrets",
                data_dir=data_dir,
            )
        }
        for name in ("notes", "films"):
            self.parts[name] = SqlitePart(
                name,
                data_dir / "modules" / f"homie_{name}.db",
                version="1",
                upgrade=upgrade,
                folders=lambda name=name: {f"blobs/{name}": data_dir / "blobs" / name},
                data_dir=data_dir,
            )

    def ids(self) -> tuple[str, ...]:
        return tuple(self.parts)

    def get(self, part_id: str) -> SqlitePart:
        if part_id not in self.parts:
            raise NotFound("no such part")
        return self.parts[part_id]

    @contextmanager
    def held(self, part_id: str) -> Iterator[None]:
        self.log.append(f"stop {part_id}")
        try:
            yield
        finally:
            self.log.append(f"start {part_id}")


class Hub:
    """Bundle what the tests touch."""

    def __init__(self, root: Path) -> None:
        self.data_dir = root / "data"
        self.target = root / "drive" / "backups"
        self.data_dir.mkdir(parents=True)
        self.target.parent.mkdir(parents=True, exist_ok=True)
        self.clock = FakeClock()
        self.parts = HubParts(self.data_dir)
        self.rules: dict[str, object] = {}
        self.keys = KeyRing(self.data_dir / "secrets", log_n=10)
        self.service = BackupService(
            data_dir=self.data_dir,
            settings=lambda: BackupSettings.model_validate({"directory": self.target, **self.rules}),
            parts=self.parts,
            keys=self.keys,
            clock=self.clock,
            homie_version="0.1.0",
        )
        self.restorer = Restorer(self.service)
        (self.data_dir / "secrets").mkdir()
        (self.data_dir / "secrets" / "master.key").write_bytes(b"m" * 32)
        for part in self.parts.parts.values():
            make_database(part.path)
        self.blobs = LocalBlobStore(self.data_dir / "blobs" / "notes")
        for owner in ("ann", "bob"):
            for i in range(3):
                self.blobs.put(owner, f"content {i} of {owner}".encode() * 1000)

    @property
    def notes(self) -> Path:
        return self.parts.get("notes").path

    def live_blobs(self) -> dict[str, bytes]:
        root = self.data_dir / "blobs" / "notes"
        return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}

    def sql(self, text: str, *values: object) -> None:
        with sqlite3.connect(self.notes) as db:
            db.execute(text, values)
        db.close()


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    return Hub(tmp_path)
