"""A resident that is wanted runs, also when its first start failed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from backend.core import residents
from backend.core.jobs.supervisor import Supervisor
from backend.core.module_records import Discovered
from backend.core.platform import Platform
from backend.core.residents import Residents, set_resident_wanted
from backend.core.settings import HomieSettings
from backend.sdk.db import DatabaseBusy
from tests.core.runtime.conftest import eventually
from tests.core.runtime.sample_modules import QUIET


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """Give a platform with one module that wants its resident."""
    spec = replace(QUIET, resident="tests.core.runtime.sample_modules:nobody")
    made = Platform.open(HomieSettings(data_dir=tmp_path), "cli", modules=[Discovered("quiet", spec)])
    folder = tmp_path / "modules" / "quiet"
    folder.mkdir(parents=True)
    set_resident_wanted(folder, True)
    yield made
    made.close()


def test_a_resident_that_could_not_be_started_is_tried_again(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A busy list of jobs at the start does not make it count as running for ever."""
    failures, started = [DatabaseBusy(), DatabaseBusy()], []

    def moody(supervisor: Supervisor) -> None:
        if failures:
            raise failures.pop()
        started.append(supervisor)

    monkeypatch.setattr(Supervisor, "start", moody)
    monkeypatch.setattr(residents, "AGAIN_SECONDS", 0.05, raising=False)
    all_ = Residents(platform)
    all_.start()
    eventually(lambda: list(all_._running.values()) == started != [])
    all_.follow("quiet")
    all_.stop()
    assert (len(started), failures) == (1, [])


def test_the_stop_ends_the_waiting_for_another_try(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    """No resident is started after the stop, whatever was tried before."""
    tries: list[Supervisor] = []

    def fail(supervisor: Supervisor) -> None:
        tries.append(supervisor)
        raise DatabaseBusy()

    monkeypatch.setattr(Supervisor, "start", fail)
    all_ = Residents(platform)
    all_._started = True
    all_.stop()
    all_._follow("quiet")
    assert tries == []
    all_._started = True
    all_._follow("quiet")
    assert len(tries) == 1
