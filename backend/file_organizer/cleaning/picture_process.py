"""The process that decodes pictures of unknown origin to compare them; a hostile one hurts nothing but this process.

Started by `picture_reader.py`; is handed open files over a socket and answers one line of JSON each: size in pixels,
two 64-bit hashes, a grey picture of 24 x 24, sharpness, camera and time, within the limits of `backend/sdk/confined`.
It opens nothing by itself, and imports nothing else of the platform (docs/adr/0102).
"""

from __future__ import annotations

import json
import math
import os
import socket
from typing import Any, BinaryIO

from backend.sdk.confined.inside import confine, in_time, take_channel

FORMATS = ("JPEG", "MPO", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF")
MOST_PIXELS = 120_000_000
SMALLEST_SIDE = 128
MEMORY = 1 << 30
SECONDS = 10
IDLE_SECONDS = 600.0
CPU_SECONDS = 4 * 3600
GRID = 24
"""Side of the grey picture that is compared point by point."""
_WIDE = 32
_LOW = 8
_COSINES = [[math.cos(math.pi * k * (2 * n + 1) / (2 * _WIDE)) for n in range(_WIDE)] for k in range(_LOW)]


def describe(file: BinaryIO) -> dict[str, Any]:
    """Return what a picture looks like; `{"small": True}` for an icon.

    Raises whatever the decoders raise, and `ValueError` for a picture with too many pixels.
    """
    from PIL import Image, ImageFilter, ImageOps, ImageStat

    # Checked below against a limit of our own, before any pixel is decoded.
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(file, formats=known_formats()) as picture:
        width, height = picture.size
        if width * height > MOST_PIXELS:
            raise ValueError("too many pixels")
        if min(width, height) < SMALLEST_SIDE:
            return {"small": True}
        taken, camera = _taken(picture)
        picture.draft("RGB", (256, 256))
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
            upright = upright.convert("RGBA")
            ground = Image.new("RGBA", upright.size, (255, 255, 255, 255))
            upright = Image.alpha_composite(ground, upright)
        grey = upright.convert("L").resize((128, 128), Image.Resampling.BOX)
        if (upright.width < upright.height) != (width < height):
            width, height = height, width
        edges = ImageStat.Stat(grey.filter(ImageFilter.FIND_EDGES)).var[0]
        grid = grey.resize((GRID, GRID), Image.Resampling.BOX)
        return {
            "width": width,
            "height": height,
            "low": f"{_low_frequencies(grey.resize((_WIDE, _WIDE), Image.Resampling.BOX)):016x}",
            "steps": f"{_steps(grey.resize((9, 8), Image.Resampling.BOX)):016x}",
            "grid": grid.tobytes().hex(),
            "contrast": ImageStat.Stat(grid).stddev[0],
            "sharpness": round(edges, 2),
            "taken": taken,
            "camera": camera,
        }


def _low_frequencies(grey: Any) -> int:
    """Return 64 bits: which of the lowest frequencies of the cosine transform lie above their median (pHash)."""
    pixels = grey.tobytes()
    rows = [pixels[start : start + _WIDE] for start in range(0, _WIDE * _WIDE, _WIDE)]
    across = [[sum(map(float.__mul__, wave, map(float, row))) for wave in _COSINES] for row in rows]
    values = [sum(wave[n] * across[n][k] for n in range(_WIDE)) for wave in _COSINES for k in range(_LOW)]
    median = sorted(values[1:])[31]  # the first one is only the brightness
    return sum((value > median) << place for place, value in enumerate(values))


def _steps(grey: Any) -> int:
    """Return 64 bits: where it gets brighter to the right (dHash)."""
    pixels = grey.tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            at = row * 9 + column
            bits = bits << 1 | (pixels[at + 1] > pixels[at])
    return bits


def _taken(picture: Any) -> tuple[str, str]:
    """Return (time in EXIF's writing, camera); empty where the picture does not say."""
    try:
        exif = picture.getexif()
        inner = exif.get_ifd(0x8769)
        taken = str(inner.get(0x9003) or exif.get(0x0132) or "")[:19]
        return taken, f"{exif.get(0x010F, '')} {exif.get(0x0110, '')}".strip()[:60]
    except Exception:
        return "", ""  # damaged EXIF says nothing about the pixels


def known_formats() -> list[str]:
    """Return the formats that are read here and that this build of the library knows; loads their decoders."""
    from PIL import Image

    Image.init()
    return [name for name in FORMATS if name in Image.OPEN]


def answer(descriptor: int) -> dict[str, Any]:
    """Describe one picture; whatever it makes the decoders raise becomes a problem."""
    try:
        with in_time(SECONDS), os.fdopen(descriptor, "rb") as file:
            file.seek(0)
            return describe(file)
    except Exception:
        # Decoders of hostile bytes raise anything at all; that is what this process is for.
        return {"problem": "unreadable"}


def main() -> None:
    """Serve until the parent hangs up."""
    channel = take_channel()
    channel.settimeout(IDLE_SECONDS)
    known_formats()
    confine(MEMORY, cpu_seconds=CPU_SECONDS)
    while True:
        try:
            message, descriptors, _, _ = socket.recv_fds(channel, 16, 1)
        except TimeoutError:
            return
        if not message or not descriptors:
            return
        channel.sendall(json.dumps(answer(descriptors[0])).encode() + b"\n")


if __name__ == "__main__":
    main()
