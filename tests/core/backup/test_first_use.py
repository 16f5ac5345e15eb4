"""The first backups of a hub begin at once, in several workers: they agree on whose folder it is."""

from __future__ import annotations

import multiprocessing
from multiprocessing.synchronize import Barrier
from pathlib import Path

from backend.core.backup.archive import BackupFolder

WORKERS, ROUNDS = 4, 12


def _prepare(folder: Path, known: Path, start: Barrier) -> None:
    start.wait(30)
    BackupFolder(folder, known).prepare()


def test_workers_that_use_a_new_folder_first_agree_on_its_marker(tmp_path: Path) -> None:
    """However they meet, the marker in the folder is the one that is remembered: later backups are not refused."""
    context = multiprocessing.get_context("fork")
    for number in range(ROUNDS):
        folder, known = tmp_path / f"backups-{number}", tmp_path / f"data-{number}" / "targets.json"
        start = context.Barrier(WORKERS)
        workers = [context.Process(target=_prepare, args=(folder, known, start)) for _ in range(WORKERS)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(30)
        assert [worker.exitcode for worker in workers] == [0] * WORKERS
        BackupFolder(folder, known).check()
        BackupFolder(folder, known).prepare()
