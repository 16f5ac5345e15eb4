"""FinTS in the app: the household's product id, the login at a German bank, and the steps that a bank waits for."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable

import flet as ft

from frontend.api.generated.schemas import BankConnectionOut, BankStepOut, StepChoiceOut
from frontend.financial_manager.banks_provider import BanksProvider
from frontend.i18n import tr, tr_server
from frontend.kit import (
    GAP,
    TextInput,
    Tile,
    body,
    caption,
    card,
    field_errors,
    keyed,
    navigate,
    notice,
    primary_button,
    quiet_button,
    section,
    state_of,
    tile,
    toast,
    toggle,
    use_action,
    use_form,
    use_loading,
    use_mount,
)

ROOT = "/financial_manager"


def step_title(kind: str) -> str:
    """Return what a step of the bank asks for."""
    return {
        "pin": tr("Your PIN"), "mechanism": tr("How do you make TANs?"), "medium": tr("Which device makes the TAN?"),
        "tan": tr("The bank wants a TAN"), "approval": tr("Say yes in your bank's app"),
    }[kind]  # fmt: skip


@ft.component
def Fints(found: BanksProvider) -> ft.Control:
    """Say how FinTS is installed, ask for the product id, then for the login."""
    asking = use_loading()

    async def ask() -> None:
        await asking.loading(found.ask_fints)

    use_mount(ask)
    state = found.fints
    if state is None:
        return state_of(asking, lambda: body(tr("Please wait…")), retry=ask)
    if not state["installed"]:
        return notice(tr_server(state["remedy"]), "warn")
    return Product(found) if state["product"] is None else LogIn(found)


@ft.component
def Product(found: BanksProvider) -> ft.Control:
    """Ask for the product id."""
    form = use_form()

    async def keep() -> None:
        await found.put_product(form["product"].strip())
        toast(tr("The product id is kept."))

    action = use_action(keep)
    return ft.Column(
        [
            body(
                tr(
                    "German banks answer only programs with a product id. Your household registers its own, free of "
                    "charge, with the German banks (Deutsche Kreditwirtschaft, fints.org); it comes by e-mail after "
                    "some days."
                )
            ),
            TextInput(form, "product", tr("Product id"), error=field_errors(action).get("product"), max_length=25),
            ft.Row([primary_button(tr("Keep"), action)], alignment=ft.MainAxisAlignment.END),
        ],
        spacing=GAP,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@ft.component
def LogIn(found: BanksProvider) -> ft.Control:
    """Ask for bank code, address, user and PIN."""
    form = use_form()
    keep, set_keep = ft.use_state(False)

    async def connect() -> None:
        made = await found.connect_fints(
            {
                "bank_code": form["bank_code"].strip(),
                "address": form["address"].strip(),
                "user_name": form["user_name"].strip(),
                "customer": form["customer"].strip(),
                "pin": form["pin"],
                "keep_pin": keep,
            }
        )
        navigate(f"{ROOT}/banks/{made}")

    action, forget = use_action(connect), use_action(found.drop_product)
    errors = field_errors(action)
    return ft.Column(
        [
            body(tr("You find bank code and FinTS address on your bank's pages about FinTS or HBCI with PIN and TAN.")),
            TextInput(form, "bank_code", tr("Bank code (BLZ)"), error=errors.get("bank_code"), max_length=8),
            TextInput(form, "address", tr("FinTS address (https://…)"), error=errors.get("address")),
            TextInput(form, "user_name", tr("User name at the bank"), error=errors.get("user_name")),
            TextInput(form, "customer", tr("Customer id, only if you have one"), error=errors.get("customer")),
            TextInput(form, "pin", tr("PIN"), password=True, error=errors.get("pin")),
            card(toggle(tr("Keep the PIN"), keep, set_keep, about=tr("Encrypted on your hub; else asked each time.")),
                 padding=4),
            caption(tr("A wrong PIN is sent once only: banks lock a login after a few."), max_lines=3),
            ft.Row(
                [quiet_button(tr("Another product id"), forget), primary_button(tr("Connect"), action)],
                alignment=ft.MainAxisAlignment.END, wrap=True,
            ),
        ],
        spacing=GAP,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )  # fmt: skip


@ft.component
def Step(found: BanksProvider, one: BankConnectionOut, step: BankStepOut) -> ft.Control:
    """Show what the bank waits for, and take the answer, once."""
    form = use_form()

    async def send(said: str) -> None:
        done = await found.answer(one["id"], step["id"], said)
        waits = done.get("step")
        if waits and waits["kind"] == step["kind"] == "approval":
            toast(tr("The bank has not seen your yes yet."))
        elif not waits and one["state"] == "new":
            toast(tr("The bank is connected."))

    async def typed() -> None:
        await send(form["answer"])

    action = use_action(typed)
    said_yes = use_action(lambda: send(""))
    rows: list[ft.Control] = []
    if step["text"]:
        rows.append(notice(step["text"], "warn"))
    if step["picture"]:
        picture = base64.b64decode(step["picture"])
        shown = ft.Image(src=picture, width=240, height=240, semantics_label=tr("Picture for the TAN"))
        rows.append(ft.Row([shown], alignment=ft.MainAxisAlignment.CENTER))
    if step["choices"]:
        lines: list[ft.Control] = [keyed(StepChoice, choice["answer"], choice, send) for choice in step["choices"]]
        rows.append(card(ft.Column(lines, spacing=0, tight=True), padding=4))
    elif step["kind"] == "approval":
        rows.append(body(tr("Open your bank's app, say yes there, and come back.")))
        rows.append(ft.Row([primary_button(tr("I said yes"), said_yes)], alignment=ft.MainAxisAlignment.END))
    else:
        label = tr("PIN") if step["kind"] == "pin" else tr("TAN")
        rows.append(TextInput(form, "answer", label, password=step["kind"] == "pin",
                              error=field_errors(action).get("answer")))  # fmt: skip
        rows.append(ft.Row([primary_button(tr("Send"), action)], alignment=ft.MainAxisAlignment.END))
    return section(step_title(step["kind"]), *rows)


@ft.component
def StepChoice(one: StepChoiceOut, send: Callable[[str], Awaitable[None]]) -> ft.Control:
    """Show one of the answers that the bank offers."""
    return tile(Tile(one["name"], "", ft.Icons.KEY_OUTLINED, use_action(lambda: send(one["answer"]))))


@ft.component
def LogInAgain(found: BanksProvider, one: BankConnectionOut) -> ft.Control:
    """Ask for the PIN: the one way on after a refusal, or when a login was left."""
    form = use_form()
    keep, set_keep = ft.use_state(False)

    async def log_in() -> None:
        await found.log_in(one["id"], form["pin"], keep)

    action = use_action(log_in)
    return section(
        tr("Log in anew"),
        body(tr("Your PIN is sent once. If it was refused before, look at your bank's own page first.")),
        TextInput(form, "pin", tr("PIN"), password=True, error=field_errors(action).get("pin")),
        card(toggle(tr("Keep the PIN"), keep, set_keep, about=tr("Encrypted on your hub; else asked each time.")),
             padding=4),
        ft.Row([primary_button(tr("Log in"), action)], alignment=ft.MainAxisAlignment.END),
    )  # fmt: skip
