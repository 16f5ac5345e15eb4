"""The process that opens spreadsheets of unknown origin; a hostile one hurts nothing but this process.

Started by `other_sheets.py`: it is handed one open file over a socket with its kind (xls, ods, html), and answers
with a length and JSON: `{"sheets": [{"name", "rows": [[line, cells], ...]}]}` or `{"problem"}`, within the limits of
`backend/sdk/confined`. It opens nothing by itself, and imports nothing else of the platform.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import socket
from collections.abc import Iterator
from typing import Any, BinaryIO

from backend.sdk.confined.inside import confine, in_time, take_channel

MEMORY = 2 << 30
SECONDS = 80
CPU_SECONDS = 120
MOST_SHEETS = 50
MOST_COLUMNS = 200
MOST_CELLS = 10_000_000
MOST_ROWS = 500_000
"""The bounds of `sheets.py` and `limits.py`, from which nothing may be imported here; a test compares them."""


class TooMany(Exception):
    """There is more than any statement has; the text says of what."""


class _Counted:
    """Take rows of all sheets, without empty ones and without empty ends, and count their cells."""

    def __init__(self) -> None:
        self.cells = 0

    def rows(self, rows: Iterator[tuple[int, list[Any]]]) -> list[tuple[int, list[Any]]]:
        """Return the rows that say something."""
        kept = []
        for line, cells in rows:
            cells = cells[:MOST_COLUMNS]
            while cells and cells[-1] == "":
                cells.pop()
            if cells:
                self.cells += len(cells)
                if self.cells > MOST_CELLS:
                    raise TooMany("cells")
                kept.append((line, cells))
        return kept


def workbook(file: BinaryIO) -> list[dict[str, Any]]:
    """Return the sheets of a spreadsheet; raises whatever the library raises."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(file)
    names, counted, found = list(book.sheet_names), _Counted(), []
    if len(names) > MOST_SHEETS:
        raise TooMany("sheets")
    for number, name in enumerate(names):
        sheet = book.get_sheet_by_index(number)
        if sheet.start is None:
            continue  # nothing is in it
        if sheet.height > MOST_ROWS:
            raise TooMany("rows")
        first, left = sheet.start
        rows = (
            (first + 1 + at, [""] * min(left, MOST_COLUMNS) + [cell_of(one) for one in row[:MOST_COLUMNS]])
            for at, row in enumerate(sheet.to_python(skip_empty_area=True))
        )
        found.append({"name": name[:60], "rows": counted.rows(rows)})
    return found


def cell_of(value: Any) -> Any:
    """Return a cell as JSON has it: a number, or a text; a day as "2024-03-01"."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def page(file: BinaryIO) -> list[dict[str, Any]]:
    """Return all rows of all tables of a page as one sheet, in their order: heading and rows may be tables apart."""
    from lxml import etree

    # The parent has written it as UTF-8, whatever it says of itself.
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    root = etree.parse(file, parser).getroot()
    if root is None:
        return []
    rows = ((row.sourceline or at + 1, list(_cells(row))) for at, row in enumerate(root.iter("tr")))
    return [{"name": "page", "rows": _Counted().rows(rows)}]


def _cells(row: Any) -> Iterator[str]:
    """Yield the texts of a row's own cells; one that holds a table is that table's frame and says nothing itself."""
    for cell in row.iterchildren("td", "th"):
        if cell.find(".//table") is None:
            for one in cell.iter("br", "p", "div"):
                one.tail = f" {one.tail or ''}"
            yield " ".join("".join(cell.itertext()).split())
        else:
            yield ""
        wide = cell.get("colspan", "1")
        yield from [""] * (min(int(wide), MOST_COLUMNS) - 1 if wide.isdecimal() and len(wide) < 4 else 0)


def answer(kind: str, descriptor: int) -> bytes:
    """Return the answer for one file; whatever it makes the libraries raise becomes a problem."""
    try:
        with in_time(SECONDS), os.fdopen(descriptor, "rb") as file:
            file.seek(0)
            told: dict[str, Any] = {"sheets": page(file) if kind == "html" else workbook(file)}
    except TooMany as error:
        told = {"problem": str(error)}
    except BaseException:
        # Hostile bytes make libraries raise anything at all, a panic of Rust too; that is what this process is for.
        told = {"problem": "damaged"}
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")


def main() -> None:
    """Answer one question."""
    channel = take_channel()
    channel.settimeout(SECONDS)
    confine(MEMORY, cpu_seconds=CPU_SECONDS)
    message, descriptors, _, _ = socket.recv_fds(channel, 16, 1)
    if message and descriptors:
        told = answer(message.decode("ascii"), descriptors[0])
        channel.sendall(b"%d\n" % len(told) + told)


if __name__ == "__main__":
    main()
