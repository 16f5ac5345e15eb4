"""Recognise folders that a sync client keeps, by the files that the client itself puts there.

    Dropbox       `.dropbox` or `.dropbox.cache` in the folder; `~/.dropbox/info.json` names it
    Nextcloud     `.sync_<hash>.db` (or `._sync_<hash>.db`), `.nextcloudsync.log`, `.owncloudsync.log`
    OneDrive      the hidden file named by its class id; `~/.config/onedrive/config` (abraunegg's client)
    Google Drive  `.tmp.drivedownload`, `.tmp.driveupload`
    iCloud        `Mobile Documents/com~apple~CloudDocs` in the path
    Syncthing     `.stfolder`
    Seafile       `.seafile-data`, `seafile.ini`

Only names are looked at, and two small configuration files; nothing of a document is read.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass

_BY_NAME = {
    ".dropbox": "Dropbox",
    ".dropbox.cache": "Dropbox",
    ".nextcloudsync.log": "Nextcloud",
    ".owncloudsync.log": "ownCloud",
    ".849c9593-d756-4e56-8d6e-42412f2a707b": "OneDrive",
    ".tmp.drivedownload": "Google Drive",
    ".tmp.driveupload": "Google Drive",
    ".stfolder": "Syncthing",
    ".seafile-data": "Seafile",
    "seafile.ini": "Seafile",
}
_SYNC_DATABASE = re.compile(r"^\._?sync_[0-9a-f]{6,}\.db$")
_ICLOUD = "com~apple~clouddocs"
_MOST_LEVELS = 12
_MOST_NAMES = 20_000
_MOST_CONFIG = 65_536


@dataclass(frozen=True, slots=True)
class CloudFolder:
    """A folder that a sync client keeps: its own root and the client's name."""

    path: str
    service: str


def cloud_folder_of(path: str, mount_point: str) -> CloudFolder | None:
    """Return the cloud folder that `path` (links resolved) is or lies in, looking no higher than its mount point."""
    at = path
    for _ in range(_MOST_LEVELS):
        if at in ("", "/"):
            return None
        service = _by_names(at) or _by_configuration(at)
        if service:
            return CloudFolder(at, service)
        if os.path.basename(at).lower() == _ICLOUD:
            return CloudFolder(at, "iCloud")
        if at == mount_point:
            return None
        at = os.path.dirname(at)
    return None


def _by_names(folder: str) -> str:
    """Return the client whose marks lie in a folder. Many names are looked up by name, the rest by one listing."""
    if os.path.basename(folder).startswith("."):
        return ""
    for name, service in _BY_NAME.items():
        if service == "OneDrive":
            name = name.upper()
        if os.path.lexists(os.path.join(folder, name)):
            # ~/.dropbox is the client's configuration in the home folder, not a mark of a synchronised folder.
            if name == ".dropbox" and os.path.isdir(os.path.join(folder, name)):
                continue
            return service
    try:
        with os.scandir(folder) as listing:
            for number, entry in enumerate(listing):
                if _SYNC_DATABASE.match(entry.name):
                    return "Nextcloud"
                if number > _MOST_NAMES:
                    break
    except OSError:
        pass
    return ""


def _by_configuration(folder: str) -> str:
    """Return the client that names this folder in its configuration in the home folder above it."""
    home = os.path.dirname(folder)
    for _ in range(3):
        if home in ("", "/"):
            return ""
        if folder in _dropbox_paths(home):
            return "Dropbox"
        if folder == _onedrive_path(home):
            return "OneDrive"
        home = os.path.dirname(home)
    return ""


def _dropbox_paths(home: str) -> set[str]:
    try:
        body = json.loads(_read(os.path.join(home, ".dropbox", "info.json")))
    except ValueError:
        return set()
    accounts = body.values() if isinstance(body, dict) else ()
    return {os.path.realpath(str(one["path"])) for one in accounts if isinstance(one, dict) and "path" in one}


def _onedrive_path(home: str) -> str:
    found = re.search(r'^\s*sync_dir\s*=\s*"([^"]+)"', _read(os.path.join(home, ".config/onedrive/config")), re.M)
    if found is None:
        return ""
    named = found[1]
    return os.path.realpath(home + named[1:] if named.startswith("~") else named)


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(_MOST_CONFIG)
    except OSError:
        return ""
