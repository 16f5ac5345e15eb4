"""Names of films and episodes: what `homie name` reads against `guessit`, per field, and the time a name takes.

python -m benchmarks.names [FILE.jsonl]   any set of lines {"input": name or path, "expected": {type, title, year,
                                          season, episodes, absolute, air_date}}; the shared set if none is named

Both are asked in one run, ours first and with an empty memory of earlier names. A title counts with and without its
country tag ("The Office (US)"), as the sets differ in that. "season and episodes": both right, of all names.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.report import Figure, percentile, show

SHARED = Path(__file__).resolve().parents[2] / "shared/data/names/names.jsonl"
FALLBACK = Path("/work/shared/data/names/names.jsonl")
FIELDS = ("kind", "title", "year", "season", "episodes", "absolute", "date", "season and episodes")
_COUNTRIES = {"United Kingdom": "uk", "GB": "uk"}


def _list(value: Any) -> list[Any]:
    return [] if value is None else sorted(value) if isinstance(value, list | tuple) else [value]


def _first(value: Any) -> Any:
    return (value[0] if value else None) if isinstance(value, list) else value


def _plain(title: Any) -> str:
    return re.sub(r"[\W_]+", "", str(title or "").casefold())


def _fields(kind: Any, title: Any, year: Any, season: Any, episodes: Any, absolute: Any, date: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "kind": {"movie": "film"}.get(str(kind), kind),
        "title": _plain(title),
        "year": _first(year),
        "season": _first(season),
        "episodes": _list(episodes),
        "absolute": _list(absolute),
        "date": str(date) if date else None,
    }
    return found | {"season and episodes": (found["season"], found["episodes"])}


def ours(name: str) -> dict[str, Any]:
    """Return our reading; a pure absolute number also counts as the episode."""
    from backend.file_organizer.analysis.media_names import read_name

    found = read_name(name)
    if found is None:
        return _fields("other", None, None, None, None, None, None)
    return _fields(
        found.kind, found.title, found.year, found.season, list(found.episodes), list(found.absolute), found.date
    )


def theirs(name: str) -> dict[str, Any]:
    """Return guessit's reading."""
    from guessit import guessit

    try:
        found = dict(guessit(name))
    except Exception:
        found = {}
    keys = ("type", "title", "year", "season", "episode", "absolute_episode", "date")
    return _fields(*(found.get(key) for key in keys))


def _score(wanted: dict[str, Any], got: dict[str, Any], given: dict[str, Any], right: Counter[str]) -> None:
    country = str(given.get("country") or "")
    tag = _COUNTRIES.get(country, country.lower())
    for field in FIELDS:
        if field in ("kind", "title", "absolute") and not wanted[field]:
            continue
        titles = (wanted["title"], wanted["title"] + tag, tag + wanted["title"])
        right[field] += got[field] in titles if field == "title" else got[field] == wanted[field]


def measure(rows: list[dict[str, Any]], read: Callable[[str], dict[str, Any]]) -> tuple[Counter[str], list[float]]:
    """Return how often each field was right, and the seconds each name took."""
    right: Counter[str] = Counter()
    seconds = []
    read("Warm.Up.S01E01.mkv")
    for row in rows:
        start = time.perf_counter()
        got = read(row["input"])
        seconds.append(time.perf_counter() - start)
        _score(_wanted(row["expected"]), got, row["expected"], right)
    return right, seconds


def _wanted(given: dict[str, Any]) -> dict[str, Any]:
    keys = ("type", "title", "year", "season", "episodes", "absolute", "air_date")
    return _fields(*(given.get(key) for key in keys))


def main() -> None:
    """Print the figures of one set."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else next((p for p in (SHARED, FALLBACK) if p.exists()), SHARED)
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    if not rows:
        sys.exit(f"{path} holds no names.")
    asked: Counter[str] = Counter()
    for row in rows:
        wanted = _wanted(row["expected"])
        asked.update(field for field in FIELDS if field not in ("kind", "title", "absolute") or wanted[field])
    (right, seconds), (peer, peer_seconds) = measure(rows, ours), measure(rows, theirs)
    show(
        f"{path.name}: {len(rows)} names, % right",
        [
            Figure(
                f"{field} (of {asked[field]})",
                100 * right[field] / asked[field],
                "%",
                100 * peer[field] / asked[field],
                "guessit",
                better="higher",
            )
            for field in FIELDS
            if asked[field]
        ],
    )
    times = [
        Figure(
            "median", 1e3 * percentile(seconds, 0.5), "ms", 1e3 * percentile(peer_seconds, 0.5), "guessit", "< 1 ms"
        ),
        Figure("95 of 100", 1e3 * percentile(seconds, 0.95), "ms", 1e3 * percentile(peer_seconds, 0.95), "guessit"),
        Figure("mean", 1e3 * sum(seconds) / len(rows), "ms", 1e3 * sum(peer_seconds) / len(rows), "guessit"),
    ]
    show("time a name takes", times)


if __name__ == "__main__":
    main()
