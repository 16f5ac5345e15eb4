"""Everything of one owner: taken out as one readable archive, or erased until nothing is left.

An owner is a space (a person's private one, or a household). Each place that keeps something of owners takes part as
an `OwnerPlace`: every module, core's own tables, the accounts, the jobs.

    export.zip
      index.html                 what is in here, readable in any browser
      <place>/<table>.jsonl      the rows, one JSON object per line
      <place>/blobs/<name>       contents that the rows name

After an erasure no row, blob, index entry, job, cache or event of the owner is left in the data directory: databases
are rewritten, because SQLite only marks deleted pages as free. The security log keeps that it happened, with an id that
leads nowhere any more.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from backend.core.backup.durable import fsync_folder
from backend.core.backup.owner_index import index_page
from backend.core.backup.service import Progress, silent
from backend.sdk.blobs import BlobStore
from backend.sdk.db import Database
from backend.sdk.module import ModuleApp


class OwnerPlace(Protocol):
    """Be one place that keeps something of owners."""

    @property
    def name(self) -> str:
        """Return the folder name in an export."""
        ...

    def export(self, owner_id: str, dest: Path) -> None:
        """Write everything of the owner below `dest`, and nothing of anybody else."""
        ...

    def erase(self, owner_id: str) -> None:
        """Remove everything of the owner; may be repeated."""
        ...


class RowsPlace:
    """Be the owned tables of one database (core's own, the jobs)."""

    def __init__(self, name: str, db: Database) -> None:
        self.name = name
        self._db = db

    def export(self, owner_id: str, dest: Path) -> None:
        """Write the owner's rows as JSON lines, one file per table."""
        from backend.sdk.db import export_rows

        export_rows(self._db, owner_id, dest)

    def erase(self, owner_id: str) -> None:
        """Delete the owner's rows."""
        from backend.sdk.db import erase_rows

        erase_rows(self._db, owner_id)


class ModulePlace:
    """Be one module with its blobs. `app` gives the module set up in this process."""

    def __init__(self, name: str, app: Callable[[], ModuleApp], blobs: BlobStore) -> None:
        self.name = name
        self._app = app
        self._blobs = blobs

    def export(self, owner_id: str, dest: Path) -> None:
        """Let the module write its rows and files, and add the owner's blobs."""
        self._app().export_owner(owner_id, dest)
        for ref in self._blobs.iter(owner_id):
            folder = dest / "blobs"
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self._blobs.open(owner_id, ref.name) as source, (folder / ref.name).open("xb") as target:
                shutil.copyfileobj(source, target, 1 << 20)

    def erase(self, owner_id: str) -> None:
        """Let the module erase, then remove the owner's blobs."""
        self._app().erase_owner(owner_id)
        self._blobs.erase_owner(owner_id)


class AccountsPlace:
    """Be the accounts: `export(owner_id, dest)` and `erase(owner_id, by=...)` of `core/accounts/ownership.py`."""

    name = "accounts"

    def __init__(self, ownership: _Ownership, by: str | None = None) -> None:
        self._ownership = ownership
        self._by = by

    def export(self, owner_id: str, dest: Path) -> None:
        """Write what core knows about the space and its person."""
        self._ownership.export(owner_id, dest)

    def erase(self, owner_id: str) -> None:
        """Remove the space, its person, devices and grants."""
        self._ownership.erase(owner_id, by=self._by)


class _Ownership(Protocol):
    def export(self, owner_id: str, dest: Path) -> None: ...
    def erase(self, owner_id: str, *, by: str | None) -> None: ...


@dataclass(slots=True)
class Erasure:
    """Say what an erasure did; `left` names places that still mention the owner (empty when all is gone)."""

    owner_id: str
    places: list[str] = field(default_factory=list)
    folders: int = 0
    left: list[str] = field(default_factory=list)


def export_owner(
    owner_id: str, places: Sequence[OwnerPlace], dest: Path, scratch: Path, *, progress: Progress = silent
) -> Path:
    """Write the archive of one owner to `dest` (a new .zip); it appears under its name only when it is complete."""
    draft, folder = dest.with_name(f".{dest.name}.draft"), scratch / f"export-{dest.stem}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    dest.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        for number, place in enumerate(places):
            progress(0.7 * number / len(places), f"collecting {place.name}")
            (folder / place.name).mkdir(mode=0o700)
            place.export(owner_id, folder / place.name)
        progress(0.7, "packing")
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            archive.writestr("index.html", index_page(owner_id, folder))
            for path in _files(folder):
                archive.write(path, path.relative_to(folder).as_posix())
        draft.chmod(0o600)
        draft.rename(dest)
        fsync_folder(dest.parent)
    finally:
        draft.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
    progress(1.0, "exported")
    return dest


def erase_owner(
    owner_id: str,
    places: Sequence[OwnerPlace],
    data_dir: Path,
    scrub: Callable[[], None],
    *,
    progress: Progress = silent,
) -> Erasure:
    """Erase one owner everywhere. `scrub` rewrites the databases so that freed pages hold nothing.

    Give the accounts last: while the space exists, a failed erasure can be repeated by the same person.
    """
    done = Erasure(owner_id)
    for number, place in enumerate(places):
        progress(0.6 * number / len(places), f"erasing {place.name}")
        place.erase(owner_id)
        done.places.append(place.name)
    progress(0.6, "removing files")
    for folder in _folders_of(owner_id, data_dir):
        shutil.rmtree(folder)
        done.folders += 1
    progress(0.7, "rewriting the databases")
    scrub()
    progress(1.0, "erased")
    return done


def _folders_of(owner_id: str, data_dir: Path) -> list[Path]:
    """Return every folder that is named after the owner: blobs, caches, exports, whoever made it."""
    found: list[Path] = []
    stack = [data_dir]
    while stack:
        for item in stack.pop().iterdir():
            if item.is_symlink() or not item.is_dir():
                continue
            if item.name == owner_id:
                found.append(item)
            else:
                stack.append(item)
    return found


def _files(folder: Path) -> Iterator[Path]:
    return (p for p in sorted(folder.rglob("*")) if p.is_file() and not p.is_symlink())
