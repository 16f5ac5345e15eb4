"""Made-up names for the preview of a template."""

from __future__ import annotations

from backend.file_organizer.analysis.media_names import understand_path
from backend.file_organizer.naming.templates import NameKind, fill

_NAMES: dict[NameKind, tuple[str, ...]] = {
    NameKind.FILM: ("the.silver.coast.1994.1080p.bluray.x264-abc.mkv", "Station 9.mkv"),
    NameKind.EPISODE: (
        "harbour.lights.s02e05.the.ferry.720p.web.mkv",
        "Harbour Lights 1x03.mkv",
        "Harbour.Lights.S01E01-E02.mkv",
    ),
    NameKind.DAILY: ("Evening.Talk.2026.03.21.Jane.Roe.720p.mkv", "Evening Talk 2026-03-22.mp4"),
    NameKind.ABSOLUTE: ("[Lantern] Sky Garden - 05 [1080p].mkv", "Sky Garden - 112 - The Roof.mkv"),
}


def examples_of(kind: NameKind, template: str) -> list[tuple[str, str]]:
    """Return (name before, name after) for a template that was checked."""
    pairs = []
    for name in _NAMES[kind]:
        media = understand_path(name)
        made = fill(template, media) if media is not None else None
        ending = name[name.rfind(".") :]
        pairs.append((name, f"{made}{ending}" if made else name))
    return pairs


def example_of(template: str, title: str) -> str | None:
    """Return the name that season 1, episode 2 of a series would get."""
    media = understand_path("Title S01E02 - The Ferry.mkv")
    if media is None:
        return None
    if "{absolute" in template:
        media = media._replace(season=None, absolute=media.episodes)
    if "{date" in template:
        from datetime import date

        media = media._replace(date=date(2026, 3, 21))
    return fill(template, media, title=title)
