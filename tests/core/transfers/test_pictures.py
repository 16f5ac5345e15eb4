"""Small pictures: upright, bounded, kept; hostile files hurt only the process that draws."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from tests.core.transfers.conftest import Person
from tests.hub import Answer


def picture(person: Person, path: Path, width: int = 384, **headers: str) -> Answer:
    made = person.link(path).json
    return person.hub.get(f"{made['preview_url']}?w={width}", headers=headers)


def opened(answer: Answer) -> Image.Image:
    return Image.open(io.BytesIO(answer.body))


@pytest.mark.parametrize(
    ("name", "mode", "kind"),
    [
        ("a.jpg", "RGB", "image/jpeg"),
        ("a.png", "RGBA", "image/webp"),
        ("a.png", "P", "image/jpeg"),
        ("a.webp", "RGB", "image/jpeg"),
        ("a.gif", "L", "image/jpeg"),
        ("a.bmp", "RGB", "image/jpeg"),
    ],
)
def test_pictures_are_shown_small(anna: Person, name: str, mode: str, kind: str) -> None:
    Image.new(mode, (2000, 1000)).save(anna.folder / name)
    answer = picture(anna, anna.folder / name, 300)
    assert (answer.status, answer.headers["content-type"]) == (200, kind)
    assert opened(answer).size == (384, 192)
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"].startswith("private")


def test_a_picture_taken_upright_is_shown_upright_and_without_where_it_was_taken(anna: Person) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "A camera"
    Image.new("RGB", (1000, 500), "blue").save(anna.folder / "a.jpg", exif=exif)
    small = opened(picture(anna, anna.folder / "a.jpg"))
    assert small.size == (192, 384)
    assert not small.getexif()


def test_a_small_picture_is_not_blown_up(anna: Person) -> None:
    Image.new("RGB", (50, 40)).save(anna.folder / "a.png")
    assert opened(picture(anna, anna.folder / "a.png", 2000)).size == (50, 40)


def test_it_is_drawn_once_and_anew_for_another_content(anna: Person) -> None:
    path = anna.folder / "a.png"
    Image.new("RGB", (500, 500), "red").save(path)
    first = picture(anna, path)
    assert picture(anna, path).headers["etag"] == first.headers["etag"]
    assert picture(anna, path, **{"If-None-Match": first.headers["etag"]}).status == 304
    Image.new("RGB", (500, 500), "green").save(path)
    assert picture(anna, path).headers["etag"] != first.headers["etag"]
    kept = anna.hub.data_dir / "cache" / "pictures" / anna.space
    assert len(list(kept.rglob("*.jpg"))) >= 2


def bomb(width: int, height: int) -> bytes:
    """Return a PNG of a few hundred bytes that claims to be of that size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(bomb(50_000, 50_000), id="claims to be huge"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"\xff" * 1000, id="damaged"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", id="not a picture"),
        pytest.param(b"", id="empty"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", id="a program for printers"),
    ],
)
def test_hostile_pictures_are_refused_and_the_next_one_is_drawn(anna: Person, content: bytes) -> None:
    (anna.folder / "bad.png").write_bytes(content)
    answer = picture(anna, anna.folder / "bad.png")
    assert (answer.status, answer.json["error"]["code"]) == (422, "picture_not_shown")
    Image.new("RGB", (100, 100)).save(anna.folder / "good.png")
    assert picture(anna, anna.folder / "good.png").status == 200


def test_other_files_have_no_picture(anna: Person) -> None:
    (anna.folder / "a.txt").write_text("x")
    assert anna.link(anna.folder / "a.txt").json["preview_url"] is None
