"""The rules for new passwords: checklist line 2."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core.accounts.errors import PasswordWeak
from backend.core.accounts.passwords import PasswordHasher, check_new_password

HASHER = PasswordHasher(4)


@pytest.mark.parametrize(
    "password",
    [
        "tiny", "123456789", "1234567890", "0987654321", "aaaaaaaaaaaa", "abababababab", "qwertyuiop", "password12",
        "P4ssw0rd2026!", "Passwort123", "letmein1234", "iloveyou!!", "correct horse battery staple",
        "passwordpassword", "Summer2026!!", "sommersommer", "administrator1", "hunter2", "monkeydragon", "abcdefghij",
        "tab\tinside it", "x" * 73, "ä" * 37,
    ],
)  # fmt: skip
def test_what_is_tried_first_is_refused(password: str) -> None:
    """Too short, too long, patterns, common words with the usual decorations: each refusal names problem and remedy."""
    with pytest.raises(PasswordWeak) as refusal:
        check_new_password(password)
    assert refusal.value.fields[0].name == "body.password"
    assert refusal.value.fields[0].remedy
    assert password not in str(refusal.value.as_json("r"))


@pytest.mark.parametrize(
    "password",
    ["seven purple otters", "früh auf dem Berg", "kX9#vQ2$mLp7", "日本語のパスワードです", "a w k e i x p z"],
)
def test_what_nobody_tries_first_is_accepted(password: str) -> None:
    """Sentences, random signs, any script; no rule about digits and signs."""
    check_new_password(password)


def test_the_name_is_no_password() -> None:
    """A password that is mostly the name is refused, one that happens to contain it is not."""
    with pytest.raises(PasswordWeak):
        check_new_password("evamariastark1", names=("EvaMariaStark",))
    check_new_password("eva eats seven apples", names=("eva",))


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_only_the_same_password_fits(one: str, other: str) -> None:
    """Any text can be hashed and tried without an error; another text does not fit (beyond 72 bytes none does)."""
    import unicodedata

    stored = HASHER.hash(one) if len(one.encode("utf-8", "surrogatepass")) <= 72 else None
    if stored is None:
        return
    same = unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)
    assert HASHER.verify(other, stored) == same
    assert stored.startswith("bcrypt:$2b$")
    assert not HASHER.verify(one, None)


def test_the_list_of_common_passwords_is_shipped_beside_the_code() -> None:
    """Several hundred words, each already the way it is compared."""
    from pathlib import Path

    import backend.core.accounts.passwords as passwords

    text = Path(passwords.__file__).with_name("common_passwords.txt").read_text("utf-8")
    words = [line for line in text.splitlines() if not line.startswith("#")]
    assert len(words) > 500
    assert all(word == word.strip().casefold() for word in words)
