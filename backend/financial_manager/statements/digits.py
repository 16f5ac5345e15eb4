"""Digits and signs of numbers in other scripts, as they are read: "１２" and "١٢" are 12."""

from __future__ import annotations

_ZEROS = "\u0660\u06f0\u0966\u0e50\uff10"
"""The zeros of Arabic, Persian, Hindi, Thai, and of full width as in East Asia; nine digits follow each."""

DIGITS = {ord(zero) + n: str(n) for zero in _ZEROS for n in range(10)} | str.maketrans(
    {"\u066b": ".", "\u066c": ",", "\uff0e": ".", "\uff0c": ",", "\uff0f": "/", "\uffe5": "¥"}
)
"""What such digits, the decimal sign and the thousands sign of Arabic, and signs of full width are read as."""
