"""Ask `guessit` about names that no rule of ours understands; loaded on first use (half a second)."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from backend.file_organizer.analysis.media_names.result import MediaName


def guess(path: str) -> MediaName | None:
    """Return guessit's answer in our form, or None when it has no title or stumbles."""
    try:
        from guessit import guessit

        found: dict[str, Any] = dict(guessit(path))
    except Exception:
        # guessit raises its own wrapper for anything its rules stumble over; an odd name is simply not understood.
        return None
    title = found.get("title")
    if not isinstance(title, str) or not title.strip():
        return None
    year = _whole(found.get("year"))
    season, episodes = _whole(found.get("season")), _all(found.get("episode"))
    absolute, day = _all(found.get("absolute_episode")), found.get("date")
    day = day if isinstance(day, date) else None
    if season == 0 and not re.search(r"(?i)s0|0x|special|ova|bonus|extra", path):
        # "003 Title" is read as season 0, episode 3; nobody numbers like that.
        season = None
    if found.get("type") == "episode":
        known = bool(episodes or season is not None or day)
        return MediaName("episode", title, year, season, episodes, bool(episodes) and known, absolute, day)
    return MediaName("film", title, year, sure=year is not None)


def _whole(value: object) -> int | None:
    """Return a number, the first of several."""
    if isinstance(value, list):
        value = value[0] if value else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _all(value: object) -> tuple[int, ...]:
    """Return one or several numbers in rising order."""
    values = value if isinstance(value, list) else [value]
    return tuple(sorted({one for one in values if isinstance(one, int) and not isinstance(one, bool)}))
