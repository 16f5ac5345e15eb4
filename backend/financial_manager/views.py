"""What rows of the ledger look like on the wire."""

from __future__ import annotations

from backend.financial_manager.change_facts import RowFacts
from backend.financial_manager.changes import ChangeDetail, may_be_undone
from backend.financial_manager.importing.models import ImportBatch, RowFate
from backend.financial_manager.importing.preview import Preview, PreviewRow
from backend.financial_manager.ledger.accounts import AccountBalance
from backend.financial_manager.ledger.models import ChangedRow, LedgerChange, Posting, TransactionState
from backend.financial_manager.ledger.transactions import Entered
from backend.financial_manager.schemas import AccountOut, ChangedRowOut, ChangeOut, PartOut, TransactionOut
from backend.financial_manager.schemas_imports import (
    MOST_ROWS,
    BankSaysOut,
    ImportOut,
    PreviewOut,
    PreviewRowOut,
    TableOut,
)

_FIRST = (RowFate.TWIN, RowFate.UNREAD, RowFate.LOCKED, RowFate.EARLIER, RowFate.NEW, RowFate.KNOWN)


def account_out(found: AccountBalance) -> AccountOut:
    """Return an account as the API shows it."""
    values = {name: getattr(found.account, name) for name in AccountOut.model_fields if hasattr(found.account, name)}
    return AccountOut(**values, balance_minor=found.balance_minor, bookings=found.bookings, last=found.last)


def transaction_out(entered: Entered) -> TransactionOut:
    """Return a transaction as its account sees it: what was spent is negative."""
    row, own = entered.transaction, entered.postings[0]
    names = ("id", "date", "value_date", "counterparty", "purpose", "iban", "note", "batch_id", "version")
    return TransactionOut(
        **{name: getattr(row, name) for name in names},
        account_id=own.account_id or "",
        amount_minor=own.amount_minor,
        currency=own.currency,
        planned=row.state == TransactionState.PLANNED.value,
        payee=entered.payee,
        tags=list(row.tags),
        parts=[_part_out(posting) for posting in entered.postings[1:]],
    )


def _part_out(posting: Posting) -> PartOut:
    names = ("currency", "category_id", "account_id", "memo", "source", "confidence", "reason", "fx_rate", "fx_day")
    return PartOut(amount_minor=-posting.amount_minor, **{name: getattr(posting, name) for name in names})


def change_out(change: LedgerChange, detail: ChangeDetail | None = None) -> ChangeOut:
    """Return a step as the API shows it; with its rows, where they were read (`detail`)."""
    return ChangeOut(
        id=change.id,
        at=change.at,
        user_id=change.user_id,
        kind=change.kind,
        title=change.title,
        undoes=change.undoes,
        undone=change.undone_by is not None,
        can_undo=detail.can_undo if detail is not None else may_be_undone(change),
        import_id=change.subject_id or None,
        rows=[_changed_row_out(*pair) for pair in zip(detail.rows, detail.facts, strict=True)] if detail else [],
    )


def _changed_row_out(row: ChangedRow, facts: RowFacts) -> ChangedRowOut:
    return ChangedRowOut(
        table_name=row.table_name,
        row_id=row.row_id,
        before=row.before,
        after=row.after,
        currency=facts.currency,
        subject=facts.subject,
        of_account=facts.of_account,
        names=dict(facts.names),
    )


def import_out(batch: ImportBatch, account: str) -> ImportOut:
    """Return an import as the API shows it."""
    values = {name: getattr(batch, name) for name in ImportOut.model_fields if name != "account"}
    return ImportOut(**values, account=account)


def preview_out(found: Preview) -> PreviewOut:
    """Return a preview as the API shows it: of very many lines those that a person should look at first."""
    span = found.span
    shown = found.rows
    if len(shown) > MOST_ROWS:
        shown = tuple(sorted(shown, key=lambda row: (_FIRST.index(row.fate), row.position))[:MOST_ROWS])
    return PreviewOut(
        account_id=found.account.id,
        file_name=found.file_name,
        file_hash=found.file_hash,
        format=found.format,
        currency=found.account.currency,
        first=span[0] if span else None,
        last=span[1] if span else None,
        new=found.count(RowFate.NEW),
        known=found.count(RowFate.KNOWN),
        twins=found.count(RowFate.TWIN),
        left_out=found.count(RowFate.EARLIER, RowFate.LOCKED, RowFate.UNREAD),
        doubts=list(found.doubts),
        bank=BankSaysOut.model_validate(found.bank),
        opening_date=found.opening[0] if found.opening else None,
        opening_minor=found.opening[1] if found.opening else None,
        booked_before=found.booked_before,
        table=TableOut.model_validate(found.table) if found.table is not None else None,
        rows=[_row_out(row) for row in shown],
    )


def _row_out(row: PreviewRow) -> PreviewRowOut:
    entry = row.entry
    return PreviewRowOut(
        position=row.position,
        fate=row.fate,
        line=row.line,
        date=entry.date if entry is not None else None,
        amount_minor=entry.amount_minor if entry is not None else None,
        counterparty=entry.counterparty if entry is not None else "",
        purpose=entry.purpose if entry is not None else "",
        text=row.text,
        reasons=list(row.reasons),
        twin_id=row.twin_id,
    )
