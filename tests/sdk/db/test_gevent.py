"""In the patched web process a unit of work runs in a native thread: the hub goes on, nothing gets lost on the way."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PATCHED = """
from gevent import monkey; monkey.patch_all()
import contextvars, sys, threading
import gevent, sqlalchemy as sa
from gevent.monkey import get_original
from backend.sdk.actor import Actor
from backend.sdk.db import Database, DatabaseBusy
from backend.sdk.errors import NotFound
from tests.sdk.db.models import Note, NotesBase

ident = get_original("_thread", "get_ident")
alice = Actor.of("alice")
db = Database(sys.argv[1], NotesBase, name="notes", busy_seconds=2)
db.create_all()
home = ident()

# the work is done in another native thread, writes always in the same one; context variables travel
request = contextvars.ContextVar("request")
request.set("r1")
assert db.read(alice, lambda s: (ident() != home, request.get())) == (True, "r1")
writers = {db.write(alice, lambda s: ident()) for _ in range(5)}
assert len(writers) == 1 and home not in writers

# errors come back as they are
try:
    db.read(alice, lambda s: s.find(Note, "nothing"))
except NotFound:
    pass
else:
    raise AssertionError

# while a unit of work blocks its thread, greenlets run
ticks = []
def tick():
    while True:
        ticks.append(1)
        gevent.sleep(0)
clock = gevent.spawn(tick)
slow = gevent.spawn(db.read, alice, lambda s: wait_for(ticks))
def wait_for(seen):
    start = len(seen)
    while len(seen) < start + 50:      # only ends if the hub keeps running meanwhile
        pass
    return True
assert slow.get(timeout=20)
clock.kill()

# read-then-write from many greenlets loses nothing; events arrive in the greenlet that wrote
note = db.write(alice, lambda s: (s.add(n := Note(title="n")), s.flush(), n.id)[2])
seen = []
db.on_commit = lambda event: seen.append(ident() == home)
from tests.sdk.db.test_database import NoteAdded
def more(s):
    s.find(Note, note).stars += 1
    s.emit(NoteAdded(owner_id="alice", title="n"))
gevent.joinall([gevent.spawn(db.write, alice, more) for _ in range(30)], raise_error=True)
assert db.read(alice, lambda s: s.find(Note, note).stars) == 30
assert seen == [True] * 30

# a unit of work that reads another database (here: itself) from its thread does not deadlock
assert db.write(alice, lambda s: db.read(alice, lambda r: r.find(Note, note).stars)) == 30
db.backup_to(sys.argv[2])
db.restore_from(sys.argv[2])
assert db.read(alice, lambda s: s.find(Note, note).stars) == 30
db.close()
print("done")
"""


def test_units_of_work_in_the_patched_process(database_url: str, engine_kind: str, tmp_path: Path) -> None:
    """On both engines: own threads, same context, same errors, a running hub, events where they were asked for."""
    if engine_kind == "postgres":
        script = PATCHED.replace("assert len(writers) == 1 and home not in writers", "assert home not in writers")
    else:
        script = PATCHED
    done = subprocess.run(
        [sys.executable, "-c", script, database_url, str(tmp_path / "copy")],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode:
        pytest.fail(done.stderr[-3000:])
    assert done.stdout.rstrip().endswith("done")
