"""Read from the engine which fallback fonts it asks for, and which characters each of them is for.

Flutter carries a list of some 700 Noto fonts and, packed into two strings, which of them draw which characters. Large
families (Chinese, Japanese, Korean, emoji) are cut into slices, each a font of its own. The list and the packing are
those of `font_fallback_data.dart` and `noto_font_encoding.dart` in Flutter's engine; they change with the engine, so
they are read from the one that is installed instead of being copied here.
"""

from __future__ import annotations

import re
from pathlib import Path

_FONT = re.compile(r'\("(Noto [A-Za-z0-9 ]+)","(noto[a-z0-9]+/v\d+/[\w.-]+)"\)')
_PACKED = re.compile(r'"([a-zA-Z0-9,]{5000,})"')
_RADIX = 26
_END = 0x110000


class EngineUnreadable(Exception):
    """The engine's list of fonts is not where it was, or packed in another way."""


def fonts_of_engine(script: Path) -> dict[str, list[range]]:
    """Return the characters of each fallback font by its address, from the engine's `main.dart.js`."""
    try:
        text = script.read_text("utf-8")
    except OSError as error:
        raise EngineUnreadable(f"{script.name} cannot be read") from error
    addresses = [address for _, address in _FONT.findall(text)]
    packed = _PACKED.findall(text)
    components = next((part for part in packed if "," in part), None)
    ranges = next((part for part in packed if "," not in part and re.search("[A-Z]", part)), None)
    if not addresses or components is None or ranges is None:
        raise EngineUnreadable("its list of fonts was not found")
    found: dict[str, list[range]] = {address: [] for address in addresses}
    groups = [_members(part) for part in components.split(",")]
    try:
        for stretch, group in _stretches(ranges):
            for index in groups[group]:
                found[addresses[index]].append(stretch)
    except IndexError as error:
        raise EngineUnreadable("its lists of fonts do not fit together") from error
    return found


def _members(packed: str) -> list[int]:
    """Unpack one group of fonts: ascending numbers, each written as the distance from the one before."""
    members: list[int] = []
    prefix, last = 0, -1
    for letter in packed:
        if letter.isdigit():
            prefix = prefix * 10 + int(letter)
        else:
            last += prefix * _RADIX + ord(letter) - ord("a") + 1
            members.append(last)
            prefix = 0
    return members


def _stretches(packed: str) -> list[tuple[range, int]]:
    """Unpack stretches of characters: a small letter gives the length (2 and more), a capital the group of fonts."""
    found: list[tuple[range, int]] = []
    prefix, start, size = 0, 0, 1
    for letter in packed:
        if letter.isdigit():
            prefix = prefix * 10 + int(letter)
        elif letter.islower():
            size, prefix = prefix * _RADIX + ord(letter) - ord("a") + 2, 0
        else:
            found.append((range(start, start + size), prefix * _RADIX + ord(letter) - ord("A")))
            start, size, prefix = start + size, 1, 0
    if start != _END:
        raise EngineUnreadable("its ranges of characters do not cover Unicode")
    return found
