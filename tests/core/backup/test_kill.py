"""Kill -9 at many moments: a backup exists whole or not at all, a restore happened whole or not at all."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.core.backup.exchange import pending
from tests.core.backup.conftest import Hub, dump

_AUDITED = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.utime", "os.chmod", "sqlite3.connect"}


def run_and_kill(step: Callable[[], object], at: int) -> bool:
    """Run `step` in a child that kills itself (SIGKILL) before its `at`-th file-system call; True when it was killed.

    The calls are seen through the interpreter's audit events (PEP 578), so that no step is missed or named twice.
    """
    pid = os.fork()
    if pid == 0:
        seen = [0]

        def watch(event: str, args: tuple[object, ...]) -> None:
            if event in _AUDITED:
                seen[0] += 1
                if seen[0] == at:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(watch)
        try:
            step()
        except BaseException:
            os._exit(3)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def test_a_backup_killed_anywhere_leaves_older_ones_whole(hub: Hub) -> None:
    """After each kill: only whole backups are listed, the old one verifies, and the next backup works."""
    old = hub.service.create("notes")
    points = range(1, 400, 9)
    killed = 0
    for at in points:
        hub.blobs.put("ann", f"new content {at}".encode() * 10)
        if not run_and_kill(lambda: hub.service.create("notes"), at):
            break
        killed += 1
        for entry in hub.service.entries():
            assert hub.service.verify(entry.set_id).ok
    assert killed > 10
    assert hub.service.verify(old.set_id).ok
    made = hub.service.create("notes")
    assert hub.service.verify(made.set_id).ok
    for entry in hub.service.entries():
        hub.service.delete(entry.set_id)
    left = [p.name for p in hub.target.rglob("*") if p.is_file()]
    assert sorted(left) == [".homie-backups.json", ".lock"]


def test_a_restore_killed_anywhere_is_whole_or_did_not_happen(hub: Hub) -> None:
    """After each kill and the recovery at start, rows and files are both the old ones or both the restored ones."""
    wanted, wanted_files = dump(hub.notes), hub.live_blobs()
    made = hub.service.create("notes")
    hub.sql("DELETE FROM notes WHERE owner_id = 'bob'")
    hub.blobs.put("ann", b"newer")
    hub.blobs.erase_owner("bob")
    start, start_files = dump(hub.notes), hub.live_blobs()
    latest = hub.service.create("notes")
    outcomes: set[str] = set()
    killed = 0
    for at in range(1, 600, 3):
        if not run_and_kill(lambda: hub.restorer.restore(made.set_id, safety_backup=False), at):
            break
        killed += 1
        hub.restorer.recover()
        rows, files = dump(hub.notes), hub.live_blobs()
        assert (rows, files) in ((start, start_files), (wanted, wanted_files))
        outcomes.add("restored" if rows == wanted else "untouched")
        assert pending(hub.data_dir / "restoring") == []
        assert not list(hub.data_dir.rglob(".homie-restoring*"))
        if rows == wanted:
            hub.restorer.restore(latest.set_id, safety_backup=False)
    assert outcomes == {"restored", "untouched"}
    assert killed > 20


def test_a_restore_that_fails_without_a_crash_is_taken_back(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database refuses at the very end: files, rows and the running state are as before."""
    made = hub.service.create("notes")
    hub.sql("DELETE FROM notes")
    hub.blobs.erase_owner("bob")
    rows, files = dump(hub.notes), hub.live_blobs()
    part = hub.parts.get("notes")

    def refuse(copy: Path) -> None:
        raise OSError("the disk is on fire")

    monkeypatch.setattr(part, "replace_database", refuse)
    with pytest.raises(Exception, match="as it was before"):
        hub.restorer.restore(made.set_id)
    assert (dump(hub.notes), hub.live_blobs()) == (rows, files)
    assert hub.parts.log == ["stop notes", "start notes"]
    assert pending(hub.data_dir / "restoring") == []
