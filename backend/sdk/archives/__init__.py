"""Archives that Python cannot read: 7z, rar and zstd by libarchive in a confined process, and the headers of a rar."""

from backend.sdk.archives.confined_reader import ConfinedReader, Ending, Stalled
from backend.sdk.archives.rar_headers import RarBlock, RarDamaged, is_rar, rar_blocks

__all__ = ["ConfinedReader", "Ending", "RarBlock", "RarDamaged", "Stalled", "is_rar", "rar_blocks"]
