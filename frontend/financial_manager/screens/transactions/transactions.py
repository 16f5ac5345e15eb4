"""All transactions: newest first, found by words, narrowed by account, category and time."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import flet as ft

from frontend.financial_manager.category_names import category_title
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.places import ROOT
from frontend.financial_manager.screens.filing.category_picker import pick_category
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money
from frontend.financial_manager.screens.transactions.row import TransactionRow
from frontend.financial_manager.transactions_provider import UNFILED, TransactionsProvider
from frontend.i18n import month_name, today, tr
from frontend.kit import (
    AllOf,
    PagedList,
    Screen,
    TextInput,
    Tile,
    choose_sheet,
    empty_state,
    icon_action,
    navigate,
    primary_button,
    state_of,
    use_action,
    use_form,
    use_provider,
)


@ft.component
def Transactions() -> ft.Control:
    """Show the list; what the address names is what it begins with."""
    asked = _asked(ft.context.page.route or "")
    ledger = use_ledger()
    transactions = use_money(TransactionsProvider, lambda one: one.show_only(**asked), [str(asked)])
    found = use_provider(transactions.found)
    form = use_form(search=asked.get("words", ""))

    async def typed(text: str) -> None:
        await transactions.narrow(words=text.strip())

    rows = state_of(
        AllOf(found, ledger),
        lambda: PagedList(
            found.items,
            TransactionRow,
            key_of=lambda one: str(one["id"]),
            more=found.load_more,
            has_more=found.has_more,
            arguments=(ledger, ledger.accounts, ledger.categories),
        ),
        is_empty=not found.items,
        empty=lambda: _nothing(transactions),
    )
    return Screen(
        tr("Transactions"),
        ft.Column(
            [
                TextInput(form, "search", tr("Search by words"), on_change=typed, prefix_icon=ft.Icons.SEARCH),
                Filters(transactions, ledger),
                ft.Container(rows, expand=True),
            ],
            expand=True,
            spacing=8,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        back=f"{ROOT}/accounts",
        actions=[icon_action(ft.Icons.ADD, tr("Enter transaction"), lambda: navigate(f"{ROOT}/transactions/new"))],
    )


def _nothing(transactions: TransactionsProvider) -> ft.Control:
    if transactions.is_narrowed:
        return empty_state(
            ft.Icons.SEARCH_OFF, tr("Nothing found"), tr("No transaction fits. Take a filter or a word away.")
        )
    return empty_state(
        ft.Icons.RECEIPT_LONG_OUTLINED,
        tr("No transactions yet"),
        tr("Import a statement of your bank, or enter what you paid in cash."),
        primary_button(tr("Import statement"), lambda: navigate(f"{ROOT}/import")),
    )


@ft.component
def Filters(transactions: TransactionsProvider, ledger: LedgerProvider) -> ft.Control:
    """Show what the list is narrowed to: account, category, time; each chip changes its own."""
    use_provider(transactions)
    account = ledger.account(transactions.account_id)
    category = ledger.category(transactions.category_id)

    async def choose_account() -> None:
        tiles = [("all", Tile(tr("All accounts"), selected=account is None))]
        tiles += [(one["id"], Tile(one["name"], selected=one is account)) for one in ledger.accounts]
        chosen = await choose_sheet(tr("Of which account?"), tiles)
        if chosen is not None:
            await transactions.narrow(account_id="" if chosen == "all" else chosen)

    async def choose_category() -> None:
        if transactions.category_id:
            await transactions.narrow(category_id="")
        elif (chosen := await pick_category(ledger, none=True)) is not None:
            await transactions.narrow(category_id=UNFILED if chosen == "none" else chosen)

    async def choose_time() -> None:
        spans = _spans()
        tiles = [(key, Tile(text, selected=(since, until) == (transactions.since, transactions.until)))
                 for key, (text, since, until) in spans.items()]  # fmt: skip
        chosen = await choose_sheet(tr("Of which time?"), tiles)
        if chosen is not None:
            _, since, until = spans[chosen]
            await transactions.narrow(since=since, until=until)

    async def everybody() -> None:
        await transactions.narrow(entered_by="")

    for_all = use_action(everybody)
    unfiled = transactions.category_id == UNFILED
    named = category_title(category) if category is not None else tr("No category yet") if unfiled else ""
    chips: list[ft.Control] = [
        _chip(account["name"] if account else tr("All accounts"), account is not None, use_action(choose_account)),
        _chip(named or tr("All categories"), bool(named), use_action(choose_category)),
        _chip(_time_words(transactions), bool(transactions.since or transactions.until), use_action(choose_time)),
    ]
    if transactions.entered_by:
        chips.insert(0, _chip(tr("Of one person"), True, for_all))
    return ft.Row(chips, scroll=ft.ScrollMode.HIDDEN, spacing=8)


def _chip(text: str, chosen: bool, press: object) -> ft.Control:
    chip = ft.Chip(
        label=ft.Row([ft.Text(text, max_lines=1), ft.Icon(ft.Icons.ARROW_DROP_DOWN, size=18)], tight=True, spacing=2),
        selected=chosen,
        show_checkmark=False,
        on_select=press,  # type: ignore[arg-type]
    )
    return ft.Row([chip], tight=True, height=48)


def _spans() -> dict[str, tuple[str, str, str]]:
    """Return key -> (name, since, until) of the times that are offered: the last months, years, everything."""
    now = today()
    found = {"all": (tr("Any time"), "", "")}
    first = now.replace(day=1)
    for number in range(6):
        found[f"month{number}"] = (month_name(first), first.isoformat(), _month_end(first).isoformat())
        first = (first - timedelta(days=1)).replace(day=1)
    for year in (now.year, now.year - 1):
        found[f"year{year}"] = (str(year), date(year, 1, 1).isoformat(), date(year, 12, 31).isoformat())
    return found


def _month_end(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _time_words(transactions: TransactionsProvider) -> str:
    since, until = transactions.since, transactions.until
    known = {(one[1], one[2]): one[0] for one in _spans().values()}
    if (since, until) in known:
        return known[since, until]
    if since and until and _month_end(date.fromisoformat(since)).isoformat() == until:
        return month_name(since)
    return tr("Some days")


def _asked(route: str) -> dict[str, str]:
    """Return what the address narrows the list to: `account`, `category` ("none": without one), `month` or `year`,
    `words`, and the `person` who entered them.
    """
    query = {name: values[0] for name, values in parse_qs(urlsplit(route).query).items()}
    found = {"account_id": query.get("account", ""), "category_id": query.get("category", "")}
    found["batch_id"] = query.get("import", "")
    found |= {"words": query.get("words", ""), "entered_by": query.get("person", "")}
    if (year := query.get("year", "")).isdecimal() and len(year) == 4:
        found |= {"since": f"{year}-01-01", "until": f"{year}-12-31"}
    if month := query.get("month"):
        try:
            first = date.fromisoformat(month).replace(day=1)
        except ValueError:
            return found
        found |= {"since": first.isoformat(), "until": _month_end(first).isoformat()}
    return found
