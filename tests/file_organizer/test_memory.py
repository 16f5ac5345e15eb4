"""The memory in the database: observing, forgetting and taking that back, export and import, crashes, old counts."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

import backend.file_organizer
from backend.file_organizer.base import Base
from backend.file_organizer.learned import Learned
from backend.file_organizer.memory import lessons as lessons_module
from backend.file_organizer.memory.lessons import Lesson
from backend.file_organizer.path_memory_manager import Observation, PathMemoryManager
from backend.sdk.actor import Actor
from backend.sdk.db import Database, migrate
from backend.sdk.files import VolumePath
from tests.file_organizer.conftest import Hub
from tests.postgres_server import PostgresServer

REVISIONS = Path(backend.file_organizer.__file__).parent / "migrations"


@pytest.fixture
def module_engine(engine_kind: str) -> str:
    """Run these on SQLite and on PostgreSQL."""
    return engine_kind


def at(path: str) -> VolumePath:
    return VolumePath("v1", path)


def moves(*pairs: tuple[str, str]) -> list[Observation]:
    """Return observations of (name, folder), from an inbox."""
    return [Observation(at(f"{folder}/{name}"), at(f"Inbox/{name}")) for name, folder in pairs]


def first_place(hub: Hub, actor: Actor, name: str) -> str:
    (why,) = hub.organizer.learned.why(actor, [name])
    return why.places[0].folder if why.places else ""


def answers(hub: Hub, actor: Actor, *names: str) -> list[Any]:
    """Return what the memory says about names, without ids."""
    found = hub.organizer.learned.why(actor, list(names))
    return [[(p.folder, round(p.confidence, 6)) for p in one.places] for one in found]


ENERGY = tuple((f"Stadtwerke Abschlag {n}.pdf", "Bills/Energy") for n in range(4))
SCHOOL = tuple((f"Kita Elternbrief {n}.pdf", "School") for n in range(4))


def test_moves_made_outside_teach(hub: Hub, alice: Actor) -> None:
    """What a person moved by hand is known, with its evidence."""
    memory = hub.organizer.memory
    assert memory.observe(alice, moves(*ENERGY, *SCHOOL)) == 8
    assert first_place(hub, alice, "Stadtwerke Jahresabrechnung.pdf") == "Bills/Energy"
    assert first_place(hub, alice, "Kita Sommerfest.pdf") == "School"


def test_noise_of_the_file_system_teaches_nothing(hub: Hub, alice: Actor) -> None:
    """Renames in place, hidden and unfinished files, repeated reports; and everything while learning is paused."""
    memory = hub.organizer.memory
    assert memory.observe(alice, moves(*ENERGY)) == 4
    assert memory.observe(alice, [*moves(*ENERGY), *moves(*ENERGY)]) == 0
    noise = [
        Observation(at("Bills/Energy/b.pdf"), at("Bills/Energy/a.pdf")),
        Observation(at("Bills/.hidden"), at("Inbox/.hidden")),
        Observation(at(".Trash-1000/files/a.pdf"), at("Inbox/a.pdf")),
        Observation(at("Bills/film.mkv.part"), None),
        Observation(at("Bills/~$letter.docx"), None),
    ]
    assert memory.observe(alice, noise) == 0
    hub.client(alice).patch("/settings", json={"learning": False})
    assert memory.observe(alice, moves(*SCHOOL)) == 0
    assert hub.client(alice).get("/learned/summary").json["learning"] is False


def test_odd_names_are_learned_without_harm(hub: Hub, alice: Actor) -> None:
    """Undecodable bytes, line breaks, right-to-left marks and very long names."""
    odd = ["caf\udce9.pdf", "two\nlines.pdf", "\u202egnp.exe", "x" * 250 + ".pdf", "名前.pdf"]
    assert hub.organizer.memory.observe(alice, [Observation(at(f"Odd/{name}")) for name in odd]) == len(odd)
    assert first_place(hub, alice, "名前.pdf") == "Odd"
    assert len(hub.client(alice).get("/learned").json["items"]) == len(odd)


def test_what_one_person_forgets_can_come_back(hub: Hub, alice: Actor) -> None:
    """A folder, one lesson, everything: forgotten at once, and as it was after taking it back."""
    hub.organizer.memory.observe(alice, moves(*ENERGY, *SCHOOL))
    client = hub.client(alice)
    before = answers(hub, alice, "Stadtwerke x.pdf", "Kita x.pdf")
    energy = next(one for one in client.get("/destinations").json["items"] if one["folder"] == "Bills/Energy")
    key = client.delete(f"/destinations/{energy['id']}").json["key"]
    assert first_place(hub, alice, "Stadtwerke x.pdf") != "Bills/Energy"
    assert client.post("/learned/restore", json={"key": key}).json == {"files": 4}
    assert answers(hub, alice, "Stadtwerke x.pdf", "Kita x.pdf") == before
    lesson = client.get("/learned", query_string={"q": "Stadtwerke"}).json["items"][0]
    assert client.delete(f"/learned/{lesson['id']}").json["files"] == 1
    assert client.delete(f"/learned/{lesson['id']}").status_code == 404
    assert client.post("/learned/forget-everything", json={"confirm": False}).status_code == 422
    gone = client.post("/learned/forget-everything", json={"confirm": True}).json
    assert gone["files"] == 7
    assert client.get("/destinations").json["items"] == []
    assert answers(hub, alice, "Stadtwerke x.pdf") == [[]]
    assert client.post("/learned/restore", json={"key": gone["key"]}).json == {"files": 7}
    assert client.post("/learned/restore", json={"key": gone["key"]}).status_code == 404


def test_a_folder_is_named_coloured_and_replaced(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """Colour and purpose stay with the folder; sent elsewhere, its lessons speak of the new one."""
    volume = hub.client(alice).get("/folders").json["items"][0]["volume_id"]
    hub.organizer.memory.observe(alice, [Observation(VolumePath(volume, f"Bills/{n}")) for n, _ in ENERGY])
    client = hub.client(alice)
    (one,) = client.get("/destinations").json["items"]
    assert {"sign": "word:stadtwerke", "files": 4, "total": 4} in [
        {k: s[k] for k in ("sign", "files", "total")} for s in one["signs"]
    ]
    changed = client.patch(f"/destinations/{one['id']}", json={"colour": "blue", "purpose": " Strom "}).json
    assert (changed["colour"], changed["purpose"]) == ("blue", "Strom")
    assert client.patch(f"/destinations/{one['id']}", json={"colour": "#fff"}).status_code == 422
    place = {"volume_id": volume, "path": "House/Energy"}
    moved = client.patch(f"/destinations/{one['id']}", json={"folder": place}).json
    assert (moved["folder"], moved["colour"]) == ("House/Energy", "blue")
    assert first_place(hub, alice, "Stadtwerke x.pdf") == "House/Energy"
    stranger = {"volume_id": "01900000-0000-7000-8000-000000000000", "path": "x"}
    assert client.patch(f"/destinations/{one['id']}", json={"folder": stranger}).status_code == 403


def test_export_erase_import_gives_the_same_answers(hub: Hub, alice: Actor, bob: Actor) -> None:
    """Somewhere else, or after forgetting: the same folders with the same confidence; twice adds nothing."""
    memory = hub.organizer.memory
    for number in range(6):
        memory.observe(alice, moves((f"Stadtwerke {number} x.pdf", "Bills"), (f"Kita {number} y.pdf", "School")))
        hub.clock.advance(86400)
    client = hub.client(alice)
    asked = ("Stadtwerke neu.pdf", "Kita neu.pdf", "something else.txt")
    before = answers(hub, alice, *asked)
    document = client.get("/learned/export").json
    other = hub.client(bob)
    assert other.post("/learned/import", json={"document": document}).json == {"files": 12}
    assert answers(hub, bob, *asked) == before
    assert other.post("/learned/import", json={"document": document}).json == {"files": 0}
    client.post("/learned/forget-everything", json={"confirm": True})
    assert client.post("/learned/import", json={"document": document}).json == {"files": 12}
    assert answers(hub, alice, *asked) == before


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"format": "something"}, "format"),
        ({"version": 2}, "version"),
        ({"lessons": [{"name": "a", "volume_id": "v", "folder": "../../etc", "at": "2026-01-01T00:00:00Z"}]}, "folder"),
        ({"lessons": [{"name": "a", "volume_id": "v", "folder": "a", "yes": -1, "at": "2026-01-01T00:00:00Z"}]}, "yes"),
        ({"lessons": "many"}, "lessons"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_wrong_file_is_refused_whole(hub: Hub, alice: Actor, change: dict[str, Any], where: str) -> None:
    """One error that names the field; nothing is learned."""
    document = {"format": "homie-memory", "version": 1, "exported_at": "2026-01-01T00:00:00Z", "lessons": []}
    answer = hub.client(alice).post("/learned/import", json={"document": document | change})
    assert answer.status_code == 422
    error = answer.json["error"]
    assert error["code"] == "memory_file_invalid"
    assert where in error["fields"][0]["name"]
    assert hub.client(alice).get("/learned").json["items"] == []


def test_owners_do_not_change_each_other(hub: Hub, alice: Actor, bob: Actor) -> None:
    """In whichever order two people teach, each gets the same answers as alone."""
    memory = hub.organizer.memory
    memory.observe(alice, moves(*ENERGY))
    alone = answers(hub, alice, "Stadtwerke x.pdf")
    memory.observe(bob, moves(*[(name, "Elsewhere") for name, _ in ENERGY]))
    assert answers(hub, alice, "Stadtwerke x.pdf") == alone
    assert first_place(hub, bob, "Stadtwerke x.pdf") == "Elsewhere"
    assert hub.client(bob).get("/learned/export").json["lessons"][0]["folder"] == "Elsewhere"


def test_a_crash_while_learning_leaves_all_or_nothing(hub: Hub, alice: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped before the commit, no lesson, no count and no tuning is there; asked again, all of it."""
    memory = hub.organizer.memory
    memory.observe(alice, moves(*SCHOOL))
    before = (hub.client(alice).get("/learned/export").json["lessons"], answers(hub, alice, "Kita x.pdf"))

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(lessons_module, "_clean", killed)
        with pytest.raises(KeyboardInterrupt):
            memory.observe(alice, moves(*ENERGY))
    assert (hub.client(alice).get("/learned/export").json["lessons"], answers(hub, alice, "Kita x.pdf")) == before
    assert memory.observe(alice, moves(*ENERGY)) == 4
    assert first_place(hub, alice, "Stadtwerke x.pdf") == "Bills/Energy"


def test_two_workers_at_once_lose_no_lesson(hub: Hub, alice: Actor) -> None:
    """Each with a memory of its own over one database; afterwards both know everything."""
    ctx = hub.ctx
    managers = [PathMemoryManager(ctx.db, ctx.clock, ctx.new_id, hub.organizer.drives) for _ in range(2)]

    def teach(which: int) -> None:
        for number in range(10):
            name = f"{('alpha', 'beta')[which]} paper {number}.pdf"
            managers[which].observe(alice, [Observation(at(f"Folder{which}/{name}"))])

    threads = [threading.Thread(target=teach, args=(which,)) for which in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for manager in managers:
        learned = Learned(ctx.db, ctx.clock, ctx.new_id, manager)
        assert len(learned.export(alice).lessons) == 20
        # Asked one by one: files of one question lean on each other, by weights that follow the order of the lessons.
        for name, folder in (("alpha x.pdf", "Folder0"), ("beta x.pdf", "Folder1")):
            (found,) = learned.why(alice, [name])
            assert found.places[0].folder == folder


def test_learning_one_file_writes_a_few_rows_only(hub: Hub, alice: Actor) -> None:
    """However much is known, one more file adds one lesson."""
    memory = hub.organizer.memory
    memory.learn(alice, [Lesson(f"paper {n}.pdf", "v1", f"Folder {n % 7}", yes=1.0) for n in range(300)])
    rows = hub.ctx.db.read(alice, lambda s: s.scalars(_ids()).all())
    memory.observe(alice, moves(("new one.pdf", "Folder 3")))
    after = hub.ctx.db.read(alice, lambda s: s.scalars(_ids()).all())
    assert len(after) == len(rows) + 1
    assert set(rows) < set(after)


def _ids() -> Any:
    from sqlalchemy import select

    from backend.file_organizer.memory.models import LearnedFile

    return select(LearnedFile.id)


def test_a_backup_brings_the_same_answers_back(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """Restored, the memory is what it was, in a process that had learned on meanwhile too."""
    memory = hub.organizer.memory
    memory.observe(alice, moves(*ENERGY))
    before = answers(hub, alice, "Stadtwerke x.pdf")
    copy = tmp_path / "copy"
    hub.ctx.db.backup_to(copy)
    memory.observe(alice, moves(*[(f"more {name}", "Elsewhere") for name, _ in ENERGY]))
    hub.ctx.db.restore_from(copy)
    assert answers(hub, alice, "Stadtwerke x.pdf") == before


# ---------------------------------------------------------------------- from the counts of older versions

OLD = (
    ("name:stadtwerke abschlag 1.pdf", "Bills/Energy", 1, 0, 1),
    ("name:stadtwerke abschlag 2.pdf", "Bills/Energy", 1, 0, 1),
    ("word:stadtwerke", "Bills/Energy", 12, 0, 3),
    ("word:abschlag", "Bills/Energy", 2, 0, 2),
    ("ext:pdf", "Bills/Energy", 12, 0, 0),
    ("kind:document", "Bills/Energy", 12, 0, 0),
    ("word:stadtwerke", "Other", 1, 0, 0),
    ("word:werbung", "Bills/Energy", 0, 3, 0),
    ("camera:pixel 7", "Photos/{year}", 40, 0, 0),
)


@pytest.fixture
def old_db(engine_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Any:
    target: str | Path = tmp_path / "old.db"
    if engine_kind == "postgres":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        target = server.new_schema()
    made = Database(target, Base, name="file_organizer")
    folder = tmp_path / "revisions"
    folder.mkdir()
    for revision in sorted(REVISIONS.glob("*.py")):
        if "lessons" in revision.name:
            break
        (folder / revision.name).write_text(revision.read_text())
    migrate(folder, made)
    yield made
    made.close()


def test_counts_of_older_versions_become_lessons(old_db: Database, hub: Hub) -> None:
    """Evidence, refusals and folders are the same after the migration, whatever had been kept of single files."""
    with old_db.store.admin() as connection, connection.begin():
        for number, (feature, folder, yes, no, taught) in enumerate(OLD):
            connection.execute(
                text(
                    "INSERT INTO destination_mappings"
                    " (owner_id, id, feature, volume_id, folder, yes, no, taught, last_at)"
                    " VALUES ('alice', :id, :feature, 'v1', :folder, :yes, :no, :taught, '2026-05-03 10:00:00')"
                ),
                {"id": f"id{number}", "feature": feature, "folder": folder, "yes": yes, "no": no, "taught": taught},
            )
    migrate(REVISIONS, old_db)
    ctx, alice = hub.ctx, Actor.of("alice")
    memory = PathMemoryManager(old_db, ctx.clock, ctx.new_id, hub.organizer.drives)
    learned = Learned(old_db, ctx.clock, ctx.new_id, memory)
    rows = {row.folder: row for row in memory.destinations(alice, limit=10)}
    assert (rows["Bills/Energy"].files, rows["Bills/Energy"].refused) == (12, 3)
    assert rows["Photos/{year}"].files == 40
    assert rows["Other"].last_at == datetime(2026, 5, 3, 10, tzinfo=UTC)
    (why,) = learned.why(alice, ["Stadtwerke neu.pdf"])
    said = [text for place in why.places if place.folder == "Bills/Energy" for _, text in place.reasons]
    assert "12 of 13 files with 'Stadtwerke' went to Bills/Energy, last on 2026-05-03." in said
    view = memory.recall(alice)
    assert ("v1", "Bills/Energy") in view.vetoed(["word:werbung"])
    json.dumps(learned.export(alice).model_dump(mode="json"))
