"""Look whether the app can be served: its packages, and the fonts for the scripts that its own font does not have."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from backend.core.findings import Finding, Level
from backend.core.settings import HomieSettings

PARTS = ("frontend", "flet", "flet_web", "uvicorn", "brotli", "uharfbuzz")
FONTS = {
    "NotoSansSymbols2-Regular": ("fonts-noto-core", "arrows, symbols and many scripts"),
    "NotoSansCJK-Regular": ("fonts-noto-cjk", "Chinese, Japanese and Korean"),
    "NotoColorEmoji": ("fonts-noto-color-emoji", "emoji"),
}
FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")


def check_app(settings: HomieSettings) -> Iterator[Finding]:
    """See that everything the app is served from is there."""
    if not settings.app:
        yield Finding(Level.OK, "App", "The app is switched off (HOMIE_APP); the API is served alone.")
        return
    missing = [part for part in PARTS if find_spec(part) is None]
    if missing:
        yield Finding(
            Level.ERROR,
            "App",
            f"The app cannot be served: {', '.join(missing)} cannot be found.",
            "Run scripts/run, which installs the locked packages, or set HOMIE_APP=false to serve the API alone.",
        )
        return
    yield Finding(Level.OK, "App", "The app's packages are there.")
    yield from check_fonts(FOLDERS)


def check_fonts(folders: tuple[Path, ...]) -> Iterator[Finding]:
    """Look for the fonts that draw the world's scripts; without them the app shows boxes."""
    there = {file.stem for folder in folders for file in folder.rglob("Noto*")}
    for stem, (package, meaning) in FONTS.items():
        if stem in there:
            yield Finding(Level.OK, "Fonts", f"{package} is there.")
        else:
            yield Finding(
                Level.WARNING,
                "Fonts",
                f"{package} is missing: the app shows boxes instead of {meaning}.",
                f"sudo apt-get install -y --no-install-recommends {package}",
            )
