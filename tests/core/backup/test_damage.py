"""Damage is found before it matters, old backups go only after a good new one, a full or lost drive harms nothing."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.core.backup import restore
from backend.core.backup.errors import (
    BackupBusy,
    BackupDamaged,
    BackupDiskFull,
    BackupKeyMissing,
    BackupKeyWrong,
    BackupTargetMissing,
)
from backend.core.backup.keyring import GivenKey, KeyRing
from backend.core.backup.manifest import BLOB_LIST, MANIFEST, STATE
from backend.core.backup.retention import Check
from backend.sdk.errors import HomieError
from tests.core.backup.conftest import Hub, dump


def flip(path: Path, at: int) -> None:
    raw = bytearray(path.read_bytes())
    raw[at % len(raw)] ^= 1 << (at % 8)
    path.write_bytes(bytes(raw))


def cut(path: Path, at: int) -> None:
    raw = path.read_bytes()
    path.write_bytes(raw[: at % len(raw)])


def found_bad(hub: Hub, set_id: str) -> bool:
    """Tell whether verification refuses the backup (as damaged or as unreadable)."""
    try:
        return not hub.service.verify(set_id).ok
    except BackupDamaged:
        return True


@pytest.mark.parametrize("encrypt", [False, True])
@pytest.mark.parametrize("harm", [flip, cut])
def test_damage_anywhere_in_any_file_is_found(hub: Hub, encrypt: bool, harm: Callable[[Path, int], None]) -> None:
    """Every file of the set and every shared content, at random places: never verified, never restored."""
    if encrypt:
        hub.keys.create()
    made = hub.service.create("notes", encrypt=encrypt)
    rng, before = random.Random(7), dump(hub.notes)
    files = [p for p in (hub.target / made.set_id).iterdir() if p.name != STATE]
    files += [p for p in (hub.target / "blobs").rglob("*") if p.is_file()]
    assert len(files) == 10
    for path in files:
        good = path.read_bytes()
        harm(path, rng.randrange(len(good)))
        assert found_bad(hub, made.set_id), path
        aside = path.with_name(path.name + ".damaged")
        if not aside.exists():  # a content that verification took out of use is missing for a restore as well
            with pytest.raises(HomieError):
                hub.restorer.restore(made.set_id)
        aside.unlink(missing_ok=True)
        path.write_bytes(good)
    assert hub.service.verify(made.set_id).ok
    assert dump(hub.notes) == before


def test_a_damaged_content_is_stored_again_by_the_next_backup(hub: Hub) -> None:
    """De-duplication must not pass a flipped bit on to every later backup."""
    first = hub.service.create("notes")
    blob = next(p for p in (hub.target / "blobs").rglob("*") if p.is_file())
    flip(blob, 3)
    assert not hub.service.verify(first.set_id).ok
    second = hub.service.create("notes")
    assert hub.service.verify(second.set_id).ok
    assert hub.service.verify(first.set_id).ok


def test_a_wrong_key_is_told_apart_from_damage(hub: Hub, tmp_path: Path) -> None:
    hub.keys.create("first passphrase")
    made = hub.service.create("notes", encrypt=True)
    with pytest.raises(BackupKeyWrong):
        hub.restorer.restore(made.set_id, given=GivenKey(passphrase="not the passphrase"))
    with pytest.raises(BackupKeyWrong):
        other = KeyRing(tmp_path / "other", log_n=10)
        hub.restorer.restore(made.set_id, given=GivenKey(recovery_key=other.create()))
    (hub.data_dir / "secrets" / "backup.key").unlink()
    with pytest.raises(BackupKeyMissing):
        hub.service.verify(made.set_id)
    hub.restorer.restore(made.set_id, given=GivenKey(passphrase="first passphrase"))
    assert hub.parts.log == ["stop notes", "start notes"]


def test_an_encrypted_backup_shows_neither_rows_nor_names_nor_keys(hub: Hub) -> None:
    hub.keys.create()
    for part in ("core", "notes"):
        hub.service.create(part, encrypt=True)
    names = [r.name for r in hub.blobs.iter()]
    raw = b"".join(p.read_bytes() + p.name.encode() for p in hub.target.rglob("*") if p.is_file())
    assert b"says gr" not in raw
    assert b"m" * 32 not in raw
    assert b"content 1 of" not in raw
    assert not [name for name in names if name.encode() in raw]


def test_old_backups_go_only_after_a_new_one_is_verified(hub: Hub) -> None:
    hub.rules = {"keep_last": 1, "keep_daily": 0, "keep_weekly": 0, "keep_monthly": 0}
    old = hub.service.create("notes")
    hub.service.verify(old.set_id)
    hub.clock.advance(86400)
    new = hub.service.create("notes")
    assert hub.service.prune().deleted == []
    (hub.target / new.set_id / BLOB_LIST).write_text("")
    assert not hub.service.verify(new.set_id).ok
    assert hub.service.prune().deleted == []
    assert hub.service.prune().freed_bytes == 0
    hub.clock.advance(86400)
    newest = hub.service.create("notes")
    assert hub.service.verify(newest.set_id).ok
    assert hub.service.prune().deleted == [old.set_id, new.set_id]
    assert hub.service.verify(newest.set_id).ok


def test_sharply_shrunken_data_stops_pruning_until_somebody_looked(hub: Hub) -> None:
    hub.rules = {"keep_last": 1, "keep_daily": 0, "keep_weekly": 0, "keep_monthly": 0}
    old = hub.service.create("notes")
    hub.service.verify(old.set_id)
    hub.sql("DELETE FROM notes WHERE id <> 'n1'")
    hub.clock.advance(86400)
    new = hub.service.create("notes")
    hub.service.verify(new.set_id)
    assert new.drift == ("notes: 100 rows before, 2 now",)
    report = hub.service.prune()
    assert (report.deleted, list(report.on_hold)) == ([], ["notes"])
    hub.service.mark(new.set_id, drift_accepted=True)
    assert hub.service.prune().deleted == [old.set_id]


def test_a_folder_without_manifest_is_no_backup(hub: Hub) -> None:
    made = hub.service.create("notes")
    (hub.target / made.set_id / MANIFEST).unlink()
    assert hub.service.entries() == []


def test_two_at_once_are_refused(hub: Hub) -> None:
    hub.service.create("notes")
    with hub.service.folder().lock(), pytest.raises(BackupBusy):
        hub.service.create("notes")


def test_a_path_that_leaves_its_folder_is_refused() -> None:
    """A plain backup on a stick could have been made by anybody."""
    for path in ("../x", "/etc/x", "a/../../x", ""):
        with pytest.raises(BackupDamaged):
            restore._safe(path)


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to mount")
def test_a_full_drive_leaves_older_backups_and_nothing_half_done(hub: Hub) -> None:
    """A real file system of 2 MB fills up in the middle of the copy."""
    hub.target = hub.target.parent / "mnt" / "backups"
    mount = hub.target.parent
    mount.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(mount)], check=True)
    try:
        made = hub.service.create("notes")
        before = {p: p.stat().st_size for p in hub.target.rglob("*") if p.is_file()}
        for i in range(5):
            hub.blobs.put("ann", os.urandom(1 << 20) + bytes([i]))
        with pytest.raises(BackupDiskFull):
            hub.service.create("notes")
        assert {p: p.stat().st_size for p in hub.target.rglob("*") if p.is_file()} == before
        assert hub.service.verify(made.set_id).ok
        assert hub.service.folder().state(made.set_id).check is Check.VERIFIED
    finally:
        subprocess.run(["umount", str(mount)], check=True)


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to mount")
@pytest.mark.parametrize("moment", ["copying the database", "storing the database", "putting everything on the disk"])
def test_a_drive_that_vanishes_in_the_middle_is_named(hub: Hub, moment: str) -> None:
    """The drive is pulled (lazy unmount) during the backup: a clear error, and nothing lands in the mount point."""
    hub.target.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(hub.target)], check=True)
    pulled: list[str] = []

    def progress(fraction: float | None, note: str) -> None:
        if note == moment and not pulled:
            subprocess.run(["umount", "-l", str(hub.target)], check=True)
            pulled.append(note)

    with pytest.raises(BackupTargetMissing):
        hub.service.create("notes", progress=progress)
    assert pulled
    assert list(hub.target.iterdir()) == []


def test_scratch_of_a_killed_process_is_removed_by_the_next(hub: Hub) -> None:
    left = hub.service.scratch / "backup-left"
    left.mkdir(parents=True)
    (left / "database").write_bytes(b"x")
    hub.service.create("notes")
    assert list(hub.service.scratch.iterdir()) == []
