"""Encrypted backups: one key per household, one derived key per file, chunks that cannot be cut, swapped or changed.

File format (all of it authenticated):
    "HOMIEBK1" | salt 16 | nonce prefix 7 | log2 of the chunk size 1 | chunk... ; each chunk carries a 16 byte tag
    file key   = HKDF-SHA256(household key, salt, "homie backup file v1")            (RFC 5869)
    nonce      = prefix 7 | chunk number, 4 bytes big endian | 1 for the last chunk else 0
    associated = the 32 header bytes | what the file is ("<set>/database", "blob/<name>")
This is the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizar, "Online Authenticated-Encryption and its
Nonce-Reuse Misuse-Resistance" (CRYPTO 2015, eprint 2015/189), over AES-256-GCM: a missing, added, repeated or swapped
chunk, a cut file and any flipped bit fail to open. The associated name stops one file from standing in for another.

The household key is random. It lies in `secrets/backup.key` (so that the nightly backup needs nobody), it is shown
once as a recovery key, and a passphrase can wrap it (scrypt, RFC 7914, N=2^17 r=8 p=1: 128 MiB, as age and OWASP
advise). The wrapped form travels in every manifest, so the passphrase alone opens a backup on an empty machine.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Callable, Iterator
from typing import Literal

from blake3 import blake3
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from pydantic import BaseModel, ConfigDict, Field

from backend.core.backup.durable import Readable
from backend.core.backup.errors import BackupDamaged, BackupKeyWrong
from backend.sdk.errors import FieldProblem, InvalidInput

MAGIC = b"HOMIEBK1"
KEY_BYTES = 32
TAG_BYTES = 16
HEADER_BYTES = 32
CHUNK_LOG2 = 18
SCRYPT_LOG_N = 17
MIN_PASSPHRASE = 10
_MAX_CHUNKS = 2**32


class PassphraseSlot(BaseModel):
    """Hold the household key wrapped by a passphrase; fields in base64, `log_n` is log2 of scrypt's N."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["scrypt"] = "scrypt"
    salt: str
    log_n: int = Field(ge=10, le=22)
    r: int = Field(8, ge=1, le=32)
    p: int = Field(1, ge=1, le=16)
    nonce: str
    wrapped: str


class KeyHeader(BaseModel):
    """Say in the manifest which key opens a backup, and which passphrases open that key."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key_id: str
    slots: tuple[PassphraseSlot, ...] = ()


class BackupKey:
    """Hold the household's backup key; `repr` never shows it."""

    __slots__ = ("_secret", "key_id")

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_BYTES:
            raise BackupKeyWrong("A backup key has 32 bytes.")
        self._secret = secret
        self.key_id = self._derive(b"homie backup key id v1", None)[:8].hex()

    def __repr__(self) -> str:
        return f"BackupKey({self.key_id})"

    @classmethod
    def generate(cls) -> BackupKey:
        """Make a new random key."""
        return cls(os.urandom(KEY_BYTES))

    @property
    def secret(self) -> bytes:
        """Return the 32 bytes, for the key file only."""
        return self._secret

    def recovery_key(self) -> str:
        """Return the key for paper: base32 in groups of four, the last group a checksum against misreading."""
        check = hashlib.sha256(b"homie recovery" + self._secret).digest()[:3]
        text = base64.b32encode(self._secret + check).decode().rstrip("=")
        return "-".join(text[i : i + 4] for i in range(0, len(text), 4))

    @classmethod
    def from_recovery(cls, text: str) -> BackupKey:
        """Read a recovery key as typed by a person (case, spaces and hyphens do not matter)."""
        letters = "".join(text.split()).replace("-", "").upper().replace("0", "O").replace("1", "I").replace("8", "B")
        try:
            raw = base64.b32decode(letters + "=" * (-len(letters) % 8))
        except ValueError:
            raw = b""
        secret, check = raw[:KEY_BYTES], raw[KEY_BYTES:]
        if len(raw) != KEY_BYTES + 3 or hashlib.sha256(b"homie recovery" + secret).digest()[:3] != check:
            raise BackupKeyWrong(
                fields=[FieldProblem("recovery_key", "it is mistyped or incomplete", "compare it group by group")]
            )
        return cls(secret)

    def wrap(self, passphrase: str, *, log_n: int = SCRYPT_LOG_N) -> PassphraseSlot:
        """Return a slot that opens this key with `passphrase`."""
        if len(passphrase) < MIN_PASSPHRASE:
            raise InvalidInput(
                fields=[FieldProblem("passphrase", f"it needs {MIN_PASSPHRASE} characters", "use a few words")]
            )
        salt, nonce = os.urandom(16), os.urandom(12)
        kek = Scrypt(salt=salt, length=KEY_BYTES, n=2**log_n, r=8, p=1).derive(passphrase.encode())
        wrapped = AESGCM(kek).encrypt(nonce, self._secret, self.key_id.encode())
        return PassphraseSlot(salt=_b64(salt), log_n=log_n, nonce=_b64(nonce), wrapped=_b64(wrapped))

    def mac(self, content: bytes) -> str:
        """Return the keyed checksum of a manifest."""
        return blake3(content, key=self._derive(b"homie backup manifest v1", None)).hexdigest()

    def stored_name(self, content_name: str) -> str:
        """Return the name under which a blob is stored: equal blobs meet, strangers cannot test for a known file."""
        return blake3(content_name.encode(), key=self._derive(b"homie backup blob name v1", None)).hexdigest()

    def file_cipher(self, salt: bytes) -> AESGCM:
        """Return the cipher of one file."""
        return AESGCM(self._derive(b"homie backup file v1", salt))

    def _derive(self, purpose: bytes, salt: bytes | None) -> bytes:
        return HKDF(SHA256(), KEY_BYTES, salt=salt, info=purpose).derive(self._secret)


def open_with_passphrase(header: KeyHeader, passphrase: str) -> BackupKey:
    """Return the key that `passphrase` opens; raises `BackupKeyWrong`."""
    for slot in header.slots:
        kdf = Scrypt(salt=_raw(slot.salt), length=KEY_BYTES, n=2**slot.log_n, r=slot.r, p=slot.p)
        try:
            cipher = AESGCM(kdf.derive(passphrase.encode()))
            key = BackupKey(cipher.decrypt(_raw(slot.nonce), _raw(slot.wrapped), header.key_id.encode()))
        except InvalidTag:
            continue
        if hmac.compare_digest(key.key_id, header.key_id):
            return key
    problem = "no passphrase opens this backup" if not header.slots else "the passphrase is wrong"
    raise BackupKeyWrong(fields=[FieldProblem("passphrase", problem, "try the recovery key or the key file")])


def require_key(header: KeyHeader, key: BackupKey) -> BackupKey:
    """Return `key` when it is the one this backup was made with; raises `BackupKeyWrong`."""
    if not hmac.compare_digest(header.key_id, key.key_id):
        raise BackupKeyWrong(
            fields=[FieldProblem("key", f"the backup needs key {header.key_id}, this is {key.key_id}", "use that key")]
        )
    return key


def encrypt_stream(
    key: BackupKey, source: Readable, write: Callable[[bytes], object], what: str, *, chunk_log2: int = CHUNK_LOG2
) -> None:
    """Encrypt `source` to `write`, chunk by chunk. `what` names the file and must be the same when it is read."""
    salt, prefix = os.urandom(16), os.urandom(7)
    header = MAGIC + salt + prefix + bytes([chunk_log2])
    cipher, associated = key.file_cipher(salt), header + what.encode()
    write(header)
    size = 1 << chunk_log2
    chunk = _read_full(source, size)
    for number in range(_MAX_CHUNKS):
        # One chunk is read ahead: only so is it known which one is the last.
        following = _read_full(source, size)
        last = not following
        write(cipher.encrypt(_nonce(prefix, number, last), chunk, associated))
        if last:
            return
        chunk = following
    raise InvalidInput("The file is too large for an encrypted backup.")


def decrypt_stream(key: BackupKey, source: Readable, what: str) -> Iterator[bytes]:
    """Yield the content of an encrypted file; raises `BackupDamaged` at the first byte that is not as written."""
    header = _read_full(source, HEADER_BYTES)
    if len(header) < HEADER_BYTES or not header.startswith(MAGIC) or not 10 <= header[31] <= 26:
        raise BackupDamaged(fields=[FieldProblem(what, "its beginning is damaged")])
    salt, prefix, size = header[8:24], header[24:31], (1 << header[31]) + TAG_BYTES
    cipher, associated = key.file_cipher(salt), header + what.encode()
    chunk = _read_full(source, size)
    for number in range(_MAX_CHUNKS):
        following = _read_full(source, size)
        last = not following
        try:
            yield cipher.decrypt(_nonce(prefix, number, last), chunk, associated)
        except (InvalidTag, ValueError) as problem:
            raise BackupDamaged(
                fields=[FieldProblem(what, f"chunk {number} is changed, cut off or of another key")]
            ) from problem
        if last:
            return
        chunk = following


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + (b"\x01" if last else b"\x00")


def _read_full(source: Readable, size: int) -> bytes:
    """Read `size` bytes, or to the end (a raw file may give less at once)."""
    parts: list[bytes] = []
    while size > 0 and (part := source.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _raw(text: str) -> bytes:
    return base64.b64decode(text)
