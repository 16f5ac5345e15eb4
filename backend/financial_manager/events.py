"""What this module tells the household's clients, after commit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from backend.sdk.events import Event


@dataclass(frozen=True, kw_only=True)
class LedgerChanged(Event):
    """Accounts, transactions or categories changed by one step; `undone`: it took an earlier step back."""

    name: ClassVar[str] = "financial_manager.ledger_changed"
    change_id: str
    kind: str
    rows: int
    undone: bool = False


@dataclass(frozen=True, kw_only=True)
class StatementImported(Event):
    """A statement was booked: how many lines were new, known already, or left out."""

    name: ClassVar[str] = "financial_manager.statement_imported"
    batch_id: str
    account_id: str
    account: str
    added: int
    duplicates: int
    left_out: int


@dataclass(frozen=True, kw_only=True)
class StatementWaits(Event):
    """A file came into a statement inbox that a person has to look at."""

    name: ClassVar[str] = "financial_manager.statement_waits"
    seen_id: str
    file: str


@dataclass(frozen=True, kw_only=True)
class BankChanged(Event):
    """A bank was connected, fetched, refused or disconnected."""

    name: ClassVar[str] = "financial_manager.bank_changed"
    connection_id: str


@dataclass(frozen=True, kw_only=True)
class RecurringFound(Event):
    """Payments that come again were found that nobody was told of yet; `payee`, `recurring_id`: of the first."""

    name: ClassVar[str] = "financial_manager.recurring_found"
    recurring_id: str
    payee: str
    count: int


@dataclass(frozen=True, kw_only=True)
class PricesRose(Event):
    """Recurring payments became dearer; `payee`, `recurring_id`: of the first one."""

    name: ClassVar[str] = "financial_manager.prices_rose"
    recurring_id: str
    payee: str
    count: int


@dataclass(frozen=True, kw_only=True)
class RecurringSeen(Event):
    """Somebody has seen what was told of recurring payments."""

    name: ClassVar[str] = "financial_manager.recurring_seen"


@dataclass(frozen=True, kw_only=True)
class RatesUpdated(Event):
    """Newer exchange rates came from the ECB. `through`: their newest day (ISO)."""

    name: ClassVar[str] = "financial_manager.rates_updated"
    through: str
    days: int
