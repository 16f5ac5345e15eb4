"""What each column of a table is: by its heading where there is one, always checked against what its cells hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from backend.financial_manager.statements.currencies import KNOWN
from backend.financial_manager.statements.dates import written_date
from backend.financial_manager.statements.delimited import Row
from backend.financial_manager.statements.numerals import written
from backend.financial_manager.statements.vocabulary import (
    Preset,
    cell_words,
    heading,
    plain,
    presets,
    role_scores,
)

SAMPLE = 400
IBAN = re.compile(r"[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}")
_NUMERIC = ("amount", "debit", "credit", "balance", "not_amount")
_TEXTS = ("counterparty", "iban", "account", "reference", "bank_id", "type_code", "status", "purpose")
_FRACTION = re.compile(r"[.,][0-9]{1,2}\D{0,6}$|^\s?[+-]|[-]\s?$")


@dataclass(slots=True)
class Column:
    """What the cells of one column hold, counted over a sample of rows with bookings."""

    index: int
    filled: int = 0
    dates: int = 0
    amounts: int = 0
    fractions: int = 0
    currencies: int = 0
    ibans: int = 0
    signs: int = 0
    letters: int = 0
    values: set[str] = field(default_factory=set)

    def take(self, cell: str) -> None:
        """Count one cell."""
        cell = cell.strip()
        if not cell:
            return
        self.filled += 1
        if len(self.values) < 50:
            self.values.add(cell[:60])
        word = cell.casefold()
        self.signs += plain(cell) in cell_words("out") | cell_words("in") or word in ("+", "-")
        if written_date(cell):
            self.dates += 1
        elif written(cell):
            self.amounts += 1
            self.fractions += bool(_FRACTION.search(cell))
        else:
            self.currencies += cell.upper() in KNOWN
            self.ibans += bool(IBAN.fullmatch(cell[:50]))
            self.letters += len(cell)

    @property
    def is_date(self) -> bool:
        """Tell whether the column holds dates."""
        return self.filled > 0 and self.dates >= 0.5 * self.filled

    @property
    def is_amount(self) -> bool:
        """Tell whether the column holds amounts."""
        return self.filled > 0 and self.amounts >= 0.8 * self.filled

    @property
    def is_currency(self) -> bool:
        """Tell whether the column holds currency codes."""
        return self.filled > 0 and self.currencies >= 0.9 * self.filled

    @property
    def is_sign(self) -> bool:
        """Tell whether the column holds nothing but signs."""
        return self.filled > 0 and self.signs == self.filled


@dataclass(slots=True)
class Layout:
    """Which column is what. -1: there is none."""

    width: int
    heading: Row | None
    booking_date: int = -1
    value_date: int = -1
    amount: int = -1
    debit: int = -1
    credit: int = -1
    balance: int = -1
    sign: int = -1
    currency: int = -1
    status: int = -1
    counterparty: int = -1
    iban: int = -1
    account: int = -1
    reference: int = -1
    bank_id: int = -1
    type_code: int = -1
    payer: int = -1
    payee: int = -1
    """Where a table names both sides; else -1, and `counterparty` is the other one."""
    purpose: list[int] = field(default_factory=list)
    named_currency: str | None = None
    other_amounts: list[int] = field(default_factory=list)
    """Other columns that may be the amount; the balance decides."""
    guessed: bool = False
    numbers: list[int] = field(default_factory=list)
    """Where the amount is a guess: all columns of numbers it may be."""
    balance_before: bool = False
    unproven: bool = False
    """The amount is a guess that no balance proved."""
    spending: bool = False
    preset: Preset | None = None
    english: bool = False


def profile(rows: Sequence[Row], width: int) -> list[Column]:
    """Return what the columns of these rows hold."""
    columns = [Column(n) for n in range(width)]
    for row in rows[:SAMPLE]:
        for column, cell in zip(columns, row.cells, strict=False):
            column.take(cell)
    return columns


def heading_score(cells: Sequence[str]) -> int:
    """Tell how many different roles a row names, 0 unless it names a date and an amount and is no booking itself."""
    if len(cells) > 500 or any(written_date(cell) for cell in cells):
        return 0
    found: set[str] = set()
    for cell in cells:
        scores = role_scores(heading(cell)[0])
        if scores:
            found.add(max(scores, key=lambda role: scores[role]))
            found.update(role for role, score in scores.items() if score >= 1000)
    has_date = found & {"booking_date", "date", "value_date"}
    has_amount = found & {"amount", "debit", "credit"}
    return len(found) if has_date and has_amount else 0


def lay_out(header: Row | None, columns: list[Column]) -> Layout:
    """Return which column is what."""
    layout = Layout(len(columns), header)
    names = [heading(cell) for cell in header.cells] if header else []
    names += [("", None)] * (len(columns) - len(names))
    scores = [role_scores(name) for name, _ in names[: len(columns)]]
    layout.preset = _preset(header, names, columns)
    if layout.preset is not None and layout.preset.columns:
        _from_preset(layout, layout.preset)
        return layout
    _dates(layout, columns, scores)
    _amounts(layout, columns, scores)
    if max(layout.amount, layout.debit, layout.credit) >= 0:
        layout.named_currency = names[max(layout.amount, layout.debit, layout.credit)][1]
    _codes(layout, columns, scores)
    _texts(layout, columns, scores)
    words = {name for name, _ in names}
    layout.spending = bool(words & cell_words("spending")) and layout.iban < 0 and layout.balance < 0
    layout.english = any(f" {word} " in f" {name} " for name in words for word in ("date", "amount", "transaction"))
    return layout


def _preset(header: Row | None, names: list[tuple[str, str | None]], columns: list[Column]) -> Preset | None:
    """Return the bank whose file this is, or None."""
    words = [name for name, _ in names]
    for one in presets():
        if header is not None and one.heading and tuple(words[: len(one.heading)]) == one.heading:
            return one
        fits = header is None and one.shape and len(columns) == len(one.shape)
        if fits and all(_holds(column, kind) for column, kind in zip(columns, one.shape, strict=True)):
            return one
    return None


def _holds(column: Column, kind: str) -> bool:
    """Tell whether a column holds what the shape of a preset says."""
    if kind == "date":
        return column.is_date
    if kind == "amount":
        return column.is_amount
    if kind == "currency":
        return column.is_currency
    if kind == "iban":
        return column.filled > 0 and column.ibans == column.filled
    return not (column.is_date or column.is_amount)


def _from_preset(layout: Layout, preset: Preset) -> None:
    """Take the columns that a preset names."""
    for role, index in preset.columns.items():
        if role == "purpose":
            layout.purpose = [index]
        else:
            setattr(layout, role, index)


def _dates(layout: Layout, columns: list[Column], scores: list[dict[str, int]]) -> None:
    """Find the booking and the value date."""
    found = [column.index for column in columns if column.is_date]
    if not found:
        return
    most = max(columns[n].dates for n in found)
    full = [n for n in found if columns[n].dates >= 0.5 * most]

    def booked(n: int) -> int:
        one = scores[n]
        own = max(one.get("booking_date", 0), one.get("date", 0) - 150)
        return own if own >= one.get("value_date", 0) - 140 else 0

    best = max(full, key=lambda n: (booked(n), -n))
    layout.booking_date = best
    values = [n for n in found if n != best and scores[n].get("value_date", 0) > 0]
    if values:
        layout.value_date = max(values, key=lambda n: (scores[n]["value_date"], -n))
    elif layout.heading is None and len(full) > 1:
        layout.value_date = next((n for n in full if n != best), -1)


def _amounts(layout: Layout, columns: list[Column], scores: list[dict[str, int]]) -> None:
    """Find the amount, or what went out and what came in, and the balance."""
    roles: dict[str, list[tuple[int, int]]] = {role: [] for role in _NUMERIC}
    for column in columns:
        if column.is_date or (column.filled and not column.is_amount):
            continue
        fits = {role: scores[column.index].get(role, 0) for role in _NUMERIC}
        role = max(fits, key=lambda one: fits[one])
        if fits[role] and (column.filled or role in ("debit", "credit")):
            roles[role].append((fits[role], column.index))
    best = {role: max(found, key=lambda one: (one[0], -one[1])) for role, found in roles.items() if found}
    layout.balance = best["balance"][1] if "balance" in best else -1
    amount = best.get("amount")
    pair = "debit" in best and "credit" in best
    if pair and (amount is None or min(best["debit"][0], best["credit"][0]) >= amount[0] or amount[0] < 1000):
        layout.debit, layout.credit = best["debit"][1], best["credit"][1]
    elif amount is not None:
        layout.amount = amount[1]
        layout.other_amounts = [n for score, n in roles["amount"] if n != amount[1] and score >= 1000]
    elif "debit" in best or "credit" in best:
        layout.debit = best["debit"][1] if "debit" in best else -1
        layout.credit = best["credit"][1] if "credit" in best else -1
        _other_side(layout, columns, scores)
    else:
        taken = {n for found in roles.values() for _, n in found}
        _amounts_by_content(layout, columns, scores, taken)


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
    full = [c for c in money if c.filled == most]
    parts = [c for c in money if c.filled < most]
    if layout.balance < 0 and len(parts) == 2 and parts[0].filled + parts[1].filled == most and len(full) == 1:
        layout.debit, layout.credit, layout.balance = parts[0].index, parts[1].index, full[0].index
        return
    if len(money) == 2 and money[0].filled < _rows(columns) and money[0].filled + money[1].filled == _rows(columns):
        layout.debit, layout.credit = money[0].index, money[1].index
        return
    full = [c for c in money if c.filled >= 0.8 * most]
    layout.amount = full[0].index
    layout.unproven = len(full) > 1
    if len(full) > 1 and layout.balance < 0:
        layout.balance = full[1].index
        layout.other_amounts = [c.index for c in full[1:]]


def _rows(columns: list[Column]) -> int:
    """Return how many rows were counted."""
    return max((column.filled for column in columns), default=0)


def _codes(layout: Layout, columns: list[Column], scores: list[dict[str, int]]) -> None:
    """Find the columns of signs and of currencies."""
    near = max(layout.amount, layout.credit)
    money = [c.index for c in columns if c.is_currency and scores[c.index].get("not_amount", 0) < 1000]
    if near + 1 in money:
        layout.currency = near + 1
    elif near - 1 in money and scores[near - 1].get("currency", 0):
        layout.currency = near - 1
    elif money:
        layout.currency = max(money, key=lambda n: (scores[n].get("currency", 0), columns[n].filled, -n))
    if layout.amount < 0:
        return
    full = columns[layout.amount].filled
    signs = [c for c in columns if c.is_sign and c.filled >= 0.95 * full and c.index != layout.amount]
    bare = layout.heading is None
    signs = [
        c
        for c in signs
        if len(c.values) > 1
        or scores[c.index].get("sign", 0)
        or scores[c.index].get("type_code")
        or (bare and abs(c.index - layout.amount) == 1)
    ]
    named = [c for c in signs if scores[c.index].get("sign", 0)]
    beside = [c for c in signs if abs(c.index - layout.amount) == 1]
    chosen = named or beside or signs
    if chosen:
        layout.sign = max(chosen, key=lambda c: (scores[c.index].get("sign", 0), -c.index)).index


def _texts(layout: Layout, columns: list[Column], scores: list[dict[str, int]]) -> None:
    """Find names, purposes and references among the columns that are left."""
    used = {layout.booking_date, layout.value_date, layout.amount, layout.debit, layout.credit, layout.balance}
    used |= {layout.sign, layout.currency}
    best: dict[str, tuple[int, int]] = {}
    for column in columns:
        if column.index in used or column.is_date or not column.filled:
            continue
        fits = {role: scores[column.index].get(role, 0) for role in _TEXTS}
        role = max(fits, key=lambda one: fits[one])
        if not fits[role]:
            continue
        if role == "purpose":
            layout.purpose.append(column.index)
        elif fits[role] > best.get(role, (0, 0))[0]:
            best[role] = (fits[role], column.index)
    for role, (_, index) in best.items():
        setattr(layout, role, index)
    layout.payer, layout.payee = _sides(columns, scores, used)
    left = [c for c in columns if c.index not in used and c.letters and not c.is_date and not c.is_amount]
    if layout.heading is None or (not layout.purpose and layout.counterparty < 0):
        ibans = [c for c in left if c.ibans >= 0.5 * c.filled]
        if layout.heading is None and ibans:
            one = next((c for c in ibans if len(c.values) == 1 and len(ibans) > 1), None)
            layout.account = one.index if one else layout.account
            layout.iban = next((c.index for c in ibans if c is not one), -1)
        words = [c for c in left if c.index not in (layout.iban, layout.account) and c.index not in layout.purpose]
        if words and not layout.purpose:
            layout.purpose = [max(words, key=lambda c: c.letters).index]


def _sides(columns: list[Column], scores: list[dict[str, int]], used: set[int]) -> tuple[int, int]:
    """Return the columns of payer and payee, where a table has both; else (-1, -1)."""
    found = []
    for role in ("payer", "payee"):
        named = [n for n, score in enumerate(scores) if score.get(role, 0) >= 1000 and n not in used]
        found.append(named[0] if named and not columns[named[0]].is_amount else -1)
    return (found[0], found[1]) if min(found) >= 0 and found[0] != found[1] else (-1, -1)
