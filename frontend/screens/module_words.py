"""Say in words how a module stands."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import ModuleState
from frontend.i18n import tr
from frontend.kit.installed_screens import installed_screens

BROKEN: tuple[ModuleState, ...] = ("setup_error", "migration_error", "failed_stop", "retrying")
CHANGING: tuple[ModuleState, ...] = ("migrating", "starting", "stopping")


def module_state(state: ModuleState) -> tuple[str, str]:
    """Return how a module stands in a word or two, and the tone of its chip."""
    return {
        "disabled": (tr("Switched off"), "neutral"),
        "not_loaded": (tr("Resting"), "neutral"),
        "migrating": (tr("Getting ready"), "accent"),
        "starting": (tr("Starting"), "accent"),
        "running": (tr("Works"), "good"),
        "retrying": (tr("Trying again"), "warn"),
        "setup_error": (tr("Does not work"), "bad"),
        "migration_error": (tr("Does not work"), "bad"),
        "stopping": (tr("Stopping"), "accent"),
        "failed_stop": (tr("Does not work"), "bad"),
    }[state]


def module_sentence(state: ModuleState) -> str:
    """Return what a module's state means for the household."""
    return {
        "disabled": tr("Nobody can use it. Its data stays where it is."),
        "not_loaded": tr("It starts by itself when somebody needs it."),
        "migrating": tr("Its data is being brought up to date. This takes a moment."),
        "starting": tr("It will be there in a moment."),
        "running": tr("Everything is all right."),
        "retrying": tr("Something that it needs is missing. Homie keeps trying."),
        "setup_error": tr("It could not start. Everything else goes on."),
        "migration_error": tr("Its data could not be opened. Nothing was changed."),
        "stopping": tr("It finishes what it is doing."),
        "failed_stop": tr("It did not stop cleanly. Start it again."),
    }[state]


def module_icon(module_id: str) -> Any:
    """Return the icon of a module's screens."""
    for module in installed_screens():
        if module.module_id == module_id:
            return module.icon
    return ft.Icons.EXTENSION_OUTLINED
