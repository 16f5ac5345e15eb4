"""Whose account a column of accounts tells: the household's own, or the other side's ("Kontonummer" may be either)."""

from __future__ import annotations

from collections.abc import Sequence

from backend.financial_manager.statements.table_layout import Layout
from backend.financial_manager.statements.table_rows import Draft

_FEW_DIGITS = 2
_NEAR = 2


def settle_accounts(drafts: Sequence[Draft], layout: Layout, told: str | None) -> None:
    """Take accounts of the other side out of the place of the own one. `told`: the account above the table.

    Taken for own ones, the file would be refused as one of several accounts, or its lines shared out among them.
    """
    if layout.account < 0 or _are_own({draft.account for draft in drafts}, layout, told):
        return
    for draft in drafts:
        if _like_a_number(draft.account) and not draft.texts.iban:
            draft.texts = draft.texts._replace(iban=draft.account)
        draft.account = ""


def _are_own(values: set[str], layout: Layout, told: str | None) -> bool:
    """Tell whether these are accounts of the household: where nothing tells the other, they are."""
    numbers = {value for value in values if _like_a_number(value)}
    if not numbers or 0 <= layout.account < layout.booking_date:
        return True
    if told is not None and sum(map(str.isdigit, told)) > _FEW_DIGITS:
        return any(_same(told, value) for value in numbers)
    if min(layout.payer, layout.payee) >= 0 and len(values) > 1:
        return False  # where both sides are named, the accounts are theirs
    if len(values) == 1:
        return True
    names = {layout.counterparty, layout.payer, layout.payee} - {-1}
    beside = any(0 < layout.account - name <= _NEAR for name in names)
    return not beside and not values - numbers


def _like_a_number(account: str) -> bool:
    """Tell a number of an account from its name."""
    return sum(map(str.isdigit, account)) >= _FEW_DIGITS


def _same(told: str, account: str) -> bool:
    """Tell whether two ways of writing are of one account: one ends with the other."""
    one, other = ("".join(filter(str.isalnum, text)).upper().lstrip("0") for text in (told, account))
    return bool(one and other) and (one.endswith(other) or other.endswith(one))
