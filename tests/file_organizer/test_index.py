"""The file index: it says what the drive says, tells each change once, and concludes nothing that it did not see."""

from __future__ import annotations

import errno
import os
import random
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.file_organizer.index.file_index import FileIndex
from backend.file_organizer.index.listing import FILE, FOLDER, Listing, Row, differ
from backend.file_organizer.index.reading import AT_ONCE, FolderReader
from backend.file_organizer.index.rescan import Change
from backend.sdk.actor import Actor
from backend.sdk.clock import SystemClock
from backend.sdk.files import AllowedRoot, VolumeAway, claim_root
from backend.sdk.finding import words_of
from backend.sdk.ids import new_id
from tests.file_organizer.conftest import Hub

ME = Actor.of("me")


class World:
    """One granted folder with its index, and what the last look told."""

    def __init__(self, folder: Path, data: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.data = data
        self.index = FileIndex(data, SystemClock(), new_id)
        self.root = AllowedRoot(str(folder), claim_root(str(folder)).volume_id)

    def look(self, *, full: bool = True, exact: bool = False) -> dict[str, set[str]]:
        told: dict[str, list[str]] = {"came": [], "gone": [], "changed": []}
        self.index.look(ME, self.root, full=full, exact=exact, on_change=lambda c: told[c.what].append(c.path))
        for paths in told.values():
            assert len(paths) == len(set(paths)), "a change was told twice"
        return {what: set(paths) for what, paths in told.items()}

    def write(self, name: str, content: str = "x") -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        return path

    def found(self, query: str) -> set[str]:
        hits = self.index.search(ME, words_of(query), [self.root], 50)
        return {f"{hit.folder}/{hit.name}".lstrip("/") for hit in hits}

    def settle(self) -> None:
        """Make every folder look as if it had been left alone for an hour, so that its time is trusted."""
        for path in [self.folder, *(p for p in self.folder.rglob("*") if p.is_dir() and ".homie" not in p.parts)]:
            os.utime(path, (1_700_000_000, 1_700_000_000))


@pytest.fixture
def world(tmp_path: Path) -> Any:
    made = World(tmp_path / "files", tmp_path / "index")
    yield made
    made.index.close()


def test_the_first_look_knows_every_file_and_tells_no_change(world: World) -> None:
    """Files in all depths, hidden ones too; Homie's own folder is not among them."""
    for name in ("a.txt", "b/c.txt", "b/d/e.txt", ".hidden/f.txt"):
        world.write(name)
    assert world.look() == {"came": set(), "gone": set(), "changed": set()}
    (state,) = world.index.states(ME)
    assert (state.files, state.complete) == (4, True)
    assert world.found("txt") == {"a.txt", "b/c.txt", "b/d/e.txt", ".hidden/f.txt"}
    assert world.found("volume json") == set()


def test_a_full_look_tells_exactly_what_was_done(world: World) -> None:
    """Created, deleted, changed with the same size, renamed, moved with its folder; each once, and nothing else."""
    for name in ("stays.txt", "goes.txt", "changes.txt", "old name.txt", "trip/1.jpg", "trip/deep/2.jpg"):
        world.write(name)
    world.look()
    (world.folder / "goes.txt").unlink()
    world.write("changes.txt", "y")
    (world.folder / "old name.txt").rename(world.folder / "new name.txt")
    (world.folder / "trip").rename(world.folder / "journey")
    world.write("fresh/3.jpg")
    assert world.look() == {
        "gone": {"goes.txt", "old name.txt", "trip", "trip/1.jpg", "trip/deep", "trip/deep/2.jpg"},
        "changed": {"changes.txt"},
        "came": {
            "new name.txt", "journey", "journey/1.jpg", "journey/deep", "journey/deep/2.jpg", "fresh", "fresh/3.jpg",
        },
    }  # fmt: skip
    assert world.look() == {"came": set(), "gone": set(), "changed": set()}
    assert world.found("jpg") == {"journey/1.jpg", "journey/deep/2.jpg", "fresh/3.jpg"}


@pytest.mark.parametrize("exact", [False, True])
def test_after_any_changes_the_index_is_what_is_on_disk(world: World, exact: bool) -> None:
    """Random creations, deletions, renames and moves of files and folders, fast and full looks in turn.

    Where folder times are believed, every folder says a time of long ago, the same one each time, as a program that
    puts times back would leave it: when it was set gives it away.
    """
    dice = random.Random(4)
    for number in range(60):
        world.write(f"d{number % 7}/s{number % 3}/f{number}.txt")
    world.look()
    known = _on_disk(world.folder)
    for turn in range(12):
        for step in range(10):
            _change_something(world.folder, dice, f"{turn}-{step}")
        if exact:
            world.settle()
        told = world.look(full=turn % 2 == 0, exact=exact)
        truth = _on_disk(world.folder)
        assert told["came"] == truth - known
        assert told["gone"] == known - truth
        known = truth
        assert world.index.states(ME)[0].files == sum(1 for path in known if (world.folder / path).is_file())


def _on_disk(root: Path) -> set[str]:
    return {str(p.relative_to(root)) for p in root.rglob("*") if ".homie" not in p.parts}


def _change_something(root: Path, dice: random.Random, tag: str) -> None:
    files = sorted(p for p in root.rglob("*.txt") if ".homie" not in p.parts)
    folders = sorted(p for p in root.rglob("*") if p.is_dir() and ".homie" not in p.parts)
    match dice.randrange(4):
        case 0:
            (dice.choice(folders) / f"new{tag}.txt").write_text(tag)
        case 1:
            dice.choice(files).unlink()
        case 2:
            dice.choice(files).rename(dice.choice(folders) / f"moved{tag}.txt")
        case _:
            moved = dice.choice(folders)
            target = dice.choice([f for f in folders if moved not in (f, *f.parents)] or [root])
            moved.rename(target / f"folder{tag}")


def test_a_fast_look_sees_all_but_changed_content(world: World) -> None:
    """What leaves a folder's time as it is waits for the full look; what was new is told by the fast one."""
    world.write("quiet/letter.txt", "one")
    world.write("busy/a.txt")
    world.settle()
    world.look()
    world.write("quiet/letter.txt", "two!")
    world.write("busy/b.txt")
    assert world.look(full=False) == {"came": {"busy/b.txt"}, "gone": set(), "changed": set()}
    assert world.look(full=True)["changed"] == {"quiet/letter.txt"}


def test_a_full_look_sees_content_where_it_does_not_list(world: World) -> None:
    """A folder that is as it was is not listed again, but each of its files is asked, links and subfolders too."""
    for name in ("quiet/letter.txt", "quiet/other.txt", "quiet/sub/deep.txt"):
        world.write(name, "one")
    (world.folder / "quiet/link").symlink_to("letter.txt")
    world.settle()
    world.look()
    world.write("quiet/letter.txt", "two!")
    world.write("quiet/sub/deep.txt", "two!")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "listdir", _never_of(world.folder / "quiet", world.folder / "quiet/sub"))
        told = world.look(exact=True)
    assert told == {"came": set(), "gone": set(), "changed": {"quiet/letter.txt", "quiet/sub/deep.txt"}}


def _never_of(*folders: Path) -> Callable[[int], list[str]]:
    """Return a `listdir` that refuses to list some folders."""
    inodes, real = {folder.stat().st_ino for folder in folders}, os.listdir

    def lists(fd: int) -> list[str]:
        assert os.fstat(fd).st_ino not in inodes
        return real(fd)

    return lists


def test_a_folder_that_changed_a_moment_ago_is_listed_again(world: World) -> None:
    """Within one tick of the folder's clock a second change would leave no trace, so its time is not trusted yet."""
    world.write("a.txt")
    world.look()
    before = os.stat(world.folder).st_mtime_ns
    world.write("b.txt")
    os.utime(world.folder, ns=(before, before))
    assert world.look(full=False)["came"] == {"b.txt"}


def test_an_absent_drive_says_nothing_about_its_files(world: World) -> None:
    """Without its marker nothing is looked at; what was known stays found."""
    world.write("a.txt")
    world.look()
    os.rename(world.folder / ".homie", world.data / "away")
    (world.folder / "a.txt").unlink()
    with pytest.raises(VolumeAway):
        world.look()
    assert world.found("a.txt") == {"a.txt"}
    world.folder.rename(world.folder.parent / "elsewhere")
    with pytest.raises(VolumeAway):
        world.look()
    assert world.found("a.txt") == {"a.txt"}


@pytest.mark.parametrize("number", [errno.EIO, errno.ENODEV, errno.ESTALE, errno.ENOTCONN])
def test_a_drive_that_vanishes_half_way_ends_the_look(
    world: World, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """A read error is no empty folder: nothing is told as gone, and the next look knows everything as before."""
    for name in ("a/1.txt", "b/2.txt", "c/3.txt"):
        world.write(name)
    world.look()
    real, calls = FolderReader.read, []

    def breaks(reader: FolderReader, fd: int, device: int) -> Listing:
        calls.append(fd)
        if len(calls) > 2:
            raise OSError(number, "gone")
        return real(reader, fd, device)

    monkeypatch.setattr(FolderReader, "read", breaks)
    with pytest.raises(VolumeAway):
        world.look()
    monkeypatch.undo()
    assert world.look() == {"came": set(), "gone": set(), "changed": set()}


def test_a_folder_that_cannot_be_read_keeps_its_listing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Taken-away rights are no deletion; below it everything is looked at all the same."""
    world.write("private/inside/1.txt")
    world.look()
    inode = os.stat(world.folder / "private").st_ino
    real = FolderReader.read

    def refuses(reader: FolderReader, fd: int, device: int) -> Listing:
        if os.fstat(fd).st_ino == inode:
            raise PermissionError(errno.EACCES, "no")
        return real(reader, fd, device)

    monkeypatch.setattr(FolderReader, "read", refuses)
    world.write("private/inside/2.txt")
    assert world.look() == {"came": {"private/inside/2.txt"}, "gone": set(), "changed": set()}
    assert world.found("1.txt") == {"private/inside/1.txt"}


def test_links_are_not_followed(world: World, tmp_path: Path) -> None:
    """A link to a folder outside is one entry; what it leads to is neither listed nor found."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("s")
    (world.folder / "link").symlink_to(outside)
    world.look()
    assert world.found("secret") == set()


def test_every_name_that_a_drive_allows_is_kept(world: World) -> None:
    """Line ends, undecodable bytes, quotes, capitals and accents: found by what can be typed of them."""
    world.write("two\nlines.txt")
    world.write("it's 100%_\\ fine.txt")
    world.write("Gebühren MÜLLER.txt")
    raw = os.fsencode(str(world.folder)) + b"/bad\xff name.txt"
    with open(raw, "wb"):
        pass
    world.look()
    assert world.found("gebuhren muller") == {"Gebühren MÜLLER.txt"}
    assert world.found("100%_\\") == {"it's 100%_\\ fine.txt"}
    assert world.found("lines") == {"two\nlines.txt"}
    assert world.found("bad name") == {"bad\udcff name.txt"}
    assert world.look() == {"came": set(), "gone": set(), "changed": set()}


def listing(rows: list[Row]) -> Listing:
    names, kinds, sizes, times, inodes = (list(column) for column in zip(*rows, strict=True)) if rows else [[]] * 5
    seconds = [time // 10**9 for time in times]
    columns = (("q", sizes), ("q", seconds), ("I", [time % 10**9 for time in times]), ("Q", inodes))
    packed = [array(form, column).tobytes() for form, column in columns]
    return Listing.of(bytes(kinds), packed, os.fsencode("\0".join(names)))


def test_a_listing_comes_back_as_it_was_packed() -> None:
    """Also the empty one; and a listing does not differ from itself."""
    for rows in ([("a", FILE, 5, -1, 7), ("b", FOLDER, 0, 10**19, 2**64 - 1)], []):
        one = listing(rows)
        again = Listing.unpack(one.raw)
        assert Listing.unpack(one.packed()).raw == one.raw
        assert list(again.rows()) == list(one.rows()) == rows
        assert (again.names, again.subfolders, again.totals()) == (one.names, one.subfolders, one.totals())
        assert not any(differ(one, again))


ROWS = st.dictionaries(
    st.text("abä\udcff", min_size=1, max_size=3),
    st.tuples(st.sampled_from([FILE, FOLDER, 10]), st.integers(0, 2), st.integers(-1, 1), st.integers(1, 2)),
    max_size=12,
)


@given(ROWS, ROWS)
def test_what_differs_is_what_only_one_of_two_listings_says(before: Any, after: Any) -> None:
    """Each row that only one has is told once: as changed where both have a file of that name, else as gone or came."""
    old, new = (sorted((name, *rest) for name, rest in rows.items()) for rows in (before, after))
    only_old, only_new = set(old) - set(new), set(new) - set(old)
    files = {row[0] for row in only_old if row[1] == FILE} & {row[0] for row in only_new if row[1] == FILE}
    found = differ(listing(old), listing(new))
    assert found.changed == sorted(row for row in only_new if row[0] in files)
    assert found.gone == sorted(row for row in only_old if row[0] not in files)
    assert found.came == sorted(row for row in only_new if row[0] not in files)


@pytest.mark.parametrize("count", [3, AT_ONCE, 2 * AT_ONCE + 1])
def test_a_folder_reads_the_same_by_either_call(tmp_path: Path, count: int) -> None:
    """One call for all names, one by one, or again by the names that are known: sizes, times, inodes, odd things."""
    for number in range(count - 3):
        (tmp_path / f"f{number}").write_bytes(b"x" * (number % 5))
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("nowhere")
    os.mkfifo(tmp_path / os.fsdecode(b"pipe \xff\n"))
    fd = os.open(tmp_path, os.O_RDONLY)
    try:
        device = os.fstat(fd).st_dev
        at_once, one_by_one = FolderReader(), FolderReader()
        one_by_one._statx = None
        read = at_once.read(fd, device)
        assert read.raw == one_by_one.read(fd, device).raw
        assert len(read) == len(read.names) == count
        again = at_once.read_again(fd, device, read)
        assert again is None if count > AT_ONCE else again is not None and again.raw == read.raw
        assert one_by_one.read_again(fd, device, read) is None
        assert not at_once.left_out
        elsewhere = at_once.read(fd, device + 1)
        assert (at_once.left_out, len(elsewhere), elsewhere.subfolders) == (True, count - 1, [])
    finally:
        os.close(fd)


@pytest.mark.parametrize("when", [-(10**18), 0, 10**19])
def test_any_time_that_a_drive_can_keep_is_kept(world: World, when: int) -> None:
    """Before 1970, and after the year 2262, when nanoseconds outgrow 63 bits; of folders too."""
    path = world.write("odd/times.txt")
    for changed in (path, path.parent):
        os.utime(changed, ns=(when, when))
    world.look()
    fd = os.open(path.parent, os.O_RDONLY)
    try:
        ((_, _, _, kept, _),) = FolderReader().read(fd, os.fstat(fd).st_dev).rows()
    finally:
        os.close(fd)
    assert kept == path.stat().st_mtime_ns
    assert world.look(exact=True) == {"came": set(), "gone": set(), "changed": set()}


def test_a_look_that_was_killed_is_made_up_for(world: World) -> None:
    """Killed while it tells what it found: the next look ends where the drive is, and no folder is left half known."""
    for number in range(5):
        world.write(f"d{number}/f.txt")
    world.look()
    for number in range(5):
        world.write(f"d{number}/g.txt")

    def killed(change: Change) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        world.index.look(ME, world.root, full=True, on_change=killed)
    assert world.look()["came"] == {f"d{number}/g.txt" for number in range(5)}


def test_two_looks_at_one_folder_do_not_meet(world: World) -> None:
    """Whoever comes second is told so and goes away, instead of telling every change twice."""
    world.write("a.txt")
    world.look()
    world.write("b.txt")
    other = FileIndex(world.data, SystemClock(), new_id)
    seen: list[Any] = []
    world.index.look(ME, world.root, full=True, on_change=lambda _: seen.append(other.look(ME, world.root, full=True)))
    assert seen == [None]
    other.close()


def test_a_damaged_index_is_made_anew(world: World) -> None:
    """It holds nothing that the drive does not say, so it is thrown away rather than complained about."""
    world.write("a.txt")
    world.look()
    world.index.close()
    (path,) = world.data.glob("files-*.db")
    path.write_bytes(b"this is no database" * 500)
    for suffix in ("-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    assert world.found("a.txt") == set()
    world.look()
    assert world.found("a.txt") == {"a.txt"}


def test_search_finds_files_that_homie_never_touched(hub: Hub, alice: Actor, bob: Actor, tmp_path: Path) -> None:
    """A file that is just there is found by its owner, with its folder; by nobody else; not after the grant ended."""
    folder = tmp_path / "alice" / "Papers" / "2024"
    folder.mkdir(parents=True)
    (folder / "Lease contract Dom.pdf").write_text("x")
    assert hub.client(alice).post("/file-index/refresh", json={}).status_code == 202
    (result,) = hub.jobs.run_all()
    assert (result["volumes"], result["away"]) == (1, 0)
    (hit,) = hub.app.search(alice, "dom lease", 20)
    assert (hit.kind, hit.title, hit.subtitle) == ("file_organizer.file", "Lease contract Dom.pdf", str(folder))
    assert hit.route.endswith("?path=Papers/2024")
    assert hub.app.search(bob, "lease", 20) == []
    state = hub.client(alice).get("/file-index").json
    assert (state["files"], state["items"][0]["complete"]) == (1, True)
    assert hub.client(bob).get("/file-index").json["files"] == 0
    hub.roots.take_back("alice")
    assert hub.app.search(alice, "lease", 20) == []


def test_every_owner_with_folders_is_looked_after(hub: Hub, alice: Actor, bob: Actor) -> None:
    """Whether anything is watched or not: each gets a look of their own."""
    from backend.file_organizer.index_keeper import IndexKeeper

    for who in (alice, bob):
        hub.client(who).post("/drives/refresh")
    keeper = IndexKeeper(hub.ctx, 3)
    assert keeper.ask() == 2
    assert {actor.owner_id for _, actor, kind, _ in hub.jobs.queue if kind.endswith("index_files")} == {"alice", "bob"}


def test_an_erased_owner_is_gone_from_the_index(hub: Hub, alice: Actor, bob: Actor, tmp_path: Path) -> None:
    """Erasing one leaves the other."""
    for who in ("alice", "bob"):
        (tmp_path / who / "same name.txt").write_text(who)
        hub.organizer.refresh_index(Actor.of(who))
    hub.app.erase_owner("alice")
    assert hub.app.search(alice, "same name", 20) == []
    assert len(hub.app.search(bob, "same name", 20)) == 1


def test_a_file_that_homie_filed_is_found_once(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """History and index know it both; the history leads to more, so it is the one that is shown."""
    (tmp_path / "alice" / "letter to the tax office.txt").write_text("x")
    client = hub.client(alice)
    source, target = (str(tmp_path / "alice" / name) for name in ("letter to the tax office.txt", "Taxes/letter.txt"))
    asked = {"operations": [{"op": "move", "source": source, "target": target, "on_conflict": "skip"}]}
    assert client.post("/operations", json=asked).status_code == 202, client.post("/operations", json=asked).json
    hub.jobs.run_all()
    hub.organizer.refresh_index(alice)
    (hit,) = [hit for hit in hub.app.search(alice, "letter", 20) if hit.kind.endswith(".file")]
    assert hit.route.startswith("/file_organizer/history/")
