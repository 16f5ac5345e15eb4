"""What would be packaged for phones and desktops: it imports on its own, finds its modules, and holds no backend."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOOK = """
import sys
sys.path[:] = [sys.argv[1], *(entry for entry in sys.path if entry != sys.argv[2])]
import frontend.shell.app
from frontend.kit.installed_screens import installed_screens
assert frontend.__file__.startswith(sys.argv[1]), frontend.__file__
print(",".join(one.module_id for one in installed_screens()))
print(any(name == "backend" or name.startswith("backend.") for name in sys.modules))
"""


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stage the package in a copy of what it is made from."""
    place = tmp_path_factory.mktemp("package")
    for name in ("frontend", "scripts"):
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", place)
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    subprocess.run(["scripts/build-app", "apk", "--stage-only"], cwd=place, env=environment, check=True, timeout=120)
    return place / "build" / "app"


def test_the_staged_app_imports_alone_and_finds_its_screens(staged: Path) -> None:
    """Python on a device sees this folder and the packages, nothing of the checkout."""
    asked = subprocess.run(
        [sys.executable, "-c", LOOK, str(staged / "src"), str(ROOT)],
        cwd=staged,
        env={name: value for name, value in os.environ.items() if not name.startswith(("HOMIE_", "PYTHONPATH"))},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    assert asked.stdout.split() == ["file_organizer,financial_manager", "False"]


def test_no_server_part_is_packaged(staged: Path) -> None:
    """The front and the backend stay at home."""
    names = {str(path.relative_to(staged)) for path in staged.rglob("*")}
    assert not any("backend" in name or name.startswith("src/frontend/server") for name in names)
    assert {"pyproject.toml", "src/main.py", "src/assets/icon.png"} <= names


def test_the_package_pins_flet_as_the_hub_does() -> None:
    """One Flet for both: the app's blocks are tested against it."""
    hub = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    app = tomllib.loads((ROOT / "frontend" / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    pinned = {one for one in app if one.startswith("flet")}
    assert pinned
    assert pinned <= set(hub)
