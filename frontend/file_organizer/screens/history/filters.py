"""What the steps of the history are narrowed to: what was done, when, in which folder, and by whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import flet as ft

from frontend.file_organizer.folders_provider import FoldersProvider
from frontend.file_organizer.history_provider import HistoryProvider
from frontend.file_organizer.screens.parts.folder_chooser import FolderChooser, name_in, place_at
from frontend.i18n import tr
from frontend.i18n.language import current_zone
from frontend.kit import (
    TextInput,
    body,
    filter_chips,
    quiet_button,
    scroll_body,
    tonal_button,
    use_action,
    use_form,
    use_provider,
    use_session,
)

DAYS = (1, 7, 30, 365)
_BETWEEN = "between"


@ft.component
def Filters(choose_folder: Callable[[], None]) -> ft.Control:
    """Show the choices; `choose_folder` is called when a folder is to be chosen."""
    session = use_session()
    history = use_provider(session.of(HistoryProvider))
    roots = use_provider(session.of(FoldersProvider).roots).items
    between, set_between = ft.use_state(False)
    kinds = [
        ("", tr("Everything")),
        ("moved", tr("Moved")),
        ("renamed", tr("Renamed")),
        ("copied", tr("Copied")),
        ("trashed", tr("Trash")),
        ("unpacked", tr("Unpacked")),
        ("packed", tr("Packed")),
        ("undone", tr("Taken back")),
    ]
    times = [("", tr("Any time")), *((str(days), _since_words(days)) for days in DAYS)]
    times.append((_BETWEEN, tr("Between two days")))
    places = [("", tr("Every folder"))]
    if history.folder is not None:
        places.append(("chosen", name_in(history.folder, roots)))
    places.append(("choose", tr("Choose a folder")))

    async def kind(value: str) -> None:
        await history.narrow(kind=value)

    async def when(value: str) -> None:
        set_between(value == _BETWEEN)
        if value != _BETWEEN:
            days = int(value) if value else None
            await history.narrow(since=days_ago(days) if days else "", until="", last_days=days)

    async def where(value: str) -> None:
        if value == "choose":
            choose_folder()
        elif not value:
            await history.narrow(folder=None)

    async def who(value: str) -> None:
        await history.narrow(user_id=value)

    days = between or bool(history.until or (history.since and history.last_days is None))
    chosen = _BETWEEN if days else str(history.last_days or "")
    rows: list[ft.Control] = [filter_chips(history.kind, kinds, kind), filter_chips(chosen, times, when)]
    if days:
        rows.append(DayRange())
    rows.append(filter_chips("chosen" if history.folder is not None else "", places, where))
    if len(history.people) > 1:
        everyone = [("", tr("Everybody")), *history.people.items()]
        rows.append(filter_chips(history.user_id, everyone, who))
    return ft.Column(rows, spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


@ft.component
def DayRange() -> ft.Control:
    """Let a first and a last day be typed, each of which may be left out; what is wrong is said at its field."""
    history = use_provider(use_session().of(HistoryProvider))
    form = use_form(first=_typed(history.since), last=_typed(history.until, timedelta(days=-1)))
    errors, set_errors = ft.use_state({"first": "", "last": ""})

    async def show() -> None:
        said = {name: day_error(form[name]) for name in ("first", "last")}
        first, last = day_of(form["first"]), day_of(form["last"])
        if first and last and last < first:
            said["last"] = tr("This day is before the first one. Choose a later one.")
        set_errors(said)
        if not any(said.values()):
            await history.narrow(
                since=_midnight(first) if first else "",
                until=_midnight(last + timedelta(days=1)) if last else "",
                last_days=None,
            )

    action = use_action(show)

    async def submit() -> None:
        await action(None)

    def field(name: str, label: str) -> ft.Control:
        hint: dict[str, Any] = {
            "hint_text": tr("YYYY-MM-DD"),
            "keyboard_type": ft.KeyboardType.DATETIME,
            "max_length": 10,
        }
        asked = TextInput(form, name, label, error=errors[name] or None, on_submit=submit, counter="", **hint)
        return ft.Container(asked, expand=True)

    return ft.Column(
        [
            ft.Row(
                [field("first", tr("First day")), field("last", tr("Last day"))],
                spacing=8,
                vertical_alignment=ft.CrossAxisAlignment.START,
            ),
            ft.Row([tonal_button(tr("Show these days"), action)], alignment=ft.MainAxisAlignment.END),
        ],
        spacing=8,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@ft.component
def FolderToShow(close: Callable[[], None]) -> ft.Control:
    """Let the folder be chosen in or below which the steps were; `close` is called when it is, or shall not be."""
    session = use_session()
    history = session.of(HistoryProvider)
    roots = use_provider(session.of(FoldersProvider).roots).items

    async def take(path: str, _: str) -> None:
        close()
        await history.narrow(folder=place_at(path, roots))

    action = use_action(take)

    async def choose(path: str, name: str) -> None:
        await action(None, path, name)

    return scroll_body(
        body(tr("What happened in which folder, or in a folder inside of it?"), muted=True),
        FolderChooser(choose),
        ft.Row([quiet_button(tr("Cancel"), close)], alignment=ft.MainAxisAlignment.END),
    )


def day_of(text: str) -> date | None:
    """Return the day that is written like 2026-03-04; None for anything else. A calendar of ours ends before 9999."""
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if 1970 <= found.year < 9999 and text.strip() == found.isoformat() else None


def day_error(text: str) -> str:
    """Say what is wrong with a typed day; empty where it is one, or nothing is typed."""
    if not text.strip() or day_of(text):
        return ""
    return tr("This is no day. Write it like {example}.", example="2026-03-04")


def _midnight(day: date) -> str:
    """Return the moment at which a day begins by the person's clock."""
    zone = current_zone()
    start = datetime.combine(day, time())
    return (start.replace(tzinfo=zone) if zone is not None else start.astimezone()).isoformat()


def _typed(moment: str, more: timedelta = timedelta()) -> str:
    """Return the day of a moment, as it is typed."""
    if not moment:
        return ""
    return (datetime.fromisoformat(moment).astimezone(current_zone()) + more).date().isoformat()


def _since_words(days: int) -> str:
    words = {1: tr("Last 24 hours"), 7: tr("Last week"), 30: tr("Last month"), 365: tr("Last year")}
    return words[days]


def days_ago(days: int) -> str:
    """Return the moment so many days ago, to the hour, so that it stays the same while somebody looks."""
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    return (now - timedelta(days=days)).isoformat()
