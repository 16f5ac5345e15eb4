"""The drives that hold the household's folders, connected or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from frontend.api.generated.schemas import DriveOut, FolderOut, PluggedDriveOut, TrashVolumesOut
from frontend.providers.base import Provider, undone_on_error
from frontend.providers.paged import LARGEST_PAGE


@dataclass(eq=False)
class DrivesProvider(Provider):
    """Hold the drives and the opened folders; they come and go by events."""

    hears = (
        "file_organizer.drive_",
        "file_organizer.mounts_changed",
        "file_organizer.trash_emptied",
        "accounts.roots_changed",
    )

    drives: tuple[DriveOut, ...] = ()
    folders: tuple[FolderOut, ...] = ()
    """The folders that were opened for the person, on these drives."""
    plugged: tuple[PluggedDriveOut, ...] = ()
    """Drives on which no folder is open; only administrators are told."""
    for_admin: bool = False
    trash: TrashVolumesOut | None = None

    async def fetch(self) -> None:
        """Ask for the drives and the opened folders."""
        self.drives = tuple((await self.api.file_organizer.list_drives())["items"])
        await self._besides()

    async def _besides(self) -> None:
        self.folders = await self._folders()
        self.trash = await self.api.file_organizer.sum_up_trash()
        if self.for_admin:
            self.plugged = tuple((await self.api.file_organizer.list_plugged_drives())["items"])

    async def refresh(self) -> None:
        """Look at the drives now instead of waiting; raises `ApiError`."""
        self.drives = tuple((await self.api.file_organizer.refresh_drives())["items"])
        await self._besides()

    async def answer(self, drive: DriveOut, decision: str, mount_point: str | None = None) -> None:
        """Say which one is the drive, when it was found twice; raises `ApiError`."""
        body: Any = {"decision": decision}
        if mount_point is not None:
            body["mount_point"] = mount_point
        changed = await self.api.file_organizer.answer_about_drive(drive["id"], body, space=drive["owner_id"])
        self.drives = tuple(changed["items"])
        self.folders = await self._folders()

    def trash_on(self, drive: DriveOut) -> tuple[int, int]:
        """Return (things, bytes) in the trash of a drive."""
        here = [one for one in (self.trash or {"items": []})["items"] if one["volume_id"] in drive["volumes"]]
        return sum(one["items"] for one in here), sum(one["bytes"] for one in here)

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
