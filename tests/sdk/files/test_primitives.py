from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from backend.sdk.errors import HomieError
from backend.sdk.files import (
    CopyNotVerified,
    NotARegularFile,
    PathNotAllowed,
    VolumePath,
    blake3_file,
    check_new_name,
    collision_key,
    copy_verified,
    copying,
    decode_path,
    encode_path,
    free_name,
    is_private,
    primitives,
    rename_noreplace,
    split_extension,
    write_atomic,
)
from backend.sdk.files.in_use import being_written

RENAMES = [rename_noreplace, primitives.rename_by_link, primitives.rename_by_reserving]


@pytest.mark.parametrize("rename", RENAMES)
@pytest.mark.parametrize("there", ["file", "folder", "dangling link"])
def test_a_rename_never_replaces(tmp_path: Path, rename: Callable[[str, str], None], there: str) -> None:
    """Whatever has the name, even a link to nowhere, keeps it, and so does the source."""
    source, target = tmp_path / "a", tmp_path / "b"
    source.write_text("a")
    if there == "file":
        target.write_text("b")
    elif there == "folder":
        target.mkdir()
    else:
        target.symlink_to("nowhere")
    with pytest.raises(FileExistsError):
        rename(str(source), str(target))
    assert source.read_text() == "a"
    assert os.path.lexists(target)


@pytest.mark.parametrize("rename", RENAMES)
def test_a_rename_to_a_free_name_keeps_the_inode(tmp_path: Path, rename: Callable[[str, str], None]) -> None:
    """All three ways end in the same: one name, the same file."""
    (tmp_path / "a").write_text("a")
    inode = (tmp_path / "a").stat().st_ino
    rename(str(tmp_path / "a"), str(tmp_path / "b"))
    assert os.listdir(tmp_path) == ["b"]
    assert (tmp_path / "b").stat().st_ino == inode


def test_a_folder_is_renamed_without_the_flag_but_never_onto_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """rename(2) would replace an empty folder; reserving the name with mkdir refuses that."""
    monkeypatch.setattr(primitives, "_renameat2", lambda: None)
    (tmp_path / "a").mkdir()
    (tmp_path / "a/file").write_text("x")
    (tmp_path / "b").mkdir()
    with pytest.raises(FileExistsError):
        rename_noreplace(str(tmp_path / "a"), str(tmp_path / "b"))
    rename_noreplace(str(tmp_path / "a"), str(tmp_path / "c"))
    assert (tmp_path / "c/file").read_text() == "x"


def test_a_drive_without_hard_links_is_renamed_by_reserving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAT answers EPERM to link(2)."""

    def no_links(*args: object, **kw: object) -> None:
        raise PermissionError(errno.EPERM, "no links here")

    monkeypatch.setattr(primitives, "_renameat2", lambda: None)
    monkeypatch.setattr(os, "link", no_links)
    (tmp_path / "a").write_text("a")
    (tmp_path / "taken").write_text("t")
    with pytest.raises(FileExistsError):
        rename_noreplace(str(tmp_path / "a"), str(tmp_path / "taken"))
    rename_noreplace(str(tmp_path / "a"), str(tmp_path / "b"))
    assert sorted(os.listdir(tmp_path)) == ["b", "taken"]


def _copy(folder: Path, source: str, target: str) -> copying.CopyResult:
    fd = os.open(folder, os.O_RDONLY)
    try:
        return copy_verified(fd, source, fd, target)
    finally:
        os.close(fd)


def test_a_copy_has_the_bytes_and_all_attributes(tmp_path: Path) -> None:
    """Content, mode, mtime in ns and extended attributes; the hash is that of the file."""
    source = tmp_path / "a"
    source.write_bytes(os.urandom(3_000_001))
    source.chmod(0o751)
    os.setxattr(source, "user.color", b"blue")
    os.utime(source, ns=(1, 1_600_000_000_123_456_789))
    result = _copy(tmp_path, "a", "b")
    copy = tmp_path / "b"
    assert copy.read_bytes() == source.read_bytes()
    assert copy.stat().st_mode == source.stat().st_mode
    assert copy.stat().st_mtime_ns == source.stat().st_mtime_ns == result.mtime_ns
    assert os.getxattr(copy, "user.color") == b"blue"
    assert result.content_hash == blake3_file(str(source)) == blake3_file(str(copy))


def test_holes_stay_holes(tmp_path: Path) -> None:
    """A sparse file of 1 GB takes no gigabyte at its destination, and has the same hash."""
    with (tmp_path / "a").open("wb") as file:
        file.write(b"start")
        file.seek(64 << 20)
        file.write(b"middle")
        file.truncate(256 << 20)
    result = _copy(tmp_path, "a", "b")
    assert (tmp_path / "b").stat().st_size == 256 << 20
    assert (tmp_path / "b").stat().st_blocks * 512 < 8 << 20
    assert result.content_hash == blake3_file(str(tmp_path / "a")) == blake3_file(str(tmp_path / "b"))


def test_an_empty_file_and_a_link_are_copied(tmp_path: Path) -> None:
    """Nothing to read is not an error; a link is copied as a link."""
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "link").symlink_to("nowhere")
    assert _copy(tmp_path, "empty", "b").size == 0
    _copy(tmp_path, "link", "c")
    assert os.readlink(tmp_path / "c") == "nowhere"


def test_a_copy_that_reads_back_differently_is_refused_and_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A drive that lies about what it wrote."""
    (tmp_path / "a").write_text("content")
    monkeypatch.setattr(copying, "blake3_fd", lambda fd: "0" * 64)
    with pytest.raises(CopyNotVerified):
        _copy(tmp_path, "a", "b")
    assert os.listdir(tmp_path) == ["a"]


def test_a_drive_without_owners_and_modes_takes_the_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAT answers EPERM to chown and chmod: the copy is made all the same."""

    def refuse(*args: object) -> None:
        raise PermissionError(errno.EPERM, "no such thing here")

    (tmp_path / "a").write_text("content")
    for name in ("fchown", "fchmod", "setxattr"):
        monkeypatch.setattr(os, name, refuse)
    _copy(tmp_path, "a", "b")
    assert (tmp_path / "b").read_text() == "content"


def test_special_files_are_not_copied(tmp_path: Path) -> None:
    """A FIFO has no content."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NotARegularFile):
        _copy(tmp_path, "pipe", "b")
    assert os.listdir(tmp_path) == ["pipe"]


def test_an_existing_part_is_not_written_over(tmp_path: Path) -> None:
    """O_EXCL: whatever is there stays."""
    (tmp_path / "a").write_text("content")
    (tmp_path / "b").write_text("precious")
    with pytest.raises(FileExistsError):
        _copy(tmp_path, "a", "b")
    assert (tmp_path / "b").read_text() == "precious"


def test_a_file_open_for_writing_is_seen(tmp_path: Path) -> None:
    """Only while the writer holds it."""
    path = tmp_path / "a"
    path.write_text("x")
    os.utime(path, (0, 0))
    folder = os.open(tmp_path, os.O_RDONLY)
    try:
        with path.open("r+b"):
            assert being_written(folder, "a", path.stat())
        assert not being_written(folder, "a", path.stat())
    finally:
        os.close(folder)


def test_write_atomic_replaces_whole(tmp_path: Path) -> None:
    """The new content is there with its mode, and no part is left."""
    path = tmp_path / "settings.json"
    write_atomic(str(path), b"one")
    write_atomic(str(path), b"two")
    assert path.read_bytes() == b"two"
    assert os.listdir(tmp_path) == ["settings.json"]
    assert path.stat().st_mode & 0o777 == 0o600


RAW = st.binary(max_size=60).map(os.fsdecode)


@given(RAW)
def test_any_path_survives_its_text_form(path: str) -> None:
    """Text can be stored as UTF-8 and gives back the same bytes."""
    text = encode_path(path)
    text.encode()
    assert decode_path(text) == path


@given(st.text(max_size=40))
def test_any_text_is_a_path_or_refused(text: str) -> None:
    """Decoding never gives two texts for one path."""
    try:
        path = decode_path(text)
    except PathNotAllowed:
        return
    assert encode_path(path) == text


@given(RAW, st.lists(RAW, max_size=5))
def test_a_volume_path_is_plain_or_refused(first: str, rest: list[str]) -> None:
    """No `..`, no empty part, no absolute path gets into a VolumePath."""
    try:
        place = VolumePath("v", "/".join([first, *rest]))
    except PathNotAllowed:
        return
    parts = place.relpath.split("/") if place.relpath else []
    assert not {"", ".", ".."} & set(parts)
    assert not place.relpath.startswith("/")


class Wire(BaseModel):
    place: VolumePath


def test_a_volume_path_travels_as_json(tmp_path: Path) -> None:
    """Undecodable names too; unknown fields and bad paths are validation errors."""
    wire = Wire(place=VolumePath("v", os.fsdecode(b"caf\xe9\\x")))
    assert Wire.model_validate_json(wire.model_dump_json()) == wire
    for bad in ('{"volume_id":"v","path":"../a"}', '{"volume_id":"v","path":"a","x":1}', '{"volume_id":"","path":"a"}'):
        with pytest.raises(ValidationError):
            Wire.model_validate_json(f'{{"place":{bad}}}')


@given(st.text(max_size=30))
def test_names_of_one_key_are_one_name_on_some_drive(name: str) -> None:
    """The key does not depend on case or Unicode form."""
    import unicodedata

    assert collision_key(unicodedata.normalize("NFD", name)) == collision_key(unicodedata.normalize("NFC", name))
    assert collision_key(collision_key(name)) == collision_key(name)


@given(st.text(min_size=1, max_size=300), st.integers(0, 12))
def test_a_free_name_is_free_and_fits(name: str, taken_before: int) -> None:
    """However often a name is taken, the next one is new, at most 255 bytes, and keeps a short extension."""
    name = name.replace("/", "_").replace("\0", "_").encode("utf-8", "replace").decode()
    name = name.encode()[:255].decode("utf-8", "ignore") or "x"
    taken = {collision_key(name)}
    for _ in range(taken_before):
        taken.add(collision_key(free_name(name, taken)))
    fresh = free_name(name, taken)
    assert collision_key(fresh) not in taken
    assert len(fresh.encode()) <= 255


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/b", "nul.txt", "COM1", "x" * 256, "a\n", "end.", " a", ".homie", "\udcff"]
)
def test_names_that_some_drive_cannot_store_are_not_given(name: str) -> None:
    """Reserved, too long, or with characters that FAT refuses."""
    with pytest.raises(HomieError):
        check_new_name(name)


def test_extensions() -> None:
    """Compound endings stay together; a leading dot is no extension."""
    assert split_extension("a.tar.gz") == ("a", ".tar.gz")
    assert split_extension(".profile") == (".profile", "")
    assert split_extension("a.b.txt") == ("a.b", ".txt")
    assert is_private("a/.Homie/x")
    assert not is_private("a/.homie2/x")
