"""Connected banks: connect, say yes, link accounts, fetch, disconnect."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from frontend.api.generated.schemas import (
    AccountFetchedOut,
    BankAccountOut,
    BankConnectionOut,
    BankKeyOut,
    BankOut,
    FintsLoginIn,
    FintsStateOut,
)
from frontend.financial_manager.money_provider import MoneyProvider


@dataclass(eq=False)
class BanksProvider(MoneyProvider):
    """Hold the connections. `application`: of Enable Banking, None where none was entered or asked for yet.

    `banks`: those of the country that was asked for; `fetched`: what the last fetch of a connection did, by its id;
    `consent_url`: where a person says yes, by the connection's id; `fints`: None where it was not asked for yet.
    """

    connections: tuple[BankConnectionOut, ...] = ()
    application_id: str | None = None
    application: BankKeyOut | None = None
    banks: tuple[BankOut, ...] = ()
    fetched: dict[str, tuple[AccountFetchedOut, ...]] | None = None
    consent_url: dict[str, str] | None = None
    fints: FintsStateOut | None = None

    async def fetch(self) -> None:
        """Read connections, and whether there is an application."""
        found, key = await asyncio.gather(
            self.money.list_bank_connections(space=self._space), self.money.bank_keys_show_bank_key(space=self._space)
        )
        self.connections, self.application_id = tuple(found["items"]), key["application"]

    def connection(self, connection_id: str) -> BankConnectionOut | None:
        """Return a connection, or None."""
        return next((one for one in self.connections if one["id"] == connection_id), None)

    async def connect_simplefin(self, token: str) -> str:
        """Connect by a setup token; return the connection's id; raises `ApiError`."""
        made = await self.money.connect_simplefin({"setup_token": token}, space=self._space)
        self._take(made)
        return made["id"]

    async def put_key(self, application_id: str, private_key: str) -> None:
        """Keep an application of Enable Banking; raises `ApiError`."""
        body: Any = {"application": application_id, "private_key": private_key}
        self.application = await self.money.bank_keys_put_bank_key(body, space=self._space)
        self.application_id = application_id

    async def drop_key(self) -> None:
        """Forget the application; raises `ApiError`."""
        await self.money.bank_keys_drop_bank_key(space=self._space)
        self.application_id = self.application = None
        self.banks = ()

    async def find(self, country: str) -> None:
        """Ask which banks of a country can be connected, and where they may lead back to; raises `ApiError`."""
        found, application = await asyncio.gather(
            self.money.bank_keys_list_banks(country=country, space=self._space),
            self.money.bank_keys_show_bank_application(space=self._space),
        )
        self.banks, self.application = tuple(found["items"]), application

    async def begin(self, bank: BankOut, redirect: str) -> str:
        """Begin to connect a bank; return the connection's id; raises `ApiError`."""
        body: Any = {
            "bank": bank["name"], "country": bank["country"], "consent_days": bank["consent_days"],
            "redirect": redirect,
        }  # fmt: skip
        told = await self.money.begin_consent(body, space=self._space)
        return self._begun(told["connection"], told["url"])

    async def renew(self, connection_id: str) -> None:
        """Begin to give a consent again; raises `ApiError`."""
        told = await self.money.renew_consent(connection_id, space=self._space)
        self._begun(told["connection"], told["url"])

    async def finish(self, connection_id: str, address: str) -> None:
        """Give the address to which the bank led; raises `ApiError`."""
        self._take(await self.money.finish_consent(connection_id, {"address": address}, space=self._space))
        self.consent_url = {key: url for key, url in (self.consent_url or {}).items() if key != connection_id}

    async def ask_fints(self) -> None:
        """Ask whether FinTS can be used, and with which product id; raises `ApiError`."""
        self.fints = await self.money.show_fints(space=self._space)

    async def put_product(self, product: str) -> None:
        """Keep the household's product id for FinTS; raises `ApiError`."""
        await self.money.put_fints_product({"product": product}, space=self._space)
        await self.ask_fints()

    async def drop_product(self) -> None:
        """Forget the product id; raises `ApiError`."""
        await self.money.drop_fints_product(space=self._space)
        await self.ask_fints()

    async def connect_fints(self, login: FintsLoginIn) -> str:
        """Log in at a German bank; return the connection's id; raises `ApiError`."""
        made = await self.money.fints_connections_connect_fints(login, space=self._space)
        self._take(made)
        return made["id"]

    async def log_in(self, connection_id: str, pin: str, keep_pin: bool) -> None:
        """Log in anew by FinTS; raises `ApiError`."""
        body: Any = {"pin": pin, "keep_pin": keep_pin}
        try:
            self._take(await self.money.fints_connections_log_in_again(connection_id, body, space=self._space))
        finally:
            await self.load()

    async def answer(self, connection_id: str, step_id: str, said: str) -> BankConnectionOut:
        """Answer what a bank waits for, once; returns the connection as it is then; raises `ApiError`."""
        body: Any = {"step": step_id, "answer": said}
        try:
            told = await self.money.fints_connections_answer_step(connection_id, body, space=self._space)
            if told["items"]:
                self.fetched = {**(self.fetched or {}), connection_id: tuple(told["items"])}
            return told["connection"]
        finally:
            await self.load()

    async def link(self, account: BankAccountOut, account_id: str | None) -> None:
        """Book a bank's account into one of the ledger (None: into none); raises `ApiError`."""
        await self.money.link_bank_account(account["id"], {"account_id": account_id}, space=self._space)
        await self.load()

    async def open_account(self, account: BankAccountOut) -> None:
        """Open an account of the ledger for a bank's; raises `ApiError`."""
        await self.money.open_bank_account(account["id"], space=self._space)
        await self.load()

    async def fetch_now(self, connection_id: str) -> None:
        """Ask the bank now; the outcome lies in `fetched`; raises `ApiError`."""
        self.fetched = {key: done for key, done in (self.fetched or {}).items() if key != connection_id}
        try:
            told = await self.money.fetch_bank(connection_id, space=self._space)
            self.fetched = {**(self.fetched or {}), connection_id: tuple(told["items"])}
        finally:
            await self.load()

    async def set_clock(self, connection_id: str, on: bool) -> None:
        """Have the bank asked every morning, or not; raises `ApiError`."""
        self._take(await self.money.set_bank_clock(connection_id, {"on": on}, space=self._space))

    async def disconnect(self, connection_id: str) -> None:
        """Forget a connection; raises `ApiError`."""
        await self.money.disconnect_bank(connection_id, space=self._space)
        self.connections = tuple(one for one in self.connections if one["id"] != connection_id)

    def _begun(self, connection: BankConnectionOut, url: str) -> str:
        self._take(connection)
        self.consent_url = {**(self.consent_url or {}), connection["id"]: url}
        return connection["id"]

    def _take(self, connection: BankConnectionOut) -> None:
        rest = tuple(one for one in self.connections if one["id"] != connection["id"])
        self.connections = (*rest, connection)
        self.loaded = True
