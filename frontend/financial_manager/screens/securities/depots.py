"""Securities: what all depots are worth and gained by both methods, their returns, what is held, and its spread."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import flet as ft

from frontend.api.generated.schemas import AccountOut, PositionOut
from frontend.financial_manager.depot_words import (
    METHODS,
    figures_of,
    method_about,
    method_name,
    price_words,
    shares_words,
)
from frontend.financial_manager.depots_provider import DepotsProvider, held_by_currency
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.screens.parts.amounts import amount, balance
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money
from frontend.financial_manager.screens.securities.depot_returns import depot_returns
from frontend.financial_manager.screens.securities.depot_spread import DepotSpread
from frontend.financial_manager.screens.securities.depots_worth import depots_worth
from frontend.i18n import money, tr
from frontend.kit import (
    GAP,
    AllOf,
    Screen,
    Tile,
    awaited,
    body,
    caption,
    card,
    empty_state,
    filter_chips,
    icon_badge,
    label,
    navigate,
    notice,
    primary_button,
    quiet_button,
    scroll_body,
    section,
    state_of,
    tile_group,
    tonal_button,
)

ROOT = "/financial_manager"
ALL = "all"


@ft.component
def Depots() -> ft.Control:
    """Show all depots, or the one that is chosen; the address may name it."""
    named = parse_qs(urlsplit(ft.context.page.route or "").query).get("depot", [ALL])[0]
    chosen, choose = ft.use_state(named)
    method, set_method = ft.use_state(METHODS[0])
    ledger = use_ledger()
    wanted = "" if chosen == ALL else chosen
    depots = use_money(DepotsProvider, lambda one: one.show(wanted), [wanted])

    def content() -> ft.Control:
        accounts = depots_of(ledger)
        if not accounts:
            return _no_depot()
        parts: list[ft.Control] = []
        if len(accounts) > 1:
            names = [(ALL, tr("All depots")), *((one["id"], one["name"]) for one in accounts)]
            parts.append(filter_chips(chosen, names, choose))
        parts.append(_ways(wanted))
        if (waiting := awaited(depots, depots.shown == wanted)) is not None:
            return scroll_body(*parts, waiting, spacing=GAP * 1.25)
        if not depots.positions:
            return scroll_body(*parts, _nothing_held())
        names = [(one, method_name(one)) for one in METHODS]
        parts.append(ft.Column([filter_chips(method, names, set_method), caption(method_about(method))], spacing=0))
        parts.extend(depots_worth(depots.worth) if not wanted else ())
        parts.extend(_worth(currency, rows, method) for currency, rows in _by_currency(depots.positions).items())
        parts.extend(_held(rows, method, len(accounts) > 1) for rows in held_by_currency(depots.positions).values())
        parts.extend(depot_returns(one) for one in depots.returns)
        parts.append(DepotSpread(depots))
        parts.append(_sold(depots.positions, method))
        return scroll_body(*parts, spacing=GAP * 1.25)

    return Screen(tr("Securities"), state_of(AllOf(ledger, depots), content), back=f"{ROOT}/accounts")


def depots_of(ledger: LedgerProvider) -> list[AccountOut]:
    """Return the accounts that hold securities."""
    return [one for one in ledger.accounts if one["kind"] == "depot"]


def _no_depot() -> ft.Control:
    return empty_state(
        ft.Icons.SHOW_CHART,
        tr("No depot yet"),
        tr("Add an account of the kind securities account; then enter what you bought."),
        primary_button(tr("Add account"), lambda: navigate(f"{ROOT}/accounts/new"), icon=ft.Icons.ADD),
    )


def _nothing_held() -> ft.Control:
    return empty_state(
        ft.Icons.SHOW_CHART,
        tr("Nothing is held yet"),
        tr("Enter a purchase, or what you held before you began with Homie."),
    )


def _ways(depot_id: str) -> ft.Control:
    chosen = f"?depot={depot_id}" if depot_id else ""
    buttons: list[ft.Control] = [
        primary_button(tr("Enter trade"), lambda: navigate(f"{ROOT}/trades/new{chosen}"), icon=ft.Icons.ADD),
        tonal_button(tr("Prices"), lambda: navigate(f"{ROOT}/prices"), icon=ft.Icons.PRICE_CHANGE_OUTLINED),
        quiet_button(tr("Taxes"), lambda: navigate(f"{ROOT}/taxes"), icon=ft.Icons.GAVEL_OUTLINED),
    ]
    return ft.Row(buttons, wrap=True, spacing=8, run_spacing=8)


def _by_currency(positions: tuple[PositionOut, ...]) -> dict[str, list[PositionOut]]:
    found: dict[str, list[PositionOut]] = {}
    for one in positions:
        found.setdefault(one["currency"], []).append(one)
    return found


def _worth(currency: str, rows: list[PositionOut], method: str) -> ft.Control:
    """Show what everything of one currency is worth, and both methods side by side, the chosen one first."""
    worth = sum(one["value_minor"] or 0 for one in rows)
    unknown = [one["security"] for one in rows if one["value_minor"] is None]
    parts: list[ft.Control] = [
        caption(tr("Worth today")),
        balance(worth, currency, style=ft.TextThemeStyle.HEADLINE_MEDIUM),
    ]
    if unknown:
        names = ", ".join(unknown)
        parts.append(notice(tr("No price is known of {names}; they count for nothing.", names=names), "warn"))
    both = sorted(METHODS, key=lambda one: one != method)
    parts.append(ft.ResponsiveRow([_method(one, rows, currency) for one in both], spacing=12, run_spacing=12))
    dividends = sum(one["dividends_minor"] for one in rows)
    kept = sum(one["withheld_minor"] + one["surcharge_minor"] + one["foreign_withheld_minor"] for one in rows)
    fees = sum(one["fees_minor"] for one in rows)
    told = tr(
        "Dividends {dividends}, taxes kept {kept}, fees {fees}",
        dividends=money(dividends, currency), kept=money(kept, currency), fees=money(fees, currency),
    )  # fmt: skip
    return card(*parts, caption(told, max_lines=3))


def _method(method: str, rows: list[PositionOut], currency: str) -> ft.Control:
    figures = [figures_of(one, method) for one in rows]
    still = sum(one["unrealised_minor"] or 0 for one in figures)
    lines: list[ft.Control] = [
        label(method_name(method)),
        named_amount(tr("Not sold yet"), still, currency),
        named_amount(tr("Already sold"), sum(one["realised_minor"] for one in figures), currency),
        ft.Row(
            [
                caption(tr("Cost of what is held"), expand=True),
                body(money(sum(f["cost_minor"] for f in figures), currency)),
            ]
        ),
    ]
    inner = ft.Column(lines, spacing=4, tight=True)
    return ft.Container(
        inner, padding=12, border_radius=12, bgcolor=ft.Colors.SURFACE_CONTAINER_HIGH, col={"xs": 12, "sm": 6}
    )


def named_amount(name: str, minor: int, currency: str) -> ft.Control:
    """Show a gain or loss beside its name."""
    return ft.Row([caption(name, expand=True), amount(minor, currency)])


def _held(rows: list[PositionOut], method: str, several: bool) -> ft.Control:
    return section(tr("What you hold"), tile_group([_tile(one, method, several) for one in rows]))


def _sold(positions: tuple[PositionOut, ...], method: str) -> ft.Control:
    gone = [one for one in positions if one["quantity"] == "0"]
    if not gone:
        return ft.Container(height=0)
    return section(tr("Sold or moved away"), tile_group([_tile(one, method, True) for one in gone]))


def _tile(one: PositionOut, method: str, several: bool) -> Tile:
    figures = figures_of(one, method)
    held = one["quantity"] != "0"
    told = [shares_words(one["quantity"]), price_words(one)] if held else []
    told += [tr("On the way to another depot")] if one["on_the_way"] else []
    told += [one["depot"]] if several else []
    gain = figures["unrealised_minor"] if held else figures["realised_minor"]
    right: list[ft.Control] = []
    if one["value_minor"] is not None and held:
        right.append(balance(one["value_minor"], one["currency"]))
    if gain is not None:
        right.append(amount(gain, one["currency"], style=ft.TextThemeStyle.BODY_SMALL))
    place = f"{ROOT}/depots/{one['depot_id']}/{one['security_id']}"
    return Tile(
        one["security"],
        " · ".join(told),
        leading=icon_badge(ft.Icons.SHOW_CHART, "accent" if held else "neutral"),
        on_click=lambda: navigate(place),
        trailing=ft.Column(
            right, spacing=0, tight=True, alignment=ft.MainAxisAlignment.CENTER,
            horizontal_alignment=ft.CrossAxisAlignment.END,
        ),
        key=f"{one['depot_id']}-{one['security_id']}{'-way' if one['on_the_way'] else ''}",
    )  # fmt: skip
