"""Links between the two halves of a transfer: what may be linked, and what becomes of the other half without one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from backend.financial_manager.ledger.models import LinkState, Posting, Transaction, TransactionState, TransferLink
from backend.sdk.db import OwnedSession
from backend.sdk.errors import FieldProblem, InvalidInput

SOURCE = "transfer"
"""The source of what a posting is for, where it was put down as half of a transfer."""
OUT, INTO = "body.out_id", "body.in_id"


def check_halves(session: OwnedSession, out_id: str, in_id: str) -> None:
    """Raise `InvalidInput` unless two bookings can be one transfer: out of one account, whole into another.

    Between two currencies nobody can say how much arrives. Neither may be split, planned, or linked to a third one.
    """
    out, into = _own_side(session, out_id, OUT), _own_side(session, in_id, INTO)
    if out.amount_minor >= 0:
        raise _no_half(OUT, "No money left an account here.", "Choose the booking that took the money.")
    if into.amount_minor <= 0:
        raise _no_half(INTO, "No money came into an account here.", "Choose the booking that brought the money.")
    if out.account_id == into.account_id:
        raise _no_half(INTO, "Both bookings are of one account.", "Choose a booking of another account.")
    if out.currency == into.currency and out.amount_minor != -into.amount_minor:
        raise _no_half(INTO, "The two amounts differ.", "Choose a booking of the same amount.")
    for link in links_of(session, [out_id, in_id], LinkState.LINKED):
        if (link.out_id, link.in_id) != (out_id, in_id):
            field = OUT if out_id in (link.out_id, link.in_id) else INTO
            raise _no_half(field, "It is half of another transfer already.", "Deny that one first, or choose another.")


def _own_side(session: OwnedSession, transaction_id: str, field: str) -> Posting:
    """Return the account's posting of a booking that can be half of a transfer."""
    postings = _postings(session, [transaction_id])
    if len(postings) != 2 or [one.account_id is None for one in postings] != [False, True]:
        raise _no_half(field, "It has several parts, or is a transfer by itself.", "Choose one that is not split.")
    if not postings[0].booked:
        raise _no_half(field, "It is only planned.", "Say that it happened first, or choose another.")
    return postings[0]


def _no_half(field: str, problem: str, remedy: str) -> InvalidInput:
    return InvalidInput(fields=[FieldProblem(field, problem, remedy)])


def links_of(session: OwnedSession, ids: Sequence[str], *states: LinkState) -> list[TransferLink]:
    """Return the links of bookings that are in one of these states (all of them, where none is named)."""
    wanted = [state.value for state in states or LinkState]
    query = select(TransferLink).where(
        TransferLink.owner_id == session.actor.owner_id, TransferLink.state.in_(wanted),
        TransferLink.out_id.in_(ids) | TransferLink.in_id.in_(ids),
    )  # fmt: skip
    return list(session.scalars(query.order_by(TransferLink.id)))


def separate(session: OwnedSession, ids: Sequence[str]) -> None:
    """Take away the links that bookings had or might have had; both halves are undecided again. Denied ones stay."""
    links = links_of(session, ids, LinkState.LINKED, LinkState.SUGGESTED)
    halves = [one for link in links if link.state == LinkState.LINKED.value for one in (link.out_id, link.in_id)]
    for link in links:
        session.delete(link)
    session.flush()
    unmark(session, halves)


def separate_broken(session: OwnedSession, ids: Sequence[str]) -> None:
    """Take away links of bookings whose halves do not fit (any more), and what was only suggested of such ones."""
    for state in (LinkState.LINKED, LinkState.SUGGESTED):
        for link in links_of(session, ids, state):
            try:
                check_halves(session, link.out_id, link.in_id)
            except InvalidInput:
                if state is LinkState.LINKED:
                    separate(session, [link.out_id, link.in_id])
                else:
                    session.delete(link)
    session.flush()


def unmark(session: OwnedSession, ids: Sequence[str]) -> None:
    """Say nothing any more of what bookings were for that were put down as halves of a transfer."""
    for posting in _postings(session, ids):
        if posting.account_id is None and posting.source == SOURCE:
            posting.category_id, posting.source, posting.confidence, posting.reason = None, "", 0.0, ""
    session.flush()


def half_of(row: Transaction, postings: Sequence[Posting]) -> tuple[object, ...]:
    """Return what makes a booking half of its transfer: another of these, and it is none."""
    planned, own = row.state == TransactionState.PLANNED.value, postings[0]
    return own.amount_minor, own.currency, planned, [one.account_id for one in postings]


def _postings(session: OwnedSession, ids: Sequence[str]) -> list[Posting]:
    query = select(Posting).where(Posting.owner_id == session.actor.owner_id, Posting.transaction_id.in_(ids))
    return list(session.scalars(query.order_by(Posting.transaction_id, Posting.position))) if ids else []
