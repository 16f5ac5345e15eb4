"""The process that opens untrusted documents, so that a hostile file can hurt nothing but this process.

Started by `reader.py`; speaks JSON lines over the inherited socket, within the limits of `backend/sdk/confined`. The
parent kills it when an answer takes too long. It imports nothing else of the platform. What only libarchive can list
(7z, rar) is listed in a process confined further (`backend/sdk/archives`).
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from typing import Any, Literal, cast

from backend.sdk.archives import ConfinedReader
from backend.sdk.confined.inside import TooSlow, confine, in_time, take_channel

MAX_MEMBERS = 2000
TOOL_SECONDS = 20
MAX_LIST = 2 << 20
MAX_XML = 4 << 20
_TAG = re.compile(rb"<[^<>]{0,2000}>")


def read_pdf(path: str, limit: int) -> dict[str, Any]:
    """Return text of the first pages, title and date of a PDF."""
    from pypdf import PdfReader

    reader = PdfReader(path, strict=False)
    parts: list[str] = []
    size = 0
    for index in range(min(3, len(reader.pages))):
        text = reader.pages[index].extract_text() or ""
        parts.append(text[: limit - size])
        size += len(parts[-1])
        if size >= limit:
            break
    meta = reader.metadata
    title = str(meta.title)[:200] if meta and meta.title else ""
    return {"text": "\n".join(parts), "title": title}


def read_office(path: str, limit: int) -> dict[str, Any]:
    """Return text of a docx or odt, read from its main XML part without an XML parser (so no entity is expanded)."""
    with zipfile.ZipFile(path) as archive:
        for name in ("word/document.xml", "content.xml", "ppt/slides/slide1.xml", "xl/sharedStrings.xml"):
            try:
                with archive.open(name) as part:
                    raw = part.read(min(MAX_XML, limit * 40))
            except KeyError:
                continue
            return {"text": _strip(raw)[:limit]}
    return {"text": ""}


def read_html(path: str, limit: int) -> dict[str, Any]:
    """Return the visible words of a web page."""
    with open(path, "rb") as file:
        raw = file.read(limit * 20)
    raw = re.sub(rb"(?is)<(script|style)\b.{0,200000}?</\1>", b" ", raw)
    return {"text": _strip(raw)[:limit]}


def _strip(raw: bytes) -> str:
    import html

    return re.sub(r"\s+", " ", html.unescape(_TAG.sub(b" ", raw).decode("utf-8", "replace")))


def read_picture(path: str, limit: int) -> dict[str, Any]:
    """Return size, camera and date of a picture; its pixels are never decoded."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # only the header is read, so a picture that claims to be huge does no harm
    with Image.open(path) as picture:
        exif = picture.getexif()
        inner = exif.get_ifd(0x8769)
        return {
            "width": picture.width,
            "height": picture.height,
            "camera": f"{exif.get(0x010F, '')} {exif.get(0x0110, '')}".strip()[:60],
            "taken": str(inner.get(0x9003) or exif.get(0x0132) or "")[:19],
        }


def read_zip(path: str, limit: int) -> dict[str, Any]:
    """Return the names in a zip without unpacking anything."""
    with zipfile.ZipFile(path) as archive:
        infos = archive.infolist()
        return {
            "members": [info.filename[:300] for info in infos[:MAX_MEMBERS]],
            "count": len(infos),
            "unpacked": sum(info.file_size for info in infos),
            "encrypted": any(info.flag_bits & 1 for info in infos),
        }


def read_tar(path: str, limit: int) -> dict[str, Any]:
    """Return the names at the beginning of a tar; reading stops early, because a tar has no table of contents."""
    with tarfile.open(path, "r|*") as archive:
        return _beginning(archive)


def _beginning(archive: tarfile.TarFile) -> dict[str, Any]:
    names: list[str] = []
    total = 0
    for member in archive:
        names.append(member.name[:300])
        total += member.size
        if len(names) >= 200 or total > 64 << 20:
            break
    return {"members": names, "count": len(names), "unpacked": total, "encrypted": False}


def read_packed(path: str, limit: int) -> dict[str, Any]:
    """Return the names in a 7z or rar, as the confined libarchive lists them; a locked one may keep even its names."""
    with _libarchive(path, "list") as said:
        listed = bytearray()
        while len(listed) < MAX_LIST and (block := said.read()):
            listed += block
    found = json.loads(listed)
    return found if isinstance(found, dict) else {"problem": "unreadable"}


def read_squeezed_tar(path: str, limit: int) -> dict[str, Any]:
    """Return the names at the beginning of a tar that Python cannot expand (zstd, lzip)."""
    with _libarchive(path, "raw") as said, tarfile.open(fileobj=cast(Any, said), mode="r|") as archive:
        return _beginning(archive)


@contextlib.contextmanager
def _libarchive(path: str, mode: Literal["list", "raw"]) -> Iterator[ConfinedReader]:
    """Give what the confined process says of a file; it ends with the block."""
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
        reader = ConfinedReader(mode, file.fileno(), seconds=TOOL_SECONDS)
        try:
            yield reader
        finally:
            reader.end()


READERS = {
    "pdf": read_pdf,
    "office": read_office,
    "html": read_html,
    "picture": read_picture,
    "zip": read_zip,
    "tar": read_tar,
    "packed": read_packed,
    "squeezed_tar": read_squeezed_tar,
}


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Read one document; whatever it makes the parsers raise becomes the word "unreadable"."""
    try:
        with in_time(float(request["seconds"])):
            path = os.fsdecode(bytes.fromhex(request["path"]))
            return READERS[request["what"]](path, int(request["limit"]))
    except TooSlow:
        return {"problem": "too slow"}
    except MemoryError:
        return {"problem": "too large"}
    except RecursionError:
        return {"problem": "unreadable"}
    except Exception:
        # Parsers of hostile bytes raise anything at all; that is what this process is for.
        return {"problem": "unreadable"}


def main() -> None:
    """Serve requests until the parent hangs up."""
    stream = take_channel().makefile("rwb")
    confine(int(sys.argv[2]), reads=True)
    for line in stream:
        reply = json.dumps(answer(json.loads(line)), ensure_ascii=True)
        stream.write(reply.encode("ascii", "replace") + b"\n")
        stream.flush()


if __name__ == "__main__":
    main()
