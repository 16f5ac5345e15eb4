"""A table of bookings, from any bank: CSV and XLSX meet here as rows of cells.

The order of decisions: where the tables are (rows with a date and an amount, a heading above), rows that are torn,
what each column is, then date order and decimal sign over whole columns, then signs, and last the proof by the balance.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from backend.financial_manager.statements.dates import written_date
from backend.financial_manager.statements.delimited import DELIMITERS, Row, split_text
from backend.financial_manager.statements.encodings import decode
from backend.financial_manager.statements.errors import AGAIN, StatementError, at_line
from backend.financial_manager.statements.limits import check_count, clip
from backend.financial_manager.statements.numerals import written
from backend.financial_manager.statements.statement import SkippedRow, Statement, StatementFile, TableSeen
from backend.financial_manager.statements.table_accounts import settle_accounts
from backend.financial_manager.statements.table_choice import ROLES, Choices, apply, chosen_for
from backend.financial_manager.statements.table_columns import lay_out
from backend.financial_manager.statements.table_days import whole_days
from backend.financial_manager.statements.table_entries import make_statement
from backend.financial_manager.statements.table_fields import mend_rows, refuse_shifted_rows, refuse_split_amounts
from backend.financial_manager.statements.table_guess import settle_columns
from backend.financial_manager.statements.table_layout import SAMPLE, Layout, profile
from backend.financial_manager.statements.table_preamble import read_around
from backend.financial_manager.statements.table_rows import Reading, has_booking, read_rows, skipped, title_of
from backend.financial_manager.statements.table_sections import Section, columns, find_sections

_FEW_DIGITS = 4
_HEADING = "Keep the bank's heading line."


def read_csv(data: bytes, name: str, choices: Choices, currency: str | None = None) -> StatementFile:
    """Return the statements of a delimited text file of any dialect; `choices`: how a person said to read some.

    `currency`: the account's, for amounts that tell none.
    """
    text, encoding = decode(data)
    rows, delimiter = split_text(text)
    del text  # as large as all its cells together
    said = {"\t": "tab"}.get(delimiter, delimiter)
    dialect = {"encoding": encoding, "delimiter": said}
    return read_table(rows, name, "csv", dialect, choices, delimiter=delimiter, currency=currency)


def read_table(
    rows: list[Row],
    name: str,
    kind: str,
    dialect: dict[str, str],
    choices: Choices,
    *,
    decimal: str = "",
    delimiter: str = "",
    currency: str | None = None,
) -> StatementFile:
    """Return the statements of a file, one for each of its tables. `rows` are used up.

    `decimal`: the decimal sign where it is known (spreadsheets). `delimiter`: what stood between cells, if anything.
    `currency`: the account's, for amounts that tell none.
    """
    check_count(len(rows))
    statements, decided, table = [], dict[str, str](), None
    sections = find_sections(rows)
    rows.clear()
    balances: list[SkippedRow] = []
    for n, section in enumerate(sections, start=1):
        if n < len(sections) and _only_balances(section):
            balances += [skipped(row, "This is a balance.") for row in section.body if has_booking(row.cells)]
            continue
        statement, told, seen = _read_section(section, choices, decimal, delimiter, currency)
        if balances:
            statement, balances = replace(statement, skipped=(*balances, *statement.skipped)), []
        statements.append(statement)
        decided, table = decided or told, table or seen
    return StatementFile(kind, name, tuple(statements), dialect | decided, table=table)


def _only_balances(section: Section) -> bool:
    """Tell whether a table lists accounts with their balances: no column of it is what moved."""
    if section.header is None or not (sample := _sample(section.body)):
        return False
    layout = lay_out(section.header, profile(sample, max(columns(sample), len(section.header.cells))))
    return layout.balance >= 0 and max(layout.amount, layout.debit, layout.credit) < 0


def _read_section(
    section: Section, choices: Choices, decimal: str, delimiter: str, assumed: str | None
) -> tuple[Statement, dict[str, str], TableSeen | None]:
    """Return the statement of one table, and how it was understood."""
    header = section.header
    pending, body = _pending(section)
    if pending and not _sample(body):
        return Statement(None, None, None, None, (), skipped=tuple(pending)), {}, None
    sample = _sample(body)
    if not sample and header is not None and (whole := whole_days(header, section.above, body)) is not None:
        body, sample = whole, _sample(whole)
    if not sample and header is None:
        raise StatementError(
            "The file holds no row with a date and an amount.",
            remedy="Choose a bank statement: CSV, XLSX, OFX, QIF, JSON, CAMT or MT940.",
        )
    if sample and delimiter:
        body = mend_rows(header, body, len(header.cells) if header else columns(sample), delimiter)
        sample = _sample(body)
    section.body = body
    layout = lay_out(header, profile(sample, max(columns(sample), len(header.cells) if header else 0)))
    choice = chosen_for(choices, header.cells if header else ())
    if choice is not None:
        apply(choice, layout)
    if sample and (layout.booking_date < 0 or max(layout.amount, layout.debit, layout.credit) < 0):
        raise at_line(sample[0].line, "The file has no column that is surely a date or an amount.", _HEADING)
    settle_columns(sample, layout)
    if delimiter == "," and sample:
        refuse_split_amounts(body, _amounts(layout), header.cells if header else ())
        refuse_shifted_rows(body, _amounts(layout), layout.known_numbers, header.cells if header else ())
    if not sample:
        _refuse_unread(body, layout)
    reading = read_rows(body, layout) if sample else Reading([], [])
    if choice is not None and sample and not reading.drafts:
        raise StatementError("Read in this way the table holds no booking.", remedy="Choose other columns.")
    if reading.lost and not reading.drafts:
        line = reading.lost[0].line
        raise at_line(line, "The file has rows with a date and an amount, and none of them can be read.", _HEADING)
    reading.skipped[:0] = _above(section) + pending
    around = read_around(section.above)
    settle_accounts(reading.drafts, layout, around.account)
    around.days += reading.balance_days
    around.opening = reading.balances.get("opening", around.opening)
    around.closing = reading.balances.get("closing", around.closing)
    statement, decided = make_statement(reading, layout, around, decimal, assumed)
    if layout.preset is not None:
        decided["bank"] = layout.preset.name
    return statement, decided, _seen(layout, chosen=choice is not None)


def _seen(layout: Layout, *, chosen: bool) -> TableSeen | None:
    """Return how a table with a heading was read."""
    if layout.heading is None:
        return None
    columns = {role: getattr(layout, role) for role in ROLES if role != "purpose"}
    columns["purpose"] = layout.purpose[0] if layout.purpose else -1
    return TableSeen(tuple(clip(cell) for cell in layout.heading.cells), columns, chosen)


def _pending(section: Section) -> tuple[list[SkippedRow], list[Row]]:
    """Return the rows below a title that says that they are not booked yet, and the rows from the next title on."""
    status, body = section.unbooked, section.body
    if not status:
        return [], body
    end = next((n for n, row in enumerate(body) if title_of(row)), len(body))
    return [skipped(row, f"The bank has not booked this yet ({status}).") for row in body[:end]], body[end:]


def _sample(body: list[Row]) -> list[Row]:
    """Return rows that show what the columns hold."""
    return list(islice((row for row in body if has_booking(row.cells)), SAMPLE))


def _amounts(layout: Layout) -> list[int]:
    """Return the columns of what moved."""
    return [column for column in (layout.amount, layout.debit, layout.credit) if column >= 0]


def _above(section: Section) -> list[SkippedRow]:
    """Return the rows above the heading that look like bookings: they are shown, never dropped in silence."""
    rows = [row for row in section.above if has_booking(row.cells)]
    bare = section.header is None
    why = "This has another form than all rows of the table." if bare else "This stands above the heading of the table."
    return [skipped(row, why) for row in rows]


def _refuse_unread(body: list[Row], layout: Layout) -> None:
    """Refuse rows below a heading of which none can be read: without a date, without an amount, or without both."""
    for row in body:
        if any(written(cell) for cell in row.cells):
            raise at_line(
                row.line, "The file has dates below its heading that cannot be read.", "Export with whole dates."
            )
        if any(written_date(cell) for cell in row.cells):
            raise at_line(row.line, "The file has amounts below its heading that cannot be read.", AGAIN)
    for row in body:
        filled = [cell for cell in row.cells if cell.strip()]
        apart = any(sign in filled[0] for sign in DELIMITERS) and sum(c.isdigit() for c in filled[0]) > _FEW_DIGITS
        if 2 * len(filled) > layout.width or (len(filled) == 1 and apart):
            raise at_line(row.line, "The file has rows below its heading that cannot be read.", AGAIN)
