"""Know a file by its first bytes: our own table first (one dictionary look-up), the `filetype` package for the rest."""

from __future__ import annotations

from typing import NamedTuple

from backend.file_organizer.analysis.kinds import Kind, kind_of_extension
from backend.file_organizer.analysis.words import words_in

HEAD = 4096
"""Bytes of a file that are read to know its type: one block, read once."""


class ContentType(NamedTuple):
    """What the bytes say: a canonical extension ("" when only the kind is known) and a kind."""

    extension: str
    kind: Kind


_FOUR: dict[bytes, tuple[tuple[bytes, str, Kind], ...]] = {}


def _add(magic: bytes, extension: str, kind: Kind) -> None:
    _FOUR[magic[:4]] = (*_FOUR.get(magic[:4], ()), (magic, extension, kind))


for _magic, _extension, _kind in (
    (b"%PDF-", "pdf", Kind.DOCUMENT),
    (b"\x89PNG\r\n\x1a\n", "png", Kind.PICTURE),
    (b"GIF87a", "gif", Kind.PICTURE),
    (b"GIF89a", "gif", Kind.PICTURE),
    (b"II*\x00", "tif", Kind.PICTURE),
    (b"MM\x00*", "tif", Kind.PICTURE),
    (b"8BPS", "psd", Kind.DESIGN),
    (b"PK\x03\x04", "zip", Kind.ARCHIVE),
    (b"PK\x05\x06", "zip", Kind.ARCHIVE),
    (b"Rar!\x1a\x07", "rar", Kind.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", "7z", Kind.ARCHIVE),
    (b"\xfd7zXZ\x00", "xz", Kind.ARCHIVE),
    (b"\x28\xb5\x2f\xfd", "zst", Kind.ARCHIVE),
    (b"MSCF", "cab", Kind.ARCHIVE),
    (b"\x7fELF", "elf", Kind.INSTALLER),
    (b"!<arch>\ndebian", "deb", Kind.INSTALLER),
    (b"\xed\xab\xee\xdb", "rpm", Kind.INSTALLER),
    (b"\xca\xfe\xba\xbe", "class", Kind.CODE),
    (b"fLaC", "flac", Kind.AUDIO),
    (b"OggS", "ogg", Kind.AUDIO),
    (b"MThd", "mid", Kind.AUDIO),
    (b"FORM", "aif", Kind.AUDIO),
    (b"\x1aE\xdf\xa3", "mkv", Kind.VIDEO),
    (b"FLV\x01", "flv", Kind.VIDEO),
    (b"\x00\x00\x01\xba", "mpg", Kind.VIDEO),
    (b"0&\xb2u", "wmv", Kind.VIDEO),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole", Kind.DOCUMENT),
    (b"{\\rtf", "rtf", Kind.DOCUMENT),
    (b"SQLite format 3\x00", "sqlite", Kind.DATA),
    (b"wOFF", "woff", Kind.FONT),
    (b"wOF2", "woff2", Kind.FONT),
    (b"OTTO", "otf", Kind.FONT),
    (b"\x00\x01\x00\x00\x00", "ttf", Kind.FONT),
    (b"BEGIN:VCARD", "vcf", Kind.CONTACT),
    (b"BEGIN:VCALENDAR", "ics", Kind.CALENDAR),
):
    _add(_magic, _extension, _kind)

_OPEN_DOCUMENT = {
    b"application/epub+zip": ContentType("epub", Kind.EBOOK),
    b"application/vnd.oasis.opendocument.text": ContentType("odt", Kind.DOCUMENT),
    b"application/vnd.oasis.opendocument.spreadsheet": ContentType("ods", Kind.SPREADSHEET),
    b"application/vnd.oasis.opendocument.presentation": ContentType("odp", Kind.PRESENTATION),
}
_FTYP_PICTURES = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis", b"crx ")

CONTAINERS: dict[str, frozenset[str]] = {
    "zip": words_in(
        "zip docx docm dotx xlsx xlsm xlsb pptx pptm ppsx odt ods odp ott epub jar apk xapk ipa cbz kmz "
        "3mf xps oxps pages numbers key sketch msix appx ibooks f3d kra npz mscz drawio fig xd snap whl"
    ),
    "ole": words_in("doc dot xls xlt ppt pps msg msi wps pub mdb db vsd"),
    "gz": frozenset(["gz", "tgz", "tar.gz", "svgz", "emz", "ps.gz", "z", "cpgz"]),
    "bz2": frozenset(["bz2", "tbz", "tbz2", "tar.bz2"]),
    "xz": frozenset(["xz", "txz", "tar.xz"]),
    "zst": frozenset(["zst", "tzst", "tar.zst"]),
    "tar": frozenset(["tar", "ova"]),
    "tif": words_in("tif tiff nef nrw cr2 arw dng pef srw orf rw2 raw iiq 3fr erf kdc mos"),
    "jpg": frozenset(["jpg", "jpeg", "jpe", "jfif", "mpo", "thm", "jps", "insp"]),
    "mp4": words_in("mp4 m4v m4a m4b mov 3gp 3g2 f4v qt cr3 heic heif avif m4r insv lrv"),
    "heic": frozenset(["heic", "heif", "hif"]),
    "mkv": frozenset(["mkv", "webm", "mka", "mks", "mk3d"]),
    "ogg": frozenset(["ogg", "oga", "ogv", "opus", "spx", "ogx"]),
    "wmv": frozenset(["wmv", "wma", "asf"]),
    "mpg": frozenset(["mpg", "mpeg", "vob", "mpe", "dat", "m2v"]),
    "elf": frozenset(["elf", "so", "o", "run", "appimage", "bin", ""]),
    "exe": words_in("exe dll scr com sys cpl ocx msi drv"),
    "aif": frozenset(["aif", "aiff", "aifc"]),
    "mp3": frozenset(["mp3", "mp2", "mpga"]),
    "rar": frozenset(["rar", "cbr", "rev"]),
    "7z": frozenset(["7z", "cb7"]),
    "sqlite": words_in("sqlite sqlite3 db db3 sqlitedb gpkg mbtiles anki2 kdb"),
    "pdf": frozenset(["pdf", "ai"]),
    "ttf": frozenset(["ttf", "ttc"]),
    "psd": frozenset(["psd", "psb"]),
    "cab": frozenset(["cab", "msu"]),
}
"""Which extensions truthfully wear which content."""


def detect(head: bytes) -> ContentType | None:
    """Return what the first bytes say, or None for text and for what nobody knows."""
    for magic, extension, kind in _FOUR.get(head[:4], ()):
        if head.startswith(magic):
            return _inside_zip(head) if extension == "zip" else ContentType(extension, kind)
    return _by_structure(head)


def _by_structure(head: bytes) -> ContentType | None:
    """Know the formats whose mark is shorter than four bytes or stands further in."""
    if head[:3] == b"\xff\xd8\xff":
        return ContentType("jpg", Kind.PICTURE)
    if head[:2] == b"\x1f\x8b":
        return ContentType("gz", Kind.ARCHIVE)
    if head[:3] == b"BZh":
        return ContentType("bz2", Kind.ARCHIVE)
    if head[:3] == b"ID3" or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2):
        return ContentType("mp3", Kind.AUDIO)
    if head[:2] == b"BM" and len(head) > 14 and head[6:10] == b"\0\0\0\0":
        return ContentType("bmp", Kind.PICTURE)
    if head[4:8] == b"ftyp":
        return _iso_media(head[8:12])
    if head[:4] == b"RIFF":
        inner = {b"WAVE": ("wav", Kind.AUDIO), b"AVI ": ("avi", Kind.VIDEO), b"WEBP": ("webp", Kind.PICTURE)}
        found = inner.get(head[8:12])
        return ContentType(*found) if found else None
    if head[:2] == b"MZ" and len(head) >= 64:
        return ContentType("exe", Kind.INSTALLER)
    if head[257:262] == b"ustar":
        return ContentType("tar", Kind.ARCHIVE)
    return None


def _iso_media(brand: bytes) -> ContentType:
    """Tell pictures, music and films of the ISO media family apart by their brand."""
    if brand in _FTYP_PICTURES:
        return ContentType("avif" if brand.startswith(b"avi") else "heic", Kind.PICTURE)
    if brand in (b"M4A ", b"M4B ", b"M4P "):
        return ContentType("m4a", Kind.AUDIO)
    return ContentType("mp4", Kind.VIDEO)


def _inside_zip(head: bytes) -> ContentType:
    """Tell office documents, books and apps from plain archives by the first member's name."""
    if head[30:38] == b"mimetype":
        for mark, found in _OPEN_DOCUMENT.items():
            if head[38:].startswith(mark):
                return found
    for mark, found in (
        (b"word/", ContentType("docx", Kind.DOCUMENT)),
        (b"xl/", ContentType("xlsx", Kind.SPREADSHEET)),
        (b"ppt/", ContentType("pptx", Kind.PRESENTATION)),
    ):
        if b"[Content_Types].xml" in head[:512] and mark in head:
            return found
    return ContentType("zip", Kind.ARCHIVE)


def detect_with_package(head: bytes) -> ContentType | None:
    """Ask the `filetype` package; for binary content that our own table does not know."""
    import filetype

    found = filetype.guess(head)
    if found is None:
        return None
    return ContentType(found.extension, kind_of_extension(found.extension))


_CONTROL = bytes(byte for byte in range(32) if byte not in (9, 10, 12, 13, 27)) + b"\x7f"


def looks_like_text(head: bytes) -> bool:
    """Tell whether bytes are text: no NUL, and next to no control characters (any encoding)."""
    if b"\0" in head:
        return False
    control = len(head) - len(head.translate(None, _CONTROL))
    return control * 100 <= len(head)


def disagreement(extension: str, content: ContentType | None, text: bool) -> str | None:
    """Say in plain words how the extension contradicts the content, or None when they agree or nothing is known."""
    if content is None:
        binary_promise = kind_of_extension(extension) in (Kind.PICTURE, Kind.VIDEO, Kind.AUDIO, Kind.ARCHIVE)
        if text and binary_promise and extension not in ("svg", "cue", "m3u", "m3u8", "pls", "ts"):
            return f"called .{extension} but it is text"
        return None
    if not extension or extension == content.extension:
        return None
    if extension in CONTAINERS.get(content.extension, ()):
        return None
    if content.kind is Kind.INSTALLER and kind_of_extension(extension) not in (Kind.INSTALLER, Kind.UNKNOWN):
        return f"called .{extension} but it is a program"
    if (
        content.extension in ("docx", "xlsx", "pptx", "odt", "ods", "odp", "epub", "jar")
        and extension in (CONTAINERS["zip"])
    ):
        return None
    promised = kind_of_extension(extension)
    if promised in (Kind.UNKNOWN, content.kind) and content.kind is not Kind.PICTURE:
        return None
    if promised is Kind.UNKNOWN:
        return None
    return f"called .{extension} but it is {content.extension}"
