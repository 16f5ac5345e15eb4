"""What is committed: locked dependencies, no secret, gates that run, and a checklist that names real tests."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from tests.hub import ROOT

CHECKLIST = ROOT / "docs" / "security-checklist.md"
SECRETS = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\n[A-Za-z0-9+/=\n]{100,}"),
    "a token of ours": re.compile(r"\bhm[ar]_[A-Za-z0-9_-]{43}\b"),
    "a Google key": re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b"),
    "a key of an AI provider": re.compile(r"\bsk-[A-Za-z0-9_-]{40,}"),
    "a cloud key": re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    "a forge's token": re.compile(r"\b(ghp|gho|glpat)[_-][A-Za-z0-9]{30,}"),
}
DATA = (".db", ".db-wal", ".sqlite", ".sqlite3", ".key", ".pem", ".env", ".log")


OWN_CLOCK = {
    "sdk/clock.py": "the clock itself",
    "sdk/ids.py": "the ids themselves",
    "sdk/events.py": "the stamp of an event whose maker gives none",
    "file_organizer/watching/settling.py": "compared with the times that the file system writes",
    "sdk/files/in_use.py": "compared with the times that the file system writes",
    "cli/history.py": "the wall clock of the person at the terminal: what is today?",
    "core/jobs/database.py": "a name for a damaged file that is put aside",
    "cli/organize.py": "the wall clock of the person at the terminal: what is today?",
    "core/ai/retry.py": "the default of a parameter that tests give",
    "file_organizer/migrations/file_organizer_0010_lessons.py": "ids of new rows: a revision imports nothing of ours",
    "core/backup/sqlite_part.py": "a name for a damaged file that is put aside",
}
"""Files that may ask the machine for the time, and why."""


def committed() -> list[Path]:
    """Return every file that is, or is about to be, in the repository."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False).stdout.split(b"\0")
    if listed == [b""]:
        pytest.skip("this is no checkout")
    return [path for name in listed if name and (path := ROOT / name.decode()).is_file()]


def test_no_secret_is_committed() -> None:
    for path in committed():
        text = path.read_bytes().decode("utf-8", "replace")
        for what, pattern in SECRETS.items():
            assert not pattern.search(text), f"{path.relative_to(ROOT)} holds {what}"


def test_no_database_key_or_log_is_committed() -> None:
    for path in committed():
        assert path.suffix not in DATA, path.relative_to(ROOT)
        assert path.name not in ("master.key", "audit.anchor"), path.relative_to(ROOT)


@pytest.mark.parametrize(
    "name", [f"requirements{one}.lock" for one in ("", "-dev", "-scale", "-fints", "-scale-fints")]
)
def test_every_dependency_is_locked_by_hash_and_without_address(name: str) -> None:
    text = (ROOT / name).read_text()
    assert not re.search(r"https?://|index-url|find-links", text)
    entries = re.split(r"\n(?=\S)", text.strip())
    assert len(entries) > 20
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==\S+", entry), entry[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry[:80]


def test_ci_runs_the_checks_and_the_tests() -> None:
    """Style, types, architecture, bandit and the locks: a gate that nobody runs is none."""
    assert "scripts/check" in (ROOT / ".ci" / "run").read_text()
    assert "scripts/test" in (ROOT / ".ci" / "run").read_text()
    check = (ROOT / "scripts" / "check").read_text()
    for gate in ("ruff", "mypy", "lint-imports", "bandit", "requirements*.lock"):
        assert gate in check, gate


def test_the_service_runs_without_privileges() -> None:
    unit = (ROOT / "deploy" / "homie.service").read_text()
    for line in (
        "User=homie",
        "NoNewPrivileges=yes",
        "PrivateTmp=yes",
        "RestrictSUIDSGID=yes",
        "StateDirectoryMode=0700",
    ):
        assert line in unit, line
    assert "User=root" not in unit


def test_time_chance_and_ids_are_injected() -> None:
    """No code of the platform or a module asks the clock by itself: expiry is tested without waiting."""
    asks = re.compile(
        r"\bdatetime\.(now|utcnow)\(|\btime\.time\(|\buuid\.?uuid?[147]\(|\brandom\.(random|randint|choice)\("
    )
    found = {
        str(path.relative_to(ROOT / "backend"))
        for path in sorted((ROOT / "backend").rglob("*.py"))
        if asks.search(path.read_text())
    }
    assert found <= set(OWN_CLOCK), found - set(OWN_CLOCK)


# ---------------------------------------------------------------------- the checklist


def rows() -> list[list[str]]:
    """Return the cells of the checklist's table."""
    lines = [line for line in CHECKLIST.read_text().splitlines() if re.match(r"\| \d+ \|", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_checklist_has_all_lines_and_each_says_how_it_is_shown() -> None:
    assert [int(row[0]) for row in rows()] == list(range(1, 46))
    for number, promise, shown in rows():
        assert len(promise) > 20, number
        assert "::" in shown or shown.startswith(("does not apply yet:", "missing:")), number


def test_the_checklist_names_only_tests_that_exist() -> None:
    named = set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", CHECKLIST.read_text()))
    assert len(named) > 80
    for file, test in sorted(named):
        tree = ast.parse((ROOT / file).read_text())
        known = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert test in known, f"{file} has no {test}"


def test_what_is_missing_is_said_in_the_security_model() -> None:
    """Nobody has to read the checklist to learn what is not there yet."""
    model = (ROOT / "docs" / "security-model.md").read_text()
    for number, _, shown in rows():
        if "missing:" in shown:
            assert f"line {number}" in model, f"docs/security-model.md does not say what is missing of line {number}"
