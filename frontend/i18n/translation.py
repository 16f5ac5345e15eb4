"""Look texts up in the catalogs (gettext .po files, read by Babel)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from frontend.i18n.language import current_language

LOCALE = Path(__file__).parent.parent / "locale"

_WORDS_OF_THE_HUB = frozenset(("error", "message", "oddity", "reason", "shown", "value", "what", "where"))
"""Places that the hub fills with words of its own; all others hold names, which stay as they are."""

_COUNTS = frozenset(
    ("asking", "count", "done", "failed", "hours", "models", "number", "suggested", "total", "undone", "yes")
)
_NUMBER = r"\d+"
_DATE = r"\d{4}(?:-\d\d){0,2}"
_KNOWN_WORDS = frozenset(("what", "where"))
"""Of these every word is known; whatever else stands there means that another text is meant."""

_SENTENCE_END = re.compile(r"(?<=[.?]) ")


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
    if template and (known := _texts(language).get(template)):
        try:
            return _fill(language, known, params or {})
        except (KeyError, IndexError, ValueError):
            return _from_hub(language, text) or text
    return _from_hub(language, text) or text


@lru_cache(maxsize=4096)
def _from_hub(language: str, text: str) -> str | None:
    """Translate a text of the hub, or sentence by sentence when each of them is known; None when it is unknown."""
    found = _sentence(language, text)
    if found is None and len(sentences := _SENTENCE_END.split(text)) > 1:
        parts = [_sentence(language, sentence) for sentence in sentences]
        found = " ".join(part for part in parts if part is not None) if None not in parts else None
    return found


def _sentence(language: str, text: str) -> str | None:
    """Translate one text, also one that the hub made a sentence of: a big first letter and a full stop were added."""
    small = text[:1].lower() + text[1:]
    forms = tuple(dict.fromkeys((text, small, text.removesuffix("."), small.removesuffix("."))))
    texts = _texts(language)
    form, found = next(((one, texts[one]) for one in forms if one in texts), None) or _by_pattern(language, forms)
    if not found:
        return None
    if form[:1] != text[:1]:
        found = found[:1].upper() + found[1:]
    return found + "." if len(form) < len(text) else found


def _by_pattern(language: str, forms: tuple[str, ...]) -> tuple[str, str]:
    """Return the form that the most specific template fits, and its translation; nothing when none fits."""
    by_start = _patterns(language)
    possible = [entry for start in {"", *(form[:1] for form in forms)} for entry in by_start.get(start, ())]
    for _, pattern, translation in sorted(possible, key=lambda entry: -entry[0]):
        for form in forms:
            if (found := pattern.fullmatch(form)) is None:
                continue
            if all(_from_hub(language, found[name]) for name in _KNOWN_WORDS & found.groupdict().keys()):
                return form, _fill(language, translation, found.groupdict())
    return "", ""


def _fill(language: str, translation: str, params: Mapping[str, Any]) -> str:
    """Fill in the values; those that the hub wrote itself are translated, names of people and files never."""
    values = {
        name: (_from_hub(language, value) or value) if name in _WORDS_OF_THE_HUB and isinstance(value, str) else value
        for name, value in params.items()
    }
    return translation.format(**values)


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
def _patterns(language: str) -> dict[str, tuple[tuple[int, re.Pattern[str], str], ...]]:
    """Make patterns of the server's templates, by their first letter; with the length of their fixed text.

    The longest fixed text is the most specific and is tried first.
    """
    found = defaultdict(list)
    for catalog in _catalogs(language):
        if catalog.domain != "server":
            continue
        for message in catalog:
            if isinstance(message.id, str) and "{" in message.id and message.string:
                start = "" if message.id.startswith("{") else message.id[0]
                fixed = len(re.sub(r"{\w+}", "", message.id))
                found[start].append((fixed, _pattern(message.id), str(message.string)))
    return {start: tuple(entries) for start, entries in found.items()}


def _shape(name: str) -> str:
    return _DATE if name == "date" else _NUMBER if name in _COUNTS else ".+?"


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"{(\w+)}", template)
    seen: set[str] = set()
    out = []
    for index, part in enumerate(parts):
        if index % 2 == 0:
            out.append(re.escape(part))
        else:
            out.append(f"(?P={part})" if part in seen else f"(?P<{part}>{_shape(part)})")
            seen.add(part)
    return re.compile("".join(out), re.DOTALL)
