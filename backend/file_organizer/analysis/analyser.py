"""Find out what a file is: name first, then one block of its head, then (only if still unsure) its inside.

`look` costs one `open` and one `read`. `look_inside` asks the reader process and is called by the suggesting side for
files whose name and head did not say enough, so that a folder of well-named papers is never parsed at all.
"""

from __future__ import annotations

import os
from datetime import datetime

from backend.file_organizer.analysis import names, papers, senders, signatures
from backend.file_organizer.analysis.exif import PictureFacts, read_exif
from backend.file_organizer.analysis.facts import FileFacts
from backend.file_organizer.analysis.kinds import Kind, kind_of_extension, split_extension
from backend.file_organizer.analysis.media_names import MediaName, understand, without_language
from backend.file_organizer.analysis.reader import DocumentReader
from backend.file_organizer.planning.scanner import FileEntry

LONG_HEAD = 65536
"""Bytes of the start that are read of pictures (their EXIF data) and mails (the relays write their lines first)."""
_JPEG_LIKE = frozenset(["jpg", "jpeg", "jpe", "tif", "tiff", "nef", "nrw", "cr2", "arw", "dng", "pef"])
_HEAD_ON_DEMAND = frozenset({Kind.SUBTITLE, Kind.CODE})
_OPEN_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_INSIDE = {
    "pdf": "pdf", "docx": "office", "docm": "office", "odt": "office", "pptx": "office", "xlsx": "office",
    "ods": "office", "odp": "office", "html": "html", "htm": "html", "xhtml": "html", "mhtml": "html",
    "zip": "zip", "tar": "tar", "tar.gz": "tar", "tgz": "tar", "tar.bz2": "tar", "tar.xz": "tar", "txz": "tar",
    "tbz": "tar", "tbz2": "tar", "tar.zst": "squeezed_tar", "tzst": "squeezed_tar", "tar.lz": "squeezed_tar",
    "7z": "packed", "rar": "packed",
    "webp": "picture", "png": "picture", "heic": "picture", "avif": "picture", "jxl": "picture",
}  # fmt: skip


class Analyser:
    """Analyse files one by one. `read_heads`: look at content at all; `reader`: for the inside of documents."""

    def __init__(self, reader: DocumentReader | None = None, *, read_heads: bool = True, this_year: int = 2100) -> None:
        self._reader = reader
        self._read_heads = read_heads
        self._this_year = this_year

    def look(self, folder: str, device: int, entry: FileEntry) -> FileFacts:
        """Return what the name and the first block say."""
        name, size, mtime_ns, inode = entry
        stem, extension = split_extension(name)
        kind = kind_of_extension(extension)
        facts = FileFacts(folder, name, stem, extension, size, mtime_ns, inode, device, kind)
        facts.tokens = names.tokens_of(stem)
        self._date_from_name(facts)
        if self._read_heads and size and kind not in _HEAD_ON_DEMAND:
            self._look_at_head(facts)
        if facts.kind in (Kind.VIDEO, Kind.SUBTITLE):
            self._media(facts)
        elif facts.kind is Kind.PICTURE or facts.kind is Kind.AUDIO:
            facts.screenshot = names.SCREENSHOT_NAME.search(stem) is not None
            facts.camera_name = names.CAMERA_NAME.match(stem) is not None
            self._drop_counter_year(facts)
        else:
            found = papers.paper_of_words(facts.tokens)
            if found:
                facts.paper, facts.paper_word, facts.paper_from = found[0], found[1], "name"
        return facts

    def _date_from_name(self, facts: FileFacts) -> None:
        """Take the date that the name carries."""
        if not facts.stem.isalpha():
            facts.dated = names.date_of(facts.stem, this_year=self._this_year)
            if facts.dated:
                facts.date_source = "name"

    @staticmethod
    def _drop_counter_year(facts: FileFacts) -> None:
        """Forget a bare "year" in a camera's name: IMG_2019 is the 2,019th picture."""
        if facts.camera_name and facts.date_source == "name" and facts.dated and not facts.dated.month:
            facts.dated, facts.date_source = None, ""

    def _media(self, facts: FileFacts) -> None:
        """Understand a film's or episode's name; recordings of a camera or a screen are neither."""
        facts.screenshot = names.SCREENSHOT_NAME.search(facts.stem) is not None
        facts.camera_name = names.CAMERA_NAME.match(facts.stem) is not None
        if facts.screenshot or facts.camera_name:
            self._drop_counter_year(facts)
            return
        stem = without_language(facts.stem)[-1] if facts.kind is Kind.SUBTITLE else facts.stem
        facts.media = understand(stem, folder="/".join(facts.folder.split("/")[-3:]))

    def _look_at_head(self, facts: FileFacts) -> None:
        """Read the first block and let it correct what the extension claims."""
        long = facts.extension in _JPEG_LIKE or facts.kind is Kind.MAIL
        head = read_head(facts.path, LONG_HEAD if long else signatures.HEAD)
        if not head:
            return
        content = signatures.detect(head)
        text = content is None and signatures.looks_like_text(head[: signatures.HEAD])
        if content is None and not text and facts.kind is Kind.UNKNOWN:
            content = signatures.detect_with_package(head)
        facts.oddity = signatures.disagreement(facts.extension, content, text)
        if content is not None:
            facts.content_extension = content.extension
            if facts.kind is Kind.UNKNOWN or facts.oddity:
                facts.kind = content.kind
        elif text and facts.kind is Kind.UNKNOWN:
            facts.kind = Kind.TEXT
        if content is not None and content.kind is Kind.PICTURE:
            self._take_picture(facts, read_exif(head))
        elif text and facts.kind in (Kind.TEXT, Kind.DOCUMENT):
            self._take_text(facts, head.decode("utf-8", "replace"))
        elif text and facts.kind is Kind.MAIL:
            facts.sender = senders.sender_of_mail(head.decode("utf-8", "replace"))

    def _take_text(self, facts: FileFacts, text: str) -> None:
        """Take the words of a paper, and who it is from."""
        facts.words = _words(text)
        facts.sender = senders.sender_of_text(text)

    def _take_picture(self, facts: FileFacts, found: PictureFacts | None) -> None:
        """Take date and camera; a picture's own date beats the one in its name."""
        if found is None:
            return
        facts.camera = found.camera
        if found.taken is not None:
            facts.dated = names.NameDate(found.taken.year, found.taken.month, found.taken.day)
            facts.date_source = "exif"

    def can_look_inside(self, facts: FileFacts) -> bool:
        """Tell whether the inside could say more than was found so far."""
        if facts.read or facts.is_folder or not facts.size:
            return False
        if facts.words and facts.paper is None:
            return True
        return self._reader is not None and self._inside_kind(facts) is not None

    def _inside_kind(self, facts: FileFacts) -> str | None:
        """Return which reader understands the file."""
        if facts.kind is Kind.PICTURE and facts.date_source == "exif":
            return None
        found = _INSIDE.get(facts.content_extension) or _INSIDE.get(facts.extension)
        if found == "packed" and (facts.kind is not Kind.ARCHIVE or facts.content_extension not in ("7z", "rar")):
            return None  # a book of pictures, or something else under this name
        return found

    def look_inside(self, facts: FileFacts) -> None:
        """Read text, listing or picture data and add what they say to `facts`."""
        facts.read = True
        what = self._inside_kind(facts)
        if self._reader is not None and what is not None:
            found = self._reader.read(what, facts.path)
            if "problem" in found:
                facts.oddity = facts.oddity or _PROBLEMS.get(found["problem"])
            elif what == "picture":
                taken = names.date_of(str(found.get("taken", "")).replace(":", "-", 2), this_year=self._this_year)
                moment = datetime(*taken) if taken and taken.month and taken.day else None
                self._take_picture(facts, PictureFacts(moment, str(found.get("camera", ""))))
            elif what in _LISTINGS:
                facts.members = tuple(str(member) for member in found.get("members", ()))
                facts.locked = bool(found.get("encrypted"))
            else:
                self._take_text(facts, f"{found.get('title', '')} {found.get('text', '')}")
        self._paper_from_words(facts)

    def text_of(self, facts: FileFacts) -> str | None:
        """Return what is written inside, at most what the reader gives; None where it is none that can be read."""
        if facts.is_folder or not facts.size:
            return None
        what = self._inside_kind(facts)
        if what in ("pdf", "office", "html"):
            found = self._reader.read(what, facts.path) if self._reader is not None else {"problem": "no reader"}
            return None if "problem" in found else f"{found.get('title', '')}\n{found.get('text', '')}"
        head = read_head(facts.path, LONG_HEAD)
        if not head or not signatures.looks_like_text(head[: signatures.HEAD]):
            return None
        return head.decode("utf-8", "replace")

    def _paper_from_words(self, facts: FileFacts) -> None:
        """Let the text say what the paper is, where the name did not."""
        if facts.paper is None and facts.words:
            found = papers.paper_of_text(facts.words)
            if found:
                facts.paper, facts.paper_word, facts.paper_from = found[0], found[1], "text"

    def look_at_folder(self, folder: str, name: str, device: int, kind: Kind) -> FileFacts | None:
        """Return facts of a folder that is kept whole; None if it is gone."""
        try:
            status = os.lstat(f"{folder}/{name}")
        except OSError:
            return None
        facts = FileFacts(folder, name, name, "", 0, status.st_mtime_ns, status.st_ino, device, kind, is_folder=True)
        facts.tokens = names.tokens_of(name)
        self._date_from_name(facts)
        return facts


_LISTINGS = frozenset(("zip", "tar", "packed", "squeezed_tar"))
_PROBLEMS = {"too slow": "takes too long to read", "too large": "needs too much memory to read"}


def media_of_folder(name: str) -> MediaName | None:
    """Return what a film folder's name says."""
    return understand(name)


def read_head(path: str, size: int) -> bytes:
    """Return the first bytes of a plain file, empty if it cannot be read; never blocks on a pipe or follows a link."""
    try:
        descriptor = os.open(path, _OPEN_FLAGS)
    except OSError:
        return b""
    try:
        return os.read(descriptor, size)
    except OSError:
        return b""
    finally:
        os.close(descriptor)


def _words(text: str) -> tuple[str, ...]:
    """Return the words of a text, lower case, at most the first two thousand."""
    return tuple(word.lower() for word in names._WORDS.findall(text[:20_000])[:2000])
