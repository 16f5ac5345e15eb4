"""What files are: by content rather than by name, with dates, cameras, papers and media names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from backend.file_organizer.analysis.analyser import Analyser
from backend.file_organizer.analysis.facts import FileFacts
from backend.file_organizer.analysis.kinds import Kind, split_extension
from backend.file_organizer.analysis.media_names import understand
from backend.file_organizer.analysis.names import date_of, tokens_of
from backend.file_organizer.analysis.papers import Paper
from backend.file_organizer.analysis.reader import DocumentReader
from backend.file_organizer.planning.folder_index import FolderIndex
from backend.file_organizer.planning.local_engine import LocalEngine
from backend.file_organizer.planning.scanner import FileEntry
from backend.file_organizer.planning.suggestions import Suggestion
from tests.file_organizer.execution.archive_makers import (
    LOCKED_7Z,
    LOCKED_NAMES_7Z,
    locked_zip,
    rar4_of,
    rar5_of,
    seven_of,
    zip_of,
    zst_of,
)
from tests.file_organizer.messy_folder import EXE, MKV, MP3, docx, jpeg, odt, pdf, png, write, zipped


@pytest.fixture(scope="module")
def reader() -> Iterator[DocumentReader]:
    with DocumentReader(seconds=10) as found:
        yield found


def facts_of(path: Path, reader: DocumentReader | None = None) -> FileFacts:
    analyser = Analyser(reader, this_year=2026)
    status = os.lstat(path)
    entry = FileEntry(path.name, status.st_size, status.st_mtime_ns, status.st_ino)
    facts = analyser.look(str(path.parent), status.st_dev, entry)
    if reader is not None and analyser.can_look_inside(facts):
        analyser.look_inside(facts)
    return facts


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.bin", pdf("x"), Kind.DOCUMENT),
        ("noextension", png(), Kind.PICTURE),
        ("x.weird", MKV, Kind.VIDEO),
        ("x", MP3, Kind.AUDIO),
        ("readme", b"plain words\n", Kind.TEXT),
        ("b.docx", docx("x"), Kind.DOCUMENT),
    ],
)
def test_content_tells_the_kind(tmp_path: Path, name: str, content: bytes, kind: Kind) -> None:
    """A missing or unknown extension does not hide what a file is."""
    assert facts_of(write(tmp_path / name, content)).kind is kind


@pytest.mark.parametrize(
    ("name", "content", "odd"),
    [
        ("invoice.pdf", EXE, True),
        ("holiday.jpg", EXE, True),
        ("photo.png", jpeg(), True),
        ("film.mkv", pdf("x"), True),
        ("real.jpg", jpeg(), False),
        ("book.epub", zipped("mimetype"), False),
        ("letter.docx", docx("x"), False),
        ("setup.exe", EXE, False),
        ("notes.md", b"# hi", False),
        ("data.csv", b"a;b", False),
    ],
)
def test_a_false_extension_is_noticed(tmp_path: Path, name: str, content: bytes, odd: bool) -> None:
    """What pretends to be something else is odd; containers that wear another extension truthfully are not."""
    assert (facts_of(write(tmp_path / name, content)).oddity is not None) == odd


def test_exif_gives_date_and_camera(tmp_path: Path) -> None:
    """The moment of the picture beats the name and the file's time."""
    path = write(tmp_path / "2001-01-01 copied.jpg", jpeg(datetime(2019, 7, 3, 8, 0), "Pixel 7"))
    facts = facts_of(path)
    assert (facts.dated, facts.date_source, facts.camera) == ((2019, 7, 3), "exif", "Pixel 7")


@pytest.mark.parametrize(
    ("name", "content", "paper"),
    [
        ("scan1.pdf", pdf("Rechnung 17\nRechnungsdatum\nRechnung"), Paper.INVOICE),
        ("scan2.docx", docx("Mietvertrag. Dieser Vertrag gilt."), Paper.CONTRACT),
        ("scan3.odt", odt("Lebenslauf und Bewerbung"), Paper.APPLICATION),
        ("scan4.html", b"<html><script>var invoice=1</script><p>Receipt. Your receipt</p>", Paper.RECEIPT),
        ("scan5.txt", b"Gehaltsabrechnung Mai\nLohnabrechnung", Paper.PAYSLIP),
        ("Stromrechnung 2024.pdf", pdf("x"), Paper.INVOICE),
    ],
)
def test_papers_are_known_by_name_or_text(
    tmp_path: Path, reader: DocumentReader, name: str, content: bytes, paper: Paper
) -> None:
    """The text of PDF, Word, OpenDocument, web pages and plain text is read."""
    assert facts_of(write(tmp_path / name, content), reader).paper is paper


def test_archives_are_listed_not_unpacked(tmp_path: Path, reader: DocumentReader) -> None:
    """The members of an archive are known; nothing appears on disk."""
    facts = facts_of(write(tmp_path / "a.zip", zipped("x/a.jpg", "b.jpg")), reader)
    assert facts.members == ("x/a.jpg", "b.jpg")
    assert os.listdir(tmp_path) == ["a.zip"]


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("2024-03-01 Rechnung", (2024, 3, 1)),
        ("Rechnung 01.03.2024", (2024, 3, 1)),
        ("IMG_20230812_140300", (2023, 8, 12)),
        ("report 2021_07", (2021, 7, 0)),
        ("taxes 2019", (2019, 0, 0)),
        ("Blade Runner 2049", None),
        ("version 1.2024", None),
        ("2024-02-31", (2024, 2, 0)),
        ("order 123456789", None),
    ],
)
def test_dates_in_names(stem: str, expected: tuple[int, int, int] | None) -> None:
    """Only possible dates count."""
    assert date_of(stem, this_year=2026) == expected


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("Dark.S01E03.720p.WEB", ("episode", "Dark", 1, (3,))),
        ("Show - 2x05 - Title", ("episode", "Show", 2, (5,))),
        ("Show.S01E01E02", ("episode", "Show", 1, (1, 2))),
        ("Show.S01E01-E03", ("episode", "Show", 1, (1, 2, 3))),
        ("The Matrix (1999)", ("film", "The Matrix", None, ())),
        ("Blade.Runner.2049.2017.1080p.BluRay", ("film", "Blade Runner 2049", None, ())),
        ("1917 (2019)", ("film", "1917", None, ())),
        ("holiday in rome", None),
        ("Meeting 2024", None),
    ],
)
def test_media_names(stem: str, expected: tuple[str, str, int | None, tuple[int, ...]] | None) -> None:
    """Episodes and films are understood; home videos are not taken for films."""
    found = understand(stem)
    assert (found and (found.kind, found.title, found.season, found.episodes)) == expected


def test_tokens_are_telling_words() -> None:
    """Numbers, stop words and repeats fall out; joined words are taken apart."""
    assert tokens_of("StadtwerkeRechnung_2024 (final) copy rechnung") == ("stadtwerke", "rechnung")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.tar.gz", ("a", "tar.gz")),
        ("Dr. Miller", ("Dr. Miller", "")),
        (".profile", (".profile", "")),
        ("x.PDF", ("x", "pdf")),
        ("v1.final version", ("v1.final version", "")),
    ],
)
def test_extensions(name: str, expected: tuple[str, str]) -> None:
    """Only what looks like an extension is one."""
    assert split_extension(name) == expected


PICTURES = {f"holiday/IMG_{number}.jpg": jpeg() for number in range(3)}


@pytest.mark.parametrize(
    ("name", "packed"),
    [
        ("a.7z", seven_of(PICTURES)),
        ("a.rar", rar4_of(PICTURES)),
        ("new.rar", rar5_of(PICTURES)),
        ("a.tar.zst", zst_of(PICTURES)),
        ("a.zip", zip_of(PICTURES)),
    ],
    ids=["7z", "rar4", "rar5", "tar.zst", "zip"],
)
def test_archives_are_looked_into_without_unpacking(
    tmp_path: Path, reader: DocumentReader, name: str, packed: bytes
) -> None:
    """The suggestion says what is inside; the folder is as it was."""
    facts = facts_of(write(tmp_path / name, packed), reader)
    assert facts.members == tuple(PICTURES)
    assert not facts.locked
    assert suggested(facts).reason == "An archive of 3 files, mostly picture."
    assert os.listdir(tmp_path) == [name]


@pytest.mark.parametrize(
    ("name", "packed"),
    [
        ("content.7z", LOCKED_7Z),
        ("names.7z", LOCKED_NAMES_7Z),
        ("old.rar", rar4_of({"a.txt": b"0123456789abcdef"}, locked=True)),
        ("old.zip", locked_zip()),
    ],
    ids=["7z", "7z with names", "rar", "zip"],
)
def test_a_locked_archive_is_said_to_stay_packed(
    tmp_path: Path, reader: DocumentReader, name: str, packed: bytes
) -> None:
    facts = facts_of(write(tmp_path / name, packed), reader)
    assert facts.locked
    assert suggested(facts).reason == "An archive. It is locked with a password; Homie leaves it packed."


def test_a_hostile_archive_hurts_no_look_inside(tmp_path: Path, reader: DocumentReader) -> None:
    """Cut, damaged or nonsense: nothing is said of its inside, and the reader goes on."""
    for name, packed in (("cut.7z", seven_of(PICTURES)[:-30]), ("bad.rar", b"Rar!\x1a\x07\x00" + b"\x11" * 500)):
        facts = facts_of(write(tmp_path / name, packed), reader)
        assert facts.kind is Kind.ARCHIVE
        assert (facts.members, facts.locked) == ((), False)
    assert facts_of(write(tmp_path / "good.7z", seven_of(PICTURES)), reader).members == tuple(PICTURES)


def suggested(facts: FileFacts) -> Suggestion:
    return LocalEngine(FolderIndex(facts.folder), volume_id="volume", base="", language="en").suggest(facts)
