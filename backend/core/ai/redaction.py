"""Hide what need not leave the house, and put it back in the answer.

Every hidden text becomes a placeholder such as `[email-1]`; the same text gets the same placeholder within
one request, so that a model still sees what belongs together. The map never leaves this process.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from backend.core.ai.ibans import find_ibans
from backend.sdk.ai import Redaction

_SEPARATED_DIGITS = r"\d(?:[ \t./()\-–]{0,3}\d)"
# Bounded (RFC 5321: 64 before the @), because an open start would take quadratic time on a long word.
_EMAIL = re.compile(r"[\w.+\-%]{1,64}@[\w\-]+(?:\.[\w\-]+)+")
_NUMBERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    # Ten digits and more, however grouped: cards (ISO 7812), phone numbers with prefix, tax and insurance numbers.
    ("number", re.compile(rf"\+?{_SEPARATED_DIGITS}{{9,}}")),
    ("phone", re.compile(r"(?<!\d)(?:\+|00)\d(?:[ \t./()\-]{0,2}\d){6,}")),
    ("number", re.compile(r"\d{6,}")),
)
_MOMENT = re.compile(
    r"(?:19|20)\d{2}[-./ ]?(?:0[1-9]|1[0-2])[-./ ]?(?:0[1-9]|[12]\d|3[01])"
    r"(?:[-./ ]{0,3}(?:[01]\d|2[0-3])[-./ ]?[0-5]\d(?:[-./ ]?[0-5]\d)?)?"
)
"""A date, or a date with a time, as cameras and scanners write it: it says much about a file and stays readable."""
_DIGIT = re.compile(r"\d")
_PLACEHOLDER = re.compile(r"\[(?:name|email|iban|number|phone)-[1-9]\d*\]")
_SPLIT = re.compile(f"({_PLACEHOLDER.pattern})")


class Redactor:
    """Redact the texts of one request; remembers what it hid, for `restore` and for the preview's counts."""

    def __init__(self, level: Redaction, names: Iterable[str] = ()) -> None:
        self._level = level
        self._names = _name_pattern(names)
        self._placeholders: dict[tuple[str, str], str] = {}
        self._originals: dict[str, str] = {}
        self._count: Counter[str] = Counter()

    @property
    def hidden(self) -> Mapping[str, int]:
        """Return how many places were hidden, by kind."""
        return dict(self._count)

    def value(self, value: Any) -> Any:
        """Return a JSON value with every text in it redacted, keys and numbers included."""
        if self._level is Redaction.NONE:
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(str(key)): self.value(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(item) for item in value]
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, int | float):
            text = self.text(str(value))
            return value if text == str(value) else text
        return self.text(str(value))

    def text(self, text: str) -> str:
        """Return one text redacted."""
        if self._level is Redaction.NONE:
            return text
        # Full-width digits would slip past the patterns, decomposed accents past the names.
        text = unicodedata.normalize("NFKC", text)
        # Addresses before names: a name inside an address would leave the rest of the address standing.
        text = _EMAIL.sub(lambda found: self._hide("email", found.group()), text)
        text = self._outside(text, self._ibans)
        if (names := self._names) is not None:
            text = self._outside(text, lambda part: names.sub(lambda found: self._hide("name", found.group()), part))
        for kind, pattern in _NUMBERS:
            text = self._outside(text, functools.partial(self._numbers, kind, pattern))
        if self._level is Redaction.STRICT:
            text = self._outside(text, lambda part: _DIGIT.sub("0", part))
        return text

    def restore(self, text: str) -> str:
        """Return an answer's text with the placeholders of this request replaced by what they stand for."""
        return _PLACEHOLDER.sub(lambda found: self._originals.get(found.group(), found.group()), text)

    def fork(self) -> Redactor:
        """Return a redactor that knows the placeholders of this one and goes its own way from here."""
        copy = Redactor(self._level)
        copy._names = self._names
        copy._placeholders, copy._originals = dict(self._placeholders), dict(self._originals)
        return copy

    @staticmethod
    def _outside(text: str, change: Callable[[str], str]) -> str:
        """Change a text everywhere but inside the placeholders that stand in it already."""
        parts = _SPLIT.split(text)
        parts[::2] = [change(part) for part in parts[::2]]
        return "".join(parts)

    def _ibans(self, text: str) -> str:
        kept: list[str] = []
        start = 0
        for first, end in find_ibans(text):
            kept += [text[start:first], self._hide("iban", text[first:end])]
            start = end
        return "".join([*kept, text[start:]])

    def _numbers(self, kind: str, pattern: re.Pattern[str], text: str) -> str:
        def hide(found: re.Match[str]) -> str:
            is_moment = kind == "number" and _MOMENT.fullmatch(found.group())
            return found.group() if is_moment else self._hide(kind, found.group())

        return pattern.sub(hide, text)

    def _hide(self, kind: str, original: str) -> str:
        self._count[kind] += 1
        key = (kind, original.casefold())
        placeholder = self._placeholders.get(key)
        if placeholder is None:
            number = sum(1 for known_kind, _ in self._placeholders if known_kind == kind) + 1
            placeholder = self._placeholders[key] = f"[{kind}-{number}]"
            self._originals[placeholder] = original
        return placeholder


def _name_pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """Match each name wherever it stands (`InvoiceMeier2024.pdf`); one of two or three letters only as a word."""
    wanted = sorted({unicodedata.normalize("NFKC", name).strip() for name in names}, key=len, reverse=True)
    spelled = [r"[\s_.\-]*".join(map(re.escape, name.split())) for name in wanted if len(name) >= 4]
    short = [rf"(?<![^\W\d_]){re.escape(name)}(?![^\W\d_])" for name in wanted if 2 <= len(name) < 4]
    return re.compile("|".join((*spelled, *short)), re.IGNORECASE) if spelled or short else None
