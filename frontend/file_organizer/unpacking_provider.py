"""Unpacking archives: which are being unpacked, and the plan that sorts what was inside."""

from __future__ import annotations

from dataclasses import dataclass, field

from frontend.providers.base import Provider

PASSES = 3
_ENDINGS = (".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst")


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
    stem = name[: -len(ending)] if ending else name.rpartition(".")[0]
    return f"{folder}{slash}{stem or name + ' unpacked'}"
