"""The password again, before something that matters: asked when the hub wants it, then the work goes on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import flet as ft

from frontend.api.errors import ApiError
from frontend.i18n import tr, tr_server, trn
from frontend.kit import Action, TextInput, body, describe_error, primary_button, quiet_button, use_action, use_form
from frontend.kit.actions import busy_text
from frontend.kit.dialogs import Asked
from frontend.kit.standalone import standalone
from frontend.kit.texts import heading
from frontend.providers.auth_provider import Cancelled

if TYPE_CHECKING:
    from frontend.providers.session import Session

T = TypeVar("T")


async def with_sudo(session: Session, work: Callable[[], Awaitable[T]]) -> T:
    """Do `work`; where the hub wants the password first, ask for it and do the work once more.

    Raises `Cancelled` when the person does not want to, or what `work` raises.
    """
    try:
        return await work()
    except ApiError as error:
        if not error.needs_sudo:
            raise
    if not await _ask(session):
        raise Cancelled()
    return await work()


async def _ask(session: Session) -> bool:
    """Show the question until the password fits (True) or the person gives up (False)."""
    asked = Asked(False)
    person = session.auth.person
    done: bool = await asked.show(
        ft.AlertDialog(
            title=heading(tr("Is it you?")),
            content=ft.Container(
                standalone(Question, session, bool(person and person["second_factor"]), asked.close), width=420
            ),
            on_dismiss=asked.dismissed,
            scrollable=True,
        )
    )
    return done


@ft.component
def Question(session: Session, second_factor: bool, close: Callable[[bool], None]) -> ft.Control:
    """Ask for the password, and for the code if the person has a second factor."""
    form = use_form()

    async def work() -> None:
        await session.auth.reauthenticate(form["password"], form["code"].replace(" ", "") or None)
        close(True)

    prove = use_action(work, quiet=True)

    async def submit() -> None:
        if form["password"] and not session.auth.seconds_locked():
            await prove()

    errors = _errors(prove)
    fields: list[ft.Control] = [
        TextInput(
            form,
            "password",
            tr("Password"),
            error=errors.get("password") or errors.get(""),
            on_submit=submit,
            password=True,
            autofocus=True,
            autofill_hints=ft.AutofillHint.PASSWORD,
        )
    ]
    if second_factor:
        fields.append(
            TextInput(
                form,
                "code",
                tr("Six-digit code"),
                error=errors.get("code"),
                on_submit=submit,
                autofill_hints=ft.AutofillHint.ONE_TIME_CODE,
                keyboard_type=ft.KeyboardType.NUMBER,
            )
        )
    return ft.Column(
        [
            body(tr("This matters, so Homie asks for your password once more. Then it leaves you alone for a while.")),
            *fields,
            ft.Row(
                [
                    quiet_button(tr("Cancel"), lambda: close(False)),
                    primary_button(busy_text(prove, tr("Continue")), submit, disabled=prove.busy),
                ],
                alignment=ft.MainAxisAlignment.END,
                wrap=True,
            ),
        ],
        spacing=16,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _errors(prove: Action) -> dict[str, str]:
    error = prove.error
    if error is None:
        return {}
    if isinstance(error, ApiError):
        if error.status == 429 and error.retry_after:
            return {
                "": trn("Too many tries. Wait one second.", "Too many tries. Wait {n} seconds.", int(error.retry_after))
            }
        found = {path.rsplit(".", 1)[-1]: tr_server(text) for path, text in error.fields.items()}
        if found:
            return found
    return {"": " ".join(describe_error(error)).strip()}
