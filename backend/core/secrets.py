"""Secrets at rest: private files made at first start, and a box that encrypts columns with the master key.

    secrets = SecretFiles(data_dir / "secrets")
    box = secrets.box()                                  # AES-256-GCM under secrets/master.key
    row.totp_secret = box.seal("JBSW...", f"totp:{user_id}")
    box.open_text(row.totp_secret, f"totp:{user_id}")

The context is authenticated: a sealed value copied into another row, or another purpose, does not open.
"""

from __future__ import annotations

import base64
import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from backend.sdk.errors import Unavailable

MASTER_KEY = "master.key"
KEY_BYTES = 32
_NONCE_BYTES = 12
_VERSION = "s1"


class SecretUnreadable(Unavailable):
    """A sealed value does not open: another master key, another row, or a damaged value."""

    code = "secret_unreadable"
    message = (
        "A stored secret cannot be decrypted: it was sealed with another master key, or it is damaged. "
        "Put the file secrets/master.key of this installation back, or enter the secret again."
    )


class SecretFileUnsafe(Unavailable):
    """A file below `secrets/` is not a private regular file of the right size."""

    code = "secret_file_unsafe"


class SecretBox:
    """Seal and open short secrets with AES-256-GCM; `repr` and errors never show key or content."""

    __slots__ = ("_aead", "_key", "_key_id")

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError("the master key has 32 bytes")
        self._key = key
        self._aead = AESGCM(key)
        self._key_id = hashlib.sha256(b"homie key id" + key).hexdigest()[:8]

    def __repr__(self) -> str:
        return f"SecretBox(key_id={self._key_id})"

    def seal(self, secret: str | bytes, context: str) -> str:
        """Return `secret` encrypted as printable text; `context` names purpose and row ("totp:<user id>")."""
        plain = secret.encode() if isinstance(secret, str) else secret
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._aead.encrypt(nonce, plain, context.encode())
        return f"{_VERSION}.{self._key_id}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, context: str) -> bytes:
        """Return what `seal` was given; raises `SecretUnreadable` for any other key, context or value."""
        version, _, rest = sealed.partition(".")
        key_id, _, body = rest.partition(".")
        if version != _VERSION or key_id != self._key_id:
            raise SecretUnreadable
        try:
            raw = base64.urlsafe_b64decode(body.encode())
            return self._aead.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], context.encode())
        except (InvalidTag, ValueError) as problem:
            raise SecretUnreadable from problem

    def open_text(self, sealed: str, context: str) -> str:
        """Return what `seal` was given, as text."""
        return self.open(sealed, context).decode()

    def derive(self, purpose: str, length: int = KEY_BYTES) -> bytes:
        """Return the stable key of one purpose (HKDF-SHA256, RFC 5869), useless for any other purpose."""
        return HKDF(SHA256(), length, salt=None, info=b"homie/" + purpose.encode()).derive(self._key)


class ModuleSealer:
    """Be the box as one module sees it (`sdk.sealing.Sealer`): its name is part of every purpose."""

    __slots__ = ("_box", "_module_id")

    def __init__(self, box: SecretBox, module_id: str) -> None:
        self._box = box
        self._module_id = module_id

    def seal(self, secret: str, purpose: str) -> str:
        """Return `secret` encrypted for a purpose of this module."""
        return self._box.seal(secret, f"module/{self._module_id}/{purpose}")

    def open_text(self, sealed: str, purpose: str) -> str:
        """Return what `seal` was given; raises `SecretUnreadable`."""
        return self._box.open_text(sealed, f"module/{self._module_id}/{purpose}")


class SecretFiles:
    """Own the folder `secrets/` (mode 0700) and the files in it (mode 0600), made when first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get_or_create(self, name: str, make: Callable[[], bytes] = lambda: os.urandom(KEY_BYTES)) -> bytes:
        """Return the content of `secrets/<name>`, made once however many processes start together."""
        if "/" in name or name.startswith("."):
            raise ValueError("a secret is named by one plain file name")
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._tighten(self.folder, 0o700)
        path = self.folder / name
        if not path.exists():
            self._create(path, make())
        return self._read(path)

    def box(self) -> SecretBox:
        """Return the box under the master key of this installation."""
        key = self.get_or_create(MASTER_KEY)
        if len(key) != KEY_BYTES:
            raise SecretFileUnsafe(
                "The file secrets/master.key is damaged (it must have 32 bytes). Restore it from a backup."
            )
        return SecretBox(key)

    def _create(self, path: Path, content: bytes) -> None:
        """Write a complete file under a private name first; the hard link lets exactly one process win."""
        draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(draft, path)
            except FileExistsError:
                pass  # another process of this start was first; its value counts
        finally:
            draft.unlink()
        folder = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _read(self, path: Path) -> bytes:
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        except OSError as problem:
            raise SecretFileUnsafe(
                f"The file secrets/{path.name} cannot be read. It must be a regular file of Homie's user."
            ) from problem
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise SecretFileUnsafe(f"secrets/{path.name} is not a regular file.")
            os.fchmod(file.fileno(), 0o600)
            return file.read()

    @staticmethod
    def _tighten(folder: Path, mode: int) -> None:
        if stat.S_IMODE(folder.stat().st_mode) != mode:
            folder.chmod(mode)
