"""The newcomer's scripts: what is missing is installed or said in one exact line."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.hub import ROOT


def shell(script: str, stubs: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", f"set -euo pipefail; source scripts/environment.sh; {script}"],
        cwd=ROOT,
        env={**os.environ, "PATH": f"{stubs}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def stubs(tmp_path: Path) -> Path:
    """Make commands that stand before the machine's own: an ordinary user who may not use sudo."""
    for name, body in {"id": "echo 1000", "sudo": "exit 1"}.items():
        file = tmp_path / name
        file.write_text(f"#!/bin/sh\n{body}\n")
        file.chmod(0o755)
    return tmp_path


def test_who_may_not_install_is_given_the_exact_line(stubs: Path) -> None:
    """The missing packages, and only these, stand in a line that can be pasted."""
    done = shell("need_packages bash no-such-package-of-homie", stubs)
    assert done.returncode != 0
    line = "sudo apt-get update && sudo apt-get install -y --no-install-recommends no-such-package-of-homie"
    assert line in done.stderr


def test_nothing_is_asked_for_when_all_is_there(stubs: Path) -> None:
    """A machine that has the packages is left in peace."""
    done = shell("need_packages bash coreutils", stubs)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_second_start_installs_nothing(stubs: Path, tmp_path: Path) -> None:
    """The stamp of the lock file skips pip altogether."""
    environment = tmp_path / "venv"
    environment.mkdir()
    stamp = '$(cat "$lock" pyproject.toml | sha256sum | cut -d" " -f1) $PWD'
    done = shell(
        f'VENV={environment}; lock=requirements.lock; printf %s "{stamp}" > $VENV/.homie-lock; '
        "ensure_environment requirements.lock",
        stubs,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr


def test_an_old_python_is_refused_with_the_remedy(stubs: Path) -> None:
    """Where no Python 3.11 is found, the line that installs it is printed."""
    for name in ("python3.11", "python3.12", "python3.13", "python3"):
        (stubs / name).write_text("#!/bin/sh\nexit 1\n")
        (stubs / name).chmod(0o755)
    done = shell("HOMIE_PYTHON=; SYSTEM_PYTHON=/nowhere; find_python", stubs)
    assert done.returncode != 0
    assert "apt-get install -y python3 python3-venv" in done.stderr
