"""Say in words what a job does and how it stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import flet as ft

from frontend.api.generated.schemas import JobOut, JobState, ModuleOut, SpaceOut
from frontend.i18n import tr, tr_server
from frontend.kit.installed_screens import installed_screens
from frontend.screens.backup_words import part_name


def job_name(kind: str) -> str:
    """Return what a kind of work is called: by core, by its module's screens, else by its own name."""
    if (known := _CORE.get(kind)) is not None:
        return known()
    for module in installed_screens():
        if (named := module.job_names.get(kind)) is not None:
            return named()
    return tr_server(kind.rpartition(".")[2].replace("_", " ").capitalize())


def job_title(job: JobOut, spaces: Iterable[SpaceOut], modules: tuple[ModuleOut, ...]) -> str:
    """Return what a job is called among others.

    Each space has such work, and each part of the hub its backups: what is of a shared space or of one part says so.
    """
    part = job.get("part")
    about = [part_name(part, modules)] if part else []
    shared = [one["name"] for one in spaces if one["id"] == job["owner_id"] and one["kind"] != "private"]
    return " · ".join((job_name(job["kind"]), *about, *shared))


_CORE = {
    "core.backup_module": lambda: tr("Make a backup"),
    "core.verify_backup": lambda: tr("Check a backup"),
    "core.prune_backups": lambda: tr("Clear away old backups"),
    "core.export_owner": lambda: tr("Export a space"),
}


def job_icon(kind: str) -> Any:
    """Return the icon of a kind of work: its module's, or one of core's."""
    module_id = kind.partition(".")[0]
    for module in installed_screens():
        if module.module_id == module_id:
            return module.icon
    return ft.Icons.BACKUP_OUTLINED if "backup" in kind else ft.Icons.SETTINGS_OUTLINED


def state_words(state: JobState) -> tuple[str, str]:
    """Return how a job stands, and the tone of its chip."""
    return {
        "queued": (tr("Waiting"), "neutral"),
        "running": (tr("Running"), "accent"),
        "cancelling": (tr("Stopping"), "warn"),
        "done": (tr("Done"), "good"),
        "failed": (tr("Did not succeed"), "bad"),
        "cancelled": (tr("Cancelled"), "neutral"),
    }[state]


def job_remedy(job: JobOut) -> str:
    """Return what to do about work that did not succeed."""
    if "backup" in job["kind"]:
        return tr("Look at Backups: is the backup drive connected, and is there room on it?")
    return tr("Try it again. If it fails again, the reason above says what stands in the way.")
