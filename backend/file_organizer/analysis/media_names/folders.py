"""What the folders above a file say: the series' name, the season, that it is a film's own folder."""

from __future__ import annotations

import re
from dataclasses import dataclass

from backend.file_organizer.analysis.media_names import vocabulary as v
from backend.file_organizer.analysis.media_names.titles import title_and_year

_SEASON = re.compile(
    r"^\W*(?:(?:"
    + v.SEASON
    + r"|series|volume|vol|book|disc|s)\W*(?P<a>\d{1,4})|(?P<b>\d{1,2})(?:st|nd|rd|th|ª|º|\W)?\s*"
    + v.SEASON
    + r"|(?P<w>"
    + v.ORDINAL_WORD
    + r")\s"
    + v.SEASON
    + r"|第?(?P<h>\d{1,2}|"
    + v.HAN_NUMBER
    + r")[季期])(?![^\W_])",
    re.I,
)
_SEASON_INSIDE = re.compile(
    r"(?<![^\W_])(?:"
    + v.SEASON
    + r"\W{0,3}(?P<a>\d{1,4})|(?P<b>\d{1,2})(?:st|nd|rd|th|ª|º)?\W?\s?"
    + v.SEASON
    + r"|s(?P<c>\d{1,2}))(?![^\W_])",
    re.I,
)
_SPECIALS = re.compile(
    r"^(?:specials?|season 0+|s00|sonderfolgen|ovas?|bonus|hors[- ]?s[ée]rie|especiales|speciali)$", re.I
)
_PASSING = re.compile(
    r"^(?:extras?|featurettes?|subs?|subtitles?|untertitel|sample|cd\s?\d|dis[ck]\s?\d|video_ts|bdmv|"
    r"behind the scenes|deleted scenes)$",
    re.I,
)
_GENERIC = re.compile(
    r"^(?:[a-z]:?|~|\.{1,2}|home|users?|root|mnt|media|volumes?|srv|share[sd]?|drive|data[\d-]*|nas|storage|"
    r"downloads?|complete[d]?|torrents?|"
    r"usenet|nzb|incoming|videos?|movies?|films?|filme|kino|cinema|tv|tv ?shows?|shows?|series|serien|séries|"
    r"serie|fernsehen|television|tvseries|"
    r"anime|animes|cartoons?|kids|kinder|desktop|documents|archive?|library|bibliothek|temp|tmp|unsorted|new|"
    r"neu|server|disk|usb|"
    r"hd|sd|4k|uhd|blu-?ray|misc|public|content|doku(?:s|mentationen)?|documentar(?:y|ies))$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class FolderContext:
    """What folders say. `title` may be empty; `named`: the nearest folder with a name of its own, as it is."""

    title: str = ""
    year: int | None = None
    season: int | None = None
    named: str = ""
    nearest: str = ""
    films: bool = False


_FILMS = re.compile(r"^(?:movies?|films?|filme|spielfilme|kino|cinema|pel[ií]culas|film[ei]s)$", re.I)


def folder_context(folders: tuple[str, ...]) -> FolderContext:
    """Read the folders above a file, the nearest last."""
    season: int | None = None
    films = any(_FILMS.match(name) for name in folders)
    for name in reversed(folders[-4:]):
        text = v.flat(name).strip()
        own = season_of_folder(text)
        if own is None and season is None and name is folders[-1] and _bare_season(text, folders):
            own = int(text)
        if own is not None:
            season = own if season is None else season
            continue
        if _PASSING.match(text) or not text:
            continue
        if _GENERIC.match(text) or (season is None and len(text) <= 3):
            break
        inside = _SEASON_INSIDE.search(text)
        end = len(name)
        if inside and inside.start() > 0:
            season = int(inside["a"] or inside["b"] or inside["c"]) if season is None else season
            end = inside.start()
        masked = v.mask(text)
        title, year = title_and_year(name[: min(end, v.technical_start(masked))])
        return FolderContext(title, year, season, name, folders[-1], films)
    return FolderContext(season=season, nearest=folders[-1] if folders else "", films=films)


def _bare_season(text: str, folders: tuple[str, ...]) -> bool:
    """Tell whether a folder that is only a number is a season: it lies in a folder with a name of its own."""
    if not re.fullmatch(r"\d{1,2}", text) or len(folders) < 2:
        return False
    above = v.flat(folders[-2]).strip()
    return len(above) > 3 and not _GENERIC.match(above)


def season_of_folder(text: str) -> int | None:
    """Return the season that a flat folder name stands for ("Season 2", "Staffel 3 (2009)", "Specials"), or None."""
    if _SPECIALS.match(text):
        return 0
    found = _SEASON.match(text)
    if found is None:
        return None
    number = v.number_of(found["a"] or found["b"] or found["w"] or found["h"])
    return number
