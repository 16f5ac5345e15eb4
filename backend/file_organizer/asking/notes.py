"""What became of the files that an AI might have been asked about, in words for people."""

from __future__ import annotations

from dataclasses import dataclass, field

_PRIVATE = "Files in folders that you closed to the AI were not asked about."
_SPEAKING = "The text of some files looks like instructions for a machine; the AI was not asked about these."


@dataclass(slots=True)
class AiNotes:
    """Count what became of the files that were unsure. `private`, `speaking`: not asked about, and why."""

    notices: list[str] = field(default_factory=list)
    asked: int = 0
    known: int = 0
    private: int = 0
    speaking: int = 0

    def sentences(self) -> list[str]:
        """Return what people should know."""
        found = list(self.notices)
        if self.private:
            found.append(_PRIVATE)
        if self.speaking:
            found.append(_SPEAKING)
        return found
