"""Hide what need not leave the house, and put it back in the answer.

Every hidden text becomes a placeholder such as `[email-1]`; the same text gets the same placeholder within
one request, so that a model still sees what belongs together. The map never leaves this process.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from backend.sdk.ai import Redaction

_SEPARATED_DIGITS = r"\d(?:[ \t./()\-–]{0,3}\d)"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("email", re.compile(r"[\w.+\-%]+@[\w\-]+(?:\.[\w\-]+)+")),
    # ISO 13616: country, two check digits, up to 30 letters and digits, often in groups of four. No word boundary
    # before it: in `scan_DE89...` the underscore is a word character.
    (
        "iban",
        re.compile(r"(?<![A-Za-z])[A-Z]{2}\d{2}(?:[ \-_]?[A-Z0-9]{4}){2,7}(?:[ \-_]?[A-Z0-9]{1,4})?", re.IGNORECASE),
    ),
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
        if self._names is not None:
            text = self._names.sub(lambda found: self._hide("name", found), text)
        for kind, pattern in _PATTERNS:
            text = self._outside_placeholders(kind, pattern, text)
        if self._level is Redaction.STRICT:
            text = self._zero_digits(text)
        return text

    def restore(self, text: str) -> str:
        """Return an answer's text with the placeholders of this request replaced by what they stand for."""
        return _PLACEHOLDER.sub(lambda found: self._originals.get(found.group(), found.group()), text)

    def _outside_placeholders(self, kind: str, pattern: re.Pattern[str], text: str) -> str:
        parts = re.split(rf"({_PLACEHOLDER.pattern})", text)
        for index in range(0, len(parts), 2):
            parts[index] = pattern.sub(lambda found: self._hide(kind, found), parts[index])
        return "".join(parts)

    def _zero_digits(self, text: str) -> str:
        parts = re.split(rf"({_PLACEHOLDER.pattern})", text)
        for index in range(0, len(parts), 2):
            parts[index] = _DIGIT.sub("0", parts[index])
        return "".join(parts)

    def _hide(self, kind: str, found: re.Match[str]) -> str:
        original = found.group()
        if kind == "number" and _MOMENT.fullmatch(original):
            return original
        self._count[kind] += 1
        key = (kind, original.casefold())
        placeholder = self._placeholders.get(key)
        if placeholder is None:
            number = sum(1 for known_kind, _ in self._placeholders if known_kind == kind) + 1
            placeholder = self._placeholders[key] = f"[{kind}-{number}]"
            self._originals[placeholder] = original
        return placeholder


def _name_pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """Match each name wherever it stands, as a word or joined by `_` or digits (`invoice_meier2024.pdf`)."""
    wanted = sorted({unicodedata.normalize("NFKC", name).strip() for name in names}, key=len, reverse=True)
    wanted = [name for name in wanted if len(name) >= 2]
    if not wanted:
        return None
    spelled = "|".join(r"[\s_.\-]*".join(map(re.escape, name.split())) for name in wanted)
    return re.compile(rf"(?<![^\W\d_])(?:{spelled})(?![^\W\d_])", re.IGNORECASE)
