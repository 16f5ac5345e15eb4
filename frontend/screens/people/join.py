"""Join a space with a code, as somebody who has an account."""

from __future__ import annotations

import flet as ft

from frontend.api.errors import ApiError
from frontend.i18n import tr, tr_server
from frontend.kit import (
    Screen,
    TextInput,
    body,
    describe_error,
    navigate,
    primary_button,
    scroll_body,
    toast,
    use_action,
    use_form,
    use_session,
)
from frontend.kit.actions import busy_text
from frontend.screens.entrance.redeem import code_of


@ft.component
def Join() -> ft.Control:
    """Ask for the code, which a link may have brought."""
    session = use_session()
    form = use_form(code=code_of(ft.context.page.route))
    empty, set_empty = ft.use_state(False)

    async def work() -> None:
        space_id = await session.auth.join_space(form["code"].strip())
        await session.people.load()
        toast(tr("Welcome! You are in the space now."))
        navigate(f"/people/{space_id}")

    join = use_action(work, quiet=True)

    async def submit() -> None:
        set_empty(not form["code"].strip())
        if form["code"].strip():
            await join()

    return Screen(
        tr("Join a space"),
        scroll_body(
            body(tr("Somebody gave you a code for a space that they share with you. It works once."), muted=True),
            TextInput(
                form,
                "code",
                tr("Invitation code"),
                error=tr("Type the code that you were given.") if empty else _words(join.error),
                on_submit=submit,
                autofocus=True,
                autocorrect=False,
                enable_suggestions=False,
                prefix_icon=ft.Icons.CONFIRMATION_NUMBER_OUTLINED,
            ),
            primary_button(busy_text(join, tr("Join")), submit, disabled=join.busy),
        ),
        back="/people",
    )


def _words(error: BaseException | None) -> str | None:
    if error is None:
        return None
    if isinstance(error, ApiError) and error.code == "invitation_invalid":
        return tr_server(error.message)
    return " ".join(describe_error(error)).strip()
