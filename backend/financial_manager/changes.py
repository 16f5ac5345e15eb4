"""The record of changes: look at it, and take a step back. What was taken back can be done again the same way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from backend.financial_manager.banks.fetching import FORMAT
from backend.financial_manager.banks.linking import ask_again, detach
from backend.financial_manager.change_facts import RowFacts, facts_of
from backend.financial_manager.construction.following import let_payments_go, refuse_import_that_paid
from backend.financial_manager.construction.undoing import check_building_undone
from backend.financial_manager.depots.models import SecurityTrade
from backend.financial_manager.depots.undoing import check_undone
from backend.financial_manager.errors import ChangeMissing, ChangeOutdated, ChangeUndone, ImportAgain
from backend.financial_manager.goals.undoing import check_goals_undone
from backend.financial_manager.importing.undoing import find_batch, halves_left, refuse_imported, undo_batch
from backend.financial_manager.ledger.accounts import find_account
from backend.financial_manager.ledger.change_log import AUDITED, ChangeLog, plain, step_of, typed
from backend.financial_manager.ledger.locks import FREE, check_days, check_opening_unlocked, check_unlocked, opening_of
from backend.financial_manager.ledger.models import (
    Attachment,
    ChangedRow,
    LedgerChange,
    Payee,
    PayeeAlias,
    Posting,
    Transaction,
    TransferLink,
    UserAccount,
)
from backend.financial_manager.ledger.openings import check_begun, check_closing, check_open, check_opening
from backend.financial_manager.ledger.transfer_links import links_of, separate, separate_broken, unmark
from backend.financial_manager.ledger.undoing import check_ledger_undone
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession

VERSION = "version"
_LOOKED_UP = 500


@dataclass(frozen=True, slots=True)
class ChangeDetail:
    """One step with the rows it touched, what is to be said of each, and whether it can be taken back now."""

    change: LedgerChange
    rows: tuple[ChangedRow, ...]
    facts: tuple[RowFacts, ...]
    can_undo: bool


class Changes:
    """Read the record of the space that an actor writes to, and take steps back."""

    def __init__(self, db: Database, log: ChangeLog) -> None:
        self._db = db
        self._log = log

    def page(self, actor: Actor, *, limit: int, before: int | None = None) -> list[LedgerChange]:
        """Return steps, newest first, `limit + 1` for paging."""

        def work(session: OwnedSession) -> list[LedgerChange]:
            query = _own(session).order_by(LedgerChange.seq.desc()).limit(limit + 1)
            return list(session.scalars(query if before is None else query.where(LedgerChange.seq < before)))

        return self._db.read(actor, work)

    def detail(self, actor: Actor, change_id: str) -> ChangeDetail:
        """Return one step with its rows; raises `ChangeMissing`."""

        def work(session: OwnedSession) -> ChangeDetail:
            change = _find(session, change_id)
            rows = _rows(session, change_id)
            can_undo = may_be_undone(change) and (bool(change.subject_id) or _as_left(session, rows))
            return ChangeDetail(change, tuple(rows), tuple(facts_of(session, rows)), can_undo)

        return self._db.read(actor, work)

    def undo(self, actor: Actor, change_id: str) -> LedgerChange:
        """Take one step back, whole or not at all; the undo is a step itself.

        Raises `ChangeMissing`, `ChangeUndone`, `ChangeOutdated` where a later step touched the same rows, and
        `PeriodReconciled` where a booking of a reconciled time would change, `TradeInvalid` where a depot would
        have sold what it did not hold, `BuildingBroken` where a contract of a house would no longer add up, and
        `BookingPays` for an import whose bookings paid something.
        """
        return self._log.write(actor, "undo", _undo, change_id)


def may_be_undone(change: LedgerChange) -> bool:
    """Tell whether a step can be taken back as far as it tells itself: not twice, and no undo of an import.

    An import that was taken back comes again from its file only.
    """
    return change.undone_by is None and not (change.subject_id and change.undoes is not None)


def _as_left(session: OwnedSession, rows: list[ChangedRow]) -> bool:
    """Tell whether all rows still are as a step left them."""
    last: dict[tuple[str, str], dict[str, Any] | None] = {}
    for row in rows:
        known = last.get((row.table_name, row.row_id)) or {}
        last[row.table_name, row.row_id] = {**known, **row.after} if row.after is not None else None
    by_table: dict[str, dict[str, dict[str, Any] | None]] = {}
    for (table, row_id), after in last.items():
        by_table.setdefault(table, {})[row_id] = after
    return all(_table_as_left(session, table, wanted) for table, wanted in by_table.items())


def _table_as_left(session: OwnedSession, table: str, wanted: Mapping[str, Mapping[str, Any] | None]) -> bool:
    model: Any = AUDITED[table]
    ids = list(wanted)
    for start in range(0, len(ids), _LOOKED_UP):
        some = ids[start : start + _LOOKED_UP]
        query = select(model).where(model.owner_id == session.actor.owner_id, model.id.in_(some))
        found = {row.id: row for row in session.scalars(query)}
        for row_id in some:
            row, after = found.get(row_id), wanted[row_id]
            if (row is None) != (after is None) or (row is not None and after is not None and _differs(row, after)):
                return False
    return True


def _undo(session: OwnedSession, change_id: str) -> LedgerChange:
    change = _find(session, change_id)
    if change.undone_by is not None:
        raise ChangeUndone()
    step = step_of(session)
    step.undoes, step.title = change.id, change.title
    if change.subject_id and change.undoes is not None:
        raise ImportAgain()
    if change.subject_id:
        refuse_import_that_paid(session, change.subject_id)
    halves = halves_left(session, change.subject_id) if change.subject_id else []
    if change.subject_id:
        batch = undo_batch(session, change.subject_id, step.at)
        if batch.format == FORMAT:
            ask_again(session, batch.account_id)
        step.subject_id = change.subject_id
    rows = _rows(session, change_id)
    for row in reversed(rows):
        _take_back(session, row, lenient=bool(change.subject_id))
    unmark(session, halves)  # after the rows: a category that came back stays
    separate_broken(session, _bookings(session, rows))
    check_ledger_undone(session, rows)
    check_undone(session, rows)
    check_building_undone(session, rows)
    check_goals_undone(session, rows)
    change.undone_by = step.id
    if change.undoes is not None:  # an undo that is undone: the first step stands again
        _find(session, change.undoes).undone_by = None
    return step


def _bookings(session: OwnedSession, rows: Sequence[ChangedRow]) -> list[str]:
    """Return the bookings whose transfers a step may have changed: those that it changed, and those of its links."""
    changed = {row.row_id for row in rows if row.table_name == Transaction.__tablename__}
    links = [row.row_id for row in rows if row.table_name == TransferLink.__tablename__]
    for start in range(0, len(links), _LOOKED_UP):
        some = TransferLink.id.in_(links[start : start + _LOOKED_UP])
        query = select(TransferLink.out_id).where(TransferLink.owner_id == session.actor.owner_id, some)
        changed |= set(session.scalars(query))
    return sorted(changed)


def _take_back(session: OwnedSession, row: ChangedRow, *, lenient: bool) -> None:
    """Put one row back as it was; where it is no longer as the step left it, refuse (or, `lenient`, leave it so)."""
    model: Any = AUDITED[row.table_name]
    columns, free = model.__table__.columns, _is_free(row)
    found = session.scalars(
        select(model).where(model.owner_id == session.actor.owner_id, model.id == row.row_id)
    ).first()
    if row.after is None:
        if found is not None or row.before is None:
            raise ChangeOutdated()
        found = model(**{name: typed(columns[name], value) for name, value in row.before.items() if name in columns})
        session.add(found)
    elif found is None or _differs(found, row.after):
        if not lenient:
            raise ChangeOutdated()
        if isinstance(found, UserAccount) and row.before is not None:
            _take_opening_back(session, found, row.before, row.after)
        return
    else:
        if not free:
            _check(session, found)
        if row.before is None:
            _detach(session, found)
            session.delete(found)
        else:
            _put_back(found, row.before, columns)
    try:
        session.flush()
    except sa.exc.IntegrityError:
        raise ChangeOutdated() from None
    if row.before is not None:
        if not free:
            _check(session, found)
        _check_brought(session, found)
        _check_span(session, found, row.before)


def _detach(session: OwnedSession, row: Any) -> None:
    """Delete what hangs on a transaction through the session, so that the undo can be undone with it.

    What it paid in a house is open again. A bank's account that is booked into an account which goes is let go of.
    A payee that is written in more ways by now stays: raises `ChangeOutdated`.
    """
    if isinstance(row, Payee) and session.scalars(select(PayeeAlias).where(PayeeAlias.payee_id == row.id)).first():
        raise ChangeOutdated()
    if isinstance(row, UserAccount):
        refuse_imported(session, row.id)
        detach(session, row.id)
    if isinstance(row, Transaction):
        for attached in session.scalars(select(Attachment).where(Attachment.transaction_id == row.id)):
            session.delete(attached)
        session.flush()
        separate(session, [row.id])
        for denied in links_of(session, [row.id]):
            session.delete(denied)
        let_payments_go(session, [row.id])


def _differs(found: Any, after: Mapping[str, Any]) -> bool:
    """Tell whether a row is no longer as a step left it; its version counts every change and tells nothing here."""
    return any(plain(getattr(found, name, None)) != value for name, value in after.items() if name != VERSION)


def _put_back(found: Any, before: Mapping[str, Any], columns: Any) -> None:
    """Give a row its values before a step; what an account held when it was reconciled stays."""
    if isinstance(found, UserAccount):
        opening, through = opening_of(found), found.reconciled_through
        _restore(found, before, columns)
        check_opening_unlocked(found, opening, through)
    else:
        _restore(found, before, columns)


def _take_opening_back(
    session: OwnedSession, account: UserAccount, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    """Take back the opening that an import gave an account of which something else was learned since."""
    opening = {name: value for name, value in before.items() if name.startswith("opening_")}
    if opening and not _differs(account, {name: after[name] for name in opening}):
        _put_back(account, {**opening, VERSION: account.version}, type(account).__table__.columns)
        session.flush()


def _restore(found: Any, before: Mapping[str, Any], columns: Any) -> None:
    for name, value in before.items():
        if name == VERSION:
            setattr(found, name, getattr(found, name) + 1)  # it only grows: who looked before must look again
        else:
            setattr(found, name, typed(columns[name], value))


def _check_brought(session: OwnedSession, row: Any) -> None:
    """Refuse a booking whose import was taken back since: it comes again from its file only, else it would be twice."""
    if isinstance(row, Transaction) and row.batch_id and find_batch(session, row.batch_id).undone_at is not None:
        raise ChangeOutdated()


def _is_free(row: ChangedRow) -> bool:
    """Tell whether a step changed only what may change in a reconciled time, so that it may be taken back there too."""
    if row.table_name not in (Transaction.__tablename__, Posting.__tablename__):
        return False
    return row.before is not None and row.after is not None and FREE.issuperset(row.before)


def _check(session: OwnedSession, row: Any) -> None:
    """Refuse to touch what lies in a reconciled time."""
    if isinstance(row, Transaction):
        check_unlocked(session, [row.id], days=[row.date])
    if isinstance(row, Posting) and row.account_id is not None:
        account = find_account(session, row.account_id)
        check_days(session, [account], row.date)
    elif isinstance(row, Posting):  # a part of it: its account says whether it may change
        check_unlocked(session, [row.transaction_id], days=[row.date])
    if isinstance(row, SecurityTrade):
        check_days(session, [find_account(session, row.depot_id)], row.date)


def _check_span(session: OwnedSession, row: Any, before: Mapping[str, Any]) -> None:
    """Refuse bookings outside of their account's opening, which counts them already, and its closing."""
    if isinstance(row, Posting) and row.account_id is not None:
        account = find_account(session, row.account_id)
        check_begun([account], row.date)
        if "date" in before or "account_id" in before:
            check_open([account], row.date)
    if isinstance(row, SecurityTrade) and ("date" in before or "depot_id" in before):
        check_open([find_account(session, row.depot_id)], row.date)
    if isinstance(row, UserAccount):
        check_opening(session, row)
        if "closed_on" in before:
            check_closing(session, row)


def _own(session: OwnedSession) -> Any:
    return select(LedgerChange).where(LedgerChange.owner_id == session.actor.owner_id)


def _find(session: OwnedSession, change_id: str) -> LedgerChange:
    change: LedgerChange | None = session.scalars(_own(session).where(LedgerChange.id == change_id)).first()
    if change is None:
        raise ChangeMissing()
    return change


def _rows(session: OwnedSession, change_id: str) -> list[ChangedRow]:
    return list(session.scalars(select(ChangedRow).where(ChangedRow.change_id == change_id).order_by(ChangedRow.seq)))
