"""Codes that somebody was given: an invitation to a new account, or a new password from an administrator."""

from __future__ import annotations

from typing import cast
from urllib.parse import parse_qs, urlparse

import flet as ft

from frontend.api.errors import ApiError
from frontend.i18n import tr, tr_server
from frontend.kit import (
    Action,
    Form,
    TextInput,
    describe_error,
    navigate,
    notice,
    primary_button,
    quiet_button,
    toast,
    use_action,
    use_form,
    use_session,
)
from frontend.kit.actions import busy_text, field_errors
from frontend.screens.entrance.frame import EntranceFrame
from frontend.screens.new_password import NewPassword, strength, too_easy

CODE_REFUSED = ("invitation_invalid", "setup_code_wrong")


def code_of(route: str) -> str:
    """Return the code that a link carries: `/invite?code=...`, or nothing."""
    return next(iter(parse_qs(urlparse(route).query).get("code", ())), "")


@ft.component
def AcceptInvitation() -> ft.Control:
    """Make an account with an invitation: the code (often from the link), a name, a password."""
    session = use_session()
    form = use_form(code=code_of(ft.context.page.route))
    missing, set_missing = ft.use_state(cast("dict[str, str]", {}))

    async def work() -> None:
        await session.auth.accept_invitation(form["code"].strip(), form["name"].strip(), form["password"])
        navigate("/")

    join = use_action(work, quiet=True)

    async def submit() -> None:
        lacks = _lacks({name: form[name] for name in ("code", "name", "password")})
        set_missing(lambda _: lacks)
        if not lacks:
            await join()

    words = missing or _words(join)
    return EntranceFrame(
        tr("You are invited"),
        ft.AutofillGroup(
            ft.Column(
                [
                    _code_field(form, words.get("code"), tr("Invitation code")),
                    TextInput(
                        form,
                        "name",
                        tr("Your name"),
                        error=words.get("name"),
                        on_submit=submit,
                        autofill_hints=ft.AutofillHint.USERNAME,
                        prefix_icon=ft.Icons.PERSON_OUTLINE,
                    ),
                    NewPassword(form, "password", tr("Password"), error=words.get("password"), on_submit=submit),
                ],
                spacing=16,
                tight=True,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            )
        ),
        *_rest(words),
        explanation=tr("Somebody at home wants you in Homie. What you keep here is yours alone until you share it."),
        back=lambda: navigate("/"),
        footer=[
            primary_button(busy_text(join, tr("Come in")), submit, disabled=join.busy),
            quiet_button(tr("I have an account already"), lambda: navigate(f"/join?code={form['code'].strip()}")),
        ],
    )


@ft.component
def ResetPassword() -> ft.Control:
    """Set a new password with a code from an administrator."""
    session = use_session()
    form = use_form(code=code_of(ft.context.page.route))
    missing, set_missing = ft.use_state(cast("dict[str, str]", {}))

    async def work() -> None:
        await session.auth.reset_password(form["code"].strip(), form["password"])
        toast(tr("Your new password is set. Log in with it."))
        navigate("/")

    change = use_action(work, quiet=True)

    async def submit() -> None:
        lacks = _lacks({name: form[name] for name in ("code", "password")})
        set_missing(lambda _: lacks)
        if not lacks:
            await change()

    words = missing or _words(change)
    return EntranceFrame(
        tr("Set a new password"),
        _code_field(form, words.get("code"), tr("Code from your administrator")),
        NewPassword(form, "password", tr("New password"), error=words.get("password"), on_submit=submit),
        *_rest(words),
        explanation=tr("Ask whoever looks after Homie at home for a code: More, People, your name, New password code."),
        back=lambda: navigate("/"),
        footer=[primary_button(busy_text(change, tr("Set the password")), submit, disabled=change.busy)],
    )


def _code_field(form: Form, error: str | None, label: str) -> ft.Control:
    return TextInput(
        form,
        "code",
        label,
        error=error,
        autofill_hints=ft.AutofillHint.ONE_TIME_CODE,
        autocorrect=False,
        enable_suggestions=False,
        prefix_icon=ft.Icons.CONFIRMATION_NUMBER_OUTLINED,
    )


def _lacks(values: dict[str, str]) -> dict[str, str]:
    """Say what is missing, before the hub is asked."""
    found = {}
    if not values["code"].strip():
        found["code"] = tr("Type the code that you were given.")
    if "name" in values and not values["name"].strip():
        found["name"] = tr("Type your name.")
    if strength(values["password"]) == 0:
        found["password"] = too_easy()
    return found


def _words(action: Action) -> dict[str, str]:
    """Return the hub's words by field; "" holds what belongs to none."""
    error = action.error
    if error is None:
        return {}
    if isinstance(error, ApiError):
        if error.code in CODE_REFUSED:
            return {"code": tr_server(error.message)}
        if error.code == "name_taken":
            return {"name": tr_server(error.message)}
        if found := field_errors(action):
            return found
    return {"": " ".join(describe_error(error)).strip()}


def _rest(words: dict[str, str]) -> list[ft.Control]:
    return [notice(words[""], "bad", ft.Icons.ERROR_OUTLINE)] if words.get("") else []
