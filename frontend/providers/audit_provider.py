"""The security log: who did what and when, and whether the log is whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from frontend.api.generated.schemas import AuditEntryOut, AuditVerifyOut
from frontend.providers.base import Provider
from frontend.providers.paged import Paged


def _seq(entry: AuditEntryOut) -> str:
    return str(entry["seq"])


@dataclass(eq=False)
class AuditProvider(Provider):
    """Hold the log, newest first: one's own, or with scope `all` everybody's (administrators)."""

    scope: Literal["mine", "all"] = "mine"
    action: str = ""
    """The beginning of the actions that are shown, such as `accounts.`; all of them when it is empty."""
    entries: Paged[AuditEntryOut] = field(init=False)
    verified: AuditVerifyOut | None = None

    def __post_init__(self) -> None:
        """Make the list."""
        self.entries = Paged(source=self._page, key=_seq)

    async def fetch(self) -> None:
        """Read as much of the log as is shown."""
        await self.entries.refresh()
        if self.entries.error:
            raise self.entries.error

    async def show(self, scope: Literal["mine", "all"]) -> None:
        """Change whose log is shown."""
        self.scope = scope
        self.entries.reset()
        await self.load()

    async def narrow(self, action: str) -> None:
        """Change what of it is shown."""
        self.action = action
        self.entries.reset()
        await self.load()

    async def verify(self) -> AuditVerifyOut:
        """Check the chain of signatures over the whole log (administrators); raises `ApiError`."""
        self.verified = await self.api.accounts.verify_audit()
        return self.verified

    async def _page(self, cursor: str | None, limit: int) -> Any:
        scope: Any = "all" if self.scope == "all" else None
        return await self.api.accounts.list_audit(cursor=cursor, limit=limit, scope=scope, action=self.action or None)

    def reset(self) -> None:
        """Forget the log."""
        super().reset()
        self.entries.reset()
