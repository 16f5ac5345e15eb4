"""Granted folders: what may be opened to whom."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from backend.core.accounts.errors import RootRefused
from backend.core.accounts.views import SignedIn
from backend.sdk.errors import HomieError, NotFound
from backend.sdk.files import PathNotAllowed
from tests.core.accounts.conftest import HOME, House


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with ordinary folders in it."""
    for name in ("downloads", "photos", "shared"):
        (tmp_path / "files" / name).mkdir(parents=True)
    return tmp_path / "files"


def grant(house: House, by: SignedIn, space: str, path: Path | str, **more: object) -> str:
    return house.accounts.roots.grant(house.actor(by), space, str(path), **more).id  # type: ignore[arg-type]


def test_a_granted_folder_is_seen_by_its_space_only(house: House, eva: SignedIn, ben: SignedIn, files: Path) -> None:
    """Visible and hidden sets, through the source that modules use."""
    grant(house, eva, eva.person.private_space_id, files / "downloads")
    grant(house, eva, ben.person.private_space_id, files / "photos", writable=False)
    mine, his = (house.accounts.roots.for_actor(house.actor(who)) for who in (eva, ben))
    assert [root.path for root in mine.roots] == [str(files / "downloads")]
    assert [(root.path, root.writable) for root in his.roots] == [(str(files / "photos"), False)]
    assert mine.resolve(str(files / "downloads" / "a.txt")).relpath == "a.txt"
    for hidden in (files / "photos", files / "shared", files):
        with pytest.raises(PathNotAllowed):
            mine.resolve(str(hidden))
    assert [r.path for r in house.accounts.roots.granted_to(house.actor(ben))] == [str(files / "photos")]
    assert len(house.accounts.roots.granted()) == 2


def test_a_folder_of_the_household_comes_and_goes_with_membership(
    house: House, eva: SignedIn, ben: SignedIn, files: Path
) -> None:
    """Joined: visible. Removed: gone with the next question."""
    home = house.households(eva)[0]
    grant(house, eva, home, files / "shared")
    code = house.accounts.invitations.create(eva.person.id, space_id=home, new_account=False).code
    assert not house.accounts.roots.for_actor(house.actor(ben)).roots
    house.accounts.invitations.join(ben.person.id, code or "", HOME)
    assert house.accounts.roots.for_actor(house.actor(ben)).roots
    house.accounts.spaces.remove(eva.person.id, home, ben.person.id)
    assert not house.accounts.roots.for_actor(house.actor(ben)).roots


def refused(house: House, eva: SignedIn, path: Path | str) -> str:
    with pytest.raises(RootRefused) as refusal:
        grant(house, eva, eva.person.private_space_id, path)
    assert refusal.value.fields[0].name == "body.path"
    assert refusal.value.fields[0].remedy
    return refusal.value.fields[0].problem


@pytest.mark.parametrize(
    "path",
    ["/", "/proc", "/sys/kernel", "/dev", "/dev/shm", "/etc", "/boot", "/run", "/usr/share", "/bin", "/var", "/lib"],
)
def test_the_system_is_never_granted(house: House, eva: SignedIn, path: str) -> None:
    """Nor a folder that contains it."""
    if os.path.isdir(path):
        assert "operating system" in refused(house, eva, path)


def test_homies_own_data_is_never_granted(house: House, eva: SignedIn, tmp_path: Path) -> None:
    """Neither it, nor what is in it, nor what is around it."""
    data = house.settings.data_dir
    for path in (data, data / "secrets", data / "backups", data.parent):
        assert "own data" in refused(house, eva, path)


def test_keys_of_people_are_never_granted(
    house: House, eva: SignedIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """~/.ssh and friends, folders in them, and a home folder that contains them."""
    home = tmp_path / "home" / "eva"
    (home / ".ssh" / "keys").mkdir(parents=True)
    (home / "Downloads").mkdir()
    monkeypatch.setenv("HOME", str(home))
    for path in (home / ".ssh", home / ".ssh" / "keys", home, home.parent):
        assert refused(house, eva, path)
    assert grant(house, eva, eva.person.private_space_id, home / "Downloads")


def test_what_is_no_folder_is_refused(house: House, eva: SignedIn, files: Path) -> None:
    """Relative, with '..', missing, a file, NUL, undecodable: each with its remedy."""
    (files / "a.txt").write_text("x")
    (files / "\udcff").mkdir()
    for path in (
        "downloads",
        f"{files}/../files/photos",
        files / "nothing",
        files / "a.txt",
        "/a\0b",
        files / "\udcff",
    ):
        assert refused(house, eva, path)
    with pytest.raises(NotFound):
        grant(house, eva, "no-such-space", files / "photos")


def test_links_are_resolved_before_anything_is_decided(house: House, eva: SignedIn, files: Path) -> None:
    """A link to /etc is /etc; a link to a good folder grants that folder by its real name."""
    (files / "innocent").symlink_to("/etc")
    assert "operating system" in refused(house, eva, files / "innocent")
    (files / "pictures").symlink_to(files / "photos")
    grant(house, eva, eva.person.private_space_id, files / "pictures")
    assert house.accounts.roots.granted()[0].path == str(files / "photos")


def test_two_spaces_never_overlap(house: House, eva: SignedIn, ben: SignedIn, files: Path) -> None:
    """The same folder, one inside, one around: refused for another space and for the same; apart again, granted."""
    root_id = grant(house, eva, ben.person.private_space_id, files / "photos")
    (files / "photos" / "2026").mkdir()
    for path in (files / "photos", files / "photos" / "2026", files):
        assert "Another space" in refused(house, eva, path)
        with pytest.raises(RootRefused, match="cannot be granted"):
            grant(house, eva, ben.person.private_space_id, path)
    house.accounts.roots.take_back(house.actor(eva), root_id)
    assert grant(house, eva, eva.person.private_space_id, files / "photos" / "2026")


def test_a_folder_granted_twice_at_once_goes_to_one_space(
    house: House, eva: SignedIn, ben: SignedIn, files: Path
) -> None:
    """Whoever is second is refused."""
    actor = house.actor(eva)

    def attempt(space: str) -> bool:
        try:
            house.accounts.roots.grant(actor, space, str(files / "shared"))
        except RootRefused:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        spaces = [eva.person.private_space_id, ben.person.private_space_id] * 2
        assert sorted(pool.map(attempt, spaces)) == [False, False, False, True]


def test_grants_are_taken_back_by_those_concerned(house: House, eva: SignedIn, ben: SignedIn, files: Path) -> None:
    """Ben takes his own back; Eva's does not exist for him; the folder itself is untouched."""
    hers = grant(house, eva, eva.person.private_space_id, files / "photos")
    his = grant(house, eva, ben.person.private_space_id, files / "downloads")
    for missing in (hers, "nothing"):
        with pytest.raises(NotFound):
            house.accounts.roots.take_back(house.actor(ben), missing)
    house.accounts.roots.take_back(house.actor(ben), his)
    assert not house.accounts.roots.for_actor(house.actor(ben)).roots
    assert (files / "downloads").is_dir()
    actions = house.actions()
    assert actions.count("accounts.root_granted") == 2
    assert actions.count("accounts.root_taken_back") == 1
    assert {e.owner_id for e in house.events("accounts.roots_changed")} == {
        eva.person.private_space_id,
        ben.person.private_space_id,
    }


def test_a_drive_that_moved_is_granted_anew_at_its_new_place(house: House, eva: SignedIn, files: Path) -> None:
    """The marker is known: the grant follows the drive; while it is away the root says so and nothing is concluded."""
    grant(house, eva, eva.person.private_space_id, files / "photos")
    volume = house.accounts.roots.for_actor(house.actor(eva)).roots[0].volume_id
    (files / "photos").rename(files / "elsewhere")
    assert [r.online for r in house.accounts.roots.granted_to(house.actor(eva))] == [False]
    grant(house, eva, eva.person.private_space_id, files / "elsewhere")
    roots = house.accounts.roots.for_actor(house.actor(eva)).roots
    assert [(r.path, r.volume_id, r.online) for r in roots] == [(str(files / "elsewhere"), volume, True)]


def test_a_clone_of_another_spaces_drive_is_refused(house: House, eva: SignedIn, ben: SignedIn, files: Path) -> None:
    """Copied with its marker, it would be taken for the original."""
    import shutil

    grant(house, eva, ben.person.private_space_id, files / "photos")
    shutil.copytree(files / "photos", files / "clone")
    with pytest.raises(HomieError):
        grant(house, eva, eva.person.private_space_id, files / "clone")


def test_a_drive_that_came_back_elsewhere_is_followed_for_its_space_only(
    house: House, eva: SignedIn, ben: SignedIn, files: Path
) -> None:
    """The marker is at the new place and gone from the old one: the grant moves, and the security log says so."""
    roots, mine = house.accounts.roots, eva.person.private_space_id
    grant(house, eva, mine, files / "downloads")
    (before,) = roots.for_actor(house.actor(eva)).roots
    here = str(files / "elsewhere")
    assert not roots.follow(house.actor(eva), before.volume_id, here), "there is no such folder"
    (files / "downloads").rename(here)
    assert not roots.follow(house.actor(ben), before.volume_id, here), "it is not his"
    assert roots.follow(house.actor(eva), before.volume_id, here)
    (after,) = roots.for_actor(house.actor(eva)).roots
    assert (after.path, after.volume_id, after.root_id) == (here, before.volume_id, before.root_id)
    entries = house.accounts.audit.entries(actor_id=eva.person.id, owner_ids=None, limit=5)
    assert entries[0].action == "accounts.root_moved"


def test_a_drive_is_not_followed_into_what_could_not_be_granted(
    house: House, eva: SignedIn, ben: SignedIn, files: Path, tmp_path: Path
) -> None:
    """Neither while it is still at its place, nor to a place without its marker, nor into another space's folder."""
    roots = house.accounts.roots
    grant(house, eva, eva.person.private_space_id, files / "downloads")
    grant(house, eva, ben.person.private_space_id, files / "photos")
    (mine,) = roots.for_actor(house.actor(eva)).roots
    copy = files / "copy"
    shutil.copytree(files / "downloads", copy)
    assert not roots.follow(house.actor(eva), mine.volume_id, str(copy)), "the drive is still there"
    shutil.copytree(files / "downloads", files / "photos" / "inside")
    shutil.rmtree(files / "downloads")
    assert not roots.follow(house.actor(eva), mine.volume_id, str(files / "shared")), "no marker"
    assert not roots.follow(house.actor(eva), mine.volume_id, str(files / "photos" / "inside")), "another space's"
    assert not roots.follow(house.actor(eva), mine.volume_id, "/etc"), "the system's"
    assert [root.path for root in roots.for_actor(house.actor(eva)).roots] == [mine.path]
