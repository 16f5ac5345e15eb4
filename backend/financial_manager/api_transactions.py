"""API of transactions, of the record of changes, and of sums."""

from __future__ import annotations

import datetime as dt
from typing import Any

from backend.financial_manager.api_ledger import given, refuse_nothing
from backend.financial_manager.categorising import Waiting
from backend.financial_manager.finances import Finances
from backend.financial_manager.ledger.drafts import Draft, Part
from backend.financial_manager.ledger.listing import Wanted
from backend.financial_manager.ledger.transactions import BY_HAND
from backend.financial_manager.months import month_ends, whole_months
from backend.financial_manager.schemas import (
    CategorisedOut,
    CategoriseIn,
    ChangeOut,
    ChosenTransactionsIn,
    ExportOut,
    ExportQuery,
    IdPath,
    MonthsOut,
    MonthsQuery,
    MonthSumOut,
    PartIn,
    SuggestionOut,
    TransactionIn,
    TransactionOut,
    TransactionPatch,
    TransactionsDeletedOut,
    TransactionsQuery,
    WaitingOut,
    WorthOut,
    WorthPointOut,
    WorthQuery,
)
from backend.financial_manager.views import change_out, transaction_out
from backend.sdk.clock import Clock, local_day
from backend.sdk.concurrency import run_blocking
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.http import Group, Page, PageQuery, current_actor, page


def transaction_groups(finances: Finances, clock: Clock) -> list[Group]:
    """Return the groups of transactions, changes and reports."""
    return [_transactions(finances), _changes(finances), _reports(finances, clock)]


def _transactions(finances: Finances) -> Group:
    group = Group("transactions", url_prefix="/transactions", tag="Transactions")
    transactions = finances.transactions

    @group.get("", returns=Page[TransactionOut], errors=[404])
    def list_transactions(query: TransactionsQuery) -> Page[TransactionOut]:
        """List transactions, newest first: of an account, a category, an import, some days, with some words."""
        actor = current_actor()
        wanted = Wanted(**{name: getattr(query, name) for name in Wanted.__dataclass_fields__})
        rows = finances.listing.page(actor, wanted, limit=query.limit, after=_last_seen(query))
        return page([transaction_out(one) for one in rows], query.limit, lambda one: (one.date.isoformat(), one.id))

    @group.post("", returns=TransactionOut, status=201, errors=[404, 409], idempotent=True)
    def enter_transaction(body: TransactionIn) -> TransactionOut:
        """Enter a transaction by hand: for one category, split into parts, or as a transfer between your accounts."""
        values = body.model_dump(exclude={"parts", "category_id", "tags"})
        draft = Draft(**values, tags=tuple(body.tags), parts=_parts(body.parts, body.category_id, body.amount_minor))
        return transaction_out(transactions.create(current_actor(), draft))

    @group.get("/<id>", returns=TransactionOut, errors=[404])
    def get_transaction(path: IdPath) -> TransactionOut:
        """Show one transaction."""
        return transaction_out(transactions.get(current_actor(), path.id))

    _add_changing(group, finances)
    _add_filing(group, finances)
    return group


def _add_changing(group: Group, finances: Finances) -> None:
    transactions = finances.transactions

    @group.patch("/<id>", returns=TransactionOut, errors=[404, 409])
    def change_transaction(path: IdPath, body: TransactionPatch) -> TransactionOut:
        """Change some of a transaction."""
        actor = current_actor()
        return transaction_out(transactions.change(actor, path.id, _changes_of(finances, path.id, body), body.version))

    @group.post("/delete", returns=TransactionsDeletedOut, status=200, errors=[404, 409])
    def delete_transactions(body: ChosenTransactionsIn) -> TransactionsDeletedOut:
        """Delete transactions; undoing the change that the answer names brings them back.

        What they paid in a building project is open again.
        """
        return TransactionsDeletedOut.model_validate(transactions.delete(current_actor(), body.ids))


def _add_filing(group: Group, finances: Finances) -> None:
    transactions = finances.transactions

    @group.post("/categorise", returns=CategorisedOut, status=200, errors=[404])
    def categorise_transactions(body: CategoriseIn) -> CategorisedOut:
        """Say what transactions were for; those that are split into parts stay as they are.

        Learned at once. For one transaction the answer names others that may be the same.
        """
        actor = current_actor()
        count = transactions.categorise(actor, body.ids, body.category_id)
        similar = []
        if len(body.ids) == 1 and body.category_id is not None:
            similar = run_blocking(finances.categorising.similar, actor, body.ids[0], body.category_id)
        return CategorisedOut(count=count, similar=[transaction_out(one) for one in similar])

    @group.get("/inbox", returns=Page[WaitingOut])
    def list_inbox(query: PageQuery) -> Page[WaitingOut]:
        """List bookings of which nobody said what they were for, newest first, with what Homie would say."""
        actor = current_actor()
        rows = finances.listing.page(
            actor, Wanted(inbox=True, planned=False), limit=query.limit, after=_last_seen(query)
        )
        found = page(rows, query.limit, lambda one: (one.transaction.date.isoformat(), one.transaction.id))
        finances.categories.all(actor)
        waiting = run_blocking(finances.categorising.waiting, actor, found.items)
        return Page[WaitingOut](items=[waiting_out(one) for one in waiting], next_cursor=found.next_cursor)


def _last_seen(query: PageQuery) -> tuple[dt.date, str] | None:
    """Return day and id of the last transaction of the page before."""
    after = query.after(str, str)
    try:
        return (dt.date.fromisoformat(after[0]), str(after[1])) if after is not None else None
    except ValueError:
        problem = FieldProblem("query.cursor", "This is no cursor of this list.", "Start again without a cursor.")
        raise InvalidInput(fields=[problem]) from None


def waiting_out(found: Waiting) -> WaitingOut:
    """Return a waiting booking as the API shows it."""
    return WaitingOut(
        transaction=transaction_out(found.entered),
        suggestions=[SuggestionOut.model_validate(one) for one in found.suggestions],
        reason=found.reason,
    )


def _parts(parts: list[PartIn], category_id: str | None, amount_minor: int) -> tuple[Part, ...]:
    """Return the parts that a request names, by whichever of the two ways."""
    if parts and category_id is not None:
        problem = FieldProblem("body.category_id", "It names parts too.", "Give a category, or parts.")
        raise InvalidInput(fields=[problem])
    if category_id is not None:
        return (Part(amount_minor, category_id, source=BY_HAND, confidence=1.0),)
    return tuple(
        Part(
            one.amount_minor, one.category_id, one.account_id, one.other_minor, one.memo,
            BY_HAND if one.category_id else "", float(one.category_id is not None), by_rate=one.by_rate,
        )
        for one in parts
    )  # fmt: skip


def _changes_of(finances: Finances, transaction_id: str, body: TransactionPatch) -> dict[str, Any]:
    """Return what a request changes, as fields of a draft."""
    values = {name: value for name, value in given(body).items() if name not in ("parts", "category_id")}
    refuse_nothing(values, *sorted(values))
    if "tags" in values:
        values["tags"] = tuple(values["tags"])
    if body.parts is not None:
        values["parts"] = _parts(body.parts, body.category_id, 0)
    elif "category_id" in body.model_fields_set:
        amount = body.amount_minor
        if amount is None:
            amount = transaction_out(finances.transactions.get(current_actor(), transaction_id)).amount_minor
        values["parts"] = _parts([], body.category_id, amount)
    return values


def _changes(finances: Finances) -> Group:
    group = Group("changes", url_prefix="/changes", tag="Changes")
    changes = finances.changes

    @group.get("", returns=Page[ChangeOut])
    def list_changes(query: PageQuery) -> Page[ChangeOut]:
        """List what was done to the ledger, newest first."""
        actor = current_actor()
        after = query.after(int)
        rows = changes.page(actor, limit=query.limit, before=after[0] if after is not None else None)
        found = page(rows, query.limit, lambda row: (row.seq,))
        return Page[ChangeOut](items=[change_out(row) for row in found.items], next_cursor=found.next_cursor)

    @group.get("/<id>", returns=ChangeOut, errors=[404])
    def get_change(path: IdPath) -> ChangeOut:
        """Show one step with the rows that it touched, before and after."""
        found = changes.detail(current_actor(), path.id)
        return change_out(found.change, found)

    @group.post("/<id>/undo", returns=ChangeOut, status=200, errors=[404, 409])
    def undo_change(path: IdPath) -> ChangeOut:
        """Take one step back, whole or not at all; the undo is a step itself, and can be taken back too."""
        return change_out(changes.undo(current_actor(), path.id))

    return group


def _reports(finances: Finances, clock: Clock) -> Group:
    group = Group("reports", url_prefix="/reports", tag="Reports")

    @group.get("/months", returns=MonthsOut)
    def sum_months(query: MonthsQuery) -> MonthsOut:
        """Return what each category came to in each month; transfers between your accounts are left out."""
        first, last = whole_months(query.since, query.until)
        found = finances.reports.months(current_actor(), first, last)
        return MonthsOut(items=[MonthSumOut.model_validate(one) for one in found])

    @group.get("/export", returns=ExportOut)
    def export_ledger(query: ExportQuery) -> ExportOut:
        """Return the whole ledger as a file: a journal of hledger or beancount, or a table."""
        name, text = run_blocking(finances.exports.text, current_actor(), query.format)
        return ExportOut(file_name=name, text=text)

    @group.get("/net-worth", returns=WorthOut)
    def show_net_worth(query: WorthQuery) -> WorthOut:
        """Return what you held at the end of each of the last months, by currency; the last point is today."""
        days = month_ends(local_day(clock), query.months)
        found = finances.reports.net_worth(current_actor(), days)
        return WorthOut(items=[WorthPointOut.model_validate(one) for one in found])

    return group
