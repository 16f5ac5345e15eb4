"""Connect a bank: by a setup token of SimpleFIN, by one's own application of Enable Banking, or by FinTS."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import BankOut
from frontend.financial_manager.banks_provider import BanksProvider
from frontend.financial_manager.screens.banks.banks import what_is_sent
from frontend.financial_manager.screens.banks.fints import Fints
from frontend.financial_manager.screens.parts.use_money import use_money
from frontend.i18n import tr
from frontend.kit import (
    GAP,
    Screen,
    TextInput,
    Tile,
    body,
    card,
    choice,
    field_errors,
    filter_chips,
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
    tonal_button,
    use_action,
    use_form,
)

ROOT = "/financial_manager"
COUNTRIES = ("AT", "DE", "BE", "CZ", "DK", "EE", "ES", "FI", "FR", "GB", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "NL")
MOST_SHOWN = 30


@ft.component
def BankConnect() -> ft.Control:
    """Let one of the ways be chosen."""
    found = use_money(BanksProvider, lambda one: one.load())
    way, set_way = ft.use_state("simplefin")

    def content() -> ft.Control:
        ways = [("simplefin", "SimpleFIN"), ("enable_banking", "Enable Banking"), ("fints", "FinTS")]
        shown = {"simplefin": SimpleFin, "enable_banking": EnableBanking, "fints": Fints}[way]
        return scroll_body(
            filter_chips(way, ways, set_way),
            keyed(shown, way, found),
            section(tr("What is sent where"), card(body(what_is_sent(way)))),
            spacing=GAP,
        )

    return Screen(tr("Connect a bank"), state_of(found, content), back=f"{ROOT}/banks")


@ft.component
def SimpleFin(found: BanksProvider) -> ft.Control:
    """Ask for the setup token."""
    form = use_form()

    async def connect() -> None:
        made = await found.connect_simplefin(form["setup_token"].strip())
        toast(tr("The bank is connected."))
        navigate(f"{ROOT}/banks/{made}")

    action = use_action(connect)
    return ft.Column(
        [
            body(tr("Make a setup token at your SimpleFIN bridge and put it in here. It works once.")),
            TextInput(
                form, "setup_token", tr("Setup token"), password=True, error=field_errors(action).get("setup_token")
            ),
            ft.Row([primary_button(tr("Connect"), action)], alignment=ft.MainAxisAlignment.END),
        ],
        spacing=GAP,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@ft.component
def EnableBanking(found: BanksProvider) -> ft.Control:
    """Ask for the application first, then for the bank."""
    if found.application_id is None:
        return Application(found)
    return ChooseBank(found)


@ft.component
def Application(found: BanksProvider) -> ft.Control:
    """Ask for the application and its key."""
    form = use_form()

    async def keep() -> None:
        await found.put_key(form["application"].strip(), form["private_key"].strip())
        toast(tr("The application is known."))

    action = use_action(keep)
    errors = field_errors(action)
    return ft.Column(
        [
            body(
                tr(
                    "Register an application of your own at Enable Banking; its terms are theirs. Put in its id and "
                    "the .pem file that came with it."
                )
            ),
            TextInput(
                form, "application", tr("Application id"), error=errors.get("application"), max_length=80, counter=""
            ),
            TextInput(
                form, "private_key", tr("Content of the .pem file"), password=True, error=errors.get("private_key")
            ),
            ft.Row([primary_button(tr("Keep"), action)], alignment=ft.MainAxisAlignment.END),
        ],
        spacing=GAP,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@ft.component
def ChooseBank(found: BanksProvider) -> ft.Control:
    """Let country, bank, and the address of the way back be chosen."""
    country, set_country = ft.use_state("AT")
    words, set_words = ft.use_state("")
    form = use_form()
    find = use_action(lambda: found.find(country))
    forget = use_action(found.drop_key)

    async def typed(text: str) -> None:
        set_words(text.strip().casefold())

    shown = [one for one in found.banks if words in one["name"].casefold()][:MOST_SHOWN]
    redirects = list(found.application["redirects"]) if found.application is not None else []
    rows: list[ft.Control] = [
        ft.Container(height=0),
        choice(tr("Country of the bank"), country, [(one, one) for one in COUNTRIES], set_country),
        ft.Row([tonal_button(tr("Show its banks"), find), quiet_button(tr("Another application"), forget)], wrap=True),
    ]
    if found.banks and not redirects:
        rows.append(
            notice(tr("Your application has no address for the way back yet. Enter one at Enable Banking."), "warn")
        )
    elif found.banks:
        rows.append(TextInput(form, "words", tr("Search"), on_change=typed))
        lines = [keyed(BankLine, f"{one['country']} {one['name']}", one, found, redirects[0]) for one in shown]
        rows.append(card(ft.Column(lines, spacing=0, tight=True), padding=4))
    return ft.Column(rows, spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


@ft.component
def BankLine(one: BankOut, found: BanksProvider, redirect: str) -> ft.Control:
    """Show a bank; a touch begins to connect it."""

    async def begin() -> None:
        made = await found.begin(one, redirect)
        navigate(f"{ROOT}/banks/{made}")

    return tile(Tile(one["name"], "", ft.Icons.ACCOUNT_BALANCE_OUTLINED, use_action(begin)))
