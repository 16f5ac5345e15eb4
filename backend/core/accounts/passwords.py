"""Passwords: the rules for a new one, and bcrypt off the hub.

A stored value carries its scheme ("bcrypt:$2b$12$..."), so that another algorithm can take over one login at a time.
bcrypt reads at most 72 bytes; a longer password is refused when it is set and simply wrong when it is tried.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

import bcrypt

from backend.core.accounts.errors import PasswordWeak
from backend.sdk.concurrency import run_blocking

MIN_CHARACTERS = 10
MAX_BYTES = 72
_SCHEME = "bcrypt:"
_LEET = str.maketrans("013457@$!", "oieastasi")
_ROWS = ("qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm", "azertyuiopqsdfghjklmwxcvbn", "0123456789" * 3)
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"


class PasswordHasher:
    """Hash and check passwords with bcrypt; `cost` is its work factor (12 = about a quarter second)."""

    def __init__(self, cost: int = 12, run: Callable[..., bytes | bool] = run_blocking) -> None:
        self.cost = cost
        self._run = run

    def hash(self, password: str) -> str:
        """Return what to store for a password that passed `check_new_password`."""
        made = self._run(bcrypt.hashpw, _bytes(password), bcrypt.gensalt(self.cost))
        assert isinstance(made, bytes)
        return _SCHEME + made.decode("ascii")

    def verify(self, password: str, stored: str | None) -> bool:
        """Tell whether the password fits. `stored=None` (nobody there) costs the same work and is always wrong."""
        given = _bytes(password)
        fits = self._run(bcrypt.checkpw, given[:MAX_BYTES], (stored or self._nobody())[len(_SCHEME) :].encode("ascii"))
        return bool(fits) and stored is not None and len(given) <= MAX_BYTES

    def _nobody(self) -> str:
        """Return a well-formed hash that no password has: checking against it costs what a real one costs."""
        return _SCHEME + bcrypt.gensalt(self.cost).decode("ascii") + "." * 31

    def is_outdated(self, stored: str) -> bool:
        """Tell whether a stored hash was made with less work than is asked for today."""
        return int(stored[len(_SCHEME) :].split("$")[2]) < self.cost


def check_new_password(password: str, *, names: tuple[str, ...] = (), field: str = "body.password") -> None:
    """Raise `PasswordWeak` unless the password is long enough, short enough, and not among the first that are tried."""
    if len(unicodedata.normalize("NFC", password)) < MIN_CHARACTERS:
        raise PasswordWeak(
            f"It is shorter than {MIN_CHARACTERS} characters.", "Three or four unrelated words do well.", field
        )
    if len(_bytes(password)) > MAX_BYTES:
        raise PasswordWeak(f"It is longer than {MAX_BYTES} bytes.", "Use a shorter one.", field)
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in password):
        raise PasswordWeak("It contains a control character.", "Use letters, digits, signs and spaces.", field)
    folded = password.casefold()
    if len(set(folded)) < 4 or _is_keyboard_walk(folded):
        raise PasswordWeak("It is a simple pattern.", "Use words that have nothing to do with each other.", field)
    if _is_common(folded):
        raise PasswordWeak("It is one of the first that are tried.", "Add unrelated words.", field)
    if any(len(name) > 2 and name.casefold() in folded for name in names if len(name) * 2 >= len(folded)):
        raise PasswordWeak("It is mostly your name.", "Leave the name out.", field)


def _bytes(password: str) -> bytes:
    """Return the bytes to hash: NFC, so that a Mac and a phone type the same password."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass").replace(b"\0", b"\xff")


def _is_keyboard_walk(folded: str) -> bool:
    for row in (*_ROWS, _ALPHABET):
        for line in (row, row[::-1]):
            if folded in line * 2:
                return True
    return False


def _is_common(folded: str) -> bool:
    """Tell whether nothing remains once digits and signs at the ends, and digits that stand for letters, are undone."""
    common = _common_words()
    stripped = folded.strip("0123456789!?.,;:-_#*+@$%&/()= ")
    candidates = {folded, stripped, folded.translate(_LEET), stripped.translate(_LEET)}
    candidates |= {word.replace(" ", "").replace("-", "").replace("_", "") for word in candidates}
    return any(word in common or _is_doubled(word, common) for word in candidates)


def _is_doubled(word: str, common: frozenset[str]) -> bool:
    """Tell whether the word is one common word written two or more times, or two common ones joined."""
    return any(word[:cut] in common and word[cut:] in common for cut in range(2, len(word) - 1))


@cache
def _common_words() -> frozenset[str]:
    """Read the shipped list once: base words, because endings and look-alike digits are undone before the look-up."""
    text = Path(__file__).with_name("common_passwords.txt").read_text("utf-8")
    return frozenset(line.strip().casefold() for line in text.splitlines() if line and not line.startswith("#"))
