"""After one booking was filed: offer the same for others that look like it."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.financial_manager import FinancialManagerApi
from frontend.api.generated.schemas import TransactionOut
from frontend.financial_manager.category_names import category_title
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.money_words import who
from frontend.i18n import money, short_day, tr, trn
from frontend.kit import body, caption, dialog, title, toast

SHOWN = 8


async def offer_similar(
    api: FinancialManagerApi, ledger: LedgerProvider, similar: tuple[TransactionOut, ...], category_id: str, space: str
) -> None:
    """Ask whether similar bookings get the category too, and give it to them; raises `ApiError`."""
    category = ledger.category(category_id)
    name = category_title(category) if category is not None else ""
    said = await dialog(
        tr("These too?"),
        lambda _: _listed(similar, name),
        actions=[(trn("File this one too", "File all {n}", len(similar)), "yes")],
    )
    if said == "yes":
        ids = [one["id"] for one in similar]
        told = await api.categorise_transactions({"ids": ids, "category_id": category_id}, space=space or None)
        toast(trn("{n} booking is filed as {category}.", "{n} bookings are filed as {category}.", told["count"],
                  category=name))  # fmt: skip


def _listed(similar: tuple[TransactionOut, ...], name: str) -> ft.Control:
    rows: list[ft.Control] = [body(tr("They look like the one that you filed as {category}.", category=name))]
    for one in similar[:SHOWN]:
        rows.append(
            ft.Column(
                [
                    title(who(one), max_lines=1, overflow=ft.TextOverflow.ELLIPSIS),
                    caption(f"{short_day(one['date'])} · {money(one['amount_minor'], one['currency'], signed=True)}"),
                ],
                spacing=2,
                tight=True,
            )
        )
    if len(similar) > SHOWN:
        rows.append(caption(tr("and {number} more", number=len(similar) - SHOWN)))
    return ft.Column(rows, spacing=12, tight=True)
