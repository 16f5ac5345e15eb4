"""One account: what it holds, what is known of it, its transactions, and what can be done with it."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import AccountOut, TransactionOut
from frontend.financial_manager.depots_worth_provider import DepotsWorthProvider
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.money_words import iban_text, kind_name, span_words
from frontend.financial_manager.places import ROOT
from frontend.financial_manager.screens.accounts.held import held
from frontend.financial_manager.screens.accounts.missing import account_missing
from frontend.financial_manager.screens.accounts.upcoming import Upcoming, is_paid_from
from frontend.financial_manager.screens.accounts.work import use_account_work
from frontend.financial_manager.screens.parts.rows_state import rows_state
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money
from frontend.financial_manager.screens.transactions.row import TransactionRow
from frontend.financial_manager.transactions_provider import TransactionsProvider
from frontend.i18n import calendar_day, money, tr
from frontend.kit import (
    GAP,
    AllOf,
    PagedList,
    Screen,
    caption,
    card,
    chip,
    heading,
    icon_action,
    keyed,
    navigate,
    notice,
    primary_button,
    state_of,
    tonal_button,
    use_provider,
)
from frontend.providers.paged import Paged


@ft.component
def Account() -> ft.Control:
    """Show the account that the address names."""
    account_id = ft.use_route_params()["account_id"]
    ledger = use_ledger()
    transactions = use_money(TransactionsProvider, lambda one: one.show_only(account_id=account_id), [account_id])
    use_money(LedgerProvider, lambda one: one.cover(account_id), [account_id])
    found = use_provider(transactions.found)
    account = ledger.account(account_id)
    depots = _use_depots(account)
    more = use_account_work(ledger, account)
    needed = (ledger, depots) if account is not None and account["kind"] == "depot" else (ledger,)

    def content() -> ft.Control:
        return _known(account, ledger, found, depots) if account is not None else account_missing()

    actions: list[ft.Control] = []
    if account is not None:
        actions = [
            icon_action(ft.Icons.EDIT_OUTLINED, tr("Change"), lambda: navigate(f"{ROOT}/accounts/{account_id}/edit")),
            icon_action(ft.Icons.MORE_VERT, tr("More for {name}", name=account["name"]), more),
        ]
    return Screen(
        account["name"] if account is not None else tr("Account"),
        state_of(AllOf(*needed), content, retry=AllOf(*needed, found).load),
        back=f"{ROOT}/accounts",
        actions=actions,
    )


def _use_depots(account: AccountOut | None) -> DepotsWorthProvider:
    """Return what depots are worth; asked for where the account is one."""
    is_depot = account is not None and account["kind"] == "depot"

    async def look(depots: DepotsWorthProvider) -> None:
        if is_depot:
            await depots.look(wanted=True)

    return use_money(DepotsWorthProvider, look, [is_depot])


def _known(
    account: AccountOut, ledger: LedgerProvider, found: Paged[TransactionOut], depots: DepotsWorthProvider
) -> ft.Control:
    """Show what is known of an account, then its transactions."""
    head = [_head(account, depots.of_depot(account["id"])), *_about(account, ledger), *_upcoming(account)]
    head += [heading(tr("Transactions")), *rows_state(found, tr("Nothing is booked on this account yet."))]
    return PagedList(
        found.items if found.loaded else (),
        TransactionRow,
        key_of=lambda one: str(one["id"]),
        more=found.load_more,
        has_more=found.has_more,
        before=head,
        arguments=(ledger, ledger.accounts, ledger.categories),
    )


def _upcoming(account: AccountOut) -> list[ft.Control]:
    return [keyed(Upcoming, f"upcoming-{account['id']}", account)] if is_paid_from(account) else []


def _head(account: AccountOut, securities_minor: int | None) -> ft.Control:
    """Show what it holds and is, and what can be done. `securities_minor`: see `held`."""
    told = [kind_name(account["kind"])]
    told += [text for text in (account["institution"], iban_text(account["iban"])) if text]
    card_parts: list[ft.Control] = [
        ft.Row([held(account, securities_minor, ft.TextThemeStyle.HEADLINE_MEDIUM)], spacing=12),
        *_securities(account, securities_minor),
        caption(" · ".join(told), max_lines=2),
    ]
    if account["closed_on"]:
        card_parts.append(ft.Row([chip(tr("Closed on {day}", day=calendar_day(account["closed_on"])))], tight=True))
        return card(*card_parts, padding=GAP)
    enter = f"{ROOT}/transactions/new?account={account['id']}"
    is_depot = account["kind"] == "depot"
    button = tonal_button if is_depot else primary_button
    buttons: list[ft.Control] = [
        button(tr("Enter transaction"), lambda: navigate(enter), icon=ft.Icons.ADD),
        tonal_button(
            tr("Import statement"),
            lambda: navigate(f"{ROOT}/import/{account['id']}"),
            icon=ft.Icons.UPLOAD_FILE_OUTLINED,
        ),
    ]
    if is_depot:
        place = f"{ROOT}/depots?depot={account['id']}"
        buttons.insert(0, primary_button(tr("Securities"), lambda: navigate(place), icon=ft.Icons.SHOW_CHART))
    ways = ft.Container(ft.Row(buttons, wrap=True, spacing=8, run_spacing=8), padding=ft.Padding.symmetric(vertical=8))
    return ft.Column(
        [card(*card_parts, padding=GAP), ways],
        spacing=GAP / 2,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _securities(account: AccountOut, minor: int | None) -> list[ft.Control]:
    """Say how much of a depot lies in its securities, where it holds money too."""
    if account["kind"] != "depot" or not minor or not account["balance_minor"]:
        return []
    return [caption(tr("{amount} of it in securities", amount=money(minor, account["currency"])))]


def _about(account: AccountOut, ledger: LedgerProvider) -> list[ft.Control]:
    """Say up to when it is reconciled, which days the statements cover, and where some may be missing."""
    said: list[ft.Control] = []
    if account["reconciled_through"]:
        day = calendar_day(account["reconciled_through"])
        said.append(
            notice(
                tr("Reconciled with the bank up to {day}; nothing before changes any more.", day=day),
                "neutral",
                ft.Icons.LOCK_OUTLINE,
            )
        )
    coverage = ledger.coverage if ledger.coverage_of == account["id"] else None
    if coverage is not None and coverage["spans"]:
        spans = ", ".join(span_words(one["first"], one["last"]) for one in coverage["spans"])
        said.append(caption(tr("Statements cover {days}.", days=spans), max_lines=4))
        said.extend(
            notice(
                tr("From {first} to {last} a statement may be missing.", first=calendar_day(one["first"]),
                   last=calendar_day(one["last"])),
                "warn",
                ft.Icons.EVENT_BUSY_OUTLINED,
            )
            for one in coverage["gaps"]
        )  # fmt: skip
    if account["note"]:
        said.append(caption(account["note"], max_lines=6))
    return said
