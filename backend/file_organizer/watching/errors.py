"""What can go wrong with watched folders.

NotFound   WatchedFolderMissing
Conflict   FolderWatchedAlready
"""

from __future__ import annotations

from backend.sdk.errors import Conflict, NotFound


class WatchedFolderMissing(NotFound):
    """No such watched folder for this caller."""

    code, message = "watched_folder_missing", "This folder is not watched."


class FolderWatchedAlready(Conflict):
    """The folder, one above it or one inside it is watched already."""

    code, message = "folder_watched_already", "This folder is watched already, alone or as part of another one."
