"""A small API that uses every feature, and clients on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import Field
from werkzeug.test import Client

from backend.sdk.actor import Actor
from backend.sdk.errors import Conflict, NotFound
from backend.sdk.http import Api, In, Out, Page, PageQuery, current_actor, current_request, page, send_file
from backend.sdk.testing import client_for


class NoteIn(In):
    title: str = Field(min_length=1, max_length=50)
    count: int = 0
    ratio: float = 1.0
    pinned: bool = False
    extra: Any = None


class NotePath(In):
    note_id: str = Field(max_length=40)


class NoteQuery(PageQuery):
    tags: list[str] = []
    least: int = 0


class NoteOut(Out):
    id: str
    title: str
    owner_id: str


class Notes:
    """Hold what the API of these tests remembers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: list[str] = []
        self.fail_next = False

    def api(self) -> Api:
        api = Api("notes", "Notes", "1.0")
        group = api.group("notes", url_prefix="/notes")

        @group.get("", returns=Page[NoteOut])
        def list_notes(query: NoteQuery) -> Page[Any]:
            """List notes.

            Keyset paging over twenty notes.
            """
            after = query.after(int)
            start = after[0] + 1 if after else 0
            title = "+".join(query.tags) or "plain"
            owner = current_actor().owner_id
            rows = [{"id": str(n), "title": title, "owner_id": owner} for n in range(start, 20)]
            return page(rows[: query.limit + 1], query.limit, lambda row: (int(row["id"]),))

        @group.post("", returns=NoteOut, idempotent=True)
        def create_note(body: NoteIn) -> NoteOut:
            """Create a note."""
            if self.fail_next:
                self.fail_next = False
                raise Conflict("not now")
            self.made.append(body.title)
            return NoteOut(id=str(len(self.made)), title=body.title, owner_id=current_actor().owner_id)

        @group.get("/<note_id>", returns=NoteOut, errors=[404])
        def get_note(path: NotePath) -> Any:
            """Show a note."""
            if path.note_id == "crash":
                raise RuntimeError("secret detail: SELECT * FROM notes")
            if path.note_id == "wrong":
                return {"id": 7}
            if path.note_id == "missing":
                raise NotFound()
            return {"id": path.note_id, "title": "t", "owner_id": current_actor().owner_id, "password": "never"}

        @group.delete("/<note_id>", auth="admin")
        def delete_note(path: NotePath) -> None:
            """Delete a note."""

        @group.post("/<note_id>/erase", auth="sudo")
        def erase_note(path: NotePath) -> None:
            """Erase a note for good."""

        @group.get("/<note_id>/file")
        def get_file(path: NotePath) -> Any:
            """Send the note's file."""
            return send_file(self.folder / path.note_id, media_type="text/html", inline=True)

        @group.post("/limited", status=200, returns=NoteOut, limit="3/minute", auth="none")
        def limited() -> Any:
            """Be callable three times a minute."""
            return {"id": "1", "title": current_request().ip, "owner_id": ""}

        return api


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    return Notes(tmp_path)


@pytest.fixture
def api(notes: Notes) -> Api:
    return notes.api()


@pytest.fixture
def alice() -> Actor:
    return Actor("alice", "alice-private", frozenset({"alice-private", "home"}))


@pytest.fixture
def client(api: Api, alice: Actor) -> Client:
    return client_for(api, alice)
