"""The journal's database is damaged, gone, too old or locked: refused or recovered, in plain words, never worse."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from backend.core.diagnosis import check_databases
from backend.core.findings import Level
from backend.core.home.asking import ModuleAsker
from backend.core.home.overview import HomeOverview
from backend.core.module_records import Discovered, ModuleStopped
from backend.core.platform import Platform
from backend.core.settings import HomieSettings
from backend.file_organizer import MODULE
from backend.file_organizer.execution.boundaries import Boundaries
from backend.file_organizer.execution.journal_models import Run
from backend.file_organizer.execution.operations import Move, Seen
from backend.file_organizer.execution.run_marks import RunMarks
from backend.file_organizer.file_operation_manager import FileOperationManager
from backend.sdk.actor import Actor
from backend.sdk.db import Database, DatabaseBusy, DatabaseDamaged, DatabaseMissing
from backend.sdk.files import VolumePath
from backend.sdk.module import ModuleState
from tests.file_organizer.execution.campaign import in_child

WORDS = "seven quiet lanterns drift"
FILES = 40


class House:
    """A real platform with the File Organizer, and an administrator."""

    def __init__(self, root: Path) -> None:
        self.settings = HomieSettings(data_dir=root / "data")
        self.db_file = self.settings.database_file("file_organizer")
        self.platform = self.open()
        self.platform.accounts.people.add("ann", WORDS, is_admin=True)
        self.ann = self.platform.accounts.people.actor("ann")

    def open(self, role: str = "cli") -> Platform:
        return Platform.open(self.settings, role, modules=[Discovered(MODULE.id, MODULE)])

    def reopen(self, role: str = "cli") -> Platform:
        self.platform.close()
        self.platform = self.open(role)
        return self.platform

    def state(self) -> ModuleState:
        return self.platform.apps.status("file_organizer").state

    def home(self) -> list[tuple[str, str]]:
        home = HomeOverview(self.platform, ModuleAsker(self.platform.apps, patience=10.0)).show(self.ann)
        return [(item.kind, item.text) for item in home.attention]

    def fill(self) -> None:
        """Write enough rows that pages lie behind the first ones."""
        db = self.platform.module("file_organizer").ctx.db
        now = self.platform.clock.now()
        with db.session(self.ann, write=True) as session:
            for number in range(2000):
                session.add(
                    Run(
                        plan_id=f"plan {number}",
                        kind="apply",
                        state="done",
                        title="x" * 200,
                        user_id=self.ann.user_id,
                        created_at=now,
                        heartbeat_at=now,
                    )
                )


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.platform.close()


def damage(file: Path) -> None:
    """Write nonsense over pages in the middle of a SQLite file, behind its schema."""
    with closing(sqlite3.connect(file)) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        (page,) = plain.execute("SELECT rootpage FROM sqlite_master WHERE name = 'runs'").fetchone()
        (size,) = plain.execute("PRAGMA page_size").fetchone()
    with file.open("r+b") as raw:
        raw.seek((page - 1) * size)
        raw.write(b"\xde\xad" * (size // 2))


def all_runs(platform: Platform, actor: Actor) -> int:
    return len(platform.module("file_organizer").ctx.db.read(actor, lambda s: s.query(Run.title).all()))


def test_a_damaged_page_that_is_met_stops_the_module_in_every_process(house: House) -> None:
    """Whoever meets it, nobody reads or writes the file any more; state, Home, doctor and the error say what to do."""
    house.fill()
    assert all_runs(house.platform, house.ann) == 2000
    worker = house.open("worker")
    worker.module("file_organizer")
    house.reopen("cli")
    house.platform.module("file_organizer")
    damage(house.db_file)
    before = house.db_file.read_bytes()
    with pytest.raises(DatabaseDamaged, match="Restore it from a backup"):
        all_runs(house.platform, house.ann)
    with pytest.raises(ModuleStopped, match=r"damaged.*homie restore"):
        worker.module("file_organizer")
    worker.close()
    assert ("core.module_failed", True) in [(kind, "homie restore" in text) for kind, text in house.home()]
    assert house.state() is ModuleState.MIGRATION_ERROR
    wrong = [finding for finding in check_databases(house.settings) if finding.level is Level.ERROR]
    assert [finding.subject for finding in wrong] == ["Database"]
    assert "homie restore" in wrong[0].remedy
    assert house.db_file.read_bytes() == before, "a damaged file was written to"


def test_a_file_damaged_in_a_crash_is_found_before_it_is_used(house: House) -> None:
    """The server looks at a file that its last user did not close; restored, the module works again by itself."""
    house.fill()
    copy = house.settings.data_dir / "copy.db"
    house.platform.module("file_organizer").ctx.db.backup_to(copy)
    house.platform.close()
    damage(house.db_file)
    with closing(sqlite3.connect(house.db_file)) as holder:  # a log with content, as a crash leaves it
        holder.execute("PRAGMA user_version = 7")
        holder.commit()
        house.platform = house.open("web")
        with pytest.raises(ModuleStopped, match="damaged"):
            house.platform.module("file_organizer")
    house.platform.close()
    with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(house.db_file)) as live:
        source.backup(live)
    house.platform = house.open("web")
    assert all_runs(house.platform, house.ann) == 2000
    assert not list(house.db_file.parent.glob("*.stopped"))


def test_a_database_that_is_gone_is_not_replaced_by_an_empty_one(house: House) -> None:
    """An empty history would look as if nothing had ever been done; doctor says how to begin anew on purpose."""
    house.platform.module("file_organizer")
    house.platform.close()
    for file in house.db_file.parent.glob(f"{house.db_file.name}*"):
        file.unlink()
    house.platform = house.open()
    with pytest.raises(ModuleStopped, match="missing"):
        house.platform.module("file_organizer")
    assert not house.db_file.exists()
    assert issubclass(DatabaseMissing, DatabaseDamaged)
    (finding,) = [f for f in check_databases(house.settings) if f.level is Level.ERROR]
    mark = Path(finding.remedy.split("delete ")[1].rstrip("."))
    mark.unlink()
    house.reopen()
    assert all_runs(house.platform, house.ann) == 0


def test_a_damaged_list_of_jobs_is_put_aside_and_begun_anew(house: House) -> None:
    """No file and no data of people is in it: the server goes on, the damaged one is kept."""
    house.platform.close()
    jobs = house.settings.database_file("jobs")
    jobs.write_bytes(b"this is no database" * 1000)
    with pytest.raises(DatabaseDamaged, match="Restart Homie"):
        house.open("cli")
    house.platform = house.open("web")
    (aside,) = (house.settings.data_dir / "damaged").glob("jobs-*/jobs.db")
    assert aside.read_bytes().startswith(b"this is no database")
    assert house.platform.jobs_db.damage is None
    assert [f.level for f in check_databases(house.settings)] == [Level.OK] * 2


def test_doctor_and_other_commands_say_one_clear_sentence(house: House) -> None:
    """The command line ends with 1 and the sentence, without a trace of the program."""
    house.fill()
    house.platform.close()
    damage(house.db_file)
    environment = {**os.environ, "HOMIE_DATA_DIR": str(house.settings.data_dir)}
    command = [sys.executable, "-m", "backend.cli"]
    doctor = subprocess.run(
        [*command, "doctor", "--json"], env=environment, capture_output=True, text=True, check=False
    )
    wrong = [f for f in json.loads(doctor.stdout)["findings"] if f["level"] == "error"]
    assert (doctor.returncode, "homie restore" in str(wrong)) == (1, True)
    fsck = subprocess.run([*command, "fsck"], env=environment, capture_output=True, text=True, check=False)
    assert fsck.returncode == 1
    assert "damaged" in fsck.stderr
    assert "Traceback" not in fsck.stderr
    house.platform = house.open()


def test_the_newest_backup_brings_a_damaged_database_back(house: House, tmp_path: Path) -> None:
    """`homie restore latest`: no backup is made of what is damaged, it is kept aside, and the module works again."""
    house.fill()
    house.platform.close()
    environment = {
        **os.environ,
        "HOMIE_DATA_DIR": str(house.settings.data_dir),
        "HOMIE_BACKUP_DIR": str(tmp_path / "backups"),
    }

    def homie(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "backend.cli", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert homie("backup", "make", "file_organizer").returncode == 0
    damage(house.db_file)
    house.db_file.with_name(house.db_file.name + ".stopped").touch()
    assert homie("backup", "make", "file_organizer").returncode == 1
    for _ in range(2):  # what the first one kept must not be taken for the newest backup
        done = homie("restore", "latest", "--module", "file_organizer", "--yes")
        assert done.returncode == 0, done.stderr
    assert len(list((house.settings.data_dir / "damaged").iterdir())) == 2
    house.platform = house.open()
    assert all_runs(house.platform, house.ann) == 2000


# ---------------------------------------------------------------------- runs under way


class Desk:
    """The executor on its own, with marks, over one folder."""

    def __init__(self, root: Path) -> None:
        from backend.file_organizer.base import Base
        from backend.sdk.files import LocalRoots

        self.home = root / "home"
        self.home.mkdir()
        self.file = root / "journal.db"
        self.base = Base
        self.source = LocalRoots([self.home])
        self.actor = Actor.of("00000000-0000-7000-8000-00000000000a")
        self.marks = RunMarks(root / "runs")
        self.open().create_all()
        self.volume = self.source.for_actor(self.actor).roots[0].volume_id
        for number in range(FILES):
            (self.home / f"f{number:02}.txt").write_text(f"content {number}")

    def open(self, busy: float = 0.2) -> Database:
        return Database(self.file, self.base, name="file_organizer", durable=True, busy_seconds=busy)

    def manager(self, db: Database, boundaries: Boundaries | None = None) -> FileOperationManager:
        from backend.file_organizer.file_operation_manager import ExecutionOptions

        options = ExecutionOptions(chunk_steps=10, settle_seconds=0)
        return FileOperationManager(db, self.source, boundaries=boundaries, options=options, marks=self.marks)

    def plan(self) -> list[Move]:
        return [
            Move(
                id=str(number),
                source=VolumePath(self.volume, f"f{number:02}.txt"),
                target=VolumePath(self.volume, f"sorted/f{number:02}.txt"),
                seen=Seen.of(os.lstat(self.home / f"f{number:02}.txt")),
            )
            for number in range(FILES)
        ]

    def killed(self, plan: list[Move]) -> None:
        """Carry the plan out in a process that is killed after 25 renames."""

        def work() -> None:
            self.manager(self.open(), At("rename.after", 25, die)).execute(self.actor, "plan", plan)

        assert in_child(work)

    def contents(self) -> set[str]:
        return {path.read_text() for path in self.home.rglob("*.txt")}


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


class At(Boundaries):
    """Do something once at the n-th time that a boundary is reached."""

    def __init__(self, name: str, count: int, deed: object) -> None:
        self._name, self._left, self._deed = name, count, deed

    def reach(self, name: str) -> None:
        if name == self._name:
            self._left -= 1
            if self._left == 0:
                self._deed()  # type: ignore[operator]


def test_a_lock_held_by_another_program_for_long_ends_the_run_and_it_goes_on_later(desk: Desk) -> None:
    """Another process holds the database: one clear error, nothing lost; when it lets go, the same plan goes on."""
    hold = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute('BEGIN IMMEDIATE'); "
        "print(1, flush=True); sys.stdin.read()"
    )
    holders: list[subprocess.Popen[str]] = []

    def lock() -> None:
        holders.append(
            subprocess.Popen(
                [sys.executable, "-c", hold, str(desk.file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        )
        assert holders[0].stdout is not None
        assert holders[0].stdout.readline() == "1\n"

    plan, before = desk.plan(), desk.contents()
    db = desk.open()
    with pytest.raises(DatabaseBusy, match="busy"):
        desk.manager(db, At("rename.after", 15, lock)).execute(desk.actor, "plan", plan)
    assert desk.contents() == before
    holders[0].kill()
    holders[0].communicate()
    report = desk.manager(db).execute(desk.actor, "plan", plan)
    assert (report.state, report.done) == ("done", FILES)
    assert desk.contents() == before
    db.close()


def test_a_page_that_is_damaged_during_a_run_loses_no_file(desk: Desk) -> None:
    """Met in the middle: the run ends with the error that says what to do; after a restore, what is on disk is said."""
    plan, before = desk.plan(), desk.contents()
    db = desk.open()
    copy = desk.file.with_name("copy.db")

    def spoil() -> None:
        shutil.copyfile(desk.file, copy)
        damage(desk.file)
        db.store.dispose()

    with pytest.raises(DatabaseDamaged):
        desk.manager(db, At("rename.after", 15, spoil)).execute(desk.actor, "plan", plan)
    assert desk.contents() == before
    with pytest.raises(DatabaseDamaged):
        desk.manager(db).execute(desk.actor, "plan", plan)
    assert db.damage is not None
    db.close()


@pytest.mark.parametrize("lost", ["older database", "lost log", "new database"])
def test_a_journal_that_forgot_a_run_under_way_is_noticed(desk: Desk, lost: str) -> None:
    """Killed in the middle, then the database is replaced by an older one, loses its log, or is begun anew."""
    plan, before = desk.plan(), desk.contents()
    older = desk.file.with_name("older.db")
    db = desk.open()
    db.store.forget_freed()
    db.close()
    shutil.copyfile(desk.file, older)

    desk.killed(plan)
    log = desk.file.with_name(desk.file.name + "-wal")
    assert log.exists()
    if lost == "lost log":
        log.unlink()
    else:
        for file in desk.file.parent.glob("journal.db*"):
            file.unlink()
    if lost == "older database":
        shutil.copyfile(older, desk.file)
    db = desk.open()
    if lost == "new database":
        db.create_all()
    desk.manager(db).recover(desk.actor)
    (mark,) = db.read(desk.actor, desk.marks.lost)
    assert mark.steps >= 20
    assert db.read(Actor.of("somebody else"), desk.marks.lost) == []
    assert desk.contents() == before
    db.close()


def test_a_run_that_came_to_its_end_leaves_no_mark(desk: Desk) -> None:
    """Finished, or killed and recovered: there is nothing to say."""
    plan = desk.plan()

    desk.killed(plan)
    assert len(desk.marks.read()) == 1
    db = desk.open()
    assert db.read(desk.actor, desk.marks.lost) == []
    assert desk.manager(db).recover(desk.actor).runs == 1
    assert desk.marks.read() == []
    desk.manager(db).execute(desk.actor, "plan", plan)
    assert desk.marks.read() == []
    db.close()


def test_home_says_that_the_history_is_older_than_the_files(house: House) -> None:
    """What the marks know and the journal does not stands on Home and in `homie fsck`, for its owner only."""
    ctx = house.platform.module("file_organizer").ctx
    run_id = "01a22811-3f6e-7000-9789-d55ac732817c"
    RunMarks(ctx.data_dir / "runs").note(run_id, house.ann.owner_id, 12)
    assert "file_organizer.history_older" in [kind for kind, _ in house.home()]
    house.platform.close()
    environment = {**os.environ, "HOMIE_DATA_DIR": str(house.settings.data_dir)}
    command = [sys.executable, "-m", "backend.cli", "fsck", "--user", "ann", "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    findings = [error["code"] for item in json.loads(done.stdout)["items"] for error in item["errors"]]
    assert (done.returncode, findings) == (1, ["history_older"])
    house.platform = house.open()
