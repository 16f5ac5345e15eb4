"""The process that reads archives can hurt nothing but itself, and headers of a rar cannot keep their reader busy."""

from __future__ import annotations

import contextlib
import ctypes
import io
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.sdk.archives import ConfinedReader, Ending, Stalled, libarchive_process, rar_headers


def confined(script: str, memory: int = 1 << 30) -> bytes:
    """Return what a Python script says that first confines itself as the process that reads archives does."""
    code = (
        f"import sys; sys.path.insert(0, {str(Path(libarchive_process.__file__).parent)!r}); import libarchive_process"
    )
    lines = f"{code}; libarchive_process.confine(10, {memory})\n{script}"
    return subprocess.run([sys.executable, "-I", "-S", "-c", lines], capture_output=True, check=False).stdout


def test_whatever_an_archive_makes_of_the_reading_process_it_can_write_no_file(tmp_path: Path) -> None:
    target = tmp_path / "written"
    write = f"import os; fd = os.open({str(target)!r}, os.O_CREAT | os.O_WRONLY); os.write(fd, b'x')"
    assert confined("print('said')") == b"said\n"
    confined(write)
    assert not target.exists() or target.read_bytes() == b""


def test_it_can_read_no_other_file_and_start_no_program(tmp_path: Path) -> None:
    if ctypes.CDLL(None, use_errno=True).syscall(444, None, 0, 1) <= 0:
        pytest.skip("this kernel has no Landlock")
    secret = tmp_path / "secret.txt"
    secret.write_text("a secret of the house")
    read = f"import os; print(os.read(os.open({str(secret)!r}, os.O_RDONLY), 99))"
    assert confined(read) == b""
    assert confined("import os; os.execv('/bin/echo', ['echo', 'started'])") == b""


def test_it_is_stopped_when_it_needs_too_much_memory() -> None:
    assert confined("print(len(bytes(1 << 20)))") == b"1048576\n"
    assert confined("print(len(bytes(2 << 30)))") == b""


def test_formats_that_name_other_files_are_not_switched_on(tmp_path: Path) -> None:
    """libarchive knows one (mtree) that makes it read files of the disk."""
    secret = tmp_path / "secret.txt"
    secret.write_text("a secret of the house")
    listing = tmp_path / "list"
    listing.write_text(f"#mtree\n./a type=file contents={secret}\n")
    said, ending = read_all(listing)
    assert b"secret" not in said
    assert ending is Ending.DAMAGED


def test_a_process_that_says_nothing_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = tmp_path / "silent.py"
    silent.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(libarchive_process, "__file__", str(silent))
    with (tmp_path / "silent.py").open("rb") as file:
        reader = ConfinedReader("tar", file.fileno(), seconds=10, stalled=0.2)
        with pytest.raises(Stalled):
            reader.read()
        assert reader.end(grace=10) is Ending.DAMAGED


def read_all(path: Path) -> tuple[bytes, Ending]:
    """Return what the process says of a file, and how it ended."""
    with path.open("rb") as file:
        reader = ConfinedReader("tar", file.fileno(), seconds=10)
        said = bytearray()
        while block := reader.read():
            said += block
        return bytes(said), reader.end(grace=10)


@given(st.sampled_from((rar_headers.OLD, rar_headers.NEW)), st.binary(max_size=400))
def test_headers_of_a_rar_that_make_no_sense_end_in_one_error(magic: bytes, rest: bytes) -> None:
    """The walk comes to an end, whatever it reads."""
    with contextlib.suppress(rar_headers.RarDamaged):
        assert len(list(rar_headers.rar_blocks(io.BytesIO(magic + rest)))) <= 400
