"""The files of the transaction that is looked at, and choosing one from the opened folders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from frontend.api.generated.schemas import AttachmentOut, FolderOfStatementsOut, RecordedOut
from frontend.financial_manager.money_provider import MoneyProvider


@dataclass(eq=False)
class AttachmentsProvider(MoneyProvider):
    """Hold the files of one transaction. `folder`: where one looks for another (None: not yet)."""

    transaction_id: str = ""
    files: tuple[AttachmentOut, ...] = ()
    folder: FolderOfStatementsOut | None = None

    async def fetch(self) -> None:
        """Read the files."""
        wanted = self.transaction_id
        found = await self.money.list_attachments(transaction_id=wanted, space=self._space)
        if wanted == self.transaction_id:
            self.files = tuple(found["items"])

    async def show(self, transaction_id: str) -> None:
        """Show the files of a transaction; the outcome lies in `state`."""
        if self.transaction_id != transaction_id:
            self.files, self.loaded, self.transaction_id = (), False, transaction_id
        await self.load()

    async def look_into(self, path: str | None) -> None:
        """Look into a folder; None: the opened ones; raises `ApiError`."""
        self.folder = await self.money.look_into_folder(path=path, kind="all")

    async def attach(self, path: str) -> None:
        """Attach a file; raises `ApiError`."""
        body: Any = {"transaction_id": self.transaction_id, "path": path}
        await self.money.attach_file(body, space=self._space)
        await self.load()

    async def detach(self, file: AttachmentOut) -> RecordedOut:
        """Take a file away from its transaction; raises `ApiError`."""
        done = await self.money.detach_file(file["id"], space=self._space)
        await self.load()
        return done
