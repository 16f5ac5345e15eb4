"""What holds for every command of `homie`, found by walking the whole tree of commands."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from backend.cli import homie
from tests.file_organizer.messy_folder import make_messy_folder
from tests.hub import ROOT

NAMED_IN_THE_SPECIFICATION = {
    "run",
    "worker",
    "organize",
    "undo",
    "history",
    "users",
    "modules",
    "backup",
    "restore",
    "audit",
    "doctor",
    "openapi",
}

READING = (
    "history",
    "rules list",
    "rules export",
    "users list",
    "users spaces",
    "modules",
    "modules list",
    "backup list",
    "audit verify",
    "audit list",
    "doctor",
    "openapi",
    "fsck",
    "series list",
    "drives list",
    "drives plugged",
    "projects list",
    "ai status",
    "ai log",
    "ai folders",
    "memory list",
    "memory why a.pdf",
    "memory export",
    "memory pause",
    "memory resume",
    "money accounts",
    "money depot securities list",
    "money depot trades",
    "money depot positions",
    "money depot prices feeds",
    "money depot prices sources",
    "money depot performance",
    "money depot allocation",
    "money tax AT 2025",
    "money list",
    "money categories",
    "money months",
    "money changes",
    "money export",
    "money rules list",
    "money budgets",
    "money budget-proposals",
    "money payees list",
    "money tags list",
    "money house projects",
    "worker --once",
)
"""Commands that need nothing but an installation that was set up."""


def commands(group: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command that does something, with the words that call it."""
    if not isinstance(group, click.Group):
        yield path, group
        return
    if group.invoke_without_command:
        yield path, group
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        yield from commands(command, (*path, name))


ALL = dict(commands(homie))


def test_every_command_of_the_specification_is_there() -> None:
    assert {path[0] for path in ALL} >= NAMED_IN_THE_SPECIFICATION
    assert ("audit", "verify") in ALL


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_answers_programs_and_explains_itself(path: tuple[str, ...]) -> None:
    """Each has `--json`, a sentence of help, and a word about each of its options."""
    command = ALL[path]
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    assert any("--json" in option.opts for option in options)
    assert command.help
    silent = [option.opts[-1] for option in options if not option.help and not option.hidden]
    assert silent in ([], ["--limit"]), "an option that nobody explains"


def environment(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOMIE_")}
    return kept | {"HOMIE_DATA_DIR": str(data), "HOMIE_PORT": "0", "PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a data directory with one person."""
    data = tmp_path_factory.mktemp("installation") / "data"
    command = [sys.executable, "-m", "backend.cli", "users", "setup", "--name", "anna", "--password-stdin", "--json"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(data), input=b"correct horse staple\n", capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["name"] == "anna"
    return data


@pytest.mark.slow
@pytest.mark.parametrize("words", READING)
def test_with_json_the_output_is_one_document(words: str, installation: Path) -> None:
    """Nothing else stands on standard output: no greeting, no log line, no colour."""
    command = [sys.executable, "-m", "backend.cli", *words.split(), "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environment(installation), capture_output=True, check=False)
    assert done.returncode == 0, (done.stdout, done.stderr)
    json.loads(done.stdout)


@pytest.mark.slow
def test_long_work_shows_its_progress_on_a_terminal_only(installation: Path, tmp_path: Path) -> None:
    """On a terminal each says what it is doing; a pipe hears nothing of it."""
    folder = make_messy_folder(tmp_path / "Downloads")
    said = on_terminal(installation, "organize", str(folder), "--apply", "--yes")
    assert b"Looking at files" in said
    assert b"Moving files" in said
    assert b"Comparing files with the journal" in on_terminal(installation, "fsck", "--deep")
    undo = [sys.executable, "-m", "backend.cli", "undo", "--json"]
    quiet = subprocess.run(undo, cwd=ROOT, env=environment(installation), capture_output=True, check=False)
    assert (quiet.returncode, quiet.stderr) == (0, b"")
    json.loads(quiet.stdout)


def on_terminal(installation: Path, *words: str) -> bytes:
    """Run a command whose error output is a terminal, and return what stood there."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "backend.cli", *words]
    shown = subprocess.Popen(
        command, cwd=ROOT, env=environment(installation) | {"TERM": "xterm"}, stdout=subprocess.DEVNULL, stderr=theirs
    )
    os.close(theirs)
    said = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    assert shown.wait(60) == 0
    return said


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the last process that held the other end has ended
        return b""
