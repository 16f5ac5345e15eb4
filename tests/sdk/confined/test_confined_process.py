"""A process that opens what strangers made can do nothing but answer, and is replaced when it does not."""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import backend
from backend.sdk.confined.inside import landlock_version
from backend.sdk.confined.process import ConfinedProcess, Ended, Hangs

HERE = Path(__file__).with_name("program.py")
ROOT = Path(backend.__file__).parent
PROGRAMS = [
    "core/transfers/picture_process.py",
    "file_organizer/analysis/reader_process.py",
    "file_organizer/cleaning/picture_process.py",
    "financial_manager/statements/sheet_process.py",
]


@pytest.fixture
def process() -> Iterator[ConfinedProcess]:
    made = ConfinedProcess(HERE, wait=10, most=500_000)
    yield made
    made.close()


def ask(process: ConfinedProcess, word: str) -> bytes:
    process.send(word.encode())
    return process.line()[0]


def test_it_answers(process: ConfinedProcess) -> None:
    assert process.pid is None
    assert ask(process, "good day") == b"good day"
    first = process.pid
    assert ask(process, "once more") == b"once more"
    assert process.pid == first


def test_an_open_file_is_handed_over(process: ConfinedProcess, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"what it holds")
    with path.open("rb") as file:
        process.send(b"read", file.fileno())
    assert process.line()[0] == b"what it holds"


def test_its_limits_stand_for_good(process: ConfinedProcess, tmp_path: Path) -> None:
    with (tmp_path / "a").open("wb") as file:
        process.send(b"write", file.fileno())
        assert process.line()[0] == b"OSError"
    assert ask(process, "grow") == b"MemoryError"
    if os.geteuid() != 0:
        assert ask(process, "raise") == b"ValueError"
    limits = Path(f"/proc/{process.pid}/limits").read_text()
    told = {line[:26].strip(): line[26:].split()[:2] for line in limits.splitlines()[1:]}
    assert told["Max file size"] == ["0", "0"]
    assert told["Max core file size"] == ["0", "0"]
    assert told["Max open files"] == ["64", "64"]
    assert told["Max address space"] == [str(256 << 20)] * 2
    assert told["Max cpu time"] == ["3600", "3600"]


needs_landlock = pytest.mark.skipif(landlock_version(ctypes.CDLL(None)) < 3, reason="this kernel has no Landlock")


@needs_landlock
def test_it_reads_no_file_but_what_it_is_handed(process: ConfinedProcess, tmp_path: Path) -> None:
    """Python's own parts are found when they are first used; the household's files, and Homie's own, are not."""
    secret = tmp_path / "secret"
    secret.write_text("a secret of the house")
    assert ask(process, f"open {secret}") == b"PermissionError"
    assert ask(process, f"open {ROOT / 'main.py'}") == b"PermissionError"
    assert ask(process, "open /etc/passwd") == b"PermissionError"
    assert ask(process, "import colorsys") == b"8"


@needs_landlock
@pytest.mark.parametrize("way", [[], ["reads"]])
def test_it_changes_and_deletes_no_file(way: list[str], tmp_path: Path) -> None:
    """Also one that is told of files by their paths."""
    process = ConfinedProcess(HERE, way, wait=10, most=500_000)
    only_copy = tmp_path / "only copy"
    only_copy.write_text("whole")
    told = [ask(process, f"{word} {only_copy}") for word in ("delete", "rename", "truncate")]
    assert told == [b"PermissionError"] * 3
    assert ask(process, f"make {tmp_path / 'new'}") == b"PermissionError"
    assert ask(process, f"open {only_copy}") == (b"whole" if way else b"PermissionError")
    assert ask(process, "run this") == (b"this" if way else b"PermissionError")
    assert os.listdir(tmp_path) == ["only copy"]
    assert only_copy.read_text() == "whole"
    process.close()


@needs_landlock
@pytest.mark.parametrize("way", [[], ["reads"]])
def test_it_reaches_no_network(way: list[str]) -> None:
    """Neither by TCP, which Landlock forbids from its fourth version, nor, in a namespace of its own, by anything."""
    process = ConfinedProcess(HERE, way, wait=10, most=500_000)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        told = ask(process, f"connect {port}")
        own = Path(f"/proc/{process.pid}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()
        assert told in (b"PermissionError", b"OSError") or (landlock_version(ctypes.CDLL(None)) < 4 and not own)
        if own:
            assert ask(process, f"send {port}") == b"OSError"
    process.close()


def test_it_knows_nothing_of_the_hub(process: ConfinedProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the hub's environment, where secrets may be, and no open file of the hub."""
    monkeypatch.setenv("HOMIE_SECRET", "x")
    ask(process, "start")
    told = Path(f"/proc/{process.pid}/environ").read_bytes().split(b"\0")
    assert {one.split(b"=")[0] for one in told if one} <= {b"LC_ALL", b"HOMIE_ROOT"}
    opened = {os.readlink(f"/proc/{process.pid}/fd/{name}") for name in os.listdir(f"/proc/{process.pid}/fd")}
    assert all(one == "/dev/null" or one.startswith("socket:") for one in opened), opened


def test_what_takes_too_long_is_given_up_and_the_next_is_answered(process: ConfinedProcess) -> None:
    assert ask(process, "slow") == b"TooSlow"
    assert ask(process, "next") == b"next"


def test_one_that_hangs_is_told_apart_and_replaced() -> None:
    process = ConfinedProcess(HERE, wait=1, most=100)
    process.send(b"hang")
    with pytest.raises(Hangs):
        process.line()
    hung = process.pid
    process.close()
    assert ask(process, "next") == b"next"
    assert process.pid != hung
    process.close()


def test_one_that_dies_is_replaced(process: ConfinedProcess) -> None:
    process.send(b"die")
    with pytest.raises(Ended):
        process.line()
    process.close()
    assert ask(process, "next") == b"next"


def test_too_long_an_answer_is_not_taken(process: ConfinedProcess) -> None:
    process.send(b"talk")
    with pytest.raises(Ended):
        process.line()
    with pytest.raises(Ended):
        process.take(500_001)


def test_what_follows_a_line_is_taken_whole(process: ConfinedProcess) -> None:
    process.send(b"parts")
    line, begun = process.line()
    assert (line, process.take(300_000, begun)[:300_000]) == (b"head", b"y" * 300_000)


def test_closing_ends_the_process(process: ConfinedProcess) -> None:
    ask(process, "start")
    pid = process.pid
    process.close()
    assert process.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid or 0, 0)


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_opens_files_of_strangers_knows_nothing_of_the_hub(program: str) -> None:
    """Each program stands on the limits, and imports nothing of the platform beside them and the archives' reader."""
    start = f"import runpy, sys; sys.path.insert(0, {str(ROOT.parent)!r}); runpy.run_path({str(ROOT / program)!r})"
    code = f"{start}; print(*sorted(n for n in sys.modules if n.startswith('backend')))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    known = {"backend", "backend.sdk", "backend.sdk.confined", "backend.sdk.confined.inside"}
    assert known == {name for name in told if not name.startswith("backend.sdk.archives")}
