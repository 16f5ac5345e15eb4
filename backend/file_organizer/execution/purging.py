"""Remove for good what lies in the trash: the only step that nothing takes back, so it works there and nowhere else.

A file is unlinked, which happens or does not. A folder first takes its temporary name, so that a crash leaves
either the whole folder in the trash or a rest that recovery removes: never half a folder under its own name.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable

from backend.file_organizer.execution.archives import remove_tree
from backend.file_organizer.execution.errors import Reason, Refused
from backend.file_organizer.execution.journal import Entry
from backend.sdk.files import PRIVATE_FOLDER, OpenRoot, PathNotAllowed, rename_noreplace

TRASH = f"{PRIVATE_FOLDER}/trash"
"""The trash of a volume; below it a folder for each run, below that the original paths."""
MOST_COUNTED = 20_000


def in_trash(path: str | None) -> bool:
    """Tell whether a relative path is that of a thing in the trash (not the trash, nor a run's folder in it)."""
    return path is not None and path.startswith(f"{TRASH}/") and path.count("/") >= 3


def content_of(root: OpenRoot, folder: str) -> dict[str, int | bool]:
    """Return how many files and bytes a folder holds; `more`: only the first `MOST_COUNTED` entries were counted."""
    files = size = seen = 0
    for _, folders, names, at in os.fwalk(".", dir_fd=root.folder(folder), follow_symlinks=False):
        for name in names:
            try:
                size += os.stat(name, dir_fd=at, follow_symlinks=False).st_size
            except FileNotFoundError:
                continue
            files += 1
        seen += len(folders) + len(names)
        if seen > MOST_COUNTED:
            return {"files": files, "bytes": size, "more": True}
    return {"files": files, "bytes": size, "more": False}


def look_at_purge(root: OpenRoot, entry: Entry) -> None:
    """Refuse everything that does not lie in the trash, and what is another kind of thing than was put there.

    What is gone from the trash already passes: then there is nothing left to do but to write it down.
    """
    if not in_trash(entry.source_path):
        raise Refused(Reason.PATH_NOT_ALLOWED)
    entry.part_name = f".homie-{entry.id.replace('-', '')}.part"
    info = root.stat(entry.source_path or "")
    if info is not None and stat.S_ISDIR(info.st_mode) != entry.folder:
        raise Refused(Reason.CHANGED_SINCE)


def purge(root: OpenRoot, entry: Entry, reach: Callable[[str], None]) -> None:
    """Remove it. What cannot be removed whole stays in the trash under its name, as far as it is there."""
    if not in_trash(entry.source_path):
        raise Refused(Reason.PATH_NOT_ALLOWED)
    try:
        folder, name = root.split(entry.source_path or "")
        reach("purge.before")
        if entry.folder:
            _remove_folder(folder, name, entry.part_name or "", reach)
        else:
            os.unlink(name, dir_fd=folder)
        reach("purge.after")
    except FileNotFoundError:
        pass  # somebody emptied it by hand


def _remove_folder(folder: int, name: str, part: str, reach: Callable[[str], None]) -> None:
    rename_noreplace(name, part, src_dir=folder, dst_dir=folder)
    reach("purge.between")
    try:
        remove_tree(folder, part)
    except OSError:
        rename_noreplace(part, name, src_dir=folder, dst_dir=folder)
        raise


def finish_purge(root: OpenRoot, entry: Entry) -> bool:
    """After a crash: remove the rest of a purge that had begun; returns whether the thing is gone."""
    if not in_trash(entry.source_path):
        return False
    try:
        folder, name = root.split(entry.source_path or "")
    except (FileNotFoundError, PathNotAllowed):
        return True
    if entry.part_name:
        remove_tree(folder, entry.part_name)
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return True
    return False
