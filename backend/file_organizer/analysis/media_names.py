"""Understand names of films and episodes: a fast path of our own for the plain forms, `guessit` for the rest.

guessit takes 10-20 ms a name and half a second to import, so it is asked only about video and subtitle files whose
name the fast path does not understand fully, and each answer is remembered (`functools.lru_cache`, by name).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple


class MediaName(NamedTuple):
    """What a name says. `kind` is "episode" or "film"; `season` is None for absolute or dated numbering."""

    kind: str
    title: str
    year: int | None = None
    season: int | None = None
    episodes: tuple[int, ...] = ()
    sure: bool = True


_EPISODE = re.compile(
    r"^(?P<title>.+?)[\s._-]*(?:\((?P<paren>(?:19|20)\d\d)\))?[\s._-]+(?:-[\s._-]*)?"
    r"(?:s(?P<s>\d{1,2})[\s._-]*e(?P<e>\d{1,3})(?P<more>(?:[\s._-]*e\d{1,3}|-\d{1,3}(?!\d|p))*)"
    r"|(?P<s2>\d{1,2})x(?P<e2>\d{2,3})(?!\d))",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?:[(\[](?P<marked>(?:19|20)\d\d)[)\]]|(?P<bare>(?:19|20)\d\d))(?!\d)")
_QUALITY = re.compile(
    r"(?<![a-z0-9])(?:2160p|1080[pi]|720p|480p|x26[45]|h\.?26[45]|hevc|blu-?ray|bdrip|brrip|web-?dl|webrip|hdtv|dvdrip|"
    r"dvd|remux|xvid|divx|proper|repack|extended|unrated|imax|hdr|uhd|4k|dts|aac|ac3)(?![a-z0-9])",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[._]+|\s{2,}")
_LANGUAGE_TAIL = re.compile(
    r"[._ -](?:[a-z]{2,3}|[a-z]{2}-[a-z]{2}|forced|sdh|cc|hi|default|english|german|deutsch)$", re.I
)
_BRACKET_HEAD = re.compile(r"^\s*(?:\[[^\]]{1,40}\]|www\.[^\s]+\s+-)\s*")


def clean_title(raw: str) -> str:
    """Return a title for people: separators become blanks, loose dashes and brackets at the ends go."""
    return _SEPARATORS.sub(" ", raw).strip(" -_.[](){}")


def without_language(stem: str) -> list[str]:
    """Return a subtitle's stem, and what is left without `.en`, `.forced` and the like: how its film may be called."""
    found = [stem]
    for _ in range(3):
        shorter = _LANGUAGE_TAIL.sub("", found[-1])
        if shorter == found[-1] or not shorter:
            break
        found.append(shorter)
    return found


def understand(stem: str, *, folder: str = "") -> MediaName | None:
    """Return what a video's name (without extension) says, or None when it is neither an episode nor a film.

    `folder`: the name of the folder it lies in, asked when the name alone has no title ("S01E02.mkv").
    """
    return _understand(stem[:300], folder[:300])


@lru_cache(maxsize=50_000)
def _understand(stem: str, folder: str) -> MediaName | None:
    """Remember answers: the same episode name comes again as its subtitle and on the next scan."""
    fast = _fast(stem)
    if fast is not None:
        return fast
    return _guess(stem, folder)


def _fast(stem: str) -> MediaName | None:
    """Understand `Title S01E02`, `Title 1x02`, `Title (Year)` and `Title.Year.quality`; None when in doubt."""
    plain = _BRACKET_HEAD.sub("", stem)
    match = _EPISODE.match(plain)
    if match:
        season = int(match["s"] or match["s2"])
        episodes = [int(match["e"] or match["e2"])]
        for more in re.findall(r"\d+", match["more"] or ""):
            episodes.append(int(more))
        if len(episodes) == 2 and "-" in (match["more"] or "") and 0 < episodes[1] - episodes[0] < 10:
            episodes = list(range(episodes[0], episodes[1] + 1))
        title, year = clean_title(match["title"]), match["paren"]
        return MediaName("episode", title, int(year) if year else None, season, tuple(episodes)) if title else None
    return _film(plain)


def _film(plain: str) -> MediaName | None:
    """Understand a film: its year is in brackets, or bare before a word about quality; the last such year counts."""
    years = [match for match in _YEAR.finditer(plain) if match.start() > 0]
    marked = [match for match in years if match["marked"]]
    for match in reversed(marked or years):
        if not match["marked"] and not _QUALITY.search(plain, match.end()):
            continue
        title = clean_title(plain[: match.start()])
        if title and not _QUALITY.search(title):
            return MediaName("film", title, int(match["marked"] or match["bare"]))
    return None


def _guess(stem: str, folder: str) -> MediaName | None:
    """Ask guessit where there is a hint of a film or an episode at all."""
    hint = _QUALITY.search(stem) or re.search(
        r"(?i)(?:^|[^a-z])(?:s\d|season|staffel|ep?\d|episode|folge|part|teil)", stem
    )
    if not hint and not re.search(r"(?i)^(?:s\d|season|staffel)", folder):
        return None
    try:
        from guessit import guessit

        found: dict[str, Any] = dict(guessit(f"{folder}/{stem}.mkv" if folder else f"{stem}.mkv"))
    except Exception:
        # guessit raises its own wrapper for anything its rules stumble over; an odd name is simply not understood.
        return None
    return _from_guess(found)


def _from_guess(found: dict[str, Any]) -> MediaName | None:
    """Turn guessit's answer into ours."""
    title = found.get("title")
    if not isinstance(title, str) or not title.strip():
        return None
    year = found.get("year")
    year = year if isinstance(year, int) else None
    season, episode = found.get("season"), found.get("episode")
    season = season[0] if isinstance(season, list) and season else season
    episodes = tuple(e for e in (episode if isinstance(episode, list) else [episode]) if isinstance(e, int))
    if found.get("type") == "episode" and (episodes or season is not None or found.get("date")):
        return MediaName("episode", title, year, season if isinstance(season, int) else None, episodes, bool(episodes))
    if year is not None or found.get("screen_size") or found.get("source"):
        return MediaName("film", title, year, sure=year is not None)
    return None
