"""Wire types of importing statements and of transfers."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from backend.financial_manager.importing.models import RowFate
from backend.financial_manager.schemas import Minor, TransactionOut
from backend.sdk.http import In, Out

Column = Annotated[int, Field(ge=-1, le=499)]
MOST_ROWS = 2000
"""Lines that a preview shows; the counts are of all."""
MOST_CONTENT = 24 * 1024 * 1024
"""Characters of a file in base64: 18 MB. What is larger is imported with `homie money import`."""


class ColumnsIn(In):
    """Say which column is what, by its number in the heading from 0; -1: there is none; left out: found as always."""

    booking_date: Column | None = None
    value_date: Column | None = None
    amount: Column | None = None
    debit: Column | None = None
    credit: Column | None = None
    balance: Column | None = None
    currency: Column | None = None
    counterparty: Column | None = None
    iban: Column | None = None
    purpose: Column | None = None


class LayoutIn(In):
    """Say how the table is to be read; it is remembered for the account's next file with the same heading."""

    columns: ColumnsIn = Field(default_factory=ColumnsIn)
    order: Literal["", "dmy", "mdy", "ymd"] = Field("", description="The order of the dates.")
    sign: Literal["", "as_written", "turned"] = Field("", description="turned: what was spent has no minus.")


class TableOut(Out):
    """Show how the table was read. `columns`: role -> number of the column; `chosen`: as you said, now or earlier."""

    heading: list[str]
    columns: dict[str, int]
    chosen: bool


class StatementIn(In):
    """Give a statement: its bytes in base64, or its path in an opened folder."""

    account_id: str = Field(min_length=1, max_length=64)
    name: str = Field("", max_length=255, description="The file's name, where its content is given.")
    content: str | None = Field(None, max_length=MOST_CONTENT, description="The file in base64.")
    path: str | None = Field(None, max_length=4096, description="Or where it lies in an opened folder.")
    trust: bool = Field(False, description="Take it for this account's although it names another.")
    layout: LayoutIn | None = Field(None, description="How the table is to be read, where it was read wrongly.")


class ImportIn(StatementIn):
    """Book a statement that was looked at."""

    looked_at: str | None = Field(None, max_length=64, description="`file_hash` of the preview that you saw.")
    leave_out: list[int] = Field(default_factory=list, max_length=MOST_ROWS, description="Lines not to book.")
    book_twins: list[int] = Field(default_factory=list, max_length=MOST_ROWS, description="`twin` lines to book.")


class PreviewRowOut(Out):
    """Show one line with what would become of it, and why a person should look."""

    position: int
    fate: RowFate
    line: int | None
    date: dt.date | None
    amount_minor: Minor | None
    counterparty: str
    purpose: str
    text: str = Field(description="The line itself, where it was not read.")
    reasons: list[str]
    twin_id: str | None


class BankSaysOut(Out):
    """Compare the bank's balance with Homie's. `difference_minor`: bank minus Homie after the import."""

    opening_minor: Minor | None
    closing_minor: Minor | None
    closing_date: dt.date | None
    proof_holds: bool | None = Field(description="Whether opening and lines give the closing balance.")
    proof_difference_minor: Minor | None
    ledger_minor: Minor | None
    difference_minor: Minor | None


class PreviewOut(Out):
    """Tell what an import would do; nothing was changed."""

    account_id: str
    file_name: str
    file_hash: str
    format: str
    currency: str
    first: dt.date | None
    last: dt.date | None
    new: int
    known: int
    twins: int
    left_out: int
    doubts: list[str]
    bank: BankSaysOut
    opening_date: dt.date | None = Field(description="The opening that the account would get.")
    opening_minor: Minor | None
    booked_before: bool
    table: TableOut | None = Field(description="How it was read, where it is a table with a heading.")
    rows: list[PreviewRowOut] = Field(description=f"At most {MOST_ROWS}, those to look at first.")


class ImportOut(Out):
    """Show one import."""

    id: str
    account_id: str
    account: str
    file_name: str
    format: str
    currency: str
    rows: int
    added: int
    duplicates: int
    left_out: int
    first: dt.date | None
    last: dt.date | None
    at: dt.datetime
    undone_at: dt.datetime | None


class DecisionIn(In):
    """Say of a line that is perhaps there already: `book` it beside what is there, or it is the same."""

    position: int = Field(ge=0, le=10_000_000)
    book: bool


class LineOut(Out):
    """Show a line that was not simply booked. `twin_id`: the transaction that it is, or may be."""

    position: int
    fate: RowFate
    date: dt.date | None
    amount_minor: Minor | None
    reason: str
    text: str
    twin_id: str | None


class ImportDetailOut(ImportOut):
    """Show one import with the lines that were not simply booked. `change_id`: the step that undoing takes back."""

    change_id: str
    lines: list[LineOut]


class SpanOut(Out):
    """Show days."""

    first: dt.date
    last: dt.date


class CoverageOut(Out):
    """Show which days the imported files cover, and where some may be missing."""

    spans: list[SpanOut]
    gaps: list[SpanOut]


class TransferIn(In):
    """Name two bookings: the one that took the money, and the one that brought it."""

    out_id: str = Field(min_length=1, max_length=64)
    in_id: str = Field(min_length=1, max_length=64)


class TransferOut(Out):
    """Show two bookings that may be one transfer, with what speaks for it."""

    out: TransactionOut
    into: TransactionOut
    score: float
    reason: str


class TransfersOut(Out):
    """List the pairs that wait, the surest first."""

    items: list[TransferOut]


class FolderQuery(In):
    """Name an opened folder, or one inside; none: the opened folders."""

    path: str | None = Field(None, max_length=4096)
    kind: Literal["statements", "all"] = Field("statements", description="Which files are listed.")


class FolderEntryOut(Out):
    """Show a folder, or a file that may be a statement. `modified`: seconds since 1970, 0 for folders."""

    name: str
    path: str
    is_folder: bool
    size: int
    modified: int


class FolderOfStatementsOut(Out):
    """List what lies in a folder; `path` is null at the top. `writable`: files may be sent there."""

    path: str | None
    parent: str | None
    writable: bool
    items: list[FolderEntryOut]
