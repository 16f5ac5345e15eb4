"""Say how a table is to be read where it was read wrongly: the order of the dates, the columns, the signs."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import TableOut
from frontend.financial_manager.import_provider import ImportProvider
from frontend.i18n import tr
from frontend.kit import Tile, caption, choose_sheet, quiet_button, use_action


@ft.component
def ReadDifferently(found: ImportProvider, table: TableOut) -> ft.Control:
    """Offer what can be said; it is remembered when the statement is booked."""

    async def ask() -> None:
        what = await choose_sheet(tr("What was read wrongly?"), [(key, Tile(name)) for key, name in _subjects()])
        if what == "order":
            await _order(found)
        elif what == "sign":
            await found.read_as(sign="as_written" if found.layout.get("sign") == "turned" else "turned")
        elif what is not None:
            await _column(found, table, what)

    said = tr("Read as you said; the account's next file of this kind is read the same way.")
    rows: list[ft.Control] = [caption(said, max_lines=3)] if table["chosen"] else []
    button = quiet_button(tr("Read it differently"), use_action(ask), icon=ft.Icons.TUNE)
    return ft.Column([*rows, ft.Row([button], wrap=True)], spacing=0, tight=True)


def _subjects() -> list[tuple[str, str]]:
    return [
        ("order", tr("Day and month the wrong way round")),
        ("sign", tr("What was spent looks received")),
        ("amount", tr("Another column is the amount")),
        ("booking_date", tr("Another column is the day")),
        ("counterparty", tr("Another column says who it was")),
        ("purpose", tr("Another column says what for")),
        ("balance", tr("Another column is the balance")),
    ]


async def _order(found: ImportProvider) -> None:
    orders = [("dmy", tr("Day, month, year")), ("mdy", tr("Month, day, year")), ("ymd", tr("Year, month, day"))]
    chosen = await choose_sheet(tr("How are the dates written?"), [(key, Tile(name)) for key, name in orders])
    if chosen is not None:
        await found.read_as(order=chosen)


async def _column(found: ImportProvider, table: TableOut, role: str) -> None:
    now = table["columns"].get(role, -1)
    choices: list[tuple[str, Tile]] = [
        (str(number), Tile(name or tr("Column {number}", number=number + 1), selected=number == now))
        for number, name in enumerate(table["heading"])
    ]
    if role not in ("amount", "booking_date"):
        choices.append(("-1", Tile(tr("None of them"))))
    chosen = await choose_sheet(tr("Which column is it?"), choices)
    if chosen is not None:
        columns: dict[str, Any] = {**found.layout.get("columns", {}), role: int(chosen)}
        await found.read_as(columns=columns)
