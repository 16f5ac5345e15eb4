"""The second factor: scan a code with an authenticator app, prove it once, keep the recovery codes."""

from __future__ import annotations

import io

import flet as ft
import segno

from frontend.i18n import tr, trn
from frontend.kit import (
    GAP,
    Screen,
    TextInput,
    body,
    caption,
    card,
    chip,
    confirm,
    danger_button,
    heading,
    keyed,
    notice,
    primary_button,
    quiet_button,
    scroll_body,
    state_of,
    toast,
    tonal_button,
    use_action,
    use_form,
    use_mount,
    use_provider,
    use_session,
)
from frontend.kit.actions import busy_text
from frontend.kit.errors import describe_error
from frontend.kit.texts import title
from frontend.providers.security_provider import SecurityProvider
from frontend.screens.copying import copy_button, copy_text, save_text_button
from frontend.screens.reauthenticate import with_sudo


def qr_picture(text: str, name: str, size: int = 224) -> ft.Control:
    """Draw a code to scan, dark on white with its quiet border, whatever the app's colours."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", border=4, xmldecl=False, svgns=True)
    return ft.Semantics(
        label=name,
        image=True,
        content=ft.Container(
            ft.Image(src=out.getvalue().decode(), width=size, height=size),
            bgcolor=ft.Colors.WHITE,
            border_radius=12,
            padding=8,
        ),
    )


@ft.component
def SecondFactorSettings() -> ft.Control:
    """Show whether it is on, or the step of turning it on that is next."""
    session = use_session()
    security = use_provider(session.security)
    use_mount(security.load)

    def content() -> ft.Control:
        if security.recovery_codes:
            return keyed(RecoveryCodes, "codes")
        if security.enrolment is not None:
            return keyed(Enrolment, "enrolment")
        if security.second_factor is not None and security.second_factor["on"]:
            return keyed(FactorOn, "on")
        return keyed(FactorOff, "off")

    return Screen(tr("Second factor"), state_of(security, content), back="/account")


@ft.component
def FactorOff() -> ft.Control:
    """Explain what it is good for, and begin."""
    session = use_session()
    begin = use_action(lambda: with_sudo(session, session.security.begin_second_factor))
    return scroll_body(
        card(
            ft.Row([chip(tr("Off"), "neutral")], tight=True),
            title(tr("Besides your password, Homie asks for a code from your phone.")),
            body(
                tr(
                    "Whoever learns your password still cannot get in. You need an authenticator app, for example "
                    "Aegis, 2FAS or the one in your password manager. It works without internet."
                ),
                muted=True,
            ),
        ),
        primary_button(busy_text(begin, tr("Turn it on")), begin),
    )


@ft.component
def Enrolment() -> ft.Control:
    """Show the code to scan, and ask for the first six digits."""
    session = use_session()
    security = use_provider(session.security)
    form = use_form()
    confirm_code = use_action(
        lambda: with_sudo(session, lambda: security.confirm_second_factor(form["code"].replace(" ", ""))), quiet=True
    )

    async def submit() -> None:
        if form["code"].strip():
            await confirm_code()

    async def typed(code: str) -> None:
        if len(code.replace(" ", "")) == 6:
            await submit()

    secret = security.enrolment["secret"] if security.enrolment else ""
    uri = security.enrolment["uri"] if security.enrolment else ""
    error = confirm_code.error
    return scroll_body(
        _step(1, tr("Scan this code with your authenticator app")),
        card(
            ft.Column(
                [
                    qr_picture(uri, tr("Code for your authenticator app")),
                    caption(tr("If it cannot be scanned, type this key:"), text_align=ft.TextAlign.CENTER),
                    ft.Row(
                        [
                            ft.Text(
                                _in_groups(secret), theme_style=ft.TextThemeStyle.BODY_LARGE, font_family="monospace"
                            ),
                            copy_button(secret, tr("Copy the key")),
                        ],
                        wrap=True,
                        alignment=ft.MainAxisAlignment.CENTER,
                        vertical_alignment=ft.CrossAxisAlignment.CENTER,
                    ),
                ],
                horizontal_alignment=ft.CrossAxisAlignment.CENTER,
                spacing=12,
            )
        ),
        _step(2, tr("Type the six digits that it shows")),
        TextInput(
            form,
            "code",
            tr("Six-digit code"),
            error=describe_error(error)[0] if error is not None else None,
            on_submit=submit,
            on_change=typed,
            autofill_hints=ft.AutofillHint.ONE_TIME_CODE,
            keyboard_type=ft.KeyboardType.NUMBER,
            prefix_icon=ft.Icons.PIN_OUTLINED,
        ),
        primary_button(busy_text(confirm_code, tr("Confirm")), submit, disabled=confirm_code.busy),
        quiet_button(tr("Not now"), security.cancel_enrolment),
    )


@ft.component
def RecoveryCodes() -> ft.Control:
    """Show the recovery codes, this once."""
    session = use_session()
    security = use_provider(session.security)
    codes = security.recovery_codes
    text = "\n".join(codes)

    async def copy() -> None:
        await copy_text(text)

    return scroll_body(
        notice(
            tr("Keep these codes where you keep important papers. They are shown only now."),
            "warn",
            ft.Icons.KEY_OUTLINED,
        ),
        body(tr("If your phone is lost, each of them lets you in once instead of the six digits."), muted=True),
        card(
            ft.ResponsiveRow(
                [
                    ft.Container(
                        ft.Text(code, theme_style=ft.TextThemeStyle.BODY_LARGE, font_family="monospace"),
                        col={"xs": 12, "sm": 6},
                    )
                    for code in codes
                ],
                run_spacing=8,
            )
        ),
        ft.Row(
            [
                tonal_button(tr("Copy"), copy, icon=ft.Icons.COPY_OUTLINED, about=tr("the recovery codes")),
                save_text_button(tr("Save as a file"), "homie-recovery-codes.txt", text),
            ],
            wrap=True,
        ),
        primary_button(tr("I have kept them"), security.forget_codes),
    )


@ft.component
def FactorOn() -> ft.Control:
    """Show that it is on, how many recovery codes are left, and how to change that."""
    session = use_session()
    security: SecurityProvider = use_provider(session.security)
    left = security.second_factor["recovery_codes_left"] if security.second_factor else 0

    async def renew_codes() -> None:
        if await confirm(
            tr("Make new recovery codes?"), tr("The old ones stop working at once."), tr("Make new codes")
        ):
            await with_sudo(session, security.renew_recovery_codes)

    async def turn_off() -> None:
        if await confirm(
            tr("Turn the second factor off?"),
            tr("From then on your password alone opens your account. The recovery codes stop working too."),
            tr("Turn it off"),
            danger=True,
        ):
            await with_sudo(session, security.turn_second_factor_off)
            toast(tr("The second factor is off."))

    renew, off = use_action(renew_codes), use_action(turn_off)
    few = left < 3
    return scroll_body(
        card(
            ft.Row([chip(tr("On"), "good", ft.Icons.CHECK)], tight=True),
            title(tr("Your account asks for a code from your phone.")),
            body(trn("One recovery code is left.", "{n} recovery codes are left.", left), muted=True),
        ),
        *(
            [notice(tr("Only few recovery codes are left. Make new ones."), "warn", ft.Icons.KEY_OUTLINED)]
            if few
            else []
        ),
        ft.Container(heading(tr("Change it")), padding=ft.Padding.only(top=GAP / 2)),
        ft.Row(
            [
                tonal_button(tr("New recovery codes"), renew, icon=ft.Icons.REFRESH),
                danger_button(tr("Turn it off"), off),
            ],
            wrap=True,
        ),
    )


def _step(number: int, text: str) -> ft.Control:
    """Write what to do, with its number in a circle."""
    circle = ft.Container(
        ft.Text(str(number), theme_style=ft.TextThemeStyle.LABEL_LARGE, color=ft.Colors.ON_PRIMARY_CONTAINER),
        width=28,
        height=28,
        border_radius=14,
        bgcolor=ft.Colors.PRIMARY_CONTAINER,
        alignment=ft.Alignment.CENTER,
    )
    return ft.Row([circle, ft.Container(title(text), expand=True)], spacing=12)


def _in_groups(secret: str) -> str:
    """Write a long key in groups of four, as people can type it."""
    return " ".join(secret[index : index + 4] for index in range(0, len(secret), 4))
