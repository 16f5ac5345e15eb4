"""Pictures that look alike are found, different ones are not, and hostile ones harm nobody."""

from __future__ import annotations

import io
import os
import random
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from backend.file_organizer.cleaning.alike import Look, groups_of, look_alike
from backend.file_organizer.cleaning.picture_reader import PictureReader
from tests.file_organizer.copies import scene


def page_of_text(seed: int) -> Image.Image:
    """Draw a page as a scanner sees it: lines of different lengths on white."""
    chance = random.Random(seed)
    picture = Image.new("L", (850, 1200), 250)
    pen = ImageDraw.Draw(picture)
    y = 90
    while y < 1100:
        if chance.random() < 0.12:
            y += 40
        x = 80
        while x < 80 + chance.randrange(300, 690):
            word = chance.randrange(15, 90)
            pen.rectangle((x, y, x + word, y + 12), fill=60)
            x += word + 10
        y += 24
    return picture


@pytest.fixture(scope="module")
def reader() -> Iterator[PictureReader]:
    with PictureReader() as made:
        yield made


def look(reader: PictureReader, picture: Image.Image, key: int = 0, form: str = "JPEG", **options: object) -> Look:
    out = io.BytesIO()
    picture.save(out, form, **options)
    found = look_at(reader, out.getvalue(), key)
    assert found is not None
    return found


def look_at(reader: PictureReader, content: bytes, key: int = 0) -> Look | None:
    handle = os.memfd_create("picture")
    try:
        os.write(handle, content)
        return Look.of(key, len(content), reader.describe(handle))
    finally:
        os.close(handle)


VARIANTS = {
    "resized": lambda p: p.resize((p.width // 3, p.height // 3)),
    "recompressed": lambda p: p,
    "brightened": lambda p: ImageEnhance.Brightness(p).enhance(1.15),
    "more contrast": lambda p: ImageEnhance.Contrast(p).enhance(1.2),
    "slightly cropped": lambda p: p.crop((p.width // 60, p.height // 60, p.width * 59 // 60, p.height * 59 // 60)),
    "grey": lambda p: p.convert("L"),
}


@pytest.mark.parametrize("variant", sorted(VARIANTS))
def test_a_changed_version_looks_like_its_original(reader: PictureReader, variant: str) -> None:
    """For scenes of several kinds, at a quality that messengers use."""
    for seed in range(6):
        original = look(reader, scene(seed), quality=92)
        changed = look(reader, VARIANTS[variant](scene(seed)), quality=45)
        assert look_alike(original, changed), (variant, seed)


def test_different_pictures_do_not_look_alike(reader: PictureReader) -> None:
    """No two of thirty scenes and thirty pages of text: a wrong guess would offer a family's picture for the trash."""
    pictures = [look(reader, scene(seed), seed) for seed in range(30)]
    pictures += [look(reader, page_of_text(seed), 100 + seed) for seed in range(30)]
    assert [[one.key for one in group.pictures] for group in groups_of(pictures)] == []


def test_the_largest_leads_and_the_sharpest_of_equal_ones(reader: PictureReader) -> None:
    """The one that stays is the largest; among equally large ones the sharpest, whatever the order."""
    big, small = look(reader, scene(1), 1), look(reader, scene(1).resize((450, 300)), 2)
    blurred = look(reader, scene(2).filter(ImageFilter.GaussianBlur(6)), 3)
    sharp = look(reader, scene(2), 4)
    for order in ([big, small, blurred, sharp], [sharp, blurred, small, big]):
        found = {group.pictures[0].key: group for group in groups_of(order)}
        assert sorted(found) == [1, 4]
        assert (found[1].sharpest, found[4].sharpest) == (False, True)
        assert [one.key for one in found[4].pictures] == [4, 3]


def test_a_series_of_one_camera_may_differ_more(reader: PictureReader) -> None:
    """Shifted pictures of the same second and camera belong together; those of another hour do not."""

    def taken(picture: Image.Image, key: int, when: str) -> Look:
        exif = Image.Exif()
        exif[0x0110] = "Pixel 9"
        exif[0x0132] = when
        return look(reader, picture, key, exif=exif)

    still = scene(3)
    moved = still.transform(still.size, Image.Transform.AFFINE, (1, 0, 40, 0, 1, 12))
    first = taken(still, 1, "2026:03:04 10:11:12")
    assert not look_alike(look(reader, still), look(reader, moved))
    assert look_alike(first, taken(moved, 2, "2026:03:04 10:11:13"))
    assert not look_alike(first, taken(moved, 3, "2026:03:04 11:11:13"))


def test_upright_pictures_and_icons(reader: PictureReader) -> None:
    """A picture that EXIF turns looks like the turned one; icons and one-coloured pictures are not compared."""
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = scene(5).rotate(90, expand=True)
    turned = look(reader, lying, exif=exif)
    assert look_alike(turned, look(reader, scene(5)))
    assert (turned.width, turned.height) == (900, 600)
    for dull in (scene(5).resize((64, 64)), Image.new("RGB", (500, 500), "white")):
        out = io.BytesIO()
        dull.save(out, "PNG")
        assert look_at(reader, out.getvalue()) is None


def huge_png() -> bytes:
    """Make a PNG that claims 60,000 x 60,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    packed = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff" + bytes(100), huge_png(), os.urandom(5000)])
def test_a_hostile_picture_costs_itself_only(reader: PictureReader, content: bytes) -> None:
    """Damaged, empty and giant pictures are not compared; the next one is."""
    assert look_at(reader, content) is None
    assert look_alike(look(reader, scene(7)), look(reader, scene(7)))


def test_a_dead_process_is_replaced(reader: PictureReader, tmp_path: Path) -> None:
    """A picture that ends the process costs itself; the next one gets a fresh process."""
    import signal

    look(reader, scene(8))
    assert reader._process.pid is not None
    os.kill(reader._process.pid, signal.SIGKILL)
    out = io.BytesIO()
    scene(8).save(out, "JPEG")
    look_at(reader, out.getvalue())
    assert look_at(reader, out.getvalue()) is not None
