"""Unpacking archives: which are being unpacked, and the plan that sorts what was inside."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from frontend.providers.base import Provider

PASSES = 3
_TOGETHER = (".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst", ".tar.lz")
_ENDINGS = (*_TOGETHER, ".zip", ".7z", ".rar", ".tar", ".tgz", ".tbz", ".tbz2", ".txz", ".tzst")
"""What the hub unpacks into a folder; a single packed file (.gz) is no archive of files."""


@dataclass(eq=False)
class UnpackingProvider(Provider):
    """Hold the job of each archive that was asked for, by its full path."""

    jobs: dict[str, str] = field(default_factory=dict)

    def reset(self) -> None:
        """Forget everything."""
        super().reset()
        self.jobs = {}

    async def unpack(self, source: str) -> None:
        """Unpack an archive and those inside it into a new folder beside it, then sort that; raises `ApiError`."""
        started = await self.api.file_organizer.carry_out(
            {
                "operations": [
                    {
                        "op": "extract",
                        "source": source,
                        "target": folder_for(source),
                        "on_conflict": "keep_both",
                        "passes": PASSES,
                        "sort": True,
                    }
                ]
            }
        )
        self.jobs = {**self.jobs, source: started["job_id"]}


def folder_for(path: str) -> str:
    """Return the folder that an archive is unpacked into: beside it, called like it without its ending."""
    folder, slash, name = path.rpartition("/")
    ending = next((one for one in _ENDINGS if name.lower().endswith(one)), "")
    stem = name[: len(name) - len(ending)].rstrip(" .")
    return f"{folder}{slash}{stem or name + ' unpacked'}"


def is_unpacked(name: str) -> bool:
    """Tell by its name whether the hub unpacks such a file; one part of several is none."""
    return name.lower().endswith(_ENDINGS) and not re.search(r"\.part\d+\.rar$", name.lower())
