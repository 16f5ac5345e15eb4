"""Enter a trade: a purchase, a sale, a dividend, a split, a fee, a transfer, or what was held before."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import flet as ft

from frontend.api.generated.schemas import AccountOut
from frontend.financial_manager.depots_provider import DepotsProvider
from frontend.financial_manager.screens.parts.footer import footer
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money
from frontend.financial_manager.screens.securities.depots import depots_of
from frontend.financial_manager.screens.securities.trade_form import TradeFields, trade_body, trade_errors, trade_values
from frontend.financial_manager.trades_provider import TradesProvider
from frontend.i18n import tr
from frontend.kit import (
    Action,
    AllOf,
    Screen,
    empty_state,
    field_errors,
    keyed,
    navigate,
    notice,
    primary_button,
    scroll_body,
    state_of,
    toast,
    use_action,
    use_form,
)

ROOT = "/financial_manager"
_SHOWN = {"day", "security", "quantity", "amount", "rate", "new", "other", "acquired", "fees", "withheld", "surcharge",
          "foreign_withheld", "income", "note", "depot"}  # fmt: skip
_OURS = {"amount_minor": "amount", "fx_rate": "rate", "split_new": "new", "date": "day", "security_id": "security",
         "to_depot_id": "other", "depot_id": "depot", "from_depot_id": "depot"}  # fmt: skip
"""The hub's name of a field -> the form's, where they differ."""


@ft.component
def TradeNew() -> ft.Control:
    """Show the form as soon as depots and securities are known; the address may name them."""
    asked = parse_qs(urlsplit(ft.context.page.route or "").query)
    depot, security = (asked.get(name, [""])[0] for name in ("depot", "security"))
    ledger = use_ledger()
    depots = use_money(DepotsProvider, lambda one: one.show(""))
    accounts = [one for one in depots_of(ledger) if not one["closed_on"]]
    if ledger.loaded and depots.loaded and accounts:
        return keyed(_Entry, "entry", accounts, depots, depot, security)
    return Screen(tr("Enter trade"), state_of(AllOf(ledger, depots), _no_depot), back=f"{ROOT}/depots")


def _no_depot() -> ft.Control:
    return empty_state(
        ft.Icons.SHOW_CHART,
        tr("No depot yet"),
        tr("Add an account of the kind securities account; then enter what you bought."),
        primary_button(tr("Add account"), lambda: navigate(f"{ROOT}/accounts/new")),
    )


@ft.component
def _Entry(accounts: list[AccountOut], depots: DepotsProvider, depot: str, security: str) -> ft.Control:
    trades = use_money(TradesProvider, _nothing)
    first = next((one for one in accounts if one["id"] == depot), accounts[0])
    form = use_form(keep="trade", **trade_values(first, depots.security(security)))
    nothing: dict[str, str] = {}
    wrong, set_wrong = ft.use_state(nothing)
    back = f"{ROOT}/depots/{depot}/{security}" if depot and security else f"{ROOT}/depots"

    async def enter() -> None:
        chosen = next((one for one in accounts if one["id"] == form["depot"]), None)
        said = trade_errors(form, chosen)
        set_wrong(said)
        if said or chosen is None:
            return
        book = trades.transfer if form["kind"] == "transfer" else trades.enter
        made = await book(trade_body(form, chosen))
        form.sent()
        where = f"{ROOT}/trades/{made['id']}"
        toast(tr("The trade is booked."), action=tr("Show"), on_action=lambda: navigate(where))
        navigate(f"{ROOT}/depots/{made['depot_id']}/{made['security_id']}" if made["security_id"] else f"{ROOT}/depots")

    action = use_action(enter)
    errors = {**refused(action), **wrong}
    rest = unplaced(errors)
    return Screen(
        tr("Enter trade"),
        scroll_body(TradeFields(form, accounts, depots, errors), *rest),
        back=back,
        footer=footer(primary_button(tr("Save"), action)),
    )


def refused(action: Action) -> dict[str, str]:
    """Return the words of the hub by the form's fields."""
    return {_OURS.get(name, name.removesuffix("_minor")): text for name, text in field_errors(action).items()}


def unplaced(errors: dict[str, str]) -> list[ft.Control]:
    """Say what stands at no field."""
    return [notice(text, "bad") for name, text in errors.items() if name not in _SHOWN]


async def _nothing(_: TradesProvider) -> None:
    return None
