"""Feeds that come with Homie, as data (`presets.toml`): each names where its description was found."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from backend.financial_manager.price_feeds.feed import Feed


@dataclass(frozen=True, slots=True)
class Said:
    """A text in both languages."""

    en: str
    de: str


@dataclass(frozen=True, slots=True)
class Preset:
    """A feed with its name. `about`, `symbol`: in English and German, what it knows, and what it calls a security.

    `symbol`: None where it needs none; `source`: where its description was found.
    """

    id: str
    title: str
    about: Said
    symbol: Said | None
    source: str
    feed: Feed


@cache
def presets() -> dict[str, Preset]:
    """Return the feeds that come with Homie, by their ids."""
    told = tomllib.loads((files("backend.financial_manager.price_feeds") / "presets.toml").read_text("utf-8"))
    own = ("title", "about", "symbol", "source")
    found = {}
    for name, one in told.items():
        feed = Feed(**{key: value for key, value in one.items() if key not in own})
        found[name] = Preset(
            name, one["title"], Said(**one["about"]), Said(**one["symbol"]) if "symbol" in one else None,
            one["source"], feed,
        )  # fmt: skip
    return found
