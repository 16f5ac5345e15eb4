from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.sdk.actor import Actor
from backend.sdk.files import (
    AllowedRoot,
    LocalRoots,
    OpenRoot,
    OwnerRoots,
    PathNotAllowed,
    VolumeAway,
    VolumePath,
    VolumeReadOnly,
    claim_root,
)

EVA = Actor.of("eva")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    (folder / "docs").mkdir(parents=True)
    (folder / "docs/letter.txt").write_text("hello")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret.txt").write_text("secret")
    (tmp_path / "home evil").mkdir()
    os.symlink(tmp_path / "outside", folder / "way out")
    os.symlink("loop", folder / "loop")
    os.symlink(tmp_path / "outside/secret.txt", folder / "link to secret")
    return folder


@pytest.fixture
def roots(home: Path) -> OwnerRoots:
    return LocalRoots([home]).for_actor(EVA)


def test_what_lies_inside_is_found_in_any_spelling(roots: OwnerRoots, home: Path) -> None:
    """Doubled slashes and dots in between mean the same place."""
    for spelling in (f"{home}/docs/letter.txt", f"{home}//docs/./letter.txt", f"{home}/docs/letter.txt/"):
        safe = roots.resolve(spelling, must_exist=True)
        assert safe.relpath == "docs/letter.txt"
        assert roots.locate(safe.volume_path) == safe
        fd = safe.open()
        assert os.read(fd, 5) == b"hello"
        os.close(fd)


@pytest.mark.parametrize(
    "attack",
    [
        "",
        "/",
        "/etc/passwd",
        "docs/letter.txt",
        "../outside/secret.txt",
        "{home}/../outside/secret.txt",
        "{home}/docs/../../outside/secret.txt",
        "{home}/way out/secret.txt",
        "{home}/loop/x",
        "{home}/docs/letter.txt/below",
        "{home} evil/x",
        "{home}/.homie/volume.json",
        "{home}/.HOMIE/volume.json",
        "{home}/docs/a\0b",
        "{home}/\ud800",
        "{home}/" + "a/" * 3000,
        "file://{home}/docs",
        "~/docs",
    ],
)
def test_what_leads_outside_is_refused_with_one_answer(roots: OwnerRoots, home: Path, attack: str) -> None:
    """The error names the field and the remedy; nothing tells whether something is there."""
    with pytest.raises(PathNotAllowed) as refused:
        roots.resolve(attack.replace("{home}", str(home)), field="body.folder")
    assert refused.value.fields[0].name == "body.folder"
    assert refused.value.fields[0].remedy


def test_absent_and_forbidden_are_the_same_answer(roots: OwnerRoots, tmp_path: Path) -> None:
    """Nobody learns by asking which files of others exist."""
    answers = []
    for path in ("outside/secret.txt", "outside/absent.txt"):
        with pytest.raises(PathNotAllowed) as refused:
            roots.resolve(str(tmp_path / path), must_exist=True)
        answers.append(refused.value.as_json("1"))
    assert answers[0] == answers[1]


def test_a_link_names_itself_and_is_never_opened_through(roots: OwnerRoots, home: Path) -> None:
    """A link may be listed and moved as a link; reading through it is refused."""
    safe = roots.resolve(f"{home}/link to secret", must_exist=True)
    with pytest.raises(PathNotAllowed):
        safe.open()


@pytest.mark.parametrize("name", ["way out", "loop", "docs/letter.txt", "link to secret"])
def test_a_folder_that_is_wanted_is_no_link_and_no_file(roots: OwnerRoots, home: Path, name: str) -> None:
    """Whoever lists a folder by its path would follow a link in the last part; a folder to be made is fine."""
    for must_exist in (True, False):
        with pytest.raises(PathNotAllowed):
            roots.resolve(f"{home}/{name}", must_exist=must_exist, folder=True)
    assert roots.resolve(f"{home}/docs", must_exist=True, folder=True).relpath == "docs"
    assert roots.resolve(f"{home}/docs/new/deep", folder=True).relpath == "docs/new/deep"
    assert roots.resolve(str(home), must_exist=True, folder=True).relpath == ""


def test_a_folder_swapped_for_a_link_after_the_check_is_refused_at_use(roots: OwnerRoots, home: Path) -> None:
    """TOCTOU: the walk at the use follows no link either."""
    safe = roots.resolve(f"{home}/docs/letter.txt", must_exist=True)
    (home / "docs").rename(home / "docs before")
    (home / "docs").symlink_to(home.parent / "outside")
    (home.parent / "outside/letter.txt").write_text("secret")
    with pytest.raises(PathNotAllowed):
        safe.open()


def test_a_fifo_is_not_opened_and_does_not_block(roots: OwnerRoots, home: Path) -> None:
    """Opening a FIFO for reading would wait for ever."""
    os.mkfifo(home / "pipe")
    with pytest.raises(PathNotAllowed):
        roots.resolve(f"{home}/pipe", must_exist=True).open()


def test_another_unicode_form_finds_the_file(roots: OwnerRoots, home: Path) -> None:
    """What is typed composed finds what a Mac stored decomposed, and the other way round."""
    stored = unicodedata.normalize("NFD", "Übersicht.txt")
    (home / stored).write_text("x")
    typed = unicodedata.normalize("NFC", stored)
    assert roots.resolve(f"{home}/{typed}", must_exist=True).relpath == stored


def test_the_deepest_root_wins(tmp_path: Path) -> None:
    """A folder granted inside another one has its own volume."""
    (tmp_path / "a/b").mkdir(parents=True)
    roots = LocalRoots([tmp_path / "a", tmp_path / "a/b"]).for_actor(EVA)
    assert roots.resolve(str(tmp_path / "a/b/c")).root.path == str(tmp_path / "a/b")


def test_a_root_reached_through_a_link_is_the_same_root(tmp_path: Path) -> None:
    """/home may be a link to /data/home: both spellings are accepted for the root itself."""
    (tmp_path / "real").mkdir()
    (tmp_path / "alias").symlink_to(tmp_path / "real")
    marker = claim_root(str(tmp_path / "real"))
    roots = OwnerRoots((AllowedRoot(str(tmp_path / "alias"), marker.volume_id),))
    assert roots.resolve(str(tmp_path / "real/a")).relpath == "a"
    assert roots.resolve(str(tmp_path / "alias/a")).relpath == "a"


@pytest.fixture(scope="module")
def fuzz_roots(tmp_path_factory: pytest.TempPathFactory) -> tuple[OwnerRoots, Path]:
    base = tmp_path_factory.mktemp("fuzz")
    folder = base / "home"
    (folder / "a/b").mkdir(parents=True)
    (folder / "a/file").write_text("x")
    os.symlink("/", folder / "a/root")
    os.symlink("..", folder / "up")
    os.symlink(base, folder / "a/b/base")
    return LocalRoots([folder]).for_actor(EVA), folder


PARTS = st.one_of(
    st.sampled_from(
        ["a", "b", "file", "root", "up", "base", "..", ".", "", "etc", "home", ".homie", "~", "%2e%2e", "\0"]
    ),
    st.text(max_size=12),
    st.binary(max_size=8).map(os.fsdecode),
)


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    prefix=st.sampled_from(["{home}", "{home}/", "/", "", "{home}x", "//{home}", "{home}/a"]),
    parts=st.lists(PARTS, max_size=7),
    must_exist=st.booleans(),
)
def test_whatever_is_asked_the_answer_lies_inside(
    fuzz_roots: tuple[OwnerRoots, Path], prefix: str, parts: list[str], must_exist: bool
) -> None:
    """For any text: refused, or a real path inside the root, whose parents hold no link."""
    roots, home = fuzz_roots
    try:
        safe = roots.resolve(prefix.replace("{home}", str(home)) + "/" + "/".join(parts), must_exist=must_exist)
    except PathNotAllowed:
        return
    parent = os.path.realpath(os.path.dirname(safe.absolute)) if safe.relpath else str(home)
    assert parent == str(home) or parent.startswith(f"{home}/")
    assert ".homie" not in safe.relpath.split("/")
    assert VolumePath.from_text(safe.root.volume_id, safe.volume_path.text) == safe.volume_path


def test_a_marker_is_made_once_and_survives(tmp_path: Path) -> None:
    """Claiming again returns the same id; the marker's folder is private."""
    first = claim_root(str(tmp_path))
    assert claim_root(str(tmp_path)) == first
    assert (tmp_path / ".homie").stat().st_mode & 0o777 == 0o700


def test_without_its_marker_a_root_is_away_and_is_not_written_to(tmp_path: Path) -> None:
    """An empty mount point is not the drive."""
    marker = claim_root(str(tmp_path))
    root = AllowedRoot(str(tmp_path), marker.volume_id)
    with OpenRoot(root) as opened:
        opened.check()
        (tmp_path / ".homie/volume.json").unlink()
        with pytest.raises(VolumeAway):
            opened.check()
    assert not root.online
    with pytest.raises(VolumeAway):
        OpenRoot(root)


def test_a_read_only_grant_is_not_written_to(tmp_path: Path) -> None:
    """The grant decides, not only the file system."""
    marker = claim_root(str(tmp_path))
    with OpenRoot(AllowedRoot(str(tmp_path), marker.volume_id, writable=False)) as opened:
        opened.check(writing=False)
        with pytest.raises(VolumeReadOnly):
            opened.check()
