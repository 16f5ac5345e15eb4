"""The accounts in a backup: the log's guards do not stand in the way of a restore, and a restore is noticed."""

from __future__ import annotations

from pathlib import Path

from backend.core.accounts.views import SignedIn
from tests.core.accounts.conftest import House


def test_core_comes_back_from_a_copy_and_the_log_says_what_happened(
    house: House, eva: SignedIn, tmp_path: Path
) -> None:
    """People made after the copy are gone, tokens of before work, verify reports the gap until it is accepted."""
    house.db.backup_to(tmp_path / "core.copy")
    house.add("ben")
    house.db.restore_from(tmp_path / "core.copy")
    house.accounts.gate.forget()
    assert [person.name for person in house.accounts.people.everybody()] == ["eva"]
    assert house.actor(eva)
    assert any("it was cut" in problem for problem in house.audit.verify().problems)
    house.audit.accept_restore({"backup": "core.copy"})
    report = house.audit.verify()
    assert report.ok, report.problems
