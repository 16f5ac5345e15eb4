"""Wire types of connected banks. Secrets come in and never go out."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field, SecretStr

from backend.financial_manager.banks.models import ConnectionState
from backend.financial_manager.banks.provider import StepKind
from backend.financial_manager.schemas import Minor
from backend.sdk.http import In, Out

_PRINTED = r"^[\x20-\x7e\xa0-\xff]+$"  # what FinTS can send: ISO 8859-1
_PRINTED_OR_NONE = r"^[\x20-\x7e\xa0-\xff]*$"


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


class StepChoiceOut(Out):
    """Offer one answer to a step, with the bank's name of it."""

    answer: str
    name: str


class BankStepOut(Out):
    """Show what a bank waits for: the PIN, a choice, a TAN, or a yes in its app (answered by "" once given).

    `text`: the bank's words; `picture`: a PNG or JPEG that the TAN is made from, base64; `until`: when it is too late;
    `wait_seconds`: how long to wait before saying that the app was answered.
    """

    id: str
    kind: StepKind
    text: str
    choices: list[StepChoiceOut]
    picture: str
    until: dt.datetime
    wait_seconds: int


class BankConnectionOut(Out):
    """Show a connected bank. `problem`: why it needs you, or did not answer; `valid_until`: when the consent ends.

    `clock`: it is asked every morning; `next_at`: when next, null while it is not; `unattended`: whether it can be,
    since it asks nobody for a code. `step`: what a bank of FinTS waits for.
    """

    id: str
    provider: Literal["simplefin", "enable_banking", "fints"]
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
    step: BankStepOut | None = None


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
    """Say what a fetch did. `step`: what a bank of FinTS waits for before it tells anything."""

    items: list[AccountFetchedOut]
    step: BankStepOut | None = None


class FintsStateOut(Out):
    """Say whether FinTS can be used: the library is installed, and the household's product id was entered."""

    installed: bool
    remedy: str = Field(description="How it is installed; empty where it is.")
    product: str | None


class FintsProductIn(In):
    """Enter the product id that the household registered at the German banks (Deutsche Kreditwirtschaft)."""

    product: str = Field(min_length=1, max_length=25, pattern="^[A-Za-z0-9]+$")


class FintsLoginIn(In):
    """Connect a German bank by FinTS. `address`: of the bank's FinTS server (https)."""

    bank_code: str = Field(pattern="^[0-9]{8}$", description="Bank code (BLZ), eight digits.")
    address: str = Field(min_length=8, max_length=500)
    user_name: str = Field(min_length=1, max_length=30, pattern=_PRINTED)
    customer: str = Field("", max_length=30, pattern=_PRINTED_OR_NONE, description="Only if the bank gave one.")
    pin: SecretStr = Field(min_length=1, max_length=99)
    keep_pin: bool = Field(False, description="Keep the PIN, sealed; else it is asked for each time.")


class FintsAgainIn(In):
    """Log in anew."""

    pin: SecretStr = Field(min_length=1, max_length=99)
    keep_pin: bool = False


class StepAnswerIn(In):
    """Answer a step: the PIN, one of the choices, the TAN, or nothing after a yes in the bank's app."""

    step: str = Field(min_length=1, max_length=64)
    answer: SecretStr = Field(max_length=99)


class StepAnsweredOut(Out):
    """Say what came of an answer: another step in the connection, or what was booked."""

    connection: BankConnectionOut
    items: list[AccountFetchedOut]
