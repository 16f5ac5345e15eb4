"""What lies in a folder that was opened to Homie: go into folders and up again, choose a file."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import flet as ft

from frontend.api.generated.schemas import FolderEntryOut
from frontend.i18n import date_and_time, size, tr
from frontend.kit import Tile, body, caption, icon_action, keyed, tile, use_action

LookInto = Callable[[str | None], Awaitable[Any]]
Choose = Callable[[FolderEntryOut], Awaitable[Any]]
Send = Callable[[], Awaitable[Any]]


@ft.component
def FolderView(
    path: str | None,
    parent: str | None,
    items: Sequence[FolderEntryOut],
    look_into: LookInto,
    choose: Choose | None,
    nothing: str,
    send: Send | None = None,
) -> ft.Control:
    """Show a folder; None as `path`: the opened ones.

    `choose` hears the file that is touched; None: only folders are shown. `send` puts files there, where that may be.
    """
    up = use_action(lambda: look_into(parent))
    upload = use_action(send or _nowhere)
    rows: list[ft.Control] = []
    if path is not None:
        head: list[ft.Control] = [
            icon_action(ft.Icons.ARROW_UPWARD, tr("One folder up"), up),
            caption(path, expand=True, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
        ]
        if send is not None:
            head.append(icon_action(ft.Icons.UPLOAD_OUTLINED, tr("Send files here"), upload))
        rows.append(ft.Row(head, spacing=4))
    shown = [one for one in items if choose is not None or one["is_folder"]]
    rows.extend(keyed(_Entry, one["path"], one, look_into, choose) for one in shown)
    if not shown and nothing:
        rows.append(ft.Container(body(nothing, muted=True), padding=12))
    return ft.Column(rows, spacing=0, tight=True)


async def _nowhere() -> None:
    """Send nothing."""


@ft.component
def _Entry(entry: FolderEntryOut, look_into: LookInto, choose: Choose | None) -> ft.Control:
    enter = use_action(lambda: look_into(entry["path"]))
    take = use_action(lambda: (choose or _ignored)(entry))
    if entry["is_folder"]:
        return tile(Tile(entry["name"], "", ft.Icons.FOLDER_OUTLINED, enter))
    when = date_and_time(datetime.fromtimestamp(entry["modified"], UTC))
    told = f"{when} · {size(entry['size'])}"
    return tile(Tile(entry["name"], told, ft.Icons.DESCRIPTION_OUTLINED, take, ft.Container(width=0)))


async def _ignored(_: FolderEntryOut) -> None:
    """Choose nothing."""
