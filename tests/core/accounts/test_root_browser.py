"""Looking for first folders: names of folders only, never into what others keep, Homie's data, the system or keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.core.accounts.errors import RootRefused
from backend.core.accounts.root_browser import RootBrowser


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    for name in ("photos/2024", "data/secrets", "granted/private", "keys/.ssh", ".hidden/x", "files"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "a file.txt").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "granted")
    return tmp_path


def browser(machine: Path) -> RootBrowser:
    return RootBrowser([machine / "data"], [str(machine / "granted")])


def test_folders_are_listed_with_what_may_become_of_them(machine: Path) -> None:
    """No files, nothing hidden, no links; what is open already and what is Homie's own is said."""
    found = {folder.name: folder for folder in browser(machine).inside(str(machine))}
    assert sorted(found) == ["data", "files", "granted", "keys", "photos"]
    assert (found["photos"].grantable, found["photos"].why, found["photos"].enterable) == (True, "", True)
    assert (found["granted"].granted, found["granted"].grantable, found["granted"].enterable) == (True, False, False)
    assert (found["data"].grantable, found["data"].enterable) == (False, False)
    assert all(folder.grantable or folder.why for folder in found.values())


@pytest.mark.parametrize(
    "path",
    ["granted", "granted/private", "link", "link/private", "data", "data/secrets", "keys/.ssh", "photos/../granted"],
)
def test_nobody_looks_where_others_keep_things(machine: Path, path: str) -> None:
    """Also through a link or a path with dots; the answer is the same as for any other closed place."""
    with pytest.raises(RootRefused) as refusal:
        browser(machine).inside(str(machine / path))
    assert refusal.value.fields[0].name == "query.path"


@pytest.mark.parametrize("path", ["/etc", "/proc", "/root/../etc", "relative", "/nowhere/at/all", "/tmp\0x"])
def test_system_folders_and_nonsense_are_refused(machine: Path, path: str) -> None:
    with pytest.raises(RootRefused):
        browser(machine).inside(path)


def test_looking_begins_at_places_that_exist(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (machine / "home" / "Downloads").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(machine / "home"))
    places = browser(machine).places()
    assert places[0].path == str(machine / "home" / "Downloads")
    assert all(Path(place.path).is_dir() for place in places)


def test_a_folder_around_a_granted_one_is_not_grantable(machine: Path) -> None:
    (shown,) = [folder for folder in browser(machine).inside(str(machine.parent)) if folder.path == str(machine)]
    assert (shown.grantable, shown.enterable) == (False, True)
    assert shown.why
