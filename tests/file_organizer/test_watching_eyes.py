"""The watcher sees what happens, also when the kernel loses count, the drive goes, or no more watches are allowed."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backend.file_organizer.watching import eyes as eyes_module
from backend.file_organizer.watching import resident
from backend.file_organizer.watching.eyes import Eyes, tree_mark
from backend.file_organizer.watching.resident import Watcher
from backend.sdk.actor import Actor
from tests.file_organizer.conftest import Hub
from tests.file_organizer.watching_world import WatchedWorld, until


@pytest.fixture
def inbox(hub: Hub, alice: Actor, tmp_path: Path) -> WatchedWorld:
    return WatchedWorld(hub, alice, tmp_path / "alice" / "Inbox")


@pytest.fixture
def watcher(hub: Hub) -> Iterator[Watcher]:
    made = Watcher(hub.ctx, hub.organizer)
    yield made
    made.eyes.close()


def asked(world: WatchedWorld) -> bool:
    return any(kind == "file_organizer.tend_folder" for _, _, kind, _ in world.hub.jobs.queue)


def test_a_new_file_is_noticed_and_suggested(inbox: WatchedWorld, watcher: Watcher) -> None:
    """From the file to the suggestion without anybody asking; then there is rest."""
    inbox.watch()
    until(watcher, lambda: asked(inbox))
    inbox.hub.jobs.run_all()
    assert inbox.shown()[0]["state"] == "watching"
    inbox.write("deep/er/song.mp3")
    inbox.write("song.mp3")
    until(watcher, lambda: asked(inbox))
    inbox.hub.jobs.run_all()
    assert "song.mp3" in inbox.items()
    watcher.tick(0)
    assert not asked(inbox)


def test_what_happened_while_nobody_watched_is_made_up_for(inbox: WatchedWorld, watcher: Watcher) -> None:
    """A file that came before the watcher began (it was killed) is found by its first look."""
    inbox.watch()
    inbox.write("song.mp3")
    until(watcher, lambda: asked(inbox))
    inbox.hub.jobs.run_all()
    assert "song.mp3" in inbox.items()


def test_work_waits_for_quiet(inbox: WatchedWorld, watcher: Watcher) -> None:
    """While something still happens in the folder nothing is asked for; but not for ever."""
    inbox.watch(settle_seconds=3600)
    watcher.tick(0)
    inbox.hub.jobs.queue.clear()
    inbox.write("song.mp3")
    until(watcher, lambda: bool(watcher._waiting))
    (attention,) = watcher._waiting.values()
    assert attention.due < attention.latest
    for number in range(3):
        inbox.write(f"song {number}.mp3")
        watcher.tick(0)
    (later,) = watcher._waiting.values()
    assert later.latest == attention.latest
    assert attention.due <= later.due <= later.latest
    assert not asked(inbox)


def test_files_made_faster_than_the_kernel_can_tell_are_all_caught(inbox: WatchedWorld, watcher: Watcher) -> None:
    """50,000 files, unread until the kernel's queue overflowed (watchdog#654: there the rest is lost): every single one
    is known afterwards, and a folder that was made while nobody heard is watched like the others."""
    if int(Path("/proc/sys/fs/inotify/max_queued_events").read_text()) > 90_000:
        pytest.skip("the queue of this machine is too long to overflow")
    inbox.watch()
    watcher.tick(0)
    inbox.hub.jobs.run_all()
    for number in range(50_000):
        os.close(os.open(inbox.folder / f"{number}.xyz", os.O_CREAT | os.O_WRONLY))
    (inbox.folder / "Unsorted").mkdir()
    (inbox.folder / "Unsorted" / "one more.xyz").write_text("x")
    until(watcher, lambda: asked(inbox))
    assert watcher.eyes.overflows == 1
    assert len(next(iter(watcher.eyes.trees.values())).watches) == 2
    inbox.hub.organizer.refresh_index(inbox.actor)
    assert sum(state.files for state in inbox.hub.organizer.index.states(inbox.actor)) == 50_001
    inbox.hub.jobs.queue.clear()
    (inbox.folder / "Unsorted" / "late.xyz").write_text("x")
    until(watcher, lambda: asked(inbox))


def test_a_reached_limit_is_said_and_the_folder_is_still_looked_at(
    inbox: WatchedWorld, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No more watches: the row says so, doctor gets a remedy, and the folder is looked at now and then."""
    real = eyes_module.INotify

    class Full(real):  # type: ignore[misc, valid-type]
        def add_watch(self, path: Any, mask: int) -> int:
            raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(eyes_module, "INotify", Full)
    monkeypatch.setattr(resident, "CHECK_EVERY", 0.0)
    inbox.watch()
    until(watcher, lambda: inbox.shown()[0]["state"] == "limit")
    assert "max_user_watches" in (inbox.hub.ctx.data_dir / "resident.json").read_text()
    inbox.hub.jobs.run_all()
    inbox.write("song.mp3")
    until(watcher, lambda: asked(inbox))
    inbox.hub.jobs.run_all()
    assert "song.mp3" in inbox.items()
    monkeypatch.undo()
    watcher.eyes.close()
    until(watcher, lambda: inbox.shown()[0]["state"] == "watching")
    assert not (inbox.hub.ctx.data_dir / "resident.json").exists()


def test_a_folder_that_is_taken_away_and_comes_back_is_watched_again(inbox: WatchedWorld, watcher: Watcher) -> None:
    """Renamed away it is gone, which concludes nothing; back again it is looked through."""
    inbox.watch()
    until(watcher, lambda: inbox.shown()[0]["state"] == "watching")
    inbox.folder.rename(inbox.folder.parent / "elsewhere")
    until(watcher, lambda: inbox.shown()[0]["state"] == "gone")
    inbox.hub.jobs.queue.clear()
    (inbox.folder.parent / "elsewhere").rename(inbox.folder)
    until(watcher, lambda: inbox.shown()[0]["state"] == "watching" and asked(inbox))


def test_paused_and_removed_folders_are_not_watched(inbox: WatchedWorld, watcher: Watcher) -> None:
    """A pause lets go of the kernel's watches, its end looks at once; a removal lets go for good."""
    watched = inbox.watch()
    watcher.tick(0)
    assert set(watcher.eyes.trees) == {watched["id"]}
    inbox.client.patch(f"/watched/{watched['id']}", json={"paused": True})
    watcher.tick(0)
    assert watcher.eyes.trees == {}
    inbox.client.patch(f"/watched/{watched['id']}", json={"paused": False})
    inbox.hub.jobs.queue.clear()
    until(watcher, lambda: asked(inbox))
    inbox.client.delete(f"/watched/{watched['id']}")
    watcher.tick(0)
    assert watcher.eyes.trees == {}


def test_young_files_are_asked_for_again_when_they_have_settled(inbox: WatchedWorld, watcher: Watcher) -> None:
    """The work says when the first of them is old enough; then it is asked for once."""
    inbox.watch(settle_seconds=3600)
    inbox.write("song.mp3")
    assert inbox.tend()["settling"] == 1
    watcher.tick(0)
    inbox.hub.jobs.queue.clear()
    inbox.hub.clock.advance(3602)
    watcher.tick(0)
    assert asked(inbox)
    inbox.hub.jobs.queue.clear()
    watcher.tick(0)
    assert not asked(inbox)


def test_folders_moved_out_are_watched_no_more(tmp_path: Path) -> None:
    """What happens in a folder that left the tree is nobody's business here."""
    tree, outside = tmp_path / "tree", tmp_path / "outside"
    (tree / "a" / "b").mkdir(parents=True)
    outside.mkdir()
    eyes = Eyes()
    eyes.add("one", str(tree))
    (tree / "a").rename(outside / "a")
    assert eyes.look(5) == {"one"}
    eyes.look(0)
    assert len(eyes.trees["one"].watches) == 1
    (outside / "a" / "b" / "x.txt").write_text("x")
    assert eyes.look(0) == set()
    eyes.close()


def test_the_mark_of_a_tree_changes_with_anything_in_it(tmp_path: Path) -> None:
    """For drives that tell nothing: new, changed, renamed and deleted files all show."""
    (tmp_path / "a").mkdir()
    marks = [tree_mark(str(tmp_path))]
    for step in (
        lambda: (tmp_path / "a" / "x.txt").write_text("1"),
        lambda: (tmp_path / "a" / "x.txt").write_text("12"),
        lambda: (tmp_path / "a" / "x.txt").rename(tmp_path / "a" / "y.txt"),
        lambda: (tmp_path / "a" / "y.txt").unlink(),
    ):
        step()
        marks.append(tree_mark(str(tmp_path)))
    assert all(marks[i] != marks[i + 1] for i in range(4))
    assert tree_mark(str(tmp_path / "nowhere")) is None


@pytest.fixture
def usb(tmp_path: Path) -> Iterator[Path]:
    """Give a real filesystem in a file, mounted."""
    if os.geteuid() != 0 or shutil.which("mkfs.ext4") is None:
        pytest.skip("needs root and mkfs.ext4 for a loop mount")
    image, point = tmp_path / "usb.img", tmp_path / "usb"
    point.mkdir()
    with open(image, "wb") as file:
        file.truncate(8 << 20)
    subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True)
    if subprocess.run(["mount", "-o", "loop", str(image), str(point)], capture_output=True, check=False).returncode:
        pytest.skip("loop mounts are not possible here")
    yield point
    subprocess.run(["umount", "-q", str(point)], check=False)


@pytest.mark.root
def test_a_drive_that_is_unmounted_while_it_is_watched(hub: Hub, usb: Path, tmp_path: Path, watcher: Watcher) -> None:
    """The watcher does not hold the drive; away it is said and nothing is concluded; back again it is made up for."""
    hub.roots.grant("carol", usb)
    world = WatchedWorld(hub, Actor.of("carol"), usb / "Inbox")
    world.watch()
    world.write("song.mp3")
    until(watcher, lambda: asked(world))
    hub.jobs.run_all()
    assert set(world.items()) == {"song.mp3"}
    subprocess.run(["umount", str(usb)], check=True)
    until(watcher, lambda: world.shown()[0]["state"] == "away" and not watcher.eyes.trees)
    assert set(world.items()) == {"song.mp3"}
    (hit,) = [h for h in hub.app.search(world.actor, "song", 20) if h.kind.endswith((".file", ".suggestion"))][:1]
    assert hit.title == "song.mp3"
    image = str(tmp_path / "usb.img")
    subprocess.run(["mount", "-o", "loop", image, str(usb)], check=True)
    world.write("second.mp3")
    until(watcher, lambda: asked(world))
    hub.jobs.run_all()
    assert set(world.items()) == {"song.mp3", "second.mp3"}
    assert world.shown()[0]["state"] == "watching"
