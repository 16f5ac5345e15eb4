"""What is said about watched folders."""

from __future__ import annotations

from frontend.api.generated.schemas import WatchedOut
from frontend.i18n import ago, percent, tr, trn

SETTLE = (10, 30, 300, 3600)
LIMITS = (20, 100, 500, 2000)
HOURS = (6, 7, 8, 9, 12, 18, 20)


def state_words(folder: WatchedOut) -> tuple[str, str]:
    """Return (words, tone) for how a folder is seen."""
    return {
        "watching": (tr("Watched"), "good"),
        "starting": (tr("Starting"), "neutral"),
        "checking": (tr("Looked at every minute"), "neutral"),
        "limit": (tr("Looked at every minute"), "warn"),
        "away": (tr("Not connected"), "warn"),
        "gone": (tr("Not there"), "bad"),
        "paused": (tr("Paused"), "neutral"),
    }[folder["state"]]


def state_about(folder: WatchedOut) -> str:
    """Explain a state that needs explaining, "" otherwise."""
    return {
        "checking": tr("A network drive does not tell when something changes, so Homie looks by itself."),
        "limit": tr("This computer watches no more folders at once. An administrator can raise the limit."),
        "away": tr("Its drive is not connected. Homie goes on when it is back; nothing is lost."),
        "gone": tr("The folder was renamed or moved. Watch it at its new place, or put it back."),
        "starting": tr("Homie looks at it for the first time in a moment."),
    }.get(folder["state"], "")


def mode_words(folder: WatchedOut) -> str:
    """Say what happens to new files."""
    if folder["mode"] == "file":
        return tr("Homie files by itself what it is at least {sure} sure of.", sure=percent(folder["threshold"]))
    return tr("Homie makes suggestions, and you decide.")


def now_words(folder: WatchedOut) -> list[str]:
    """Say what goes on in a folder: what waits, what is too young, what was filed today."""
    said = []
    if folder["waiting"]:
        said.append(trn("{n} suggestion waits for you", "{n} suggestions wait for you", folder["waiting"]))
    if folder["settling"]:
        said.append(trn("{n} file is not finished yet", "{n} files are not finished yet", folder["settling"]))
    if folder["filed_today"]:
        said.append(trn("{n} file filed today", "{n} files filed today", folder["filed_today"]))
    if not said:
        said.append(tr("Nothing waits."))
    if folder["active_at"]:
        said.append(tr("Last new file {when}", when=ago(folder["active_at"])))
    return said


def sure_words(threshold: float) -> str:
    """Say what a threshold for filing by itself means."""
    if threshold >= 0.95:
        return tr("Very careful: only what you filed many times the same way.")
    if threshold >= 0.85:
        return tr("Careful: what you have filed the same way again and again.")
    return tr("Bold: also what you have filed this way only a few times. Look at the digest now and then.")


def settle_words(seconds: int) -> str:
    """Say how long a file is left alone."""
    if seconds < 60:
        return trn("{n} second", "{n} seconds", seconds)
    if seconds < 3600:
        return trn("{n} minute", "{n} minutes", seconds // 60)
    return trn("{n} hour", "{n} hours", seconds // 3600)


def hour_words(hour: int) -> str:
    """Write an hour of the day."""
    return tr("At {hour}:00", hour=str(hour))
