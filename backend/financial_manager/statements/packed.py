"""A ZIP of statements, as German banks give CAMT: each file in it is read, and the archive is one statement file.

All or none: a file that cannot be read refuses the archive. What explains the statements (a PDF, a picture) is left out
and said. Only the bounded sum of all files is ever unpacked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from backend.financial_manager.statements.errors import AGAIN, StatementError
from backend.financial_manager.statements.limits import MOST_BYTES, SMALLER, check_count
from backend.financial_manager.statements.statement import Doubt, StatementFile
from backend.sdk.zip_parts import DAMAGED, ZipParts, ZipTooLarge

ZIP = b"PK\x03\x04"
_MOST_FILES = 2_000
_SPREADSHEET = re.compile(r"xl/|mimetype$|\[Content_Types\]\.xml$|content\.xml$")
"""What the archive of a spreadsheet or another office document holds."""


def holds_statements(data: bytes) -> bool:
    """Tell whether this is an archive of files, not one of the documents that are archives themselves."""
    if not data.startswith(ZIP):
        return False
    try:
        names = ZipParts(data, 0).names
    except DAMAGED:
        return False
    return not any(_SPREADSHEET.match(one) for one in names)


def read_packed(
    data: bytes, name: str, read: Callable[[bytes, str], StatementFile], others: Mapping[bytes, str]
) -> StatementFile:
    """Return what the files of an archive say, by name. `others`: beginnings of what is no statement -> what it is.

    Raises `StatementError` for an archive that is damaged, locked or too large, and for a file that cannot be read.
    """
    files, doubts = [], []
    for inner, content in _unpacked(data):
        if content.startswith(tuple(others)):
            doubts.append(Doubt("file_left_out", f"{inner} is no statement and is not read."))
            continue
        try:
            files.append(read(content, inner))
        except StatementError as error:
            problem = f"The file holds {inner}, which cannot be read."
            raise StatementError(f"{problem} {error.problem}", where=error.where, remedy=error.remedy) from error
    if not files:
        raise StatementError("The file is packed, and no statement is in it.", remedy=AGAIN)
    if len(files) == 1:
        return replace(files[0], name=name, doubts=(*doubts, *files[0].doubts))
    if len(kinds := sorted({one.format for one in files})) > 1:
        # The same bookings as CSV and as CAMT have other texts: they would be booked twice.
        problem = f"The file holds statements of several kinds ({', '.join(kinds)}), and one may repeat another."
        raise StatementError(problem, remedy="Unpack it, and import one kind.")
    check_count(sum(len(one.entries) for one in files))
    return StatementFile(
        kinds[0],
        name,
        tuple(statement for one in files for statement in one.statements),
        files[0].dialect | {"files": str(len(files))},
        (*doubts, *(doubt for one in files for doubt in one.doubts)),
        files[0].table,
    )


def _unpacked(data: bytes) -> list[tuple[str, bytes]]:
    """Return the files of an archive, by name, within the bound of one statement; an archive inside is refused."""
    try:
        parts = ZipParts(data, MOST_BYTES)
        wanted = sorted(one for one in parts.names if _is_file(one))
        if len(wanted) > _MOST_FILES:
            raise StatementError(f"The file holds more than {_MOST_FILES} files.", remedy=SMALLER)
        found = [(inner.rpartition("/")[2], parts.read(inner) or b"") for inner in wanted]
    except ZipTooLarge as error:
        raise StatementError("The file unpacks to more than any statement.", remedy=SMALLER) from error
    except DAMAGED as error:
        raise StatementError("The file is a damaged or locked spreadsheet or archive.", remedy=AGAIN) from error
    if any(holds_statements(content) for _, content in found):
        raise StatementError("The file holds another packed file.", remedy="Unpack it, and import what is inside.")
    return found


def _is_file(name: str) -> bool:
    """Tell whether an entry is a file that somebody put there: no folder, nothing hidden, nothing of macOS's own."""
    parts = name.split("/")
    return bool(parts[-1]) and parts[0] != "__MACOSX" and not any(part.startswith(".") for part in parts)
