"""Say in words what is backed up, how good it is, and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass

from frontend.api.generated.schemas import BackupOut, ModuleOut, PartOut, StatusOut
from frontend.i18n import ago, tr, tr_server


def part_name(part: str, modules: tuple[ModuleOut, ...]) -> str:
    """Return what a part is called: a module's title, or what core keeps."""
    if part == "core":
        return tr("Accounts and settings")
    return next((tr_server(one["title"]) for one in modules if one["id"] == part), part.replace("_", " ").capitalize())


def check_words(of: BackupOut) -> tuple[str, str]:
    """Return how good a backup is, and the tone of its chip."""
    return {
        "verified": (tr("Checked"), "good"),
        "unverified": (tr("Not checked"), "warn"),
        "damaged": (tr("Damaged"), "bad"),
    }[of["check"]]


def reason_words(of: BackupOut) -> str:
    """Return why a backup was made."""
    return {
        "manual": tr("made by hand"),
        "scheduled": tr("made at night"),
        "before_restore": tr("made before a restore"),
        "before_update": tr("made before an update"),
    }.get(of["reason"], "")


@dataclass(frozen=True)
class Verdict:
    """Say how the backups stand in all: one line, one explanation, the tone, and what to do."""

    text: str
    explanation: str
    tone: str
    remedies: tuple[str, ...] = ()


def verdict(status: StatusOut, sets: tuple[BackupOut, ...], modules: tuple[ModuleOut, ...]) -> Verdict:
    """Return how the backups stand, worst first."""
    if not status["reachable"] and any(part["last_run"] for part in status["parts"]):
        return Verdict(
            tr("The backup drive is not connected"),
            tr(
                "Plug it in. Until then nothing can be backed up or restored. The folder is {folder}.",
                folder=status["directory"],
            ),
            "bad",
        )
    troubles = [
        words for part in status["parts"] if (words := part_trouble(part, part_name(part["part"], modules), sets))
    ]
    if troubles:
        return Verdict(tr("Something is wrong with the backups"), "", "bad", tuple(troubles))
    without = [part for part in status["parts"] if not part["backups"]]
    if len(without) == len(status["parts"]):
        return Verdict(
            tr("There is no backup yet"), tr("Make the first one now. It takes a moment and disturbs nobody."), "warn"
        )
    if without:
        names = ", ".join(part_name(part["part"], modules) for part in without)
        return Verdict(tr("Not everything is backed up"), tr("Still missing: {names}", names=names), "warn")
    unchecked = [part for part in status["parts"] if part["last_verified"] is None]
    if unchecked:
        return Verdict(
            tr("Everything is backed up"), tr("The check that it can be restored is still to come."), "accent"
        )
    oldest = min(str(part["last_verified"]) for part in status["parts"])
    return Verdict(tr("Everything is backed up"), tr("Made and checked {when}.", when=ago(oldest)), "good")


def part_trouble(part: PartOut, name: str, sets: tuple[BackupOut, ...]) -> str:
    """Return what is wrong with one part and what to do, or nothing."""
    if not part["problems"]:
        return ""
    mine = [one for one in sets if one["part"] == part["part"]]
    if mine and mine[0]["check"] == "damaged":
        return tr("{name}: the newest backup is damaged. Check the drive, then back up again.", name=name)
    if any(one["on_hold"] for one in mine):
        return tr(
            "{name}: much less data than before. Open its newest backup and say whether that is right.", name=name
        )
    run = part["last_run"]
    if run is not None and not run["ok"]:
        return tr("{name}: the last try failed. {reason}", name=name, reason=tr_server(run["message"]))
    return tr("{name}: no good backup of late. Back up now.", name=name)
