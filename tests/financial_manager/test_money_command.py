"""`homie money`: reads statements, says what would be booked, and books nothing."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from backend.cli import homie
from tests.financial_manager.bank_files import FILES


def run(*words: str) -> Result:
    return CliRunner().invoke(homie, ["money", *words])


def test_each_file_is_one_json_object(tmp_path: Path) -> None:
    """Also those that cannot be read: they say why, and the exit code says that not all went well."""
    good, bad = tmp_path / "a.csv", tmp_path / "b.csv"
    good.write_bytes(FILES[0].data)
    bad.write_bytes(b"hello")
    result = run("read", str(good), str(bad), "--json")
    assert result.exit_code == 1
    told = [json.loads(line) for line in result.output.splitlines()]
    first = told[0]["statements"][0]["entries"][0]
    assert (first["date"], first["amount"], first["amount_minor"], first["currency"]) == (
        "2024-03-15",
        "-12.50",
        -1250,
        "EUR",
    )
    assert told[1]["error"]["code"] == "statement_unreadable"
    assert told[1]["error"]["fields"][0]["remedy"]


def test_import_wants_a_dry_run_and_prints_the_same_as_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(FILES[0].data)
    refused = run("import", str(path))
    assert refused.exit_code == 1
    assert "--dry-run" in str(refused.exception)
    assert run("import", str(path), "--dry-run", "--json").output == run("read", str(path), "--json").output


def test_people_see_bookings_doubts_and_the_proof(tmp_path: Path) -> None:
    path = tmp_path / "a.sta"
    path.write_bytes(b":20:A\n:25:123\n:60F:C240101EUR100,\n:61:2401020102D30,NTRF\n:86:Bread\n:62F:C240102EUR70,\n-")
    shown = run("read", str(path)).output
    assert "2024-01-02" in shown
    assert "-30.00" in shown
    assert "Bread" in shown
    assert "proven: 100.00 + -30.00 = 70.00" in shown
    assert "cannot be opened" in run("read", str(tmp_path / "none.csv")).output
