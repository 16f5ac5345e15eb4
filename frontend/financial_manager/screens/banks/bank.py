"""One connected bank: its state, its accounts, a fetch right now, the consent, and the end of it."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import BankAccountOut, BankConnectionOut
from frontend.financial_manager.bank_words import PROVIDERS, clock_words, fetched_words, last_fetch, state_words
from frontend.financial_manager.banks_provider import BanksProvider
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.money_words import kind_icon
from frontend.financial_manager.screens.banks.banks import what_is_sent
from frontend.financial_manager.screens.banks.fints import LogInAgain, Step
from frontend.financial_manager.screens.parts.gone import gone
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money
from frontend.i18n import money, tr, tr_server
from frontend.kit import (
    GAP,
    Screen,
    TextInput,
    Tile,
    body,
    caption,
    card,
    chip,
    choose_sheet,
    confirm,
    danger_button,
    field_errors,
    keyed,
    navigate,
    notice,
    primary_button,
    quiet_button,
    scroll_body,
    section,
    state_of,
    tile,
    toast,
    toggle,
    tonal_button,
    use_action,
    use_form,
)

ROOT = "/financial_manager"


@ft.component
def Bank() -> ft.Control:
    """Show one connection."""
    connection_id = ft.use_route_params()["connection_id"]
    ledger = use_ledger()
    found = use_money(BanksProvider, lambda one: one.load(), [connection_id])
    one = found.connection(connection_id)

    async def end() -> None:
        text = tr("Its access is forgotten; what was booked stays. It can be connected again.")
        if await confirm(tr("Disconnect this bank?"), text, tr("Disconnect"), danger=True):
            await found.disconnect(connection_id)
            navigate(f"{ROOT}/banks")
            toast(tr("The bank is disconnected."))

    fetch = use_action(lambda: found.fetch_now(connection_id))
    renew = use_action(lambda: found.renew(connection_id))
    disconnect = use_action(end)

    def content() -> ft.Control:
        if one is None:
            return gone(ft.Icons.LINK_OFF, tr("This bank is not connected."), f"{ROOT}/banks", "")
        ready = one["state"] in ("ready", "failed") and bool(one["accounts"] or one["provider"] != "fints")
        ways: list[ft.Control] = []
        if ready:
            ways.append(primary_button(tr("Fetch now"), fetch, icon=ft.Icons.SYNC))
        if one["provider"] == "enable_banking" and one["state"] != "new":
            ways.append(tonal_button(tr("Give consent again"), renew, icon=ft.Icons.HOW_TO_REG_OUTLINED))
        elif one["state"] == "needs_you" and one["provider"] != "fints":
            ways.append(primary_button(tr("Connect a bank"), lambda: navigate(f"{ROOT}/banks/connect")))
        rows: list[ft.Control] = [_head(one), *([ft.Row(ways, wrap=True)] if ways else []), *_clock(one, found)]
        url = (found.consent_url or {}).get(connection_id)
        step = one.get("step")
        if step:
            rows.append(keyed(Step, step["id"], found, one, step))
        elif one["provider"] == "fints" and (one["state"] != "ready"):
            rows.append(LogInAgain(found, one))
        if url or (one["state"] == "new" and one["provider"] != "fints"):
            rows.append(Consent(found, connection_id, url or ""))
        accounts = [keyed(RemoteAccount, account["id"], account, found, ledger) for account in one["accounts"]]
        if accounts:
            rows.append(section(tr("Its accounts"), *accounts, *_fetched(found, one)))
        rows.append(section(tr("What is sent where"), card(body(what_is_sent(one["provider"])))))
        rows.append(ft.Row([danger_button(tr("Disconnect"), disconnect)]))
        return scroll_body(*rows, spacing=GAP)

    return Screen(one["title"] if one else tr("Bank"), state_of(found, content), back=f"{ROOT}/banks")


def _clock(one: BankConnectionOut, found: BanksProvider) -> list[ft.Control]:
    """Return the switch of the clock, where somebody has said yes to the bank already."""
    return [] if one["state"] == "new" else [keyed(ClockSwitch, f"clock {one['clock']}", one, found)]


@ft.component
def ClockSwitch(one: BankConnectionOut, found: BanksProvider) -> ft.Control:
    """Have the bank asked every morning, or only by the button; where that cannot be, say why."""

    async def turn(on: bool) -> None:
        await found.set_clock(one["id"], on)

    turned = use_action(turn)
    if not one["unattended"]:
        return card(caption(clock_words(one), max_lines=4))
    return card(
        toggle(tr("Fetch every morning"), one["clock"], lambda on: turned(None, on), about=clock_words(one)), padding=4
    )


def _head(one: BankConnectionOut) -> ft.Control:
    words, tone = state_words(one)
    texts: list[ft.Control] = [
        ft.Row([chip(words, tone)], tight=True),
        caption(f"{PROVIDERS[one['provider']]} · {last_fetch(one)}", max_lines=3),
    ]
    if one["problem"]:
        texts.append(notice(tr_server(one["problem"]), "bad" if one["state"] == "needs_you" else "warn"))
    return card(ft.Column(texts, spacing=8, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH))


def _fetched(found: BanksProvider, one: BankConnectionOut) -> list[ft.Control]:
    """Say what the last fetch did in each account."""
    accounts = {account["id"]: account for account in one["accounts"]}
    rows: list[ft.Control] = []
    for done in (found.fetched or {}).get(one["id"], ()):
        account = accounts.get(done["bank_account_id"])
        if account is not None:
            text = f"{account['name'] or account['iban']}: {fetched_words(done, account['currency'])}"
            rows.append(notice(text, "good" if not done["difference_minor"] else "warn"))
    return rows


@ft.component
def RemoteAccount(account: BankAccountOut, found: BanksProvider, ledger: LedgerProvider) -> ft.Control:
    """Show an account of the bank, and into which of one's own it is booked."""
    linked = ledger.account(account["account_id"])

    async def choose() -> None:
        options = [
            (
                one["id"],
                Tile(one["name"], one["iban"], kind_icon(one["kind"]), selected=one["id"] == account["account_id"]),
            )
            for one in ledger.open_accounts
            if one["currency"] == account["currency"]
        ]
        more = [
            ("new", Tile(tr("Open a new account for it"), "", ft.Icons.ADD)),
            ("none", Tile(tr("Book it into none"), "", ft.Icons.BLOCK)),
        ]
        chosen = await choose_sheet(tr("Into which account is it booked?"), [*options, *more])
        if chosen == "new":
            await found.open_account(account)
            await ledger.load()
        elif chosen is not None:
            await found.link(account, None if chosen == "none" else chosen)

    held = money(account["balance_minor"], account["currency"]) if account["balance_minor"] is not None else ""
    where = (
        tr("Booked into {account}", account=linked["name"]) if linked else tr("Not booked yet: touch to choose where")
    )
    texts = " · ".join(text for text in (account["iban"], held, where) if text)
    return card(
        tile(
            Tile(
                account["name"] or account["iban"] or account["currency"],
                texts,
                ft.Icons.CREDIT_CARD,
                use_action(choose),
            )
        ),
        padding=4,
    )


@ft.component
def Consent(found: BanksProvider, connection_id: str, url: str) -> ft.Control:
    """Lead to the bank's page, and take the address to which the bank led after the yes."""
    form = use_form()

    async def done() -> None:
        await found.finish(connection_id, form["address"].strip())
        toast(tr("The bank is connected."))

    action = use_action(done)
    again = use_action(lambda: found.renew(connection_id))

    async def go() -> None:
        await ft.UrlLauncher().launch_url(url, web_only_window_name="_blank")

    return section(
        tr("Your yes at the bank"),
        body(
            tr(
                "Open the bank's page and agree there. At its end the browser shows an address, perhaps of a page that "
                "does not load: copy it whole, and put it in here."
            )
        ),
        ft.Row(
            [
                tonal_button(tr("Open the bank's page"), use_action(go), icon=ft.Icons.OPEN_IN_NEW)
                if url
                else quiet_button(tr("Begin again"), again)
            ],
            wrap=True,
        ),
        TextInput(
            form, "address", tr("Address that the bank led to"), password=True,
            error=field_errors(action).get("address"),
        ),
        ft.Row([primary_button(tr("Done"), action)], alignment=ft.MainAxisAlignment.END),
    )  # fmt: skip
