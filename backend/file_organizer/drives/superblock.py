"""Read id and label of a filesystem from its device, where the process may: for machines without udev's links.

On-disk formats: ext2-4 (superblock at 1024: magic 0xEF53, UUID at 0x68, label at 0x78), XFS (UUID at 32, label at 108),
Btrfs (superblock at 64 KiB: UUID at 0x20, label at 0x12B), FAT (serial and label of the BIOS parameter block),
exFAT (serial at 100), NTFS (serial at 72).
"""

from __future__ import annotations

from dataclasses import dataclass

_BTRFS_AT = 0x10000
_HEAD = _BTRFS_AT + 0x12B + 256


@dataclass(frozen=True, slots=True)
class Superblock:
    """What a filesystem says of itself; "" where it says nothing."""

    id: str = ""
    label: str = ""


def read_superblock(source: str) -> Superblock:
    """Return id and label of the filesystem on a device, empty where it cannot be read or is not known."""
    if not source.startswith("/dev/"):
        return Superblock()
    try:
        with open(source, "rb") as device:
            return parse_superblock(device.read(_HEAD))
    except OSError:
        return Superblock()


def parse_superblock(head: bytes) -> Superblock:
    """Return id and label from the first bytes of a filesystem."""
    if head[0x438:0x43A] == b"\x53\xef":
        return Superblock(_uuid(head[0x468:0x478]), _text(head[0x478:0x488]))
    if head[:4] == b"XFSB":
        return Superblock(_uuid(head[0x20:0x30]), _text(head[108:120]))
    if head[3:11] == b"EXFAT   ":
        return Superblock(_serial(head[100:104]))
    if head[3:11] == b"NTFS    ":
        return Superblock(head[72:80][::-1].hex().upper() if any(head[72:80]) else "")
    if head[0x52:0x57] == b"FAT32":
        return Superblock(_serial(head[67:71]), _fat_label(head[71:82]))
    if head[0x36:0x39] == b"FAT":
        return Superblock(_serial(head[39:43]), _fat_label(head[43:54]))
    block = head[_BTRFS_AT:]
    if block[0x40:0x48] == b"_BHRfS_M":
        return Superblock(_uuid(block[0x20:0x30]), _text(block[0x12B : 0x12B + 256]))
    return Superblock()


def _uuid(raw: bytes) -> str:
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}" if len(raw) == 16 and any(raw) else ""


def _serial(raw: bytes) -> str:
    """Return a 32-bit serial as udev writes it: ABCD-1234."""
    text = raw[::-1].hex().upper()
    return f"{text[:4]}-{text[4:]}" if len(raw) == 4 and any(raw) else ""


def _text(raw: bytes) -> str:
    return raw.split(b"\0", 1)[0].decode("utf-8", "replace").strip()


def _fat_label(raw: bytes) -> str:
    label = raw.decode("cp437", "replace").strip("\0 ")
    return "" if label == "NO NAME" else label
