"""What a media name says, as one value."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class MediaName(NamedTuple):
    """What a name says. `kind`: "episode" or "film".

    `season`: None for absolute and dated numbering; 0 for specials. `episodes`: in rising order, empty for a season
    pack or a dated episode. `absolute`: numbers counted over all seasons (of anime). `date`: the day it was aired.
    `sure`: False where the name only hints at it. `episode_title`: what follows the number, may be empty.
    """

    kind: str
    title: str
    year: int | None = None
    season: int | None = None
    episodes: tuple[int, ...] = ()
    sure: bool = True
    absolute: tuple[int, ...] = ()
    date: date | None = None
    episode_title: str = ""
