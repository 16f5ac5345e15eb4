"""An export holds exactly one owner's things; an erasure leaves no byte of them in the data directory."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

from backend.core.backup.blobs import LocalBlobStore
from backend.core.backup.owners import erase_owner, export_owner
from backend.core.backup.scrubbing import scrub_sqlite
from tests.core.backup.conftest import Hub


class NotesPlace:
    """Stand in for a module: the rows of the test hub's notes, with a search index and blobs."""

    name = "notes"

    def __init__(self, path: Path, blobs: LocalBlobStore) -> None:
        self._path, self._blobs = path, blobs

    def export(self, owner_id: str, dest: Path) -> None:
        db = sqlite3.connect(self._path)
        db.row_factory = sqlite3.Row
        with (dest / "notes.jsonl").open("w") as file:
            for row in db.execute("SELECT owner_id, id, body FROM notes WHERE owner_id = ?", (owner_id,)):
                file.write(json.dumps(dict(row)) + "\n")
        db.close()
        for ref in self._blobs.iter(owner_id):
            (dest / "blobs").mkdir(exist_ok=True)
            (dest / "blobs" / ref.name).write_bytes(self._blobs.path(owner_id, ref.name).read_bytes())

    def erase(self, owner_id: str) -> None:
        db = sqlite3.connect(self._path)
        for table in ("notes", "folders", "search"):
            db.execute(f"DELETE FROM {table} WHERE owner_id = ?", (owner_id,))
        db.commit()
        db.close()
        self._blobs.erase_owner(owner_id)


def mentions(root: Path, needle: bytes) -> list[str]:
    """Return the files whose bytes or path hold the needle."""
    return [
        str(p)
        for p in root.rglob("*")
        if needle in str(p.relative_to(root)).encode() or (p.is_file() and needle in p.read_bytes())
    ]


def test_an_export_is_exactly_one_owner(hub: Hub, tmp_path: Path) -> None:
    hub.sql("UPDATE notes SET body = '<script>alert(1)</script>' WHERE owner_id = 'ann' AND id = 'n3'")
    place = NotesPlace(hub.notes, hub.blobs)
    path = export_owner("ann", [place], hub.data_dir / "exports" / "ann" / "x.zip", hub.data_dir / "cache")
    with zipfile.ZipFile(path) as archive:
        rows: list[dict[str, Any]] = [json.loads(line) for line in archive.read("notes/notes.jsonl").splitlines()]
        page = archive.read("index.html").decode()
        everything = b"".join(archive.read(name) for name in archive.namelist())
        blobs = [name for name in archive.namelist() if "/blobs/" in name]
    assert len(rows) == 50
    assert {row["owner_id"] for row in rows} == {"ann"}
    assert len(blobs) == 3
    assert b"bob" not in everything
    assert "notes.jsonl: 50 rows" in page.replace("</a>", "")
    assert "<script>" not in page
    assert path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["x.zip"]


def test_after_an_erasure_no_byte_of_the_owner_is_left(hub: Hub) -> None:
    """Grep over the data directory: free pages, write-ahead log, search index, blobs, caches and exports included."""
    db = sqlite3.connect(hub.notes)
    db.execute("CREATE VIRTUAL TABLE search USING fts5(owner_id, body)")
    for owner in ("ann", "bob"):
        for i in range(200):
            db.execute("INSERT INTO search VALUES (?, ?)", (owner, f"zq{owner}zq word{i}"))
        db.execute("UPDATE notes SET body = 'zq' || owner_id || 'zq' || body")
    db.commit()
    (hub.data_dir / "cache" / "thumbs" / "bob").mkdir(parents=True)
    (hub.data_dir / "cache" / "thumbs" / "bob" / "t.jpg").write_bytes(b"zqbobzq")
    hub.blobs.put("bob", b"zqbobzq content")
    place = NotesPlace(hub.notes, hub.blobs)
    export_owner("bob", [place], hub.data_dir / "exports" / "bob" / "x.zip", hub.data_dir / "cache")
    assert len(mentions(hub.data_dir, b"zqbobzq")) > 2
    ann = db.execute("SELECT count(*) FROM notes WHERE owner_id = 'ann'").fetchone()

    done = erase_owner("bob", [place], hub.data_dir, lambda: scrub_sqlite(hub.notes))

    assert mentions(hub.data_dir, b"zqbobzq") == []
    assert not [name for name in mentions(hub.data_dir, b"bob") if "films" not in name and "users" not in name]
    assert db.execute("SELECT count(*) FROM notes WHERE owner_id = 'ann'").fetchone() == ann
    assert db.execute("SELECT count(*) FROM search WHERE search MATCH 'zqannzq'").fetchone() == (200,)
    assert done.places == ["notes"]
    assert len(list(hub.blobs.iter("ann"))) == 3
    db.close()
