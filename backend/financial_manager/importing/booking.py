"""Book what a preview found: one commit with the batch, its lines, its transactions. All of it, or none.

The lines are written in bulk, past the record of changes; the batch itself is the step, and is undone as a whole.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, not_, select

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
from backend.financial_manager.ledger.payees import IBAN, NAME, TEXT
from backend.financial_manager.ledger.text import fold, searchable
from backend.financial_manager.statements import Entry
from backend.sdk.db import OwnedSession, insert_columns
from backend.sdk.errors import FieldProblem
from backend.sdk.ids import NewId, new_ids


@dataclass(frozen=True, slots=True)
class Said:
    """What a line was for: a part, whose amount does not matter, and tags."""

    part: Part
    tags: tuple[str, ...] = ()


Categorise = Callable[[OwnedSession, str, Sequence[Entry]], Sequence[Said]]
"""Say what lines of an account were for."""
_AT_ONCE = 5000
LEFT_OUT = "You left this line out."


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
    ids = dict(zip([row.position for row in to_book], new_ids(new_id, len(to_book)), strict=True))
    entries = [row.entry for row in to_book if row.entry is not None]
    said = categorise(session, account.id, entries) if entries else []
    payees = _payees(session)
    for start in range(0, len(to_book), _AT_ONCE):
        some = to_book[start : start + _AT_ONCE]
        _insert(session, account, batch.id, some, ids, said[start : start + _AT_ONCE], payees, now, new_id)
    _settle_waiting(session, account.id, found.rows, ids)
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
    """Return (kind, value) of every alias, and of every name, -> (id, name) of its payee."""
    called = session.execute(select(Payee.id, Payee.name).where(Payee.owner_id == session.actor.owner_id))
    rows = session.execute(
        select(PayeeAlias.kind, PayeeAlias.value, Payee.id, Payee.name)
        .join(Payee, (Payee.id == PayeeAlias.payee_id) & (Payee.owner_id == PayeeAlias.owner_id))
        .where(PayeeAlias.owner_id == session.actor.owner_id)
    )
    written = {(kind, value): (payee_id, name) for kind, value, payee_id, name in rows}
    return written | {(NAME, name): (payee_id, name) for payee_id, name in called}


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
    count = len(rows)
    entries = [row.entry for row in rows if row.entry is not None]
    found = [_payee_of(entry, payees) for entry in entries]
    transaction_ids, days = [ids[row.position] for row in rows], [entry.date for entry in entries]
    insert_columns(
        session,
        Transaction,
        {
            "id": transaction_ids,
            "date": days,
            "value_date": [entry.value_date for entry in entries],
            "state": [TransactionState.BOOKED.value] * count,
            "payee_id": [payee_id for payee_id, _ in found],
            "counterparty": [entry.counterparty for entry in entries],
            "purpose": [entry.purpose for entry in entries],
            "iban": [entry.iban[:34] for entry in entries],
            "note": [""] * count,
            "tags": _tags(said),
            "search": [
                searchable(entry.counterparty, entry.purpose, payee, *one.tags)
                for entry, one, (_, payee) in zip(entries, said, found, strict=True)
            ],
            "batch_id": [batch_id] * count,
            "version": [1] * count,
            "created_at": [now] * count,
        },
    )
    common: dict[str, Sequence[Any]] = {"transaction_id": transaction_ids, "date": days}
    own = common | {"amount_minor": [entry.amount_minor for entry in entries]}
    other = common | {"amount_minor": [-entry.amount_minor for entry in entries]}
    _insert_sides(session, 0, account.currency, new_id, own, [account.id] * count)
    _insert_sides(session, 1, account.currency, new_id, other, [None] * count, [one.part for one in said])


_NOTHING = Part(0)


def _insert_sides(
    session: OwnedSession,
    position: int,
    currency: str,
    new_id: NewId,
    given: Mapping[str, Sequence[Any]],
    account_ids: Sequence[str | None],
    parts: Sequence[Part] = (),
) -> None:
    """Insert one posting of each transaction: the account's own, or (`parts`) what it was for."""
    count = len(account_ids)
    told = parts or [_NOTHING] * count
    insert_columns(
        session,
        Posting,
        {
            "id": new_ids(new_id, count),
            "position": [position] * count,
            "booked": [True] * count,
            "account_id": account_ids,
            "category_id": [part.category_id for part in told],
            "currency": [currency] * count,
            "memo": [""] * count,
            "source": [part.source for part in told],
            "confidence": [part.confidence for part in told],
            "reason": [part.reason for part in told],
            **given,
        },
    )


def _tags(said: Sequence[Said]) -> list[list[str]]:
    """Return the tags of each line; the same list where nothing has any, so that it is put down as JSON once."""
    if any(one.tags for one in said):
        return [list(one.tags) for one in said]
    return [[]] * len(said)


def _payee_of(entry: Entry, payees: Mapping[tuple[str, str], tuple[str, str]]) -> tuple[str | None, str]:
    if not payees:
        return None, ""
    found = payees.get((TEXT, fold(entry.counterparty)[:200])) if entry.counterparty else None
    if found is None and entry.iban:
        found = payees.get((IBAN, entry.iban))
    return found or payees.get((NAME, entry.counterparty)) or (None, "")


def _settle_waiting(session: OwnedSession, account_id: str, rows: Sequence[PreviewRow], ids: Mapping[int, str]) -> None:
    """Let lines wait no more that came again, since what they resembled is gone, and are booked or wait anew now."""
    owner = session.actor.owner_id
    undone = select(ImportBatch.id).where(ImportBatch.owner_id == owner, ImportBatch.undone_at.is_not(None))
    there = exists().where(Transaction.owner_id == RawRow.owner_id, Transaction.id == RawRow.transaction_id)
    query = select(RawRow).where(
        RawRow.owner_id == owner, RawRow.account_id == account_id, RawRow.fate == RowFate.TWIN.value, not_(there),
        RawRow.batch_id.not_in(undone),
    )  # fmt: skip
    waiting: dict[tuple[str, int | None], list[RawRow]] = {}
    for line in session.scalars(query.order_by(RawRow.batch_id, RawRow.position)):
        waiting.setdefault((line.bank_id or line.content_key, line.amount_minor), []).append(line)
    for row in rows if waiting else ():
        at = ids.get(row.position) or row.twin_id
        if row.entry is None or at is None:
            continue
        same = waiting.get((kept_id(row.entry.bank_id) or row.key, row.entry.amount_minor))
        if same:
            line = same.pop(0)
            line.fate, line.transaction_id = RowFate.KNOWN.value, at


def _keep_lines(
    session: OwnedSession,
    account_id: str,
    batch_id: str,
    rows: Sequence[PreviewRow],
    ids: Mapping[int, str],
    new_id: NewId,
) -> None:
    """Keep every line but those that were known already: what it said, what became of it, why."""
    kept = [row for row in rows if row.fate is not RowFate.KNOWN]
    for start in range(0, len(kept), _AT_ONCE):
        some = kept[start : start + _AT_ONCE]
        count, entries = len(some), [row.entry for row in some]
        booked = [ids.get(row.position) for row in some]
        insert_columns(
            session,
            RawRow,
            {
                "id": new_ids(new_id, count),
                "batch_id": [batch_id] * count,
                "account_id": [account_id] * count,
                "position": [row.position for row in some],
                "date": [entry.date if entry is not None else None for entry in entries],
                "amount_minor": [entry.amount_minor if entry is not None else None for entry in entries],
                "content_key": [row.key for row in some],
                "bank_id": [kept_id(entry.bank_id) if entry is not None else "" for entry in entries],
                "fate": [RowFate.NEW.value if at else row.fate.value for row, at in zip(some, booked, strict=True)],
                "reason": [" ".join(_reasons(row, at)) for row, at in zip(some, booked, strict=True)],
                "transaction_id": [at or row.twin_id for row, at in zip(some, booked, strict=True)],
                "data": [_data(row) for row in some],
            },
        )


def _reasons(row: PreviewRow, transaction_id: str | None) -> Sequence[str]:
    """Return why a line was not simply booked."""
    if row.fate is RowFate.NEW and transaction_id is None:
        return (LEFT_OUT, *row.reasons)
    return row.reasons


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
