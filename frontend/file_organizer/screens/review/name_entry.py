"""Ask for a name of a file or folder; only what every drive can store is taken, as the hub checks it."""

from __future__ import annotations

from frontend.i18n import tr
from frontend.kit import ask_text


async def ask_name(name: str, value: str) -> str | None:
    """Ask for a file's or folder's name; only what every drive can store is taken. None when it was cancelled."""
    return await ask_text(name, tr("Name"), value, yes=tr("Use this name"), problem=name_problem)


_FORBIDDEN = '<>:"/\\|?*'
_RESERVED = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}


def name_problem(name: str) -> str:
    """Return what is wrong with a new name, in words; empty when every drive can store it (as the hub checks)."""
    text = name.strip()
    if not text:
        return tr("Type a name.")
    if bad := sorted({sign for sign in text if sign in _FORBIDDEN or ord(sign) < 32 or ord(sign) == 127}):
        shown = " ".join(sign for sign in bad if sign.isprintable()) or "…"
        return tr("Some drives cannot store {signs} in a name. Leave it out.", signs=shown)
    if text.endswith(".") or text in (".", ".."):
        return tr("A name cannot end with a dot.")
    if text.partition(".")[0].lower() in _RESERVED:
        return tr("Windows keeps this name for itself. Choose another one.")
    if len(text.encode()) > 255:
        return tr("This name is too long. Shorten it.")
    return ""
