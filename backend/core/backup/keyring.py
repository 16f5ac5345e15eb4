"""The household's backup key on this machine: `secrets/backup.key`, and the passphrases that wrap it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from backend.core.backup.durable import open_private, write_atomic
from backend.core.backup.encryption import (
    SCRYPT_LOG_N,
    BackupKey,
    KeyHeader,
    PassphraseSlot,
    open_with_passphrase,
    require_key,
)
from backend.core.backup.errors import BackupKeyMissing, BackupKeyWrong
from backend.sdk.errors import Conflict, FieldProblem

KEY_FILE = "backup.key"
SLOTS_FILE = "backup.slots.json"


@dataclass(frozen=True, slots=True, repr=False)
class GivenKey:
    """Hold what a person gave to open a backup; at most one of them is needed. `repr` shows nothing."""

    passphrase: str | None = None
    recovery_key: str | None = None
    key_file: Path | None = None


class BackupKeyExists(Conflict):
    """There is a backup key already; a second one would leave the older backups without theirs."""

    code = "backup_key_exists"
    message = "There is a backup key already. Its recovery key was shown when it was made, and is shown only once."


class KeyRing:
    """Make, keep and find the backup key. `log_n` is scrypt's cost (log2 of N) for new passphrases."""

    def __init__(self, secrets: Path, *, log_n: int = SCRYPT_LOG_N) -> None:
        self._secrets = secrets
        self._log_n = log_n

    def current(self) -> BackupKey | None:
        """Return this machine's backup key, or None when encryption was never switched on."""
        try:
            with open_private(self._secrets / KEY_FILE) as file:
                return BackupKey(file.read())
        except FileNotFoundError:
            return None

    def create(self, passphrase: str | None = None) -> str:
        """Make the key and return its recovery key, which nothing shows a second time."""
        if self.current() is not None:
            raise BackupKeyExists
        key = BackupKey.generate()
        slots = [key.wrap(passphrase, log_n=self._log_n)] if passphrase else []
        self._secrets.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._write_slots(slots)
        write_atomic(self._secrets / KEY_FILE, key.secret)
        return key.recovery_key()

    def adopt(self, key: BackupKey) -> None:
        """Use a key that came from a recovery key or a key file as this machine's own (a new machine)."""
        present = self.current()
        if present is not None and present.key_id != key.key_id:
            raise BackupKeyExists
        self._secrets.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_atomic(self._secrets / KEY_FILE, key.secret)

    def set_passphrase(self, passphrase: str) -> None:
        """Let `passphrase`, and no earlier one, open the backups made from now on."""
        key = self.current()
        if key is None:
            raise BackupKeyMissing(fields=[FieldProblem("key", "there is none yet", "run `homie backup key` first")])
        self._write_slots([key.wrap(passphrase, log_n=self._log_n)])

    def ensure(self, passphrase: str) -> BackupKey:
        """Return the key, made if need be, and make sure that `passphrase` opens it."""
        key = self.current()
        if key is None:
            return BackupKey.from_recovery(self.create(passphrase))
        try:
            open_with_passphrase(self.header(key), passphrase)
        except BackupKeyWrong:
            self.set_passphrase(passphrase)
        return key

    def header(self, key: BackupKey) -> KeyHeader:
        """Return what a manifest says about `key`."""
        return KeyHeader(key_id=key.key_id, slots=tuple(self._slots()))

    def find(self, header: KeyHeader | None, given: GivenKey | None = None) -> BackupKey | None:
        """Return the key of a backup: what was given, else this machine's. None for a plain backup.

        Raises `BackupKeyMissing` or `BackupKeyWrong`.
        """
        if header is None:
            return None
        if given and given.recovery_key:
            return require_key(header, BackupKey.from_recovery(given.recovery_key))
        if given and given.key_file:
            return require_key(header, read_key_file(given.key_file))
        if given and given.passphrase:
            return open_with_passphrase(header, given.passphrase)
        own = self.current()
        if own is None:
            raise BackupKeyMissing(
                fields=[
                    FieldProblem("key", f"this machine does not have key {header.key_id}", "give the passphrase or key")
                ]
            )
        return require_key(header, own)

    def _slots(self) -> list[PassphraseSlot]:
        try:
            data = json.loads((self._secrets / SLOTS_FILE).read_bytes())
            return [PassphraseSlot(**item) for item in data]
        except FileNotFoundError:
            return []

    def _write_slots(self, slots: list[PassphraseSlot]) -> None:
        write_atomic(self._secrets / SLOTS_FILE, json.dumps([slot.model_dump() for slot in slots]).encode())


def read_key_file(path: Path) -> BackupKey:
    """Read a key file: the 32 raw bytes of `secrets/backup.key`, or a recovery key as text."""
    try:
        raw = path.read_bytes()
    except OSError as problem:
        raise BackupKeyMissing(
            fields=[FieldProblem("key_file", f"{path} cannot be read", "name the key file")]
        ) from problem
    if len(raw) == 32:
        return BackupKey(raw)
    try:
        return BackupKey.from_recovery(raw.decode("ascii"))
    except UnicodeDecodeError:
        raise BackupKeyWrong(
            fields=[FieldProblem("key_file", "this is no backup key", "name secrets/backup.key or a recovery key")]
        ) from None
