"""Take things back: a run, a day, one step, with a question where it is big and words about what could not be."""

from __future__ import annotations

from frontend.api.generated.schemas import ActionOut, FileOrganizerRunOut
from frontend.file_organizer.history_provider import HistoryProvider
from frontend.file_organizer.history_words import BIG, name_of, run_title
from frontend.i18n import tr, trn
from frontend.kit import Action, confirm, toast, use_action, use_session


def use_undo_run(run: FileOrganizerRunOut) -> Action:
    """Return the action that takes a run back; `await action(None, True)` keeps both where something changed."""
    history = use_session().of(HistoryProvider)

    async def undo(keep_both: bool = False) -> None:
        if run["done"] >= BIG and not await confirm(_question(run), _explanation(run), _yes(run)):
            return
        await history.undo_run(run["id"], keep_both=keep_both)
        toast(tr("Homie is putting the files where they were."))

    return use_action(undo)


def use_undo_action(action: ActionOut) -> Action:
    """Return the action that takes one step back."""
    history = use_session().of(HistoryProvider)

    async def undo(keep_both: bool = False) -> None:
        await history.undo_action(action["id"], keep_both=keep_both)
        toast(tr("{name} goes back to where it was.", name=name_of(action["target"])))

    return use_action(undo)


def use_undo_day(day: str, words: str, runs: int, utc_offset_minutes: int) -> Action:
    """Return the action that takes everything of a day back, after a question."""
    history = use_session().of(HistoryProvider)

    async def undo() -> None:
        text = trn(
            "Everything that Homie did on this day in {n} run goes back to where it was.",
            "Everything that Homie did on this day in at least {n} runs goes back to where it was.",
            runs,
        )
        if await confirm(tr("Take back {day}?", day=words), text, tr("Take back")):
            await history.undo_day(day, utc_offset_minutes=utc_offset_minutes)
            toast(tr("Homie is putting the files where they were."))

    return use_action(undo)


def _question(run: FileOrganizerRunOut) -> str:
    if run["kind"] == "undo":
        return tr("Do it again?")
    return tr("Undo “{title}”?", title=run_title(run))


def _explanation(run: FileOrganizerRunOut) -> str:
    if run["kind"] == "undo":
        return trn("{n} file goes to its new place again.", "{n} files go to their new places again.", run["done"])
    return trn(
        "{n} file goes back to where it was. You can do it again afterwards.",
        "{n} files go back to where they were. You can do it again afterwards.",
        run["done"],
    )


def _yes(run: FileOrganizerRunOut) -> str:
    return tr("Do it again") if run["kind"] == "undo" else tr("Undo")
