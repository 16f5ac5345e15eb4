"""The page of settings is today's, and no setting is without words."""

from __future__ import annotations

from pathlib import Path

from backend.core.settings import HomieSettings
from backend.core.settings_page import _rows, settings_page

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


def test_every_setting_says_what_it_does() -> None:
    """No field lacks a description, nested ones included."""
    silent = [name for name, _, text in _rows("HOMIE_", HomieSettings) if not text]
    assert silent == []


def test_the_page_is_todays() -> None:
    """`scripts/write-settings-page` was run after the last change of a setting."""
    assert PAGE.read_text("utf-8") == settings_page()
