"""A realistic messy Downloads folder, made of real (small) files; for tests, end-to-end runs and benchmarks."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from datetime import datetime
from pathlib import Path


def pdf(text: str) -> bytes:
    """Return a one-page PDF that really carries `text`."""
    lines = "".join(f"({line.replace('(', '').replace(')', '')}) Tj T* " for line in text.split("\n"))
    content = f"BT /F1 12 Tf 14 TL 72 720 Td {lines}ET".encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length " + str(len(content)).encode() + b" >>\nstream\n" + content + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    for offset in offsets:
        out.write(f"{offset:010d} 00000 n \n".encode())
    out.write(f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def docx(text: str) -> bytes:
    """Return a Word document with one paragraph."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:document>")
    return out.getvalue()


def odt(text: str) -> bytes:
    """Return an OpenDocument text."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", f"<office:text><text:p>{text}</text:p></office:text>")
    return out.getvalue()


def zipped(*names: str) -> bytes:
    """Return a zip with empty members of these names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return out.getvalue()


def jpeg(taken: datetime | None = None, camera: str = "") -> bytes:
    """Return a small JPEG, with EXIF date and camera where given."""
    from PIL import Image

    out = io.BytesIO()
    picture = Image.new("RGB", (16, 16), (200, 120, 40))
    exif = Image.Exif()
    if camera:
        exif[0x0110] = camera
    if taken is not None:
        exif[0x0132] = taken.strftime("%Y:%m:%d %H:%M:%S")
        exif.get_ifd(0x8769)[0x9003] = taken.strftime("%Y:%m:%d %H:%M:%S")
    picture.save(out, "JPEG", exif=exif.tobytes())
    return out.getvalue()


def png() -> bytes:
    """Return a small PNG."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    return out.getvalue()


MKV = b"\x1aE\xdf\xa3" + b"\x01\x00\x00\x00\x00\x00\x00\x1fB\x86\x81\x01" + b"\0" * 64
MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x00" + b"\0" * 64
MP4 = struct.pack(">I", 24) + b"ftypisom\0\0\2\0isomiso2" + b"\0" * 64
EXE = b"MZ" + b"\0" * 62 + b"PE\0\0" + b"\0" * 64
RAR = b"Rar!\x1a\x07\x00" + b"\0" * 32


def write(path: Path, content: bytes | str = b"x", when: datetime | None = None) -> Path:
    """Write one file with its folders; by default it is some years old."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    stamp = (when or datetime(2024, 5, 17, 10, 0)).timestamp()
    os.utime(path, (stamp, stamp))
    return path


def make_messy_folder(root: Path) -> Path:
    """Fill `root` with what collects in a household's Downloads over years; returns it."""
    invoice = "Rechnung Nr. 4711\nStadtwerke Musterstadt\nRechnung für Strom\nRechnungsbetrag 84,20 EUR"
    write(root / "Rechnung_Stadtwerke_2024-03.pdf", pdf(invoice))
    write(root / "invoice-2023-11.pdf", pdf("Invoice for November"))
    write(root / "scan0001.pdf", pdf(invoice))
    write(root / "Gehaltsabrechnung 2024-02.pdf", pdf("Gehaltsabrechnung"))
    write(root / "Mietvertrag.docx", docx("Mietvertrag zwischen Vermieter und Mieter. Vertrag über Wohnraum."))
    write(root / "letter to landlord.odt", odt("Dear landlord"))
    write(root / "IMG_2041.JPG", jpeg(datetime(2023, 8, 12, 14, 3), "Canon EOS 80D"))
    write(root / "IMG_2041.CR2", b"II*\x00" + b"\0" * 100)
    write(root / "IMG-20240102-WA0007.jpg", jpeg())
    write(root / "Screenshot 2024-01-05 at 10.11.12.png", png())
    write(root / "The.Matrix.1999.1080p.BluRay.x264.mkv", MKV)
    write(root / "The.Matrix.1999.1080p.BluRay.x264.en.srt", "1\n00:00:01,000 --> 00:00:02,000\nHello\n")
    write(root / "The.Matrix.1999.1080p.BluRay.x264.nfo", "the matrix")
    write(root / "Dark.S01E03.720p.WEB.mkv", MKV)
    write(root / "Dark.S01E03.720p.WEB.de.srt", "1\n")
    write(root / "Amelie (2001)" / "Amelie (2001).mkv", MKV)
    write(root / "Amelie (2001)" / "Amelie (2001).srt", "1\n")
    write(root / "Amelie (2001)" / "Subs" / "german.srt", "1\n")
    write(root / "song.mp3", MP3)
    for number in range(1, 4):
        write(root / "Greatest Hits" / f"0{number} - Track.mp3", MP3)
        write(root / "Holiday Rome" / f"IMG_30{number}.jpg", jpeg(datetime(2022, 6, number, 9, 0)))
    write(root / "backup.part1.rar", RAR)
    write(root / "backup.part2.rar", RAR)
    write(root / "photos.zip", zipped("a.jpg", "b.jpg", "c.jpg"))
    write(root / "setup-tool-1.2.exe", EXE)
    write(root / "novel.epub", zipped("mimetype", "OEBPS/content.opf"))
    write(root / "budget.xlsx", zipped("[Content_Types].xml", "xl/workbook.xml"))
    write(root / "holiday.pdf", EXE)
    write(root / "unknown.qqq", b"\x01\x02\x03\x04" * 20)
    write(root / "film.mkv", MKV)
    write(root / "film.mkv.part", b"half")
    write(root / "big.iso.crdownload", b"half")
    write(root / ".hidden", "secret")
    write(root / "my-app" / ".git" / "HEAD", "ref: refs/heads/main")
    write(root / "my-app" / "main.py", "print()")
    write(root / "website" / "package.json", "{}")
    write(root / "website" / "src" / "index.js", "1")
    write(root / "Photo Booth.app" / "Contents" / "Info.plist", "<plist/>")
    write(root / "DCIM" / "100CANON" / "IMG_0001.JPG", jpeg(datetime(2021, 1, 1)))
    write(root / "Taxes 2023" / "lohnsteuer.pdf", pdf("Lohnsteuerbescheinigung"))
    write(root / "New folder" / "meeting notes.txt", "remember the milk")
    write(root / "recipe.html", "<html><body>Cake</body></html>")
    write(root / "recipe_files" / "style.css", "body{}")
    (root / "link.pdf").symlink_to(root / "scan0001.pdf")
    return root
