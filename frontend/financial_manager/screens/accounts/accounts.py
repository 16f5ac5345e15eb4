"""The module's first page: what is owned, the accounts, what waits, what this month went to, and ways on."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import AccountOut, DepotsWorthOut, MonthSumOut, OwnWorthOut
from frontend.financial_manager.category_names import category_title
from frontend.financial_manager.depots_worth_provider import DepotsWorthProvider
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.money_words import kind_icon, last_booking
from frontend.financial_manager.overview_provider import OverviewProvider, spent_most
from frontend.financial_manager.places import ROOT
from frontend.financial_manager.rate_words import rate_day, rate_text
from frontend.financial_manager.rates_provider import RatesProvider
from frontend.financial_manager.screens.accounts.held import held
from frontend.financial_manager.screens.accounts.ways import Ways
from frontend.financial_manager.screens.parts.space_choice import Spaces
from frontend.financial_manager.screens.parts.spending_bar import spending_bar
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money
from frontend.i18n import money, month_name, today, tr
from frontend.kit import (
    GAP,
    AllOf,
    Screen,
    Tile,
    body,
    caption,
    card,
    describe_error,
    empty_state,
    icon_badge,
    navigate,
    primary_button,
    quiet_button,
    scroll_body,
    section,
    state_of,
    tile_group,
    tonal_button,
)

TOP = 5


@ft.component
def Accounts() -> ft.Control:
    """Show everything at a glance."""
    month = today().replace(day=1).isoformat()
    ledger = use_ledger()
    overview = use_money(OverviewProvider, lambda one: one.show(month), [month])
    rates = use_money(RatesProvider, lambda one: one.load())
    has_depot = any(one["kind"] == "depot" for one in ledger.accounts)
    depots = use_money(DepotsWorthProvider, lambda one: one.look(wanted=has_depot), [has_depot])

    async def again() -> None:
        await ledger.load()
        await overview.load()
        await rates.load()
        await depots.load()

    def content() -> ft.Control:
        if not ledger.accounts:
            return scroll_body(Spaces(), _none_yet(), Ways(), spacing=GAP * 1.25)
        return scroll_body(
            Spaces(),
            _worth(overview, rates.worth, depots),
            _quick(),
            *_waiting(overview),
            section(
                tr("Accounts"),
                tile_group([_account_tile(one, depots.of_depot(one["id"])) for one in _ordered(ledger.accounts)]),
                action=quiet_button(tr("Add account"), lambda: navigate(f"{ROOT}/accounts/new"), icon=ft.Icons.ADD),
            ),
            *_spending(overview, ledger, month),
            Ways(),
            spacing=GAP * 1.25,
        )

    return Screen(tr("Money"), state_of(ledger, content, retry=again))


def _none_yet() -> ft.Control:
    return empty_state(
        ft.Icons.ACCOUNT_BALANCE_OUTLINED,
        tr("No account yet"),
        tr("Add an account, then bring in what the bank wrote down: Homie reads the statements that banks offer."),
        primary_button(tr("Add account"), lambda: navigate(f"{ROOT}/accounts/new"), icon=ft.Icons.ADD),
    )


def _worth(overview: OverviewProvider, own: OwnWorthOut | None, depots: DepotsWorthProvider) -> ft.Control:
    """Show what all accounts hold together: in the own currency, by which rates, and in each currency of its own."""
    currencies = {one["currency"] for one in overview.worth}
    if own is not None and own["points"] and currencies - {own["currency"]}:
        return _own_worth(overview, own, depots)
    figures = [
        ft.Text(money(one["worth_minor"], one["currency"]), theme_style=ft.TextThemeStyle.HEADLINE_MEDIUM)
        for one in sorted(overview.worth, key=lambda one: -abs(one["worth_minor"]))
    ]
    return card(
        caption(tr("All accounts together")),
        *figures,
        *_securities(depots.worth),
        *_not_known(overview, depots),
        padding=GAP,
    )


def _not_known(overview: OverviewProvider, depots: DepotsWorthProvider) -> list[ft.Control]:
    """Say that the sums are still asked for, or that they cannot be read: the accounts below may be all the same."""
    sums = AllOf(overview, depots)
    if sums.loaded:
        return []
    if sums.error is None or sums.state == "loading":
        return [] if overview.loaded else [body(tr("Not known yet"), muted=True), _under_way()]
    what, remedy = describe_error(sums.error)
    again = tonal_button(tr("Try again"), sums.load, icon=ft.Icons.REFRESH)
    return [body(f"{what} {remedy}".strip(), muted=True), ft.Row([again], wrap=True)]


def _under_way() -> ft.Control:
    return ft.ProgressBar(bar_height=2, semantics_label=tr("Loading"))


def _securities(depots: DepotsWorthOut | None) -> list[ft.Control]:
    """Say how much of it lies in depots."""
    if depots is None or not depots["items"]:
        return []
    return [caption(tr("{amount} of it in securities", amount=money(depots["total_minor"], depots["currency"])))]


def _own_worth(overview: OverviewProvider, own: OwnWorthOut, depots: DepotsWorthProvider) -> ft.Control:
    total = money(own["points"][-1]["worth_minor"], own["currency"])
    held = " + ".join(money(one["worth_minor"], one["currency"]) for one in overview.worth if one["worth_minor"])
    told = [f"{rate_text(one)} · {rate_day(one)}" for one in own["quotes"]]
    told += [
        tr("There is no rate of {currency}: what is held in it is not counted.", currency=one) for one in own["missing"]
    ]
    return card(
        caption(tr("All accounts together")),
        ft.Text(total, theme_style=ft.TextThemeStyle.HEADLINE_MEDIUM),
        caption(held, max_lines=3),
        *(caption(text, max_lines=2) for text in told),
        *_securities(depots.worth),
        *_not_known(overview, depots),
        padding=GAP,
    )


def _quick() -> ft.Control:
    return ft.Row(
        [
            primary_button(tr("Enter transaction"), lambda: navigate(f"{ROOT}/transactions/new"), icon=ft.Icons.ADD),
            tonal_button(
                tr("Import statement"), lambda: navigate(f"{ROOT}/import"), icon=ft.Icons.UPLOAD_FILE_OUTLINED
            ),
        ],
        wrap=True,
        spacing=8,
        run_spacing=8,
    )


def _waiting(overview: OverviewProvider) -> list[ft.Control]:
    """Lead to what wants an answer; nothing while nothing does."""
    tiles = []
    if overview.waiting:
        count = f"{overview.waiting}+" if overview.more_waiting else str(overview.waiting)
        tiles.append(
            Tile(
                tr("Bookings without a category: {count}", count=count),
                tr("Say what they were for; Homie learns from it"),
                ft.Icons.INBOX_OUTLINED,
                lambda: navigate(f"{ROOT}/inbox"),
                tone="accent",
            )
        )
    if overview.transfers:
        tiles.append(
            Tile(
                tr("Perhaps transfers between your accounts: {count}", count=overview.transfers),
                tr("They are neither spent nor earned"),
                ft.Icons.SWAP_HORIZ,
                lambda: navigate(f"{ROOT}/transfers"),
                tone="accent",
            )
        )
    return [tile_group(tiles)] if tiles else []


def _ordered(accounts: tuple[AccountOut, ...]) -> list[AccountOut]:
    return sorted(accounts, key=lambda one: one["closed_on"] is not None)


def _account_tile(account: AccountOut, securities_minor: int | None) -> Tile:
    """Show an account with what it holds; `securities_minor`: None where that is not known, of a depot."""
    return Tile(
        account["name"],
        last_booking(account),
        leading=icon_badge(kind_icon(account["kind"]), "neutral" if account["closed_on"] else "accent"),
        on_click=lambda: navigate(f"{ROOT}/accounts/{account['id']}"),
        trailing=held(account, securities_minor, ft.TextThemeStyle.TITLE_MEDIUM),
        key=account["id"],
    )


def _spending(overview: OverviewProvider, ledger: LedgerProvider, month: str) -> list[ft.Control]:
    """Show what most money of this month went to, in each currency."""
    found = spent_most(overview.sums, TOP)
    if not found:
        return []
    bars: list[ft.Control] = []
    for currency, rows in found.items():
        largest = rows[0]["spent_minor"]
        bars.extend(_bar(one, currency, largest, ledger, month) for one in rows)
    return [
        section(
            tr("Spent in {month}", month=month_name(month)),
            card(ft.Column(bars, spacing=0, tight=True), padding=4),
            action=quiet_button(tr("All months"), lambda: navigate(f"{ROOT}/reports")),
        )
    ]


def _bar(one: MonthSumOut, currency: str, largest: int, ledger: LedgerProvider, month: str) -> ft.Control:
    category = ledger.category(one["category_id"])
    name = category_title(category) if category is not None else tr("No category yet")
    chosen = f"&category={one['category_id']}" if one["category_id"] else "&category=none"
    return spending_bar(
        name,
        one["spent_minor"],
        currency,
        one["spent_minor"] / largest,
        lambda: navigate(f"{ROOT}/transactions?month={month}{chosen}"),
    )
