"""Copies are found exactly, one stays for a reason, and nothing goes that is not proven to be a copy at that moment."""

from __future__ import annotations

import os
import stat
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.file_organizer.cleaning import finder as finder_module
from backend.file_organizer.cleaning.finder import DuplicateFinder
from backend.file_organizer.cleaning.inventory import Inventory
from backend.file_organizer.cleaning.keepers import Candidate, KeeperReason, choose_keeper
from backend.sdk.actor import Actor
from backend.sdk.files import AllowedRoot, SafePath
from tests.file_organizer.conftest import Hub, RunningJob
from tests.file_organizer.copies import scene

OLD = 1_600_000_000


def look(hub: Hub, actor: Actor, **body: Any) -> dict[str, Any]:
    """Look for copies and return the search."""
    asked = hub.client(actor).post("/duplicates/searches", json={"pictures": False, **body})
    assert asked.status_code == 201 or asked.status_code == 200, asked.json
    hub.jobs.run_all()
    found: dict[str, Any] = hub.client(actor).get(f"/duplicates/searches/{asked.json['id']}").json
    return found


def groups_of(hub: Hub, actor: Actor, search: dict[str, Any], **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        hub.client(actor).get(f"/duplicates/searches/{search['id']}/groups", query_string=query).json["items"]
    )
    return found


def put_away(hub: Hub, actor: Actor, search: dict[str, Any], **body: Any) -> dict[str, Any]:
    """Put away and return the job's result."""
    asked = hub.client(actor).post(f"/duplicates/searches/{search['id']}/put-away", json=body)
    assert asked.status_code == 202, asked.json
    (result,) = hub.jobs.run_all()
    return dict(result)


def write(path: Path, content: bytes, age: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (OLD - age, OLD - age))
    return path


@pytest.fixture
def home(alice: Actor, tmp_path: Path) -> Path:
    """Give Alice's folder with a letter that is there three times."""
    home = tmp_path / "alice"
    write(home / "Papers" / "letter.txt", b"dear grandmother" * 2000, age=100)
    write(home / "Downloads" / "letter.txt", b"dear grandmother" * 2000, age=200)
    write(home / "Papers" / "letter (1).txt", b"dear grandmother" * 2000)
    write(home / "Papers" / "other.txt", b"dear grandfather" * 2000)
    return home


# ---------------------------------------------------------------------- finding

_CONTENTS = st.sampled_from(
    [b"", b"a", b"b", b"ab", b"x" * 5000, b"x" * 4999 + b"y", b"z" * 20000, b"z" * 9999 + b"q" + b"z" * 10000]
)


@given(
    tree=st.lists(st.tuples(st.sampled_from(["", "d1", "d1/d2", "d3"]), _CONTENTS, st.booleans()), max_size=14),
    links=st.lists(st.tuples(st.integers(0, 30), st.booleans()), max_size=4),
    limits=st.sampled_from(
        [(finder_module.WHOLE, finder_module.KEPT), (finder_module.WHOLE, 0), (4 * finder_module.BLOCK, 0)]
    ),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_groups_are_what_comparing_every_pair_would_say(
    tree: list[tuple[str, bytes, bool]],
    links: list[tuple[int, bool]],
    limits: tuple[int, int],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Same groups as an oracle that reads everything: hard links are one file, empty files and links none.

    Whether files are compared as they are, by their hashes, or by both ends first (`limits`).
    """
    root = tmp_path_factory.mktemp("tree")
    made: list[Path] = []
    for number, (folder, content, _) in enumerate(tree):
        path = root / folder / f"f{number}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        made.append(path)
    for number, (which, symbolic) in enumerate(links):
        if made:
            (os.symlink if symbolic else os.link)(made[which % len(made)], root / f"l{number}")
    expected: dict[bytes, set[int]] = defaultdict(set)
    for folder, _, names in os.walk(root):
        for name in names:
            info = os.lstat(os.path.join(folder, name))
            if stat.S_ISREG(info.st_mode) and info.st_size:
                expected[Path(folder, name).read_bytes()].add(info.st_ino)
    inventory = Inventory([SafePath(AllowedRoot(str(root), "volume"), "")])
    inventory.collect()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finder_module, "WHOLE", limits[0])
        patch.setattr(finder_module, "KEPT", limits[1])
        found = [{copy.file.inode for copy in group.copies} for group in DuplicateFinder(inventory).groups()]
    assert sorted(map(sorted, found)) == sorted(sorted(inodes) for inodes in expected.values() if len(inodes) > 1)


def test_what_cannot_be_read_is_named_and_what_changed_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One unreadable file does not stop the search; a file that was swapped since the walk is not compared."""
    for name in ("a", "b", "c", "d"):
        write(tmp_path / name, b"the same content")
    inventory = Inventory([SafePath(AllowedRoot(str(tmp_path), "volume"), "")])
    inventory.collect()
    (tmp_path / "d").unlink()
    (tmp_path / "d").symlink_to(tmp_path / "a")
    real = os.open

    def refuse(path: Any, flags: int, *rest: Any, **more: Any) -> int:
        if path == os.fsencode(tmp_path / "c"):
            raise PermissionError(13, "no")
        return real(path, flags, *rest, **more)

    monkeypatch.setattr(finder_module.os, "open", refuse)
    finder = DuplicateFinder(inventory)
    (group,) = finder.groups()
    assert sorted(copy.file.name for copy in group.copies) == ["a", "b"]
    assert str(tmp_path / "c") in finder.unreadable
    assert finder.unreadable_count == 2  # the link in the last part is refused as unreadable too


@pytest.mark.parametrize(
    ("stays", "goes", "reason"),
    [
        (Candidate("Papers/a.pdf", 5, movable=False), Candidate("a.pdf", 1), KeeperReason.READ_ONLY),
        (Candidate("Papers/a.pdf", 5, links=2), Candidate("a.pdf", 1), KeeperReason.LINKED),
        (Candidate("Papers/a.pdf", 9 << 40), Candidate("Downloads/a.pdf", 1), KeeperReason.TIDY_PLACE),
        (Candidate("Papers/a.pdf", 9 << 40), Candidate("Papers/a (1).pdf", 1), KeeperReason.ORIGINAL_NAME),
        (Candidate("Papers/a.pdf", 9 << 40), Candidate("Papers/a - Kopie.pdf", 1), KeeperReason.ORIGINAL_NAME),
        (Candidate("Papers/b.pdf", 1), Candidate("Papers/a.pdf", 9 << 40), KeeperReason.OLDEST),
        (Candidate("b.pdf", 1), Candidate("Papers/2024/a.pdf", 1), KeeperReason.NEAREST),
        (Candidate("a.pdf", 1), Candidate("b.pdf", 1), KeeperReason.FIRST),
    ],
)
def test_the_keeper_is_chosen_for_a_reason_that_can_be_checked(
    stays: Candidate, goes: Candidate, reason: KeeperReason
) -> None:
    """Whichever comes first in the list."""
    assert choose_keeper([stays, goes]) == (0, reason)
    assert choose_keeper([goes, stays]) == (1, reason)


# ---------------------------------------------------------------------- the whole way


def test_copies_go_into_the_trash_and_come_back(hub: Hub, alice: Actor, home: Path) -> None:
    """Two of three letters go, one stays; undo brings both back and they wait again."""
    search = look(hub, alice)
    assert (search["state"], search["same"]["groups"], search["same"]["gain"]) == ("ready", 1, 64000)
    (group,) = groups_of(hub, alice, search)
    kept = [copy for copy in group["copies"] if copy["keep"]]
    assert [copy["path"] for copy in kept] == [str(home / "Papers" / "letter.txt")]
    assert group["reason"] == "original_name"
    result = put_away(hub, alice, search)
    assert (result["done"], result["kept"]) == (2, 0)
    assert sorted(p.name for p in home.rglob("letter*.txt") if ".homie" not in p.parts) == ["letter.txt"]
    assert groups_of(hub, alice, search) == []
    (done,) = groups_of(hub, alice, search, state="done")
    assert done["run_id"] == result["run_id"]
    hub.client(alice).post(f"/runs/{result['run_id']}/undo", json={})
    hub.jobs.run_all()
    assert (home / "Downloads" / "letter.txt").exists()
    assert (home / "Papers" / "letter (1).txt").exists()
    (again,) = groups_of(hub, alice, search)
    assert again["gain"] == 64000


@pytest.mark.parametrize("damage", ["keeper gone", "keeper changed quietly", "copy changed", "keeper became a link"])
def test_what_changed_since_is_never_put_away(hub: Hub, alice: Actor, home: Path, damage: str) -> None:
    """Nothing happens to a copy whose keeper is gone or differs, though size and time say nothing; and it is said."""
    search = look(hub, alice)
    keeper, copy = home / "Papers" / "letter.txt", home / "Downloads" / "letter.txt"
    before = copy.read_bytes()
    if damage == "keeper gone":
        keeper.unlink()
    elif damage == "keeper changed quietly":
        times = os.stat(keeper)
        with keeper.open("r+b") as file:
            file.seek(10_000)
            file.write(b"!")
        os.utime(keeper, ns=(times.st_atime_ns, times.st_mtime_ns))
    elif damage == "copy changed":
        before = b"a new letter"
        copy.write_bytes(before)
    else:
        keeper.unlink()
        keeper.symlink_to(copy)
    result = put_away(hub, alice, search)
    assert copy.read_bytes() == before
    assert result["kept"] >= 1
    (group,) = groups_of(hub, alice, search)
    said = {c["path"]: c["explanation"] for c in group["copies"] if not c["keep"]}
    assert said[str(copy)], said
    if damage != "copy changed":
        assert result["done"] == 0
        assert (home / "Papers" / "letter (1).txt").exists()


def test_one_copy_always_stays(hub: Hub, alice: Actor, home: Path) -> None:
    """The last one that is kept cannot be chosen to go; another may be kept instead; a group can be left as it is."""
    search = look(hub, alice)
    (group,) = groups_of(hub, alice, search)
    client, where = hub.client(alice), f"/duplicates/groups/{group['id']}"
    keeper = next(copy for copy in group["copies"] if copy["keep"])
    other = next(copy for copy in group["copies"] if not copy["keep"])
    refused = client.patch(f"{where}/files/{keeper['id']}", json={"keep": False})
    assert (refused.status_code, refused.json["error"]["code"]) == (422, "copy_choice_not_possible")
    changed = client.patch(where, json={"keep_only": other["id"]}).json
    assert [copy["id"] for copy in changed["copies"] if copy["keep"]] == [other["id"]]
    both = client.patch(f"{where}/files/{keeper['id']}", json={"keep": True}).json
    assert both["gain"] == 32000
    assert client.patch(where, json={"leave": True}).json["state"] == "left"
    answer = client.post(f"/duplicates/searches/{search['id']}/put-away", json={})
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "nothing_to_put_away")
    assert hub.jobs.queue == []


def test_hard_links_are_kept_and_win_nothing(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """Two names of one file are no copies; a copy beside them goes, the linked file stays."""
    home = tmp_path / "alice"
    first = write(home / "Downloads" / "film.bin", b"f" * 50_000)
    os.link(first, home / "Downloads" / "film again.bin")
    assert look(hub, alice)["same"]["groups"] == 0
    write(home / "Films" / "film.bin", b"f" * 50_000)
    (group,) = groups_of(hub, alice, look(hub, alice))
    assert (group["files"], group["gain"], group["reason"]) == (2, 50_000, "linked")
    assert [Path(copy["path"]).parent.name for copy in group["copies"] if not copy["keep"]] == ["Films"]


def test_what_may_only_be_read_stays(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """A copy in a folder that was opened for looking only is the keeper, and cannot be chosen to go."""
    archive = tmp_path / "archive"
    write(archive / "Downloads" / "photo.bin", b"p" * 9000)
    write(tmp_path / "alice" / "photo.bin", b"p" * 9000, age=50)
    hub.roots.grant("alice", archive, writable=False)
    search = look(hub, alice)
    (group,) = groups_of(hub, alice, search)
    stays = next(copy for copy in group["copies"] if copy["keep"])
    assert (stays["movable"], group["reason"]) == (False, "read_only")
    answer = hub.client(alice).patch(f"/duplicates/groups/{group['id']}/files/{stays['id']}", json={"keep": False})
    assert answer.status_code == 422
    assert put_away(hub, alice, search)["done"] == 1
    assert (archive / "Downloads" / "photo.bin").exists()


def test_copies_are_never_looked_for_across_spaces(hub: Hub, alice: Actor, bob: Actor, home: Path) -> None:
    """The same letter at Bob's is no copy of Alice's, for either; not even for someone who is in both spaces."""
    theirs = write(home.parent / "bob" / "letter.txt", b"dear grandmother" * 2000)
    assert look(hub, bob)["same"]["groups"] == 0
    both = Actor(user_id="alice", owner_id="alice", owners=frozenset({"alice", "bob"}))
    (group,) = groups_of(hub, both, look(hub, both))
    assert str(theirs) not in {copy["path"] for copy in group["copies"]}


def test_a_request_twice_puts_away_once_and_a_stopped_search_says_so(hub: Hub, alice: Actor, home: Path) -> None:
    """A second request finds nothing to do; a group belongs to one request at a time; a stop is told."""
    search = look(hub, alice)
    client, where = hub.client(alice), f"/duplicates/searches/{search['id']}/put-away"
    assert client.post(where, json={}).status_code == 202
    waiting = hub.jobs.queue[0][0]
    assert client.post(where, json={}).status_code == 409
    busy = client.post("/duplicates/searches", json={})
    assert (busy.status_code, busy.json["error"]["code"]) == (409, "search_busy")
    assert hub.jobs.queue[0][0] == waiting
    hub.jobs.run_all()
    begun = client.post("/duplicates/searches", json={"pictures": False}).json
    job_id, actor, kind, args = hub.jobs.queue.pop()
    from backend.file_organizer.jobs import HANDLERS
    from backend.sdk.jobs import JobCancelled

    handler = next(one for one in HANDLERS if one.kind == kind)
    with pytest.raises(JobCancelled):
        handler.run(RunningJob(job_id, actor, hub.ctx, stop_after=0), args)
    assert client.get(f"/duplicates/searches/{begun['id']}").json["state"] == "stopped"


def test_bad_input_names_the_field(hub: Hub, alice: Actor, home: Path) -> None:
    """A folder that is not there is refused by name, and nothing is begun."""
    client = hub.client(alice)
    answer = client.post("/duplicates/searches", json={"paths": [str(home / "nowhere")]})
    assert answer.status_code == 403
    assert answer.json["error"]["fields"][0]["name"] == "body.paths.0"
    assert client.get("/duplicates/searches").json["items"] == []


def test_pictures_that_look_alike_are_offered_beside_equal_ones(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """A smaller version is offered, an equal copy is not offered twice, and what stays must be as it was seen."""
    home = tmp_path / "alice"
    home.joinpath("Photos").mkdir()
    scene(1).save(home / "Photos" / "beach.jpg", quality=92)
    scene(1).resize((450, 300)).save(home / "beach-small.jpg", quality=50)
    (home / "beach copy.jpg").write_bytes((home / "Photos" / "beach.jpg").read_bytes())
    scene(2).save(home / "Photos" / "hills.jpg")
    (home / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing")
    search = look(hub, alice, pictures=True)
    assert (search["same"]["groups"], search["similar"]["groups"], search["unreadable"]) == (1, 1, 1)
    assert search["problems"] == [{"path": str(home / "broken.jpg"), "problem": "picture"}]
    (group,) = groups_of(hub, alice, search, kind="similar")
    assert [(Path(c["path"]).name, c["width"], c["keep"]) for c in group["copies"]] == [
        ("beach.jpg", 900, True),
        ("beach-small.jpg", 450, False),
    ]
    assert group["reason"] == "largest"
    scene(3).save(home / "Photos" / "beach.jpg")
    assert put_away(hub, alice, search, kind="similar")["done"] == 0
    assert (home / "beach-small.jpg").exists()
