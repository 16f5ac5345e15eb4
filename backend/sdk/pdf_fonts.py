"""Fonts for PDF documents: those of this machine, by script, so that any text can be read; Helvetica without them.

A character that no font has is shown as "?". Letters of Arabic are drawn one by one, not joined.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont

FOLDERS = (
    Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("~/.local/share/fonts"), Path("/Library/Fonts"),
    Path("/System/Library/Fonts"), Path("C:/Windows/Fonts"),
)  # fmt: skip
_REGULAR = ("NotoSans-Regular.ttf", "DejaVuSans.ttf", "LiberationSans-Regular.ttf", "Arial.ttf", "arial.ttf")
_BOLD = ("NotoSans-Bold.ttf", "DejaVuSans-Bold.ttf", "LiberationSans-Bold.ttf", "Arial Bold.ttf", "arialbd.ttf")
_SYMBOLS = ("NotoSansSymbols-Regular.ttf", "NotoSansSymbols2-Regular.ttf", "NotoSansMath-Regular.ttf", "DejaVuSans.ttf")
_EASTERN = {"CJK": "STSong-Light", "HIRAGANA": "HeiseiKakuGo-W5", "KATAKANA": "HeiseiKakuGo-W5",
            "HANGUL": "HYGothic-Medium", "FULLWIDTH": "STSong-Light", "IDEOGRAPHIC": "STSong-Light"}  # fmt: skip
"""Scripts whose fonts every reader of PDF brings along (they are named, not put into the file)."""
_PLAIN = {"Cc": " ", "Cs": "?", "Cf": ""}
"""What stands for signs that are no letters: of control, halves of others, and those that only shape."""
UNKNOWN = "?"


def text_font(*, bold: bool = False) -> str:
    """Return the font of running text."""
    for name in _BOLD if bold else _REGULAR:
        if (found := _registered(name)) is not None:
            return found
    return "Helvetica-Bold" if bold else "Helvetica"


def marked_up(text: str, *, bold: bool = False) -> str:
    """Return a text as reportlab's paragraphs take it: harmless, and each script in a font that has it."""
    base = text_font(bold=bold)
    plain = "".join(_PLAIN.get(unicodedata.category(sign), sign) if sign != "\n" else sign for sign in text)
    runs = groupby(plain, lambda sign: _font_of(sign, base))
    return "".join(_run(font, "".join(signs), base) for font, signs in runs)


def _run(font: str | None, signs: str, base: str) -> str:
    if font is None:
        return UNKNOWN * len(signs)
    shown = escape(_as_seen(signs), quote=False).replace("\n", "<br/>")
    return shown if font == base else f'<font name="{font}">{shown}</font>'


def _as_seen(signs: str) -> str:
    """Return a run in the order in which it is drawn: from right to left for scripts that are written so."""
    backwards = any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in signs)
    return "".join(reversed(signs)) if backwards else signs


@cache
def _font_of(sign: str, base: str) -> str | None:
    """Return the font that has a character; None where none has."""
    if sign.isspace() or _has(base, sign):
        return base
    return next((font for font in _candidates(sign) if _has(font, sign)), None)


def _candidates(sign: str) -> Iterator[str]:
    """Give the fonts that may have a character, by its script."""
    script = unicodedata.name(sign, "").split(" ")[0].split("-")[0]
    if script in _EASTERN:
        yield _eastern(_EASTERN[script])
    for style in ("Sans", "Naskh", "Serif"):
        if (found := _registered(f"Noto{style}{script.title()}-Regular.ttf")) is not None:
            yield found
    for name in (*_SYMBOLS, *_REGULAR):
        if (found := _registered(name)) is not None:
            yield found


def _has(font: str, sign: str) -> bool:
    """Tell whether a registered font has a character."""
    if font in _EASTERN.values():
        return True
    face = getattr(pdfmetrics.getFont(font), "face", None)
    glyphs = getattr(face, "charToGlyph", None)
    if glyphs is not None:
        return ord(sign) in glyphs
    try:  # one of the fonts that every reader has
        sign.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


@cache
def _registered(name: str) -> str | None:
    """Make a font file of this machine known; return its name, or None where it is not here or cannot be used."""
    path = _files().get(name)
    if path is None:
        return None
    try:
        pdfmetrics.registerFont(TTFont(path.stem, path))
    except (TTFError, OSError):
        return None
    return path.stem


@cache
def _eastern(name: str) -> str:
    pdfmetrics.registerFont(UnicodeCIDFont(name))
    return name


@cache
def _files() -> dict[str, Path]:
    """Return the font files of this machine by name; the first folder wins."""
    found: dict[str, Path] = {}
    for folder in FOLDERS:
        for place, _, names in os.walk(folder.expanduser()):
            for name in names:
                if name.endswith(".ttf"):
                    found.setdefault(name, Path(place) / name)
    return found
