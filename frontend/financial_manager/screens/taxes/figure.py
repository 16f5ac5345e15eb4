"""One figure of a tax report: what it means, its law, how it was made, and every booking behind it."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import FinancialManagerFigureOut, SourceOut, TaxReportOut
from frontend.financial_manager.screens.parts.gone import gone
from frontend.financial_manager.screens.parts.use_money import use_money
from frontend.financial_manager.tax_words import (
    amount_words,
    checked_words,
    field_words,
    law_words,
    rate_words,
    said,
    source_words,
    trail_words,
)
from frontend.financial_manager.taxes_provider import TaxesProvider
from frontend.i18n import tr
from frontend.kit import (
    Screen,
    Tile,
    body,
    caption,
    card,
    navigate,
    notice,
    scroll_body,
    section,
    state_of,
    tile_group,
)

ROOT = "/financial_manager"


@ft.component
def TaxFigure() -> ft.Control:
    """Show the figure that the address names."""
    params = ft.use_route_params()
    country, year = params["country"], int(params["year"]) if params["year"].isdigit() else 0
    taxes = use_money(TaxesProvider, lambda one: one.show(country, year), [country, year])
    figure, report = taxes.figure(params["figure_id"]), taxes.report

    def content() -> ft.Control:
        if figure is None or report is None:
            return gone(ft.Icons.GAVEL_OUTLINED, tr("This figure is not in the report"), f"{ROOT}/taxes", "")
        return scroll_body(*_about(figure, report))

    name = said(figure["label"]) if figure is not None else tr("Figure")
    subtitle = said(report["title"]) if report is not None else ""
    return Screen(name, state_of(taxes, content, retry=taxes.load), back=f"{ROOT}/taxes", subtitle=subtitle)


def _about(figure: FinancialManagerFigureOut, report: TaxReportOut) -> list[ft.Control]:
    currency = report["currency"]
    place = field_words(figure)
    head: list[ft.Control] = [body(said(figure["label"]))]
    head.append(ft.Text(amount_words(figure, currency), theme_style=ft.TextThemeStyle.HEADLINE_MEDIUM))
    head += [caption(place)] if place else []
    head.append(caption(tr("Law: {law}", law=law_words(figure)), max_lines=8))
    checked = checked_words(figure, report)
    head += [caption(checked, max_lines=3)] if checked else []
    parts: list[ft.Control] = [card(*head)]
    if figure["amount_minor"] is None:
        parts.append(notice(tr("This figure needs the income of the year: enter it on the page before."), "warn"))
    if figure["note"] is not None:
        parts.append(notice(said(figure["note"]), "neutral"))
    if figure["trail"]:
        lines = [_line(*trail_words(one, currency)) for one in figure["trail"]]
        parts.append(section(tr("How it was made"), card(ft.Column(lines, spacing=8, tight=True))))
    if figure["sources"]:
        parts.append(section(tr("What is behind it"), tile_group([_source(one) for one in figure["sources"]])))
    parts.append(caption(said(report["disclaimer"]), max_lines=8))
    return parts


def _line(name: str, value: str) -> ft.Control:
    return ft.Row([body(name, expand=True), body(value)], spacing=12)


def _source(source: SourceOut) -> Tile:
    kind = "trades" if source["kind"] == "trade" else "transactions"
    icon = ft.Icons.SHOW_CHART if source["kind"] == "trade" else ft.Icons.RECEIPT_LONG_OUTLINED
    return Tile(
        source_words(source), " · ".join(rate_words(source)), icon, lambda: navigate(f"{ROOT}/{kind}/{source['id']}")
    )
