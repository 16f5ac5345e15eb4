"""What a browser may show by itself, under which name a file is saved, and the policy that goes with it.

Types follow from the name, never from what a client once said, and go out with `nosniff`: an HTML page that calls
itself a picture stays a broken picture. HTML, SVG and everything unknown are attachments.
"""

from __future__ import annotations

from urllib.parse import quote

TYPES = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "jpe": "image/jpeg", "png": "image/png", "gif": "image/gif",
    "webp": "image/webp", "avif": "image/avif", "bmp": "image/bmp",
    "mp4": "video/mp4", "m4v": "video/mp4", "webm": "video/webm", "mov": "video/quicktime", "mkv": "video/x-matroska",
    "ogv": "video/ogg",
    "mp3": "audio/mpeg", "m4a": "audio/mp4", "aac": "audio/aac", "ogg": "audio/ogg", "oga": "audio/ogg",
    "opus": "audio/ogg", "flac": "audio/flac", "wav": "audio/wav",
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8", "md": "text/plain; charset=utf-8", "csv": "text/plain; charset=utf-8",
    "log": "text/plain; charset=utf-8", "srt": "text/plain; charset=utf-8",
}  # fmt: skip
"""Types that no browser runs."""
UNKNOWN = "application/octet-stream"
POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox; {end}"
PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; {end}"
_END = "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_ATTRIBUTE = "!#$&+-.^_`|~"
"""Characters that RFC 8187 leaves as they are, besides letters and digits."""


def media_type(name: str) -> str:
    """Return the media type that a name stands for."""
    return TYPES.get(name.rpartition(".")[2].lower(), UNKNOWN)


def can_be_shown(name: str) -> bool:
    """Tell whether a browser may show a file of that name by itself."""
    return media_type(name) != UNKNOWN


def policy_for(kind: str) -> str:
    """Return the Content-Security-Policy of an answer; the viewers of PDF do not start in a sandbox."""
    return (PDF_POLICY if kind == "application/pdf" else POLICY).format(end=_END)


def disposition(name: str, *, shown: bool) -> str:
    """Return the Content-Disposition of a file (RFC 6266): a plain name for old programs, the real one in UTF-8."""
    text = "".join(c if c.isprintable() and c not in '/\\"' else "_" for c in name) or "file"
    text = text.encode("utf-8", "replace").decode()
    plain = "".join(c if c.isascii() and c != "%" else "_" for c in text)
    return f"{'inline' if shown else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(text, _ATTRIBUTE)}"
