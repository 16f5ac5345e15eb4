"""A ZIP of statements, as German banks give CAMT, is read as the statements that are in it."""

from __future__ import annotations

import io
import zipfile

import pytest

from backend.financial_manager.statements import StatementError, StatementFile, read_statements
from backend.financial_manager.statements import packed as packed_module
from tests.financial_manager.test_dialects import camt, sheet

CSV = "Date;Text;Amount\n2024-03-05;a;-48.90\n2024-03-07;b;1321.37\n"
LATER = "Date;Text;Amount\n2024-04-02;c;-3.10\n"


def archive(**files: str | bytes) -> bytes:
    """Return a ZIP of these files; "__" in a name is a slash, a single "_" before the ending a point."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as found:
        for name, data in files.items():
            found.writestr(name.replace("__", "/").replace("_", "."), data)
    return made.getvalue()


def amounts(file: StatementFile) -> list[int]:
    """Return the signed amounts in minor units, in the file's order."""
    return [entry.amount_minor for entry in file.entries]


def test_a_packed_statement_says_what_it_says_alone() -> None:
    """The bookings, the account and the balances of one file are the same with and without its archive."""
    text = camt()
    alone, packed = read_statements(text.encode(), "x.xml"), read_statements(archive(x_xml=text), "x.zip")
    assert (packed.format, packed.statements, packed.name) == (alone.format, alone.statements, "x.zip")
    choices = {"amount": "Amount"}
    assert read_statements(archive(a_csv=CSV), "", choices).table == read_statements(CSV.encode(), "", choices).table


def test_every_day_of_a_month_is_read() -> None:
    """A file a day, as banks pack them: all are read, in the order of their names, folders or not."""
    days = archive(**{"b__2_csv": LATER, "a__1_csv": CSV})
    assert amounts(read_statements(days)) == [-4890, 132137, -310]
    assert read_statements(days).dialect["files"] == "2"


def test_what_explains_a_statement_is_left_out_and_said() -> None:
    """A PDF beside the statement does no harm; hidden files and macOS's shadows are not even named."""
    shadow = {"__MACOSX/._x.csv": b"\0\5\x16\7", ".DS_Store": b"\0\0"}
    made = io.BytesIO(archive(x_csv=CSV, letter_pdf=b"%PDF-1.7"))
    with zipfile.ZipFile(made, "a") as found:
        for name, data in shadow.items():
            found.writestr(name, data)
    file = read_statements(made.getvalue())
    assert amounts(file) == [-4890, 132137]
    assert [one.reason for one in file.doubts] == ["letter.pdf is no statement and is not read."]


@pytest.mark.parametrize(
    ("data", "said", "remedy"),
    [
        (archive(letter_pdf=b"%PDF-1.7"), "no statement is in it", "Download"),
        (
            archive(a_csv=CSV, b_xml="<html>"),
            r"holds b\.xml, which cannot be read\. The file is a web page",
            "as a file",
        ),
        (archive(a_csv=CSV, b_xml=camt()), "several kinds", "import one kind"),
        (archive(a_zip=archive(a_csv=CSV)), "another packed file", "Unpack"),
        (archive(a_csv=CSV)[:-30], "damaged or locked", "again"),
        (archive(), "damaged or locked|empty|no", ""),
    ],
)
def test_an_archive_is_read_whole_or_refused_in_words(data: bytes, said: str, remedy: str) -> None:
    """One file that cannot be read refuses all of them: half a month would look like a whole one."""
    with pytest.raises(StatementError, match=said) as refused:
        read_statements(data)
    assert remedy in refused.value.remedy


def test_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever an archive says of its sizes, only the bound is ever unpacked, of all its files together."""
    monkeypatch.setattr(packed_module, "MOST_BYTES", 2 * 2**20)
    bomb = archive(**{f"{number}_csv": "a;b\n" * 250_000 for number in range(3)})
    assert len(bomb) < 20_000
    with pytest.raises(StatementError, match="unpacks to more than any statement"):
        read_statements(bomb)
    monkeypatch.setattr(packed_module, "_MOST_FILES", 2)
    with pytest.raises(StatementError, match="more than 2 files"):
        read_statements(archive(a_csv=CSV, b_csv=CSV, c_csv=CSV))


def test_a_spreadsheet_stays_a_spreadsheet() -> None:
    """XLSX is an archive too."""
    assert read_statements(sheet(("Date", "Amount"), (45356, -48.9))).format == "xlsx"
    assert amounts(read_statements(archive(a_xlsx=sheet(("Date", "Amount"), (45356, -48.9))))) == [-4890]
