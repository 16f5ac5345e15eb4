"""Save a tax report: as a table for a spreadsheet, or as a PDF to print."""

from __future__ import annotations

import base64
from typing import Literal

import flet as ft

from frontend.financial_manager.taxes_provider import TaxesProvider
from frontend.i18n import current_language, tr
from frontend.kit import tonal_button, use_action


@ft.component
def TaxSaving(taxes: TaxesProvider) -> ft.Control:
    """Offer both."""

    async def save_table() -> None:
        found = await taxes.table(_language())
        # The mark at the start tells spreadsheets that the letters are UTF-8.
        await ft.FilePicker().save_file(file_name=found["file_name"], src_bytes=found["text"].encode("utf-8-sig"))

    async def save_document() -> None:
        found = await taxes.document(_language())
        await ft.FilePicker().save_file(file_name=found["file_name"], src_bytes=base64.b64decode(found["content"]))

    buttons: list[ft.Control] = [
        tonal_button(tr("Save as PDF"), use_action(save_document), icon=ft.Icons.PICTURE_AS_PDF_OUTLINED),
        tonal_button(tr("Save as table (CSV)"), use_action(save_table), icon=ft.Icons.TABLE_CHART_OUTLINED),
    ]
    return ft.Row(buttons, wrap=True, spacing=8, run_spacing=8)


def _language() -> Literal["en", "de"]:
    return "de" if current_language() == "de" else "en"
