"""Archives for tests: tar by Python, 7z and tar.zst by bsdtar, rar by hand after the formats' technical notes."""

from __future__ import annotations

import base64
import io
import subprocess
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

Files = Mapping[str, bytes]
LOCKED_7Z = base64.b64decode(
    "N3q8ryccAARFmI7BeQAAAAAAAAAUAAAAAAAAAIHWvcpabXQWvhpWHT3sDFG0D6YQAQBkAQQGAAEJEAoBAzecZQAHCwEAAiQG8QcBElMPMV6fLrkG"
    "42FtLuZgajlE+iEhARgBAAwQDAAICgFgspIuAAAFARENAGEALgB0AHgAdAAAABQKAQAw2HL/N4DdARUGAQAggICBAAAAFwYQAQlpAAcLAQABISEB"
    "GAxlAAA="
)
"""`a.txt`, its content locked with a password; made with py7zr, because bsdtar cannot lock."""
LOCKED_NAMES_7Z = base64.b64decode(
    "N3q8ryccAATlhOk+gAAAAAAAAAAoAAAAAAAAADnHv+ffeJ5Et9xBYjI7NAnwthT8uHQXet3xs7UkzwTkT7Jm8Adw7drl8GI53Wa6G0w5M0M84sq/"
    "qNR2jQGmzunN8PgsdEofNLduby71p+OmQIkGv7iuxUduCCoM67GRdG/7g30WyvCeYtS/b05srjO/5eio3Lr80i9vLZra0IBv5/+4EhcGEAEJcAAH"
    "CwEAASQG8QcBElMPw1C+K9Azpmujzd1xUlqbQwxlAAA="
)
"""The same with the names locked too."""


def tar_of(files: Files, change: Callable[[tarfile.TarInfo], None] | None = None) -> bytes:
    """Return a plain tar; `change` may turn its last member into anything."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for number, (name, content) in enumerate(files.items(), 1):
            info = tarfile.TarInfo(name)
            info.size, info.mtime, info.mode = len(content), 1_577_934_246, 0o4755
            if change is not None and number == len(files):
                info.size, content = 0, b""
                change(info)
            archive.addfile(info, io.BytesIO(content))
    return file.getvalue()


def zip_of(files: Files) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 2, 3, 4, 6)), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def locked_zip() -> bytes:
    """Return a zip whose member says that it is locked; Python cannot lock, so the flags are set by hand."""
    content = bytearray(zip_of({"a.txt": b"hello secret"}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def seven_of(
    files: Files, change: Callable[[tarfile.TarInfo], None] | None = None, *, compression: str = "lzma1"
) -> bytes:
    """Return a real 7z, made by bsdtar out of a tar, with whatever the tar's names and kinds are."""
    return _bsdtar("7zip", tar_of(files, change), f"--options=7zip:compression={compression}")


def zst_of(files: Files) -> bytes:
    return _bsdtar("pax", tar_of(files), "--zstd")


def _bsdtar(form: str, tar: bytes, *options: str) -> bytes:
    with tempfile.NamedTemporaryFile() as made:  # to a pipe it would write full blocks, with nothing at the end
        command = ["bsdtar", "-P", "-c", "-f", made.name, *options, f"--format={form}", "@-"]
        subprocess.run(command, input=tar, capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"})
        return Path(made.name).read_bytes()


def rar4_of(files: Files, *, mode: int = 0o100644, locked: bool = False, part: bool = False) -> bytes:
    """Return a rar of version 4 with stored members; `part`: the first of several files."""
    blocks = [b"Rar!\x1a\x07\x00", _rar4_block(0x73, 0x01 if part else 0, bytes(6))]
    for name, content in files.items():
        spelled = name.encode()
        head = len(content).to_bytes(4, "little") * 2 + b"\x03" + zlib.crc32(content).to_bytes(4, "little")
        head += bytes.fromhex("2018415014") + b"\x30" + len(spelled).to_bytes(2, "little")
        head += mode.to_bytes(4, "little") + spelled
        blocks += [_rar4_block(0x74, 0x8004 if locked else 0x8000, head), content]
    return b"".join([*blocks, _rar4_block(0x7B, 0x4000, b"")])


def _rar4_block(kind: int, flags: int, body: bytes) -> bytes:
    head = bytes([kind]) + flags.to_bytes(2, "little") + (7 + len(body)).to_bytes(2, "little") + body
    return (zlib.crc32(head) & 0xFFFF).to_bytes(2, "little") + head


def rar5_of(files: Files, *, locked: bool = False) -> bytes:
    """Return a rar of version 5 with stored members; `locked`: each has the record of its encryption."""
    lock = bytes([1, 0, 0, 15]) + bytes(16 + 16) if locked else b""
    extra = _vint(len(lock)) + lock if locked else b""
    blocks = [b"Rar!\x1a\x07\x01\x00", _rar5_block(bytes([1, 0, 0]))]
    for name, content in files.items():
        spelled = name.encode()
        head = bytes([2, 3]) + _vint(len(extra)) if locked else bytes([2, 2])
        head += _vint(len(content)) + bytes([4]) + _vint(len(content)) + _vint(0o100644)
        head += zlib.crc32(content).to_bytes(4, "little") + bytes([0, 1]) + _vint(len(spelled)) + spelled + extra
        blocks += [_rar5_block(head), content]
    return b"".join([*blocks, _rar5_block(bytes([5, 0, 0]))])


def _rar5_block(body: bytes) -> bytes:
    sized = _vint(len(body)) + body
    return zlib.crc32(sized).to_bytes(4, "little") + sized


def _vint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])
