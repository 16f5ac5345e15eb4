"""What each column of a table is: by its heading where there is one, always checked against what its cells hold."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from backend.financial_manager.currencies import code_of
from backend.financial_manager.statements.dates import written_date
from backend.financial_manager.statements.delimited import Row
from backend.financial_manager.statements.table_amounts import find_amounts
from backend.financial_manager.statements.table_layout import Column, Layout
from backend.financial_manager.statements.vocabulary import (
    Preset,
    cell_words,
    heading,
    initials,
    plain,
    presets,
    role_scores,
)

_TEXTS = ("counterparty", "iban", "account", "reference", "bank_id", "type_code", "status", "purpose")


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
    most = max((column.filled for column in columns), default=0)
    layout.known_numbers = [
        column.index for column in columns if column.is_amount and column.filled >= max(2, most // 5)
    ]
    find_amounts(layout, columns, scores, names)
    if max(layout.amount, layout.debit, layout.credit) >= 0:
        layout.named_currency = names[max(layout.amount, layout.debit, layout.credit)][1]
    _codes(layout, columns, scores)
    _texts(layout, columns, scores)
    words = {name for name, _ in names}
    layout.spending = bool(words & cell_words("spending")) and layout.iban < 0 and layout.balance < 0
    layout.english = _names(words, ("date", "amount", "transaction")) and not (
        _names(words, cell_words("not_english")) or words & cell_words("day_first")
    )
    return layout


def _names(headings: Collection[str], words: Collection[str]) -> bool:
    """Tell whether any heading holds one of the words."""
    return any(f" {word} " in f" {name} " for name in headings for word in words)


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
    full = [n for n in found if columns[n].dates >= (0.5 if max(scores[n].values(), default=0) >= 1000 else 0.9) * most]

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


def _codes(layout: Layout, columns: list[Column], scores: list[dict[str, int]]) -> None:
    """Find the columns of signs and of currencies."""
    near = max(layout.amount, layout.credit)
    money = [c.index for c in columns if c.is_currency and scores[c.index].get("not_amount", 0) < 1000]
    money = [n for n in money if not _of_a_foreign_amount(n, columns, scores, near)]
    if near + 1 in money:
        layout.currency = near + 1
    elif near - 1 in money and scores[near - 1].get("currency", 0):
        layout.currency = near - 1
    elif money:
        layout.currency = max(money, key=lambda n: (scores[n].get("currency", 0), columns[n].filled, -n))
    if layout.currency >= 0 and layout.named_currency:  # "Amount (EUR)" is in euros, whatever was paid in
        codes = {code_of(value) for value in columns[layout.currency].values} - {None}
        layout.currency = layout.currency if codes == {layout.named_currency} else -1
    if layout.amount < 0:
        return
    full = columns[layout.amount].filled
    if _sides_by_heading(layout, columns):
        return
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


def _of_a_foreign_amount(n: int, columns: list[Column], scores: list[dict[str, int]], amount: int) -> bool:
    """Tell whether a column of currencies, which few rows fill, stands behind an amount that is not the account's."""
    before = scores[n - 1] if n > 0 else {}
    foreign = before.get("not_amount", 0) >= 1000 and not before.get("fee", 0) and columns[n - 1].filled > 0
    return foreign and n - 1 != amount and columns[n].filled < columns[amount].filled


def _sides_by_heading(layout: Layout, columns: list[Column]) -> bool:
    """Find a column whose heading names both sides, and what its cells mean by that; tell whether there is one.

    "Cargo/Abono" above C and A: their letters. "Debit / Credit" above "Cr" or nothing: nothing is the other side.
    """
    full, names = columns[layout.amount].filled, layout.heading.cells if layout.heading is not None else []
    for column in columns[: len(names)]:
        name = heading(names[column.index])[0]
        letters, cells = initials(name), {value.casefold() for value in column.values}
        if not letters or not cells or column.index == layout.amount:
            continue
        words = {plain(cell) for cell in cells}
        if cells <= letters.keys() and column.filled >= 0.95 * full:
            layout.sign, layout.letters = column.index, letters
            return True
        if column.filled < full and (words <= cell_words("in") or words <= cell_words("out")):
            layout.sign, layout.letters = column.index, {"": words <= cell_words("in")}
            return True
    return False


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
    if layout.status < 0:
        layout.status = _status_by_content(columns, used)
    _own_iban(layout, columns)
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
            layout.purpose = [max(words, key=lambda c: (len(c.values) > 1, c.letters)).index]


def _status_by_content(columns: list[Column], used: set[int]) -> int:
    """Return the column that says of each row whether it is booked, whatever its heading; -1 where there is none."""
    unbooked = cell_words("not_booked") | cell_words("void")
    for column in columns:
        words = {plain(value) for value in column.values}
        if column.index not in used and words & unbooked and words <= unbooked | cell_words("booked"):
            return column.index
    return -1


def _own_iban(layout: Layout, columns: list[Column]) -> None:
    """Take an IBAN that is the same in each row and stands before the date for the account's own."""
    if layout.account >= 0 or not 0 <= layout.iban < layout.booking_date:
        return
    column, rows = columns[layout.iban], columns[layout.booking_date].filled
    if len(column.values) == 1 and column.ibans >= rows > 1:
        layout.account, layout.iban = layout.iban, -1


def _sides(columns: list[Column], scores: list[dict[str, int]], used: set[int]) -> tuple[int, int]:
    """Return the columns of payer and payee, where a table has both; else (-1, -1)."""
    found = []
    for role in ("payer", "payee"):
        named = [n for n, score in enumerate(scores) if score.get(role, 0) >= 1000 and n not in used]
        found.append(named[0] if named and not columns[named[0]].is_amount else -1)
    return (found[0], found[1]) if min(found) >= 0 and found[0] != found[1] else (-1, -1)
