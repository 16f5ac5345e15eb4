"""What a module tells beyond its own screens: what needs a person, how it stands in one line, which events are news.

Texts are English templates with named places (`"{count} files wait"`) and their values. The template is what
translations are looked up by; `render` gives the English sentence for clients that do not translate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Severity = Literal["info", "success", "warning", "error"]
"""How much something matters; `error` and `warning` ask for somebody, the others only tell."""

Unit = Literal["count", "bytes", "percent", "moment"]
"""What a figure counts: things, bytes, hundredths, or seconds since 1970 (UTC)."""


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """Declare that an event is news for the people of its space. The first rule that fits an event counts.

    `event`     name of the event; `kind`: what it is news of ("file_organizer.plan_ready"), people switch kinds off
    `template`  English text; its places are fields of the event's payload
    `title`     what this kind is called in the settings ("Suggestions are ready")
    `subject`   a payload field: news of one kind and subject is one line that is renewed, never a flood
    `route`     where the app leads to, with the same places
    `when`      a payload field that must be true (or not zero); `only`: fields with the value they must have
    """

    event: str
    kind: str
    title: str
    template: str
    severity: Severity = "info"
    subject: str = ""
    route: str = ""
    when: str = ""
    only: tuple[tuple[str, Any], ...] = ()

    def fits(self, name: str, payload: Mapping[str, Any]) -> bool:
        """Tell whether an event is news by this rule."""
        if name != self.event or (self.when and not payload.get(self.when)):
            return False
        return all(payload.get(key) == value for key, value in self.only)


@dataclass(frozen=True, slots=True)
class AttentionItem:
    """One thing that waits for a person. `count` of them, `since` when; `route` is where the app deals with it."""

    kind: str
    template: str
    route: str
    params: Mapping[str, Any] = field(default_factory=dict)
    count: int = 1
    severity: Severity = "info"
    since: datetime | None = None
    space_id: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One key figure of a module's card. `template` is its label."""

    key: str
    template: str
    value: float
    unit: Unit = "count"


@dataclass(frozen=True, slots=True)
class ModuleSummary:
    """Say in one line how a module stands for somebody, with a few figures."""

    template: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    figures: tuple[Figure, ...] = ()


class _Places(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def render(template: str, params: Mapping[str, Any]) -> str:
    """Return the template with its places filled; one without a value is left empty."""
    filled = _Places({key: "" if value is None else str(value) for key, value in params.items()})
    try:
        return template.format_map(filled)
    except (AttributeError, IndexError, KeyError, ValueError):
        return template


def used_params(template: str, route: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return the plain values that a text and a route name, out of an event's payload."""
    from string import Formatter

    names = {name for text in (template, route) for _, name, _, _ in Formatter().parse(text) if name}
    plain = (str, int, float, bool)
    return {name: payload[name] for name in sorted(names) if isinstance(payload.get(name), plain)}
