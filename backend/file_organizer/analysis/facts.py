"""What is known about one file: the only thing that suggestions and memory look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from backend.file_organizer.analysis.kinds import Kind
from backend.file_organizer.analysis.media_names import MediaName
from backend.file_organizer.analysis.names import NameDate
from backend.file_organizer.analysis.papers import Paper


@dataclass(slots=True)
class FileFacts:
    """Hold the findings about one file (or one folder that is kept whole).

    `folder`: absolute path of the folder it lies in. `extension`: as the name says; `content_extension`: as the bytes
    say ("" unknown). `oddity`: what is wrong with it, in words, or None. `tokens`: telling words of the name.
    `sender`: the domain or address that it came from; `project`: the title of a known project that it speaks of.
    `dated`: a date for filing and where it comes from (`date_source`: exif, name, document, modified).
    """

    folder: str
    name: str
    stem: str
    extension: str
    size: int
    mtime_ns: int
    inode: int
    device: int
    kind: Kind
    is_folder: bool = False
    content_extension: str = ""
    oddity: str | None = None
    tokens: tuple[str, ...] = ()
    dated: NameDate | None = None
    date_source: str = ""
    camera: str = ""
    paper: Paper | None = None
    paper_word: str = ""
    paper_from: str = ""
    words: tuple[str, ...] = ()
    sender: str = ""
    project: str = ""
    media: MediaName | None = None
    screenshot: bool = False
    camera_name: bool = False
    members: tuple[str, ...] = ()
    locked: bool = False
    read: bool = False
    modified: NameDate | None = None

    @property
    def path(self) -> str:
        """Return the absolute path."""
        return f"{self.folder}/{self.name}" if self.folder != "/" else "/" + self.name

    def filing_date(self) -> NameDate:
        """Return the best known date; the time of modification when nothing better is known."""
        if self.dated is not None:
            return self.dated
        if self.modified is None:
            moment = datetime.fromtimestamp(max(0, min(self.mtime_ns, 4_000_000_000_000_000_000)) / 1e9)
            self.modified = NameDate(moment.year, moment.month, moment.day)
        return self.modified
