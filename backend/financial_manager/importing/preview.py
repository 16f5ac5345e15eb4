"""What would become of each line of a statement, with the reason; looking changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased

from backend.financial_manager.importing.errors import StatementOfAnotherAccount
from backend.financial_manager.importing.keys import KnownLines, Stored, content_key, kept_id
from backend.financial_manager.importing.models import ImportBatch, RawRow, RowFate
from backend.financial_manager.ledger.accounts import balances_of, find_account
from backend.financial_manager.ledger.models import Posting, Transaction, UserAccount
from backend.financial_manager.ledger.openings import earliest_booking
from backend.financial_manager.statements import Entry, Statement, StatementFile, TableSeen
from backend.sdk.db import OwnedSession
from backend.sdk.errors import FieldProblem

_MET = (RowFate.TWIN.value, RowFate.KNOWN.value)
"""Fates of kept lines that are, or may be, a transaction which was there before."""
_NUMBERS = {"DE": 10, "AT": 11, "CH": 12, "LI": 12, "NL": 10}
"""How many signs at the end of an IBAN are the account's own number (registry of ISO 13616)."""
TWIN_DAYS = 4
"""How far apart two banks', or a person's and a bank's, days for the same thing may be."""


class PreviewRow(NamedTuple):
    """One line with its fate. `twin_id`: the transaction that may be the same; `reasons`: why a person should look."""

    position: int
    fate: RowFate
    entry: Entry | None
    key: str = ""
    reasons: tuple[str, ...] = ()
    twin_id: str | None = None
    text: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class BankSays:
    """The statement's balances against the ledger's (minor units). `difference_minor`: bank minus Homie, after it.

    `proof_holds`: whether opening and lines give the closing balance; None where the file does not give both.
    """

    opening_minor: int | None = None
    closing_minor: int | None = None
    closing_date: dt.date | None = None
    proof_holds: bool | None = None
    proof_difference_minor: int | None = None
    ledger_minor: int | None = None
    difference_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import of one file into one account would do.

    `opening`: (day, minor units) that the account would begin with, where it has no opening yet and the file tells it.
    `table`: how the file's table was read, where it is one. `span`: the first and last day of what the bank has booked.
    `others`: what the file calls accounts whose lines it also holds; `own_doubts`: all others than that.
    """

    account: UserAccount
    file_name: str
    file_hash: str
    format: str
    dialect: dict[str, str]
    rows: tuple[PreviewRow, ...]
    bank: BankSays
    names: tuple[str, ...] = ()
    own_doubts: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    opening: tuple[dt.date, int] | None = None
    booked_before: bool = False
    table: TableSeen | None = None
    span: tuple[dt.date, dt.date] | None = None

    @property
    def doubts(self) -> tuple[str, ...]:
        """Return what a person should know of the whole file before it is booked into this account."""
        return (*self.own_doubts, *self.doubts_of_others(()))

    def doubts_of_others(self, taken: Container[str]) -> tuple[str, ...]:
        """Say which other accounts' lines are left out; `taken`: names of those that take theirs of the file too."""
        left = [name for name in self.others if name not in taken]
        return (f"The file also holds lines of other accounts, which are left out: {', '.join(left)}.",) if left else ()

    def count(self, *fates: RowFate) -> int:
        """Return how many lines have one of these fates."""
        return sum(row.fate in fates for row in self.rows)


@dataclass(slots=True)
class _Told:
    """The lines of the file that belong to the account, before anything is known about them."""

    entries: list[Entry] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    unread: list[PreviewRow] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    others: list[str] = field(default_factory=list)


def hash_of(data: bytes) -> str:
    """Return what a file is recognised by."""
    return blake2b(data, digest_size=32).hexdigest()


def preview(
    session: OwnedSession, account_id: str, file: StatementFile, file_hash: str, *, trust: bool = False
) -> Preview:
    """Say what would become of each line of a file in an account.

    `trust`: take the file for this account's although it names another. Raises `AccountMissing` and
    `StatementOfAnotherAccount`.
    """
    account = find_account(session, account_id, "body.account_id")
    told = _told(account, file, _others(session, account), trust=trust)
    opening = _opening(session, account, told)
    begins = account.opening_date if opening is None else opening[0]
    span = _days(told.entries)
    known = KnownLines() if span is None else KnownLines.of(_known(session, account.id, *span))
    rows = [_fate(number, entry, account, begins, known) for number, entry in enumerate(told.entries)]
    rows = _with_twins(session, account, file.format, [_reissued(row, known) for row in rows])
    rows += [row._replace(position=len(rows) + number) for number, row in enumerate(told.unread)]
    return Preview(
        account=account,
        file_name=file.name,
        file_hash=file_hash,
        format=file.format,
        dialect=dict(file.dialect),
        rows=tuple(rows),
        bank=_bank_says(session, account, told, rows, opening),
        names=tuple(sorted(told.names)),
        own_doubts=tuple(told.doubts),
        others=tuple(told.others),
        opening=opening,
        booked_before=_booked_before(session, account.id, file_hash),
        table=file.table,
        span=_days([entry for entry in told.entries if entry.booked]),
    )


def _days(entries: Sequence[Entry]) -> tuple[dt.date, dt.date] | None:
    """Return the first and last day of entries."""
    days = [entry.date for entry in entries if entry.date is not None]
    return (min(days), max(days)) if days else None


def _others(session: OwnedSession, account: UserAccount) -> list[UserAccount]:
    """Return the household's other accounts of that currency; one IBAN may stand for an account in each currency."""
    query = select(UserAccount).where(UserAccount.owner_id == session.actor.owner_id, UserAccount.id != account.id)
    return list(session.scalars(query.where(UserAccount.currency == account.currency)))


def _told(account: UserAccount, file: StatementFile, others: Sequence[UserAccount], *, trust: bool) -> _Told:
    """Choose what the file says of this account; one that is of another of the household's is no new name of this."""
    told = _Told(doubts=[doubt.reason for doubt in file.doubts])
    named = names_in(file)
    meant = {name: accounts_called([account, *others], name) for name in named}
    mine = {name for name in named if account in meant[name]}
    strange = _knows_itself(account) or any(meant.values())
    if named and not mine and (len(named) > 1 or (strange and not trust)):
        raise _another(account, sorted(named))
    for statement in file.statements:
        took = False
        for entry in statement.entries:
            name = entry.account or statement.account
            if name is None or not mine or name in mine:
                told.entries.append(entry)
                took = True
                if name is not None and (name in mine or not meant.get(name)):
                    told.names.add(name)
        if took or (not statement.entries and (statement.account in mine or not mine)):
            told.statements.append(statement)
            told.doubts += [doubt.reason for doubt in statement.doubts]
            told.unread += [
                PreviewRow(0, RowFate.UNREAD, None, reasons=(row.reason,), text=row.text[:500], line=row.line)
                for row in statement.skipped
            ]
    told.others = sorted(named - mine) if mine else []
    return told


def names_in(file: StatementFile) -> set[str]:
    """Return what a file calls the accounts whose lines it holds."""
    return {name for one in file.statements for name in _names(one)}


def _names(statement: Statement) -> Iterator[str]:
    """Give the accounts that a statement speaks of."""
    own = {entry.account for entry in statement.entries if entry.account}
    if own:
        yield from own
    elif statement.account:
        yield statement.account


def is_of(account: UserAccount, name: str) -> bool:
    """Tell whether a file's name of an account means this one: its IBAN, its number in it, its name, known before."""
    plain = "".join(name.split()).upper()
    if plain in account.profile.get("names", ()) or plain == "".join(account.name.split()).upper():
        return True
    number = plain.rpartition("/")[2].lstrip("0")
    return bool(account.iban) and (plain == account.iban or (len(number) >= 6 and _is_number_in(account.iban, number)))


def accounts_called(accounts: Iterable[UserAccount], name: str) -> list[UserAccount]:
    """Return the accounts that a file's name means: those with this IBAN, whatever else was once called so."""
    meant, plain = [one for one in accounts if is_of(one, name)], "".join(name.split()).upper()
    return [one for one in meant if one.iban == plain] or meant


def _is_number_in(iban: str, number: str) -> bool:
    """Tell whether an IBAN is of an account number (without zeros before it): 2013000 is not the end of 532013000."""
    signs = _NUMBERS.get(iban[:2], 0)
    return iban[-signs:].lstrip("0") == number if len(number) <= signs else iban.endswith(number)


def _knows_itself(account: UserAccount) -> bool:
    return bool(account.iban or account.profile.get("names"))


def _another(account: UserAccount, named: Sequence[str]) -> StatementOfAnotherAccount:
    if len(named) > 1:
        problem = f"The file holds several accounts ({', '.join(named[:5])}), none of them known as {account.name}."
        remedy = f"Call {account.name} what the file calls it, or give it its IBAN."
    else:
        problem = f"The file is of the account {named[0]}, which is not known as {account.name}."
        remedy = "Choose the other account, or say that the file belongs here all the same."
    return StatementOfAnotherAccount(fields=[FieldProblem("body.account_id", problem, remedy)])


def _opening(session: OwnedSession, account: UserAccount, told: _Told) -> tuple[dt.date, int] | None:
    """Return the day and balance that an account without opening would begin with, as its first statement tells.

    What lines before that statement moved is taken off: the opening is of the day before the first line of the file.
    None where the account has bookings of that day or before: the opening would count them once more. None where it was
    reconciled: what it held then would change.
    """
    days = [entry.date for entry in told.entries if entry.date is not None]
    if account.opening_date is not None or account.reconciled_through is not None or not days:
        return None
    begun = [
        (min(dated), one.opening.date or min(dated), one.opening.amount_minor)
        for one in told.statements
        if one.opening is not None and one.opening.currency in (None, account.currency)
        if (dated := [entry.date for entry in one.entries if entry.date is not None])
    ]
    if not begun:
        return None
    first, _, amount = min(begun)
    earlier = [one for one in told.entries if one.date is not None and one.date < first]
    before = sum(one.amount_minor for one in earlier if one.booked and one.currency in (None, account.currency))
    day = min(days) - dt.timedelta(days=1)
    booked = earliest_booking(session, account.id)
    return None if booked is not None and booked <= day else (day, amount - before)


def _known(session: OwnedSession, account_id: str, first: dt.date, last: dt.date) -> Iterator[Stored]:
    """Give the lines of this account that were booked before, or met a transaction, around these days.

    What met a transaction that is gone is new again, unless the bank's own line of it still stands: that was deleted.
    """
    margin = dt.timedelta(days=31)  # a bank may move the day of a booking that it names by the same id
    undone = select(ImportBatch.id).where(
        ImportBatch.owner_id == session.actor.owner_id, ImportBatch.undone_at.is_not(None)
    )
    line = aliased(RawRow)
    there = exists().where(Transaction.owner_id == RawRow.owner_id, Transaction.id == RawRow.transaction_id)
    told = exists().where(
        line.owner_id == RawRow.owner_id, line.transaction_id == RawRow.transaction_id,
        line.fate == RowFate.NEW.value, line.batch_id.not_in(undone),
    )  # fmt: skip
    rows = session.execute(
        select(RawRow.bank_id, RawRow.content_key, RawRow.amount_minor, RawRow.transaction_id)
        .where(
            RawRow.owner_id == session.actor.owner_id,
            or_(RawRow.fate == RowFate.NEW.value, there, told),
            RawRow.account_id == account_id,
            RawRow.date.between(first - margin, last + margin),
            RawRow.fate.in_((RowFate.NEW.value, *_MET)),
            RawRow.transaction_id.is_not(None),
            RawRow.batch_id.not_in(undone),
        )
        .order_by(RawRow.transaction_id)
    )
    for bank_id, key, amount, transaction_id in rows:
        yield Stored(bank_id, key, amount or 0, transaction_id or "")


def _fate(number: int, entry: Entry, account: UserAccount, begins: dt.date | None, known: KnownLines) -> PreviewRow:
    """Say what becomes of one line."""
    reasons = tuple([doubt.reason for doubt in entry.doubts]) if entry.doubts else ()
    currency = entry.currency or account.currency
    key = content_key(entry, currency)
    day = entry.date
    may_count = day is not None and currency == account.currency and entry.booked
    if may_count and known.lines and known.take(kept_id(entry.bank_id), key, entry.amount_minor):
        return PreviewRow(number, RowFate.KNOWN, entry, "", line=entry.line)
    row = PreviewRow(number, RowFate.NEW, entry, key, reasons, line=entry.line)
    if day is None:
        return row._replace(fate=RowFate.UNREAD, reasons=(*reasons, "The line has no day."))
    if currency != account.currency:
        told = f"The line is in {currency}, the account in {account.currency}."
        return row._replace(fate=RowFate.UNREAD, reasons=(*reasons, told))
    if not entry.booked:
        return row._replace(fate=RowFate.UNREAD)
    if begins is not None and day <= begins:
        return row._replace(fate=RowFate.EARLIER, reasons=(f"The account begins after {begins.isoformat()}.",))
    if account.reconciled_through is not None and day <= account.reconciled_through:
        told = f"The account is reconciled up to {account.reconciled_through.isoformat()}."
        return row._replace(fate=RowFate.LOCKED, reasons=(told,))
    if account.closed_on is not None and day > account.closed_on:
        told = f"The account was closed on {account.closed_on.isoformat()}: leave the line out, or open it again."
        return row._replace(reasons=(*reasons, told))
    return row


def _reissued(row: PreviewRow, known: KnownLines) -> PreviewRow:
    """Mark a new line with an id that nobody knows whose day, amount and text are booked under another one."""
    if row.entry is None or not row.entry.bank_id or row.fate is not RowFate.NEW or not kept_id(row.entry.bank_id):
        return row
    twin_id = known.reissued(row.key)
    if twin_id is None:
        return row
    told = "Same day, amount and text are booked under another id."
    return row._replace(fate=RowFate.TWIN, twin_id=twin_id, reasons=(*row.reasons, told))


def _with_twins(session: OwnedSession, account: UserAccount, format: str, rows: list[PreviewRow]) -> list[PreviewRow]:
    """Mark new lines that are perhaps there already: by hand, from a file of another format, or of another account."""
    new = [row for row in rows if row.fate is RowFate.NEW]
    if not new:
        return rows
    free = _possible_twins(session, account, format, new)
    if not free:
        return rows
    marked: dict[int, PreviewRow] = {}
    for row in new:
        assert row.entry is not None
        assert row.entry.date is not None
        day = row.entry.date
        near = [one for one in free.get(row.entry.amount_minor, ()) if abs((one[0] - day).days) <= TWIN_DAYS]
        if near:
            best = min(near, key=lambda one: (abs((one[0] - day).days), one[1]))
            free[row.entry.amount_minor].remove(best)
            told = f"There is one of this amount already, on {best[0].isoformat()}. Is it the same?"
            marked[row.position] = row._replace(fate=RowFate.TWIN, twin_id=best[1], reasons=(*row.reasons, told))
    return [marked.get(row.position, row) for row in rows]


def _possible_twins(
    session: OwnedSession, account: UserAccount, format: str, new: Sequence[PreviewRow]
) -> dict[int, list[tuple[dt.date, str]]]:
    """Return amount -> (day, transaction) of what came another way and was met by no line of such a file yet."""
    days = [row.entry.date for row in new if row.entry is not None and row.entry.date is not None]
    margin = dt.timedelta(days=TWIN_DAYS)
    owner = session.actor.owner_id
    such = select(ImportBatch.id).where(
        ImportBatch.owner_id == owner, ImportBatch.format == format, ImportBatch.undone_at.is_(None)
    )
    met = select(RawRow.transaction_id).where(
        RawRow.owner_id == owner, RawRow.account_id == account.id, RawRow.fate.in_(_MET),
        RawRow.transaction_id.is_not(None), RawRow.batch_id.in_(such),
    )  # fmt: skip
    rows = session.execute(
        select(Posting.date, Posting.transaction_id, Posting.amount_minor)
        .join(Transaction, (Transaction.id == Posting.transaction_id) & (Transaction.owner_id == Posting.owner_id))
        .outerjoin(
            ImportBatch, (ImportBatch.id == Transaction.batch_id) & (ImportBatch.owner_id == Transaction.owner_id)
        )
        .where(
            Posting.owner_id == owner,
            Posting.account_id == account.id,
            Posting.date.between(min(days) - margin, max(days) + margin),
            Posting.booked.is_(True),  # what is only planned is no booking of the bank
            or_(ImportBatch.id.is_(None), ImportBatch.format != format, ImportBatch.account_id != account.id),
            Posting.transaction_id.not_in(met),
        )
        .order_by(Posting.date, Posting.transaction_id)
    )
    found: dict[int, list[tuple[dt.date, str]]] = {}
    for day, transaction_id, amount in rows:
        found.setdefault(int(amount), []).append((day, transaction_id))
    return found


def _bank_says(
    session: OwnedSession,
    account: UserAccount,
    told: _Told,
    rows: Sequence[PreviewRow],
    opening: tuple[dt.date, int] | None,
) -> BankSays:
    """Compare what the bank says the account holds with what Homie would say after the import."""
    proofs = [one.proof for one in told.statements if one.proof is not None]
    mine = (None, account.currency)
    openings = [one.opening for one in told.statements if one.opening is not None and one.opening.currency in mine]
    closings = [one.closing for one in told.statements if one.closing is not None and one.closing.currency in mine]
    days = [one.entry.date for one in rows if one.entry is not None and one.entry.date is not None] if closings else []
    if not closings or not days:
        return BankSays(opening_minor=openings[0].amount_minor if openings else None)
    last = max(closings, key=lambda one: one.date or max(days))
    on = max(last.date or max(days), max(days))
    begins = account.opening_date if opening is None else opening[0]
    ledger = None
    if begins is not None:
        before, _, _ = balances_of(session, [account.id], on).get(account.id, (0, 0, None))
        start = account.opening_minor if opening is None else opening[1]
        new = sum(row.entry.amount_minor for row in rows if row.fate is RowFate.NEW and row.entry is not None)
        ledger = start + before + new
    return BankSays(
        opening_minor=openings[0].amount_minor if openings else None,
        closing_minor=last.amount_minor,
        closing_date=last.date,
        proof_holds=all(proof.holds for proof in proofs) if proofs else None,
        proof_difference_minor=sum(proof.difference_minor for proof in proofs) if proofs else None,
        ledger_minor=ledger,
        difference_minor=last.amount_minor - ledger if ledger is not None else None,
    )


def _booked_before(session: OwnedSession, account_id: str, file_hash: str) -> bool:
    query = select(ImportBatch.id).where(
        ImportBatch.owner_id == session.actor.owner_id,
        ImportBatch.account_id == account_id,
        ImportBatch.file_hash == file_hash,
        ImportBatch.undone_at.is_(None),
    )
    return session.scalars(query.limit(1)).first() is not None
