"""Put the rules together: from a name and its folders to one `MediaName`."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache

from backend.file_organizer.analysis.kinds import Kind, kind_of_extension
from backend.file_organizer.analysis.media_names import vocabulary as v
from backend.file_organizer.analysis.media_names.dates import date_in, short_date_in
from backend.file_organizer.analysis.media_names.films import film_in
from backend.file_organizer.analysis.media_names.folders import FolderContext, folder_context
from backend.file_organizer.analysis.media_names.guess import guess
from backend.file_organizer.analysis.media_names.loose import absolute_numbers, add_season, in_season_folder
from backend.file_organizer.analysis.media_names.numbers import (
    Numbers,
    has_clear_numbers,
    part_of,
    season_pack,
    stated_numbers,
)
from backend.file_organizer.analysis.media_names.result import MediaName
from backend.file_organizer.analysis.media_names.titles import clean_title, split_head, title_and_year

Dated = tuple[date, int, int]
"""A day, and where it stands in the name."""
_LONGEST = 300
_MEDIA_EXTENSION = re.compile(r"\.(?P<ext>[A-Za-z0-9]{2,5})$")
_OTHER_EXTENSIONS = frozenset(
    "nfo torrent nzb jpg jpeg png tbn txt xml ass ssa idx sub srt vtt sup rar zip 7z part url".split()  # noqa: SIM905
)
_LANGUAGE_TAIL = re.compile(
    r"[._ -](?:[a-z]{2,3}|[a-z]{2}-[a-z]{2}|forced|sdh|cc|hi|default|english|german|deutsch)$", re.I
)
_HINT = re.compile(r"(?i)(?:^|[^a-z])(?:s\d|season|staffel|ep?\d|episode|folge|part|teil)|\x00")
_YEAR_AFTER = re.compile(r"[(\[](?P<a>(?:19|20)\d\d)[)\]]|(?<=\s)(?P<b>(?:19|20)\d\d)(?=\s(?:\x00|$)|$)")
_SCENE_PREFIX = re.compile(r"^[a-z0-9]{2,9}-(?=[a-z0-9]+[._])")
_CAMERA = re.compile(
    r"(?i)^(?:(?:img|vid|dsc[nf]?|mov|mvi|pxl|gopr|gh0\d|gx0\d|dji|screenshot|screen recording|whatsapp \w+|"
    r"signal)[ _-]?\d|"
    r"(?:19|20)\d{6}[ _-]?\d{6}|p\d{7}$)"
)
_NEVER = frozenset(
    {Kind.DOCUMENT, Kind.SPREADSHEET, Kind.PRESENTATION, Kind.MAIL, Kind.FONT, Kind.CODE, Kind.EBOOK, Kind.INSTALLER}
)
_HASH = re.compile(r"^(?=.*\d)[A-Za-z0-9]{16,}$|^[a-f0-9-]{32,}$")
_POINTED = re.compile(r"^(?P<s>\d{1,2})-(?P<e>\d{2})(?=\s)")


def without_language(stem: str) -> list[str]:
    """Return a subtitle's stem, and what is left without `.en`, `.forced` and the like: how its film may be called."""
    found = [stem]
    for _ in range(3):
        shorter = _LANGUAGE_TAIL.sub("", found[-1])
        if shorter == found[-1] or not shorter:
            break
        found.append(shorter)
    return found


def split_path(path: str) -> tuple[tuple[str, ...], str, str]:
    """Return (folders, stem, extension) of a name or a whole path with either kind of slash."""
    parts = [part for part in re.split(r"[\\/]+", path.strip()) if part]
    if not parts:
        return (), "", ""
    name = parts.pop()
    found = _MEDIA_EXTENSION.search(name)
    extension = found["ext"].lower() if found else ""
    if not found or not found.start():
        return tuple(parts), name, ""
    known = kind_of_extension(extension) is not Kind.UNKNOWN or extension in _OTHER_EXTENSIONS
    return (tuple(parts), name[: found.start()], extension) if known else (tuple(parts), name, "")


def understand(stem: str, *, folder: str = "") -> MediaName | None:
    """Return what a video's name (without extension) says, or None when it is neither an episode nor a film.

    `folder`: the folder it lies in, or several with slashes: asked when the name alone has no title or no season.
    """
    folders = tuple(part for part in folder[-_LONGEST:].split("/") if part)
    found = _understand(_usable(stem), folders, False)
    return found if found is not None and found.title else None


def understand_path(path: str) -> MediaName | None:
    """Return the best reading of a name or path of a video; a plain title is taken for a film, though not `sure`."""
    folders, stem, _ = split_path(path[: 4 * _LONGEST])
    return _understand(_usable(stem), folders, True)


def read_name(path: str) -> MediaName | None:
    """Return the reading of any file's name or path; None for pictures, papers and what a camera made."""
    _, stem, extension = split_path(path[: 4 * _LONGEST])
    if _CAMERA.match(stem) or (extension and kind_of_extension(extension) in _NEVER):
        return None
    return understand_path(path)


def _usable(stem: str) -> str:
    return unicodedata.normalize("NFC", stem[:_LONGEST]).replace(v.MARK, " ")


@lru_cache(maxsize=50_000)
def _understand(stem: str, folders: tuple[str, ...], always: bool) -> MediaName | None:
    """Remember answers: the same episode name comes again as its subtitle and on the next scan."""
    context = folder_context(folders)
    above = _stated_above(stem, folders)
    if above is not None:
        return above
    found = _by_rules(stem, context)
    if found is not None:
        return found
    return _guessed(stem, folders, context, always)


def _stated_above(stem: str, folders: tuple[str, ...]) -> MediaName | None:
    """Return what the folder says where it states one episode and the file's own name states nothing as clearly."""
    if not folders or has_clear_numbers(v.mask(v.flat(stem))):
        return None
    nearest = _usable(folders[-1])
    masked = v.mask(v.flat(nearest))
    if not has_clear_numbers(masked):
        return _by_rules(nearest, folder_context(folders[:-1])) if _HASH.match(stem) else None
    found = _by_rules(nearest, folder_context(folders[:-1]))
    return found if found is not None and len(found.episodes) == 1 else None


def _by_rules(stem: str, context: FolderContext) -> MediaName | None:
    """Understand a name by our own rules; None where they do not apply."""
    stem = v.brackets(stem)
    group, start = split_head(stem)
    body = stem[start:]
    text = v.flat(body)
    masked = v.mask(text)
    if masked[-1:] == v.MARK and stem.islower() and (prefix := _SCENE_PREFIX.match(body)):
        body, text, masked = body[prefix.end() :], text[prefix.end() :], masked[prefix.end() :]
    if context.films and not has_clear_numbers(masked):
        film = film_in(body, masked)
        if film is not None:
            return film
    numbers = stated_numbers(masked)
    dated = date_in(masked)
    if numbers is not None and dated is not None and numbers.season is None and dated[1] <= numbers.start < dated[2]:
        numbers = None
    if numbers is not None:
        return _episode(body, masked, numbers, context, dated)
    if dated is not None:
        return _daily(body, masked, dated, context)
    anime = bool(group) or bool(v.ANIME.search(stem))
    pointed = _POINTED.match(masked) if context.nearest and context.season is None else None
    if pointed:
        numbers = Numbers(pointed.start(), pointed.end(), int(pointed["s"]), (int(pointed["e"]),))
    elif context.season is not None:
        numbers = in_season_folder(masked, body, context.season)
    if numbers is None:
        numbers = absolute_numbers(masked, anime=anime)
        if numbers is not None:
            add_season(masked, numbers)
    if numbers is not None:
        return _episode(body, masked, numbers, context, None)
    pack = season_pack(masked)
    if pack is not None:
        return _episode(body, masked, pack, context, None)
    numbers = part_of(masked)
    if numbers is not None and v.TELEVISION.search(text) and not re.search(r"(?:19|20)\d\d", masked):
        numbers.season = 1
        return _episode(body, masked, numbers, context, None)
    film = film_in(body, masked)
    if film is not None:
        return film
    short = short_date_in(masked, body)
    return _daily(body, masked, short, context) if short is not None else None


def _episode(body: str, masked: str, numbers: Numbers, context: FolderContext, dated: Dated | None) -> MediaName | None:
    """Return the episode whose numbers were found: its title stands before them, or above it in the folders."""
    start = numbers.start if dated is None else min(numbers.start, dated[1])
    title, year = title_and_year(_until_technical(body, masked, start))
    if not title or (not re.search(r"[^\W\d_]", title) and context.title):
        title, year = context.title, year or context.year
    after = _following(body, masked, numbers.end)
    title = title or after
    season = numbers.season
    if season is None and context.season is not None:
        season = context.season
        numbers.absolute = ()
    if year is None and context.year is not None and title.casefold() == context.title.casefold():
        year = context.year
    if year is None and season is not None and 1900 <= season <= 2100:
        year = season
    if year is None:
        year = _year_after(masked, numbers.end)
    absolute = numbers.absolute
    return MediaName(
        "episode", title, year, season, numbers.episodes, True, absolute, dated[0] if dated else None, after
    )


def _year_after(masked: str, end: int) -> int | None:
    """Return a year that follows the numbers: in brackets, or right before the first technical word."""
    found = _YEAR_AFTER.search(masked, end)
    return int(found["a"] or found["b"]) if found else None


def _daily(body: str, masked: str, dated: Dated, context: FolderContext) -> MediaName | None:
    title, year = title_and_year(_until_technical(body, masked, dated[1]))
    title = title or context.title or _following(body, masked, dated[2])
    after = _following(body, masked, dated[2])
    return MediaName("episode", title, year, None, (), True, (), dated[0], after)


def _until_technical(body: str, masked: str, start: int) -> str:
    """Return what stands before `start`, or before the first technical word if that comes earlier."""
    technical = v.technical_start(masked, 0)
    if technical < start and re.search(r"[^\W\d_]{4}", masked[technical:start].lstrip(v.MARK)):
        # "HD 720p: Title S03E16", "my 720p show S01E02": it says nothing about this title.
        rest = masked[technical:start].lstrip(v.MARK)
        return body[start - len(rest) : start].lstrip(" :-") if technical < 4 else body[:start]
    return body[: min(start, technical)]


def _following(body: str, masked: str, end: int) -> str:
    """Return the episode's own title: what follows the numbers, up to the first technical word or bracket."""
    stop = v.technical_start(masked, end)
    bracket = re.search(r"[\[{]", masked[end:stop])
    return clean_title(body[end : end + bracket.start() if bracket else stop])


def _counted_title(stem: str, found: MediaName) -> bool:
    """Tell whether the only number of an "episode" is the first word of a title ("10 Harbour Lane")."""
    if found.kind != "episode" or found.season is not None or len(found.episodes) != 1:
        return False
    return bool(re.match(rf"0*{found.episodes[0]}[ .](?=[^\W\d_])", stem))


def _guessed(stem: str, folders: tuple[str, ...], context: FolderContext, always: bool) -> MediaName | None:
    """Ask guessit where there is a hint of a film or an episode at all, or always for the command line."""
    masked = v.mask(v.flat(stem))
    if not always and not _HINT.search(masked) and context.season is None:
        return None
    found = guess("/".join((*folders[-3:], f"{stem}.mkv")))
    if found is not None and (context.films or not context.title) and _counted_title(stem, found):
        return MediaName("film", clean_title(stem[: v.technical_start(masked)]), found.year, sure=False)
    if found is None or always:
        return found
    if found.kind == "film":
        return found if found.year is not None or v.MARK in masked else None
    return found if found.episodes or found.season is not None or found.date else None
