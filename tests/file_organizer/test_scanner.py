"""The walk: complete, bounded, link-safe, resumable, and blind to what must be left alone."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.file_organizer.planning import scanner as scanner_module
from backend.file_organizer.planning.scanner import FileEntry, Scanner, WriterCheck, files_open_for_writing

NAMES = st.text(alphabet="abcdeäß .-_()", min_size=1, max_size=8).map(lambda s: "n" + s.strip() + "x")
TREES = st.recursive(st.none(), lambda inner: st.dictionaries(NAMES, inner, max_size=5), max_leaves=25).filter(
    lambda tree: isinstance(tree, dict)
)


def build(root: Path, tree: dict[str, object]) -> set[str]:
    """Make the tree (None is a file) and return the relative paths of its files."""
    root.mkdir(exist_ok=True)
    found = set()
    for name, inner in tree.items():
        path = root / name
        if isinstance(inner, dict):
            found |= {f"{name}/{path}" for path in build(path, inner)}
        else:
            path.write_bytes(b"x")
            found.add(name)
    return found


def walk(root: Path, **options: object) -> list[str]:
    """Return the relative paths that the scanner yields."""
    scan = Scanner(str(root), **options)  # type: ignore[arg-type]
    return [os.path.relpath(f"{folder.path}/{entry.name}", root) for folder in scan for entry in folder.files]


@settings(max_examples=60, deadline=None)
@given(TREES)
def test_every_file_is_seen_exactly_once(tree: dict[str, object]) -> None:
    """For any tree, the scan yields each file once, whatever the batch size."""
    folder = Path(tempfile.mkdtemp())
    try:
        expected = build(folder / "root", tree)
        assert sorted(walk(folder / "root")) == sorted(expected)
    finally:
        shutil.rmtree(folder)


@settings(max_examples=40, deadline=None)
@given(TREES, st.integers(min_value=1, max_value=6))
def test_a_scan_goes_on_where_it_stopped(tree: dict[str, object], stop_after: int) -> None:
    """Stopped after any folder and resumed from `pending`, a scan misses nothing; only the folder in hand repeats."""
    folder = Path(tempfile.mkdtemp())
    try:
        expected = build(folder / "root", tree)
        first, seen = Scanner(str(folder / "root")), set()
        for number, batch in enumerate(first, 1):
            seen |= {os.path.relpath(f"{batch.path}/{e.name}", folder / "root") for e in batch.files}
            if number == stop_after:
                break
        seen |= set(walk(folder / "root", pending=first.pending))
        assert seen == expected
    finally:
        shutil.rmtree(folder)


def test_a_huge_folder_arrives_in_small_batches(tmp_path: Path, monkeypatch: object) -> None:
    """Memory is bounded by the batch, not by the folder."""
    for number in range(100):
        (tmp_path / f"f{number}").write_bytes(b"")
    patch = monkeypatch.setattr  # type: ignore[attr-defined]
    patch(scanner_module, "BATCH", 16)
    batches = list(Scanner(str(tmp_path)))
    assert max(len(batch.files) for batch in batches) == 16
    assert sum(len(batch.files) for batch in batches) == 100
    assert [batch.last for batch in batches] == [False] * (len(batches) - 1) + [True]


def test_links_are_never_followed(tmp_path: Path) -> None:
    """Loops, links out of the tree and dangling links are noted and left alone."""
    inside = tmp_path / "root"
    inside.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (inside / "loop").symlink_to(inside)
    (inside / "out").symlink_to(tmp_path / "secret.txt")
    (inside / "dangling").symlink_to(inside / "nothing")
    os.mkfifo(inside / "pipe")
    scan = Scanner(str(inside))
    batches = list(scan)
    assert [entry for batch in batches for entry in batch.files] == []
    assert scan.totals.left_alone == {"a link": 3, "not a plain file": 1}


def test_repositories_hidden_and_unfinished_are_left_alone(tmp_path: Path) -> None:
    """A `.git` folder or file marks the whole folder; partial downloads and hidden files do not appear."""
    for path in ("repo/.git/HEAD", "repo/src/a.py", ".secret/x", "a.txt", "b.mkv.part", "c.iso.crdownload", ".hidden"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("x")
    (tmp_path / "worktree").mkdir()
    (tmp_path / "worktree" / ".git").write_text("gitdir: elsewhere")
    batches = {os.path.basename(batch.path): batch for batch in Scanner(str(tmp_path))}
    assert batches["repo"].repository
    assert batches["worktree"].repository
    assert "src" not in batches
    assert [entry.name for entry in batches[tmp_path.name].files] == ["a.txt"]


def test_undecodable_names_survive(tmp_path: Path) -> None:
    """A name that is not UTF-8 is yielded in its escaped form and still opens."""
    raw = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    with open(raw, "wb") as file:
        file.write(b"x")
    (name,) = walk(tmp_path)
    assert os.fsencode(name) == b"caf\xe9.txt"
    assert (tmp_path / name).read_bytes() == b"x"


def test_an_unreadable_or_vanished_folder_does_not_stop_the_walk(tmp_path: Path) -> None:
    """A folder that goes away during the walk is counted; the rest is still seen."""
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file.txt").write_text("x")
    scan, seen = Scanner(str(tmp_path)), []
    for batch in scan:
        if batch.path.endswith("/a"):
            shutil.rmtree(tmp_path / "b")
        seen += [f"{batch.path}/{entry.name}" for entry in batch.files]
    assert [os.path.relpath(path, tmp_path) for path in seen] == ["a/file.txt", "c/file.txt"]
    assert scan.totals.unreadable == 1


def test_a_file_open_for_writing_is_recognised(tmp_path: Path) -> None:
    """A young file that some process writes to is seen as such; an old or a merely read one is not."""
    path = tmp_path / "growing.bin"
    with open(path, "wb") as writer:
        writer.write(b"x")
        writer.flush()
        status = path.stat()
        assert (status.st_dev, status.st_ino) in files_open_for_writing()
        entry = FileEntry(path.name, 1, status.st_mtime_ns, status.st_ino)
        assert WriterCheck(600).being_written(status.st_dev, entry)
        old = entry._replace(mtime_ns=status.st_mtime_ns - int(3600e9))
        assert not WriterCheck(600).being_written(status.st_dev, old)
    with open(path, "rb"):
        assert not WriterCheck(600).being_written(status.st_dev, entry)
