"""Importing a statement: the account, the file, what would become of each line, and booking it."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

from frontend.api.errors import ApiError
from frontend.api.generated.schemas import FolderEntryOut, FolderOfStatementsOut, PreviewOut
from frontend.financial_manager.money_provider import MoneyProvider

MOST_BYTES = 16 * 1024 * 1024
"""What is sent from a device at once; the hub takes a little more."""


@dataclass(eq=False)
class ImportProvider(MoneyProvider):
    """Hold one import before it is booked.

    `file_name`: the file that was chosen, "" before; `problem`: why it cannot be taken; `left_out`, `booked_twins`:
    positions of lines that the person decided about. `layout`: how the person said that the table is to be read.
    """

    account_id: str = ""
    folder: FolderOfStatementsOut | None = None
    file_name: str = ""
    path: str = ""
    content: str = ""
    trust: bool = False
    preview: PreviewOut | None = None
    problem: ApiError | None = None
    left_out: frozenset[int] = frozenset()
    booked_twins: frozenset[int] = frozenset()
    layout: dict[str, Any] = field(default_factory=dict)
    _looks: int = field(default=0, init=False, repr=False)
    """How often a file was looked at or given up: the answer to an older look is dropped."""

    async def fetch(self) -> None:
        """Look into the folder that is shown."""
        self.folder = await self.money.look_into_folder(path=self.folder["path"] if self.folder else None)

    def on_event(self, event: Any) -> None:
        """Hear nothing: what is chosen here stays until it is booked or given up."""

    async def look_into(self, path: str | None) -> None:
        """Look into a folder; where that fails one stays; raises `ApiError`."""
        self.folder = await self.money.look_into_folder(path=path)
        self.loaded, self.error = True, None

    def begin(self, account_id: str) -> None:
        """Begin with an account; a file that was chosen for another one is looked at anew."""
        if self.account_id != account_id:
            self.give_up()
            self.account_id = account_id

    def give_up(self) -> None:
        """Choose another file."""
        self._looks += 1
        self.file_name = self.path = self.content = ""
        self.trust, self.preview, self.problem = False, None, None
        self.left_out = self.booked_twins = frozenset()
        self.layout = {}

    async def take(self, file: FolderEntryOut) -> None:
        """Look at a file of an opened folder; the outcome lies in `preview` or `problem`."""
        self.give_up()
        self.file_name, self.path = file["name"], file["path"]
        await self.look()

    async def take_path(self, path: str) -> None:
        """Look at a file by its path in an opened folder; the outcome lies in `preview` or `problem`."""
        self.give_up()
        self.file_name, self.path = path.rpartition("/")[2], path
        await self.look()

    async def take_content(self, name: str, data: bytes) -> None:
        """Look at a file of the person's device; the outcome lies in `preview` or `problem`."""
        self.give_up()
        self.file_name, self.content = name, base64.b64encode(data).decode("ascii")
        await self.look()

    async def look(self, *, account_id: str = "", trust: bool = False) -> None:
        """Look at the chosen file, perhaps for another account, or for this one `trust` or not; see `take`."""
        self.account_id = account_id or self.account_id
        self.trust, self.problem, self.preview = trust, None, None
        self.left_out = self.booked_twins = frozenset()
        self._looks += 1
        look = (self._looks, self._space)
        try:
            found = await self.money.preview_import(self._statement(), space=self._space)
        except ApiError as error:
            if look == (self._looks, self._space):
                self.problem = error
        else:
            if look == (self._looks, self._space):
                self.preview = found

    async def read_as(self, **said: Any) -> None:
        """Read the table as a person says, and look again; where that cannot be, all stays; raises `ApiError`."""
        before = self.layout
        self.layout, look = {**before, **said}, self._looks + 1
        await self.look(trust=self.trust)
        if look == self._looks and self.problem is not None:
            problem, self.layout = self.problem, before
            await self.look(trust=self.trust)
            raise problem

    def leave_out(self, position: int, on: bool = True) -> None:
        """Leave a new line out, or book it after all."""
        self.left_out = self.left_out | {position} if on else self.left_out - {position}

    def book_twin(self, position: int, on: bool = True) -> None:
        """Book a line although its like is there, or not."""
        self.booked_twins = self.booked_twins | {position} if on else self.booked_twins - {position}

    @property
    def to_book(self) -> int:
        """Return how many lines would be booked."""
        return self.preview["new"] - len(self.left_out) + len(self.booked_twins) if self.preview else 0

    async def book(self) -> str:
        """Book the statement as it was looked at; return the import's id; raises `ApiError`."""
        assert self.preview is not None
        body: Any = {
            **self._statement(),
            "looked_at": self.preview["file_hash"],
            "leave_out": sorted(self.left_out),
            "book_twins": sorted(self.booked_twins),
        }
        booked = await self.money.book_import(body, space=self._space)
        self.give_up()
        return booked["id"]

    def _statement(self) -> Any:
        named: dict[str, Any] = {"account_id": self.account_id, "trust": self.trust}
        if self.layout:
            named["layout"] = self.layout
        if self.path:
            return named | {"path": self.path}
        return named | {"name": self.file_name, "content": self.content}
