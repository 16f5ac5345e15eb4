"""What the columns of a table hold, and which column is what: the shapes that reading a table fills."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from backend.financial_manager.currencies import KNOWN, code_of
from backend.financial_manager.statements.dates import written_date
from backend.financial_manager.statements.delimited import Row
from backend.financial_manager.statements.numerals import written
from backend.financial_manager.statements.vocabulary import Preset, cell_words, plain

SAMPLE = 400
IBAN = re.compile(r"[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}")
_WORDS = {"all", "top", "try", "cup", "pen", "sos", "gel", "mop"}
"""Words that would be a currency in capitals."""
_NOTHING = frozenset(("-", "–", "—", "--", "n/a", "N/A", "n.a.", "null", "NULL", "None", "nil"))
"""What stands for an empty cell among amounts."""
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
    blanks: int = 0
    zeros: int = 0
    values: set[str] = field(default_factory=set)

    def take(self, cell: str) -> None:
        """Count one cell."""
        cell = cell.strip()
        if not cell:
            return
        self.filled += 1
        self.blanks += cell in _NOTHING
        if len(self.values) < 50:
            self.values.add(cell[:60])
        word = cell.casefold()
        self.signs += plain(cell) in cell_words("out") | cell_words("in") or word in ("+", "-")
        if written_date(cell):
            self.dates += 1
        elif (amount := written(cell)) is not None:
            self.amounts += 1
            self.zeros += not amount.numeral.strip("0.,")
            self.fractions += bool(_FRACTION.search(cell))
        else:
            self.currencies += cell in KNOWN or (code_of(cell) is not None and word not in _WORDS)
            self.ibans += bool(IBAN.fullmatch(cell[:50]))
            self.letters += len(cell)

    def without_blanks(self) -> None:
        """Take dashes and "N/A" among amounts for empty cells: so some banks write the side that did not move."""
        if self.amounts and self.blanks:
            self.filled -= self.blanks
            self.values -= _NOTHING
            self.blanks = 0

    @property
    def moved(self) -> int:
        """Return how many cells hold an amount other than zero."""
        return self.filled - self.zeros

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
    letters: dict[str, bool] = field(default_factory=dict)
    """What letters in the column of signs mean by its heading: True for money out; "" is a cell that is empty."""
    purpose: list[int] = field(default_factory=list)
    named_currency: str | None = None
    fee: int = -1
    """A fee beside the amount that may move the balance as well; -1 where the amount is net."""
    other_amounts: list[int] = field(default_factory=list)
    """Other columns that may be the amount; the balance decides."""
    guessed: bool = False
    known_numbers: list[int] = field(default_factory=list)
    """All columns that often hold numbers, be they amounts or not."""
    numbers: list[int] = field(default_factory=list)
    """Where the amount is a guess: all columns of numbers it may be."""
    balance_before: bool = False
    unproven: bool = False
    """The amount is a guess that no balance proved."""
    spending: bool = False
    in_coins: bool = False
    """Amounts are whole numbers of the smallest coin ("amount in cents")."""
    bill_paid: bool = False
    """The payment of a card's bill carries a minus: what has none was spent."""
    preset: Preset | None = None
    order: str = ""
    signs: str = ""
    """What a person said of the dates' order and of the signs (`table_choice.py`); "" where nobody did."""
    english: bool = False


def profile(rows: Sequence[Row], width: int) -> list[Column]:
    """Return what the columns of these rows hold."""
    columns = [Column(n) for n in range(width)]
    for row in rows[:SAMPLE]:
        for column, cell in zip(columns, row.cells, strict=False):
            column.take(cell)
    for column in columns:
        column.without_blanks()
    return columns
