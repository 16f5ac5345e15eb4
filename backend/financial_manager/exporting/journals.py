"""Journals of plain-text accounting: hledger's (also read by ledger) and beancount's.

Formats: hledger manual, "Journal" (accounts end at two spaces, `;` begins a comment); beancount language syntax (an
account is Assets, Liabilities, Equity, Income or Expenses with parts of letters, digits and dashes; strings in quotes).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from backend.financial_manager.currencies import minor_text
from backend.financial_manager.exporting.rows import (
    OPENING,
    ExportLedger,
    ExportTransaction,
    Name,
    all_names,
    unique_names,
)

_EARLIEST = dt.date(1970, 1, 1)
_HLEDGER_SIGNS = str.maketrans(":;()", "-,[]")
_HLEDGER_MEMO = str.maketrans(":[]", "-()")
"""In a comment hledger reads `name:` as a tag (`date:` moves a posting) and `[11/3]` as a day."""


def hledger_journal(ledger: ExportLedger) -> str:
    """Return the ledger as hledger's journal."""
    names = all_names(ledger)
    spelled = unique_names(names, [_hledger_name(name) for name in names])
    lines = ["; Exported by Homie.", ""]
    for account in ledger.accounts:
        if account.opening_minor:
            amount = f"{minor_text(account.opening_minor, account.currency)} {account.currency}"
            back = f"{minor_text(-account.opening_minor, account.currency)} {account.currency}"
            lines += [f"{account.opening_date or _EARLIEST} * opening balance"]
            lines += [f"    {spelled[account.name]}  {amount}", f"    {spelled[OPENING]}  {back}", ""]
    for one in ledger.transactions:
        lines.append(f"{one.day} * {_hledger_text(one)}")
        for side in one.sides:
            memo = f"  ; {_line(side.memo).translate(_HLEDGER_MEMO)}" if side.memo else ""
            amount = f"{minor_text(side.amount_minor, side.currency)} {side.currency}"
            lines.append(f"    {spelled[side.name]}  {amount}{memo}")
        lines.append("")
    return "\n".join(lines)


def beancount_journal(ledger: ExportLedger) -> str:
    """Return the ledger as beancount's journal."""
    names = all_names(ledger)
    spelled = unique_names(names, [_beancount_name(name) for name in names])
    first = min([_EARLIEST, *(one.day for one in ledger.transactions)])
    first = min([first, *(one.opening_date for one in ledger.accounts if one.opening_date is not None)])
    lines = ["; Exported by Homie.", 'option "title" "Homie"', ""]
    lines += [f"{first} open {name}" for name in spelled.values()]
    lines.append("")
    for account in ledger.accounts:
        if account.opening_minor:
            amount = f"{minor_text(account.opening_minor, account.currency)} {account.currency}"
            back = f"{minor_text(-account.opening_minor, account.currency)} {account.currency}"
            lines += [f'{account.opening_date or first} * "opening balance"']
            lines += [f"  {spelled[account.name]}  {amount}", f"  {spelled[OPENING]}  {back}", ""]
    for one in ledger.transactions:
        lines.append(f'{one.day} * "{_quoted(one.payee)}" "{_quoted(one.purpose or one.note)}"')
        lines += [
            f"  {spelled[side.name]}  {minor_text(side.amount_minor, side.currency)} {side.currency}"
            for side in one.sides
        ]
        lines.append("")
    return "\n".join(lines)


def _hledger_name(name: Name) -> str:
    """Return an account as hledger reads it: no two spaces, no sign that means something else."""
    parts = [_line(part).translate(_HLEDGER_SIGNS) for part in name.parts]
    return ":".join([name.root, *(part.strip("* !=~'\"") or "account" for part in parts)])


def _hledger_text(one: ExportTransaction) -> str:
    """Return payee and purpose as a description; what would begin a comment or a code is replaced."""
    told = " ".join(part for part in (_line(one.payee), _line(one.purpose or one.note)) if part)
    return told.replace(";", ",").replace("|", "/").lstrip("(!*= ") or "transaction"


def _beancount_name(name: Name) -> str:
    return ":".join([name.root.capitalize(), *("".join(_component(part)) for part in name.parts)])


def _component(part: str) -> Iterator[str]:
    """Give one part of beancount's account name: a capital or digit first, then letters, digits, dashes."""
    plain = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in _ascii(part)).strip("-")
    yield (plain[:1].upper() + plain[1:]) or "X"


def _ascii(text: str) -> str:
    from backend.sdk.finding import fold

    return "".join(sign if sign.isascii() else fold(sign) for sign in text)


def _quoted(text: str) -> str:
    return _line(text).replace("\\", "\\\\").replace('"', '\\"')


def _line(text: str) -> str:
    """Return text on one line, with single spaces and without control signs."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
