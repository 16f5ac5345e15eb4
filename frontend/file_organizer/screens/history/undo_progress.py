"""The undo that goes on: its bar, and in words what came of it."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.file_organizer.history_provider import HistoryProvider
from frontend.i18n import tr, tr_server, trn
from frontend.kit import Live, body, card, icon_action, meter, navigate, notice, quiet_button
from frontend.providers.jobs_provider import JobProgress


def undo_progress(history: HistoryProvider) -> list[ft.Control]:
    """Return the undo that was started, nothing where there is none; the caller follows `history`."""
    if history.undoing is None:
        return []

    def close() -> None:
        history.undoing = None

    return [Live(history.undoing, lambda progress: _state(progress, close))]


def _state(progress: JobProgress, close: Any) -> ft.Control:
    if progress.live:
        return card(body(tr("Putting files back…")), meter(progress.fraction, tr("Putting files back")))
    dismiss = icon_action(ft.Icons.CLOSE, tr("Close this message"), close)
    if progress.state == "done":
        return _ended(progress, dismiss)
    words = tr_server(progress.error) or tr("It could not be taken back. Try it again.")
    return notice(words, "bad", ft.Icons.ERROR_OUTLINE, dismiss)


def _ended(progress: JobProgress, dismiss: ft.Control) -> ft.Control:
    runs = list((progress.result or {}).get("runs") or ())
    done = sum(int(one.get("done", 0)) for one in runs)
    missed = sum(int(one.get("failed", 0)) + int(one.get("skipped", 0)) for one in runs)
    said = trn("{n} file is back where it was.", "{n} files are back where they were.", done)
    if not missed:
        return notice(said, "good", ft.Icons.CHECK, dismiss)
    run_id = str(next((one["run_id"] for one in runs if one.get("failed") or one.get("skipped")), ""))
    why = quiet_button(tr("Why?"), lambda: navigate(f"/file_organizer/history/{run_id}"))
    left = tr("{n} could not be put back.", n=missed)
    return notice(f"{said} {left}", "warn", ft.Icons.INFO_OUTLINE, ft.Row([why, dismiss], tight=True, spacing=0))
