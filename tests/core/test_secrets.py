"""Secrets at rest: private files, sealed columns."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.secrets import MASTER_KEY, ModuleSealer, SecretBox, SecretFiles, SecretFileUnsafe, SecretUnreadable

BOX = SecretBox(b"k" * 32)


@given(st.text(), st.text())
def test_what_is_sealed_opens_again_and_is_not_readable(secret: str, context: str) -> None:
    """Any text comes back under its own context; the sealed form is printable and fresh each time."""
    sealed = BOX.seal(secret, context)
    assert BOX.open_text(sealed, context) == secret
    assert sealed.isascii()
    assert sealed != BOX.seal(secret, context)


def test_a_sealed_value_does_not_open_in_another_row_or_with_another_key() -> None:
    """Context and key are both authenticated."""
    sealed = BOX.seal("hunter2", "totp:anna")
    for box, context in ((BOX, "totp:ben"), (SecretBox(b"x" * 32), "totp:anna")):
        with pytest.raises(SecretUnreadable):
            box.open(sealed, context)


@pytest.mark.parametrize("damaged", ["", "s1", "s1..", "s2.aa.bb", "plain text", "s1.{id}.@@@", "s1.{id}.AAAA"])
def test_a_damaged_value_is_one_clear_error(damaged: str) -> None:
    """Whatever stands in the column, the answer is `SecretUnreadable`, never a raw exception."""
    key_id = BOX.seal("a", "b").split(".")[1]
    with pytest.raises(SecretUnreadable):
        BOX.open(damaged.format(id=key_id), "b")


def test_key_never_shows_in_repr_and_purposes_have_different_keys() -> None:
    """A log line with the box in it gives nothing away."""
    assert "kkkk" not in repr(BOX)
    assert BOX.derive("backup") == BOX.derive("backup") != BOX.derive("sessions")


def test_files_are_private_and_made_once_by_any_number_of_processes(tmp_path: Path) -> None:
    """All starters see one key; folder 0700, file 0600, no draft is left."""
    folder = tmp_path / "secrets"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: SecretFiles(folder).get_or_create("master.key"), range(16)))
    assert len(keys) == 1
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / MASTER_KEY).stat().st_mode) == 0o600
    assert [p.name for p in folder.iterdir()] == [MASTER_KEY]


def test_loosened_permissions_are_tightened_and_links_are_refused(tmp_path: Path) -> None:
    """A copied folder with open rights becomes private again; a symbolic link is not followed."""
    files = SecretFiles(tmp_path / "secrets")
    files.box()
    (tmp_path / "secrets" / MASTER_KEY).chmod(0o644)
    files.box()
    assert stat.S_IMODE((tmp_path / "secrets" / MASTER_KEY).stat().st_mode) == 0o600
    (tmp_path / "elsewhere").write_bytes(b"x" * 32)
    (tmp_path / "secrets" / "linked").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SecretFileUnsafe):
        files.get_or_create("linked")
    (tmp_path / "secrets" / MASTER_KEY).write_bytes(b"short")
    with pytest.raises(SecretFileUnsafe, match="damaged"):
        files.box()


def test_a_module_opens_only_what_it_sealed_itself() -> None:
    """What one module sealed opens for no other, for no other purpose, and not as a secret of the hub's own."""
    box = SecretBox(b"k" * 32)
    money, files = ModuleSealer(box, "financial_manager"), ModuleSealer(box, "file_organizer")
    sealed = money.seal("user:pass", "bank:1")
    assert "user" not in sealed
    assert money.open_text(sealed, "bank:1") == "user:pass"
    for sealer, purpose in ((files, "bank:1"), (money, "bank:2")):
        with pytest.raises(SecretUnreadable):
            sealer.open_text(sealed, purpose)
    with pytest.raises(SecretUnreadable):
        box.open_text(sealed, "bank:1")
