"""What goes on in the trash: its bar, waiting for a drive, and in words what came of it."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.file_organizer.trash_provider import TrashProvider
from frontend.i18n import tr, tr_server, trn
from frontend.kit import Live, body, card, icon_action, meter, notice
from frontend.providers.jobs_provider import JobProgress


def trash_work(trash: TrashProvider) -> list[ft.Control]:
    """Return the work that was started, nothing where there is none; the caller follows `trash`."""
    if trash.working is None:
        return []
    removing = trash.removing

    def close() -> None:
        trash.working = None

    return [Live(trash.working, lambda progress: _state(progress, removing, close))]


def _state(progress: JobProgress, removing: bool, close: Any) -> ft.Control:
    doing = tr("Removing for good…") if removing else tr("Putting back…")
    if progress.live:
        waits = progress.state == "queued" and progress.note
        return card(body(tr_server(progress.note) if waits else doing), meter(progress.fraction, doing))
    dismiss = icon_action(ft.Icons.CLOSE, tr("Close this message"), close)
    if progress.state == "cancelled":
        return notice(tr("It was stopped. What was not reached is still here."), "warn", ft.Icons.INFO_OUTLINE, dismiss)
    if progress.state != "done":
        words = tr_server(progress.error) or tr("It did not work. Nothing was lost; try it again.")
        return notice(words, "bad", ft.Icons.ERROR_OUTLINE, dismiss)
    result = progress.result or {}
    runs = list(result.get("runs") or (result,))
    done = sum(int(one.get("done", 0)) for one in runs)
    missed = sum(int(one.get("failed", 0)) + int(one.get("skipped", 0)) for one in runs)
    said = (
        trn("{n} thing was removed for good.", "{n} things were removed for good.", done)
        if removing
        else trn("{n} thing is back where it was.", "{n} things are back where they were.", done)
    )
    if not missed:
        return notice(said, "good", ft.Icons.CHECK, dismiss)
    why = next((one["explanation"] for run in runs for one in run.get("problems") or () if one.get("explanation")), "")
    left = trn("{n} thing stayed.", "{n} things stayed.", missed)
    words = " ".join(part for part in (said if done else "", left, tr_server(why)) if part)
    return notice(words, "warn", ft.Icons.INFO_OUTLINE, dismiss)
