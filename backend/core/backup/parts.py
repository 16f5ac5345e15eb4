"""What can be backed up: core's own database, and every module's, each with the folders that belong to it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """Describe a database copy: rows per table, schema revision (None: never migrated), size in bytes."""

    tables: Mapping[str, int]
    revision: str | None
    size: int


class BackupPart(Protocol):
    """Be one thing that is backed up and restored on its own."""

    @property
    def id(self) -> str:
        """Return "core" or the module's id."""
        ...

    @property
    def version(self) -> str:
        """Return the version of its code."""
        ...

    @property
    def engine(self) -> str:
        """Return "sqlite" or "postgresql"."""
        ...

    def folders(self) -> Mapping[str, Path]:
        """Return the folders that belong to it, each under its path below the data directory."""
        ...

    def place_of(self, name: str) -> Path | None:
        """Return where a folder of that name belongs, also when the module is too broken to be asked; None: nowhere."""
        ...

    def secrets(self) -> Path | None:
        """Return the folder of keys without which its sealed columns cannot be read, if it has any."""
        ...

    def copy_database(self, dest: Path) -> DatabaseFacts:
        """Write a consistent copy of the live database to a new file while others read and write."""
        ...

    def check_copy(self, copy: Path) -> DatabaseFacts:
        """Open a copy in a scratch place: integrity, foreign keys, counts. Raises `BackupDamaged`."""
        ...

    def upgrade_copy(self, copy: Path) -> str | None:
        """Bring a copy to the schema of this code; raises `NewerDatabase`; returns the revision reached."""
        ...

    def replace_database(self, copy: Path) -> None:
        """Make the live database equal to the copy, all or nothing, whatever state the live one is in."""
        ...

    def live_facts(self) -> DatabaseFacts | None:
        """Describe the live database, or None when it is missing or broken."""
        ...


class Parts(Protocol):
    """Know every part, and hold one still while it is exchanged."""

    def ids(self) -> tuple[str, ...]:
        """Return the ids of all parts."""
        ...

    def get(self, part_id: str) -> BackupPart:
        """Return one part; `NotFound` when there is none."""
        ...

    def held(self, part_id: str) -> AbstractContextManager[None]:
        """Stop a part (others keep serving) for the length of the block, and start it again if it ran."""
        ...
