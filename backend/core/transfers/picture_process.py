"""The process that decodes pictures of unknown origin, so that a hostile one can hurt nothing but this process.

Started by `pictures.py`; is handed open files over a socket and answers with a small JPEG or WebP, within the limits of
`backend/sdk/confined`. It opens nothing by itself, and imports nothing else of the platform.
"""

from __future__ import annotations

import io
import json
import os
import socket
from typing import BinaryIO

from backend.sdk.confined.inside import confine, in_time, take_channel

FORMATS = ("JPEG", "MPO", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF")
MOST_PIXELS = 120_000_000
MEMORY = 1 << 30
SECONDS = 10
IDLE_SECONDS = 120.0


def draw(file: BinaryIO, width: int) -> tuple[str, bytes]:
    """Return (media type, content) of the picture, turned upright, at most `width` wide and high.

    Raises whatever the decoders raise, and `ValueError` for a picture with too many pixels.
    """
    from PIL import Image, ImageOps

    # Checked below against a limit of our own, before any pixel is decoded.
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(file, formats=known_formats()) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        picture.draft("RGB", (width, width))
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        seen_through = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
        upright = upright.convert("RGBA" if seen_through else "RGB")
        upright.thumbnail((width, width), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        if seen_through:
            upright.save(out, "WEBP", quality=80, method=2)
        else:
            upright.save(out, "JPEG", quality=82, optimize=True)
    return ("image/webp" if seen_through else "image/jpeg"), out.getvalue()


def known_formats() -> list[str]:
    """Return the formats that are read here and that this build of the library knows; loads their decoders."""
    from PIL import Image

    Image.init()
    return [name for name in FORMATS if name in Image.OPEN]


def answer(descriptor: int, width: int) -> tuple[dict[str, object], bytes]:
    """Draw one picture; whatever it makes the decoders raise becomes a problem."""
    try:
        with in_time(SECONDS), os.fdopen(descriptor, "rb") as file:
            file.seek(0)
            kind, content = draw(file, width)
        return {"type": kind, "size": len(content)}, content
    except Exception:
        # Decoders of hostile bytes raise anything at all; that is what this process is for.
        return {"problem": "not shown", "size": 0}, b""


def main() -> None:
    """Serve until the parent hangs up, or asks for nothing for two minutes."""
    channel = take_channel()
    channel.settimeout(IDLE_SECONDS)
    known_formats()
    confine(MEMORY)
    while True:
        try:
            message, descriptors, _, _ = socket.recv_fds(channel, 64, 1)
        except TimeoutError:
            return
        if not message or not descriptors:
            return
        head, content = answer(descriptors[0], int(message))
        channel.sendall(json.dumps(head).encode() + b"\n" + content)


if __name__ == "__main__":
    main()
