"""A damaged SQLite file: noticed once, by whichever process, and then used by none until it is whole again.

Going on would make it worse: a page that SQLite cannot read today is a page that it may write wrongly tomorrow. So the
first error leaves a note beside the file (`<name>.stopped`), and every transaction of every process looks for it. The
next opening checks the whole file; the note goes when it is sound (restored, or the fault was in memory).
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from backend.sdk.db.errors import DatabaseDamaged

CHECK_UP_TO = 256 << 20
"""Bytes up to which a file that was not closed is checked when it is opened (a second for each 500 MB)."""


class Damage:
    """Know whether one file was found damaged. `message`: what is told instead of the error's own words."""

    def __init__(self, path: Path, message: str = "") -> None:
        self._path = path
        self._note = str(path) + ".stopped"
        self._message = message

    @property
    def noted(self) -> bool:
        """Tell whether the file is known to be damaged; one stat."""
        return os.path.exists(self._note)

    def error(self) -> DatabaseDamaged:
        """Return the one error that says what is wrong and what to do."""
        return DatabaseDamaged(self._message or None)

    def note(self) -> DatabaseDamaged:
        """Note that it is damaged, for every process, and return the error to raise."""
        try:
            os.close(os.open(self._note, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600))
        except OSError:
            pass  # the disk may be the trouble; each process then notices for itself
        return self.error()

    def refuse(self) -> None:
        """Raise `DatabaseDamaged` if the file is known to be damaged."""
        if self.noted:
            raise self.error()

    def look(self, *, unclosed: bool = False) -> None:
        """Check the file if it was noted as damaged, or with `unclosed` if its last user did not close it.

        Raises `DatabaseDamaged`; takes the note away from a file that is sound.
        """
        if self.noted:
            check = "integrity_check(1)"
        elif unclosed and self._was_not_closed():
            check = "quick_check(1)"
        else:
            return
        if not self._is_sound(check):
            raise self.note()
        Path(self._note).unlink(missing_ok=True)

    def _was_not_closed(self) -> bool:
        """Tell whether there is a log with content (who closes a file last removes it), and the file is small."""
        try:
            log = os.stat(f"{self._path}-wal").st_size
            return log > 0 and os.stat(self._path).st_size <= CHECK_UP_TO
        except OSError:
            return False

    def _is_sound(self, check: str) -> bool:
        try:
            with closing(sqlite3.connect(self._path, timeout=5, isolation_level=None)) as plain:
                return bool(plain.execute(f"PRAGMA {check}").fetchone()[0] == "ok")
        except sqlite3.DatabaseError as error:
            return "malformed" not in str(error) and "not a database" not in str(error)
