"""Decide the name under which a file is filed. Nothing is renamed unless the owner switched it on."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from backend.file_organizer.analysis.facts import FileFacts
from backend.file_organizer.analysis.kinds import Kind, kind_of_extension, split_extension
from backend.file_organizer.analysis.media_names import MediaName
from backend.file_organizer.naming.choices import NamingChoices
from backend.file_organizer.naming.patterns import learn_pattern
from backend.file_organizer.naming.templates import NameKind, fill, kind_of
from backend.file_organizer.planning.suggestions import Suggestion
from backend.file_organizer.series.matching import best_match

_MOST_NAMES = 400
KEEP, PATTERN = "keep", "pattern"
Where = Callable[[str, str], "str | None"]
"""From (volume id, folder) to the folder's full path, or None where it may not be looked at."""


@dataclass(frozen=True, slots=True)
class SeriesRule:
    """What the owner said about one series: "keep" its names, name by its own "pattern", or "" the general choice."""

    title: str
    naming: str = ""
    pattern: str = ""


class Namer:
    """Name the files of one plan. `where` finds folders on disk, to see how episodes there are named."""

    def __init__(self, choices: NamingChoices, rules: Mapping[str, SeriesRule], where: Where) -> None:
        self._choices = choices
        self._rules = rules
        self._where = where
        self._patterns: dict[tuple[str, str], str | None] = {}
        self._matches: dict[str, SeriesRule | None] = {}

    def name(self, facts: FileFacts, suggestion: Suggestion) -> str:
        """Return the name under which the file is filed; its own where nothing else was chosen."""
        media = facts.media
        if media is None or facts.is_folder or facts.kind not in (Kind.VIDEO, Kind.SUBTITLE):
            return facts.name
        kind = kind_of(media)
        stem = self._stem(kind, media, suggestion) if kind is not None else None
        if not stem:
            return facts.name
        if facts.kind is Kind.SUBTITLE:
            stem += _language(facts.stem, media)
        return f"{stem}.{facts.extension}" if facts.extension else stem

    def _stem(self, kind: NameKind, media: MediaName, suggestion: Suggestion) -> str | None:
        rule = self._rule(media.title) if kind is not NameKind.FILM else None
        title = rule.title if rule is not None else None
        if rule is not None and rule.naming == KEEP:
            return None
        if rule is not None and rule.naming == PATTERN:
            return fill(rule.pattern, media, title=title)
        if kind is not NameKind.FILM and self._choices.like_others:
            pattern = self._pattern(suggestion.volume_id, suggestion.folder)
            made = fill(pattern, media, title=title) if pattern is not None else None
            if made is not None:
                return made
        choice = self._choices.templates[kind]
        return fill(choice.template, media, title=title) if choice.on else None

    def _rule(self, title: str) -> SeriesRule | None:
        """Return what is known about the series of that title, however it is written."""
        if title not in self._matches:
            known = {rule.title: rule for rule in self._rules.values()}
            match = best_match(title, known)
            self._matches[title] = known[match] if match is not None else None
        return self._matches[title]

    def _pattern(self, volume_id: str, folder: str) -> str | None:
        """Return how episodes in a folder (or in the seasons beside it) are named."""
        key = (volume_id, folder)
        if key not in self._patterns:
            here = self._where(volume_id, folder)
            self._patterns[key] = learn_pattern(episode_stems(here)) if here is not None else None
        return self._patterns[key]


def episode_stems(folder: str) -> list[str]:
    """Return the names (without extension) of the videos in a folder; of its neighbours where it has too few."""
    found = _videos(folder)
    if len(found) < 2:
        for name in _folders(os.path.dirname(folder)):
            found += _videos(f"{os.path.dirname(folder)}/{name}")
            if len(found) >= _MOST_NAMES:
                break
    if len(found) < 2:
        for name in _folders(folder):
            found += _videos(f"{folder}/{name}")
    return found[:_MOST_NAMES]


def _videos(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as listing:
            names = [entry.name for entry in listing if entry.is_file(follow_symlinks=False)]
    except OSError:
        return []
    split = [split_extension(name) for name in sorted(names)[: 4 * _MOST_NAMES]]
    return [stem for stem, extension in split if kind_of_extension(extension) is Kind.VIDEO]


def _folders(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as listing:
            return sorted(entry.name for entry in listing if entry.is_dir(follow_symlinks=False))[:60]
    except OSError:
        return []


def _language(stem: str, media: MediaName) -> str:
    """Return the ending of a subtitle that says its language (".en.forced")."""
    from backend.file_organizer.analysis.media_names import without_language

    return stem[len(without_language(stem)[-1]) :]


def follow(name: str, old_lead: str, new_lead: str) -> str:
    """Return the name of a file that travels with a renamed one: what it shared with the old name becomes the new."""
    if old_lead == new_lead:
        return name
    old, new = split_extension(old_lead)[0], split_extension(new_lead)[0]
    if name.casefold().startswith(old_lead.casefold()):
        return new_lead + name[len(old_lead) :]
    rest = name[len(old) :]
    if name.casefold().startswith(old.casefold()) and (not rest or not rest[0].isalnum()):
        return new + rest
    return name
