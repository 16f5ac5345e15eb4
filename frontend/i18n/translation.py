"""Look texts up in the catalogs (gettext .po files, read by Babel)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from frontend.i18n.language import current_language

LOCALE = Path(__file__).parent.parent / "locale"


def tr(message: str, /, **values: Any) -> str:
    """Translate `message`, then fill its {placeholders}."""
    text = _texts(current_language()).get(message) or message
    return text.format(**values) if values else text


def trn(one: str, many: str, n: int, /, **values: Any) -> str:
    """Translate a text that depends on a number; `{n}` is filled with it."""
    forms = _plurals(current_language()).get(one)
    text = (forms[0] if n == 1 else forms[1]) if forms else (one if n == 1 else many)
    return text.format(n=n, **values)


def tr_server(text: str, template: str | None = None, params: Mapping[str, Any] | None = None) -> str:
    """Translate what the hub wrote, by its template when it sent one, else by the templates of the catalog."""
    language = current_language()
    if language == "en" or not text:
        return text
    texts = _texts(language)
    if template and (known := texts.get(template)):
        try:
            return known.format(**(params or {}))
        except (KeyError, IndexError, ValueError):
            return text
    return texts.get(text) or _by_pattern(language, text) or text


def _by_pattern(language: str, text: str) -> str | None:
    for pattern, translation in _patterns(language):
        if (found := pattern.fullmatch(text)) is not None:
            return translation.format(**found.groupdict())
    return None


@lru_cache(maxsize=8)
def _catalogs(language: str) -> tuple[Catalog, ...]:
    """Read the catalogs of a language, once per process: they do not change while it runs."""
    found = []
    for path in sorted((LOCALE / language).glob("*.po")):
        with path.open("rb") as file:
            found.append(read_po(file, locale=language, domain=path.stem))
    return tuple(found)


@lru_cache(maxsize=8)
def _texts(language: str) -> dict[str, str]:
    return {
        str(message.id): str(message.string)
        for catalog in _catalogs(language)
        for message in catalog
        if isinstance(message.id, str) and message.id and message.string and not message.fuzzy
    }


@lru_cache(maxsize=8)
def _plurals(language: str) -> dict[str, tuple[str, str]]:
    found = {}
    for catalog in _catalogs(language):
        for message in catalog:
            forms = message.string
            if isinstance(message.id, tuple) and isinstance(forms, (tuple, list)) and all(forms):
                found[str(message.id[0])] = (str(forms[0]), str(forms[1]))
    return found


@lru_cache(maxsize=8)
def _patterns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Make patterns of the server's templates, the most specific (longest fixed text) first."""
    found = []
    for catalog in _catalogs(language):
        if catalog.domain != "server":
            continue
        for message in catalog:
            if isinstance(message.id, str) and "{" in message.id and message.string:
                found.append((len(re.sub(r"{\w+}", "", message.id)), _pattern(message.id), str(message.string)))
    return tuple((pattern, text) for _, pattern, text in sorted(found, key=lambda entry: -entry[0]))


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"{(\w+)}", template)
    seen: set[str] = set()
    out = []
    for index, part in enumerate(parts):
        if index % 2 == 0:
            out.append(re.escape(part))
        else:
            out.append(f"(?P={part})" if part in seen else f"(?P<{part}>.+?)")
            seen.add(part)
    return re.compile("".join(out), re.DOTALL)
