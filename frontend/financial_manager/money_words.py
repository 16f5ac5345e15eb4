"""Words for what the hub keeps as codes: kinds of accounts, who decided, kinds of steps, fates of lines."""

from __future__ import annotations

import re
from typing import Any

import flet as ft

from frontend.api.generated.schemas import (
    AccountOut,
    FinancialManagerPartOut,
    ImportOut,
    TransactionOut,
)
from frontend.financial_manager.category_names import category_title
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.i18n import calendar_day, tr, tr_server, trn

_ISO_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
KINDS = ("bank", "card", "cash", "loan", "depot", "asset")


def kind_name(kind: str) -> str:
    """Return what a kind of account is called."""
    return {
        "bank": tr("Bank account"),
        "card": tr("Credit card"),
        "cash": tr("Cash"),
        "loan": tr("Loan"),
        "depot": tr("Securities account"),
        "asset": tr("Property"),
    }.get(kind, tr("Account"))


def kind_icon(kind: str) -> Any:
    """Return the picture of a kind of account."""
    return {
        "bank": ft.Icons.ACCOUNT_BALANCE_OUTLINED,
        "card": ft.Icons.CREDIT_CARD,
        "cash": ft.Icons.PAYMENTS_OUTLINED,
        "loan": ft.Icons.REQUEST_QUOTE_OUTLINED,
        "depot": ft.Icons.SHOW_CHART,
        "asset": ft.Icons.HOME_WORK_OUTLINED,
    }.get(kind, ft.Icons.ACCOUNT_BALANCE_WALLET_OUTLINED)


def last_booking(account: AccountOut) -> str:
    """Say when something was booked last, or that the account is closed.

    Trades of a depot are no bookings: without one it is told what it is, not that nothing was ever done in it.
    """
    if account["closed_on"]:
        return tr("Closed on {day}", day=calendar_day(account["closed_on"]))
    if account["last"]:
        return tr("Last booking {day}", day=calendar_day(account["last"]))
    return kind_name(account["kind"]) if account["kind"] == "depot" else tr("Nothing booked yet")


def iban_text(iban: str) -> str:
    """Write an IBAN in groups of four, as it is printed."""
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


# ---------------------------------------------------------------------- transactions


def who(transaction: TransactionOut) -> str:
    """Return whom a booking was with, or what it says."""
    for name in ("payee", "counterparty", "purpose", "note"):
        if text := str(transaction[name]).strip():
            return text
    return tr("Without a text")


def what_for(transaction: TransactionOut, ledger: LedgerProvider) -> str:
    """Say what a booking was for: its category, its parts, or the account that the money went to or came from."""
    parts = transaction["parts"]
    if len(parts) > 1:
        return tr("Split into {number} parts", number=len(parts))
    return part_name(parts[0], ledger) if parts else tr("No category yet")


def part_name(part: FinancialManagerPartOut, ledger: LedgerProvider) -> str:
    """Say what one part was for."""
    if part["account_id"] is not None:
        account = ledger.account(part["account_id"])
        name = account["name"] if account is not None else tr("another account")
        return tr("To {account}", account=name) if part["amount_minor"] < 0 else tr("From {account}", account=name)
    category = ledger.category(part["category_id"])
    return category_title(category) if category is not None else tr("No category yet")


def said_by_hub(text: str) -> str:
    """Return a text of the hub in the person's language, its days as people write them."""
    return with_days(tr_server(text))


def with_days(text: str) -> str:
    """Return a text with its days as people write them."""
    return _ISO_DAY.sub(lambda found: calendar_day(found[0]), text)


def reason_words(reason: str, ledger: LedgerProvider) -> str:
    """Return the hub's reason in the person's language, the names of shipped categories too."""
    said = tr_server(reason)
    if said == reason:
        return said
    for one in ledger.categories:
        if (shown := category_title(one)) != one["title"] and one["title"] in said:
            said = said.replace(one["title"], shown)
    return said


def decided(part: FinancialManagerPartOut, ledger: LedgerProvider) -> str:
    """Say who decided what a part was for, and why."""
    if part["account_id"] is not None:
        return tr("A transfer between your accounts")
    if part["category_id"] is None:
        return reason_words(part["reason"], ledger) or tr("Nobody said yet what it was for")
    who_said = {
        "hand": tr("You said so"),
        "rule": tr("One of your rules says so"),
        "memory": tr("As you filed such bookings before"),
        "model": tr("As you filed such bookings before"),
        "merchants": tr("Homie knows whom it was paid to"),
        "ai": tr("The AI suggested it"),
    }.get(part["source"], tr("Homie suggested it"))
    reason = reason_words(part["reason"], ledger)
    return reason if reason and part["source"] != "hand" else who_said


def pair_reason(text: str) -> str:
    """Say why two bookings may be one transfer; the hub puts its reason together from parts."""
    known = {
        "the same amount left one account and came into the other": tr("The same amount left one account and came in"),
        "the IBAN is that of your other account": tr("the IBAN is that of your other account"),
        "its text speaks of a transfer": tr("its text speaks of a transfer"),
        "on the same day": tr("on the same day"),
    }
    said = []
    for part in text.removesuffix(".").split(", "):
        days = re.fullmatch(r"(\d+) days apart", part)
        found = known.get(part) or known.get(part[:1].lower() + part[1:])
        if days is None and found is None:
            return said_by_hub(text)
        said.append(found or trn("{n} day apart", "{n} days apart", int(days[1]) if days else 0))
    return ", ".join(said)


# ---------------------------------------------------------------------- imports


def fate_words(fate: str) -> str:
    """Say what becomes of a line of a statement."""
    return {
        "new": tr("New"),
        "known": tr("There already"),
        "twin": tr("Perhaps there already"),
        "earlier": tr("Before the account begins"),
        "locked": tr("In a time that is reconciled"),
        "unread": tr("Not read"),
    }.get(fate, tr("Left out"))


def fate_tone(fate: str) -> str:
    """Return the tone of a line's fate."""
    return {"new": "good", "twin": "warn", "unread": "warn"}.get(fate, "neutral")


def span_words(first: str | None, last: str | None) -> str:
    """Write a span of days; nothing where there is none."""
    if not first or not last:
        return ""
    if first == last:
        return calendar_day(first)
    return tr("{first} to {last}", first=calendar_day(first), last=calendar_day(last))


def import_counts(one: ImportOut) -> str:
    """Say what an import did, in a line."""
    said = [tr("{number} new", number=one["added"])]
    if one["duplicates"]:
        said.append(tr("{number} known already", number=one["duplicates"]))
    if one["left_out"]:
        said.append(tr("{number} left out", number=one["left_out"]))
    return " · ".join(said)
