"""Say of the history what was done, how it ended, and why something cannot be taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import flet as ft

from frontend.api.generated.schemas import ActionOut, FileOrganizerRunOut, FolderOut, VolumePath
from frontend.i18n import count, tr, tr_server, trn

BIG = 20
"""From here on taking back is asked about first: it is more than one sees at a glance."""

_OPERATIONS: dict[str, tuple[Callable[[], str], Any]] = {
    "move": (lambda: tr("Moved"), ft.Icons.DRIVE_FILE_MOVE_OUTLINED),
    "rename": (lambda: tr("Renamed"), ft.Icons.DRIVE_FILE_RENAME_OUTLINE),
    "copy": (lambda: tr("Copied"), ft.Icons.COPY_OUTLINED),
    "trash": (lambda: tr("Put into the trash"), ft.Icons.DELETE_OUTLINE),
    "extract": (lambda: tr("Unpacked"), ft.Icons.UNARCHIVE_OUTLINED),
    "compress": (lambda: tr("Packed"), ft.Icons.ARCHIVE_OUTLINED),
    "mkdir": (lambda: tr("Folder made"), ft.Icons.CREATE_NEW_FOLDER_OUTLINED),
    "rmdir": (lambda: tr("Empty folder removed"), ft.Icons.FOLDER_DELETE_OUTLINED),
    "restore": (lambda: tr("Put back"), ft.Icons.RESTORE),
    "purge": (lambda: tr("Removed from the trash for good"), ft.Icons.DELETE_FOREVER_OUTLINED),
}
_STATES: dict[str, tuple[Callable[[], str], str]] = {
    "done": (lambda: tr("Done"), "good"),
    "undone": (lambda: tr("Taken back"), "neutral"),
    "purged": (lambda: tr("Removed for good later"), "neutral"),
    "skipped": (lambda: tr("Left alone"), "warn"),
    "failed": (lambda: tr("Did not work"), "bad"),
    "rolled_back": (lambda: tr("Began, then put back"), "warn"),
}


def operation_text(action: ActionOut) -> str:
    """Return what a step was."""
    known = _OPERATIONS.get(action["op"])
    return known[0]() if known else tr("Changed")


def operation_icon(action: ActionOut) -> Any:
    """Return the icon of a step."""
    return _OPERATIONS.get(action["op"], (None, ft.Icons.INSERT_DRIVE_FILE_OUTLINED))[1]


def action_state(action: ActionOut) -> tuple[str, str]:
    """Return (words, tone) for how a step ended."""
    words, tone = _STATES.get(action["state"], (lambda: tr("Not finished"), "accent"))
    return words(), tone


def who_text(action: ActionOut, people: Mapping[str, str], me: str) -> str:
    """Return who had a step done: you, somebody else, Homie by itself or for a watched folder; empty if not known."""
    if action["by"] == "homie":
        return tr("By Homie itself, in a watched folder")
    name = tr("you") if action["user_id"] == me else people.get(action["user_id"], "")
    if not name:
        return ""
    return (
        tr("By {name}, from a watched folder", name=name) if action["by"] == "watched" else tr("By {name}", name=name)
    )


def run_title(run: FileOrganizerRunOut) -> str:
    """Return the name of a run."""
    if run["kind"] == "purge":
        by_itself = run["plan_id"].startswith("retention-")
        return tr("Trash emptied after its time") if by_itself else tr("Trash emptied")
    title = run["title"] or tr("Files")
    return tr("Taken back: {title}", title=title) if run["kind"] == "undo" else title


def run_icon(run: FileOrganizerRunOut) -> Any:
    """Return the icon of a run: filed, or taken back."""
    if run["state"] in ("running", "interrupted"):
        return ft.Icons.HOURGLASS_TOP
    if run["kind"] == "purge":
        return ft.Icons.DELETE_FOREVER_OUTLINED
    return ft.Icons.UNDO if run["kind"] == "undo" else ft.Icons.DRIVE_FILE_MOVE_OUTLINED


def run_counts(run: FileOrganizerRunOut) -> str:
    """Return in words what a run did and did not do."""
    said = []
    if run["done"] or not (run["skipped"] or run["failed"]):
        if run["kind"] == "undo":
            said.append(trn("{n} file put back", "{n} files put back", run["done"]))
        elif run["kind"] == "purge":
            said.append(trn("{n} thing removed for good", "{n} things removed for good", run["done"]))
        else:
            said.append(trn("{n} file done", "{n} files done", run["done"]))
    if run["skipped"]:
        said.append(tr("{n} left alone", n=count(run["skipped"])))
    if run["failed"]:
        said.append(tr("{n} did not work", n=count(run["failed"])))
    return ", ".join(said)


def run_state(run: FileOrganizerRunOut) -> tuple[str, str] | None:
    """Return (words, tone) where a run is not simply finished well; None where it is."""
    if run["state"] == "running":
        return tr("Still running"), "accent"
    if run["state"] == "interrupted":
        return tr("Interrupted"), "warn"
    if run["state"] == "cancelled":
        return tr("Stopped half-way"), "warn"
    if run["failed"] or run["skipped"]:
        return tr("Not everything"), "warn"
    return None


def undo_text(run: FileOrganizerRunOut) -> str:
    """Return what the button says: an undo that is undone is done again."""
    return tr("Do it again") if run["kind"] == "undo" else tr("Undo")


def why_not_undoable(run: FileOrganizerRunOut) -> str:
    """Say why a run cannot be taken back; empty when it can."""
    if run["undoable"]:
        return ""
    if run["kind"] == "purge":
        return tr("What was removed from the trash is gone for good.")
    if run["state"] == "running":
        return tr("It is still running. It can be taken back when it has finished.")
    if not run["done"]:
        return tr("Nothing was changed, so there is nothing to take back.")
    return tr("It was taken back already.")


def why_action_not_undoable(action: ActionOut) -> str:
    """Say why a step cannot be taken back; empty when it can."""
    if action["op"] == "purge" or action["state"] == "purged":
        return tr("What was removed from the trash is gone for good.")
    if action["state"] == "done":
        return tr("A folder goes by itself when it is empty.") if action["op"] == "mkdir" else ""
    if action["state"] == "undone":
        return tr("It was taken back already.")
    return tr_server(action["reason"]) or tr("Nothing was changed, so there is nothing to take back.")


def is_there(action: ActionOut) -> bool:
    """Tell whether what a step put somewhere should lie there still."""
    return action["state"] == "done" and action["target"] is not None and action["op"] not in ("mkdir", "trash")


def is_file_step(action: ActionOut) -> bool:
    """Tell whether a step was about a thing of the person's, not about a folder made or removed on the way."""
    return action["op"] not in ("mkdir", "rmdir") or action["state"] not in ("done", "undone")


def name_of(place: VolumePath | None) -> str:
    """Return the last part of a place: the file's name."""
    return place["path"].rpartition("/")[2] if place else ""


def folder_of(place: VolumePath | None, opened: tuple[FolderOut, ...]) -> str:
    """Return the folder of a place as people know it: the opened folder, then the way inside."""
    if place is None:
        return ""
    label = next((one["label"] for one in opened if one["volume_id"] == place["volume_id"]), "")
    inside = place["path"].rpartition("/")[0]
    return " › ".join(part for part in (label, *inside.split("/")) if part)
