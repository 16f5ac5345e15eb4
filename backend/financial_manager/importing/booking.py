"""Book what a preview found: one commit with the batch, its lines, its transactions. All of it, or none.

The lines are written in bulk, past the record of changes; the batch itself is the step, and is undone as a whole.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from backend.financial_manager.currencies import LARGEST, AmountTooLarge
from backend.financial_manager.events import StatementImported
from backend.financial_manager.importing.keys import kept_id
from backend.financial_manager.importing.models import ImportBatch, RawRow, RowFate
from backend.financial_manager.importing.preview import Preview, PreviewRow
from backend.financial_manager.ledger.change_log import step_of
from backend.financial_manager.ledger.drafts import Part
from backend.financial_manager.ledger.models import (
    Payee,
    PayeeAlias,
    Posting,
    Transaction,
    TransactionState,
    UserAccount,
)
from backend.financial_manager.ledger.payees import IBAN, TEXT
from backend.financial_manager.ledger.text import fold, searchable
from backend.financial_manager.statements import Entry
from backend.sdk.db import OwnedSession, insert_rows
from backend.sdk.errors import FieldProblem
from backend.sdk.ids import NewId


@dataclass(frozen=True, slots=True)
class Said:
    """What a line was for: a part, whose amount does not matter, and tags."""

    part: Part
    tags: tuple[str, ...] = ()


Categorise = Callable[[OwnedSession, str, Sequence[Entry]], Sequence[Said]]
"""Say what lines of an account were for."""
_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person decided beside the preview: lines left out, and lines to book although their like is there."""

    leave_out: Collection[int] = ()
    book_twins: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Booked:
    """What an import did."""

    batch: ImportBatch
    transaction_ids: tuple[str, ...]


def book(
    session: OwnedSession,
    found: Preview,
    chosen: Chosen,
    *,
    now: dt.datetime,
    new_id: NewId,
    categorise: Categorise,
) -> Booked:
    """Book a preview that was made in this very session. Runs as a step of the record of changes."""
    account = found.account
    _begin(account, found)
    batch = _batch(found, now, new_id)
    session.add(batch)
    session.flush()
    to_book = [row for row in found.rows if _is_booked(row, chosen)]
    _check_sum(to_book)
    ids = {row.position: new_id() for row in to_book}
    entries = [row.entry for row in to_book if row.entry is not None]
    said = categorise(session, account.id, entries) if entries else []
    payees = _payees(session)
    for start in range(0, len(to_book), _AT_ONCE):
        some = to_book[start : start + _AT_ONCE]
        _insert(session, account, batch.id, some, ids, said[start : start + _AT_ONCE], payees, now, new_id)
    _keep_lines(session, account.id, batch.id, found.rows, ids, new_id)
    batch.added = len(to_book)
    batch.left_out = len(found.rows) - len(to_book) - batch.duplicates
    step = step_of(session)
    step.subject_id, step.title = batch.id, f"{account.name}: {found.file_name}"[:300]
    session.emit(
        StatementImported(
            owner_id=session.actor.owner_id, batch_id=batch.id, account_id=account.id, account=account.name,
            added=batch.added, duplicates=batch.duplicates, left_out=batch.left_out,
        )
    )  # fmt: skip
    return Booked(batch, tuple(ids.values()))


def _is_booked(row: PreviewRow, chosen: Chosen) -> bool:
    if row.position in chosen.leave_out:
        return False
    return row.fate is RowFate.NEW or (row.fate is RowFate.TWIN and row.position in chosen.book_twins)


def _check_sum(rows: Sequence[PreviewRow]) -> None:
    """Raise `AmountTooLarge` for a file that moves more than any account holds: its sum could not be counted."""
    moved = sum(abs(row.entry.amount_minor) for row in rows if row.entry is not None)
    if moved > LARGEST:
        told = "The lines of this file come to more than any account holds."
        raise AmountTooLarge(fields=[FieldProblem("body.content", told, "Check the file.")])


def _begin(account: UserAccount, found: Preview) -> None:
    """Give an account its opening, and the names by which its bank's files call it, as the first statement tells."""
    if found.opening is not None and account.opening_date is None:
        account.opening_date, account.opening_minor = found.opening
        account.version += 1
    names = {"".join(name.split()).upper() for name in found.names}
    known = set(account.profile.get("names", ()))
    if names - known - {account.iban}:
        account.profile = {**account.profile, "names": sorted(known | names)}


def _batch(found: Preview, now: dt.datetime, new_id: NewId) -> ImportBatch:
    span = found.span
    return ImportBatch(
        id=new_id(),
        account_id=found.account.id,
        file_name=found.file_name[:255],
        file_hash=found.file_hash,
        format=found.format,
        rows=len(found.rows),
        added=0,
        duplicates=found.count(RowFate.KNOWN),
        left_out=0,
        currency=found.account.currency,
        first=span[0] if span else None,
        last=span[1] if span else None,
        opening_minor=found.bank.opening_minor,
        closing_minor=found.bank.closing_minor,
        at=now,
    )


def _payees(session: OwnedSession) -> Mapping[tuple[str, str], tuple[str, str]]:
    """Return (kind, value) of every alias -> (id, name) of its payee."""
    rows = session.execute(
        select(PayeeAlias.kind, PayeeAlias.value, Payee.id, Payee.name)
        .join(Payee, (Payee.id == PayeeAlias.payee_id) & (Payee.owner_id == PayeeAlias.owner_id))
        .where(PayeeAlias.owner_id == session.actor.owner_id)
    )
    return {(kind, value): (payee_id, name) for kind, value, payee_id, name in rows}


def _insert(
    session: OwnedSession,
    account: UserAccount,
    batch_id: str,
    rows: Sequence[PreviewRow],
    ids: Mapping[int, str],
    said: Sequence[Said],
    payees: Mapping[tuple[str, str], tuple[str, str]],
    now: dt.datetime,
    new_id: NewId,
) -> None:
    transactions: list[dict[str, Any]] = []
    postings: list[dict[str, Any]] = []
    for row, one in zip(rows, said, strict=True):
        entry, transaction_id = row.entry, ids[row.position]
        assert entry is not None
        common = {"id": transaction_id, "batch_id": batch_id, "created_at": now}
        transactions.append({**common, **_transaction(entry, one, _payee_of(entry, payees))})
        for position, values in enumerate(_postings(entry, one.part, account)):
            postings.append({"id": new_id(), "transaction_id": transaction_id, "position": position, **values})
    insert_rows(session, Transaction, transactions)
    insert_rows(session, Posting, postings)


def _transaction(entry: Entry, said: Said, payee: tuple[str | None, str]) -> dict[str, Any]:
    """Return what a line says, as columns of a transaction. `payee`: id and name of whom it was with."""
    return {
        "date": entry.date,
        "value_date": entry.value_date,
        "state": TransactionState.BOOKED.value,
        "payee_id": payee[0],
        "counterparty": entry.counterparty,
        "purpose": entry.purpose,
        "iban": entry.iban[:34],
        "note": "",
        "tags": list(said.tags),
        "search": searchable(entry.counterparty, entry.purpose, payee[1], *said.tags),
        "version": 1,
    }


def _postings(entry: Entry, part: Part, account: UserAccount) -> list[dict[str, Any]]:
    """Return both sides of a line: what its account got, and what that was for."""
    common = {"date": entry.date, "booked": True, "currency": account.currency, "memo": ""}
    own = {"account_id": account.id, "category_id": None, "amount_minor": entry.amount_minor}
    other = {"account_id": None, "category_id": part.category_id, "amount_minor": -entry.amount_minor}
    return [
        {**common, **own, "source": "", "confidence": 0.0, "reason": ""},
        {**common, **other, "source": part.source, "confidence": part.confidence, "reason": part.reason},
    ]


def _payee_of(entry: Entry, payees: Mapping[tuple[str, str], tuple[str, str]]) -> tuple[str | None, str]:
    if not payees:
        return None, ""
    found = payees.get((TEXT, fold(entry.counterparty)[:200])) if entry.counterparty else None
    if found is None and entry.iban:
        found = payees.get((IBAN, entry.iban))
    return found or (None, "")


def _keep_lines(
    session: OwnedSession,
    account_id: str,
    batch_id: str,
    rows: Sequence[PreviewRow],
    ids: Mapping[int, str],
    new_id: NewId,
) -> None:
    """Keep every line but those that were known already: what it said, what became of it, why."""
    kept: list[dict[str, Any]] = []
    for row in rows:
        if row.fate is RowFate.KNOWN:
            continue
        entry, booked = row.entry, ids.get(row.position)
        kept.append(
            {
                "id": new_id(),
                "batch_id": batch_id,
                "account_id": account_id,
                "position": row.position,
                "date": entry.date if entry is not None else None,
                "amount_minor": entry.amount_minor if entry is not None else None,
                "content_key": row.key,
                "bank_id": kept_id(entry.bank_id) if entry is not None else "",
                "fate": RowFate.NEW.value if booked else row.fate.value,
                "reason": " ".join(row.reasons),
                "transaction_id": booked or row.twin_id,
                "data": _data(row),
            }
        )
    for start in range(0, len(kept), _AT_ONCE):
        insert_rows(session, RawRow, kept[start : start + _AT_ONCE])


def _data(row: PreviewRow) -> dict[str, Any]:
    """Return what the line itself said, without what is in columns of their own."""
    entry = row.entry
    if entry is None:
        return {"line": row.line, "text": row.text}
    told = {
        "line": entry.line,
        "counterparty": entry.counterparty,
        "purpose": entry.purpose,
        "iban": entry.iban,
        "reference": entry.reference,
        "type_code": entry.type_code,
        "value_date": entry.value_date.isoformat() if entry.value_date else None,
    }
    return {name: value for name, value in told.items() if value not in ("", None)}
