"""Find bank account numbers (ISO 13616) in text by country, length and check digits, however they are grouped."""

from __future__ import annotations

import re
from collections.abc import Iterator

_LENGTHS = {
    code: int(length)
    for code, length in re.findall(
        r"([A-Z]{2})(\d\d)",
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 "
        "ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IS26 IT27 JO30 KW30 KZ20 "
        "LB28 LI21 LT20 LU20 LV21 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 "
        "RO24 RS22 SA24 SE24 SI19 SK24 SM27 TN24 TR26 UA29 VA22 VG24 XK20 ",
    )
}
"""Length by country, from the IBAN registry."""

_START = re.compile(r"(?=([A-Za-z]{2})[ \-_.]?\d[ \-_.]?\d)")
_SEPARATORS = " -_."


def find_ibans(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each valid IBAN, from left to right, without overlaps."""
    free_from = 0
    for start in _START.finditer(text):
        length = _LENGTHS.get(start.group(1).upper())
        if length is None or start.start() < free_from:
            continue
        end = _valid_end(text, start.start(), length)
        if end is not None:
            yield start.start(), end
            free_from = end


def _valid_end(text: str, start: int, length: int) -> int | None:
    """Return where the IBAN that begins at `start` ends, or None if there is none."""
    letters: list[str] = []
    gap = 0
    for position in range(start, len(text)):
        character = text[position]
        if character.isascii() and character.isalnum():
            letters.append(character.upper())
            gap = 0
        elif character in _SEPARATORS and gap < 2:
            gap += 1
        else:
            return None
        if len(letters) == length:
            return position + 1 if _checks_out("".join(letters)) else None
    return None


def _checks_out(iban: str) -> bool:
    """Test the check digits (ISO 7064, MOD 97-10)."""
    turned = iban[4:] + iban[:4]
    return iban[2:4].isdigit() and int("".join(str(int(character, 36)) for character in turned)) % 97 == 1
