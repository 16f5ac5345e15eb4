"""Shapes are built when they are first used, by whoever comes first: greenlets, native threads, or many at once."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from flask import url_for
from pydantic import TypeAdapter

from backend.sdk.actor import Actor
from backend.sdk.http import Api, Group, In, Out
from backend.sdk.http.operation import Shape
from backend.sdk.testing import client_for
from tests.hub import ROOT

CROWD = """
from gevent import monkey
monkey.patch_all()
from backend.sdk import thread_locks
thread_locks.install()

import gevent, sys
from gevent.threadpool import ThreadPool
from pydantic import Field
from backend.sdk.http import In, Out, Page

sys.setswitchinterval(1e-6)
pool, wrong = ThreadPool(8), []

for turn in range(40):
    class Leaf(In):
        name: str = Field(max_length=5)
    class Branch(In):
        leaves: list[Leaf]
        first: Leaf | None = None
    class Tree(Out):
        branches: list[Branch]

    def use(shape=Tree, leaf=Leaf):
        tree = shape.model_validate({"branches": [{"leaves": [{"name": "a"}], "first": {"name": "b"}}]})
        text = tree.model_dump_json()
        if text != '{"branches":[{"leaves":[{"name":"a"}],"first":{"name":"b"}}]}':
            wrong.append(text)
        try:
            leaf(name="too long", other=1)
        except ValueError as error:
            if len(error.errors()) != 2:
                wrong.append(str(error))
        else:
            wrong.append("accepted")

    doing = [pool.spawn(use) for _ in range(8)] + [gevent.spawn(use) for _ in range(4)]
    gevent.joinall(doing, raise_error=True)
print(len(wrong), wrong[:3])
"""


def test_many_use_a_shape_for_the_first_time_at_once() -> None:
    """In the server greenlets and native threads do; each gets the whole shape, and nobody waits for ever."""
    ran = subprocess.run([sys.executable, "-c", CROWD], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert (ran.returncode, ran.stdout) == (0, "0 []\n"), ran.stderr


class Note(In):
    text: str


class NoteOut(Out):
    note: Note
    more: list[Note] = []


def test_a_declared_shape_builds_nothing_until_it_is_asked() -> None:
    shape = Shape(NoteOut)
    assert not NoteOut.__pydantic_complete__
    adapter = shape.adapter()
    assert NoteOut.__pydantic_complete__
    assert adapter is shape.adapter()
    assert adapter.validate_json('{"note": {"text": "a"}}') == NoteOut(note=Note(text="a"))
    assert adapter.validator is NoteOut.__pydantic_validator__  # built once, for both


def test_a_shape_may_be_more_than_one_model() -> None:
    kind: Any = Note | list[Note]
    assert Shape(kind).adapter().validate_json('[{"text": "a"}]') == [Note(text="a")]
    assert Shape(kind).adapter().json_schema() == TypeAdapter(kind).json_schema()


class RoomPath(In):
    room_id: str


class RoomOut(Out):
    id: str


def test_addresses_can_be_written_although_nothing_for_it_is_made_before() -> None:
    """Whoever asks for the address of an operation gets it, with what stands in it; reading is as before."""
    group = Group("rooms", url_prefix="/rooms", tag="Rooms")

    @group.get("/<room_id>", returns=RoomOut)
    def get_room(path: RoomPath) -> RoomOut:
        """Show a room."""
        return RoomOut(id=path.room_id)

    api = Api("test", "Test", "1.0", groups=[group])
    with api.wsgi.test_request_context():
        assert url_for("rooms.0.get_room", room_id="living room", more=1) == "/rooms/living%20room?more=1"
    assert client_for(api, Actor.of("anna")).get("/rooms/living%20room").json == {"id": "living room"}
