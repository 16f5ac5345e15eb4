"""The shipped places: where a tidy household keeps things, in its own language, and what else it may call them.

A `Place` is a kind of destination (invoices, pictures, films); `PLACES` gives its folder in English and German, the
subfolder template, and the names under which a household may already have it. No folder is made up beyond these: a
suggestion is one of these places, an existing folder, or a learned one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from backend.file_organizer.analysis.kinds import Kind
from backend.file_organizer.analysis.papers import Paper
from backend.file_organizer.settings import Language


@dataclass(frozen=True, slots=True)
class Place:
    """One kind of destination. `sub`: template below it ("{year}", "{year}/{year}-{month}", "" none).

    `names`: what households call it, folded (`fold`), any language.
    """

    key: str
    en: str
    de: str
    sub: str
    names: frozenset[str]

    def folder(self, language: Language) -> str:
        """Return the shipped folder in the household's language, relative to the destination root."""
        return self.de if language == "de" else self.en


def fold(name: str) -> str:
    """Return a folder's name for comparison: no case, accents, digits at the front, or separators; singular-ish."""
    text = unicodedata.normalize("NFKD", name.casefold())
    text = "".join(c for c in text if not unicodedata.combining(c))
    text = re.sub(r"^[\d\s._-]+(?=[a-z])", "", text)
    return re.sub(r"[\W_]+", " ", text).strip()


def _place(key: str, en: str, de: str, sub: str = "", also: str = "") -> Place:
    names = {fold(en.rpartition("/")[2]), fold(de.rpartition("/")[2]), *(fold(a) for a in also.split(",") if a)}
    return Place(key, en, de, sub, frozenset(names))


_ALL = (
    _place(
        "invoice", "Documents/Invoices", "Dokumente/Rechnungen", "{year}", "bills,invoice,rechnung,factures,facturas"
    ),
    _place("receipt", "Documents/Receipts", "Dokumente/Belege", "{year}", "receipt,quittungen,kassenbons"),
    _place("contract", "Documents/Contracts", "Dokumente/Verträge", "", "contract,vertrag,agreements"),
    _place("insurance", "Documents/Insurance", "Dokumente/Versicherungen", "", "insurances,versicherung"),
    _place(
        "bank", "Documents/Bank", "Dokumente/Bank", "{year}", "banking,kontoauszüge,bank statements,statements,konto"
    ),
    _place("tax", "Documents/Taxes", "Dokumente/Steuern", "{year}", "tax,steuer,finanzamt"),
    _place(
        "payslip", "Documents/Payslips", "Dokumente/Gehalt", "{year}", "payslip,salary,gehaltsabrechnungen,lohn,payroll"
    ),
    _place("medical", "Documents/Medical", "Dokumente/Gesundheit", "", "health,medizin,arzt,medizinisches"),
    _place(
        "manual", "Documents/Manuals", "Dokumente/Anleitungen", "", "manual,handbücher,bedienungsanleitungen,guides"
    ),
    _place("travel", "Documents/Travel", "Dokumente/Reisen", "{year}", "trips,reise,tickets,urlaub"),
    _place("certificate", "Documents/Certificates", "Dokumente/Urkunden", "", "zeugnisse,certificate,diplomas"),
    _place("application", "Documents/Applications", "Dokumente/Bewerbungen", "", "cv,resume,bewerbung,jobs,lebenslauf"),
    _place("letter", "Documents/Letters", "Dokumente/Briefe", "{year}", "letter,correspondence,korrespondenz,post"),
    _place("warranty", "Documents/Warranties", "Dokumente/Garantien", "", "warranty,garantie"),
    _place("school", "Documents/School", "Dokumente/Schule", "", "university,uni,studium,education"),
    _place("document", "Documents", "Dokumente", "{year}", "my documents,docs,eigene dateien,papers"),
    _place("text", "Documents/Notes", "Dokumente/Notizen", "", "notes,note,text,notizen,texts"),
    _place("spreadsheet", "Documents/Spreadsheets", "Dokumente/Tabellen", "", "spreadsheet,excel,sheets"),
    _place("presentation", "Documents/Presentations", "Dokumente/Präsentationen", "", "slides,powerpoint"),
    _place("ebook", "Books", "Bücher", "", "ebooks,ebook,e books,library,reading"),
    _place(
        "picture", "Pictures", "Bilder", "{year}/{year}-{month}", "photos,fotos,photo,images,my pictures,photographs"
    ),
    _place(
        "screenshot", "Pictures/Screenshots", "Bilder/Bildschirmfotos", "{year}", "screenshot,screen shots,captures"
    ),
    _place("photo_album", "Pictures", "Bilder", "{year}", "photos,fotos,photo,images,my pictures"),
    _place("camera", "Pictures/Camera", "Bilder/Kamera", "", "camera roll,camera uploads"),
    _place("video", "Videos", "Videos", "{year}", "video,clips,home videos,recordings"),
    _place("film", "Films", "Filme", "", "movies,film,movie,kino,spielfilme"),
    _place("series", "Series", "Serien", "", "tv,tv shows,shows,tv series,serie,television"),
    _place("subtitle", "Videos/Subtitles", "Videos/Untertitel", "", "subs,subtitle"),
    _place("audio", "Music", "Musik", "", "audio,songs,my music,musik"),
    _place("archive", "Archives", "Archive", "", "archive,zips,compressed"),
    _place("disk_image", "Installers/Disk images", "Programme/Abbilder", "", "isos,iso,disk image,images iso"),
    _place("installer", "Installers", "Programme", "", "software,programs,setup,installer,apps,applications"),
    _place("code", "Code", "Code", "", "scripts,source,src,programming"),
    _place("project", "Projects", "Projekte", "", "project,projekt,repos,workspace"),
    _place("font", "Fonts", "Schriften", "", "font,schriftarten"),
    _place("model", "3D models", "3D-Modelle", "", "3d,cad,stl,models"),
    _place("design", "Design", "Design", "", "artwork,grafik,graphics"),
    _place("data", "Data", "Daten", "", "datasets,dataset"),
    _place("mail", "Documents/Mail", "Dokumente/E-Mails", "", "mails,emails,email"),
    _place("contact", "Documents/Contacts", "Dokumente/Kontakte", "", "contact,adressen"),
    _place("calendar", "Documents/Calendar", "Dokumente/Kalender", "", "calendars,events,termine"),
    _place("torrent", "Installers/Torrents", "Programme/Torrents", "", "torrent"),
    _place("key", "Documents/Keys", "Dokumente/Schlüssel", "", "keys,certs,ssh"),
)

PLACES: Mapping[str, Place] = MappingProxyType({place.key: place for place in _ALL})

TOP_FOLDERS = frozenset(
    fold(top) for place in _ALL for top in (place.en.split("/")[0], place.de.split("/")[0], *place.names) if top
)
"""Folded names that a destination tree uses at its top: such a folder inside the scanned one is already tidy."""

SEASON_WORD: Mapping[str, str] = MappingProxyType({"en": "Season", "de": "Staffel"})

_PAPER_CONFIDENCE: Mapping[Paper, float] = MappingProxyType(
    {Paper.LETTER: 0.66, Paper.TRAVEL: 0.72, Paper.SCHOOL: 0.7, Paper.APPLICATION: 0.72, Paper.MANUAL: 0.78}
)
_KIND_CONFIDENCE: Mapping[Kind, float] = MappingProxyType(
    {
        Kind.DOCUMENT: 0.6, Kind.TEXT: 0.62, Kind.SPREADSHEET: 0.68, Kind.PRESENTATION: 0.72, Kind.EBOOK: 0.88,
        Kind.PICTURE: 0.78, Kind.VIDEO: 0.7, Kind.AUDIO: 0.85, Kind.SUBTITLE: 0.5, Kind.ARCHIVE: 0.74,
        Kind.DISK_IMAGE: 0.84, Kind.INSTALLER: 0.85, Kind.CODE: 0.66, Kind.FONT: 0.88, Kind.MODEL: 0.84,
        Kind.DESIGN: 0.76, Kind.DATA: 0.62, Kind.MAIL: 0.74, Kind.CONTACT: 0.8, Kind.CALENDAR: 0.76,
        Kind.TORRENT: 0.8, Kind.KEY: 0.45, Kind.UNKNOWN: 0.2,
    }
)  # fmt: skip


def paper_confidence(paper: Paper, source: str) -> float:
    """Return how sure the shipped rule for a paper is; its name says more than its text."""
    base = _PAPER_CONFIDENCE.get(paper, 0.82)
    return base if source == "name" else base - 0.06


def kind_confidence(kind: Kind) -> float:
    """Return how sure the shipped rule for a kind of file is."""
    return _KIND_CONFIDENCE[kind]
