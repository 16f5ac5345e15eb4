"""The fonts for the world's scripts come from this machine, cut to what the engine asks for."""

from pathlib import Path

import pytest
import uharfbuzz
from flet_web import get_package_web_dir

from frontend.server.font_ranges import EngineUnreadable, fonts_of_engine
from frontend.server.fonts import BASE, CJK_FACES, FallbackFonts

ENGINE = Path(get_package_web_dir())
SCRIPTS = {
    "arrow": "→",
    "mark": "✓",
    "star": "★",
    "emoji": "😀",
    "warning": "⚠",
    "Hebrew": "ש",
    "Arabic": "م",
    "Chinese": "中",
    "Korean": "한",
    "Japanese": "の",
    "Thai": "ไ",
    "Hindi": "ह",
}


def _asked(character: str) -> list[str]:
    found = fonts_of_engine(ENGINE / "main.dart.js")
    return [name for name, ranges in found.items() if any(ord(character) in one for one in ranges)]


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_font_that_the_engine_may_choose_for_a_character_draws_it(script: str) -> None:
    """Whichever of its fonts the engine picks for a character, the one that we send has it."""
    fonts = FallbackFonts(ENGINE)
    if fonts.source("notosanssc") is None or fonts.source("notocoloremoji") is None:
        pytest.skip("fonts-noto-cjk and fonts-noto-color-emoji are not installed; scripts/test installs them")
    asked = _asked(SCRIPTS[script])
    assert asked
    for name in asked:
        font = fonts.font(BASE + name)
        assert font is not None, name
        assert ord(SCRIPTS[script]) in uharfbuzz.Face(font).unicodes, name


def test_the_slices_of_a_family_make_the_whole_of_it() -> None:
    """The unpacked ranges are those of the installed engine: together its slices draw everyday Chinese."""
    found = fonts_of_engine(ENGINE / "main.dart.js")
    slices = [ranges for name, ranges in found.items() if name.startswith("notosanssc/")]
    assert len(found) > 500
    assert len(slices) > 50
    drawn = {each for ranges in slices for one in ranges for each in one}
    assert set(map(ord, "家庭文件照片银行账单二零二六年")) <= drawn
    assert sum(0x4E00 <= each <= 0x9FFF for each in drawn) > 6000


def test_a_slice_is_small_although_the_family_is_not() -> None:
    """A Chinese file name costs some kilobytes, not the twenty megabytes of the family."""
    fonts = FallbackFonts(ENGINE)
    if fonts.source("notosanssc") is None:
        pytest.skip("fonts-noto-cjk is not installed")
    name = next(one for one in _asked("中") if one.startswith("notosanssc/"))
    assert len(fonts.font(BASE + name) or b"") < 300_000


def test_a_machine_without_the_packages_answers_that_there_is_none(tmp_path: Path) -> None:
    """Missing fonts are a 404 (and a box on the screen), never a failure."""
    fonts = FallbackFonts(ENGINE, (tmp_path,))
    assert all(fonts.source(family) is None for family in CJK_FACES)
    assert fonts.font(BASE + _asked("中")[0]) is None


def test_only_the_engines_own_addresses_are_known() -> None:
    """Nothing outside of the list is looked for on the disk."""
    fonts = FallbackFonts(ENGINE)
    assert not fonts.knows("/assets/fonts/../../etc/passwd")
    assert fonts.knows(BASE + "notosansthai/v1/made-up.woff2")
    assert fonts.font(BASE + "notosansthai/v1/made-up.woff2") is None


@pytest.mark.parametrize("text", ["", 'A.z("Noto Sans X","notosansx/v1/a.woff2")'])
def test_another_engine_is_noticed(tmp_path: Path, text: str) -> None:
    """An engine whose list is not where it was is named as such instead of giving wrong fonts."""
    (tmp_path / "main.dart.js").write_text(text)
    with pytest.raises(EngineUnreadable):
        fonts_of_engine(tmp_path / "main.dart.js")
