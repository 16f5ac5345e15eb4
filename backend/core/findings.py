"""What `homie doctor` says: findings, each with a level and a remedy."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from backend.core.settings import HomieSettings


class Level(enum.StrEnum):
    """Say how bad a finding is: OK, WARNING (works, but look at it), ERROR (Homie cannot work like this)."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """Say one thing about this installation, and how to mend it when it is not fine."""

    level: Level
    subject: str
    says: str
    remedy: str = ""


Check = Callable[[HomieSettings], Iterator[Finding]]
