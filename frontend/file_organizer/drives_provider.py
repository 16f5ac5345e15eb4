"""The drives that hold the household's folders, connected or not."""

from __future__ import annotations

from dataclasses import dataclass

from frontend.api.generated.schemas import DriveOut, FolderOut
from frontend.providers.base import Provider, undone_on_error
from frontend.providers.paged import LARGEST_PAGE


@dataclass(eq=False)
class DrivesProvider(Provider):
    """Hold the drives and the opened folders; they come and go by events."""

    hears = ("file_organizer.drive_", "accounts.roots_changed")

    drives: tuple[DriveOut, ...] = ()
    folders: tuple[FolderOut, ...] = ()
    """The folders that were opened for the person, on these drives."""

    async def fetch(self) -> None:
        """Ask for the drives and the opened folders."""
        self.drives = tuple((await self.api.file_organizer.list_drives())["items"])
        self.folders = await self._folders()

    async def refresh(self) -> None:
        """Look at the drives now instead of waiting; raises `ApiError`."""
        self.drives = tuple((await self.api.file_organizer.refresh_drives())["items"])
        self.folders = await self._folders()

    async def set_purpose(self, drive_id: str, purpose: str) -> None:
        """Say what a drive is for: at once, taken back if the hub refuses; raises `ApiError`."""
        before = self.drives
        shown = tuple({**one, "purpose": purpose} if one["id"] == drive_id else one for one in before)
        self.drives = shown  # type: ignore[assignment]

        def undo() -> None:
            if self.drives is shown:
                self.drives = before

        async with undone_on_error(undo):
            changed = await self.api.file_organizer.change_drive(drive_id, {"purpose": purpose})
        self.drives = tuple(changed if one["id"] == drive_id else one for one in self.drives)

    async def _folders(self) -> tuple[FolderOut, ...]:
        found: list[FolderOut] = []
        cursor: str | None = None
        while True:  # a household opens tens of folders, not thousands
            page = await self.api.file_organizer.list_folders(cursor=cursor, limit=LARGEST_PAGE)
            found += page["items"]
            cursor = page.get("next_cursor")
            if cursor is None:
                return tuple(found)
