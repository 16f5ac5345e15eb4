"""Change one's password."""

from __future__ import annotations

from typing import cast

import flet as ft

from frontend.api.errors import ApiError
from frontend.i18n import tr, trn
from frontend.kit import (
    Screen,
    TextInput,
    body,
    describe_error,
    navigate,
    notice,
    primary_button,
    scroll_body,
    toast,
    use_action,
    use_form,
    use_session,
)
from frontend.kit.actions import Action, busy_text, field_errors
from frontend.screens.new_password import NewPassword, strength, too_easy


@ft.component
def ChangePassword() -> ft.Control:
    """Ask for the present password and the new one."""
    session = use_session()
    form = use_form()
    missing, set_missing = ft.use_state(cast("dict[str, str]", {}))

    async def work() -> None:
        ended = await session.security.change_password(form["current"], form["new"])
        toast(
            trn(
                "Your password is changed. One other device was logged out.",
                "Your password is changed. {n} other devices were logged out.",
                ended,
            )
            if ended
            else tr("Your password is changed.")
        )
        navigate("/account")

    change = use_action(work, quiet=True)

    async def submit() -> None:
        lacks = {}
        if not form["current"]:
            lacks["current_password"] = tr("Type the password that you have now.")
        if strength(form["new"]) == 0:
            lacks["new_password"] = too_easy()
        set_missing(lambda _: lacks)
        if not lacks:
            await change()

    words = missing or _words(change)
    return Screen(
        tr("Change password"),
        scroll_body(
            body(tr("Your other devices are logged out, so that nobody stays in with the old password."), muted=True),
            ft.AutofillGroup(
                ft.Column(
                    [
                        TextInput(
                            form,
                            "current",
                            tr("Present password"),
                            error=words.get("current_password"),
                            on_submit=submit,
                            password=True,
                            autofill_hints=ft.AutofillHint.PASSWORD,
                            prefix_icon=ft.Icons.LOCK_OPEN_OUTLINED,
                        ),
                        NewPassword(form, "new", tr("New password"), error=words.get("new_password"), on_submit=submit),
                    ],
                    spacing=16,
                    tight=True,
                    horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                )
            ),
            *([notice(words[""], "bad", ft.Icons.ERROR_OUTLINE)] if words.get("") else []),
        ),
        back="/account",
        footer=ft.Row(
            [
                ft.Container(
                    primary_button(busy_text(change, tr("Change password")), submit, disabled=change.busy), expand=True
                )
            ]
        ),
    )


def _words(action: Action) -> dict[str, str]:
    """Return the hub's words by field; "" holds what belongs to none."""
    if action.error is None:
        return {}
    found = field_errors(action)
    if isinstance(action.error, ApiError) and action.error.code == "password_weak" and "password" in found:
        found["new_password"] = found.pop("password")
    if found.keys() & {"current_password", "new_password"}:
        return found
    return {"": " ".join(describe_error(action.error)).strip()}
