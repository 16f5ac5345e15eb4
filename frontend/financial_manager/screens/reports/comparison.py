"""Compare: whom money went to, who entered it, and one year with the two before."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import flet as ft

from frontend.api.generated.schemas import PartySumOut, YearSumOut
from frontend.financial_manager.category_names import category_title
from frontend.financial_manager.insight_provider import ComparisonProvider
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.screens.parts.amounts import amount
from frontend.financial_manager.screens.parts.spending_bar import spending_bar
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money
from frontend.i18n import current_language, money, today, tr, tr_server
from frontend.kit import (
    GAP,
    AllOf,
    Screen,
    Tile,
    awaited,
    body,
    card,
    choose_sheet,
    empty_state,
    filter_chips,
    icon_action,
    navigate,
    scroll_body,
    section,
    state_of,
    tile_group,
    toast,
    toggle,
    use_action,
    use_session,
)

ROOT = "/financial_manager"
MOST = 40


@ft.component
def Comparison() -> ft.Control:
    """Show one year, and one way to sum it, at a time; each row leads to its transactions."""
    this = today().year
    year, set_year = ft.use_state(str(this))
    view, set_view = ft.use_state("payees")
    wanted, set_currency = ft.use_state("")
    same_days, set_same_days = ft.use_state(True)
    ledger = use_ledger()
    own = use_session().auth.person
    compared = use_money(ComparisonProvider, lambda one: one.show(int(year), same_days=same_days), [year, same_days])
    save = use_action(lambda: _save(compared, year))
    currencies = sorted({one["currency"] for one in (*compared.payees, *compared.years)})
    currency = wanted if wanted in currencies else next(iter(currencies), "")

    def content() -> ft.Control:
        views = [("payees", tr("By payee")), ("years", tr("By year")), ("people", tr("By person"))]
        parts: list[ft.Control] = [
            filter_chips(year, [(str(this - n), str(this - n)) for n in range(3)], set_year),
            filter_chips(view, views, set_view),
        ]
        if (waiting := awaited(compared, compared.shown == (int(year), same_days))) is not None:
            return scroll_body(*parts, waiting, spacing=GAP * 1.25)
        if len(currencies) > 1:
            parts.append(filter_chips(currency, [(one, one) for one in currencies], set_currency))
        if view == "years":
            parts.append(toggle(tr("Of each year only the days up to today's"), same_days, set_same_days))
            parts += _years([one for one in compared.years if one["currency"] == currency], ledger, int(year))
        else:
            rows = compared.payees if view == "payees" else compared.people
            me = own["id"] if own is not None else ""
            parts += _parties([one for one in rows if one["currency"] == currency], view, year, me)
        return scroll_body(*parts, spacing=GAP * 1.25)

    return Screen(
        tr("Compare"),
        state_of(AllOf(compared, ledger), content),
        back=f"{ROOT}/reports",
        actions=[icon_action(ft.Icons.DOWNLOAD_OUTLINED, tr("Save as a table"), save)],
    )


def _nothing() -> ft.Control:
    return empty_state(ft.Icons.COMPARE_ARROWS, tr("Nothing in this year"), tr("Choose another year above."))


def _parties(rows: list[PartySumOut], view: str, year: str, me: str) -> list[ft.Control]:
    """Show what was spent, then what came in, the most first."""
    if not rows:
        return [_nothing()]
    found: list[ft.Control] = []
    ways: tuple[tuple[str, Any], ...] = ((tr("Spent"), "spent_minor"), (tr("Received"), "received_minor"))
    for title, column in ways:
        some = sorted((one for one in rows if one[column]), key=lambda one: -one[column])[:MOST]  # type: ignore[literal-required]
        if some:
            most = some[0][column]  # type: ignore[literal-required]
            bars = [_bar(one, one[column], most, view, year, me) for one in some]  # type: ignore[literal-required]
            found.append(section(title, card(ft.Column(bars, spacing=0, tight=True), padding=4)))
    return found


def _bar(one: PartySumOut, minor: int, most: int, view: str, year: str, me: str) -> ft.Control:
    name = one["name"] if view == "payees" else _person(one, me)
    asked = f"words={quote(one['name'])}" if view == "payees" else f"person={quote(one['key'])}"
    place = f"{ROOT}/transactions?year={year}&{asked}"
    return spending_bar(name or tr("Without a name"), minor, one["currency"], minor / most, lambda: navigate(place))


def _person(one: PartySumOut, me: str) -> str:
    """Return how a person is shown: oneself as such, who has no name in the space in words."""
    return tr("You") if me and one["key"] == me else tr_server(one["name"])


def _years(rows: list[YearSumOut], ledger: LedgerProvider, year: int) -> list[ft.Control]:
    """Show each category of the year with the two years before: what was spent first, then what came in."""
    if not rows:
        return [_nothing()]
    sums = {(one["category_id"], one["year"]): -one["spent_minor"] for one in rows}
    totals: dict[str | None, int] = {}
    for (key, _), minor in sums.items():
        totals[key] = totals.get(key, 0) + minor
    ordered = sorted(totals, key=lambda key: (-abs(sums.get((key, year), 0)), -abs(totals[key])))
    parts: list[ft.Control] = [
        body(tr("What each category came to in {year}, below it the years before.", year=year), muted=True)
    ]
    for title, some in (
        (tr("Spent"), [key for key in ordered if totals[key] <= 0]),
        (tr("Received"), [key for key in ordered if totals[key] > 0]),
    ):
        if some:
            tiles = [_category(key, sums, year, rows[0]["currency"], ledger) for key in some]
            parts.append(section(title, tile_group(tiles)))
    return parts


def _category(
    key: str | None, sums: dict[tuple[str | None, int], int], year: int, unit: str, ledger: LedgerProvider
) -> Tile:
    category = ledger.category(key)
    before = " · ".join(f"{one}: {money(sums.get((key, one), 0), unit, signed=True)}" for one in (year - 1, year - 2))
    place = f"{ROOT}/transactions?year={year}&category={key or 'none'}"
    return Tile(
        category_title(category) if category is not None else tr("No category yet"),
        before,
        trailing=amount(sums.get((key, year), 0), unit),
        on_click=lambda: navigate(place),
    )


async def _save(compared: ComparisonProvider, year: str) -> None:
    """Ask which report, and in which form; save it on this device."""
    reports = [
        ("months", tr("Months and categories")), ("payees", tr("By payee")), ("people", tr("By person")),
        ("years", tr("By year")), ("net_worth", tr("What you own")), ("recurring", tr("Recurring payments")),
        ("forecast", tr("Forecast")), ("goals", tr("Goals")), ("news", tr("What changed")),
    ]  # fmt: skip
    report = await choose_sheet(tr("Save which report?"), [(key, Tile(name)) for key, name in reports])
    if report is None:
        return
    forms = [("xlsx", Tile(tr("Spreadsheet (XLSX)"))), ("csv", Tile(tr("Text table (CSV)"))), ("pdf", Tile("PDF"))]
    form = await choose_sheet(tr("In which form?"), forms)
    if form is None:
        return
    first = int(year) - 2 if report == "years" else int(year)
    until = min(f"{year}-12-31", today().isoformat())
    name, content = await compared.table(report, form, f"{first}-01-01", until, current_language())
    await ft.FilePicker().save_file(file_name=name, src_bytes=content)
    toast(tr("{name} is saved.", name=name))
