"""What belongs together stays together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.file_organizer.planning.grouping import UnitKind, file_groups, whole_folder
from backend.file_organizer.planning.scanner import FileEntry, Folder


def entries(*names: str) -> list[FileEntry]:
    return [FileEntry(name, 1, 0, number) for number, name in enumerate(names)]


def grouped(*names: str, folders: tuple[str, ...] = ()) -> dict[str, set[str]]:
    """Return lead -> companions (and folders)."""
    return {
        group.lead.name: {entry.name for entry in group.companions} | set(group.folders)
        for group in file_groups(entries(*names), folders)
    }


@pytest.mark.parametrize(
    ("names", "lead"),
    [
        (("Film.2001.mkv", "Film.2001.srt", "Film.2001.en.forced.srt", "Film.2001.nfo"), "Film.2001.mkv"),
        (("Show.S01E01.WEB.mkv", "Show.S01E01.WEB.de.srt", "Show.S01E01.WEB-thumb.jpg"), "Show.S01E01.WEB.mkv"),
        (("IMG_1.CR2", "IMG_1.JPG", "IMG_1.xmp"), "IMG_1.JPG"),
        (("IMG_2.HEIC", "IMG_2.MOV"), "IMG_2.HEIC"),
        (("a.part1.rar", "a.part2.rar", "a.part3.rar"), "a.part1.rar"),
        (("b.rar", "b.r00", "b.r01"), "b.rar"),
        (("c.7z.001", "c.7z.002"), "c.7z.001"),
        (("d.zip", "d.z01", "d.z02"), "d.zip"),
        (("disk.iso", "disk.iso.sha256", "disk.iso.asc"), "disk.iso"),
        (("photo.jpg", "photo.jpg.xmp"), "photo.jpg"),
        (("song.mp3", "song.lrc"), "song.mp3"),
    ],
)
def test_sidecars_and_parts_follow_their_lead(names: tuple[str, ...], lead: str) -> None:
    """One group, with the file that people mean as its lead."""
    assert grouped(*names) == {lead: set(names) - {lead}}


def test_a_saved_page_takes_its_folder_along() -> None:
    """`page.html` and `page_files` are one thing."""
    assert grouped("page.html", folders=("page_files", "other")) == {"page.html": {"page_files"}}


def test_strangers_are_not_joined() -> None:
    """Files that merely share a beginning, or a stem with another kind, stay apart."""
    names = ("report.pdf", "report.docx", "report 2.pdf", "trailer.srt", "cover.jpg", "photo2024.001")
    assert grouped(*names) == {name: set() for name in names}


@given(
    st.lists(
        st.from_regex(r"[abc]{1,2}(\.part1|\.en)?\.(mkv|srt|rar|r00|jpg|cr2|html|001|nfo)", fullmatch=True), unique=True
    )
)
def test_every_file_is_in_exactly_one_group(names: list[str]) -> None:
    """Grouping loses and repeats nothing."""
    groups = file_groups(entries(*names))
    found = [entry.name for group in groups for entry in (group.lead, *group.companions)]
    assert sorted(found) == sorted(names)


def folder(*names: str, folders: tuple[str, ...] = ()) -> Folder:
    return Folder("/x", 1, 1, True, True, entries(*names), list(folders))


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("site", folder("package.json", "index.js"), UnitKind.PROJECT),
        ("tool", folder("Makefile", "a.c"), UnitKind.PROJECT),
        ("DCIM", folder(), UnitKind.CAMERA),
        ("101_PANA", folder("P1010001.JPG"), UnitKind.CAMERA),
        ("Mail.app", folder(), UnitKind.APP),
        ("portable", folder("run.exe", "lib.dll"), UnitKind.APP),
        ("Heat (1995)", folder("Heat.1995.mkv", "Heat.1995.srt", folders=("Subs",)), UnitKind.FILM),
        ("Heat (1995)", folder("Heat.1995.CD1.avi", "Heat.1995.CD2.avi"), UnitKind.FILM),
        ("Best of", folder("01 a.mp3", "02 b.mp3", "03 c.mp3", "cover.jpg"), UnitKind.MUSIC_ALBUM),
        ("Rome", folder("a.jpg", "b.jpg", "c.jpg"), UnitKind.PHOTO_ALBUM),
        ("New folder", folder("a.jpg", "b.jpg", "c.jpg"), None),
        ("Taxes", folder("a.pdf", "b.pdf"), None),
        ("Show S01", folder("Show.S01E01.mkv", "Show.S01E02.mkv"), None),
    ],
)
def test_folders_that_stay_whole(name: str, content: Folder, kind: UnitKind | None) -> None:
    """Projects, camera folders, apps, films and albums are units; papers and mixed folders are not."""
    assert whole_folder(content, name) == kind
