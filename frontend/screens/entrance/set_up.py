"""First start: the code from the server, who you are, what your home is called. Folders follow on `/welcome`."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.errors import ApiError
from frontend.i18n import LANGUAGES, current_language, tr, tr_server
from frontend.kit import (
    Action,
    Form,
    TextInput,
    choice,
    describe_error,
    keyed,
    navigate,
    notice,
    primary_button,
    use_action,
    use_form,
    use_session,
)
from frontend.kit.actions import busy_text, field_errors
from frontend.screens.entrance.frame import EntranceFrame
from frontend.screens.new_password import NewPassword, strength, too_easy

WELCOME = "/welcome"
STEPS = 5
"""Code, name, password, home, folders."""
_STEP_OF_FIELD = {"code": 0, "name": 1, "display_name": 1, "password": 2, "household": 3}  # nosec B105: a step


@ft.component
def SetUp() -> ft.Control:
    """Lead through the first start, one question per page; what was typed stays when one goes back."""
    session = use_session()
    form = use_form(household=tr("Our home"))
    at, go_to = ft.use_state(0)
    missing, set_missing = ft.use_state("")

    async def finish() -> None:
        navigate(WELCOME)  # where the app opens as soon as somebody is logged in
        language = current_language()
        try:
            await session.auth.set_up(
                form["code"].strip(), form["name"].strip(), form["password"], household=form["household"], folders=[]
            )
        except ApiError as refused:
            go_to(_step_of(refused))
            raise
        await session.preferences.change(language=language)

    create = use_action(finish, quiet=True)

    async def forward() -> None:
        problem = _missing(form, at)
        set_missing(problem)
        if problem:
            return
        if at < len(_PAGES) - 1:
            go_to(at + 1)
        else:
            await create()

    def backward() -> None:
        set_missing("")
        go_to(max(0, at - 1))

    return keyed(_PAGES[at], f"step-{at}", form, _errors(create, at, missing), forward, backward, create)


def _step_of(refused: ApiError) -> int:
    """Return the page on which a refusal can be mended; the last one for what is nobody's input."""
    if refused.code == "setup_code_wrong":
        return 0
    names = [path.rsplit(".", 1)[-1] for path in refused.fields]
    return min((_STEP_OF_FIELD[name] for name in names if name in _STEP_OF_FIELD), default=3)


def _missing(form: Form, at: int) -> str:
    """Say what a page still needs, before the hub is asked."""
    if at == 0 and not form["code"].strip():
        return tr("Type the code that your server shows.")
    if at == 1 and not form["name"].strip():
        return tr("Type your name.")
    if at == 2 and strength(form["password"]) == 0:
        return too_easy()
    if at == 3 and not form["household"].strip():
        return tr("Give your home a name.")
    return ""


def _errors(create: Action, at: int, missing: str) -> dict[str, str]:
    """Return the words beside each field of a page; "" holds what belongs to none."""
    field = ("code", "name", "password", "household")[at]
    if missing:
        return {field: missing}
    error = create.error
    if error is None or (isinstance(error, ApiError) and _step_of(error) != at):
        return {}
    found = field_errors(create)
    if not found and at == 0:
        return {"code": tr_server(error.message) if isinstance(error, ApiError) else ""}
    return found or {"": " ".join(describe_error(error)).strip()}


@ft.component
def _CodePage(form: Form, errors: dict[str, str], forward: Any, backward: Any, create: Action) -> ft.Control:
    return EntranceFrame(
        tr("Welcome to Homie"),
        TextInput(
            form,
            "code",
            tr("Set-up code"),
            error=errors.get("code"),
            on_submit=forward,
            autofocus=True,
            autofill_hints=ft.AutofillHint.ONE_TIME_CODE,
            prefix_icon=ft.Icons.KEY_OUTLINED,
            autocorrect=False,
            enable_suggestions=False,
        ),
        notice(
            tr("Homie wrote the code where it was started: in the terminal, or in the log of its container."),
            icon=ft.Icons.TERMINAL,
        ),
        explanation=tr("Nobody lives here yet. Your server shows a code; it proves that this home is yours."),
        step=(1, STEPS),
        footer=[primary_button(tr("Continue"), forward)],
    )


@ft.component
def _NamePage(form: Form, errors: dict[str, str], forward: Any, backward: Any, create: Action) -> ft.Control:
    return EntranceFrame(
        tr("What is your name?"),
        TextInput(
            form,
            "name",
            tr("Your name"),
            error=errors.get("name") or errors.get("display_name"),
            on_submit=forward,
            autofocus=True,
            autofill_hints=ft.AutofillHint.USERNAME,
            prefix_icon=ft.Icons.PERSON_OUTLINE,
        ),
        explanation=tr("You log in with it, and the others of your home see it."),
        step=(2, STEPS),
        back=backward,
        footer=[primary_button(tr("Continue"), forward)],
    )


@ft.component
def _PasswordPage(form: Form, errors: dict[str, str], forward: Any, backward: Any, create: Action) -> ft.Control:
    return EntranceFrame(
        tr("Choose a password"),
        ft.AutofillGroup(
            NewPassword(
                form, "password", tr("Password"), error=errors.get("password"), on_submit=forward, autofocus=True
            )
        ),
        explanation=tr("It keeps your files to yourself. Nobody can look it up, so write it down in a safe place."),
        step=(3, STEPS),
        back=backward,
        footer=[primary_button(tr("Continue"), forward)],
    )


@ft.component
def _HomePage(form: Form, errors: dict[str, str], forward: Any, backward: Any, create: Action) -> ft.Control:
    session = use_session()
    rest = [notice(errors[""], "bad", ft.Icons.ERROR_OUTLINE)] if "" in errors else []
    return EntranceFrame(
        tr("What is your home called?"),
        TextInput(
            form,
            "household",
            tr("Name of your home"),
            error=errors.get("household"),
            on_submit=forward,
            autofocus=True,
            prefix_icon=ft.Icons.HOME_OUTLINED,
        ),
        choice(tr("Language"), current_language(), list(LANGUAGES.items()), session.preferences.speak, expand=True),
        *rest,
        explanation=tr("What you share with the others of your home carries this name, for example “Maple Street 4”."),
        step=(4, STEPS),
        back=backward,
        footer=[primary_button(busy_text(create, tr("Make my home")), forward, disabled=create.busy)],
    )


_PAGES: tuple[Any, ...] = (_CodePage, _NamePage, _PasswordPage, _HomePage)


@ft.component
def SetUpBlocked() -> ft.Control:
    """Say that there are backups of an earlier Homie, and that nobody should start over them by accident."""
    session = use_session()
    again = use_action(session.auth.start)
    return EntranceFrame(
        tr("There was a Homie here before"),
        notice(
            tr("On the server, `homie restore` brings it back; `homie users setup-code --start-anew` begins from new."),
            icon=ft.Icons.TERMINAL,
        ),
        explanation=tr(
            "Homie found backups but no people. Probably its data was moved or lost, so it does not start over it."
        ),
        footer=[primary_button(tr("Try again"), again, icon=ft.Icons.REFRESH)],
    )
