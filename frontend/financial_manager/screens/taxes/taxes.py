"""Taxes: the figures of a country and year, each leading to how it was made and to what is behind it. No tax advice."""

from __future__ import annotations

from itertools import groupby

import flet as ft

from frontend.api.generated.schemas import FinancialManagerFigureOut, FinancialManagerLeftOutOut, TaxReportOut
from frontend.financial_manager.screens.parts.amounts import amount_error, amount_input
from frontend.financial_manager.screens.parts.use_money import use_money
from frontend.financial_manager.screens.taxes.saving import TaxSaving
from frontend.financial_manager.tax_words import (
    amount_words,
    country_name,
    field_words,
    left_out_words,
    said,
    section_name,
    source_words,
    status_words,
)
from frontend.financial_manager.taxes_provider import TaxesProvider
from frontend.i18n import calendar_day, parse_amount, plain_amount, today, tr
from frontend.kit import (
    GAP,
    Screen,
    Tile,
    awaited,
    body,
    caption,
    card,
    describe_error,
    filter_chips,
    keyed,
    navigate,
    notice,
    quiet_button,
    scroll_body,
    section,
    state_of,
    tile_group,
    title,
    toggle,
    tonal_button,
    use_action,
    use_form,
    use_provider,
)

ROOT = "/financial_manager"


@ft.component
def Taxes() -> ft.Control:
    """Let country and year be chosen; last year is what most people want."""
    taxes = use_money(TaxesProvider, _begin)
    zeroes, show_zeroes = ft.use_state(False)
    change = use_action(lambda country, year: taxes.show(country, year))

    async def choose(country: str) -> None:
        years = taxes.years(country)
        await change(None, country, taxes.year if taxes.year in years else next(iter(years), 0))

    async def choose_year(year: str) -> None:
        await change(None, taxes.country, int(year))

    def content() -> ft.Control:
        parts: list[ft.Control] = [
            filter_chips(taxes.country, [(one, country_name(one)) for one in taxes.countries], choose),
            filter_chips(str(taxes.year), [(str(one), str(one)) for one in taxes.years(taxes.country)], choose_year),
        ]
        if taxes.problem is not None:
            what, remedy = describe_error(taxes.problem)
            parts.append(notice(f"{what} {remedy}", "bad"))
            parts.append(ft.Row([quiet_button(tr("To the accounts"), lambda: navigate(f"{ROOT}/accounts"))]))
        report = taxes.report
        there = report is not None or taxes.problem is not None or taxes.state == "ready"
        if (waiting := awaited(taxes, there)) is not None:
            parts.append(waiting)
        if report is not None:
            parts.append(notice(said(report["disclaimer"]), "warn", ft.Icons.GAVEL_OUTLINED))
            parts.append(caption(status_words(report)[:1].upper() + status_words(report)[1:]))
            parts.append(keyed(Given, f"given {taxes.country}", taxes))
            parts.extend(_sections(report, zeroes))
            parts.append(toggle(tr("Show what is zero too"), zeroes, show_zeroes))
            parts.extend(_left_out(report))
            parts.append(keyed(TaxSaving, "saving", taxes))
        return scroll_body(*parts, spacing=GAP)

    return Screen(tr("Taxes"), state_of(taxes, content, retry=taxes.load), back=f"{ROOT}/accounts")


async def _begin(taxes: TaxesProvider) -> None:
    await taxes.show(taxes.country, taxes.year or today().year - 1)


@ft.component
def Given(of: TaxesProvider) -> ft.Control:
    """Ask for what some figures need: the income of the year, and whether two are assessed together."""
    taxes = use_provider(of)
    known = "" if taxes.income_minor is None else plain_amount(taxes.income_minor, "EUR")
    form = use_form(income=known)
    wrong, set_wrong = ft.use_state("")

    async def given(joint: bool) -> None:
        text = form["income"].strip()
        problem = amount_error(text, "EUR") if text else ""
        set_wrong(problem)
        if not problem:
            await taxes.given(joint=joint, income_minor=parse_amount(text, "EUR") if text else None)

    action = use_action(given)

    async def count() -> None:
        await action(None, taxes.joint)

    async def together(joint: bool) -> None:
        await action(None, joint)

    rows: list[ft.Control] = [
        body(tr("Some figures need more than bookings. What you enter here is not kept."), muted=True),
        amount_input(form, "income", tr("Income of the year"), "EUR", error=wrong or None, on_submit=count),
    ]
    if taxes.country == "DE":
        rows.append(toggle(tr("Assessed together with my spouse"), taxes.joint, together))
    rows.append(ft.Row([tonal_button(tr("Count again"), count)]))
    return card(ft.Column(rows, spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH))


def _sections(report: TaxReportOut, zeroes: bool) -> list[ft.Control]:
    """Show the figures by section; zeroes only where they are wanted."""
    shown = [one for one in report["figures"] if zeroes or one["amount_minor"] != 0]
    if not shown:
        return [card(body(tr("Nothing of this year counts yet.")))]
    found: list[ft.Control] = []
    for key, figures in groupby(shown, lambda one: one["section"]):
        found.append(section(section_name(key), tile_group([_tile(one, report) for one in figures])))
    return found


def _tile(one: FinancialManagerFigureOut, report: TaxReportOut) -> Tile:
    place = f"{ROOT}/taxes/{report['country']}/{report['year']}/{one['id']}"
    return Tile(
        said(one["label"]),
        field_words(one),
        on_click=lambda: navigate(place),
        trailing=title(amount_words(one, report["currency"])),
        key=one["id"],
    )


def _left_out(report: TaxReportOut) -> list[ft.Control]:
    if not report["left_out"]:
        return []
    return [section(tr("To be looked at"), tile_group([_left(one) for one in report["left_out"][:100]]))]


def _left(one: FinancialManagerLeftOutOut) -> Tile:
    source = one["source"]
    kind = "trades" if source["kind"] == "trade" else "transactions"
    return Tile(
        f"{source_words(source)}, {calendar_day(source['date'])}",
        left_out_words(one),
        ft.Icons.HELP_OUTLINE,
        lambda: navigate(f"{ROOT}/{kind}/{source['id']}"),
    )
