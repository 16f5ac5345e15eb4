"""What every provider of bank data can do, and what can go wrong.

RateLimited   BankBusy             asked too often: the bank or provider wants a pause
Unavailable   BankUnusable         the answer makes no sense, or the bank is out of order
Conflict      BankRefused          the login or the consent does not hold any more: a person is needed
Conflict      BankNeedsYou         it was refused before and is not tried again
Conflict      BankStepOver         the step was answered already, or its time is over
Unavailable   FintsMissing         the extra that speaks FinTS is not installed
Conflict      BankAsking           it is being asked at this moment
NotFound      ConnectionMissing, BankAccountMissing, BankKeyMissing
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from backend.financial_manager.currencies import KNOWN, AmountTooLarge, to_minor
from backend.financial_manager.importing.keys import kept_id
from backend.financial_manager.ledger.text import storable
from backend.financial_manager.statements import Entry
from backend.sdk.errors import Conflict, NotFound, RateLimited, Unavailable
from backend.sdk.outgoing import AddressRefused, AnswerUnusable, ServerUnreachable

MOST_LINES = 20_000
TOO_MANY = "The bank told more lines than are taken at once; some are missing."
"""Lines of one account that one fetch takes."""
Secret = Mapping[str, str]
"""What opens a connection, by name; kept sealed."""


class BankBusy(RateLimited):
    """The bank or the provider was asked too often."""

    code, message = "bank_busy", "The bank wants to be asked less often. Try again tomorrow."


class BankUnusable(Unavailable):
    """The bank's answer cannot be used."""

    code, message = "bank_unusable", "The bank answered with something that cannot be used. Try again later."


class BankRefused(Conflict):
    """The bank, or the provider, refused the login."""

    code, message = "bank_refused", "The bank refuses the login, or your consent has ended. Connect it again."


FAILURES = (BankRefused, BankBusy, BankUnusable, ServerUnreachable, AnswerUnusable, AddressRefused)
"""What asking a provider raises."""


class BankNeedsYou(Conflict):
    """It was refused before: trying again could lock the login."""

    code, message = "bank_needs_you", "This bank refused before and is not asked again by itself. Connect it again."


class BankStepOver(Conflict):
    """The step of a dialogue was answered already, or its time is over."""

    code, message = "bank_step_over", "This step was answered already, or its time is over. Begin again."


class FintsMissing(Unavailable):
    """The optional library that speaks FinTS is not installed."""

    code = "fints_missing"
    message = (
        "FinTS is not installed on this hub. Start it with HOMIE_FINTS=1 scripts/run, or install it with "
        "pip install 'homie[fints]'."
    )


class BankAsking(Conflict):
    """Somebody else, or the clock, asks it at this moment."""

    code, message = "bank_asking", "This bank is being asked right now. Try again in a few minutes."


class ConnectionMissing(NotFound):
    """No such connection for this caller."""

    code, message = "bank_connection_missing", "This bank is not connected."


class BankAccountMissing(NotFound):
    """No such account of a connected bank for this caller."""

    code, message = "bank_account_missing", "The connected bank has no such account."


class BankKeyMissing(NotFound):
    """No key of a provider was entered."""

    code, message = "bank_key_missing", "Enter the application id and its key first."


@dataclass(frozen=True, slots=True)
class RemoteAccount:
    """An account as the bank tells it. `stable_id`: stays over renewals; `external_id`: what it is asked by now.

    `balance_minor`: minor units of `currency`, None where it is not told; `balance_booked`: it is what the booked lines
    make, and no more (no line of credit, nothing expected).
    """

    external_id: str
    stable_id: str
    name: str
    currency: str
    iban: str = ""
    institution: str = ""
    balance_minor: int | None = None
    balance_on: dt.date | None = None
    balance_booked: bool = True


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a bank says of one account: the booked lines of some days, and why some are missing."""

    account: RemoteAccount
    entries: tuple[Entry, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """A connection that a person opened. `valid_until`: when the consent ends, None where it does not."""

    title: str
    secret: Secret
    accounts: tuple[RemoteAccount, ...]
    valid_until: dt.datetime | None = None
    doubts: tuple[str, ...] = field(default=())


class StepKind(enum.StrEnum):
    """What a bank's dialogue waits for: the PIN, a choice of two kinds, a TAN, or a yes in the bank's app."""

    PIN = "pin"
    MECHANISM = "mechanism"
    MEDIUM = "medium"
    TAN = "tan"
    APPROVAL = "approval"


@dataclass(frozen=True, slots=True)
class Step:
    """What a person has to answer before the bank goes on. `text`: the bank's words; `choices`: (answer, name).

    `picture`: a PNG or JPEG that the TAN is made from, base64; `until`: when the answer comes too late;
    `wait_seconds`: how long the bank wants to be left alone before a yes in its app is asked for.
    """

    kind: StepKind
    text: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    picture: str = ""
    until: dt.datetime | None = None
    wait_seconds: int = 0


class BankProvider(Protocol):
    """Ask one kind of bank access, without anybody in between.

    `unattended`: it can be asked while nobody is there, since it never asks a person anything (no TAN, nothing to
    confirm). What may ask must say False: the clock then leaves it alone.
    """

    id: str
    title: str
    unattended: bool

    def accounts(self, secret: Secret) -> Opened | None:
        """Return the accounts as they are now, or None where only a consent tells them; raises what `fetch` raises."""
        ...

    def fetch(self, secret: Secret, accounts: Sequence[str], since: dt.date, until: dt.date) -> list[Fetched]:
        """Return what is booked on accounts (external ids) from `since` to `until`.

        Raises `BankRefused`, `BankBusy`, `BankUnusable`, `ServerUnreachable`.
        """
        ...

    def leave(self, secret: Secret) -> None:
        """Tell the provider that the connection ends; raises what `fetch` raises."""
        ...


def told_amount(text: Any, currency: str) -> int | None:
    """Return an amount (minor units) that an answer tells as text; None for what is none or finer than a coin."""
    if not isinstance(text, str | int) or isinstance(text, bool) or len(str(text)) > 40:
        return None
    try:
        minor, rounded = to_minor(Decimal(str(text)), currency)
    except (InvalidOperation, AmountTooLarge):
        return None
    return None if rounded else minor


def told_currency(value: Any) -> str | None:
    """Return a currency that Homie knows, or None."""
    return value if isinstance(value, str) and value in KNOWN else None


def told_text(value: Any, longest: int = 1000) -> str:
    """Return a text of an answer without line breaks; "" for anything else."""
    return " ".join(storable(value).split())[:longest] if isinstance(value, str) else ""


def told_id(value: Any, longest: int = 200) -> str:
    """Return by what something is asked for at the bank; "" for what is no text, too long or cannot be sent."""
    return value if isinstance(value, str) and len(value) <= longest and storable(value) == value else ""


def told_day(value: Any) -> dt.date | None:
    """Return a day of an answer: ISO text, or seconds since 1970 (UTC)."""
    try:
        if isinstance(value, str):
            day = dt.date.fromisoformat(value[:10])
        elif isinstance(value, int) and not isinstance(value, bool) and value > 0:
            day = dt.datetime.fromtimestamp(value, dt.UTC).date()
        else:
            return None
    except (ValueError, OverflowError, OSError):
        return None
    return day if 1970 <= day.year <= 2199 else None


def short_id(value: Any) -> str:
    """Return the bank's own name of a line as it is kept; "" where it has none."""
    return kept_id(value) if isinstance(value, str) else ""
