"""`homie doctor` says what the app lacks, and how to get it."""

from pathlib import Path

import pytest

from backend.core import app_diagnosis
from backend.core.app_diagnosis import check_app, check_fonts
from backend.core.findings import Level
from backend.core.settings import HomieSettings


def _settings(tmp_path: Path, app: bool = True) -> HomieSettings:
    return HomieSettings(data_dir=tmp_path, app=app)


def test_what_is_installed_is_found(tmp_path: Path) -> None:
    """On a machine with the locked packages the app can be served."""
    assert next(iter(check_app(_settings(tmp_path)))).level is Level.OK


def test_a_missing_package_is_named_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a part the finding is an error that names it and both ways out."""
    monkeypatch.setattr(app_diagnosis, "PARTS", ("flet", "no_such_part_of_the_app"))
    (finding,) = check_app(_settings(tmp_path))
    assert finding.level is Level.ERROR
    assert "no_such_part_of_the_app" in finding.says
    assert "HOMIE_APP=false" in finding.remedy


def test_missing_fonts_are_a_warning_each(tmp_path: Path) -> None:
    """Boxes on the screen are explained, and no reason not to start."""
    (tmp_path / "NotoColorEmoji.ttf").touch()
    found = list(check_fonts((tmp_path,)))
    assert [one.level for one in found] == [Level.WARNING, Level.WARNING, Level.OK]
    assert all("apt-get install" in one.remedy for one in found if one.level is Level.WARNING)


def test_an_app_that_is_off_needs_nothing(tmp_path: Path) -> None:
    """HOMIE_APP=false asks for no package and no font."""
    (finding,) = check_app(_settings(tmp_path, app=False))
    assert finding.level is Level.OK
