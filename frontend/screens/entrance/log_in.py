"""Log in: name and password, then a code if the person asked for a second factor."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import flet as ft

from frontend.api.errors import ApiError
from frontend.i18n import tr, trn
from frontend.kit import (
    Action,
    TextInput,
    describe_error,
    navigate,
    notice,
    primary_button,
    quiet_button,
    use_action,
    use_form,
    use_provider,
    use_session,
)
from frontend.kit.actions import busy_text
from frontend.screens.entrance.frame import EntranceFrame
from frontend.screens.entrance.server_address import ServerLine


@ft.component
def LogIn() -> ft.Control:
    """Ask for name and password."""
    session = use_session()
    auth = use_provider(session.auth)
    form = use_form()
    missing, set_missing = ft.use_state("")

    async def work() -> None:
        await auth.login(form["name"].strip(), form["password"])

    log_in = use_action(work, quiet=True)

    async def submit() -> None:
        lacks = "name" if not form["name"].strip() else "password" if not form["password"] else ""
        set_missing(lacks)
        if not lacks and not auth.seconds_locked():
            await log_in()

    return EntranceFrame(
        tr("Welcome home"),
        *_why_logged_out(auth.ended_because),
        ft.AutofillGroup(
            ft.Column(
                [
                    TextInput(
                        form,
                        "name",
                        tr("Name"),
                        error=tr("Type your name.") if missing == "name" else None,
                        on_submit=submit,
                        autofocus=True,
                        autofill_hints=ft.AutofillHint.USERNAME,
                        autocorrect=False,
                        prefix_icon=ft.Icons.PERSON_OUTLINE,
                    ),
                    TextInput(
                        form,
                        "password",
                        tr("Password"),
                        error=tr("Type your password.") if missing == "password" else None,
                        on_submit=submit,
                        password=True,
                        autofill_hints=ft.AutofillHint.PASSWORD,
                        prefix_icon=ft.Icons.LOCK_OUTLINE,
                    ),
                ],
                spacing=16,
                tight=True,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            )
        ),
        *_refusal(log_in, auth.seconds_locked() > 0),
        explanation=tr("Log in to see what is yours."),
        footer=[
            LockedButton(tr("Log in"), submit, log_in),
            ft.Column(
                [
                    quiet_button(tr("I have an invitation"), lambda: navigate("/invite")),
                    quiet_button(tr("I forgot my password"), lambda: navigate("/new-password")),
                    ServerLine(),
                ],
                spacing=0,
                tight=True,
                horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            ),
        ],
    )


@ft.component
def SecondFactor() -> ft.Control:
    """Ask for the code of the authenticator app, or for one of the recovery codes."""
    session = use_session()
    auth = use_provider(session.auth)
    form = use_form()
    recovery, set_recovery = ft.use_state(False)

    async def work() -> None:
        await auth.submit_code(form["code"].replace(" ", ""))

    log_in = use_action(work, quiet=True)

    async def submit() -> None:
        if form["code"].strip() and not auth.seconds_locked():
            await log_in()

    async def typed(code: str) -> None:
        if not recovery and len(code.replace(" ", "")) == 6:
            await submit()

    wrong = isinstance(log_in.error, ApiError) and log_in.error.code in ("login_refused", "second_factor_wrong")
    locked = auth.seconds_locked() > 0
    return EntranceFrame(
        tr("One more proof"),
        TextInput(
            form,
            "code",
            tr("Recovery code") if recovery else tr("Six-digit code"),
            error=_wrong_code(recovery) if wrong and not locked else None,
            on_submit=submit,
            on_change=typed,
            autofocus=True,
            autofill_hints=ft.AutofillHint.ONE_TIME_CODE,
            keyboard_type=ft.KeyboardType.TEXT if recovery else ft.KeyboardType.NUMBER,
            autocorrect=False,
            prefix_icon=ft.Icons.PIN_OUTLINED,
            key="recovery" if recovery else "totp",
        ),
        *([] if wrong and not locked else _refusal(log_in, locked)),
        explanation=(
            tr("Type one of the recovery codes that you kept. Each works once.")
            if recovery
            else tr("Open your authenticator app and type the code that it shows for Homie.")
        ),
        back=auth.cancel_code,
        footer=[
            LockedButton(tr("Log in"), submit, log_in),
            quiet_button(
                tr("Use the authenticator app") if recovery else tr("Use a recovery code"),
                lambda: set_recovery(not recovery),
            ),
        ],
    )


def _wrong_code(recovery: bool) -> str:
    if recovery:
        return tr("This recovery code is not right, or was used already.")
    return tr("This code is not right any more. Type the one that is shown now.")


def _why_logged_out(because: str) -> list[ft.Control]:
    if because == "token_reused":
        text = tr("This login was used from two places, so it was ended to keep you safe. Please log in again.")
    elif because:
        text = tr("You were logged out. Please log in again.")
    else:
        return []
    return [notice(text, "accent", ft.Icons.LOGOUT)]


def _refusal(action: Action, locked: bool) -> list[ft.Control]:
    """Say why the last try failed; the time to wait stands on the button."""
    error = action.error
    if error is None or action.busy:
        return []
    if isinstance(error, ApiError) and error.code == "login_refused":
        text = tr("Name and password do not fit together. Look for capital letters, then try again.")
    elif isinstance(error, ApiError) and error.status == 429:
        text = tr("That was wrong several times. To keep guessers out, Homie waits a little before the next try.")
    else:
        text = " ".join(describe_error(error)).strip()
    return [ft.Semantics(live_region=True, content=notice(text, "bad", ft.Icons.ERROR_OUTLINE))]


@ft.component
def LockedButton(text: str, on_click: Callable[..., object], action: Action) -> ft.Control:
    """Show the button of a log-in, which counts the seconds down while the hub refuses to look at passwords."""
    session = use_session()
    auth = use_provider(session.auth)
    left, set_left = ft.use_state(auth.seconds_locked())

    async def count_down() -> None:
        while (seconds := auth.seconds_locked()) > 0:
            set_left(seconds)
            await asyncio.sleep(1)
        set_left(0)

    ft.use_effect(count_down, [auth.locked_until])
    if left > 0:
        return primary_button(trn("Wait one second", "Wait {n} seconds", left), on_click, disabled=True)
    return primary_button(busy_text(action, text), on_click, disabled=action.busy)
