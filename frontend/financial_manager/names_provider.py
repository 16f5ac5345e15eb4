"""The payees that the household named, and the tags on its transactions."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from frontend.api.generated.schemas import PayeeOut, RecordedOut, TagOut
from frontend.financial_manager.money_provider import MoneyProvider


@dataclass(eq=False)
class NamesProvider(MoneyProvider):
    """Hold both by name."""

    payees: tuple[PayeeOut, ...] = ()
    tags: tuple[TagOut, ...] = ()

    async def fetch(self) -> None:
        """Read both."""
        payees, tags = await asyncio.gather(
            self.money.list_payees(space=self._space), self.money.list_tags(space=self._space)
        )
        self.payees, self.tags = tuple(payees["items"]), tuple(tags["items"])

    def payee(self, payee_id: str) -> PayeeOut | None:
        """Return a payee, or None."""
        return next((one for one in self.payees if one["id"] == payee_id), None)

    async def rename(self, payee: PayeeOut, name: str) -> None:
        """Give a payee another name; raises `ApiError`."""
        self.payees = tuple((await self.money.rename_payee(payee["id"], {"name": name}, space=self._space))["items"])

    async def merge(self, payee: PayeeOut, into: PayeeOut) -> RecordedOut:
        """Make one payee of two; raises `ApiError`."""
        done = await self.money.merge_payees(payee["id"], {"into_id": into["id"]}, space=self._space)
        await self.load()
        return done

    async def forget(self, payee: PayeeOut, written: str) -> RecordedOut:
        """Say that a payee is not written so; raises `ApiError`."""
        done = await self.money.forget_payee_spelling(payee["id"], {"written": [written]}, space=self._space)
        await self.load()
        return done

    async def delete(self, payee: PayeeOut) -> RecordedOut:
        """Delete a payee; raises `ApiError`."""
        done = await self.money.delete_payee(payee["id"], space=self._space)
        await self.load()
        return done

    async def rename_tag(self, tag: str, name: str) -> RecordedOut:
        """Call a tag otherwise; raises `ApiError`."""
        done = await self.money.rename_tag({"tag": tag, "name": name}, space=self._space)
        await self.load()
        return done

    async def remove_tag(self, tag: str) -> RecordedOut:
        """Take a tag away everywhere; raises `ApiError`."""
        done = await self.money.remove_tag({"tag": tag}, space=self._space)
        await self.load()
        return done
