"""What a kill leaves behind is brought to its end, what expired goes: the parts of transfers, with a clock by hand."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.schema import CoreBase
from backend.core.secrets import SecretBox
from backend.core.transfers.errors import LinkNotValid, UploadNotKnown, UploadRefused
from backend.core.transfers.media import disposition
from backend.core.transfers.names import clean_name, split_relative
from backend.core.transfers.parts import Part
from backend.core.transfers.tickets import Ticket, Tickets, rounded_end
from backend.core.transfers.upload_store import UploadStore, Wanted
from backend.core.transfers.uploads import Incoming, Uploads
from backend.sdk.actor import Actor
from backend.sdk.clock import FakeClock
from backend.sdk.db import Database
from backend.sdk.files import LocalRoots, check_new_name
from backend.sdk.ids import new_id

BOX = SecretBox(b"k" * 32)
TICKET = Ticket("f", "session", "user", "volume", "a/b.txt", "f1-2-3", True, "", 2_000_000_000)


# ---------------------------------------------------------------------- tickets


def test_a_ticket_opens_until_its_end_and_only_unchanged() -> None:
    clock, tickets = FakeClock(), Tickets(BOX)
    end = rounded_end(clock.now(), 600)
    text = tickets.seal(Ticket("f", "s", "u", "v", "p", "seen", True, "", end))
    assert tickets.open(text, clock.now()).path == "p"
    clock.advance(599)
    assert tickets.open(text, clock.now()).path == "p"
    clock.advance(400)
    with pytest.raises(LinkNotValid):
        tickets.open(text, clock.now())


@given(place=st.integers(0, 10_000), change=st.integers(1, 63))
def test_any_changed_character_makes_a_ticket_useless(place: int, change: int) -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    tickets = Tickets(BOX)
    text = tickets.seal(TICKET)
    place %= len(text) - 1  # the last one holds bits that base64 does not use
    spoiled = text[:place] + alphabet[(alphabet.index(text[place]) + change) % 64] + text[place + 1 :]
    with pytest.raises(LinkNotValid):
        tickets.open(spoiled, FakeClock().now())


def test_a_ticket_of_another_installation_opens_nothing() -> None:
    with pytest.raises(LinkNotValid):
        Tickets(SecretBox(b"o" * 32)).open(Tickets(BOX).seal(TICKET), FakeClock().now())


# ---------------------------------------------------------------------- names


@given(st.text(max_size=400))
def test_every_name_becomes_a_possible_one(name: str) -> None:
    check_new_name(clean_name(name))
    assert clean_name(clean_name(name)) == clean_name(name)


@given(st.text(alphabet=st.sampled_from("ab/\\.. \x00:é"), max_size=40))
def test_a_relative_path_never_leaves_its_folder(path: str) -> None:
    try:
        folder, name = split_relative(path)
    except UploadRefused:
        return
    for part in [*folder.split("/"), name] if folder else [name]:
        check_new_name(part)


@given(st.text(max_size=100))
def test_no_name_writes_into_the_header(name: str) -> None:
    said = disposition(name, shown=False)
    assert said.isascii()
    assert said.isprintable()
    assert said.count('"') == 2


# ---------------------------------------------------------------------- uploads


@dataclass
class Desk:
    uploads: Uploads
    clock: FakeClock
    folder: Path
    eva: Actor

    def wanted(self, name: str, size: int) -> Wanted:
        volume = self.uploads._roots.for_actor(self.eva).roots[0].volume_id
        return Wanted(volume, "", "", name, size, None)

    def incoming(self, data: bytes) -> Incoming:
        return Incoming(io.BytesIO(data).read)

    def parts(self) -> list[Path]:
        return list((self.folder / ".homie" / "uploads").iterdir())


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    db = Database(tmp_path / "core.db", CoreBase, name="core")
    db.create_all()
    folder = tmp_path / "files"
    folder.mkdir()
    clock, eva = FakeClock(), Actor.of(new_id())
    uploads = Uploads(UploadStore(db, clock), LocalRoots([folder]), lambda actor, root: actor.owner_id, new_id)
    yield Desk(uploads, clock, folder, eva)
    db.close()


class Killed(BaseException):
    """Stand for a kill at one point of the program."""


@pytest.mark.parametrize("step", ["seal", "choose", "place", "place after", "finish"])
def test_a_kill_at_any_step_of_the_end_is_brought_to_its_end(
    desk: Desk, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exactly one file with the whole content, whatever was done before the kill."""
    (desk.folder / "a.txt").write_text("old")
    upload = desk.uploads.create(desk.eva, desk.wanted("a.txt", 5))

    def kill(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        if step == "finish":
            patch.setattr(desk.uploads.store, "finish", kill)
        elif step == "place after":
            real = Part.place

            def place(part: Part, path: str) -> None:
                real(part, path)
                raise Killed

            patch.setattr(Part, "place", place)
        else:
            patch.setattr(Part, step, kill)
        with pytest.raises(Killed):
            desk.uploads.receive(desk.eva, upload.id, 0, desk.incoming(b"hello"))
    done = desk.uploads.show(desk.eva, upload.id, take_over=True)
    assert (done.state, done.path) == ("finished", "a (2).txt")
    names = {path.name: path.read_text() for path in desk.folder.iterdir() if path.is_file()}
    assert names == {"a.txt": "old", "a (2).txt": "hello"}
    assert desk.parts() == []


def test_bytes_beyond_the_noted_offset_are_cut_off(desk: Desk) -> None:
    """What a kill left behind the last durable point is not trusted."""
    upload = desk.uploads.create(desk.eva, desk.wanted("a.txt", 10))
    desk.uploads.receive(desk.eva, upload.id, 0, desk.incoming(b"01234"))
    with desk.parts()[0].open("ab") as part:
        part.write(b"garbage of a kill")
    assert desk.uploads.show(desk.eva, upload.id).received == 5
    desk.uploads.receive(desk.eva, upload.id, 5, desk.incoming(b"56789"))
    assert (desk.folder / "a.txt").read_bytes() == b"0123456789"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda part: part.unlink(),
        lambda part: (part.unlink(), part.write_bytes(b"01234"), os.utime(part)),
        lambda part: os.truncate(part, 2),
    ],
)
def test_a_part_that_is_not_ours_any_more_is_not_gone_on_with(desk: Desk, spoil: Callable[[Path], object]) -> None:
    upload = desk.uploads.create(desk.eva, desk.wanted("a.txt", 10))
    desk.uploads.receive(desk.eva, upload.id, 0, desk.incoming(b"01234"))
    holder = desk.parts()[0].open("rb")  # keeps the inode from being given to the next file
    spoil(desk.parts()[0])
    with pytest.raises(UploadNotKnown):
        desk.uploads.receive(desk.eva, upload.id, 5, desk.incoming(b"56789"))
    holder.close()
    assert not (desk.folder / "a.txt").exists()


def test_what_nobody_goes_on_with_expires_with_its_part(desk: Desk) -> None:
    old = desk.uploads.create(desk.eva, desk.wanted("old.txt", 10))
    desk.clock.advance(4 * 86400)
    young = desk.uploads.create(desk.eva, desk.wanted("young.txt", 10))
    done = desk.uploads.create(desk.eva, desk.wanted("done.txt", 0))
    desk.clock.advance(4 * 86400)
    roots = desk.uploads._roots.for_actor(desk.eva)
    with pytest.raises(UploadNotKnown):
        desk.uploads.show(desk.eva, old.id)
    everywhere = {root.volume_id: root for root in roots.roots}
    (desk.folder / ".homie" / "uploads" / "stray.part").touch()
    assert desk.uploads.sweep(everywhere, 0.0) == 2
    far = 4e9  # later than any file was written
    assert desk.uploads.sweep(everywhere, far) == 1
    assert [path.name for path in desk.parts()] == [f"{young.id}.part"]
    assert desk.uploads.show(desk.eva, young.id).received == 0
    with pytest.raises(UploadNotKnown):
        desk.uploads.show(desk.eva, done.id)
    assert (desk.folder / "done.txt").exists()
