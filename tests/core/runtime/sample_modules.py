"""Modules for tests of the runtime: one that works, and one for each way to misbehave."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from backend.sdk.concurrency import run_blocking
from backend.sdk.db import Owned, OwnedSession, make_base
from backend.sdk.events import Event
from backend.sdk.http import Api, In, Out, Page, PageQuery, current_actor, page, send_file
from backend.sdk.module import Health, ModuleApp, ModuleNotReady, ModuleSpec

HERE = "tests.core.runtime.sample_modules"
GoodBase = make_base("good")
OtherBase = make_base("other")


class Note(Owned, GoodBase):  # type: ignore[misc, valid-type]
    __tablename__ = "notes"
    text: Mapped[str] = mapped_column(String(200))


@dataclass(frozen=True, kw_only=True)
class NoteAdded(Event):
    name: ClassVar[str] = "good.note_added"
    text: str


class NoteIn(In):
    text: str = Field(max_length=200)


class NoteOut(Out):
    id: str
    text: str


class SecondsQuery(In):
    seconds: float = Field(0.0, ge=0, le=30)


class GoodSettings(BaseModel):
    model_config = ConfigDict(frozen=True)
    greeting: str = "hello"
    most: int = Field(3, ge=1, le=9)


class GreetingQuestion(BaseModel):
    name: str


class Greeting(BaseModel):
    text: str


class GoodApp(ModuleApp):
    def setup(self) -> None:
        (self.ctx.data_dir / "setup").touch()

    def start(self) -> None:
        self.heard: list[str] = []
        self.ctx.bus.subscribe(NoteAdded, lambda event: self.heard.append(event.text))

    def stop(self) -> None:
        (self.ctx.data_dir / "stopped").touch()

    def health(self) -> Health:
        return Health(facts={"heard": len(self.heard)})

    def queries(self) -> dict[str, Any]:
        return {"good.greet": self._greet}

    def _greet(self, actor: Any, question: GreetingQuestion) -> Greeting:
        return Greeting(text=f"{self.ctx.settings.greeting} {question.name}")  # type: ignore[union-attr]

    def wsgi_app(self) -> Any:
        api = Api("good", "Good", "1.0")
        group = api.group("notes", url_prefix="/notes")
        db, folder = self.ctx.db, Path(self.ctx.data_dir)

        def add(session: OwnedSession, text: str) -> dict[str, Any]:
            note = Note(text=text)
            session.add(note)
            session.flush()
            session.emit(NoteAdded(owner_id=note.owner_id, text=text))
            return {"id": note.id, "text": text}

        @group.post("", returns=NoteOut, idempotent=True)
        def create_note(body: NoteIn) -> Any:
            """Add a note."""
            return db.write(current_actor(), add, body.text)

        @group.get("", returns=Page[NoteOut])
        def list_notes(query: PageQuery) -> Any:
            """List notes."""
            after = query.after(str)

            def look(session: OwnedSession) -> list[dict[str, Any]]:
                wanted = select(Note).order_by(Note.id).limit(query.limit + 1)
                if after:
                    wanted = wanted.where(Note.id > after[0])
                return [{"id": note.id, "text": note.text} for note in session.scalars(wanted)]

            return page(db.read(current_actor(), look), query.limit, lambda row: (row["id"],))

        @group.get("/slow")
        def slow(query: SecondsQuery) -> None:
            """Take a while without blocking anybody."""
            (folder / "slow").touch()
            time.sleep(query.seconds)

        @group.get("/blocking")
        def blocking(query: SecondsQuery) -> None:
            """Block a native thread."""
            (folder / "blocking").touch()
            run_blocking(_native_sleep, query.seconds)

        @group.get("/file")
        def get_file() -> Any:
            """Send a file of 3 MB."""
            path = folder / "file"
            if not path.exists():
                path.write_bytes(bytes(range(256)) * 12_000)
            return send_file(path)

        return api.wsgi


def _native_sleep(seconds: float) -> None:
    from gevent.monkey import get_original

    get_original("time", "sleep")(seconds)


class OtherApp(ModuleApp):
    def setup(self) -> None:
        if self.ctx.spec.id == "bad_setup":
            raise RuntimeError("secret: /home/anna/tax.pdf")
        if self.ctx.spec.id == "not_ready" and not (self.ctx.data_dir / "ready").exists():
            raise ModuleNotReady("the drive is not plugged in")

    def start(self) -> None:
        if self.ctx.spec.id == "bad_start":
            raise RuntimeError("secret: /home/anna/tax.pdf")

    def stop(self) -> None:
        if self.ctx.spec.id == "bad_stop":
            raise RuntimeError("secret: /home/anna/tax.pdf")

    def wsgi_app(self) -> Any:
        api = Api(self.ctx.spec.id, self.ctx.spec.title, "1.0")
        api.group("things", url_prefix="/things").get("")(_nothing)
        return api.wsgi


def _nothing() -> None:
    """Do nothing."""


def _spec(module_id: str, **changes: Any) -> ModuleSpec:
    values = {"app": f"{HERE}:OtherApp", "models": f"{HERE}:OtherBase", **changes}
    return ModuleSpec(id=module_id, title=module_id.replace("_", " ").title(), version="1.0", **values)


GOOD = _spec("good", app=f"{HERE}:GoodApp", models=f"{HERE}:GoodBase", settings=f"{HERE}:GoodSettings")
QUIET = _spec("quiet")
BAD_SETUP = _spec("bad_setup")
BAD_START = _spec("bad_start")
BAD_STOP = _spec("bad_stop")
NOT_READY = _spec("not_ready")
BAD_IMPORT = _spec("bad_import", app=f"{HERE}:NoSuchApp")
BAD_MODELS = _spec("bad_models", models="tests.no_such_file:Base")
OLD_SDK = _spec("old_sdk", sdk_range=">=2")
NO_BINARY = _spec("no_binary", needs_binaries=("surely-not-a-program",))

ALL = {
    "good": "GOOD", "quiet": "QUIET", "bad_setup": "BAD_SETUP", "bad_start": "BAD_START", "bad_stop": "BAD_STOP",
    "not_ready": "NOT_READY", "bad_import": "BAD_IMPORT", "bad_models": "BAD_MODELS", "old_sdk": "OLD_SDK",
    "no_binary": "NO_BINARY", "bad_spec": "NO_SUCH_NAME",
}  # fmt: skip


def write_distribution(folder: Path) -> None:
    """Make a folder that, on `sys.path`, looks like an installed package with these modules."""
    info = folder / "homie_samples-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: homie-samples\nVersion: 1.0\n")
    lines = [f"{module_id} = {HERE}:{name}" for module_id, name in ALL.items()]
    (info / "entry_points.txt").write_text("[homie.modules]\n" + "\n".join(lines) + "\n")
