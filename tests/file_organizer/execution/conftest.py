from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from backend.file_organizer import fsck
from backend.file_organizer.file_operation_manager import FileOperationManager
from backend.sdk.db import Database
from tests.file_organizer.execution.world import EVA, World

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root for mounts: run the tests as root")


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A home folder and another one on the same filesystem."""
    return World(tmp_path)


@pytest.fixture
def far_world(tmp_path: Path) -> Iterator[World]:
    """A home folder on disk and another one in memory: a rename between them fails with EXDEV."""
    memory = Path(tempfile.mkdtemp(prefix="homie-far-", dir="/dev/shm"))
    if memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("/dev/shm and the temporary folder are one filesystem here")
    yield World(tmp_path, memory)
    shutil.rmtree(memory)


class Desk:
    """A manager at work on a world, and the checks after each test."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.db: Database = world.database()
        self.manager: FileOperationManager = world.manager(self.db)

    def fsck(self, *, deep: bool = True) -> fsck.FsckReport:
        return fsck.check(self.db, EVA, self.world.roots, deep=deep)


@pytest.fixture
def desk(world: World) -> Iterator[Desk]:
    desk = Desk(world)
    yield desk
    desk.db.close()


@pytest.fixture
def far_desk(far_world: World) -> Iterator[Desk]:
    desk = Desk(far_world)
    yield desk
    desk.db.close()
