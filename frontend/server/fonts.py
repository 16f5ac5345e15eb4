"""Noto fonts for the scripts that the app's own font does not have: file names come in every language.

Flutter asks for them at `/assets/fonts/<family>/v<N>/<name>.woff2`, one slice of a large family at a time. The
machine's own Noto fonts answer (Debian: `fonts-noto-core`, `-cjk`, `-color-emoji`), cut to the
characters of the slice by HarfBuzz in milliseconds, so nothing comes from the internet and nothing large is kept twice
(docs/adr/0091). Without those packages the answer is 404, and boxes are drawn; `homie doctor` says so.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import brotli

from frontend.server.font_ranges import EngineUnreadable, fonts_of_engine
from frontend.server.proxy import Receive, Scope, Send

log = logging.getLogger("homie.front")

BASE = "/assets/fonts/"
FALLBACK = re.compile(r"^/assets/fonts/((noto[a-z0-9]+)/v\d+/[\w-]+(?:\.\d+)?\.(?:woff2|ttf|otf))$")
FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
CJK_FACES = {"notosansjp": 0, "notosanskr": 1, "notosanssc": 2, "notosanstc": 3, "notosanshk": 4}
"""Where each family stands in `NotoSansCJK-Regular.ttc`."""
CJK_FILE = "notosanscjk"
STANDS_IN = {"notosans": "notosansdevanagari"}
"""Flutter's Noto Sans draws Hindi too; Debian's does not, and what else it has beyond our own font is rarer."""
_YEAR = b"public, max-age=31536000, immutable"
_ALREADY_PACKED = "notocoloremoji"
"""Its pictures are PNG: compressing them again only costs time."""


@dataclass(frozen=True)
class FontSource:
    """The file (and the face in it) that draws a family."""

    file: Path
    face: int = 0


class FallbackFonts:
    """Serve the fonts that Flutter asks for when it meets a character that it cannot draw."""

    def __init__(self, engine: Path, folders: Sequence[Path] = FOLDERS) -> None:
        self._engine = engine
        self._folders = folders
        self._families: dict[str, Path] | None = None
        self._characters: dict[str, list[range]] | None = None
        self._one_at_a_time = asyncio.Lock()

    def knows(self, path: str) -> bool:
        """Tell whether a request is for a fallback font."""
        return FALLBACK.match(path) is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer GET and HEAD with the font."""
        packs = b"br" in dict(scope["headers"]).get(b"accept-encoding", b"")
        async with self._one_at_a_time:
            body = await asyncio.to_thread(self.font, scope["path"])
            packed = packs and body is not None and _ALREADY_PACKED not in scope["path"]
            if packed and body is not None:
                body = await asyncio.to_thread(brotli.compress, body, quality=5)
        headers = [(b"x-content-type-options", b"nosniff"), (b"cross-origin-resource-policy", b"same-origin")]
        if body is None:
            headers += [(b"content-length", b"0"), (b"cache-control", b"no-store")]
        else:
            headers += [
                (b"content-type", b"font/ttf"),
                (b"content-length", str(len(body)).encode()),
                (b"cache-control", _YEAR),
                (b"vary", b"accept-encoding"),
            ]
        if packed:
            headers.append((b"content-encoding", b"br"))
        await send({"type": "http.response.start", "status": 404 if body is None else 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body or b""})

    def font(self, path: str) -> bytes | None:
        """Return the font for a request path, or None when this machine or the engine does not have it. Blocks."""
        asked = FALLBACK.match(path)
        if asked is None:
            return None
        source = self.source(asked[2])
        characters = self._known_characters().get(asked[1])
        return None if source is None or not characters else _cut(source, characters)

    def source(self, family: str) -> FontSource | None:
        """Return what draws a family (`notosansthai`) on this machine, or None."""
        if self._families is None:
            self._families = _installed(self._folders)
        if family in CJK_FACES:
            file = self._families.get(CJK_FILE)
            return FontSource(file, CJK_FACES[family]) if file else None
        file = self._families.get(STANDS_IN.get(family, family)) or self._families.get(family)
        return FontSource(file) if file else None

    def _known_characters(self) -> dict[str, list[range]]:
        if self._characters is None:
            try:
                self._characters = fonts_of_engine(self._engine / "main.dart.js")
            except EngineUnreadable as error:
                log.warning("no fallback fonts: the engine's list cannot be read: %s", error)
                self._characters = {}
        return self._characters


def _installed(folders: Sequence[Path]) -> dict[str, Path]:
    """Return the regular Noto fonts of this machine by family, as Flutter writes it: `notosansthai`."""
    found: dict[str, Path] = {}
    for folder in folders:
        for file in sorted(folder.rglob("Noto*")):
            family, _, style = file.stem.replace("[wght]", "").replace("[wdth,wght]", "").partition("-")
            if file.suffix.lower() in (".ttf", ".otf", ".ttc") and style in ("", "Regular"):
                found.setdefault(family.lower(), file)
    return found


def _cut(source: FontSource, characters: Sequence[range]) -> bytes:
    """Return the font with only these characters, with everything that shapes them."""
    import uharfbuzz

    face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(source.file)), source.face)
    wanted = uharfbuzz.SubsetInput()
    wanted.sets(uharfbuzz.SubsetInputSets.UNICODE).update(each for stretch in characters for each in stretch)
    made: bytes = uharfbuzz.subset(face, wanted).blob.data
    return made
