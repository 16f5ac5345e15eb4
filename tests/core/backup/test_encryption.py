"""Encrypted files open with the right key and name only, and any changed, missing or added byte is found."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.backup.encryption import (
    HEADER_BYTES,
    TAG_BYTES,
    BackupKey,
    KeyHeader,
    decrypt_stream,
    encrypt_stream,
    open_with_passphrase,
)
from backend.core.backup.errors import BackupDamaged, BackupKeyWrong
from backend.core.backup.writer import encrypted_size
from backend.sdk.errors import InvalidInput

KEY = BackupKey(bytes(range(32)))
CHUNK = 1024


def seal(content: bytes, key: BackupKey = KEY, what: str = "a") -> bytes:
    parts: list[bytes] = []
    encrypt_stream(key, io.BytesIO(content), parts.append, what, chunk_log2=10)
    return b"".join(parts)


def unseal(stored: bytes, key: BackupKey = KEY, what: str = "a") -> bytes:
    return b"".join(decrypt_stream(key, io.BytesIO(stored), what))


@given(st.integers(0, 4 * CHUNK + 3))
def test_any_length_comes_back_and_has_the_predicted_size(size: int) -> None:
    content = bytes(i % 251 for i in range(size))
    stored = seal(content)
    assert unseal(stored) == content
    assert len(stored) == encrypted_size(size, CHUNK)
    assert size < 16 or content[:16] not in stored


@given(st.sampled_from([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK]), st.data())
def test_any_flipped_bit_is_found(size: int, data: st.DataObject) -> None:
    stored = bytearray(seal(bytes(size)))
    at = data.draw(st.integers(0, len(stored) - 1))
    stored[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(BackupDamaged):
        unseal(bytes(stored))


@given(st.sampled_from([0, 1, CHUNK, CHUNK + 1, 3 * CHUNK]), st.data())
def test_any_cut_and_any_addition_is_found(size: int, data: st.DataObject) -> None:
    """Also a cut exactly between two chunks: only the last chunk carries the final flag."""
    stored = seal(bytes(size))
    at = data.draw(st.integers(0, len(stored) - 1))
    for wrong in (stored[:at], stored + b"\0", stored + stored[HEADER_BYTES:]):
        with pytest.raises(BackupDamaged):
            unseal(wrong)
    for edge in range(HEADER_BYTES, len(stored), CHUNK + TAG_BYTES):
        with pytest.raises(BackupDamaged):
            unseal(stored[:edge])


def test_swapped_chunks_are_found() -> None:
    stored, step = seal(bytes(3 * CHUNK + 5)), CHUNK + TAG_BYTES
    head, chunks = stored[:HEADER_BYTES], stored[HEADER_BYTES:]
    with pytest.raises(BackupDamaged):
        unseal(head + chunks[step : 2 * step] + chunks[:step] + chunks[2 * step :])


def test_a_file_cannot_stand_in_for_another() -> None:
    stored = seal(b"x" * 100, what="set1/database")
    with pytest.raises(BackupDamaged):
        unseal(stored, what="set2/database")
    with pytest.raises(BackupDamaged):
        unseal(stored, key=BackupKey.generate(), what="set1/database")


def test_equal_content_never_looks_equal() -> None:
    assert seal(b"same" * 100)[HEADER_BYTES:] != seal(b"same" * 100)[HEADER_BYTES:]


def test_the_recovery_key_survives_paper_and_finds_typing_errors() -> None:
    text = KEY.recovery_key()
    assert BackupKey.from_recovery(text.lower().replace("-", " ")).secret == KEY.secret
    for at in range(len(text)):
        if text[at] != "-":
            wrong = text[:at] + ("B" if text[at] == "A" else "A") + text[at + 1 :]
            with pytest.raises(BackupKeyWrong):
                BackupKey.from_recovery(wrong)
    with pytest.raises(BackupKeyWrong):
        BackupKey.from_recovery("")


def test_a_passphrase_opens_the_key_and_a_wrong_one_says_so() -> None:
    header = KeyHeader(key_id=KEY.key_id, slots=(KEY.wrap("correct horse battery", log_n=10),))
    assert open_with_passphrase(header, "correct horse battery").secret == KEY.secret
    with pytest.raises(BackupKeyWrong):
        open_with_passphrase(header, "correct horse batterY")
    with pytest.raises(InvalidInput):
        KEY.wrap("short", log_n=10)


def test_the_key_never_shows_itself() -> None:
    assert KEY.secret.hex() not in repr(KEY)
    assert KEY.recovery_key() not in repr(KEY)
