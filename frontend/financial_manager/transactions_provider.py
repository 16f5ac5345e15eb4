"""Transactions: a long list by account, category, days and words; the one that is looked at; entering and changing."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast

from frontend.api.errors import ApiError
from frontend.api.generated.schemas import TransactionIn, TransactionOut, TransactionPatch, TransactionsDeletedOut
from frontend.financial_manager.money_provider import MoneyProvider
from frontend.providers.base import read_after_write, undone_on_error
from frontend.providers.paged import Paged

UNFILED = "none"
"""Stands for a category: bookings that have none."""
_WANTED = ("account_id", "category_id", "batch_id", "since", "until", "words", "entered_by")


@dataclass(eq=False)
class TransactionsProvider(MoneyProvider):
    """Hold the list as far as it was read, what it is narrowed to, and one transaction."""

    found: Paged[TransactionOut] = field(init=False)
    shown: TransactionOut | None = None
    account_id: str = ""
    category_id: str = ""
    batch_id: str = ""
    since: str = ""
    until: str = ""
    words: str = ""
    entered_by: str = ""
    last_entered: str = ""
    """The account of the transaction that was entered last: the next one is probably of the same."""

    def __post_init__(self) -> None:
        """Make the list."""
        self.found = Paged(source=self._page)

    async def fetch(self) -> None:
        """Read anew what is shown."""
        if self.found.state != "idle":  # also a list that could not be read at first
            await self.found.refresh()
        if self.shown is not None:
            with suppress(ApiError):  # deleted elsewhere: the screen keeps what it showed until it is left
                await self._read(self.shown["id"])

    async def narrow(self, **wanted: str) -> None:
        """Show only what fits (`account_id`, `category_id`, `batch_id`, `since`, `until`, `words`); see `found`."""
        others = any(getattr(self, name) != value for name, value in wanted.items())
        for name, value in wanted.items():
            setattr(self, name, value)
        self.state, self.loaded = "ready", True  # the list has a state of its own; events reload it from now on
        await self.found.load()
        if others and self.found.error is not None:  # what fitted before must not stand below what is asked for now
            self.found.items, self.found.cursor, self.found.loaded = (), None, False

    @property
    def is_narrowed(self) -> bool:
        """Tell whether the list shows only some."""
        return any(getattr(self, name) for name in _WANTED)

    async def show_only(self, **wanted: str) -> None:
        """Show only what fits, and forget what the list was narrowed to before."""
        blank = dict.fromkeys(_WANTED, "")
        if any(getattr(self, name) != wanted.get(name, "") for name in blank):
            self.found.reset()
        await self.narrow(**blank | wanted)

    async def open(self, transaction_id: str) -> None:
        """Look at one transaction; raises `ApiError`."""
        if self.shown is not None and self.shown["id"] != transaction_id:
            self.shown = None
        self.shown = self.found.get(transaction_id) or self.shown
        await self._read(transaction_id)

    async def _read(self, transaction_id: str) -> None:
        found = await self.answer_for(transaction_id, self.money.get_transaction(transaction_id, space=self._space))
        if found is not None:
            self.shown, self.loaded = found, True

    async def _read_again(self, transaction_id: str) -> None:
        """Show what became of the transaction that is looked at, after a write that is done."""
        if self.shown is not None and self.shown["id"] == transaction_id:
            await read_after_write(self, self._read(transaction_id))

    async def enter(self, body: TransactionIn) -> TransactionOut:
        """Enter a transaction; raises `ApiError`."""
        made = await self.money.enter_transaction(body, space=self._space)
        self.last_entered = body["account_id"]
        return made

    async def change(self, transaction: TransactionOut, **changes: Any) -> None:
        """Change some of a transaction, as it was seen; raises `ApiError`."""
        body = cast("TransactionPatch", {**changes, "version": transaction["version"]})
        self._take(await self.money.change_transaction(transaction["id"], body, space=self._space))

    async def newest(self, transaction: TransactionOut) -> TransactionOut:
        """Return a transaction as it is now; raises `ApiError`."""
        return await self.money.get_transaction(transaction["id"], space=self._space)

    async def categorise(self, transaction: TransactionOut, category_id: str | None) -> tuple[TransactionOut, ...]:
        """Say what a transaction was for; return others that may be the same; raises `ApiError`."""
        body: Any = {"ids": [transaction["id"]], "category_id": category_id}
        told = await self.money.categorise_transactions(body, space=self._space)
        await self._read_again(transaction["id"])
        return tuple(told["similar"])

    async def delete(self, transaction: TransactionOut) -> TransactionsDeletedOut:
        """Delete a transaction: at once from the list, back if the hub refuses; raises `ApiError`."""
        async with undone_on_error(self.found.remove(transaction["id"])):
            done = await self.money.delete_transactions({"ids": [transaction["id"]]}, space=self._space)
        if self.shown is not None and self.shown["id"] == transaction["id"]:
            self.shown = None
        return done

    async def name_payee(self, transaction: TransactionOut, name: str) -> None:
        """Call whoever a transaction is written as by a name, everywhere; raises `ApiError`."""
        await self.money.name_payee({"written": [transaction["counterparty"]], "name": name}, space=self._space)
        await self._read_again(transaction["id"])

    def _take(self, told: TransactionOut) -> None:
        self.found.update(told["id"], cast("Any", told))
        if self.shown is not None and self.shown["id"] == told["id"]:
            self.shown = told

    async def _page(self, cursor: str | None, limit: int) -> Any:
        asked: dict[str, Any] = {name: getattr(self, name) for name in _WANTED if getattr(self, name)}
        if asked.get("category_id") == UNFILED:
            asked = {**asked, "category_id": None, "inbox": True}
        return await self.money.list_transactions(cursor=cursor, limit=limit, space=self._space, **asked)

    def reset(self) -> None:
        """Forget the list and what was looked at."""
        super().reset()
        self.found.reset()
