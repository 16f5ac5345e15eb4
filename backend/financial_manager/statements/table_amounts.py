"""Which column is the amount, or what went out and what came in, which the balance, and which a fee."""

from __future__ import annotations

from backend.financial_manager.statements.table_layout import Column, Layout

_NUMERIC = ("amount", "debit", "credit", "balance", "not_amount")
_NAMED_UNIT = 20
_UNIT_OF_THE_BALANCE = 40
_COINS = {"cents", "cent", "centimes", "pence", "rappen", "minor"}
_PAID = {"payment", "payments"}
_NET = {"net", "netto", "neto", "nett", "liquido"}


def find_amounts(
    layout: Layout, columns: list[Column], scores: list[dict[str, int]], names: list[tuple[str, str | None]]
) -> None:
    """Find the amount, or what went out and what came in, the balance, and a fee beside the amount.

    `names`: the headings in plain words, each with the currency it names.
    """
    roles: dict[str, list[tuple[int, int]]] = {role: [] for role in _NUMERIC}
    for column in columns:
        if column.is_date or (column.filled and not column.is_amount):
            continue
        fits = {role: scores[column.index].get(role, 0) for role in _NUMERIC}
        role = max(fits, key=lambda one: fits[one])
        if fits[role] and (column.filled or role in ("debit", "credit")):
            roles[role].append((fits[role], column.index))
    balances = [n for _, n in roles["balance"]]
    own = _beside_one_currency([n for _, n in roles["amount"]], columns)
    roles["amount"] = [
        (score + max(_by_unit(n, balances, names), own.get(n, 0)), n)
        for score, n in _full_first(roles["amount"], columns)
    ]
    _payments_of_a_card(roles, columns, names)
    best = {role: max(found, key=lambda one: (one[0], -one[1])) for role, found in roles.items() if found}
    layout.balance = best["balance"][1] if "balance" in best else -1
    amount = best.get("amount")
    pair = "debit" in best and "credit" in best
    if pair and (amount is None or min(best["debit"][0], best["credit"][0]) >= amount[0] or amount[0] < 1000):
        layout.debit, layout.credit = best["debit"][1], best["credit"][1]
        layout.fee = _fee_column(columns, scores)
    elif amount is not None:
        layout.amount = amount[1]
        layout.other_amounts = [n for score, n in roles["amount"] if n != amount[1] and score >= 1000]
        layout.in_coins = bool(_COINS & set(names[amount[1]][0].split()))
        rivals = [names[n][1] for score, n in roles["amount"] if score == amount[0]]
        layout.unproven = len(rivals) > 1 and len(set(rivals)) > 1
        _fee(layout, columns, scores, names)
    elif "debit" in best or "credit" in best:
        layout.debit = best["debit"][1] if "debit" in best else -1
        layout.credit = best["credit"][1] if "credit" in best else -1
        _other_side(layout, columns, scores)
    else:
        taken = {n for found in roles.values() for _, n in found}
        _amounts_by_content(layout, columns, scores, taken)


def _payments_of_a_card(
    roles: dict[str, list[tuple[int, int]]], columns: list[Column], names: list[tuple[str, str | None]]
) -> None:
    """Take "Payments" beside "Charges" for what came in: a card's bill is paid with it. Alone, it is what was paid."""
    paid = [one for one in roles["debit"] if _PAID & set(names[one[1]][0].split())]
    spent = [one for one in roles["debit"] if one not in paid]
    if roles["credit"] or not len(paid) == len(spent) == 1:
        return
    if columns[paid[0][1]].filled + columns[spent[0][1]].filled <= _rows(columns):
        roles["debit"], roles["credit"] = spent, paid


def _full_first(found: list[tuple[int, int]], columns: list[Column]) -> list[tuple[int, int]]:
    """Return columns of amounts, each with its score: one that few rows fill counts less beside one that most do.

    Of two that are called "Amount" the sparse one is what was paid in another currency.
    """
    most = max((columns[n].filled for _, n in found), default=0)
    return [(score if 2 * columns[n].filled > most else score // 2, n) for score, n in found]


def _beside_one_currency(found: list[int], columns: list[Column]) -> dict[int, int]:
    """Return what it is worth that one currency stands behind an amount in all rows, and several behind another one.

    Of "Amount, Currency, Amount, Currency" the account's own is always the same.
    """
    codes = {n: len(columns[n + 1].values) for n in found if n + 1 < len(columns) and columns[n + 1].is_currency}
    if len(codes) < 2 or max(codes.values()) == 1:
        return {}
    return dict.fromkeys((n for n, count in codes.items() if count == 1), _NAMED_UNIT)


def _other_side(layout: Layout, columns: list[Column], scores: list[dict[str, int]]) -> None:
    """Find what came in where only what went out is named (or the other way round): filled where that is empty."""
    known = columns[max(layout.debit, layout.credit)]
    rows = _rows(columns)
    for column in columns:
        fits = column.is_amount and not scores[column.index] and column.index != known.index
        if fits and column.filled + known.filled == rows:
            layout.debit, layout.credit = (
                (known.index, column.index) if layout.debit >= 0 else (column.index, known.index)
            )
            return


def _amounts_by_content(layout: Layout, columns: list[Column], scores: list[dict[str, int]], taken: set[int]) -> None:
    """Find the amount where no heading tells it: numbers with a fraction or a sign; the balance settles the rest."""
    free = [c for c in columns if c.is_amount and c.index not in taken]
    unnamed = [c for c in free if not scores[c.index]]
    free = unnamed or free
    money = [c for c in free if c.fractions >= 0.3 * c.filled] or free
    if not money:
        return
    layout.guessed = True
    layout.numbers = [c.index for c in money]
    most = max(c.filled for c in money)
    full = [c for c in money if c.moved == most]
    parts = [c for c in money if 0 < c.moved < most]
    if layout.balance < 0 and len(parts) == 2 and parts[0].moved + parts[1].moved == most and len(full) == 1:
        layout.debit, layout.credit, layout.balance = parts[0].index, parts[1].index, full[0].index
        return
    if len(money) == 2 and money[0].moved < _rows(columns) and money[0].moved + money[1].moved == _rows(columns):
        layout.debit, layout.credit = money[0].index, money[1].index
        return
    full = [c for c in money if c.filled >= 0.8 * most]
    layout.amount = full[0].index
    layout.unproven = len(full) > 1 or bool(scores[layout.amount])  # the heading says something else
    if len(full) > 1 and layout.balance < 0:
        layout.balance = full[1].index
        layout.other_amounts = [c.index for c in full[1:]]


def _rows(columns: list[Column]) -> int:
    """Return how many rows were counted."""
    return max((column.filled for column in columns), default=0)


def _by_unit(n: int, balances: list[int], names: list[tuple[str, str | None]]) -> int:
    """Return what it is worth that a heading names its currency: "Amount (EUR)" is of the account, "Amount" may not."""
    unit = names[n][1]
    if unit is None:
        return 0
    return _UNIT_OF_THE_BALANCE if any(names[one][1] == unit for one in balances) else _NAMED_UNIT


def _fee(
    layout: Layout, columns: list[Column], scores: list[dict[str, int]], names: list[tuple[str, str | None]]
) -> None:
    """Find a fee beside an amount that is not net of it."""
    words = names[layout.amount][0]
    if _NET & set(words.split()) or "after fee" in words:
        return
    layout.fee = _fee_column(columns, scores)


def _fee_column(columns: list[Column], scores: list[dict[str, int]]) -> int:
    """Return the column of fees, or -1."""
    return next((c.index for c in columns if c.is_amount and scores[c.index].get("fee", 0) >= 1000), -1)
