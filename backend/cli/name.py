"""`homie name`: how names of films and episodes are understood. Needs no data directory, no server and no account."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from backend.file_organizer.analysis.media_names import MediaName


@click.command()
@click.argument("names", nargs=-1, type=click.Path(path_type=str))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per name, a line each.")
def name(names: tuple[str, ...], as_json: bool) -> None:
    """Show how NAMES of films and episodes are understood; without NAMES, each line of standard input is one.

    A name may be a whole path: the folders above a file say which series and season it belongs to. With --json each
    line is an object with name, kind ("episode", "film" or "other"), title, year, season, episodes, absolute (both
    lists of numbers) and date; what a name does not say is null, or an empty list.
    """
    for one in names or _lines(sys.stdin.buffer):
        reading = describe(one)
        text = json.dumps(reading, ensure_ascii=False) if as_json else _sentence(reading)
        sys.stdout.write(text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")


def describe(name: str) -> dict[str, Any]:
    """Return what a name says, in the shape that `--json` prints."""
    from backend.file_organizer.analysis.media_names import read_name

    found: MediaName | None = read_name(name)
    if found is None:
        return {"name": name, "kind": "other", "title": None, "year": None, "season": None} | {
            "episodes": [],
            "absolute": [],
            "date": None,
        }
    return {
        "name": name,
        "kind": found.kind,
        "title": found.title,
        "year": found.year,
        "season": found.season,
        "episodes": list(found.episodes),
        "absolute": list(found.absolute),
        "date": found.date.isoformat() if found.date else None,
    }


def _lines(stream: Iterable[bytes]) -> Iterator[str]:
    """Yield the lines of a byte stream that hold something; bytes that are no UTF-8 stay as they are."""
    for line in stream:
        text = line.decode("utf-8", "surrogateescape").rstrip("\r\n")
        if text.strip():
            yield text


def _sentence(reading: dict[str, Any]) -> str:
    """Return one line for people."""
    if reading["kind"] == "other":
        return f"{reading['name']}\n    neither a film nor an episode"
    title = reading["title"] + (f" ({reading['year']})" if reading["year"] else "")
    parts = [f"{reading['kind']} · {title}"]
    if reading["season"] is not None:
        parts.append("specials" if reading["season"] == 0 else f"season {reading['season']}")
    numbers = _ranges(reading["episodes"])
    if numbers:
        parts.append(f"episode {numbers}" if len(reading["episodes"]) == 1 else f"episodes {numbers}")
    elif reading["kind"] == "episode" and reading["season"] is not None:
        parts.append("whole season")
    if reading["absolute"]:
        parts.append(f"number {_ranges(reading['absolute'])} over all seasons")
    if reading["date"]:
        parts.append(f"aired {reading['date']}")
    return f"{reading['name']}\n    {' · '.join(parts)}"


def _ranges(numbers: list[int]) -> str:
    """Return "1-3, 5" for 1, 2, 3, 5."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)
