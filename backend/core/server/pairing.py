"""The code that a phone scans: an ordinary address, so that any camera opens it, with an invitation behind the `#`.

What stands behind the `#` is never sent to a server: the one-time code gets into no log.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

QUIET = 4
"""Light modules around the code, as ISO/IEC 18004 asks for."""


@dataclass(frozen=True, slots=True)
class PairingCode:
    """A QR code. `rows` of "1" (dark) and "0", with the quiet border; `svg` is the same as a picture."""

    text: str
    size: int
    rows: tuple[str, ...]
    svg: str


def pairing_text(url: str, invitation: str | None = None) -> str:
    """Return the address that the code carries."""
    base = url.rstrip("/") + "/"
    return base if invitation is None else f"{base}invite#code={quote(invitation, safe='')}"


def pairing_code(text: str) -> PairingCode:
    """Return the QR code of a text."""
    import segno

    made = segno.make_qr(text, error="m")
    rows = tuple("".join("1" if dark else "0" for dark in row) for row in made.matrix_iter(border=QUIET))
    picture = made.svg_inline(border=QUIET, scale=8, dark="#000000", light="#ffffff")
    return PairingCode(text, len(rows), rows, picture)
