"""Wire types of connected banks. Secrets come in and never go out."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field, SecretStr

from backend.financial_manager.banks.models import ConnectionState
from backend.financial_manager.schemas import Minor
from backend.sdk.http import In, Out


class SetupTokenIn(In):
    """Connect by a setup token of SimpleFIN, which works once."""

    setup_token: SecretStr = Field(min_length=8, max_length=4000)


class BankKeyIn(In):
    """Enter the household's own application at Enable Banking."""

    application: str = Field(min_length=1, max_length=80, pattern="^[A-Za-z0-9-]+$")
    private_key: SecretStr = Field(min_length=1, max_length=20_000, description="The .pem file that came with it.")


class BankKeyOut(Out):
    """Show the application; its key is shown to nobody."""

    application: str
    name: str
    redirects: list[str] = Field(description="Addresses to which banks may lead back.")


class BankKeyStateOut(Out):
    """Say whether an application was entered."""

    application: str | None


class BanksQuery(In):
    """Choose the country (ISO 3166)."""

    country: str = Field(pattern="^[A-Z]{2}$")


class BankOut(Out):
    """Show a bank that can be connected."""

    name: str
    country: str
    consent_days: int


class BanksOut(Out):
    """List the banks of a country, by name."""

    items: list[BankOut]


class ConsentIn(In):
    """Begin to connect a bank. `redirect`: an address of the application, to which the bank leads after the yes."""

    bank: str = Field(min_length=1, max_length=120)
    country: str = Field(pattern="^[A-Z]{2}$")
    consent_days: int = Field(90, ge=1, le=180)
    redirect: str = Field(min_length=8, max_length=500)


class AddressIn(In):
    """Give the address to which the bank led after the yes."""

    address: SecretStr = Field(min_length=1, max_length=8000)


class BankAccountOut(Out):
    """Show an account of a bank. `account_id`: the one of yours into which it is booked."""

    id: str
    name: str
    currency: str
    iban: str
    account_id: str | None
    balance_minor: Minor | None
    balance_on: dt.date | None
    fetched_through: dt.date | None


class BankConnectionOut(Out):
    """Show a connected bank. `problem`: why it needs you, or did not answer; `valid_until`: when the consent ends.

    `clock`: it is asked every morning; `next_at`: when next, null while it is not; `unattended`: whether it can be,
    since it asks nobody for a code.
    """

    id: str
    provider: Literal["simplefin", "enable_banking"]
    title: str
    state: ConnectionState
    problem: str
    valid_until: dt.datetime | None
    fetched_at: dt.datetime | None
    clock: bool
    next_at: dt.datetime | None
    unattended: bool
    created_at: dt.datetime
    accounts: list[BankAccountOut]


class ClockIn(In):
    """Say whether a bank is asked every morning."""

    on: bool


class BankConnectionsOut(Out):
    """List the connected banks, the oldest first."""

    items: list[BankConnectionOut]


class ConsentOut(Out):
    """Show a connection that waits for a yes, and where it is given."""

    connection: BankConnectionOut
    url: str


class LinkIn(In):
    """Say into which of your accounts a bank's account is booked; null: into none."""

    account_id: str | None = Field(max_length=64)


class AccountFetchedOut(Out):
    """Say what a fetch did in one account. `difference_minor`: what the bank holds more than Homie, where it tells."""

    bank_account_id: str
    account_id: str
    added: int
    known: int
    twins: int
    left_out: int
    batch_id: str | None
    difference_minor: Minor | None
    doubts: list[str]


class FetchedOut(Out):
    """Say what a fetch did."""

    items: list[AccountFetchedOut]
