"""Export the ledger of a space, in one of the formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from backend.financial_manager.exporting.journals import beancount_journal, hledger_journal
from backend.financial_manager.exporting.rows import ExportLedger, read_ledger
from backend.financial_manager.exporting.tables import csv_table
from backend.sdk.actor import Actor
from backend.sdk.db import Database

FORMATS: Mapping[str, tuple[str, Callable[[ExportLedger], str]]] = MappingProxyType(
    {
        "hledger": ("homie.journal", hledger_journal),
        "beancount": ("homie.beancount", beancount_journal),
        "csv": ("homie.csv", csv_table),
    }
)
"""Format -> what its file is called, and who writes it."""


class Exports:
    """Export the ledger of the space that an actor acts in."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def text(self, actor: Actor, kind: str) -> tuple[str, str]:
        """Return the file's name and its text. `kind`: one of `FORMATS`."""
        name, write = FORMATS[kind]
        return name, write(self._db.read(actor, read_ledger))
