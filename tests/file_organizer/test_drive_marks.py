"""What a drive is told by: superblocks, marks of sync clients, and a marker made anew for a copy."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from backend.file_organizer.drives.cloud_folders import cloud_folder_of
from backend.file_organizer.drives.superblock import parse_superblock
from backend.file_organizer.mounts import _parse
from backend.sdk.files import VolumeAway, claim_root, read_marker, renew_marker


def head(size: int = 0x10000 + 512) -> bytearray:
    return bytearray(size)


def test_superblocks_are_read_as_their_formats_say() -> None:
    """Id and label of ext4, XFS, Btrfs, FAT32, FAT16, exFAT and NTFS; an empty disk says nothing."""
    uuid = bytes(range(16))
    text = "00010203-0405-0607-0809-0a0b0c0d0e0f"
    ext, xfs, btrfs = head(), head(), head()
    ext[0x438:0x43A], ext[0x468:0x478], ext[0x478:0x480] = b"\x53\xef", uuid, b"HOLIDAYS"
    xfs[:4], xfs[32:48], xfs[108:114] = b"XFSB", uuid, b"Photos"
    btrfs[0x10040:0x10048], btrfs[0x10020:0x10030], btrfs[0x1012B:0x10130] = b"_BHRfS_M", uuid, b"Films"
    for block, label in ((ext, "HOLIDAYS"), (xfs, "Photos"), (btrfs, "Films")):
        found = parse_superblock(bytes(block))
        assert (found.id, found.label) == (text, label)
    fat32, fat16, exfat, ntfs = head(), head(), head(), head()
    fat32[0x52:0x57], fat32[67:71], fat32[71:82] = b"FAT32", b"\x34\x12\xcd\xab", b"STICK      "
    fat16[0x36:0x3B], fat16[39:43], fat16[43:54] = b"FAT16", b"\x34\x12\xcd\xab", b"NO NAME    "
    exfat[3:11], exfat[100:104] = b"EXFAT   ", b"\x34\x12\xcd\xab"
    ntfs[3:11], ntfs[72:80] = b"NTFS    ", bytes(range(1, 9))
    assert (parse_superblock(bytes(fat32)).id, parse_superblock(bytes(fat32)).label) == ("ABCD-1234", "STICK")
    assert (parse_superblock(bytes(fat16)).id, parse_superblock(bytes(fat16)).label) == ("ABCD-1234", "")
    assert parse_superblock(bytes(exfat)).id == "ABCD-1234"
    assert parse_superblock(bytes(ntfs)).id == "0807060504030201"
    assert parse_superblock(bytes(head())).id == parse_superblock(b"").id == ""


@pytest.mark.skipif(shutil.which("mkfs.ext4") is None, reason="needs mkfs.ext4")
def test_a_real_filesystem_says_what_blkid_would(tmp_path: Path) -> None:
    """mkfs.ext4 with a chosen id and label, read back."""
    image, uuid = tmp_path / "image", "8c0d7a3e-3c7b-4a43-9b5c-0f7b0a5a1d11"
    with image.open("wb") as file:
        file.truncate(4 << 20)
    subprocess.run(["mkfs.ext4", "-q", "-F", "-U", uuid, "-L", "Family", str(image)], check=True)
    found = parse_superblock(image.read_bytes()[: 0x10000 + 512])
    assert (found.id, found.label) == (uuid, "Family")


@pytest.mark.parametrize(
    ("mark", "service"),
    [
        (".dropbox.cache/", "Dropbox"),
        (".dropbox", "Dropbox"),
        (".sync_0123456789ab.db", "Nextcloud"),
        ("._sync_0123456789ab.db", "Nextcloud"),
        (".849C9593-D756-4E56-8D6E-42412F2A707B", "OneDrive"),
        (".tmp.drivedownload/", "Google Drive"),
        (".stfolder/", "Syncthing"),
    ],
)
def test_folders_that_sync_clients_keep_are_recognised(tmp_path: Path, mark: str, service: str) -> None:
    """By the client's own mark, also from a folder deep inside; a neighbour without a mark is nobody's."""
    kept = tmp_path / "kept"
    (kept / "Photos" / "2024").mkdir(parents=True)
    (tmp_path / "beside").mkdir()
    (kept / mark.rstrip("/")).mkdir() if mark.endswith("/") else (kept / mark).write_bytes(b"")
    found = cloud_folder_of(str(kept / "Photos" / "2024"), "/")
    assert found is not None
    assert (found.path, found.service) == (str(kept), service)
    assert cloud_folder_of(str(tmp_path / "beside"), "/") is None


def test_configurations_and_places_name_cloud_folders_too(tmp_path: Path) -> None:
    """Dropbox's info.json, OneDrive's config, iCloud's place; broken configurations name nothing."""
    home = tmp_path / "home" / "eva"
    for folder in ("Dropbox (Private)", "OneDrive", "Library/Mobile Documents/com~apple~CloudDocs", ".dropbox"):
        (home / folder).mkdir(parents=True)
    (home / ".dropbox" / "info.json").write_text(json.dumps({"personal": {"path": str(home / "Dropbox (Private)")}}))
    (home / ".config" / "onedrive").mkdir(parents=True)
    (home / ".config" / "onedrive" / "config").write_text('# mine\nsync_dir = "~/OneDrive"\n')

    def service(folder: str) -> str:
        found = cloud_folder_of(str(home / folder), "/")
        return found.service if found else ""

    assert service("Dropbox (Private)") == "Dropbox"
    assert service("OneDrive") == "OneDrive"
    assert service("Library/Mobile Documents/com~apple~CloudDocs") == "iCloud"
    assert service("Library") == ""
    (home / ".dropbox" / "info.json").write_text("{broken")
    assert service("Dropbox (Private)") == ""
    assert cloud_folder_of(str(home), "/") is None, "the client's own folder in a home marks nothing"


@pytest.mark.parametrize(
    ("line", "kind", "service"),
    [
        ("36 35 0:44 / /mnt/g rw - fuse.rclone gdrive: rw", "cloud", "Google Drive"),
        ("36 35 0:44 / /mnt/o rw - fuse.rclone onedrive:family rw", "cloud", "OneDrive"),
        ("36 35 0:44 / /mnt/n rw - nfs4 nas:/films rw", "network", ""),
        ("36 35 0:44 / /mnt/s rw - fuse.sshfs eva@nas:/ rw", "network", ""),
        ("36 35 0:44 / /mnt/c rw - cifs //nas/films rw", "network", ""),
    ],
)
def test_mounts_are_told_by_their_kind(line: str, kind: str, service: str) -> None:
    """Network shares, and cloud drives with whose they are."""
    mount = _parse(line)
    assert mount is not None
    assert (mount.kind, mount.service) == (kind, service)


def test_a_copy_gets_a_marker_of_its_own(tmp_path: Path) -> None:
    """Only where the expected marker is; the original keeps its own; a read-only or foreign place is refused."""
    original, copy = tmp_path / "original", tmp_path / "copy"
    original.mkdir()
    mark = claim_root(str(original))
    shutil.copytree(original, copy)
    renewed = renew_marker(str(copy), mark.volume_id)
    assert read_marker(str(original)) == mark
    assert read_marker(str(copy)) == renewed != mark
    with pytest.raises(VolumeAway):
        renew_marker(str(copy), mark.volume_id)
    with pytest.raises(VolumeAway):
        renew_marker(str(tmp_path), mark.volume_id)
    assert [name for name in os.listdir(copy / ".homie") if name.endswith(".part")] == []
