"""The engine that needs no network: shipped rules over the facts of a file, bent to the household's own folders.

Confidence is conservative. A rule that knows what a file is and when it is from is sure; one that only knows its kind
is not; a file that pretends to be something else is never sure.
"""

from __future__ import annotations

from backend.file_organizer.analysis.facts import FileFacts
from backend.file_organizer.analysis.kinds import Kind, kind_of_extension, split_extension
from backend.file_organizer.analysis.papers import telling_words
from backend.file_organizer.planning.folder_index import FolderIndex
from backend.file_organizer.planning.grouping import UnitKind
from backend.file_organizer.planning.suggestions import Source, Suggestion, folder_name, join
from backend.file_organizer.planning.taxonomy import PLACES, SEASON_WORD, kind_confidence, paper_confidence
from backend.file_organizer.series.matching import best_match
from backend.file_organizer.settings import Language

_KIND_WORDS = {
    Kind.DISK_IMAGE: "a disk image",
    Kind.EBOOK: "a book",
    Kind.AUDIO: "music or sound",
    Kind.INSTALLER: "a program or installer",
    Kind.ARCHIVE: "an archive",
    Kind.MODEL: "a 3D model",
    Kind.UNKNOWN: "of an unknown kind",
}
_DATE_BONUS = {"exif": 0.16, "name": 0.1, "document": 0.06}
_MAX_CONFIDENCE = 0.96


class LocalEngine:
    """Suggest by rules. `base`: the destination root as (volume, relative folder); `index`: its existing folders."""

    def __init__(self, index: FolderIndex, *, volume_id: str, base: str, language: Language) -> None:
        self._index = index
        self._volume = volume_id
        self._base = base
        self._language = language
        self._places: dict[str, tuple[str, bool, bool | None]] = {}
        self._series: dict[tuple[str, str], str | None] = {}
        self._has_folders = bool(index.folders)

    def suggest(self, facts: FileFacts, *, companions: int = 0) -> Suggestion:
        """Return the best rule's suggestion; always returns one, however unsure."""
        suggestion = self._media(facts) if facts.media is not None else None
        suggestion = suggestion or self._picture_or_video(facts) or self._paper(facts) or self._by_kind(facts)
        if self._has_folders and facts.kind not in (Kind.PICTURE, Kind.VIDEO):
            self._prefer_named_folder(facts, suggestion)
        if facts.oddity:
            # An empty or damaged file is filed by its name; one that is really something else is never sure.
            harmless = facts.oddity.endswith("it is text")
            suggestion.confidence = min(suggestion.confidence, 0.62 if harmless else 0.3)
            suggestion.reason = f"Be careful: {facts.oddity}. {suggestion.reason}"
        return suggestion

    def suggest_unit(self, facts: FileFacts, unit: UnitKind) -> Suggestion | None:
        """Return where a folder that stays whole could go; an app is left where it is unless installers are kept."""
        year = facts.filing_date().year
        if unit is UnitKind.FILM:
            return self._make("film", "", 0.9, "a film with what belongs to it, kept together")
        if unit is UnitKind.MUSIC_ALBUM:
            return self._make("audio", "", 0.86, "a music album, kept together")
        if unit is UnitKind.PHOTO_ALBUM:
            sub = "{year}" if facts.date_source == "name" else ""
            return self._make("photo_album", sub, 0.78, "an album of pictures, kept together", year=year)
        if unit is UnitKind.CAMERA:
            return self._make("camera", "", 0.7, "a camera's own folder, kept together")
        if unit is UnitKind.APP:
            return self._make("installer", "", 0.55, "a program with all its files, kept together")
        return self._make("project", "", 0.55, "a project, kept together")

    def place(self, key: str, year: int | None = None, month: int | None = None) -> str:
        """Return the folder of a place (relative to the destination root), the household's own where it has one."""
        folder, existing, by_year = self._place(key)
        return join(folder, self._sub(key, existing, by_year, year, month))

    def _place(self, key: str) -> tuple[str, bool, bool | None]:
        """Return (folder, is it the household's own, does it split by year), remembered per engine."""
        found = self._places.get(key)
        if found is None:
            own = self._index.find_place(PLACES[key]) if self._has_folders else None
            shipped = PLACES[key].folder(self._language)
            folder = own if own is not None else self._bend(shipped)
            exists = own is not None
            found = self._places[key] = (folder, exists, self._index.splits_by_year(folder) if exists else None)
        return found

    def _bend(self, shipped: str) -> str:
        """Begin a shipped folder with the household's own top folder ("Dokumente" for "Documents") if there is one."""
        top, _, rest = shipped.partition("/")
        for place in PLACES.values():
            if rest and place.folder(self._language) == top:
                own = self._index.find_place(place) if self._has_folders else None
                return join(own, rest) if own is not None else shipped
        return shipped

    def _sub(self, key: str, own: bool, by_year: bool | None, year: int | None, month: int | None) -> str:
        """Return the subfolder by date; a household that keeps a place flat gets no year folders there."""
        template = PLACES[key].sub
        if not template or year is None or (own and by_year is False):
            return ""
        if not month and "{month}" in template:
            template = "{year}"
        return template.replace("{year}", str(year)).replace("{month}", f"{month or 0:02d}")

    def _make(
        self,
        key: str,
        sub: str,
        confidence: float,
        reason: str,
        *,
        year: int | None = None,
        month: int | None = None,
    ) -> Suggestion:
        """Build a suggestion; an existing folder of the household makes it a little surer."""
        folder, own, _ = self._place(key)
        dated = (
            self.place(key, year, month) if sub == "{date}" else join(folder, sub.replace("{year}", str(year or "")))
        )
        if own:
            confidence = min(_MAX_CONFIDENCE, confidence + 0.06)
            reason = f"{reason}; your folder '{folder}' is for these"
        reason = reason[:1].upper() + reason[1:] + "."
        return Suggestion(self._volume, join(self._base, dated), confidence, reason, Source.RULES, key)

    def _media(self, facts: FileFacts) -> Suggestion | None:
        """Suggest for films and episodes."""
        media = facts.media
        title = folder_name(media.title) if media else None
        if media is None or title is None:
            return None
        sure = 0.0 if media.sure else 0.15
        if media.kind == "film":
            name = folder_name(f"{title} ({media.year})") if media.year else title
            return self._make("film", name or title, 0.9 - sure, f"the name is that of the film '{name}'")
        series = self.place("series")
        own = self._index.child_named(series, title) or self._same_series(series, title)
        season_folder = ""
        if media.season is not None:
            existing = self._index.season_folder(own, media.season) if own else None
            season_folder = existing or f"{SEASON_WORD[self._language]} {media.season:02d}"
        sub = join(own.rpartition("/")[2] if own else title, season_folder)
        shown = f", season {media.season}" if media.season is not None else ""
        confidence = (0.94 if own else 0.9) - sure - (0.1 if media.season is None else 0)
        return self._make("series", sub, confidence, f"the name is that of an episode of '{title}'{shown}")

    def _same_series(self, series: str, title: str) -> str | None:
        """Return the folder in which the household keeps a series, though it writes the title differently."""
        if (series, title) not in self._series:
            names = {path.rpartition("/")[2]: path for path in self._index.children(series)}
            match = best_match(title, names)
            self._series[series, title] = names[match] if match is not None else None
        return self._series[series, title]

    def _picture_or_video(self, facts: FileFacts) -> Suggestion | None:
        """Suggest for pictures, screenshots and recordings by when they were made."""
        if facts.kind not in (Kind.PICTURE, Kind.VIDEO):
            return None
        when = facts.filing_date()
        if facts.screenshot:
            return self._make("screenshot", "{date}", 0.92, "a screenshot", year=when.year)
        confidence = kind_confidence(facts.kind) + _DATE_BONUS.get(facts.date_source, 0.0)
        what = "a picture" if facts.kind is Kind.PICTURE else "a video"
        if facts.camera:
            what = f"taken with {facts.camera}"
            confidence += 0.03
        elif facts.camera_name:
            what += " from a camera or phone"
            confidence += 0.05
        elif facts.kind is Kind.PICTURE and not facts.dated:
            confidence -= 0.12
        key = "picture" if facts.kind is Kind.PICTURE else "video"
        reason = f"{what}, {_when(facts)}"
        return self._make(
            key, "{date}", min(_MAX_CONFIDENCE, confidence), reason, year=when.year, month=when.month or None
        )

    def _paper(self, facts: FileFacts) -> Suggestion | None:
        """Suggest for papers that their name or text gives away."""
        if facts.paper is None:
            return None
        confidence = paper_confidence(facts.paper, facts.paper_from)
        if facts.kind not in (Kind.DOCUMENT, Kind.TEXT, Kind.SPREADSHEET, Kind.PRESENTATION, Kind.MAIL):
            confidence -= 0.2
            if facts.kind is not Kind.UNKNOWN:
                return None
        confidence += 0.04 if facts.dated else -0.06
        where = "in its name" if facts.paper_from == "name" else "in its text"
        reason = f"the word '{facts.paper_word}' {where}"
        if PLACES[facts.paper.value].sub:
            reason += f", {_when(facts)}"
        return self._make(facts.paper.value, "{date}", confidence, reason, year=facts.filing_date().year)

    def _by_kind(self, facts: FileFacts) -> Suggestion:
        """Suggest by kind alone."""
        kind = facts.kind
        if facts.locked:
            return self._locked(facts)
        if facts.members:
            return self._archive(facts)
        if kind is Kind.UNKNOWN:
            return self._make("data", "", 0.2, "nobody knows this kind of file")
        key = kind.value if kind.value in PLACES else "data"
        what = _KIND_WORDS.get(kind, f"a {kind.value.replace('_', ' ')} file")
        year = facts.filing_date().year if PLACES[key].sub else None
        return self._make(key, "{date}", kind_confidence(kind), f"it is {what}", year=year)

    def _locked(self, facts: FileFacts) -> Suggestion:
        """Suggest for an archive that nobody can look into without its password."""
        return self._make("archive", "", 0.74, "an archive. It is locked with a password; Homie leaves it packed")

    def _archive(self, facts: FileFacts) -> Suggestion:
        """Suggest for an archive whose table of contents was read."""
        kinds: dict[Kind, int] = {}
        for member in facts.members:
            kind = kind_of_extension(split_extension(member.rpartition("/")[2])[1])
            if kind is not Kind.UNKNOWN:
                kinds[kind] = kinds.get(kind, 0) + 1
        count = len(facts.members)
        if not kinds:
            return self._make("archive", "", 0.74, f"an archive of {count} files")
        most, number = max(kinds.items(), key=lambda item: (item[1], item[0]))
        if most in (Kind.FONT, Kind.MODEL) or (most is Kind.INSTALLER and count <= 5):
            return self._make(most.value, "", 0.8, f"an archive of {number} {most.value} files")
        return self._make("archive", "", 0.8, f"an archive of {count} files, mostly {most.value.replace('_', ' ')}")

    def _prefer_named_folder(self, facts: FileFacts, suggestion: Suggestion) -> None:
        """Prefer an existing folder that is called like a telling word of the file ("Stadtwerke")."""
        for word in telling_words(facts.tokens):
            if len(word) < 4:
                continue
            found = self._index.named(word)
            if len(found) == 1 and "/" + found[0] not in "/" + suggestion.folder:
                suggestion.also(suggestion.as_alternative())
                old = suggestion.as_alternative()
                suggestion.folder, suggestion.confidence = join(self._base, found[0]), 0.8
                suggestion.reason = f"You have a folder '{found[0]}' and '{word}' is in its name."
                suggestion.also(old)
                return


def _when(facts: FileFacts) -> str:
    """Say which date decides."""
    when = facts.filing_date()
    date = f"{when.year}-{when.month:02d}" if when.month else str(when.year)
    sources = {"exif": "taken", "name": "dated by its name", "document": "dated in its text"}
    return f"{sources.get(facts.date_source, 'last changed')} {date}"
